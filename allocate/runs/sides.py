"""What two runs are compared by: a run that was kept, or a plan file, wherever it lies."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocate.errors import CaseError, Place
from allocate.record.as_json import as_json
from allocate.record.plain_values import plain
from allocate.record.proof import digest
from allocate.record.text import read_json
from allocate.runs import store
from allocate.runs.find import SOLVE, find
from allocate.runs.index import Entry
from allocate.runs.save import CASE, FIGURES, PLAN, STUDY, record_of

if TYPE_CHECKING:
    from allocate.answers import Answer


@dataclass(frozen=True)
class Side:
    """One of two that are compared."""

    name: str
    """Its id, or the file's name."""
    when: str | None
    """When it was last made, UTC; a file does not say."""
    record: Mapping[str, Any]
    """As `run.json` has it: kind, case, scenario, settings, figures, options, versions, inputs."""
    found: Mapping[str, Any]
    """The plan, or the study, as JSON has it."""
    case: Any = None
    """The case with everything laid in; None where only a plan file is there."""


def side(place: Path, word: str) -> Side:
    """The run or the plan file a word means; CaseError where it is none."""
    is_file = word.endswith(".json") or "/" in word or "\\" in word
    return of_file(Path(word)) if is_file else of_run(place, find(place, word))


def of_run(place: Path, entry: Entry) -> Side:
    """A run that was kept."""
    moment = datetime.datetime.fromtimestamp(entry.at // 10**9, datetime.UTC)
    run = place / "runs" / entry.id
    found = store.content(run, PLAN if entry.record["kind"] == SOLVE else STUDY)
    return Side(entry.id, f"{moment:%Y-%m-%d %H:%M:%S}", entry.record, found, store.content(run, CASE))


def of_answer(name: str, answer: Answer) -> Side:
    """An answer that was just made."""
    document = plain(as_json(answer))
    return Side(name, None, record_of(answer.case, document, None), document, plain(answer.case.written))


def of_file(path: Path) -> Side:
    """A plan file, as `allocate solve --out` writes it.

    Raises CaseError for a file that is not a plan, and for one that is not as it was written.
    """
    data = read_json(path).data
    place, fix = Place(path.name), "write it with `allocate solve CASE --out PLAN`"
    try:
        run, figures = data["run"], {name: data[name] for name in FIGURES}
        lines = [
            {**{key: str(line[key]) for key in ("product", "vendor", "workflow")}, "items": float(line["items"]), "cost": float(line["cost"])}
            for line in data["lines"]
        ]  # fmt: skip
        record = {"kind": SOLVE, "case": str(data["case"]), "scenario": run["scenario"], "settings": [str(one) for one in run["settings"]]}  # fmt: skip
        record |= {**figures, "solver": run["solver"]}
        record |= {name: dict(run[name]) for name in ("options", "versions", "inputs", "seconds")}
        as_written = data["digest"] == digest(data)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CaseError.of(f"{path.name} is not a plan", place, fix) from None
    if not as_written:
        message = f"{path.name} is not as it was written: its digest is another"
        raise CaseError.of(message, place, "compare the file as `allocate solve CASE --out PLAN` wrote it")
    return Side(path.name, None, record, {**data, "lines": lines})
