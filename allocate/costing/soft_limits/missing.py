"""What it costs to miss limits that have a penalty: items missing, late, or wrong."""

from __future__ import annotations

import numpy as np

from allocate.case.by_time import times
from allocate.case.load import Case
from allocate.costing.limits.amounts import Milestone, demand, last_period
from allocate.costing.readings import read_once
from allocate.costing.terms.prices import in_case_currency
from allocate.numbers import Floats
from allocate.units import Quantity, kind_of


def milestone_name(case: Case, milestone: Milestone) -> str:
    """What a milestone is called where it is missed."""
    return f"milestone of {list(case.products)[milestone.product]} by {case.periods.label(milestone.periods - 1)}"


def time_missing(case: Case, penalty: Quantity, first: int) -> Floats:
    """Weeks (or what the penalty is by) for which an item missing at the end of a period stays so at least, from a period on.

    They are those of the next period, shape (T - first,); after the horizon of one as long as the last.
    """
    lengths = [float(many) for many in times(case.periods, penalty)]
    return np.array([*lengths[first + 1 :], lengths[-1]])


def noun_late(noun: str, penalty: Quantity | None) -> str:
    """What a penalty counts: `images`, or `image-weeks` where it is by time."""
    return noun if penalty is None or penalty.time is None else f"{noun}-{penalty.time}s"


def falls_due(case: Case, milestone: Milestone, period: int) -> int:
    """Position of the period in which the penalty for items missing at the end of a period falls due: where each week costs,
    the next one, which is the week they are missing in."""
    return min(period + 1, case.periods.count - 1) if milestone.late is not None else period


@read_once
def demand_penalties(case: Case) -> Floats:
    """Money for each item missing of each product's least when its time ends, shape (P,); nan where none may be missing."""
    ends, products = (last_period(case) - 1).tolist(), case.products.values()
    return np.array([_prices(case, one.demand.penalty)[end] for one, end in zip(products, ends, strict=True)])


@read_once
def late_prices(case: Case, cash: bool) -> Floats | None:
    """Money for each item of each product delivered in each period, by the time it is late, shape (P, T); None where nothing costs.

    An item delivered in the first period after its deadline is late by the length of that period, and so on. cash: of the
    deadlines whose penalty is paid, or of the others.
    """
    dues = [
        product.deadline if product.deadline and product.deadline.cash == cash else None
        for product in case.products.values()
    ]
    if all(due is None or due.late is None for due in dues):
        return None
    prices = np.zeros((len(dues), case.periods.count))
    for position, due in enumerate(dues):
        if due is not None and due.late is not None:
            after = np.arange(case.periods.count) >= case.periods.last_before(due.date)
            lengths = np.array(times(case.periods, due.late), dtype=np.float64)
            prices[position] = np.cumsum(np.where(after, lengths, 0.0)) * _prices(case, due.late)
    return prices


@read_once
def accuracy_penalties(case: Case) -> Floats:
    """Money for each right item missing of each product's accuracy floor that falls due in a period, shape (P, T); nan where
    none may be missing.

    A point is a hundredth of the product's least demand, in items; of a demand of nothing there are none. What is missing of all deliveries together falls due when
    the product's time ends, of one delivery when it comes.
    """
    prices, least = np.full((len(case.products), case.periods.count), np.nan), demand(case)[0]
    for position, product in enumerate(case.products.values()):
        amount = None if product.accuracy is None else product.accuracy.penalty
        if amount is not None:
            points = 1.0
            if kind_of(amount) == "money/points":
                points = 100.0 / float(least[position]) if least[position] > 0 else np.nan
            prices[position] = _prices(case, amount) * points
    return prices


def _prices(case: Case, amount: Quantity | None) -> Floats:
    """A penalty in the case's currency by the period it falls due in, shape (T,); nan where there is none."""
    return np.full(case.periods.count, np.nan) if amount is None else in_case_currency(case, amount)
