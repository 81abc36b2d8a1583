"""What checks of several rules share: rules of a kind, the names they list, who may work on what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.names import suggestion
from allocate.errors import Problem

if TYPE_CHECKING:
    from allocate.case.rules.only import OnlyRule
    from allocate.case.schema import Rule

ROUNDING = 1e-12
NOUNS = {"vendors": "vendor", "products": "product", "vendors-with": "certificate", "regions": "region"}


def rules_of(c: Context, kind: str) -> Iterator[tuple[Path_, Rule, Any]]:
    """Every rule of a kind, with the path and the block of what it says."""
    for position, rule in enumerate(c.file.rules):
        block = getattr(rule, kind)
        if block is not None:
            yield ("rules", position, kind), rule, block


def named(c: Context, path: Path_, lists: dict[str, tuple[str, ...] | None]) -> Iterator[Problem]:
    """Lists of names hold a name, and `each` stands alone."""
    for key, names in lists.items():
        if names is not None and not names:
            yield c.problem((*path, key), f"the rule names no {NOUNS[key]}", f"write a name, or leave `{key}` out")
        elif names is not None and "each" in names and len(names) > 1:
            yield c.problem((*path, key), "`each` stands alone", f"write `{key}: each`, or the names")


def regions(c: Context, path: Path_, names: Iterable[str]) -> Iterator[Problem]:
    """Regions that some vendor is in."""
    regions = {vendor.region for vendor in c.file.vendors.values() if vendor.region}
    for region in names:
        if region not in regions and "vendors" not in c.faulty:
            yield c.problem(path, f"no vendor is in the region '{region}'", suggestion(region, regions))


def may(c: Context, only: OnlyRule, vendor: str) -> bool:
    """Whether a rule leaves its products to a vendor."""
    one = c.file.vendors[vendor]
    if only.vendors is not None and vendor not in only.vendors:
        return False
    if only.vendors_with is not None and not set(only.vendors_with) <= set(one.certified):
        return False
    return only.regions is None or one.region in only.regions


def items_of(c: Context, products: Iterable[str] | None) -> tuple[str, ...]:
    """Nouns of items of some products (None: all), where they all count one; and `item`, which stands for any."""
    names = c.file.products if products is None else products
    nouns = {c.item(c.file.products[name]) for name in names if name in c.file.products}
    return (*((nouns.pop() or "item",) if len(nouns) == 1 else ()), "item")
