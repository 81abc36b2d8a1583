"""Columns and rows of rules that count vendors: whole-number choices of who makes enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from allocate.costing.limits.amounts import demand
from allocate.costing.rules.count import VendorCount, counts, most_vendors
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.program.engagement import bounded
from allocate.program.layout import Layout
from allocate.program.model import Model, axes_of
from allocate.program.naming import Block
from allocate.program.soft_limits import give_way


def vendor_count(model: Model) -> None:
    r"""So many vendors, no fewer and no more, work on a product (or on anything).

    .. math:: \sum_{v} z_{pv} \le N_p, \qquad \sum_{v} c_{pv} \ge n_p \qquad \forall p \qquad [\text{vendors}]

    .. math:: \sum_{r \in R(p,v), t} x_{rt} \ge m_p \, c_{pv}, \qquad
        \sum_{r \in R(p,v), t} x_{rt} \ge \beta_p \, Y_p - \beta_p \, M_p (1 - c_{pv})
        \qquad \forall p, v \text{ where } n_p \text{ is given} \qquad [\text{items}]

    .. math:: \sum_{r \in R(p,v), t} x_{rt} - m_p - \beta_p \, Y_p \le (1 - \beta_p) \, M_{pv} \, z_{pv}
        \qquad \forall p, v \text{ where } N_p \text{ counts from a least} \qquad [\text{items}]

    with z and c 0 or 1, :math:`Y_p = \sum_{r \in R(p), t} x_{rt}` and M the most it can be. A vendor counts (c) towards an
    at-least when it makes m items and its share :math:`\beta` of them all; of the portfolio that share is one of equivalent
    units. An at-most counts every vendor that makes any (z), or more than such a least where the rule states one. A rule with a penalty gives way by a number of vendors.

    Dual: of little meaning while z and c are whole numbers; see the price of each limit with them fixed.
    """
    program, asked = model.program, counts(model.layout.case)
    if not asked:
        return
    sides = [(number, rule, at_least) for number, rule in enumerate(asked) for at_least in rule.sides]
    lower = np.array([rule.at_least or 0 if at_least else -np.inf for _, rule, at_least in sides])
    made = model.layout.routes.made
    upper = np.array([np.inf if at_least else most_vendors(rule, made) for _, rule, at_least in sides])
    rules = [rule.rule for _, rule, _ in sides]
    rows = program.add_rows("vendor_count", {"rule": rules, "count": np.arange(len(sides))}, lower=lower, upper=upper)
    counted, more = _counted(model, asked), _counted_more(model, asked)
    for row, (number, rule, at_least) in zip(rows.ids.tolist(), sides, strict=True):
        if at_least:
            columns = counted.get(number, np.zeros(0, np.int32))
        else:
            columns = more[number] if number in more else _working(model, rule)
        program.add_terms(row, columns, 1.0)
    for short in (True, False):
        give_way(model, rows, rules, short=short)


def _working(model: Model, rule: VendorCount) -> Integers:
    """Columns of the vendors a rule counts that make anything, those that can make nothing left out."""
    block = model.program.columns.get("used" if rule.products is None else "starts")
    if block is None:
        return np.zeros(0, np.int32)
    counted = np.isin(block.index["vendor"], rule.vendors)
    if rule.products is not None:
        counted &= block.index["product"] == rule.products[0]
    return block.ids[counted]


def _inside(layout: Layout, products: tuple[int, ...] | None) -> Booleans:
    """Columns of the product that is counted, or of the portfolio."""
    return np.ones(len(layout.ids), bool) if products is None else layout.product == products[0]


def _counted(model: Model, asked: Sequence[VendorCount]) -> dict[int, Integers]:
    """Columns that say who makes enough to count towards each at-least, by its number, and their rows."""
    program, layout = model.program, model.layout
    least = [(number, rule) for number, rule in enumerate(asked) if rule.at_least is not None]
    columns: list[tuple[VendorCount, Booleans]] = []
    keys: list[tuple[int, int]] = []
    for number, rule in least:
        inside = _inside(layout, rule.products)
        there = [vendor for vendor in rule.vendors if (inside & (layout.vendor == vendor)).any()]
        keys += [(number, vendor) for vendor in there]
        columns += [(rule, inside & (layout.vendor == vendor)) for vendor in there]
    if not columns:
        return {}
    counted = program.add_columns("counted", axes_of(("count", "vendor"), keys), upper=1.0, integer=True)
    items = program.add_rows("counted_items", counted.index, lower=0.0)
    program.add_terms(items.ids, counted.ids, [-rule.items for rule, _ in columns])
    for row, (_, own) in zip(items.ids.tolist(), columns, strict=True):
        program.add_terms(row, layout.ids[own], 1.0)
    _counted_share(model, counted, columns)
    return {number: counted.ids[counted.index["count"] == number] for number, _ in least}


def _counted_more(model: Model, asked: Sequence[VendorCount]) -> dict[int, Integers]:
    """Columns that say who makes more than an at-most leaves uncounted, by its number, and their rows."""
    program, layout = model.program, model.layout
    cells = [
        (number, rule, vendor, _inside(layout, rule.products) & (layout.vendor == vendor))
        for number, rule in enumerate(asked)
        if rule.at_most is not None and not rule.all_that_work
        for vendor in rule.vendors
    ]
    cells = [cell for cell in cells if cell[3].any()]
    if not cells:
        return {}
    axes = axes_of(("count", "vendor"), [(number, vendor) for number, _, vendor, _ in cells])
    more = program.add_columns("counted_more", axes, upper=1.0, integer=True)
    totals = _totals(model, "counted_more", [rule.products for _, rule, _, _ in cells if rule.most_share])
    rows = program.add_rows("counted_more_items", axes, upper=[rule.most_items for _, rule, _, _ in cells])
    for row, column, (_, rule, vendor, own) in zip(rows.ids.tolist(), more.ids.tolist(), cells, strict=True):
        measured = _measure(layout, rule.products) if rule.most_share else np.ones(len(layout.ids))
        program.add_terms(row, layout.ids[own], measured[own])
        products = np.unique(layout.product[own])
        bounded(layout, products, np.full(len(products), vendor))
        most = sum(
            float(layout.most_items[product, vendor] * measured[own & (layout.product == product)].max())
            for product in products
        )
        program.add_terms(row, [column], -max(0.0, (1.0 - rule.most_share) * most - rule.most_items))
        if rule.most_share:
            program.add_terms(row, [totals[rule.products]], -rule.most_share)
    return {number: more.ids[more.index["count"] == number] for number in dict.fromkeys(cell[0] for cell in cells)}


def _totals(model: Model, name: str, groups: Iterable[tuple[int, ...] | None]) -> dict[tuple[int, ...] | None, int]:
    """The column of the total of each group, linked to what it is the total of."""
    program, layout, several = model.program, model.layout, list(dict.fromkeys(groups))
    if not several:
        return {}
    totals = program.add_columns(f"{name}_total", count=len(several))
    links = program.add_rows(f"{name}_total_link", count=len(several), lower=0.0, upper=0.0)
    program.add_terms(links.ids, totals.ids, -1.0)
    for link, group in zip(links.ids.tolist(), several, strict=True):
        inside = _inside(layout, group)
        program.add_terms(link, layout.ids[inside], _measure(layout, group)[inside])
    return dict(zip(several, totals.ids.tolist(), strict=True))


def _counted_share(model: Model, counted: Block, columns: Sequence[tuple[VendorCount, Booleans]]) -> None:
    """A vendor that counts makes its share of a total, which is a column of its own."""
    program, layout = model.program, model.layout
    part = [n for n, (rule, _) in enumerate(columns) if rule.share > 0]
    if not part:
        return
    totals = _totals(model, "count", [columns[n][0].products for n in part])
    axes = {axis: values[part] for axis, values in counted.index.items()}
    most = np.array([columns[n][0].share * _most(layout, columns[n][0].products) for n in part])
    rows = program.add_rows("counted_share", axes, lower=-most)
    program.add_terms(rows.ids, counted.ids[part], -most)
    for row, n in zip(rows.ids.tolist(), part, strict=True):
        rule, own = columns[n]
        program.add_terms(row, layout.ids[own], _measure(layout, rule.products)[own])
        program.add_terms(row, [totals[rule.products]], -rule.share)


def _measure(layout: Layout, group: tuple[int, ...] | None) -> Floats:
    """What shares of a group are of: items of a product, equivalent units of the portfolio."""
    return layout.equivalent_units if group is None else np.ones(len(layout.ids))


def _most(layout: Layout, group: tuple[int, ...] | None) -> float:
    """Most that a group's total can be. Raises CaseError where nothing limits it."""
    demanded, total = demand(layout.case)[1].copy(), 0.0
    demanded[[number for kind, number in layout.ignoring if kind == "demand"]] = np.inf
    for product in range(len(demanded)) if group is None else group:
        columns = layout.product == product
        vendors = np.unique(layout.vendor[columns])
        if len(vendors) and not np.isfinite(demanded[product]):
            bounded(layout, np.full(len(vendors), product), vendors)
        most = min(float(demanded[product]), float(layout.most_items[product, vendors].sum()))
        total += most * float(_measure(layout, group)[columns].max(initial=0.0))
    return total
