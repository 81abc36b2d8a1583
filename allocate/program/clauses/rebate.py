"""Columns and rows of rebates on what all of a vendor's prices come to."""

from __future__ import annotations

import numpy as np

from allocate.costing.clauses.rebate import Rebate, close_below, rebates
from allocate.program.charges import Usage
from allocate.program.engagement import bounded
from allocate.program.model import Model, axes_of


def rebate(model: Model) -> None:
    r"""A vendor pays back a share of what its prices come to in a window, by the step they reach.

    .. math:: \text{usage}_{vw} = \sum_k s_{vwk}, \quad L_{vwk} \, b_{vwk} \le s_{vwk} \le L_{vw,k+1} \, b_{vwk}, \quad
        \sum_k b_{vwk} = 1 \qquad \forall v, w \qquad [\text{money}]

    with b 0 or 1 and :math:`L_{vw0} = 0`, usage and steps counted in the currency the steps are written in; paid back, at the
    exchange rate of the window's last period, are :math:`\beta_k s_k`, where steps are incremental less
    :math:`(\beta_k L_k - \sum_{j < k} \beta_j (L_{j+1} - L_j)) \, b_k`. What all prices could come to in
    the window, by the vendor's capacities, ends the last step within reach.

    Dual: of the sum, what is paid back of one more unit of money at the step reached.
    """
    program, layout = model.program, model.layout
    asked = rebates(layout.case)
    if not asked:
        return
    for terms in asked:
        products = np.unique(layout.product[layout.vendor == terms.vendor])
        bounded(layout, products, np.full(len(products), terms.vendor))
    usage = {terms.vendor: Usage(layout, terms.vendor, terms.windows, terms.currency, model.charges) for terms in asked}
    strict = layout.pays_to_spend
    sums = [(terms, window) for terms in asked for window in range(len(terms.windows.labels))]
    pieces = [_pieces(terms, usage[terms.vendor].most(window), strict) for terms, window in sums]
    number = np.repeat(np.arange(len(sums)), [len(some) for some in pieces])
    start, stop, share, less = np.concatenate(pieces).T
    sum_axes = axes_of(("vendor", "window"), [(terms.vendor, window) for terms, window in sums])
    if len(sums) == len(asked):
        del sum_axes["window"]
    step = np.concatenate([np.arange(len(some)) for some in pieces])
    axes = {**{axis: values[number] for axis, values in sum_axes.items()}, "step": step}
    spend = program.add_columns("rebate_spend", axes, upper=stop)
    reached = program.add_columns("rebate_reached", axes, upper=(stop >= start).astype(float), integer=True)
    model.tie("rebate_open", spend.index, spend.ids, reached.ids, stop)
    model.tie("rebate_from", spend.index, spend.ids, reached.ids, start, at_least=True)
    link = program.add_rows("rebate_link", sum_axes, lower=0.0, upper=0.0)
    choice = program.add_rows("rebate_choice", sum_axes, lower=1.0, upper=1.0)
    for row, (terms, window) in zip(link.ids.tolist(), sums, strict=True):
        usage[terms.vendor].put(program, row, window)
    program.add_terms(link.ids[number], spend.ids, -1.0)
    program.add_terms(choice.ids[number], reached.ids, 1.0)
    paid = np.array([terms.windows.last[window] for terms, window in sums])[number]
    rate = np.array([terms.rate[window] for terms, window in sums])[number]
    model.charge(spend, -share * rate, spend.index["vendor"], paid)
    model.charge(reached, less * rate, spend.index["vendor"], paid)


def _pieces(terms: Rebate, most: float, strict: bool) -> list[tuple[float, float, float, float]]:
    """Start, end, share paid back and what is taken off it, of each step and of what lies before the first."""
    starts, shares = [0.0], [0.0]
    for start, share in zip(terms.starts.tolist(), terms.shares, strict=True):
        if start > 0:
            starts.append(start)
            shares.append(share)
        else:
            shares[0] = share
    # Whoever can come as close to a step as the invoice counts as reached can have it, whatever rounding leaves of the most.
    most = max([most, *(start for start in starts if most > start - 2 * close_below(start))])
    pieces, before = [], 0.0
    for k, (start, share) in enumerate(zip(starts, shares, strict=True)):
        end = starts[k + 1] if k + 1 < len(starts) else np.inf
        # Where all money is paid back at another share from the step above on, or paying more than is owed could pay,
        # nothing lies so close below it that the invoice counts it as reached.
        jumps = not terms.incremental and k + 1 < len(shares) and shares[k + 1] != share
        gap = 2 * close_below(end) if (strict or jumps) and np.isfinite(end) else 0.0
        less = share * start - before if terms.incremental else 0.0
        pieces.append((start, float(min(end - gap, max(most, 0.0))), share, less))
        before += share * (end - start)
    return pieces
