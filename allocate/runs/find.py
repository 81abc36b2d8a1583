"""Finding one run by what people type: the beginning of its id, `latest`, or `latest~1` for the one before."""

from __future__ import annotations

import re
from pathlib import Path

from allocate.errors import CaseError
from allocate.runs.index import Entry, entries

SOLVE = "solve"
"""Kind of the runs that hold a plan; all others are studies."""
LATEST = re.compile(r"latest(?:~(\d{1,6}))?")


def find(place: Path, word: str, damaged: bool = False, with_plan: bool = False) -> Entry:
    """The run meant by a word; CaseError where it is none or several.

    damaged: whether a run whose files are not as they were written will do. with_plan: `latest` is the last run that holds a
    plan, and a run that holds none is refused.
    """
    there = [one for one in entries(place) if damaged or one.damage is None]
    if (back := LATEST.fullmatch(word)) is not None:
        there = [one for one in there if not with_plan or one.record["kind"] == SOLVE]
        matching = there[int(back[1] or 0) :][:1]
    else:
        matching = [one for one in there if word and one.id.startswith(word)]
    if len(matching) == 1:
        kind = matching[0].record.get("kind")
        if with_plan and kind != SOLVE:
            words = f"the run {matching[0].id} holds no plan: it is of kind {kind}"
            raise CaseError.of(words, None, "name a run of kind solve; `allocate runs` lists them")
        return matching[0]
    if not there:
        what = "no run that holds a plan" if with_plan else "no run"
        raise CaseError.of(
            f"{what} is kept in {place}", None, "`allocate solve CASE` and studies keep each of their runs"
        )
    if matching:
        ids = ", ".join(one.id for one in matching[:8])
        raise CaseError.of(f"several runs begin with '{word}'", None, f"write more of it: {ids}")
    raise CaseError.of(
        f"there is no run '{word}' in {place}", None, "`allocate runs` lists them; `latest` is the last one"
    )


def before(place: Path, one: Entry) -> Entry:
    """The last run of the same kind that was made before a run; CaseError where there is none."""
    kind, listed = one.record["kind"], [other for other in entries(place) if other.damage is None]
    older = listed[[other.id for other in listed].index(one.id) + 1 :]
    same = next((other for other in older if other.record["kind"] == kind), None)
    if same is None:
        words = f"there is no {kind} before {one.id} in {place} to compare it with"
        raise CaseError.of(words, None, f"name two runs: `allocate runs diff A {one.id}`")
    return same
