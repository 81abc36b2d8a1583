"""Mutants of a fixed seed, and what they are judged by; `python -m tests.fuzz` runs as many as there is time for."""

from __future__ import annotations

import random
import signal

import pytest
from draws import examples
from fuzz import run
from fuzz.mutate import CHANGE, case_text, plan, table, workbook
from fuzz.run import Mutant, Ran, judged, load_everything, mutant
from fuzz.seeds import BOOK, PLAN, Seed

pytestmark = pytest.mark.slow

COUNT, SEED = examples(40), 14


@pytest.fixture(scope="module")
def among() -> list[Seed]:
    """The cases that are mutated, planned once."""
    load_everything()
    return run.seeds()


def test_no_mutant_has_a_fault(among: list[Seed]) -> None:
    """Cases, tables, workbooks and plan files with slips of all kinds give an answer or problems with their place."""
    faults = [str(fault) for number in range(COUNT) if (fault := judged(mutant(number, SEED, among))) is not None]
    assert faults == []


def test_mutants_differ_and_are_the_same_again(among: list[Seed]) -> None:
    """The same seed gives the same mutants in any order; hardly one is as its seed was; every kind of file is changed."""
    first = [mutant(number, 1, among) for number in range(150)]
    again = [mutant(number, 1, among) for number in reversed(range(150))]
    assert [(one.words, one.files) for one in first] == [(one.words, one.files) for one in reversed(again)]
    assert {one.words[0] for one in first} == {"check", "costs", "solve", "verify", "report"}
    assert {name.rpartition(".")[2] for name in (one.changed for one in first)} == {ending[1:] for ending in CHANGE}
    methods = {one.words[one.words.index("--method") + 1] for one in first if "--method" in one.words}
    assert methods == set(run.METHODS)


@pytest.mark.parametrize(
    ("change", "ending"), [(case_text, ".yaml"), (table, ".csv"), (workbook, ".xlsx"), (plan, ".json")]
)
def test_what_is_mutated_may_be_mutated_again(among: list[Seed], change: object, ending: str) -> None:
    """A mutation takes any bytes, its own results included."""
    assert CHANGE[ending] is change
    files = {".json": PLAN, ".xlsx": BOOK}
    name = files.get(ending) or next(name for one in among for name in one.files if name.endswith(ending))
    text = next(each[name] for one in among for each in (one.files, one.made) if name in each)
    chance, seen = random.Random(5), set()
    for _ in range(40):
        text = CHANGE[ending](text, chance)
        seen.add(text)
    assert len(seen) > 20


FINE = Mutant(1, {}, ("check", "."), "case.yaml")
BAD = "error: something\n  --> case.yaml:1:1"


@pytest.mark.parametrize(
    ("ran", "written", "says"),
    [
        (Ran(0, "", "", 0.1), set(), None),
        (Ran(1, "", BAD, 0.1), set(), None),
        (Ran(0, "", "Traceback (most recent call last):\nValueError: x", 0.1), set(), "a traceback: ValueError: x"),
        (Ran(0, "", "RuntimeWarning: overflow", 0.1), set(), "a traceback"),
        (Ran(-signal.SIGXCPU, "", "", 5.0), set(), "a hang: 5.0 CPU s"),
        (Ran(-signal.SIGABRT, "", "", 0.1), set(), "exit status -6"),
        (Ran(7, "", "", 0.1), set(), "exit status 7"),
        (Ran(1, "", BAD, 0.1), {"out/plan.json"}, "files left after status 1: out/plan.json"),
        (Ran(0, "", "", 0.1), {"out/.allocate-1.tmp"}, "files left after status 0"),
        (Ran(1, "", "error: something", 0.1), set(), "an error without its place"),
        (Ran(1, "", f"{BAD}\n\nerror: else", 0.1), set(), "an error without its place: error: else"),
        (Ran(1, "", "", 0.1), set(), "status 1 without an error"),
        (Ran(2, "", "Error: cannot", 0.1), set(), "usage without its option"),
        (Ran(2, "", "Error: Invalid value for '--set': x", 0.1), set(), None),
        (Ran(1, "", "error: x\nThis is a fault of the program", 0.1), set(), "a plan that failed its check"),
    ],
)
def test_each_kind_of_fault_is_seen(ran: Ran, written: set[str], says: str | None) -> None:
    """Tracebacks, warnings, hangs, crashes, other statuses, files left and errors without a place are faults."""
    found = run._wrong(ran, FINE, written)
    assert found is None if says is None else found is not None and found.startswith(says)


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """The process of a mutant ends by itself once its processor time is used up."""
    monkeypatch.setattr(run, "SECONDS", 1)

    def hangs() -> None:
        while True:
            pass

    monkeypatch.setattr(run, "main", hangs)
    assert run.run(("check", "."), run.Path(str(tmp_path))).status in (-signal.SIGXCPU, -signal.SIGKILL)
