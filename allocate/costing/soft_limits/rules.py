"""Rules that may be broken for a penalty: what breaking them costs, and by how much a plan breaks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing import limits
from allocate.costing.invoice import Invoice
from allocate.costing.routes import Routes
from allocate.costing.terms.prices import in_case_currency
from allocate.tolerances import AT_WORK, BROKEN, LIMIT_KEPT

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Broken:
    """A rule a plan breaks, or a limit it misses, and what that costs in the objective; spent only where it is paid."""

    rule: str
    """Its name; of a limit, what it limits."""
    owner: str
    reason: str
    about: str
    """Vendors, products and period, in the case's words."""
    amount: float
    unit: str
    price: float
    """Money of the case's currency per unit."""
    money: float
    paid: bool = False
    """Whether it is money that is spent."""


@dataclass(frozen=True, eq=False)
class _Made:
    """A plan's quantities as positions, arrays of one entry per line."""

    case: Case
    routes: Routes
    route: Integers
    period: Integers
    items: Floats
    owed: Invoice

    def pairs(self, each: Floats | None = None) -> Floats:
        """Items by product and vendor, shape (P, V); each: what an item of each route counts for, absent: 1."""
        made = np.zeros((len(self.routes.products), len(self.routes.vendors)))
        amounts = self.items if each is None else self.items * each[self.route]
        np.add.at(made, (self.routes.product[self.route], self.routes.vendor[self.route]), amounts)
        return made


def penalty(case: Case, rule: int, period: int | None = None) -> float | None:
    """Money of the case's currency per unit by which a rule is broken; None for a rule that is never broken.

    period: position of the one it is about, in which it falls due; absent: that is the last of the horizon.
    """
    amount = case.file.rules[rule].penalty
    if amount is None:
        return None
    return (
        amount.number
        if amount.currency is None
        else float(in_case_currency(case, amount)[-1 if period is None else period])
    )


def broken_rules(
    case: Case, routes: Routes, route: Integers, period: Integers, items: Floats, owed: Invoice
) -> tuple[Broken, ...]:
    """Every rule with a penalty that a plan breaks, in the case's order; lines as positions, arrays of one length."""
    if all(rule.penalty is None for rule in case.file.rules):
        return ()
    made = _Made(case, routes, route, period, items, owed)
    found = [one for part in (_shares, _counts, _incompatible, _only, _fixed, _needs) for one in part(made)]
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


_Found = Iterator[tuple[int, Broken]]


def _shares(made: _Made) -> _Found:
    served = np.zeros((len(made.routes.products), len(made.routes.vendors)), dtype=bool)
    served[made.routes.product, made.routes.vendor] = True
    for one in limits.shares(made.case, served):
        if made.case.file.rules[one.rule].penalty is None:
            continue
        part, total = _measured(made, one, one.vendors), _measured(made, one, None)
        beyond = part - one.at_most * total if one.at_most is not None else 0.0
        short = one.at_least * total - part if one.at_least is not None else 0.0
        who = " and ".join(made.routes.vendors[v] for v in one.vendors)
        about = f"share of {who} in {one.measure}"
        if len(one.products) < len(made.routes.products):
            about += " of " + ", ".join(made.routes.products[p] for p in one.products)
        about += "" if one.period is None else f" in {made.case.periods.label(one.period)}"
        unit = {"items": "items", "eu": "EU", "hours": "h", "spend": made.case.currency}[one.measure]
        yield from _broken(made, one.rule, about, max(beyond, short), unit, total, one.period)


def _measured(made: _Made, one: limits.Share, vendors: tuple[int, ...] | None) -> float:
    """A share's measure over its products and period, of some vendors or (None) of all."""
    ways = made.routes
    if one.measure == "spend":
        names = None if vendors is None else {ways.vendors[v] for v in vendors}
        return sum(
            entry.amount
            for entry in made.owed.entries
            if set(entry.products) <= set(one.products)
            and one.period in (None, entry.period)
            and (entry.vendor in names if names is not None else entry.vendor != "")
        )
    each = {"items": np.ones(ways.count), "eu": ways.equivalent_units, "hours": ways.hours}[one.measure]
    inside = np.isin(ways.product[made.route], one.products)
    inside &= True if vendors is None else np.isin(ways.vendor[made.route], vendors)
    inside &= True if one.period is None else made.period == one.period
    return float((made.items * each[made.route])[inside].sum())


def _counts(made: _Made) -> _Found:
    pairs, content = made.pairs(), made.pairs(made.routes.equivalent_units)
    for one in limits.counts(made.case):
        chosen = (pairs.sum(axis=0) if one.products is None else pairs[one.products[0]])[list(one.vendors)]
        work = content.sum(axis=0) if one.products is None else pairs[one.products[0]]
        where = "" if one.products is None else f" on {made.routes.products[one.products[0]]}"
        many = int((chosen > AT_WORK).sum()) - one.at_most if one.at_most is not None else 0
        there = chosen >= one.items - LIMIT_KEPT * one.items
        there &= work[list(one.vendors)] >= one.share * work.sum() - LIMIT_KEPT * work.sum()
        few = one.at_least - int(there.sum()) if one.at_least is not None else 0
        yield from _broken(made, one.rule, f"vendors{where}", float(max(many, few)), "vendors", 1.0)


def _incompatible(made: _Made) -> _Found:
    pairs = made.pairs()
    for one in limits.incompatible(made.case):
        many = int((pairs[list(one.products), one.vendor] > AT_WORK).sum()) - 1
        about = f"incompatible products with {made.routes.vendors[one.vendor]}"
        yield from _broken(made, one.rule, about, float(many), "products", 1.0)


def _only(made: _Made) -> _Found:
    pairs = made.pairs()
    for rule, forbidden in limits.discouraged(made.case):
        for product, vendor in zip(*np.nonzero(forbidden & (pairs > AT_WORK)), strict=True):
            about = f"{made.routes.products[product]} with {made.routes.vendors[vendor]}"
            yield from _broken(made, rule, about, float(pairs[product, vendor]), made.routes.items[product], 1.0)


def _fixed(made: _Made) -> _Found:
    ways, names = made.routes, made.routes.workflows
    for one in limits.fixed(made.case):
        mine = (ways.product[made.route] == one.product) & (ways.vendor[made.route] == one.vendor)
        if one.workflow is not None:
            mine &= np.array([names[w] == one.workflow for w in ways.workflow[made.route]], dtype=bool)
        off = abs(float(made.items[mine].sum()) - one.items)
        about = f"items of {ways.products[one.product]} with {ways.vendors[one.vendor]}"
        yield from _broken(made, one.rule, about, off, ways.items[one.product], one.items)


def _needs(made: _Made) -> _Found:
    each = made.pairs().sum(axis=1)
    for one in limits.needs(made.case):
        if each[one.product] > AT_WORK:
            short, noun = one.items - float(each[one.other]), made.routes.items[one.other]
            yield from _broken(made, one.rule, f"items of {made.routes.products[one.other]}", short, noun, one.items)


def _broken(
    made: _Made, rule: int, about: str, amount: float, unit: str, size: float, period: int | None = None
) -> _Found:
    """The rule if it has a penalty and is broken by more than rounding of what it is about."""
    price, one = penalty(made.case, rule, period), made.case.file.rules[rule]
    if price is not None and amount > BROKEN * size:
        words = (one.name, one.owner or "", one.reason or "", about)
        yield rule, Broken(*words, amount, unit, price, amount * price)
