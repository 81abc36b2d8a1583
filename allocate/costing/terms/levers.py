"""Levers as plain numbers: what they cost and when, which routes they touch, and how those change."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Lever as LeverBlock
from allocate.case.schema import LeverEffect
from allocate.costing.readings import read_once
from allocate.costing.terms.contracts import overdue
from allocate.costing.terms.prices import by_time, in_case_currency
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.terms.rate_line import Line
from allocate.errors import CaseError
from allocate.exact import element
from allocate.numbers import Floats, by_value, least, numbers

MOST_VARIANTS = 32
"""Most combinations of levers one route may be worked with; each is a route of its own."""
Combination = tuple[int, ...]
"""Positions of levers, in the case's order."""


@dataclass(frozen=True, eq=False)
class Lever:
    """An optional investment, in the case's currency and periods."""

    number: int
    """Position in the case."""
    name: str
    first: int
    """Position of the first period of work it can change."""
    last: int
    """Number of the last one."""
    once: float
    """Money paid in that period."""
    running: Floats
    """Money paid in each period, shape (T,)."""
    always: bool
    """Whether, once bought, the routes it touches are worked with it only."""
    excludes: frozenset[int]
    needs: frozenset[int]
    bought: bool | None
    """Decided by the case, or by what it has bought excluding it; None where the plan decides."""
    products: tuple[int, ...]
    """Positions of the products it is for: those it names, else all."""
    capacity_of: frozenset[int]
    """Positions of vendors whose capacity it changes."""
    due: int = 0
    """Position of the first period in which money for it can fall due: that planned first, where it is not bought before."""

    def gives(self, vendor: int) -> bool:
        """Whether it changes a vendor's capacity."""
        return vendor in self.capacity_of

    @property
    def paid(self) -> Floats:
        """All money paid in each period, shape (T,)."""
        paid = self.running.copy()
        if self.first < len(paid):
            paid[self.first] += self.once
        return overdue(paid, self.due)


@read_once
def levers(case: Case) -> tuple[Lever, ...]:
    """Every lever of a case, in its order."""
    names, vendors = list(case.file.levers), list(case.vendors)
    found = []
    for number, (name, block) in enumerate(case.file.levers.items()):
        first = case.periods.first_from(block.from_) if block.from_ is not None else 0
        running = by_time(case, block.running_cost)
        running[:first] = 0.0
        raised = {vendors.index(v) for effect in block.effect if effect.capacity for v in effect.vendors or ()}
        found.append(
            Lever(
                number=number,
                name=name,
                first=first,
                last=case.periods.count if block.until is None else case.periods.first_from(block.until) + 1,
                once=element(in_case_currency(case, block.cost)[min(first, case.periods.count - 1)])
                if block.cost
                else 0.0,
                running=running,
                always=block.applies == "always",
                excludes=frozenset(map(names.index, block.excludes)),
                needs=frozenset(map(names.index, block.needs)),
                bought=False if _ruled_out(case, name) else block.bought,
                products=_products(case, block),
                capacity_of=frozenset(raised),
                due=case.planned_from if block.bought is None else 0,
            )
        )
    return tuple(found)


def _ruled_out(case: Case, name: str) -> bool:
    """Whether a lever the case has bought excludes another."""
    blocks = case.file.levers
    return any(
        block.bought and (name in block.excludes or other in blocks[name].excludes) for other, block in blocks.items()
    )


def _products(case: Case, block: LeverBlock) -> tuple[int, ...]:
    """Products a lever is for: all, unless each of its effects names some and it opens nothing."""
    products = list(case.products)
    named = [effect.products for effect in block.effect]
    if block.opens is not None or any(some is None for some in named):
        return tuple(range(len(products)))
    return tuple(sorted({products.index(name) for some in named for name in some or ()}))


def excluded(found: Sequence[Lever], first: int, second: int) -> bool:
    """Whether two levers cannot be bought together; either may say so."""
    return second in found[first].excludes or first in found[second].excludes


def _touches(effect: LeverEffect, line: Line, workflow: str) -> bool:
    return effect.capacity is None and all(
        names is None or name in names
        for names, name in (
            (effect.products, line.name),
            (effect.vendors, line.rate.vendor),
            (effect.workflows, workflow),
        )
    )


def _touching(case: Case, line: Line, workflow: str) -> tuple[Combination, Combination]:
    """Levers that change a route, and those without which it is closed."""
    changing, opening = [], []
    for number, one in enumerate(case.file.levers.values()):
        if one.opens is not None and (line.rate.vendor in one.opens.vendors or workflow in one.opens.workflows):
            opening.append(number)
        elif any(_touches(effect, line, workflow) for effect in one.effect):
            changing.append(number)
    return tuple(changing), tuple(opening)


def variants(case: Case, workflow: str, lines: RateLines) -> list[tuple[Combination, RateLines]]:
    """RateLines of a workflow by the combination of levers they are worked with; a line stands under each that is possible.

    Raises CaseError where levers combine in more ways than `MOST_VARIANTS`.
    """
    if not case.file.levers:
        return [((), lines)]
    found = levers(case)
    ways: dict[tuple[Combination, Combination], list[Combination]] = {}
    chosen: dict[Combination, list[int]] = {}
    for row, line in enumerate(lines):
        touching = _touching(case, line, workflow)
        if touching not in ways:
            ways[touching] = _combinations(case, found, *touching, line)
        for combination in ways[touching]:
            chosen.setdefault(combination, []).append(row)
    return [(combination, lines.take(rows)) for combination, rows in sorted(chosen.items())]


def _combinations(
    case: Case, found: Sequence[Lever], changing: Combination, opening: Combination, line: Line
) -> list[Combination]:
    """Every set of levers a route may be worked with: no two that exclude one another, none that is not to be had."""
    if any(found[number].bought is False for number in opening) or _at_odds(found, opening):
        return []
    sets: list[Combination] = [opening]
    for number in changing:
        if found[number].bought is False:
            continue
        sets += [
            tuple(sorted((*some, number))) for some in sets if not any(excluded(found, number, other) for other in some)
        ]
        if len(sets) > MOST_VARIANTS:
            message = (
                f"{line.name} with {line.rate.vendor} could be worked with more than {MOST_VARIANTS} combinations of "
                f"levers ({', '.join(found[n].name for n in changing)})"
            )
            fix = "name fewer products, vendors or workflows in their effects, or say which exclude one another"
            raise CaseError.of(message, case.place("levers", found[number].name), fix)
    return sets


def _at_odds(found: Sequence[Lever], combination: Combination) -> bool:
    return any(excluded(found, a, b) for a, b in itertools.combinations(combination, 2))


@dataclass(frozen=True, eq=False)
class Changes:
    """What a combination of levers does to each of some lines; arrays of shape (N,)."""

    hours: Floats
    """Factor on the hours of one pass."""
    accuracy: Floats
    """Added to the accuracy of one pass."""
    price: Floats
    """Factor on the vendor's price."""
    held: NDArray[np.bool_]
    """Whether that price is locked, and neither escalation nor indexation raises it."""
    names: tuple[str, ...]


def changes(case: Case, workflow: str, lines: RateLines, combination: Combination) -> Changes:
    """What a combination of levers does to each of some lines; factors multiply, points add up."""
    hours, accuracy, price = np.ones(len(lines)), np.zeros(len(lines)), np.ones(len(lines))
    held = np.zeros(len(lines), dtype=bool)
    blocks = list(case.file.levers.values())
    for number in combination:
        for effect in blocks[number].effect:
            inside = np.array([_touches(effect, line, workflow) for line in lines], dtype=bool)
            if effect.hours is not None:
                hours = np.where(inside, hours * (1.0 + effect.hours), hours)
            if effect.price is not None:
                price = np.where(inside, price * (1.0 + effect.price), price)
            if effect.locked_price is not None:
                price = np.where(inside, price * (effect.locked_price.number / lines.price), price)
                held |= inside & (blocks[number].indexed is False)
            if effect.accuracy is not None:
                accuracy = np.where(inside, accuracy + effect.accuracy.number / 100.0, accuracy)
    names = list(case.file.levers)
    return Changes(hours, accuracy, price, held, tuple(names[number] for number in combination))


def shifted(accuracy: Floats, change: Changes | None, lines: RateLines) -> Floats:
    """Accuracy with what levers add to it.

    Raises CaseError where that is no share any more.
    """
    if change is None:
        return accuracy
    moved: Floats = accuracy + change.accuracy
    known = by_value(moved)
    outside = np.flatnonzero((known > 1.0 + 1e-12) | (known < 0.0))
    if len(outside):
        line, what = lines[int(outside[0])], float(moved[outside[0]])
        message = (
            f"{line.name} with {line.rate.vendor}: {' and '.join(change.names)} would make its accuracy {what:.2%}"
        )
        raise CaseError.of(message, None, "lower the levers' accuracy, or narrow their effects")
    return numbers(least(moved, 1.0))


def numbered(found: Sequence[Combination]) -> Mapping[Combination, int]:
    """A number for each combination that is used; none comes first."""
    return {combination: number for number, combination in enumerate(sorted({(), *found}))}


def kept(found: Sequence[Lever], bought: Collection[int], used: Collection[int]) -> tuple[int, ...]:
    """Of levers bought, those that are used, decided by the case, or needed by such."""
    keep = {one.number for one in found if one.number in bought and (one.number in used or one.bought)}
    return needed_too(found, keep)


def needed_too(found: Sequence[Lever], chosen: Collection[int]) -> tuple[int, ...]:
    """Levers with all those they need."""
    keep = set(chosen)
    while more := {other for number in keep for other in found[number].needs} - keep:
        keep |= more
    return tuple(sorted(keep))
