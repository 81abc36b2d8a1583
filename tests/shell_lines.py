"""Lines for a shell as pages of the documentation show them: `allocate` runs in this process, everything else in bash.

A process for each command would import the program again each time; streams, buffers, working folder and exit status are those
that a process would have.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from unittest.mock import patch

from allocate.cli import main

_SIGN_OF_LIFE = re.compile(r"^ +\d+ s  .*\n", re.MULTILINE)
"""What a command says it is at, with the seconds passed: another in every run."""
_PLAIN = r"(?:'[^']*'|\"[^\"]*\"|[^;&|'\"]|(?<=[<>])&)+"


def shell(line: str, folder: Path) -> tuple[str, int]:
    """What a line prints on standard output in a folder, without colours, and its exit status.

    A command that ends the line prints its standard error too, as `2>&1` behind the line would have it, but for signs of life.
    """
    parts = re.findall(rf"({_PLAIN}(?:\|{_PLAIN})*)(;|&&|$)", line)
    if "".join(a + b for a, b in parts) != line:
        raise ValueError(f"not a line that is understood: {line}")
    shown, status = "", 0
    for number, (part, end) in enumerate(parts):
        first, *rest = re.findall(_PLAIN, part)
        last = number == len(parts) - 1
        program, *words = shlex.split(first)
        if program != "allocate":
            printed, status = _bash(part, "", folder)
        else:
            printed, status = _allocate([*words, *(["2>&1"] if last and not rest else [])], folder)
            if rest:
                printed, status = _bash("|".join(rest), printed, folder)
        shown += _SIGN_OF_LIFE.sub("", printed)
        if end == "&&" and status:
            break
    return shown, status


def _bash(line: str, given: str, folder: Path) -> tuple[str, int]:
    done = subprocess.run(["bash", "-c", line], cwd=folder, input=given, capture_output=True, text=True, check=False)
    return done.stdout, done.returncode


def _allocate(words: list[str], folder: Path) -> tuple[str, int]:
    """Standard output of `allocate` with such words, of which those that redirect it are taken out."""
    both = "2>&1" in words
    words = [word for word in words if word != "2>&1"]
    words, name = (words[:-2], words[-1]) if words[-2:-1] == [">"] else (words, "")
    with contextlib.chdir(folder), _open(name) as out, _open("") as err, _as_process(words, out, out if both else err):
        try:
            main()
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        out.seek(0)
        return ("" if name else out.read().decode()), status


def _open(name: str) -> IO[bytes]:
    return Path(name).open("w+b") if name else tempfile.TemporaryFile()


@contextlib.contextmanager
def _as_process(words: list[str], out: IO[bytes], err: IO[bytes]) -> Iterator[None]:
    """Arguments, environment and streams of a process: what is printed is held back until a buffer is full, errors are not."""
    environment = {"NO_COLOR": "1", "COLUMNS": "120"}
    with (
        os.fdopen(os.dup(out.fileno()), "w", encoding="utf-8") as stdout,
        os.fdopen(os.dup(err.fileno()), "w", encoding="utf-8", buffering=1) as stderr,
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
        patch.dict(os.environ, environment),
        patch.object(sys, "argv", ["allocate", *words]),
    ):
        yield
