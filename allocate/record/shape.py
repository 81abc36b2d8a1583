"""Whether a JSON file has the parts of a plan that its check cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from allocate.errors import Problem
from allocate.input_limits import PLAN_PROBLEMS
from allocate.record.text import Path_, Text, path_words
from allocate.solvers.outcome import Limit, Status

NUMBER, WORD, FLAG = (int, float), (str,), (bool,)
_LINE: dict[str, tuple[type, ...]] = {
    "product": WORD, "vendor": WORD, "workflow": WORD, "period": (int,), "items": NUMBER,
}  # fmt: skip
_STAFF: dict[str, tuple[type, ...]] = {
    "team": WORD, "period": (int,), "hired": NUMBER, "released": NUMBER, "overtime": NUMBER,
}  # fmt: skip
_NAMES: dict[type, str] = {
    int: "a whole number", float: "a number", str: "a text", dict: "an object", list: "a list", type(None): "null",
}  # fmt: skip
_FIX = "restore the file as `allocate solve CASE --out PLAN` wrote it"

_PARTS: dict[Path_, tuple[type, ...]] = {
    ("status",): WORD,
    ("solver_status",): WORD,
    ("limit",): (str, type(None)),
    ("message",): WORD,
    ("lines",): (list,),
    ("staff",): (list,),
    ("certificate",): (dict,),
    ("certificate", "bound"): (dict,),
    ("certificate", "bound", "duals"): (dict,),
    ("certificate", "bound", "branched"): (dict, type(None)),
    ("certificate", "bound", "claimed_by_solver"): (*NUMBER, type(None)),
    ("certificate", "bound", "same_whole_numbers"): (dict, type(None)),
    ("run",): (dict,),
    ("run", "scenario"): (str, type(None)),
    ("run", "settings"): (list,),
    ("run", "inputs"): (dict,),
    ("run", "options"): (dict,),
    ("run", "options", "held"): (list,),
}


def shape_problems(text: Text) -> list[Problem]:
    """Every part that is missing or of the wrong kind, with its place; no more than `PLAN_PROBLEMS`."""
    status = text.data.get("status")
    if status in (Status.INFEASIBLE, Status.UNBOUNDED, Status.STOPPED):
        words = f"the file holds no plan: its status is {status}"
        return [Problem(words, text.place(("status",)), "check the file of a case that has a plan")]
    return list(islice(_problems(text), PLAN_PROBLEMS))


def _problems(text: Text) -> Iterator[Problem]:
    missing = [problem for path, kinds in _PARTS.items() for problem in _part(text, path, kinds)]
    yield from missing
    if missing:
        return
    yield from _words(text)
    yield from _rows(text, ("lines",), _LINE)
    yield from _rows(text, ("staff",), _STAFF)
    yield from _rows(text, ("run", "options", "held"), _LINE)
    whole = text.data["certificate"]["bound"]["same_whole_numbers"]
    for key in ("columns", "duals") if whole is not None else ():
        yield from _part(text, ("certificate", "bound", "same_whole_numbers", key), (dict,))


def _part(text: Text, path: Path_, kinds: tuple[type, ...]) -> Iterator[Problem]:
    data: Any = text.data
    for step in path[:-1]:
        data = data.get(step) if isinstance(data, dict) else None
    if not isinstance(data, dict):
        return  # the part it belongs to is missed already
    if path[-1] not in data:
        yield Problem(f"the file has no {path_words(path)}", text.place(path), _FIX)
    elif not _is(data[path[-1]], kinds):
        yield Problem(f"{path_words(path)} expects {_NAMES[kinds[0]]}", text.place(path), _FIX)


def _is(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and not (isinstance(value, bool) and bool not in kinds)


def _words(text: Text) -> Iterator[Problem]:
    limit = text.data["limit"]
    for key in ("status", "solver_status"):
        if text.data[key] not in (Status.OPTIMAL, Status.FEASIBLE):
            words = f"there is no {key} '{text.data[key]}' of a plan"
            yield Problem(words, text.place((key,)), "write optimal or feasible")
    if limit is not None and limit not in list(Limit):
        yield Problem(
            f"there is no limit '{limit}'", text.place(("limit",)), f"write one of {', '.join(Limit)}, or null"
        )
    settings, inputs = text.data["run"]["settings"], text.data["run"]["inputs"]
    if not all(isinstance(one, str) and "=" in one for one in settings):
        yield Problem("run.settings expects texts like path=value", text.place(("run", "settings")), _FIX)
    if not all(isinstance(one, str) for one in inputs.values()):
        yield Problem("run.inputs expects a hash of each file", text.place(("run", "inputs")), _FIX)


def _rows(text: Text, path: Path_, columns: dict[str, tuple[type, ...]]) -> Iterator[Problem]:
    """What of a table's rows is missing, of the wrong kind, or no amount."""
    data: Any = text.data
    for step in path:
        data = data[step]
    for number, row in enumerate(data):
        where = (*path, number)
        if not isinstance(row, dict):
            yield Problem(f"{path_words(where)} expects an object", text.place(where), _FIX)
            continue
        for key, kinds in columns.items():
            place = (*where, key)
            if key not in row:
                yield Problem(f"{path_words(where)} has no {key}", text.place(where), _FIX)
            elif not _is(row[key], kinds):
                words = _NAMES[kinds[0]] if kinds != NUMBER else "a number"
                yield Problem(f"{path_words(place)} expects {words}", text.place(place), _FIX)
            elif kinds == NUMBER and row[key] < 0:
                yield Problem(f"{path_words(place)} is {row[key]:g}: no amount is below 0", text.place(place), _FIX)
        if not _is(row.get("within", 0.0), NUMBER):
            yield Problem(f"{path_words((*where, 'within'))} expects a number", text.place((*where, "within")), _FIX)
        if not _names_levers(row.get("levers", "")):
            place = (*where, "levers")
            yield Problem(f"{path_words(place)} expects names of levers", text.place(place), _FIX)


def _names_levers(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
