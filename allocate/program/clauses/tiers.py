"""Columns and rows of prices by volume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing.clauses.rebate import rebates
from allocate.costing.supply.surplus import buyable, spare_ratio
from allocate.costing.terms.schedules import Schedule, Step
from allocate.program.arrays import Floats, Integers
from allocate.program.engagement import bounded
from allocate.program.layout import Layout
from allocate.program.model import Model, axes_of
from allocate.program.naming import Block
from allocate.program.surplus import hold_to_cheapest
from allocate.program.windows import most_filled
from allocate.tolerances import SEAT_ROUNDING
from allocate.units import kind_of


@dataclass(frozen=True, eq=False)
class Part:
    """Work of a schedule in a window whose items have one number of billed units to what the steps count."""

    schedule: Schedule
    window: int
    number: int
    """Position among the parts of the schedule and window; incremental steps are filled in this order."""
    columns: NDArray[np.int32]
    """Positions of the item columns."""
    fills: Floats
    """How far one item of each of them fills the steps."""
    price: float
    """Units billed, times the window's season and escalation, to one of what the steps count."""
    charged: float
    """The same with bonus or price reduction by a share, fee and discount on it."""
    spare: float
    """The same of what is bought and not used."""
    product: int
    """Position of its product, where the average accuracy of what is delivered of one changes the price; else -1."""
    delivered: int
    """Period it is delivered in; else -1."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """What a quantity used in its window costs, piece by piece."""
        return self.schedule.steps(self.window)


@dataclass(frozen=True)
class Piece:
    """What a part, or all up to it, has in one step."""

    part: Part
    step: int
    most: float
    """Most it can be."""
    price: float
    """Money for one, in the currency of the schedule."""
    amount: float
    """The same in the case's, with what is charged on top."""


def tiers(model: Model) -> None:
    r"""Units bought in a window cost the price of the step they fall in, or all the price of the last step reached.

    .. math:: \sum_{(r,t)} \varphi_{tw} u_r \, x_{rt} = \sum_k q_{swk} \qquad \forall s, w \qquad [\text{billable units}]

    with q the units in step k of schedule s in window w, u billable units per item and :math:`\varphi` the share of the
    period in the window. Incremental steps fill in order, :math:`L_k b_{k+1} \le q_k \le L_k b_k`; of all-unit steps one is
    chosen, :math:`S_k b_k \le q_k \le E_k b_k, \sum_k b_k \le 1`; b is 0 or 1. Where surplus may be bought, q is what is
    used, and a step used below its start is a piece of its own whose money hangs on b: that of the step's least quantity, in
    whole lots, where the vendor could make so much in the window. Rising incremental prices need no b, unless a
    rule on shares of the spend, or a rebate, could make an expensive step worth filling first.

    Where steps count another unit, u is how many of it an item has, and the work is cut into parts j of one number
    :math:`\rho_j` of billed units to it. All-unit steps hold the parts side by side, at :math:`\rho_j p_k` each. Incremental
    steps are filled part by part in the order of periods and routes: :math:`q_{jk}` is what all parts up to j have in step k,
    and costs :math:`(\rho_j - \rho_{j+1}) p_k`. What is bought and not used has the least :math:`\rho` of all; there is then a
    piece for each step reached and each cheaper one above it bought in full, and of these the cheapest one holds. Steps that end at money count units at the window's prices. Where bonus or
    price reduction is a share :math:`\pi` of the price, parts have one share each too, and :math:`\rho_j (1 + \pi_j)` stands in the
    place of :math:`\rho_j` for the money, not for what counts towards commitments, ceilings and rebates.

    Where whole multiples of W are billed, what is in the steps is :math:`W n_{sw} = \sum_k q_k` with n a whole number,
    that is what is used and :math:`0 \le e_{sw} < W` beside it, a part of its own where bonus or price reduction is a share.

    Dual: of the link, the money one more unit in the window costs at the step reached.
    """
    layout = model.layout
    plans = buyable(layout.case, layout.routes)
    if not plans:
        return
    parts = [part for schedule in plans for part in _parts(layout, schedule)]
    choosing = _choosing(layout, parts)
    switched = [(product, plan.vendor) for plan in plans if plan.number in choosing for product in plan.products]
    if switched:
        products, vendors = np.array(switched).T
        bounded(layout, products, vendors)
    pieces = list(_pieces(layout, parts))
    units = _units(model, pieces)
    _link(model, parts, pieces, units)
    _in_wholes(model, parts, pieces, units)
    _charged(model, pieces, units)
    numbers = _chosen(pieces, choosing)
    if len(numbers):
        reached = _steps(model, pieces, units, numbers)
        hold_to_cheapest(model, pieces, units, reached)
        _bought_in_full(model, reached, [pieces[number] for number in numbers])


def _choosing(layout: Layout, parts: Sequence[Part]) -> set[int]:
    """Schedules whose steps need a yes-or-no choice each: others fill in order by themselves."""
    paid_back = {terms.vendor for terms in rebates(layout.case)}
    return {
        part.schedule.number
        for part in parts
        if layout.pays_to_spend or part.number or not part.schedule.rising or part.schedule.vendor in paid_back
    }


def _units(model: Model, pieces: Sequence[Piece]) -> Block:
    """Units in each piece."""
    keys = [(piece.part.schedule.number, piece.part.window, piece.part.number, piece.step) for piece in pieces]
    axes = axes_of(("schedule", "window", "part", "step"), keys)
    if not axes["part"].any():
        del axes["part"]
    return model.program.add_columns("tier_units", axes, upper=[piece.most for piece in pieces])


def _charged(model: Model, pieces: Sequence[Piece], units: Block) -> None:
    """What units cost, by vendor and in the last period of their window."""
    model.charge(
        units,
        [piece.amount for piece in pieces],
        [piece.part.schedule.vendor for piece in pieces],
        [piece.part.schedule.windows.last[piece.part.window] for piece in pieces],
        [piece.part.schedule.products for piece in pieces],
        usage=[piece.price for piece in pieces],
    )


def _parts(layout: Layout, schedule: Schedule) -> list[Part]:
    """The parts of a schedule, window by window."""
    routes, parts = layout.routes, list[Part]()
    own = np.flatnonzero(routes.schedule[layout.route] == schedule.number)
    kinds = _kinds(layout, schedule, own)
    if kinds is not None:
        order = np.lexsort((layout.route[own], layout.period[own]))
        own, kinds = own[order], kinds[order]
    ratio, share = _ratio(layout, schedule, own), routes.by_volume_share[layout.route[own]]
    on_top = _on_top(layout, schedule.vendor)
    spare = spare_ratio(routes, schedule) if schedule.surplus and schedule.counts is not None else 1.0
    beside = schedule.whole is not None and (
        kinds is not None or share.any() or by_average_share(layout, schedule.vendor)
    )
    for window in range(len(schedule.windows.labels)):
        weight = schedule.windows.weights[window][layout.period[own]]
        inside = np.flatnonzero(weight > 0)
        factor = float(schedule.factor[window] / schedule.filling[window])
        for number, some in enumerate(_alike(schedule, None if kinds is None else kinds[inside], len(inside))):
            chosen = inside[some]
            fills = weight[chosen] * routes.counted[layout.route[own[chosen]]] * schedule.filling[window]
            each = factor * (float(ratio[chosen[0]]) if len(chosen) else 1.0)
            changed = float(share[chosen[0]]) if len(chosen) else 0.0
            of = (int(values[own[chosen[0]]]) if len(chosen) else -1 for values in (layout.product, layout.delivered))
            charged = each * (1.0 + on_top + changed)
            parts.append(
                Part(schedule, window, number, own[chosen].astype(np.int32), fills, each, charged, factor * spare, *of)
            )
        if beside:
            money = factor, factor * (1.0 + on_top), factor
            parts.append(
                Part(schedule, window, parts[-1].number + 1, own[:0].astype(np.int32), ratio[:0], *money, -1, -1)
            )
    return parts


def _ratio(layout: Layout, schedule: Schedule, own: NDArray[np.intp]) -> Floats:
    """Units billed to one of what the steps count, of item columns."""
    fills, billed = (values[layout.route[own]] for values in (layout.routes.counted, layout.routes.billable))
    if schedule.counts is None:
        return np.ones(len(own))
    return np.divide(billed, fills, out=np.ones(len(own)), where=fills > 0)


ALIKE = 1e-12
"""Ratios that differ by less than this part of themselves are one ratio, worked out in another order."""


def _kinds(layout: Layout, schedule: Schedule, own: NDArray[np.intp]) -> NDArray[np.intp] | None:
    """A number for each item column of a schedule, equal where one more unit costs the same; None where all do."""
    share, ratio = layout.routes.by_volume_share[layout.route[own]], _ratio(layout, schedule, own)
    order = np.argsort(ratio, kind="stable")
    cuts = np.diff(ratio[order], prepend=ratio[order][:1]) > ALIKE * ratio[order]
    number = np.empty(len(own))
    number[order] = np.cumsum(cuts)
    keys: list[NDArray[Any]] = [number, share]
    if by_average_share(layout, schedule.vendor):
        keys += [layout.product[own], layout.delivered[own]]
    if not any(len(key) and key.min() < key.max() for key in keys):
        return None
    _, kinds = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
    return kinds.reshape(-1)


def by_average_share(layout: Layout, vendor: int) -> bool:
    """Whether the average accuracy of a vendor's deliveries changes its prices by a share."""
    contract = list(layout.case.vendors.values())[vendor].contract
    return contract.quality_window is not None and any(kind_of(step.price) == "fraction" for step in contract.quality)


def _alike(schedule: Schedule, kinds: NDArray[np.intp] | None, count: int) -> list[NDArray[np.intp]]:
    """Positions of one kind each: of incremental steps in stretches of their order, of all-unit steps all of a kind."""
    every = np.arange(count)
    if kinds is None or not count:
        return [every]
    order = every if schedule.incremental else np.argsort(kinds, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(kinds[order])) + 1)


def _pieces(layout: Layout, parts: Sequence[Part]) -> list[Piece]:
    """Every step of every part."""
    most = most_filled(layout, [part.schedule for part in parts])
    pieces: list[Piece] = []
    for number, part in enumerate(parts):
        schedule, later = part.schedule, parts[number + 1] if number + 1 < len(parts) else None
        price, charged = part.price, part.charged
        if schedule.incremental and later is not None and later.number:
            price, charged = price - later.price, charged - later.charged
        there = most[schedule.number][part.window]
        spare = part.spare * (1.0 + _on_top(layout, schedule.vendor))
        pieces += [
            Piece(
                part,
                step,
                _length(offer, there, incremental=schedule.incremental),
                offer.price * price - offer.bought * part.spare,
                (offer.price * charged - offer.bought * spare) * float(schedule.rate[part.window]),
            )
            for step, offer in enumerate(part.steps)
        ]
    return pieces


def money_of_lines(layout: Layout, units: Integers) -> Iterator[tuple[Part, Integers, Floats]]:
    """What each part of prices by volume comes to before bonus and price reduction: columns, and money of its currency for one of each.

    units: numbers of the columns that say what is in each step.

    Of incremental steps a part's money is what all up to it come to, less what those before it do.
    """
    parts = [part for schedule in buyable(layout.case, layout.routes) for part in _parts(layout, schedule)]
    at = 0
    for part in parts:
        count = len(part.steps)
        columns = units[at : at + count]
        money = part.price * np.array([step.price for step in part.steps])
        if _continues(part):
            before = units[at - count : at]
            columns, money = np.concatenate([columns, before]), np.concatenate([money, -money])
        yield part, columns, money
        at += count


def _bought_in_full(model: Model, reached: Block, pieces: Sequence[Piece]) -> None:
    """Money of steps bought in full though less is used; it hangs on their being chosen."""
    fixed = np.array([piece.part.steps[piece.step].fixed * piece.part.spare for piece in pieces])
    if fixed.any():
        schedules = [piece.part.schedule for piece in pieces]
        on_top = np.array([_on_top(model.layout, schedule.vendor) for schedule in schedules])
        rate = [piece.part.schedule.rate[piece.part.window] for piece in pieces]
        model.charge(
            reached,
            fixed * (1.0 + on_top) * rate,
            [schedule.vendor for schedule in schedules],
            [piece.part.schedule.windows.last[piece.part.window] for piece in pieces],
            [schedule.products for schedule in schedules],
            usage=fixed,
        )


def _on_top(layout: Layout, vendor: int) -> float:
    """Platform fee of a vendor less its discount for paying early, as a share of its price."""
    own = layout.routes.vendor == vendor
    return float((layout.routes.fee_share - layout.routes.discount)[own][:1].sum())


def _length(step: Step, most: float, *, incremental: bool) -> float:
    """Most that can be in a step: its length, or for all-unit prices its end; no more than can be bought."""
    if incremental:
        return max(0.0, min(step.stop, most) - step.start)
    return min(step.stop, most) if most > step.start else 0.0


def _link(model: Model, parts: Sequence[Part], pieces: Sequence[Piece], units: Block) -> None:
    """What items fill the steps by is in the steps; of incremental steps, beyond what earlier parts have there."""
    axes = axes_of(("schedule", "window", "part"), [(part.schedule.number, part.window, part.number) for part in parts])
    if "part" not in units.index:
        del axes["part"]
    program, layout = model.program, model.layout
    rows = program.add_rows("tier_link", axes, lower=0.0, upper=0.0)
    for row, part in zip(rows.ids.tolist(), parts, strict=True):
        program.add_terms(row, layout.ids[part.columns], part.fills)
    row_of = np.repeat(np.arange(len(parts)), [len(part.steps) for part in parts])
    program.add_terms(rows.ids[row_of], units.ids, -1.0)
    follows = np.array([n for n, piece in enumerate(pieces) if _continues(piece.part)], dtype=np.intp)
    earlier = follows - np.array([len(pieces[n].part.steps) for n in follows.tolist()], dtype=np.intp)
    program.add_terms(rows.ids[row_of[follows]], units.ids[earlier], 1.0)


def _in_wholes(model: Model, parts: Sequence[Part], pieces: Sequence[Piece], units: Block) -> None:
    """What whole multiples bill beside what is used joins the last part of its window, and all of it is such multiples."""
    wholes = [n for n, part in enumerate(parts) if part.schedule.whole is not None and _ends_window(parts, n)]
    if not wholes:
        return
    program, keys = model.program, [(parts[n].schedule.number, parts[n].window) for n in wholes]
    axes, size = axes_of(("schedule", "window"), keys), np.array([parts[n].schedule.whole for n in wholes], dtype=float)
    counts = np.array([len(part.steps) for part in parts])
    starts = np.cumsum(counts) - counts
    first = [n if parts[n].schedule.incremental else n - parts[n].number for n in wholes]
    billed = [units.ids[starts[begin] : starts[n] + counts[n]] for begin, n in zip(first, wholes, strict=True)]
    most = np.array([sum(piece.most for piece in pieces[starts[n] : starts[n] + counts[n]]) for n in wholes])
    number = program.add_columns("tier_wholes", axes, upper=np.ceil(most / size), integer=True)
    beside = program.add_columns("tier_beside", axes, upper=size * (1.0 - 2.0 * SEAT_ROUNDING))
    program.add_terms(program.rows["tier_link"].ids[wholes], beside.ids, 1.0)
    rows = program.add_rows("tier_whole", axes, lower=0.0, upper=0.0)
    program.add_terms(rows.ids, number.ids, -size)
    for row, columns in zip(rows.ids.tolist(), billed, strict=True):
        program.add_terms(row, columns, 1.0)


def _ends_window(parts: Sequence[Part], n: int) -> bool:
    """Whether a part is the last of its schedule and window."""
    return n + 1 == len(parts) or not parts[n + 1].number


def _continues(part: Part) -> bool:
    """Whether a part fills steps that earlier parts have begun."""
    return part.schedule.incremental and part.number > 0


def _chosen(pieces: Sequence[Piece], choosing: set[int]) -> Integers:
    """Numbers of the pieces that a choice of 0 or 1 opens: where prices do not rise by themselves."""
    filled = [piece.step > 0 and piece.part.schedule.number in choosing for piece in pieces]
    first = [not piece.part.number for piece in pieces]
    incremental = [piece.part.schedule.incremental for piece in pieces]
    return np.flatnonzero(np.where(incremental, filled, first)).astype(np.int32)


def _steps(model: Model, pieces: Sequence[Piece], units: Block, numbers: Integers) -> Block:
    """Binaries of the pieces of some numbers, and the rows that keep steps in order."""
    program, axes = model.program, {axis: places[numbers] for axis, places in units.index.items()}
    chosen, side_by_side = [pieces[n] for n in numbers], _side_by_side(pieces)
    reached = program.add_columns("tier_reached", axes, upper=1.0, integer=True)
    at_most = program.add_rows("tier_open", axes, upper=0.0)
    filled = program.add_rows("tier_order", axes, lower=0.0)
    full = []
    for at, row, n, piece in zip(at_most.ids.tolist(), filled.ids.tolist(), numbers.tolist(), chosen, strict=True):
        together, incremental = side_by_side.get(n, [n]), piece.part.schedule.incremental
        program.add_terms(at, units.ids[together], 1.0)
        program.add_terms(row, units.ids[[n - 1] if incremental else together], 1.0)
        full.append(pieces[n - 1].most if incremental else piece.part.steps[piece.step].least)
    program.add_terms(at_most.ids, reached.ids, [-piece.most for piece in chosen])
    program.add_terms(filled.ids, reached.ids, -np.array(full))
    all_units = np.array([not piece.part.schedule.incremental for piece in chosen])
    if all_units.any():  # of all-unit steps one holds in a window
        windows = np.unique(np.stack([axes["schedule"][all_units], axes["window"][all_units]], axis=1), axis=0)
        choice = program.add_rows("tier_choice", axes_of(("schedule", "window"), windows), upper=1.0)
        holds = {axis: places[all_units] for axis, places in axes.items()}
        program.add_terms(choice.at(**holds), reached.ids[all_units], 1.0)
    return reached


def _side_by_side(pieces: Sequence[Piece]) -> dict[int, list[int]]:
    """The pieces of all parts in each all-unit step, by the number of the first part's."""
    steps: dict[tuple[int, int, int], list[int]] = {}
    for n, piece in enumerate(pieces):
        if not piece.part.schedule.incremental:
            steps.setdefault((piece.part.schedule.number, piece.part.window, piece.step), []).append(n)
    return {together[0]: together for together in steps.values()}
