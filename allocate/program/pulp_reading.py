"""PuLP read back as arrays, and the numbers solvers write back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays, assemble, batch, frozen


@dataclass(frozen=True, eq=False)
class Compiled:
    """PuLP constraints as arrays: two sides per row and one triplet per coefficient."""

    row_lower: Floats
    row_upper: Floats
    rows: Integers
    columns: Integers
    values: Floats


def compiled(constraints: Iterable[Any], column_of: Callable[[Any], int]) -> Compiled:
    """Constraints of PuLP as arrays; ``column_of`` numbers their variables."""
    lower: list[float] = []
    upper: list[float] = []
    lengths: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for constraint in constraints:
        low, high = constraint.getLb(), constraint.getUb()
        lower.append(-math.inf if low is None else low)
        upper.append(math.inf if high is None else high)
        lengths.append(len(constraint))
        columns.extend([column_of(variable) for variable in constraint])
        values.extend(constraint.values())
    _refuse_nan("a constraint", lower, upper, values)
    return Compiled(
        np.array(lower, float),
        np.array(upper, float),
        np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
        np.array(columns, np.int32),
        np.array(values, float),
    )


def costs_of(expression: Any, column_of: Callable[[Any], int], size: int, dummy: Any = None) -> Floats:
    """Objective coefficients of shape (size,), without the placeholder PuLP puts into empty objectives."""
    terms = [(column_of(variable), cost) for variable, cost in expression.items() if variable is not dummy]
    _refuse_nan("the objective", [cost for _, cost in terms], [expression.constant])
    costs = np.zeros(size)
    np.add.at(costs, np.array([column for column, _ in terms], np.int32), [cost for _, cost in terms])
    return costs


def bounds_of(variables: Iterable[Any]) -> tuple[Floats, Floats, Booleans]:
    """Lower and upper bounds and integrality of PuLP variables."""
    listed = list(variables)
    lower = [-math.inf if v.lowBound is None else v.lowBound for v in listed]
    upper = [math.inf if v.upBound is None else v.upBound for v in listed]
    _refuse_nan("a variable's bounds", lower, upper)
    return np.array(lower, float), np.array(upper, float), np.array([v.cat == pulp.LpInteger for v in listed], bool)


def problem_arrays(problem: Any) -> tuple[ProgramArrays, list[Any], list[Any]]:
    """Any PuLP problem as arrays, with its variables and constraints in the order of columns and rows."""
    if problem.sos1 or problem.sos2:
        raise pulp.PulpSolverError("special ordered sets are not supported")
    variables, constraints = list(problem.variables()), list(problem._constraints.values())
    if problem.dummyVar is not None:
        variables = [variable for variable in variables if variable is not problem.dummyVar]
    numbers = {id(variable): number for number, variable in enumerate(variables)}
    lower, upper, integer = bounds_of(variables)
    rules = compiled(constraints, lambda variable: numbers[id(variable)])
    costs, offset = np.zeros(len(variables)), 0.0
    if problem.objective is not None:
        offset = float(problem.objective.constant)
        costs = costs_of(problem.objective, lambda v: numbers[id(v)], len(variables), problem.dummyVar)
    parts = [batch(rules.rows, rules.columns, rules.values)] if len(rules.rows) else []
    arrays = ProgramArrays(
        problem.sense == pulp.LpMaximize,
        offset,
        frozen(costs),
        frozen(lower),
        frozen(upper),
        frozen(integer),
        frozen(rules.row_lower),
        frozen(rules.row_upper),
        assemble(parts, len(variables), len(constraints)),
    )
    return arrays, variables, constraints


class Solution:
    """Values, reduced costs and duals written by a solver, one number per own column or row, until the next solve."""

    def __init__(self) -> None:
        self._lengths = {"values": 0, "reduced_costs": 0, "row_duals": 0}
        self._arrays: dict[str, Floats] = {}
        self._sides: dict[tuple[int, int], float] = {}

    def clear(self, columns: int, rows: int) -> None:
        """Forget everything; arrays written from now on have these lengths."""
        self._lengths = {"values": columns, "reduced_costs": columns, "row_duals": rows}
        self._arrays, self._sides = {}, {}

    def array(self, kind: str) -> Floats:
        """All numbers of a kind, nan where none was written."""
        return self._arrays.get(kind, np.full(self._lengths[kind], np.nan))

    def put(self, kind: str, numbers: Floats | None) -> None:
        """Write all numbers of a kind at once; None takes them back."""
        self._arrays.pop(kind, None)
        if numbers is not None:
            self._arrays[kind] = np.array(numbers)

    def read(self, kind: str, number: int) -> float | None:
        """One number, None where none was written."""
        array = self._arrays.get(kind)
        if array is None or number >= len(array) or np.isnan(array[number]):
            return None
        return float(array[number])

    def write(self, kind: str, number: int, value: float | None) -> None:
        """Write one number."""
        array = self.array(kind)
        if number >= len(array):
            array = np.concatenate([array, np.full(number + 1 - len(array), np.nan)])
        array[number] = np.nan if value is None else value
        self._arrays[kind] = array

    def write_dual(self, number: int, side: int, value: float | None) -> None:
        """Write the dual of one side of a row; both sides add up."""
        self._sides[number, side] = np.nan if value is None else value
        self.write("row_duals", number, sum(self._sides.get((number, other), 0.0) for other in (-1, 0, 1)))


def _refuse_nan(what: str, *lists: list[float]) -> None:
    if any(not value == value for values in lists for value in values):
        raise ValueError(f"{what} holds a value that is not a number")
