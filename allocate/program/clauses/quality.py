"""Columns and rows of bonus and malus on the average accuracy of a window's deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.costing.adjustments import change_of
from allocate.costing.bill.ledger import prices_owed_later
from allocate.costing.clauses.quality import Band, Measured, measured
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.terms.schedules import schedules
from allocate.program.charges import Charge
from allocate.program.clauses.tiers import money_of_lines
from allocate.program.engagement import bounded
from allocate.program.layout import Floats, Integers, Layout
from allocate.program.program import Program
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


def delivered_accuracy(program: Program, layout: Layout) -> list[Charge]:
    r"""The price of what is delivered in a window changes by the step its average accuracy falls into.

    .. math:: \sum_{(r,t)} \varphi_{rtw} x_{rt} = \sum_k n_k, \quad \sum_{(r,t)} \varphi_{rtw} a_r x_{rt} = \sum_k g_k, \quad
        l_k n_k \le g_k \le h_k n_k, \quad 0 \le n_k \le M b_k, \quad \sum_k b_k = 1 \qquad \forall v, p, w
        \qquad [\text{items}]

    .. math:: \sum_{(r,t)} \varphi_{rtw} |c_{rtk}| \, x_{rt} = m_k + s_k, \quad 0 \le m_k \le C_k b_k, \quad
        0 \le s_k \le C_k (1 - b_k), \quad c^-_k n_k \le m_k \le c^+_k n_k \qquad \forall v, p, w, k
        \qquad [\text{money}]

    where the price depends on volume, what the steps of the item's tiers ask for it stands in the place of its price,
    with :math:`\varphi` the share of an item's period of delivery in the window, a its accuracy, l and h the ends of
    band k, b 0 or 1, and c what band k adds to the price of an item, between :math:`c^-` and :math:`c^+`: m is owed, s is
    not. Bands that no mix of the pair's routes can reach are left out; where one is left, so are all b.

    Dual: of little meaning while b are whole numbers.
    """
    asked = list(_averages(layout))
    if not asked:
        return []
    several = [one for one in asked if len(one.bands) > 1]
    if several:
        pairs = np.array([(one.of.product, one.of.vendor) for one in several])
        bounded(layout, pairs[:, 0], pairs[:, 1])
    pieces = [(n, k, band) for n, one in enumerate(asked) for k, band in enumerate(one.bands)]
    chosen = [number for number, (n, _, _) in enumerate(pieces) if len(asked[n].bands) > 1]
    binary = dict(zip(chosen, _bands(program, asked, [pieces[number] for number in chosen]), strict=True))
    paid = [number for number, (_, _, band) in enumerate(pieces) if band.change is not None]
    return _money(program, layout, asked, [(*pieces[number], binary.get(number)) for number in paid])


def _averages(layout: Layout) -> list[Average]:
    """Every vendor, product and window that is measured."""
    ways, found = layout.routes, list[Average]()
    for one in measured(layout.case, ways.product, ways.vendor):
        mine = np.flatnonzero((layout.vendor == one.vendor) & (layout.product == one.product))
        for window in range(len(one.windows.labels)):
            weight = one.windows.weights[window][layout.delivered[mine]]
            inside = weight > 0
            if inside.any():
                columns = mine[inside].astype(np.int32)
                accuracy = ways.accuracy[layout.route[columns]]
                bands = one.reached(float(accuracy.min()), float(accuracy.max()))
                most = float(layout.most_items[one.product, one.vendor])
                found.append(Average(one, window, columns, weight[inside], accuracy, bands, most))
    return found


def _axes(asked: Sequence[Average], pieces: Sequence[tuple[int, int]]) -> dict[str, Integers]:
    """Vendor, product, window and step of pieces, as they name columns and rows."""
    columns = [(asked[n].of.product, asked[n].of.vendor, asked[n].window, k) for n, k in pieces]
    table = np.array(columns, dtype=np.int32).reshape(-1, 4)
    return dict(zip(("product", "vendor", "window", "step"), table.T, strict=True))


def _bands(
    program: Program, asked: Sequence[Average], pieces: Sequence[tuple[int, int, Band]]
) -> list[tuple[int, int]]:
    """Columns that choose one band for each average: the choice, and the items in it."""
    if not pieces:
        return []
    axes = _axes(asked, [(n, k) for n, k, _ in pieces])
    of = [asked[n] for n, _, _ in pieces]
    most = np.array([one.most for one in of])
    least, high = np.array([one.accuracy.min() for one in of]), np.array([one.accuracy.max() for one in of])
    items = program.add_columns("band_items", axes, upper=most)
    points = program.add_columns("band_accuracy", axes)
    holds = program.add_columns("band_holds", axes, upper=1.0, integer=True)
    open_ = program.add_rows("band_open", axes, upper=0.0)
    program.add_terms(open_.ids, items.ids, 1.0)
    program.add_terms(open_.ids, holds.ids, -most)
    for family, ends, sign in (
        ("band_low", np.maximum([band.low for _, _, band in pieces], least), 1.0),
        ("band_high", np.minimum([band.high for _, _, band in pieces], high), -1.0),
    ):
        rows = program.add_rows(family, axes, upper=0.0)
        program.add_terms(rows.ids, items.ids, sign * POINTS * ends)
        program.add_terms(rows.ids, points.ids, -sign)
    numbers = sorted({n for n, _, _ in pieces})
    sums = {axis: values for axis, values in _axes(asked, [(n, 0) for n in numbers]).items() if axis != "step"}
    row_of = np.searchsorted(numbers, [n for n, _, _ in pieces])
    one = program.add_rows("band_choice", sums, lower=1.0, upper=1.0)
    program.add_terms(one.ids[row_of], holds.ids, 1.0)
    for family, block, factor in (("band_items_link", items, 0.0), ("band_accuracy_link", points, POINTS)):
        link = program.add_rows(family, sums, lower=0.0, upper=0.0)
        program.add_terms(link.ids[row_of], block.ids, -1.0)
        for row, n in zip(link.ids.tolist(), numbers, strict=True):
            each = asked[n].weight * (asked[n].accuracy * factor if factor else 1.0)
            program.add_terms(row, program.columns["items"].ids[asked[n].columns], each)
    return list(zip(holds.ids.tolist(), items.ids.tolist(), strict=True))


def _money(
    program: Program,
    layout: Layout,
    asked: Sequence[Average],
    pieces: Sequence[tuple[int, int, Band, tuple[int, int] | None]],
) -> list[Charge]:
    """What each band that changes prices comes to, where it holds."""
    if not pieces:
        return []
    axes = _axes(asked, [(n, k) for n, k, _, _ in pieces])
    owed, spared = program.add_columns("band_owed", axes), program.add_columns("band_spared", axes)
    link = program.add_rows("band_money", axes, lower=0.0, upper=0.0)
    program.add_terms(link.ids, owed.ids, -1.0)
    program.add_terms(link.ids, spared.ids, -1.0)
    signs = np.ones(len(pieces))
    by_volume = _by_volume(program, layout, [(asked[n], band) for n, _, band, _ in pieces])
    for number, (n, _, band, _) in enumerate(pieces):
        assert band.change is not None
        each = _each(layout, asked[n], band, np.zeros(len(asked[n].columns)))
        signs[number] = 1.0 if band.change.number >= 0 else -1.0
        program.add_terms(link.ids[number], layout.ids[asked[n].columns], asked[n].weight * np.abs(each))
        for columns, money in by_volume[number]:
            program.add_terms(link.ids[number], columns, money)
    _owed_where_it_holds(program, layout, asked, pieces, (axes, owed.ids, spared.ids))
    vendor, product = axes["vendor"], axes["product"]
    discount = np.array([_discount(layout, int(one)) for one in vendor])
    period = np.array([_owed(asked[n]) for n, _, _, _ in pieces], dtype=np.int32)
    products = tuple((int(one),) for one in product)
    return [Charge(owed, signs * (1.0 - discount), np.zeros(len(pieces)), vendor, period, products)]


def _each(layout: Layout, one: Average, band: Band, by_volume: Floats) -> Floats:
    """What a band adds to the price of an item of each column, at the exchange rate of the window's last period.

    by_volume: that price where it depends on volume.
    """
    assert band.change is not None
    route, period = layout.route[one.columns], layout.period[one.columns]
    owed = _owed(one)
    price = prices_owed_later(layout.case, layout.routes, route, period, owed)
    price = np.where(layout.routes.schedule[route] >= 0, by_volume, price)
    return change_of(layout.case, band.change, price, layout.routes.billable[route], owed)


def _owed(one: Average) -> int:
    """Position of the period in which the change of a window's prices is owed: its last."""
    return int(one.of.windows.last[one.window])


def _by_volume(
    program: Program, layout: Layout, pieces: Sequence[tuple[Average, Band]]
) -> list[list[tuple[Integers, Floats]]]:
    """What each band adds to prices by volume of its deliveries: columns of steps, and money (above zero) for one unit."""
    found: list[list[tuple[Integers, Floats]]] = [[] for _ in pieces]
    shares = [kind_of(band.change) == "fraction" for _, band in pieces if band.change is not None]
    if not any(shares) or "tier_units" not in program.columns:
        return found
    for part, columns, money in money_of_lines(layout, program.columns["tier_units"].ids):
        for number, (one, band) in enumerate(pieces):
            of, mine = one.of, (part.schedule.vendor, part.product) == (one.of.vendor, one.of.product)
            weight = of.windows.weights[one.window][part.delivered] if mine else 0.0
            if weight > 0 and shares[number]:
                assert band.change is not None
                rate = float(exchange_rates(layout.case)[part.schedule.currency][_owed(one)])
                found[number].append((columns, abs(band.change.number) * float(weight) * rate * money))
    return found


def _step_prices(layout: Layout, one: Average) -> tuple[Floats, Floats]:
    """Lowest and highest price of an item of each column where it depends on volume; 0 elsewhere."""
    route, period = layout.route[one.columns], layout.period[one.columns]
    low, high = np.zeros(len(route)), np.zeros(len(route))
    for schedule in schedules(layout.case):
        mine = layout.routes.schedule[route] == schedule.number
        prices, inside = [step.price for step in schedule.offers], schedule.windows.weights[:, period[mine]] > 0
        billed = layout.routes.billable[route[mine]]
        factor = schedule.factor[:, None] * exchange_rates(layout.case)[schedule.currency][_owed(one)]
        low[mine] = min(prices) * np.where(inside, factor, np.inf).min(axis=0) * billed
        high[mine] = max(prices) * np.where(inside, factor, 0.0).max(axis=0) * billed
    return low, high


def _owed_where_it_holds(
    program: Program,
    layout: Layout,
    asked: Sequence[Average],
    pieces: Sequence[tuple[int, int, Band, tuple[int, int] | None]],
    columns: tuple[dict[str, Integers], Integers, Integers],
) -> None:
    """Money of the band that holds is owed, of the others none."""
    axes, owed, spared = columns
    whole = np.array([number for number, piece in enumerate(pieces) if piece[3] is None], dtype=np.int32)
    if len(whole):
        always = program.add_rows("band_always", {a: v[whole] for a, v in axes.items()}, upper=0.0)
        program.add_terms(always.ids, spared[whole], 1.0)
    some = np.array([number for number, piece in enumerate(pieces) if piece[3] is not None], dtype=np.int32)
    if not len(some):
        return
    mine = {axis: values[some] for axis, values in axes.items()}
    low, high = np.zeros(len(some)), np.zeros(len(some))
    for position, number in enumerate(some.tolist()):
        one, band = asked[pieces[number][0]], pieces[number][2]
        least, most_ = (np.abs(_each(layout, one, band, prices)) for prices in _step_prices(layout, one))
        low[position], high[position] = least.min(), most_.max()
    most = high * np.array([asked[pieces[number][0]].most for number in some.tolist()])
    holds, items = np.array([pieces[number][3] for number in some.tolist()], dtype=np.int32).T
    unpaid = program.add_rows("band_unpaid", mine, upper=most)
    program.add_terms(unpaid.ids, spared[some], 1.0)
    program.add_terms(unpaid.ids, holds, most)
    for family, sign, each in (("band_least", -1.0, low), ("band_most", 1.0, high)):
        rows = program.add_rows(family, mine, upper=0.0)
        program.add_terms(rows.ids, owed[some], sign)
        program.add_terms(rows.ids, items, -sign * each)


def _discount(layout: Layout, vendor: int) -> float:
    """Share a vendor takes off for paying early."""
    return float(layout.routes.discount[layout.routes.vendor == vendor][:1].sum())
