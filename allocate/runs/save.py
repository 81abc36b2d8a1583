"""Keeping the run that made an answer: its inputs, plan, certificate and figures."""

from __future__ import annotations

import datetime
import json
import sqlite3
from pathlib import Path
from typing import Any

from allocate.api import Answer
from allocate.record.as_json import as_json
from allocate.record.plain_values import plain
from allocate.runs import store

CASE, PLAN = "case.json", "plan.json"
FIGURES = ("status", "limit", "objective_name", "objective", "bound", "gap", "spend", "value", "net_value", "currency")


def save_run(answer: Answer, place: Path | None = None, source: str | None = None) -> str:
    """Keep an answer as a run and return its id.

    The folder `<place>/runs/<id>` gets `case.json` (the case with its tables, scenario and settings laid in), `plan.json`
    (as `allocate solve --out` writes it, to be checked by `allocate verify`) and `run.json` (figures, options, versions,
    hashes). The id is a hash of the case, the options and the answer, without the time it took: the same run made again
    is kept once. place: `ALLOCATE_HOME`, else `.allocate`. source: what the case was read from, to be shown.

    Raises OSError where nothing can be written there.
    """
    place = place or store.home()
    document, case = as_json(answer), answer.case
    files = {CASE: _json(case.document.data), PLAN: _json(document)}
    id_ = store.identity("solve", case.document.data, document["digest"])
    record: dict[str, Any] = {
        "kind": "solve",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "source": source,
        "case": case.name,
        "scenario": case.scenario,
        "settings": list(case.settings),
        **{name: document[name] for name in FIGURES},
        **{name: document["run"][name] for name in ("solver", "options", "versions", "inputs", "seconds")},
    }
    store.put(place, id_, record, files)
    return id_


def saved(answer: Answer, source: str) -> str | None:
    """Keep an answer; where that is not possible, why, in words: a plan is never lost for it."""
    try:
        save_run(answer, source=source)
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return f"the run was not kept in {store.home()}: {why} (`--no-save` does without, ALLOCATE_HOME names a place)"
    return None


def _json(value: Any) -> bytes:
    text = json.dumps(plain(value), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "surrogatepass")
