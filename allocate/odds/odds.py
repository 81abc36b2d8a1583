"""`odds`: a plan in many scenarios, and how likely it keeps what the case promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from allocate.case.document import Path_
from allocate.case.load import Case, CaseLike, as_case
from allocate.case.schema.uncertain import BLOCKS
from allocate.costing.table import Routes
from allocate.errors import CaseError
from allocate.odds.drawing import Draws, draw
from allocate.odds.drawn import as_written, drawn_of, luck_of
from allocate.odds.drivers import Driver, drivers, own_draws, words_of
from allocate.odds.estimates import Estimate, Range, mean_where, range_of
from allocate.odds.estimates import odds as odds_of
from allocate.odds.knowing import Knowing, knowing
from allocate.odds.outcomes import Held, Outcomes, held_plan, outcomes
from allocate.odds.promises import Promise
from allocate.odds.replanning import replanned
from allocate.odds.stopping import stopped_at_budget
from allocate.plan import Plan
from allocate.tables.column import Grid
from allocate.tables.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

Policy = Literal["carry-over", "stop-at-budget", "re-plan"]
MOST = 65_536
"""Scenarios up to which more are drawn for a precision that was asked for."""


@dataclass(frozen=True)
class LimitOdds:
    """One limit: how likely it is kept, what it comes to, and by how much it is missed."""

    promise: Promise = field(repr=False)
    kept: Estimate
    reached: Range
    missed_by: Estimate
    """Mean of what is missing, of the scenarios that miss it, in the limit's unit; nan where none does."""
    items_missing: Estimate | None
    """Of a deadline: items that are not there in time, in those scenarios."""
    open_ended: bool
    """Whether in some scenarios a deadline is not met within the horizon, so that it is missed by more than is counted."""


@dataclass(frozen=True)
class Made:
    """What is made of a product."""

    product: str
    noun: str
    planned: float
    """Items."""
    due: int
    """Number of the period in which the plan has them all."""
    in_time: Estimate
    """Chance that they are all there by then (99 % of them)."""
    items: Range
    """Delivered within the horizon."""
    finish: Range
    """Number of the period in which all are there, one after the last where they never are."""


@dataclass(frozen=True, repr=False)
class Odds(Shown):
    """A plan in many scenarios."""

    case: Case = field(repr=False)
    draws: Draws = field(repr=False)
    outcomes: Outcomes = field(repr=False)
    planned: Mapping[str, float]
    """The plan's own figures, where everything comes out at P50: spend, value, net value, and by limit what it reaches."""
    policy: Policy
    limits: tuple[LimitOdds, ...]
    together: Estimate
    """Chance that all limits hold."""
    figures: Mapping[str, Range]
    """Spend, value and net value."""
    made: tuple[Made, ...]
    drivers: tuple[Driver, ...]
    notes: tuple[str, ...] = ()
    known: Knowing | None = None
    """What knowing would be worth; None where it was not asked, or the case aims at no value."""

    @property
    def count(self) -> int:
        """Number of scenarios."""
        return self.draws.count

    @cached_property
    def results(self) -> Mapping[str, np.ndarray]:
        """Money of each scenario by figure."""
        return money_of(self.outcomes)

    @property
    def table(self) -> pd.DataFrame:
        """One row for each scenario: everything drawn, then what became of the plan."""
        table, drawn = self.draws.table(), self.outcomes.track.drawn
        unit, found = self.case.periods.unit, dict[str, np.ndarray]()
        for name, factors in self.draws.weekly.items():
            found |= {f"{name} in {unit} {number + 1}": one for number, one in enumerate(factors.T)}
        for key, words in luck_of(self.case).items():
            found[f"luck with {words.removeprefix('items of ')}"] = drawn.chance[key]
        found |= {name.replace(" ", "_"): values for name, values in self.results.items()}
        for one in self.limits:
            found[one.promise.name] = one.promise.reached
            found[f"{one.promise.name}: kept"] = one.promise.kept
        return table.assign(**found, all_kept=self.outcomes.kept)

    def as_object(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        from allocate.odds.shown import as_object

        return as_object(self)

    def facts(self) -> dict[str, str]:
        """How likely all limits hold together."""
        from allocate.odds.shown import chance

        together = chance(self.together) if self.limits else "no limit to miss"
        return {"": self.case.name, "scenarios": f"{self.count:,}", "all limits kept": together}

    def grids(self) -> tuple[Grid, ...]:
        """Limits, money, what is made, and what moves it."""
        from allocate.odds.shown import grids

        return grids(self)


def plan_odds(
    case: CaseLike,
    plan: Plan | None = None,
    *,
    scenarios: int | None = None,
    seed: int | None = None,
    within: float | None = None,
    policy: Policy = "carry-over",
    worth_knowing: int = 0,
    table: Routes | None = None,
) -> Odds:
    """A plan in many scenarios of its case, held whatever happens: how likely each limit, and all of them, are kept.

    plan: absent, the case is solved at P50. within: as many scenarios are drawn as bring every odds to within this, in
    shares. worth_knowing: of how many scenarios the best plans are tried beside it, to say what knowing each input is worth.
    table: the case's routes, where they are there already.

    Raises CaseError for a case without any spread, one that has no plan, and scenarios that are no multiple of 8.
    """
    case = as_case(case)
    refuse_certain(case)
    many = _in_blocks(case.spreads.settings.scenarios if scenarios is None else scenarios)
    if plan is None:
        plan, table = _solved(case)
    if table is None:
        from allocate.costing.routes import routes

        table = routes(case)
    own = held_plan(table, plan, as_written(case))
    while True:
        draws = draw(case, many, seed)
        if policy == "re-plan":
            held, said = replanned(case, own, draws)
            found = _odds(case, (held, own), draws, policy)
            found = replace(found, notes=(*found.notes, *said))
        else:
            found = _odds(case, (own, own), draws, policy)
        reached = max([found.together.error, *(one.kept.error for one in found.limits)])
        if within is None or reached <= within or many >= MOST:
            break
        many *= 2
    if worth_knowing:
        found = _with_knowing(found, own, worth_knowing)
    return found if within is None else _with_precision(found, within, reached)


def refuse_certain(case: Case) -> None:
    """A case that says of no amount that it may come out differently has no odds; CaseError with what to write."""
    if not case.spreads:
        raise CaseError.of(
            f"no amount of {case.name} has a spread",
            case.place(),
            "write spreads, as in `effort: 12 s/image ±20%` or `price: 0.38 .. 0.42 .. 0.55 USD/page`; "
            "or `--spread 10%` to try one for every input",
        )


def _in_blocks(many: int) -> int:
    """So many scenarios; CaseError where they do not part into blocks."""
    if many % BLOCKS or many < 2 * BLOCKS:
        fix = f"ask for {max(round(many / BLOCKS), 2) * BLOCKS:,}"
        raise CaseError.of(f"scenarios are drawn in {BLOCKS} equal parts, and {many:,} are not", None, fix)
    return many


def _solved(case: Case) -> tuple[Plan, Routes]:
    from allocate.api.solving import solve

    answer = solve(case)
    return answer.plan_or("`allocate explain` says more"), answer.routes


def _with_knowing(found: Odds, held: Held, plans: int) -> Odds:
    """The same with what knowing each input would be worth."""
    words = words_of(found.case, found.draws)
    own = {words[name]: drawn for name, drawn in own_draws(found.draws).items()}
    known = knowing(found.case, held, found.draws, found.outcomes.track.drawn, own, plans)
    if known is None:
        return replace(
            found, notes=(*found.notes, "what knowing is worth is told where a case aims at net value or value")
        )
    with_worth = tuple(replace(one, worth_knowing=known.amounts[one.amount]) for one in found.drivers)
    return replace(found, drivers=with_worth, known=known)


def _with_precision(found: Odds, within: float, reached: float) -> Odds:
    said = "as asked" if reached <= within else f"the most that are drawn; {100 * within:g} was asked for"
    return replace(
        found,
        notes=(*found.notes, f"{found.count:,} scenarios: every odds is within ±{100 * reached:.1f} points, {said}"),
    )


def _odds(case: Case, plans: tuple[Held, Held], draws: Draws, policy: Policy) -> Odds:
    """plans: the one that is held in the scenarios, and the one that is best where everything comes out at P50."""
    drawn, held = drawn_of(case, draws), plans[0]
    found, own = outcomes(held, drawn), outcomes(plans[1], as_written(case))
    if policy == "stop-at-budget":
        found = stopped_at_budget(found)
    blocks, money = draws.blocks, money_of(found)
    moving = {**money, "all kept": found.kept.astype(np.float64)} if found.promises else money
    moving = {
        name: values for name, values in moving.items() if np.ptp(values) > 1e-9 * max(1.0, float(np.abs(values).max()))
    }
    planned = {name: float(values[0]) for name, values in money_of(own).items()}
    planned |= {one.name: float(one.reached[0]) for one in own.promises}
    return Odds(
        case, draws, found, planned, policy,
        tuple(_limit(one, draws, case.periods.count) for one in found.promises),
        odds_of(found.kept, blocks),
        {name: range_of(values, blocks) for name, values in money.items()},
        tuple(_made(held, found, own, draws, case)),
        drivers(case, draws, moving),
        tuple(_notes(case, draws)),
    )  # fmt: skip


def money_of(found: Outcomes) -> dict[str, np.ndarray]:
    """The money of every scenario that a case has: spend, value, net value."""
    money = {"spend": found.track.spend}
    if found.track.value.any():
        money |= {"value": found.track.value, "net value": found.net_value}
    elif found.track.error_cost.any() or found.track.penalty.any():
        money |= {"net value": found.net_value}
    return money


def _limit(one: Promise, draws: Draws, periods: int) -> LimitOdds:
    missed = ~one.kept
    items = None if one.missing is None else mean_where(one.missing, missed, draws.blocks)
    return LimitOdds(
        one, odds_of(one.kept, draws.blocks), range_of(one.reached, draws.blocks, one.kind == "deadline"),
        mean_where(one.short, missed, draws.blocks), items,
        one.kind == "deadline" and bool((one.reached > periods).any()),
    )  # fmt: skip


def _made(held: Held, found: Outcomes, own: Outcomes, draws: Draws, case: Case) -> Any:
    """What is made of each product with work in the plan."""
    product = own.held.table.product[own.held.route]
    for number, name in enumerate(case.products):
        at_first = float(own.held.items[product == number].sum())
        if at_first <= 0.0:
            continue
        due = int(own.track.finish(number, np.array([at_first]))[0])
        finish, nearly = (found.track.finish(number, np.array(part * at_first)) for part in (1.0, ENOUGH))
        there = found.track.delivered[number, -1]
        yield Made(
            name, held.table.items[number], at_first, due, odds_of(nearly <= due, draws.blocks),
            range_of(there, draws.blocks), range_of(finish, draws.blocks, True),
        )  # fmt: skip


ENOUGH = 0.99
"""Part of the items planned from which all of them count as there."""


def _notes(case: Case, draws: Draws) -> Any:
    """What was drawn and cannot be counted."""
    even = [name for name, one in draws.spreads.amounts.items() if one.weekly is not None and name not in draws.weekly]
    if even:
        yield f"weeks differ by themselves for capacities and paces of vendors; of {', '.join(even)} their mean over the horizon counts"
    there = drawn_of(case, draws)
    lost = [name for name, one in draws.spreads.moved.items() if one.path not in there.figures]
    if lost:
        yield f"no odds count the spread of {', '.join(lost)}"
    fixed = [name for name, one in draws.spreads.moved.items() if one.path in there.figures and _is_a_limit(one.path)]
    if fixed:
        yield f"limits are held as they are at P50, whatever their spread: {', '.join(fixed)}"


def _is_a_limit(path: Path_) -> bool:
    """Whether a figure is a limit that odds take as it is written: of a rule, or on accuracy, a quality or a score."""
    last = path[-1]
    if path[0] == "rules":
        return last != "penalty"
    of = path[2] if path[0] == "products" and len(path) > 2 else None
    if of == "accuracy":
        return last in ("accuracy", "at-least", "confidence")
    return (of == "qualities" and last in ("at-least", "at-most")) or last == "score-at-least"
