"""The program of a case: the families of all floors' indexes, built stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.limits import NOTHING, Ignoring
from allocate.costing.table import Routes
from allocate.costing.terms.schedules import schedules
from allocate.costing.value.values import ProductValue
from allocate.program.arrays import Booleans, Floats
from allocate.program.clauses import CLAUSES, wages
from allocate.program.goals import GOALS
from allocate.program.layout import Layout, item_columns
from allocate.program.limits import LIMITS
from allocate.program.model import Model
from allocate.program.naming import Block
from allocate.program.objective import Aim, aims, tie_breaks, worth
from allocate.program.program import Program
from allocate.program.pulp_face import Column
from allocate.program.rules import RULES
from allocate.program.sections import Family, Section
from allocate.tables.shown import Shown

SECTIONS: tuple[Section, ...] = (*LIMITS, *CLAUSES, *RULES, *GOALS)
"""All that a program is made of beside its items and its objectives."""


# Not frozen: `built.program += rule` adds in place and then assigns the program to where it was.
@dataclass(repr=False, eq=False)
class Built(Shown):
    """A program, what its columns stand for, its goals in order, and how ties are broken."""

    program: Program
    layout: Layout
    aims: tuple[Aim, ...]
    ties: tuple[Aim, ...]
    staff: wages.Staffing
    worth: Floats
    """What one unit of each column spends, as goals count it."""

    def facts(self) -> dict[str, str]:
        """The size of its program, and its goals."""
        case = self.layout.case
        goals = ", ".join(f"{'most' if goal.maximise else 'least'} {goal.name}" for goal in self.aims)
        size = f"{self.program.column_count:,} columns, {self.program.row_count:,} rows"
        return {"": case.name, "program": size, "goals": goals}


def families() -> list[Family]:
    """Every family of columns, rows and charges, in the order in which they are built."""
    return sorted((family for section in SECTIONS for family in section.families), key=lambda family: family.stage)


def build(case: Case, routes: Routes, values: Mapping[int, ProductValue], ignoring: Ignoring = NOTHING) -> Built:
    """The program of a case; the first goal is the program's own objective.

    ignoring: limits whose rows are to be changed afterwards, so that nothing else may be derived from them.
    Raises CaseError where a result asked for is out of reach of its value curve.
    """
    program = Program("allocate", maximise=True)
    program.names = names_of(case, routes)
    model = Model(program, item_columns(program, case, routes, values, ignoring))
    for family in families():
        family.add(model)
    free_the_past(model)
    goals = aims(model)
    program.set_costs(goals[0].costs, maximise=goals[0].maximise)
    program.learned = model.learned
    return Built(program, model.layout, goals, tie_breaks(model), wages.staffing(model), worth(model))


def names_of(case: Case, routes: Routes) -> dict[str, list[str]]:
    """Names along the axes of a case's program."""
    levers = [lever.name for lever in routes.levers]
    plans = [
        f"{routes.vendors[plan.vendor]}: {sorted(routes.products[product] for product in plan.products)}"
        for plan in schedules(case)
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


OF_PERIODS = (
    "budget_period", "vendor_hours", "vendor_items", "rate_items", "review_team_hours", "work_in_progress", "team_hours",
    "team_overtime", "team_proficient", "first_work_hours", "first_work_items", "resource_by_period", "steady_rise", "steady_fall", "stock_needed",
)  # fmt: skip
"""Families of rows with a period, each of which limits what is made, or paid, in it alone."""


def free_the_past(model: Model) -> None:
    """Ask nothing of periods that are past in rows that limit each period by itself."""
    first = model.layout.case.planned_from
    for family in OF_PERIODS if first else ():
        rows = model.program.rows.get(family)
        if rows is not None:
            past = rows.ids[(rows.index["period"] < first) & _hard(model, rows)]
            model.program.set_row_bounds(past, np.full(len(past), -np.inf), np.full(len(past), np.inf))


def _hard(model: Model, rows: Block) -> Booleans | bool:
    """Which rows stand for rules that are never broken: one with a penalty is paid for in the past, too."""
    if "rule" not in rows.index:
        return True
    never = np.array([rule.penalty is None for rule in model.layout.case.file.rules])
    hard: Booleans = never[rows.index["rule"]]
    return hard
