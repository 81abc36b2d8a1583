"""Targets: accuracy floors and least scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.limits.amounts import last_period
from allocate.costing.readings import read_once
from allocate.costing.terms.prices import currency_of, worth
from allocate.numbers import Floats
from allocate.units import Quantity


@read_once
def accuracy_floors(case: Case, of: str = "average") -> Floats:
    """Least accuracy of each product's `average`, of `each-vendor` or `each-delivery`, shape (P,); nan where none is asked."""
    floors = [product.accuracy for product in case.products.values()]
    return np.array([np.nan if one is None or one.of != of else one.at_least for one in floors])


@dataclass(frozen=True, eq=False)
class ValueFloor:
    """Least value of a product, or of the whole portfolio, in the currency it is written in."""

    product: int
    """Position; that after the last product for the portfolio."""
    products: tuple[int, ...]
    amount: float
    currency: str
    each: Floats
    """What value of each product, one unit of the case's currency, counts, shape (P,): it is there when its time ends."""


@read_once
def value_floors(case: Case) -> tuple[ValueFloor, ...]:
    """Every floor on value, products first."""
    found, count, ends = list[ValueFloor](), len(case.products), last_period(case) - 1

    def floor(product: int, products: tuple[int, ...], least: Quantity) -> None:
        currency = currency_of(case, least)
        each = worth(case, case.currency, currency)[ends]
        found.append(ValueFloor(product, products, least.number, currency, each))

    for position, product in enumerate(case.products.values()):
        if product.value is not None and product.value.at_least is not None:
            floor(position, (position,), product.value.at_least)
    if case.file.targets.value is not None:
        floor(count, tuple(range(count)), case.file.targets.value)
    return tuple(found)
