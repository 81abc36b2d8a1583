"""Starts: paid once for each product a vendor begins to work on."""

from __future__ import annotations

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import paid_once
from allocate.costing.terms.schedules import terms

NAME = "product start"


def owed(ledger: Ledger) -> Owed:
    """The fee of each product that a vendor makes anything of."""
    lines = ledger.lines
    return Owed(
        paid_once(
            lines, one.vendor, NAME, lines.routes.products[product], float(one.product_start[product]), (product,)
        )
        for one in terms(lines.case)
        for product in lines.started(one.vendor)
        if one.product_start[product] > 0
    )


CLAUSE = Clause("product_start", owed, of_lines=False)
