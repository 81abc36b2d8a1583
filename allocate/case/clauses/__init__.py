"""The clauses a case can state, in the order of the bill: the one list of them on this floor."""

from __future__ import annotations

from allocate.case.clauses import (
    ceiling,
    commitment,
    early_payment,
    lateness,
    levers,
    minimum_order,
    onboarding,
    order_multiple,
    payment,
    penalties,
    platform_fee,
    pre_labelling,
    price,
    product_start,
    quality,
    rebate,
    retainer,
    review,
    seats,
    switching,
    tiers,
    wages,
)
from allocate.case.index import Clause

CLAUSES: tuple[Clause, ...] = (
    price.CLAUSE,
    tiers.CLAUSE,
    platform_fee.CLAUSE,
    quality.CLAUSE,
    lateness.CLAUSE,
    early_payment.CLAUSE,
    payment.CLAUSE,
    pre_labelling.CLAUSE,
    review.CLAUSE,
    onboarding.CLAUSE,
    retainer.CLAUSE,
    product_start.CLAUSE,
    commitment.CLAUSE,
    ceiling.CLAUSE,
    minimum_order.CLAUSE,
    order_multiple.CLAUSE,
    seats.CLAUSE,
    switching.CLAUSE,
    rebate.CLAUSE,
    levers.CLAUSE,
    wages.CLAUSE,
    penalties.CLAUSE,
)
