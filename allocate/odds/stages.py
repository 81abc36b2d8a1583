"""A case in two stages: what is decided before amounts are known is common, the rest is planned for each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from allocate.answers import UnverifiedPlanError
from allocate.api.solving import formulate, planned
from allocate.case.load import Case
from allocate.case.plan_file import PlanLine
from allocate.costing.table import JOIN
from allocate.errors import CaseError
from allocate.numbers import Floats
from allocate.odds.bracket import Bracket
from allocate.odds.clusters import Few, block_error, few, known_only, mean_case
from allocate.odds.decided import further_goals, scenario_of
from allocate.odds.drawing import Draws, draw
from allocate.odds.outcome_classes import OutcomeClass, classes_of
from allocate.odds.scenarios import scenario_case
from allocate.odds.stacked import Stacked
from allocate.odds.two_stage import NoPlanError, TwoStage, two_stage
from allocate.plan import Plan
from allocate.program.build import Built, levers_bought
from allocate.solvers.goals import Goal
from allocate.solvers.methods import AUTO
from allocate.solvers.outcome import Outcome, Status
from allocate.tables.frames import table_of
from allocate.tolerances import FIGURES_AGREE
from allocate.verification import verify

MOST = 64
"""Scenarios by default."""


@dataclass(frozen=True, eq=False)
class Figure:
    """One figure of a decision in two stages: between what it lies, and how far it may be off for the scenarios drawn."""

    name: str
    meaning: str
    bracket: Bracket | None
    """None where it has no value."""
    error: float | None
    """Half of the 95 % interval over independent sets of scenarios; None of a figure of one scenario."""


@dataclass(frozen=True, eq=False)
class Staged:
    """A case decided in two stages."""

    case: Case
    known: int
    """Period (from 1) from which decisions know how things came out."""
    several: bool
    """Whether the case names other periods too; all wait for the last."""
    draws: Draws
    some: Few
    found: TwoStage
    figures: tuple[Figure, ...]
    lines: tuple[PlanLine, ...]
    """What is decided before: the same in every scenario."""
    plans: tuple[Plan, ...]
    """The whole plan of each scenario, verified against it."""
    classes: tuple[OutcomeClass, ...]

    @property
    def levers(self) -> tuple[str, ...]:
        """Levers (price locks among them) that are bought in every scenario, in the case's order."""
        bought = [set(table_of(plan, "levers")["lever"].tolist()) for plan in self.plans]
        return tuple(name for name in self.case.file.levers if all(name in some for some in bought))


def staged(
    case: Case,
    scenarios: int = MOST,
    seed: int | None = None,
    time_limit: float | None = None,
    method: str = AUTO,
    executor: Executor | None = None,
) -> Staged:
    """The best decision before the period named in `known:`, the plan after it by scenario, and what waiting is worth.

    scenarios: that stand for all that are drawn, at most. time_limit: s, for each search. method, executor: see `two_stage`.
    Raises CaseError where the case has no spreads or does not say what will be known, and where no first decision keeps the
    limits in every scenario; UnverifiedPlanError where a plan or a figure does not hold.
    """
    period = _known(case)
    draws = known_only(draw(case, seed=seed))
    some = few(draws, scenarios)
    cases = [scenario_case(case, draws, s) for s in some.chosen.tolist()]
    built = [formulate(one) for one in cases]
    parts = [scenario_of(one, period - 1, p) for one, p in zip(built, some.probabilities.tolist(), strict=True)]
    middle = scenario_of(formulate(mean_case(case, draws, some)), period - 1)

    def goals(made: Stacked, numbers: Sequence[int]) -> Sequence[Goal]:
        return further_goals(made, [built[number] for number in numbers])

    try:
        found = two_stage(parts, middle, goals, time_limit, method=method, executor=executor)
    except NoPlanError as error:
        raise _no_plan(case, draws, some, period, error) from None
    if found.broken:
        raise UnverifiedPlanError(found.broken)
    plans, reached = _plans(found, cases, built), found.stochastic.reached
    return Staged(
        case=case,
        known=period,
        several=len({one.period for one in case.spreads.known}) > 1,
        draws=draws,
        some=some,
        found=found,
        figures=_figures(found, some),
        lines=_lines_before(plans[0], period),
        plans=plans,
        classes=classes_of(case, draws, some, plans, reached, period),
    )


def _known(case: Case) -> int:
    """The period from which all that will be known is known; CaseError where there is none."""
    if not case.spreads:
        fix = "write a spread, as in `effort: 12 s/image ±20%`, and when it is known"
        raise CaseError.of(
            "no amount of the case has a spread, so there is nothing to wait for", case.place(), fix, code="E-spread"
        )
    if not case.spreads.known:
        fix = "say it, as in `uncertain: {known: [{of: demand of scans, from: week 5}]}`"
        place = case.place("uncertain") if case.place("uncertain") else case.place()
        raise CaseError.of(
            "the case does not say which amounts will be known, and from when on", place, fix, code="E-known"
        )
    last = max(case.spreads.known, key=lambda one: one.period)
    if not 1 < last.period <= case.periods.count:
        unit = case.periods.unit
        when = (
            "before anything is decided"
            if last.period <= 1
            else f"after the last {unit}, so there is nothing to wait for"
        )
        fix = f"name a {unit} from 2 to {case.periods.count}; `allocate hedge` plans for what is never known in time"
        raise CaseError.of(f"all that will be known is known {when}", last.place, fix)
    return last.period


def _no_plan(case: Case, draws: Draws, some: Few, period: int, error: NoPlanError) -> CaseError:
    """Why there is no decision in two stages, in the case's words."""
    unit, fix = (
        case.periods.unit,
        "demand and milestones with a penalty give way; `allocate hedge` keeps them with some odds",
    )
    if error.outcome is not None and error.outcome.status is not Status.INFEASIBLE:
        fix = "give a longer --time-limit, or fewer scenarios (--most-scenarios)"
        return CaseError.of(f"no first stage was found that leaves a plan in every scenario: {error}", None, fix)
    if error.number is not None:
        s = int(some.chosen[error.number])
        amounts = [f"{name}={draws.spreads.moved[name].amount(float(v[s]))}" for name, v in draws.amounts.items()]
        said = f"one of the scenarios has no plan, whatever is decided: {', '.join(amounts[:4])}"
        return CaseError.of(said, case.place(), fix)
    if str(error).startswith("the case"):
        return CaseError.of(f"{error}, with every amount at its mean", case.place(), fix)
    said = f"nothing that can be decided before {unit} {period} leaves a plan in every scenario"
    return CaseError.of(said, case.place(), fix)


def _plans(found: TwoStage, cases: Sequence[Case], built: Sequence[Built]) -> tuple[Plan, ...]:
    """The plan of each scenario, verified; UnverifiedPlanError where one does not hold or their mean is another figure."""
    plans: list[Plan] = []
    broken: list[str] = []
    for number, (case, one, outcome) in enumerate(zip(cases, built, found.stochastic.outcomes, strict=True)):
        plan = planned(_decided(one, outcome), outcome)
        assert plan is not None
        plans.append(plan)
        broken += [f"scenario {number + 1}: {what}" for what in verify(case, plan).violations]
    objective = cases[0].file.objective[0]
    mean = float(found.probabilities @ np.array([plan.amount(objective) for plan in plans]))
    error = sum(p * plan.value_error for p, plan in zip(found.probabilities.tolist(), plans, strict=True))
    sum_of_parts = float(found.probabilities @ found.stochastic.reached)
    if abs(mean - sum_of_parts) > error + FIGURES_AGREE * max(abs(mean), 1.0):
        broken.append(f"the plans of the scenarios come to {mean:,.2f} on average, the program to {sum_of_parts:,.2f}")
    if broken:
        raise UnverifiedPlanError(tuple(broken))
    return tuple(plans)


def _decided(built: Built, outcome: Outcome) -> Built:
    """The program of a scenario with the levers that are bought as decided: one bought before is paid, used there or not."""
    assert outcome.values is not None
    layout, bought = built.layout, levers_bought(built, outcome.values)
    levers = tuple(replace(one, bought=True) if one.number in bought else one for one in layout.routes.levers)
    return replace(built, layout=replace(layout, routes=replace(layout.routes, levers=levers)))


def _figures(found: TwoStage, some: Few) -> tuple[Figure, ...]:
    """All figures with brackets, and how far each may be off for the scenarios drawn."""
    reached = found.stochastic.reached
    knowing = _each(found.knowing)
    sign = 1.0 if found.maximise else -1.0
    ignoring = None if found.eev is None else _each(found.of_middle)
    vss = None if ignoring is None else block_error(sign * (reached - ignoring), some)
    return (
        Figure("EV", "the mean-value plan, as if every amount came to its mean", found.middle.best, None),
        Figure(
            "EEV",
            "what its first stage reaches on average",
            found.eev,
            None if ignoring is None else block_error(ignoring, some),
        ),
        Figure("RP", "the best first stage for all scenarios", found.rp, block_error(reached, some)),
        Figure("WS", "if everything were known before the first stage", found.ws, block_error(knowing, some)),
        Figure("VSS", "what deciding for all scenarios is worth", found.vss, vss),
        Figure(
            "EVPI",
            "what knowing everything beforehand is worth",
            found.evpi,
            block_error(sign * (knowing - reached), some),
        ),
    )


def _each(some: Sequence[object]) -> Floats:
    return np.array([one.best.middle for one in some])  # type: ignore[attr-defined]


def _lines_before(plan: Plan, known: int) -> tuple[PlanLine, ...]:
    """The lines of a plan whose work is in the periods before one (from 1)."""
    found, lines = [], plan.lines
    levers = lines["levers"].tolist() if "levers" in lines else [""] * len(lines)
    names = [lines[name].tolist() for name in ("product", "vendor", "workflow", "period", "items")]
    for product, vendor, workflow, period, items, own in zip(*names, levers, strict=True):
        if period < known:
            chosen = tuple(name for name in str(own).split(JOIN) if name)
            found.append(PlanLine(product, vendor, workflow, int(period), float(items), chosen))
    return tuple(found)
