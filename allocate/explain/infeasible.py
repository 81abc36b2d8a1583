"""Why there is no plan: how much is missing, in the case's words, by letting limits give way at the least total."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.throughput import vendor_capacities
from allocate.program.build import Built
from allocate.program.naming import Block
from allocate.solve.outcome import Outcome
from allocate.solve.solve import solve

Floats = NDArray[np.float64]

RESULTS = ("demand_floor", "milestone", "value_floor", "score_floor", "accuracy_floor", "share_at_least")
"""Families of rows that ask for results."""
MEANS = (
    "budget",
    "budget_period",
    "budget_group",
    "vendor_hours",
    "vendor_items",
    "vendor_total",
    "rate_items",
    "rate_total",
    "review_team_hours",
    "demand_ceiling",
    "share_at_most",
)
"""Families of rows that limit means."""


@dataclass(frozen=True)
class Reason:
    """One thing that is missing."""

    kind: str
    """shortfall (of a result), overload (of a vendor or team), or money."""
    subject: str
    needed: float
    there: float
    unit: str
    sentence: str


def why_not(make: Callable[[], Built], time_limit: float | None = None) -> tuple[Reason, ...]:
    """What keeps a case from having a plan: results out of reach with the means there are, and means the results need.

    make: builds the case's program afresh; it is solved twice, once with elastic results, once with elastic means.
    """
    reasons: list[Reason] = []
    for families, describe in ((MEANS, _means), (RESULTS, _results)):
        built = make()
        slacks = relax(built, families)
        outcome = solve(built.program, time_limit=time_limit)
        if outcome.values is not None and slacks:
            amounts = {name: outcome.values[block.start : block.stop] for name, block in slacks.items()}
            reasons += describe(built, amounts, outcome)
    return tuple(reasons)


def relax(built: Built, families: Sequence[str]) -> Mapping[str, Block]:
    """Let every row of some families give way, and minimise how much, each measured against its own limit."""
    program = built.program
    arrays = program.arrays()
    slacks: dict[str, Block] = {}
    weights: list[tuple[Block, Floats]] = []
    for family in families:
        rows = program.rows.get(family)
        if rows is None:
            continue
        lower, upper = arrays.row_lower[rows.start : rows.stop], arrays.row_upper[rows.start : rows.stop]
        asks = np.isfinite(lower)
        limit = np.abs(np.where(asks, lower, upper))
        block = program.add_columns(f"slack_{family}", dict(rows.index), count=len(rows))
        program.add_terms(rows.ids, block.ids, np.where(asks, 1.0, -1.0))
        slacks[family] = block
        weights.append((block, 1.0 / np.maximum(limit, 1.0)))
    costs = np.zeros(program.column_count)
    for block, weight in weights:
        costs[block.ids] = weight
    program.set_costs(costs, maximise=False)
    return slacks


def _results(built: Built, amounts: Mapping[str, Floats], outcome: Outcome) -> list[Reason]:
    """Results out of reach with the means there are."""
    routes, reasons = built.layout.routes, []
    for family, short in amounts.items():
        rows = built.program.rows[family]
        lower = built.program.arrays().row_lower[rows.start : rows.stop]
        for position in np.flatnonzero(short > 1e-6 * np.maximum(1.0, np.abs(lower))):
            missing, limit = float(short[position]), float(lower[position])
            product = int(rows.index["product"][position]) if "product" in rows.index else -1
            name = routes.products[product] if 0 <= product < len(routes.products) else "the portfolio"
            noun = _plural(built, product)
            if family in ("demand_floor", "milestone"):
                what = "" if family == "demand_floor" else " for a milestone"
                sentence = f"{name}: {missing:,.0f} {noun} short{what} ({limit - missing:,.0f} of {limit:,.0f} can be made)"
                reasons.append(Reason("shortfall", name, limit, limit - missing, noun, sentence))
            else:
                words = {"value_floor": "value asked", "score_floor": "score asked", "accuracy_floor": "accuracy floor"}
                sentence = f"{name}: the {words.get(family, 'share at least')} cannot be kept"
                reasons.append(Reason("shortfall", name, limit, limit - missing, "", sentence))
    return reasons


def _plural(built: Built, product: int) -> str:
    if not 0 <= product < len(built.layout.routes.items):
        return ""
    noun = built.layout.routes.items[product]
    return {**built.layout.case.model.units, **built.layout.case.file.units}.get(noun, noun)


def _means(built: Built, amounts: Mapping[str, Floats], outcome: Outcome) -> list[Reason]:
    """Means the results need beyond those there are."""
    reasons: list[Reason] = []
    case, routes = built.layout.case, built.layout.routes
    for capacity in vendor_capacities(case):
        family = "vendor_hours" if capacity.noun == "h" else "vendor_items" if capacity.by_period else "vendor_total"
        over = amounts.get(family)
        rows = built.program.rows.get(family)
        if over is None or rows is None:
            continue
        mine = rows.index["vendor"] == capacity.vendor
        if over[mine].sum() <= 1e-6 * max(1.0, capacity.amounts.sum()):
            continue
        there = float(capacity.amounts.sum())
        needed = _used(built, outcome, rows, mine) + float(over[mine].sum())
        name, unit = routes.vendors[capacity.vendor], "h" if capacity.noun == "h" else capacity.noun
        reasons.append(_overload(name, needed, there, unit))
    for family, over in amounts.items():
        if family == "review_team_hours" and over.sum() > 1e-6:
            rows = built.program.rows[family]
            there = float(built.program.arrays().row_upper[rows.start : rows.stop].sum())
            every = np.ones(len(rows), dtype=bool)
            needed = _used(built, outcome, rows, every) + float(over.sum())
            reasons.append(_overload("the review team", needed, there, "h"))
        if family == "budget" and over[0] > 1e-6:
            there = float(built.program.arrays().row_upper[built.program.rows[family].start])
            needed = there + float(over[0])
            sentence = f"budget: {needed:,.2f} {case.currency} needed, {there:,.2f} there ({over[0]:,.2f} short)"
            reasons.append(Reason("money", "budget", needed, there, case.currency, sentence))
    others = {"rate_items", "rate_total", "budget_period", "budget_group", "share_at_most", "demand_ceiling"}
    for family in sorted(others & set(amounts)):
        if amounts[family].sum() > 1e-6:
            words = {"budget_period": "the budget of some periods", "budget_group": "a budget limit", "share_at_most": "a share rule"}
            subject = words.get(family, "a limit of the rate card" if family.startswith("rate") else "a demand ceiling")
            reasons.append(Reason("overload", subject, float("nan"), float("nan"), "", f"{subject} is in the way"))
    return reasons


def _used(built: Built, outcome: Outcome, rows: Block, mine: NDArray[np.bool_]) -> float:
    """What the plan takes of some rows' limits, the part beyond them left out."""
    assert outcome.row_values is not None
    return float(outcome.row_values[rows.start : rows.stop][mine].sum())


def _overload(name: str, needed: float, there: float, unit: str) -> Reason:
    share = needed / there if there > 0 else float("inf")
    sentence = f"{name}: {needed:,.0f} {unit} needed, {there:,.0f} {unit} there: {share:.2%} utilisation"
    return Reason("overload", name, needed, there, unit, sentence)
