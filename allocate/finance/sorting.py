"""What costs are sorted by beside categories: products, vendors, payees, or a tag of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.bill.entries import Entry
from allocate.finance.payees import parted, payee

Sort = str
"""`category`, `product`, `vendor`, `paid-to`, or a tag."""
SORTS = ("category", "product", "vendor", "paid-to")
NONE = "(none)"
"""Stands where money goes with no product or no vendor, or with one that has no such tag."""


@dataclass(frozen=True, eq=False)
class Sorted:
    """How money is sorted."""

    of_entry: Callable[[Entry], list[tuple[str, float]]]
    """Names an entry of the invoice is parted over, with the part of each."""
    of_line: Callable[[str, str], str]
    """The name of what is made of a product with a vendor."""


def sorted_by(case: Case, per: Sort) -> Sorted:
    """How money is sorted; a tag is looked for among products first, then among vendors.

    Raises KeyError for a tag that nothing has.
    """
    if per == "category":
        return Sorted(lambda entry: [("", 1.0)], lambda product, vendor: "")
    if per == "paid-to":
        return Sorted(lambda entry: [(payee(case, entry).name, 1.0)], lambda product, vendor: NONE)
    products, vendors = (
        {name: one.tags.get(per, NONE) for name, one in blocks.items()} for blocks in (case.products, case.vendors)
    )
    if per == "product" or set(products.values()) - {NONE}:
        named = {name: name for name in case.products} if per == "product" else products
        return Sorted(lambda entry: _by_product(case, entry, named), lambda product, vendor: named[product])
    if per != "vendor" and not set(vendors.values()) - {NONE}:
        raise KeyError(per)
    called = {name: name for name in case.vendors} if per == "vendor" else vendors
    return Sorted(lambda entry: [(called.get(entry.vendor, NONE), 1.0)], lambda product, vendor: called[vendor])


def _by_product(case: Case, entry: Entry, named: Mapping[str, str]) -> list[tuple[str, float]]:
    """Names of the products that bear an entry, and the part of each name."""
    sums = defaultdict[str, float](float)
    for product, part in parted(case, entry):
        sums[named.get(product, NONE)] += part
    return [*sums.items()]


def tags_of(case: Case) -> list[str]:
    """Every tag of products and vendors, in the case's order."""
    products, vendors = ([one.tags for one in blocks.values()] for blocks in (case.products, case.vendors))
    return list(dict.fromkeys(tag for tags in (*products, *vendors) for tag in tags))
