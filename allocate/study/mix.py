"""Mix: work moved from one vendor to another step by step; what it costs, what it does to quality and to risk."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

from allocate.api.solving import solve
from allocate.case.load import Case, CaseLike, as_case, revised
from allocate.errors import CaseError
from allocate.numerals import plainly
from allocate.study.figures import Figures, Part, figures
from allocate.study.points import Job, Point
from allocate.study.running import Progress, run
from allocate.study.study import Row, Study, figure, state, told, why

ROUNDING = 1e-9
"""Room left at a share that is held, for the rounding of a plan's own share."""


def mix(
    case: CaseLike,
    giver: str,
    taker: str,
    steps: int = 10,
    *,
    time_limit: float | None = None,
    gap: float | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Study:
    """The best plan's share of work (EU) of one vendor moved to another in equal steps, everything else planned again.

    At step k of n the giver has at most (1 - k/n) of its share and all others together, but the taker, no more than theirs:
    what the giver gives goes to the taker. Shares are of all work there then is, which may be more or less than before.
    Raises CaseError for vendors the case does not have or a giver without work, and StudyError where a worker fails.
    """
    case = as_case(case)
    for name in (giver, taker):
        if name not in case.vendors:
            raise CaseError.of(f"there is no vendor '{name}'", None, f"vendors: {', '.join(case.vendors)}")
    if giver == taker:
        raise CaseError.of("work moves from one vendor to another, not to itself", None, "name two vendors")
    base = figures(solve(case, time_limit=time_limit, gap=gap, conflicts=False), priced=False)
    if not base.has_plan:
        raise CaseError.of("the case as it is has no plan to move work in", None, "see `allocate explain`")
    shares = [_share(base.vendors, name) for name in (giver, taker)]
    if shares[0] <= 0:
        raise CaseError.of(f"{giver} has no work in the best plan, so there is none to move", None, None)
    points = tuple(_point(case, (giver, taker), shares, number / steps) for number in range(steps + 1))
    revised(case, points[0].settings)
    jobs = [Job(case, (point,), time_limit=time_limit, gap=gap) for point in points]
    results = run(jobs, executor, progress)
    rows = tuple(_row(base, (giver, taker), *pair) for pair in zip(points, results.flat, strict=True))
    notes = tuple(_notes(case, (giver, taker), shares, rows))
    return Study("mix", case, points, tuple(results.flat), rows, notes, results.whole)


def _share(vendors: Any, name: str) -> float:
    total = sum(one.equivalent_units for one in vendors.values())
    return vendors[name].equivalent_units / total if total > 0 else 0.0


def _point(case: Case, names: tuple[str, str], shares: Sequence[float], moved: float) -> Point:
    others = [name for name in case.vendors if name not in names]
    limits: dict[str, tuple[Any, float]] = {names[0]: (names[0], shares[0] * (1.0 - moved))}
    if others:
        limits["all others"] = (others, 1.0 - shares[0] - shares[1])
    rules = [*(case.document.data.get("rules") or [])]
    for name, (vendor, most) in limits.items():
        at_most = plainly(repr(min(max(most, 0.0) + ROUNDING, 1.0)))
        rules.append({"name": f"mix study: {name}", "share": {"vendor": vendor, "of": "eu", "at-most": at_most}})
    return Point({"moved": moved}, {"rules": rules})


def _row(base: Figures, names: tuple[str, str], point: Point, one: Figures | None) -> Row:
    there = one is not None and one.has_plan
    before, after = base.objective, figure(one, "objective")
    row: Row = {"moved": point.at["moved"], "status": state(one)}
    vendors: dict[str, Part] = dict(one.vendors) if one is not None else {}
    row |= {f"share_of_{name}": _share(vendors, name) if there else None for name in names}
    row |= {name: figure(one, name) for name in ("objective", "bound", "gap", "spend", "items", "accuracy")}
    row["change"] = after - before if after is not None and before is not None else None
    row["cost_per_item"] = one.spend / one.items if one is not None and one.spend is not None and one.items else None
    names_ = ("vendors_used", "largest_share", "concentration")
    return row | {name: figure(one, name) if there else None for name in names_} | {"why": why(one)}


def _notes(case: Case, names: tuple[str, str], shares: Sequence[float], rows: Sequence[Row]) -> list[str]:
    done = [row for row in rows if row["objective"] is not None]
    goal = case.file.objective[0].replace("-", " ")
    notes = [f"In the best plan {names[0]} has {shares[0]:.1%} of the work and {names[1]} {shares[1]:.1%}."]
    if done:
        last = done[-1]
        change = f"{goal} {told(last['change'])} {case.currency}"
        made = f"{last['items']:,.0f} items where it was {rows[0]['items']:,.0f}" if rows[0]["items"] else "items made"
        accurate = f", {last['accuracy']:.2%} accurate" if last["accuracy"] is not None else ""
        notes.append(f"Moving {last['moved']:.0%} of it to {names[1]}: {change}; {made}{accurate}.")
    failed = next((row for row in rows if row["status"] == "infeasible"), None)
    if failed is not None:
        notes.append(f"From {failed['moved']:.0%} on there is no plan: {failed['why']}")
    return notes
