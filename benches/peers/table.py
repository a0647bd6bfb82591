"""What was measured, as Markdown."""

BEGIN = "<!-- peers: begin, written by benches/peers/run.py -->"
END = "<!-- peers: end -->"
_BAR = 24


def works(measured):
    """The table of ratios: `measured` holds each work with its rounds."""
    lines = [
        "| Work | What against what | Median | Spread | Goal | Stretch |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for work, rounds in measured:
        title = work.title
        for line in work.lines:
            spread = (
                rounds.ratio(line.over, line.under, line.of)
                if line.under
                else rounds.spread(line.over, line.of)
            )
            goal, stretch = _goal(line.goal, spread.median)
            lines.append(
                f"| {title} | {line.text} | {figure(spread.median)} "
                f"| {figure(spread.least)}–{figure(spread.most)} | {goal} | {stretch} |"
            )
            title = ""
    return "\n".join(lines) + "\n"


def _goal(goal, median):
    if goal is None:
        return "", ""
    sign = "≥" if goal.at_least else "≤"
    met = "" if goal.met(median) else ", **missed**"
    stretch = "" if goal.stretch is None else f"{sign} {goal.stretch:g}"
    return f"{sign} {goal.bound:g}{met}", stretch


def figure(value):
    """Three digits, or all of a whole number."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def took(measured):
    """What each took in seconds: for whoever wants to compare machines."""
    lines = [
        "| Work | Contender | Wall, s | Processor, s | Peak, MiB |",
        "|---|---|---:|---:|---:|",
    ]
    for work, rounds in measured:
        for name in work.contenders:
            cells = [rounds.spread(name, of).median for of in ("wall", "cpu", "peak")]
            wall, cpu = (f"{cell:.4f}" if cell < 0.1 else f"{cell:.2f}" for cell in cells[:2])
            lines.append(f"| {work.id} | {name} | {wall} | {cpu} | {cells[2]:.1f} |")
    return "\n".join(lines) + "\n"


def growth(curve, points):
    """A curve as a table with bars."""
    longest = max(point.wall.median for point in points)
    lines = [
        f"| {curve.title} | Time | Spread | Processor | Peak, MiB | |",
        "|---:|---:|---:|---:|---:|---|",
    ]
    for point in points:
        bar = "█" * max(1, round(_BAR * point.wall.median / longest))
        lines.append(
            f"| {point.label} | {figure(point.wall.median)} "
            f"| {figure(point.wall.least)}–{figure(point.wall.most)} "
            f"| {figure(point.cpu.median)} | {point.peak.median:.1f} | {bar} |"
        )
    return "\n".join(lines) + "\n"


def facts(pairs):
    """Names and versions."""
    return ", ".join(f"{name} {value}" for name, value in pairs.items())


def replace(text, block):
    """A README with another block between the marks; None: it has no marks."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        return None
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{block}{END}{after}"
