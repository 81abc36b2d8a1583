"""Money of a plan by when it counts, spread over calendar years, quarters or months."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from allocate.case.by_time import MONTHS
from allocate.case.load import Case
from allocate.costing.bill.entries import Entry
from allocate.costing.clauses import OF_NO_LINE
from allocate.costing.clauses.payment import OWN_CLAUSES, Payments, named_positions
from allocate.finance.calendars import By, label
from allocate.numbers import Floats
from allocate.plan import Plan
from allocate.tables.frames import table_of


@dataclass(frozen=True)
class Charge:
    """An amount of a period, and what it is worth at the start of the horizon."""

    period: int
    amount: float
    worth: float
    monthly: bool = False
    """Whether it is asked by the month: each day then has its month's part of it."""
    day: datetime.date | None = None
    """The day it is paid, where a contract says so: it stands there whole, and not over the days of its period."""


@dataclass(frozen=True, eq=False)
class Span:
    """Calendar years, quarters or months that periods fall into."""

    labels: tuple[str, ...]
    by_days: Floats
    """Share of each period in each of them, shape (T, L)."""
    by_months: Floats
    """The same of what is asked by the month: a day of a short month has more of it."""
    position: Callable[[datetime.date], int]
    """Which of them a day is in."""

    @classmethod
    def of(cls, case: Case, by: By, last: datetime.date | None) -> Span:
        """Where the periods of the horizon lie, by their days, and the days after it until the last.

        A month of the plan stands whole where its first day is, but in a fiscal year of weeks. last: the last day on which a
        contract has something paid, if any.
        """
        periods, fiscal = case.periods, case.file.fiscal_year
        whole = periods.unit == "month" and (fiscal is None or fiscal.weeks is None)
        starts = [periods.first_day(number) for number in range(periods.count + 1)]
        days = [
            [start + datetime.timedelta(days=day) for day in range(1 if whole else (after - start).days)]
            for start, after in pairwise(starts)
        ]
        listed = [day for period in days for day in period]
        after = ((last or listed[-1]) - listed[-1]).days
        listed += [listed[-1] + datetime.timedelta(days=number) for number in range(1, after + 1)]
        labels = tuple(dict.fromkeys(label(case, day, by) for day in listed))
        numbers = {name: number for number, name in enumerate(labels)}

        def position(day: datetime.date) -> int:
            return numbers[label(case, day, by)]

        shares = np.zeros((2, periods.count, len(labels)))
        for number, period in enumerate(days):
            for day in period:
                parts = (1.0, 1.0 / calendar.monthrange(day.year, day.month)[1])
                shares[:, number, position(day)] += parts
        shares /= shares.sum(axis=2, keepdims=True)
        return cls(labels, shares[0], shares[1], position)

    def spread(self, charges: Iterable[Charge]) -> tuple[Floats, Floats]:
        """Amounts and their worth in each year, quarter or month, shape (L,) each."""
        amount, worth = np.zeros(len(self.labels)), np.zeros(len(self.labels))
        for charge in charges:
            if charge.day is not None:
                at = self.position(charge.day)
                amount[at] += charge.amount
                worth[at] += charge.worth
                continue
            shares = (self.by_months if charge.monthly else self.by_days)[charge.period]
            amount += charge.amount * shares
            worth += charge.worth * shares
        return amount, worth


def last_day(charges: Iterable[Charge]) -> datetime.date | None:
    """The last day on which a contract has some of it paid; none where none says so."""
    return max((charge.day for charge in charges if charge.day is not None and charge.amount != 0), default=None)


def by_months(case: Case, entry: Entry) -> bool:
    """Whether an entry is what a month, quarter or year asks: a retainer, or a lever's running cost."""
    amount = None
    if entry.clause == "retainer":
        amount = case.vendors[entry.vendor].contract.fees.retainer
    elif entry.clause == "lever" and entry.unit != "once":
        amount = case.file.levers[entry.about].running_cost
    return amount is not None and amount.time in MONTHS


def worked(case: Case, plan: Plan, when: Payments) -> Iterator[Charge]:
    """What the work of each period is owed, whenever it is billed and paid: money of lines where they are worked on.

    The lines of a team carry its hours as they are paid, so its entries stand as they are; so does what belongs to no line.
    """
    position = named_positions(case)
    teams = {name for name, vendor in case.vendors.items() if vendor.team is not None}
    rest: dict[tuple[str, int], float] = {}
    for name, number, spend in table_of(plan, "lines").rows("vendor", "period", "spend"):
        if name not in teams:
            rest[name, number - 1] = rest.get((name, number - 1), 0.0) + spend
    for entry in plan.entries:
        vendor = position[entry.vendor]
        if entry.clause in OWN_CLAUSES and entry.vendor not in teams:
            rest[entry.vendor, entry.period] = rest.get((entry.vendor, entry.period), 0.0) - entry.amount
        if entry.clause in (*OF_NO_LINE, *OWN_CLAUSES) or entry.vendor in (*teams, ""):
            yield Charge(entry.period, entry.amount, when.worth(entry, vendor), by_months(case, entry))
    for (name, period), amount in rest.items():
        yield Charge(period, amount, amount * float(when.factor[position[name], period]))
