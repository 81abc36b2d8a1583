"""Platform fees: a share of prices, money per item, or both; with a least fee and rounding for each unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.clauses.platform_fee import WorkflowFee, fees_of, in_parts
from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line
from allocate.costing.table import Routes
from allocate.costing.terms.prices import by_date, exchange_rates, spread, worth
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.terms.windows import Windows, parts_of
from allocate.costing.work.billing import is_item
from allocate.costing.work.products import counts
from allocate.costing.work.workflows import Work
from allocate.currencies import decimals
from allocate.errors import Place
from allocate.exact import total
from allocate.numbers import Floats, by_value, may_be, most, named, placed, ratio, rounded_to
from allocate.tolerances import COIN_ROUNDING
from allocate.units import Quantity, kind_of

NAME = "platform fee"
Positions = NDArray[np.signedinteger[Any]]


def held(case: Case, vendor: str, workflow: str) -> tuple[Path_, WorkflowFee] | None:
    """The fee of routes at first, the last that is for their workflow, and where its amount is written; None without one."""
    one, passes = case.vendors[vendor], case.workflows[workflow].passes
    fits = [
        (path, fee)
        for fee, (path, _) in zip(one.platform_fee, fees_of(vendor, one), strict=True)
        if passes >= (fee.passes_from or 1) and (fee.workflows is None or workflow in fee.workflows)
    ]
    return fits[-1] if fits else None


def stated(case: Case, vendor: str, workflow: str) -> Iterator[tuple[str, Quantity, Path_]]:
    """The fee of routes and what it becomes: in words, as an amount, and where that is written."""
    if first := held(case, vendor, workflow):
        path, fee = first
        yield NAME, fee.amount, path
        if fee.plus is not None:
            yield f"{NAME}, and for each {fee.plus.per() or 'unit billed'}", fee.plus, path
        if fee.at_least is not None:
            yield f"least {NAME} for each {fee.at_least.per() or 'unit billed'}", fee.at_least, path
    for position, step in enumerate(case.vendors[vendor].platform_fee_steps):
        path = ("vendors", vendor, "platform-fee-steps", position, "amount")
        yield f"{NAME} from {step.from_.text}", step.amount, path


def of_items(
    case: Case, workflow: str, lines: RateLines, work: Work, eu: Floats, billable: Floats
) -> dict[str, Floats]:
    """The fee of each line as a share of its price, and the units that money is asked for, shape (N,), as columns of the routes.

    billable: units the price counts. What stands beside a share is asked for those where it counts the same.
    """
    share, units = np.zeros(len(lines)), np.zeros(len(lines))
    for position, vendor in enumerate(case.vendors):
        first, rows = held(case, vendor, workflow), np.flatnonzero(lines.vendor == position)
        if first is None:
            continue
        path, fee = first
        by_share = kind_of(fee.amount) == "fraction"
        if by_share:
            share = placed(share, rows, fee.amount.number)
            units = placed(units, rows, billable[rows] if in_parts(fee) else 0.0)
        if (money := fee.plus or fee.at_least) is not None or not by_share:
            money = money or fee.amount
            place = case.place(*path), f"the platform fee of {vendor} ('{money.text}')"
            if kind_of(money) == "money":  # for each of what the price counts
                units = placed(units, rows, billable[rows])
                continue
            charged = _units(case, money, place, lines.product[rows], work, eu[rows], work.hours[rows])
            if in_parts(fee):
                charged = np.where(_counts_alike(case, money, lines, rows), billable[rows], charged)
            units = placed(units, rows, charged)
    return {"fee_share": share, "fee": units}


def _counts_alike(case: Case, money: Quantity, lines: RateLines, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether a fee counts what the price of some lines counts."""
    noun = money.per() or "item"
    same = np.array([one == noun for one in lines.nouns], dtype=bool)[lines.noun[rows]]
    of_items = np.zeros(len(rows), dtype=bool)
    for position, one in enumerate(lines.nouns):
        inside = lines.noun[rows] == position
        of_items |= inside & is_item(case, lines.product[rows], one) & is_item(case, lines.product[rows], noun)
    found: NDArray[np.bool_] = same | of_items
    return found


def by_period(case: Case, currencies: tuple[str, ...], columns: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    """The fee of each route by period, shape (R, T), in the case's currency; columns: with `price` by period."""
    amounts, fees = [np.zeros(case.periods.count)], list[WorkflowFee | None]([None])
    row = np.zeros((len(case.vendors), len(case.workflows)), dtype=np.int32)
    for number, (vendor, maker) in enumerate(case.vendors.items()):
        steps = [(step.from_, step.amount) for step in maker.platform_fee_steps]
        for position, workflow in enumerate(case.workflows):
            if first := held(case, vendor, workflow):
                row[number, position] = len(amounts)
                amounts.append(by_date(case, first[1].amount, steps))
                fees.append(first[1])
    of_route, table = row[columns["vendor"], columns["workflow"]], np.stack(amounts)
    by_share = np.array([fee is not None and kind_of(fee.amount) == "fraction" for fee in fees])[of_route]
    shared = np.flatnonzero(by_share)
    amount = spread(np.where(by_share, 0.0, columns["fee"]), table, of_route)
    found = placed(amount, shared, table[of_route[shared]] * columns["price"][shared])
    for number, fee in enumerate(fees):
        for position, currency in enumerate(currencies) if fee is not None and in_parts(fee) else ():
            rows = np.flatnonzero((of_route == number) & (columns["currency"] == position))
            if fee is not None and len(rows):
                found = placed(found, rows, _in_parts(case, fee, currency, found[rows], columns["fee"][rows, None]))
    return {"platform_fee": found}


def _in_parts(case: Case, fee: WorkflowFee, asked_in: str, first: Floats, units: Floats) -> Floats:
    r"""A fee of several parts, shape (n, T), in the case's currency: with each unit's least, rounded to whole coins.

    .. math:: u \, x_t \, \lceil \max(s / (u \, x_t) + a, \; m) \rceil

    with s the first part (shape (n, T), in the case's currency), u the units it is for (n, 1), a and m money for each unit,
    and x the exchange rate of their currency, else that of the price (asked_in).
    """
    money = fee.plus or fee.at_least or (fee.amount if kind_of(fee.amount) != "fraction" else None)
    currency = asked_in if money is None else money.currency or case.currency
    rates = exchange_rates(case)[currency]
    if not fee.by_unit:
        plain: Floats = first + units * rates * (fee.plus.number if fee.plus is not None else 0.0)
        return plain
    each = ratio(first, units * rates)
    if fee.plus is not None:
        each = each + fee.plus.number
    if fee.at_least is not None:
        each = most(each, fee.at_least.number)
    if fee.rounded is not None:
        each = rounded_to(each, 10.0 ** -decimals(currency), fee.rounded, COIN_ROUNDING)
    found: Floats = each * units * rates
    return found


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


def fees_within(ledger: Ledger, vendor: int, over: Windows, currency: str) -> list[float]:
    """What a vendor's fees come to in each of some windows, in a currency: each at the rate of the period it is owed in."""
    lines, case = ledger.lines, ledger.lines.case
    each = in_currency(case, lines.routes, currency, lines.route, lines.period) * lines.items
    mine, shares = lines.vendor == vendor, parts_of(case.periods, over)
    of_tiers = [
        (shares[part.label], share * part.money_in(currency))
        for part in ledger.filled
        if part.schedule.vendor == vendor and may_be(share := part.one_share(lines.routes.fee_share))
    ]
    return [
        named("platform fees in the window", sum((money * float(part[n]) for part, money in of_tiers if part[n]), own))
        for n, own in enumerate(total((each * weights[lines.period])[mine]) for weights in over.weights)
    ]


def in_currency(case: Case, routes: Routes, currency: str, route: Positions, period: Positions) -> Floats:
    """The fee of an item of some routes in some periods, in a currency; 0 where it is a share of prices by volume."""
    by_tiers = (routes.schedule[route] >= 0) & (by_value(routes.fee_share[route]) != 0)
    fee: Floats = routes.platform_fee[route, period] * worth(case, case.currency, currency)[period]
    return np.where(by_tiers, 0.0 * fee, fee)


def _by_window(ledger: Ledger) -> Iterator[Entry]:
    for window in ledger.filled:
        fee = window.one_share(ledger.lines.routes.fee_share)
        yield from window.shared(NAME, [(sum(window.prices, 0.0), fee, window.owed)])


CLAUSE = Clause("platform_fee", owed)
