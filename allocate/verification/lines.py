"""The lines of a plan read by their names: those the case has a route and a time for, and what is wrong with the others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.case.names import OF_CAPACITY
from allocate.tables.table import Table
from allocate.verification.past import done_routes
from allocate.verification.stated import Key, Stated
from allocate.verification.teams import Staff, unchanged
from allocate.verification.work import Work
from allocate.verification.work_content.card import Levers, ruled_out

JOIN = " + "
"""Between the names of several levers."""


@dataclass(frozen=True)
class Read:
    """Lines as they were read."""

    keys: tuple[Key, ...]
    """The route of each line that the case has."""
    periods: tuple[int, ...]
    """Positions of their periods."""
    items: tuple[float, ...]
    bought: frozenset[int]
    """Positions of the levers bought."""
    problems: tuple[str, ...]
    """What is wrong with all others, and with these."""


def work_of(
    case: Case, stated: Stated, keys: Sequence[Key], periods: Iterable[int], items: Iterable[float],
    staff: Staff | None = None, bought: Iterable[int] = (), brief: bool = False,
) -> Work:  # fmt: skip
    """Lines by route, position of the period, and items, to be checked; ValueError for a route the case does not have."""
    when, many = np.array([*periods], dtype=np.int32), np.array([*items], dtype=np.float64)
    made = tuple(stated.made_in(key, period) for key, period in zip(keys, when.tolist(), strict=True))
    known = tuple(item for item in made if item is not None)
    if len(known) < len(made):
        raise ValueError("the case has no such route")
    return Work(case, stated, known, when, many, staff or unchanged(case), frozenset(bought), brief)


def read_lines(stated: Stated, lines: Table, bought: Iterable[str] | None = None) -> Read:
    """A plan's lines; those that name no route of the case, or no time for it, are problems.

    bought: levers by name; None: those the lines name, those decided by the case, and all that these need.
    """
    case, named, problems = stated.case, *_levers_named(stated.case, lines)
    names = list(case.file.levers)
    have = (
        frozenset(n for n, name in enumerate(names) if name in set(bought))
        if bought is not None
        else _needed(case, named)
    )
    kept, done = list[tuple[Key, int, float]](), done_routes(case)
    columns = [lines[name].tolist() for name in ("product", "vendor", "workflow", "period", "items")]
    for product, vendor, workflow, period, items, (own, raising) in zip(*columns, named, strict=True):
        words = f"{product} with {vendor}, {workflow}, {case.periods.unit} {period}"
        key = (product, vendor, workflow, own)
        is_past = _number(period) and 1 <= period <= case.planned_from
        item = stated.made_in(key, int(period) - 1 if is_past else case.planned_from)
        if item is None:
            problems.append(f"{words}: the case has no such route")
        elif not (_number(period) and period == int(period) and 1 <= period <= case.periods.count):
            problems.append(f"{words}: outside the horizon's {case.periods.count} {case.periods.unit}s")
        elif not (_number(items) and items >= 0):
            problems.append(f"{words}: {items} items is not an amount")
        elif is_past and key not in done:
            problems.append(f"{words}: the plan has {items:.10g} items, and nothing of that is done")
        else:
            if period + item.lead > stated.last_periods[item.product] and not is_past:
                problems.append(f"{words}: delivered in {case.periods.unit} {period + item.lead}, after the deadline")
            if period <= stated.first_periods[item.product] and not is_past:
                problems.append(f"{words}: begun in {case.periods.unit} {period}, before it is there to be worked on")
            if not is_past:
                problems += _lever_problems(case, words, (int(period) - 1, vendor), (own, raising), have)
            kept.append((key, int(period) - 1, float(items)))
    keys, periods, amounts = zip(*kept, strict=True) if kept else ((), (), ())
    return Read(keys, periods, amounts, have, tuple(problems))


def _number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and math.isfinite(value)


def _levers_named(case: Case, lines: Table) -> tuple[list[tuple[Levers, Levers]], list[str]]:
    """Levers each line names, those of its own work and those of its vendor's capacity; and names that are none."""
    if "levers" not in lines:
        return [((), ())] * len(lines), []
    position = {name: number for number, name in enumerate(case.file.levers)}
    named, problems = [], []
    for text in lines["levers"].tolist():
        names = [name for name in str(text or "").split(JOIN) if name]
        problems += [f"there is no lever '{n}'" for n in names if n.removesuffix(OF_CAPACITY) not in position]
        own = {position[name] for name in names if name in position}
        raising = {position[name] for name in (n.removesuffix(OF_CAPACITY) for n in names) if name in position} - own
        named.append((tuple(sorted(own)), tuple(sorted(raising))))
    return named, problems


def _needed(case: Case, named: Iterable[tuple[Levers, Levers]]) -> frozenset[int]:
    """Levers that lines are worked with, those bought already, and all that these need."""
    names, blocks = list(case.file.levers), list(case.file.levers.values())
    have = {number for both in named for some in both for number in some}
    have |= {number for number, lever in enumerate(blocks) if lever.bought and not ruled_out(case, number)}
    while more := {names.index(other) for number in have for other in blocks[number].needs} - have:
        have |= more
    return frozenset(have)


def _lever_problems(
    case: Case, words: str, at: tuple[int, str], named: tuple[Levers, Levers], bought: frozenset[int]
) -> Iterator[str]:
    """Levers a line (its period and vendor) is worked with that are not bought, start later, or change nothing of it."""
    (period, vendor), (own, raising) = at, named
    blocks = list(case.file.levers.items())
    for number in (*own, *raising):
        name, lever = blocks[number]
        first = case.periods.first_from(lever.from_) if lever.from_ is not None else 0
        if number not in bought:
            yield f"{words}: worked with the lever '{name}', which is not bought"
        if period < first:
            yield f"{words}: worked with the lever '{name}', which starts later (period {first + 1})"
        if lever.until is not None and period > case.periods.first_from(lever.until):
            yield f"{words}: worked with the lever '{name}', which has ended ({lever.until.text})"
        gives = any(effect.capacity is not None and vendor in (effect.vendors or ()) for effect in lever.effect)
        if number in raising and not gives:
            yield f"{words}: the lever '{name}' changes nothing of its vendor's capacity"
