"""Rules on the mix that count, forbid, fix or order, recomputed from the lines of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from allocate.case.load import Case
from allocate.costing import limits
from allocate.exact import by_pair, element
from allocate.tolerances import AT_WORK
from allocate.verification.found import TOLERANCE, Check
from allocate.verification.penalties import price_of
from allocate.verification.work import Floats, Work


def _made(work: Work) -> Floats:
    """Items by product and vendor, shape (P, V)."""
    return by_pair(work.product, work.vendor, work.items, (len(work.routes.products), len(work.routes.vendors)))


def forced(case: Case, rule: int, check: Check) -> Check:
    """The check of a rule with the penalty for which it may be broken, if it may."""
    price = price_of(case, rule)
    return check if price is None else replace(check, rule=rule, penalty=price, listed=case.file.rules[rule].name)


def counts(work: Work) -> Iterator[Check]:
    """How many vendors work on each product, or on anything; for an at-least only those that make an item or more."""
    made = _made(work)
    for number, one in enumerate(limits.counts(work.case)):
        mine = made.sum(axis=0) if one.products is None else made[one.products[0]]
        chosen = mine[list(one.vendors)]
        where = "" if one.products is None else f" on {work.routes.products[one.products[0]]}"
        subject = f"rule '{one.name}': vendors{where}"
        if one.at_most is not None:
            used = float((chosen > AT_WORK).sum())
            check = Check("vendor_count", (one.rule, number), subject, "vendors", used, float(one.at_most), False)
            yield forced(work.case, one.rule, check)
        if one.at_least is not None:
            used = float((chosen >= 1.0 - TOLERANCE).sum())
            check = Check("vendor_count", (one.rule, number), subject, "vendors", used, float(one.at_least), True)
            yield forced(work.case, one.rule, check)


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
