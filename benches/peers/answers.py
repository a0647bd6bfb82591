"""What a program says of a file, brought into one form, and held against the truth.

Two questions are asked. *Written*: rows and sums by month of what stands in the file, and how
often each fault; that is what a peer is timed with. *Accepted*: the figures of `aleysk check`,
which counts a repeated report once and leaves out what has a fault.
"""

import collections
import csv
import io
import json
from fractions import Fraction

from places import Failure

_FAULTS = [
    "empty-required",
    "not-a-number",
    "negative",
    "rule-broken",
    "not-a-flag",
    "out-of-range",
    "no-period",
    "duplicate-report",
]


def loads(text):
    """JSON with exact numbers."""
    return json.loads(text, parse_float=Fraction)


def number(value):
    """A number, however it was written: 5, 5.25, "5.25", "21/4", null."""
    return None if value is None else Fraction(value)


class Accepted:
    """The figures of some months: {month: {"organisations": n, indicator: (above, below)}}."""

    @staticmethod
    def of_truth(truth, periods):
        """As the generator knows it, in hundredths."""
        months = {}
        for period in periods:
            month = truth["periods"][period]
            figures = {
                name: tuple(None if part is None else Fraction(part, 100) for part in parts)
                for name, parts in month["results"].items()
            }
            months[period] = {"organisations": month["organisations"], **figures}
        return months

    @staticmethod
    def of_aleysk(answer):
        """Out of one run of `check --format json`, which is about one month."""
        completeness = answer["completeness"]
        figures = {
            result["indicator"]: (number(result["numerator"]), number(result["denominator"]))
            for result in answer["results"]
        }
        return {answer["period"]: {"organisations": completeness[0]["reported"], **figures}}

    @staticmethod
    def of_rows(rows):
        """Out of the rows of `exact.sql`: a denominator's name ends with a slash."""
        months = {}
        for row in rows:
            figures = {}
            for name in row.keys() - {"period", "organisations"}:
                if not name.endswith("/"):
                    figures[name] = (number(row[name]), number(row.get(f"{name}/")))
            months[row["period"]] = {"organisations": row["organisations"], **figures}
        return months


class Written:
    """What stands in a file: {month: {"rows": n, field: sum}} and {code: count}."""

    def __init__(self, months, faults):
        self.months = months
        self.faults = {code: count for code, count in faults.items() if count}

    @staticmethod
    def of_truth(truth):
        """As the generator knows it, in hundredths."""
        months = {}
        for period, month in truth["periods"].items():
            sums = {name: Fraction(total, 100) for name, total in month["written"].items()}
            months[period] = {"rows": month["rows"], **sums}
        return Written(months, truth["faults"])

    @staticmethod
    def of_json(text):
        """Out of what an engine prints."""
        return Written.of_rows(loads(text))

    @staticmethod
    def of_csv(text):
        """Out of what xan prints."""
        return Written.of_rows(csv.DictReader(io.StringIO(text)))

    @staticmethod
    def of_rows(rows):
        """Out of the rows of `check.sql` or `sums.sql`, or of the same sums."""
        months, faults = {}, collections.Counter()
        for row in rows:
            for code in _FAULTS:
                faults[code] += int(row.pop(code, 0))
            period = row.pop("period")
            months[period] = {name: number(total or 0) for name, total in row.items()}
        return Written(months, faults)


def faults_of_aleysk(answer):
    """How often each fault was told: counted where too many to be listed all."""
    counts = answer.get("issue_counts")
    return counts or dict(collections.Counter(issue["code"] for issue in answer["issues"]))


def expect(what, found, expected):
    """Ends the run where two answers differ, and says where."""
    if found == expected:
        return
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted(found.keys() | expected.keys()):
            expect(f"{what}, {key}", found.get(key), expected.get(key))
    raise Failure(f"{what}: {_shown(found)}, expected {_shown(expected)}")


def _shown(value):
    if isinstance(value, tuple):
        return " / ".join(_shown(part) for part in value)
    return "nothing" if value is None else str(value)


def expect_written(what, found, truth, faults=True):
    """Holds what a timed peer says against the truth, in the sums that it was asked for."""
    expected = Written.of_truth(truth)
    for period, month in found.months.items():
        asked = {name: expected.months.get(period, {}).get(name) for name in month}
        expect(f"{what}, {period}", month, asked)
    expect(f"{what}, months", sorted(found.months), sorted(expected.months))
    if faults:
        expect(f"{what}, faults", found.faults, expected.faults)
