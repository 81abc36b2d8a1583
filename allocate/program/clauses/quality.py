"""Columns and rows of bonus and price reduction (service credit) on the average accuracy of a window's deliveries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.costing.bill.ledger import prices_owed_later
from allocate.costing.clauses.quality import Band, Measured, measured
from allocate.costing.terms.price_changes import change_of
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.terms.schedules import schedules
from allocate.program.arrays import Floats, Integers
from allocate.program.clauses.tiers import money_of_lines
from allocate.program.engagement import bounded
from allocate.program.layout import Layout
from allocate.program.model import Model, axes_of
from allocate.units import kind_of

POINTS = 100.0
"""Accuracies stand in points: a solver's tolerance is then a small part of the width of a step's edge."""


@dataclass(frozen=True, eq=False)
class Average:
    """What a vendor delivers of a product in a window, and the bands its average accuracy can fall into."""

    of: Measured
    window: int
    columns: Integers
    """Positions of the item columns."""
    weight: Floats
    """Part of each that is delivered in the window."""
    accuracy: Floats
    bands: tuple[Band, ...]
    most: float
    """Most items there can be."""

    @property
    def owed(self) -> int:
        """Position of the period in which the change of the window's prices is owed: its last."""
        return int(self.of.windows.last[self.window])


@dataclass(frozen=True)
class Piece:
    """A band that an average can fall into, and the columns by which it is chosen."""

    average: Average
    step: int
    band: Band
    choice: tuple[int, int] | None = None
    """Numbers of its 0-1 column and of its items; None where no other band can be reached."""


def delivered_accuracy(model: Model) -> None:
    r"""The price of what is delivered in a window changes by the step its average accuracy falls into.

    .. math:: \sum_{(r,t)} \varphi_{rtw} x_{rt} = \sum_k n_k, \quad \sum_{(r,t)} \varphi_{rtw} a_r x_{rt} = \sum_k g_k, \quad
        l_k n_k \le g_k \le h_k n_k, \quad 0 \le n_k \le M b_k, \quad \sum_k b_k = 1 \qquad \forall v, p, w
        \qquad [\text{items}]

    .. math:: \sum_{(r,t)} \varphi_{rtw} |c_{rtk}| \, x_{rt} = m_k + s_k, \quad 0 \le m_k \le C_k b_k, \quad
        0 \le s_k \le C_k (1 - b_k), \quad c^-_k n_k \le m_k \le c^+_k n_k \qquad \forall v, p, w, k
        \qquad [\text{money}]

    where the price depends on volume, what the steps of the item's tiers ask for it stands in place of its price,
    with :math:`\varphi` the share of an item's period of delivery in the window, a its accuracy, l and h the ends of
    band k, b 0 or 1, and c what band k adds to the price of an item, between :math:`c^-` and :math:`c^+`: m is owed, s is
    not. Bands that no mix of the pair's routes can reach are left out; where one is left, so are all b.

    Dual: of little meaning while b are whole numbers.
    """
    averages = list(_averages(model.layout))
    several = [average for average in averages if len(average.bands) > 1]
    if several:
        products, vendors = np.array([(average.of.product, average.of.vendor) for average in several]).T
        bounded(model.layout, products, vendors)
    pieces = [Piece(average, step, band) for average in averages for step, band in enumerate(average.bands)]
    chosen = iter(_bands(model, several, [piece for piece in pieces if len(piece.average.bands) > 1]))
    pieces = [replace(piece, choice=next(chosen)) if len(piece.average.bands) > 1 else piece for piece in pieces]
    _money(model, [piece for piece in pieces if piece.band.change is not None])


def _averages(layout: Layout) -> Iterator[Average]:
    """Every vendor, product and window that is measured."""
    routes = layout.routes
    for of in measured(layout.case, routes.product, routes.vendor):
        own = np.flatnonzero((layout.vendor == of.vendor) & (layout.product == of.product))
        for window in range(len(of.windows.labels)):
            weight = of.windows.weights[window][layout.delivered[own]]
            inside = weight > 0
            if inside.any():
                columns = own[inside].astype(np.int32)
                accuracy = routes.accuracy[layout.route[columns]]
                bands = of.reached(float(accuracy.min()), float(accuracy.max()))
                most = float(layout.most_items[of.product, of.vendor])
                yield Average(of, window, columns, weight[inside], accuracy, bands, most)


def _axes(pieces: Sequence[Piece]) -> dict[str, Integers]:
    """Vendor, product, window and step of pieces, as they name columns and rows."""
    keys = [(piece.average.of.product, piece.average.of.vendor, piece.average.window, piece.step) for piece in pieces]
    return axes_of(("product", "vendor", "window", "step"), keys)


def _bands(model: Model, averages: Sequence[Average], pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Columns that choose one band for each average: the choice, and the items in it."""
    if not pieces:
        return []
    program, axes = model.program, _axes(pieces)
    most = np.array([piece.average.most for piece in pieces])
    least = np.array([piece.average.accuracy.min() for piece in pieces])
    high = np.array([piece.average.accuracy.max() for piece in pieces])
    items = program.add_columns("band_items", axes, upper=most)
    points = program.add_columns("band_accuracy", axes)
    holds = program.add_columns("band_holds", axes, upper=1.0, integer=True)
    model.tie("band_open", axes, items.ids, holds.ids, most)
    for family, ends, sign in (
        ("band_low", np.maximum([piece.band.low for piece in pieces], least), 1.0),
        ("band_high", np.minimum([piece.band.high for piece in pieces], high), -1.0),
    ):
        rows = program.add_rows(family, axes, upper=0.0)
        program.add_terms(rows.ids, items.ids, sign * POINTS * ends)
        program.add_terms(rows.ids, points.ids, -sign)
    keys = [(average.of.product, average.of.vendor, average.window) for average in averages]
    sums = axes_of(("product", "vendor", "window"), keys)
    choice = program.add_rows("band_choice", sums, lower=1.0, upper=1.0)
    program.add_terms(choice.at(**axes), holds.ids, 1.0)
    for family, block in (("band_items_link", items), ("band_accuracy_link", points)):
        link = program.add_rows(family, sums, lower=0.0, upper=0.0)
        program.add_terms(link.at(**axes), block.ids, -1.0)
        for row, average in zip(link.ids.tolist(), averages, strict=True):
            each = average.weight * (average.accuracy * POINTS if block is points else 1.0)
            program.add_terms(row, model.layout.ids[average.columns], each)
    return list(zip(holds.ids.tolist(), items.ids.tolist(), strict=True))


def _money(model: Model, pieces: Sequence[Piece]) -> None:
    """What each band that changes prices comes to, where it holds."""
    if not pieces:
        return
    program, layout, axes = model.program, model.layout, _axes(pieces)
    owed, spared = program.add_columns("band_owed", axes), program.add_columns("band_spared", axes)
    link = program.add_rows("band_money", axes, lower=0.0, upper=0.0)
    program.add_terms(link.ids, owed.ids, -1.0)
    program.add_terms(link.ids, spared.ids, -1.0)
    signs = np.array([1.0 if piece.band.change and piece.band.change.number >= 0 else -1.0 for piece in pieces])
    for row, piece, by_volume in zip(link.ids.tolist(), pieces, _by_volume(model, pieces), strict=True):
        average = piece.average
        each = _each(layout, piece, np.zeros(len(average.columns)))
        program.add_terms(row, layout.ids[average.columns], average.weight * np.abs(each))
        for columns, money in by_volume:
            program.add_terms(row, columns, money)
    sure = np.array([piece.choice is None for piece in pieces])
    if sure.any():
        always = program.add_rows("band_always", {axis: places[sure] for axis, places in axes.items()}, upper=0.0)
        program.add_terms(always.ids, spared.ids[sure], 1.0)
    if not sure.all():
        chosen = [piece for piece in pieces if piece.choice is not None]
        _owed_where_it_holds(model, chosen, owed.ids[~sure], spared.ids[~sure])
    discount = [layout.routes.discount[layout.routes.vendor == vendor][:1].sum() for vendor in axes["vendor"]]
    period, products = [piece.average.owed for piece in pieces], axes["product"][:, None].tolist()
    model.charge(owed, signs * (1.0 - np.array(discount)), axes["vendor"], period, products)


def _each(layout: Layout, piece: Piece, by_volume: Floats) -> Floats:
    """What a band adds to the price of an item of each column, at the exchange rate of the window's last period.

    by_volume: that price where it depends on volume.
    """
    assert piece.band.change is not None
    columns, owed = piece.average.columns, piece.average.owed
    route = layout.route[columns]
    price = prices_owed_later(layout.case, layout.routes, route, layout.period[columns], owed)
    price = np.where(layout.routes.schedule[route] >= 0, by_volume, price)
    return change_of(layout.case, piece.band.change, price, layout.routes.billable[route], owed)


def _by_volume(model: Model, pieces: Sequence[Piece]) -> list[list[tuple[Integers, Floats]]]:
    """What each band adds to prices by volume of its deliveries: columns of steps, and money (above zero) for one unit."""
    layout, added = model.layout, list[list[tuple[Integers, Floats]]]([] for _ in pieces)
    changes = [piece.band.change for piece in pieces]
    shares = [change.number if change and kind_of(change) == "fraction" else None for change in changes]
    if all(share is None for share in shares) or "tier_units" not in model.program.columns:
        return added
    for part, columns, money in money_of_lines(layout, model.program.columns["tier_units"].ids):
        for terms, piece, share in zip(added, pieces, shares, strict=True):
            average, of = piece.average, piece.average.of
            if share is not None and (part.schedule.vendor, part.product) == (of.vendor, of.product):
                weight = float(of.windows.weights[average.window][part.delivered])
                rate = float(exchange_rates(layout.case)[part.schedule.currency][average.owed])
                if weight > 0:
                    terms.append((columns, abs(share) * weight * rate * money))
    return added


def _step_prices(layout: Layout, average: Average) -> tuple[Floats, Floats]:
    """Lowest and highest price of an item of each column where it depends on volume; 0 elsewhere."""
    route, period = layout.route[average.columns], layout.period[average.columns]
    low, high = np.zeros(len(route)), np.zeros(len(route))
    for schedule in schedules(layout.case):
        some = layout.routes.schedule[route] == schedule.number
        prices, inside = [step.price for step in schedule.offers], schedule.windows.weights[:, period[some]] > 0
        billed = layout.routes.billable[route[some]]
        factor = schedule.factor[:, None] * exchange_rates(layout.case)[schedule.currency][average.owed]
        low[some] = min(prices) * np.where(inside, factor, np.inf).min(axis=0) * billed
        high[some] = max(prices) * np.where(inside, factor, 0.0).max(axis=0) * billed
    return low, high


def _owed_where_it_holds(model: Model, pieces: Sequence[Piece], owed: Integers, spared: Integers) -> None:
    """Money of the band that holds is owed, of the others none."""
    program, axes = model.program, _axes(pieces)
    low, high = np.zeros(len(pieces)), np.zeros(len(pieces))
    for position, piece in enumerate(pieces):
        lowest, highest = (
            np.abs(_each(model.layout, piece, prices)) for prices in _step_prices(model.layout, piece.average)
        )
        low[position], high[position] = lowest.min(), highest.max()
    most = high * np.array([piece.average.most for piece in pieces])
    holds, items = np.array([piece.choice for piece in pieces], dtype=np.int32).T
    unpaid = program.add_rows("band_unpaid", axes, upper=most)
    program.add_terms(unpaid.ids, spared, 1.0)
    program.add_terms(unpaid.ids, holds, most)
    for family, sign, each in (("band_least", -1.0, low), ("band_most", 1.0, high)):
        rows = program.add_rows(family, axes, upper=0.0)
        program.add_terms(rows.ids, owed, sign)
        program.add_terms(rows.ids, items, -sign * each)
