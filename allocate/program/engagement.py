"""Whether a vendor is used, and whether it works on a product: facility-opening binaries, as in facility location."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allocate.costing.limits.amounts import demand
from allocate.costing.rules.count import counts
from allocate.costing.rules.exclusive import exclusive
from allocate.costing.rules.incompatible import incompatible
from allocate.costing.supply.throughput import Capacity, lightest_content
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.program.layout import Layout
from allocate.program.model import Model, unlimited
from allocate.program.naming import Block
from allocate.tolerances import WINDOW_ROOM

ONE_ITEM, OF_MOST = 1.0, 0.05
"""Items, and part of the most it could make, of which the less is work enough to count as work."""


def engagement(model: Model) -> None:
    r"""A vendor that makes anything is used; a vendor that makes anything of a product has started on it.

    .. math:: \sum_{r \in R(p,v), t} x_{rt} \le M_{pv} \, z_{pv}, \qquad z_{pv} \le y_v, \qquad
        \sum_{r \in R(v)} q_r \, x_{rt} \le Q_{vt} \, y_v \qquad \forall p, v, t \qquad [\text{items}]

    with y, z 0 or 1, the facility-opening binaries of facility location, and M the most items of the pair the case allows:
    no big-M, but the tightest bound its demand, capacities and money give. Where only y matters it stands in place of z.
    Where a rule is about shares of the spend, paying fees for nothing could pay; then y and z that have fees need one item each, or
    5% of M where that is less: an item may be a batch of thousands.

    Dual: of little meaning while y and z are whole numbers; see the price of each limit with them fixed.
    """
    program, layout = model.program, model.layout
    vendors, pairs = _asked(layout)
    starting = pairs & layout.served
    if starting.any():
        program.add_columns("starts", _pairs(starting), upper=1.0, integer=True)
    if vendors.any():
        asked = np.flatnonzero(vendors)
        program.add_columns("used", {"vendor": asked}, lower=_signed(layout)[asked], upper=1.0, integer=True)
    _taken_on(model)
    switched = layout.served & (pairs | vendors)
    if not switched.any():
        return
    axes = _pairs(switched)
    bounded(layout, **axes)
    rows = program.add_rows("engaged", axes, upper=0.0)
    model.put_items(rows)
    for some, family in ((starting, "starts"), (switched & ~starting, "used")):
        if some.any():
            opened = program.columns[family].at(**_pairs(some))
            program.add_terms(rows.at(**_pairs(some)), opened, -layout.most_items[some])
    both = starting & vendors
    if both.any():
        below = program.add_rows("start_needs_use", _pairs(both), upper=0.0)
        program.add_terms(below.ids, program.columns["starts"].at(**below.index), 1.0)
        program.add_terms(below.ids, program.columns["used"].at(**below.index), -1.0)
    _capacity_of_used(model, vendors)
    if layout.pays_to_spend:
        for family in ("used", "starts"):
            if family in program.columns:
                _works(model, program.columns[family])


def _asked(layout: Layout) -> tuple[Booleans, Booleans]:
    """Which vendors, shape (V,), and which pairs, shape (P, V), some clause or rule asks about being used at all."""
    vendors = np.array([terms.engages for terms in layout.terms])
    pairs = np.array([terms.starts for terms in layout.terms], dtype=bool).reshape(layout.served.T.shape).T.copy()
    for count in [count for count in counts(layout.case) if count.at_most is not None and count.all_that_work]:
        if count.products is None:
            vendors[list(count.vendors)] = True
        else:
            pairs[np.ix_(list(count.products), list(count.vendors))] = True
    for rivals in incompatible(layout.case):
        pairs[list(rivals.products), rivals.vendor] = True
    for apart in exclusive(layout.case):
        pairs[apart.product, apart.vendor] = pairs[apart.beside] = True
    return vendors, pairs


def _taken_on(model: Model) -> None:
    """Columns held at 1 for vendors taken on, and pairs started, before the first planned period: their fees are owed by now."""
    program, terms = model.program, model.layout.terms
    vendors = [one.vendor for one in terms if one.owed_before and one.engages]
    pairs = np.array([one.started & (one.product_start > 0) for one in terms], dtype=np.bool_)
    if vendors:
        program.add_columns("taken_on", {"vendor": vendors}, lower=1.0, upper=1.0)
    if pairs.any():
        program.add_columns("started", _pairs(pairs.T), lower=1.0, upper=1.0)


def _signed(layout: Layout) -> Floats:
    """1 for each vendor that is signed already, whatever it is given, 0 for all others; shape (V,)."""
    past = layout.case.past
    return np.array([past is not None and name in past.committed for name in layout.routes.vendors], dtype=np.float64)


def _done(layout: Layout) -> Booleans:
    """Whether a vendor has made anything of a product before the first planned period, shape (P, V)."""
    case, found = layout.case, np.zeros(layout.served.shape, dtype=np.bool_)
    products, vendors = list(case.products), list(case.vendors)
    for line in case.past.work if case.past is not None else ():
        if line.items > 0.0:
            found[products.index(line.product), vendors.index(line.vendor)] = True
    return found


def _pairs(chosen: Booleans) -> dict[str, NDArray[np.intp]]:
    product, vendor = np.nonzero(chosen)
    return {"product": product, "vendor": vendor}


def bounded(layout: Layout, product: NDArray[np.intp], vendor: NDArray[np.intp]) -> None:
    """Pairs that a clause switches on and off must have a most of items.

    Raises CaseError for those that nothing limits.
    """
    open_ended = ~np.isfinite(layout.most_items[product, vendor])
    if open_ended.any():
        raise unlimited(layout, np.asarray(product)[open_ended].tolist(), "its contracts need")


def most_of(layout: Layout, products: ArrayLike, who: str) -> Floats:
    """Most items of some products that there could be, of all vendors together and by demand, in their order.

    who: what must know, for the message. Raises CaseError where nothing limits one of them.
    """
    demanded = demand(layout.case)[1].copy()
    demanded[[number for kind, number in layout.ignoring if kind == "demand"]] = np.inf
    made = np.where(layout.served, layout.most_items, 0.0).sum(axis=1)
    asked = np.asarray(products)
    most: Floats = np.minimum(made, demanded)[asked]
    if not np.isfinite(most).all():
        raise unlimited(layout, asked[~np.isfinite(most)].tolist(), who)
    return most


def _capacity_of_used(model: Model, vendors: Booleans) -> None:
    """A vendor that is not used has no capacity in any period: the rows that make the relaxation tight."""
    program, layout = model.program, model.layout
    capacities = layout.capacities
    chosen = [capacity for capacity in capacities if vendors[capacity.vendor] and np.isfinite(capacity.amounts).all()]
    if not chosen:
        return
    learns = {one.vendor for one in layout.routes.learners}
    # What a pair that learns takes of a period is not known beforehand; of the whole horizon its least is.
    sides = [
        capacity.most if capacity.vendor not in learns else capacity.most.sum(keepdims=True) for capacity in chosen
    ]
    number = np.repeat(np.arange(len(chosen)), [len(side) for side in sides])
    axes = {
        "vendor": np.array([capacity.vendor for capacity in chosen])[number],
        "capacity": number,
        "period": np.concatenate([np.arange(len(side)) for side in sides]),
    }
    rows, used = program.add_rows("used_capacity", axes, upper=0.0), program.columns["used"]
    # A hair more, so that the hours of a week, and not its use, hold a plan that works them all.
    room = np.concatenate([side * (1.0 + WINDOW_ROOM if len(side) > 1 else 1.0) for side in sides])
    program.add_terms(rows.ids, used.at(vendor=axes["vendor"]), -room)
    for n, (capacity, side) in enumerate(zip(chosen, sides, strict=True)):
        of, own = rows.ids[number == n], layout.vendor == capacity.vendor
        for content, when in _contents(layout, capacity, in_all=len(side) == 1):
            inside = np.flatnonzero(own & (content > 0) & (when < len(side)))
            program.add_terms(of[when[inside]], layout.ids[inside], content[inside])


def _contents(layout: Layout, capacity: Capacity, in_all: bool) -> Iterator[tuple[Floats, Integers]]:
    """What an item of each column takes of a capacity at least, and in which period (of the first row where there is one for all)."""
    if not in_all and capacity.family == "vendor_hours":
        yield from layout.stages()
        return
    content = lightest_content(layout.case, layout.routes, capacity.noun, layout.capacities)[layout.route]
    yield content, np.zeros(len(content), np.int32) if in_all else layout.period


def least_work(most: ArrayLike) -> Floats:
    """Items that count as work where so many could be made at most: one, or less where an item stands for many."""
    there: Floats = np.asarray(most, dtype=np.float64)
    return np.where(there > 0, np.minimum(ONE_ITEM, OF_MOST * there), ONE_ITEM)


def _works(model: Model, opened: Block) -> None:
    """Whoever is used, or has started on a product, and is paid for that, makes one item or more; a part of the most it could
    where that is less. What is done was paid, and asks for nothing more."""
    layout, axes = model.layout, opened.index
    fee = np.array([terms.engages for terms in layout.terms])[axes["vendor"]]
    if opened.family == "starts":
        fee = np.array([terms.product_start for terms in layout.terms])[axes["vendor"], axes["product"]] > 0
    if not fee.any():
        return
    paid = {axis: places[fee] for axis, places in axes.items()}
    vendor = paid["vendor"]
    rows = model.program.add_rows(f"{opened.family}_works", paid, lower=0.0)
    done = _done(layout)
    if opened.family == "used":
        most = np.where(layout.served, layout.most_items, 0.0).max(axis=0)[vendor]
        sure = np.maximum(_signed(layout), done.any(axis=0))[vendor]
    else:
        most = layout.most_items[paid["product"], vendor]
        started = np.stack([terms.started for terms in layout.terms], axis=1)
        sure = (done | started)[paid["product"], vendor].astype(np.float64)
    model.program.add_terms(rows.ids, opened.ids[fee], -least_work(most) * (1.0 - sure))
    model.put_items(rows)
