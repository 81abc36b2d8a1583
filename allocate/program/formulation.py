"""The formulation as a page, generated from the docstrings of columns, rows and goals: `python -m allocate.program.formulation`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from allocate.program import engagement as contracts
from allocate.program import layout, objective
from allocate.program.clauses import commitment as commitments
from allocate.program.clauses import levers, seats, tiers
from allocate.program.clauses import penalties as cash_penalties
from allocate.program.clauses import quality as performance
from allocate.program.clauses import rebate as rebates
from allocate.program.clauses import switching as incumbents
from allocate.program.clauses import wages as teams
from allocate.program.limits import accuracy as quality
from allocate.program.limits import budget as money
from allocate.program.limits import capacity, demand, learning, value
from allocate.program.rules import count as rules
from allocate.program.rules import share as mix

SECTIONS: tuple[tuple[str, tuple[Callable[..., Any], ...]], ...] = (
    ("Columns", (layout.item_columns, value.value_columns)),
    ("Money", (money.budget, money.budget_period, money.budget_group)),
    (
        "Demand and time",
        (
            demand.demand_floor,
            demand.demand_ceiling,
            demand.milestone,
            demand.milestone_late,
            demand.work_in_progress,
            cash_penalties.paid_penalties,
        ),
    ),
    ("Quality", (quality.accuracy_floor, quality.accuracy_floor_vendor, quality.accuracy_floor_delivery)),
    (
        "Capacity",
        (
            capacity.vendor_hours,
            capacity.vendor_items,
            capacity.first_work,
            capacity.vendor_total,
            capacity.rate_items,
            capacity.review_team_hours,
        ),
    ),
    (
        "Learning",
        (learning.learned_work, learning.learned_filled, learning.learned_open, learning.learned_kept),
    ),
    (
        "Contracts",
        (
            tiers.tiers,
            contracts.engagement,
            contracts.minimum_order,
            contracts.order_multiple,
            commitments.commitment,
            commitments.ceiling,
            seats.seats,
            incumbents.switching_cost,
            rebates.rebate,
            performance.delivered_accuracy,
        ),
    ),
    (
        "In-house teams",
        (
            teams.team_people,
            teams.team_proficient,
            teams.team_hours,
            teams.team_overtime,
            teams.team_hires,
            teams.team_shifts,
        ),
    ),
    (
        "Mix",
        (
            mix.vendor_share,
            rules.vendor_count,
            rules.incompatible_products,
            rules.only_vendors,
            rules.fixed_quantity,
            rules.needs_product,
        ),
    ),
    (
        "Levers",
        (
            levers.lever_columns,
            levers.lever_use,
            levers.lever_always,
            levers.lever_exclusion,
            levers.lever_needs,
        ),
    ),
    ("Value", (value.value_link, value.value_step_filled, value.value_step_open, value.value_floor, value.score_floor)),
    ("Objective", (objective.net_value, objective.value, objective.cost, objective.tie_breaks)),
)

INTRODUCTION = """\
# The formulation

Generated from the docstrings in `allocate/program/` by `python -m allocate.program.formulation`; do not edit.

A route $r$ is a product $p$ made by a vendor $v$ through a workflow $w$; $t$ is a period (week or month) of the horizon.
$R(p)$, $R(v)$ are the routes of a product, of a vendor. Every coefficient comes from the routes table (`allocate costs`):
$c_{rt}$ unit cost, $h_r$ vendor hours, $g_r$ review hours, $a_r$ accuracy, $\\omega_r$ effective labels, $\\ell_r$ lead.

The folder `annotation/` beside this page is the cost model those figures start from: tasks and their standard times,
workflows, activities, regions and defaults, each number with its unit, its source and how it was obtained.
"""


def constraint_functions() -> list[Callable[..., Any]]:
    """Every public function of the constraint modules that adds rows or columns to a program."""
    modules: tuple[ModuleType, ...] = (
        money,
        demand,
        quality,
        capacity,
        contracts,
        commitments,
        seats,
        incumbents,
        tiers,
        rebates,
        performance,
        mix,
        rules,
        levers,
        teams,
        value,
    )
    return [
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and next(iter(inspect.signature(function).parameters), "") == "program"
    ]


def formulation() -> str:
    """The page as Markdown with LaTeX algebra that common hosts render."""
    parts = [INTRODUCTION]
    for title, functions in SECTIONS:
        parts.append(f"## {title}\n")
        parts += [_entry(function) for function in functions]
    return "\n".join(parts).rstrip() + "\n"


def _entry(function: Callable[..., Any]) -> str:
    text = inspect.getdoc(function) or ""
    return f"### {function.__name__}\n\n{_markdown(text)}\n"


def _inline(match: re.Match[str]) -> str:
    """Algebra within a sentence, in words that Markdown leaves alone: it takes a backslash before a sign for its own."""
    algebra = match[1]
    for sign, word in ((r"\,", r"\thinspace"), (r"\;", r"\thickspace"), ("<", r"\lt"), (">", r"\gt")):
        algebra = algebra.replace(sign, word)
    return f"${algebra}$"


def _markdown(text: str) -> str:
    """reStructuredText of our docstrings as Markdown: display algebra fenced, inline algebra in dollars."""
    lines, out, position = text.splitlines(), [], 0
    while position < len(lines):
        match = re.match(r"\.\. math::\s*(.*)", lines[position])
        if not match:
            out.append(re.sub(r":math:`([^`]*)`", _inline, lines[position]))
            position += 1
            continue
        algebra = [match[1]] if match[1] else []
        position += 1
        while position < len(lines) and (lines[position].startswith("    ") or not lines[position].strip()):
            if not lines[position].strip():
                break
            algebra.append(lines[position].strip())
            position += 1
        out += ["```math", *algebra, "```"]
    return "\n".join(out)


if __name__ == "__main__":
    print(formulation(), end="")
