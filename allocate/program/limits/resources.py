"""Rows about what several vendors share."""

from __future__ import annotations

import numpy as np

from allocate.costing.supply.resources import Shared, shared_resources
from allocate.costing.supply.throughput import work_content
from allocate.program.layout import Layout
from allocate.program.model import Model, axes_of


def shared_resource(model: Model) -> None:
    r"""Vendors together take no more of what they share than there is, in each period or in all.

    .. math:: \sum_{v \in V_k} \sum_{r \in R(v)} q_r \, x_{rt} \le Q_{kt} \qquad \forall k, t \qquad [\text{hours, items, EU}]

    .. math:: \sum_{v \in V_k} \sum_{r \in R(v), t} q_r \, x_{rt} \le Q_k \qquad \forall k \qquad [\text{hours, items, EU}]

    with q what an item takes: its hours, one, its equivalent units or its drivers. Hours by time count in the period of their
    stage, where a workflow's stages have leads.

    Dual: money the plan gains from one more hour (item, EU) that is shared.
    """
    layout, program, count = model.layout, model.program, model.layout.case.periods.count
    every = list(enumerate(shared_resources(layout.case)))
    for family, chosen in (
        ("resource_by_period", [(n, one) for n, one in every if one.by_period]),
        ("resource_in_all", [(n, one) for n, one in every if not one.by_period]),
    ):
        if not chosen:
            continue
        by_period = family == "resource_by_period"
        keys = [(n, t) if by_period else (n,) for n, _ in chosen for t in range(count if by_period else 1)]
        axes = axes_of(("resource", "period") if by_period else ("resource",), keys)
        there = [one.amounts if by_period else np.maximum(one.amounts, _done(layout, one)) for _, one in chosen]
        rows = program.add_rows(family, axes, upper=np.concatenate(there))
        for number, one in chosen:
            own = np.isin(layout.vendor, one.vendors)
            content = np.where(own, work_content(layout.case, layout.routes, one.noun)[layout.route], 0.0)
            if not by_period:
                program.add_terms(int(rows.ids[rows.index["resource"] == number][0]), layout.ids[own], content[own])
                continue
            stages = layout.stages() if one.noun == "h" else [(content, layout.period)]
            for taken, when in stages:
                model.put_items(rows, np.where(own, taken, 0.0), when, resource=number)


def _done(layout: Layout, one: Shared) -> float:
    """What is taken already of what vendors share in all: no less than that is there."""
    done = layout.routes.done
    if done is None:
        return 0.0
    content = work_content(layout.case, layout.routes, one.noun)[done.route]
    return float((done.items * content)[np.isin(layout.routes.vendor[done.route], one.vendors)].sum())
