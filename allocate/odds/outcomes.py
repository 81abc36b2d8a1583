"""A plan in every scenario: from what is drawn to what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing.limits.amounts import last_period
from allocate.costing.supply.teams import Staff
from allocate.costing.table import JOIN, Routes
from allocate.costing.value.transfers import with_transfers
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn, Places
from allocate.odds.money import Asked, money
from allocate.odds.paces import paces
from allocate.odds.promises import Promise, amounts, promises
from allocate.odds.reading import Key
from allocate.odds.rollover import Done, Queue, carried_over
from allocate.odds.supply import resources
from allocate.odds.track import Track, effective
from allocate.odds.work_items import Made, made
from allocate.odds.worth import values
from allocate.plan import Plan, staff_of
from allocate.tables.frames import table_of


@dataclass(frozen=True, eq=False)
class Held:
    """A plan that is held whatever happens; arrays have an entry for each line.

    Lines stand in the order in which they are worked within a period: what has to be checked first, so that it can be checked in
    time, and else the case's order of products, vendors and workflows.
    """

    table: Routes
    """The routes of the case as written."""
    route: Places
    period: Places
    items: Floats
    """Shape (N,), or (N, scenarios) where each scenario has a plan of its own."""
    bought: tuple[int, ...]
    staff: Staff | None
    until: Places | None = None
    """Position of the last period each line may begin in, shape (N, 1 or scenarios); None: that the horizon allows."""

    @cached_property
    def asked(self) -> Asked:
        """What it is made with."""
        chosen, position = np.unique(self.route, return_inverse=True)
        return Asked(self.table, chosen.tolist(), position.tolist(), self.bought, self.staff)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What becomes of a plan in every scenario."""

    held: Held
    track: Track
    promises: tuple[Promise, ...]
    asked: dict[Key, Floats]
    each: Made
    """What an item of each of the plan's routes takes and is worth."""

    @cached_property
    def kept(self) -> NDArray[np.bool_]:
        """Whether every promise is kept, shape (scenarios,)."""
        found: NDArray[np.bool_] = np.logical_and.reduce(
            [np.ones(self.track.drawn.count, dtype=bool), *(one.kept for one in self.promises)]
        )
        return found

    @cached_property
    def net_value(self) -> Floats:
        """Value less the hurdle's charge for the spend less escaped errors less penalties."""
        track = self.track
        charged: Floats = self.asked["hurdle", 0] * track.spend
        return track.value - charged - track.error_cost - track.penalty

    def objective(self, name: str) -> Floats:
        """What the plan comes to by an objective of the case: net-value, value or cost; penalties counted, nothing discounted."""
        track = self.track
        return {
            "net-value": self.net_value, "value": track.value - track.penalty, "cost": track.spend + track.penalty,
        }[name]  # fmt: skip


def outcomes(held: Held, drawn: Drawn) -> Outcomes:
    """What becomes of a plan when what does not fit waits for the next period."""
    each = made(held.table, held.asked.chosen, drawn)
    return settled(held, drawn, each, _carried_over(held, drawn, each))


def settled(held: Held, drawn: Drawn, each: Made, done: Done) -> Outcomes:
    """Money, value and promises of what is made; each: what an item of each of the plan's routes takes."""
    item = _of(each, np.array(held.asked.route, dtype=np.int64)[done.line])
    route = held.route[done.line]
    labels = effective(held.table, route, done, item, last_period(drawn.case))
    worth, scores = values(drawn, held.table, _transferred(drawn, labels))
    track = Track(drawn, held.table, route, done, item, money(drawn, held.asked, done), worth, scores)
    there = amounts(drawn)
    return Outcomes(held, track, promises(drawn, track, there), there, each)


def done_of(held: Held, drawn: Drawn) -> Done:
    """What is made of a plan, and when."""
    return _carried_over(held, drawn, made(held.table, held.asked.chosen, drawn))


def _carried_over(held: Held, drawn: Drawn, each: Made) -> Done:
    table, periods = held.table, drawn.case.periods.count
    item = _of(each, np.array(held.asked.route, dtype=np.int64))
    there = resources(drawn, table, held.route.tolist(), item, held.bought, held.staff)
    pair = list(zip(table.product[held.route].tolist(), table.vendor[held.route].tolist(), strict=True))
    last = periods - 1 - item.lead
    until = last if held.until is None else np.minimum(last, held.until)
    queue = Queue(pair, held.period, until, held.items, held.period < drawn.case.planned_from)
    return carried_over(queue, there, paces(table, drawn), periods, drawn.count)


def _of(each: Made, position: NDArray[np.int64]) -> Made:
    """What an item takes, by entry in place of route."""
    parts: dict[str, Any] = {name: None if one is None else one[position] for name, one in vars(each).items()}
    return Made(**parts)


def held_plan(table: Routes, plan: Plan, drawn: Drawn) -> Held:
    """A plan to be held, from its tables; table: the routes of its case."""
    lines, names = table_of(plan, "lines"), [lever.name for lever in table.levers]
    levers = lines["levers"].tolist() if "levers" in lines else [""] * len(lines)
    keys = [
        (product, vendor, workflow, tuple(sorted(names.index(n) for n in str(some).split(JOIN) if n in names)))
        for product, vendor, workflow, some in zip(*(lines[n].tolist() for n in _NAMES), levers, strict=True)
    ]
    bought = tuple(sorted(names.index(name) for name in table_of(plan, "levers")["lever"].tolist()))
    period, items = lines["period"].astype(np.int64) - 1, lines["items"].astype(np.float64)
    at = zip(keys, period.tolist(), strict=True)
    route = np.array([table.number_in(key, when, drawn.case.planned_from) for key, when in at], dtype=np.int64)
    order = np.lexsort((route, table.review_hours[route] == 0.0))
    return Held(table, route[order], period[order], items[order], bought, staff_of(drawn.case, plan))


_NAMES = ("product", "vendor", "workflow")


def _transferred(drawn: Drawn, labels: Floats) -> Floats:
    """Effective labels of each product with those of others that count for it, by each scenario's own rates, shape (P, scenarios)."""
    if not any("transfer" in path for path in drawn.ratios):
        return with_transfers(drawn.case, labels)
    every = np.broadcast_to(labels, (len(labels), drawn.count))
    return np.column_stack([with_transfers(drawn.at(number), every[:, number]) for number in range(drawn.count)])
