"""Rows that give way for a penalty: a column beside each says by how much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing.soft_limits.rules import penalty
from allocate.program.charges import Penalty
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program


def give_way(
    program: Program,
    layout: Layout,
    rows: Block,
    rules: Sequence[int],
    *,
    short: bool,
    periods: Sequence[int | None] | None = None,
) -> list[Penalty]:
    """Let the rows of rules with a penalty give way: below (short) or above their limit.

    rules: position of the rule each row stands for; periods: of the period it is about, None for the horizon; absent: all are
    about the horizon. Nothing is added for rules that are never broken.
    """
    about = [None] * len(rules) if periods is None else periods
    each = (penalty(layout.case, rule, period) for rule, period in zip(rules, about, strict=True))
    prices = [np.nan if one is None else one for one in each]
    return pay_for(program, rows, prices, short=short)


def pay_for(
    program: Program, rows: Block, prices: ArrayLike, *, short: bool, most: ArrayLike = np.inf
) -> list[Penalty]:
    """Let rows give way below (short) or above their limit at a price each, nan for those that never do.

    most: how far each row may give way. Nothing is added where no row has a price.
    """
    priced, upper = np.asarray(prices, dtype=np.float64), np.broadcast_to(most, len(rows))
    chosen = np.flatnonzero(~np.isnan(priced)).astype(np.int32)
    if not len(chosen):
        return []
    axes = {axis: values[chosen] for axis, values in rows.index.items()}
    columns = program.add_columns(f"{'short_of' if short else 'beyond'}_{rows.family}", axes, upper=upper[chosen])
    program.add_terms(rows.ids[chosen], columns.ids, 1.0 if short else -1.0)
    return [Penalty(columns, priced[chosen])]


CASH = "paid_"
"""What the columns of penalties that are paid begin with, before the family of the rows that give way for them."""


def give_way_for_cash(program: Program, rows: Block) -> None:
    """Let rows give way by the columns there are for limits missed for money that is paid."""
    columns = program.columns.get(f"{CASH}{rows.family}")
    if columns is None:
        return
    keys = [tuple(int(values[n]) for values in rows.index.values()) for n in range(len(rows))]
    row_of = dict(zip(keys, rows.ids.tolist(), strict=True))
    mine = [row_of[tuple(int(columns.index[axis][n]) for axis in rows.index)] for n in range(len(columns))]
    program.add_terms(np.array(mine), columns.ids, 1.0)
