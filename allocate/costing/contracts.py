"""What contracts ask for one delivered item: price, rework, platform fees, pre-labelling, review."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.costing.lines import Line
from allocate.costing.prices import exchange_rates, in_case_currency, price_factors
from allocate.costing.products import item_of, per_item
from allocate.costing.work import Work
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]


def money(case: Case, lines: Sequence[Line], work: Work, eu: Floats, factor: Floats | float = 1.0) -> dict[str, object]:
    r"""Price, rework, fee, usage and review cost of each line by period, shape (N, T), in the case's currency.

    .. math:: \text{price} = q \, u \, m' \, x_t \, f_{vt}

    with q the money asked per billable unit, u billable units per item before rework, m' the times work is billed
    because a review sends it back (1 where the contract does not pay for rework), x the exchange rate and f the
    vendor's season and escalation. factor: what levers make of q, shape (N,).
    """
    rates, factors = exchange_rates(case), price_factors(case)
    vendor = np.array([line.vendor for line in lines])
    asked, units, billed, basis, fx = [], [], [], [], []
    for position, line in enumerate(lines):
        noun = line.price.per() or "item"
        basis.append({"h": "hour"}.get(noun, noun))
        asked.append(line.price.number)
        fx.append(rates[line.price.currency or case.currency])
        times = 1.0 if line.finished_pace else float(work.repeat[position])
        once = float(work.hours[position]) / times / work.made
        units.append(work.made * _units(case, line, noun, work.passes, once, float(eu[position])))
        billed.append(_times_billed(case, line, noun, times, float(work.repeat[position])))
    moving = np.stack(fx) * factors[vendor]
    first_time = (np.array(asked) * factor * np.array(units))[:, None] * moving
    price = first_time * np.array(billed)[:, None]
    usage = work.usage[:, None] * rates[work.usage_currency or case.currency]
    return {
        "basis": basis,
        "billable": np.array(units) * np.array(billed),
        "fee_share": _fee_shares(case)[vendor],
        "price": price,
        "rework": price - first_time,
        "platform_fee": _fees(case, lines, work, eu, price),
        "usage": usage,
        "review_cost": work.review_hours[:, None] * _wage(case),
    }


def _fee_shares(case: Case) -> Floats:
    """Platform fee of each vendor as a share of its price, shape (V,); 0 where it is money per unit, or nothing."""
    fees = [one.platform_fee for one in case.vendors.values()]
    return np.array([fee.number if fee is not None and kind_of(fee) == "fraction" else 0.0 for fee in fees])


def _units(case: Case, line: Line, noun: str, passes: float, hours: float, eu: float) -> float:
    """Billable units of one delivered item before rework."""
    if noun == "h":
        return hours
    if noun == "label":
        return passes
    if noun == "EU":
        return eu * passes
    each = per_item(case, line.name, noun, f"'{line.price.text}'")
    # Of a finished item everything is included in its price; units counted within it are made in every pass.
    return each if line.finished_price and _is_item(case, line, noun) else each * passes


def _times_billed(case: Case, line: Line, noun: str, times: float, repeat: float) -> float:
    """How many times the work is billed; `times` is how often the hours contain it, `repeat` how often it is done."""
    contract = line.serves.contract
    again = contract.rework_paid if contract.rework_paid is not None else noun == "h"
    if not again or (line.finished_price and _is_item(case, line, noun)):
        return 1.0
    return times if noun == "h" else repeat


def _is_item(case: Case, line: Line, noun: str) -> bool:
    return noun in ("item", item_of(case, line.asks))


def _fees(case: Case, lines: Sequence[Line], work: Work, eu: Floats, price: Floats) -> Floats:
    """Platform fees: a share of the price, or money per hour, item, label, EU or driver."""
    rates = exchange_rates(case)
    vendor = np.array([line.vendor for line in lines])
    fees = np.zeros_like(price)
    for position, (name, one) in enumerate(case.vendors.items()):
        rows = np.flatnonzero(vendor == position)
        fee = one.platform_fee
        if fee is None or not len(rows):
            continue
        if kind_of(fee) == "fraction":
            fees[rows] = fee.number * price[rows]
            continue
        many = np.array(
            [_charged(case, name, one, fee, lines[row], work, float(eu[row]), row) for row in rows.tolist()]
        )
        fees[rows] = fee.number * many[:, None] * rates[fee.currency or case.currency]
    return fees


def _charged(case: Case, vendor: str, one: Vendor, fee: Quantity, line: Line, work: Work, eu: float, row: int) -> float:
    """Units of a platform fee in one delivered item."""
    noun = fee.per() or "item"
    if noun == "h":
        return float(work.hours[row])
    if noun in ("label", "EU"):
        return work.made * work.passes * (eu if noun == "EU" else 1.0)
    place = case.place("vendors", vendor, "platform-fee")
    each = per_item(case, line.name, noun, f"the platform fee of {vendor} ('{fee.text}')", place)
    return work.made * (each if _is_item(case, line, noun) else each * work.passes)


def _wage(case: Case) -> Floats:
    team = case.file.review_team
    if team is None:
        return np.zeros(case.periods.count)
    return in_case_currency(case, team.wage)
