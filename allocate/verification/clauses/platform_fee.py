"""Platform fees: on top of prices, a share of them or money per item, hour, label or driver, which may change by date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.case.load import Case
from allocate.case.schema import Vendor
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
        fee = _held(work.case, vendor, item.workflow)
        if fee is None or (item.by_volume and kind_of(fee) == "fraction"):
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


def _held(case: Case, vendor: Vendor, workflow: int) -> Quantity | None:
    """The fee that work by a workflow (by position) has at first: that of the last entry that does not leave it out."""
    name, done = list(case.workflows.items())[workflow]
    for fee in reversed(vendor.platform_fee):
        if name in (fee.workflows or (name,)) and not (fee.passes_from is not None and done.passes < fee.passes_from):
            return fee.amount
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
