"""Rows about the mix: shares of vendors."""

from __future__ import annotations

import numpy as np

from allocate.costing import limits
from allocate.program.layout import Floats, Layout
from allocate.program.program import Program

_Scope = tuple[str, tuple[int, ...], int | None]


def vendor_share(program: Program, layout: Layout) -> None:
    r"""A vendor has at least, or at most, its share of what is made or paid.

    .. math:: S_{lk} \, Y_k \le \sum_{(r,t) \in R(v) \cap k} m_{rt} \, x_{rt} \le S^{+}_{vk} \, Y_k
        \qquad \forall v, k \qquad [\text{items, EU, hours or money}]

    with :math:`Y_k = \sum_{(r,t) \in k} m_{rt} x_{rt}`, the total over the products (and the period) k of the rule, a
    column of its own: written out over every x the row would hold two to three times as many numbers.

    Dual: money the plan gains when the vendor may have one more item (EU, hour, unit of money) than its share.
    """
    asked = limits.shares(layout.case, _served(layout))
    if not asked:
        return
    scopes = {scope: number for number, scope in enumerate(dict.fromkeys(_scope(one) for one in asked))}
    totals = program.add_columns("share_total", count=len(scopes))
    links = program.add_rows("share_total_link", count=len(scopes), lower=0.0, upper=0.0)
    for scope, number in scopes.items():
        inside = _inside(layout, scope)
        program.add_terms(links.ids[number], layout.ids[inside], _measure(layout, scope[0])[inside])
    program.add_terms(links.ids, totals.ids, -1.0)
    for family, side in (("share_at_most", "at_most"), ("share_at_least", "at_least")):
        chosen = [one for one in asked if getattr(one, side) is not None]
        if not chosen:
            continue
        bound = {"upper": 0.0} if side == "at_most" else {"lower": 0.0}
        rows = program.add_rows(
            family, {"rule": [one.rule for one in chosen], "share": np.arange(len(chosen))}, **bound
        )
        for row, one in zip(rows.ids, chosen, strict=True):
            mine = _inside(layout, _scope(one))
            mine = mine[np.isin(layout.vendor[mine], one.vendors)]
            program.add_terms(row, layout.ids[mine], _measure(layout, one.measure)[mine])
        columns = totals.ids[[scopes[_scope(one)] for one in chosen]]
        program.add_terms(rows.ids, columns, [-float(getattr(one, side)) for one in chosen])


def _scope(share: limits.Share) -> _Scope:
    return share.measure, share.products, share.period


def _served(layout: Layout) -> limits.Booleans:
    served = np.zeros((len(layout.routes.products), len(layout.routes.vendors)), dtype=bool)
    served[layout.routes.product, layout.routes.vendor] = True
    return served


def _inside(layout: Layout, scope: _Scope) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    _, products, period = scope
    inside = np.isin(layout.product, products)
    return np.flatnonzero(inside if period is None else inside & (layout.period == period))


def _measure(layout: Layout, name: str) -> Floats:
    if name == "items":
        return np.ones(len(layout.ids))
    return {"eu": layout.equivalent_units, "hours": layout.hours, "spend": layout.cost}[name]
