"""Rules that may be broken for a penalty: what breaking them costs, and by how much a plan breaks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocate.case.clauses import FOR_NO_WORK
from allocate.case.load import Case
from allocate.costing.bill.entries import Invoice
from allocate.costing.bill.lines import Lines
from allocate.costing.rules import RULES, Rule
from allocate.costing.rules.count import counts, most_vendors
from allocate.costing.rules.exclusive import exclusive
from allocate.costing.rules.fix import fixed
from allocate.costing.rules.funded import funded
from allocate.costing.rules.incompatible import incompatible, most_products
from allocate.costing.rules.needs import needs
from allocate.costing.rules.only import discouraged
from allocate.costing.rules.share import Share, shares
from allocate.costing.rules.steady import Pace, paces
from allocate.costing.supply.throughput import work_content
from allocate.costing.terms.prices import in_case_currency
from allocate.numbers import Floats
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
    found = [
        one
        for kind in RULES
        for one in (_of_money(kind, lines, owed) if kind.of_money else _BREAKING[kind.name](lines, owed))
    ]
    return tuple(broken for _, broken in sorted(found, key=lambda pair: pair[0]))


_Found = Iterator[tuple[int, Broken]]


def _shares(lines: Lines, owed: Invoice) -> _Found:
    served = np.zeros((len(lines.routes.products), len(lines.routes.vendors)), dtype=bool)
    served[lines.routes.product, lines.routes.vendor] = True
    for share in shares(lines.case, served):
        if lines.case.file.rules[share.rule].penalty is None:
            continue
        part, total = (_measured(lines, owed, share, vendors) for vendors in (share.vendors, None))
        beyond = part - share.at_most * total if share.at_most is not None else 0.0
        short = share.at_least * total - part if share.at_least is not None else 0.0
        who = " and ".join(lines.routes.vendors[v] for v in share.vendors)
        about = f"share of {who} in {share.measure}"
        if len(share.products) < len(lines.routes.products):
            about += " of " + ", ".join(lines.routes.products[p] for p in share.products)
        about += "" if share.period is None else f" in {lines.case.periods.label(share.period)}"
        unit = {"items": "items", "eu": "EU", "hours": "h", "spend": lines.case.currency}[share.measure]
        yield from _broken(lines, share.rule, about, max(beyond, short), unit, total, share.period)


def _measured(lines: Lines, owed: Invoice, share: Share, vendors: tuple[int, ...] | None) -> float:
    """A share's measure over its products and period, of some vendors or (None) of all."""
    routes, past = lines.routes, lines.case.past
    first = past.first if past is not None and past.apart(share.name, share.period) else 0
    if share.measure == "spend":
        names = None if vendors is None else {routes.vendors[v] for v in vendors}
        return sum(
            entry.amount
            for entry in owed.entries
            if entry.clause not in FOR_NO_WORK
            and set(entry.products) <= set(share.products)
            and share.period in (None, entry.period)
            and entry.period >= first
            and (entry.vendor in names if names is not None else entry.vendor != "")
        )
    each = {"items": np.ones(routes.count), "eu": routes.equivalent_units, "hours": routes.hours}[share.measure]
    inside = np.isin(routes.product[lines.route], share.products)
    inside &= True if vendors is None else np.isin(routes.vendor[lines.route], vendors)
    inside &= (
        (lines.period >= first) if share.period is None else (lines.period == share.period) & (share.period >= first)
    )
    return float((lines.items * each[lines.route])[inside].sum())


def _of_money(kind: Rule, lines: Lines, owed: Invoice) -> _Found:
    paid = [(e.products, e.period, e.amount) for e in owed.entries if e.clause not in FOR_NO_WORK]
    for side, part, total in kind.of_money(lines.case, paid, 0.0) if kind.of_money is not None else ():
        limit = side.amount * total if side.currency is None else side.amount
        amount = limit - part if side.at_least else part - limit
        yield from _broken(lines, side.rule, side.words, amount, lines.case.currency, max(total, limit))


def _counts(lines: Lines, owed: Invoice) -> _Found:
    pairs, content = lines.by_pair, lines.summed(lines.items * lines.routes.equivalent_units[lines.route])
    for count in counts(lines.case):
        chosen = (pairs.sum(axis=0) if count.products is None else pairs[count.products[0]])[list(count.vendors)]
        work = content.sum(axis=0) if count.products is None else pairs[count.products[0]]
        where = "" if count.products is None else f" on {lines.routes.products[count.products[0]]}"
        parts, whole = (work[list(count.vendors)], work.sum()) if count.most_share else (chosen, 0.0)
        least = count.most_share * whole + count.most_items
        more = parts > least + AT_WORK + LIMIT_KEPT * max(whole, count.most_items)
        many = int(more.sum()) - most_vendors(count, lines.routes.made) if count.at_most is not None else 0
        there = chosen >= count.items - LIMIT_KEPT * count.items
        there &= work[list(count.vendors)] >= count.share * work.sum() - LIMIT_KEPT * work.sum()
        few = count.at_least - int(there.sum()) if count.at_least is not None else 0
        yield from _broken(lines, count.rule, f"vendors{where}", float(max(many, few)), "vendors", 1.0)


def _incompatible(lines: Lines, owed: Invoice) -> _Found:
    pairs = lines.by_pair
    for rule in incompatible(lines.case):
        many = int((pairs[list(rule.products), rule.vendor] > AT_WORK).sum()) - most_products(rule, lines.routes.made)
        about = f"incompatible products with {lines.routes.vendors[rule.vendor]}"
        yield from _broken(lines, rule.rule, about, float(many), "products", 1.0)


def _funded(lines: Lines, owed: Invoice) -> _Found:
    each = lines.by_pair.sum(axis=1)
    for side in funded(lines.case):
        made, items = each[list(side.products)], np.array(side.items)
        slack = LIMIT_KEPT * items
        there = (made >= items - slack) if side.at_least else made > items + slack + AT_WORK
        off = (side.number - int(there.sum())) * (1 if side.at_least else -1)
        yield from _broken(lines, side.rule, "products funded", float(off), "products", 1.0)


def _exclusive(lines: Lines, owed: Invoice) -> _Found:
    busy, products, vendors = lines.by_pair > AT_WORK, lines.routes.products, lines.routes.vendors
    for pair in exclusive(lines.case):
        if busy[pair.product, pair.vendor] and busy[pair.beside]:
            product, vendor = products[pair.product], vendors[pair.vendor]
            about = f"{product} with {vendor} and {vendors[pair.other]}"
            if not pair.of_product:
                about = f"{vendor} for {product} and {products[pair.other]}"
            yield from _broken(lines, pair.rule, about, 1.0, "vendors" if pair.of_product else "products", 1.0)


def _steady(lines: Lines, owed: Invoice) -> _Found:
    for pace in paces(lines.case):
        if not np.isfinite(pace.most) or lines.case.file.rules[pace.rule].penalty is None:
            continue
        before = pace.before
        for period, now in enumerate((_worked(lines, pace) / pace.lengths).tolist()):
            if before is not None:
                about = f"pace of {lines.routes.vendors[pace.vendor]} in {lines.case.periods.label(period)}"
                beyond, size = abs(now - before) - pace.most, max(pace.most, now, before)
                yield from _broken(lines, pace.rule, about, beyond, pace.noun, size, period)
            before = now


def _worked(lines: Lines, pace: Pace) -> Floats:
    """What a vendor works in each period by the measure of its pace, shape (T,)."""
    own, count = lines.vendor == pace.vendor, lines.case.periods.count
    if pace.noun != "h":
        content = work_content(lines.case, lines.routes, pace.noun)[lines.route]
        return np.bincount(lines.period[own], (lines.items * content)[own], count).astype(np.float64)
    worked = np.zeros(count)
    for later, each in lines.routes.parts(False):
        when = lines.period + (later if isinstance(later, int) else later[lines.route])
        inside = own & (when < count)
        worked += np.bincount(when[inside], (lines.items * each[lines.route])[inside], count)
    return worked


def _only(lines: Lines, owed: Invoice) -> _Found:
    pairs = lines.by_pair
    for rule, forbidden in discouraged(lines.case):
        for product, vendor in zip(*np.nonzero(forbidden & (pairs > AT_WORK)), strict=True):
            about = f"{lines.routes.products[product]} with {lines.routes.vendors[vendor]}"
            yield from _broken(lines, rule, about, float(pairs[product, vendor]), lines.routes.items[product], 1.0)


def _fixed(lines: Lines, owed: Invoice) -> _Found:
    routes, names = lines.routes, lines.routes.workflows
    for rule in fixed(lines.case):
        inside = (routes.product[lines.route] == rule.product) & (routes.vendor[lines.route] == rule.vendor)
        if rule.workflow is not None:
            inside &= np.array([names[w] == rule.workflow for w in routes.workflow[lines.route]], dtype=bool)
        off = abs(float(lines.items[inside].sum()) - rule.items)
        about = f"items of {routes.products[rule.product]} with {routes.vendors[rule.vendor]}"
        yield from _broken(lines, rule.rule, about, off, routes.items[rule.product], rule.items)


def _needs(lines: Lines, owed: Invoice) -> _Found:
    each = lines.by_pair.sum(axis=1)
    for rule in needs(lines.case):
        if each[rule.product] > AT_WORK:
            short, noun = rule.items - float(each[rule.other]), lines.routes.items[rule.other]
            yield from _broken(
                lines, rule.rule, f"items of {lines.routes.products[rule.other]}", short, noun, rule.items
            )


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
    "funded": _funded,
    "exclusive": _exclusive,
    "steady": _steady,
}
"""How a plan breaks each kind of rule that is not about money alone."""
