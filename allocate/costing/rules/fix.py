"""Items of a pair that are fixed."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.readings import read_once


@dataclass(frozen=True)
class Fixed:
    """A quantity set by hand."""

    rule: int
    name: str
    product: int
    vendor: int
    workflow: str | None
    items: float


@read_once
def fixed(case: Case) -> tuple[Fixed, ...]:
    """Every quantity set by hand."""
    products, vendors = list(case.products), list(case.vendors)
    return tuple(
        Fixed(
            number, rule.name, products.index(rule.fix.product), vendors.index(rule.fix.vendor), rule.fix.workflow,
            rule.fix.items.number,
        )
        for number, rule in enumerate(case.file.rules)
        if rule.fix is not None
    )  # fmt: skip
