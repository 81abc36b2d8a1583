"""The index of runs: an SQLite table of what the folders say, brought up to date whenever it is read, made again when broken."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allocate.runs import store

FILE = "index.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS run (id TEXT PRIMARY KEY, at INTEGER NOT NULL, damage TEXT, record TEXT)"
WAIT = 10.0
"""Seconds to wait for another process that is writing the index."""


@dataclass(frozen=True)
class Entry:
    """A run as the index has it."""

    id: str
    at: int
    """When it was last made: ns since 1970, UTC."""
    damage: str | None
    """What is wrong with its files; None where they are as they were written."""
    record: dict[str, Any]
    """What its `run.json` says; empty where it is damaged."""


def entries(place: Path) -> list[Entry]:
    """All runs, latest first, as the folders have them now; damaged ones say so.

    The index is read where it agrees with the folders, and put right where it does not. Where it cannot be
    written, the folders alone are read.
    """
    found = {id_: at for id_ in store.names(place) if (at := _moment(place / "runs" / id_)) is not None}
    if not found and not (place / FILE).exists():
        return []
    try:
        listed = _agreeing(place, found)
    except (sqlite3.Error, ValueError, OSError):
        try:
            rebuild(place)
            listed = _agreeing(place, found)
        except (sqlite3.Error, OSError):
            listed = [one for id_, at in found.items() if (one := _entry(place / "runs" / id_, at)) is not None]
    return sorted(listed, key=lambda one: (-one.at, one.id))


def rebuild(place: Path) -> list[Entry]:
    """Make the index again from the folders, every file checked by its hash; what dead processes left is cleared away."""
    for folder in store.abandoned(place):
        shutil.rmtree(folder, ignore_errors=True)
    for ending in ("", "-journal", "-wal", "-shm"):
        (place / f"{FILE}{ending}").unlink(missing_ok=True)
    found = {id_: at for id_ in store.names(place) if (at := _moment(place / "runs" / id_)) is not None}
    return sorted(_agreeing(place, found), key=lambda one: (-one.at, one.id)) if found else []


def _agreeing(place: Path, found: dict[str, int]) -> list[Entry]:
    with _opened(place) as database:
        rows = {row[0]: row for row in database.execute("SELECT id, at, damage, record FROM run")}
        listed = []
        for id_, at in found.items():
            row = rows.get(id_)
            if row is not None and row[1] == at and row[2] is None:
                listed.append(Entry(id_, at, None, json.loads(row[3])))
            elif (entry := _entry(place / "runs" / id_, at)) is not None:
                listed.append(entry)
                values = (entry.id, entry.at, entry.damage, json.dumps(entry.record))
                database.execute("INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?)", values)
        database.executemany("DELETE FROM run WHERE id = ?", [(id_,) for id_ in rows if id_ not in found])
    return listed


def _entry(run: Path, at: int) -> Entry | None:
    """A run read from its folder; None where it was taken away meanwhile."""
    try:
        wrong = store.damage(run)
        return Entry(run.name, at, wrong, {} if wrong is not None else store.record_of(run))
    except FileNotFoundError:
        return None


def _moment(run: Path) -> int | None:
    for path in (run / store.RECORD, run):
        with contextlib.suppress(OSError):
            return path.stat().st_mtime_ns
    return None


@contextlib.contextmanager
def _opened(place: Path) -> Iterator[sqlite3.Connection]:
    """The index, in one transaction. It is made from the folders, so it need not outlive a loss of power."""
    database = sqlite3.connect(place / FILE, timeout=WAIT, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = OFF")
        # At once, not with the first change: two processes that both read first could not both go on to write.
        database.execute("BEGIN IMMEDIATE")
        database.execute(_TABLE)
        yield database
        database.execute("COMMIT")
    finally:
        database.close()
