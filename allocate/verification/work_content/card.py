"""Who may make what and how: the line of the rate card a route goes by, and the levers it can be worked with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from allocate.case.load import Case
from allocate.case.schema import LeverEffect, Rate, Tiers, Vendor

Levers = tuple[int, ...]
"""Positions of levers, in the case's order."""
Pair = tuple[str, str]


def priced_by(vendor: Vendor, product: str) -> Tiers | None:
    """The prices by volume for a product with a vendor: those that name it first; None where a plain price holds."""
    return next((tiers for tiers in vendor.contract.tiers if tiers.products is None or product in tiers.products), None)


def card(case: Case) -> Mapping[Pair, list[tuple[int, Rate]]]:
    """Lines of the rate card by pair, with their number; without one everybody with a price or a team makes everything."""
    rates = case.file.rates or [
        Rate(product=product, vendor=name)
        for product in case.products
        for name, vendor in case.vendors.items()
        if vendor.contract.price is not None or vendor.team is not None or priced_by(vendor, product) is not None
    ]
    lines: dict[Pair, list[tuple[int, Rate]]] = {}
    for number, rate in enumerate(rates):
        lines.setdefault((rate.product, rate.vendor), []).append((number, rate))
    return lines


def line_for(lines: list[tuple[int, Rate]], workflow: str) -> tuple[int, Rate] | None:
    """The line a workflow goes by: the one that names it, else one for all."""
    named = [line for line in lines if line[1].workflow == workflow]
    general = [line for line in lines if line[1].workflow is None]
    return named[-1] if named else general[0] if general else None


def menu(case: Case, product: str) -> tuple[str, ...]:
    """Workflows a product may be made by, in the case's order."""
    allowed = case.products[product].workflows or case.file.workflows
    return tuple(name for name in case.workflows if name in allowed)


def touches(effect: LeverEffect, product: str, vendor: str, workflow: str) -> bool:
    """Whether a lever's effect is on the work of a route."""
    named = ((effect.products, product), (effect.vendors, vendor), (effect.workflows, workflow))
    return effect.capacity is None and all(names is None or name in names for names, name in named)


def lever_sets(case: Case, product: str, vendor: str, workflow: str) -> Iterator[Levers]:
    """Every set of levers a route may be worked with; none where what opens it is not to be had."""
    opening, changing = [], []
    for number, lever in enumerate(case.file.levers.values()):
        if lever.opens is not None and (vendor in lever.opens.vendors or workflow in lever.opens.workflows):
            opening.append(number)
        elif any(touches(effect, product, vendor, workflow) for effect in lever.effect):
            changing.append(number)
    for size in range(len(changing) + 1):
        for further in itertools.combinations(changing, size):
            levers = tuple(sorted((*opening, *further)))
            if not any(ruled_out(case, number) for number in levers) and not at_odds(case, levers):
                yield levers


def ruled_out(case: Case, number: int) -> bool:
    """Whether a lever is not to be had: so decided, or excluded by one that is bought already."""
    names = list(case.file.levers)
    own = case.file.levers[names[number]]
    by_others = (
        other.bought and (names[number] in other.excludes or name in own.excludes)
        for name, other in case.file.levers.items()
    )
    return own.bought is False or any(by_others)


def at_odds(case: Case, levers: Levers) -> bool:
    """Whether two of some levers exclude one another."""
    names, blocks = list(case.file.levers), list(case.file.levers.values())
    pairs = itertools.combinations(levers, 2)
    return any(names[a] in blocks[b].excludes or names[b] in blocks[a].excludes for a, b in pairs)
