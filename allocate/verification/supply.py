"""What vendors, lines of the rate card and the review team can do, and what of it a plan uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.moments import FIRST_WORK
from allocate.exact import Floats, by_position, element, total
from allocate.verification.capacity import Capacity, ramp, rate_items, within
from allocate.verification.checks import TOLERANCE, Check
from allocate.verification.past import no_less, planned
from allocate.verification.work_content.card import line_for, menu

if TYPE_CHECKING:
    from allocate.verification.work import Work

LEAST_FIRST_WORK = 0.05
"""Part of what it then has that a vendor works at least in the period its ramp begins in."""


def vendors(work: Work) -> Iterator[Check]:
    """Hours, items, equivalent units or drivers of each vendor, by period or in all, levers bought included."""
    for capacity in work.stated.capacities:
        inside, name, unit = work.vendor == capacity.vendor, work.stated.vendors[capacity.vendor], capacity.noun
        there = capacity.amounts
        there = there + sum((change for lever, change in capacity.levers if lever in work.bought), 0.0)
        if not capacity.by_period:
            used = total(content(work, inside, unit))
            done = total(content(work, inside & ~planned(work), unit))
            check = Check("vendor_total", (capacity.vendor,), f"capacity of {name}", unit, used, float(there[0]), False)
            yield no_less(work, check, done)
            continue
        used_by = content_by_period(work, inside, unit)
        group = f"{'hours' if unit == 'h' else 'capacity'} of {name}"
        if work.case.vendors[name].ramp_from == FIRST_WORK:
            there, begun = _from_first_work(work, capacity, used_by, there)
            yield from begun
        for period in np.flatnonzero(np.isfinite(there) & ((used_by > there) | (not work.brief))).tolist():
            key, subject = (capacity.vendor, period), f"{group} in {work.label(period)}"
            used, most = element(used_by[period]), float(there[period])
            yield Check(capacity.family, key, subject, unit, used, most, False, group=group, period=period)


def content_by_period(work: Work, inside: NDArray[np.bool_], unit: str) -> Floats:
    """How much of what is counted some lines take in each period, shape (T,): hours stage by stage."""
    if unit == "h":
        return work.hours_worked(inside)
    return by_position(work.period[inside], content(work, inside, unit), work.case.periods.count)


def content(work: Work, inside: NDArray[np.bool_], unit: str) -> Floats:
    """How much of what a capacity counts each of some lines takes."""
    if unit == "h":
        return work.hours[inside]
    each = [work.stated.content(work.made[line], unit) for line in np.flatnonzero(inside).tolist()]
    return work.items[inside] * np.array(each, dtype=np.float64)


def _from_first_work(work: Work, capacity: Capacity, used: Floats, there: Floats) -> tuple[Floats, list[Check]]:
    """What a vendor has whose ramp begins with its first work, and whether that is work enough for a ramp to begin."""
    name, unit = work.stated.vendors[capacity.vendor], "h" if capacity.noun == "h" else "items"
    worked = [period for period, amount in enumerate(used) if element(amount) > TOLERANCE]
    first = worked[0] if worked else len(there)
    there = within(there, ramp(work.case, work.case.vendors[name], first))
    if not worked:
        return there, []
    subject = f"first work of {name} in {work.label(first)}, for its ramp to begin"
    key, least = (capacity.vendor, first), LEAST_FIRST_WORK * float(there[first])
    family = f"first_work_{capacity.family.removeprefix('vendor_')}"
    return there, [Check(family, key, subject, unit, element(used[first]), least, True)]


def rate_lines(work: Work) -> Iterator[Check]:
    """Items of lines of the rate card that state how many they can make, by period or in all."""
    known = [line for lines in work.stated.card.values() for line in lines if line[1].capacity is not None]
    of_line = np.array([item.line for item in work.made], dtype=np.int64)
    for number, rate in sorted(known, key=itemgetter(0)):
        lines = work.stated.card[rate.product, rate.vendor]
        if not any(line_for(lines, name) == (number, rate) for name in menu(work.case, rate.product)):
            continue
        assert rate.capacity is not None
        inside, words = of_line == number, f"items of {rate.product} with {rate.vendor}"
        noun, there = work.stated.nouns[work.stated.products.index(rate.product)], rate_items(work.case, rate)
        if there is None:
            used = work.summed(work.items, inside)
            done = work.summed(work.items, inside & ~planned(work))
            check = Check("rate_total", (number,), words, noun, used, rate.capacity.number, False)
            yield no_less(work, check, done)
            continue
        used_by = by_position(work.period[inside], work.items[inside], len(there))
        for period, most in enumerate(there.tolist()):
            subject, key = f"{words} in {work.label(period)}", (number, period)
            check = Check("rate_items", key, subject, noun, element(used_by[period]), most, False)
            yield replace(check, group=words, period=period)


def review_team(work: Work) -> Iterator[Check]:
    """Hours of checking in each period."""
    hours = work.stated.checking_hours
    if hours is None:
        return
    used = work.hours_worked(np.ones(len(work.items), dtype=bool), review=True)
    for period, amount in enumerate(hours.tolist()):
        subject = f"hours of the review team in {work.label(period)}"
        check = Check("review_team_hours", (period,), subject, "h", element(used[period]), amount, False)
        yield replace(check, group="hours of the review team", period=period)
