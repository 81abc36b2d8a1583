"""Discounts on several products together: by their quantity in all, by business volume, or as a bundle of products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.clauses.volume_discount import DiscountStep, VolumeDiscount
from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger, prices_in
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses.rebate import close_below
from allocate.costing.readings import read_once
from allocate.costing.supply.throughput import work_content
from allocate.costing.table import Routes
from allocate.costing.terms.prices import currency_of, in_case_currency
from allocate.costing.terms.windows import Windows, windows
from allocate.exact import total
from allocate.numbers import Booleans, Floats, below, may_be, named, numbers, placed, ratio, when
from allocate.units import kind_of

Positions = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, eq=False)
class Discount:
    """One volume discount of a contract."""

    number: int
    vendor: int
    words: str
    counted: tuple[int, ...]
    """Products that are counted together."""
    on: tuple[int, ...]
    """Products it is taken off."""
    terms: VolumeDiscount
    windows: Windows

    @property
    def starts(self) -> list[float]:
        """Where each step begins."""
        return [step.from_.number for step in self.terms.steps]

    @property
    def each(self) -> float:
        """Least items of a product that counts, where products are counted."""
        return 1.0 if self.terms.each is None else self.terms.each.number

    def content(self, case: Case, routes: Routes, route: Positions, period: Positions) -> Floats:
        """What one item of some routes counts, money or work; of products, items."""
        start = self.terms.steps[0].from_
        if start.currency is not None:
            return prices_in(case, routes, start.currency, route, period)
        noun = "item" if self.terms.counts_products else start.of() or "h"
        return work_content(case, routes, noun)[route]


@read_once
def discounts(case: Case) -> tuple[Discount, ...]:
    """Every volume discount of a case, in the order of its vendors."""
    found, names = list[Discount](), list(case.products)
    for vendor, (name, maker) in enumerate(case.vendors.items()):
        several = len(maker.contract.volume_discount) > 1
        for position, one in enumerate(maker.contract.volume_discount, 1):
            counted = _positions(names, one.products)
            on = counted if one.on is None else _positions(names, one.on)
            words = f"{name}, discount {position}" if several else name
            found.append(Discount(len(found), vendor, words, counted, on, one, windows(case.periods, one.window)))
    return tuple(found)


def _positions(names: list[str], chosen: tuple[str, ...] | None) -> tuple[int, ...]:
    return tuple(number for number, name in enumerate(names) if chosen is None or name in chosen)


def taken_off(
    case: Case, discount: Discount, step: DiscountStep, routes: Routes, route: Positions, period: Positions
) -> Floats:
    """What a step takes off an item of some routes in some periods, in the case's currency; 0 of what it is not on.

    route, period: arrays of one shape, which the result has.
    """
    price, off = routes.price[route, period], step.off
    if off is not None and kind_of(off) == "fraction":
        found: Floats = off.number * price
    elif off is not None:
        found = in_case_currency(case, off)[period] * routes.billable[route]
    else:
        found = _share_off(case, step, routes)[route] * price
    inside = (routes.vendor[route] == discount.vendor) & np.isin(routes.product[route], discount.on)
    return np.where(inside, found, 0.0)


def _share_off(case: Case, step: DiscountStep, routes: Routes) -> Floats:
    """Share that prices of a step's own are below those asked, shape (R,)."""
    shares, rates = np.zeros(routes.count), case.file.rates
    for name, lower in (step.prices or {}).items():
        for vendor, maker in enumerate(case.vendors.values()):
            mine = np.flatnonzero((routes.product == routes.products.index(name)) & (routes.vendor == vendor))
            for line in np.unique(routes.line[mine]).tolist():
                asked = (rates[line].price if rates else None) or maker.contract.price
                if asked is not None and asked.dimensions == lower.dimensions:
                    rows = mine[routes.line[mine] == line]
                    shares = placed(shares, rows, ratio(asked.number - lower.number, asked.number))
    return shares


def reached(discount: Discount, lines: Lines, weights: Floats) -> float:
    """What is counted of the lines of a plan in a window, in what the steps begin at; weights: of each line, shape (N,)."""
    content = discount.content(lines.case, lines.routes, lines.route, lines.period) * lines.items * weights
    mine: Booleans = (lines.vendor == discount.vendor) & np.isin(lines.product, discount.counted)
    if not discount.terms.counts_products:
        return named("counted in the window", total(content[mine]))  # type: ignore[no-any-return]
    least = discount.each - close_below(discount.each)
    made = [total(content[mine & (lines.product == product)]) for product in discount.counted]
    return named("products that count", sum(when(below(one, least), 0.0, 1.0) for one in made))  # type: ignore[no-any-return]


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """What is taken off in each window, by the step reached, in the window's last period."""
    lines = ledger.lines
    for discount in discounts(lines.case):
        name, steps = lines.routes.vendors[discount.vendor], discount.terms.steps
        for window, label in enumerate(discount.windows.labels):
            weights = discount.windows.weights[window][lines.period]
            count, starts = reached(discount, lines, weights), [named("from", start) for start in discount.starts]
            for number, step in enumerate(steps):
                counted, off, unit, price = _told(discount, step, lines)
                part, many = _where_reached(count, starts, number, [total(one * weights) for one in (off, counted)])
                if may_be(part):
                    about = f"{discount.words}, step {number + 1} of {len(steps)}"
                    each = -ratio(part, many) if price is None else price
                    money = (1.0, unit, -part, -part) if unit == "once" else (many, unit, each, -part)
                    yield Entry(
                        name, label, "volume discount", about, *money, int(discount.windows.last[window]), discount.on
                    )


def _where_reached(count: float, starts: list[float], number: int, amounts: list[float]) -> list[float]:
    """Amounts of a step by its number; nothing where what is counted does not reach it, or reaches the next."""
    ends, start = [end - close_below(end) for end in starts[number + 1 : number + 2]], starts[number]
    for end in ends:
        amounts = [when(below(count, end), one, 0.0) for one in amounts]
    return [when(below(count, start - close_below(start)), 0.0, one) for one in amounts]


def _told(discount: Discount, step: DiscountStep, lines: Lines) -> tuple[Floats, Floats, str, float | None]:
    """What is counted of each line, what is taken off it, the unit of what is counted, and what each of them takes off.

    A share is of the prices of the lines, which the invoice has beside it as it has those of a rebate; money is per unit billed, whose
    price is None where exchange rates decide it. Prices of a step's own are told once.
    """
    taken = lines.items * taken_off(lines.case, discount, step, lines.routes, lines.route, lines.period)
    off, inside = step.off, (lines.vendor == discount.vendor) & np.isin(lines.product, discount.on)
    if off is None or off.number == 0 or not inside.any():
        return taken, taken, "once", None
    if kind_of(off) == "fraction":
        prices = np.where(inside, lines.items * lines.routes.price[lines.route, lines.period], 0.0)
        return prices, prices * off.number, lines.case.currency, -off.number
    own = currency_of(lines.case, off) == lines.case.currency
    unit = lines.routes.basis[int(lines.route[inside][0])]
    return np.where(inside, lines.billable, 0.0), taken, unit, -off.number if own else None


def largest(case: Case, routes: Routes) -> Floats:
    """Largest share of its prices that a vendor's discounts could take off work in each period, shape (V, T)."""
    found, periods = np.zeros((len(case.vendors), case.periods.count)), case.periods.count
    for discount in discounts(case):
        rows = np.flatnonzero((routes.vendor == discount.vendor) & np.isin(routes.product, discount.on))
        route, period = np.repeat(rows, periods), np.tile(np.arange(periods), len(rows))
        most = np.zeros(len(route))
        for step in discount.terms.steps:
            off = numbers(taken_off(case, discount, step, routes, route, period))
            most = np.maximum(most, ratio(off, routes.price[route, period]))
        if len(rows):
            found[discount.vendor] += most.reshape(len(rows), periods).max(axis=0)
    return found


CLAUSE = Clause("volume_discount", owed, of_lines=False)
"""Volume discounts: one entry for the step reached in each window."""
