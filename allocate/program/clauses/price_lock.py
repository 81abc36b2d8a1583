"""Rows of what is bought at most at a locked price."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Floats
from allocate.program.layout import Layout
from allocate.program.model import Model


def price_lock(model: Model) -> None:
    r"""No more is bought at a locked price than was agreed, and nothing where it is not signed.

    .. math:: \sum_{r : l \in L(r), t} u_r \, x_{rt} \le Q_l \, y_l \qquad \forall l \text{ with an end}
        \qquad [\text{items, or what the price counts}]

    with u what an item counts (1, or what is billed of it) and Q what is bought at most.

    Dual: what the plan gains from one more at the locked price.
    """
    layout, program = model.layout, model.program
    blocks, routes = list(layout.case.file.levers.values()), layout.routes
    ends = [(number, block.upto) for number, block in enumerate(blocks) if block.upto is not None]
    if not ends:
        return
    rows = program.add_rows("price_lock", {"lever": [number for number, _ in ends]}, upper=0.0)
    holds = [np.array([number in some for some in routes.combinations], bool) for number, _ in ends]
    for row, (number, upto), within in zip(rows.ids.tolist(), ends, holds, strict=True):
        columns = np.flatnonzero(within[routes.combination[layout.route]])
        program.add_terms(row, layout.ids[columns], _counted(layout, upto.of())[layout.route[columns]])
        program.add_terms(row, program.columns["bought"].ids[[number]], -upto.each)


def _counted(layout: Layout, noun: str) -> Floats:
    """What an item of each route counts, shape (R,): one, or what is billed of it where that is what the price counts."""
    basis = np.array([{"hour": "h"}.get(one, one) for one in layout.routes.basis], dtype=object)
    items = np.array(layout.routes.items, dtype=object)[layout.routes.product]
    return np.where((noun == "item") | (items == noun), 1.0, np.where(basis == noun, layout.routes.billable, 0.0))
