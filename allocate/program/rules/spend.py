"""Rows of what is spent on products: at least, at most, in money or as a share of all spend."""

from __future__ import annotations

from functools import partial

import numpy as np

from allocate.case.load import Case
from allocate.costing.rules.spend import spends
from allocate.program.model import Model
from allocate.program.sections import Rows
from allocate.program.soft_limits import give_way

TOTAL = "spend_total"
FAMILIES = (
    ("spend_at_least", True, False),
    ("spend_at_most", False, False),
    ("spend_share_at_least", True, True),
    ("spend_share_at_most", False, True),
)
"""Families of rows; whether they ask for spend, and whether as a share of all."""


def product_spend(model: Model) -> None:
    r"""So much is spent on some products, no less and no more: money, or a share of all spend.

    .. math:: B^-_k \le \sum_{(r,t) \in P_k} c_{rt} \, x_{rt} + \sum_{j \in P_k} f_j \, u_j \le B^+_k \qquad \forall k \qquad [\text{money}]

    .. math:: \beta^-_k \, Y \le \sum_{(r,t) \in P_k} c_{rt} \, x_{rt} + \sum_{j \in P_k} f_j \, u_j \le \beta^+_k \, Y
        \qquad \forall k \qquad [\text{money}]

    with P the work, and what contracts ask beside prices, that is for nothing but the products of rule k, and
    :math:`Y = \sum_{r,t} c_{rt} x_{rt} + \sum_j f_j u_j` all spend, a column of its own. Amounts count in the currency they are
    written in, at the exchange rate of the period each is owed in, shares in the case's. Switching and penalties pay for no work
    and stand in neither. A rule with a penalty gives way by a column of its own on each row.

    Dual: what the plan gains from one more unit of money the products may (need not) get.
    """
    program, case = model.program, model.layout.case
    asked = spends(case)
    if any(side.currency is None for side in asked):
        total = program.add_columns(TOTAL)
        link = program.add_rows("spend_total_link", lower=0.0, upper=0.0)
        program.add_terms(link.ids, total.ids, -1.0)
        model.put_spend(int(link.ids[0]), case.currency, for_work=True)
    for family, at_least, of_total in FAMILIES:
        sides = [side for side in asked if side.at_least == at_least and (side.currency is None) == of_total]
        if not sides:
            continue
        rules = [side.rule for side in sides]
        amounts = np.array([0.0 if of_total else side.amount for side in sides])
        lower, upper = (amounts, np.inf) if at_least else (-np.inf, amounts)
        rows = program.add_rows(family, {"rule": rules, "spend": np.arange(len(sides))}, lower=lower, upper=upper)
        for row, side in zip(rows.ids.tolist(), sides, strict=True):
            model.put_spend(row, side.currency or case.currency, side.products, for_work=True)
        if of_total:
            program.add_terms(rows.ids, program.columns[TOTAL].ids, [-side.amount for side in sides])
        give_way(model, rows, rules, short=at_least)


def _currency(at_least: bool, case: Case, rule: int) -> str:
    """What the rows of one side of a rule count in."""
    sides = (side for side in spends(case) if side.rule == rule and side.at_least == at_least)
    return next((side.currency for side in sides if side.currency is not None), case.currency)


ROWS = tuple(
    Rows(family, "both", "share" if of_total else "side", partial(_currency, at_least))
    for family, at_least, of_total in FAMILIES
)
"""What explanations say of them."""
