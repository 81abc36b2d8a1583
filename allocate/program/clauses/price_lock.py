"""Rows of what is bought at most at a locked price."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.program.arrays import Floats
from allocate.program.layout import Layout
from allocate.program.model import Model
from allocate.program.naming import Block
from allocate.units import Quantity


def price_lock(model: Model) -> None:
    r"""No more is bought at a locked price than was agreed, no less than its term, and nothing where it is not signed.

    .. math:: q_l \, y_l \le \sum_{r : l \in L(r), t} u_r \, x_{rt} \le Q_l \, y_l \qquad \forall l
        \qquad [\text{items, or what the price counts}]

    with u what an item counts (1, or what is billed of it), Q what is bought at most and q at least.

    Dual: what the plan gains from one more at the locked price.
    """
    layout, program = model.layout, model.program
    blocks = list(layout.case.file.levers.values())
    upto = [(number, block.upto) for number, block in enumerate(blocks) if block.upto is not None]
    least = [(number, block.least) for number, block in enumerate(blocks) if block.least is not None]
    if upto:
        _bought(model, program.add_rows("price_lock", {"lever": [number for number, _ in upto]}, upper=0.0), upto)
    if least:
        _bought(
            model, program.add_rows("price_lock_term", {"lever": [number for number, _ in least]}, lower=0.0), least
        )


def _bought(model: Model, rows: Block, amounts: Sequence[tuple[int, Quantity]]) -> None:
    """What is bought at each locked price, less an amount where it is signed."""
    layout, program, routes = model.layout, model.program, model.layout.routes
    holds = [np.array([number in some for some in routes.combinations], bool) for number, _ in amounts]
    for row, (number, amount), within in zip(rows.ids.tolist(), amounts, holds, strict=True):
        columns = np.flatnonzero(within[routes.combination[layout.route]])
        program.add_terms(row, layout.ids[columns], _counted(layout, amount.of())[layout.route[columns]])
        program.add_terms(row, program.columns["bought"].ids[[number]], -amount.each)


def _counted(layout: Layout, noun: str | None) -> Floats:
    """What an item of each route counts, shape (R,): one, or what is billed of it where that is what the price counts."""
    basis = np.array([{"hour": "h"}.get(one, one) for one in layout.routes.basis], dtype=object)
    items = np.array(layout.routes.items, dtype=object)[layout.routes.product]
    return np.where((noun == "item") | (items == noun), 1.0, np.where(basis == noun, layout.routes.billable, 0.0))
