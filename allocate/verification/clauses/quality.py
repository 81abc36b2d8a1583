"""Bonus and price reduction by accuracy: of each route by itself, or of all of a product that is delivered in a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocate.case.schema import Contract
from allocate.exact import element
from allocate.tolerances import AT_BOUND, STEP_OF_QUALITY
from allocate.units import Quantity, kind_of
from allocate.verification.clause import Before
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.exchange import worth
from allocate.verification.price_changes import changes_owed
from allocate.verification.windows import Window, part_of, windows
from allocate.verification.work_content.item import Item

if TYPE_CHECKING:
    from allocate.verification.work import Work


def of_route(work: Work, item: Item) -> Quantity | None:
    """The change that holds for a route's accuracy, where each is taken by itself."""
    contract = work.case.vendors[work.stated.vendors[item.vendor]].contract
    return None if contract.quality_window is not None else _step(contract, item.accuracy, AT_BOUND)


def _step(contract: Contract, accuracy: Number, room: float) -> Quantity | None:
    """Of the steps an accuracy is below the lowest, else of those it is above the highest."""
    below = {step.below: step.price for step in contract.quality if step.below is not None}
    above = {step.above: step.price for step in contract.quality if step.above is not None}
    for bound in sorted(below):
        if accuracy < bound - room:
            return below[bound]
    for bound in sorted(above, reverse=True):
        if accuracy > bound + room:
            return above[bound]
    return None


@dataclass(frozen=True)
class Changed:
    """The change of price of what a vendor delivers of a product in a window."""

    vendor: int
    product: int
    window: Window
    items: Number
    lines: dict[int, Number]
    """Money of each line, not all of it zero."""

    @property
    def amount(self) -> Number:
        """All of it."""
        return sum(self.lines.values(), 0.0)


def by_window(work: Work) -> Iterator[Changed]:
    """Every change of price by the average accuracy of what is delivered in a window, owed in its last period."""
    count = work.case.periods.count
    for vendor, (name, terms) in enumerate(work.case.vendors.items()):
        if not terms.contract.quality or terms.contract.quality_window is None:
            continue
        for product in range(len(work.stated.products)):
            lines = work.by_pair.get((product, vendor), [])
            for window in windows(work.case.periods, terms.contract.quality_window) if lines else ():
                items: dict[int, Number] = {}
                for line in lines:
                    delivered = min(int(work.period[line]) + work.made[line].lead, count - 1)
                    items[line] = part_of(window.parts[delivered], element(work.items[line]))
                total = sum(items.values(), 0.0)
                if total > 0:
                    right = sum((many * work.made[line].accuracy for line, many in items.items()), 0.0)
                    change = _step(work.case.vendors[name].contract, right / total, 0.5 * STEP_OF_QUALITY)
                    money = {line: _money(work, line, many, change, window.last) for line, many in items.items()}
                    yield Changed(vendor, product, window, total, money)


def _money(work: Work, line: int, items: Number, change: Quantity | None, due: int) -> Number:
    """What a change of price comes to for some items of a line, at the exchange rate of the period it is owed in."""
    item, period, stated = work.made[line], int(work.period[line]), work.stated
    if change is None:
        return items * 0.0
    if kind_of(change) != "fraction":
        return items * (worth(work.case, change, due) * item.billable)
    rate = stated.rate(item.price.currency or work.case.currency, due)
    if not item.by_volume:
        return items * (item.billed * stated.factor(item.vendor, period, item.held) * rate) * change.number
    used = sum(
        (
            billed.billing.used[billed.lines.index(line)] * billed.own
            for billed in work.by_volume
            if line in billed.lines
        ),
        0.0,
    )
    many = element(work.items[line])
    return used * (items / many) * rate * change.number if many else used * 0.0


def owed(work: Work, before: Before) -> Owed:
    """Changes of single routes in the period of the work, and of windows when these end."""
    single = changes_owed(work, "quality", of_route)
    entries, lines = list(single.entries), list(single.lines)
    for changed in by_window(work):
        for line, money in changed.lines.items():
            lines[line] = money + lines[line]
        if changed.amount:
            entries.append(entry_of(work, changed, "quality", changed.amount))
    return Owed(entries, lines)


def entry_of(work: Work, changed: Changed, clause: str, amount: Number) -> Entry:
    """An entry for what is delivered of a product in a window."""
    stated, window = work.stated, changed.window
    return Entry(
        stated.vendors[changed.vendor], window.label, clause, stated.products[changed.product], changed.items,
        stated.nouns[changed.product], amount / changed.items, amount, window.last, (changed.product,),
    )  # fmt: skip
