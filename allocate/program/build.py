"""The formulation: this page is its index, every line a family of columns or rows with its own algebra."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.routes import Routes
from allocate.costing.terms.schedules import schedules
from allocate.costing.value.values import NOTHING, Ignoring, ProductValue
from allocate.program import engagement as contracts
from allocate.program.charges import Charge
from allocate.program.clauses import commitment as commitments
from allocate.program.clauses import levers, seats, tiers
from allocate.program.clauses import penalties as cash_penalties
from allocate.program.clauses import quality as performance
from allocate.program.clauses import rebate as rebates
from allocate.program.clauses import switching as incumbents
from allocate.program.clauses import wages as teams
from allocate.program.layout import Floats, Layout, item_columns
from allocate.program.limits import accuracy as quality
from allocate.program.limits import budget as money
from allocate.program.limits import capacity, demand, learning, value
from allocate.program.objective import Aim, aims, tie_breaks, worth
from allocate.program.program import Program
from allocate.program.pulp_face import Column
from allocate.program.rules import count as rules
from allocate.program.rules import share as mix
from allocate.tables.shown import Shown


# Not frozen: `built.program += rule` adds in place and then assigns the program to where it was.
@dataclass(repr=False, eq=False)
class Built(Shown):
    """A program, what its columns stand for, its goals in order, and how ties are broken."""

    program: Program
    layout: Layout
    aims: tuple[Aim, ...]
    ties: tuple[Aim, ...]
    staff: teams.Staffing
    worth: Floats
    """What one unit of each column spends, as goals count it."""
    learned: learning.Learned
    """The pairs that learn."""

    def facts(self) -> dict[str, str]:
        """The size of its program, and its goals."""
        case = self.layout.case
        goals = ", ".join(f"{'most' if one.maximise else 'least'} {one.name}" for one in self.aims)
        size = f"{self.program.column_count:,} columns, {self.program.row_count:,} rows"
        return {"": case.name, "program": size, "goals": goals}


def build(case: Case, routes: Routes, values: Mapping[int, ProductValue], ignoring: Ignoring = NOTHING) -> Built:
    """The program of a case; the first goal is the program's own objective.

    ignoring: limits whose rows are to be changed afterwards, so that nothing else may be derived from them.
    Raises CaseError where a result asked for is out of reach of its value curve.
    """
    program = Program("allocate", maximise=True)
    program.names = names_of(case, routes)
    layout = item_columns(program, case, routes, values, ignoring)
    stretches = value.value_columns(program, layout)

    bought = levers.lever_columns(program, layout)
    engaged = contracts.engagement(program, layout, *contracts.needed(layout))
    charges: list[Charge] = [*tiers.tiers(program, layout), *contracts.fees(layout, engaged)]
    charges += seats.seats(program, layout)
    charges += incumbents.switching_cost(program, layout)
    charges += commitments.commitment(program, layout, engaged, charges)
    charges += rebates.rebate(program, layout, charges)
    charges += performance.delivered_accuracy(program, layout)
    charges += levers.lever_charges(layout, bought)
    charges += cash_penalties.paid_penalties(program, layout)
    commitments.ceiling(program, layout, charges)
    contracts.minimum_order(program, layout, engaged)
    contracts.order_multiple(program, layout)

    learned = learning.learned_work(program, layout)
    learning.learned_filled(program, layout, learned)
    learning.learned_open(program, layout, learned)
    learning.learned_kept(program, layout, learned)

    staff = teams.team_people(program, layout)
    teams.team_proficient(program, layout, staff)
    teams.team_hours(program, layout, staff, learned)
    teams.team_overtime(program, layout, staff)
    teams.team_hires(program, layout, staff)
    teams.team_shifts(program, layout, staff)
    charges += teams.pay(layout, staff)

    money.budget(program, layout, charges)
    money.budget_period(program, layout, charges)
    money.budget_group(program, layout, charges)
    penalties = demand.demand_floor(program, layout)
    demand.demand_ceiling(program, layout)
    penalties += demand.milestone(program, layout)
    penalties += demand.milestone_late(program, layout)
    demand.work_in_progress(program, layout)
    penalties += quality.accuracy_floor(program, layout)
    penalties += quality.accuracy_floor_vendor(program, layout)
    penalties += quality.accuracy_floor_delivery(program, layout)
    capacity.vendor_hours(program, layout, bought, learned)
    capacity.vendor_items(program, layout, bought)
    capacity.first_work(program, layout)
    capacity.vendor_total(program, layout, bought)
    capacity.rate_items(program, layout)
    capacity.review_team_hours(program, layout)
    penalties += [
        *mix.vendor_share(program, layout, charges),
        *rules.vendor_count(program, layout, engaged),
        *rules.incompatible_products(program, layout, engaged),
        *rules.only_vendors(program, layout),
        *rules.fixed_quantity(program, layout),
        *rules.needs_product(program, layout),
    ]
    levers.lever_use(program, layout, bought)
    levers.lever_always(program, layout, bought)
    levers.lever_exclusion(program, layout, bought)
    levers.lever_needs(program, layout, bought)
    value.value_link(program, layout, stretches)
    value.value_step_filled(program, layout, stretches)
    value.value_step_open(program, layout, stretches)
    value.value_floor(program, layout, stretches)
    value.score_floor(program, layout)

    goals = aims(program, layout, stretches, charges, penalties)
    program.set_costs(goals[0].costs, maximise=goals[0].maximise)
    spent = worth(program, layout, charges)
    return Built(program, layout, goals, tie_breaks(program, layout, charges), staff, spent, learned)


def names_of(case: Case, routes: Routes) -> dict[str, list[str]]:
    """Names along the axes of a case's program."""
    levers = [one.name for one in routes.levers]
    plans = [
        f"{routes.vendors[one.vendor]}: {sorted(routes.products[product] for product in one.products)}"
        for one in schedules(case)
    ]
    return {
        "product": list(routes.products),
        "vendor": list(routes.vendors),
        "workflow": list(routes.workflows),
        "lever": levers,
        "levers": [" + ".join(sorted(levers[number] for number in some)) for some in routes.combinations],
        "rule": [rule.name for rule in case.file.rules],
        "schedule": plans,
    }


def levers_bought(built: Built, values: Floats) -> tuple[int, ...]:
    """Positions of the levers that are bought when the columns have some values."""
    block = built.program.columns.get("bought")
    return () if block is None else tuple(np.flatnonzero(values[block.start : block.stop] > 0.5).tolist())


def item_variables(
    built: Built,
    *,
    product: str | None = None,
    vendor: str | None = None,
    workflow: str | None = None,
    period: int | None = None,
) -> list[Column]:
    """The item columns of a product, vendor, workflow and period (from 1) as PuLP variables, for rules of your own.

    What is left out is not narrowed down. Raises KeyError for a name the case does not have.
    """
    layout, routes = built.layout, built.layout.routes
    chosen = np.ones(len(layout.ids), dtype=bool)
    for name, names, positions in (
        (product, routes.products, layout.product),
        (vendor, routes.vendors, layout.vendor),
        (workflow, routes.workflows, routes.workflow[layout.route]),
    ):
        if name is not None:
            if name not in names:
                raise KeyError(f"the case has no '{name}'; it has {', '.join(names)}")
            chosen &= positions == names.index(name)
    if period is not None:
        chosen &= layout.period == period - 1
    return [built.program.variable("items", int(position)) for position in np.flatnonzero(chosen)]
