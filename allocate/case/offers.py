"""What a problem offers to write is tried before it is printed: it stays only where the case then reads as was meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from allocate.case.clauses.price_lock import written_at
from allocate.case.document import Document, Path_, graft, remove, walk
from allocate.errors import Place, Problem, replacements
from allocate.miswritten import same_number
from allocate.units import Units, kind_of

Keeps = Callable[[str, str], bool]
"""Whether a text in place of another keeps the number that was written."""
Check = Callable[[Document], Sequence[Problem]]
"""Every problem of a document."""
TRIED_APART = 24
"""Most problems whose fixes are tried one by one; more, or those of a large case, are tried together."""
LARGE = 5_000
"""Values of a case that make it large."""
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}|(?:week|month|quarter) \d+")
_QUOTED = re.compile(r"'[^']*'")
_HINT = re.compile(r", did you mean '[^']*'\?(?=$|; so it is)")

Spot = tuple[str, int, int]
"""File, line and column."""


@dataclass(frozen=True)
class Target:
    """A text of the case that a fix stands for: a value or a key, and where it was written."""

    path: Path_
    is_key: bool
    spot: Spot
    override: str = ""
    """The dotted path it is a part of, where a scenario says it so."""


def offered(problems: Sequence[Problem], document: Document, check: Check, keeps: Keeps) -> list[Problem]:
    """The problems, without fixes that would leave a problem where they are written.

    A fix ``write `x` `` (or ``write `x` or `y` ``, or ``did you mean 'x'?``) stands for the text its place marks. It is
    written there, and the case checked again; many fixes, and those of a large case, are written and checked together.
    One that changes the number that was written is left out too.
    """
    places = places_of(document)
    targets = {
        number: target
        for number, problem in enumerate(problems)
        if (target := target_of(problem, document, places)) is not None
    }
    together = len(targets) > TRIED_APART or len(document.values) > LARGE
    fine = _fine_together(problems, targets, document, check) if together else None
    found = list(problems)
    for number, target in targets.items():
        texts = [one for one in replacements(problems[number].fix) if _keeps(document, target, one, keeps)]
        kept = (
            [one for one in texts if _fits(problems[number], document, target, one, check)]
            if fine is None
            else [one for one in fine[number] if one in texts]
        )
        found[number] = _left(problems[number], kept, target, document)
    return found


def _fits(problem: Problem, document: Document, target: Target, text: str, check: Check) -> bool:
    changed = document.copied()
    spots = write(changed, target, text)
    return spots is not None and _is_gone(problem, spots, check(changed))


def _keeps(document: Document, target: Target, text: str, keeps: Keeps) -> bool:
    before = document.at(target.path)
    return target.is_key or not isinstance(before, str) or keeps(before, text)


def keeping(units: Units | None) -> Keeps:
    """Whether a text keeps the number of another: as written, in whatever notation, and in units of the same size."""

    def keeps(before: str, after: str) -> bool:
        if _TIME.fullmatch(after):
            return True
        return same_number(before, after) and (units is None or _same_size(before, after, units))

    return keeps


def _same_size(before: str, after: str, units: Units) -> bool:
    """Whether two amounts of one kind are equal but for a sign; `97` and `97%` are of two kinds."""
    if "%" in before + after or not (units.reads(before) and units.reads(after)):
        return True
    old, new = units.quantity(before), units.quantity(after)
    return kind_of(old) != kind_of(new) or math.isclose(abs(old.number), abs(new.number), rel_tol=1e-12)


def _is_gone(problem: Problem, spots: set[Spot], left: Sequence[Problem]) -> bool:
    """Whether nothing is wrong at the spots of a fix any more; a name may be right and still not fit where it stands."""
    there = [one for one in left if one.place is not None and spot_of(one.place) in spots]
    if (problem.fix or "").startswith("did you mean '"):
        return all(_unnamed(one.message) != _unnamed(problem.message) for one in there)
    return not there


def _unnamed(message: str) -> str:
    return _QUOTED.sub("''", _HINT.sub("", message))


def _fine_together(
    problems: Sequence[Problem], targets: Mapping[int, Target], document: Document, check: Check
) -> dict[int, list[str]]:
    """The texts that may stay of each problem, where the first of each is written and all is checked at once."""
    changed = document.copied()
    spots = {
        number: write(changed, target, replacements(problems[number].fix)[0]) for number, target in targets.items()
    }
    left = check(changed)
    return {
        number: list(replacements(problems[number].fix))
        if own is not None and _is_gone(problems[number], own, left)
        else []
        for number, own in spots.items()
    }


def places_of(document: Document) -> dict[Spot, list[Path_]]:
    """The paths of a document, keys and values, by where they were written."""
    found: dict[Spot, list[Path_]] = {}
    for table in (document.values, document.keys):
        for path, place in table.items():
            found.setdefault(spot_of(place), []).append(path)
    return found


def spot_of(place: Place) -> Spot:
    """A place without its width and text."""
    return place.file, place.line, place.column


def target_of(problem: Problem, document: Document, places: Mapping[Spot, list[Path_]]) -> Target | None:
    """What a problem's fix stands for: a value that is one text, else a key; None where nothing can be tried."""
    if problem.place is None or not replacements(problem.fix):
        return None
    spot = spot_of(problem.place)
    there = [path for path in places.get(spot, []) if written_at(path) == path]
    paths = [path for path in there if path[:1] != ("scenarios",)]
    of_scenario = [path for path in there if path[:1] == ("scenarios",) and path in document.keys]
    override = next(
        (str(path[-1]) for path in of_scenario if spot_of(document.keys[path]) == spot and len(path) == 3), ""
    )
    if override or not problem.place.line:
        return _in_setting(problem, document, paths, spot, override)
    keys: list[Path_] = []
    for path in paths:
        try:
            value = document.at(path)
        except (KeyError, IndexError, TypeError):
            continue
        if path in document.keys and spot_of(document.keys[path]) == spot:
            keys.append(path)
        elif not isinstance(value, dict | list):
            return Target(path, False, spot)
    return Target(keys[0], True, spot) if keys else None


def _in_setting(
    problem: Problem, document: Document, paths: Sequence[Path_], spot: Spot, override: str
) -> Target | None:
    """The key or text of a setting that a problem quotes; all of a setting stands at one spot."""
    quoted = {text[1:-1] for text in _QUOTED.findall(_HINT.sub("", problem.message))}
    for path in filter(None, paths):
        for inner, value in walk(document.get(path)):
            if isinstance(value, str) and value in quoted:
                return Target((*path, *inner), False, spot, override)
    keys = [path for path in paths if path and path[-1] in quoted]
    return Target(keys[0], True, spot, override) if keys else None


def write(document: Document, target: Target, text: str) -> set[Spot] | None:
    """Write a text into a document, in place; the spots that must be right then, None where there is such a key already."""
    parent = document.at(target.path[:-1])
    if not target.is_key:
        parent[target.path[-1]] = text
        return {target.spot}
    if text in parent and target.spot[1] and not target.override:
        return None  # a setting may replace what is there, a line of a file not
    path = (*target.path[:-1], text)
    source = document.copied()
    graft(document, path, source, target.path)
    for now, before in ((document.values, source.values), (document.keys, source.keys)):
        if target.path in before:
            now[path] = before[target.path]
    remove(document, target.path)
    return {target.spot} | {spot_of(place) for where, place in document.values.items() if where[: len(path)] == path}


def _left(problem: Problem, fine: Sequence[str], target: Target, document: Document) -> Problem:
    """A problem with what may be written, and without a hint where nothing may."""
    if target.override and fine:
        before = str(target.path[-1] if target.is_key else document.at(target.path))
        whole = target.override.replace(before, fine[0], 1)
        return replace(problem, fix=f"write `{whole}`", otherwise=None)
    if list(fine) == list(replacements(problem.fix)):
        return replace(problem, otherwise=None)
    if fine:
        return replace(problem, fix="write " + " or ".join(f"`{text}`" for text in fine), otherwise=None)
    return replace(problem, message=_HINT.sub("", problem.message), fix=problem.otherwise, otherwise=None)
