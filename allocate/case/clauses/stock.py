"""Stock and backlog: what is delivered before it is needed costs its keeping, what comes later costs its delay."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.index import PENALTIES, Check, Clause
from allocate.errors import Problem


class Need(Block):
    """Items that are taken from the stock."""

    by: a.WhenType
    """The period they are needed in: deliveries of the period itself count."""
    items: a.Items
    """How many, on top of those needed before."""


class Stock(Block):
    """What is needed when: what there is beyond is kept in stock, what is missing waits as backlog, both for money that is spent."""

    start: a.Items | None = None
    """Items in stock when the horizon begins; absent: none."""
    needs: tuple[Need, ...]
    """Items needed, period by period."""
    holding: a.PerItemAndTime
    """What each item costs that is in stock at the end of a period, for the weeks (months) of that period: `2 USD/unit/month`."""
    backlog: a.PerItemAndTime | None = None
    """What each item costs that is needed and missing at the end of a period, in the same way; by the end of the horizon all are
    there. Absent: everything is there when it is needed."""


def stocks(c: Context) -> Iterator[Problem]:
    """Needs lie within the horizon, and can be met from what there is at the start and what may be delivered."""
    for name, product in c.file.products.items():
        if product.stock is None:
            continue
        path: Path_ = ("products", name, "stock")
        for number, need in enumerate(product.stock.needs):
            place = (*path, "needs", number, "by")
            if c.periods.is_after(need.by):
                message = f"'{need.by.text}' is after the horizon ends ({c.periods.end.isoformat()})"
                yield c.problem(place, message, "write an earlier one, or lengthen the horizon")
            elif c.periods.last_before(need.by) == 0:
                message = f"nothing can be delivered by '{need.by.text}'"
                yield c.problem(
                    place,
                    message,
                    f"write a later date: the first delivery is on {c.periods.deliveries[0].isoformat()}",
                )
        most, start = product.demand.exactly or product.demand.at_most, product.stock.start
        needed = sum(need.items.number for need in product.stock.needs) - (start.number if start is not None else 0.0)
        if most is not None and needed > most.number * (1 + 1e-12):
            message = (
                f"{needed:,.10g} items are needed beyond those in stock, and the demand asks for at most {most.text}"
            )
            yield c.problem((*path, "needs"), message, "lower the needs, or raise the demand")


CLAUSE = Clause(
    "stock",
    keys=("products.NAME.stock",),
    checks=(Check(stocks, frozenset({"horizon", "products"})),),
    examples={
        "Stock": "{start: 500 images, needs: [{by: week 1, items: 900 images}, {by: week 2, items: 1_200 images}], holding: 0.02 USD/image/week}",
        "Need": "{by: week 2, items: 1_200 images}",
    },
    costs={PENALTIES: ("holding", "backlog")},
    pays_for_work=False,
)
