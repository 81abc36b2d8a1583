"""How many vendors there are at least or at most."""

from __future__ import annotations

import math
from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.numbers import Floats
from allocate.tolerances import AT_WORK

COUNTS_FROM, ONE_ITEM = 0.05, 1.0
"""Share that a vendor makes at least to count towards an at-least, where the rule does not say, and items in any case."""


@dataclass(frozen=True)
class VendorCount:
    """How many vendors are used: for one product, or (products None) for anything."""

    rule: int
    name: str
    products: tuple[int, ...] | None
    """One position, or None for the portfolio."""
    vendors: tuple[int, ...]
    at_least: int | None
    at_most: int | None
    share: float
    """Of the product's items, of all equivalent units for the portfolio: the least that counts towards an at-least."""
    items: float
    """Items that count towards it; both are needed."""
    most_share: float = 0.0
    """The same of what counts towards an at-most: what is more."""
    most_items: float = 0.0
    soft: bool = False
    """Whether it has a penalty, which what is done pays too."""

    @property
    def all_that_work(self) -> bool:
        """Whether an at-most counts every vendor that makes anything."""
        return not (self.most_share or self.most_items)

    @property
    def sides(self) -> tuple[bool, ...]:
        """What it asks: no fewer (True), no more (False), or both."""
        return (True,) * (self.at_least is not None) + (False,) * (self.at_most is not None)


def most_vendors(rule: VendorCount, made: Floats) -> int:
    """Vendors there may be at most: those that have worked already are there. made: items by product and vendor, (P, V)."""
    if rule.soft:
        return rule.at_most or 0
    there = made.sum(axis=0) if rule.products is None else made[rule.products[0]]
    return max(rule.at_most or 0, int((there[list(rule.vendors)] > AT_WORK).sum()))


def one_item(case: Case, group: tuple[int, ...] | None) -> float:
    """Items that are work enough to count: one, or 5% of the most asked for where that is less, as of an item that is a batch.

    group: positions of products, None for all; the one that asks for most says it, and none where one states no most.
    """
    each = [product.demand.exactly or product.demand.at_most for product in case.products.values()]
    amounts = [math.inf if (most := each[n]) is None else most.number for n in group or range(len(each))]
    return min(ONE_ITEM, COUNTS_FROM * max(amounts)) if max(amounts) > 0 else ONE_ITEM


@read_once
def counts(case: Case) -> tuple[VendorCount, ...]:
    """Every rule on how many vendors, product by product."""
    products, vendors = list(case.products), list(case.vendors)
    found: list[VendorCount] = []
    for number, rule in enumerate(case.file.rules):
        one = rule.count
        if one is None:
            continue
        counted = tuple(range(len(vendors)) if one.vendors is None else map(vendors.index, one.vendors))
        if one.products is None:
            groups: list[tuple[int, ...] | None] = [None]
        elif one.products == ("each",):
            groups = [(position,) for position in range(len(products))]
        else:
            groups = [(products.index(name),) for name in one.products]
        amount = one.counts_from
        of_share = amount is None or not amount.dimensions
        share = COUNTS_FROM if amount is None else amount.number if of_share else 0.0
        stated = 0.0 if amount is None or of_share else amount.number
        more = (*((0.0, 0.0) if amount is None else (share, stated)), rule.penalty is not None)
        least = {group: max(one_item(case, group), stated) for group in groups}
        found += [
            VendorCount(number, rule.name, group, counted, one.at_least, one.at_most, share, least[group], *more)
            for group in groups
        ]
    return tuple(found)
