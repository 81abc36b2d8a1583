"""Limits on items: demand, what is needed by a date, work in progress, and the last periods for deliveries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.costing.terms.prices import in_case_currency
from allocate.numbers import Floats, Integers
from allocate.units import Quantity


@read_once
def demand(case: Case) -> tuple[Floats, Floats]:
    """Least and most items of each product, shapes (P,): 0 and infinite where nothing is said."""
    least, most = np.zeros(len(case.products)), np.full(len(case.products), np.inf)
    for position, product in enumerate(case.products.values()):
        low = product.demand.exactly or product.demand.at_least
        high = product.demand.exactly or product.demand.at_most
        least[position] = low.number if low is not None else 0.0
        most[position] = high.number if high is not None else np.inf
    return least, most


@read_once
def work_in_progress(case: Case) -> Floats:
    """Most items of each product begun and not delivered at one time, shape (P,): infinite where nothing is said."""
    limits = [product.work_in_progress for product in case.products.values()]
    return np.array([np.inf if one is None else one.at_most.number for one in limits])


@read_once
def first_period(case: Case) -> Integers:
    """Position of the first period in which each product's work can begin, shape (P,): when its items are there."""
    begins = [
        product.from_ or min((one.from_ for one in product.arrives), key=case.periods.first_starting, default=None)
        for product in case.products.values()
    ]
    return np.array([0 if when is None else case.periods.first_starting(when) for when in begins], dtype=np.int32)


@dataclass(frozen=True)
class Arrived:
    """Items of a product that have arrived before some period, and the most to be worked on before it."""

    product: int
    number: int
    """How many of its parts have arrived, less one."""
    before: int
    """The period in which the next part is there; the count of periods after the last."""
    items: float


@read_once
def arrivals(case: Case) -> tuple[Arrived, ...]:
    """What has arrived of each product whose items come in parts, part after part."""
    found: list[Arrived] = []
    for position, product in enumerate(case.products.values()):
        starts = [case.periods.first_starting(one.from_) for one in product.arrives]
        for number, part in enumerate(product.arrives):
            there = sum(one.items.number for one in product.arrives[:number]) + part.items.number
            found.append(Arrived(position, number, [*starts, case.periods.count][number + 1], there))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Milestone:
    """Items of a product that must have been delivered within the first periods."""

    product: int
    number: int
    """Which of the product's milestones, from 0."""
    periods: int
    """How many periods there are for it."""
    items: float
    penalty: Floats | None = None
    """Money for each item missing (each week, where it is `late`) that falls due in each period, shape (T,); None where none
    may be missing."""
    late: Quantity | None = None
    """The penalty as written where it is for each week (day, month …) an item is missing."""
    cash: bool = False
    """Whether the penalty is paid."""


@read_once
def milestones(case: Case) -> tuple[Milestone, ...]:
    """Every milestone of a case, product by product."""
    return tuple(
        Milestone(
            position, number, case.periods.last_before(milestone.by), milestone.at_least.number,
            None if milestone.penalty is None else in_case_currency(case, milestone.penalty),
            milestone.penalty if milestone.penalty is not None and milestone.penalty.time is not None else None,
            milestone.cash,
        )
        for position, product in enumerate(case.products.values())
        for number, milestone in enumerate(product.milestones)
    )  # fmt: skip


@read_once
def last_period(case: Case) -> Integers:
    """Number of periods (from 1) in which a delivery still counts, by product: to the deadline, or the horizon's end.

    After a deadline that may be missed for a penalty deliveries still count."""
    periods = case.periods
    last = [
        periods.last_before(p.deadline.date) if p.deadline and p.deadline.late is None else periods.count
        for p in case.products.values()
    ]
    return np.array(last, dtype=np.int32)
