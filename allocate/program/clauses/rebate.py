"""Columns and rows of rebates on what all of a vendor's prices come to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allocate.costing import limits
from allocate.costing.clauses.rebate import Rebate, close_below, rebates
from allocate.program.charges import Charge, Usage
from allocate.program.clauses.commitment import most_usage
from allocate.program.engagement import bounded
from allocate.program.layout import Floats, Layout
from allocate.program.naming import Block
from allocate.program.program import Program


def rebate(program: Program, layout: Layout, charges: Sequence[Charge]) -> list[Charge]:
    r"""A vendor pays back a share of what its prices come to in a window, by the step they reach.

    .. math:: \text{usage}_{vw} = \sum_k s_{vwk}, \quad L_{vwk} \, b_{vwk} \le s_{vwk} \le L_{vw,k+1} \, b_{vwk}, \quad
        \sum_k b_{vwk} = 1 \qquad \forall v, w \qquad [\text{money}]

    with b 0 or 1 and :math:`L_{vw0} = 0`, usage and steps counted in the currency the steps are written in; paid back, at the
    exchange rate of the window's last period, are :math:`\beta_k s_k`, where steps are incremental less
    :math:`(\beta_k L_k - \sum_{j < k} \beta_j (L_{j+1} - L_j)) \, b_k`. What all prices could come to ends the last step.

    Dual: of the sum, what is paid back of one more unit of money at the step reached.
    """
    asked = rebates(layout.case)
    if not asked:
        return []
    for one in asked:
        products = np.unique(layout.product[layout.vendor == one.vendor])
        bounded(layout, products, np.full(len(products), one.vendor))
    most = {one.vendor: most_usage(layout, one.vendor, one.currency) for one in asked}
    strict = limits.pays_to_spend(layout.case)
    sums = [(one, window) for one in asked for window in range(len(one.windows.labels))]
    pieces = [
        (n, k, *piece)
        for n, (one, window) in enumerate(sums)
        for k, piece in enumerate(_pieces(one, most[one.vendor], strict))
    ]
    number, step = (np.array(column) for column in list(zip(*pieces, strict=True))[:2])
    start, stop, share, less = (np.array(column) for column in list(zip(*pieces, strict=True))[2:])
    sum_axes = {"vendor": np.array([one.vendor for one, _ in sums])}
    if len(sums) > len(asked):
        sum_axes["window"] = np.array([window for _, window in sums])
    axes = {**{axis: values[number] for axis, values in sum_axes.items()}, "step": step}
    spend = program.add_columns("rebate_spend", axes, upper=stop)
    reached = program.add_columns("rebate_reached", axes, upper=(stop >= start).astype(float), integer=True)
    open_ = program.add_rows("rebate_open", axes, upper=0.0)
    program.add_terms(open_.ids, spend.ids, 1.0)
    program.add_terms(open_.ids, reached.ids, -stop)
    from_ = program.add_rows("rebate_from", axes, lower=0.0)
    program.add_terms(from_.ids, spend.ids, 1.0)
    program.add_terms(from_.ids, reached.ids, -start)
    link = program.add_rows("rebate_link", sum_axes, lower=0.0, upper=0.0)
    choice = program.add_rows("rebate_choice", sum_axes, lower=1.0, upper=1.0)
    usage = {one.vendor: Usage(layout, one.vendor, one.windows, one.currency, charges) for one in asked}
    for n, (one, window) in enumerate(sums):
        usage[one.vendor].put(program, int(link.ids[n]), window)
    program.add_terms(link.ids[number], spend.ids, -1.0)
    program.add_terms(choice.ids[number], reached.ids, 1.0)
    paid = np.array([one.windows.last[window] for one, window in sums], dtype=np.int32)[number]
    rate = np.array([one.rate[window] for one, window in sums])[number]
    return [_charge(layout, spend, -share * rate, paid), _charge(layout, reached, less * rate, paid)]


def _pieces(one: Rebate, most: float, strict: bool) -> list[tuple[float, float, float, float]]:
    """Start, end, share paid back and what is taken off it, of each step and of what lies before the first."""
    starts, shares = [0.0], [0.0]
    for start, share in zip(one.starts.tolist(), one.shares, strict=True):
        if start > 0:
            starts.append(start)
            shares.append(share)
        else:
            shares[0] = share
    found, before = [], 0.0
    for k, (start, share) in enumerate(zip(starts, shares, strict=True)):
        end = starts[k + 1] if k + 1 < len(starts) else np.inf
        # Where the step above pays back less, or paying more than is owed could pay, nothing lies so close below it that
        # the invoice counts it as reached.
        falls = not one.incremental and k + 1 < len(shares) and shares[k + 1] < share
        gap = 2 * close_below(end) if (strict or falls) and np.isfinite(end) else 0.0
        less = share * start - before if one.incremental else 0.0
        found.append((start, float(min(end - gap, max(most, 0.0))), share, less))
        before += share * (end - start)
    return found


def _charge(layout: Layout, columns: Block, amount: Floats, paid: NDArray[np.int32]) -> Charge:
    count = len(columns)
    return Charge(
        columns=columns,
        amount=amount,
        usage=np.zeros(count),
        vendor=columns.index["vendor"],
        period=paid,
        products=tuple(tuple(range(len(layout.routes.products))) for _ in range(count)),
    )
