"""The store of runs where a process ends at any of its steps, and where the disk is full at any of them."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from draws import examples

from allocate.runs import index, store
from allocate.runs.save import not_kept

pytestmark = pytest.mark.slow

FILES = {"plan.json": b"[" + b"1," * 400 + b"1]", "case.json": b"{}", "more.json": b"[]"}
ENDS = examples(200)
"""Moments at which a process is killed."""


def put(place: Path, number: int) -> str:
    """Keep a run, and bring the index up to date as every command does that lists runs."""
    id_ = store.identity("steps", number)
    store.put(place, id_, {"kind": "solve", "number": number}, FILES)
    index.entries(place)
    return id_


class Counted:
    """Something to be done before each step that touches the disk; steps are counted from 0."""

    def __init__(self, before: Callable[[int, str], None]) -> None:
        self.before = before
        self.count = 0

    def step(self, name: str) -> None:
        """One step."""
        number, self.count = self.count, self.count + 1
        self.before(number, name)

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that is a step."""

        def call(*args: Any, **more: Any) -> Any:
            self.step(name)
            return function(*args, **more)

        return call


class Half(io.FileIO):
    """A file of which half of what is written arrives before the step that may fail."""

    counted: Counted

    def write(self, content: Any) -> int:
        """Half of it, the step, then the rest."""
        raw = bytes(content)
        super().write(raw[: len(raw) // 2])
        self.counted.step("write")
        super().write(raw[len(raw) // 2 :])
        return len(raw)


@contextlib.contextmanager
def counted(before: Callable[[int, str], None]) -> Iterator[Counted]:
    """Every step of the store and its index that touches the disk goes through `before` first."""
    found = Counted(before)
    opened, connect = Path.open, sqlite3.connect

    def open_(path: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        found.step("open")
        if "x" not in mode:
            return opened(path, mode, *args, **more)
        half = Half(str(path), "xb")
        half.counted = found
        return half

    class Connection(sqlite3.Connection):
        def execute(self, *args: Any) -> Any:
            found.step("database")
            return super().execute(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_)
        patch.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, **{**more, "factory": Connection}))
        for owner, name in (
            (os, "fsync"),
            (os, "utime"),
            (Path, "mkdir"),
            (Path, "rename"),
            (Path, "unlink"),
        ):
            patch.setattr(owner, name, found.wrapped(name, getattr(owner, name)))
        yield found


def killed_at(place: Path, step: int, number: int) -> int:
    """Keep a run in a process that is killed with SIGKILL before a step; the signal it ended by, 0 where it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            with counted(lambda at, _: os.kill(os.getpid(), signal.SIGKILL) if at == step else None):
                put(place, number)
        finally:
            os._exit(0)
    return -os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def whole(place: Path) -> list[str]:
    """The ids of all runs; each is whole, and the index says of the folders what they are."""
    found = index.entries(place)
    assert [one.id for one in found if one.damage is not None] == []
    assert sorted(one.id for one in found) == store.names(place)
    for one in found:
        assert store.damage(place / "runs" / one.id) is None
        assert store.content(place / "runs" / one.id, "plan.json")[0] == 1
    return [one.id for one in found]


def test_kill_9_before_any_step_leaves_whole_runs_only(tmp_path: Path) -> None:
    """Killed at very many moments, before every step there is in turn, no process leaves half a run or a broken index."""
    killed, rounds = 0, []
    while killed < ENDS:
        place, step, before = tmp_path / str(len(rounds)), 0, list[str]()
        while killed_at(place, step, step) == signal.SIGKILL:
            found = whole(place)
            assert set(found) >= set(before)
            before, killed, step = found, killed + 1, step + 1
        assert store.identity("steps", step) in whole(place)  # it came to its end
        assert index.rebuild(place) == index.entries(place)
        rounds.append(step)
    assert min(rounds) > 20


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EDQUOT], ids=errno.errorcode.get)
def test_a_disk_that_is_full_at_any_step_says_so_and_leaves_whole_runs_only(tmp_path: Path, error: int) -> None:
    """From a step on every write fails: the run is whole or not there, the reason is told, and nothing begun stays."""
    kept, told, step = 0, set(), 0
    writing = ("open", "write", "fsync", "mkdir", "rename", "utime")
    while True:

        def full(at: int, name: str, first: int = step) -> None:
            if at >= first and name in writing:
                raise OSError(error, os.strerror(error))

        place = tmp_path / str(step)
        put(place, 0) if step % 2 else None
        with counted(full) as steps:
            why = not_kept(lambda place=place: store.put(place, store.identity("steps", 1), {"kind": "solve"}, FILES))
        found = whole(place)
        assert (store.identity("steps", 1) in found) or why is not None
        assert not step % 2 or store.identity("steps", 0) in found
        if why is not None:
            assert os.strerror(error) in why
            told.add(step)
        else:
            kept += 1
        if steps.count <= step:
            break
        step += 1
    assert len(told) > 8
    assert kept > 0
    assert not [one for one in tmp_path.rglob(".new-*") if any(one.iterdir())]


def test_a_database_that_cannot_be_written_loses_no_run(tmp_path: Path) -> None:
    """Where the index fails at any of its steps, the folders alone say what runs there are."""
    put(tmp_path, 0)
    for step in range(8):

        def fails(at: int, name: str, first: int = step) -> None:
            if at >= first and name == "database":
                raise sqlite3.OperationalError("database or disk is full")

        with counted(fails):
            assert [one.id for one in index.entries(tmp_path)] == [store.identity("steps", 0)]
        assert whole(tmp_path) == [store.identity("steps", 0)]
