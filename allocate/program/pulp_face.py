"""The program's face to PuLP: variables, constraints and an objective that appear when somebody asks for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any, NoReturn, cast

import numpy as np
import pulp

from allocate.program.pulp_reading import Solution
from allocate.program.signs import signed_duals

if TYPE_CHECKING:
    from allocate.program.program import Program

AT_LEAST, AT_MOST = "__at_least", "__at_most"
"""A row with two different finite sides is two PuLP constraints; these end their names, as no family's name ends."""


class Column(pulp.LpVariable):
    """A column as a PuLP variable: bounds, kind, value and reduced cost are those of the program, read and written."""

    def __init__(self, program: Program, number: int, name: str) -> None:
        # The constructor of LpVariable is left out: it would write bounds back to the program.
        pulp.pulp.LpElement.__init__(self, name)
        self.program = program
        self.number = number
        self._lowbound_original, self._upbound_original = self.lowBound, self.upBound

    @property
    def lowBound(self) -> float | None:  # noqa: N802 - PuLP's name
        """Lower bound, None when there is none."""
        return _finite(self.program.column_bounds(self.number)[0])

    @lowBound.setter
    def lowBound(self, bound: float | None) -> None:  # noqa: N802
        self.program.set_column_bounds(self.number, lower=-math.inf if bound is None else bound)

    @property
    def upBound(self) -> float | None:  # noqa: N802 - PuLP's name
        """Upper bound, None when there is none."""
        return _finite(self.program.column_bounds(self.number)[1])

    @upBound.setter
    def upBound(self, bound: float | None) -> None:  # noqa: N802
        self.program.set_column_bounds(self.number, upper=math.inf if bound is None else bound)

    @property
    def cat(self) -> str:
        """PuLP's category: Continuous or Integer."""
        return str(pulp.LpInteger if self.program.is_integer(self.number) else pulp.LpContinuous)

    @cat.setter
    def cat(self, category: str) -> None:
        if category not in pulp.LpCategories:
            raise pulp.PulpError(f"{category!r} is not a category of variables")
        self.program.set_integer(self.number, category != pulp.LpContinuous)
        if category == pulp.LpBinary:
            self.program.set_column_bounds(self.number, lower=0.0, upper=1.0)

    @property
    def varValue(self) -> float | None:  # noqa: N802 - PuLP's name
        """Value in the plan found last, None before."""
        return self.program.solution.read("values", self.number)

    @varValue.setter
    def varValue(self, value: float | None) -> None:  # noqa: N802
        self.program.solution.write("values", self.number, value)

    @property
    def dj(self) -> float | None:
        """Reduced cost in the plan found last, None before."""
        return self.program.solution.read("reduced_costs", self.number)

    @dj.setter
    def dj(self, value: float | None) -> None:
        self.program.solution.write("reduced_costs", self.number, value)


class SealedExpression(pulp.LpAffineExpression):
    """The left side of a row of the program; it can be read and copied, not changed in place."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise pulp.PulpError("this row belongs to the program: add a rule of your own, or copy() it first")

    __setitem__ = __delitem__ = addterm = pop = popitem = clear = update = setdefault = _refuse
    addInPlace = _refuse  # noqa: N815 - PuLP's name


class Row(pulp.LpConstraint):
    """A row (or one side of it) as a PuLP constraint: read-only, with its dual and slack from the plan found last."""

    def __init__(self, program: Program, number: int, side: int, expression: SealedExpression, name: str) -> None:
        self.program = program
        self.number = number
        self.side = side
        lower, upper = program.row_bounds(number)
        super().__init__(expression, side, name, upper if side == pulp.LpConstraintLE else lower)
        self.sealed = True

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("constant", "sense", "expr") and "sealed" in self.__dict__:
            raise pulp.PulpError(f"row {self.name} belongs to the program: use set_row_bounds, or copy() it first")
        super().__setattr__(name, value)

    @property
    def pi(self) -> float | None:
        """Dual: change of the objective per unit more on the right-hand side; None when there is none."""
        dual = self.program.solution.read("row_duals", self.number)
        if not dual or self.side == pulp.LpConstraintEQ or not self.program.is_range(self.number):
            return dual
        # Of a row with two sides, only the one the dual presses against has a price.
        presses_up = (dual > 0) == self.program.maximise
        return dual if presses_up == (self.side == pulp.LpConstraintLE) else 0.0

    @pi.setter
    def pi(self, value: float | None) -> None:
        # The constructor of LpConstraint sets None, which must not take back a dual found before.
        if "sealed" in self.__dict__:
            self.program.solution.write_dual(self.number, self.side, value)

    @property
    def slack(self) -> float | None:
        """Right-hand side minus activity; None before a solve."""
        beyond = self.value()
        return None if beyond is None else -beyond

    @slack.setter
    def slack(self, value: float | None) -> None:
        """Solvers write it; it is derived here, so the written number is not kept."""


class Rules(MutableMapping[str, Any]):
    """All constraints by name: the program's rows, made when asked for, then the rules users added."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def __getitem__(self, name: str) -> Any:
        if name in self._program.rules:
            return self._program.rules[name]
        return self._program.constraint(*self._program.row_names()[name])

    def __setitem__(self, name: str, rule: Any) -> None:
        self._refuse_own(name)
        self._program.rules[name] = rule

    def __delitem__(self, name: str) -> None:
        self._refuse_own(name)
        del self._program.rules[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._program.row_names()
        yield from self._program.rules

    def __len__(self) -> int:
        return len(self._program.row_names()) + len(self._program.rules)

    def __contains__(self, name: object) -> bool:
        return name in self._program.rules or self._is_own(str(name))

    def copy(self) -> dict[str, Any]:
        """A plain dictionary of all constraints."""
        return dict(self)

    def _is_own(self, name: str) -> bool:
        # Names of all rows are only made when a family could have given this one.
        return any(name.startswith(family) for family in self._program.rows) and name in self._program.row_names()

    def _refuse_own(self, name: str) -> None:
        if self._is_own(name):
            raise pulp.PulpError(f"{name} is a row of the program; choose another name for a rule of your own")


class Face(pulp.LpProblem):
    """What PuLP asks of a problem, answered by a program of arrays; ``Program`` is its only subclass."""

    rules: dict[str, Any]
    """Rules users added, by name."""
    solution: Solution

    def __init__(self, name: str, maximise: bool) -> None:
        self.rules = {}
        self.solution = Solution()
        self._expression: Any = None
        self._guests: dict[int, Any] = {}
        super().__init__(name, pulp.LpMaximize if maximise else pulp.LpMinimize)

    def _program(self) -> Program:
        return cast(Any, self)  # type: ignore[no-any-return]

    @property
    def objective(self) -> Any:
        """The objective as a PuLP expression; changed in place or replaced, it changes the program."""
        program = self._program()
        if self._expression is None:
            costs = program.costs
            if not costs.any() and not program.offset:
                return None
            found = np.flatnonzero(costs)
            terms = zip((program.column_variable(n) for n in found.tolist()), costs[found].tolist(), strict=True)
            self._expression = pulp.LpAffineExpression(dict(terms), constant=program.offset)
        return self._expression

    @objective.setter
    def objective(self, expression: Any) -> None:
        self._program().clear_costs()
        self._expression = expression

    @property
    def _constraints(self) -> Rules:
        return Rules(self._program())

    @_constraints.setter
    def _constraints(self, constraints: MutableMapping[str, Any]) -> None:
        own = {} if not constraints else self._program().row_names()
        self.rules = {name: rule for name, rule in constraints.items() if name not in own}

    @property
    def _variables(self) -> list[Any]:
        return self.variables()

    @_variables.setter
    def _variables(self, variables: list[Any]) -> None:
        for variable in variables:
            self._register_variable(variable)

    def is_own(self, variable: Any) -> bool:
        """Whether a PuLP variable is a column of this program; one of another program is an error."""
        if not isinstance(variable, Column):
            return False
        if variable.program is not self:
            raise pulp.PulpError(f"{variable.name} is a column of another program")
        return True

    def guests(self) -> list[Any]:
        """Variables users brought along, in the order they were first seen, without PuLP's placeholder."""
        for expression in (self._expression, *self.rules.values()):
            for variable in expression or ():
                self._register_variable(variable)
        return [variable for variable in self._guests.values() if variable is not self.dummyVar]

    def variables(self) -> list[Any]:
        """All columns and users' variables as PuLP variables, in the order of ``arrays()``."""
        guests = self.guests()
        own = [self._program().column_variable(number) for number in range(self._program().column_count)]
        placeholder = [guest for guest in self._guests.values() if guest is self.dummyVar]
        return own + guests + placeholder

    def variablesDict(self) -> dict[str, Any]:  # noqa: N802 - PuLP's name
        """All variables by name."""
        return {variable.name: variable for variable in self.variables()}

    def numVariables(self) -> int:  # noqa: N802 - PuLP's name
        """Number of columns and users' variables."""
        return self._program().column_count + len(self.guests())

    def numConstraints(self) -> int:  # noqa: N802 - PuLP's name
        """Number of PuLP constraints; a row with two different sides counts twice."""
        return len(self._constraints)

    def isMIP(self) -> bool:  # noqa: N802 - PuLP's name
        """Whether any variable is whole-numbered."""
        return bool(self._program().arrays().integer.any())

    def _register_variable(self, variable: Any) -> None:
        if not self.is_own(variable):
            self._guests.setdefault(id(variable), variable)

    def fixObjective(self) -> tuple[bool, Any]:  # noqa: N802 - PuLP's name
        """PuLP's placeholder for empty objectives, without making PuLP objects for a full one."""
        arrays = self._program().arrays()
        demanding = np.isfinite(arrays.row_lower) | np.isfinite(arrays.row_upper)
        used = np.bincount(arrays.column[demanding[arrays.index]], minlength=arrays.column_count) > 0
        idle = np.flatnonzero(~(used | (arrays.costs != 0))[: self._program().column_count])
        if self._expression is None and arrays.costs.any() and not len(idle):
            return False, None
        was_none, placeholder = super().fixObjective()
        for number in idle.tolist():
            # PuLP writes files that declare only what appears in them, and names these columns all the same.
            self.objective.setdefault(self._program().column_variable(number), 0.0)
        return bool(was_none), placeholder

    def solve(self, solver: Any = None, **options: Any) -> int:
        """Solve with any PuLP solver; duals come back in our sign, or as None where they prove nothing."""
        self.forget_solution()
        status = int(super().solve(solver, **options))
        if not getattr(self.solver, "signs_duals", False):
            self._sign_duals()
        return status

    def forget_solution(self) -> None:
        """Take back values, duals and reduced costs of the last solve."""
        self.solution.clear(self._program().column_count, self._program().row_count)
        for variable in self.guests():
            variable.varValue = variable.dj = None
        for rule in self.rules.values():
            rule.pi = rule.slack = None

    def values(self) -> Any:
        """Values of all columns as written by the last solve, shape (n,), nan where there is none."""
        guests = [np.nan if v.varValue is None else v.varValue for v in self.guests()]
        return np.concatenate([self.solution.array("values"), np.array(guests, float)])

    def duals(self) -> Any:
        """Duals of all rows as written by the last solve, shape (m,), nan where there is none."""
        rules = [np.nan if rule.pi is None else rule.pi for rule in self.rules.values()]
        own = self.solution.array("row_duals").copy()
        # Rows that demand nothing never reach a PuLP solver, and have no price.
        own[self._program().demand_nothing()] = 0.0
        return np.concatenate([own, np.array(rules, float)])

    def record(self, values: Any, row_duals: Any, reduced_costs: Any) -> None:
        """Write a plan of ``arrays()`` back to PuLP's objects; None takes back what was there."""
        columns, rows = self._program().column_count, self._program().row_count
        self.solution.clear(columns, rows)
        self.solution.put("values", None if values is None else values[:columns])
        self.solution.put("reduced_costs", None if reduced_costs is None else reduced_costs[:columns])
        self.solution.put("row_duals", None if row_duals is None else row_duals[:rows])
        for number, variable in enumerate(self.guests(), columns):
            variable.varValue = None if values is None else float(values[number])
            variable.dj = None if reduced_costs is None else float(reduced_costs[number])
        for number, rule in enumerate(self.rules.values(), rows):
            rule.pi = None if row_duals is None else float(row_duals[number])
            beyond = rule.value() if values is not None else None
            rule.slack = None if beyond is None else -beyond

    def __getstate__(self) -> dict[str, Any]:
        if self.rules or self._expression is not None:
            raise pulp.PulpError("a program with rules or an objective added through PuLP cannot be copied or pickled")
        return {**self.__dict__, "_made_columns": {}, "_made_rows": {}, "_guests": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def _sign_duals(self) -> None:
        arrays, values, duals = self._program().arrays(), self.values(), self.duals()
        certain = None if arrays.integer.any() else signed_duals(arrays, values, duals)
        if np.isnan(values).any():
            # PuLP leaves some back ends' values half written after a failed solve.
            return self.record(None, None, None)
        return self.record(values, *(certain or (None, None)))


def _finite(bound: float) -> float | None:
    return float(bound) if math.isfinite(bound) else None
