"""The plan of least loss that keeps its promises with given odds: quantile plan, then the exact program over scenarios."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.certificate.certificate import told_bound
from allocate.odds.cuts import Cut
from allocate.odds.decided import further_goals, scenario_of
from allocate.odds.rows_of_promises import Scenarios
from allocate.odds.scenario_program import add_cuts, scenario_program
from allocate.odds.stacked import Stacked, stacked
from allocate.odds.weighed import Weighed
from allocate.program.arrays import Booleans, Floats
from allocate.program.build import Built
from allocate.solvers.goals import Goal
from allocate.solvers.solve import solve
from allocate.tolerances import LIMIT_KEPT, SUMMED

STEPS = 8
"""Steps of the search for the quantile: the last leaves it open by less than a fifth of a point."""
ROUNDS = 40
"""Times at most that rows which a plan misses are added."""
GAP = 1e-4
"""Relative gap at which the search over scenarios ends at the latest."""
PART = 0.03
"""Part of what the odds cost at least, as far as the relaxation says it, at which it ends too."""
SLOW = 1e-6
"""Relative change of the program without whole numbers at which rows are no longer looked for in it."""
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
    weight: float | None = None
    """Of that plan in the mixture with the program's plan which this is; None: it is none."""


@dataclass(frozen=True, eq=False)
class NoHedge:
    """That no plan has the odds asked for in these scenarios, and the most that one has."""

    most: float


@dataclass(frozen=True, eq=False)
class _Search:
    """What is looked for: plans of a case, and what they keep."""

    base: Built
    known: Scenarios
    probabilities: Floats
    plain: Floats
    """The best plan of the case without a hedge."""
    until: float
    """Time (s, monotonic) by which it ends."""
    gap: float = GAP
    """Relative gap at which a search ends."""
    aim: Weighed | None = None
    """The objective where risk weighs in it; None: that of the case, at P50."""
    tight: Floats | None = None
    """By how much rows by themselves can be passed, where so few scenarios may be missed; see `Scenarios.passed_at_most`."""

    def objective(self, values: Floats) -> float:
        """What a plan reaches of what is sought, by the pieces the program sees."""
        if self.aim is not None:
            return self.aim.of(values)
        return self.base.program.arrays().objective(values)

    def program(self, cuts: Sequence[Cut], odds: float | None) -> Stacked:
        """The program over scenarios with rows for cuts; odds: at least these, or (None) the greatest there are."""
        return scenario_program(self.base, self.known, self.probabilities, cuts, odds, self.aim)

    def cuts(self, plan: Floats, chosen: Floats, missed: Floats) -> list[Cut]:
        """Rows that a point passes by more than it says."""
        return self.known.cuts(plan, chosen, missed, self.tight)

    def odds(self, values: Floats) -> float:
        """Chance that a plan keeps all promises."""
        return float(self.probabilities[self.known.kept(values)].sum())

    def near(self, values: Floats | None, bound: float | None) -> bool:
        """Whether a plan is as near to a bound as asked for."""
        if values is None or bound is None:
            return False
        return abs(bound - self.objective(values)) <= 2.0 * self.gap * abs(bound)

    @property
    def ended(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.until

    def left(self) -> float | None:
        """Seconds for the next search."""
        left = self.until - time.monotonic()
        return None if math.isinf(left) else max(LAST * left, 0.1)


@dataclass(frozen=True, eq=False)
class _Point:
    """Columns of the program over scenarios, part by part."""

    plan: Floats
    made: Floats
    chosen: Floats
    missed: Floats

    @property
    def values(self) -> Floats:
        """All of them in the order of the program's columns."""
        return np.concatenate([self.plan, self.made, self.chosen, self.missed])


def hedged(
    base: Built,
    known: Scenarios,
    probabilities: Floats,
    odds: float,
    time_limit: float | None = None,
    aim: Weighed | None = None,
) -> Hedge | NoHedge:
    r"""The best plan of a case that keeps all its promises together in scenarios of so much probability.

    .. math:: \max f(x) \;:\; x \in X, \quad a_{is} x \le b_{is} + M_{is} z_s \;\; \forall i, s, \quad
        \sum_v w_{cv} \ge N_{cs} - M_{cs} z_s, \quad w_{cv} \le \sum_{j \in (c, v)} x_j, \quad w_{cv} \le N_c u_{cv}, \quad
        a_{cvs} x \le b_{cvs} + M_{cvs} (z_s + 1 - u_{cv}), \quad \sum_s p_s z_s \le 1 - \omega

    with z and u 0 or 1, X the plans of the case itself (its amounts at P50), so that what is found is a plan of the case, and M
    by how much such a plan can pass a limit at most. z says which scenarios are missed, u which vendors a commitment c counts
    on, w how many of their items. Rows are added as plans miss them, so few of them are ever there.
    J. Luedtke and S. Ahmed, A sample approximation approach for optimization with probabilistic constraints, 2008.

    time_limit: s, for the search over scenarios. aim: f where risk weighs in it; absent: the case's own at P50.
    """
    until = math.inf if time_limit is None else time.monotonic() + time_limit
    plain = best_plan(base, aim)
    if plain is None:
        return NoHedge(0.0)
    search = _Search(base, known, probabilities, plain, until, aim=aim)
    if search.odds(plain) >= odds - SUMMED:
        return _told(search, plain, search.objective(plain), None)
    search = replace(search, tight=known.passed_at_most(_spare(probabilities, odds)))
    start = quantile_plan(search, odds)
    cuts = [cut for one in (plain, *(() if start is None else start[1:])) for cut in _all_cuts(search, one)]
    found = _searched(search, cuts, odds, start)
    if found is not None:
        return found
    free = replace(search, tight=None)
    return NoHedge(most_odds(free, _all_cuts(free, plain)))


def quick(
    base: Built, known: Scenarios, probabilities: Floats, odds: float, aim: Weighed | None = None
) -> Hedge | None:
    """The quantile plan alone; see `quantile_plan`."""
    plain = best_plan(base, aim)
    assert plain is not None
    search = _Search(base, known, probabilities, plain, math.inf, aim=aim)
    start = quantile_plan(search, odds)
    return None if start is None else _told(search, start[1], None, start)


def plan_at(base: Built, known: Scenarios, share: float) -> Floats | None:
    """The best plan of a case with every amount at its quantile on the side that is bad for each limit; None without one."""
    made = stacked([scenario_of(base, 0)])
    add_cuts(made, known.at_quantile(share))
    values = solve(made.program).values
    return None if values is None else values[: base.program.column_count]


def best_plan(base: Built, aim: Weighed | None = None) -> Floats | None:
    """The best plan of a case without odds, ties broken as in every plan; None where there is none. aim: what is sought."""
    made = stacked([scenario_of(base, 0)])
    goals = further_goals(made, [base])
    if aim is not None:
        aim.put(made)
        goals = _widened(goals, made)
    values = solve(made.program, then=goals).values
    return None if values is None else values[: base.program.column_count]


def quantile_plan(search: _Search, odds: float) -> tuple[float, Floats] | None:
    """The best plan with every amount at its quantile q, on the side that is bad for each limit, q the least that has the odds.

    None where no quantile leaves a plan with these odds.
    """
    low, high, found = 0.5, 1.0, None
    for _ in range(STEPS):
        share = (low + high) / 2.0
        values = plan_at(search.base, search.known, share)
        if values is None:
            high = share  # worse amounts leave no plan; better ones may
        elif search.odds(values) >= odds - SUMMED:
            high, found = share, (share, values)
        else:
            low = share
    return found


def most_odds(search: _Search, cuts: Sequence[Cut]) -> float:
    """The greatest chance with which a plan of the case keeps all promises in these scenarios, or a figure above it."""
    cuts, _ = _relaxed(search, cuts, None)
    outcome = None
    for _ in range(ROUNDS):
        outcome = solve(search.program(cuts, None).program, gap=GAP, time_limit=search.left())
        if outcome.values is None:
            break
        point = _parts(search, outcome.values)
        more = search.cuts(point.plan, point.chosen, point.missed)
        if not more or search.ended:
            break
        cuts += more
    return 0.0 if outcome is None or outcome.bound is None else 1.0 - abs(outcome.bound)


def _searched(search: _Search, cuts: Sequence[Cut], odds: float, start: tuple[float, Floats] | None) -> Hedge | None:
    """The best plan with some odds; None where there is none.

    The scenarios that a search keeps are held, which makes a plan; it ends when a plan is as near to the bound as asked for,
    or at the time limit.
    """
    best, bound = None if start is None else start[1], None
    point = None if best is None else _begin(search, best)
    (cuts, least), sign = _relaxed(search, cuts, odds), 1.0 if search.base.program.maximise else -1.0
    if least is not None:
        paid = abs(least - search.objective(search.plain)) / max(abs(least), 1e-9)
        search = replace(search, gap=max(GAP, PART * paid))
    for _ in range(ROUNDS):
        made = search.program(cuts, odds)
        outcome = solve(
            made.program,
            gap=search.gap,
            time_limit=search.left(),
            start=None if point is None else _started(made, point.values),
        )
        if outcome.bound is not None:
            bound = outcome.bound if bound is None else sign * min(sign * bound, sign * outcome.bound)
        if outcome.values is None:
            break
        found = _parts(search, outcome.values)
        held = _holding(search, found, cuts, odds)
        if held is not None and (best is None or sign * search.objective(held.plan) > sign * search.objective(best)):
            best, point = held.plan, held
        more = search.cuts(found.plan, found.chosen, found.missed)
        if not more or search.near(best, bound) or search.ended:
            break
        cuts += more
    return None if best is None else _told(search, best, bound, start)


def _relaxed(search: _Search, cuts: Sequence[Cut], odds: float | None) -> tuple[list[Cut], float | None]:
    """The rows and those that the program without whole numbers takes beside them, where a search is short, and its best."""
    found: list[Cut] = list(cuts)
    best: float | None = None
    for _ in range(ROUNDS):
        made = search.program(found, odds)
        made.program.set_integer(np.arange(made.program.column_count), False)
        outcome = solve(made.program, time_limit=search.left())
        before, values, best = best, outcome.values, outcome.objective
        if values is None or best is None or (before is not None and abs(best - before) <= SLOW * abs(best)):
            break
        point = _parts(search, values)
        more = search.cuts(point.plan, point.chosen, point.missed)
        if not more:
            break
        found += more
    return found, best


def _holding(search: _Search, point: _Point, cuts: Sequence[Cut], odds: float) -> _Point | None:
    """The best plan that keeps the same scenarios with the same vendors, ties broken as in every plan; None without one."""
    chosen, missed = np.round(point.chosen), np.round(point.missed)
    cuts = [cut for cut in cuts if missed[cut.scenario] < 1.0 and (cut.choice < 0 or chosen[cut.choice] > 0.0)]
    for _ in range(ROUNDS):
        made = search.program(cuts, odds)
        for family, amounts in (("counts_on", chosen), ("missed", missed)):
            if family in made.program.columns:
                made.program.set_column_bounds(made.program.columns[family].ids, amounts, amounts)
        outcome = solve(made.program, then=_goals(search, made), time_limit=search.left())
        if outcome.values is None:
            return None
        found = _parts(search, outcome.values)
        more = search.cuts(found.plan, chosen, missed)
        if not more:
            return found
        cuts += search.known.deepened(more, found.plan)
    return None


def _begin(search: _Search, plan: Floats) -> _Point:
    """A plan as a point of the program: it counts on as few vendors as leave it the odds, the surest first."""
    known, in_time = search.known, search.known.in_time(plan)
    made, chosen = known.made(plan), np.zeros(len(known.choices))
    for c in range(len(known.commitments)):
        mine = np.array([n for n, (of, _) in enumerate(known.choices) if of == c])
        asked, there = float(known.asked[:, c].max(initial=0.0)), 0.0
        for number in mine[np.argsort(-in_time[:, mine].mean(axis=0), kind="stable")].tolist():
            if there < asked * (1.0 - LIMIT_KEPT) and made[number] > 0:
                chosen[number], there = 1.0, there + made[number]
    late = known.cuts(plan, chosen, np.zeros(known.count))
    missed = np.zeros(known.count)
    missed[[cut.scenario for cut in late]] = 1.0
    for c in range(len(known.commitments)):
        counted = [n for n, (of, _) in enumerate(known.choices) if of == c]
        missed[made[counted] @ chosen[counted] < known.asked[:, c] * (1.0 - LIMIT_KEPT)] = 1.0
    most = known.asked.max(axis=0, initial=0.0)
    used = np.minimum(made * chosen, np.array([most[c] for c, _ in known.choices]))
    return _Point(plan, used, chosen, missed)


def _started(made: Stacked, values: Floats) -> Floats:
    """Values of the first columns of a program as a point to start from, the rest open."""
    return np.concatenate([values, np.full(made.program.column_count - len(values), np.nan)])


def _told(search: _Search, values: Floats, bound: float | None, start: tuple[float, Floats] | None) -> Hedge:
    quantile, first = (None, None) if start is None else (start[0], search.objective(start[1]))
    reached = search.objective(values)
    told = None if bound is None else told_bound(bound, reached, search.base.program.maximise)
    return Hedge(values, reached, told, ~search.known.kept(values), quantile, first)


def told_hedge(
    known: Scenarios, base: Built, values: Floats, made_of: tuple[float, Floats, float], aim: Weighed | None
) -> Hedge:
    """A plan that is a mixture as a hedge; made_of: the quantile of its surer part, that part, and its weight."""
    reached = base.program.arrays().objective if aim is None else aim.of
    share, sure, weight = made_of
    return Hedge(values, reached(values), None, ~known.kept(values), share, reached(sure), weight)


def _all_cuts(search: _Search, plan: Floats) -> list[Cut]:
    """Every row a plan misses in any scenario, with any vendor."""
    return search.cuts(plan, np.ones(len(search.known.choices)), np.zeros(search.known.count))


def _spare(probabilities: Floats, odds: float) -> int:
    """How many scenarios may be missed at most."""
    return int((np.cumsum(np.sort(probabilities)) <= 1.0 - odds + SUMMED).sum())


def _parts(search: _Search, values: Floats) -> _Point:
    choices = len(search.known.choices)
    ends = np.cumsum([search.base.program.column_count, choices, choices, search.known.count])
    return _Point(*np.split(values, ends)[:4])


def _goals(search: _Search, made: Stacked) -> list[Goal]:
    """What is sought after the case's first objective."""
    return _widened(further_goals(stacked([scenario_of(search.base, 0)]), [search.base]), made)


def _widened(goals: Sequence[Goal], made: Stacked) -> list[Goal]:
    """Goals over the first columns of a program, as goals over all."""
    count = made.program.column_count
    return [replace(goal, costs=np.concatenate([goal.costs, np.zeros(count - len(goal.costs))])) for goal in goals]
