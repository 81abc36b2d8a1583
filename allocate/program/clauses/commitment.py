"""Columns and rows of commitments: what a vendor is paid at least, used up or not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from allocate.program.arrays import Floats
from allocate.program.charges import Usage
from allocate.program.model import Model, axes_of
from allocate.program.naming import Block


def commitment(model: Model) -> None:
    r"""A vendor that is used is paid its commitment in each window, used up or not.

    .. math:: \text{usage}_{vw} + s_{vw} \ge C_{vw} \, y_v, \quad s_{vw} \ge 0 \qquad \forall v, w \qquad [\text{money}]

    with usage the prices (not the fees) of the window's work, counted like C and s in the currency the commitment is
    written in; s is paid for nothing, at the exchange rate of the window's last period. Where a rule is about shares of the
    spend, so that paying more than is owed could pay, s is held to what is missing by one choice d of 0 or 1 each:
    :math:`s \le C d, \; \text{usage} + s \le C y + U (1 - d)`, U the most usage there can be in the window.

    Dual: the part of one more unit of commitment that would be paid for nothing.
    """
    program, layout = model.program, model.layout
    asked = [(terms, terms.windows) for terms in layout.terms if terms.windows is not None and terms.committed > 0]
    pairs = [(terms, window) for terms, windows in asked for window in range(len(windows.labels))]
    if not pairs:
        return
    axes = axes_of(("vendor", "window"), [(terms.vendor, window) for terms, window in pairs])
    short = program.add_columns("commitment_short", axes)
    rows = program.add_rows("commitment", axes, lower=0.0)
    amounts = np.array([terms.committed for terms, _ in pairs])
    program.add_terms(rows.ids, short.ids, 1.0)
    program.add_terms(rows.ids, program.columns["used"].at(**axes), -amounts)
    usage = {
        terms.vendor: Usage(layout, terms.vendor, windows, terms.committed_in, model.charges)
        for terms, windows in asked
    }
    for row, (terms, window) in zip(rows.ids.tolist(), pairs, strict=True):
        usage[terms.vendor].put(program, row, window)
    if layout.pays_to_spend:
        _no_more_than_owed(model, usage, short, amounts)
    period = [windows.last[window] for _, windows in asked for window in range(len(windows.labels))]
    model.charge(short, [terms.rate[window] for terms, window in pairs], axes["vendor"], period)


def _no_more_than_owed(model: Model, usage: Mapping[int, Usage], short: Block, amounts: Floats) -> None:
    """What is paid for nothing is what is missing, never more."""
    program, vendors = model.program, short.index["vendor"].tolist()
    windows = short.index["window"].tolist()
    most = np.array([usage[vendor].most(window) for vendor, window in zip(vendors, windows, strict=True)])
    missing = program.add_columns("commitment_missed", short.index, upper=1.0, integer=True)
    model.tie("commitment_paid", short.index, short.ids, missing.ids, amounts)
    owed = program.add_rows("commitment_owed", short.index, upper=most)
    program.add_terms(owed.ids, short.ids, 1.0)
    program.add_terms(owed.ids, missing.ids, most)
    program.add_terms(owed.ids, program.columns["used"].at(**short.index), -amounts)
    for row, vendor, window in zip(owed.ids.tolist(), vendors, windows, strict=True):
        usage[vendor].put(program, row, window)
