"""Work that ends when the money is gone, in every scenario."""

from __future__ import annotations

import numpy as np

from allocate.numbers import Floats
from allocate.odds.money import money
from allocate.odds.outcomes import Outcomes, settled
from allocate.odds.rollover import Done
from allocate.tolerances import LIMIT_KEPT

ROUNDS = 30
"""Rounds at most in which the work is searched that the budget pays for."""
CLOSE = 1e-3
"""Part of the tolerance of limits that may be left of the budget."""


def stopped_at_budget(found: Outcomes) -> Outcomes:
    """The same plan where work ends, in the order in which it is done, when the total budget is spent.

    What is begun is paid by the contracts as ever: what a commitment, a retainer or wages cost does not end with the work.
    The work that the budget pays for is searched between straight lines, all scenarios at once. A case without a total budget stays as it is.
    """
    budget = found.asked["budget", 0]
    over = found.track.money.get(("budget",), np.zeros(found.track.drawn.count)) > budget * (1.0 + LIMIT_KEPT)
    if not over.any():
        return found
    done, drawn = found.track.done, found.track.drawn
    order = np.lexsort((done.line, done.period))
    each = found.held.table.unit_cost[found.track.route, done.period][:, None]
    # What is done is paid for: work ends with none of it undone.
    ends = found.track.is_planned[:, None]
    cost = np.abs(done.items * ends * np.where(each > 0.0, each, each.max(initial=0.0)))[order]
    whole = np.cumsum(cost, axis=0)
    low, high = np.zeros(drawn.count), np.where(over, whole[-1], 0.0)
    spent = [_spent(found, _upto(done, order, cost, whole, np.where(over, end, np.inf))) for end in (low, high)]
    for _ in range(ROUNDS):
        room = np.where(over, budget - spent[0], 0.0)
        if not (room > LIMIT_KEPT * np.abs(budget) * CLOSE).any() or not (over & (high > low)).any():
            break
        between = np.divide(room, spent[1] - spent[0], out=np.full(len(room), 0.5), where=spent[1] - spent[0] > 0.0)
        middle = low + np.clip(between, 0.05, 0.95) * (high - low)
        now = _spent(found, _upto(done, order, cost, whole, np.where(over, middle, np.inf)))
        fits = now <= budget
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
        spent = [np.where(fits, now, spent[0]), np.where(fits, spent[1], now)]
    return settled(found.held, drawn, found.each, _upto(done, order, cost, whole, np.where(over, low, np.inf)))


def _spent(found: Outcomes, done: Done) -> Floats:
    """What the total budget counts of some work."""
    return money(found.track.drawn, found.held.asked, done)["budget",]


def _upto(done: Done, order: np.ndarray, cost: Floats, whole: Floats, end: Floats) -> Done:
    """The work done first, until its cost comes to an end, shape (scenarios,)."""
    before = whole - cost
    part = np.divide(end - before, cost, out=np.where(before <= end, 1.0, 0.0), where=(cost > 0) & np.isfinite(end))
    items = done.items.copy()
    items[order] = items[order] * np.where(np.isfinite(end), np.clip(part, 0.0, 1.0), 1.0)
    return Done(done.line, done.period, items)
