"""Columns and rows that turn effective labels into value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.costing import limits
from allocate.costing.values import ProductValue
from allocate.errors import CaseError, Problem
from allocate.program.layout import Floats, Layout
from allocate.program.naming import Block
from allocate.program.program import Program


@dataclass(frozen=True)
class ValueColumns:
    """Stretches of the value curves: their columns and the money one label in each is worth."""

    columns: Block
    product: np.ndarray[tuple[int], np.dtype[np.int32]]
    money: Floats


def value_columns(program: Program, layout: Layout) -> ValueColumns:
    r"""Effective labels on each straight stretch of a product's value curve.

    .. math:: 0 \le y_{pk} \le L_{pk} \qquad \forall p, k \qquad [\text{effective labels}]

    The last stretch of a curve that goes on has no end: what can be bought ends it, and its price is then that of what
    limits the buying.
    """
    values = list(layout.values.values())
    lengths = [_open_ended(one) for one in values]
    product = np.repeat([one.product for one in values], [len(one) for one in lengths]).astype(np.int32)
    number = np.concatenate([np.arange(len(one)) for one in lengths]) if values else np.zeros(0, dtype=int)
    upper = np.concatenate(lengths) if values else np.zeros(0)
    money = np.concatenate([one.worth * one.segments.slopes for one in values]) if values else np.zeros(0)
    columns = program.add_columns("value_stretch", {"product": product, "stretch": number}, upper=upper)
    return ValueColumns(columns, product, money)


def _open_ended(one: ProductValue) -> Floats:
    """Lengths of a curve's stretches, the last without end where the curve goes on."""
    lengths = np.array(one.segments.lengths, dtype=np.float64)
    if len(lengths) and not one.complete:
        lengths[-1] = np.inf
    return lengths


def value_link(program: Program, layout: Layout, stretches: ValueColumns) -> None:
    r"""Value is counted only for effective labels that are delivered.

    .. math:: \sum_k y_{pk} \le \sum_{r \in R(p), t} \omega_r \, x_{rt} \qquad \forall p \qquad [\text{labels}]

    Dual: money of value one more effective label adds to the product.
    """
    products = np.array(sorted(layout.values), dtype=np.int32)
    if not len(products):
        return
    rows = program.add_rows("value_link", {"product": products}, upper=0.0)
    row_of = np.full(len(layout.routes.products), -1)
    row_of[products] = rows.ids
    program.add_terms(row_of[stretches.product], stretches.columns.ids, 1.0)
    counted = row_of[layout.product] >= 0
    program.add_terms(row_of[layout.product[counted]], layout.ids[counted], -layout.effective[counted])


def value_floor(program: Program, layout: Layout, stretches: ValueColumns) -> None:
    r"""Products, or the whole portfolio, add at least the value asked of them.

    .. math:: \sum_{p \in G} \sum_k w_p s_{pk} \, y_{pk} \ge V_G \qquad [\text{money of value}]

    Dual: money the plan loses for one more unit of value asked.
    """
    asked = []
    for position, product in enumerate(layout.case.products.values()):
        least = product.value.at_least if product.value is not None else None
        if least is not None:
            asked.append(
                (stretches.product == position, float(limits.in_case_currency(layout.case, least)[0]), position)
            )
    target = limits.value_target(layout.case)
    if target is not None:
        asked.append((np.ones(len(stretches.product), dtype=bool), target, len(layout.routes.products)))
    if not asked:
        return
    rows = program.add_rows("value_floor", {"product": [one[2] for one in asked]}, lower=[one[1] for one in asked])
    for row, (inside, _, _) in zip(rows.ids, asked, strict=True):
        program.add_terms(row, stretches.columns.ids[inside], stretches.money[inside])


def score_floor(program: Program, layout: Layout) -> None:
    r"""A product's model reaches a score: it gets the effective labels its curve asks for.

    .. math:: \sum_{r \in R(p), t} \omega_r \, x_{rt} \ge E_p \qquad \forall p \qquad [\text{effective labels}]

    Dual: money the plan loses for one more effective label asked.
    """
    asked = []
    for position, (name, product) in enumerate(layout.case.products.items()):
        if product.value is not None and product.value.score_at_least is not None:
            labels = layout.values[position].labels_for(product.value.score_at_least.number)
            if not np.isfinite(labels):
                place = layout.case.place("products", name, "value", "score-at-least")
                best = layout.values[position].curve.score(
                    layout.values[position].existing + layout.values[position].reach
                )
                message = f"products.{name}: a score of {product.value.score_at_least.text} is out of reach"
                fix = f"the labels that can be bought reach {float(best):.2f} points"
                raise CaseError([Problem(message, place, fix)])
            asked.append((position, labels))
    if not asked:
        return
    rows = program.add_rows("score_floor", {"product": [one[0] for one in asked]}, lower=[one[1] for one in asked])
    row_of = np.full(len(layout.routes.products), -1)
    row_of[[one[0] for one in asked]] = rows.ids
    counted = np.flatnonzero(row_of[layout.product] >= 0)
    program.add_terms(row_of[layout.product[counted]], layout.ids[counted], layout.effective[counted])
