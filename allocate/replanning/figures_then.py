"""Where a case differs from the one that a plan was made of: the figures that held then, by their path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocate.case.clauses.price_lock import written_at
from allocate.case.load import Case
from allocate.case.paths import dotted
from allocate.case.scenarios import steps

LEFT_OUT = ("done", "frozen", "scenarios", "case", "title", "description", "include", "uncertain", "risk", "pilots")
"""Blocks that no figure of the past is in."""
Path = tuple[str | int, ...]


OF_CAPACITY = (
    "capacity",
    "people",
    "hours",
    "shrinkage",
    "utilisation",
    "capacity-steps",
    "ramp",
    "holidays",
    "working-days",
)


def of_capacity(path: str) -> bool:
    """Whether a path says what somebody can do, or what is asked: what is done is not measured by it."""
    block, *rest = steps(path)
    if block in ("vendors", "rates", "review-team"):
        return any(part in OF_CAPACITY for part in rest)
    return block in ("budget", "objective", "hurdle", "targets", "rules", "calendar") or "demand" in rest


def figures_then(now: Case, then: Case) -> dict[str, Any]:
    """Values of `then` where `now` has others, by the path at which a setting lays them over it; None for what was not there."""
    here, there = now.document.data, then.document.data
    found: dict[str, Any] = {}
    for key in dict.fromkeys((*here, *there)):
        if key in LEFT_OUT:
            continue
        if key == "rates" and isinstance(here.get(key), list) and isinstance(there.get(key), list):
            found |= _rates(here[key], there[key])
        else:
            parts = _apart(here.get(key), there.get(key), (key,))
            found |= {dotted(*path): value for path, value in parts if written_at(path) == path}
    return found


def _apart(here: Any, there: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Paths at which two parts differ, as deep as both are mappings, each with the second's value."""
    if here == there:
        return
    if isinstance(here, dict) and isinstance(there, dict):
        for key in dict.fromkeys((*here, *there)):
            yield from _apart(here.get(key), there.get(key), (*path, key))
    else:
        yield path, there


def _rates(here: list[Any], there: list[Any]) -> dict[str, Any]:
    """The same of the rate card, line by line; lines that were added since are left where they are."""

    def by_name(rows: list[Any]) -> dict[tuple[str, ...], dict[str, Any]]:
        keys = ("product", "vendor", "workflow")
        return {tuple(str(row[key]) for key in keys if row.get(key) is not None): row for row in rows}

    then, found = by_name(there), dict[str, Any]()
    for names, row in by_name(here).items():
        for path, value in _apart(row, then.get(names, row), ("rates", *names)):
            found[dotted(*path)] = value
    return found
