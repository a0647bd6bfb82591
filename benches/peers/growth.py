"""How cost grows: one thing made larger step by step, all else as it was."""

import dataclasses

from measure import Rounds
from works import GROWING


@dataclasses.dataclass(frozen=True)
class Curve:
    """Files in which one thing grows: what it is, and each file by its size."""

    id: str
    title: str
    points: dict


@dataclasses.dataclass(frozen=True)
class Point:
    """What a step took: against the first, and in MiB."""

    label: str
    wall: object
    cpu: object
    peak: object


def curves(works):
    """The four, for works of this size."""
    base = works.shrunk(GROWING)
    rows, organisations = base.rows, base.organisations
    by_rows = {
        rows // 10: base.but(months=2, rows=rows // 10),
        rows: base,
        rows * 10: base.but(months=118, rows=rows * 10),
    }
    steps = (rows // 100, rows // 10, rows)
    by_organisations = {
        count: base.but(organisations=count, months=-(-rows // count)) for count in steps
    }
    share = {0: 0.0, 1: 1.0, 10: 10.0, 100: 100.0}
    return [
        Curve("rows", f"rows, with {organisations:,} organisations", by_rows),
        Curve("organisations", f"organisations, with {rows:,} rows", by_organisations),
        Curve("fields", "columns of figures", {9 * n: base.but(copies=n) for n in (1, 2, 4)}),
        Curve("faults", "rows with a fault, %", {n: base.but(faults=p) for n, p in share.items()}),
    ]


def measure(works, curve, measured, rounds):
    """The points of a curve."""
    names = {f"{step:,}": spec for step, spec in curve.points.items()}
    contenders = {name: works.aleysk(spec) for name, spec in names.items()}
    taken = Rounds(contenders, measured, rounds)
    first = next(iter(names))
    return [
        Point(
            name,
            taken.ratio(name, first),
            taken.ratio(name, first, "cpu"),
            taken.spread(name, "peak"),
        )
        for name in names
    ]
