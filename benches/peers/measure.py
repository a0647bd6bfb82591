"""Whole processes, run in turns, and what they took."""

import dataclasses
import json
import statistics
import subprocess
from collections.abc import Callable

from places import OUTPUTS, Failure


@dataclasses.dataclass
class Contender:
    """A command to be measured; `answers` looks at what it printed and ends the run if need be."""

    command: list
    answers: Callable[[str], None] = lambda _: None
    stdin: object | None = None
    statuses: tuple = (0, 1)


@dataclasses.dataclass
class Took:
    """What one run took: seconds, seconds of all processors together, MiB."""

    wall: float
    cpu: float
    peak: float


@dataclasses.dataclass
class Spread:
    """The median of several measurements, and how far they lie apart."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values):
        """The spread of these."""
        return Spread(statistics.median(values), min(values), max(values))


class Rounds:
    """Several contenders, each run once a round, in an order that is turned from round to round."""

    def __init__(self, contenders, measured, count):
        self._contenders = contenders
        self._measured = measured
        self.took = {name: [] for name in contenders}
        # Nobody finds the files cold, and every answer is looked at.
        first = {name: self._run(name)[1] for name in contenders}
        for name, printed in first.items():
            contenders[name].answers(printed)
        names = list(contenders)
        for turn in range(count):
            start = turn % len(names)
            for name in names[start:] + names[:start]:
                took, printed = self._run(name)
                self.took[name].append(took)
                if printed != first[name]:
                    raise Failure(f"{name}: another answer than the first time")

    def _run(self, name):
        contender = self._contenders[name]
        OUTPUTS.mkdir(parents=True, exist_ok=True)
        figures, printed = OUTPUTS / "took.json", OUTPUTS / "printed"
        command = [str(word) for word in [self._measured, figures, *contender.command]]
        with (
            open(contender.stdin or "/dev/null", "rb") as stdin,
            open(printed, "wb") as stdout,
            open(OUTPUTS / "said", "w+b") as stderr,
        ):
            status = subprocess.run(command, stdin=stdin, stdout=stdout, stderr=stderr).returncode
            if status not in contender.statuses:
                stderr.seek(0)
                said = stderr.read().decode(errors="replace")[-4000:]
                raise Failure(f"{name} ended with {status}:\n{said}")
        took = Took(**json.loads(figures.read_text(encoding="utf-8")))
        return took, printed.read_text(encoding="utf-8")

    def ratio(self, over, under, of="wall"):
        """How many times as much one takes as another, round by round."""
        pairs = zip(self.took[over], self.took[under], strict=True)
        return Spread.of([getattr(one, of) / getattr(other, of) for one, other in pairs])

    def spread(self, name, of):
        """What one takes."""
        return Spread.of([getattr(took, of) for took in self.took[name]])
