"""How far demand can grow before something gives: one program that asks for the largest factor, and what stops it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Product
from allocate.costing.limits import amounts as asked
from allocate.costing.routes import routes
from allocate.costing.value.values import product_values
from allocate.explaining.limits import DEMANDS, row_numbers
from allocate.explaining.prices import Price, prices_of
from allocate.program.build import Built, build
from allocate.program.soft_limits import CASH
from allocate.solvers.outcome import Outcome
from allocate.units import Quantity
from allocate.verification import Check

MOST = 10.0
"""Demand is not followed beyond this many times what the case asks."""
ASKED = ("demand_floor", "milestone")
NOISE = 1e-9
"""Duals below this are rounding."""


@dataclass(frozen=True)
class Stop:
    """A limit that keeps demand from growing further."""

    subject: str
    unit: str
    limit: float
    """Of the periods that count, where it has several, all together; a share is that of the first."""
    periods: int | None
    """In how many periods it stops demand; None for a limit that is not by period."""
    further: float
    """Share of today's demand that is let in when the limit gives way by a hundredth of itself, in all those periods, at
    the rate of its first small part."""


@dataclass(frozen=True)
class Growth:
    """How many times the demand and milestones of a case can be kept within all its other limits."""

    factor: float | None
    """Below 1 where they cannot be kept as they are; None where the limits clash even without them, or time ran out."""
    proven: bool
    """Whether no larger factor is possible."""
    stops: tuple[Stop, ...]
    """What stops it, the limit first of which a hundredth lets in most; empty at `MOST`."""

    @property
    def endless(self) -> bool:
        """Whether it goes on beyond what is looked at."""
        return self.factor is not None and self.factor >= MOST * (1.0 - 1e-9)


def asks_for_items(case: Case) -> bool:
    """Whether there is demand that could grow: least items of a product, or milestones."""
    least, _ = asked.demand(case)
    return bool((least > 0).any()) or bool(asked.milestones(case))


def growing(case: Case) -> Built:
    r"""The program of the largest factor on demand: every demand and milestone a multiple of one column.

    .. math:: \max g \;:\; \sum_{r \in R(p), t} x_{rt} \ge g N_p, \quad \sum_{r \in R(p), t} x_{rt} \le g M_p \quad
              \forall p, \qquad 0 \le g \le 10

    and all other rows as they are; no item asked is missing, whatever its penalty. It is made from the case with ten times its demand, so that whatever the program
    derives from what could be bought at most holds for every factor. Rules with a penalty may be broken.
    """
    grown = _times(case, MOST)
    ways = routes(grown)
    built = build(grown, ways, product_values(grown, ways))
    program = built.program
    arrays = program.arrays()
    factor = program.add_columns("growth", upper=MOST)
    for family in (*ASKED, "demand_ceiling"):
        if family in program.rows:
            rows = program.rows[family].ids
            sides = arrays.row_upper[rows] if family == "demand_ceiling" else arrays.row_lower[rows]
            program.add_terms(rows, np.full(len(rows), factor.start), -sides / MOST)
            for name in (f"short_of_{family}", f"{CASH}{family}"):
                if missing := program.columns.get(name):
                    program.set_column_bounds(missing.ids, upper=0.0)
            if family == "demand_ceiling":
                program.set_row_bounds(rows, upper=0.0)
            else:
                program.set_row_bounds(rows, lower=0.0)
    program.set_costs(None, maximise=True)
    program.add_cost(factor.ids, 1.0)
    return built


def _times(case: Case, factor: float) -> Case:
    products = {name: _product_times(product, factor) for name, product in case.products.items()}
    return replace(case, file=case.file.model_copy(update={"products": products}))


def _product_times(product: Product, factor: float) -> Product:
    """A product with so many times its demand and milestones."""

    def more(amount: Quantity | None) -> Quantity | None:
        return None if amount is None else amount.times(factor)

    sides = ("at_least", "at_most", "exactly")
    demand = product.demand.model_copy(update={side: more(getattr(product.demand, side)) for side in sides})
    milestones = tuple(one.model_copy(update={"at_least": more(one.at_least)}) for one in product.milestones)
    return product.model_copy(update={"demand": demand, "milestones": milestones})


def growth(built: Built, outcome: Outcome, checks: Sequence[Check]) -> Growth:
    """What was found; checks: of the plan at the largest factor, whose limits say what stops it."""
    if outcome.values is None:
        return Growth(None, False, ())
    factor = float(outcome.values[built.program.columns["growth"].start])
    found = Growth(factor, outcome.status == "optimal", ())
    if found.endless or outcome.row_duals is None:
        return found
    priced = {(one.family, one.key): one for one in prices_of(built, outcome.values, checks, lambda other: None)}
    duals: Mapping[tuple[str, tuple[int, ...]], float] = {
        key: abs(float(outcome.row_duals[row])) for key, row in row_numbers(built).items()
    }
    stopping: dict[tuple[str, str], list[tuple[Check, float]]] = {}
    for check in checks:
        key = (check.family, check.key)
        further = _looser(priced[key]) if key in priced else duals.get(key, 0.0) * check.base * abs(check.limit)
        if further > NOISE * abs(check.limit) and check.family not in (*DEMANDS, *ASKED):
            name = check.group or check.subject
            stopping.setdefault((name, check.unit), []).append((check, 0.01 * further))
    stops = [_stop(name, unit, found) for (name, unit), found in stopping.items()]
    return replace(found, stops=tuple(sorted(stops, key=lambda stop: (-stop.further, stop.subject))))


def _looser(price: Price) -> float:
    """What demand gains when a limit gives way by all of itself at the price of its looser side; at a kink the other differs."""
    sides = {"at least": [price.less], "at most": [price.more]}.get(price.sense, [price.less, price.more])
    return abs(price.amount) * max(side or 0.0 for side in sides)


def _stop(name: str, unit: str, found: Sequence[tuple[Check, float]]) -> Stop:
    amounts = [check.limit for check, _ in found]
    amount = amounts[0] if unit == "share" else sum(amounts)
    periods = len(found) if found[0][0].period is not None else None
    return Stop(name, unit, amount, periods, sum(further for _, further in found))
