"""Levers: what they cost once and by time; which are bought together, and what may not be made without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.case.schema import Lever
from allocate.exact import Floats
from allocate.units import Quantity
from allocate.verification.checks import Check
from allocate.verification.clause import Before
from allocate.verification.entries import Entry, Owed
from allocate.verification.exchange import by_period, worth
from allocate.verification.price_changes import changes_owed
from allocate.verification.work_content.card import lever_sets
from allocate.verification.work_content.item import Item

if TYPE_CHECKING:
    from allocate.verification.work import Work


OF_PRICES = "lever price"
"""What an invoice calls the shares by which levers change prices by volume."""


def first_period(work: Work, lever: Lever) -> int:
    """Position of the first period of work a lever can change."""
    return work.case.periods.first_from(lever.from_) if lever.from_ is not None else 0


def cost(work: Work, lever: Lever) -> tuple[float, Floats]:
    """What a lever costs once, and in each period from its start on."""
    first = first_period(work, lever)
    running = by_period(work.case, lever.running_cost)
    running[:first] = 0.0
    return worth(work.case, lever.cost, min(first, work.case.periods.count - 1)), running


def _products(work: Work, lever: Lever) -> tuple[int, ...]:
    """Products a lever is for: all, unless each of its effects names some and it opens nothing."""
    names, effects = work.stated.products, [effect.products for effect in lever.effect]
    if lever.opens is not None or None in effects:
        return tuple(range(len(names)))
    return tuple(sorted({names.index(name) for effect in effects for name in effect or ()}))


def owed(work: Work, before: Before) -> Owed:
    """What each lever bought costs once, when it starts, and in each period."""
    entries, blocks = [], list(work.case.file.levers.items())
    for number in sorted(work.bought):
        name, lever = blocks[number]
        once, running = cost(work, lever)
        costs = [(first_period(work, lever), once, "once")]
        costs += [(period, amount, work.case.periods.unit) for period, amount in enumerate(running.tolist())]
        products, due = _products(work, lever), 0 if lever.bought else work.case.planned_from
        entries += [
            Entry(
                "", work.label(max(due, period)), "lever", name, 1.0, unit, amount, amount, max(due, period), products
            )
            for period, amount, unit in costs
            if amount > 0
        ]
    of_prices = changes_owed(work, OF_PRICES, of_route)
    return Owed([*entries, *of_prices.entries], of_prices.lines)


def of_route(work: Work, item: Item) -> Quantity | None:
    """The share by which levers change what steps of prices by volume ask for a route."""
    return Quantity(item.by_levers) if item.by_levers else None


def kept(work: Work) -> Iterator[Check]:
    """Levers that go together or not, and what is made without one that applies always."""
    yield from _together(work)
    yield from _without(work)


def _together(work: Work) -> Iterator[Check]:
    """Levers that exclude one another, that need others, or on which the case has decided."""
    names = list(work.case.file.levers)
    for number, (name, lever) in enumerate(work.case.file.levers.items()):
        have = number in work.bought
        for other in map(names.index, lever.excludes):
            first, second = sorted((number, other))
            subject = f"levers {names[first]} and {names[second]}, which exclude one another"
            many = float(have) + float(other in work.bought)
            yield Check("lever_exclusion", (first, second), subject, "bought", many, 1.0, False)
        for other in map(names.index, lever.needs):
            if have:
                subject, many = f"lever {names[other]}, which {name} needs", float(other in work.bought)
                yield Check("lever_needs", (number, other), subject, "bought", many, 1.0, True)
        if lever.bought is not None:
            subject = f"lever {name}, which is decided"
            yield Check("lever_decided", (number,), subject, "bought", float(have), float(lever.bought), lever.bought)


def _without(work: Work) -> Iterator[Check]:
    """Items made without a lever that applies always, from its start."""
    stated, workflows = work.stated, list(work.case.workflows)
    for number, (name, lever) in enumerate(work.case.file.levers.items()):
        if lever.applies != "always" or number not in work.bought:
            continue
        first = first_period(work, lever)
        could = [
            number not in item.levers
            and any(
                number in levers
                for levers in lever_sets(
                    work.case, stated.products[item.product], stated.vendors[item.vendor], workflows[item.workflow]
                )
            )
            for item in work.made
        ]
        closed = np.array(could, dtype=bool) & (work.period >= max(first, work.case.planned_from))
        for product, vendor in sorted(
            set(zip(work.product[closed].tolist(), work.vendor[closed].tolist(), strict=True))
        ):
            inside = closed & (work.product == product) & (work.vendor == vendor)
            words = f"{stated.products[product]} with {stated.vendors[vendor]} without the lever {name}"
            used, noun = work.summed(work.items, inside), stated.nouns[product]
            yield Check("lever_always", (number, product, vendor), words, noun, used, 0.0, False)
