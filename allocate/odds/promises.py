"""What a case promises, and whether it is kept, in every scenario: budgets, demand and deadlines, accuracy, value, rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocate.case.load import Case
from allocate.costing.clauses.stock import stocks
from allocate.costing.limits.amounts import demand, milestones, work_in_progress
from allocate.costing.limits.budget import budget_limits, hurdle, period_budget, total_budget
from allocate.costing.limits.targets import accuracy_floors, value_floors
from allocate.costing.supply.qualities import further_qualities
from allocate.costing.terms.contracts import terms
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn, Places
from allocate.odds.reading import Key, each_scenario
from allocate.odds.track import Track
from allocate.program.arrays import Booleans
from allocate.tolerances import LIMIT_KEPT


@dataclass(frozen=True, eq=False)
class Promise:
    """One limit of the case; arrays have shape (scenarios,)."""

    name: str
    """The limit in the case's words."""
    kind: str
    """budget, deadline, demand, milestone, stock, accuracy, quality, value, score, in progress or rule."""
    unit: str
    """Of the limit and of what is reached: a currency, `share`, an item's noun, `points`, `week` or `month`."""
    at_least: bool
    planned: float
    """The limit as written."""
    reached: Floats
    """What the plan comes to; of a deadline the period all is there in, one after the horizon's last where it never is."""
    limit: Floats
    owner: str = ""
    missing: Floats | None = None
    """Of a deadline: items that are not there in time."""
    noun: str = ""
    """What those are called."""

    @cached_property
    def short(self) -> Floats:
        """By how much it is missed; 0 where it is kept."""
        by = self.limit - self.reached if self.at_least else self.reached - self.limit
        size = np.ones(len(by)) if self.unit == "share" else np.where(self.limit != 0.0, np.abs(self.limit), 1.0)
        return np.where(by > LIMIT_KEPT * size, by, 0.0)

    @cached_property
    def kept(self) -> Booleans:
        """Whether it is kept."""
        found: Booleans = self.short == 0.0
        return found


_ASKED = {
    "products": ("demand", "milestones", "work-in-progress", "at-least"), "budget": None, "hurdle": None, "targets": None,
}  # fmt: skip
"""Blocks, and keys in them, that say what is asked."""


def amounts(drawn: Drawn) -> dict[Key, Floats]:
    """What is asked, by its kind and number, in every scenario; of 1 scenario where nothing of it is drawn."""

    def read(case: Case) -> Iterator[tuple[Key, Floats]]:
        yield ("least", 0), demand(case)[0]
        yield ("milestones", 0), np.array([one.items for one in milestones(case)])
        yield ("in progress", 0), work_in_progress(case)
        yield ("hurdle", 0), np.array(hurdle(case))
        total, each = total_budget(case), period_budget(case)
        yield ("budget", 0), np.array(np.inf if total is None else total.amount)
        yield ("budget of", 0), np.array(np.inf if each is None else each.amount)
        yield ("limits", 0), np.array([one.amount for one in budget_limits(case)])
        yield ("values", 0), np.array([one.amount for one in value_floors(case)])

    return each_scenario(drawn.moving(_ASKED), read)


def promises(drawn: Drawn, track: Track, asked: dict[Key, Floats]) -> tuple[Promise, ...]:
    """Every limit of the case that a plan can miss when inputs come out differently.

    `KEPT` says of all others why no plan misses them.
    """
    from allocate.odds.rules import rules

    parts = (_budgets, _demand, _milestones, _in_progress, _accuracies, _qualities, _values)
    found = [one for part in parts for one in part(drawn, track, asked)]
    return (*found, *contracted(drawn, track), *rules(drawn, track))


_WAITS = "what it has no room for waits"
_STAYS = "a plan's lines stay with their products, vendors and workflows, and no more is made than planned"
_BOUGHT = "decided with the plan, and the same in every scenario"
KEPT = {
    "capacity": _WAITS, "resources": _WAITS, "learning": "what pairs learn is what is made with them",
    "engagement": _STAYS, "only": _STAYS, "incompatible": _STAYS, "exclusive": _STAYS, "tiers": _STAYS,
    "minimum_order": "an order is what was ordered, whenever it is made", "levers": _BOUGHT, "price_lock": _STAYS,
    "order_multiple": "an order is what was ordered, whenever it is made", "wages": _BOUGHT,
}  # fmt: skip
"""Limits, rules and clauses that no scenario breaks, and why; all others have odds."""


_Found = Iterator[Promise]


def _full(amounts: Floats, count: int) -> Floats:
    """An amount in every scenario, shape (count,)."""
    return np.broadcast_to(amounts, (count,))


def _budgets(drawn: Drawn, track: Track, asked: dict[Key, Floats]) -> _Found:
    case, count = drawn.case, drawn.count
    total, each = total_budget(case), period_budget(case)

    def promise(name: str, money: tuple[float, str], key: tuple[object, ...], limit: Floats) -> Promise:
        used = track.money.get(key, np.zeros(count))
        return Promise(name, "budget", money[1], False, money[0], used, _full(limit, count))

    if total is not None:
        yield promise("budget", (total.amount, total.currency), ("budget",), asked["budget", 0])
    for period in range(case.planned_from, case.periods.count) if each is not None else ():
        assert each is not None
        name = f"budget of {case.periods.label(period)}"
        yield promise(name, (each.amount, each.currency), ("budget of", period), asked["budget of", 0])
    for number, one in enumerate(budget_limits(case)):
        name, money = f"budget limit '{one.name}'", (one.amount, one.currency)
        yield promise(name, money, ("limit", number), asked["limits", 0][number])


def _demand(drawn: Drawn, track: Track, asked: dict[Key, Floats]) -> _Found:
    case, count = drawn.case, drawn.count
    for product, (name, one) in enumerate(case.products.items()):
        least, noun = _full(asked["least", 0][product], count), track.table.items[product]
        if not (least > 0).any():
            continue
        written = float(demand(case)[0][product])
        if one.deadline is None:
            there = track.delivered[product, case.periods.count - 1]
            yield Promise(f"demand of {name}", "demand", noun, True, written, there, least)
            continue
        due = case.periods.last_before(one.deadline.date)
        finish = track.finish(product, least)
        missing = np.maximum(least - (track.delivered[product, due - 1] if due else 0.0), 0.0)
        yield Promise(
            f"deadline of {name}", "deadline", case.periods.unit, False, float(due), finish, _full(np.array(float(due)), count),
            missing=missing, noun=noun,
        )  # fmt: skip


def _milestones(drawn: Drawn, track: Track, asked: dict[Key, Floats]) -> _Found:
    case = drawn.case
    for number, one in enumerate(milestones(case)):
        if one.periods <= case.planned_from:
            continue  # it has passed
        name = f"milestone of {list(case.products)[one.product]} by {case.periods.label(one.periods - 1)}"
        there, least = track.delivered[one.product, one.periods - 1], asked["milestones", 0][number]
        noun = track.table.items[one.product]
        yield Promise(name, "milestone", noun, True, one.items, there, _full(least, drawn.count))


def _in_progress(drawn: Drawn, track: Track, asked: dict[Key, Floats]) -> _Found:
    for product, name in enumerate(drawn.case.products):
        most = asked["in progress", 0][product]
        if np.isfinite(most).all():
            held, noun = track.in_progress[product][drawn.case.planned_from :].max(axis=0), track.table.items[product]
            written = float(work_in_progress(drawn.case)[product])
            yield Promise(f"{name} in progress", "in progress", noun, False, written, held, _full(most, drawn.count))


def _accuracies(drawn: Drawn, track: Track, asked: dict[Key, Floats]) -> _Found:
    case, table = drawn.case, track.table
    vendor = table.vendor[track.route]
    period = track.done.period + track.item.lead.max(axis=1, initial=0).astype(np.int64)
    together = np.zeros(len(vendor), dtype=np.int64)
    kinds: tuple[tuple[str, Places, Callable[[int], str]], ...] = (
        ("average", together, lambda _: ""),
        ("each-vendor", vendor, lambda one: f" by {table.vendors[one]}"),
        ("each-delivery", period, lambda one: f" delivered in {case.periods.label(one)}"),
    )
    for of, part, words in kinds:
        floors = accuracy_floors(case, of)
        for product in np.flatnonzero(np.isfinite(floors)).tolist():
            asked_of = _asked_of(track, of, table.products[product]) & (track.product == product)
            for one in np.unique(part[asked_of]).tolist():
                floor = float(floors[product])
                reached = track.right(asked_of & (part == one), product, floor)
                name = f"accuracy of {table.products[product]}{words(one)}"
                yield Promise(name, "accuracy", "share", True, floor, reached, np.full(drawn.count, floor))


def _qualities(drawn: Drawn, track: Track, asked: dict[Key, Floats]) -> _Found:
    case, table = drawn.case, track.table
    known = further_qualities(case, table)
    if not known:
        return
    used = np.unique(track.route)

    def read(case: Case) -> Iterator[tuple[Key, Floats]]:
        for number, one in enumerate(further_qualities(case, table)):
            yield ("delivered", number), one.delivered[used]

    shares = each_scenario(drawn.moving({"products": ("qualities",), "workflows": ("share",)}), read)
    done = np.zeros(len(used), dtype=bool) if table.past is None else table.past[used]
    places, vendor = np.searchsorted(used, track.route), table.vendor[track.route]
    for number, one in enumerate(known):
        name, good = list(case.products[table.products[one.product]].qualities)[one.number], shares["delivered", number]
        good = np.where(done[:, None], one.delivered[used][:, None], good)  # what is done has no spread
        each = np.broadcast_to(good if one.at_least else 1.0 - good, (len(used), drawn.count))[places]
        of = track.product == one.product
        for made_by in np.unique(vendor[of]).tolist() if one.each_vendor else [-1]:
            inside = of & (vendor == made_by) if one.each_vendor else of
            if not inside.any():
                continue
            right = track.right(inside, (one.product, one.number), one.limit if one.at_least else 1.0 - one.limit, each)
            by = f" by {table.vendors[made_by]}" if one.each_vendor else ""
            yield Promise(
                f"{name} of {table.products[one.product]}{by}", "quality", "share", one.at_least, one.limit,
                right if one.at_least else 1.0 - right, np.full(drawn.count, one.limit),
            )  # fmt: skip


def _asked_of(track: Track, of: str, product: str) -> Booleans:
    """Which entries an accuracy floor is asked of: deliveries that are past are not, nor is what is done where it broke the floor."""
    case = track.drawn.case
    exempt = case.past is not None and f"accuracy of {product}" in case.past.exempt
    if of == "each-delivery":
        delivered: Booleans = track.done.period + track.item.lead.max(axis=1, initial=0) >= case.planned_from
        return delivered
    return track.is_planned if exempt else np.ones(len(track.route), dtype=bool)


def _values(drawn: Drawn, track: Track, asked: dict[Key, Floats]) -> _Found:
    case, count = drawn.case, drawn.count
    names = [f"value of {name}" for name in case.products] + ["value of the portfolio"]
    for number, floor in enumerate(value_floors(case)):
        reached = sum((track.values[p] * floor.each[p] for p in floor.products), np.zeros(count))
        limit = _full(asked["values", 0][number], count)
        yield Promise(names[floor.product], "value", floor.currency, True, floor.amount, reached, limit)
    for product, (name, one) in enumerate(case.products.items()):
        if one.value is not None and one.value.score_at_least is not None:
            least = one.value.score_at_least.number
            yield Promise(
                f"score of {name}", "score", "points", True, least, track.scores[product], np.full(count, least)
            )


def contracted(drawn: Drawn, track: Track) -> Iterator[Promise]:
    """Ceilings of contracts, and needs that stocks are for."""
    yield from _ceilings(drawn, track)
    yield from _stocks(drawn, track)


def _ceilings(drawn: Drawn, track: Track) -> Iterator[Promise]:
    def read(case: Case) -> Iterator[tuple[Key, Floats]]:
        yield ("ceiling", 0), np.array([one.ceiling for one in terms(case)])

    most = each_scenario(drawn.moving({"vendors": ("ceiling",)}), read)["ceiling", 0]
    for position, (name, one) in enumerate(zip(drawn.case.vendors, terms(drawn.case), strict=True)):
        if np.isfinite(one.ceiling):
            billed = track.money.get(("ceiling", name), np.zeros(drawn.count))
            limit = np.broadcast_to(most[position], (drawn.count,))
            yield Promise(f"ceiling of {name}", "budget", one.ceiling_in, False, one.ceiling, billed, limit)


def _stocks(drawn: Drawn, track: Track) -> Iterator[Promise]:
    """What is needed by the end of each period in which more is, or of the last where a backlog may wait until then."""

    def read(case: Case) -> Iterator[tuple[Key, Floats]]:
        for number, kept in enumerate(stocks(case)):
            yield ("needed", number), np.array(kept.needed, np.float64)
            yield ("start", number), np.array(kept.start)

    asked = each_scenario(drawn.moving({"products": ("stock",)}), read)
    last, periods = drawn.case.periods.count - 1, drawn.case.periods
    for number, kept in enumerate(stocks(drawn.case)):
        more = np.flatnonzero(np.diff(kept.needed, prepend=0.0) > 0.0).tolist()
        for period in more if kept.backlog is None else [last]:
            if period < drawn.case.planned_from or kept.needed[period] <= kept.start:
                continue
            there = track.delivered[kept.product, period] + asked["start", number]
            name = f"stock of {track.table.products[kept.product]} by {periods.label(period)}"
            needed = np.broadcast_to(asked["needed", number][period], (drawn.count,))
            noun = track.table.items[kept.product]
            yield Promise(name, "stock", noun, True, float(kept.needed[period]), there, needed)
