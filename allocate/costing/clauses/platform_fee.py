"""Platform fees: a share of prices, or money per item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.clauses.platform_fee import fees_of
from allocate.case.document import Path_
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
from allocate.errors import Place
from allocate.numbers import Floats, placed
from allocate.units import Quantity, kind_of

NAME = "platform fee"


def held(case: Case, vendor: str, workflow: str) -> tuple[Path_, Quantity] | None:
    """The fee of routes at first, the last that is for their workflow, and where it is written; None without one."""
    one, passes = case.vendors[vendor], case.workflows[workflow].passes
    fits = [
        amount
        for fee, amount in zip(one.platform_fee, fees_of(vendor, one), strict=True)
        if passes >= (fee.passes_from or 1) and (fee.workflows is None or workflow in fee.workflows)
    ]
    return fits[-1] if fits else None


def stated(case: Case, vendor: str, workflow: str) -> Iterator[tuple[str, Quantity, Path_]]:
    """The fee of routes and what it becomes: in words, as an amount, and where that is written."""
    if first := held(case, vendor, workflow):
        yield NAME, first[1], first[0]
    for position, step in enumerate(case.vendors[vendor].platform_fee_steps):
        path = ("vendors", vendor, "platform-fee-steps", position, "amount")
        yield f"{NAME} from {step.from_.text}", step.amount, path


def of_items(case: Case, workflow: str, lines: RateLines, work: Work, eu: Floats) -> dict[str, Floats]:
    """The fee of each line as a share of its price, else the units it is asked for, shape (N,), as columns of the routes."""
    share, units = np.zeros(len(lines)), np.zeros(len(lines))
    for position, vendor in enumerate(case.vendors):
        first, rows = held(case, vendor, workflow), np.flatnonzero(lines.vendor == position)
        if first is None:
            continue
        path, fee = first
        if kind_of(fee) == "fraction":
            share = placed(share, rows, fee.number)
        else:
            place = case.place(*path), f"the platform fee of {vendor} ('{fee.text}')"
            charged = _units(case, fee, place, lines.product[rows], work, eu[rows], work.hours[rows])
            units = placed(units, rows, charged)
    return {"fee_share": share, "fee": units}


def by_period(case: Case, columns: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    """The fee of each route by period, shape (R, T), in the case's currency; columns: with `price` by period."""
    amounts, by_share = [np.zeros(case.periods.count)], [False]
    row = np.zeros((len(case.vendors), len(case.workflows)), dtype=np.int32)
    for number, (vendor, maker) in enumerate(case.vendors.items()):
        steps = [(step.from_, step.amount) for step in maker.platform_fee_steps]
        for position, workflow in enumerate(case.workflows):
            if first := held(case, vendor, workflow):
                row[number, position] = len(amounts)
                amounts.append(by_date(case, first[1], steps))
                by_share.append(kind_of(first[1]) == "fraction")
    of_route, table = row[columns["vendor"], columns["workflow"]], np.stack(amounts)
    shared = np.flatnonzero(np.array(by_share)[of_route])
    amount = spread(columns["fee"], table, of_route)
    return {"platform_fee": placed(amount, shared, table[of_route[shared]] * columns["price"][shared])}


def _units(
    case: Case,
    fee: Quantity,
    place: tuple[Place | None, str],
    product: NDArray[np.int32],
    work: Work,
    eu: Floats,
    hours: Floats,
) -> Floats:
    """Units of a fee in money, per hour, item, label, EU or driver, in one delivered item of some lines."""
    noun = fee.per() or "item"
    if noun == "h":
        return hours
    if noun in ("label", "EU"):
        return work.made * work.passes * (eu if noun == "EU" else np.ones(len(eu)))
    each = counts(case, product, noun, lambda _: place[1], place[0])
    found: Floats = np.where(is_item(case, product, noun), work.shown * each, work.made * each * work.passes)
    return found


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
        yield from window.shared(NAME, [(sum(window.prices, 0.0), fee, window.owed)])


CLAUSE = Clause("platform_fee", owed)
