"""Near-optimal plans that differ, as people and programs read them."""

from __future__ import annotations

from typing import Any

from allocate.case.load import Case
from allocate.explaining.alternatives import Alternatives
from allocate.record.plain_values import records
from allocate.tables.column import Grid
from allocate.tables.formats import COUNT, MONEY, text


def as_json(case: Case, found: Alternatives) -> dict[str, Any]:
    """The best plan and each alternative, with their lines, as one JSON object."""
    plans = [
        {
            "name": one.name,
            "measure": one.measure or None,
            "in_best_plan": one.best,
            "here": one.here,
            "objective": one.objective,
            "costs": one.costs,
            "proven": one.proven,
            "spend": one.plan.spend,
            "vendors": dict(zip(one.plan.vendors["vendor"], one.plan.vendors["spend"], strict=True)),
            "lines": records(one.plan.lines),
        }
        for one in found.plans
    ]
    return {
        "case": case.name,
        "scenario": case.scenario,
        "currency": case.currency,
        "objective_name": found.objective,
        "within": found.within,
        "plans": plans,
        "left_out": list(found.left_out),
    }


def blocks(case: Case, found: Alternatives) -> list[Grid]:
    """What each plan is about and costs, and the spend by vendor beside one another."""
    goal, money, show = found.objective.replace("-", " "), MONEY, COUNT
    rows = [
        [
            text(one.name),
            text(one.measure),
            show(one.best) if one.best is not None else "",
            show(one.here) if one.here is not None else "",
            money(one.objective),
            money(one.costs),
            money(one.plan.spend),
        ]
        for one in found.plans
    ]
    head = ["plan", "as little as possible of", "best plan", "here", goal, "costs", "spend"]
    title = f"Plans within {100 * found.within:.4g} % of the best ({goal}, {case.currency})"
    vendors = [
        [text(name), *(money(one.plan.vendors["spend"].iloc[position]) for one in found.plans)]
        for position, name in enumerate(case.vendors)
    ]
    names = [one.name for one in found.plans]
    return [
        Grid(title, head, rows, [False, False, *[True] * 5]),
        Grid(f"Spend by vendor ({case.currency})", ["vendor", *names], vendors, [False, *[True] * len(names)]),
    ]


def closing(found: Alternatives) -> list[str]:
    """What is not known of the alternatives, and that they were checked."""
    open_ones = [one.name for one in found.plans if not one.proven]
    told = [f"Not found: {one}." for one in found.left_out]
    if open_ones:
        told.append(f"Stopped early, so there may be better: {', '.join(open_ones)}.")
    return [*told, f"Verified: all {len(found.plans)} plans keep every limit of the case."]
