"""Shares of items, spend, hours or work content that vendors get at least or at most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import ShareRule
from allocate.costing.terms.incumbents import incumbents
from allocate.numbers import Booleans


@dataclass(frozen=True)
class Share:
    """A vendor's (or a group's) share of a measure over some products, in the horizon or one period."""

    rule: int
    """Position of the rule in the case."""
    name: str
    measure: str
    """items, eu, hours or spend."""
    products: tuple[int, ...]
    vendors: tuple[int, ...]
    period: int | None
    at_least: float | None
    at_most: float | None


def rewarded(case: Case) -> bool:
    """Whether a plan could gain by spending more than it has to: where a share is one of the spend."""
    return any(rule.share is not None and rule.share.of == "spend" for rule in case.file.rules)


def shares(case: Case, served: Booleans) -> tuple[Share, ...]:
    """Every share a case limits; `each` is written out, `served` (P, V) says which vendor can make what.

    A vendor that cannot make anything of the products named has a share of 0 there: with `each` it is left out.
    """
    found: list[Share] = []
    for number, rule in enumerate(case.file.rules):
        share = rule.share
        if share is None:
            continue
        periods = range(case.periods.count) if share.in_ == "each-period" else (None,)
        for products in _share_groups(case, share):
            able = np.asarray(served[list(products)].any(axis=0), dtype=np.bool_)
            for vendors in _vendor_groups(case, share, products, able):
                found += [
                    Share(number, rule.name, share.of, products, vendors, period, share.at_least, share.at_most)
                    for period in periods
                ]
    return tuple(found)


def groups(names: tuple[str, ...] | None, known: list[str]) -> list[tuple[int, ...]]:
    """Positions counted together: all, of `each` one by one, or those named."""
    if names is None:
        return [tuple(range(len(known)))]
    if names == ("each",):
        return [(position,) for position in range(len(known))]
    return [tuple(known.index(name) for name in names)]


def _share_groups(case: Case, share: ShareRule) -> list[tuple[int, ...]]:
    """Products a share is taken of; those of incumbents are taken one by one, products without one left out."""
    if share.vendor != ("incumbent",):
        return groups(share.products, list(case.products))
    named = None if share.products in (None, ("each",)) else share.products
    return [
        (position,)
        for position, (name, product) in enumerate(case.products.items())
        if product.incumbent is not None and (named is None or name in named)
    ]


def _vendor_groups(case: Case, share: ShareRule, products: tuple[int, ...], served: Booleans) -> list[tuple[int, ...]]:
    """Vendors counted together: by name, one by one, by region, or the incumbent of the product."""
    known = list(case.vendors)
    if share.vendor == ("incumbent",):
        return [(incumbents(case)[products[0]],)]
    if share.vendor == ("each",):
        return [(position,) for position in range(len(known)) if served[position]]
    if share.vendor is not None:
        return [tuple(known.index(name) for name in share.vendor)]
    of = [vendor.region for vendor in case.vendors.values()]
    named = share.region or ()
    asked = [(name,) for name in dict.fromkeys(of) if name is not None] if named == ("each",) else [named]
    found = [tuple(n for n, region in enumerate(of) if region in names) for names in asked]
    return [group for group in found if named != ("each",) or served[list(group)].any()]
