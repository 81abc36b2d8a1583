"""What a plan's lines are billed by volume, window by window; and how far what is bought and not used may go."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.verification.capacity import in_all, rate_items, uniform
from allocate.verification.entries import Entry, Number
from allocate.verification.volume import Billing, Fill, Schedule, billing
from allocate.verification.windows import Window, part_of
from allocate.verification.work_content.item import Item

if TYPE_CHECKING:
    from allocate.verification.stated import Stated
    from allocate.verification.work import Work


@dataclass(frozen=True)
class Billed:
    """What a window of prices by volume bills."""

    schedule: Schedule
    window: Window
    lines: tuple[int, ...]
    """Positions of the lines in it; `billing` has theirs in the same order."""
    billing: Billing
    own: float
    """Season and escalation of its first period."""
    rate: float
    """Exchange rate of its last period, in which it is paid."""

    @property
    def factor(self) -> float:
        """Money of the case's currency for one of the prices as written."""
        return self.rate * self.own


def billed_by_volume(work: Work) -> Iterator[Billed]:
    """Every window of every list of prices by volume in which something is made."""
    stated = work.stated
    for schedule in stated.schedules:
        lines = work.in_schedule(schedule)
        for position, window in enumerate(schedule.windows) if lines else ():
            inside, fills = [], []
            for number in lines:
                item, period, items = work.lines[number]
                if part := window.parts[period]:
                    many = part_of(part, items)
                    inside.append(number)
                    fills.append(Fill(item, period, many * item.billable, many * item.counted))
            if sum((element(work.items[number]) for number in inside), 0.0) <= 0:
                continue
            own = stated.factor(schedule.vendor, window.first)
            filling = own if schedule.in_money else 1.0
            surplus = schedule.tiers.surplus is not None
            reach = stated.reaches[schedule.number][position] if surplus else ()
            spare = spare_units(stated, schedule) if surplus else 1.0
            holding = schedule.within(window)
            bill = billing(holding, fills, filling, reach, spare)
            yield Billed(holding, window, tuple(inside), bill, own, stated.rate(schedule.currency, window.last))


def of_window(work: Work, billed: Billed, clause: str, about: str, sold: tuple[Number, str, Number]) -> Entry:
    """An entry of a window of prices by volume; sold: quantity, unit and price."""
    quantity, unit, price = sold
    vendor, window = work.stated.vendors[billed.schedule.vendor], billed.window
    return Entry(
        vendor, window.label, clause, about, quantity, unit, price, quantity * price, window.last, billed.schedule.products
    )  # fmt: skip


def billed_in(work: Work, billed: Billed) -> Number:
    """Money a window bills, surplus included."""
    return sum((part.units * (part.price * billed.factor) for part in billed.billing.parts), 0.0)


def _items(stated: Stated, schedule: Schedule) -> list[Item]:
    """One item of every route that fills a list of prices by volume."""
    every = (item for product in schedule.products for item in stated.items(product, schedule.vendor))
    return [item for item in every if item.by_volume and item.counted > 0]


def spare_units(stated: Stated, schedule: Schedule) -> float:
    """Units billed to one that the steps count, of what is bought and not used: of the kind of item that has fewest."""
    items = _items(stated, schedule)
    plain = [item for item in items if not item.levers] or items
    return min((item.billable / item.counted for item in plain), default=1.0)


def reaches(stated: Stated, schedule: Schedule) -> tuple[tuple[float, ...], ...]:
    """Quantity bought in each window to have each step where less is used; infinite where the vendor could not make it."""
    least = [step.least for step in schedule.steps]
    if schedule.tiers.surplus != "allowed":
        return (tuple(least),) * len(schedule.windows)
    items, terms = _items(stated, schedule), stated.case.vendors[stated.vendors[schedule.vendor]].contract
    fillings = [
        stated.factor(schedule.vendor, window.first) if schedule.in_money else 1.0 for window in schedule.windows
    ]
    if terms.order_multiple is not None and terms.order_multiple.number and items:
        lot = terms.order_multiple.number * max(item.counted for item in items) * fillings[0]
        least = [least[0], *(math.ceil(quantity / lot - 1e-9) * lot for quantity in least[1:])]
    table = [list(least) for _ in schedule.windows]
    for there, content, steady in _rooms(stated, schedule, items):
        ratios = [amount / item.counted for amount, item in zip(content, items, strict=True)]
        if not ratios or not any(ratios) or not steady or not uniform(ratios):
            continue
        for number, window in enumerate(schedule.windows):
            most = _inside(there, window, len(schedule.windows))
            for step in range(1, len(least)):
                needs = table[number][step] * max(ratios) / fillings[number]
                if most is not None and needs > most * (1.0 + 1e-9):
                    table[number][step] = math.inf
    return tuple(map(tuple, table))


def _inside(there: Sequence[float], window: Window, windows: int) -> float | None:
    """What there is of a capacity in a window; None where windows share what there is in all."""
    if len(there) == len(window.parts):
        return sum(float(part) * amount for part, amount in zip(window.parts, there, strict=True) if part)
    return there[0] if windows == 1 else None


def _rooms(
    stated: Stated, schedule: Schedule, items: Sequence[Item]
) -> Iterator[tuple[Sequence[float], Sequence[float], bool]]:
    """Limits on what the vendor makes: what there is, what an item of each route takes, and whether nothing else matters."""
    vendor = schedule.vendor
    every = [item for product in range(len(stated.products)) for item in stated.items(product, vendor)]
    others = [item for item in every if item not in items]
    learns = any(pair[1] == vendor for pair in stated.learning)
    for capacity in stated.capacities:
        if capacity.vendor == vendor:
            alone = not any(stated.content(item, capacity.noun) for item in others)
            steady = not capacity.levers and not (learns and capacity.noun == "h")
            yield capacity.amounts.tolist(), [stated.content(item, capacity.noun) for item in items], alone and steady
    for lines in stated.card.values():
        for number, rate in lines:
            if rate.vendor == stated.vendors[vendor] and rate.capacity is not None:
                by_time = rate_items(stated.case, rate)
                there = [rate.capacity.number] if in_all(rate.capacity) or by_time is None else by_time.tolist()
                yield there, [float(item.line == number) for item in items], all(item.line == number for item in every)
