"""An answer written to a file: whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

from allocate.api import Answer
from allocate.errors import CaseError, Place, Problem
from allocate.record.as_json import as_json


def check_can_write(path: Path) -> None:
    """Raise CaseError where no file can be written, before any work is done for it."""
    folder = path.parent
    if path.is_dir():
        raise CaseError([Problem(f"cannot write {path}: it is a folder", Place(str(path)), "name a file in it")])
    if not folder.is_dir():
        raise CaseError(
            [Problem(f"cannot write {path}: there is no folder {folder}", Place(str(path)), "make it first")]
        )
    if not os.access(folder, os.W_OK):
        fix = "name a folder you may write to"
        raise CaseError([Problem(f"cannot write {path}: permission denied", Place(str(path)), fix)])


def write_answer(answer: Answer, path: Path) -> None:
    """Write an answer as JSON; CaseError where that is not possible, and then no file is left half written."""
    text = json.dumps(as_json(answer), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        problem = Problem(f"cannot write {path}: {error.strerror or error}", Place(str(path)), "name another file")
        raise CaseError([problem]) from None
