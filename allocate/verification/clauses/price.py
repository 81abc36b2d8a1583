"""Plain prices: what a contract asks for each item, part by part, in the period of the work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.verification.clause import Before
from allocate.verification.entries import Entry, Number, Owed, together
from allocate.verification.exchange import currency_of

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """Price of what is billed of each line, season and exchange rate of its period; none where volume decides."""
    lines: list[Number] = [
        items * (0.0 if item.by_volume else work.stated.price(item, period)) for item, period, items in work.lines
    ]
    lines = [amount * work.paid_pace(line) for line, amount in enumerate(lines)]
    entries = together(work, "items", _first_parts(work, lines), billed=True)
    return Owed([*entries, *_further_parts(work)], lines)


def _first_parts(work: Work, lines: list[Number]) -> list[Number]:
    """What the first part of each line's price asks."""
    return [
        amount if not item.further or item.by_volume else amount - sum(money for _, _, money in _parts(work, line))
        for line, ((item, _, _), amount) in enumerate(zip(work.lines, lines, strict=True))
    ]


def _parts(work: Work, line: int) -> Iterator[tuple[str, Number, Number]]:
    """Further parts of the price of a line: what each is per, units, money in the case's currency."""
    item, period, items = work.lines[line]
    rate = work.stated.rate(currency_of(work.case, item.price), period) * work.stated.factor(
        item.vendor, period, item.held
    )
    for noun, units, money in item.further:
        yield noun, items * units, items * (money * rate)


def _further_parts(work: Work) -> list[Entry]:
    """An entry for each further part of the prices of a vendor's product in a period."""
    sums: dict[tuple[int, int, int, str], list[tuple[Number, Number]]] = {}
    for line, (item, period, _) in enumerate(work.lines):
        for noun, units, money in _parts(work, line):
            sums.setdefault((item.vendor, item.product, period, noun), []).append((units, money))
    found, nouns = [], _nouns(work)
    for (vendor, product, period, noun), some in sorted(sums.items(), key=lambda one: nouns.index(one[0][3])):
        many, amount = sum((units for units, _ in some), 0.0), sum((money for _, money in some), 0.0)
        if many:
            names = work.stated.vendors[vendor], work.label(period), "items", work.stated.products[product]
            found.append(Entry(*names, many, noun, amount / many, amount, period, (product,)))
    return found


def _nouns(work: Work) -> list[str]:
    """What further parts of prices are per in the case, as an invoice has them: contracts first, then the rate card."""
    parts = [part for vendor in work.case.vendors.values() for part in vendor.contract.plus]
    parts += [part for rate in work.case.file.rates for part in rate.plus]
    nouns = [{"h": "hour"}.get(part.per() or "", part.per() or "item") for part in parts]
    return list(dict.fromkeys(nouns))
