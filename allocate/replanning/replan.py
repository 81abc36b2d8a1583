"""The rest of a plan, planned again: the best that is left, with the least change from what was planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from allocate.actuals.reading import Actuals, read_actuals
from allocate.answers import Answer
from allocate.api.evaluating import evaluate
from allocate.api.goals import amount_of, changed, lines_of_plan
from allocate.api.notes import notes_on
from allocate.api.solving import formulate, solve
from allocate.case.load import Case, CaseLike, as_case, revised
from allocate.case.moments import When, WhenType
from allocate.case.plan_file import PlanLine
from allocate.certificate.certificate import prices
from allocate.costing.routes import routes
from allocate.errors import CaseError, Place
from allocate.plan import Plan
from allocate.replanning.change import Near, in_order, nearest, staff_of_plan
from allocate.replanning.exempt import broken_for_good, over_for_good
from allocate.replanning.facts import Facts, exempting, facts_of, first_planned
from allocate.replanning.letters import letters
from allocate.replanning.worth import Worth, worth_at
from allocate.solvers.outcome import Limit, Status
from allocate.tables.column import names
from allocate.tables.frames import table_of
from allocate.tables.shown import Shown
from allocate.tables.table import Table
from allocate.tables.tracked import CHANGES
from allocate.tolerances import LINE_HELD, PROVEN


@dataclass(frozen=True, repr=False, eq=False)
class Replanned(Shown):
    """A plan of the rest, beside the one there was."""

    answer: Answer
    """The new plan with its proof, what is done in it as facts; or why there is none."""
    before: Plan = field(repr=False)
    """The earlier plan."""
    done: Facts = field(repr=False)
    """What is done, and the overlay that says so."""
    best: float | None
    """What the best plan of the rest reaches of the first objective; None where there is none."""
    exempt: tuple[str, ...]
    """Limits that what is done breaks for good, and that were asked of the rest alone."""
    notes: tuple[str, ...] = ()
    """What a reader must know of the facts, beside the notes of the answer."""

    @property
    def case(self) -> Case:
        """The case with its facts."""
        return self.answer.case

    @cached_property
    def moved(self) -> tuple[float, float]:
        """Work added to lines of the earlier plan, and work taken from them, EU: what goes from one to another is in both."""
        if self.answer.plan is None:
            return 0.0, 0.0
        return changed(self.case, self.answer.routes, self.answer.plan, lines_of_plan(self.before))

    @cached_property
    def changes(self) -> Table:
        """Lines that are not as they were, from the first planned period on; see `CHANGES`."""
        after = self.answer.plan
        return Table.from_rows(names(CHANGES), []) if after is None else changes(self.case, self.before, after)

    @cached_property
    def letters(self) -> dict[str, str]:
        """A letter in Markdown for each vendor with work in either plan, by its name: what changes for it."""
        after = self.answer.plan
        return {} if after is None else letters(self.case, self.before, after, self.changes)

    def facts(self) -> dict[str, str]:
        """From when on it is planned, and what became of it."""
        return {"from": self.case.periods.label(self.done.first), "answer": self.answer.status.value}


def replan(
    case: CaseLike,
    plan: Plan,
    actuals: Actuals | str | Path | Sequence[str | Path],
    from_: str,
    *,
    measured: Mapping[str, Any] | str | Path = (),  # type: ignore[assignment]
    within: float = 0.0,
    change: float | None = None,
    then: Case | None = None,
    time_limit: float | None = None,
) -> Replanned:
    """The best plan of the rest once some periods are past: what was recorded before `from_` are facts, all else is planned.

    plan: the plan that was worked. actuals: what `allocate actuals import` wrote, or its folders. from_: the first period
    planned, as in `week 5`. measured: figures that hold from then on, as `allocate calibrate` writes them, or that file.
    within: share of the best objective that may be given up for less change; change: money of the case's currency that one EU
    of work moved weighs in the objective. then: the case as the plan was made of it; absent: as it is now, without `measured`.

    Facts keep the limits of no period, and count in all sums: demand, budgets, windows of contracts, experience. Of plans
    that are as good the one is taken that moves least work of the earlier plan.

    Raises CaseError for records that do not fit the case, and where what is done leaves no plan: with the fact and the limit.
    """
    given = without_facts(as_case(case))
    then = given if then is None else without_facts(then)
    when = _when(from_)
    first = first_planned(given, when)
    now = revised(given, _settings(measured)) if measured else given
    folders = [actuals] if isinstance(actuals, (str, Path)) else actuals
    records = folders if isinstance(folders, Actuals) else read_actuals([Path(one) for one in folders])
    facts = facts_of(now, then, plan, records, first)
    now, answer, facts, exempt = _best(now, facts, time_limit)
    told = (*_moved(given, when, first), *facts.notes)
    if answer.plan is None:
        reasons = (*over_for_good(now), *answer.reasons)
        return Replanned(replace(answer, reasons=reasons), plan, facts, None, (), told)
    best, near = answer.objective, Near(within, change)
    if first or within or change is not None:
        answer = _least_changed(now, answer, plan, near, time_limit)
    apart = (f"what is done breaks '{name}' for good, so it is applied to the rest alone" for name in exempt)
    return Replanned(answer, plan, facts, best, exempt, (*told, *apart))


def _best(undone: Case, facts: Facts, time_limit: float | None) -> tuple[Case, Answer, Facts, tuple[str, ...]]:
    """The case with its facts, and its best plan; where facts leave none, without what they break for good."""
    now = revised(undone, facts.settings) if facts.settings else undone
    answer = solve(now, time_limit=time_limit, conflicts=False)
    if answer.status is Status.INFEASIBLE and (exempt := broken_for_good(now)):
        apart = exempting(facts, exempt)
        freed = revised(undone, apart.settings)
        again = solve(freed, time_limit=time_limit, conflicts=False)
        if again.plan is not None:
            return freed, again, apart, exempt
    return now, answer, facts, ()


def _moved(case: Case, when: When, first: int) -> tuple[str, ...]:
    """Says so where the day asked for lies inside a period, all of which is planned."""
    starts = case.periods.first_day(first)
    if when.date is None or when.date <= starts:
        return ()
    label = case.periods.label(first)
    return (f"{when.date.isoformat()} lies in {label}, which began on {starts.isoformat()}: all of it is planned",)


def without_facts(case: Case) -> Case:
    """The case as if nothing were done yet."""
    return case if case.file.done is None else revised(case, {"done": None})


def _when(text: str) -> When:
    try:
        found: When = TypeAdapter(WhenType).validate_python(text)
    except ValidationError:
        message = f"'{text}' is neither a period of the horizon nor a day"
        raise CaseError.of(message, Place("--from"), "write it as in `week 5` or `2027-03-05`") from None
    return found


def _settings(measured: Mapping[str, Any] | str | Path) -> Mapping[str, Any] | list[str]:
    return measured if isinstance(measured, Mapping) else [f"@{measured}"]


def _least_changed(case: Case, answer: Answer, before: Plan, near: Near, time_limit: float | None) -> Answer:
    """The answer with the plan that changes least of an earlier one; as it is where none was found."""
    old = tuple(line for line in lines_of_plan(before) if line.period > case.planned_from)
    assert answer.plan is not None
    reached = [amount_of(case, answer.routes, answer.plan, name) for name in case.file.objective]
    same = _as_before(case, old, before)

    def as_good(plan: Plan | None) -> bool:
        goals = enumerate(zip(case.file.objective, reached, strict=True))
        return plan is not None and all(
            _as_good(case, n, amount_of(case, answer.routes, plan, name), best, near) for n, (name, best) in goals
        )

    found = same if as_good(same) else nearest(case, old, near, time_limit)
    if found is None or (near.price is None and not as_good(found)):
        return answer  # the search for less change ended early
    return answer if _alike(case, found, answer.plan) else _with_plan(case, answer, found)


def _as_before(case: Case, old: Sequence[PlanLine], before: Plan) -> Plan | None:
    """The facts and the rest of the earlier plan just as it was; None where that breaks a limit."""
    done = case.past.work if case.past is not None else ()
    ways = routes(case)
    try:
        made = evaluate(case, in_order(ways, [*done, *old], case.planned_from), staff_of_plan(case, before))
    except KeyError:
        return None
    return made.plan if made.holds else None


def _as_good(case: Case, number: int, amount: float, best: float, near: Near) -> bool:
    """Whether a plan reaches as much as the best one of a goal, or nearly."""
    room = max(near.within if number == 0 else 0.0, PROVEN) * max(abs(best), 1.0)
    worse = best - amount if case.file.objective[number] in ("value", "net-value") else amount - best
    return worse <= room


def _alike(case: Case, one: Plan, other: Plan) -> bool:
    """Whether two plans are the same to the last digit, people included."""
    staff = (vars(staff_of_plan(case, plan)).values() for plan in (one, other))
    same_staff = all(np.array_equal(*parts) for parts in zip(*staff, strict=True))
    return same_staff and lines_of_plan(one) == lines_of_plan(other)


def _with_plan(case: Case, answer: Answer, plan: Plan) -> Answer:
    """An answer with another plan under the same bound: optimal where that reaches as much, else feasible."""
    from allocate.api.solving import _verified

    assert answer.certificate is not None
    objective = plan.amount(case.file.objective[0])
    certificate = replace(answer.certificate, objective=objective, fixed=None)
    worse = abs(objective - answer.certificate.objective) > PROVEN * max(1.0, abs(objective))
    built, checked = formulate(case), _verified(case, plan)
    worth = Worth(certificate, None) if worse else worth_at(built, plan, checked, certificate)
    return replace(
        answer,
        plan=plan,
        certificate=worth.certificate,
        verification=checked,
        prices=prices(built, worth.certificate),
        moving=lambda: worth.moved,
        status=Status.FEASIBLE if worse else answer.status,
        limit=Limit.GAP if worse else answer.limit,
        notes=notes_on(built, plan),
    )


Key = tuple[str, str, str, int]
"""Product, vendor, workflow and number of the period."""


def changes(case: Case, before: Plan, after: Plan) -> Table:
    """Lines of the periods that are planned which are not as they were, in the order of products, vendors and periods."""
    old, new = _made(before), _made(after)
    rows = []
    for key in sorted({*old, *new}, key=lambda one: _order(case, one)):
        (items_before, spend_before), (items, spend) = old.get(key, (0.0, 0.0)), new.get(key, (0.0, 0.0))
        if key[3] > case.planned_from and abs(items - items_before) > LINE_HELD * max(items, items_before):
            start = case.periods.starts[key[3] - 1].isoformat()
            money = (spend_before, spend, spend - spend_before)
            rows.append((*key, start, items_before, items, items - items_before, *money))
    return Table.from_rows(names(CHANGES), rows)


def _made(plan: Plan) -> dict[Key, tuple[float, float]]:
    """Items and spend of each line, whatever levers it is worked with."""
    sums: dict[Key, tuple[float, float]] = {}
    for product, vendor, workflow, period, items, spend in table_of(plan, "lines").rows(
        "product", "vendor", "workflow", "period", "items", "spend"
    ):
        many, money = sums.get((product, vendor, workflow, int(period)), (0.0, 0.0))
        sums[product, vendor, workflow, int(period)] = (many + items, money + spend)
    return sums


def _order(case: Case, key: Key) -> tuple[int, int, int, str]:
    return list(case.products).index(key[0]), list(case.vendors).index(key[1]), key[3], key[2]
