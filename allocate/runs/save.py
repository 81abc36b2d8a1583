"""Keeping the run that made an answer or a study: its inputs, plan and certificate or points, and figures."""

from __future__ import annotations

import datetime
import json
import platform
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocate.answers import Answer
from allocate.case.load import Case
from allocate.record.as_json import as_json
from allocate.record.plain_values import plain
from allocate.runs import store

if TYPE_CHECKING:
    from allocate.odds.odds import Odds
    from allocate.odds.pilots import Pilots
    from allocate.study.compare import Comparison
    from allocate.study.study import Study

CASE, PLAN, STUDY = "case.json", "plan.json", "study.json"
NOT_DONE = "not done"
PACKAGES = ("allocate", "pulp", "highspy", "numpy", "pandas")
FIGURES = ("status", "limit", "objective_name", "objective", "bound", "gap", "spend", "value", "net_value", "currency")


def save_run(
    found: Answer | Study | Comparison | Odds | Pilots, place: str | Path | None = None, source: str | None = None
) -> str:
    """Keep an answer, a study, a comparison, odds or pilots as a run and return its id.

    The folder `<place>/runs/<id>` gets `case.json` (the case with its tables, scenario and settings laid in), `plan.json`
    (as `allocate solve --out` writes it, to be checked by `allocate verify`) and `run.json` (figures, options, versions,
    hashes); of a study see `save_study`. The id is a hash of the case, the options and the answer, without the time it took: the same run made again
    is kept once. place: `ALLOCATE_HOME`, else `.allocate`. source: what the case was read from, to be shown.

    Raises OSError where nothing can be written there.
    """
    if not isinstance(found, Answer):
        return save_study(*_as_study(found), {}, Path(place) if place else None, source)
    document, case = as_json(found), found.case
    files = {CASE: _json(case.written), PLAN: _json(document)}
    id_ = store.identity("solve", case.written, document["digest"])
    store.put(Path(place) if place else store.home(), id_, record_of(case, document, source), files)
    return id_


def _as_study(found: Study | Comparison | Odds | Pilots) -> tuple[Mapping[str, Any], Sequence[Case]]:
    """A study as JSON has it, and the cases it is about."""
    from allocate.odds.odds import Odds
    from allocate.odds.pilots import Pilots

    if isinstance(found, Odds | Pilots):
        from allocate.odds.as_study import odds_as_study, pilots_as_study

        return odds_as_study(found) if isinstance(found, Odds) else pilots_as_study(found), (found.case,)
    return found.as_object(), found.cases


def record_of(case: Case, document: Mapping[str, Any], source: str | None) -> dict[str, Any]:
    """What `run.json` says of an answer, from its JSON."""
    figures = {name: document[name] for name in FIGURES}
    figures |= {name: document["run"][name] for name in ("solver", "options", "versions", "inputs", "seconds")}
    return {**_record("solve", case, source), **figures}


def save_study(
    study: Mapping[str, Any],
    cases: Sequence[Case],
    options: Mapping[str, Any],
    place: Path | None = None,
    source: str | None = None,
    seconds: float = 0.0,
) -> str:
    """Keep a study as a run and return its id.

    study: as JSON has it (`Study.as_object`), with every point's settings, status, figures and bound; `ended` in it says what came
    of it, where that is not a number of points. cases: what it is
    about; more than one for a comparison. The folder gets `case.json` (`case-2.json` … for further ones), `study.json` and
    `run.json`. The id is a hash of the case, the options and what was found; the study made
    again is kept once, whoever did its points. Raises OSError where nothing can be written.
    """
    kind, points = str(study["study"]), study["points"]
    done = sum(row.get("status") != NOT_DONE for row in study["rows"])
    case, documents = cases[0], [one.written for one in cases]
    id_ = store.identity(kind, documents, options, study)
    ended = f"{len(points)} points" if study["whole"] else f"ended early, {done} of {len(points)} points"
    ended = study.get("ended", ended)
    figures = {**dict.fromkeys(FIGURES), "status": ended, "currency": case.currency}
    figures |= {"objective_name": study["objective_name"], "solver": None, "options": dict(options)}
    inputs = {_of(number, name): digest for number, one in enumerate(cases) for name, digest in one.inputs.items()}
    figures |= {"versions": versions(), "inputs": inputs, "seconds": {"study": seconds}}
    files = {_of(number, CASE): _json(document) for number, document in enumerate(documents)} | {STUDY: _json(study)}
    store.put(place or store.home(), id_, {**_record(kind, case, source), **figures}, files)
    return id_


def _of(number: int, name: str) -> str:
    """A file's name, marked for further cases: case.json, case-2.json …"""
    stem, dot, suffix = name.rpartition(".")
    return name if number == 0 else f"{stem}-{number + 1}{dot}{suffix}"


def versions() -> dict[str, str]:
    """Versions of what a run was made with."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def _record(kind: str, case: Case, source: str | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "source": source,
        "case": case.name,
        "scenario": case.scenario,
        "settings": list(case.settings),
    }


def not_kept(save: Callable[[], str]) -> str | None:
    """Keep a run; where that is not possible, why, in words: a plan is never lost for it."""
    try:
        save()
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return f"the run was not kept in {store.home()}: {why} (`--no-save` does without, ALLOCATE_HOME names a place)"
    return None


def _json(value: Any) -> bytes:
    text = json.dumps(plain(value), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "surrogatepass")
