"""Take or pay: what a vendor is paid at least, which its hours and its ceiling must have room for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from allocate.case import amounts as a
from allocate.case.blocks import Block, Window, or_mapping
from allocate.case.by_time import by_period
from allocate.case.context import Context, line_of
from allocate.case.document import Path_
from allocate.case.index import OF_CONTRACTS, PAID_BY_THE_HOUR, VENDORS, Check, Clause
from allocate.case.terms import contracts, counts_by
from allocate.errors import Problem
from allocate.units import kind_of

if TYPE_CHECKING:
    from allocate.case.schema import Vendor


class Commitment(Block):
    """Take or pay: what the vendor is paid at least in each window, once it is engaged.

    Prices count towards it, fees do not. A window that the horizon cuts keeps its whole commitment, and a note says so.

    It is counted in the currency it is written in: what is billed in that currency as it is billed, whatever the exchange
    rate; what is billed in another at the rates of the period it is owed in. What is missing is paid in the window's last
    period, at the exchange rate of that period."""

    at_least: a.Money
    """Money paid in each window, used or not."""
    window: Window = "horizon"
    """How often it falls due: each period, month or quarter, or once for the horizon."""


class Committed(Block):
    """Keys of a contract."""

    commitment: Annotated[Commitment | None, or_mapping("at-least", Commitment | a.Money | None)] = None
    """Take or pay: the larger of what is used and what was committed."""


def kept(c: Context) -> Iterator[Problem]:
    """It can be used up, and counts in windows that hold those of tiers."""
    for name, where, vendor in contracts(c):
        commitment = vendor.contract.commitment
        if commitment is not None:
            yield from counts_by(c, where, "commitment", vendor.contract, commitment.window)
            yield from _used_up(c, where, name, vendor, commitment)


def _used_up(c: Context, where: Path_, name: str, vendor: Vendor, commitment: Commitment) -> Iterator[Problem]:
    """All hours of a window come to as much, and so does the ceiling."""
    path = (*where, "commitment")
    most = _most_money(c, name, vendor, commitment.at_least.currency, commitment.window)
    if most is not None and commitment.at_least.number > most:
        there = line_of(c, ("vendors", name, "capacity"))
        each = {"horizon": "", "period": f" of a {c.periods.unit}"}.get(commitment.window, f" of a {commitment.window}")
        message = f"{name} is promised {commitment.at_least.text}, and all its hours{each}{there} come to {most:,.0f}"
        yield c.problem((*path, "at-least"), message, "lower the commitment, or raise the capacity")
    ceiling = vendor.contract.ceiling
    if ceiling is None or ceiling.currency != commitment.at_least.currency:
        return
    if ceiling.number < commitment.at_least.number:
        there = line_of(c, (*where, "ceiling"))
        message = f"the commitment ({commitment.at_least.text}) is above the ceiling ({ceiling.text}){there}"
        yield c.problem((*path, "at-least"), message, "lower it, or raise the ceiling")


LONGEST = {"week": 1.0, "month": 31 / 7, "quarter": 92 / 7}
"""Most weeks a window of a kind has."""


def _most_money(c: Context, name: str, vendor: Vendor, currency: str | None, window: str) -> float | None:
    """No less than all a vendor's hours of a window cost at its highest price; None where that is not how it is paid."""
    tiered = [step.price for tiers in vendor.contract.tiers for step in tiers.steps]
    prices = [*([vendor.contract.price] if vendor.contract.price is not None else []), *tiered]
    prices += [rate.price for _, rate in c.rate_card.of_vendor(name) if rate.price is not None]
    rows = [row for row in c.file.calendar if row.vendor == name]
    amounts = [vendor.capacity, *(step.amount for step in vendor.capacity_steps), *(row.capacity for row in rows)]
    stated = [amount for amount in amounts if amount is not None]
    parts = vendor.contract.plus or any(rate.plus for _, rate in c.rate_card.of_vendor(name))
    if vendor.capacity is None or vendor.escalation is not None or "horizon" in c.faulty or not prices or parts:
        return None
    if any(kind_of(one) != "labour/calendar" for one in stated):
        return None
    if any(price.per() != "h" or price.currency != currency for price in prices):
        return None
    factors = [1.0, *(step.factor for step in vendor.season), *(row.season for row in rows if row.season is not None)]
    there = [by_period(c.periods, one, vendor.working_days) for one in stated]
    hours_of = [max(amounts) for amounts in zip(*there, strict=True)]
    most = max(hours / weeks for hours, weeks in zip(hours_of, c.periods.weeks_each(), strict=True))
    hours = max(hours_of) if window == "period" else sum(hours_of)
    hours = min(hours, most * LONGEST[window]) if window in LONGEST else hours
    return float(hours * max(price.number for price in prices) * max(factors))


CLAUSE = Clause(
    "commitment",
    keys=("vendors.NAME.contract.commitment",),
    checks=(Check(kept, OF_CONTRACTS),),
    examples={"Commitment": "{at-least: 8k USD, window: quarter}"},
    costs={VENDORS: ("commitment",)},
    not_for_teams=PAID_BY_THE_HOUR,
)
