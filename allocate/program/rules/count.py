"""Rows of mix rules that count, forbid, fix or order: whole-number choices of vendors and products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing import limits
from allocate.errors import CaseError, Problem
from allocate.program.charges import Penalty
from allocate.program.elastic import give_way
from allocate.program.engagement import Engagement, bounded
from allocate.program.layout import Floats, Integers, Layout
from allocate.program.naming import Block
from allocate.program.program import Program

Numbers = NDArray[np.signedinteger[Any]]
Booleans = NDArray[np.bool_]


def vendor_count(program: Program, layout: Layout, found: Engagement) -> list[Penalty]:
    r"""So many vendors, no fewer and no more, work on a product (or on anything).

    .. math:: \sum_{v} z_{pv} \le N_p, \qquad \sum_{v} c_{pv} \ge n_p \qquad \forall p \qquad [\text{vendors}]

    .. math:: \sum_{r \in R(p,v), t} x_{rt} \ge m_p \, c_{pv}, \qquad
        \sum_{r \in R(p,v), t} x_{rt} \ge \beta_p \, Y_p - \beta_p \, M_p (1 - c_{pv})
        \qquad \forall p, v \text{ where } n_p \text{ is given} \qquad [\text{items}]

    with z and c 0 or 1, :math:`Y_p = \sum_{r \in R(p), t} x_{rt}` and M the most it can be. A vendor counts (c) towards an
    at-least when it makes m items and its share :math:`\beta` of them all; of the portfolio that share is one of equivalent
    units. An at-most counts every vendor that makes any (z). A rule with a penalty gives way by a number of vendors.

    Dual: of little meaning while z and c are whole numbers; see the price of each limit with them fixed.
    """
    asked = limits.counts(layout.case)
    if not asked:
        return []
    sides = [(number, one, at_least) for number, one in enumerate(asked) for at_least in one.sides]
    lower = np.array([one.at_least or 0 if at_least else -np.inf for _, one, at_least in sides])
    upper = np.array([np.inf if at_least else one.at_most or 0 for _, one, at_least in sides])
    axes = {"rule": np.array([one.rule for _, one, _ in sides]), "count": np.arange(len(sides))}
    rows = program.add_rows("vendor_count", axes, lower=lower, upper=upper)
    chosen = _counted(program, layout, asked)
    for row, (number, one, at_least) in zip(rows.ids.tolist(), sides, strict=True):
        program.add_terms(row, chosen[number] if at_least else _working(found, one), 1.0)
    numbers = [one.rule for _, one, _ in sides]
    return [
        *give_way(program, layout, rows, numbers, short=True),
        *give_way(program, layout, rows, numbers, short=False),
    ]


def _working(found: Engagement, one: limits.VendorCount) -> Integers:
    """Columns of the vendors a rule counts that make anything, those that can make nothing left out."""
    block = found.used if one.products is None else found.starts
    if block is None:
        return np.zeros(0, np.int32)
    mine = np.isin(block.index["vendor"], one.vendors)
    if one.products is not None:
        mine &= block.index["product"] == one.products[0]
    return block.ids[mine]


def _counted(program: Program, layout: Layout, asked: Sequence[limits.VendorCount]) -> dict[int, Integers]:
    """Columns that say who makes enough to count towards each at-least, by its number, and their rows."""
    least = [(number, one) for number, one in enumerate(asked) if one.at_least is not None]
    columns: list[tuple[int, limits.VendorCount, int, Booleans]] = []
    for number, one in least:
        mine = np.ones(len(layout.ids), bool) if one.products is None else layout.product == one.products[0]
        there = np.unique(layout.vendor[mine]).tolist()
        columns += [(number, one, v, mine & (layout.vendor == v)) for v in one.vendors if v in there]
    if not columns:
        return {}
    axes = {"count": np.array([number for number, *_ in columns]), "vendor": np.array([v for _, _, v, _ in columns])}
    counted = program.add_columns("counted", axes, upper=1.0, integer=True)
    items = program.add_rows("counted_items", axes, lower=0.0)
    for row, column, (_, one, _, own) in zip(items.ids.tolist(), counted.ids.tolist(), columns, strict=True):
        program.add_terms(row, layout.ids[own], 1.0)
        program.add_terms(row, [column], -one.items)
    part = np.array([n for n, (_, one, *_) in enumerate(columns) if one.share > 0], dtype=np.intp)
    if len(part):
        _counted_share(program, layout, counted, part, columns)
    return {number: counted.ids[axes["count"] == number] for number, _ in least}


def _counted_share(
    program: Program,
    layout: Layout,
    counted: Block,
    part: NDArray[np.intp],
    columns: Sequence[tuple[int, limits.VendorCount, int, Booleans]],
) -> None:
    """A vendor that counts makes its share of a total, which is a column of its own."""
    groups = list(dict.fromkeys(columns[n][1].products for n in part.tolist()))
    totals = program.add_columns("count_total", count=len(groups))
    links = program.add_rows("count_total_link", count=len(groups), lower=0.0, upper=0.0)
    program.add_terms(links.ids, totals.ids, -1.0)
    for link, group in zip(links.ids.tolist(), groups, strict=True):
        mine = np.ones(len(layout.ids), bool) if group is None else layout.product == group[0]
        program.add_terms(link, layout.ids[mine], _measure(layout, group)[mine])
    axes = {axis: values[part] for axis, values in counted.index.items()}
    most = np.array([columns[n][1].share * _most(layout, columns[n][1].products) for n in part.tolist()])
    rows = program.add_rows("counted_share", axes, lower=-most)
    program.add_terms(rows.ids, counted.ids[part], -most)
    for row, n in zip(rows.ids.tolist(), part.tolist(), strict=True):
        _, one, _, own = columns[n]
        program.add_terms(row, layout.ids[own], _measure(layout, one.products)[own])
        program.add_terms(row, [totals.ids[groups.index(one.products)]], -one.share)


def _measure(layout: Layout, group: tuple[int, ...] | None) -> Floats:
    """What shares of a group are of: items of a product, equivalent units of the portfolio."""
    return layout.equivalent_units if group is None else np.ones(len(layout.ids))


def _most(layout: Layout, group: tuple[int, ...] | None) -> float:
    """Most that a group's total can be. Raises CaseError where nothing limits it."""
    demanded, total = limits.demand(layout.case)[1].copy(), 0.0
    demanded[[number for kind, number in layout.ignoring if kind == "demand"]] = np.inf
    for product in range(len(demanded)) if group is None else group:
        mine = layout.product == product
        vendors = np.unique(layout.vendor[mine])
        if len(vendors) and not np.isfinite(demanded[product]):
            bounded(layout, np.full(len(vendors), product), vendors)
        most = min(float(demanded[product]), float(layout.most_items[product, vendors].sum()))
        total += most * float(_measure(layout, group)[mine].max(initial=0.0))
    return total


def incompatible_products(program: Program, layout: Layout, found: Engagement) -> list[Penalty]:
    r"""A vendor works on one at most of products that are incompatible.

    .. math:: \sum_{p \in I_k} z_{pv} \le 1 \qquad \forall k, v \qquad [\text{products}]

    A rule with a penalty gives way by a number of products.

    Dual: of little meaning while z is a whole number.
    """
    starts = found.starts
    if starts is None:
        return []
    together = [
        (one, np.flatnonzero((starts.index["vendor"] == one.vendor) & np.isin(starts.index["product"], one.products)))
        for one in limits.incompatible(layout.case)
    ]
    asked = [(one, mine) for one, mine in together if len(mine) > 1]
    if not asked:
        return []
    axes = {"rule": [one.rule for one, _ in asked], "vendor": [one.vendor for one, _ in asked]}
    rows = program.add_rows("incompatible_products", axes, upper=1.0)
    for row, (_, mine) in zip(rows.ids.tolist(), asked, strict=True):
        program.add_terms(row, starts.ids[mine], 1.0)
    return give_way(program, layout, rows, [one.rule for one, _ in asked], short=False)


def only_vendors(program: Program, layout: Layout) -> list[Penalty]:
    r"""Vendors that may not work on a product make nothing of it: certificates, residency, exclusive products.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} \le 0 \qquad \forall (p, v) \text{ forbidden} \qquad [\text{items}]

    A rule with a penalty pays it for every item made nevertheless.

    Dual: money the plan gains from the first item such a vendor were allowed.
    """
    forbidden = limits.barred(layout.case)
    present = np.zeros(forbidden.shape, dtype=bool)
    present[layout.product, layout.vendor] = True
    product, vendor = np.nonzero(forbidden & present)
    if len(product):
        rows = program.add_rows("only_vendors", {"product": product, "vendor": vendor}, upper=0.0)
        _pair_items(program, layout, rows.ids, product, vendor)
    triples = [
        (rule, *pair)
        for rule, apart in limits.discouraged(layout.case)
        for pair in zip(*(axis.tolist() for axis in np.nonzero(apart & present)), strict=True)
    ]
    if not triples:
        return []
    number, product, vendor = np.array(triples, dtype=np.int32).T
    axes = {"rule": number, "product": product, "vendor": vendor}
    soft = program.add_rows("only_vendors_soft", axes, upper=0.0)
    for one in np.unique(number):
        mine = number == one
        _pair_items(program, layout, soft.ids[mine], product[mine], vendor[mine])
    return give_way(program, layout, soft, number.tolist(), short=False)


def _pair_items(program: Program, layout: Layout, rows: Integers, product: Numbers, vendor: Numbers) -> None:
    """Put all items of each row's pair into it."""
    row_of = np.full((len(layout.routes.products), len(layout.routes.vendors)), -1)
    row_of[product, vendor] = rows
    at = row_of[layout.product, layout.vendor]
    program.add_terms(at[at >= 0], layout.ids[at >= 0], 1.0)


def fixed_quantity(program: Program, layout: Layout) -> list[Penalty]:
    r"""A quantity set by hand is kept, and the rest is planned around it.

    .. math:: \sum_{r \in F_k, t} x_{rt} = q_k \qquad \forall k \qquad [\text{items}]

    A rule with a penalty pays it for every item more or less.

    Dual: what the plan gains from one more item in the line held.
    """
    asked = limits.fixed(layout.case)
    if not asked:
        return []
    amounts = [one.items for one in asked]
    rows = program.add_rows("fixed_quantity", {"rule": [one.rule for one in asked]}, lower=amounts, upper=amounts)
    names = np.array(layout.routes.workflows)[layout.routes.workflow[layout.route]]
    for row, one in zip(rows.ids.tolist(), asked, strict=True):
        mine = (layout.product == one.product) & (layout.vendor == one.vendor)
        if one.workflow is not None:
            mine &= names == one.workflow
        program.add_terms(row, layout.ids[mine], 1.0)
    numbers = [one.rule for one in asked]
    return [
        *give_way(program, layout, rows, numbers, short=True),
        *give_way(program, layout, rows, numbers, short=False),
    ]


def needs_product(program: Program, layout: Layout) -> list[Penalty]:
    r"""A product is worked on only if another one gets enough items.

    .. math:: \sum_{r \in R(p), t} x_{rt} \le M_p \, g_k, \qquad \sum_{r \in R(o), t} x_{rt} \ge m_k \, g_k
        \qquad \forall k \qquad [\text{items}]

    with g 0 or 1, o the other product and m the items it must get. A rule with a penalty pays it for every item the other
    product lacks.

    Dual: of little meaning while g is a whole number.
    """
    asked = limits.needs(layout.case)
    if not asked:
        return []
    axes = {"rule": [one.rule for one in asked]}
    go = program.add_columns("needs_met", axes, upper=1.0, integer=True)
    only = program.add_rows("needs_product", axes, upper=0.0)
    first = program.add_rows("needed_product", axes, lower=0.0)
    most = np.minimum(layout.most_items.sum(axis=1), limits.demand(layout.case)[1])
    for position, one in enumerate(asked):
        if not np.isfinite(most[one.product]):
            name = layout.routes.products[one.product]
            message = (
                f"nothing limits how many items of {name} could be ordered, which the rule '{one.name}' needs to know"
            )
            place = layout.case.place("products", name)
            raise CaseError([Problem(message, place, "add `demand: {at-most: …}`, a budget, or capacities")])
        mine, other = layout.product == one.product, layout.product == one.other
        program.add_terms(only.ids[position], layout.ids[mine], 1.0)
        program.add_terms([only.ids[position]], [go.ids[position]], -float(most[one.product]))
        program.add_terms(first.ids[position], layout.ids[other], 1.0)
        program.add_terms([first.ids[position]], [go.ids[position]], -one.items)
    return give_way(program, layout, first, [one.rule for one in asked], short=True)
