"""The programs that are compared: installed in pinned versions, in a folder of their own."""

import json
import os
import pathlib
import shutil
import sys

from places import HERE, ROOT, WORK, Failure, run, say

XAN = "0.61.0"
_VENV = WORK / "python"


class Programs:
    """Paths of the programs, all of them there."""

    def __init__(self, aleysk=None, xan=True):
        for needed in ["cargo", "iconv", "sh"]:
            if not shutil.which(needed):
                raise Failure(f"{needed} is not in PATH")
        if not hasattr(os, "posix_spawn"):
            raise Failure("this needs Linux or macOS")
        self._given = aleysk is not None
        self.aleysk = aleysk or _aleysk()
        tools = _tools()
        self.generate = tools / "generate"
        self.measured = tools / "measured"
        self.hello = tools / "hello"
        self.read_records = tools / "read_records"
        self.python = _python()
        self.duckdb = _duckdb_command_line(self.python)
        # Made from its source, which takes minutes: not for a smoke test.
        self.xan = _xan() if xan else None

    def versions(self):
        """Name and version of each, as they say themselves."""
        package = "import importlib.metadata as m; print(m.version('{}'))"
        return {
            "aleysk": "of unknown make" if self._given else _commit(),
            "DuckDB (command line)": run(self.duckdb, "--version").split()[0].removeprefix("v"),
            "DuckDB (Python)": run(self.python, "-c", package.format("duckdb")).strip(),
            "ClickHouse (chdb)": run(self.python, "-c", package.format("chdb")).strip(),
            "Polars": run(self.python, "-c", package.format("polars")).strip(),
            "xan": run(self.xan, "--version").split()[-1] if self.xan else "left out",
            "csv crate": _locked("csv"),
            "iconv": run("iconv", "--version").splitlines()[0].split()[-1],
            "rustc": run("rustc", "--version").split()[1],
            "Python": sys.version.split()[0],
        }


def _aleysk():
    say("building aleysk")
    run("cargo", "build", "--release", "--locked", cwd=ROOT)
    return _target() / "release" / "aleysk"


def _target():
    """Where Cargo builds the project: not always in `target`."""
    metadata = run("cargo", "metadata", "--no-deps", "--format-version=1", cwd=ROOT)
    return pathlib.Path(json.loads(metadata)["target_directory"])


def _tools():
    say("building the generator")
    manifest, target = HERE / "tools" / "Cargo.toml", WORK / "tools"
    build = ["cargo", "build", "--release", "--locked"]
    run(*build, "--manifest-path", manifest, "--target-dir", target)
    return target / "release"


def _python():
    python = _VENV / "bin" / "python"
    if not python.exists():
        say("making an environment for Python")
        run(sys.executable, "-m", "venv", _VENV)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*install, "--requirement", HERE / "requirements.txt")
    return python


def _duckdb_command_line(python):
    """The program itself: the script that pip puts in PATH would start Python first."""
    code = "import duckdb_cli, pathlib; print(pathlib.Path(duckdb_cli.__file__).parent / 'duckdb')"
    return run(python, "-c", code).strip()


def _xan():
    folder = WORK / "xan"
    program = folder / "bin" / "xan"
    if not program.exists() or run(program, "--version").split()[-1] != XAN:
        say("building xan (some minutes)")
        build = {**os.environ, "CARGO_TARGET_DIR": str(WORK / "xan-build")}
        run("cargo", "install", "--locked", "--root", folder, f"xan@{XAN}", env=build)
        shutil.rmtree(WORK / "xan-build")
    return program


def _commit():
    try:
        return run("git", "describe", "--always", "--dirty", "--exclude=*", cwd=ROOT).strip()
    except (Failure, OSError):
        return "unknown"


def _locked(package):
    """A version out of the tools' Cargo.lock."""
    lock = (HERE / "tools" / "Cargo.lock").read_text(encoding="utf-8")
    return lock.split(f'name = "{package}"\nversion = "')[1].split('"')[0]
