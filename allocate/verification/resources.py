"""What vendors take together of what they share, from the words of the case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.exact import element, total
from allocate.verification.by_time import counted
from allocate.verification.capacity import in_all, noun_of
from allocate.verification.checks import Check
from allocate.verification.past import no_less, planned
from allocate.verification.supply import content, content_by_period

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Every resource, by period or in all."""
    for number, (name, resource) in enumerate(work.case.file.resources.items()):
        chosen = [
            n for n, vendor in enumerate(work.stated.vendors) if vendor in (resource.vendors or work.stated.vendors)
        ]
        inside, unit, group = np.isin(work.vendor, chosen), noun_of(resource.capacity), f"resource '{name}'"
        if in_all(resource.capacity):
            used, there = total(content(work, inside, unit)), resource.capacity.number
            done = total(content(work, inside & ~planned(work), unit))
            yield no_less(work, Check("resource_in_all", (number,), group, unit, used, there, False), done)
            continue
        amounts = counted(work.case.periods, resource.capacity)
        for period, amount in enumerate(content_by_period(work, inside, unit)):
            key, subject, there = (number, period), f"{group} in {work.label(period)}", float(amounts[period])
            used = element(amount)
            yield Check("resource_by_period", key, subject, unit, used, there, False, group=group, period=period)
