"""What errors cost on each route: those that escape, and the labels that noise takes from training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from allocate.costing.table import Routes
from allocate.costing.value.values import ProductValue
from allocate.numbers import Floats
from allocate.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd


def error_table(routes: Routes, values: Mapping[int, ProductValue]) -> pd.DataFrame:
    r"""One row per route: what its errors cost on top of its unit cost, in the first period.

    .. math:: c_r + e_p (1 - a_r) + (1 - \omega_r) \, v_p, \qquad
        v_p = \max_{n > 0} \frac{V_p(n)}{n} \qquad [\text{money/item}]

    with V the product's value of n effective labels. For a curve that bends down v is the worth of the very next label;
    as labels grow, what one is worth falls, and so does what noise costs. Products without a value have none.
    """
    each = np.full(len(routes.products), np.nan)
    for product, value in values.items():
        each[product] = value_of_label(value)
    return errors_at(routes, each).frame


def errors_at(routes: Routes, each: Floats) -> Table:
    """The same at another value of a label, as a table; each: money/label by product, shape (P,), nan where labels have none."""
    given = routes.columns
    names = [
        name
        for name in ("product", "vendor", "workflow", "levers", "unit_cost", "accuracy", "error_cost")
        if name in given
    ]
    unit, effective, worth = given["unit_cost"], given["effective_labels"], each[routes.product]
    lost = (1.0 - effective) * worth
    return given.chosen(*names).with_columns(
        effective_labels=effective,
        labels_lost=1.0 - effective,
        value_of_label=worth,
        lost_value=lost,
        cost_with_errors=unit + (given["error_cost"] + np.nan_to_num(lost)),
        cost_per_effective_label=np.divide(unit, effective, out=np.full(len(unit), np.nan), where=effective > 0),
    )


def value_of_label(value: ProductValue) -> float:
    """Most money that effective labels bring each, from those there are on, among amounts that can be bought."""
    first = value.worth * float(value.curve.marginal(value.existing)) if value.worth and value.reach > 0 else 0.0
    ends = np.cumsum(value.segments.lengths)
    reached = ends[ends <= value.reach * (1.0 + 1e-9)]
    return max([first, *(value.money(float(labels)) / float(labels) for labels in reached)])
