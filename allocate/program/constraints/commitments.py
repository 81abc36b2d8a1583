"""Columns and rows of contracts about what their prices come to: commitments and ceilings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.costing import limits
from allocate.costing.schedules import Terms, schedules
from allocate.program.charges import Charge, all_usage, usage_within
from allocate.program.constraints.contracts import Engagement
from allocate.program.layout import Floats, Layout
from allocate.program.naming import Block
from allocate.program.program import Program


def commitment(program: Program, layout: Layout, found: Engagement, charges: Sequence[Charge]) -> list[Charge]:
    r"""A vendor that is used is paid its commitment in each window, used up or not.

    .. math:: \text{usage}_{vw} + s_{vw} \ge C_{vw} \, y_v, \quad s_{vw} \ge 0 \qquad \forall v, w \qquad [\text{money}]

    with usage the prices (not the fees) of the window's work; s is paid for nothing. Where a rule is about shares of the
    spend, so that paying more than is owed could pay, s is held to what is missing by one choice d of 0 or 1 each:
    :math:`s \le C d, \; \text{usage} + s \le C y + U (1 - d)`, U the most usage there can be.

    Dual: the part of one more unit of commitment that would be paid for nothing.
    """
    asked = [one for one in layout.terms if one.windows is not None and one.committed.any()]
    if not asked:
        return []
    pairs = [(one, w) for one in asked if one.windows is not None for w in range(len(one.windows.labels))]
    vendor = np.array([one.vendor for one, _ in pairs], dtype=np.int32)
    axes = {"vendor": vendor, "window": np.array([w for _, w in pairs])}
    short = program.add_columns("commitment_short", axes)
    rows = program.add_rows("commitment", axes, lower=0.0)
    program.add_terms(rows.ids, short.ids, 1.0)
    amounts = np.array([float(one.committed[w]) for one, w in pairs])
    program.add_terms(rows.ids, found.used_columns(vendor), -amounts)
    for row, (one, w) in zip(rows.ids.tolist(), pairs, strict=True):
        assert one.windows is not None
        usage_within(program, layout, row, one.vendor, one.windows, w, charges)
    if limits.pays_to_spend(layout.case):
        _no_more_than_owed(program, layout, found, charges, short, pairs)
    ones, nothing = np.ones(len(pairs)), np.zeros(len(pairs))
    period = np.array([one.windows.last[w] for one, w in pairs if one.windows is not None], dtype=np.int32)
    every = tuple(range(len(layout.routes.products)))
    return [Charge(short, ones, nothing, vendor, period, tuple(every for _ in pairs))]


def _no_more_than_owed(
    program: Program,
    layout: Layout,
    found: Engagement,
    charges: Sequence[Charge],
    short: Block,
    pairs: Sequence[tuple[Terms, int]],
) -> None:
    """What is paid for nothing is what is missing, never more."""
    amounts = np.array([float(one.committed[w]) for one, w in pairs])
    most = most_usage(layout)[short.index["vendor"]]
    missing = program.add_columns("commitment_missed", dict(short.index), upper=1.0, integer=True)
    paid = program.add_rows("commitment_paid", dict(short.index), upper=0.0)
    program.add_terms(paid.ids, short.ids, 1.0)
    program.add_terms(paid.ids, missing.ids, -amounts)
    owed = program.add_rows("commitment_owed", dict(short.index), upper=most)
    program.add_terms(owed.ids, short.ids, 1.0)
    program.add_terms(owed.ids, missing.ids, most)
    program.add_terms(owed.ids, found.used_columns(np.array([one.vendor for one, _ in pairs])), -amounts)
    for row, (one, w) in zip(owed.ids.tolist(), pairs, strict=True):
        assert one.windows is not None
        usage_within(program, layout, row, one.vendor, one.windows, w, charges)


def most_usage(layout: Layout) -> Floats:
    """Most money each vendor's prices could come to, shape (V,)."""
    ways, most = layout.routes, np.zeros(layout.most_items.shape)
    dearest = np.zeros(len(ways.price))
    for schedule in schedules(layout.case):
        mine = ways.schedule == schedule.number
        dearest[mine] = max(step.price for step in schedule.steps) * schedule.factor.max() * ways.billable[mine]
    each = np.where(ways.schedule < 0, ways.price.max(axis=1), dearest)
    np.maximum.at(most, (ways.product, ways.vendor), each)
    amounts = np.multiply(most, layout.most_items, out=np.zeros(most.shape), where=most > 0)
    usage: Floats = amounts.sum(axis=0)
    return usage


def ceiling(program: Program, layout: Layout, charges: Sequence[Charge]) -> None:
    r"""The prices of a vendor's work come to no more than its contract's ceiling.

    .. math:: \text{usage}_v \le U_v \qquad \forall v \qquad [\text{money}]

    Dual: what the plan gains from one more unit of money in the contract.
    """
    asked = [one for one in layout.terms if np.isfinite(one.ceiling)]
    if not asked:
        return
    rows = program.add_rows("ceiling", {"vendor": [one.vendor for one in asked]}, upper=[one.ceiling for one in asked])
    for row, one in zip(rows.ids.tolist(), asked, strict=True):
        all_usage(program, layout, row, one.vendor, charges)
