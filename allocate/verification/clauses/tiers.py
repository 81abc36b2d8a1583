"""Prices by volume: what each window bills of each step, and what is bought beside what is used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.verification.checks import Check
from allocate.verification.clause import Before
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.volume import Schedule, whole_of
from allocate.verification.volume_owed import Billed, of_window
from allocate.verification.windows import Window, part_of

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """Every step of every window, paid in the window's last period; each line bears its part of what it was counted in."""
    lines: list[Number] = [0.0] * len(work.made)
    entries: list[Entry] = []
    for billed in work.by_volume:
        for line, amount in zip(billed.lines, billed.billing.owed, strict=True):
            lines[line] = amount * billed.factor + lines[line]
        schedule = billed.schedule
        for part in billed.billing.parts:
            about = f"{schedule.words}, step {part.step + 1} of {len(schedule.steps)}"
            unit, price = "hour" if schedule.noun == "h" else schedule.noun, part.price * billed.factor
            entries.append(of_window(work, billed, part.clause, about, (part.units, unit, price)))
    return Owed(entries, lines)


def ends(work: Work) -> Iterator[Check]:
    """What fills each list of prices whose last step has an end: no more is for sale in a window."""
    for schedule in work.stated.schedules:
        for number, window in enumerate(schedule.windows):
            end = schedule.within(window).steps[-1].stop
            if not math.isfinite(end):
                continue
            bought = whole_of(schedule, sum((units for units in _fills(work, schedule, window)), 0.0))
            unit = schedule.counts or ("hour" if schedule.noun == "h" else schedule.noun)
            subject = f"tiers of {schedule.words} in {window.label}"
            yield Check("tier_end", (schedule.number, number), subject, unit, bought, end, False)


def _fills(work: Work, schedule: Schedule, window: Window) -> Iterator[Number]:
    """What each line fills the steps of a window by."""
    filling = work.stated.factor(schedule.vendor, window.first) if schedule.in_money else 1.0
    for line in work.in_schedule(schedule):
        item, period, items = work.lines[line]
        yield part_of(window.parts[period], items * item.counted) * filling


def surplus_made(work: Work) -> Iterator[Check]:
    """What each window buys beside what is used, where it is made: within the vendor's capacity, and in whole lots."""
    for billed in sorted(work.by_volume, key=lambda one: (one.schedule.number, one.window.last, one.window.label)):
        if billed.schedule.tiers.surplus == "allowed":
            for part in billed.billing.parts:
                if part.clause == "surplus":
                    yield from _within_capacity(work, billed, part.units)
                    yield from _whole_lots(work, billed, part.units)


def _within_capacity(work: Work, billed: Billed, more: Number) -> Iterator[Check]:
    schedule, window, stated = billed.schedule, billed.window, work.stated
    number = schedule.windows.index(window)
    words = f"surplus of {schedule.words} in {window.label}, with what is used"
    routes = [
        item for product in schedule.products for item in stated.items(product, schedule.vendor) if item.by_volume
    ]
    for capacity in stated.capacities:
        if capacity.vendor != schedule.vendor:
            continue
        of_unit = min(stated.content(item, capacity.noun) / item.billable for item in routes)
        there = capacity.amounts + sum((c for lever, c in capacity.levers if lever in work.bought), 0.0)
        used: Number = more * of_unit
        for item, period, items in work.lines:
            if item.vendor == schedule.vendor and (window.parts[period] or not capacity.by_period):
                content = items * stated.content(item, capacity.noun)
                used = (part_of(window.parts[period], content) if capacity.by_period else content) + used
        most = float(there[0])
        if capacity.by_period:
            most = sum(float(p) * float(amount) for p, amount in zip(window.parts, there, strict=True) if p)
        yield Check("surplus_capacity", (schedule.number, number), words, capacity.noun, used, most, False)


def _whole_lots(work: Work, billed: Billed, more: Number) -> Iterator[Check]:
    schedule, window, stated = billed.schedule, billed.window, work.stated
    lots = work.case.vendors[stated.vendors[schedule.vendor]].contract.order_multiple
    if lots is None or not lots.number > 0:
        return
    routes = [
        item for product in schedule.products for item in stated.items(product, schedule.vendor) if item.by_volume
    ]
    items: Number = more / max(item.billable for item in routes)
    for line in billed.lines:
        items = part_of(window.parts[int(work.period[line])], element(work.items[line])) + items
    whole = round(items / lots.number) * lots.number
    subject = f"surplus of {schedule.words} in {window.label} over whole lots of {lots.number:,.12g}"
    key = (schedule.number, schedule.windows.index(window))
    yield Check("surplus_lots", key, subject, "items", abs(items - whole), 0.0, False)


def kept(work: Work) -> Iterator[Check]:
    """No more is bought than is for sale, and what is bought and not used could be made."""
    yield from ends(work)
    yield from surplus_made(work)
