"""What is in stock, or missing, at the end of each period, and what that costs; from the needs the case states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.tolerances import BROKEN
from allocate.verification.by_time import lengths
from allocate.verification.checks import Check
from allocate.verification.clause import Before
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.exchange import worth

if TYPE_CHECKING:
    from allocate.case.schema import Stock
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The keeping of what is left and the delay of what is missing, paid to none of the vendors."""
    return Owed(list(_entries(work)))


def _entries(work: Work) -> Iterator[Entry]:
    for product, name, stock in _stocks(work):
        whole = max(1.0, sum(need.items.number for need in stock.needs))
        for period, (there, needed) in enumerate(_ends(work, product, stock)):
            clause, price, many = ("holding", stock.holding, there - needed)
            if many < 0:
                clause, price, many = "backlog", stock.backlog, needed - there
            if price is not None and many > BROKEN * whole:
                each, length = worth(work.case, price, period), float(lengths(work.case.periods, price)[period])
                unit = f"{work.stated.nouns[product]}-{price.time}s"
                money = many * length * each
                yield Entry(
                    "",
                    work.label(period),
                    clause,
                    f"stock of {name}",
                    many * length,
                    unit,
                    each,
                    money,
                    period,
                    (product,),
                )


def kept(work: Work) -> Iterator[Check]:
    """What is needed is there, at the end of each period or of the last."""
    for product, name, stock in _stocks(work):
        start, last = stock.start.number if stock.start is not None else 0.0, work.case.periods.count - 1
        for period, (there, needed) in enumerate(_ends(work, product, stock)):
            if needed > start and (stock.backlog is None or period == last):
                subject, noun = f"items of {name} needed by {work.label(period)}", work.stated.nouns[product]
                yield Check("stock_needed", (product, period), subject, noun, there - start, needed - start, True)


def _stocks(work: Work) -> Iterator[tuple[int, str, Stock]]:
    for product, (name, asked) in enumerate(work.case.products.items()):
        if asked.stock is not None:
            yield product, name, asked.stock


def _ends(work: Work, product: int, stock: Stock) -> Iterator[tuple[Number, float]]:
    """What has been there and what has been needed by the end of each period, from the start on."""
    arrives, there = work.period + work.lead, stock.start.number if stock.start is not None else 0.0
    for period in range(work.case.periods.count):
        there = there + work.summed(work.items, (work.product == product) & (arrives == period))
        due = [need for need in stock.needs if work.case.periods.last_before(need.by) <= period + 1]
        yield there, float(sum(need.items.number for need in due))
