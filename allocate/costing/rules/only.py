"""Which vendors may work on which products."""

from __future__ import annotations

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import OnlyRule
from allocate.costing.readings import read_once
from allocate.numbers import Booleans


@read_once
def barred(case: Case) -> Booleans:
    """Which pairs some rule forbids for good, shape (P, V); rules with a penalty are not among them."""
    forbidden = np.zeros((len(case.products), len(case.vendors)), dtype=bool)
    for rule in case.file.rules:
        if rule.only is not None and rule.penalty is None:
            forbidden |= _bars(case, rule.only)
    return forbidden


@read_once
def discouraged(case: Case) -> tuple[tuple[int, Booleans], ...]:
    """Pairs that each rule with a penalty would forbid: the rule's position, and pairs of shape (P, V)."""
    return tuple(
        (number, _bars(case, rule.only))
        for number, rule in enumerate(case.file.rules)
        if rule.only is not None and rule.penalty is not None
    )


def _bars(case: Case, only: OnlyRule) -> Booleans:
    """Pairs one rule keeps apart, shape (P, V)."""
    products, forbidden = list(case.products), np.zeros((len(case.products), len(case.vendors)), dtype=bool)
    rows = list(range(len(products)) if only.products is None else map(products.index, only.products))
    for column, (name, vendor) in enumerate(case.vendors.items()):
        allowed = only.vendors is None or name in only.vendors
        allowed &= only.vendors_with is None or set(only.vendors_with) <= set(vendor.certified)
        allowed &= only.regions is None or vendor.region in only.regions
        if not allowed:
            forbidden[rows, column] = True
    return forbidden
