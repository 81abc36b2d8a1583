"""Scale: one product at half to four times its volume; what an item then costs, and where capacity runs out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from decimal import Decimal
from typing import Any

from allocate.api.solving import solve
from allocate.case.load import Case, CaseLike, as_case
from allocate.case.paths import dotted, scaled
from allocate.errors import CaseError
from allocate.numerals import plainly
from allocate.study.figures import Figures, Part, figures
from allocate.study.frontier import Limits
from allocate.study.points import Job, Point
from allocate.study.running import Progress, run
from allocate.study.study import Row, Study, figure, state, why

FACTORS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
FINE = 0.01
"""How near the factor at which capacity breaks is found, as a share of the volume."""


def scale(
    case: CaseLike,
    product: str,
    factors: Sequence[float] = FACTORS,
    *,
    time_limit: float | None = None,
    gap: float | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Study:
    """The case with exactly so many times a product's items, everything else planned again around them.

    The volume is what the case demands exactly, else the items of its best plan; milestones grow along. Raises CaseError
    for a product the case does not have or that gets no items, and StudyError where a worker fails.
    """
    case, limits = as_case(case), Limits(time_limit, gap)
    if product not in case.products:
        raise CaseError.of(f"there is no product '{product}'", None, f"products: {', '.join(case.products)}")
    volume = _volume(case, product, limits)
    ordered = sorted(set(map(float, factors)))
    points = tuple(_point(case, product, volume, factor) for factor in ordered)
    results = run([_job(case, point, limits) for point in points], executor, progress)
    found = results.flat
    rows = _rows(product, volume, points, found)
    notes = list(_notes(case, product, rows))
    if results.whole:
        notes += _breaks(case, product, volume, limits, executor, list(zip(ordered, found, strict=True)))
    return Study("scale", case, points, tuple(found), tuple(rows), tuple(notes), results.whole)


def _volume(case: Case, product: str, limits: Limits) -> float:
    asked = case.products[product].demand.exactly
    if asked is not None:
        return float(asked.number)
    found = figures(solve(case, time_limit=limits.time_limit, gap=limits.gap, conflicts=False))
    made = found.products[product].items if found.has_plan else 0.0
    if not made > 0:
        what = "has no plan" if not found.has_plan else f"makes no items of {product}"
        fix = f"say how many: `--set products.{product}.demand='1_000 items'`"
        raise CaseError.of(f"the case as it is {what}, so there is no volume to scale", None, fix)
    return made


def _job(case: Case, point: Point, limits: Limits) -> Job:
    return Job(case, (point,), time_limit=limits.time_limit, gap=limits.gap)


def _point(case: Case, product: str, volume: float, factor: float) -> Point:
    here = dotted("products", product)
    amount = float(f"{volume * factor:.12g}")
    written = case.document.data["products"][product]
    # Nothing in place of a bound takes away what was there.
    asked = {"exactly": f"{plainly(repr(amount).removesuffix('.0'))} items", "at-least": None, "at-most": None}
    is_block = isinstance(written.get("demand"), dict)
    settings: dict[str, Any] = {f"{here}.demand": asked if is_block else asked["exactly"]}
    for number, one in enumerate(written.get("milestones") or ()):
        text = scaled(one["at-least"], Decimal(repr(factor)))
        if text is not None:
            settings[f"{here}.milestones.{number}.at-least"] = text
    return Point({"factor": factor}, settings)


def _rows(product: str, volume: float, points: Sequence[Point], found: Sequence[Figures | None]) -> list[Row]:
    rows: list[Row] = []
    before: Row | None = None
    for point, one in zip(points, found, strict=True):
        part: Part | None = one.products.get(product) if one is not None else None
        items = part.items if part is not None else volume * float(point.at["factor"])
        row: Row = {"factor": point.at["factor"], "items": items, "status": state(one)}
        row |= {"product_spend": None, "cost_per_item": None, "cost_of_one_more": None}
        if part is not None and items > 0:
            row |= {"product_spend": part.spend, "cost_per_item": part.spend / items}
            if before is not None and items > before["items"]:
                row["cost_of_one_more"] = (part.spend - before["product_spend"]) / (items - before["items"])
            before = row
        row |= {name: figure(one, name) for name in ("spend", "objective", "bound", "gap", "vendors_used")}
        row |= {"delivered": part.delivered if part is not None else None, "why": why(one)}
        rows.append(row)
    return rows


def _notes(case: Case, product: str, rows: Sequence[Row]) -> list[str]:
    costs = [(row["factor"], row["cost_per_item"]) for row in rows if row["cost_per_item"] is not None]
    if len(costs) < 2:
        return []
    (low, first), (high, last) = costs[0], costs[-1]
    change = f" ({last / first - 1.0:+.1%})" if first > 0 else ""
    told = f"from {first:,.4g} {case.currency} at x{low:g} to {last:,.4g} {case.currency} at x{high:g}{change}"
    return [f"An item of {product} goes {told}."]


def _breaks(
    case: Case,
    product: str,
    volume: float,
    limits: Limits,
    executor: Executor | None,
    found: list[tuple[float, Figures | None]],
) -> list[str]:
    """Between which volumes plans end, found by halving, and why."""
    good = [factor for factor, one in found if one is not None and one.has_plan]
    bad = [(f, one) for f, one in found if one is not None and one.status == "infeasible" and f > max(good, default=0)]
    if not good:
        return ["No volume tried has a plan."]
    less = [f"x{factor:g}" for factor, one in found if one is not None and not one.has_plan and factor < max(good)]
    told = [f"No plan at {', '.join(less)}, though a larger volume has one; the column `why` says why."] if less else []
    if not bad:
        return [*told, f"Capacity holds up to x{max(good):g}, the largest volume tried."]
    low, (high, reason) = max(good), bad[0]
    while high - low > FINE * low:
        middle = (low + high) / 2
        done = run([_job(case, _point(case, product, volume, middle), limits)], executor).flat[0]
        if done is None:
            break
        if done.has_plan:
            low = middle
        elif done.status == "infeasible":
            high, reason = middle, done
        else:
            break
    items = f"{volume * low:,.0f} and {volume * high:,.0f} items"
    return [*told, f"Capacity runs out between x{low:.3g} and x{high:.3g} ({items}): {'; '.join(reason.reasons)}"]
