"""Every clause of contracts as the verifier reads it, in the order of the bill: the only list of them here."""

from __future__ import annotations

from allocate.verification.clause import Clause
from allocate.verification.clauses import (
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

LIMITS_ONLY = "it makes nothing owed: it limits what may be bought"

CLAUSES = (
    Clause("price", price.owed),
    Clause("tiers", tiers.owed, tiers.kept),
    Clause("platform_fee", platform_fee.owed),
    Clause("quality", quality.owed),
    Clause("lateness", lateness.owed),
    Clause("early_payment", early_payment.owed),
    Clause("payment", why=payment.WHY),
    Clause("pre_labelling", pre_labelling.owed),
    Clause("review", review.owed),
    Clause("onboarding", onboarding.owed, of_lines=False),
    Clause("retainer", retainer.owed, of_lines=False),
    Clause("product_start", product_start.owed, of_lines=False),
    Clause("commitment", commitment.owed, of_lines=False),
    Clause("ceiling", limits=ceiling.kept, why=LIMITS_ONLY),
    Clause("minimum_order", limits=minimum_order.kept, why=LIMITS_ONLY),
    Clause("order_multiple", limits=order_multiple.kept, why=LIMITS_ONLY),
    Clause("seats", seats.owed, of_lines=False),
    Clause("switching", switching.owed, of_lines=False),
    Clause("rebate", rebate.owed, of_lines=False),
    Clause("volume_discount", volume_discount.owed, of_lines=False),
    Clause("levers", levers.owed, levers.kept),
    Clause("price_lock", limits=price_lock.kept, why="its fee is the cost of the lever it is planned as"),
    Clause("wages", wages.owed, wages.kept),
    Clause("billed", billed.owed, of_lines=False),
    Clause("penalties", penalties.owed),
    Clause("stock", stock.owed, stock.kept),
)
"""What each asks and limits; one that makes nothing owed says why."""
