"""Rows of products and vendors that are shared with nobody."""

from __future__ import annotations

import numpy as np

from allocate.case.load import Case
from allocate.costing.rules.exclusive import exclusive
from allocate.program.model import Model, axes_of
from allocate.program.sections import Rows
from allocate.program.soft_limits import give_way
from allocate.tolerances import AT_WORK


def exclusive_work(model: Model) -> None:
    r"""A vendor makes a product alone or not at all; or it works for some products alone.

    .. math:: z_{pv} + z_{pu} \le 1 \qquad \forall p, v, u \ne v \qquad [\text{vendors}]

    .. math:: z_{pv} + z_{qv} \le 1 \qquad \forall p \in P_k, \; q \notin P_k, \; v \qquad [\text{products}]

    A rule with a penalty gives way by each vendor (product) that is there beside.

    Dual: of little meaning while z is a whole number.
    """
    starts = model.program.columns.get("starts")
    asked = exclusive(model.layout.case)
    if starts is None or not asked:
        return
    column = np.full(model.layout.served.shape, -1, np.int32)
    column[starts.index["product"], starts.index["vendor"]] = starts.ids
    ends = [(column[one.product, one.vendor], column[one.beside]) for one in asked]
    there = [(one, pair) for one, pair in zip(asked, ends, strict=True) if min(pair) >= 0]
    if not there:
        return
    axes = axes_of(
        ("rule", "product", "vendor", "other"), [(one.rule, one.product, one.vendor, one.other) for one, _ in there]
    )
    made, rules = model.layout.routes.made > AT_WORK, model.layout.case.file.rules
    both = [made[one.product, one.vendor] and made[one.beside] and rules[one.rule].penalty is None for one, _ in there]
    rows = model.program.add_rows("exclusive_work", axes, upper=1.0 + np.array(both, dtype=np.float64))
    for ids in zip(*(pair for _, pair in there), strict=True):
        model.program.add_terms(rows.ids, np.array(ids, np.int32), 1.0)
    give_way(model, rows, [one.rule for one, _ in there], short=False)


def _unit(case: Case, rule: int) -> str:
    """What a rule gives way by."""
    said = case.file.rules[rule].exclusive
    return "vendors" if said is not None and said.what == "product" else "products"


ROWS = (Rows("exclusive_work", "both", "", _unit),)
"""What explanations say of them."""
