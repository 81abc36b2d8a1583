"""What a plan is worth in a scenario when part of it is ordered before anybody knows which scenario it is.

Ordered is how many items of a product a vendor makes in all; everything else of the plan may follow the scenario. What
cannot be made (or would break a limit that nothing else can keep) is paid for and not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.api.solving import formulate
from allocate.case.load import Case
from allocate.costing.limits.budget import hurdle
from allocate.numbers import Booleans, Floats, Integers
from allocate.program.build import Built
from allocate.program.naming import Block
from allocate.solvers.engine import Engine, ModelStatus, Run
from allocate.solvers.scaled import Scaled, scaled
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch

UNUSED = 1e4
"""What an item that cannot be used costs while a plan is sought, in sizes of the program's largest cost of an item: more than
anything it could save."""


@dataclass(frozen=True)
class Pair:
    """A product with a vendor, and when its pilot would run."""

    product: str
    vendor: str
    last: int
    """Periods in which a pilot's items may be made (the first so many)."""
    decided: int
    """Position of the first period that is decided with the pilot."""


@dataclass(frozen=True, eq=False)
class Order:
    """A scenario's program with rows for what is ordered, on a live solver."""

    built: Built
    price: Floats
    """What an item that is ordered and not used costs, as the objective counts it, by pair."""
    total: Block
    pilot: Block
    between: Block
    unused: Integers
    """Columns of what is ordered and not used, then of what the pilot lacks."""
    scale: Scaled
    engine: Engine

    def reached(self, ordered: Floats | None = None, pilot: Floats | None = None) -> float:
        """The objective at its best with so many items of each pair; nan where no plan keeps the limits.

        ordered: items of each pair in all; None: as many as are best. pilot: items of each pair's pilot, with nothing else
        made of the pair before what is decided with it; nan or None: the pair has none.
        """
        values = self._values(ordered, pilot)
        if values is None:
            return float("nan")
        paid = float(np.tile(self.price, 2) @ values[self.unused])
        arrays = self.built.program.arrays()
        values[self.unused] = 0.0
        return arrays.objective(values) - (paid if arrays.maximise else -paid)

    def plan(self, ordered: Floats, pilot: Floats) -> Floats | None:
        """The columns of the best plan with so many items of each pair, what is not used left out; None where there is none."""
        values = self._values(ordered, pilot)
        if values is not None:
            values[self.unused] = 0.0
        return values

    def best(self) -> Floats | None:
        """Items of each pair in the scenario's own best plan; None where it has none."""
        values = self._values(None, None)
        return None if values is None else self.built.program.arrays().activity(values)[self.total.ids]

    def _values(self, ordered: Floats | None, pilot: Floats | None) -> Floats | None:
        run = self._run(ordered, pilot)
        if run.values is None or run.status != ModelStatus.kOptimal:
            return None
        return self.scale.scaling.outward(run.values)

    def _run(self, ordered: Floats | None, pilot: Floats | None) -> Run:
        count = len(self.price)
        free, unused = np.full(count, np.inf), np.zeros(2 * count)
        low, high = (-free, free) if ordered is None else (ordered, ordered)
        first = np.full(count, np.nan) if pilot is None else pilot
        runs = np.isfinite(first)
        self._sides(self.total, low, high)
        self._sides(self.pilot, np.where(runs, first, -np.inf), np.where(runs, first, np.inf))
        self._sides(self.between, -free, np.where(runs, 0.0, np.inf))
        unused[:count] = 0.0 if ordered is None else np.inf
        unused[count:] = np.where(runs, np.inf, 0.0)
        self.engine.set_column_bounds(
            self.unused, np.zeros(2 * count), unused / self.scale.scaling.columns[self.unused]
        )
        return self.engine.run_here()

    def _sides(self, rows: Block, low: Floats, high: Floats) -> None:
        scale = self.scale.scaling.rows[rows.ids]
        self.engine.set_row_bounds(rows.ids, low * scale, high * scale)


def order(case: Case, pairs: Sequence[Pair]) -> Order:
    r"""The program of a case with rows that hold what is ordered, and what pilots make.

    .. math:: \sum_t x_{it} + s_i + s'_i = q_i, \qquad \sum_{t \le b_i} x_{it} + s'_i = n_i, \qquad
        \sum_{b_i < t < d_i} x_{it} = 0 \qquad \forall i

    for the pairs i, with q what is ordered, n the pilot's items, s what is ordered and not used, s' what the pilot lacks.
    """
    built = formulate(case)
    program, layout = built.program, built.layout
    count, names = len(pairs), layout.routes
    inside = [
        (layout.product == names.products.index(pair.product)) & (layout.vendor == names.vendors.index(pair.vendor))
        for pair in pairs
    ]
    axis = {"pair": np.arange(count, dtype=np.int32)}
    unused = program.add_columns("ordered_unused", axis)
    lacking = program.add_columns("pilot_lacking", axis)
    total, pilot, between = (program.add_rows(family, axis) for family in ("ordered", "pilot_made", "pilot_between"))
    program.add_terms(total.ids, unused.ids, 1.0)
    program.add_terms(total.ids, lacking.ids, 1.0)
    program.add_terms(pilot.ids, lacking.ids, 1.0)
    for number, (pair, own) in enumerate(zip(pairs, inside, strict=True)):
        for rows, when in (
            (total, own),
            (pilot, own & (layout.period < pair.last)),
            (between, own & (layout.period >= pair.last) & (layout.period < pair.decided)),
        ):
            program.add_terms(int(rows.ids[number]), layout.ids[when], 1.0)
    spare = np.concatenate([unused.ids, lacking.ids])
    aim = built.aims[0]
    costs = np.zeros(program.column_count)
    costs[: len(aim.costs)] = aim.costs
    largest = float(np.abs(aim.costs[layout.ids]).max(initial=0.0)) or 1.0
    costs[spare] = -UNUSED * largest if aim.maximise else UNUSED * largest
    program.set_costs(costs, maximise=aim.maximise)
    arrays = program.arrays()
    scale = scaled(Task(arrays, program.structure()))
    engine = Engine(Watch(), brief=True)
    engine.load(scale.task.arrays)
    return Order(built, _prices(built, inside), total, pilot, between, spare, scale, engine)


def _prices(built: Built, inside: Sequence[Booleans]) -> Floats:
    """What an item of each pair costs as the objective counts money: of its ways and periods the highest."""
    goal = built.aims[0].name
    weight = {"net-value": hurdle(built.layout.case), "value": 0.0}.get(goal, 1.0)
    return np.array([weight * float(built.layout.worth[own].max(initial=0.0)) for own in inside])
