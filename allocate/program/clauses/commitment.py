"""Columns and rows of contracts about what their prices come to: commitments and ceilings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from allocate.costing import limits
from allocate.costing.bill.ledger import prices_in
from allocate.costing.terms.prices import worth
from allocate.costing.terms.schedules import Terms, schedules
from allocate.costing.terms.windows import windows
from allocate.program.charges import Charge, Usage
from allocate.program.engagement import Engagement
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program


def commitment(program: Program, layout: Layout, found: Engagement, charges: Sequence[Charge]) -> list[Charge]:
    r"""A vendor that is used is paid its commitment in each window, used up or not.

    .. math:: \text{usage}_{vw} + s_{vw} \ge C_{vw} \, y_v, \quad s_{vw} \ge 0 \qquad \forall v, w \qquad [\text{money}]

    with usage the prices (not the fees) of the window's work, counted like C and s in the currency the commitment is
    written in; s is paid for nothing, at the exchange rate of the window's last period. Where a rule is about shares of the
    spend, so that paying more than is owed could pay, s is held to what is missing by one choice d of 0 or 1 each:
    :math:`s \le C d, \; \text{usage} + s \le C y + U (1 - d)`, U the most usage there can be.

    Dual: the part of one more unit of commitment that would be paid for nothing.
    """
    asked = [one for one in layout.terms if one.windows is not None and one.committed > 0]
    if not asked:
        return []
    pairs = [(one, w) for one in asked if one.windows is not None for w in range(len(one.windows.labels))]
    vendor = np.array([one.vendor for one, _ in pairs], dtype=np.int32)
    axes = {"vendor": vendor, "window": np.array([w for _, w in pairs])}
    short = program.add_columns("commitment_short", axes)
    rows = program.add_rows("commitment", axes, lower=0.0)
    program.add_terms(rows.ids, short.ids, 1.0)
    amounts = np.array([one.committed for one, _ in pairs])
    program.add_terms(rows.ids, found.used_columns(vendor), -amounts)
    usage = {
        one.vendor: Usage(layout, one.vendor, one.windows, one.committed_in, charges)
        for one in asked
        if one.windows is not None
    }
    for row, (one, w) in zip(rows.ids.tolist(), pairs, strict=True):
        usage[one.vendor].put(program, row, w)
    if limits.pays_to_spend(layout.case):
        _no_more_than_owed(program, layout, found, usage, short, pairs)
    rates, nothing = np.array([one.rate[w] for one, w in pairs]), np.zeros(len(pairs))
    period = np.array([one.windows.last[w] for one, w in pairs if one.windows is not None], dtype=np.int32)
    every = tuple(range(len(layout.routes.products)))
    return [Charge(short, rates, nothing, vendor, period, tuple(every for _ in pairs))]


def _no_more_than_owed(
    program: Program,
    layout: Layout,
    found: Engagement,
    usage: Mapping[int, Usage],
    short: Block,
    pairs: Sequence[tuple[Terms, int]],
) -> None:
    """What is paid for nothing is what is missing, never more."""
    amounts = np.array([one.committed for one, _ in pairs])
    most_of = {one.vendor: most_usage(layout, one.vendor, one.committed_in) for one, _ in pairs}
    most = np.array([most_of[one.vendor] for one, _ in pairs])
    missing = program.add_columns("commitment_missed", dict(short.index), upper=1.0, integer=True)
    paid = program.add_rows("commitment_paid", dict(short.index), upper=0.0)
    program.add_terms(paid.ids, short.ids, 1.0)
    program.add_terms(paid.ids, missing.ids, -amounts)
    owed = program.add_rows("commitment_owed", dict(short.index), upper=most)
    program.add_terms(owed.ids, short.ids, 1.0)
    program.add_terms(owed.ids, missing.ids, most)
    program.add_terms(owed.ids, found.used_columns(np.array([one.vendor for one, _ in pairs])), -amounts)
    for row, (one, w) in zip(owed.ids.tolist(), pairs, strict=True):
        usage[one.vendor].put(program, row, w)


def most_usage(layout: Layout, vendor: int, currency: str) -> float:
    """Most that a vendor's prices could come to, in a currency."""
    case, ways = layout.case, layout.routes
    mine = np.flatnonzero(ways.vendor == vendor)
    route, period = np.repeat(mine, case.periods.count), np.tile(np.arange(case.periods.count), len(mine))
    dearest = prices_in(case, ways, currency, route, period).reshape(len(mine), case.periods.count).max(axis=1)
    for schedule in schedules(case):
        inside = ways.schedule[mine] == schedule.number
        paid = schedule.factor * worth(case, schedule.currency, currency)[schedule.windows.last]
        most = max(step.price for step in schedule.offers) * paid.max()
        dearest[inside] = most * ways.billable[mine[inside]]
    each = np.zeros(len(ways.products))
    np.maximum.at(each, ways.product[mine], dearest)
    items = layout.most_items[:, vendor]
    return float(np.multiply(each, items, out=np.zeros(len(each)), where=each > 0).sum())


def ceiling(program: Program, layout: Layout, charges: Sequence[Charge]) -> None:
    r"""The prices of a vendor's work come to no more than its contract's ceiling.

    .. math:: \text{usage}_v \le U_v \qquad \forall v \qquad [\text{money}]

    counted in the currency the ceiling is written in.

    Dual: what the plan gains from one more unit of that money in the contract.
    """
    asked = [one for one in layout.terms if np.isfinite(one.ceiling)]
    if not asked:
        return
    rows = program.add_rows("ceiling", {"vendor": [one.vendor for one in asked]}, upper=[one.ceiling for one in asked])
    over = windows(layout.case.periods, "horizon")
    for row, one in zip(rows.ids.tolist(), asked, strict=True):
        Usage(layout, one.vendor, over, one.ceiling_in, charges).put(program, row, 0)
