"""How many products are funded at least or at most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.units import Quantity

ONE_ITEM = 1.0
"""Items of a product that count towards an at-least, where the rule does not say: one, or the most asked for where that is less."""


@dataclass(frozen=True)
class FundedSide:
    """So many of some products are funded, no fewer or no more."""

    rule: int
    products: tuple[int, ...]
    items: tuple[float, ...]
    """From how many items each counts: as many, towards an at-least; more, towards an at-most."""
    number: int
    at_least: bool


@read_once
def funded(case: Case) -> tuple[FundedSide, ...]:
    """Every side of what rules say of the number of products funded; an exact number is both sides."""
    names, demands = list(case.products), [product.demand for product in case.products.values()]
    most = [demand.exactly or demand.at_most for demand in demands]
    found: list[FundedSide] = []
    for number, rule in enumerate(case.file.rules):
        if rule.funded is None:
            continue
        products = tuple(map(names.index, dict.fromkeys(rule.funded.products or names)))
        amount = rule.funded.counts_from
        for at_least, many in ((True, rule.funded.least), (False, rule.funded.most)):
            if many is None:
                continue
            items = tuple(_counts_from(amount, most[product], at_least) for product in products)
            found.append(FundedSide(number, products, items, many, at_least))
    return tuple(found)


def _counts_from(amount: Quantity | None, most: Quantity | None, at_least: bool) -> float:
    """Items from which a product counts: stated, a share of the most it asks for, or one item; anything for an at-most."""
    if amount is None:
        small = ONE_ITEM if most is None or most.number <= 0 else min(ONE_ITEM, most.number)
        return small if at_least else 0.0
    if amount.dimensions:
        return amount.number
    return np.inf if most is None else amount.number * most.number
