"""The clauses a case can state, in the order of the bill: the one list of them on this floor."""

from __future__ import annotations

from allocate.case.clauses import (
    billed,
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
    price_lock,
    product_start,
    quality,
    rebate,
    retainer,
    review,
    seats,
    stock,
    switching,
    tiers,
    volume_discount,
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
    volume_discount.CLAUSE,
    levers.CLAUSE,
    price_lock.CLAUSE,
    wages.CLAUSE,
    billed.CLAUSE,
    penalties.CLAUSE,
    stock.CLAUSE,
)
FOR_NO_WORK = frozenset(
    line for one in CLAUSES if not one.pays_for_work for some in one.costs.values() for line in some
)
"""Lines of the bill that count in no rule on spend."""
