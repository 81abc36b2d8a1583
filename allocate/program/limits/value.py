"""Columns and rows that turn effective labels into value: curves that are piecewise linear, steps on them in binaries."""

from __future__ import annotations

import numpy as np

from allocate.costing.limits.targets import value_floors
from allocate.costing.value.transfers import transfers
from allocate.costing.value.values import ProductValue
from allocate.errors import CaseError
from allocate.program.arrays import Floats, Integers
from allocate.program.model import Model, axes_of
from allocate.program.naming import Block


def value_columns(model: Model) -> None:
    r"""Effective labels on each straight stretch of a product's value curve, and whether each step on it is passed.

    .. math:: 0 \le y_{pk} \le L_{pk} \qquad \forall p, k \qquad [\text{effective labels}]
    .. math:: z_{pj} \in \{0, 1\} \qquad \forall p, j

    Steps are gates, scores that pay a sum, and points at which a table steepens. The last stretch of a curve that goes on has no end: what can be bought ends it, and its price is then that of what
    limits the buying.
    """
    values = list(model.layout.values.values())
    keys = [(value.product, stretch) for value in values for stretch in range(len(value.segments.lengths))]
    upper = np.concatenate([np.zeros(0), *map(_open_ended, values)])
    model.program.add_columns("value_stretch", axes_of(("product", "stretch"), keys), upper=upper)
    aimed = set(model.layout.case.file.objective) & {"value", "net-value"}
    # Where value is no goal and is not asked for, no choice has to say how much there is.
    counts = aimed or value_floors(model.layout.case)
    steps = [(value.product, step) for value in values for step in range(len(value.steps)) if counts]
    if steps:
        model.program.add_columns("value_step", axes_of(("product", "step"), steps), upper=1.0, integer=True)


def worth_of_columns(model: Model) -> tuple[Integers, Integers, Floats]:
    """Columns that are worth something: their numbers, their products, and money of one label, or of a step passed."""
    program, values = model.program, model.layout.values.values()
    blocks = [program.columns["value_stretch"]]
    money = [value.worth * value.segments.slopes for value in values]
    if "value_step" in program.columns:
        blocks.append(program.columns["value_step"])
        money += [np.array([step.jump for step in value.steps]) for value in values]
    product = np.concatenate([block.index["product"] for block in blocks])
    return np.concatenate([block.ids for block in blocks]), product, np.concatenate([np.zeros(0), *money])


def _open_ended(value: ProductValue) -> Floats:
    """Lengths of a curve's stretches, the last without end where the curve goes on."""
    lengths = np.array(value.segments.lengths, dtype=np.float64)
    if len(lengths) and not value.complete:
        lengths[-1] = np.inf
    return lengths


def value_link(model: Model) -> None:
    r"""Value is counted only for effective labels that are delivered.

    .. math:: \sum_k y_{pk} \le \sum_{r \in R(p), t} \omega_r \, x_{rt} + \sum_q \rho_{pq} \sum_{r \in R(q), t} \omega_r \, x_{rt}
        \qquad \forall p \qquad [\text{labels}]

    with :math:`\rho` the rate at which labels of another product count here.

    Dual: money of value one more effective label adds to the product.
    """
    products, stretches = np.array(sorted(model.layout.values), dtype=np.int32), model.program.columns["value_stretch"]
    if not len(products):
        return
    rows = model.program.add_rows("value_link", {"product": products}, upper=0.0)
    model.program.add_terms(rows.at(product=stretches.index["product"]), stretches.ids, 1.0)
    model.put_items(rows, -model.layout.effective)
    _put_transfers(model, rows, -1.0)


def value_step_filled(model: Model) -> None:
    r"""A step is passed only when every stretch before it, back to the step before that, is full.

    .. math:: y_{pk} \ge L_{pk} \, z_{pj} \qquad \forall p, j, k \in K^-_{pj} \qquad [\text{effective labels}]

    Alone with `value_step_open` this has whole z at every vertex (the incremental model: Markowitz and Manne, Econometrica
    1957; Padberg, Operations Research Letters 2000): relaxed, a curve is its own concave hull.

    Dual: of little meaning while z is a whole number.
    """
    _tied(model, "value_step_filled")


def value_step_open(model: Model) -> None:
    r"""The stretches after a step, up to the next, hold labels only when it is passed.

    .. math:: y_{pk} \le L_{pk} \, z_{pj} \qquad \forall p, j, k \in K^+_{pj} \qquad [\text{effective labels}]

    A last stretch without end, which only curves have that bend down beyond every step, needs no such row: stretches
    before it are worth more.

    Dual: of little meaning while z is a whole number.
    """
    _tied(model, "value_step_open")


def _tied(model: Model, family: str) -> None:
    """Rows that tie the stretches before (after) each step to its column."""
    program, filled = model.program, family == "value_step_filled"
    if "value_step" not in program.columns:
        return
    keys: list[tuple[int, int, int]] = []
    ends: list[float] = []
    for value in model.layout.values.values():
        lengths, upper = value.segments.lengths.tolist(), _open_ended(value).tolist()
        joints = [0, *(step.piece for step in value.steps), len(lengths)]
        for step in range(len(value.steps)):
            span = range(joints[step], joints[step + 1]) if filled else range(joints[step + 1], joints[step + 2])
            pieces = [piece for piece in span if filled or np.isfinite(upper[piece])]
            keys += [(value.product, step, piece) for piece in pieces]
            ends += [lengths[piece] for piece in pieces]
    if not keys:
        return
    axes = axes_of(("product", "step", "stretch"), keys)
    columns, steps = (program.columns[block].at(**axes) for block in ("value_stretch", "value_step"))
    model.tie(family, axes, columns, steps, ends, at_least=filled)


def value_floor(model: Model) -> None:
    r"""Products, or the whole portfolio, add at least the value asked of them.

    .. math:: \sum_{p \in G} \Bigl(\sum_k w_p s_{pk} \, y_{pk} + \sum_j J_{pj} \, z_{pj}\Bigr) \ge V_G \qquad [\text{money of value}]

    in the currency V is written in, at the exchange rate of the period in which each product's time ends.

    Dual: money the plan loses for one more unit of value asked.
    """
    asked = value_floors(model.layout.case)
    if not asked:
        return
    columns, products, money = worth_of_columns(model)
    axes, amounts = {"product": [floor.product for floor in asked]}, [floor.amount for floor in asked]
    rows = model.program.add_rows("value_floor", axes, lower=amounts)
    for row, floor in zip(rows.ids, asked, strict=True):
        inside = np.isin(products, floor.products)
        model.program.add_terms(row, columns[inside], money[inside] * floor.each[products[inside]])


def score_floor(model: Model) -> None:
    r"""A product's model reaches a score: it gets the effective labels its curve asks for.

    .. math:: \sum_{r \in R(p), t} \omega_r \, x_{rt} \ge E_p \qquad \forall p \qquad [\text{effective labels}]

    Dual: money the plan loses for one more effective label asked.
    """
    asked = {}
    for position, (name, product) in enumerate(model.layout.case.products.items()):
        if product.value is not None and product.value.score_at_least is not None:
            value, score = model.layout.values[position], product.value.score_at_least
            asked[position] = value.labels_for(score.number)
            if not np.isfinite(asked[position]):
                place = model.layout.case.place("products", name, "value", "score-at-least")
                best = float(value.curve.score(value.existing + value.reach))
                message = f"products.{name}: a score of {score.text} is out of reach"
                raise CaseError.of(message, place, f"the labels that can be bought reach {best:.2f} points")
    if asked:
        rows = model.program.add_rows("score_floor", {"product": list(asked)}, lower=list(asked.values()))
        model.put_items(rows, model.layout.effective)
        _put_transfers(model, rows, 1.0)


def _put_transfers(model: Model, rows: Block, sign: float) -> None:
    """Put the labels that other products' are worth into rows by product."""
    layout, known = model.layout, rows.index["product"].tolist()
    for one in transfers(layout.case):
        if one.product in known:
            inside = np.flatnonzero(layout.product == one.source)
            row = int(rows.ids[known.index(one.product)])
            model.program.add_terms(row, layout.ids[inside], sign * one.rate * layout.effective[inside])
