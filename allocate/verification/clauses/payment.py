"""When what is owed is paid, and what it is worth then, from the words of contracts and the calendar."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.units import Quantity
from allocate.verification.entries import Entry, Number

if TYPE_CHECKING:
    from allocate.verification.work import Work

WHY = "it moves no amount: it says in which period budgets by payment, and present worth, count what is owed"
OWN = ("review", "pre-labelling")
"""Clauses that stand with a vendor's work and are not paid to it."""


def pays_early(case: Case, vendor: Vendor) -> bool:
    """Whether the plan takes a vendor's discount for paying early."""
    early, wait = vendor.contract.early_payment, vendor.contract.payment
    if early is None or early.taken != "when-it-pays":
        return early is not None and early.taken == "always"
    if early.within is None or wait is None or isinstance(wait, str):
        return True
    days = 7 * (wait.number - early.within.number)
    return bool(early.discount >= 1.0 - (1.0 + yearly(case)) ** (-days / 365.25))


def yearly(case: Case) -> float:
    """The rate of discount as a share per year: one per month or quarter compounds by itself; 0 where the case has none."""
    rate = case.file.discount
    if rate is None or rate.time in (None, "year"):
        return 0.0 if rate is None else rate.each
    times = {"quarter": 4, "month": 12, "week": 365.25 / 7, "day": 365.25}[rate.time or "day"]
    return float((1.0 + rate.each) ** times - 1.0)


def after(case: Case, periods: float) -> float:
    """What one unit of money is worth at the start of the horizon when so many periods have ended."""
    years = periods / 12 if case.periods.unit == "month" else periods * 7 / 365.25
    return float((1.0 + yearly(case)) ** -years)


class Paid:
    """Payment by payment."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._when = lru_cache(maxsize=None)(self._paid)

    def period(self, entry: Entry) -> int:
        """Position of the period in which an entry is paid, after the horizon too."""
        return self._when("" if entry.clause in OWN else entry.vendor, entry.period)[0]

    def factor(self, entry: Entry) -> float:
        """What one unit of it is worth at the start of the horizon."""
        return self._when("" if entry.clause in OWN else entry.vendor, entry.period)[1]

    def _paid(self, vendor: str, period: int) -> tuple[int, float]:
        contract = self.case.vendors[vendor].contract if vendor else None
        if contract is None or contract.payment is None:
            return period, after(self.case, period + 1)
        if isinstance(contract.payment, str):
            return period, after(self.case, period)
        day = self._due(vendor, period)
        while day is not None and self._end(period) < day:
            period += 1
        return period, after(self.case, period + 1)

    def day(self, entry: Entry) -> datetime.date | None:
        """The day on which an entry is paid; None where no contract says it, and it is paid as it is owed."""
        return self._due("" if entry.clause in OWN else entry.vendor, entry.period)

    def _due(self, vendor: str, period: int) -> datetime.date | None:
        contract = self.case.vendors[vendor].contract if vendor else None
        if contract is None or contract.payment is None:
            return None
        if isinstance(contract.payment, str):
            return self._end(period - 1) + datetime.timedelta(days=1) if period else self.case.periods.starts[0]
        wait, early = contract.payment, contract.early_payment
        if early is not None and early.within is not None and pays_early(self.case, self.case.vendors[vendor]):
            wait = early.within
        return _later(self._end(period), wait)

    def _end(self, period: int) -> datetime.date:
        """Last day of a period, after the horizon too."""
        first = self.case.periods.starts[0]
        if self.case.periods.unit == "week":
            return first + datetime.timedelta(days=7 * period + 6)
        return self.case.periods.first_day(period + 1) - datetime.timedelta(days=1)


def _later(day: datetime.date, wait: Quantity) -> datetime.date:
    """The day so long after the last day of a period; after whole months, the last before the same day of that month."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(wait.time or "day", 0) * wait.each
    if not months or months % 1:
        return day + datetime.timedelta(days=round(wait.number * 7))
    following = day + datetime.timedelta(days=1)
    year, month = divmod(following.year * 12 + following.month - 1 + int(months), 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(following.day, last)) - datetime.timedelta(days=1)


def counted_in(work: Work) -> list[tuple[int, Entry]]:
    """Every entry owed after the position of the period in which budgets count it."""
    paid, owed = Paid(work.case), work.case.file.budget.by == "worked"
    return [(entry.period if owed else paid.period(entry), entry) for entry in work.bill.entries]


def present_spend(work: Work) -> Number:
    """All that is owed, at the start of the horizon."""
    paid = Paid(work.case)
    return sum((entry.amount * paid.factor(entry) for entry in work.bill.entries), 0.0)


def present_value(work: Work, money: Iterable[float]) -> float:
    """Value by product, there when its time for deliveries ends, at the start of the horizon."""
    return sum(one * after(work.case, end) for one, end in zip(money, work.stated.last_periods, strict=True))


def present_errors(work: Work, money: Iterable[float]) -> float:
    """Cost of escaped errors by line, when it is worked on, at the start of the horizon."""
    return sum(one * after(work.case, period + 1) for one, period in zip(money, work.period.tolist(), strict=True))
