"""Assumptions register: what a plan rests on that the case does not state, or states as an assumption; and what each could change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from decimal import Decimal
from typing import Any

import numpy as np

from allocate.answers import Answer
from allocate.api.solving import solve
from allocate.case.document import Path_
from allocate.case.inputs import input_at
from allocate.case.load import Case, CaseLike, as_case, revised
from allocate.case.paths import dotted
from allocate.case.scenarios import path_of
from allocate.case.schema import Rate
from allocate.costing.readings import read_once
from allocate.costing.terms.rate_card import rate_lines
from allocate.errors import CaseError
from allocate.study.assumed import ASSUMED, NOT_STATED, Assumption, from_model, holidays, releases, shrinkage
from allocate.study.frontier import Limits
from allocate.study.points import Job, Point
from allocate.study.running import Progress, run
from allocate.study.study import Row, Study, figure, state
from allocate.tables.frames import table_of

STEP = Decimal("0.2")
"""How much more and less of a figure is tried that the case states as an assumption; of an accuracy, of its errors."""
ERRORS = (0.5, 2.0)
"""What the errors of a vendor without a stated accuracy are multiplied by."""
PRODUCTIVITY = ("80%", "120%")
PLANS = 200
"""Plans that are made at most, where nobody says how many."""
AS_FAR = 1_000_000
"""Times the most labels measured that a fan is tried for where the case's own curve has no end: the family alone is moved."""
CAPACITY = 0.5
"""Part of a vendor's, or the review team's, busiest period that is tried as a limit where the case names none."""


def assumptions(
    case: CaseLike,
    *,
    plans: int = PLANS,
    time_limit: float | None = None,
    gap: float | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Study:
    """Every figure the best plan rests on that the case leaves out or calls an assumption, the one that could change most first.

    Each is moved to both ends of its plausible range by itself, and the case planned again. plans: most plans that are made; where
    that is not enough, figures of more of the plan's money are moved, and a note says of how many the change is not known.
    time_limit: s for each plan. gap: relative.

    Raises StudyError where a worker fails.
    """
    case = as_case(case)
    answer = solve(case, time_limit=time_limit, gap=gap, conflicts=False)
    found = [_that_can_be_read(case, one) for one in register(case, answer)]
    sides = [(number, side, getattr(one, side)) for number, one in enumerate(found) for side in ("low", "high")]
    possible = [(number, side, settings) for number, side, settings in sides if settings]
    moved = set(worth_moving(case, answer, found, [one[:2] for one in possible], plans))
    kept = [one for one in possible if one[0] in moved]
    points = (
        Point({"figure": "as it is"}),
        *(Point({"figure": found[number].figure, "side": side}, settings) for number, side, settings in kept),
    )
    limits = Limits(time_limit, gap)
    jobs = [Job(case, (point,), time_limit=limits.time_limit, gap=limits.gap) for point in points]
    results = run(jobs, executor, progress)
    by_side = {(number, side): one for (number, side, _), one in zip(kept, results.flat[1:], strict=True)}
    base = figure(results.flat[0], "objective")
    rows = ordered([_row(one, number, base, by_side) for number, one in enumerate(found)])
    left = len({number for number, *_ in possible} - moved)
    notes = (*_notes(case, rows), *_not_valued(left, plans, len(possible)))
    return Study("assumptions", case, points, tuple(results.flat), tuple(rows), notes, results.whole)


def worth_moving(
    case: Case, answer: Answer, found: Sequence[Assumption], possible: Sequence[tuple[int, str]], plans: int
) -> list[int]:
    """Figures that are moved within so many plans: those of more of the plan's money first, of equal ones what is not stated."""
    many = Counter(number for number, _ in possible)
    money = dict[tuple[str, str, str], float]()
    if answer.plan is not None:
        for *key, spend in table_of(answer.plan, "lines").rows("product", "vendor", "workflow", "spend"):
            money[key[0], key[1], key[2]] = money.get((key[0], key[1], key[2]), 0.0) + spend

    def at_stake(one: Assumption) -> float:
        names = {part for path in (*one.low, *one.high) for part in path.split(".")}
        named = [names & set(some) for some in (case.products, case.vendors, case.workflows)]
        parts = (spend for key, spend in money.items() if all(not a or b in a for a, b in zip(named, key, strict=True)))
        return sum(parts)

    moved, left = list[int](), plans
    for number in sorted(many, key=lambda n: (-at_stake(found[n]), found[n].basis != NOT_STATED, n)):
        if many[number] <= left:
            moved.append(number)
            left -= many[number]
    return moved


def _not_valued(left: int, plans: int, needed: int) -> Iterator[str]:
    """That some figures were not moved, and how to have it done."""
    if left:
        were = "1 figure was" if left == 1 else f"{left} figures were"
        yield (
            f"{were} not moved, so what they could change is not known: {plans:,} plans were allowed, and figures of more of the "
            f"plan's money came first. `--plans {needed}` moves all."
        )


def register(case: Case, answer: Answer | None = None) -> list[Assumption]:
    """The assumptions of a case, in the order of the case; answer: its best plan, which says how much of what is unlimited is used."""
    kinds: tuple[Callable[[Case, Answer | None], Iterator[Assumption]], ...] = (
        _accuracies, _productivity, shrinkage, holidays, releases, _capacities, _reviewers, _averaged_floors, _curves, _stated,
    )  # fmt: skip
    return [one for kind in kinds for one in kind(case, answer)]


@read_once
def _rates(case: Case) -> Mapping[str, list[Rate]]:
    """The lines of the rate card of each vendor that has any, in the order of the vendors."""
    found: dict[str, list[Rate]] = {name: [] for name in case.vendors}
    for rate in rate_lines(case).rates:
        found[rate.vendor].append(rate)
    return {name: rates for name, rates in found.items() if rates}


@read_once
def _makers(case: Case) -> Mapping[str, set[str]]:
    """The vendors that could make each product."""
    found: dict[str, set[str]] = {name: set() for name in case.products}
    for rate in rate_lines(case).rates:
        found[rate.product].add(rate.vendor)
    return found


def _accuracies(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """Vendors that work for some product with no accuracy stated, neither their own nor their rate's."""
    taken = case.model.defaults.accuracy
    for name, own in _rates(case).items():
        if case.vendors[name].accuracy is None and any(rate.accuracy is None for rate in own):
            ends = [f"{100 * (1 - (1 - taken) * factor):.6g}%" for factor in reversed(ERRORS)]
            path = dotted("vendors", name, "accuracy")
            yield Assumption(
                f"accuracy of {name}", f"{100 * taken:.6g}%", NOT_STATED, from_model(case, "defaults", "accuracy"),
                f"{path}={100 * taken:.6g}%", f"{ends[0]} to {ends[1]}: twice the errors, half of them",
                {path: ends[0]}, {path: ends[1]},
            )  # fmt: skip


def _productivity(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """Vendors whose speed is nowhere stated: neither productivity, nor pace, nor learning."""
    for name, own in _rates(case).items():
        if case.vendors[name].productivity is None and any(r.pace is None and r.productivity is None for r in own):
            path, taken = dotted("vendors", name, "productivity"), f"{100 * case.model.defaults.productivity:.6g}%"
            yield Assumption(
                f"productivity of {name}", taken, NOT_STATED, from_model(case, "defaults", "productivity"), f"{path}={taken}",
                f"{PRODUCTIVITY[0]} to {PRODUCTIVITY[1]}", {path: PRODUCTIVITY[0]}, {path: PRODUCTIVITY[1]},
            )  # fmt: skip


def _capacities(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """Vendors with work that could make any amount: no capacity, no people, no limit of their rates."""
    dated = {row.vendor for row in case.file.calendar if row.capacity is not None}
    for name in _rates(case):
        one = case.vendors[name]
        limits = (one.capacity, one.people, one.team, *one.capacity_steps)
        rates = [rate for _, rate in case.rate_card.of_vendor(name)]
        if any(limit is not None for limit in limits) or name in dated or any(r.capacity is not None for r in rates):
            continue
        path, unit = dotted("vendors", name, "capacity"), case.periods.unit
        busiest = _busiest(answer, "items", name)
        if not busiest:
            continue  # nothing rests on it
        tried = f"{CAPACITY * busiest:.6g} items/{unit}"
        yield Assumption(
            f"capacity of {name}", "unlimited", NOT_STATED, "by definition", f"{path}={busiest:.6g} items/{unit}",
            f"half of its busiest {unit}, {tried}", {path: tried}, {},
        )  # fmt: skip


def _reviewers(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """A review team that is there for as many hours as the plan asks for."""
    team = case.file.review_team
    busiest = _busiest(answer, "review_hours")
    if team is not None and team.capacity is None and team.people is None and busiest:
        unit = case.periods.unit
        tried = f"{CAPACITY * busiest:.6g} h/{unit}"
        yield Assumption(
            "hours of the review team", "unlimited", NOT_STATED, "by definition",
            f"review-team.capacity={busiest:.6g} h/{unit}", f"half of its busiest {unit}, {tried}",
            {"review-team.capacity": tried}, {},
        )  # fmt: skip


def _busiest(answer: Answer | None, column: str, vendor: str | None = None) -> float:
    """Most of a column of the plan's lines in one period; 0 without a plan."""
    if answer is None or answer.plan is None:
        return 0.0
    lines = table_of(answer.plan, "lines")
    chosen = lines if vendor is None else lines.where(lines["vendor"] == vendor)
    if not len(chosen):
        return 0.0
    return float(np.bincount(chosen["period"].astype(np.int64), chosen[column].astype(np.float64)).max())


def _averaged_floors(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """Accuracy floors kept by the average of everything delivered, because nothing says that each vendor must keep them."""
    for name, product in case.products.items():
        floor = product.accuracy
        written = case.document.data["products"][name].get("accuracy")
        if floor is None or (isinstance(written, dict) and "of" in written) or len(_makers(case)[name]) < 2:
            continue
        path = dotted("products", name, "accuracy")
        least = written if not isinstance(written, dict) else written.get("at-least")
        block = {**(written if isinstance(written, dict) else {}), "at-least": least, "of": "each-vendor"}
        yield Assumption(
            f"who keeps the accuracy floor of {name}", "the average of all vendors", NOT_STATED, "by definition",
            f"{path}={{at-least: {least}, of: each-vendor}}", "each vendor keeps it", {path: block}, {},
        )  # fmt: skip


def _curves(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """Value curves whose family was chosen by hand: what the points and published curves predict instead."""
    for name, product in case.products.items():
        curve = product.value.curve if product.value is not None else None
        if curve is None or curve.points is None or curve.fit in ("table", "fan"):
            continue
        path = dotted("products", name, "value", "curve")
        written = case.document.at(("products", name, "value", "curve"))
        own = written if isinstance(written, dict) else {"points": written}
        changed = {"extrapolate": AS_FAR, **own, "fit": "fan"}
        yield Assumption(
            f"learning curve of {name}", f"fit: {curve.fit}", ASSUMED, "the case's own choice of curve",
            f"{path}.fit={curve.fit}", "`fit: fan`, as far as it reaches", {path: changed}, {},
        )  # fmt: skip


def _stated(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """Figures that the case gives with `status: assumption`, and lines of the rate card whose source calls them assumed."""
    for path, source in case.sources.items():
        if path[0] != "model" and source.status == "assumption":
            yield _varied(case, dotted(*path), path, source.source)
    for number, rate in enumerate(case.file.rates):
        if "assum" in (rate.source or "").lower():
            for key in ("price", "accuracy", "pace", "productivity", "capacity"):
                if getattr(rate, key) is not None:
                    names = [rate.product, rate.vendor, *([rate.workflow] if rate.workflow is not None else [])]
                    yield _varied(case, dotted("rates", *names, key), ("rates", number, key), rate.source or "")


def _varied(case: Case, setting: str, path: Path_, source: str) -> Assumption:
    """A written figure with a step less and more of it, where it is an amount."""
    written = case.document.at(path)
    one = input_at(case, setting, path)
    low, high = (
        ({}, {})
        if one is None
        else ({setting: one.change(written, 1 - STEP)}, {setting: one.change(written, 1 + STEP)})
    )
    of = "its errors" if "accuracy" in path[-2:] else "it"
    tried = f"{float(100 * STEP):g}% less and more of {of}" if one is not None else ""
    ends = [{key: value for key, value in side.items() if value is not None} for side in (low, high)]
    return Assumption(setting, str(written), ASSUMED, source, f"{setting}={written}", tried, ends[0], ends[1])


def _that_can_be_read(case: Case, one: Assumption) -> Assumption:
    """The assumption without the ends that the case cannot take."""

    def ok(settings: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            if settings:
                for path in settings:
                    path_of(case.document, path)
                revised(case, settings)
        except CaseError:
            return {}
        return settings

    low, high = ok(one.low), ok(one.high)
    tried = one.tried if low or high else ""
    return Assumption(one.figure, one.taken, one.basis, one.source, one.write, tried, low, high)


def _row(one: Assumption, number: int, base: float | None, by_side: Mapping[tuple[int, str], Any]) -> Row:
    """An assumption with what it changes at each end."""
    ends = []
    for side in ("low", "high"):
        there = by_side.get((number, side))
        after = figure(there, "objective")
        told = state(there) if (number, side) in by_side else ""
        change = after - base if after is not None and base is not None else None
        ends.append((change, "" if told in ("optimal", "feasible") else told))
    return row_of(one, *ends)


def row_of(one: Assumption, *ends: tuple[float | None, str]) -> Row:
    """An assumption with what it changes at its low and its high end, and why that is not known."""
    row: Row = {"figure": one.figure, "taken": one.taken, "basis": one.basis, "tried": one.tried}
    for side, (change, status) in zip(("low", "high"), ends, strict=True):
        row |= {f"change_{side}": change, f"status_{side}": status}
    row["swing"] = max((abs(change) for change, _ in ends if change is not None), default=None)
    return row | {"write": one.write, "source": one.source}


def ordered(rows: list[Row]) -> list[Row]:
    """Rows with what breaks the plan first, then by the most each could change; those of which that is not known last."""
    return sorted(rows, key=lambda row: (not _breaks(row), -(row["swing"] if row["swing"] is not None else -1.0)))


def _breaks(row: Row) -> bool:
    """Whether no plan is possible at one end of the range."""
    return "infeasible" in (row["status_low"], row["status_high"])


def _notes(case: Case, rows: list[Row]) -> Iterator[str]:
    """How many figures were assumed, and which matter."""
    stated = sum(row["basis"] == NOT_STATED for row in rows)
    many = "1 figure is" if len(rows) == 1 else f"{len(rows)} figures are"
    parts = [(stated, "the case does not state"), (len(rows) - stated, "it states as assumptions")]
    yield f"{many} assumed: {', '.join(f'{number} {words}' for number, words in parts if number)}."
    broken = [row["figure"] for row in rows if _breaks(row)]
    if broken:
        yield f"No plan would be possible at one end of: {', '.join(broken)}."
    moved = sorted((row for row in rows if row["swing"]), key=lambda row: -row["swing"])
    if moved:
        goal = case.file.objective[0].replace("-", " ")
        yield f"Most depends on {moved[0]['figure']}: {goal} changes by up to {moved[0]['swing']:,.2f} {case.currency}."
    untried = sum(row["tried"] == "" for row in rows)
    if untried:
        yield f"{untried} of them {'was' if untried == 1 else 'were'} not moved: they are not amounts, or the case allows no other value."
