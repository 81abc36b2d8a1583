"""The figures at the head of the page, each with its difference to the case as it stands and to another plan."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from allocate.answers import Answer
from allocate.case.load import Case
from allocate.reporting.wording import gap as gap_of
from allocate.reporting.wording import rounded
from allocate.runs.sides import Side
from allocate.tables.formats import NOTHING, signed, significant
from allocate.tables.frames import table_of
from allocate.verification import Check


@dataclass(frozen=True)
class Standing:
    """What a plan comes to, as far as it is known."""

    goal: str
    """First objective: net-value, value or cost."""
    reached: float | None
    spend: float
    equivalent_units: float
    right: float
    """Items that are right at delivery."""
    met: datetime.date | None = None
    """Day the last milestone is met; without milestones, of the last delivery."""
    gap: float | None = None

    @property
    def per_eu(self) -> float | None:
        """Spend for one equivalent unit."""
        return self.spend / self.equivalent_units if self.equivalent_units > 0 else None

    @property
    def per_accurate_item(self) -> float | None:
        """Spend for one item that is right."""
        return self.spend / self.right if self.right > 0 else None


@dataclass(frozen=True)
class Difference:
    """How a figure differs from that of another plan."""

    words: str
    """As in `+1,200 against the case`."""
    mood: str
    """`good`, `poor`, or empty where it is neither."""


@dataclass(frozen=True)
class Figure:
    """One figure that stands out, with its differences."""

    name: str
    amount: str
    about: str
    differences: tuple[Difference, ...] = ()


def standing(answer: Answer) -> Standing | None:
    """What the plan of an answer comes to; None without a plan."""
    plan = answer.plan
    if plan is None:
        return None
    lines = table_of(plan, "lines")
    right = float((lines["items"] * lines["accuracy"]).sum()) if len(lines) else 0.0
    units = float(lines["equivalent_units"].sum()) if len(lines) else 0.0
    met = _met(answer.case, lines)
    return Standing(answer.case.file.objective[0], answer.objective, plan.spend, units, right, met, answer.gap)


def standing_of(side: Side) -> Standing:
    """What a plan file, or the plan of a kept run, comes to."""
    record, products = side.record, side.found["products"].values()
    units = sum(float(one["equivalent_units"]) for one in products)
    right = sum(float(one["items"]) * float(one["accuracy"] or 0.0) for one in products)
    goal = str(side.found["objective_name"])
    return Standing(goal, record.get("objective"), float(record["spend"] or 0.0), units, right)


def _met(case: Case, lines: Any) -> datetime.date | None:
    """Day by which every milestone has its items; without milestones, day of the last delivery."""
    if not len(lines):
        return None
    due = [
        (name, [float(one.at_least.number) for one in each.milestones])
        for name, each in case.products.items()
        if each.milestones
    ]
    if not due:
        return case.periods.deliveries[int(max(lines["delivered"])) - 1]
    last = 0
    for name, amounts in due:
        mine = sorted(
            (int(period), float(items))
            for product, period, items in lines.rows("product", "delivered", "items")
            if product == name
        )
        there = 0.0
        for period, items in mine:
            there += items
            if there >= max(amounts) * (1.0 - 1e-9):
                last = max(last, period)
                break
    return case.periods.deliveries[last - 1] if last else None


def figures(answer: Answer, mine: Standing, others: Mapping[str, Standing], budget: Check | None) -> tuple[Figure, ...]:
    """The figures of a plan, each held against other plans by what these are called."""
    currency, goal = answer.case.currency, mine.goal.replace("-", " ")
    of = "no budget is set" if budget is None else f"of {rounded(budget.limit)} {budget.unit} budget"
    cheap = mine.goal == "cost"
    # A cost that is what is spent, and no more, stands there once.
    apart = mine.reached is None or not cheap or abs(mine.reached - mine.spend) >= 0.005
    reached = NOTHING if mine.reached is None else rounded(mine.reached)
    due = "Last milestone met" if any(one.milestones for one in answer.case.products.values()) else "Last delivery"
    day = NOTHING if mine.met is None else mine.met.isoformat()
    gap = "not known" if mine.gap is None else gap_of(mine.gap)

    def held(name: str, less_is_good: bool | None = True) -> tuple[Difference, ...]:
        return tuple(_money(others, mine, name, less_is_good))

    return (
        Figure("Spend", rounded(mine.spend), f"{currency}, {of}", held("spend", True if cheap else None)),
        *([Figure(goal.capitalize(), reached, currency, held("reached", cheap))] if apart else []),
        Figure("Cost per EU", significant(mine.per_eu), f"{currency} per equivalent unit", held("per_eu")),
        Figure("Cost per accurate item", significant(mine.per_accurate_item), f"{currency} per item that is right", held("per_accurate_item")),
        Figure(due, day, "at the latest", tuple(_days(others, mine))),
        Figure("Proven gap", gap, "at most, from the best possible plan"),
    )  # fmt: skip


def _money(
    others: Mapping[str, Standing], mine: Standing, name: str, less_is_good: bool | None
) -> Iterator[Difference]:
    """A figure against that of each other plan; less_is_good: None where neither direction is."""
    now = getattr(mine, name)
    for against, other in others.items():
        then = getattr(other, name)
        if now is None or then is None or (name == "reached" and other.goal != mine.goal):
            continue
        change = now - then
        small = abs(change) < 0.005 if name in ("spend", "reached") else abs(change) < 5e-5 * abs(then)
        if small:
            yield Difference(f"as in {against}", "")
            continue
        words = _signed(change) if name in ("spend", "reached") else f"{100.0 * change / then:+.2f}%" if then else "–"
        mood = "" if less_is_good is None else "good" if (change < 0) == less_is_good else "poor"
        yield Difference(f"{words} against {against}", mood)


def _signed(change: float) -> str:
    """A change of money as its amount stands in a tile."""
    return signed(change) if abs(change) < 100_000 else f"{change:+,.0f}"


def _days(others: Mapping[str, Standing], mine: Standing) -> Iterator[Difference]:
    for against, other in others.items():
        if mine.met is None or other.met is None:
            continue
        days = (mine.met - other.met).days
        words = (
            f"as in {against}" if not days else f"{abs(days)} days {'later' if days > 0 else 'earlier'} than {against}"
        )
        yield Difference(words, "" if not days else "poor" if days > 0 else "good")
