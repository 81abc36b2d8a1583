"""Columns and rows of contracts: engagement, fees, orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing import limits
from allocate.costing.supply.throughput import lightest_content, vendor_capacities
from allocate.errors import CaseError, Problem
from allocate.program.charges import Charge
from allocate.program.layout import Floats, Layout
from allocate.program.naming import Block
from allocate.program.program import Program

Whole = NDArray[np.signedinteger[Any]]

AT_LEAST_ONE = 1.0
"""Items a vendor must make for a product (in all, where no product is named) to be counted by an at-least."""


@dataclass(frozen=True)
class Engagement:
    """Whether a vendor is used, and whether it works on a product; 0 or 1 each."""

    used: Block | None
    starts: Block | None

    def used_column(self, vendor: int) -> int:
        """Number of a vendor's column."""
        return int(self.used_columns(np.array([vendor]))[0])

    def used_columns(self, vendor: Whole) -> Whole:
        """Numbers of vendors' columns, shape of the vendors."""
        assert self.used is not None
        return self.used.ids[np.searchsorted(self.used.index["vendor"], vendor)]

    def start_columns(self, product: Whole, vendor: Whole) -> Whole:
        """Numbers of pairs' columns, shape of the pairs."""
        assert self.starts is not None
        width = 1 + max(int(self.starts.index["vendor"].max(initial=0)), int(vendor.max(initial=0)))
        known = self.starts.index["product"].astype(np.int64) * width + self.starts.index["vendor"]
        return self.starts.ids[np.searchsorted(known, product.astype(np.int64) * width + vendor)]

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
        if one.at_most is None:
            continue
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
    switch, starting = np.empty(len(product), np.int32), pairs[product, vendor]
    if starting.any():
        switch[starting] = found.start_columns(product[starting], vendor[starting])
    if not starting.all():
        switch[~starting] = found.used_columns(vendor[~starting])
    program.add_terms(rows.ids, switch, -layout.most_items[product, vendor])
    both = pairs & served & vendors[None, :]
    if both.any():
        product, vendor = np.nonzero(both)
        below = program.add_rows("start_needs_use", {"product": product, "vendor": vendor}, upper=0.0)
        program.add_terms(below.ids, found.start_columns(product, vendor), 1.0)
        program.add_terms(below.ids, found.used_columns(vendor), -1.0)
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
    capacities = vendor_capacities(layout.case)
    chosen = [one for one in capacities if vendors[one.vendor] and np.isfinite(one.amounts).all()]
    if not chosen:
        return
    axes = {"vendor": np.array([one.vendor for one in chosen]), "capacity": np.arange(len(chosen))}
    rows = program.add_rows("used_capacity", axes, upper=0.0)
    for row, capacity in zip(rows.ids.tolist(), chosen, strict=True):
        content = lightest_content(layout.case, layout.routes, capacity.noun, capacities)[layout.route]
        mine = np.flatnonzero((layout.vendor == capacity.vendor) & (content > 0))
        program.add_terms(row, layout.ids[mine], content[mine])
        program.add_terms(row, [found.used_column(capacity.vendor)], -float(capacity.most.sum()))


def fees(layout: Layout, found: Engagement) -> list[Charge]:
    """Onboarding of each vendor used and the cost of each product it starts on, paid at the start; its retainer by period."""
    asked, charges = layout.terms, []
    every = tuple(range(len(layout.routes.products)))
    if found.used is not None:
        vendor = found.used.index["vendor"]
        products = tuple(every for _ in vendor)
        charges.append(_fixed(found.used, np.array([asked[v].onboarding for v in vendor]), vendor, products))
        retainers = np.stack([asked[v].retainer for v in vendor], axis=1)
        charges += [
            _fixed(found.used, retainers[period], vendor, products, period)
            for period in np.flatnonzero(retainers.any(axis=1)).tolist()
        ]
    if found.starts is not None:
        vendor, product = found.starts.index["vendor"], found.starts.index["product"]
        amount = np.stack([one.product_start for one in asked])[vendor, product]
        charges.append(_fixed(found.starts, amount, vendor, tuple((int(p),) for p in product)))
    return charges


def _fixed(
    columns: Block, amount: Floats, vendor: Whole, products: tuple[tuple[int, ...], ...], period: int = 0
) -> Charge:
    nothing, when = np.zeros(len(columns)), np.full(len(columns), period, dtype=np.int32)
    return Charge(columns, amount, nothing, vendor.astype(np.int32), when, products)


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
