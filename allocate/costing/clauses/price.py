"""Plain prices: what does not depend on volume, work done again included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line
from allocate.costing.terms.prices import exchange_rates, price_factors, spread
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.work.billing import Billing
from allocate.numbers import Floats, placed


def of_items(lines: RateLines, billing: Billing, factor: Floats | float = 1.0) -> dict[str, NDArray[Any]]:
    r"""What does not move over time of each line's price, shape (N,), as columns of the routes; see `by_period`.

    `asked` is :math:`q u`, the money of the first time the work is done, in the price's currency; `billed` is
    :math:`m'`; `billable` is :math:`u m'`. factor: what levers make of q, shape (N,).
    """
    return {
        "basis": lines.noun,
        "asked": lines.price * factor * billing.units,
        "currency": lines.currency,
        "billed": billing.billed,
        "billable": billing.billable,
    }


def by_period(case: Case, currencies: tuple[str, ...], columns: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    r"""Price and rework of each route by period, shape (R, T), in the case's currency.

    .. math:: \text{price} = q \, u \, m' \, x_t \, f_{vt}

    with q the money asked per billable unit, u billable units per item before rework, m' the times work is billed
    because a review sends it back (1 where the contract does not pay for rework), x the exchange rate and f the
    vendor's season and escalation. currencies: what the column `currency` counts.
    """
    rates, factors = exchange_rates(case), price_factors(case)
    moving = np.stack([rates[currency] * factors for currency in currencies]).reshape(-1, case.periods.count)
    price = spread(columns["asked"], moving, columns["currency"] * len(case.vendors) + columns["vendor"])
    rework, again = np.zeros(price.shape), np.flatnonzero(columns["billed"] != 1.0)
    if len(again):
        once = price[again]
        price = placed(price, again, once * columns["billed"][again, None])
        rework = placed(rework, again, price[again] - once)
    return {"price": price, "rework": rework}


def owed(ledger: Ledger) -> Owed:
    """What lines with plain prices ask, by vendor, product, period and what the price counts."""
    return Owed(entries_by_line(ledger.lines, ledger.price, "items", ledger.plain, ledger.lines.routes.basis))


CLAUSE = Clause("price", owed)
