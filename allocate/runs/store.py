"""Folders of runs: written whole or not at all, named by what they hold.

A run is a folder `runs/<id>` with `run.json`, which names every other file of it with its SHA-256. It is written beside its
place, flushed to the disk and renamed, so that whatever stands under an id is whole, whenever the process was ended.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from allocate.errors import CaseError, Place
from allocate.record.plain_values import plain

RECORD = "run.json"
"""The file of a run that says what it is and names the others."""
ID = re.compile(r"[0-9a-f]{12}")
ABANDONED = 3600.0
"""Seconds after which a folder that was begun and never finished is taken to be left by a process that has died."""
_BEGUN, _GONE = ".new-", ".gone-"


def home() -> Path:
    """Where runs are kept: `ALLOCATE_HOME`, or `.allocate` in the current folder."""
    return Path(os.environ.get("ALLOCATE_HOME") or ".allocate")


def identity(*parts: Any) -> str:
    """The id of a run with such content: the same for the same content."""
    text = json.dumps(plain(parts), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def put(place: Path, id_: str, record: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Keep a run; where it is kept already, only the moment it was last made moves on.

    place: the home of runs. files: content by name. Safe beside other processes that keep the same run.
    Raises OSError where the folder cannot be written.
    """
    runs = _made(place)
    begun = runs / f"{_BEGUN}{id_}-{os.getpid()}-{time.time_ns()}"
    begun.mkdir()
    try:
        for name, content in files.items():
            _write(begun / name, content)
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        text = json.dumps(plain({**record, "id": id_, "files": hashes}), indent=2, ensure_ascii=False, allow_nan=False)
        _write(begun / RECORD, f"{text}\n".encode("utf-8", "surrogatepass"))
        _flush(begun)
        _settle(begun, runs / id_)
        _flush(runs)
    finally:
        shutil.rmtree(begun, ignore_errors=True)


def _settle(begun: Path, kept: Path) -> None:
    """Move a finished folder to its place; one that is whole there already stays, one that is damaged gives way."""
    with contextlib.suppress(FileNotFoundError):
        if damage(kept) is None:
            os.utime(kept / RECORD)
            return
        discard(kept)
    try:
        begun.rename(kept)
    except OSError:
        # Another process may have kept the same run in between.
        if not kept.is_dir() or damage(kept) is not None:
            raise


def names(place: Path) -> list[str]:
    """Ids of all runs there are, in order."""
    try:
        return sorted(one.name for one in (place / "runs").iterdir() if ID.fullmatch(one.name))
    except (FileNotFoundError, NotADirectoryError):
        return []


def damage(run: Path) -> str | None:
    """What is wrong with the folder of a run, in words; None where all its files are as they were written.

    Raises FileNotFoundError where there is no such folder.
    """
    if not run.is_dir():
        raise FileNotFoundError(run)
    try:
        record = json.loads((run / RECORD).read_bytes())
        if record["id"] != run.name:
            return f"its {RECORD} is that of {record['id']}"
        for name, written in record["files"].items():
            if hashlib.sha256((run / Path(name).name).read_bytes()).hexdigest() != written:
                return f"its {name} was changed after it was written"
    except OSError as error:
        return f"its {Path(str(error.filename)).name} cannot be read ({error.strerror})"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"its {RECORD} is not the record of a run"
    return None


def record_of(run: Path) -> dict[str, Any]:
    """What a run says of itself."""
    record: dict[str, Any] = json.loads((run / RECORD).read_bytes())
    return record


def content(run: Path, name: str) -> Any:
    """A JSON file of a run; CaseError where it is not what was written."""
    wrong = damage(run)
    if wrong is not None:
        fix = f"`allocate runs remove {run.name}` takes it away"
        raise CaseError.of(f"the run {run.name} is damaged: {wrong}", Place(str(run)), fix)
    return json.loads((run / name).read_bytes())


def discard(run: Path) -> None:
    """Take a run away, whole or damaged; at no moment is half of it listed."""
    gone = run.with_name(f"{_GONE}{run.name}-{os.getpid()}-{time.time_ns()}")
    try:
        run.rename(gone)
    except FileNotFoundError:
        return
    shutil.rmtree(gone, ignore_errors=True)


def abandoned(place: Path) -> Iterator[Path]:
    """Folders that dead processes have begun and not finished."""
    for one in [*place.glob(f"runs/{_BEGUN}*"), *place.glob(f"runs/{_GONE}*")]:
        with contextlib.suppress(FileNotFoundError):
            if time.time() - one.stat().st_mtime > ABANDONED:
                yield one


def _made(place: Path) -> Path:
    """The folder of all runs; version control is told to leave it alone."""
    runs = place / "runs"
    if not runs.is_dir():
        runs.mkdir(parents=True, exist_ok=True)
        (place / ".gitignore").write_text("*\n", encoding="utf-8")
    return runs


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """Flush the names in a folder, on systems where a folder can be opened."""
    try:
        number = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(number)
    finally:
        os.close(number)
