"""What contracts ask for one delivered item: price, rework, platform fees, pre-labelling, review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.amounts import When
from allocate.case.load import Case
from allocate.costing.prices import exchange_rates, in_case_currency, price_factors, stepped
from allocate.costing.products import counts, item_of
from allocate.costing.rate_card import Lines
from allocate.costing.work import Work
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Columns = Mapping[str, NDArray[Any]]


def asked(case: Case, lines: Lines, work: Work, eu: Floats, factor: Floats | float = 1.0) -> dict[str, NDArray[Any]]:
    r"""What does not move over time of each line's prices, shape (N,); `money` makes prices by period of it.

    `asked` is :math:`q u`, the money of the first time the work is done, in the price's currency; `billed` is
    :math:`m'`; `billable` is :math:`u m'`; `fee` and `usage` are units that a platform fee in money and the pre-labelling
    service charge for.
    factor: what levers make of q, shape (N,).
    """
    times = np.where(lines.finished_pace, 1.0, work.repeat)
    units = work.made * _units(case, lines, work, work.hours / times / work.made, eu)
    billed = _times_billed(case, lines, times, work.repeat)
    return {
        "basis": lines.noun,
        "asked": lines.price * factor * units,
        "currency": lines.currency,
        "billed": billed,
        "billable": units * billed,
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
        price[again] = once * columns["billed"][again, None]
        rework[again] = price[again] - once
    fees = [one.platform_fee for one in case.vendors.values()]
    fee_amounts = _fee_amounts(case)
    fee = spread(columns["fee"], fee_amounts, vendor)
    by_share = np.array([one is not None and kind_of(one) == "fraction" for one in fees])
    shared = np.flatnonzero(by_share[vendor])
    fee[shared] = fee_amounts[vendor[shared]] * price[shared]
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
            prices[position] = _by_date(case, one.pre_label.cost, steps)
    return prices


def _fee_amounts(case: Case) -> Floats:
    """Each vendor's platform fee by period, shape (V, T): a share of the price, or money of the case's currency."""
    amounts = np.zeros((len(case.vendors), case.periods.count))
    for position, one in enumerate(case.vendors.values()):
        if one.platform_fee is not None:
            amounts[position] = _by_date(case, one.platform_fee, [(s.from_, s.amount) for s in one.platform_fee_steps])
    return amounts


def _by_date(case: Case, before: Quantity, steps: list[tuple[When, Quantity]]) -> Floats:
    """An amount that changes by date, in the case's currency where it is money, shape (T,)."""
    starts, numbers = [start for start, _ in steps], [amount.number for _, amount in steps]
    amounts: Floats = stepped(case.periods, starts, numbers, before=before.number)
    amounts *= exchange_rates(case)[before.currency or case.currency]
    return amounts


def _fee_shares(case: Case) -> Floats:
    """Platform fee of each vendor at first as a share of its price, shape (V,); 0 where it is money per unit, or nothing."""
    fees = [one.platform_fee for one in case.vendors.values()]
    return np.array([fee.number if fee is not None and kind_of(fee) == "fraction" else 0.0 for fee in fees])


def _units(case: Case, lines: Lines, work: Work, hours: Floats, eu: Floats) -> Floats:
    """Billable units of one delivered item before rework."""
    units = np.full(len(lines), work.passes)
    for position, noun in enumerate(lines.nouns):
        rows = np.flatnonzero(lines.noun == position)
        if noun == "h":
            units[rows] = hours[rows]
        elif noun == "EU":
            units[rows] = eu[rows] * work.passes
        elif noun != "label":
            some = lines.take(rows)
            each = counts(case, some.product, noun, _priced(some))
            # Of a finished item everything is included in its price; units counted within it are made in every pass.
            whole = some.finished_price & _is_item(case, some.product, noun)
            units[rows] = np.where(whole, each, each * work.passes)
    return units


def _priced(lines: Lines) -> Callable[[int], str]:
    """The price of a line as it was written."""
    return lambda row: f"'{lines[row].price.text}'"


def _times_billed(case: Case, lines: Lines, times: Floats, repeat: Floats) -> Floats:
    """How many times the work is billed; `times` is how often the hours contain it, `repeat` how often it is done."""
    by_hour = np.array([noun == "h" for noun in lines.nouns])[lines.noun]
    stated = np.array([one.contract.rework_paid for one in case.vendors.values()], dtype=np.float64)[lines.vendor]
    again = np.where(np.isnan(stated), by_hour, stated == 1.0)
    for position, noun in enumerate(lines.nouns):
        again &= ~(lines.finished_price & (lines.noun == position) & _is_item(case, lines.product, noun))
    return np.where(again, np.where(by_hour, times, repeat), 1.0)


def _is_item(case: Case, product: Integers, noun: str) -> NDArray[np.bool_]:
    """Whether a noun is the item of products given by position."""
    items = np.array([noun in ("item", item_of(case, one)) for one in case.products.values()], dtype=bool)
    found: NDArray[np.bool_] = items[product]
    return found


def _fees(case: Case, lines: Lines, work: Work, eu: Floats) -> Floats:
    """Units of platform fees that are money per hour, item, label, EU or driver, of one item."""
    fees = np.zeros(len(lines))
    for position, (name, one) in enumerate(case.vendors.items()):
        fee = one.platform_fee
        if fee is not None and kind_of(fee) != "fraction":
            rows = np.flatnonzero(lines.vendor == position)
            fees[rows] = _charged(case, name, fee, lines.product[rows], work, eu[rows], work.hours[rows])
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
    return work.made * np.where(_is_item(case, product, noun), each, each * work.passes)


def _wage(case: Case) -> Floats:
    team = case.file.review_team
    if team is None:
        return np.zeros(case.periods.count)
    return in_case_currency(case, team.wage)
