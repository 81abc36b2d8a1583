"""Money that may be spent: in all, in each period, and by groups of products and vendors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from allocate.case.schema import BudgetLimit
from allocate.exact import element
from allocate.verification.checks import Check
from allocate.verification.clauses.payment import Paid, counted_in
from allocate.verification.entries import Entry, Number
from allocate.verification.exchange import currency_of

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Every budget, each payment counted in its currency at the exchange rate of the period it is owed in."""
    budget = work.case.file.budget
    if budget.total is not None:
        unit = currency_of(work.case, budget.total)
        used = sum((counted(work, entry, unit) for entry in work.bill.entries), 0.0)
        yield Check("budget", (), "budget", unit, used, budget.total.number, False)
    each = budget.per_week or budget.per_month
    if each is not None:
        unit, count = currency_of(work.case, each), work.case.periods.count
        spent: list[Number] = [0.0] * count
        for when, entry in counted_in(work):
            if when < count:
                spent[when] = counted(work, entry, unit) + spent[when]
        for period, money in enumerate(spent):
            subject = f"budget of {work.label(period)}"
            check = Check("budget_period", (period,), subject, unit, element(money), each.number, False)
            yield replace(check, group="budget of each period", period=period)
    for number, limit in enumerate(budget.limits):
        unit = currency_of(work.case, limit.at_most)
        used = sum(
            (counted(work, entry, unit) for when, entry in counted_in(work) if _covers(work, limit, when, entry)), 0.0
        )
        yield Check("budget_group", (number,), f"budget limit '{limit.name}'", unit, used, limit.at_most.number, False)


def counted(work: Work, entry: Entry, currency: str) -> Number:
    """An entry in a currency, by the exchange rate of the period it is owed in."""
    return entry.amount / work.stated.rate(currency, entry.period)


def _covers(work: Work, limit: BudgetLimit, when: int, entry: Entry) -> bool:
    """Whether a limit on a group counts an entry: for none but its products, to its vendors, and in its time."""
    periods = work.case.periods
    if limit.vendors is not None and entry.vendor not in limit.vendors:
        return False
    if limit.products is not None and not {work.stated.products[p] for p in entry.products} <= set(limit.products):
        return False
    day = Paid(work.case).day(entry) if work.case.file.budget.by == "paid" else None
    if day is not None and limit.from_ is not None and limit.from_.date is not None:
        begun = limit.from_.date <= day
    else:
        begun = limit.from_ is None or periods.first_from(limit.from_) <= when
    if day is not None and limit.to is not None and limit.to.date is not None:
        return begun and day <= limit.to.date
    if limit.to is not None:
        return begun and when < periods.last_before(limit.to)
    return begun and (when < periods.count or work.case.file.budget.by == "paid")
