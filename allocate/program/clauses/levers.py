"""Columns and rows of levers: what is bought, what it opens, what it excludes."""

from __future__ import annotations

import itertools

import numpy as np

from allocate.costing.limits import amounts
from allocate.costing.supply.throughput import lightest_content
from allocate.costing.terms.levers import excluded
from allocate.program.arrays import Booleans
from allocate.program.layout import Layout
from allocate.program.model import Model, axes_of, unlimited
from allocate.program.naming import Block


def lever_columns(model: Model) -> None:
    r"""Each lever is bought or not; one the case has decided on is fixed.

    .. math:: y_l \in \{0, 1\} \qquad \forall l \qquad [\text{levers}]

    Dual: of little meaning while y is a whole number.
    """
    levers = model.layout.routes.levers
    if levers:
        lower = [1.0 if lever.bought is True else 0.0 for lever in levers]
        upper = [0.0 if lever.bought is False else 1.0 for lever in levers]
        axes = {"lever": np.arange(len(levers))}
        model.program.add_columns("bought", axes, lower=lower, upper=upper, integer=True)


def lever_charges(model: Model) -> None:
    r"""A lever that is bought costs what it costs in each period; none of it goes to a vendor.

    .. math:: \sum_l \sum_t K_{lt} \, y_l \qquad [\text{money}]

    It adds money, and no row.

    Dual: none of its own; what it weighs shows in the choice of levers.
    """
    levers = model.layout.routes.levers
    if not levers:
        return
    paid, products = np.stack([lever.paid for lever in levers]), [lever.products for lever in levers]
    for period in np.flatnonzero(paid.any(axis=0)).tolist():
        model.charge(model.program.columns["bought"], paid[:, period], period=period, products=products)


def lever_use(model: Model) -> None:
    r"""Nothing is worked with a lever that is not bought.

    .. math:: \sum_{r \in R(p,v) : l \in L(r), t} x_{rt} \le M_{pv} \, y_l, \qquad
        \sum_{r \in R(p) : l \in L(r), t} x_{rt} \le N_p \, y_l, \qquad
        \sum_{r \in R(v) : l \in L(r), t} q_r \, x_{rt} \le Q_v \, y_l \qquad \forall l, p, v \qquad [\text{items}]

    with L(r) the levers a route is worked with, M the most items of the pair the case allows, N the most of the product's
    demand, and Q all the vendor's capacity from the start of the lever. Rows that another implies are left out.

    Dual: of little meaning while y is a whole number.
    """
    layout, bought = model.layout, model.program.columns.get("bought")
    if bought is None:
        return
    with_lever = [_worked_with(layout, lever) for lever in range(len(bought))]
    demand = amounts.demand(layout.case)[1]
    pairs: dict[tuple[int, ...], float] = {}
    products: dict[tuple[int, ...], float] = {}
    for lever, columns in enumerate(with_lever):
        for product, vendor in _pairs(layout, columns):
            most = float(layout.most_items[product, vendor])
            if most < demand[product] or not np.isfinite(demand[product]):
                pairs[lever, product, vendor] = _finite(layout, product, most)
            if np.isfinite(demand[product]):
                products[lever, product] = float(demand[product])
    for family, asked in (("lever_use", pairs), ("lever_product", products)):
        if asked:
            axes = ("lever", "product", "vendor")[: len(next(iter(asked)))]
            rows = model.program.add_rows(family, axes_of(axes, asked), upper=0.0)
            for lever, columns in enumerate(with_lever):
                model.put_items(rows, columns, lever=lever)
            model.program.add_terms(rows.ids, bought.at(**rows.index), -np.array(list(asked.values())))
    _capacity_rows(model, bought, with_lever)


def _worked_with(layout: Layout, lever: int) -> Booleans:
    """Which columns are worked with a lever, shape (N,)."""
    holds = np.array([lever in combination for combination in layout.routes.combinations], dtype=bool)
    columns: Booleans = holds[layout.routes.combination[layout.route]]
    return columns


def _pairs(layout: Layout, columns: Booleans) -> list[list[int]]:
    """Products and vendors of some columns."""
    both = np.stack([layout.product[columns], layout.vendor[columns]], axis=1)
    pairs: list[list[int]] = np.unique(both, axis=0).tolist()
    return pairs


def _finite(layout: Layout, product: int, most: float) -> float:
    """A bound on items that must be there.

    Raises CaseError where nothing limits them.
    """
    if not np.isfinite(most):
        raise unlimited(layout, [product], "its levers need")
    return most


def _capacity_rows(model: Model, bought: Block, with_lever: list[Booleans]) -> None:
    """A vendor's capacity can be worked with a lever only where that is bought: what makes the relaxation tight."""
    program, layout = model.program, model.layout
    asked, capacities = [], layout.capacities
    for number, capacity in enumerate(capacities):
        content = lightest_content(layout.case, layout.routes, capacity.noun, capacities)[layout.route]
        for lever, worked in enumerate(with_lever):
            columns = np.flatnonzero(worked & (layout.vendor == capacity.vendor) & (content > 0))
            first = layout.routes.levers[lever].first if capacity.by_period else 0
            most = float(capacity.most[first:].sum())
            if len(columns) and np.isfinite(most):
                asked.append((lever, number, columns, content[columns], most))
    if not asked:
        return
    rows = program.add_rows("lever_capacity", axes_of(("lever", "capacity"), [key[:2] for key in asked]), upper=0.0)
    for row, (lever, _, columns, content, most) in zip(rows.ids.tolist(), asked, strict=True):
        program.add_terms(row, layout.ids[columns], content)
        program.add_terms(row, bought.ids[[lever]], -most)


def lever_always(model: Model) -> None:
    r"""Where a lever applies always, the routes it changes are worked without it only while it is not bought.

    .. math:: \sum_{r \in R(p,v) : l \in T(r) \setminus L(r), \; t \ge t_l} x_{rt} \le M_{pv} (1 - y_l)
        \qquad \forall l, p, v \qquad [\text{items}]

    with T(r) the levers that change a route and L(r) those it is worked with.

    Dual: of little meaning while y is a whole number.
    """
    layout, bought = model.layout, model.program.columns.get("bought")
    always = [lever for lever in layout.routes.levers if lever.always]
    closed = {
        lever.number: layout.routes.without(lever.number)[layout.route]
        & (layout.period >= max(lever.first, layout.case.planned_from))
        for lever in always
    }
    keys = [(lever, *pair) for lever, columns in closed.items() for pair in _pairs(layout, columns)]
    if bought is None or not keys:
        return
    most = [_finite(layout, product, float(layout.most_items[product, vendor])) for _, product, vendor in keys]
    rows = model.program.add_rows("lever_always", axes_of(("lever", "product", "vendor"), keys), upper=most)
    for lever, columns in closed.items():
        model.put_items(rows, columns, lever=lever)
    model.program.add_terms(rows.ids, bought.at(**rows.index), most)


def lever_exclusion(model: Model) -> None:
    r"""Of two levers that exclude one another at most one is bought.

    .. math:: y_l + y_m \le 1 \qquad \forall l, m \text{ that exclude one another} \qquad [\text{levers}]

    Dual: of little meaning while y is a whole number.
    """
    levers, bought = model.layout.routes.levers, model.program.columns.get("bought")
    pairs = [pair for pair in itertools.combinations(range(len(levers)), 2) if excluded(levers, *pair)]
    if bought is None or not pairs:
        return
    rows = model.program.add_rows("lever_exclusion", axes_of(("lever", "other"), pairs), upper=1.0)
    for axis in rows.index.values():
        model.program.add_terms(rows.ids, bought.ids[axis], 1.0)


def lever_needs(model: Model) -> None:
    r"""A lever is bought only with those it needs.

    .. math:: y_l \le y_m \qquad \forall l, m : l \text{ needs } m \qquad [\text{levers}]

    Dual: of little meaning while y is a whole number.
    """
    bought = model.program.columns.get("bought")
    pairs = [(lever.number, other) for lever in model.layout.routes.levers for other in sorted(lever.needs)]
    if bought is not None and pairs:
        axes = axes_of(("lever", "other"), pairs)
        model.tie("lever_needs", axes, bought.ids[axes["lever"]], bought.ids[axes["other"]], 1.0)
