"""Whether a JSON file has the parts of a plan that its check cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocate.errors import Problem
from allocate.record.text import Path_, Text
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
    """Every part that is missing or of the wrong kind, with its place."""
    status = text.data.get("status")
    if status in (Status.INFEASIBLE, Status.UNBOUNDED, Status.STOPPED):
        words = f"the file holds no plan: its status is {status}"
        return [Problem(words, text.place(("status",)), "check the file of a case that has a plan")]
    problems = [problem for path, kinds in _PARTS.items() for problem in _part(text, path, kinds)]
    if not problems:
        problems += _words(text)
        problems += _lines(text, ("lines",), _LINE)
        problems += _lines(text, ("staff",), _STAFF)
        problems += _lines(text, ("run", "options", "held"), _LINE)
        whole = text.data["certificate"]["bound"]["same_whole_numbers"]
        for key in ("columns", "duals") if whole is not None else ():
            problems += _part(text, ("certificate", "bound", "same_whole_numbers", key), (dict,))
    return problems


def _part(text: Text, path: Path_, kinds: tuple[type, ...]) -> Iterator[Problem]:
    data: Any = text.data
    for step in path[:-1]:
        data = data.get(step) if isinstance(data, dict) else None
    if not isinstance(data, dict):
        return  # the part it belongs to is missed already
    name = ".".join(map(str, path))
    if path[-1] not in data:
        yield Problem(f"the file has no {name}", text.place(path), _FIX)
    elif not _is(data[path[-1]], kinds):
        yield Problem(f"{name} expects {_NAMES[kinds[0]]}", text.place(path), _FIX)


def _is(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and not (isinstance(value, bool) and bool not in kinds)


def _words(text: Text) -> Iterator[Problem]:
    status, limit = text.data["status"], text.data["limit"]
    if status not in list(Status):
        yield Problem(f"there is no status '{status}'", text.place(("status",)), "write optimal or feasible")
    if limit is not None and limit not in list(Limit):
        yield Problem(
            f"there is no limit '{limit}'", text.place(("limit",)), f"write one of {', '.join(Limit)}, or null"
        )
    settings, inputs = text.data["run"]["settings"], text.data["run"]["inputs"]
    if not all(isinstance(one, str) and "=" in one for one in settings):
        yield Problem("run.settings expects texts like path=value", text.place(("run", "settings")), _FIX)
    if not all(isinstance(one, str) for one in inputs.values()):
        yield Problem("run.inputs expects a hash of each file", text.place(("run", "inputs")), _FIX)


def _lines(text: Text, path: Path_, columns: dict[str, tuple[type, ...]]) -> Iterator[Problem]:
    data: Any = text.data
    for step in path:
        data = data[step]
    for number, line in enumerate(data):
        if not isinstance(line, dict):
            yield Problem(f"{path[-1]} {number + 1} expects an object", text.place((*path, number)), _FIX)
            continue
        for key, kinds in columns.items():
            if key not in line:
                yield Problem(f"{path[-1]} {number + 1} has no {key}", text.place((*path, number)), _FIX)
            elif not _is(line[key], kinds):
                words = f"{path[-1]} {number + 1}: {key} expects {_NAMES[kinds[0]] if kinds != NUMBER else 'a number'}"
                yield Problem(words, text.place((*path, number, key)), _FIX)
