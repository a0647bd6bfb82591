"""What is measured: each work with its contenders, its ratios, and the goals."""

import dataclasses

import folder
import queries
from answers import Written, expect, expect_written, faults_of_aleysk, loads
from files import Spec
from measure import Contender
from places import HERE, OUTPUTS
from verify import check

# Organisations, months, rows: of a city, of a region, of a country.
SMALL = Spec(24, 12, 288, faults=0.0)
MEDIUM = Spec(8_500, 12, 100_000)
LARGE = Spec(85_000, 118, 10_000_000)
MANY = Spec(1_000_000, 10, 10_000_000)
GROWING = Spec(85_000, 12, 1_000_000)


@dataclasses.dataclass(frozen=True)
class Goal:
    """What the figure is to be: at least or at most so much; `stretch`: better still."""

    bound: float
    at_least: bool
    stretch: float | None = None

    def met(self, figure):
        """Whether a figure is as it is to be."""
        return figure >= self.bound if self.at_least else figure <= self.bound


def at_least(bound, stretch=None):
    """So much or more."""
    return Goal(bound, True, stretch)


def at_most(bound, stretch=None):
    """So much or less."""
    return Goal(bound, False, stretch)


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of the table: how many times as much `over` takes as `under`; without `under`, what it
    takes itself."""

    text: str
    over: str
    under: str | None = None
    of: str = "wall"
    goal: Goal | None = None


@dataclasses.dataclass(frozen=True)
class Work:
    """Contenders that do the same, or whose difference is what is asked."""

    id: str
    title: str
    specs: tuple
    contenders: dict
    lines: tuple
    # Short runs scatter more: so many times as many rounds.
    times: int = 1


class Works:
    """The works of one run; `shrink`: so many times fewer rows, for a smoke test."""

    def __init__(self, programs, files, shrink):
        self._programs = programs
        self._files = files
        self._shrink = shrink

    def ids(self):
        """In the order of the table."""
        return ["check", "thread", "cp1251", "memory", "small", "medium", "shapes"]

    def make(self, id):
        """A work, with its files made; the goals are for files of the full size."""
        work = getattr(self, f"_{id}")()
        if self._shrink == 1 or SMALL in work.specs:
            return work
        lines = tuple(dataclasses.replace(line, goal=None) for line in work.lines)
        return dataclasses.replace(work, lines=lines)

    def shrunk(self, spec):
        """As many months, fewer organisations."""
        if self._shrink == 1:
            return spec
        return spec.but(
            organisations=max(spec.organisations // self._shrink, 1),
            rows=max(spec.rows // self._shrink, 1),
        )

    def aleysk(self, spec, threads=None, stdin=False, data=None):
        """aleysk, checking a file or what comes through standard input; `data`: another folder."""
        path, truth = self._files.make(spec)

        def answers(printed):
            what = f"{path.name}, aleysk, faults"
            expect(what, faults_of_aleysk(loads(printed)), truth["faults"])

        command = check(self._programs, spec, threads, "-" if stdin else None, data)
        return Contender(command, answers, stdin=path if stdin else None)

    def _peer(self, what, spec, command, faults):
        _, truth = self._files.make(spec)

        def answers(printed):
            expect_written(f"{spec.path.name}, {what}", Written.of_json(printed), truth, faults)

        return Contender(command, answers, statuses=(0,))

    def _engines(self, spec, name):
        """Every engine in every form, with the check or with the sums alone."""
        faults = name == "check"
        query = queries.write(name, spec)
        here, python = HERE / "queries", self._programs.python
        commands = {
            f"DuckDB, {name}": [*self._duckdb(), query],
            f"DuckDB from Python, {name}": [python, here / "duckdb_run.py", query],
            f"Polars, {name}": [python, here / "polars_run.py", name, spec.path],
        }
        if faults:
            asked = [python, here / "clickhouse_run.py", queries.write("clickhouse", spec)]
            commands["ClickHouse from Python, check"] = asked
        return {what: self._peer(what, spec, command, faults) for what, command in commands.items()}

    def _duckdb(self):
        return [self._programs.duckdb, "-no-init", "-json", "-f"]

    def _check(self):
        return self._against_engines("check", self.shrunk(LARGE), goals=True)

    def _medium(self):
        return self._against_engines("medium", self.shrunk(MEDIUM), goals=False)

    def _against_engines(self, id, spec, goals):
        contenders = {"aleysk": self.aleysk(spec)}
        lines = []
        for name, goal in [("check", at_least(8, 10)), ("sums", at_least(2.7, 3.4))]:
            engines = self._engines(spec, name)
            contenders |= engines
            doing = "the same checks" if name == "check" else "only adding up"
            for engine in engines:
                text = f"{engine.split(',')[0]}, {doing} / aleysk, checking"
                wanted = goal if goals and engine.startswith("DuckDB") else None
                lines.append(Line(text, engine, "aleysk", goal=wanted))
        title = f"{spec.rows:,} rows, every cell checked"
        return Work(id, title, (spec,), contenders, tuple(lines))

    def _thread(self):
        spec = self.shrunk(LARGE)
        records = Contender([self._programs.read_records, spec.path])
        contenders = {
            "aleysk, 1 thread": self.aleysk(spec, threads=1),
            "aleysk": self.aleysk(spec),
            "csv crate": records,
        }
        text = "aleysk, checking on one thread / the `csv` crate, only reading"
        lines = (
            Line(text, "aleysk, 1 thread", "csv crate", goal=at_most(1, 0.7)),
            Line("aleysk on one thread / on all", "aleysk, 1 thread", "aleysk"),
        )
        return Work("thread", f"{spec.rows:,} rows, one thread", (spec,), contenders, lines)

    def _cp1251(self):
        plain = self.shrunk(LARGE)
        spec = plain.but(dialect="windows-1251")
        contenders = {
            "Windows-1251": self.aleysk(spec),
            "UTF-8": self.aleysk(plain),
            "iconv, then DuckDB": self._iconv_and_duckdb(spec),
        }
        lines = (
            Line("aleysk / aleysk on UTF-8", "Windows-1251", "UTF-8", goal=at_most(1)),
            Line(
                "iconv and DuckDB, the same checks / aleysk",
                "iconv, then DuckDB",
                "Windows-1251",
                goal=at_least(12),
            ),
        )
        title = f"{spec.rows:,} rows in Windows-1251 with `;` and decimal comma"
        return Work("cp1251", title, (plain, spec), contenders, lines)

    def _iconv_and_duckdb(self, spec):
        """Through a file: several threads cannot read a pipe."""
        path, _ = self._files.make(spec)
        between = OUTPUTS / "utf-8.csv"
        query = queries.write("check", spec, path=between)
        script = 'iconv -f CP1251 -t UTF-8 "$1" > "$2" && shift 2 && exec "$@"'
        command = ["sh", "-c", script, "sh", path, between, *self._duckdb(), query]
        return self._peer("iconv, then DuckDB", spec, command, faults=True)

    def _memory(self):
        plain = self.shrunk(LARGE)
        faulty = plain.but(faulty_cells=True)
        contenders = {"plain": self.aleysk(plain), "faulty": self.aleysk(faulty)}
        goal = at_most(64, 32)
        lines = (
            Line("aleysk, MiB", "plain", of="peak", goal=goal),
            Line("aleysk, a fault in every cell, MiB", "faulty", of="peak", goal=goal),
            Line("time with a fault in every cell / without", "faulty", "plain"),
        )
        title = f"{plain.rows:,} rows, peak of memory"
        return Work("memory", title, (plain, faulty), contenders, lines)

    def _small(self):
        path, truth = self._files.make(SMALL)
        columns = [name for name in queries.FIGURES if name != "has_parent_programme"]
        sums = ", ".join(f"sum({name}) as {name}" for name in columns)
        grouped = [self._programs.xan, "groupby", "period", f"count() as rows, {sums}", path]

        def xan(printed):
            expect_written("xan", Written.of_csv(printed), truth, faults=False)

        contenders = {
            "aleysk": self.aleysk(SMALL),
            "hello-world": Contender([self._programs.hello]),
        }
        lines = (
            Line("aleysk / a hello-world in Rust", "aleysk", "hello-world", goal=at_most(2.5)),
            Line("aleysk, MiB", "aleysk", of="peak", goal=at_most(6)),
        )
        if self._programs.xan:
            contenders["xan"] = Contender(grouped, xan, statuses=(0,))
            lines += (Line("xan, only grouping / aleysk", "xan", "aleysk", goal=at_least(5)),)
        title = f"{SMALL.organisations} organisations, {SMALL.months} months"
        return Work("small", title, (SMALL,), contenders, lines, times=10)

    def _shapes(self):
        plain, many = self.shrunk(LARGE), self.shrunk(MANY)
        crowd = f"{many.organisations:,} organisations"
        specs = {
            "the plain file": plain,
            "every cell quoted": plain.but(quoted=True),
            "organisation by organisation": plain.but(order="organisations"),
            "UTF-16": plain.but(dialect="utf-16"),
            crowd: many,
        }
        contenders = {name: self.aleysk(spec) for name, spec in specs.items()}
        contenders["standard input"] = self.aleysk(plain, stdin=True)
        registered = folder.write(plain.copies, "registered")
        self._files.register(plain, registered)
        contenders["with a register of all"] = self.aleysk(plain, data=registered)
        lines = [
            Line(f"{name} / the plain file", name, "the plain file")
            for name in contenders
            if name != "the plain file"
        ]
        lines.append(Line(f"{crowd}, MiB", crowd, of="peak"))
        title = f"{plain.rows:,} rows in other shapes"
        return Work("shapes", title, tuple(specs.values()), contenders, tuple(lines))
