"""What one scenario says of decisions that all share: its best plan with them, and a cut for the search for better ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.weak_duality import proven_bound, reduced_costs, repaired, usable
from allocate.odds.bracket import Bracket
from allocate.odds.stacked import Scenario, Stacked, alone, bound_of, holding, stacked
from allocate.program.arrays import Floats, Integers, ProgramArrays, frozen
from allocate.program.program import Program
from allocate.solvers.goals import Goal
from allocate.solvers.outcome import Outcome
from allocate.solvers.relaxation import relaxation_duals
from allocate.solvers.solve import solve
from allocate.tolerances import LINE_HELD


@dataclass(frozen=True, eq=False)
class Question:
    """What comes of common decisions in one scenario?"""

    scenario: Scenario
    decided: Floats | None = None
    """Amount of each of its common columns, shape (c,); None: whatever is best for it alone."""
    cuts: bool = False
    """Whether a cut is asked for."""
    goals: Sequence[Goal] = ()
    """What is sought after its objective, over the columns of `stacked([alone(scenario)])`."""
    within: float = LINE_HELD
    """How far each decision may move, relative to itself."""
    time_limit: float | None = None
    """s."""


@dataclass(frozen=True, eq=False)
class Cut:
    r"""What holds of the common columns x of a scenario, whatever is decided.

    .. math:: Q_s(x) \le \mathit{side} + \mathit{slope}' x \quad \text{(of its value; mirrored when minimised)}, \qquad
        \mathit{slope}' x \le \mathit{side} \quad \text{(wherever it has a plan)}

    with Q the objective of the scenario's best plan. Both are proven by weak duality, so they hold as they stand.
    """

    of_value: bool
    slope: Floats
    side: float


@dataclass(frozen=True, eq=False)
class Tried:
    """What came of a question."""

    outcome: Outcome
    """Values by the scenario's own columns; none where it has no plan."""
    best: Bracket | None
    """Between what the plan reaches and the bound; None without a plan."""
    cut: Cut | None = None
    broken: float = 0.0
    """Without a plan: by how much rows with common columns are broken at least."""


def tried(asked: Question) -> Tried:
    """The best plan of a scenario with decisions as they are asked, and the cut that follows; a function for workers."""
    scenario = asked.scenario
    made = stacked([alone(scenario)])
    if asked.decided is not None:
        holding(made, dict(zip(scenario.keys, asked.decided.tolist(), strict=True)), asked.within)
    outcome = solve(made.program, then=asked.goals, time_limit=asked.time_limit)
    if outcome.objective is None or outcome.values is None:
        if asked.decided is None or not asked.cuts:
            return Tried(outcome, None)
        return Tried(outcome, None, *_cut_off(scenario, asked.decided))
    best, cut = bracket_of(made.program.arrays(), outcome), None
    if asked.cuts:
        cut = _of_value(scenario, made, outcome, asked.time_limit)
    return Tried(replace(outcome, values=outcome.values[made.columns[0]]), best, cut)


def bracket_of(arrays: ProgramArrays, outcome: Outcome) -> Bracket | None:
    """Between what the best of a solved program lies; None without a plan."""
    if outcome.objective is None:
        return None
    bound = bound_of(arrays, outcome)
    infinite = math.inf if arrays.maximise else -math.inf
    return Bracket(*sorted((outcome.objective, infinite if bound is None else bound)))


def whatever_is_decided(scenario: Scenario, knowing: Bracket) -> Cut:
    """The cut that a scenario's best plan of its own makes: no decision of others leaves it more."""
    side = knowing.high if scenario.arrays.maximise else knowing.low
    return Cut(True, np.zeros(len(scenario.common)), side)


def known_by_cuts(scenario: Scenario, cuts: Sequence[Cut]) -> Scenario:
    """A scenario of which nothing is known but cuts: a column for what it reaches, the last, and a row a cut."""
    arrays, common = scenario.arrays, scenario.common
    program = Program("cuts", maximise=arrays.maximise)
    low, high, whole = arrays.lower[common], arrays.upper[common], arrays.integer[common]
    decided = program.add_columns("decided", count=len(common), lower=low, upper=high, integer=whole)
    reached = program.add_columns("reached", lower=-math.inf, cost=1.0)
    above = [one.of_value and not arrays.maximise for one in cuts]
    rows = program.add_rows(
        "cut",
        {"cut": np.arange(len(cuts))},
        lower=[one.side if up else -math.inf for one, up in zip(cuts, above, strict=True)],
        upper=[math.inf if up else one.side for one, up in zip(cuts, above, strict=True)],
    )
    for row, one in zip(rows.ids.tolist(), cuts, strict=True):
        some = np.flatnonzero(one.slope)
        program.add_terms(row, decided.ids[some], (-1.0 if one.of_value else 1.0) * one.slope[some])
        if one.of_value:
            program.add_terms(row, int(reached.start), 1.0)
    places = np.arange(len(common), dtype=np.int32)
    return Scenario(scenario.probability, program.arrays(), places, scenario.keys, program.structure())


def _of_value(scenario: Scenario, made: Stacked, outcome: Outcome, time_limit: float | None) -> Cut | None:
    """The cut of a scenario with a plan: what its duals say decisions are worth, and the most it gains beside that.

    Of an integer scenario the most is what a search proves, where that is less (Zou, Ahmed and Sun, Stochastic dual dynamic
    integer programming, 2019: strengthened Benders cuts).
    """
    arrays = scenario.arrays
    duals = outcome.relaxation_duals if arrays.integer.any() else outcome.row_duals
    if duals is None:
        duals = relaxation_duals(made.program.arrays(), None)
    if duals is None:
        return None
    within, own = boxes(arrays), usable(arrays, duals[made.rows[0]])
    own = repaired(replace(arrays, costs=frozen(_without_gain(scenario, own))), own, within)
    costs = _without_gain(scenario, own)
    beside = replace(arrays, costs=frozen(costs))
    side = proven_bound(beside, own, within)
    if arrays.integer.any():
        program = stacked([alone(replace(scenario, arrays=beside))]).program
        found = bracket_of(program.arrays(), solve(program, time_limit=time_limit))
        if found is not None:
            side = min(side, found.high) if arrays.maximise else max(side, found.low)
    slope = (arrays.costs - costs)[scenario.common]
    return Cut(True, slope, side) if math.isfinite(side) else None


def _without_gain(scenario: Scenario, duals: Floats) -> Floats:
    """The costs with those of common columns such that none gains anything at these duals, even without an upper bound."""
    arrays, some = scenario.arrays, scenario.common
    sense = 1.0 if arrays.maximise else -1.0
    reduced, error = reduced_costs(arrays, sense * duals, sense)
    costs = arrays.costs.copy()
    costs[some] -= sense * (reduced[some] + np.where(np.isinf(arrays.upper[some]), 4.0 * error[some], 0.0))
    return costs


def _cut_off(scenario: Scenario, decided: Floats) -> tuple[Cut | None, float]:
    """The cut that leaves out decisions with which a scenario has no plan, and how far they are from one.

    By how much rows with common columns are broken at least, the worst of them, is a linear program; its duals weigh few rows
    (Fischetti, Salvagnin and Zanette, A note on the selection of Benders' cuts, 2010), and prove the cut. No cut where only whole
    numbers leave no plan.
    """
    arrays, some = scenario.arrays, scenario.common
    program = Program("broken", maximise=False)
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    lower[some] = upper[some] = decided
    own = program.add_columns("own", count=arrays.column_count, lower=lower, upper=upper)
    by = program.add_columns("by", cost=1.0)
    rows = program.add_rows("own", {"row": np.arange(arrays.row_count)}, lower=arrays.row_lower, upper=arrays.row_upper)
    program.add_terms(rows.ids[arrays.index], own.ids[arrays.column], arrays.value)
    linking = np.zeros(arrays.row_count)
    entries = np.isin(arrays.column, some)
    np.maximum.at(linking, arrays.index[entries], np.abs(arrays.value[entries]))
    _may_be_broken(program, rows.ids, arrays, linking, int(by.start))
    outcome = solve(program)
    if outcome.row_duals is None or not outcome.objective:
        return None, 0.0
    duals = outcome.row_duals[rows.start : rows.stop]
    # What decisions within the rows come to at these weights is bounded; those asked about come to more.
    taken = np.bincount(arrays.column, arrays.value * duals[arrays.index], minlength=arrays.column_count)
    slope = -taken.astype(np.float64)[some]
    costs = np.zeros(arrays.column_count)
    costs[some] = slope
    bare, within = replace(arrays, maximise=True, offset=0.0, costs=frozen(costs)), boxes(arrays)
    side = proven_bound(bare, repaired(bare, -duals, within), within)
    return (Cut(False, slope, side) if slope @ decided > side else None), outcome.objective


def _may_be_broken(program: Program, rows: Integers, arrays: ProgramArrays, by: Floats, worst: int) -> None:
    """Let rows be broken, each by so much a unit of one column, which is the worst of them; none by 0."""
    low, high = np.isfinite(arrays.row_lower), np.isfinite(arrays.row_upper)
    chosen = by > 0
    for side, sign in ((chosen & low & ~high, 1.0), (chosen & high & ~low, -1.0)):
        program.add_terms(rows[side], worst, sign * by[side])
    both = np.flatnonzero(chosen & low & high)
    if not len(both):
        return
    over, under = (program.add_columns(name, count=len(both)) for name in ("over", "under"))
    program.add_terms(rows[both], over.ids, -1.0)
    program.add_terms(rows[both], under.ids, 1.0)
    least = program.add_rows("worst", {"row": both}, upper=0.0)
    for columns in (over, under):
        program.add_terms(least.ids, columns.ids, 1.0)
    program.add_terms(least.ids, worst, -by[both])
