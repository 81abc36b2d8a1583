"""The program: labelled columns and rows as numpy arrays, which is a PuLP problem at the same time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pulp
from numpy.typing import ArrayLike

from allocate.program import checks, pulp_reading
from allocate.program.arrays import Batch, Booleans, Floats, Growing, Integers, ProgramArrays, assemble, batch, frozen
from allocate.program.naming import Block, block
from allocate.program.pulp_face import AT_LEAST, AT_MOST, Column, Face, Row, SealedExpression
from allocate.program.structure import Side, Structure

if TYPE_CHECKING:
    from allocate.program.learned import Learned

__all__ = ["Block", "Program", "ProgramArrays"]


class Program(Face):
    """A linear or integer program in arrays; PuLP variables and constraints of it appear when somebody asks.

    Columns and rows come in families (``Block``); coefficients come as triplets. Rules and variables a user adds the
    PuLP way (``program += expression <= 5, "my rule"``) are honoured by every solver and come last in ``arrays()``.
    Bounds set on a variable, and an objective set or changed through PuLP, change the program itself; its own rows are
    read-only through PuLP and refuse changes with ``pulp.PulpError``.
    """

    def __init__(self, name: str = "allocate", maximise: bool = True) -> None:
        self.columns: dict[str, Block] = {}
        self.rows: dict[str, Block] = {}
        self.column_count = 0
        """Number of own columns, without the variables users added."""
        self.row_count = 0
        """Number of own rows, without the rules users added."""
        self._costs, self._lower, self._upper = Growing(np.float64), Growing(np.float64), Growing(np.float64)
        self._integer = Growing(np.bool_)
        self._row_lower, self._row_upper = Growing(np.float64), Growing(np.float64)
        self._batches: list[Batch] = []
        self._offset = 0.0
        self._own: ProgramArrays | None = None
        self._made_columns: dict[int, Column] = {}
        self._made_rows: dict[tuple[int, int], Row] = {}
        self._row_names: dict[str, tuple[int, int]] | None = None
        self.names: Mapping[str, Sequence[str]] = {}
        """Names along axes, by position: what a program is put in order by (`allocate.program.order`)."""
        self.learned: Learned | None = None
        """Pairs that learn: of their curves the program says only where they lie (`allocate.solvers.learning` has the rest)."""
        super().__init__(name, maximise)

    def __repr__(self) -> str:
        return f"Program({self.name}: {self.column_count:,} columns, {self.row_count:,} rows)"

    def __str__(self) -> str:
        """All of it, as PuLP writes it."""
        return str(super().__repr__())

    def add_columns(
        self,
        family: str,
        index: Mapping[str, ArrayLike] | None = None,
        *,
        count: int | None = None,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = math.inf,
        cost: ArrayLike = 0.0,
        integer: ArrayLike = False,
    ) -> Block:
        """Add a family of columns; its length is that of the index arrays, else ``count``, else 1.

        Bounds, cost (objective per unit) and ``integer`` are numbers or arrays of that length.
        Raises ValueError for a family added before, lengths that differ, nan, or an infinite cost.
        """
        added = block(family, index, count, self.column_count)
        if family in self.columns:
            raise ValueError(f"columns {family} were added before")
        lows, highs = checks.bounds(family, lower, upper, len(added))
        costs = checks.numbers(f"{family} cost", cost, len(added))
        whole = checks.spread(f"{family} integer", integer, len(added)).astype(bool)
        self.columns[family] = added
        self.column_count = added.stop
        for store, part in ((self._lower, lows), (self._upper, highs), (self._integer, whole)):
            store.append(part)
        self._costs.append(np.zeros(len(added)) if self._expression is not None else costs)
        self._changed()
        if self._expression is not None and costs.any():
            self.add_cost(added.ids, costs)
        return added

    def add_rows(
        self,
        family: str,
        index: Mapping[str, ArrayLike] | None = None,
        *,
        count: int | None = None,
        lower: ArrayLike = -math.inf,
        upper: ArrayLike = math.inf,
    ) -> Block:
        """Add a family of rows ``lower <= A x <= upper``; sizes and errors as for ``add_columns``."""
        added = block(family, index, count, self.row_count)
        if family in self.rows:
            raise ValueError(f"rows {family} were added before")
        lows, highs = checks.bounds(family, lower, upper, len(added))
        clash = [rule for rule in self.rules if rule.startswith(family) and rule in _side_names(added, lows, highs)]
        if clash:
            raise ValueError(f"{family}: {clash[0]} is the name of a rule added before")
        self.rows[family] = added
        self.row_count = added.stop
        self._row_lower.append(lows)
        self._row_upper.append(highs)
        self._changed()
        return added

    def add_terms(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike) -> None:
        """Add coefficients: row, column and value of each, as arrays of one length or single numbers.

        Entries naming the same row and column add up. Raises ValueError for values that are not finite numbers and for
        rows or columns the program does not have.
        """
        at_rows = checks.places("row", rows, self.row_count)
        at_columns = checks.places("column", columns, self.column_count)
        added = checks.triplets(at_rows, at_columns, values)
        if added is not None:
            self._batches.append(added)
            self._changed()

    def add_cost(self, columns: ArrayLike, values: ArrayLike) -> None:
        """Add to the objective coefficients of columns; a column named twice gets both."""
        places = np.atleast_1d(checks.places("column", columns, self.column_count))
        numbers = checks.numbers("cost", values, len(places))
        if self._expression is None:
            self._costs.put(places, numbers, add=True)
            self._changed()
            return
        for place, number in zip(places.tolist(), numbers.tolist(), strict=True):
            self._expression.addterm(self.column_variable(place), number)

    def set_costs(self, costs: ArrayLike | None, offset: float = 0.0, maximise: bool | None = None) -> None:
        """Replace the objective: coefficients of all own columns (None: all zero), constant, and sense when given."""
        numbers = checks.numbers("costs", 0.0 if costs is None else costs, self.column_count)
        self.clear_costs()
        self._costs.put(slice(None), numbers)
        self.offset = offset
        if maximise is not None:
            self.sense = pulp.LpMaximize if maximise else pulp.LpMinimize

    def clear_costs(self) -> None:
        """Take the objective away, users' changes to it included."""
        self._expression = None
        self._costs.put(slice(None), 0.0)
        self._offset = 0.0
        self._changed()

    def set_column_bounds(
        self, columns: ArrayLike, lower: ArrayLike | None = None, upper: ArrayLike | None = None
    ) -> None:
        """Change bounds of own columns; None leaves a side as it is."""
        places = checks.places("column", columns, self.column_count)
        self._set_bounds(places, self._lower, self._upper, lower, upper)

    def set_row_bounds(self, rows: ArrayLike, lower: ArrayLike | None = None, upper: ArrayLike | None = None) -> None:
        """Change sides of own rows; None leaves a side as it is."""
        places = checks.places("row", rows, self.row_count)
        self._set_bounds(places, self._row_lower, self._row_upper, lower, upper)

    def set_integer(self, columns: ArrayLike, integer: bool = True) -> None:
        """Make own columns whole-numbered, or continuous again."""
        self._integer.put(checks.places("column", columns, self.column_count), integer)
        self._changed()

    def _set_bounds(
        self, places: Integers, lows: Growing, highs: Growing, lower: ArrayLike | None, upper: ArrayLike | None
    ) -> None:
        size = places.size if places.ndim else 1
        low, high = checks.bounds(
            "bounds", -math.inf if lower is None else lower, math.inf if upper is None else upper, size
        )
        if lower is not None:
            lows.put(np.atleast_1d(places), low)
        if upper is not None:
            highs.put(np.atleast_1d(places), high)
        self._changed()

    def _changed(self) -> None:
        self._own = None
        self._row_names = None
        self._made_rows = {}

    @property
    def maximise(self) -> bool:
        """Whether more of the objective is better."""
        return bool(self.sense == pulp.LpMaximize)

    @property
    def costs(self) -> Floats:
        """Objective coefficients of own columns as set here; an objective opened through PuLP stands above them."""
        return self._costs.whole

    @property
    def offset(self) -> float:
        """Constant of the objective."""
        return self._offset if self._expression is None else float(self._expression.constant)

    @offset.setter
    def offset(self, offset: float) -> None:
        constant = float(checks.numbers("offset", offset, 1)[0])
        if self._expression is None:
            self._offset = constant
        else:
            self._expression.constant = constant
        self._changed()

    def column_bounds(self, number: int) -> tuple[float, float]:
        """Lower and upper bound of one own column."""
        return float(self._lower.whole[number]), float(self._upper.whole[number])

    def row_bounds(self, number: int) -> tuple[float, float]:
        """Lower and upper side of one own row."""
        return float(self._row_lower.whole[number]), float(self._row_upper.whole[number])

    def is_range(self, number: int) -> bool:
        """Whether a row has two different finite sides."""
        lower, upper = self.row_bounds(number)
        return lower != upper and math.isfinite(lower) and math.isfinite(upper)

    def demand_nothing(self) -> Booleans:
        """Own rows without a finite side, shape (own rows,)."""
        free: Booleans = np.isneginf(self._row_lower.whole) & np.isposinf(self._row_upper.whole)
        return free

    def is_integer(self, number: int) -> bool:
        """Whether an own column is whole-numbered."""
        return bool(self._integer.whole[number])

    def arrays(self) -> ProgramArrays:
        """The whole program as arrays, users' variables and rules last; the same object until something changes."""
        own = self._own_arrays()
        if self.rules or self._guests or self._expression is not None or own.maximise != self.maximise:
            return self._with_guests(own)
        return own

    def structure(self) -> Structure:
        """What the columns and rows of ``arrays()`` stand for."""
        arrays = self.arrays()
        return Structure(Side(dict(self.columns), arrays.column_count), Side(dict(self.rows), arrays.row_count))

    def _own_arrays(self) -> ProgramArrays:
        if self._own is None:
            own = ProgramArrays(
                self.maximise,
                self._offset,
                self._costs.whole,
                self._lower.whole,
                self._upper.whole,
                self._integer.whole,
                self._row_lower.whole,
                self._row_upper.whole,
                assemble(self._batches, self.column_count, self.row_count),
            )
            # The assembled matrix takes the place of its parts, so coefficients are kept once.
            self._batches = [batch(own.index, own.column, own.value, distinct=True)] if own.nonzeros else []
            self._own = own
        return self._own

    def _with_guests(self, own: ProgramArrays) -> ProgramArrays:
        guests = self.guests()
        numbers = {id(variable): own.column_count + n for n, variable in enumerate(guests)}
        total = own.column_count + len(guests)

        def column_of(variable: Any) -> int:
            return int(variable.number) if self.is_own(variable) else numbers[id(variable)]

        costs = np.concatenate([own.costs, np.zeros(len(guests))])
        if self._expression is not None:
            costs = pulp_reading.costs_of(self._expression, column_of, total, self.dummyVar)
        lower, upper, integer = pulp_reading.bounds_of(guests)
        rules = pulp_reading.compiled(self.rules.values(), column_of)
        matrix = own.matrix
        if guests or len(rules.row_lower):
            parts = [batch(own.index, own.column, own.value, distinct=True)] if own.nonzeros else []
            if len(rules.rows):
                parts.append(batch(rules.rows + np.int32(own.row_count), rules.columns, rules.values))
            matrix = assemble(parts, total, own.row_count + len(rules.row_lower))
        return ProgramArrays(
            self.maximise,
            self.offset,
            frozen(costs),
            frozen(np.concatenate([own.lower, lower])),
            frozen(np.concatenate([own.upper, upper])),
            frozen(np.concatenate([own.integer, integer])),
            frozen(np.concatenate([own.row_lower, rules.row_lower])),
            frozen(np.concatenate([own.row_upper, rules.row_upper])),
            matrix,
        )

    def variable(self, family: str, position: int) -> Column:
        """A column as a PuLP variable, always the same object; named like ``items_p0_v3_w1_t5``."""
        members = self.columns[family]
        name = members.name(position)
        number = members.start + position
        if number not in self._made_columns:
            self._made_columns[number] = Column(self, number, name)
        return self._made_columns[number]

    def column_variable(self, number: int) -> Column:
        """The PuLP variable of a column by its number in the program."""
        if number in self._made_columns:
            return self._made_columns[number]
        family = next(members for members in self.columns.values() if members.start <= number < members.stop)
        return self.variable(family.family, number - family.start)

    def row(self, family: str, position: int) -> Row:
        """A row as a PuLP constraint, with its dual ``pi`` after a solve; of a row with two sides, the upper one."""
        members = self.rows[family]
        if not 0 <= position < len(members):
            raise IndexError(f"{family} has {len(members)} rows; there is none at {position}")
        lower, upper = self.row_bounds(members.start + position)
        side = pulp.LpConstraintEQ if lower == upper else pulp.LpConstraintLE
        return self.constraint(members.start + position, pulp.LpConstraintGE if upper == math.inf else side)

    def constraint(self, number: int, side: int) -> Row:
        """One side (-1 at most, 0 equal, 1 at least) of an own row as a PuLP constraint, made once."""
        if (number, side) not in self._made_rows:
            start, columns, values = self._own_arrays().by_rows
            entries = slice(start[number], start[number + 1])
            terms = zip(map(self.column_variable, columns[entries].tolist()), values[entries].tolist(), strict=True)
            members = next(members for members in self.rows.values() if members.start <= number < members.stop)
            name = members.name(number - members.start)
            if self.is_range(number):
                name += AT_MOST if side == pulp.LpConstraintLE else AT_LEAST
            self._made_rows[number, side] = Row(self, number, side, SealedExpression(dict(terms)), name)
        return self._made_rows[number, side]

    def row_names(self) -> dict[str, tuple[int, int]]:
        """Names of the PuLP constraints of own rows, with row number and side; rows without a finite side have none."""
        if self._row_names is None:
            lower, upper = self._row_lower.whole, self._row_upper.whole
            self._row_names = {}
            for members in self.rows.values():
                self._row_names |= _side_names(
                    members, lower[members.start : members.stop], upper[members.start : members.stop]
                )
        return self._row_names


def _side_names(members: Block, lower: Floats, upper: Floats) -> dict[str, tuple[int, int]]:
    """PuLP names of a block's rows: one each, two where both sides are finite and differ, none where none is."""
    named: dict[str, tuple[int, int]] = {}
    sides = zip(members.names(), lower.tolist(), upper.tolist(), strict=True)
    for number, (name, low, high) in enumerate(sides, members.start):
        if low == high:
            named[name] = number, pulp.LpConstraintEQ
        elif low > -math.inf and high < math.inf:
            named[name + AT_LEAST] = number, pulp.LpConstraintGE
            named[name + AT_MOST] = number, pulp.LpConstraintLE
        elif high < math.inf:
            named[name] = number, pulp.LpConstraintLE
        elif low > -math.inf:
            named[name] = number, pulp.LpConstraintGE
    return named
