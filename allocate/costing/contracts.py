"""What contracts ask for one delivered item: price, rework, platform fees, pre-labelling, review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.moments import When
from allocate.costing.terms.prices import exchange_rates, in_case_currency, price_factors, stepped
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.terms.rate_line import counted_noun, tier_of
from allocate.costing.work.products import counts, item_of
from allocate.costing.work.workflows import Work
from allocate.errors import CaseError, Problem
from allocate.exact import array_of
from allocate.numbers import blank, by_value, is_traced, placed
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Columns = Mapping[str, NDArray[Any]]


def asked(
    case: Case, lines: RateLines, work: Work, eu: Floats, factor: Floats | float = 1.0
) -> dict[str, NDArray[Any]]:
    r"""What does not move over time of each line's prices, shape (N,); `money` makes prices by period of it.

    `asked` is :math:`q u`, the money of the first time the work is done, in the price's currency; `billed` is
    :math:`m'`; `billable` is :math:`u m'`; `fee` and `usage` are units that a platform fee in money and the pre-labelling
    service charge for.
    factor: what levers make of q, shape (N,).
    """
    times = np.where(lines.finished_pace, 1.0, work.repeat)
    once = work.hours / times / work.made
    units = work.made * _units(case, lines, work, once, eu)
    again = _billed_again(case, lines)
    billed = np.where(again, np.where(_by_hour(lines), times, work.repeat), 1.0)
    billable = units * billed
    return {
        "basis": lines.noun,
        "asked": lines.price * factor * units,
        "currency": lines.currency,
        "billed": billed,
        "billable": billable,
        "counted": _counted(case, lines, work, eu, (once, times, again, billable)),
        "fee_share": _fee_shares(case)[lines.vendor],
        "fee": _fees(case, lines, work, eu),
        "usage": work.usage,
    }


def money(case: Case, currencies: tuple[str, ...], columns: Columns) -> dict[str, Floats]:
    r"""Price, rework, fee, usage and review cost of each route by period, shape (R, T), in the case's currency.

    .. math:: \text{price} = q \, u \, m' \, x_t \, f_{vt}

    with q the money asked per billable unit, u billable units per item before rework, m' the times work is billed
    because a review sends it back (1 where the contract does not pay for rework), x the exchange rate and f the
    vendor's season and escalation. currencies: what the column `currency` counts.
    """
    rates, vendor = exchange_rates(case), columns["vendor"]
    factors = price_factors(case)
    moving = np.stack([rates[one] * factors for one in currencies])
    first_time = spread(
        columns["asked"], moving.reshape(-1, case.periods.count), columns["currency"] * len(case.vendors) + vendor
    )
    rework = np.zeros(first_time.shape)
    price, again = first_time, np.flatnonzero(columns["billed"] != 1.0)
    if len(again):
        once = first_time[again]
        price = placed(price, again, once * columns["billed"][again, None])
        rework = placed(rework, again, price[again] - once)
    fees = [one.platform_fee for one in case.vendors.values()]
    fee_amounts = _fee_amounts(case)
    fee = spread(columns["fee"], fee_amounts, vendor)
    by_share = np.array([one is not None and kind_of(one) == "fraction" for one in fees])
    shared = np.flatnonzero(by_share[vendor])
    fee = placed(fee, shared, fee_amounts[vendor[shared]] * price[shared])
    return {
        "price": price,
        "rework": rework,
        "platform_fee": fee,
        "usage": spread(columns["usage"], _api_prices(case), columns["workflow"]),
        "review_cost": spread(columns["review_hours"], _wage(case)[None], np.zeros(len(vendor), dtype=np.int32)),
    }


def spread(each: Floats, table: Floats, row: NDArray[np.integer]) -> Floats:
    """Amounts of shape (R,) times a row of a table (K, T) each, shape (R, T).

    Rows of nothing are never written: their memory is not even taken.
    """
    if is_traced(each, table):
        of_rows: Floats = table[row] * each[:, None]
        return of_rows
    used = np.flatnonzero(each)
    if len(used) == len(each):
        amounts: Floats = np.take(table, row, axis=0)
        amounts *= each[:, None]
        return amounts
    amounts = np.zeros((len(each), table.shape[1]))
    amounts[used] = table[row[used]] * each[used, None]
    return amounts


def _api_prices(case: Case) -> Floats:
    """What each workflow's pre-labelling asks per unit by period, shape (W, T), in the case's currency; 0 without one."""
    prices = np.zeros((len(case.workflows), case.periods.count))
    for position, one in enumerate(case.workflows.values()):
        if one.pre_label is not None and one.pre_label.cost is not None:
            steps = [(step.from_, step.amount) for step in one.pre_label.cost_steps]
            prices = placed(prices, position, _by_date(case, one.pre_label.cost, steps))
    return prices


def _fee_amounts(case: Case) -> Floats:
    """Each vendor's platform fee by period, shape (V, T): a share of the price, or money of the case's currency."""
    amounts = np.zeros((len(case.vendors), case.periods.count))
    for position, one in enumerate(case.vendors.values()):
        if one.platform_fee is not None:
            steps = [(step.from_, step.amount) for step in one.platform_fee_steps]
            amounts = placed(amounts, position, _by_date(case, one.platform_fee, steps))
    return amounts


def _by_date(case: Case, before: Quantity, steps: list[tuple[When, Quantity]]) -> Floats:
    """An amount that changes by date, in the case's currency where it is money, shape (T,)."""
    starts, numbers = [start for start, _ in steps], [amount.number for _, amount in steps]
    own = stepped(case.periods, starts, numbers, before=before.number)
    amounts: Floats = own * exchange_rates(case)[before.currency or case.currency]
    return amounts


def _fee_shares(case: Case) -> Floats:
    """Platform fee of each vendor at first as a share of its price, shape (V,); 0 where it is money per unit, or nothing."""
    fees = [one.platform_fee for one in case.vendors.values()]
    return array_of([fee.number if fee is not None and kind_of(fee) == "fraction" else 0.0 for fee in fees])


def _units(case: Case, lines: RateLines, work: Work, hours: Floats, eu: Floats) -> Floats:
    """Billable units of one delivered item before rework."""
    units = blank(len(lines))
    for position, noun in enumerate(lines.nouns):
        rows = np.flatnonzero(lines.noun == position)
        units = placed(units, rows, _units_of(case, lines.take(rows), noun, work.passes, hours[rows], eu[rows]))
    return units


def _units_of(case: Case, lines: RateLines, noun: str, passes: float, hours: Floats, eu: Floats) -> Floats:
    """Units of a noun in one delivered item before rework."""
    if noun == "h":
        return hours
    if noun == "EU":
        return eu * passes
    if noun == "label":
        return np.full(len(lines), passes)
    each = counts(case, lines.product, noun, _priced(lines))
    # Of a finished item everything is included in its price; units counted within it are made in every pass.
    whole = lines.finished_price & _is_item(case, lines.product, noun)
    units: Floats = np.where(whole, each, each * passes)
    return units


def _counted(
    case: Case, lines: RateLines, work: Work, eu: Floats, billing: tuple[Floats, Floats, NDArray[np.bool_], Floats]
) -> Floats:
    """What one delivered item fills steps of tiers by: what would be billed if the price were per the unit they count.

    billing: hours of the work done once, times the hours contain it, whether work done again is billed, units billed.
    Raises CaseError where steps count something that an item has none of.
    """
    once, times, again, billable = billing
    counted, names = billable, list(case.products)
    for position, (name, vendor) in enumerate(case.vendors.items()):
        for tiers in vendor.contract.tiers:
            noun = counted_noun(tiers)
            if noun is None:
                continue
            priced = np.array([tier_of(vendor, product) is tiers for product in names], dtype=bool)
            rows = np.flatnonzero((lines.vendor == position) & lines.tiered & priced[lines.product])
            some, hours = lines.take(rows), noun == "h"
            units = work.made * _units_of(case, some, noun, work.passes, once[rows], eu[rows])
            fills = units * np.where(again[rows], times[rows] if hours else work.repeat[rows], 1.0)
            for row in np.flatnonzero((by_value(fills) <= 0) & (by_value(billable[rows]) > 0))[:1].tolist():
                message = f"the tiers of {name} count {noun}, of which {names[some.product[row]]} has none"
                place = case.place("vendors", name, "contract", "tiers")
                raise CaseError([Problem(message, place, "count something that every item has")])
            counted = counted.copy() if counted is billable else counted
            counted = placed(counted, rows, fills)
    return counted


def _priced(lines: RateLines) -> Callable[[int], str]:
    """The price of a line as it was written."""
    return lambda row: f"'{lines[row].price.text}'"


def _by_hour(lines: RateLines) -> NDArray[np.bool_]:
    """Which lines are billed by the hour."""
    found: NDArray[np.bool_] = np.array([noun == "h" for noun in lines.nouns], dtype=bool)[lines.noun]
    return found


def _billed_again(case: Case, lines: RateLines) -> NDArray[np.bool_]:
    """Which lines bill work that is done again."""
    stated = np.array([one.contract.rework_paid for one in case.vendors.values()], dtype=np.float64)[lines.vendor]
    again: NDArray[np.bool_] = np.where(np.isnan(stated), _by_hour(lines), stated == 1.0)
    for position, noun in enumerate(lines.nouns):
        again &= ~(lines.finished_price & (lines.noun == position) & _is_item(case, lines.product, noun))
    return again


def _is_item(case: Case, product: Integers, noun: str) -> NDArray[np.bool_]:
    """Whether a noun is the item of products given by position."""
    items = np.array([noun in ("item", item_of(case, one)) for one in case.products.values()], dtype=bool)
    found: NDArray[np.bool_] = items[product]
    return found


def _fees(case: Case, lines: RateLines, work: Work, eu: Floats) -> Floats:
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
    return np.where(_is_item(case, product, noun), work.shown * each, work.made * each * work.passes)


def _wage(case: Case) -> Floats:
    team = case.file.review_team
    if team is None:
        return np.zeros(case.periods.count)
    return in_case_currency(case, team.wage)
