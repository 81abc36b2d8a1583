"""Take or pay: what is missing of a vendor's prices in each window, owed in its last period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.tolerances import AT_WORK, COMMITTED
from allocate.units import Quantity
from allocate.verification.clause import Before
from allocate.verification.clauses.onboarding import begins, engaged, everything
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.exchange import currency_of
from allocate.verification.windows import Window, outer, part_of, windows

if TYPE_CHECKING:
    from allocate.verification.work import Work


def prices_in(work: Work, before: Before, vendor: str, currency: str, kind: str) -> Iterator[tuple[Window, Number]]:
    """What a vendor's prices come to in each window of a kind, in a currency: fees, bonus and price reductions left out.

    Each sum counts at the exchange rate of the period it is owed in. A period's is shared out over the windows it lies in.
    """
    among = windows(work.case.periods, kind)
    counted = _sums(work, (*before["price"].entries, *before["tiers"].entries), vendor, currency, kind)
    for schedule in work.stated.schedules:
        if work.stated.vendors[schedule.vendor] == vendor and LENGTHS.get(schedule.tiers.window, 0) > LENGTHS.get(
            kind, 0
        ):
            for line in work.in_schedule(schedule):
                item, period, items = work.lines[line]
                own = currency_of(work.case, item.price) == currency
                each = item.billed * work.stated.factor(item.vendor, period)
                each = each if own else work.stated.price(item, period) / work.stated.rate(currency, period)
                for window in among:
                    if part := window.parts[period]:
                        counted[window.label] = part_of(part, items * each) + counted[window.label]
    for window in among:
        yield window, element(counted[window.label])


def _sums(work: Work, entries: Iterable[Entry], vendor: str, currency: str, kind: str) -> dict[str, Number]:
    """What a vendor's entries come to in each window of a kind, in a currency, by its label."""
    among = windows(work.case.periods, kind)
    counted: dict[str, Number] = {window.label: 0.0 for window in among}
    for entry in entries:
        if entry.vendor != vendor:
            continue
        if _length(entry.window) > LENGTHS.get(kind, 0):
            continue  # of what is billed later, the work counts by the first step
        money = entry.amount / work.stated.rate(currency, entry.period)
        inside = outer(entry.window, among)
        if inside is not None:
            counted[inside.label] = money + counted[inside.label]
            continue
        for window in among:
            if part := window.parts[entry.period]:
                counted[window.label] = part_of(part, money) + counted[window.label]
    return counted


LENGTHS = {"month": 1, "quarter": 2, "horizon": 3}
"""Windows by how long they are; periods are the shortest."""


def _length(label: str) -> int:
    """How long the window of a label is."""
    label = label.partition(" until ")[0].partition(" from ")[0]
    year, _, part = label.partition("-")
    if label == "the horizon":
        return 3
    return 0 if not year.isdigit() else 2 if part.startswith("Q") else 1


def owed(work: Work, before: Before) -> Owed:
    """What is missing in the currency of the commitment, or of work, at the exchange rate of the window's last period."""
    entries: list[Entry] = []
    for vendor, name, until in engaged(work):
        contract = work.case.vendors[name].contract
        terms, invoice = contract.commitment, contract.minimum_invoice
        if terms is not None and terms.at_least.currency is not None:
            used = prices_in(work, before, name, currency_of(work.case, terms.at_least), terms.window)
            known = [one for one in used if one[0].last < until]
            entries += _missing(work, name, "commitment", terms.at_least, known, terms.shortfall, terms.at_least)
        elif terms is not None:
            price = terms.price or contract.price
            assert price is not None
            used = _work_in(work, vendor, terms.at_least.of() or "h", terms.window)
            known = [one for one in used if one[0].last < until]
            entries += _missing(work, name, "commitment", terms.at_least, known, terms.shortfall, price)
        if invoice is not None:
            kind = "period" if invoice.time == "week" else str(invoice.time)
            items = {window.label: made for window, made in _work_in(work, vendor, None, kind)}
            sums = prices_in(work, before, name, currency_of(work.case, invoice), kind)
            billed = [(window, money) for window, money in sums if items[window.label] > AT_WORK]
            entries += _missing(work, name, "minimum invoice", invoice, billed, None, invoice)
        if (fee := work.case.vendors[name].minimum_platform_fee) is not None:
            kind = "period" if fee.time == "week" else str(fee.time)
            made = {window.label: items for window, items in _work_in(work, vendor, None, kind)}
            fees = _sums(work, before["platform_fee"].entries, name, currency_of(work.case, fee), kind)
            asked = [
                (window, element(fees[window.label]))
                for window in windows(work.case.periods, kind)
                if made[window.label] > AT_WORK
            ]
            entries += _missing(work, name, "minimum platform fee", fee, asked, None, fee)
    return Owed(entries)


def _missing(
    work: Work,
    name: str,
    clause: str,
    least: Quantity,
    used: list[tuple[Window, Number]],
    shortfall: float | None,
    price: Quantity,
) -> Iterator[Entry]:
    """What is missing in each window, and what a missing unit of money or work owes."""
    currency, share = currency_of(work.case, price), 1.0 if shortfall is None else shortfall
    for window, amount in used:
        missing = least.each - amount
        if missing > COMMITTED * least.each:
            each = share * (1.0 if least.currency else price.number) * work.stated.rate(currency, window.last)
            own = currency == work.case.currency and least.currency is not None and share == 1.0
            noun = currency if least.currency else {"h": "hour"}.get(least.of() or "", least.of() or "hour")
            many, unit, unit_price = (1.0, "once", missing) if own else (missing, noun, each)
            owed, period = missing * each, max(window.last, begins(work, name))
            yield Entry(name, window.label, clause, name, many, unit, unit_price, owed, period, everything(work))


def _work_in(work: Work, vendor: int, noun: str | None, kind: str) -> Iterator[tuple[Window, Number]]:
    """Items a vendor makes in each window of a kind, or what they take of a noun."""
    for window in windows(work.case.periods, kind):
        done: Number = 0.0
        for item, period, items in work.lines:
            if item.vendor == vendor and (part := window.parts[period]):
                each = 1.0 if noun in (None, "item") else work.stated.content(item, str(noun))
                done = part_of(part, items * each) + done
        yield window, done
