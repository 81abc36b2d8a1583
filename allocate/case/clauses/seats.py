"""Seats and licences: bought in whole numbers, each enough for so much work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, or_one
from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.index import OF_CONTRACTS, RECURRING, TOOLING, Check, Clause, Whole
from allocate.case.terms import contracts, each
from allocate.errors import Problem
from allocate.units import time_of

if TYPE_CHECKING:
    from allocate.case.schema import Vendor


class Seat(Block):
    """Seats or licences, bought in whole numbers by whole weeks, months, quarters or years, or for the horizon.

    A month that the horizon cuts is paid whole and carries its whole work, and a note says so; years begin with the horizon, and the
    last one is paid whole too. Paid in the window's first period."""

    price: a.SeatPrice
    """`99 USD/month`, or money for the whole horizon."""
    carries: a.SeatWork
    """Work one seat is enough for, in the same time: `160 h/month`, `5_000 images/month`, `900 EU/month`."""
    products: Names | None = None
    """Products whose work needs a seat; absent: all."""
    name: a.Name | None = None
    """What it is a licence of; absent: the vendor's name."""


class Seats(Block):
    """Keys of a contract's fees."""

    seat: Annotated[tuple[Seat, ...], or_one(Seat)] = ()
    """Seats, or several kinds of licences."""


def sold(c: Context) -> Iterator[Problem]:
    """Seats are paid and carry work in the same time, for products that have such work."""
    for _, where, vendor in contracts(c):
        for path, seat in each((*where, "fees", "seat"), vendor.contract.fees.seat):
            yield from _seat(c, path, seat)


def _seat(c: Context, path: Path_, seat: Seat) -> Iterator[Problem]:
    yield from c.unknown((*path, "products"), seat.products or (), "products", "product")
    if seat.products is not None and not seat.products:
        yield c.problem((*path, "products"), "the seat is for no product", "write a name, or leave `products` out")
    paid, carried = time_of(seat.price), time_of(seat.carries)
    if paid != carried:
        words = [f"by the {time}" if time else "for the whole horizon" for time in (paid, carried)]
        message = (
            f"the seat is paid {words[0]} ('{seat.price.text}') and carries work {words[1]} ('{seat.carries.text}')"
        )
        amount = seat.carries.text.rsplit("/", 1)[0].strip() if carried else seat.carries.text
        fix = f"write `{amount}/{paid}`" if paid else f"write `{amount}`"
        yield c.problem((*path, "carries"), message, f"{fix}, with the work of a {paid or 'horizon'}")
    elif paid not in (None, "week", "month", "quarter", "year"):
        yield c.problem(
            (*path, "price"), f"seats are not sold by the {paid}", "write both by week, month, quarter or year"
        )
    elif paid == "week" and "horizon" not in c.faulty and c.periods.unit != "week":
        yield c.problem((*path, "price"), f"seats by the week in a plan by {c.periods.unit}s", "write both by month")
    noun = seat.carries.of()
    nouns = {c.item(product) for product in c.file.products.values()}
    nouns |= {driver for product in c.file.products.values() for driver in c.drivers(product)}
    if "products" not in c.faulty and noun not in (None, "h", "EU", "item", *nouns):
        many = c.units.plural(noun)
        yield c.problem((*path, "carries"), f"a seat carries {many}, which no product has", "write hours, items or EU")


def window_of(seat: Seat) -> str | None:
    """The billing window a seat is for; None where its time is none that contracts are billed by."""
    word = time_of(seat.price)
    return {None: "horizon", "week": "period", "month": "month", "quarter": "quarter", "year": "year"}.get(word)


def _whole(name: str, vendor: Vendor) -> Iterator[Whole]:
    """A seat is paid for its whole window."""
    for window in sorted({window_of(seat) or "horizon" for seat in vendor.contract.fees.seat}):
        yield Whole(("seats",), window, f"its seats with {name} are paid whole: {{money}}")


CLAUSE = Clause(
    "seats",
    keys=("vendors.NAME.contract.fees.seat",),
    checks=(Check(sold, OF_CONTRACTS),),
    examples={"Seat": "{price: 99 USD/month, carries: 160 h/month}"},
    costs={TOOLING: ("seats",)},
    charged=RECURRING,
    figures={
        "vendors.NAME.contract.fees.seat.price": "price of a seat",
        "vendors.NAME.contract.fees.seat.carries": "work of a seat",
    },
    meant={"seat": ("price",)},
    whole=_whole,
)
