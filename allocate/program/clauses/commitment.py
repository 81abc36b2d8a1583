"""Columns and rows of commitments, minimum invoices and least platform fees: what is paid at least, used up or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from allocate.costing.clauses.platform_fee import in_currency
from allocate.costing.supply.throughput import work_content
from allocate.costing.terms.contracts import FEES, Promise
from allocate.program.arrays import Floats, Integers
from allocate.program.charges import Usage
from allocate.program.engagement import bounded, least_work
from allocate.program.model import Model, axes_of
from allocate.program.naming import Block


def commitment(model: Model) -> None:
    r"""A vendor that is used is paid its commitment in each window, used up or not.

    .. math:: \text{usage}_{vw} + s_{vw} \ge C_{vw} \, y_v, \quad s_{vw} \ge 0 \qquad \forall v, w \qquad [\text{money}]

    with usage the prices (not the fees) of the window's work, counted like C and s in the currency the commitment is
    written in, or its items, hours or other work; s is paid for nothing, or a share of it, at the exchange rate of the window's last period. Where a rule is about shares of the
    spend, so that paying more than is owed could pay, s is held to what is missing by one choice d of 0 or 1 each:
    :math:`s \le C d, \; \text{usage} + s \le C y + U (1 - d)`, U the most usage there can be in the window.

    Dual: the part of one more unit of commitment that would be paid for nothing.
    """
    program, layout = model.program, model.layout
    asked = [one for terms in layout.terms if (one := terms.commitment) is not None and one.least > 0]
    if asked:
        axes = _axes(asked)
        holds = program.columns["used"].at(**axes)
        over = [one.windows.last < layout.terms[one.vendor].owed_before for one in asked]
        if (sure := np.concatenate(over)).any():  # windows that are over, of vendors that were taken on by then
            holds = holds.copy()
            holds[sure] = program.columns["taken_on"].at(vendor=axes["vendor"][sure])
        _paid_at_least(model, "commitment", asked, axes, holds)


def minimum_invoice(model: Model) -> None:
    r"""What a vendor's prices of a window with any work come to is paid up to its minimum invoice.

    .. math:: \sum \varphi_{tw} x_{rt} \le M u_{vw}, \quad \text{usage}_{vw} + s_{vw} \ge C_{vw} \, u_{vw}, \quad s_{vw} \ge 0
        \qquad \forall v, w \qquad [\text{items, money}]

    with u 0 or 1 for an invoice of the window, M the most items the vendor could make, and all else as of a commitment.

    Dual: of little meaning while u is a whole number.
    """
    asked = [one for terms in model.layout.terms if (one := terms.minimum_invoice) is not None and one.least > 0]
    _by_invoice(model, "", asked)


def minimum_platform_fee(model: Model) -> None:
    r"""What the platform's fees of a window with any work come to is paid up to the least fee.

    .. math:: \sum \varphi_{tw} x_{rt} \le M u_{vw}, \quad \text{fees}_{vw} + s_{vw} \ge C_{vw} \, u_{vw}, \quad s_{vw} \ge 0
        \qquad \forall v, w \qquad [\text{items, money}]

    with all as of a minimum invoice, of fees in place of prices.

    Dual: of little meaning while u is a whole number.
    """
    asked = [one for terms in model.layout.terms if (one := terms.minimum_fee) is not None and one.least > 0]
    _by_invoice(model, "fee_", asked)


def _by_invoice(model: Model, of: str, asked: Sequence[Promise]) -> None:
    """Columns of what is missing on invoices of windows with any work; of: how the names of families begin."""
    program, layout = model.program, model.layout
    if not asked:
        return
    axes, most = _axes(asked), dict[int, float]()
    for promise in asked:
        products = np.unique(layout.product[layout.vendor == promise.vendor])
        bounded(layout, products, np.full(len(products), promise.vendor))
        most[promise.vendor] = float(layout.most_items[products, promise.vendor].sum())
    invoiced = program.add_columns(f"{of}invoiced", axes, upper=1.0, integer=True)
    works = program.add_rows(f"{of}invoice_works", axes, upper=0.0)
    program.add_terms(works.ids, invoiced.ids, [-most[vendor] for vendor in axes["vendor"].tolist()])
    blocks = [works]
    if layout.pays_to_spend:  # an invoice for nothing could pay
        blocks.append(program.add_rows(f"{of}invoice_needs_work", axes, lower=0.0))
        least = least_work([most[vendor] for vendor in axes["vendor"].tolist()])
        program.add_terms(blocks[1].ids, invoiced.ids, -least)
    pairs = [(promise, window) for promise in asked for window in range(len(promise.windows.labels))]
    for number, (promise, window) in enumerate(pairs):
        weight = np.where(layout.vendor == promise.vendor, promise.windows.weights[window][layout.period], 0.0)
        inside = np.flatnonzero(weight)
        for block in blocks:
            program.add_terms(int(block.ids[number]), layout.ids[inside], weight[inside])
    _paid_at_least(model, f"{of}invoice", asked, axes, invoiced.ids)


def _axes(asked: Sequence[Promise]) -> dict[str, Integers]:
    return axes_of(
        ("vendor", "window"), [(one.vendor, window) for one in asked for window in range(len(one.windows.labels))]
    )


def _paid_at_least(
    model: Model, family: str, asked: Sequence[Promise], axes: dict[str, Integers], holds: Integers
) -> None:
    """Columns of what is missing where a choice of 0 or 1 holds, and the rows that have it paid; holds: those columns' numbers."""
    program, layout = model.program, model.layout
    pairs = [(one, window) for one in asked for window in range(len(one.windows.labels))]
    short = program.add_columns(f"{family}_short", axes)
    rows = program.add_rows(family, axes, lower=0.0)
    amounts = np.array([one.least for one, _ in pairs])
    program.add_terms(rows.ids, short.ids, 1.0)
    program.add_terms(rows.ids, holds, -amounts)
    counted = {one.vendor: Counted(model, one) for one in asked}
    for row, (one, window) in zip(rows.ids.tolist(), pairs, strict=True):
        counted[one.vendor].put(row, window)
    if layout.pays_to_spend:
        _no_more_than_owed(model, family, counted, short, amounts, holds)
    begins = [terms.begins for terms in layout.terms]
    period = [max(int(one.windows.last[window]), begins[one.vendor]) for one, window in pairs]
    model.charge(short, [one.price[window] for one, window in pairs], axes["vendor"], period)


class Counted:
    """What counts towards a promise, to be put into rows: prices, fees, or work."""

    def __init__(self, model: Model, promise: Promise) -> None:
        self.model, self.promise = model, promise
        layout = model.layout
        self.usage = Usage(layout, promise.vendor, promise.windows, promise.currency, model.charges)
        content, self.share = np.zeros(len(layout.ids)), 0.0
        if promise.counts == FEES:
            content = in_currency(layout.case, layout.routes, promise.currency, layout.route, layout.period)
            tiered = (layout.routes.vendor == promise.vendor) & (layout.routes.schedule >= 0)
            self.share = float(layout.routes.fee_share[tiered].max(initial=0.0))
        elif promise.counts is not None:
            content = work_content(layout.case, layout.routes, promise.counts)[layout.route]
        self.content = np.where(layout.vendor == promise.vendor, content, 0.0)

    def put(self, row: int, window: int) -> None:
        """Put what counts in a window into a row."""
        program, layout = self.model.program, self.model.layout
        if self.promise.counts is None:
            self.usage.put(program, row, window)
            return
        weight = self.content * self.promise.windows.weights[window][layout.period]
        inside = np.flatnonzero(weight)
        program.add_terms(row, layout.ids[inside], weight[inside])
        if self.share:
            self.usage.put_tiers(program, row, window, self.share)

    def most(self, window: int) -> float:
        """Most there could be of it in a window."""
        layout = self.model.layout
        if self.promise.counts is None:
            return self.usage.most(window)
        each = np.zeros(len(layout.routes.products))
        np.maximum.at(each, layout.product, self.content)
        items = layout.most_items[:, self.promise.vendor]
        own = float(np.multiply(each, items, out=np.zeros(len(each)), where=each > 0).sum())
        return own + (self.share * self.usage.most_of_tiers(window) if self.share else 0.0)


def _no_more_than_owed(
    model: Model, family: str, counted: Mapping[int, Counted], short: Block, amounts: Floats, holds: Integers
) -> None:
    """What is paid for nothing is what is missing, never more."""
    program, vendors = model.program, short.index["vendor"].tolist()
    windows = short.index["window"].tolist()
    most = np.array([counted[vendor].most(window) for vendor, window in zip(vendors, windows, strict=True)])
    missing = program.add_columns(f"{family}_missed", short.index, upper=1.0, integer=True)
    model.tie(f"{family}_paid", short.index, short.ids, missing.ids, amounts)
    owed = program.add_rows(f"{family}_owed", short.index, upper=most)
    program.add_terms(owed.ids, short.ids, 1.0)
    program.add_terms(owed.ids, missing.ids, most)
    program.add_terms(owed.ids, holds, -amounts)
    for row, vendor, window in zip(owed.ids.tolist(), vendors, windows, strict=True):
        counted[vendor].put(row, window)
