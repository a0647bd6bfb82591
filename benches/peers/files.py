"""The made-up report files, made when they are needed and only once."""

import dataclasses
import json

from places import FILES, run, say


@dataclasses.dataclass(frozen=True)
class Spec:
    """What a file holds and how it is written; see tools/src/bin/generate.rs."""

    organisations: int
    months: int
    rows: int
    dialect: str = "utf-8"
    order: str = "months"
    quoted: bool = False
    faults: float = 0.2
    faulty_cells: bool = False
    copies: int = 1

    def but(self, **changes):
        """The same with changes."""
        return dataclasses.replace(self, **changes)

    def arguments(self):
        """For the generator."""
        words = []
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            name = "--" + field.name.replace("_", "-")
            if value is True:
                words.append(name)
            elif value is not False:
                words += [name, str(value)]
        return words

    @property
    def path(self):
        """A file of its own for every spec."""
        words = [word.removeprefix("--") for word in self.arguments()]
        return FILES / ("_".join(words) + ".csv")


class Files:
    """The files of one run."""

    def __init__(self, generate):
        self._generate = generate

    def make(self, spec):
        """The file of a spec and the truth about it."""
        path = spec.path
        beside = path.with_name(path.name + ".truth.json")
        if not beside.exists():
            say(f"making {path.name}")
            FILES.mkdir(parents=True, exist_ok=True)
            run(self._generate, path, *spec.arguments())
        return path, json.loads(beside.read_text(encoding="utf-8"))

    def register(self, spec, folder):
        """Puts a register of all that report into a data folder."""
        run(self._generate, folder / "organisations.csv", *spec.arguments(), "--register")
