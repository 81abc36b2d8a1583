"""Columns and rows that turn effective labels into value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.costing import limits
from allocate.costing.value.values import ProductValue
from allocate.errors import CaseError, Problem
from allocate.program.layout import Floats, Layout
from allocate.program.naming import Block
from allocate.program.program import Program

Integers = np.ndarray[tuple[int], np.dtype[np.int32]]


@dataclass(frozen=True, eq=False)
class ValueColumns:
    """Stretches of the value curves and the steps between them: their columns and what each is worth."""

    columns: Block
    product: Integers
    money: Floats
    """Money of one label on each stretch."""
    steps: Block | None
    """One column for each step; None where no curve has any, or value does not matter."""
    jumps: Floats
    """Money each step pays."""

    @property
    def paid(self) -> tuple[Integers, Integers, Floats]:
        """Columns that are worth something: their numbers, their products and their money."""
        if self.steps is None:
            return self.columns.ids, self.product, self.money
        product = np.concatenate([self.product, self.steps.index["product"]]).astype(np.int32)
        return np.concatenate([self.columns.ids, self.steps.ids]), product, np.concatenate([self.money, self.jumps])


def value_columns(program: Program, layout: Layout) -> ValueColumns:
    r"""Effective labels on each straight stretch of a product's value curve, and whether each step on it is passed.

    .. math:: 0 \le y_{pk} \le L_{pk} \qquad \forall p, k \qquad [\text{effective labels}]
    .. math:: z_{pj} \in \{0, 1\} \qquad \forall p, j

    Steps are gates, scores that pay a sum, and points at which a table steepens. The last stretch of a curve that goes on has no end: what can be bought ends it, and its price is then that of what
    limits the buying.
    """
    values = list(layout.values.values())
    lengths = [_open_ended(one) for one in values]
    product = np.repeat([one.product for one in values], [len(one) for one in lengths]).astype(np.int32)
    number = np.concatenate([np.arange(len(one)) for one in lengths]) if values else np.zeros(0, dtype=int)
    upper = np.concatenate(lengths) if values else np.zeros(0)
    money = np.concatenate([one.worth * one.segments.slopes for one in values]) if values else np.zeros(0)
    columns = program.add_columns("value_stretch", {"product": product, "stretch": number}, upper=upper)
    stepped = [one for one in values if one.steps] if _counts(layout) else []
    if not stepped:
        return ValueColumns(columns, product, money, None, np.zeros(0))
    axes = {
        "product": np.concatenate([[one.product] * len(one.steps) for one in stepped]).astype(np.int32),
        "step": np.concatenate([np.arange(len(one.steps)) for one in stepped]),
    }
    steps = program.add_columns("value_step", axes, upper=1.0, integer=True)
    jumps = np.array([step.jump for one in stepped for step in one.steps])
    return ValueColumns(columns, product, money, steps, jumps)


def _counts(layout: Layout) -> bool:
    """Whether value is a goal, or is asked for; where it is not, no choice has to say how much there is."""
    aimed = set(layout.case.file.objective) & {"value", "net-value"}
    return bool(aimed or limits.value_floors(layout.case))


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


def value_step_filled(program: Program, layout: Layout, stretches: ValueColumns) -> None:
    r"""A step is passed only when every stretch before it, back to the step before that, is full.

    .. math:: y_{pk} \ge L_{pk} \, z_{pj} \qquad \forall p, j, k \in K^-_{pj} \qquad [\text{effective labels}]

    Alone with `value_step_open` this has whole z at every vertex (the incremental model: Markowitz and Manne, Econometrica
    1957; Padberg, Operations Research Letters 2000): relaxed, a curve is its own concave hull.

    Dual: of little meaning while z is a whole number.
    """
    _tied(program, layout, stretches, "value_step_filled")


def value_step_open(program: Program, layout: Layout, stretches: ValueColumns) -> None:
    r"""The stretches after a step, up to the next, hold labels only when it is passed.

    .. math:: y_{pk} \le L_{pk} \, z_{pj} \qquad \forall p, j, k \in K^+_{pj} \qquad [\text{effective labels}]

    A last stretch without end, which only curves have that bend down beyond every step, needs no such row: stretches
    before it are worth more.

    Dual: of little meaning while z is a whole number.
    """
    _tied(program, layout, stretches, "value_step_open")


def _tied(program: Program, layout: Layout, stretches: ValueColumns, family: str) -> None:
    """Rows that tie the stretches before (after) each step to its column."""
    if stretches.steps is None:
        return
    found: list[tuple[int, int, int, int, int, float]] = []
    filled = family == "value_step_filled"
    first, number = 0, int(stretches.steps.start)
    for one in layout.values.values():
        lengths, upper = one.segments.lengths.tolist(), _open_ended(one).tolist()
        joints = [0, *(step.piece for step in one.steps), len(lengths)]
        for step in range(len(one.steps)):
            span = range(joints[step], joints[step + 1]) if filled else range(joints[step + 1], joints[step + 2])
            found += [
                (one.product, step, piece, first + piece, number + step, lengths[piece])
                for piece in span
                if filled or np.isfinite(upper[piece])
            ]
        first, number = first + len(lengths), number + len(one.steps)
    if not found:
        return
    axes = {name: np.array([row[at] for row in found]) for at, name in enumerate(("product", "step", "stretch"))}
    rows = program.add_rows(family, axes, lower=0.0 if filled else -np.inf, upper=np.inf if filled else 0.0)
    program.add_terms(rows.ids, stretches.columns.ids[[row[3] for row in found]], 1.0)
    program.add_terms(rows.ids, np.array([row[4] for row in found]), -np.array([row[5] for row in found]))


def value_floor(program: Program, layout: Layout, stretches: ValueColumns) -> None:
    r"""Products, or the whole portfolio, add at least the value asked of them.

    .. math:: \sum_{p \in G} \Bigl(\sum_k w_p s_{pk} \, y_{pk} + \sum_j J_{pj} \, z_{pj}\Bigr) \ge V_G \qquad [\text{money of value}]

    in the currency V is written in, at the exchange rate of the period in which each product's time ends.

    Dual: money the plan loses for one more unit of value asked.
    """
    asked = limits.value_floors(layout.case)
    if not asked:
        return
    columns, products, money = stretches.paid
    rows = program.add_rows(
        "value_floor", {"product": [one.product for one in asked]}, lower=[one.amount for one in asked]
    )
    for row, one in zip(rows.ids, asked, strict=True):
        inside = np.isin(products, one.products)
        program.add_terms(row, columns[inside], money[inside] * one.each[products[inside]])


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
