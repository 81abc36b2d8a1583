"""Near-optimal plans that differ from the best: what fewer vendors, a more even mix, or less change would cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from allocate.case.load import Case
from allocate.case.plan_file import PlanLine
from allocate.certificate.agreement import Figures, aimed, disagreements
from allocate.costing.routes import routes
from allocate.costing.table import Routes
from allocate.costing.value.values import product_values
from allocate.plan import Plan, make_plan
from allocate.program.arrays import Floats
from allocate.program.build import Built, build, levers_bought
from allocate.program.naming import Block
from allocate.program.objective import Aim
from allocate.solvers.outcome import Outcome, Status
from allocate.solvers.solve import Goal, solve
from allocate.tables.shown import Shown
from allocate.verification import Verification, verify

ROUNDING = 1e-9
"""Share of the best objective that is rounding of the solver."""


@dataclass(frozen=True)
class Alternative:
    """A plan within reach of the best one, and what it costs against it."""

    name: str
    measure: str
    """What is as small as it can be, in words."""
    best: float | None
    """The measure in the best plan; None for the best plan itself."""
    here: float | None
    plan: Plan = field(repr=False)
    objective: float
    """What it reaches of the case's first objective."""
    costs: float
    """By how much that is worse than in the best plan, in money."""
    proven: bool
    """Whether no plan within reach does better by the measure."""
    verification: Verification = field(repr=False)


@dataclass(frozen=True, repr=False)
class Alternatives(Shown):
    """The best plan first, then those that differ."""

    objective: str
    within: float
    plans: tuple[Alternative, ...]
    left_out: tuple[str, ...]
    """What was not found, and why."""

    def facts(self) -> dict[str, str]:
        """The plans by name, and what each gives up."""
        return {"within": f"{self.within:.2%}", **{one.name: f"costs {one.costs:,.2f}" for one in self.plans}}


def alternatives(
    case: Case, within: float = 0.01, before: Iterable[PlanLine] = (), time_limit: float | None = None
) -> Alternatives | None:
    """Plans that reach all but a share of the best objective and differ from it as much as they can in one respect.

    within: share of the best plan's first objective an alternative may give up. before: the lines of a plan (last
    quarter's) to change as little as possible; empty for none. time_limit: s, for each of the plans.
    None where the case has no plan. Each is the optimum of a program of its own, of equals the one that reaches most of
    the case's objective; each is verified.
    """
    ways = routes(case)
    values, lines = product_values(case, ways), tuple(before)
    built = build(case, ways, values)
    outcome = solve(built.program, time_limit=time_limit, then=_goals(built, built.aims[1:]))
    if outcome.values is None or outcome.objective is None:
        return None
    best = _alternative(built, outcome, None, None)
    plans, left_out = [best], list[str]()
    for kind in (FEWEST, EVEN, *([_least_change(ways, lines)] if lines else [])):
        built = build(case, ways, values)
        stay_near(built, outcome.objective, max(within, ROUNDING) * max(abs(outcome.objective), ROUNDING))
        try:
            costs = kind.shape(built)
        except UnboundedError as error:
            left_out.append(f"{kind.name}: {error}")
            continue
        built.program.set_costs(costs, maximise=False)
        found = solve(built.program, time_limit=time_limit, then=_goals(built, built.aims))
        if found.values is None:
            left_out.append(f"{kind.name}: {found.message or 'no plan was found in time'}")
        else:
            plans.append(_alternative(built, found, kind, best))
    return Alternatives(case.file.objective[0], within, tuple(plans), tuple(left_out))


class UnboundedError(Exception):
    """Nothing limits how many items could be ordered, so vendors cannot be switched off in the program."""


@dataclass(frozen=True, eq=False)
class Kind:
    """A respect in which a plan may differ."""

    name: str
    measure: str
    shape: Callable[[Built], Floats]
    """Adds columns and rows that measure it to a program, and gives the costs that make it least."""
    of_plan: Callable[[Plan], float]
    """The measure of a plan."""


def _alternative(built: Built, outcome: Outcome, kind: Kind | None, best: Alternative | None) -> Alternative:
    """The plan of a solved program, verified and compared."""
    layout = built.layout
    assert outcome.values is not None
    items = outcome.values[layout.items.start : layout.items.stop]
    bought, staff = levers_bought(built, outcome.values), built.staff.decided(outcome.values)
    plan = make_plan(layout.values, layout.lines(items, bought, staff))
    objective = plan.amount(built.aims[0].name)
    checked = verify(layout.case, plan)
    figures = Figures(None, None, aimed(built, outcome.values), objective, checked.reached[built.aims[0].name], None)
    apart = disagreements(built, figures, plan.spend, plan.value)
    worse = 0.0 if best is None else (best.objective - objective) * (1.0 if built.aims[0].maximise else -1.0)
    return Alternative(
        name=kind.name if kind else "best plan",
        measure=kind.measure if kind else "",
        best=kind.of_plan(best.plan) if kind and best else None,
        here=kind.of_plan(plan) if kind else None,
        plan=plan,
        objective=objective,
        costs=worse + 0.0,  # nothing reads -0
        proven=outcome.status is Status.OPTIMAL,
        verification=replace(checked, violations=(*checked.violations, *apart)),
    )


def _goals(built: Built, aims: Sequence[Aim]) -> list[Goal]:
    """The case's goals and tie breaks over all columns of a program to which some were added."""

    def wide(costs: Floats) -> Floats:
        return np.concatenate([costs, np.zeros(built.program.column_count - len(costs))])

    goals = [Goal(aim.name, wide(aim.costs), aim.maximise) for aim in aims]
    return [*goals, *(Goal(tie.name, wide(tie.costs), tie.maximise, breaks_ties=True) for tie in built.ties)]


def stay_near(built: Built, best: float, room: float) -> None:
    r"""Reach the best objective but for some room.

    .. math:: \sum_j c_j \, x_j \ge z^* - \delta \qquad [\text{money}]

    (for a cost: at most :math:`z^* + \delta`), with z the best there is.
    """
    aim = built.aims[0]
    lower, upper = (best - room, np.inf) if aim.maximise else (-np.inf, best + room)
    row = built.program.add_rows("near_best", lower=lower, upper=upper)
    columns = np.flatnonzero(aim.costs)
    built.program.add_terms(row.start, columns, aim.costs[columns])


def _used_vendors(built: Built) -> Floats:
    r"""Count the vendors that make anything.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} \le M_{pv} \, u_v \qquad \forall p, v; \qquad \min \sum_v u_v

    with u 0 or 1 and M the most items of the pair the case allows.
    """
    program, layout = built.program, built.layout
    pairs = np.unique(np.stack([layout.product, layout.vendor]), axis=1)
    most = layout.most_items[pairs[0], pairs[1]]
    if not np.isfinite(most).all():
        name = layout.routes.products[int(pairs[0][np.argmin(np.isfinite(most))])]
        raise UnboundedError(f"nothing limits how many items of {name} could be ordered")
    vendors = np.unique(pairs[1])
    used = program.add_columns("kept", {"vendor": vendors}, upper=1.0, integer=True)
    rows = program.add_rows("kept_pair", {"product": pairs[0], "vendor": pairs[1]}, upper=0.0)
    row_of = np.full(layout.most_items.shape, -1)
    row_of[pairs[0], pairs[1]] = rows.ids
    program.add_terms(row_of[layout.product, layout.vendor], layout.ids, 1.0)
    program.add_terms(rows.ids, used.ids[np.searchsorted(vendors, pairs[1])], -most)
    return _one_each(built, used)


def _busiest(built: Built) -> Floats:
    r"""The work of the vendor that has most.

    .. math:: \sum_{r \in R(v), t} q_r \, x_{rt} \le m \qquad \forall v; \qquad \min m \qquad [\text{EU}]
    """
    program, layout = built.program, built.layout
    vendors = np.unique(layout.vendor)
    most = program.add_columns("busiest", count=1)
    rows = program.add_rows("busiest_vendor", {"vendor": vendors}, upper=0.0)
    program.add_terms(rows.ids[np.searchsorted(vendors, layout.vendor)], layout.ids, layout.equivalent_units)
    program.add_terms(rows.ids, np.full(len(rows), most.start), -1.0)
    return _one_each(built, most)


def _one_each(built: Built, block: Block) -> Floats:
    costs = np.zeros(built.program.column_count)
    costs[block.ids] = 1.0
    return costs


FEWEST = Kind("fewest vendors", "vendors used", _used_vendors, lambda plan: float((plan.vendors["items"] > 0).sum()))
EVEN = Kind(
    "most even mix",
    "work of the busiest vendor (EU)",
    _busiest,
    lambda plan: float(plan.vendors["equivalent_units"].max()),
)


def _least_change(ways: Routes, before: Sequence[PlanLine]) -> Kind:
    r"""Least change from another plan: items of each product and vendor, in all periods, weighed by their work.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} - a_{pv} + d_{pv} = X_{pv} \qquad \forall p, v; \qquad
        \min \sum_{p,v} q_p \, (a_{pv} + d_{pv}) \qquad [\text{EU}]

    with X the items of the other plan.
    """
    old = np.zeros((len(ways.products), len(ways.vendors)))
    for line in before:
        old[ways.products.index(line.product), ways.vendors.index(line.vendor)] += line.items
    weight = np.zeros(len(ways.products))
    weight[ways.product] = ways.equivalent_units

    def shape(built: Built) -> Floats:
        program, layout = built.program, built.layout
        product, vendor = np.nonzero(np.ones(old.shape, dtype=bool))
        axes = {"product": product, "vendor": vendor}
        more, less = program.add_columns("more_items", axes), program.add_columns("less_items", axes)
        rows = program.add_rows("as_before", axes, lower=old.ravel(), upper=old.ravel())
        program.add_terms(rows.ids[layout.product * old.shape[1] + layout.vendor], layout.ids, 1.0)
        program.add_terms(rows.ids, more.ids, -1.0)
        program.add_terms(rows.ids, less.ids, 1.0)
        costs = np.zeros(program.column_count)
        costs[more.ids] = costs[less.ids] = weight[product]
        return costs

    def of_plan(plan: Plan) -> float:
        made = np.zeros(old.shape)
        for line in plan.lines.itertuples():
            made[ways.products.index(line.product), ways.vendors.index(line.vendor)] += line.items
        return float((np.abs(made - old) * weight[:, None]).sum())

    return Kind("least change", "work moved (EU)", shape, of_plan)
