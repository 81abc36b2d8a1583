"""Items of each product: how many there must be, how many there may be, by when, and how many at one time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.verification.checks import Check
from allocate.verification.past import no_less
from allocate.verification.soft_limits.missed import may

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Least and most items of each product."""
    for product, (name, asked) in enumerate(work.case.products.items()):
        least = asked.demand.exactly or asked.demand.at_least
        most = asked.demand.exactly or asked.demand.at_most
        made, noun, subject = (
            work.summed(work.items, work.product == product),
            work.stated.nouns[product],
            f"items of {name}",
        )
        if least is not None and least.number > 0:
            check = Check("demand_floor", (product,), subject, noun, made, least.number, True)
            yield may(work, check, asked.demand.penalty, f"demand of {name}", work.stated.last_periods[product] - 1)
        if most is not None:
            yield Check("demand_ceiling", (product,), subject, noun, made, most.number, False)


def arrived(work: Work) -> Iterator[Check]:
    """Items begun before each further part of a product arrives, against those that have arrived."""
    periods = work.case.periods
    for product, (name, asked) in enumerate(work.case.products.items()):
        there = 0.0
        for part, one in enumerate(asked.arrives):
            there, later = there + one.items.number, asked.arrives[part + 1 : part + 2]
            end = periods.first_starting(later[0].from_) if later else periods.count
            used = work.summed(work.items, (work.product == product) & (work.period < end))
            subject = f"items of {name} that have arrived by {work.label(min(end, periods.count) - 1)}"
            before = (work.product == product) & (work.period < min(end, work.case.planned_from))
            check = Check("arrived", (product, part), subject, work.stated.nouns[product], used, there, False)
            yield no_less(work, check, work.summed(work.items, before))


def in_progress(work: Work) -> Iterator[Check]:
    """Items begun and not delivered when each period ends, of products that limit them: whoever takes them up one by one."""
    for product, (name, asked) in enumerate(work.case.products.items()):
        if asked.work_in_progress is None:
            continue
        most, group = asked.work_in_progress.at_most.number, f"work in progress of {name}"
        for period in range(work.case.periods.count):
            inside = (work.product == product) & (work.period <= period) & (period < work.period + work.lead)
            key, subject = (product, period), f"{group} in {work.label(period)}"
            used, noun = work.summed(work.items, inside), work.stated.nouns[product]
            yield Check("work_in_progress", key, subject, noun, used, most, False, group=group, period=period)
