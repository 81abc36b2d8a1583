"""Paces of vendors from period to period, in hours, items or equivalent units by time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.exact import by_position, element
from allocate.verification.by_time import lengths
from allocate.verification.checks import Check
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Every change of pace that a rule limits, up and down."""
    for number, rule in enumerate(work.case.file.rules):
        if rule.steady is None or rule.steady.at_most is None:
            continue
        most, unit = rule.steady.at_most, rule.steady.at_most.of() or "h"
        for vendor, name in enumerate(work.stated.vendors):
            if rule.steady.vendors != ("each",) and name not in rule.steady.vendors:
                continue
            working = work.case.vendors[name].working_days
            paces = [
                element(amount) / float(length)
                for amount, length in zip(
                    _worked(work, vendor, unit), lengths(work.case.periods, most, working), strict=True
                )
            ]
            begins = [] if rule.steady.before is None else [rule.steady.before.each]
            first = 1 - len(begins)
            for before, (period, after) in zip([*begins, *paces], list(enumerate(paces))[first:], strict=False):
                for family, word, change in (
                    ("steady_rise", "rise", after - before),
                    ("steady_fall", "fall", before - after),
                ):
                    group = f"rule '{rule.name}': {word} of {name}'s pace"
                    key, subject = (number, vendor, period), f"{group} in {work.label(period)}"
                    check = Check(family, key, subject, unit, change, most.each, False, group=group, period=period)
                    yield forced(work.case, number, check, period)


def _worked(work: Work, vendor: int, unit: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What a vendor works in each period, shape (T,)."""
    inside = work.vendor == vendor
    if unit == "h":
        return work.hours_worked(inside)
    each = [work.stated.content(work.made[line], unit) for line in np.flatnonzero(inside).tolist()]
    amounts = work.items[inside] * np.array(each, dtype=np.float64)
    return by_position(work.period[inside], amounts, work.case.periods.count)
