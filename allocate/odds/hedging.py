"""`hedge`: the plan of least loss whose promises hold with the odds asked for, and what that costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.answers import Answer, UnverifiedPlanError, not_asked
from allocate.api.solving import formulate, solve
from allocate.case.load import Case, CaseLike, as_case
from allocate.certificate.certificate import certify, floats_of
from allocate.errors import CaseError, Problem
from allocate.numbers import Floats
from allocate.odds.buffers import room_left
from allocate.odds.commitments import ACCURACY, BUDGET, DEADLINES, KINDS
from allocate.odds.drawing import Draws, draw
from allocate.odds.drawn import as_written, drawn_of
from allocate.odds.estimates import estimate
from allocate.odds.estimates import odds as odds_of
from allocate.odds.hedge import Hedge, NoHedge, best_plan, hedged, plan_at, quick, told_hedge
from allocate.odds.hedged_plan import Drawing, Hedged, Tried
from allocate.odds.outcomes import Outcomes, held_plan, outcomes
from allocate.odds.promises import Promise
from allocate.odds.rows_of_promises import Scenarios
from allocate.odds.scenarios import scenario_case
from allocate.odds.stacked import tail_mean
from allocate.odds.surer import mixtures, sure_plan
from allocate.odds.weighed import Weighed, weighed
from allocate.plan import Plan, make_plan
from allocate.program.build import Built, levers_bought
from allocate.solvers.outcome import Limit, Status
from allocate.tolerances import SUMMED
from allocate.verification import verify

ENOUGH = 0.005
"""By how much fresh odds may be more than asked for without another try."""
FURTHER = 1.5
"""How far the odds asked for rise against what is short: fresh scenarios keep less of what is added."""
TRIES = 4
"""Times at most that the program is asked for other odds, so that fresh scenarios keep those asked for."""
TAIL = 0.10
"""Share of the worst outcomes whose mean is told."""
OF_KIND = {
    "deadline": DEADLINES,
    "demand": DEADLINES,
    "milestone": DEADLINES,
    "budget": BUDGET,
    "accuracy": ACCURACY,
    "quality": ACCURACY,
}
"""Kinds of promises that odds count, and which of ours they are; others are no business of a hedge."""


def hedge(
    case: CaseLike,
    odds: float = 0.9,
    of: Sequence[str] = KINDS,
    drawing: Drawing | None = None,
    time_limit: float | None = None,
) -> Hedged:
    """The plan of least loss in the objective whose promises hold together with some odds, tried in fresh scenarios.

    of: kinds of promises (deadlines, budget, accuracy) or promises by name. The program is asked for more until the lower end
    of the 95 % interval of the fresh odds is no less than what was asked for, and for less where that is more than it takes.
    time_limit: s, for each search over scenarios.

    Raises CaseError for a case without spreads or without a plan, promises it does not make, and odds that no plan has;
    UnverifiedPlanError where a plan does not hold.
    """
    return _Hedging(as_case(case), of, drawing or Drawing(), time_limit).at_odds(odds)


def weigh(case: CaseLike, drawing: Drawing | None = None) -> Hedged:
    """The plan that is best by the case's `risk:`, the mean of its objective and the mean of the worst outcomes, without odds."""
    return _Hedging(as_case(case), KINDS, drawing or Drawing(), None).at_risk()


def frontier(
    case: Case,
    odds: Sequence[float],
    of: Sequence[str] = KINDS,
    drawing: Drawing | None = None,
    time_limit: float | None = None,
) -> list[Hedged | tuple[float, float]]:
    """What each odds cost: a hedge of each, all in the same scenarios; of odds no plan has, these and the most there are."""
    hedging = _Hedging(case, of, drawing or Drawing(), time_limit)
    return [hedging.once(one) for one in odds]


class _Hedging:
    """What all hedges of a case share: its program, its scenarios, and the best plan without a hedge."""

    def __init__(self, case: Case, of: Sequence[str], drawing: Drawing, time_limit: float | None) -> None:
        if not case.spreads:
            fix = "write a spread, as in `effort: 12 s/image ±20%`, or `capacity: 900 .. 1_200 .. 1_300 h/week`"
            raise CaseError.of(
                "no amount of the case has a spread, so its odds are certain", case.place(), fix, code="E-spread"
            )
        self.case, self.of, self.time_limit = case, tuple(of), time_limit
        self.seed = case.spreads.settings.seed if drawing.seed is None else drawing.seed
        self.base, self.plain = formulate(case), solve(case)
        values = best_plan(self.base)
        if self.plain.plan is None or values is None:
            fix = "`allocate explain` says why"
            raise CaseError.of("the case has no plan, with every amount at P50", case.place(), fix)
        self.values = values
        self.inside = draw(case, drawing.scenarios, self.seed)
        # A seed of its own: the scenarios a plan was made with say too much good of it.
        self.fresh: Draws = draw(case, drawing.fresh, self.seed + 1)
        self.drawn, self.blocks = drawn_of(case, self.fresh), self.fresh.blocks
        self.risk = case.file.risk
        self.tail = TAIL if self.risk is None else float(self.risk.tail)
        self.without = self._tried(self.plain.plan, values)

    def wanted(self, kind: str, name: str) -> bool:
        """Whether a promise is to be kept with the odds asked for."""
        return kind in self.of or name in self.of

    @cached_property
    def programs(self) -> list[Built]:
        """The case's program in each scenario."""
        return [formulate(scenario_case(self.case, self.inside, s)) for s in range(self.inside.count)]

    @cached_property
    def known(self) -> Scenarios:
        """The promises in the scenarios of the program."""
        luck = drawn_of(self.case, self.inside).chance
        return Scenarios(self.base, self.programs, self.values, self.wanted, luck)

    @cached_property
    def aim(self) -> Weighed | None:
        """The objective where risk weighs in it."""
        return None if self.risk is None else weighed(self.risk, self.base, self.programs, self._chances)

    def at_risk(self) -> Hedged:
        """The best plan by mean and worst outcomes, whatever its odds."""
        if self.risk is None:
            fix = "write it, as in `risk: {tail: 10%, weight: 50%}`, or ask for odds"
            raise CaseError.of("the case has no `risk`", self.case.place(), fix)
        found = self._solved(0.0)
        assert isinstance(found, Hedge)
        return self._told(None, 0.0, found, self._tried_at(found))

    def at_odds(self, odds: float) -> Hedged:
        """The cheapest plan whose fresh odds, at the lower end of their interval, are no less than asked for."""
        if self.aim is None and self.without.low >= odds:
            return self._told(odds, odds, None, self.without)
        best, ask = self._quick(odds)
        tried = list[Hedged]()
        # Odds asked for, and by how much fresh scenarios keep more than was wanted: the last on either side.
        short, ample = (0.0, -odds), (math.inf, math.inf)
        for _ in range(TRIES):
            found = self._solved(ask)
            if isinstance(found, NoHedge):
                if best is None and ask <= odds:
                    raise CaseError([self._impossible(odds, found)])
                ample = (ask, math.inf)
            else:
                here = self._told(odds, ask, found, self._tried_at(found))
                tried.append(here)
                best = here if best is None or _better(here, best) else _bounded(best, here)
                over = here.with_it.low - odds
                short, ample = (short, (ask, over)) if over >= 0.0 else ((ask, over), ample)
            if short[0] >= 1.0 or ample[0] - short[0] <= self.step or 0.0 <= ample[1] <= ENOUGH:
                break
            ask = self._next(short, ample)
        assert best is not None
        return best if best.reaches else self._surer(odds, best, tried)

    def _surer(self, odds: float, best: Hedged, tried: Sequence[Hedged]) -> Hedged:
        """The best plan whose fresh odds are enough, where the scenarios of the program are too few for it to have them.

        It is the plan with every amount at a quantile that fresh scenarios say, or a mixture of it and of what the program found.
        """

        def reaches(values: Floats) -> bool:
            return self._tried(plan_of_values(self.base, values), values).low >= odds

        found = sure_plan(lambda share: plan_at(self.base, self.known, share), reaches, 0.5)
        if found is None:
            return best
        share, sure = found
        plans = [one.found.values for one in tried if one.found is not None]
        weighed = [] if self.base.program.arrays().integer.any() else mixtures(sure, plans, reaches)
        for weight, values in [(1.0, sure), *weighed]:
            told = told_hedge(self.known, self.base, values, (share, sure, weight), self.aim)
            inside = 1.0 - float(told.missed.mean())
            here = self._told(odds, inside, told, self._tried_at(told))
            for one in tried:
                here = _bounded(here, one)
            best = here if _better(here, best) else best
        return best

    @property
    def step(self) -> float:
        """Chance of one scenario of the program."""
        return 1.0 / self.inside.count

    def _quick(self, odds: float) -> tuple[Hedged | None, float]:
        """The quantile plan as a hedge, and the odds to ask the program for: as much more as fresh scenarios keep less of it."""
        found = quick(self.base, self.known, self._chances, odds, self.aim)
        if found is None:
            return None, odds
        tried = self._tried_at(found)
        inside = float(self._chances[~found.missed].sum())
        return self._told(odds, odds, found, tried), min(odds + max(inside - tried.low, 0.0), 1.0 - self.step)

    def _next(self, short: tuple[float, float], ample: tuple[float, float]) -> float:
        """The odds to ask for next: between both sides where fresh odds say it, else as far as the last was off."""
        (low, under), (high, over) = short, ample
        if not math.isfinite(high):
            return min(1.0, low - FURTHER * under + self.step)
        if low == 0.0:
            return max(high - max(over, self.step), self.step)
        if not math.isfinite(over):
            return (low + high) / 2.0
        at = low + (high - low) * under / (under - over) + self.step / 2.0
        return min(max(at, low + self.step / 2.0), high - self.step / 2.0)

    def once(self, odds: float) -> Hedged | tuple[float, float]:
        """The plan of the program at these odds, tried once in fresh scenarios."""
        found = self._solved(odds)
        if isinstance(found, NoHedge):
            return odds, found.most
        return self._told(odds, odds, found, self._tried_at(found))

    def _solved(self, odds: float) -> Hedge | NoHedge:
        return hedged(self.base, self.known, self._chances, odds, self.time_limit, self.aim)

    @property
    def _chances(self) -> Floats:
        return np.full(self.inside.count, self.step)

    def _tried_at(self, found: Hedge) -> Tried:
        return self._tried(plan_of_values(self.base, found.values), found.values)

    def _tried(self, plan: Plan, values: Floats) -> Tried:
        """A plan in the fresh scenarios."""
        held = held_plan(self.base.layout.routes, plan, as_written(self.case))
        came = outcomes(held, self.drawn)
        chosen = self._chosen(came)
        kept: NDArray[np.bool_] = np.ones(self.fresh.count, dtype=bool)
        for one in chosen:
            kept = kept & one.kept
        objective = came.objective(self.case.file.objective[0])
        more = self.base.program.maximise
        share = np.ones(self.fresh.count) / self.fresh.count

        def tail(some: Floats) -> float:
            return tail_mean(some, share[: len(some)] * self.fresh.count / len(some), self.tail, more)

        each = tuple((one.name, odds_of(one.kept, self.blocks)) for one in chosen)
        mean = estimate(lambda some: float(some.mean()), objective, self.blocks)
        worst = estimate(tail, objective, self.blocks)
        return Tried(plan, odds_of(kept, self.blocks), each, objective, mean, worst, room_left(self.base, values))

    def _chosen(self, came: Outcomes) -> list[Promise]:
        """The promises the odds are of; CaseError for names the case does not promise."""
        names = {one.name for one in came.promises if one.kind in OF_KIND}
        strange = [one for one in self.of if one not in KINDS and one not in names]
        if strange:
            fix = f"there are: {', '.join((*KINDS, *sorted(names)))}"
            raise CaseError([Problem(f"the case does not promise '{one}'", None, fix) for one in strange])
        found = [one for one in came.promises if one.kind in OF_KIND and self.wanted(OF_KIND[one.kind], one.name)]
        if not found and self.risk is None:
            fix = "write a demand, a deadline, a budget or an accuracy floor; they are what odds are of"
            raise CaseError.of("the case promises nothing of the kind asked for", self.case.place(), fix)
        return found

    def _impossible(self, odds: float, found: NoHedge) -> Problem:
        named = ", ".join(name for name, _ in self.without.each[:6])
        return Problem(
            f"no plan of the case keeps {named} together with odds of {100 * odds:.4g}%: {100 * found.most:.4g}% at most, in "
            f"{self.inside.count} scenarios",
            self.case.place(),
            f"ask for less, as in `--odds {max(math.floor(100 * found.most) - 5, 1)}%`, for fewer promises with `--of`, or give the case more room",
        )

    def _told(self, asked: float | None, at: float, found: Hedge | None, tried: Tried) -> Hedged:
        checked = verify(self.case, tried.plan)
        if not checked.holds:
            raise UnverifiedPlanError(checked.violations)
        return Hedged(
            case=self.case,
            asked=asked,
            promises=tuple(name for name, _ in self.without.each),
            scenarios=self.inside.count,
            fresh=self.fresh.count,
            seed=self.seed,
            without=self.without,
            found=found,
            at=at,
            with_it=tried,
            tail=self.tail,
            answer=self._answer(tried.plan) if found is not None else self.plain,
            notes=self._notes(),
        )

    def _answer(self, plan: Plan) -> Answer:
        """The plan as an answer, its bound that of the case's own program."""
        plain, arrays = self.plain, self.base.program.arrays()
        first = plan.amount(self.case.file.objective[0])
        certificate = plain.certificate
        if certificate is not None:
            duals, _ = floats_of(self.base.program.rows, certificate.duals, arrays.row_count)
            again = certify(self.base, first, duals=duals, branched=certificate.branched)
            certificate = replace(again, claimed=certificate.claimed)
        return replace(
            plain,
            status=Status.FEASIBLE,
            limit=Limit.OTHER,
            plan=plan,
            certificate=certificate,
            verification=verify(self.case, plan),
            prices={},
            moving=not_asked,
            message="hedged: less of the objective for better odds",
        )

    def _notes(self) -> tuple[str, ...]:
        notes = []
        if (
            self.aim is not None
            and self.base.program.column_count > self.base.layout.items.stop - self.base.layout.items.start
        ):
            notes.append(
                "steps of prices, labels and fees stand as at P50 in the weighed program; the figures printed count each scenario's own"
            )
        if self.base.layout.routes.learners:
            notes.append(
                "hours on a learning curve stand at the pace of P50 in the program; the odds printed count the curve"
            )
        return tuple(notes)


def plan_of_values(built: Built, values: Floats) -> Plan:
    """The plan that values of a program's columns say."""
    layout = built.layout
    items = values[layout.items.start : layout.items.stop]
    lines = layout.lines(items, levers_bought(built, values), built.staff.decided(values))
    return make_plan(layout.values, lines)


def _bounded(one: Hedged, other: Hedged) -> Hedged:
    """A hedge with the bound of a program that asks for no more scenarios than it keeps, where it has none of its own."""
    if one.found is None or other.found is None or one.found.bound is not None:
        return one
    keeps = 1.0 - float(one.found.missed.mean())
    return one if other.at > keeps + SUMMED else replace(one, found=replace(one.found, bound=other.found.bound))


def _better(one: Hedged, other: Hedged) -> bool:
    """Whether a hedge is to be preferred: it has the odds and the other has not, else the better objective (or odds)."""
    if one.reaches != other.reaches:
        return one.reaches
    if not one.reaches:
        return one.with_it.low > other.with_it.low
    goal = one.case.file.objective[0]
    if one.case.file.risk is not None and one.found is not None and other.found is not None:
        first, second = one.found.objective, other.found.objective
    else:
        first, second = (h.with_it.plan.amount(goal) for h in (one, other))
    return first < second if goal == "cost" else first > second
