"""Work that ends when the money is gone, in every scenario."""

from __future__ import annotations

import numpy as np

from allocate.numbers import Floats
from allocate.odds.money import money
from allocate.odds.outcomes import Outcomes, settled
from allocate.odds.rollover import Done
from allocate.tolerances import LIMIT_KEPT

HALVINGS = 30
"""Rounds in which the work is searched that the budget pays for."""


def stopped_at_budget(found: Outcomes) -> Outcomes:
    """The same plan where work ends, in the order in which it is done, when the total budget is spent.

    What is begun is paid by the contracts as ever: what a commitment, a retainer or wages cost does not end with the work.
    The work that the budget pays for is searched by halving, all scenarios at once. A case without a total budget stays as it is.
    """
    budget = found.asked["budget", 0]
    over = found.track.money.get(("budget",), np.zeros(found.track.drawn.count)) > budget * (1.0 + LIMIT_KEPT)
    if not over.any():
        return found
    done, drawn = found.track.done, found.track.drawn
    order = np.lexsort((done.line, done.period))
    each = found.held.table.unit_cost[found.track.route, done.period][:, None]
    cost = np.abs(done.items * np.where(each > 0.0, each, each.max(initial=0.0)))[order]
    whole = np.cumsum(cost, axis=0)
    low, high = np.zeros(drawn.count), np.where(over, whole[-1], np.inf)
    for _ in range(HALVINGS):
        middle = np.where(over, (low + np.where(over, high, 0.0)) / 2.0, np.inf)
        spent = money(drawn, found.held.asked, _upto(done, order, cost, whole, middle))["budget",]
        fits = spent <= budget
        low, high = np.where(fits & over, middle, low), np.where(fits | ~over, high, middle)
    return settled(found.held, drawn, found.each, _upto(done, order, cost, whole, np.where(over, low, np.inf)))


def _upto(done: Done, order: np.ndarray, cost: Floats, whole: Floats, end: Floats) -> Done:
    """The work done first, until its cost comes to an end, shape (scenarios,)."""
    before = whole - cost
    part = np.divide(end - before, cost, out=np.where(before < end, 1.0, 0.0), where=(cost > 0) & np.isfinite(end))
    items = done.items.copy()
    items[order] = items[order] * np.where(np.isfinite(end), np.clip(part, 0.0, 1.0), 1.0)
    return Done(done.line, done.period, items)
