"""Labels of one product that count for another at a rate."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.numbers import Floats


@dataclass(frozen=True)
class Transfer:
    """Each effective label of one product is so many of another."""

    product: int
    """Position of the product that is helped."""
    source: int
    rate: float


@read_once
def transfers(case: Case) -> tuple[Transfer, ...]:
    """Every transfer of a case, product by product; labels that came by a transfer go no further."""
    names = list(case.products)
    return tuple(
        Transfer(position, names.index(one.from_), one.rate)
        for position, product in enumerate(case.products.values())
        if product.value is not None
        for one in product.value.transfer
    )


def with_transfers(case: Case, labels: Floats) -> Floats:
    r"""Effective labels of each product with those that others' are worth to it, shape (P,) or (P, S).

    .. math:: e_p = \ell_p + \sum_q \rho_{pq} \, \ell_q \qquad [\text{labels}]
    """
    asked = transfers(case)
    if not asked:
        return labels
    counted = labels.copy()
    for one in asked:
        counted[one.product] = counted[one.product] + one.rate * labels[one.source]
    return counted
