"""The case with a limit elsewhere, or without it: whatever the program derives from the limit then moves with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Product
from allocate.costing.supply.throughput import rate_lengths
from allocate.costing.table import Routes
from allocate.explaining.limits import ACCURACIES, DEMANDS, Limit, row_numbers, without_rule
from allocate.program.arrays import Integers, ProgramArrays
from allocate.program.build import Built
from allocate.solvers.live import Change
from allocate.units import Quantity

CAPACITIES = ("vendor_hours", "vendor_items", "vendor_total")
RATES = ("rate_items", "rate_total")
TEAMS = ("team_hours", "team_overtime", "team_seats")
"""Families of rows on how many hours a team can come to."""
MONEY = ("budget", "budget_period")
BY_ROWS = (*MONEY, *RATES, "team_hours")
FAR = 99.0
"""Where a program needs an end to what can be bought, a limit that is taken away is raised by so many times itself instead."""


def moved_case(built: Built, limit: Limit, amount: float) -> tuple[Case, Routes] | None:
    """The case, and its routes, with a limit higher by an amount of its unit.

    None for limits from which nothing follows but their own rows. Where no case can say it exactly (`BY_ROWS`: hours of
    teams beside those of people, budgets of periods whose amounts differ, lines of the rate card by week), what follows
    from the limit is at least as loose as it should be, and the rows themselves are set by `rows_moved`.
    """
    case, ways = built.layout.case, built.layout.routes
    family, keys = limit.checks[0].family, [check.key for check in limit.checks]
    if family in MONEY:
        return _with_budget(case, limit, amount), ways
    if family in DEMANDS:
        return _with_demand(case, limit, amount), ways
    if family == "milestone":
        return _with_milestones(case, keys, amount), ways
    if family in (*CAPACITIES, "team_hours"):
        return _with_added(case, family, keys, amount), ways
    if family in RATES:
        return case, _with_rates(case, ways, keys, amount)
    if family in ("share_at_most", "share_at_least"):
        return _with_share(case, limit, amount), ways
    if family in ACCURACIES:
        return _with_accuracy(case, keys[0][0], amount), ways
    return None


def unlimited_case(built: Built, limit: Limit) -> tuple[Case, Routes] | None:
    """The case without a limit, and its routes; None for limits from which nothing follows but their own rows."""
    case, ways = built.layout.case, built.layout.routes
    if limit.rule is not None:
        return without_rule(case, limit.rule), ways
    family, keys = limit.checks[0].family, [check.key for check in limit.checks]
    if family in MONEY:
        gone = {"total": None} if family == "budget" else {"per_week": None, "per_month": None}
        return replace(
            case, file=case.file.model_copy(update={"budget": case.file.budget.model_copy(update=gone)})
        ), ways
    if limit.family == "demand_ceiling":
        return _without_ceiling(case, keys[0][0]), ways
    if family in (*CAPACITIES, *TEAMS):
        return _with_added(case, "team_hours" if family in TEAMS else family, keys, np.inf), ways
    if family in ("team_hires", "team_releases"):
        return _with_any_number(case, keys[0][0], "hire" if family == "team_hires" else "release"), ways
    if family in RATES:
        return case, _with_rates(case, ways, keys, np.inf)
    return None


def rows_in(limit: Limit, other: Built) -> Integers | None:
    """The rows of a limit in another program, by what they stand for; None where one is not there."""
    numbers = row_numbers(other)
    found = [numbers.get((check.family, check.key), -1) for check in limit.checks]
    return None if min(found, default=-1) < 0 else np.array(found, dtype=np.int32)


def rows_moved(limit: Limit, before: ProgramArrays, amount: float, other: Built, arrays: ProgramArrays) -> Change:
    """A change that sets the rows of a limit that is a most in another program: as they were, and the amount more."""
    rows = rows_in(limit, other)
    if rows is None:
        return Change()
    return Change(rows=rows, row_lower=arrays.row_lower[rows], row_upper=before.row_upper[limit.rows] + amount)


def rows_taken_away(limit: Limit, other: Built) -> Change:
    """A change that lets the rows of a limit ask for nothing in another program."""
    rows = rows_in(limit, other)
    if rows is None:
        return Change()
    free = np.full(len(rows), np.inf)
    return Change(rows=rows, row_lower=-free, row_upper=free)


def _more(amount: Quantity, more: float) -> Quantity:
    return replace(amount, number=amount.number + more)


def _with_budget(case: Case, limit: Limit, amount: float) -> Case:
    """The total budget higher by an amount; or that of each period, by the largest part of itself in any of them."""
    budget, update = case.file.budget, dict[str, Any]()
    if limit.checks[0].family == "budget" and budget.total is not None:
        update["total"] = _more(budget.total, amount)
        return replace(case, file=case.file.model_copy(update={"budget": budget.model_copy(update=update)}))
    part = max(1.0 + amount / check.limit if check.limit > 0 else np.inf for check in limit.checks)
    for name in ("per_week", "per_month"):
        money = getattr(budget, name)
        if money is not None:
            update[name] = money.times(part) if np.isfinite(part) else None
    return replace(case, file=case.file.model_copy(update={"budget": budget.model_copy(update=update)}))


def _with_demand(case: Case, limit: Limit, amount: float) -> Case:
    name = list(case.products)[limit.checks[0].key[0]]
    wanted, demand = {check.family for check in limit.checks}, case.products[name].demand
    asked = {"exactly": DEMANDS, "at_least": ("demand_floor",), "at_most": ("demand_ceiling",)}
    update = {
        key: _more(there, amount)
        for key, families in asked.items()
        if (there := getattr(demand, key)) is not None and wanted & set(families)
    }
    return with_product(case, name, demand=demand.model_copy(update=update))


def _without_ceiling(case: Case, product: int) -> Case:
    name = list(case.products)[product]
    demand = case.products[name].demand
    free = {"exactly": None, "at_least": demand.exactly or demand.at_least, "at_most": None}
    return with_product(case, name, demand=demand.model_copy(update=free))


def _with_milestones(case: Case, keys: Sequence[tuple[int, ...]], amount: float) -> Case:
    for product, number in keys:
        name = list(case.products)[product]
        asked = list(case.products[name].milestones)
        asked[number] = asked[number].model_copy(update={"at_least": _more(asked[number].at_least, amount)})
        case = with_product(case, name, milestones=tuple(asked))
    return case


def _with_added(case: Case, family: str, keys: Sequence[tuple[int, ...]], amount: float) -> Case:
    vendors = {key[0] for key in keys}
    return replace(case, added={**case.added, **{(family, vendor): amount for vendor in vendors}})


def _with_any_number(case: Case, vendor: int, what: str) -> Case:
    """The case with any number of hires, or releases, of a team."""
    name = list(case.vendors)[vendor]
    team = case.vendors[name].team
    assert team is not None
    free = getattr(team, what).model_copy(update={"at_most": None})
    other = case.vendors[name].model_copy(update={"team": team.model_copy(update={what: free})})
    return replace(case, file=case.file.model_copy(update={"vendors": {**case.vendors, name: other}}))


def _with_rates(case: Case, ways: Routes, keys: Sequence[tuple[int, ...]], amount: float) -> Routes:
    capacity = ways.line_capacity.copy()
    for line in {key[0] for key in keys}:
        mine = ways.line == line
        least = float(rate_lengths(case, line).min()) if ways.line_by_period[mine].any() else 1.0
        capacity[mine] += amount / least
    return replace(ways, line_capacity=capacity)


def _with_share(case: Case, limit: Limit, amount: float) -> Case:
    number = limit.rule
    assert number is not None
    rule, name = case.file.rules[number], "at_least" if limit.at_least else "at_most"
    assert rule.share is not None
    share = rule.share.model_copy(update={name: getattr(rule.share, name) + amount})
    rules = (*case.file.rules[:number], rule.model_copy(update={"share": share}), *case.file.rules[number + 1 :])
    return replace(case, file=case.file.model_copy(update={"rules": rules}))


def _with_accuracy(case: Case, product: int, amount: float) -> Case:
    name = list(case.products)[product]
    floor = case.products[name].accuracy
    assert floor is not None
    return with_product(case, name, accuracy=floor.model_copy(update={"at_least": floor.at_least + amount}))


def with_product(case: Case, name: str, **update: Any) -> Case:
    """The case with keys of a product changed."""
    product: Product = case.products[name].model_copy(update=update)
    return replace(case, file=case.file.model_copy(update={"products": {**case.products, name: product}}))
