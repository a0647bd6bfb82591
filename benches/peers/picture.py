"""The curves as one small picture: time against size, both as multiples, on logarithmic axes."""

import math
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 300, 200
_LEFT, _TOP, _RIGHT, _BOTTOM = 46, 30, 14, 34


def draw(measured):
    """`measured` holds each curve with its points."""
    panels = "".join(
        f'<g transform="translate({index % 2 * _WIDTH},{index // 2 * _HEIGHT})">'
        f"{_panel(curve, points)}</g>"
        for index, (curve, points) in enumerate(measured)
    )
    width, height = 2 * _WIDTH, -(-len(measured) // 2) * _HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="11">'
        f'<rect width="100%" height="100%" fill="#fff"/>{panels}</svg>\n'
    )


def _panel(curve, points):
    walls = [point.wall.median for point in points]
    top = max(2.0, *walls)
    least = min(1.0, *walls)
    spots = [
        (_across(index, len(points)), _up(point.wall.median, least, top))
        for index, point in enumerate(points)
    ]
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in spots)
    marks = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="#1f5fa8"/>'
        f'<text x="{x:.0f}" y="{y - 7:.0f}" text-anchor="middle">×{point.wall.median:.2g}</text>'
        f'<text x="{x:.0f}" y="{_HEIGHT - _BOTTOM + 15}" text-anchor="middle">{point.label}</text>'
        for (x, y), point in zip(spots, points, strict=True)
    )
    base = _HEIGHT - _BOTTOM
    return (
        f'<text x="{_LEFT - 30}" y="14" font-weight="bold">time by {escape(curve.title)}</text>'
        f'<path d="M{_LEFT - 20},{base}H{_WIDTH - _RIGHT}" stroke="#999" fill="none"/>'
        f'<polyline points="{path}" fill="none" stroke="#1f5fa8" stroke-width="2"/>{marks}'
    )


def _across(index, count):
    """Steps are multiples of one another: equally far apart."""
    left, right = _LEFT + 10, _WIDTH - _RIGHT - 26
    return left + (right - left) * index / (count - 1)


def _up(value, least, top):
    share = math.log(value / least) / math.log(top / least)
    return _HEIGHT - _BOTTOM - 6 - share * (_HEIGHT - _BOTTOM - _TOP - 16)
