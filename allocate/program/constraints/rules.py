"""Rows of mix rules that count, forbid, fix or order: whole-number choices of vendors and products."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing import limits
from allocate.errors import CaseError, Problem
from allocate.program.charges import Penalty
from allocate.program.constraints.contracts import Engagement
from allocate.program.elastic import give_way
from allocate.program.layout import Integers, Layout
from allocate.program.program import Program

Numbers = NDArray[np.signedinteger[Any]]


def vendor_count(program: Program, layout: Layout, found: Engagement) -> list[Penalty]:
    r"""So many vendors, no fewer and no more, work on a product (or on anything).

    .. math:: n_p \le \sum_{v} z_{pv} \le N_p, \qquad \sum_{r \in R(p,v), t} x_{rt} \ge z_{pv} \text{ where } n_p
        \text{ is given} \qquad \forall p \qquad [\text{vendors}]

    A rule with a penalty gives way by a number of vendors. A vendor counts towards an at-least when it makes one item or more; an at-most counts every vendor that makes any.

    Dual: of little meaning while z is a whole number; see the price of each limit with it fixed.
    """
    asked = limits.counts(layout.case)
    if not asked:
        return []
    lower = np.array([-np.inf if one.at_least is None else one.at_least for one in asked])
    upper = np.array([np.inf if one.at_most is None else one.at_most for one in asked])
    axes = {"rule": np.array([one.rule for one in asked]), "count": np.arange(len(asked))}
    rows = program.add_rows("vendor_count", axes, lower=lower, upper=upper)
    must_work: set[int] = set()
    for row, one in zip(rows.ids.tolist(), asked, strict=True):
        columns = _counted(found, one)
        program.add_terms(row, np.array(columns, dtype=np.int32), 1.0)
        if one.at_least:
            must_work |= set(columns)
    _works(program, layout, found, must_work)
    numbers = [one.rule for one in asked]
    return [
        *give_way(program, layout, rows, numbers, short=True),
        *give_way(program, layout, rows, numbers, short=False),
    ]


def _counted(found: Engagement, one: limits.VendorCount) -> list[int]:
    """Columns of the vendors a rule counts, those that can make nothing left out."""
    block = found.used if one.products is None else found.starts
    if block is None:
        return []
    mine = np.isin(block.index["vendor"], one.vendors)
    if one.products is not None:
        mine &= block.index["product"] == one.products[0]
    return [int(column) for column in block.ids[mine]]


def _works(program: Program, layout: Layout, found: Engagement, columns: set[int]) -> None:
    """A vendor counted towards an at-least makes something."""
    for block, family in ((found.starts, "counted_starts"), (found.used, "counted_used")):
        if block is not None:
            found.works(program, layout, block, family, np.flatnonzero(np.isin(block.ids, list(columns))))


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
