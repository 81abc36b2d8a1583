"""Seats and licences: whole numbers of them for each window, paid in its first period."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from allocate.case.schema import Seat
from allocate.tolerances import SEAT_ROUNDING
from allocate.units import time_of
from allocate.verification.capacity import noun_of
from allocate.verification.clause import Before
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.exchange import worth
from allocate.verification.windows import Window, part_of, windows

if TYPE_CHECKING:
    from allocate.verification.work import Work


def products_of(work: Work, seat: Seat) -> tuple[int, ...]:
    """Positions of the products whose work needs a seat."""
    named = work.stated.products if seat.products is None else seat.products
    return tuple(number for number, product in enumerate(work.stated.products) if product in named)


def windows_of(work: Work, seat: Seat) -> Sequence[Window]:
    """The weeks, months or quarters a seat is paid for, or the horizon."""
    return windows(work.case.periods, time_of(seat.price) or "horizon")


def owed(work: Work, before: Before) -> Owed:
    """As many seats as carry the work of their products in each week, month, quarter or the horizon.

    Of a window that began before the first planned period those that were bought, and what is needed beside them.
    """
    entries = []
    for vendor, (name, terms) in enumerate(work.case.vendors.items()):
        for seat in terms.contract.fees.seat:
            products = products_of(work, seat)
            each = [
                (period, items * work.stated.content(item, noun_of(seat.carries)))
                for item, period, items in work.lines
                if item.vendor == vendor and item.product in products
            ]
            for window in windows_of(work, seat):
                there, bought = 0, _bought(work, name, seat.name or name, window.first)
                for until, due in _dues(window, work.case.planned_from):
                    content: Number = 0.0
                    for period, amount in each:
                        if period < until and (part := window.parts[period]):
                            content = part_of(part, amount) + content
                    needed = math.ceil(content / seat.carries.each - SEAT_ROUNDING)
                    many = max(needed, bought) - there
                    there += many
                    if many > 0:
                        price = worth(work.case, seat.price, due)
                        entries.append(
                            Entry(
                                name, window.label, "seats", seat.name or name, float(many), "seat", price, many * price,
                                due, products,
                            )
                        )  # fmt: skip
    return Owed(entries)


def _dues(window: Window, planned: int) -> list[tuple[int, int]]:
    """The work that seats of a window are counted for, as the position of the period it ends before, and when they are due."""
    every = len(window.parts)
    if window.first < planned <= window.last:
        return [(planned, window.first), (every, planned)]
    return [(every, window.first)]


def _bought(work: Work, vendor: str, name: str, first: int) -> int:
    """Seats that facts say were bought for a window that begins in a period."""
    said = work.case.past.seats if work.case.past is not None else ()
    mine = [one for one in said if one.vendor == vendor and one.period == first + 1]
    return sum(one.bought for one in mine if name in (one.name, vendor if one.name is None else None))
