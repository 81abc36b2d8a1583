"""An answer written to a file: whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from allocate.answers import Answer
from allocate.record.as_json import as_json
from allocate.writing import write_whole


def write_answer(answer: Answer, path: Path) -> None:
    """Write an answer as JSON; CaseError where that is not possible, and then what stood there is as it was."""
    write_whole(path, json.dumps(as_json(answer), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
