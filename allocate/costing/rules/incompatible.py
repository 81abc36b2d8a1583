"""Products that no vendor may make together."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.numbers import Floats
from allocate.tolerances import AT_WORK


@dataclass(frozen=True)
class Incompatible:
    """Products of which one vendor works on one at most."""

    rule: int
    name: str
    vendor: int
    products: tuple[int, ...]
    soft: bool = False
    """Whether it has a penalty, which what is done pays too."""


def most_products(rule: Incompatible, made: Floats) -> int:
    """Products of them the vendor may work on: one, or those it has worked on already. made: items, (P, V)."""
    return 1 if rule.soft else max(1, int((made[list(rule.products), rule.vendor] > AT_WORK).sum()))


@read_once
def incompatible(case: Case) -> tuple[Incompatible, ...]:
    """Every rule on products no vendor makes together, vendor by vendor."""
    products, vendors = list(case.products), list(case.vendors)
    return tuple(
        Incompatible(
            number,
            rule.name,
            vendor,
            tuple(sorted({products.index(p) for p in rule.incompatible.products})),
            rule.penalty is not None,
        )
        for number, rule in enumerate(case.file.rules)
        if rule.incompatible is not None
        for vendor, name in enumerate(vendors)
        if rule.incompatible.vendors is None or name in rule.incompatible.vendors
    )
