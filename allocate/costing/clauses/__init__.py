"""Clauses of a contract: from its terms to what is owed. One file a clause; `CLAUSES` has them in the order of the bill."""

from allocate.case import clauses as case
from allocate.costing.bill.clause import Clause
from allocate.costing.clauses import (
    billed,
    commitment,
    early_payment,
    lateness,
    levers,
    onboarding,
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
    stock,
    switching,
    tiers,
    volume_discount,
    wages,
)

CLAUSES = (
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
    Clause("ceiling", instead="bounds what may be bought, and asks for no money"),
    Clause("minimum_order", instead="bounds what may be bought, and asks for no money"),
    Clause("order_multiple", instead="bounds what may be bought, and asks for no money"),
    seats.CLAUSE,
    switching.CLAUSE,
    rebate.CLAUSE,
    volume_discount.CLAUSE,
    levers.CLAUSE,
    Clause(
        "price_lock",
        instead="the locked price is in the price of an item, its fee the cost of the lever it is planned as",
    ),
    wages.CLAUSE,
    billed.CLAUSE,
    penalties.CLAUSE,
    stock.CLAUSE,
)
"""Every clause, in the order of the bill."""
OF_NO_LINE = frozenset(
    entry
    for costs, owed in zip(case.CLAUSES, CLAUSES, strict=True)
    if not owed.of_lines
    for entries in costs.costs.values()
    for entry in entries
)
"""What entries are called on the bill that belong to a vendor as a whole, and to no line of a plan."""
CATEGORY = {line: category for one in case.CLAUSES for category, lines in one.costs.items() for line in lines}
"""Category of cost of each name of an entry."""
