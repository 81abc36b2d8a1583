"""Products that need others."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.readings import read_once


@dataclass(frozen=True)
class Needs:
    """A product that is worked on only if another gets so many items."""

    rule: int
    name: str
    product: int
    other: int
    items: float


@read_once
def needs(case: Case) -> tuple[Needs, ...]:
    """Every rule of precedence."""
    products = list(case.products)
    return tuple(
        Needs(
            number, rule.name, products.index(rule.needs.product), products.index(rule.needs.needs),
            rule.needs.at_least.number if rule.needs.at_least is not None else 1.0,
        )
        for number, rule in enumerate(case.file.rules)
        if rule.needs is not None
    )  # fmt: skip
