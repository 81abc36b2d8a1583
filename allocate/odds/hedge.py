"""The plan of least loss that keeps its promises with given odds: quantile plan, then the exact program over scenarios."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.odds.decided import further_goals, scenario_of
from allocate.odds.rows_of_promises import Cut, Scenarios
from allocate.odds.stacked import SCENARIO, Stacked, stacked
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.program.build import Built
from allocate.solvers.solve import solve
from allocate.tolerances import SUMMED, WHOLE_NUMBER

STEPS = 8
"""Steps of the search for the quantile: the last leaves it open by less than a fifth of a point."""
ROUNDS = 40
"""Times at most that rows which a plan misses are added."""
GAP = 1e-4
"""Relative gap at which the search over scenarios ends."""
CLOSE = 2.0 * GAP
"""Distance of a plan and its bound at which no more rows are looked for."""
LAST = 0.5
"""Part of a time limit that one search of the program may take."""


@dataclass(frozen=True, eq=False)
class Hedge:
    """A plan of a case that keeps its promises with some odds in the scenarios it was made with."""

    values: Floats
    """Columns of the case's program."""
    objective: float
    bound: float | None
    """No plan with these odds in these scenarios is better; None where the search was ended before it said so."""
    missed: Booleans
    """Scenarios in which some promise is missed, shape (scenarios,)."""
    quantile: float | None = None
    """At which every amount of the plan it began with stands on its bad side; None where no such plan has the odds."""
    quantile_objective: float | None = None


@dataclass(frozen=True, eq=False)
class NoHedge:
    """That no plan has the odds asked for in these scenarios, and the most that one has."""

    most: float


@dataclass(frozen=True, eq=False)
class _Plan:
    values: Floats
    objective: float


@dataclass(frozen=True, eq=False)
class _Search:
    """What is looked for: plans of a case, and what they keep."""

    base: Built
    known: Scenarios
    probabilities: Floats
    until: float
    """Time (s, monotonic) by which it ends."""

    @property
    def columns(self) -> int:
        return self.base.program.column_count

    def odds(self, values: Floats) -> float:
        """Chance that a plan keeps all promises."""
        return float(self.probabilities[~self.misses(values)].sum())

    def misses(self, values: Floats) -> Booleans:
        """Scenarios in which a plan misses some promise."""
        missed: Booleans = self.known.missed(values[: self.columns]).max(axis=1, initial=0.0) > 0
        return missed

    def objective(self, values: Floats) -> float:
        """What a plan reaches of the case's first objective, by the pieces the program sees."""
        return self.base.program.arrays().objective(values)

    def near(self, values: Floats | None, bound: float | None) -> bool:
        """Whether a plan is as near to a bound as asked for."""
        if values is None or bound is None:
            return False
        return abs(bound - self.objective(values)) <= CLOSE * abs(bound)

    @property
    def ended(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.until

    def left(self) -> float | None:
        """Seconds for the next search."""
        left = self.until - time.monotonic()
        return None if math.isinf(left) else max(LAST * left, 0.1)


def hedged(
    base: Built, known: Scenarios, probabilities: Floats, odds: float, time_limit: float | None = None
) -> Hedge | NoHedge:
    r"""The best plan of a case that keeps all its promises together in scenarios of so much probability.

    .. math:: \max f(x) \;:\; x \in X, \quad a_{is} x \le b_{is} + M_{is} z_s \;\; \forall i, s, \quad
        \sum_s p_s z_s \le 1 - \omega, \quad z_s \in \{0, 1\}

    with X the plans of the case itself (its amounts at P50), so that what is found is a plan of the case, and M by how much
    such a plan can pass a limit at most. Rows are added as plans miss them, so few of them are ever there.
    J. Luedtke and S. Ahmed, A sample approximation approach for optimization with probabilistic constraints, 2008.

    time_limit: s, for the search over scenarios.
    """
    until = math.inf if time_limit is None else time.monotonic() + time_limit
    search = _Search(base, known, probabilities, until)
    plain = _holding(search, np.empty(0, np.int32), [])
    if plain is None:
        return NoHedge(0.0)
    if search.odds(plain.values) >= odds - SUMMED:
        return _told(search, plain.values, plain.objective, None)
    start = quantile_plan(search, odds)
    every = np.arange(known.count, dtype=np.int32)
    cuts = [cut for one in (plain.values, *(() if start is None else start[1:])) for cut in known.cuts(one, every)]
    found = _searched(search, cuts, odds, start)
    return NoHedge(most_odds(search, cuts)) if found is None else found


def quantile_plan(search: _Search, odds: float) -> tuple[float, Floats] | None:
    """The best plan with every amount at its quantile q, on the side that is bad for each limit, q the least that has the odds.

    None where no quantile leaves a plan with these odds.
    """
    low, high, found = 0.5, 1.0, None
    for _ in range(STEPS):
        share = (low + high) / 2.0
        outcome = solve(_program(search, search.known.at_quantile(share)).program)
        if outcome.values is None:
            high = share  # worse amounts leave no plan; better ones may
        elif search.odds(outcome.values) >= odds - SUMMED:
            high, found = share, (share, outcome.values[: search.columns])
        else:
            low = share
    return found


def most_odds(search: _Search, cuts: Sequence[Cut]) -> float:
    """A chance with which no plan of the case can keep more promises in these scenarios, as far as was found."""
    outcome = solve(_program(search, _relaxed(search, cuts, None), None, True).program, time_limit=search.left())
    return 0.0 if outcome.bound is None else 1.0 - abs(outcome.bound)


def _searched(search: _Search, cuts: Sequence[Cut], odds: float, start: tuple[float, Floats] | None) -> Hedge | None:
    """The best plan with some odds; None where there is none.

    The scenarios that a search keeps are held, which makes a plan; it ends when a plan is as near to the bound as asked for,
    or at the time limit.
    """
    best, cuts, bound = None if start is None else start[1], _relaxed(search, cuts, odds), None
    sign = 1.0 if search.base.program.maximise else -1.0
    for _ in range(ROUNDS):
        point = None if best is None else np.concatenate([best, search.misses(best).astype(float)])
        outcome = solve(_program(search, cuts, odds, True).program, gap=GAP, time_limit=search.left(), start=point)
        if outcome.bound is not None:
            bound = outcome.bound if bound is None else sign * min(sign * bound, sign * outcome.bound)
        if outcome.values is None:
            break
        missed = outcome.values[search.columns : search.columns + search.known.count]
        plan = _holding(search, np.flatnonzero(missed < 0.5).astype(np.int32), cuts)
        if plan is not None and (best is None or sign * plan.objective > sign * search.objective(best)):
            best = plan.values
        more = _passed(search, outcome.values)
        if not more or search.near(best, bound) or search.ended:
            break
        cuts += more
    return None if best is None else _told(search, best, bound, start)


def _relaxed(search: _Search, cuts: Sequence[Cut], odds: float | None) -> list[Cut]:
    """The rows and those that the program without whole numbers takes beside them, where a search is short."""
    found = list(cuts)
    for _ in range(ROUNDS):
        made = _program(search, found, odds, True)
        made.program.set_integer(made.program.columns["missed"].ids, False)
        outcome = solve(made.program, time_limit=search.left())
        more = [] if outcome.values is None else _passed(search, outcome.values)
        if not more:
            break
        found += more
    return found


def _passed(search: _Search, values: Floats) -> list[Cut]:
    """Rows that a point of the program passes by more than it says: the worst of each promise in each scenario."""
    known, own = search.known, values[: search.columns]
    missed = values[search.columns : search.columns + known.count]
    found = known.cuts(own, np.flatnonzero(missed < 1.0 - WHOLE_NUMBER).astype(np.int32))
    return [cut for cut in found if cut.passed(own, float(missed[cut.scenario]))]


def _holding(search: _Search, kept: Integers, cuts: Sequence[Cut]) -> _Plan | None:
    """The best plan that keeps all promises in some scenarios, ties broken as in every plan; None where there is none."""
    known, some = search.known, set(kept.tolist())
    cuts = [cut for cut in cuts if cut.scenario in some]
    for _ in range(ROUNDS):
        made = _program(search, cuts)
        outcome = solve(made.program, then=further_goals(made, [search.base]), time_limit=search.left())
        if outcome.values is None:
            return None
        values = outcome.values[: search.columns]
        more = known.cuts(values, kept)
        if not more:
            return _Plan(values, search.objective(values))
        cuts += more
    return None


def _told(search: _Search, values: Floats, bound: float | None, start: tuple[float, Floats] | None) -> Hedge:
    quantile, first = (None, None) if start is None else (start[0], search.objective(start[1]))
    return Hedge(values, search.objective(values), bound, search.misses(values), quantile, first)


def _program(search: _Search, cuts: Sequence[Cut], odds: float | None = None, choosing: bool = False) -> Stacked:
    """The case's program with rows for cuts; choosing: which scenarios are missed, with some odds at least or the greatest."""
    made = stacked([scenario_of(search.base, 0)])
    program, place = made.program, made.columns[0]
    if choosing:
        missed = program.add_columns("missed", {SCENARIO: np.arange(search.known.count)}, upper=1.0, integer=True)
        if odds is None:
            program.set_costs(np.zeros(program.column_count))
            program.add_cost(missed.ids, search.probabilities * (-1.0 if program.maximise else 1.0))
        else:
            row = program.add_rows("odds", upper=1.0 - odds + SUMMED).start
            program.add_terms(row, missed.ids, search.probabilities)
    if not cuts:
        return made
    rows = program.add_rows("kept", {"cut": np.arange(len(cuts))}, upper=[cut.limit for cut in cuts])
    columns = place[np.concatenate([cut.columns for cut in cuts])]
    lengths = [len(cut.columns) for cut in cuts]
    program.add_terms(np.repeat(rows.ids, lengths), columns, np.concatenate([cut.coefficients for cut in cuts]))
    if choosing:
        for row, cut in zip(rows.ids.tolist(), cuts, strict=True):
            if 0.0 < cut.most < math.inf:
                program.add_terms(row, int(missed.ids[cut.scenario]), -cut.most)
    return made
