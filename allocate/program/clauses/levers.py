"""Columns and rows of levers: what is bought, what it opens, what it excludes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from allocate.costing import limits
from allocate.costing.supply.throughput import lightest_content, vendor_capacities
from allocate.costing.terms.levers import excluded
from allocate.errors import CaseError, Problem
from allocate.program.arrays import Booleans
from allocate.program.charges import Charge
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program


def lever_columns(program: Program, layout: Layout) -> Block | None:
    r"""Each lever is bought or not; one the case has decided on is fixed.

    .. math:: y_l \in \{0, 1\} \qquad \forall l \qquad [\text{levers}]

    Dual: of little meaning while y is a whole number.
    """
    found = layout.routes.levers
    if not found:
        return None
    lower = [1.0 if one.bought is True else 0.0 for one in found]
    upper = [0.0 if one.bought is False else 1.0 for one in found]
    return program.add_columns("bought", {"lever": np.arange(len(found))}, lower=lower, upper=upper, integer=True)


def lever_charges(layout: Layout, bought: Block | None) -> list[Charge]:
    """What levers cost in each period; it goes to none of the vendors."""
    found = layout.routes.levers
    if bought is None:
        return []
    paid = np.stack([one.paid for one in found])
    nobody, nothing = np.full(len(found), limits.NOBODY, dtype=np.int32), np.zeros(len(found))
    products = tuple(one.products for one in found)
    return [
        Charge(bought, paid[:, period], nothing, nobody, np.full(len(found), period, dtype=np.int32), products)
        for period in np.flatnonzero(paid.any(axis=0)).tolist()
    ]


def lever_use(program: Program, layout: Layout, bought: Block | None) -> None:
    r"""Nothing is worked with a lever that is not bought.

    .. math:: \sum_{r \in R(p,v) : l \in L(r), t} x_{rt} \le M_{pv} \, y_l, \qquad
        \sum_{r \in R(p) : l \in L(r), t} x_{rt} \le N_p \, y_l, \qquad
        \sum_{r \in R(v) : l \in L(r), t} q_r \, x_{rt} \le Q_v \, y_l \qquad \forall l, p, v \qquad [\text{items}]

    with L(r) the levers a route is worked with, M the most items of the pair the case allows, N the most of the product's
    demand, and Q all the vendor's capacity from the start of the lever. Rows that another implies are left out.

    Dual: of little meaning while y is a whole number.
    """
    if bought is None:
        return
    with_lever = [_worked_with(layout, lever) for lever in range(len(bought))]
    demand = limits.demand(layout.case)[1]
    pairs: list[tuple[int, int, int, float]] = []
    whole: list[tuple[int, int, float]] = []
    for lever, mine in enumerate(with_lever):
        keys = np.unique(np.stack([layout.product[mine], layout.vendor[mine]], axis=1), axis=0)
        for product, vendor in keys.tolist():
            most = float(layout.most_items[product, vendor])
            if most < demand[product] or not np.isfinite(demand[product]):
                pairs.append((lever, product, vendor, _finite(layout, product, most)))
        products = np.unique(keys[:, 0]).tolist()
        whole += [(lever, product, float(demand[product])) for product in products if np.isfinite(demand[product])]
    _pair_rows(program, layout, bought, with_lever, pairs)
    if whole:
        axes = {"lever": np.array([one[0] for one in whole]), "product": np.array([one[1] for one in whole])}
        rows = program.add_rows("lever_product", axes, upper=0.0)
        for row, (lever, product, most) in zip(rows.ids.tolist(), whole, strict=True):
            program.add_terms(row, layout.ids[with_lever[lever] & (layout.product == product)], 1.0)
            program.add_terms(row, bought.ids[[lever]], -most)
    _capacity_rows(program, layout, bought, with_lever)


def _worked_with(layout: Layout, lever: int) -> Booleans:
    """Which columns are worked with a lever, shape (N,)."""
    holds = np.array([lever in some for some in layout.routes.combinations], dtype=bool)
    mine: Booleans = holds[layout.routes.combination[layout.route]]
    return mine


def _finite(layout: Layout, product: int, most: float) -> float:
    """A bound on items that must be there.

    Raises CaseError where nothing limits them.
    """
    if not np.isfinite(most):
        name = layout.routes.products[product]
        message = f"nothing limits how many items of {name} could be ordered, which its levers need to know"
        place = layout.case.place("products", name)
        raise CaseError([Problem(message, place, "add `demand: {at-most: …}`, a budget, or capacities")])
    return most


def _pair_rows(
    program: Program,
    layout: Layout,
    bought: Block,
    with_lever: list[Booleans],
    pairs: list[tuple[int, int, int, float]],
) -> None:
    if not pairs:
        return
    axes = {axis: np.array([one[n] for one in pairs]) for n, axis in enumerate(("lever", "product", "vendor"))}
    rows = program.add_rows("lever_use", axes, upper=0.0)
    for row, (lever, product, vendor, most) in zip(rows.ids.tolist(), pairs, strict=True):
        mine = with_lever[lever] & (layout.product == product) & (layout.vendor == vendor)
        program.add_terms(row, layout.ids[mine], 1.0)
        program.add_terms(row, bought.ids[[lever]], -most)


def _capacity_rows(program: Program, layout: Layout, bought: Block, with_lever: list[Booleans]) -> None:
    """A vendor's capacity can be worked with a lever only where that is bought: what makes the relaxation tight."""
    asked, capacities = [], vendor_capacities(layout.case)
    for number, capacity in enumerate(capacities):
        content = lightest_content(layout.case, layout.routes, capacity.noun, capacities)[layout.route]
        for lever, mine in enumerate(with_lever):
            columns = np.flatnonzero(mine & (layout.vendor == capacity.vendor) & (content > 0))
            first = layout.routes.levers[lever].first if capacity.by_period else 0
            most = float(capacity.most[first:].sum())
            if len(columns) and np.isfinite(most):
                asked.append((lever, number, columns, content[columns], most))
    if not asked:
        return
    axes = {"lever": np.array([one[0] for one in asked]), "capacity": np.array([one[1] for one in asked])}
    rows = program.add_rows("lever_capacity", axes, upper=0.0)
    for row, (lever, _, columns, content, most) in zip(rows.ids.tolist(), asked, strict=True):
        program.add_terms(row, layout.ids[columns], content)
        program.add_terms(row, bought.ids[[lever]], -most)


def lever_always(program: Program, layout: Layout, bought: Block | None) -> None:
    r"""Where a lever applies always, the routes it changes are worked without it only while it is not bought.

    .. math:: \sum_{r \in R(p,v) : l \in T(r) \setminus L(r), \; t \ge t_l} x_{rt} \le M_{pv} (1 - y_l)
        \qquad \forall l, p, v \qquad [\text{items}]

    with T(r) the levers that change a route and L(r) those it is worked with.

    Dual: of little meaning while y is a whole number.
    """
    if bought is None:
        return
    asked = list(_closed(layout))
    if not asked:
        return
    most = [_finite(layout, product, float(layout.most_items[product, vendor])) for _, product, vendor, _ in asked]
    axes = {axis: np.array([one[n] for one in asked]) for n, axis in enumerate(("lever", "product", "vendor"))}
    rows = program.add_rows("lever_always", axes, upper=most)
    for row, (lever, _, _, columns), bound in zip(rows.ids.tolist(), asked, most, strict=True):
        program.add_terms(row, layout.ids[columns], 1.0)
        program.add_terms(row, bought.ids[[lever]], bound)


def _closed(layout: Layout) -> Iterator[tuple[int, int, int, np.ndarray[tuple[int], np.dtype[np.intp]]]]:
    """Lever, product, vendor, and the columns that are closed once the lever is bought."""
    for one in layout.routes.levers:
        if not one.always:
            continue
        closed = layout.routes.without(one.number)[layout.route] & (layout.period >= one.first)
        keys = np.unique(np.stack([layout.product[closed], layout.vendor[closed]], axis=1), axis=0)
        for product, vendor in keys.tolist():
            mine = closed & (layout.product == product) & (layout.vendor == vendor)
            yield one.number, product, vendor, np.flatnonzero(mine)


def lever_exclusion(program: Program, layout: Layout, bought: Block | None) -> None:
    r"""Of two levers that exclude one another at most one is bought.

    .. math:: y_l + y_m \le 1 \qquad \forall l, m \text{ that exclude one another} \qquad [\text{levers}]

    Dual: of little meaning while y is a whole number.
    """
    found = layout.routes.levers
    pairs = [(a, b) for a, b in itertools.combinations(range(len(found)), 2) if excluded(found, a, b)]
    if bought is None or not pairs:
        return
    one, other = np.array(pairs).T
    rows = program.add_rows("lever_exclusion", {"lever": one, "other": other}, upper=1.0)
    program.add_terms(rows.ids, bought.ids[one], 1.0)
    program.add_terms(rows.ids, bought.ids[other], 1.0)


def lever_needs(program: Program, layout: Layout, bought: Block | None) -> None:
    r"""A lever is bought only with those it needs.

    .. math:: y_l \le y_m \qquad \forall l, m : l \text{ needs } m \qquad [\text{levers}]

    Dual: of little meaning while y is a whole number.
    """
    pairs = [(one.number, other) for one in layout.routes.levers for other in sorted(one.needs)]
    if bought is None or not pairs:
        return
    lever, other = np.array(pairs).T
    rows = program.add_rows("lever_needs", {"lever": lever, "other": other}, upper=0.0)
    program.add_terms(rows.ids, bought.ids[lever], 1.0)
    program.add_terms(rows.ids, bought.ids[other], -1.0)
