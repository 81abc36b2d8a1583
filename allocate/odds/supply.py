"""What there is to work with in every scenario: capacities of vendors, of lines of the rate card, of the review team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.supply.resources import shared_resources
from allocate.costing.supply.teams import Staff, staffed, teams
from allocate.costing.supply.throughput import rate_capacity, review_hours, vendor_capacities, work_content
from allocate.costing.table import Routes
from allocate.numbers import Booleans, Floats
from allocate.odds.drawn import Drawn, Places
from allocate.odds.reading import Key, each_scenario
from allocate.odds.work_items import Made

Part = tuple[Places, Floats]
"""Periods after the beginning of the work, by line, and what an item takes then, shape (lines, 1 or scenarios)."""


@dataclass(frozen=True, eq=False)
class Resource:
    """Something work takes a part of."""

    there: Floats
    """How much of it there is, shape (T or 1, 1 or scenarios)."""
    parts: tuple[Part, ...]
    """What lines take of it; 0 for those that take none."""
    by_period: bool = True
    """Whether there is so much in each period, or in all."""
    lost: Floats | None = None
    """What is not there when the vendor's first work is in each period, shape (T + 1, T, 1 or scenarios)."""
    vendor: int = -1
    """Whose it is; -1 for the review team."""
    hours: bool = False
    """Whether it is hours of the vendor, which pairs that learn take fewer of."""


def resources(
    drawn: Drawn, table: Routes, lines: Sequence[int], item: Made, bought: Sequence[int], staff: Staff | None
) -> tuple[Resource, ...]:
    """Everything that limits the work of some lines; lines: the route of each; item: what an item of each takes."""
    amounts = _amounts(drawn, table, bought, staff)
    route, found = np.array(lines, dtype=np.int64), list[Resource]()
    vendor, rate = table.vendor[route], table.line[route]
    for number, capacity in enumerate(vendor_capacities(drawn.case)):
        inside = vendor == capacity.vendor
        if inside.any():
            parts = content_of(drawn.case, table, route, item, capacity.noun, inside)
            there, lost = amounts["capacity", number], amounts.get(("lost", number))
            if capacity.by_period and capacity.vendor in drawn.weekly:
                there = there * drawn.weekly[capacity.vendor].T
                lost = None if lost is None else lost * drawn.weekly[capacity.vendor].T
            found.append(Resource(there, parts, capacity.by_period, lost, capacity.vendor, capacity.noun == "h"))
    for number, team in enumerate(teams(drawn.case)):
        inside = vendor == team.vendor
        if inside.any():
            parts = content_of(drawn.case, table, route, item, "h", inside)
            found.append(Resource(amounts["team", number], parts, vendor=team.vendor, hours=True))
    for line in np.unique(rate[np.isfinite(table.line_capacity[route])]).tolist():
        inside = rate == line
        one = int(route[np.flatnonzero(inside)[0]])
        each = np.where(inside, 1.0, 0.0)[:, None]
        now = np.zeros(len(route), dtype=np.int64)
        by_period = bool(table.line_by_period[one])
        found.append(Resource(amounts["rate", line], ((now, each),), by_period, None, int(table.vendor[one])))
    for number, shared in enumerate(shared_resources(drawn.case)):
        inside = np.isin(vendor, shared.vendors)
        parts = content_of(drawn.case, table, route, item, shared.noun, inside)
        found.append(Resource(amounts["shared", number], parts, shared.by_period))
    if ("review", 0) in amounts and item.review_hours.any():
        found.append(Resource(amounts["review", 0], _parts(table, route, item, True)))
    return tuple(found)


def _parts(table: Routes, route: Places, item: Made, review: bool) -> tuple[Part, ...]:
    """Hours of an item of each line, stage by stage."""
    if table.stages is None:
        hours = item.review_hours if review else item.hours
        return ((np.zeros(len(route), dtype=np.int64), hours),)
    staged = item.review_stages if review else item.stages
    assert staged is not None
    begins = table.stages.begins[route]
    return tuple((begins[:, stage], staged[:, stage]) for stage in range(staged.shape[1]) if staged[:, stage].any())


def content_of(
    case: Case, table: Routes, route: Places, item: Made, noun: str, inside: Floats | Booleans
) -> tuple[Part, ...]:
    """What an item of each line takes of a capacity, none for lines of others."""
    if noun == "h":
        parts = _parts(table, route, item, False)
    else:
        content = item.equivalent_units if noun == "EU" else work_content(case, table, noun)[route][:, None]
        parts = ((np.zeros(len(route), dtype=np.int64), content),)
    return tuple((when, np.where(inside[:, None], each, 0.0)) for when, each in parts)


_THERE = {
    "vendors": ("capacity", "capacity-steps", "people", "hours", "shrinkage", "utilisation", "ramp", "turnover", "team", "holidays"),
    "rates": ("capacity",), "calendar": None, "review-team": None, "levers": None, "resources": None,
}  # fmt: skip
"""Blocks, and keys in them, that say what there is to work with."""


def _amounts(drawn: Drawn, table: Routes, bought: Sequence[int], staff: Staff | None) -> dict[Key, Floats]:
    """How much there is of everything, by its kind and number; shape (T or 1, scenarios), or 1 where nothing of it is drawn."""

    def read(case: Case) -> Iterator[tuple[Key, Floats]]:
        yield from _vendors(case, bought)
        if staff is not None:
            for number, crew in enumerate(staffed(teams(case), staff)):
                yield ("team", number), crew.hours + crew.overtime
        for line in np.unique(table.line[np.isfinite(table.line_capacity)]).tolist():
            rate = case.file.rates[line]
            assert rate.capacity is not None
            by_period = bool(table.line_by_period[table.line == line][0])
            each = rate_capacity(case, line, rate.capacity.number) if by_period else np.array([rate.capacity.number])
            yield ("rate", line), each
        for number, shared in enumerate(shared_resources(case)):
            yield ("shared", number), shared.amounts
        checked = review_hours(case, table)
        if checked is not None:
            yield ("review", 0), checked

    return each_scenario(drawn.moving(_THERE), read)


def _vendors(case: Case, bought: Sequence[int]) -> Iterator[tuple[Key, Floats]]:
    for number, capacity in enumerate(vendor_capacities(case)):
        added = sum((change for lever, change in capacity.levers if lever in bought), np.zeros_like(capacity.amounts))
        yield ("capacity", number), capacity.amounts + added
        if capacity.lost is not None:
            yield ("lost", number), capacity.lost
