"""Mutants given to the commands, one process each, and what must hold whatever they are.

No traceback and no warning; an end within five seconds of processor time; an exit status that is documented; no file left
after an error; every error with its place or its option.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pickle
import pkgutil
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import allocate
from allocate.api.solving import solve
from allocate.case.load import read_case
from allocate.cli import main
from allocate.record.write import write_answer
from allocate.reporting.workbook.write import write_workbook

from .mutate import CHANGE, NUMBERS, WORDS
from .seeds import BOOK, LINES, PLAN, Seed, files_of, folders, with_workbooks

SECONDS = 5
"""Processor seconds a mutant may take."""
DRAWING = 20
"""The same for a report, which plans several times and draws charts."""
MEMORY = 6_000_000_000
"""Bytes of address space it may have."""
STATUS = frozenset(range(6))
"""Exit statuses that are documented."""
METHODS = ("auto", "plain", "sifting", "decomposition")
SEARCH = ("--time-limit", "1")


@dataclass(frozen=True)
class Mutant:
    """Files and the command they are given to."""

    number: int
    files: dict[str, bytes]
    words: tuple[str, ...]
    changed: str
    """The file that was changed."""


@dataclass(frozen=True)
class Fault:
    """What did not hold of a mutant."""

    mutant: Mutant
    what: str
    detail: str

    def __str__(self) -> str:
        return (
            f"#{self.mutant.number} {' '.join(self.mutant.words)} ({self.mutant.changed}): {self.what}\n{self.detail}"
        )


def load_everything() -> None:
    """Import all there is, so that the processes of mutants do not."""
    for module in pkgutil.walk_packages(allocate.__path__, "allocate."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("vl_convert", "jinja2", "xlsxwriter", "python_calamine", "rich.table", "zoneinfo"):
        importlib.import_module(name)


def seeds() -> list[Seed]:
    """The cases with the files made of their plans, then the same with workbooks for tables.

    They are planned in a process of its own: a solver's threads would not be there in the processes of mutants.
    """
    with tempfile.TemporaryFile() as file:
        process = os.fork()
        if process == 0:
            try:
                pickle.dump([_planned(name, folder) for name, folder in folders().items()], file)
                file.flush()
                os._exit(0)
            finally:
                traceback.print_exc()
                os._exit(1)
        assert os.waitpid(process, 0)[1] == 0
        file.seek(0)
        found: list[Seed] = pickle.load(file)
    return found + [Seed(one.name, with_workbooks(one.files), one.made) for one in found if len(one.files) > 1]


def _planned(name: str, folder: Path) -> Seed:
    """A case, and the files made of its plan."""
    answer = solve(read_case(folder))
    assert answer.plan is not None
    with tempfile.TemporaryDirectory() as home:
        made = Path(home)
        write_answer(answer, made / PLAN)
        write_workbook(answer, made / BOOK)
        answer.plan.lines.to_csv(made / LINES, index=False)
        return Seed(name, files_of(folder), {one: (made / one).read_bytes() for one in (PLAN, LINES, BOOK)})


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Files into a new folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def mutant(number: int, seed: int, among: list[Seed]) -> Mutant:
    """The mutant of a number: the same for the same seed, whatever went before."""
    chance = random.Random(f"{seed}:{number}")
    one = chance.choice(among)
    words, may_change = command(chance, one)
    files = {**one.files, **{name: content for name, content in one.made.items() if name in words}}
    changed = chance.choice([name for name in files if name in may_change] or ["case.yaml"])
    files[changed] = CHANGE[Path(changed).suffix](files[changed], chance)
    return Mutant(number, files, words, changed)


def command(chance: random.Random, one: Seed) -> tuple[tuple[str, ...], list[str]]:
    """A command about a case, and the files of which one is changed."""
    inputs = list(one.files)
    kind = chance.randrange(20)
    if kind < 4:
        return ("check", "."), inputs
    if kind < 6:
        return (
            "costs",
            ".",
            *chance.choice([(), ("--format", "json"), ("--format", "csv"), ("--format", "md")]),
        ), inputs
    if kind < 12:
        method = chance.choice(METHODS)
        more = chance.choice(
            [(), (), ("--invoice",), ("--staff",), ("--format", "json"), ("--solver", "cbc"), ("--gap", "0.01")]
        )
        return ("solve", ".", "--method", method, "--out", "out/plan.json", *more, *SEARCH, *setting(chance)), inputs
    if kind == 12:
        return ("solve", ".", "--fix", LINES, *chance.choice([(), ("--as-is",)]), *SEARCH), [LINES]
    if kind < 17:
        return ("verify", PLAN, "."), [PLAN, PLAN, PLAN, *inputs]
    if kind == 17:
        return ("check", BOOK), [BOOK]
    if kind == 18:
        return ("solve", BOOK, *SEARCH), [BOOK]
    return ("report", ".", "--out", "out", *SEARCH), inputs


def setting(chance: random.Random) -> tuple[str, ...]:
    """Sometimes a value laid over the case."""
    if chance.random() < 0.8:
        return ()
    path = chance.choice(
        ["budget", "hurdle", "objective", "horizon.weeks", "products", "vendors", "rates.a.b.price", "x.y", "", "model"]
    )
    return (
        "--set",
        f"{path}={chance.choice(NUMBERS)} {chance.choice(WORDS)}".replace("\0", "").encode("utf-8", "replace").decode(),
    )


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str
    seconds: float


def run(words: tuple[str, ...], folder: Path) -> Ran:
    """A command in a process of its own, in a folder; a negative status is the signal that ended it."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if words[0] == "report":
            status = _apart(words, folder, out.fileno(), err.fileno())
        else:
            process = os.fork()
            if process == 0:
                _child(words, folder, out.fileno(), err.fileno())
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    seconds = used.ru_utime + used.ru_stime - began.ru_utime - began.ru_stime
    return Ran(status, texts[0], texts[1], seconds)


def _apart(words: tuple[str, ...], folder: Path, out: int, err: int) -> int:
    """The exit status of a command that draws charts: in a process of its own, as what draws them has threads that no fork keeps."""
    begin = "import sys, warnings; from allocate.cli import main; warnings.simplefilter('error'); "
    begin += "warnings.simplefilter('ignore', DeprecationWarning); sys.argv[0] = 'allocate'; main()"
    limits = lambda: resource.setrlimit(resource.RLIMIT_CPU, (DRAWING, DRAWING + 1))  # noqa: E731
    return subprocess.run(
        [sys.executable, "-c", begin, *words], cwd=folder, stdout=out, stderr=err, preexec_fn=limits, check=False,
        env={**os.environ, "ALLOCATE_HOME": str(folder / "home"), "PYTHONPATH": str(Path(allocate.__file__).parent.parent)},
    ).returncode  # fmt: skip


def _child(words: tuple[str, ...], folder: Path, out: int, err: int) -> None:
    """Run the command and end the process, whatever happens."""
    status = 99
    try:
        os.chdir(folder)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), write_through=True)
        sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb", closefd=False), write_through=True)
        os.environ["ALLOCATE_HOME"] = str(folder / "home")
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        sys.argv = ["allocate", *words]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", DeprecationWarning)
            main()
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def judged(one: Mutant) -> Fault | None:
    """What does not hold of a mutant; None where all does."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "case")
        write(folder, one.files)
        (folder / "out").mkdir()
        before = _there(folder)
        ran = run(one.words, folder)
        what = _wrong(ran, one, _there(folder) - before)
    return Fault(one, what, ran.err[-1500:]) if what is not None else None


def _there(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and "home" not in path.parts[-4:]
    }


def _wrong(ran: Ran, one: Mutant, written: set[str]) -> str | None:
    if ran.status in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"a hang: {ran.seconds:.1f} CPU s"
    if "Traceback" in ran.err or "Warning:" in ran.err:
        return f"a traceback: {ran.err.strip().splitlines()[-1][:150]}"
    if ran.status not in STATUS:
        return f"exit status {ran.status}"
    if "fault of the program" in ran.err:
        return "a plan that failed its check"
    left = {name for name in written if Path(name).name.startswith(".")}
    if left or (ran.status in (1, 2, 5) and written):
        return f"files left after status {ran.status}: {', '.join(sorted(left or written))}"
    if ran.status in (1, 2) and "verify" not in one.words:
        return _without_place(ran)
    return None


def _without_place(ran: Ran) -> str | None:
    """An error that does not say where it lies: in a file, an option, an argument or a command."""
    if ran.status == 2:
        last = ran.err.strip().splitlines()[-1] if ran.err.strip() else ""
        return None if re.search(r"--\w|'[A-Z]+|CASE|PLAN", last) else f"usage without its option: {last[:150]}"
    blocks = re.split(r"\n(?=error: )", ran.err.strip())
    bare = [block for block in blocks if block.startswith("error: ") and "\n  --> " not in block]
    if not ran.err.strip() or "error: " not in ran.err:
        return "status 1 without an error"
    return f"an error without its place: {bare[0].splitlines()[0][:150]}" if bare else None


def faults(
    count: int, seed: int, among: list[Seed], until: float | None = None, first: int = 0
) -> Iterator[Fault | None]:
    """What is wrong with each mutant in turn, None where nothing is; up to a moment where one is given."""
    for number in range(first, first + count):
        if until is not None and time.monotonic() > until:
            return
        yield judged(mutant(number, seed, among))
