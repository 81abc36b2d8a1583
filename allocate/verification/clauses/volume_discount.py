"""What a vendor takes off the prices of some products by all that is bought of them in a window, in its last period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.case.clauses.volume_discount import DiscountStep, VolumeDiscount
from allocate.tolerances import HALF_A_CENT, STEP_REACHED, STEP_SMALL
from allocate.units import kind_of
from allocate.verification.clause import Before
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.exchange import currency_of
from allocate.verification.windows import Window, part_of, windows
from allocate.verification.work_content.item import Item

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """For every discount and window the step that what is counted reaches, and what it takes off."""
    entries = []
    for vendor, (name, terms) in enumerate(work.case.vendors.items()):
        every = terms.contract.volume_discount
        for position, discount in enumerate(every):
            words = name if len(every) == 1 else f"{name}, discount {position + 1}"
            on = _named(work, discount.products if discount.on is None else discount.on)
            for window in windows(work.case.periods, discount.window):
                held = _held(discount, _counted(work, vendor, discount, window))
                if held is None:
                    continue
                step, off = discount.steps[held], 0.0
                share = step.off.number if step.off is not None and kind_of(step.off) == "fraction" else None
                units, noun = 0.0, ""
                for item, period, items in work.lines:
                    if item.vendor == vendor and item.product in on and (part := window.parts[period]):
                        each = _of_item(work, step, item, period) if share is None else work.stated.price(item, period)
                        off = part_of(part, items * each) + off
                        units, noun = part_of(part, items * item.billable) + units, item.basis
                if off and share != 0:
                    about = f"{words}, step {held + 1} of {len(discount.steps)}"
                    told = (1.0, "once", -off, -off)
                    if share is not None:  # of the prices, as the rebate's
                        told = (off, work.case.currency, -share, off * -share)
                    elif step.off is not None:  # of each unit billed
                        told = (units, noun, -off / units, -off)
                    entries.append(Entry(name, window.label, "volume discount", about, *told, window.last, on))
    return Owed(entries)


def _named(work: Work, names: tuple[str, ...] | None) -> tuple[int, ...]:
    return tuple(n for n, name in enumerate(work.stated.products) if names is None or name in names)


def _reaches(amount: Number, start: float) -> bool:
    """Whether an amount has come to the start of a step, or as close to it as counts."""
    return bool(amount >= start - min(max(HALF_A_CENT, STEP_REACHED * start), STEP_SMALL * start))


def _held(discount: VolumeDiscount, amount: Number) -> int | None:
    """Number of the last step an amount reaches."""
    steps = [number for number, step in enumerate(discount.steps) if _reaches(amount, step.from_.number)]
    return steps[-1] if steps else None


def _counted(work: Work, vendor: int, discount: VolumeDiscount, window: Window) -> Number:
    """What the products that count come to in a window: prices, work, or how many of them there are."""
    start, products = discount.steps[0].from_, _named(work, discount.products)
    made: dict[int, Number] = {}
    for item, period, items in work.lines:
        if item.vendor != vendor or item.product not in products or not (part := window.parts[period]):
            continue
        if start.currency is not None:
            each = work.stated.price(item, period) / work.stated.rate(start.currency, period)
            if currency_of(work.case, item.price) == start.currency:
                each = item.billed * work.stated.factor(vendor, period, item.held)
        else:
            each = 1.0 if start.of() in ("item", "product") else work.stated.content(item, start.of() or "h")
        made[item.product] = part_of(part, items * each) + made.get(item.product, 0.0)
    if start.of() != "product":
        return sum(made.values(), 0.0)
    least = 1.0 if discount.each is None else discount.each.number
    return float(sum(1 for amount in made.values() if _reaches(amount, least)))


def _of_item(work: Work, step: DiscountStep, item: Item, period: int) -> float:
    """What a step that takes no share takes off one item, in the case's currency."""
    if step.off is None:
        price = work.stated.price(item, period)
        own = (step.prices or {}).get(work.stated.products[item.product])
        return 0.0 if own is None or not item.price.number else price - price * own.number / item.price.number
    return float(item.billable * step.off.number * work.stated.rate(currency_of(work.case, step.off), period))
