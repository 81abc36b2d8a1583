"""Bonus and price reduction by accuracy: of each route, or on average of what a vendor delivers in a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger, prices_owed_later
from allocate.costing.bill.make import entries_by_line
from allocate.costing.terms.price_changes import Change, change_of, price_changes
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.terms.schedules import schedules
from allocate.costing.terms.windows import Windows, windows
from allocate.exact import element, total
from allocate.numbers import Floats, Integers, above, below, may_be, named, placed, ratio, when
from allocate.tolerances import AT_BOUND, STEP_OF_QUALITY
from allocate.units import Quantity


def quality_steps(contract: Contract, accuracy: Floats) -> list[Change]:
    """The change of price at each accuracy: of the lowest bound it is below, else of the highest it is above."""
    highs = sorted(((s.above, s.price) for s in contract.quality if s.above is not None), key=itemgetter(0))
    lows = sorted(((s.below, s.price) for s in contract.quality if s.below is not None), key=itemgetter(0))
    found = [(price, above(accuracy, bound + AT_BOUND)) for bound, price in highs]
    return [*found, *((price, below(accuracy, bound - AT_BOUND)) for bound, price in reversed(lows))]


def by_route(case: Case, columns: Mapping[str, NDArray[Any]], tiered: NDArray[np.bool_]) -> dict[str, Floats]:
    """What the accuracy of each route changes its price by, as columns of the routes; see `price_changes`."""

    def steps(contract: Contract, rows: NDArray[np.intp]) -> list[Change]:
        return quality_steps(contract, columns["accuracy"][rows]) if contract.quality_window is None else []

    money, share = price_changes(case, columns, tiered, steps)
    return {"quality": money, "quality_share": share}


@dataclass(frozen=True)
class Band:
    """Averages of accuracy that change prices alike."""

    low: float
    high: float
    change: Quantity | None


@dataclass(frozen=True)
class Measured:
    """A vendor's deliveries of a product, whose average accuracy changes their price."""

    vendor: int
    product: int
    windows: Windows
    """By the period of delivery."""
    bands: tuple[Band, ...]
    """From the lowest accuracy up; each ends `STEP_OF_QUALITY` below where the next begins."""

    def change(self, accuracy: float, of: Callable[[Quantity | None], Any]) -> Any:
        """What the change of price at an average accuracy comes to; of: what each change does."""
        found = of(self.bands[-1].change)
        for band, other in reversed(list(pairwise(self.bands))):
            found = when(below(accuracy, (band.high + other.low) / 2.0), of(band.change), found)
        return found

    def reached(self, least: float, most: float) -> tuple[Band, ...]:
        """The bands that averages between two accuracies can fall into."""
        ends = [(band.high + following.low) / 2.0 for band, following in pairwise(self.bands)]
        return tuple(
            band
            for band, low, high in zip(self.bands, [-np.inf, *ends], [*ends, np.inf], strict=True)
            if most >= low and least < high
        )


def measured(case: Case, product: Integers, vendor: Integers) -> tuple[Measured, ...]:
    """Every pair of a vendor and a product measured so; product, vendor: positions of each route's."""
    found: list[Measured] = []
    for position, maker in enumerate(case.vendors.values()):
        if maker.contract.quality and maker.contract.quality_window is not None:
            over, bands = windows(case.periods, maker.contract.quality_window), _bands(maker.contract)
            made = np.unique(product[vendor == position]).tolist()
            found += [Measured(position, number, over, bands) for number in made]
    return tuple(found)


def _bands(contract: Contract) -> tuple[Band, ...]:
    """Bands of accuracy: below each bound the lowest it is below counts, above each the highest it is above."""
    lower = sorted(((s.below, s.price) for s in contract.quality if s.below is not None), key=itemgetter(0))
    upper = sorted(((s.above, s.price) for s in contract.quality if s.above is not None), key=itemgetter(0))
    lows = [-np.inf, *(bound for bound, _ in lower)]
    found = [Band(low, bound - STEP_OF_QUALITY, price) for low, (bound, price) in zip(lows, lower, strict=False)]
    highs = [*(bound for bound, _ in upper), np.inf]
    found.append(Band(lows[-1], highs[0], None))
    found += [Band(bound + STEP_OF_QUALITY, high, price) for (bound, price), high in zip(upper, highs[1:], strict=True)]
    return tuple(found)


def largest_reduction(case: Case, vendor: Integers, price: Floats, billable: Floats) -> Floats:
    """Largest share of its price each route could lose for an average accuracy over a window, shape (R,).

    It is owed at the end of the window, when its currency may be worth more than when the work was done.
    """
    most, growth = np.zeros(len(vendor)), max(float(one.max() / one.min()) for one in exchange_rates(case).values())
    for position, maker in enumerate(case.vendors.values()):
        steps = maker.contract.quality if maker.contract.quality_window is not None else ()
        rows = np.flatnonzero(vendor == position)
        for step in steps:
            some = price[rows]
            off = -change_of(case, step.price, some, billable[rows, None])
            part = np.divide(off, some, out=np.zeros(some.shape), where=some > 0)
            most[rows] = np.maximum(most[rows], part.max(axis=1) * growth)
    return most


@dataclass(frozen=True, eq=False)
class Average:
    """What the average accuracy of deliveries of a window changes their price by."""

    measured: Measured
    window: int
    inside: NDArray[np.intp]
    """Lines of the vendor and product."""
    items: Floats
    """Of each of them, what is delivered in the window."""
    each: Floats
    """Money for each of them."""

    @property
    def last(self) -> int:
        """Position of the period it is owed in."""
        return int(self.measured.windows.last[self.window])

    def entry(self, ledger: Ledger, clause: str, amount: float) -> Entry:
        """An entry of the bill for the window."""
        routes, product, many = ledger.lines.routes, self.measured.product, total(self.items)
        label, last = self.measured.windows.labels[self.window], self.last
        counted = (many, routes.items[product], ratio(amount, many), amount)
        name = routes.vendors[self.measured.vendor]
        return Entry(name, label, clause, routes.products[product], *counted, last, (product,))


def averages(ledger: Ledger) -> Iterator[Average]:
    """Every window in which the average accuracy of deliveries changes their price."""
    lines, routes = ledger.lines, ledger.lines.routes
    for measure in measured(lines.case, routes.product, routes.vendor):
        inside = np.flatnonzero((lines.vendor == measure.vendor) & (lines.product == measure.product))
        delivered = np.minimum(lines.delivered[inside], lines.case.periods.count - 1)
        for window, weights in enumerate(measure.windows.weights):
            items = lines.items[inside] * weights[delivered]
            many = total(items)
            if not may_be(many):
                continue
            right = total(items * routes.accuracy[lines.route[inside]])
            owed_in = int(measure.windows.last[window])
            price = _prices(ledger, inside, items, ledger.used[inside] * weights[delivered], owed_in)
            billable = items * routes.billable[lines.route[inside]]
            each = measure.change(
                named("average accuracy", ratio(right, many)),
                lambda change: _money(lines.case, change, price, billable, owed_in),  # noqa: B023
            )
            if may_be(total(each)):
                yield Average(measure, window, inside, items, each)


def _money(case: Case, change: Quantity | None, price: Floats, billable: Floats, owed_in: int) -> Floats:
    """What a change of price comes to; nothing where there is none."""
    return price * 0.0 if change is None else change_of(case, change, price, billable, owed_in)


def _prices(ledger: Ledger, inside: NDArray[np.intp], items: Floats, by_volume: Floats, owed_in: int) -> Floats:
    """What prices ask for items of some lines at the exchange rates of the period a change of them is owed in.

    by_volume: what prices by volume ask for them, in their own currency.
    """
    lines, case = ledger.lines, ledger.lines.case
    route = lines.route[inside]
    price = items * prices_owed_later(case, lines.routes, route, lines.period[inside], owed_in)
    for schedule in schedules(case):
        counted = lines.routes.schedule[route] == schedule.number
        if counted.any():
            rate = element(exchange_rates(case)[schedule.currency][owed_in])
            price = placed(price, counted, by_volume[counted] * rate)
    return price


def owed(ledger: Ledger) -> Owed:
    """What accuracy changes prices by: of windows of prices by volume, of items, and of windows of deliveries."""
    lines, routes = ledger.lines, ledger.lines.routes
    by_item = ledger.beside_volume(routes.quality, routes.quality_share)
    entries = [
        entry for window in ledger.filled for entry in window.shared("quality", window.shares(routes.quality_share))
    ]
    entries += entries_by_line(lines, by_item, "quality")
    each = by_item + ledger.paid * routes.quality_share[lines.route]
    for average in averages(ledger):
        each[average.inside] = each[average.inside] + average.each
        entries.append(average.entry(ledger, "quality", total(average.each)))
    return Owed(entries, each)


CLAUSE = Clause("quality", owed)
