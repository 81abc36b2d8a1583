"""Restricted LP: plans with every choice taken, over the columns that are open, solved to the end."""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np

from allocate.certificate.facility_location.facilities import Facilities
from allocate.program.arrays import Booleans, Floats, Integers, Matrix, ProgramArrays, frozen, inner
from allocate.solvers.engine import Engine
from allocate.solvers.outcome import is_feasible
from allocate.solvers.watch import Watch
from allocate.tolerances import ROW_KEPT

OPTIMAL, INFEASIBLE = highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible


@dataclass(frozen=True, eq=False)
class Left:
    """What a program leaves once its choices are taken."""

    arrays: ProgramArrays
    columns: Integers
    """Numbers of its columns in the whole program."""
    rows: Integers
    """Numbers of its rows there."""
    taken: Floats
    """The whole program's columns with the choices as they are and all else at zero, shape (n,)."""


@dataclass(frozen=True, eq=False)
class Plan:
    """The best plan with some facilities open."""

    objective: float
    values: Floats
    """Of all columns, shape (n,)."""
    row_duals: Floats
    """Of the linear program with the choices as they are, shape (m,)."""


@dataclass(frozen=True, eq=False)
class NoPlan:
    """Some facilities open leave no plan."""

    direction: Floats | None
    """Duals along which, or against which, every bound falls without end, shape (m,); None where none was found."""


def left(arrays: ProgramArrays, facilities: Facilities, chosen: Booleans) -> Left | NoPlan:
    """The program without the choices and what they keep closed; no plan where a row of choices alone is not kept."""
    taken = np.zeros(arrays.column_count)
    taken[facilities.ids] = chosen
    kind = np.repeat(facilities.facility, np.diff(facilities.first, append=len(facilities.members)))
    columns = np.sort(np.concatenate([facilities.free, facilities.members[chosen[kind]]])).astype(np.int32)
    return left_of(arrays, taken, columns)


def left_of(arrays: ProgramArrays, taken: Floats, columns: Integers) -> Left | NoPlan:
    """The program of some columns, ascending, where all others stay as they are taken, shape (n,)."""
    part, fixed = arrays.picked(columns), arrays.activity(taken)
    used = np.bincount(part.index, minlength=arrays.row_count) > 0
    lower, upper = arrays.row_lower - fixed, arrays.row_upper - fixed
    size = np.maximum(1.0, np.abs(fixed))
    broken = ((lower > ROW_KEPT * size) | (upper < -ROW_KEPT * size)) & ~used
    if broken.any():
        direction = np.zeros(arrays.row_count)
        direction[np.argmax(broken)] = 1.0
        return NoPlan(direction)
    rows = np.flatnonzero(used).astype(np.int32)
    place = np.zeros(arrays.row_count, np.int32)
    place[rows] = np.arange(len(rows))
    offset = arrays.offset + inner(arrays.costs, taken)
    matrix = Matrix(part.start, frozen(place[part.index]), part.value)
    sides = frozen(lower[rows]), frozen(upper[rows])
    program = replace(part, offset=offset, row_lower=sides[0], row_upper=sides[1], matrix=matrix)
    return Left(program, columns, rows, frozen(taken))


def whole(part: Left, values: Floats) -> Floats:
    """Values of what is left as values of all columns, shape (n,)."""
    found = part.taken.copy()
    found[part.columns] = values
    return found


class UnsolvedError(Exception):
    """A linear program whose end proves nothing: no time, or HiGHS has nothing to say."""


def best_of(
    arrays: ProgramArrays, facilities: Facilities, chosen: Booleans, watch: Watch, seconds: float | None
) -> Plan | NoPlan:
    """The best plan with these facilities open and no others. Raises UnsolvedError."""
    part = left(arrays, facilities, chosen)
    if isinstance(part, NoPlan):
        return part
    engine = Engine(watch)
    engine.load(part.arrays)
    run = engine.run(seconds)
    if run.status == INFEASIBLE:
        return NoPlan(_direction(engine, part, arrays.row_count, seconds))
    if run.status != OPTIMAL or run.values is None or run.row_duals is None:
        raise UnsolvedError
    values = whole(part, run.values)
    if not is_feasible(arrays, values):
        raise UnsolvedError
    duals = np.zeros(arrays.row_count)
    duals[part.rows] = run.row_duals
    return Plan(arrays.objective(values), values, _closed(arrays, facilities, chosen, duals))


def _direction(engine: Engine, part: Left, rows: int, seconds: float | None) -> Floats | None:
    """A ray of the duals of a program without a plan, which HiGHS has only without presolving."""
    engine.option("presolve", "off")
    engine.forget()
    if engine.run(seconds).status != INFEASIBLE:
        return None
    _, there, ray = engine.highs.getDualRay()
    if not there:
        return None
    found = np.zeros(rows)
    found[part.rows] = np.array(ray)
    return found


def _closed(arrays: ProgramArrays, facilities: Facilities, chosen: Booleans, duals: Floats) -> Floats:
    """Duals that also say why nothing is made of what is closed: the row that closes a column takes what it would gain."""
    kind = np.repeat(facilities.facility, np.diff(facilities.first, append=len(facilities.members)))
    shut = ~chosen[kind]
    gains = (arrays.costs - arrays.priced(duals))[facilities.members[shut]]
    found = duals.copy()
    np.maximum.at(found, facilities.closing[shut], np.maximum(gains, 0.0) / facilities.factor[shut])
    return found
