"""What a plan is worth in a scenario when part of it is ordered before anybody knows which scenario it is.

Ordered is how many items of a product a vendor makes in all; everything else of the plan may follow the scenario. What
cannot be made (or would break a limit that nothing else can keep) is paid for and not used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.api.solving import formulate
from allocate.case.load import Case
from allocate.costing.limits.budget import hurdle
from allocate.numbers import Booleans, Floats, Integers
from allocate.program.arrays import ProgramArrays, frozen
from allocate.program.build import Built
from allocate.program.naming import Block
from allocate.solvers.engine import Engine, ModelStatus, Run
from allocate.solvers.scaled import Scaled, scaled
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch
from allocate.tolerances import CHOICE_MADE

UNUSED = 1e4
"""What an item that cannot be used costs while a plan is sought, in sizes of the program's largest cost of an item: more than
anything it could save."""


ASKED = ("commitment", "minimum_order", "order_multiple")
"""Families of rows of what a contract asks of whoever signs it, and a pilot does not sign."""


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
    engaged: tuple[Integers, Integers]
    """Columns of whether a pair's vendor is engaged, and the position of the pair each belongs to."""
    scale: Scaled
    engines: dict[str, Engine]
    """By `relaxed` and `whole`: without whole-number conditions, and (made when it is needed) with them."""

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

    def without_contract(self, vendor: str) -> Order:
        """The same for whoever has not signed a vendor's contract: nothing is committed, and no order is too small or no whole lot."""
        arrays, number = self.scale.task.arrays, self.built.layout.routes.vendors.index(vendor)
        lower, upper = arrays.row_lower.copy(), arrays.row_upper.copy()
        for family in ASKED:
            rows = self.built.program.rows.get(family)
            if rows is not None:
                own = rows.ids[rows.index["vendor"] == number]
                lower[own], upper[own] = -np.inf, np.inf
        return self._with(replace(arrays, row_lower=frozen(lower), row_upper=frozen(upper)))

    def with_levers(self, bought: Mapping[str, bool]) -> Order:
        """The same with some levers bought or not, by name."""
        arrays = self.scale.task.arrays
        lower, upper = arrays.lower.copy(), arrays.upper.copy()
        names = [lever.name for lever in self.built.layout.routes.levers]
        for name, decided in bought.items():
            column = int(self.built.program.columns["bought"].ids[names.index(name)])
            lower[column] = upper[column] = float(decided)
        return self._with(replace(arrays, lower=frozen(lower), upper=frozen(upper))) if bought else self

    def _with(self, arrays: ProgramArrays) -> Order:
        return replace(self, scale=replace(self.scale, task=replace(self.scale.task, arrays=arrays)), engines={})

    def best(self) -> tuple[Floats, float]:
        """Items of each pair in the scenario's own best plan, and what that reaches; nan where it has none."""
        values, arrays = self._values(None, None), self.built.program.arrays()
        if values is None:
            return np.full(len(self.price), np.nan), float("nan")
        return arrays.activity(values)[self.total.ids], arrays.objective(values)

    def _values(self, ordered: Floats | None, pilot: Floats | None) -> Floats | None:
        run = self._run(self._engine("relaxed"), ordered, pilot)
        integer = self.scale.task.arrays.integer
        if run.values is not None and integer.any():
            whole = run.values[integer]
            # Where whole-number choices come out whole by themselves, nothing is better with them asked for.
            if np.abs(whole - np.round(whole)).max() > CHOICE_MADE:
                run = self._run(self._engine("whole"), ordered, pilot)
        if run.values is None or run.status != ModelStatus.kOptimal:
            return None
        return self.scale.scaling.outward(run.values)

    def _engine(self, kind: str) -> Engine:
        if kind not in self.engines:
            arrays = self.scale.task.arrays
            engine = self.engines[kind] = Engine(Watch(), brief=True)
            engine.load(arrays if kind == "whole" else arrays.relaxed())
        return self.engines[kind]

    def _run(self, engine: Engine, ordered: Floats | None, pilot: Floats | None) -> Run:
        count = len(self.price)
        free, unused = np.full(count, np.inf), np.zeros(2 * count)
        low, high = (-free, free) if ordered is None else (ordered, ordered)
        first = np.full(count, np.nan) if pilot is None else pilot
        runs = np.isfinite(first)
        for rows, least, most in (
            (self.total, low, high),
            (self.pilot, np.where(runs, first, -np.inf), np.where(runs, first, np.inf)),
            (self.between, -free, np.where(runs, 0.0, np.inf)),
        ):
            scale = self.scale.scaling.rows[rows.ids]
            engine.set_row_bounds(rows.ids, least * scale, most * scale)
        unused[:count] = 0.0 if ordered is None else np.inf
        unused[count:] = np.where(runs, np.inf, 0.0)
        columns, pairs = self.engaged
        if len(columns):
            made = np.nan_to_num(first) > 0.0 if ordered is None else ordered > 0.0
            engine.set_column_bounds(columns, made[pairs].astype(np.float64), np.ones(len(columns)))
        engine.set_column_bounds(self.unused, np.zeros(2 * count), unused / self.scale.scaling.columns[self.unused])
        return engine.run_here()


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
    return Order(built, _prices(built, inside), total, pilot, between, spare, _engaged(built, pairs), scale, {})


def _engaged(built: Built, pairs: Sequence[Pair]) -> tuple[Integers, Integers]:
    """Columns of whether the vendor of a pair is engaged; of a vendor with several pairs those of its first."""
    used, names = built.program.columns.get("used"), built.layout.routes.vendors
    firsts = {names.index(pair.vendor): number for number, pair in reversed(list(enumerate(pairs)))}
    alone = {vendor for vendor in firsts if sum(names.index(pair.vendor) == vendor for pair in pairs) == 1}
    if used is None:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    inside = [at for at, vendor in enumerate(used.index["vendor"].tolist()) if vendor in alone]
    at = np.array([firsts[used.index["vendor"][one]] for one in inside], np.int32)
    return used.ids[np.array(inside, np.int32)], at


def _prices(built: Built, inside: Sequence[Booleans]) -> Floats:
    """What an item of each pair costs as the objective counts money: of its ways and periods the highest."""
    goal = built.aims[0].name
    weight = {"net-value": hurdle(built.layout.case), "value": 0.0}.get(goal, 1.0)
    return np.array([weight * float(built.layout.worth[own].max(initial=0.0)) for own in inside])
