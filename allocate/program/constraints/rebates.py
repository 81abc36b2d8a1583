"""Columns and rows of rebates on what all of a vendor's prices come to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.costing import limits
from allocate.costing.rebates import HALF_A_CENT, Rebate, rebates
from allocate.program.charges import Charge, all_usage
from allocate.program.constraints.commitments import most_usage
from allocate.program.constraints.contracts import bounded
from allocate.program.layout import Floats, Layout
from allocate.program.naming import Block
from allocate.program.program import Program


def rebate(program: Program, layout: Layout, charges: Sequence[Charge]) -> list[Charge]:
    r"""A vendor pays back a share of what its prices come to, by the step they reach.

    .. math:: \text{usage}_v = \sum_k s_{vk}, \quad L_{vk} \, b_{vk} \le s_{vk} \le L_{v,k+1} \, b_{vk}, \quad
        \sum_k b_{vk} = 1 \qquad \forall v \qquad [\text{money}]

    with b 0 or 1 and :math:`L_{v0} = 0`; paid back are :math:`\beta_k s_k`, where steps are incremental less
    :math:`(\beta_k L_k - \sum_{j < k} \beta_j (L_{j+1} - L_j)) \, b_k`. What all prices could come to ends the last step.

    Dual: of the sum, what is paid back of one more unit of money at the step reached.
    """
    asked = rebates(layout.case)
    if not asked:
        return []
    for one in asked:
        products = np.unique(layout.product[layout.vendor == one.vendor])
        bounded(layout, products, np.full(len(products), one.vendor))
    most, strict = most_usage(layout), limits.pays_to_spend(layout.case)
    pieces = [(one, k, *piece) for one in asked for k, piece in enumerate(_pieces(one, most[one.vendor], strict))]
    axes = {"vendor": np.array([one.vendor for one, *_ in pieces]), "step": np.array([k for _, k, *_ in pieces])}
    start, stop, share, less = (np.array(column) for column in list(zip(*pieces, strict=True))[2:])
    spend = program.add_columns("rebate_spend", axes, upper=stop)
    reached = program.add_columns("rebate_reached", axes, upper=(stop >= start).astype(float), integer=True)
    open_ = program.add_rows("rebate_open", axes, upper=0.0)
    program.add_terms(open_.ids, spend.ids, 1.0)
    program.add_terms(open_.ids, reached.ids, -stop)
    from_ = program.add_rows("rebate_from", axes, lower=0.0)
    program.add_terms(from_.ids, spend.ids, 1.0)
    program.add_terms(from_.ids, reached.ids, -start)
    vendors = {"vendor": np.array([one.vendor for one in asked])}
    link = program.add_rows("rebate_link", vendors, lower=0.0, upper=0.0)
    choice = program.add_rows("rebate_choice", vendors, lower=1.0, upper=1.0)
    for n, one in enumerate(asked):
        mine = axes["vendor"] == one.vendor
        all_usage(program, layout, int(link.ids[n]), one.vendor, charges)
        program.add_terms(link.ids[n], spend.ids[mine], -1.0)
        program.add_terms(choice.ids[n], reached.ids[mine], 1.0)
    return [_charge(layout, spend, -share), _charge(layout, reached, less)]


def _pieces(one: Rebate, most: float, strict: bool) -> list[tuple[float, float, float, float]]:
    """Start, end, share paid back and what is taken off it, of each step and of what lies before the first."""
    starts, shares = [0.0], [0.0]
    for start, share in one.steps:
        if start > 0:
            starts.append(start)
            shares.append(share)
        else:
            shares[0] = share
    # Paying more than is owed could pay: then nothing lies so close below a step that the invoice counts it as reached.
    gap = 2 * HALF_A_CENT if strict else 0.0
    found, before = [], 0.0
    for k, (start, share) in enumerate(zip(starts, shares, strict=True)):
        end = starts[k + 1] if k + 1 < len(starts) else np.inf
        less = share * start - before if one.incremental else 0.0
        found.append((start, float(min(end - gap, max(most, 0.0))), share, less))
        before += share * (end - start)
    return found


def _charge(layout: Layout, columns: Block, amount: Floats) -> Charge:
    count = len(columns)
    return Charge(
        columns=columns,
        amount=amount,
        usage=np.zeros(count),
        vendor=columns.index["vendor"],
        period=np.full(count, layout.case.periods.count - 1, dtype=np.int32),
        products=tuple(tuple(range(len(layout.routes.products))) for _ in range(count)),
    )
