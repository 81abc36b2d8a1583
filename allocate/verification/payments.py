"""When each entry of an invoice is paid and what it is worth then, recomputed from the words of contracts."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable

from allocate.case.load import Case
from allocate.costing.bill.entries import Entry
from allocate.units import Quantity
from allocate.verification.work import Work


class Paid:
    """Payment by payment, from the contract's text and the calendar."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._known: dict[tuple[str, int], tuple[int, float]] = {}

    def period(self, entry: Entry) -> int:
        """Position of the period in which an entry is paid, after the horizon too."""
        return self._of(entry)[0]

    def factor(self, entry: Entry) -> float:
        """What one unit of it is worth at the start of the horizon."""
        return self._of(entry)[1]

    def _of(self, entry: Entry) -> tuple[int, float]:
        whose = "" if entry.clause in ("review", "pre-labelling") else entry.vendor
        key = (whose, entry.period)
        if key not in self._known:
            self._known[key] = self._when(*key)
        return self._known[key]

    def _when(self, vendor: str, period: int) -> tuple[int, float]:
        contract = self.case.vendors[vendor].contract if vendor else None
        if contract is None or contract.payment is None:
            return period, self.after(period + 1)
        if isinstance(contract.payment, str):
            return period, self.after(period)
        wait, days = contract.payment, contract.payment.number * 7
        if contract.early_payment is not None and contract.early_payment.within is not None:
            early = contract.early_payment.within.number * 7
            saved, lost = contract.early_payment.discount, 1.0 - self._kept(days - early)
            taken = contract.early_payment.taken
            if taken == "always" or (taken == "when-it-pays" and saved >= lost):
                wait = contract.early_payment.within
        day = _later(self._end(period), wait)
        while self._end(period) < day:
            period += 1
        return period, self.after(period + 1)

    def _end(self, period: int) -> datetime.date:
        """Last day of a period, after the horizon too."""
        first = self.case.periods.starts[0]
        if self.case.periods.unit == "week":
            return first + datetime.timedelta(days=7 * period + 6)
        return self.case.periods.first_day(period + 1) - datetime.timedelta(days=1)

    def _kept(self, days: float) -> float:
        """What is left of the worth of money after some days."""
        discount = self.case.file.discount
        return 1.0 if discount is None else float((1.0 + yearly(discount)) ** (-days / 365.25))

    def after(self, periods: float) -> float:
        """What one unit of money is worth at the start of the horizon when so many periods have ended."""
        discount = self.case.file.discount
        if discount is None:
            return 1.0
        return float(
            (1.0 + yearly(discount)) ** -(periods / 12 if self.case.periods.unit == "month" else periods * 7 / 365.25)
        )


def yearly(rate: Quantity) -> float:
    """A rate of discount as a share per year: one per month or quarter compounds by itself."""
    if rate.time == "year":
        return rate.each
    times = {"quarter": 4, "month": 12, "week": 365.25 / 7, "day": 365.25}[rate.time or "day"]
    return float((1.0 + rate.each) ** times - 1.0)


def _later(day: datetime.date, wait: Quantity) -> datetime.date:
    """The day so long after the last day of a period; after whole months, the last before the same day of that month."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(wait.time or "day", 0) * wait.each
    if not months or months % 1:
        return day + datetime.timedelta(days=round(wait.number * 7))
    after = day + datetime.timedelta(days=1)
    year, month = divmod(after.year * 12 + after.month - 1 + int(months), 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(after.day, last)) - datetime.timedelta(days=1)


def counted(case: Case, entry: Entry, currency: str) -> float:
    """An entry in a currency, by the exchange rate, as the case states it, of the period it is owed in."""
    return entry.amount / rate(case, currency, entry.period)


def rate(case: Case, currency: str, period: int) -> float:
    """What one unit of a currency is worth in a period, from the steps the case states."""
    if currency == case.currency:
        return 1.0
    steps = case.file.exchange[currency]
    held: list[float] = [
        one.rate.number for one in steps if one.from_ is None or case.periods.first_from(one.from_) <= period
    ]
    return held[-1]


def counted_in(work: Work) -> list[tuple[int, Entry]]:
    """Every entry of the invoice after the position of the period in which budgets count it."""
    paid, owed = Paid(work.case), work.case.file.budget.by == "worked"
    return [(entry.period if owed else paid.period(entry), entry) for entry in work.owed.entries]


def present_spend(work: Work) -> float:
    """All that is owed, at the start of the horizon."""
    paid = Paid(work.case)
    return sum(entry.amount * paid.factor(entry) for entry in work.owed.entries)


def present_value(work: Work, money: Iterable[float]) -> float:
    """Value by product, there when its time for deliveries ends, at the start of the horizon."""
    paid, last = Paid(work.case), work.stated.last_periods
    return sum(one * paid.after(end) for one, end in zip(money, last, strict=True))


def present_errors(work: Work, money: Iterable[float]) -> float:
    """Cost of escaped errors by line, when it is worked on, at the start of the horizon."""
    paid = Paid(work.case)
    return sum(one * paid.after(period + 1) for one, period in zip(money, work.period.tolist(), strict=True))
