"""Columns and rows of seats and licences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allocate.costing.clauses.seats import Licence, bought_before, licences
from allocate.costing.supply.throughput import work_content
from allocate.program.arrays import Floats
from allocate.program.layout import Layout
from allocate.program.model import Model, axes_of
from allocate.program.naming import Block
from allocate.program.windows import Workable
from allocate.tolerances import SEAT_ROUNDING

LITTLE = 1e-4
"""Parts of a seat that are not worth a row."""


def seats(model: Model) -> None:
    r"""Work that needs a seat is carried by whole seats, bought for each window.

    .. math:: \sum_{(r,t) \in L} \varphi_{tw} h_r \, x_{rt} \le C_l \, (n_{lw} + d_{lw}), \quad n_{lw} \in \{0, 1, 2, \dots\}
        \qquad \forall l, w \qquad [\text{hours, items or EU}]

    with C the work a seat of licence l carries in a window, :math:`\varphi` the share of the period in the window, d the seats
    that were bought already where the window has begun before the first planned period: n are those that are due then. Where
    a rule is about shares of the spend, so that paying for idle seats could pay, all but the last seat are in use.

    What the vendor's capacities leave it in the window, Q, ends the number, :math:`n \le N = \lceil Q / C \rceil`, and a seat
    less than that leaves the work of whole seats only, :math:`Q - (Q - C (N - 1)) (N - d - n) \ge \sum \varphi h x`.

    Dual: of little meaning while n is a whole number.
    """
    program, layout = model.program, model.layout
    pairs = [(licence, window) for licence in licences(layout.case) for window in range(len(licence.windows.labels))]
    if not pairs:
        return
    axes = axes_of(("licence", "window"), [(licence.number, window) for licence, window in pairs])
    workable = {licence.vendor: Workable(layout, licence.vendor) for licence, _ in pairs}
    works = [(own := workable[licence.vendor], _work(layout, own, licence, window)) for licence, window in pairs]
    most = np.array([own.most(work) if own.limited else np.inf for own, work in works])
    carries = np.array([licence.carries for licence, _ in pairs])
    had = _had(layout, pairs)
    number = program.add_columns("seats", axes, upper=np.maximum(np.ceil(most / carries) - had, 0.0), integer=True)
    strict = layout.pays_to_spend
    used = np.where(had > 0.0, -np.inf, -carries * (1.0 - 2.0 * SEAT_ROUNDING))
    least = used if strict else -np.inf
    rows = program.add_rows("seats", axes, lower=least, upper=carries * had)
    program.add_terms(rows.ids, number.ids, -carries)
    for row, work in zip(rows.ids.tolist(), works, strict=True):
        _put(model, row, *work)
    _last_seat(model, number, works, (most, carries, had))
    model.charge(
        number,
        [float(licence.later[window]) for licence, window in pairs],
        [licence.vendor for licence, _ in pairs],
        [licence.due[window] for licence, window in pairs],
        [licence.products for licence, _ in pairs],
    )
    _seats_before(model, pairs, had)


def _had(layout: Layout, pairs: Sequence[tuple[Licence, int]]) -> Floats:
    """Seats that are there already, by licence and window."""
    before = {licence.number: bought_before(licence, layout.case, layout.routes) for licence, _ in pairs}
    return np.array([before[licence.number][window] for licence, window in pairs])


def _seats_before(model: Model, pairs: Sequence[tuple[Licence, int]], had: Floats) -> None:
    """Those seats cost what they cost in the first period of their window."""
    some = [(licence, window, many) for (licence, window), many in zip(pairs, had.tolist(), strict=True) if many > 0.0]
    if not some:
        return
    axes = axes_of(("licence", "window"), [(licence.number, window) for licence, window, _ in some])
    many = [one for _, _, one in some]
    model.charge(
        model.program.add_columns("seats_before", axes, lower=many, upper=many),
        [float(licence.price[window]) for licence, window, _ in some],
        [licence.vendor for licence, _, _ in some],
        [licence.windows.first[window] for licence, window, _ in some],
        [licence.products for licence, _, _ in some],
    )


def _work(layout: Layout, own: Workable, licence: Licence, window: int) -> Floats:
    """What an item of each of the vendor's columns adds to the work of a window that needs seats of a licence."""
    columns = own.columns
    content = work_content(layout.case, layout.routes, licence.noun)[layout.route[columns]]
    weight = licence.windows.weights[window][layout.period[columns]]
    return np.where(np.isin(layout.product[columns], licence.products), content * weight, 0.0)


def _put(model: Model, row: int, own: Workable, work: Floats) -> None:
    carried = np.flatnonzero(work > 0)
    model.program.add_terms(row, model.layout.ids[own.columns[carried]], work[carried])


def _last_seat(
    model: Model, number: Block, works: Sequence[tuple[Workable, Floats]], sizes: tuple[Floats, Floats, Floats]
) -> None:
    """The rows that leave the work of whole seats where one is bought less than the capacity of the window needs."""
    most, carries, had = sizes
    there = np.flatnonzero(np.isfinite(most) & (most > 0))
    needed = np.ceil(most[there] / carries[there])
    last = most[there] - carries[there] * (needed - 1.0)
    partly = last < carries[there] * (1.0 - LITTLE)
    partly &= last > carries[there] * LITTLE
    there, needed, last = there[partly], needed[partly], last[partly]
    if not len(there):
        return
    axes = {axis: places[there] for axis, places in number.index.items()}
    rows = model.program.add_rows("last_seat", axes, upper=most[there] - last * (needed - had[there]))
    model.program.add_terms(rows.ids, number.ids[there], -last)
    for row, at in zip(rows.ids.tolist(), there.tolist(), strict=True):
        _put(model, row, *works[at])
