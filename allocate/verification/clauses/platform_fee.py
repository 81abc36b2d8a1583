"""Platform fees: on top of prices, a share of them, money per item, hour, label or driver, or both, with a least fee and whole coins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from allocate.case.clauses.platform_fee import WorkflowFee
from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.currencies import decimals
from allocate.tolerances import COIN_ROUNDING
from allocate.units import Quantity, kind_of
from allocate.verification.clause import Before
from allocate.verification.entries import Number, Owed, together
from allocate.verification.exchange import currency_of
from allocate.verification.volume_owed import billed_in, of_window
from allocate.verification.work_content.effort import count_of, item_of
from allocate.verification.work_content.item import Item

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The fee of each line in its period; of prices by volume, with each window."""
    lines: list[Number] = [0.0] * len(work.made)
    for number, (item, period, items) in enumerate(work.lines):
        vendor = work.case.vendors[work.stated.vendors[item.vendor]]
        stated = _held(work.case, vendor, item.workflow)
        fee = stated.amount if stated is not None else None
        if stated is None or fee is None or (item.by_volume and kind_of(fee) == "fraction"):
            continue
        if stated.plus or stated.at_least or stated.rounded:
            lines[number] = items * _of_units(work, item, period, stated)
            continue
        each = _in_period(work, vendor, fee, period)
        if kind_of(fee) == "fraction":
            lines[number] = items * (each * work.stated.price(item, period))
        else:
            lines[number] = items * (
                _units(work.case, item, fee) * each * work.stated.rate(currency_of(work.case, fee), period)
            )
    entries = together(work, "platform fee", lines)
    for billed in work.by_volume:
        fees = work.case.vendors[work.stated.vendors[billed.schedule.vendor]].platform_fee
        fee = fees[0].amount if fees else None  # a share of prices by volume is that of all workflows
        if fee is None or kind_of(fee) != "fraction":
            continue
        prices = billed_in(work, billed)
        if prices * fee.number:
            sold = (prices, work.case.currency, fee.number)
            entries.append(of_window(work, billed, "platform fee", billed.schedule.words, sold))
        for line, amount in zip(billed.lines, billed.billing.owed, strict=True):
            lines[line] = amount * billed.factor * fee.number + lines[line]
    return Owed(entries, lines)


def _of_units(work: Work, item: Item, period: int, fee: WorkflowFee) -> float:
    """A fee of several parts for one item: what a unit of it owes, in coins, times the units there are."""
    case, beside = work.case, fee.plus or fee.at_least
    by_share = kind_of(fee.amount) == "fraction"
    money = beside if beside is not None else item.price if by_share else fee.amount
    currency = currency_of(case, money)
    bare, noun = beside is not None and beside.per() is None, money.per() or "item"
    many = item.billable if bare else _units(case, item, money)
    own = work.stated.nouns[item.product]
    if noun == (item.price.per() or "item") or {noun, item.price.per() or "item"} <= {"item", own}:
        many = item.billable
    if many == 0:
        return 0.0
    rate = work.stated.rate(currency, period)
    unit = fee.amount.number * work.stated.price(item, period) / rate / many if by_share else fee.amount.number
    unit += fee.plus.number if fee.plus is not None else 0.0
    if fee.at_least is not None and unit < fee.at_least.number:
        unit = fee.at_least.number
    if fee.rounded is not None:
        coins = unit * 10 ** decimals(currency)
        whole = {
            "up": lambda: math.ceil(coins - COIN_ROUNDING),
            "down": lambda: math.floor(coins + COIN_ROUNDING),
            "nearest": lambda: math.floor(coins + 0.5 + COIN_ROUNDING),
        }[fee.rounded]()
        unit = max(whole, 0) / 10 ** decimals(currency)
    return float(many * unit * rate)


def _held(case: Case, vendor: Vendor, workflow: int) -> WorkflowFee | None:
    """The fee that work by a workflow (by position) has at first: that of the last entry that does not leave it out."""
    name, done = list(case.workflows.items())[workflow]
    for fee in reversed(vendor.platform_fee):
        if name in (fee.workflows or (name,)) and not (fee.passes_from is not None and done.passes < fee.passes_from):
            return fee
    return None


def _units(case: Case, item: Item, fee: Quantity) -> float:
    """Units of a fee in money; of items those shown, of all else those made."""
    noun, product = fee.per() or "item", list(case.products.values())[item.product]
    passes = float(list(case.workflows.values())[item.workflow].passes)
    if noun == "h":
        return item.hours
    if noun in ("label", "EU"):
        return item.made * passes * (item.equivalent_units if noun == "EU" else 1.0)
    each = count_of(case, product, noun)
    return item.shown * each if noun in ("item", item_of(case, product)) else item.made * each * passes


def _in_period(work: Work, vendor: Vendor, fee: Quantity, period: int) -> float:
    """The fee that holds in a period, as it is written."""
    begun = [step for step in vendor.platform_fee_steps if work.case.periods.first_from(step.from_) <= period]
    return begun[-1].amount.number if begun else fee.number
