"""Rules on the mix that count, forbid, fix or order, recomputed from the lines of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import CountRule
from allocate.costing import limits
from allocate.exact import by_pair, element
from allocate.tolerances import AT_WORK
from allocate.verification.found import TOLERANCE, Check
from allocate.verification.penalties import price_of
from allocate.verification.work import Floats, Work

Booleans = NDArray[np.bool_]


def _made(work: Work) -> Floats:
    """Items by product and vendor, shape (P, V)."""
    return by_pair(work.product, work.vendor, work.items, (len(work.routes.products), len(work.routes.vendors)))


def forced(case: Case, rule: int, check: Check, period: int | None = None) -> Check:
    """The check of a rule with the penalty for which it may be broken, if it may.

    period: position of the one it is about, at whose exchange rate it falls due; absent: the last of the horizon.
    """
    price = price_of(case, rule, period)
    return check if price is None else replace(check, rule=rule, penalty=price, listed=case.file.rules[rule].name)


def counts(work: Work) -> Iterator[Check]:
    """How many vendors work on each product, or on anything; for an at-least only those that make enough to count."""
    number, products, vendors = 0, list(work.case.products), list(work.case.vendors)
    for position, rule in enumerate(work.case.file.rules):
        if rule.count is None:
            continue
        counted = [vendors.index(name) for name in rule.count.vendors or vendors]
        named = products if rule.count.products == ("each",) else rule.count.products or ("",)
        for name in named:
            mine = work.product == products.index(name) if name else np.ones(len(work.items), dtype=bool)
            items = [work.summed(work.items, mine & (work.vendor == vendor)) for vendor in counted]
            subject = f"rule '{rule.name}': vendors{f' on {name}' if name else ''}"
            for at_least, limit in ((True, rule.count.at_least), (False, rule.count.at_most)):
                if limit is None:
                    continue
                used = float(_enough(work, rule.count, mine, counted, items) if at_least else _working(items))
                words = f" ({_from(rule.count)} or more each)" if at_least else ""
                check = Check("vendor_count", (position, number), subject + words, "vendors", used, limit, at_least)
                yield forced(work.case, position, check)
                number += 1


def _working(items: list[float]) -> int:
    """Vendors that make anything."""
    return sum(amount > AT_WORK for amount in items)


def _enough(work: Work, rule: CountRule, mine: Booleans, counted: list[int], items: list[float]) -> int:
    """Vendors that make a whole item, and the part or the items the rule counts from; their items are given."""
    least = rule.counts_from
    if least is not None and least.dimensions:
        return sum(amount >= (1.0 - TOLERANCE) * least.number for amount in items)
    each = work.items if rule.products is not None else work.items * work.routes.equivalent_units[work.route]
    whole = work.summed(each, mine)
    part = (0.05 if least is None else least.number) * whole - TOLERANCE * whole
    amounts = [work.summed(each, mine & (work.vendor == vendor)) for vendor in counted]
    return sum(many >= 1.0 - TOLERANCE and amount >= part for many, amount in zip(items, amounts, strict=True))


def _from(rule: CountRule) -> str:
    return "5%" if rule.counts_from is None else rule.counts_from.text


def incompatible(work: Work) -> Iterator[Check]:
    """How many of incompatible products each vendor works on."""
    made = _made(work)
    for one in limits.incompatible(work.case):
        names = " and ".join(work.routes.products[p] for p in one.products)
        subject = f"rule '{one.name}': of {names} with {work.routes.vendors[one.vendor]}"
        used = float((made[list(one.products), one.vendor] > AT_WORK).sum())
        check = Check("incompatible_products", (one.rule, one.vendor), subject, "products", used, 1.0, False)
        yield forced(work.case, one.rule, check)


def only(work: Work) -> Iterator[Check]:
    """Items of pairs that a rule forbids."""
    made, forbidden = _made(work), limits.barred(work.case)
    for product, vendor in zip(*np.nonzero(forbidden & (made > AT_WORK)), strict=True):
        words = f"{work.routes.products[product]} with {work.routes.vendors[vendor]}, which a rule forbids"
        noun = work.routes.items[product]
        yield Check(
            "only_vendors", (int(product), int(vendor)), words, noun, element(made[product, vendor]), 0.0, False
        )
    for rule, apart in limits.discouraged(work.case):
        for product, vendor in zip(*np.nonzero(apart & (made > AT_WORK)), strict=True):
            pair = f"{work.routes.products[product]} with {work.routes.vendors[vendor]}"
            subject, key = f"rule '{work.case.file.rules[rule].name}': {pair}", (rule, int(product), int(vendor))
            used, noun = element(made[product, vendor]), work.routes.items[product]
            yield forced(work.case, rule, Check("only_vendors_soft", key, subject, noun, used, 0.0, False))


def fixed(work: Work) -> Iterator[Check]:
    """Quantities set by hand, from below and from above."""
    names = np.array(work.routes.workflows)[work.routes.workflow[work.route]]
    for one in limits.fixed(work.case):
        mine = (work.product == one.product) & (work.vendor == one.vendor)
        if one.workflow is not None:
            mine &= names == one.workflow
        used, noun = work.summed(work.items, mine), work.routes.items[one.product]
        for at_least in (True, False):
            subject = f"rule '{one.name}': items held"
            check = Check("fixed_quantity", (one.rule,), subject, noun, used, one.items, at_least)
            yield forced(work.case, one.rule, check)


def needs(work: Work) -> Iterator[Check]:
    """Items of a product that another one needs, where the other is worked on."""
    made = _made(work).sum(axis=1)
    for one in limits.needs(work.case):
        if made[one.product] > AT_WORK:
            subject = f"rule '{one.name}': items of {work.routes.products[one.other]}"
            noun = work.routes.items[one.other]
            check = Check("needed_product", (one.rule,), subject, noun, element(made[one.other]), one.items, True)
            yield forced(work.case, one.rule, check)
