"""Where things are, and how a command is run whose output nobody measures."""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Everything that is made on the way: peers, files, outputs.
WORK = ROOT / "target" / "peers"
FILES = WORK / "files"
OUTPUTS = WORK / "outputs"


class Failure(Exception):
    """Something that ends the run, said in words."""


def say(text):
    """Tells whoever waits; the results are in the files."""
    print(text, file=sys.stderr, flush=True)


def run(*command, expected=(0,), **options):
    """Runs a command that must end with a status expected, and gives what it printed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", **options)
    if done.returncode not in expected:
        raise Failure(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    return done.stdout
