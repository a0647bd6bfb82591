"""Do the answers agree? aleysk, on one thread and on two, with the truth, DuckDB, Polars and the
oracle, on a file, for its first month, one in the middle and its last."""

import collections

import folder
import oracle
import queries
from answers import Accepted, expect, faults_of_aleysk, loads
from places import Failure, run, say

# Organisations, nine sums, three shares.
_FIGURES = 13


class Verifier:
    """Holds each file's answers against one another, once."""

    def __init__(self, programs, files, oracle_rows):
        self._programs = programs
        self._files = files
        self._oracle_rows = oracle_rows
        self._done = set()
        self._compared = collections.Counter()

    def verify(self, spec):
        """Ends the run where two answers differ."""
        if spec in self._done:
            return
        self._done.add(spec)
        path, truth = self._files.make(spec)
        say(f"comparing the answers on {path.name}")
        months = list(truth["periods"])
        periods = sorted({months[0], months[len(months) // 2], months[-1]})
        expected = Accepted.of_truth(truth, periods)
        for period in periods:
            self._aleysk(spec, period, expected[period], truth["faults"])
        others = {}
        if spec.dialect == "utf-8":
            self._compared["by engines"] += 1
            others = self._engines(spec, periods)
        if truth["rows"] <= self._oracle_rows:
            self._compared["by the oracle"] += 1
            figures, faults = oracle.read(path, spec.dialect)
            others["the oracle"] = {period: figures[period] for period in periods}
            expect(f"{path.name}, faults of the oracle", faults, truth["faults"])
        for name, found in others.items():
            self._same(f"{path.name}, {name}", found, expected)

    def account(self):
        """What was compared, in words."""
        count = self._compared
        return (
            f"{count['figures']:,} figures, aleysk on one thread and on two against the "
            f"generator's truth; files: {len(self._done)}, of which also against DuckDB and "
            f"Polars: {count['by engines']}, against the slow oracle: {count['by the oracle']}"
        )

    def _same(self, what, found, expected):
        for period, figures in expected.items():
            # The engines are not asked about the copies of the columns.
            asked = {name: figures[name] for name in figures if name in found.get(period, {})}
            if len(asked) < _FIGURES:
                raise Failure(f"{what}, {period}: some figures are not there")
            expect(f"{what}, {period}", found[period], asked)
            self._compared["figures"] += len(asked)

    def _aleysk(self, spec, period, expected, faults):
        what = f"{spec.path.name}, aleysk, {period}"
        texts = [self._check(spec, period, threads) for threads in (1, 2)]
        if texts[0] != texts[1]:
            raise Failure(f"{what}: one thread and two give different answers")
        answer = loads(texts[0])
        expect(what, Accepted.of_aleysk(answer).get(period), expected)
        expect(f"{what}, faults", faults_of_aleysk(answer), faults)
        self._compared["figures"] += len(expected) + len(faults)

    def _check(self, spec, period, threads):
        command = check(self._programs, spec, threads=threads) + ["--period", period]
        return run(*command, expected=(0, 1))

    def _engines(self, spec, periods):
        query = queries.write("exact", spec, periods=periods)
        here = queries.HERE / "queries"
        python = self._programs.python
        answers = {
            "DuckDB": run(python, here / "duckdb_run.py", query),
            "Polars": run(python, here / "polars_run.py", "exact", spec.path, *periods),
        }
        return {name: Accepted.of_rows(loads(text)) for name, text in answers.items()}


def check(programs, spec, threads=None, path=None, data=None):
    """The command that reads a file with aleysk; `path`, `data`: where not the spec's own."""
    command = [programs.aleysk, "check", path or spec.path, "--format", "json"]
    command += ["--data", data or folder.write(spec.copies)]
    return command + (["--threads", threads] if threads else [])
