"""Columns and rows of rules that count products: whole-number choices of which are funded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.costing.rules.funded import FundedSide, funded
from allocate.program.engagement import most_of
from allocate.program.model import Model, axes_of
from allocate.program.soft_limits import give_way
from allocate.tolerances import AT_WORK


def funded_products(model: Model) -> None:
    r"""So many products are funded, no fewer and no more.

    .. math:: \sum_{p \in P_k} f_{kp} \ge n_k, \qquad \sum_{r \in R(p), t} x_{rt} \ge m_{kp} \, f_{kp}
        \qquad \forall k, p \in P_k \qquad [\text{products, items}]

    .. math:: \sum_{p \in P_k} g_{kp} \le N_k, \qquad \sum_{r \in R(p), t} x_{rt} \le m_{kp} + (M_p - m_{kp}) \, g_{kp}
        \qquad \forall k, p \in P_k \qquad [\text{products, items}]

    with f and g 0 or 1, m the items from which a product counts, and M the most items of it there could be. A rule with a
    penalty gives way by a number of products.

    Dual: of little meaning while f and g are whole numbers; see the price of each limit with them fixed.
    """
    program, asked = model.program, funded(model.layout.case)
    if not asked:
        return
    lower = [side.number if side.at_least else -np.inf for side in asked]
    made, given = model.layout.routes.made.sum(axis=1), model.layout.case.file.rules
    done = [int((made[list(side.products)] > np.array(side.items) + AT_WORK).sum()) for side in asked]
    most = [
        max(side.number, n) if given[side.rule].penalty is None else side.number
        for side, n in zip(asked, done, strict=True)
    ]
    upper = [np.inf if side.at_least else n for side, n in zip(asked, most, strict=True)]
    rules = [side.rule for side in asked]
    rows = program.add_rows("funded_products", {"rule": rules, "side": np.arange(len(asked))}, lower=lower, upper=upper)
    for at_least in (True, False):
        _counted(model, rows.ids.tolist(), asked, at_least)
        give_way(model, rows, rules, short=at_least)


def _counted(model: Model, rows: Sequence[int], asked: Sequence[FundedSide], at_least: bool) -> None:
    """Columns of the products that count towards sides of one kind, with the rows that tie them to items."""
    layout, program = model.layout, model.program
    there = np.unique(layout.product)
    cells = [
        (number, product, items)
        for number, side in enumerate(asked)
        if side.at_least == at_least
        for product, items in zip(side.products, side.items, strict=True)
        if product in there
    ]
    if not cells:
        return
    family, axes = "funded" if at_least else "funded_at_all", axes_of(("side", "product"), [cell[:2] for cell in cells])
    from_items = np.array([cell[2] for cell in cells])
    columns = program.add_columns(family, axes, upper=1.0, integer=True)
    for number in dict.fromkeys(cell[0] for cell in cells):
        program.add_terms(rows[number], columns.ids[columns.index["side"] == number], 1.0)
    if at_least:
        tied = program.add_rows(f"{family}_items", axes, lower=0.0)
        program.add_terms(tied.ids, columns.ids, -from_items)
    else:
        most = most_of(
            layout, axes["product"], f"the rule '{layout.case.file.rules[asked[cells[0][0]].rule].name}' needs"
        )
        tied = program.add_rows(f"{family}_items", axes, upper=from_items)
        program.add_terms(tied.ids, columns.ids, -np.maximum(most - from_items, 0.0))
    model.put_items(tied)
