"""Platform fees: a share of prices, or money per item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line
from allocate.costing.terms.prices import by_date, spread
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.work.billing import is_item
from allocate.costing.work.products import counts
from allocate.costing.work.workflows import Work
from allocate.exact import array_of
from allocate.numbers import placed
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]

NAME = "platform fee"


def of_items(case: Case, lines: RateLines, work: Work, eu: Floats) -> dict[str, Floats]:
    """The fee of each line as a share of its price, else the units it is asked for, shape (N,), as columns of the routes."""
    return {"fee_share": _shares(case)[lines.vendor], "fee": _units(case, lines, work, eu)}


def by_period(case: Case, columns: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    """The fee of each route by period, shape (R, T), in the case's currency; columns: with `price` by period."""
    amounts, vendor = _amounts(case), columns["vendor"]
    fee = spread(columns["fee"], amounts, vendor)
    fees = [one.platform_fee for one in case.vendors.values()]
    by_share = np.array([one is not None and kind_of(one) == "fraction" for one in fees])
    shared = np.flatnonzero(by_share[vendor])
    return {"platform_fee": placed(fee, shared, amounts[vendor[shared]] * columns["price"][shared])}


def _amounts(case: Case) -> Floats:
    """Each vendor's platform fee by period, shape (V, T): a share of the price, or money of the case's currency."""
    amounts = np.zeros((len(case.vendors), case.periods.count))
    for position, one in enumerate(case.vendors.values()):
        if one.platform_fee is not None:
            steps = [(step.from_, step.amount) for step in one.platform_fee_steps]
            amounts = placed(amounts, position, by_date(case, one.platform_fee, steps))
    return amounts


def _shares(case: Case) -> Floats:
    """Platform fee of each vendor at first as a share of its price, shape (V,); 0 where it is money per unit, or nothing."""
    fees = [one.platform_fee for one in case.vendors.values()]
    return array_of([fee.number if fee is not None and kind_of(fee) == "fraction" else 0.0 for fee in fees])


def _units(case: Case, lines: RateLines, work: Work, eu: Floats) -> Floats:
    """Units of platform fees that are money per hour, item, label, EU or driver, of one item."""
    fees = np.zeros(len(lines))
    for position, (name, one) in enumerate(case.vendors.items()):
        fee = one.platform_fee
        if fee is not None and kind_of(fee) != "fraction":
            rows = np.flatnonzero(lines.vendor == position)
            charged = _charged(case, name, fee, lines.product[rows], work, eu[rows], work.hours[rows])
            fees = placed(fees, rows, charged)
    return fees


def _charged(
    case: Case, vendor: str, fee: Quantity, product: Integers, work: Work, eu: Floats, hours: Floats
) -> Floats:
    """Units of a platform fee in one delivered item of some of a vendor's lines."""
    noun = fee.per() or "item"
    if noun == "h":
        return hours
    if noun in ("label", "EU"):
        return work.made * work.passes * (eu if noun == "EU" else np.ones(len(eu)))
    what = f"the platform fee of {vendor} ('{fee.text}')"
    each = counts(case, product, noun, lambda _: what, case.place("vendors", vendor, "platform-fee"))
    return np.where(is_item(case, product, noun), work.shown * each, work.made * each * work.passes)


def owed(ledger: Ledger) -> Owed:
    """The fee on the prices of each window by volume, and on the items of all other lines.

    A share of prices by volume is one for all periods; of plain prices it may change by date.
    """
    lines, routes = ledger.lines, ledger.lines.routes
    share = routes.fee_share[lines.route]
    by_item = ledger.plain | (share == 0)
    each = np.where(by_item, lines.items * routes.platform_fee[lines.route, lines.period], share * ledger.price)
    return Owed([*_by_window(ledger), *entries_by_line(lines, each, NAME, by_item)], each)


def _by_window(ledger: Ledger) -> Iterator[Entry]:
    for window in ledger.filled:
        fee = window.one_share(ledger.lines.routes.fee_share)
        yield from window.shared(NAME, [(sum(window.prices, 0.0), fee)])


CLAUSE = Clause("platform_fee", owed)
