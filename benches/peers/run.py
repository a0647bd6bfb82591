#!/usr/bin/env python3
"""aleysk and its peers on the same work: makes the files, installs the peers, compares the answers,
measures in turns, and writes RESULTS.md and growth.svg beside this file.

Needs Rust, Python 3.10 or later with venv, iconv, and 15 GB of disk at the full size, which takes
about half an hour. All that is made on the way stands in target/peers.
"""

import argparse
import pathlib
import shutil
import sys

import growth
import machine
import picture
import table
from files import Files
from measure import Rounds
from peers import Programs
from places import FILES, HERE, OUTPUTS, ROOT, Failure, say
from verify import Verifier
from works import Works


def _arguments():
    works = Works(None, None, 1).ids()
    curves = [curve.id for curve in growth.curves(Works(None, None, 1))]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a smoke test: --shrink 1000 --rounds 3, without xan, and no results are written",
    )
    parser.add_argument(
        "--shrink", type=int, default=1, metavar="N", help="files with N times fewer rows"
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=[*works, *curves],
        help="this work or curve, no results written; repeatable",
    )
    parser.add_argument("--rounds", type=int, default=7, help="how often each is run (7)")
    parser.add_argument("--keep", action="store_true", help="leave the files for the next run")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md too")
    parser.add_argument(
        "--oracle-rows",
        type=int,
        default=1_000_000,
        metavar="N",
        help="the slow oracle reads files of up to so many rows (1000000; some 60000 a second)",
    )
    parser.add_argument(
        "--aleysk", type=pathlib.Path, help="this program instead of the one built here"
    )
    parser.add_argument("--out", type=pathlib.Path, help="a folder for the results (this one)")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.shrink, arguments.rounds = 1000, 3
    if arguments.readme and not _is_whole(arguments):
        parser.error("--readme is for a whole run: without --quick and --only")
    return arguments


def _is_whole(arguments):
    """Only a whole run replaces the results that stand in the repository."""
    return not (arguments.quick or arguments.only)


def main():
    """All of it, one work after another."""
    arguments = _arguments()
    where = machine.describe()
    programs = Programs(arguments.aleysk, xan=not arguments.quick)
    files = Files(programs.generate)
    works, rounds = Works(programs, files, arguments.shrink), arguments.rounds
    verifier = Verifier(programs, files, arguments.oracle_rows)
    wanted = set(arguments.only or [])
    try:
        measured, grown = [], []
        for id in works.ids():
            if not wanted or id in wanted:
                measured.append(_work(works, id, verifier, programs, rounds))
        for curve in growth.curves(works):
            if not wanted or curve.id in wanted:
                grown.append(_curve(works, curve, verifier, programs, rounds))
    finally:
        if not arguments.keep:
            shutil.rmtree(FILES, ignore_errors=True)
            shutil.rmtree(OUTPUTS, ignore_errors=True)
    facts = "\n".join(
        [
            f"Whole processes, warm cache, {rounds} rounds in turns. {_size(arguments)}\n",
            f"Versions: {table.facts(programs.versions())}.\n",
            f"Machine: {where}.\n",
        ]
    )
    text = _results(measured, grown, facts, verifier)
    print(text)
    if arguments.out or _is_whole(arguments):
        _write(text, measured, grown, facts, arguments)


def _size(arguments):
    if arguments.shrink == 1:
        return "Files of the full size."
    return (
        f"**Files {arguments.shrink} times smaller than the full size, for which the goals are: a "
        "preliminary look.**"
    )


def _work(works, id, verifier, programs, rounds):
    work = works.make(id)
    for spec in work.specs:
        verifier.verify(spec)
    say(f"measuring: {work.title}")
    return work, Rounds(work.contenders, programs.measured, rounds * work.times)


def _curve(works, curve, verifier, programs, rounds):
    for spec in curve.points.values():
        verifier.verify(spec)
    say(f"measuring: {curve.title}")
    return curve, growth.measure(works, curve, programs.measured, rounds)


def _results(measured, grown, facts, verifier):
    parts = [
        "# aleysk and its peers\n",
        "Written by `benches/peers/run.py`. Ratios are of runs of the same round, median and "
        "spread.\n",
        facts,
        f"All answers agreed: {verifier.account()}.\n",
    ]
    if measured:
        parts += [table.works(measured), "What each took:\n", table.took(measured)]
    if grown:
        parts.append("## How cost grows\n\nAgainst the first line of each table.\n")
        parts += [table.growth(curve, points) for curve, points in grown]
        parts.append("![the same as curves](growth.svg)\n")
    return "\n".join(parts)


def _write(text, measured, grown, facts, arguments):
    out = arguments.out or HERE
    out.mkdir(parents=True, exist_ok=True)
    (out / "RESULTS.md").write_text(text, encoding="utf-8")
    if grown:
        (out / "growth.svg").write_text(picture.draw(grown), encoding="utf-8")
    if arguments.readme:
        readme = ROOT / "README.md"
        block = f"{table.works(measured)}\n{facts}"
        replaced = table.replace(readme.read_text(encoding="utf-8"), block)
        if replaced is None:
            raise Failure(f"README.md has no lines {table.BEGIN} and {table.END}")
        readme.write_text(replaced, encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
