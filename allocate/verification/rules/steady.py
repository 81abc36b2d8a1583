"""Paces of vendors from period to period, in hours, items or equivalent units by time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.verification.by_time import lengths
from allocate.verification.checks import Check
from allocate.verification.soft_limits.penalties import forced
from allocate.verification.supply import content_by_period

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
                    content_by_period(work, work.vendor == vendor, unit),
                    lengths(work.case.periods, most, working),
                    strict=True,
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
