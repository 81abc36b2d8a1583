"""Rules that give way for a penalty: a column beside the row says by how much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.costing.penalties import penalty
from allocate.program.charges import Penalty
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program


def give_way(program: Program, layout: Layout, rows: Block, rules: Sequence[int], *, short: bool) -> list[Penalty]:
    """Let the rows of rules with a penalty give way: below (short) or above their limit.

    rules: position of the rule each row stands for. Nothing is added for rules that are never broken.
    """
    prices = [penalty(layout.case, rule) for rule in rules]
    chosen = np.array([number for number, price in enumerate(prices) if price is not None], dtype=np.int32)
    if not len(chosen):
        return []
    axes = {axis: values[chosen] for axis, values in rows.index.items()}
    columns = program.add_columns(f"{'short_of' if short else 'beyond'}_{rows.family}", axes)
    program.add_terms(rows.ids[chosen], columns.ids, 1.0 if short else -1.0)
    return [Penalty(columns, np.array([price for price in prices if price is not None]))]
