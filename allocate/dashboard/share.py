"""One file for people without Python: the report, with levers over plans that were solved beforehand."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from allocate.answers import Answer
from allocate.api.solving import formulate, solve
from allocate.case.load import Case, revised
from allocate.dashboard.afterwards import swing
from allocate.dashboard.levers import AS_IT_IS, Slider, levers, strongest_first
from allocate.dashboard.shown import NO_PLAN, rendered
from allocate.errors import CaseError, readable
from allocate.explaining.re_solve import Tell
from allocate.reporting.compose import compose
from allocate.reporting.page import body, style
from allocate.reporting.report import explained
from allocate.reporting.wording import counted, rounded
from allocate.reporting.write import check_extra
from allocate.tables.formats import money
from allocate.writing import check_can_write, write_whole

BUDGETS = (50, 60, 70, 80, 85, 90, 95, 100, 105, 110, 115, 120, 130, 150, 175, 200)
"""Positions of the budget, in per cent of the case's."""
OTHERS = (50, 70, 80, 90, 100, 110, 120, 150, 200)
"""Positions of every other lever."""
MOST_LEVERS = 4
"""Levers: the budget, and those that change most."""
MOST_BYTES = 1_900_000
"""Bytes of the file at most, so that it can be mailed; what does not fit is left out, and said."""
RANKED = 1.5
"""Seconds of a plan up to which levers are ranked by planning with each of them."""
LIMIT = 20.0
"""Seconds for each plan at most."""


@dataclass(frozen=True)
class Shared:
    """The file, and what it has."""

    path: Path
    plans: int
    left_out: tuple[str, ...]
    """Levers and scenarios that did not fit."""


@dataclass(frozen=True)
class _Point:
    """A plan to be solved: by what it is known, its words, and what it sets."""

    key: str
    words: str
    scenario: str | None
    settings: dict[str, Any]


def share(
    case: Case, path: Path, *, answer: Answer | None = None, time_limit: float | None = None, tell: Tell | None = None
) -> Shared:
    """Write the report of a case into one file, with levers over plans that are solved for it.

    answer: that of `solve`, where it is there already. time_limit: s, for each plan. tell: told what is looked into next.

    Raises CaseError where the file cannot be written or what a report needs is not installed.
    """
    check_extra()
    check_can_write(path)
    limit = min(time_limit or LIMIT, LIMIT)
    built = formulate(case)
    answer = answer or solve(case, formulation=built, time_limit=limit)
    found, moved = explained(answer, built, False, time_limit, tell)
    whole = body(compose(answer, found, moved))
    groups = [*_levers(case, answer, tell), *_scenarios(case)]
    room, plans, left_out = MOST_BYTES - len(whole.encode()), dict[str, dict[str, str]](), list[str]()
    kept: list[tuple[str, Sequence[_Point]]] = []
    for name, points in groups:
        done = {point.key: _planned(case, answer, point, limit, tell) for point in points if point.key}
        size = sum(len(one["page"]) + len(one["said"]) + 40 for one in done.values())
        if size > room:
            left_out.append(name)
            continue
        room -= size
        plans |= done
        kept.append((name, points))
    write_whole(path, _page(case, answer, whole, kept, plans, left_out))
    return Shared(path, len(plans) + 1, tuple(left_out))


def _levers(case: Case, answer: Answer, tell: Tell | None) -> Iterator[tuple[str, Sequence[_Point]]]:
    """The budget, and the sliders that change most, each with its positions; the one of the case has no key."""
    sliders = [one for one in levers(case) if isinstance(one, Slider)]
    quick = sum(answer.run["seconds"].values()) <= RANKED
    swings: dict[str, float] = {}
    for one in sliders if quick and answer.objective is not None else ():
        if tell is not None:
            tell(f"levers: {readable(one.name, 60)}")
        ends = [one.moved.settings(Decimal(part)) for part in ("0.9", "1.1")]
        swings[one.name] = swing(case, answer.objective or 0.0, ends) or 0.0
    known = [one for one in strongest_first(sliders, swings) if isinstance(one, Slider)]
    for one in sorted(known, key=lambda one: one.name != "budget")[:MOST_LEVERS]:
        positions = [at for at in (BUDGETS if one.name == "budget" else OTHERS) if one.least <= at <= one.most]
        yield one.name, [_at(one, at) for at in positions]


def _at(one: Slider, position: int) -> _Point:
    key = "" if position == AS_IT_IS else f"{one.number}:{position}"
    return _Point(key, one.shown(str(position)), None, one.settings(str(position)))


def _scenarios(case: Case) -> Iterator[tuple[str, Sequence[_Point]]]:
    for number, name in enumerate(case.file.scenarios if not case.scenario else ()):
        yield name, [_Point(f"scenario:{number}", readable(name, 60), name, {})]


def _planned(case: Case, base: Answer, point: _Point, limit: float, tell: Tell | None) -> dict[str, str]:
    """A plan's page, packed, and what is said of it."""
    if tell is not None:
        tell(f"{point.scenario or point.words}")
    try:
        found = solve(revised(case, point.settings, point.scenario), time_limit=limit, conflicts=False)
        page, said = body(compose(found)), _said(base, found)
    except CaseError as error:
        said = "; ".join(readable(one.message, 200) for one in error.problems)
        page = rendered("after.html.jinja", sections=(), pictures={})
    packed = base64.b64encode(gzip.compress(page.encode(), 9, mtime=0)).decode()
    return {"page": packed, "said": said}


def _said(base: Answer, found: Answer) -> str:
    """What a plan comes to, and how that differs from the case as it is."""
    if found.plan is None:
        return NO_PLAN[found.status.value]
    currency, goal = found.case.currency, found.case.file.objective[0].replace("-", " ")
    told = f"{goal.capitalize()} {rounded(found.objective or 0.0)} {currency}, spend {rounded(found.plan.spend)}"
    if found is base:
        return f"{told}: the case as it is."
    same = base.objective is not None and found.case.file.objective[0] == base.case.file.objective[0]
    if not same or found.objective is None or base.objective is None:
        return f"{told}; another objective than that of the case as it is."
    change = found.objective - base.objective
    more = f"{money(abs(change))} {'more' if change > 0 else 'less'} than" if abs(change) >= 0.005 else "as in"
    return f"{told}; {goal} is {more} the case as it is."


def _page(
    case: Case, answer: Answer, whole: str, groups: Sequence[tuple[str, Sequence[_Point]]], plans: dict[str, dict[str, str]],
    left_out: Sequence[str],
) -> str:  # fmt: skip
    """The file's text."""
    from markupsafe import Markup

    script = files("allocate.dashboard").joinpath("templates/share.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    shown = [
        {
            "name": readable(name, 120),
            "keys": [point.key for point in points],
            "words": [readable(point.words, 120) for point in points],
            "rest": next(number for number, point in enumerate(points) if not point.key),
        }
        for name, points in groups
        if points[0].scenario is None
    ]
    scenarios = [(points[0].key, points[0].words) for _, points in groups if points[0].scenario is not None]
    note = (
        f"{counted(len(plans) + 1, 'plan')}, each solved and checked beforehand; a lever stops at each of them. One lever or scenario "
        "moves at a time, all others stand as in the case."
    )
    if left_out:
        note += f" Left out, so that the file can be mailed: {', '.join(readable(one, 60) for one in left_out)}."
    return rendered(
        "share.html.jinja", title=readable(case.file.title or case.name, 160), style=style(), plan=Markup(whole), levers=shown,
        scenarios=scenarios, note=note, said=_said(answer, answer), script=Markup(script), script_digest=f"sha256-{digest}",
        plans=Markup(json.dumps(plans, separators=(",", ":")).replace("<", "\\u003c")),
    )  # fmt: skip
