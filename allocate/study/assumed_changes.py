"""What assumed figures change, asked of the program a plan came from: those with most money at stake, in the work that is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allocate.answers import Answer
from allocate.case.load import Case, revised
from allocate.case.scenarios import path_of
from allocate.costing.routes import routes
from allocate.costing.value.values import product_values
from allocate.errors import CaseError
from allocate.explaining.re_solve import LEFT, Again, Worth
from allocate.program.build import build
from allocate.study.assumptions import ordered, register, row_of, worth_moving
from allocate.study.study import Study

FIGURES = 8
"""Figures that are moved at most: as many as a page shows."""
NOT_COMPUTED = "not computed"
"""What is said where there was no work left for a plan, or it was not proven best."""
SAID = {"impossible": "infeasible", "endless": "unbounded", "open": "unbounded"}


def changes_at_hand(answer: Answer, again: Again) -> Study:
    """The register of assumptions, with what the first few figures change at both ends of their plausible ranges.

    again: the program of the answer, which is solved again with the numbers that each end gives it. A change is told only where
    that plan was proven best; an end the case cannot take is left empty; all others are `not computed`.
    """
    case, rows = answer.case, []
    found = register(case, answer)
    possible = [(number, side) for number, one in enumerate(found) for side in ("low", "high") if getattr(one, side)]
    first = worth_moving(case, answer, found, possible, 2 * FIGURES)
    known: dict[tuple[int, str], tuple[float | None, str]] = dict.fromkeys(possible, (None, NOT_COMPUTED))
    for number in first:
        again.tell(f"what assumed figures change: {found[number].figure}")
        for side in ("low", "high"):
            settings = getattr(found[number], side)
            if settings and again.affords_some(1, made=True):
                worth = _moved(case, settings, again)
                known[number, side] = (None, "") if worth is None else _told(worth, again.built.aims[0].maximise)
    for number, one in enumerate(found):
        rows.append(row_of(one, *(known.get((number, side), (None, "")) for side in ("low", "high"))))
    return Study("assumptions", case, (), (), tuple(ordered(rows)), (), True)


def _moved(case: Case, settings: Mapping[str, Any], again: Again) -> Worth | None:
    """What the case with settings gains; None where it cannot take them."""
    try:
        for path in settings:
            path_of(case.document, path)
        changed = revised(case, settings)
    except CaseError:
        return None
    if again.seconds is not None and again.seconds <= 0:
        return LEFT
    try:
        ways = routes(changed)
    except CaseError:
        return Worth(None, None, "impossible")
    if all(changed.products[name].value == one.value for name, one in case.products.items()):
        return again.case(changed, ways).worth
    return again.program(lambda: build(changed, ways, product_values(changed, ways))).worth


def _told(worth: Worth, maximise: bool) -> tuple[float | None, str]:
    """Change of the objective itself, and why there is none."""
    if worth.state == "exact" and worth.gain is not None:
        return (worth.gain if maximise else -worth.gain) + 0.0, ""
    return None, SAID.get(worth.state, NOT_COMPUTED)
