"""Columns and rows of incumbents: the cost of taking a product away from whoever made it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.costing import limits
from allocate.costing.terms.incumbents import Switching, switching
from allocate.program.charges import Charge
from allocate.program.engagement import AT_LEAST_ONE, bounded
from allocate.program.layout import Layout
from allocate.program.program import Program

Booleans = NDArray[np.bool_]


def switching_cost(program: Program, layout: Layout) -> list[Charge]:
    r"""A product whose incumbent gets less than its part is switched, and pays for it.

    .. math:: \sum_{r \in R(p,i), t} x_{rt} - \beta_p \sum_{r \in R(p), t} x_{rt} + M_p \, s_p \ge 0
        \qquad \forall p \text{ with a part } \beta_p \qquad [\text{items}]

    .. math:: \sum_{r \in R(p,i), t} x_{rt} \ge k_p, \quad \sum_{r \in R(p) \setminus R(p,i), t} x_{rt} \le N_p (s_p + k_p)
        \qquad \forall \text{ other } p \qquad [\text{items}]

    with s and k (the incumbent is kept) 0 or 1, i the incumbent, M and N the most items others could make (M times the
    part). It is a cost of your own, or of whom the case says it is paid to, and stands in no share of the spend.

    Dual: of little meaning while s is a whole number.
    """
    asked = [one for one in switching(layout.case) if one.fee > 0 and (layout.product == one.product).any()]
    if not asked:
        return []
    _limited(layout, asked)
    products = np.array([one.product for one in asked])
    switched = program.add_columns("switched", {"product": products}, upper=1.0, integer=True)
    parts = [(one, int(s)) for one, s in zip(asked, switched.ids, strict=True) if one.below is not None]
    wholes = [(one, int(s)) for one, s in zip(asked, switched.ids, strict=True) if one.below is None]
    if parts:
        _parts(program, layout, parts)
    if wholes:
        _wholes(program, layout, wholes)
    nothing = np.zeros(len(asked))
    return [
        Charge(
            columns=switched,
            amount=np.array([one.fee for one in asked]),
            usage=nothing,
            vendor=np.array([one.paid_to for one in asked], dtype=np.int32),
            period=nothing.astype(np.int32),
            products=tuple((one.product,) for one in asked),
            for_work=False,
        )
    ]


def _limited(layout: Layout, asked: list[Switching]) -> None:
    """Raises CaseError where nothing limits the items of a product that may be switched."""
    routes = layout.routes
    pairs = {(one.product, int(v)) for one in asked for v in routes.vendor[routes.product == one.product]}
    product, vendor = np.array(sorted(pairs)).T
    bounded(layout, product, vendor)


def _parts(program: Program, layout: Layout, asked: list[tuple[Switching, int]]) -> None:
    """The incumbent makes its part, or the product is switched."""
    axes = {"product": [one.product for one, _ in asked]}
    rows = program.add_rows("incumbent_part", axes, lower=0.0)
    for n, (one, switched) in enumerate(asked):
        assert one.below is not None
        mine, own, most_others = _who(layout, one)
        amounts = np.where(own, 1.0, 0.0)[mine] - one.below
        program.add_terms(rows.ids[n], layout.ids[mine], amounts)
        program.add_terms(rows.ids[n], [switched], one.below * most_others)


def _wholes(program: Program, layout: Layout, asked: list[tuple[Switching, int]]) -> None:
    """The incumbent makes an item, or the product is switched when others make any."""
    axes = {"product": [one.product for one, _ in asked]}
    kept = program.add_columns("incumbent_kept", axes, upper=1.0, integer=True)
    makes = program.add_rows("incumbent_makes", axes, lower=0.0)
    others = program.add_rows("others_make", axes, upper=0.0)
    for n, (one, switched) in enumerate(asked):
        mine, own, most_others = _who(layout, one)
        program.add_terms(makes.ids[n], layout.ids[own], 1.0)
        program.add_terms(makes.ids[n], [kept.ids[n]], -AT_LEAST_ONE)
        program.add_terms(others.ids[n], layout.ids[mine & ~own], 1.0)
        program.add_terms(others.ids[n], [switched, kept.ids[n]], -most_others)


def _who(layout: Layout, one: Switching) -> tuple[Booleans, Booleans, float]:
    """Columns of a product, those of its incumbent, and most items of all others."""
    mine = layout.product == one.product
    served = np.unique(layout.routes.vendor[layout.routes.product == one.product])
    most = np.zeros(len(layout.routes.vendors))
    most[served] = layout.most_items[one.product, served]
    demanded = float(limits.demand(layout.case)[1][one.product])
    others = min(float(most.sum() - most[one.vendor]), demanded)
    return mine, mine & (layout.vendor == one.vendor), others
