"""Rules that may be broken for a penalty: what breaking them costs, and by how much a plan breaks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.bill.entries import Invoice
from allocate.costing.bill.lines import Lines
from allocate.costing.rules import RULES
from allocate.costing.rules.count import counts
from allocate.costing.rules.fix import fixed
from allocate.costing.rules.incompatible import incompatible
from allocate.costing.rules.needs import needs
from allocate.costing.rules.only import discouraged
from allocate.costing.rules.share import Share, shares
from allocate.costing.rules.spend import FOR_NO_WORK, spends
from allocate.costing.terms.prices import in_case_currency
from allocate.tolerances import AT_WORK, BROKEN, LIMIT_KEPT


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


def broken_rules(lines: Lines, owed: Invoice) -> tuple[Broken, ...]:
    """Every rule with a penalty that a plan breaks, in the case's order."""
    if all(rule.penalty is None for rule in lines.case.file.rules):
        return ()
    found = [one for kind in RULES for one in _BREAKING[kind.name](lines, owed)]
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


_Found = Iterator[tuple[int, Broken]]


def _shares(lines: Lines, owed: Invoice) -> _Found:
    served = np.zeros((len(lines.routes.products), len(lines.routes.vendors)), dtype=bool)
    served[lines.routes.product, lines.routes.vendor] = True
    for one in shares(lines.case, served):
        if lines.case.file.rules[one.rule].penalty is None:
            continue
        part, total = _measured(lines, owed, one, one.vendors), _measured(lines, owed, one, None)
        beyond = part - one.at_most * total if one.at_most is not None else 0.0
        short = one.at_least * total - part if one.at_least is not None else 0.0
        who = " and ".join(lines.routes.vendors[v] for v in one.vendors)
        about = f"share of {who} in {one.measure}"
        if len(one.products) < len(lines.routes.products):
            about += " of " + ", ".join(lines.routes.products[p] for p in one.products)
        about += "" if one.period is None else f" in {lines.case.periods.label(one.period)}"
        unit = {"items": "items", "eu": "EU", "hours": "h", "spend": lines.case.currency}[one.measure]
        yield from _broken(lines, one.rule, about, max(beyond, short), unit, total, one.period)


def _measured(lines: Lines, owed: Invoice, one: Share, vendors: tuple[int, ...] | None) -> float:
    """A share's measure over its products and period, of some vendors or (None) of all."""
    routes = lines.routes
    if one.measure == "spend":
        names = None if vendors is None else {routes.vendors[v] for v in vendors}
        return sum(
            entry.amount
            for entry in owed.entries
            if set(entry.products) <= set(one.products)
            and one.period in (None, entry.period)
            and (entry.vendor in names if names is not None else entry.vendor != "")
        )
    each = {"items": np.ones(routes.count), "eu": routes.equivalent_units, "hours": routes.hours}[one.measure]
    inside = np.isin(routes.product[lines.route], one.products)
    inside &= True if vendors is None else np.isin(routes.vendor[lines.route], vendors)
    inside &= True if one.period is None else lines.period == one.period
    return float((lines.items * each[lines.route])[inside].sum())


def _spends(lines: Lines, owed: Invoice) -> _Found:
    entries = [entry for entry in owed.entries if entry.clause not in FOR_NO_WORK]
    total = sum((entry.amount for entry in entries), 0.0)
    for side in spends(lines.case):
        part = sum((entry.amount for entry in entries if set(entry.products) <= set(side.products)), 0.0)
        limit = side.amount * total if side.currency is None else side.amount
        about = f"spend on {', '.join(lines.routes.products[product] for product in side.products)}"
        amount = limit - part if side.at_least else part - limit
        yield from _broken(lines, side.rule, about, amount, lines.case.currency, max(total, limit))


def _counts(lines: Lines, owed: Invoice) -> _Found:
    pairs, content = lines.by_pair, lines.summed(lines.items * lines.routes.equivalent_units[lines.route])
    for one in counts(lines.case):
        chosen = (pairs.sum(axis=0) if one.products is None else pairs[one.products[0]])[list(one.vendors)]
        work = content.sum(axis=0) if one.products is None else pairs[one.products[0]]
        where = "" if one.products is None else f" on {lines.routes.products[one.products[0]]}"
        many = int((chosen > AT_WORK).sum()) - one.at_most if one.at_most is not None else 0
        there = chosen >= one.items - LIMIT_KEPT * one.items
        there &= work[list(one.vendors)] >= one.share * work.sum() - LIMIT_KEPT * work.sum()
        few = one.at_least - int(there.sum()) if one.at_least is not None else 0
        yield from _broken(lines, one.rule, f"vendors{where}", float(max(many, few)), "vendors", 1.0)


def _incompatible(lines: Lines, owed: Invoice) -> _Found:
    pairs = lines.by_pair
    for one in incompatible(lines.case):
        many = int((pairs[list(one.products), one.vendor] > AT_WORK).sum()) - 1
        about = f"incompatible products with {lines.routes.vendors[one.vendor]}"
        yield from _broken(lines, one.rule, about, float(many), "products", 1.0)


def _only(lines: Lines, owed: Invoice) -> _Found:
    pairs = lines.by_pair
    for rule, forbidden in discouraged(lines.case):
        for product, vendor in zip(*np.nonzero(forbidden & (pairs > AT_WORK)), strict=True):
            about = f"{lines.routes.products[product]} with {lines.routes.vendors[vendor]}"
            yield from _broken(lines, rule, about, float(pairs[product, vendor]), lines.routes.items[product], 1.0)


def _fixed(lines: Lines, owed: Invoice) -> _Found:
    routes, names = lines.routes, lines.routes.workflows
    for one in fixed(lines.case):
        mine = (routes.product[lines.route] == one.product) & (routes.vendor[lines.route] == one.vendor)
        if one.workflow is not None:
            mine &= np.array([names[w] == one.workflow for w in routes.workflow[lines.route]], dtype=bool)
        off = abs(float(lines.items[mine].sum()) - one.items)
        about = f"items of {routes.products[one.product]} with {routes.vendors[one.vendor]}"
        yield from _broken(lines, one.rule, about, off, routes.items[one.product], one.items)


def _needs(lines: Lines, owed: Invoice) -> _Found:
    each = lines.by_pair.sum(axis=1)
    for one in needs(lines.case):
        if each[one.product] > AT_WORK:
            short, noun = one.items - float(each[one.other]), lines.routes.items[one.other]
            yield from _broken(lines, one.rule, f"items of {lines.routes.products[one.other]}", short, noun, one.items)


def _broken(
    lines: Lines, rule: int, about: str, amount: float, unit: str, size: float, period: int | None = None
) -> _Found:
    """The rule if it has a penalty and is broken by more than rounding of what it is about."""
    price, one = penalty(lines.case, rule, period), lines.case.file.rules[rule]
    if price is not None and amount > BROKEN * size:
        words = (one.name, one.owner or "", one.reason or "", about)
        yield rule, Broken(*words, amount, unit, price, amount * price)


_BREAKING = {
    "share": _shares,
    "count": _counts,
    "only": _only,
    "fix": _fixed,
    "needs": _needs,
    "incompatible": _incompatible,
    "spend": _spends,
}
"""How a plan breaks each kind of rule."""
