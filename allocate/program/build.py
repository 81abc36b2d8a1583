"""The formulation: this page is its index, every line a family of columns or rows with its own algebra."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.routes import Routes
from allocate.costing.values import ProductValue
from allocate.program.constraints import capacity, demand, mix, money, quality, value
from allocate.program.layout import Layout, item_columns
from allocate.program.objective import Aim, aims, tie_breaks
from allocate.program.program import Program


@dataclass(frozen=True)
class Built:
    """A program, what its columns stand for, its goals in order, and how ties are broken."""

    program: Program
    layout: Layout
    aims: tuple[Aim, ...]
    ties: tuple[Aim, ...]


def build(case: Case, routes: Routes, values: Mapping[int, ProductValue]) -> Built:
    """The linear program of a case; the first goal is the program's own objective.

    Raises CaseError where a result asked for is out of reach of its value curve.
    """
    program = Program("allocate", maximise=True)
    layout = item_columns(program, case, routes, values)
    stretches = value.value_columns(program, layout)

    money.budget(program, layout)
    money.budget_period(program, layout)
    money.budget_group(program, layout)
    demand.demand_floor(program, layout)
    demand.demand_ceiling(program, layout)
    demand.milestone(program, layout)
    quality.accuracy_floor(program, layout)
    capacity.vendor_hours(program, layout)
    capacity.vendor_items(program, layout)
    capacity.vendor_total(program, layout)
    capacity.rate_items(program, layout)
    capacity.review_team_hours(program, layout)
    mix.vendor_share(program, layout)
    value.value_link(program, layout, stretches)
    value.value_floor(program, layout, stretches)
    value.score_floor(program, layout)

    goals = aims(program, layout, stretches)
    program.set_costs(goals[0].costs, maximise=goals[0].maximise)
    return Built(program, layout, goals, tie_breaks(program, layout, stretches))
