"""Plain prices: what does not depend on volume, in all their parts, work done again included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line
from allocate.costing.terms.prices import exchange_rates, held_factors, price_factors, spread
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.work.billing import Billing
from allocate.numbers import Booleans, Floats, by_value, placed, ratio


def of_items(lines: RateLines, billing: Billing, factor: Floats | float = 1.0) -> dict[str, NDArray[Any]]:
    r"""What does not move over time of each line's price, shape (N,), as columns of the routes; see `by_period`.

    `asked` is :math:`q u`, the money of the first time the work is done, in the price's currency; `billed` is
    :math:`m'`; `billable` is :math:`u m'`. factor: what levers make of q, shape (N,). Of a price of several parts `asked` is
    the money of all, :math:`\sum_k q_k u_k`, `billed` what :math:`\sum_k q_k u_k m'_k` is of it, and `billable` of the first.
    """
    asked, billed, found = lines.price * factor * billing.units, billing.billed, dict[str, NDArray[Any]]()
    if billing.parts:
        once = [part.price * factor * part.units for part in billing.parts]
        more = [money * part.billed for money, part in zip(once, billing.parts, strict=True)]
        first, asked = asked * billed, sum(once, asked)
        in_all = sum(more, first)
        billed = np.where(by_value(asked) > 0, ratio(in_all, asked), billed)
        found["part_units"] = np.stack([part.units * part.billed for part in billing.parts], axis=1)
        found["part_billed"] = np.stack(more, axis=1)
    return {
        "basis": lines.noun,
        "asked": asked,
        "currency": lines.currency,
        "billed": billed,
        "billable": billing.billable,
        **found,
    }


def by_period(case: Case, currencies: tuple[str, ...], columns: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    r"""Price and rework of each route by period, shape (R, T), in the case's currency.

    .. math:: \text{price} = q \, u \, m' \, x_t \, f_{vt}

    with q the money asked per billable unit, u billable units per item before rework, m' the times work is billed
    because a review sends it back (1 where the contract does not pay for rework), x the exchange rate and f the
    vendor's season and escalation, without the latter where a locked price is held. currencies: what the column `currency` counts.
    """
    rates, factors = exchange_rates(case), [price_factors(case)]
    if columns["held"].any():
        factors.append(held_factors(case))
    moving = np.stack([rates[currency] * some for some in factors for currency in currencies])
    which = columns["held"] * len(currencies) + columns["currency"]
    price = spread(
        columns["asked"], moving.reshape(-1, case.periods.count), which * len(case.vendors) + columns["vendor"]
    )
    rework, again = np.zeros(price.shape), np.flatnonzero(columns["billed"] != 1.0)
    if len(again):
        once = price[again]
        price = placed(price, again, once * columns["billed"][again, None])
        rework = placed(rework, again, price[again] - once)
    return {"price": price, "rework": rework}


def owed(ledger: Ledger) -> Owed:
    """What lines with plain prices ask, by vendor, product, period and what the price, or a part of it, counts."""
    lines, routes, first, entries = ledger.lines, ledger.lines.routes, ledger.price, list[Entry]()
    if routes.parts_of_prices is not None:
        for number, noun in enumerate(routes.parts_of_prices.nouns):
            share = ratio(routes.parts_of_prices.billed[:, number], routes.billed)[lines.route]
            money, many = ledger.price * share, lines.items * routes.parts_of_prices.units[lines.route, number]
            inside: Booleans = ledger.plain & (by_value(routes.parts_of_prices.units[lines.route, number]) > 0)
            first = first - np.where(inside, money, 0.0 * money)
            entries += entries_by_line(lines, money, "items", inside, (noun,) * routes.count, many)
    return Owed([*entries_by_line(lines, first, "items", ledger.plain, routes.basis), *entries])


CLAUSE = Clause("price", owed)
