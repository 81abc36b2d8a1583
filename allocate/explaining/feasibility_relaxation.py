"""Feasibility relaxation: a program some of whose limits give way, at the least total: the means of saying what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from allocate.costing.limits.amounts import demand, milestones
from allocate.costing.rules.share import Share, shares
from allocate.explaining.by_hand import ByHand
from allocate.explaining.limits import ROWS
from allocate.program.arrays import Booleans, Floats, ProgramArrays, frozen
from allocate.program.build import Built, levers_bought
from allocate.program.layout import measure
from allocate.program.naming import Block
from allocate.program.order import by_name
from allocate.program.scaling import Scaling, scaling_of
from allocate.program.structure import Structure
from allocate.solvers.highs import solve_scaled
from allocate.solvers.outcome import Outcome
from allocate.solvers.solve import as_written, solve
from allocate.tolerances import GAVE_WAY, PRESSING, SHORTFALL_SEEN, TOLD_APART
from allocate.verification.lines import work_of
from allocate.verification.stated import Stated
from allocate.verification.teams import Staff as Decided
from allocate.verification.work import Work

CLOSE = dict.fromkeys(
    ("primal_feasibility_tolerance", "dual_feasibility_tolerance", "mip_feasibility_tolerance"), SHORTFALL_SEEN
)
"""Options with which HiGHS tells a limit that is a cent short of a large amount from one that is kept."""
LARGE = 500_000
"""Coefficients from which on a program is solved by the method that suits it, to the usual tolerances."""

FORBIDDEN = 1e-3
"""Part of the demand that stands for all of what a rule forbids."""
LITTLE = 1e-3
"""Part of what gives way in all that rows leave more room by, at most, to be told apart."""
ACCURACY = ("accuracy_floor", "accuracy_floor_vendor", "accuracy_floor_delivery")
RULES = {rows.family: rows for rows in ROWS.values() if rows.asks == "both"}
"""Rows that stand for a rule of the case; let give way with results and with means."""
RESULTS = tuple(rows.family for rows in ROWS.values() if rows.asks in ("results", "both"))
"""Families of rows that ask for results."""
MEANS = tuple(rows.family for rows in ROWS.values() if rows.asks in ("means", "both"))
"""Families of rows that limit means, and bounds that follow from these."""


def relax(built: Built, families: Sequence[str]) -> Mapping[str, Block]:
    """Let every row of some families give way, and minimise how much, each measured against its own limit."""
    program = built.program
    arrays = program.arrays()
    slacks: dict[str, Block] = {}
    weights: list[tuple[Block, Floats]] = []
    for family in families:
        rows = program.rows.get(family)
        if rows is None:
            continue
        lower, upper = arrays.row_lower[rows.start : rows.stop], arrays.row_upper[rows.start : rows.stop]
        asks = np.isfinite(lower)
        limit = np.abs(np.where(asks, lower, upper))
        block = program.add_columns(f"slack_{family}", dict(rows.index), count=len(rows))
        program.add_terms(rows.ids, block.ids, np.where(asks, 1.0, -1.0))
        slacks[family] = block
        sizes = np.where(np.isfinite(limit), limit, 1.0)
        if family in (*ACCURACY, "share_at_least", "share_at_most"):
            sizes = _asked(built, family)
        if family in RULES and RULES[family].moved == "share":
            sizes = np.full(len(rows), _asked_money(built))
        if family == "team_hours":
            sizes = np.concatenate([team.hours * max(team.people, 1) for team in built.layout.teams])
        if not (sizes > 0).all():
            sizes = np.where(sizes > 0, sizes, _of_nothing(built, rows, arrays))
        weights.append((block, 1.0 / sizes))
    costs = np.zeros(program.column_count)
    for block, weight in weights:
        costs[block.ids] = weight
    program.set_costs(costs, maximise=False)
    return slacks


def _of_nothing(built: Built, rows: Block, arrays: ProgramArrays) -> Floats:
    """What rows that allow nothing are measured against, for nothing has no parts: a thousandth of their products' demand, else
    of what they amount to.

    So what a rule forbids gives way last, whatever the items and the money are counted in."""
    if "product" not in rows.index:
        sizes = sizes_of(arrays)[0][rows.start : rows.stop]
        return FORBIDDEN * np.where(sizes > 0, sizes, 1.0)
    least: Floats = np.append(np.maximum(demand(built.layout.case)[0], 0.0), 0.0)
    known = least[np.minimum(rows.index["product"], len(least) - 1)]
    most = float(least.max())
    return FORBIDDEN * np.where(known > 0, known, most) if most > 0 else np.ones(len(rows))


def _asked(built: Built, family: str) -> Floats:
    """What a row about a ratio is a ratio of: its products' demand, in the row's measure."""
    layout = built.layout
    least: Floats = np.maximum(demand(layout.case)[0], 0.0)
    for asked in milestones(layout.case):
        least[asked.product] = max(least[asked.product], asked.items)
    if family in ACCURACY:
        return least[built.program.rows[family].index["product"]]
    count = np.maximum(np.bincount(layout.product, minlength=len(least)), 1)
    sizes = []
    for one in shares_of(built, family):
        each = np.bincount(layout.product, measure(layout, one.measure), minlength=len(least)) / count
        sizes.append(float((least * each)[list(one.products)].sum()))
    return np.array(sizes)


def _asked_money(built: Built) -> float:
    """About what the demand of all products costs; 0 where their prices depend on the volume."""
    layout, least = built.layout, demand(built.layout.case)[0]
    each = np.bincount(layout.product, layout.cost, minlength=len(least))
    return float(least @ (each / np.maximum(np.bincount(layout.product, minlength=len(least)), 1)))


def shares_of(built: Built, family: str) -> list[Share]:
    """The shares a family's rows stand for, in their order."""
    routes, side = built.layout.routes, family.removeprefix("share_")
    served = np.zeros((len(routes.products), len(routes.vendors)), dtype=bool)
    served[routes.product, routes.vendor] = True
    return [one for one in shares(built.layout.case, served) if getattr(one, side) is not None]


def least(
    built: Built, slacks: Mapping[str, Block], time_limit: float | None, added: ByHand | None = None
) -> Relaxed | None:
    """The least total by which the limits give way; None where not even that leaves a plan, or the time (s) ended.

    added: what was done by hand to the case's program; it stays as it is, and nothing of it gives way.
    """
    arrays = built.program.arrays()
    if added is not None and (whole := added.on(built)) is not None:
        nothing = np.zeros(whole.column_count - arrays.column_count)
        costs = frozen(np.concatenate([arrays.costs, nothing]))
        arrays = replace(whole, costs=costs, offset=0.0, maximise=False)
    if arrays.nonzeros < LARGE or added is not None:
        structure, names = built.program.structure(), built.program.names
        order = by_name(arrays, structure, names) if added is None else None
        # Of things that are alike the same give way, whatever order and units they are written in.
        asked, own = (arrays, structure) if order is None else (order.arranged(arrays), order.structure)
        outcome = solve_scaled(_told_apart(asked), own, time_limit=time_limit, gap=TOLD_APART / 100, options=CLOSE)
        outcome = _with_prices(asked, own, outcome, time_limit)
        outcome = outcome if order is None else as_written(outcome, order)
    else:
        outcome = solve(built.program, time_limit=time_limit)
    if outcome.values is None:
        return None
    amounts = {name: outcome.values[one.start : one.stop] for name, one in slacks.items()}
    return Relaxed(built, arrays, outcome, amounts)


def _told_apart(arrays: ProgramArrays) -> ProgramArrays:
    """A program whose rows give way at slightly different weights, by their order, so that one of equally little ways is least."""
    giving = np.flatnonzero(arrays.costs)
    costs = arrays.costs.copy()
    costs[giving] *= 1.0 + TOLD_APART * golden_parts(len(giving))
    return replace(arrays, costs=frozen(costs))


def _with_prices(arrays: ProgramArrays, structure: Structure, outcome: Outcome, time_limit: float | None) -> Outcome:
    """What came of telling rows apart, with the prices of the program in which they weigh alike and choices are as found."""
    if outcome.values is None:
        return outcome
    chosen = arrays.with_whole_numbers(outcome.values) if arrays.integer.any() else arrays
    gave = outcome.objective or 0.0
    apart = with_room_told_apart(chosen, LITTLE * gave)
    alike = solve_scaled(apart, structure, time_limit=time_limit, options=CLOSE)
    if alike.objective is None or alike.objective < gave / 2.0:  # the room was enough to keep what has to give way
        alike = solve_scaled(chosen, structure, time_limit=time_limit, options=CLOSE)
    if alike.row_duals is None:
        return outcome
    return replace(outcome, row_duals=alike.row_duals, reduced_costs=alike.reduced_costs)


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A solved program of which some rows gave way."""

    built: Built
    arrays: ProgramArrays
    """The program that was solved; rows and columns added by hand come last."""
    outcome: Outcome
    amounts: Mapping[str, Floats]
    """How much each row of a family gave way."""

    @property
    def items(self) -> Floats:
        """Items of every column of the layout."""
        assert self.outcome.values is not None
        block = self.built.layout.items
        return self.outcome.values[block.start : block.stop]

    @cached_property
    def work(self) -> Work:
        """The lines of the plan with limits that give way, as the check of plans reads them."""
        built, values = self.built, self.outcome.values
        assert values is not None
        layout, items = built.layout, np.maximum(self.items, 0.0)
        staff, bought = built.staff.decided(values), frozenset(levers_bought(built, values))
        made = np.flatnonzero(items > 0)
        keys = [layout.routes.key(route) for route in layout.route[made].tolist()]
        decided = Decided(staff.hired, staff.released, staff.overtime)
        return work_of(layout.case, Stated(layout.case), keys, layout.period[made], items[made], decided, bought)

    def rows(self, family: str) -> Block:
        """The rows of a family."""
        return self.built.program.rows[family]

    def side(self, family: str, lower: bool) -> Floats:
        """The limits of a family's rows."""
        arrays, rows = self.built.program.arrays(), self.rows(family)
        return (arrays.row_lower if lower else arrays.row_upper)[rows.start : rows.stop]

    def broken(self, family: str, lower: bool) -> list[int]:
        """Positions of the rows that gave way by more than rounding."""
        limit = np.abs(self.side(family, lower))
        room = GAVE_WAY * np.where(np.isfinite(limit) & (limit > 0), limit, 1.0)
        positions: list[int] = np.flatnonzero(self.amounts[family] > room).tolist()
        return positions

    @cached_property
    def spoken_of(self) -> frozenset[int]:
        """Numbers of the rows that gave way by more than rounding, and of those that press together with them."""
        arrays = self.built.program.arrays()
        found = set[int]()
        for family in self.amounts:
            rows = self.rows(family)
            lower = bool(np.isfinite(arrays.row_lower[rows.start : rows.stop]).all())
            if broken := self.broken(family, lower):
                together = self.tight(family) if not lower else np.zeros(len(rows), dtype=bool)
                found |= {rows.start + position for position in (*broken, *np.flatnonzero(together).tolist())}
        return frozenset(found)

    def used(self, family: str) -> Floats:
        """What the plan takes of each row's limit, the part beyond it included."""
        rows = self.rows(family)
        assert self.outcome.row_values is not None
        used: Floats = self.outcome.row_values[rows.start : rows.stop] + self.amounts[family]
        return used

    @cached_property
    def scaling(self) -> Scaling:
        """The program's own scale, at which prices are told from rounding."""
        return scaling_of(self.arrays, self.built.program.structure())

    @cached_property
    def pressing(self) -> Booleans | None:
        """Rows with a price that is more than rounding, shape (m,); None without prices."""
        duals = self.outcome.row_duals
        if duals is None:
            return None
        found: Booleans = np.abs(self.scaling.duals_inward(duals)) > PRESSING
        return found

    def tight(self, family: str) -> Booleans:
        """Rows that are the bottleneck: more of any of them would let the others give way less."""
        rows, over = self.rows(family), self.amounts[family] > 0
        if self.pressing is None:
            return over
        return (self.pressing[rows.start : rows.stop] | over) & np.isfinite(self.side(family, lower=False))


GOLDEN = (5.0**0.5 - 1.0) / 2.0
"""Multiples of it leave parts of one that no few of them add up to alike."""
STEPS = 4
"""How often sizes of rows are taken from those of their columns, and the other way round."""


def golden_parts(count: int) -> Floats:
    """Parts of one, no two of them alike."""
    found: Floats = np.mod(GOLDEN * np.arange(1.0, count + 1.0), 1.0)
    return found


def with_room_told_apart(arrays: ProgramArrays, most: float) -> ProgramArrays:
    """A program whose rows and columns leave slightly more room, by their order, so that of several sets of prices that prove
    as much one is left.

    Each is given a part of its own size, so that it is the same in whatever units the program is written. What asks for an
    exact amount stays as it is. most: no part is larger.
    """
    rows, columns = sizes_of(arrays)
    of_rows, of_columns = (
        min(TOLD_APART, most) * (1.0 + golden_parts(len(one))) / 2.0 * one for one in (rows, columns)
    )
    free_rows, free_columns = arrays.row_lower < arrays.row_upper, arrays.lower < arrays.upper
    of_rows, of_columns = np.where(free_rows, of_rows, 0.0), np.where(free_columns, of_columns, 0.0)
    return replace(
        arrays,
        row_lower=frozen(arrays.row_lower - of_rows),
        row_upper=frozen(arrays.row_upper + of_rows),
        lower=frozen(arrays.lower - of_columns),
        upper=frozen(arrays.upper + of_columns),
    )


def sizes_of(arrays: ProgramArrays) -> tuple[Floats, Floats]:
    """About what rows and columns amount to, shapes (m,) and (n,): of columns from the limits of rows, of others from theirs."""
    matrix = np.abs(arrays.value)
    rows = _largest(arrays.row_lower, arrays.row_upper)
    columns = _largest(arrays.lower, arrays.upper)
    for _ in range(STEPS):
        found = np.zeros(arrays.column_count)
        np.maximum.at(
            found, arrays.column, np.divide(rows[arrays.index], matrix, out=np.zeros(len(matrix)), where=matrix > 0)
        )
        columns = np.where(columns > 0, columns, found)
        found = np.zeros(arrays.row_count)
        np.maximum.at(found, arrays.index, columns[arrays.column] * matrix)
        rows = np.where(rows > 0, rows, found)
    return rows, columns


def _largest(lower: Floats, upper: Floats) -> Floats:
    """The larger of two sides that are finite; 0 without."""
    sides = (np.where(np.isfinite(one), np.abs(one), 0.0) for one in (lower, upper))
    found: Floats = np.maximum(*sides)
    return found
