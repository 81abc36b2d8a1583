"""Columns and rows of contracts: tiers, engagement, fees, orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing import limits
from allocate.costing.schedules import Schedule, schedules
from allocate.costing.throughput import vendor_capacities, work_content
from allocate.errors import CaseError, Problem
from allocate.program.charges import Charge
from allocate.program.layout import Floats, Layout
from allocate.program.naming import Block
from allocate.program.program import Program

AT_LEAST_ONE = 1.0
"""Items a vendor must make for a product (in all, where no product is named) to be counted by an at-least."""


def tiers(program: Program, layout: Layout) -> list[Charge]:
    r"""Units bought in a window cost the price of the step they fall in, or all the price of the last step reached.

    .. math:: \sum_{(r,t)} \varphi_{tw} u_r \, x_{rt} = \sum_k q_{swk} \qquad \forall s, w \qquad [\text{billable units}]

    with q the units in step k of schedule s in window w, u billable units per item and :math:`\varphi` the share of the
    period in the window. Incremental steps fill in order, :math:`L_k b_{k+1} \le q_k \le L_k b_k`; of all-unit steps one is
    chosen, :math:`S_k b_k \le q_k \le E_k b_k, \sum_k b_k \le 1`; b is 0 or 1. Where surplus may be bought, q is what is
    used, and a step used below its start is a piece of its own whose money hangs on b: that of the step's least quantity. Rising incremental prices need no b, unless a
    rule on shares of the spend could make a dear step worth filling first.

    Dual: of the link, the money one more unit in the window costs at the step reached.
    """
    plans = schedules(layout.case)
    if not plans:
        return []
    strict = limits.pays_to_spend(layout.case)
    switched = [(product, one.vendor) for one in plans if strict or not one.rising for product in one.products]
    if switched:
        products, vendors = np.array(switched).T
        bounded(layout, products, vendors)
    most = _most_units(layout, plans)
    rows = [(s, w, k) for s in plans for w in range(len(s.windows.labels)) for k in range(len(s.steps))]
    lengths = np.array([_length(s, k, most[s.number]) for s, _, k in rows])
    axes = {
        "schedule": np.array([s.number for s, _, _ in rows]),
        "window": np.array([w for _, w, _ in rows]),
        "step": np.array([k for _, _, k in rows]),
    }
    units = program.add_columns("tier_units", axes, upper=lengths)
    _link(program, layout, plans, units)
    reached = _steps(program, rows, units, lengths, strict=strict)
    price = np.array([s.steps[k].price * s.factor[w] for s, w, k in rows])
    on_top = np.array([_on_top(layout, s.vendor) for s, _, _ in rows])
    charge = Charge(
        columns=units,
        amount=price * (1.0 + on_top),
        usage=price,
        vendor=np.array([s.vendor for s, _, _ in rows], dtype=np.int32),
        period=np.array([s.windows.last[w] for s, w, _ in rows], dtype=np.int32),
        products=tuple(s.products for s, _, _ in rows),
    )
    return [charge, *_bought_in_full(rows, reached, charge, on_top)]


def _bought_in_full(
    rows: Sequence[tuple[Schedule, int, int]], reached: Block | None, units: Charge, on_top: Floats
) -> list[Charge]:
    """Money of steps bought in full though less is used; it hangs on their being chosen."""
    fixed = np.array([s.steps[k].fixed * s.factor[w] for s, w, k in rows])
    if reached is None or not fixed.any():
        return []
    at = {(s.number, w, k): n for n, (s, w, k) in enumerate(rows)}
    keys = zip(*(reached.index[axis].tolist() for axis in ("schedule", "window", "step")), strict=True)
    mine = np.array([at[key] for key in keys])
    return [
        Charge(
            columns=reached,
            amount=(fixed * (1.0 + on_top))[mine],
            usage=fixed[mine],
            vendor=units.vendor[mine],
            period=units.period[mine],
            products=tuple(units.products[n] for n in mine.tolist()),
        )
    ]


def _on_top(layout: Layout, vendor: int) -> float:
    """Platform fee of a vendor less its discount for paying early, as a share of its price."""
    mine = layout.routes.vendor == vendor
    return float((layout.routes.fee_share - layout.routes.discount)[mine][:1].sum())


def _length(schedule: Schedule, step: int, most: float) -> float:
    """Most units that can be in a step: its length, or for all-unit prices its end; no more than can be bought."""
    one = schedule.steps[step]
    if schedule.incremental:
        return max(0.0, min(one.stop, most) - one.start)
    return min(one.stop, most) if most > one.start else 0.0


def _most_units(layout: Layout, plans: Sequence[Schedule]) -> Floats:
    """Most billable units of each schedule that could be bought."""
    routes, most = layout.routes, np.zeros(len(plans))
    for schedule in plans:
        for product in schedule.products:
            mine = (routes.product == product) & (routes.vendor == schedule.vendor)
            if mine.any():
                most[schedule.number] += layout.most_items[product, schedule.vendor] * routes.billable[mine].max()
    return most


def _link(program: Program, layout: Layout, plans: Sequence[Schedule], units: Block) -> None:
    sizes = [len(s.windows.labels) for s in plans]
    first = np.concatenate([[0], np.cumsum(sizes)])
    axes = {
        "schedule": np.repeat(np.arange(len(plans)), sizes),
        "window": np.concatenate([np.arange(size) for size in sizes]),
    }
    rows = program.add_rows("tier_link", axes, lower=0.0, upper=0.0)
    scheduled = layout.routes.schedule[layout.route]
    for schedule in plans:
        mine = np.flatnonzero(scheduled == schedule.number)
        for window in range(len(schedule.windows.labels)):
            weight = schedule.windows.weights[window][layout.period[mine]]
            inside = weight > 0
            amounts = weight[inside] * layout.routes.billable[layout.route[mine[inside]]]
            program.add_terms(rows.ids[first[schedule.number] + window], layout.ids[mine[inside]], amounts)
    program.add_terms(rows.ids[first[units.index["schedule"]] + units.index["window"]], units.ids, -1.0)


def _steps(
    program: Program, rows: Sequence[tuple[Schedule, int, int]], units: Block, lengths: Floats, *, strict: bool
) -> Block | None:
    """Binaries and the rows that keep steps in order, where prices do not rise by themselves (strict: everywhere)."""
    incremental = [n for n, (s, _, k) in enumerate(rows) if s.incremental and (strict or not s.rising) and k > 0]
    chosen = [n for n, (s, _, _) in enumerate(rows) if not s.incremental]
    both = np.array(sorted([*incremental, *chosen]), dtype=np.int32)
    if not len(both):
        return None
    reached = program.add_columns("tier_reached", {a: v[both] for a, v in units.index.items()}, upper=1.0, integer=True)
    binary_of = dict(zip(both.tolist(), reached.ids.tolist(), strict=True))
    at_most = program.add_rows("tier_open", {a: v[both] for a, v in units.index.items()}, upper=0.0)
    program.add_terms(at_most.ids, units.ids[both], 1.0)
    program.add_terms(at_most.ids, reached.ids, -lengths[both])
    filled = program.add_rows("tier_order", {a: v[both] for a, v in units.index.items()}, lower=0.0)
    for row, n in zip(filled.ids.tolist(), both.tolist(), strict=True):
        schedule, _, k = rows[n]
        before = n - 1 if schedule.incremental else n
        full = lengths[before] if schedule.incremental else schedule.steps[k].least
        program.add_terms(row, [units.ids[before]], 1.0)
        program.add_terms(row, [binary_of[n]], -full)
    groups: dict[tuple[int, int], list[int]] = {}
    for n in chosen:
        groups.setdefault((rows[n][0].number, rows[n][1]), []).append(binary_of[n])
    if groups:
        keys = np.array(list(groups))
        one = program.add_rows("tier_choice", {"schedule": keys[:, 0], "window": keys[:, 1]}, upper=1.0)
        for row, columns in zip(one.ids.tolist(), groups.values(), strict=True):
            program.add_terms(row, np.array(columns), 1.0)
    return reached


@dataclass(frozen=True)
class Engagement:
    """Whether a vendor is used, and whether it works on a product; 0 or 1 each."""

    used: Block | None
    starts: Block | None

    def used_column(self, vendor: int) -> int:
        """Number of a vendor's column."""
        assert self.used is not None
        return int(self.used.ids[np.flatnonzero(self.used.index["vendor"] == vendor)[0]])

    def start_column(self, product: int, vendor: int) -> int:
        """Number of a pair's column."""
        assert self.starts is not None
        mine = (self.starts.index["product"] == product) & (self.starts.index["vendor"] == vendor)
        return int(self.starts.ids[np.flatnonzero(mine)[0]])

    def works(
        self, program: Program, layout: Layout, block: Block, family: str, chosen: NDArray[np.signedinteger[Any]]
    ) -> None:
        """Add rows: whoever the chosen columns of a block say is used (or has started) makes one item or more."""
        if not len(chosen):
            return
        rows = program.add_rows(family, {axis: values[chosen] for axis, values in block.index.items()}, lower=0.0)
        program.add_terms(rows.ids, block.ids[chosen], -AT_LEAST_ONE)
        for row, position in zip(rows.ids.tolist(), chosen.tolist(), strict=True):
            mine = layout.vendor == block.index["vendor"][position]
            if "product" in block.index:
                mine &= layout.product == block.index["product"][position]
            program.add_terms(row, layout.ids[mine], 1.0)


def needed(layout: Layout) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which vendors, shape (V,), and which pairs, shape (P, V), some clause or rule asks about being used at all."""
    asked, case = layout.terms, layout.case
    vendors = np.array([one.engages for one in asked])
    pairs = np.array([one.starts for one in asked], dtype=bool).reshape(len(asked), len(case.products)).T.copy()
    for one in limits.counts(case):
        if one.products is None:
            vendors[list(one.vendors)] = True
        else:
            pairs[np.ix_(list(one.products), list(one.vendors))] = True
    for other in limits.incompatible(case):
        pairs[list(other.products), other.vendor] = True
    return vendors, pairs


def engagement(program: Program, layout: Layout, vendors: NDArray[np.bool_], pairs: NDArray[np.bool_]) -> Engagement:
    r"""A vendor that makes anything is used; a vendor that makes anything of a product has started on it.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} \le M_{pv} \, z_{pv}, \qquad z_{pv} \le y_v, \qquad
        \sum_{r \in R(v), t} q_r \, x_{rt} \le Q_v \, y_v \qquad \forall p, v \qquad [\text{items}]

    with y, z 0 or 1 and M the most items of the pair the case allows: the tightest bound its demand, capacities and
    money give. Where only y matters it stands in the place of z. Where a rule is about shares of the spend, paying fees
    for nothing could pay; then y and z need at least one item each.

    Dual: of little meaning while y and z are whole numbers; see the price of each limit with them fixed.
    """
    routes = layout.routes
    served = np.zeros(pairs.shape, dtype=bool)
    served[routes.product, routes.vendor] = True
    starts = used = None
    if (pairs & served).any():
        product, vendor = np.nonzero(pairs & served)
        starts = program.add_columns("starts", {"product": product, "vendor": vendor}, upper=1.0, integer=True)
    if vendors.any():
        used = program.add_columns("used", {"vendor": np.flatnonzero(vendors)}, upper=1.0, integer=True)
    found = Engagement(used, starts)
    switched = served & (pairs | vendors[None, :])
    if not switched.any():
        return found
    product, vendor = np.nonzero(switched)
    bounded(layout, product, vendor)
    rows = program.add_rows("engaged", {"product": product, "vendor": vendor}, upper=0.0)
    row_of = np.full(pairs.shape, -1)
    row_of[product, vendor] = rows.ids
    at = row_of[layout.product, layout.vendor]
    program.add_terms(at[at >= 0], layout.ids[at >= 0], 1.0)
    at_pairs = list(zip(product.tolist(), vendor.tolist(), strict=True))
    switch = [found.start_column(p, v) if pairs[p, v] else found.used_column(v) for p, v in at_pairs]
    program.add_terms(rows.ids, np.array(switch), -layout.most_items[product, vendor])
    both = pairs & served & vendors[None, :]
    if both.any():
        product, vendor = np.nonzero(both)
        below = program.add_rows("start_needs_use", {"product": product, "vendor": vendor}, upper=0.0)
        pairs_at = zip(product.tolist(), vendor.tolist(), strict=True)
        program.add_terms(below.ids, np.array([found.start_column(p, v) for p, v in pairs_at]), 1.0)
        program.add_terms(below.ids, np.array([found.used_column(v) for v in vendor.tolist()]), -1.0)
    _capacity_of_used(program, layout, vendors, found)
    if limits.pays_to_spend(layout.case):
        for block, family in ((found.used, "used_works"), (found.starts, "starts_works")):
            if block is not None:
                found.works(program, layout, block, family, np.arange(len(block)))
    return found


def bounded(layout: Layout, product: NDArray[np.intp], vendor: NDArray[np.intp]) -> None:
    """Pairs that a clause switches on and off must have a most of items.

    Raises CaseError for those that nothing limits.
    """
    open_ = np.flatnonzero(~np.isfinite(layout.most_items[product, vendor]))
    names = sorted({layout.routes.products[product[n]] for n in open_.tolist()})
    if names:
        place = layout.case.place("products", names[0])
        message = (
            f"nothing limits how many items of {', '.join(names)} could be ordered, which its contracts need to know"
        )
        raise CaseError([Problem(message, place, "add `demand: {at-most: …}`, a budget, or capacities")])


def _capacity_of_used(program: Program, layout: Layout, vendors: NDArray[np.bool_], found: Engagement) -> None:
    """A vendor that is not used has no capacity: the row that makes the relaxation tight."""
    chosen = [one for one in vendor_capacities(layout.case) if vendors[one.vendor] and np.isfinite(one.amounts).all()]
    if not chosen:
        return
    axes = {"vendor": np.array([one.vendor for one in chosen]), "capacity": np.arange(len(chosen))}
    rows = program.add_rows("used_capacity", axes, upper=0.0)
    for row, capacity in zip(rows.ids.tolist(), chosen, strict=True):
        content = work_content(layout.case, layout.routes, capacity.noun)[layout.route]
        mine = np.flatnonzero((layout.vendor == capacity.vendor) & (content > 0))
        program.add_terms(row, layout.ids[mine], content[mine])
        program.add_terms(row, [found.used_column(capacity.vendor)], -float(capacity.most.sum()))


def fees(layout: Layout, found: Engagement) -> list[Charge]:
    """Onboarding and retainer of each vendor used, and the cost of each product it starts on; paid at the start."""
    asked, charges = layout.terms, []
    every = tuple(range(len(layout.routes.products)))
    if found.used is not None:
        vendor = found.used.index["vendor"]
        amount = np.array([asked[v].onboarding + asked[v].retainer for v in vendor])
        charges.append(_fixed(found.used, amount, vendor, tuple(every for _ in vendor)))
    if found.starts is not None:
        vendor, product = found.starts.index["vendor"], found.starts.index["product"]
        amount = np.stack([one.product_start for one in asked])[vendor, product]
        charges.append(_fixed(found.starts, amount, vendor, tuple((int(p),) for p in product)))
    return charges


def _fixed(columns: Block, amount: Floats, vendor: NDArray[np.int32], products: tuple[tuple[int, ...], ...]) -> Charge:
    nothing = np.zeros(len(columns))
    return Charge(columns, amount, nothing, vendor.astype(np.int32), nothing.astype(np.int32), products)


def minimum_order(program: Program, layout: Layout, found: Engagement) -> None:
    r"""A vendor works on a product for at least its minimum order, or not at all.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} \ge m_{pv} \, z_{pv} \qquad \forall p, v \qquad [\text{items}]

    Dual: money the plan loses for one more item of the minimum, with z fixed.
    """
    if found.starts is None:
        return
    asked = np.stack([one.minimum_order for one in layout.terms], axis=1)
    chosen = np.flatnonzero(asked[found.starts.index["product"], found.starts.index["vendor"]] > 0)
    if not len(chosen):
        return
    product, vendor = found.starts.index["product"][chosen], found.starts.index["vendor"][chosen]
    rows = program.add_rows("minimum_order", {"product": product, "vendor": vendor}, lower=0.0)
    _pair_items(program, layout, rows)
    program.add_terms(rows.ids, found.starts.ids[chosen], -asked[product, vendor])


def order_multiple(program: Program, layout: Layout) -> None:
    r"""A vendor's items of a product come in whole lots.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} = l_v \, n_{pv}, \quad n_{pv} \in \{0, 1, 2, \dots\}
        \qquad \forall p, v \qquad [\text{items}]

    Dual: of little meaning while n is a whole number.
    """
    lots = np.array([one.order_multiple for one in layout.terms])
    sold = np.flatnonzero(lots[layout.vendor] > 0)
    pairs = set(zip(layout.product[sold].tolist(), layout.vendor[sold].tolist(), strict=True))
    if not pairs:
        return
    table = np.array(sorted(pairs))
    axes = {"product": table[:, 0], "vendor": table[:, 1]}
    upper = np.floor(layout.most_items[table[:, 0], table[:, 1]] / lots[table[:, 1]] + 1e-9)
    number = program.add_columns("lots", axes, upper=upper, integer=True)
    rows = program.add_rows("order_multiple", axes, lower=0.0, upper=0.0)
    _pair_items(program, layout, rows)
    program.add_terms(rows.ids, number.ids, -lots[table[:, 1]])


def _pair_items(program: Program, layout: Layout, rows: Block) -> None:
    """Put all items of each row's product and vendor into it."""
    row_of = np.full((len(layout.routes.products), len(layout.routes.vendors)), -1)
    row_of[rows.index["product"], rows.index["vendor"]] = rows.ids
    at = row_of[layout.product, layout.vendor]
    program.add_terms(at[at >= 0], layout.ids[at >= 0], 1.0)
