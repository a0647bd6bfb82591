"""The slow oracle: a file read by Python's own `csv` module and added up exactly.

It knows nothing of the generator and shares no code with it, nor with aleysk.
"""

import collections
import csv
import functools
from fractions import Fraction

_ENCODINGS = {
    "utf-8": ("utf-8", ","),
    "windows-1251": ("cp1251", ";"),
    "utf-16": ("utf-16", "\t"),
}
_FIRST = 5
_NUMBERS = [
    "children-total",
    "children-enrolled",
    "children-waiting",
    "children-5-18",
    "children-in-dop",
    "teachers-total",
    "teachers-trained",
    "target-contracts",
]
_WITHIN = [(1, 0), (4, 3), (6, 5)]
_SHARES = {
    "access": ([1], [1, 2]),
    "dop-coverage": ([4], [3]),
    "teachers-trained": ([6], [5]),
}
_FLAGS = {"да": 1, "нет": 0}


def read(path, dialect):
    """Gives the accepted figures of every month, as `answers.Accepted`, and the faults by code."""
    encoding, separator = _ENCODINGS[dialect]
    with open(path, encoding=encoding, newline="") as file:
        rows = csv.reader(file, delimiter=separator)
        copies = (len(next(rows)) - _FIRST - 1) // (len(_NUMBERS) + 1)
        return _add_up(rows, copies)


def _add_up(rows, copies):
    faults = collections.Counter()
    seen = set()
    months = collections.defaultdict(collections.Counter)
    for row in rows:
        values = _values(row, copies, faults)
        report = row[0], row[2]
        if report in seen:
            faults["duplicate-report"] += 1
            continue
        seen.add(report)
        month = months[row[0]]
        month["organisations"] += any(value is not None for value in values)
        for index, value in enumerate(values):
            if value is not None:
                month[index] += value
        for share, (above, below) in _SHARES.items():
            parts = [values[index] for index in {*above, *below}]
            if None not in parts:
                month[share] += sum(values[index] for index in above)
                month[f"{share}/"] += sum(values[index] for index in below)
    return {period: _figures(month, copies) for period, month in months.items()}, dict(faults)


def _figures(month, copies):
    names = [*_NUMBERS, "has-parent-programme"]
    figures = {"organisations": month["organisations"]}
    for copy in range(copies):
        end = "" if copy == 0 else f"-{copy + 1}"
        for index, name in enumerate(names):
            figures[f"sum-{name}{end}"] = (month.get(copy * len(names) + index), None)
    for share in _SHARES:
        figures[share] = (month.get(share), month.get(f"{share}/"))
    return figures


def _values(row, copies, faults):
    """The accepted figures of a row."""
    region, kind = row[1], row[4]
    if not (len(region) == 2 and all(sign in "0123456789" for sign in region)):
        faults["out-of-range"] += 1
    if kind not in ("kindergarten", "school"):
        faults["out-of-range"] += 1
    values = []
    cells = iter(row[_FIRST:])
    for _ in range(copies):
        values += [_number(next(cells), faults) for _ in _NUMBERS]
        values.append(_flag(next(cells), faults))
    broken = set()
    for part, whole in _WITHIN:
        if None not in (values[part], values[whole]) and values[part] > values[whole]:
            faults["rule-broken"] += 1
            broken |= {part, whole}
    return [None if index in broken else value for index, value in enumerate(values)]


@functools.cache
def _fraction(text):
    return Fraction(text.replace(",", "."))


def _number(text, faults):
    if text in ("", "н/д"):
        faults["empty-required"] += 1
        return None
    try:
        value = int(text) if text.isascii() and text.isdigit() else _fraction(text)
    except ValueError:
        faults["not-a-number"] += 1
        return None
    if value < 0:
        faults["negative"] += 1
        return None
    return value


def _flag(text, faults):
    if text not in _FLAGS:
        faults["not-a-flag" if text else "empty-required"] += 1
    return _FLAGS.get(text)
