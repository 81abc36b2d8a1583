"""Rows that give way for a price: a column beside each says by how much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from allocate.costing.soft_limits.rules import penalty
from allocate.program.charges import Penalty
from allocate.program.model import Model
from allocate.program.naming import Block

CASH = "paid_"
"""What the columns of penalties that are paid begin with, before the family of the rows that give way for them."""


def give_way(
    model: Model, rows: Block, rules: Sequence[int], *, short: bool, periods: Sequence[int | None] | None = None
) -> None:
    """Let the rows of rules with a penalty give way: below (short) or above their limit.

    rules: position of the rule each row stands for; periods: of the period it is about, None for the horizon; absent: all are
    about the horizon. Nothing is added for rules that are never broken.
    """
    about = [None] * len(rules) if periods is None else periods
    each = (penalty(model.layout.case, rule, period) for rule, period in zip(rules, about, strict=True))
    pay_for(model, rows, [np.nan if price is None else price for price in each], short=short)


def pay_for(model: Model, rows: Block, prices: ArrayLike, *, short: bool, most: ArrayLike = np.inf) -> None:
    """Let rows give way below (short) or above their limit at a price each, nan for those that never do.

    most: how far each row may give way. Nothing is added where no row has a price.
    """
    priced, upper = np.asarray(prices, dtype=np.float64), np.broadcast_to(most, len(rows))
    chosen = np.flatnonzero(~np.isnan(priced)).astype(np.int32)
    if not len(chosen):
        return
    axes = {axis: values[chosen] for axis, values in rows.index.items()}
    family = f"{'short_of' if short else 'beyond'}_{rows.family}"
    columns = model.program.add_columns(family, axes, upper=upper[chosen])
    model.program.add_terms(rows.ids[chosen], columns.ids, 1.0 if short else -1.0)
    model.penalties.append(Penalty(columns, priced[chosen]))


def give_way_for_cash(model: Model, rows: Block) -> None:
    """Let rows give way by the columns there are for limits missed for money that is paid."""
    columns = model.program.columns.get(f"{CASH}{rows.family}")
    if columns is not None:
        model.program.add_terms(rows.at(**columns.index), columns.ids, 1.0)
