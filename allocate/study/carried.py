"""What one budget of a frontier says of the next: a plan that fits stays one, and a bound holds for less money too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from allocate.certificate.certificate import told_bound
from allocate.solvers.outcome import gap_of
from allocate.study.figures import Figures
from allocate.tolerances import BETTER_PLAN, PROVEN

MAXIMISED = ("net-value", "value", "delivery")
SEARCHED = ("optimal", "feasible", "stopped")
"""How a point ends whose plan may be another's, or may have been missed."""


def carried(amounts: Sequence[float], found: Sequence[Figures | None], goal: str) -> tuple[Figures | None, ...]:
    """The figures of all budgets, ascending, none with a worse plan than a smaller one or a looser bound than a larger one.

    Searches that end at a gap or a limit find plans a little off the best, now more, now less. A plan for less money fits in
    more, and no plan of less money is better than the best of more.
    """
    sign = 1.0 if goal in MAXIMISED else -1.0
    bounded: list[Figures | None] = []
    least: float | None = None
    for one in reversed(found):
        if one is not None and one.status in SEARCHED and one.bound is not None:
            own = sign * one.bound
            if least is not None and least < own - BETTER_PLAN * max(1.0, abs(own)):
                one = _proven(replace(one, bound=sign * least), sign)
            else:
                least = own
        bounded.append(one)
    best: tuple[float, Figures] | None = None
    done = list[Figures | None]()
    for amount, one in zip(amounts, reversed(bounded), strict=True):
        if one is not None and one.status in SEARCHED:
            if best is not None and _better(best[1], one, sign):
                one = replace(_at(best, amount, one.bound, sign), fault=one.fault)
            elif one.objective is not None:
                best = amount, one
        done.append(one)
    return tuple(done)


def _better(one: Figures, other: Figures, sign: float) -> bool:
    """Whether a plan reaches more than another, or there is no other."""
    if one.objective is None or other.objective is None:
        return other.objective is None
    return sign * (one.objective - other.objective) > BETTER_PLAN * max(1.0, abs(other.objective))


def _at(best: tuple[float, Figures], amount: float, bound: float | None, sign: float) -> Figures:
    """The plan of a smaller budget at a larger one, where it leaves money over that might do more."""
    own, one = best
    left = None if one.left_of_budget is None else one.left_of_budget + (amount - own)
    moved = replace(one, bound=bound, left_of_budget=left, worth_of_money=None, carried=True)
    return _proven(replace(moved, status="feasible"), sign)


def _proven(one: Figures, sign: float) -> Figures:
    """The same with the gap that its bound leaves, optimal where that is none to speak of."""
    if one.objective is None or one.bound is None:
        return replace(one, gap=None)
    bound = told_bound(one.bound, one.objective, sign > 0)
    gap = gap_of(one.objective, bound)
    return replace(one, bound=bound, gap=gap, status="optimal" if gap is not None and gap <= PROVEN else one.status)
