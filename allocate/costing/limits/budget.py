"""Limits on money: the whole budget, that of periods, and those of groups; each in the currency it is written in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.costing.terms.incumbents import NOBODY
from allocate.costing.terms.prices import currency_of, exchange_rates
from allocate.numbers import Integers
from allocate.units import Quantity

EVER = np.iinfo(np.int32).max
"""Stands for the end of a limit without one, where budgets go by what is paid."""


@dataclass(frozen=True)
class BudgetLimit:
    """A limit on the spend of some products and vendors in some periods; positions."""

    name: str
    amount: float
    currency: str
    """What it is written in: each payment counts in it, at the rate of the period in which it is owed."""
    products: frozenset[int]
    vendors: frozenset[int]
    first: int
    last: int
    """Last period that counts; `EVER` where money paid after the horizon counts too."""
    since: int = 0
    """First day, as an ordinal, of payments that have one, where budgets go by what is paid; 0 where `first` says it."""
    until: int = 0
    """Last day of such payments; 0 where `last` says it."""

    def covers(self, period: Integers | int, day: Integers | int) -> NDArray[np.bool_]:
        """Whether money in some periods, and on some days (as ordinals; 0: by the period alone), lies in its time."""
        dated = np.asarray(day) > 0
        begun = np.where(dated & (self.since > 0), day >= self.since, period >= self.first)
        inside: NDArray[np.bool_] = begun & np.where(dated & (self.until > 0), day <= self.until, period <= self.last)
        return inside


@dataclass(frozen=True)
class Money:
    """An amount in the currency it is written in."""

    amount: float
    currency: str


@read_once
def total_budget(case: Case) -> Money | None:
    """The whole budget; None where there is none. Each payment counts in its currency, as in those of periods and groups."""
    return _money(case, case.file.budget.total)


@read_once
def period_budget(case: Case) -> Money | None:
    """The budget of each period; None where there is none."""
    return _money(case, case.file.budget.per_week or case.file.budget.per_month)


def budget_currency(case: Case, family: str = "budget") -> str:
    """The currency of the total budget, or of that of periods (`budget_period`): the case's where there is none."""
    found = total_budget(case) if family == "budget" else period_budget(case)
    return case.currency if found is None else found.currency


def _money(case: Case, amount: Quantity | None) -> Money | None:
    return None if amount is None else Money(amount.number, currency_of(case, amount))


@read_once
def money_there_is(case: Case) -> float:
    """No less than all money that can be spent, by the total budget and the periods' own, in the case's currency; infinite
    where there is neither.

    Where budgets go by what is paid, those of periods leave out what is paid after the horizon, and limit nothing in all.
    """
    total, each = total_budget(case), period_budget(case) if case.file.budget.by == "worked" else None
    rates = exchange_rates(case)
    found = [] if total is None else [total.amount * float(rates[total.currency].max())]
    found += [] if each is None else [float((each.amount * rates[each.currency]).sum())]
    return min(found, default=np.inf)


def weight_of_back(case: Case) -> float:
    """How much more money that comes back can count in the total budget than money of the same worth that is paid.

    More than 1 only where the rate of the budget's currency changes: what comes back may do so when it is low.
    """
    total = total_budget(case)
    rates = exchange_rates(case)[total.currency if total is not None else case.currency]
    return float(rates.max() / rates.min())


@read_once
def budget_limits(case: Case) -> tuple[BudgetLimit, ...]:
    """Limits on groups, with positions of their products, vendors and periods."""
    products, vendors, periods = list(case.products), list(case.vendors), case.periods
    by_paid = case.file.budget.by == "paid"
    return tuple(
        BudgetLimit(
            limit.name,
            limit.at_most.number,
            currency_of(case, limit.at_most),
            frozenset(range(len(products)) if limit.products is None else map(products.index, limit.products)),
            frozenset(range(NOBODY, len(vendors)) if limit.vendors is None else map(vendors.index, limit.vendors)),
            periods.first_from(limit.from_) if limit.from_ else 0,
            EVER if by_paid and not limit.to else (periods.last_before(limit.to) if limit.to else periods.count) - 1,
            *(when.date.toordinal() if by_paid and when and when.date else 0 for when in (limit.from_, limit.to)),
        )
        for limit in case.file.budget.limits
    )


def hurdle(case: Case) -> float:
    """Least acceptable marginal return, money of value per money of spend; 1 where nothing is said."""
    return case.file.hurdle if case.file.hurdle is not None else 1.0
