"""What a solve found, as closed types: nothing is called optimal unless it is proven and feasible by arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from allocate.certificate.branched import Branched
from allocate.certificate.engagement.proof import Engaged
from allocate.certificate.facility_location.proof import Opened
from allocate.certificate.parted_work import PartedWork
from allocate.program.arrays import Booleans, Floats, ProgramArrays
from allocate.tolerances import ROW_KEPT


class AskedError(ValueError):
    """A solver or method that was asked for and cannot do it; `option` says which of the two."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(message)
        self.option = option


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    """A plan, and the proof that none is better."""
    FEASIBLE = "feasible"
    """A plan; a limit or an interrupt ended the search for a better one."""
    INFEASIBLE = "infeasible"
    """No plan keeps all rows."""
    UNBOUNDED = "unbounded"
    """Plans exist, and the objective grows without end."""
    STOPPED = "stopped"
    """Ended early without a plan."""


class Limit(StrEnum):
    """What ended a search early."""

    TIME = "time"
    INTERRUPT = "interrupt"
    GAP = "gap"
    ITERATIONS = "iterations"
    OTHER = "other"


@dataclass(frozen=True, eq=False)
class Stage:
    """One goal of an ordered solve: how it ended, and its own duals given the goals before it."""

    name: str
    status: Status
    limit: Limit | None
    objective: float | None
    """The goal's own objective at the stage's plan, None without one."""
    bound: float | None
    seconds: float
    row_duals: Floats | None = None
    reduced_costs: Floats | None = None
    message: str = ""


@dataclass(frozen=True, eq=False)
class Outcome:
    r"""The result of a solve; columns (n) and rows (m) in the order of ``Program.arrays()``.

    ``objective``, ``bound`` and the duals belong to the program's own objective, ``values`` to the last goal reached.
    The pair of programs the duals belong to, maximised (turn both around when minimised):

    .. math:: \max\ c'x \;:\; l \le Ax \le u,\ \underline{x} \le x \le \overline{x}
              \qquad \min\ u'y^+ - l'y^- + \overline{x}'z^+ - \underline{x}'z^- \;:\; A'y + z = c,\ y = y^+ - y^-

    ``row_duals`` is y: the change of the objective, in the program's own sense, per unit more on the row's right-hand
    side. ``reduced_costs`` is z = c - A'y. When maximising, y >= 0 where a row presses from above and <= 0 where from
    below; when minimising the other way round. None where there are none.
    """

    status: Status
    limit: Limit | None
    objective: float | None
    bound: float | None
    """No plan is better than this, as claimed by the solver; None when it gave no bound."""
    gap: float | None
    """Distance of bound and objective relative to the objective."""
    values: Floats | None
    row_values: Floats | None
    row_duals: Floats | None
    reduced_costs: Floats | None
    duals_are_local: bool
    """True for integer programs: the duals are those of the linear program with all integers fixed."""
    seconds: float
    solver: str
    message: str
    stages: tuple[Stage, ...] = ()
    method: str = "plain"
    """How the program was solved; see `allocate.solvers.methods`."""
    method_reason: str = ""
    """Why that way."""
    shared_prices: Floats | None = None
    """Of a decomposed program: prices of the linking rows (0 elsewhere), in the sense of ``row_duals``, from which
    ``bound`` was computed part by part; shape (m,)."""
    opened: Opened | None = None
    """Of a program with facility-opening binaries: branch-and-bound nodes with prices, from which ``bound`` was computed."""
    engaged: Engaged | None = None
    """Of a program with vendors to engage: prices that bound every set of them, from which ``bound`` was computed."""
    branched: Branched | None = None
    """Of a program searched by branching: the tree, beside ``relaxation_duals``, from which ``bound`` was computed."""
    parted: PartedWork | None = None
    """Of a program with pairs that learn: partings of their work with duals, from which ``bound`` was computed."""
    relaxation_duals: Floats | None = None
    """Duals of an integer program's linear relaxation, where the search came by them: they prove a bound by themselves."""

    @property
    def has_plan(self) -> bool:
        """Whether there are values to read."""
        return self.values is not None


def gap_of(objective: float | None, bound: float | None) -> float | None:
    """Distance of bound and objective relative to the objective; infinite when only the objective is zero."""
    if objective is None or bound is None:
        return None
    distance = abs(bound - objective)
    if distance == 0:
        return 0.0
    return distance / abs(objective) if objective else float("inf")


def violation(arrays: ProgramArrays, values: Floats) -> float:
    """Greatest violation of a bound, a row or a whole number at a point, inf when the point is not finite.

    Each is measured against the size of what is compared: for a row its sides and the sum of its terms' sizes, at
    least 1. Whole numbers are measured as they are.
    """
    if not np.isfinite(values).all():
        return float("inf")
    index, terms = arrays.terms(values)
    at, scale = (
        np.bincount(index, part, arrays.row_count).astype(np.float64, copy=False) for part in (terms, np.abs(terms))
    )
    whole = values[arrays.integer]
    found = [
        _outside(values, arrays.lower, arrays.upper, np.abs(values)),
        _outside(at, arrays.row_lower, arrays.row_upper, scale),
        np.abs(whole - np.round(whole)),
    ]
    return float(max(part.max(initial=0.0) for part in found))


def is_feasible(arrays: ProgramArrays, values: Floats) -> bool:
    """Whether a point keeps all bounds, rows and whole numbers within ``ROW_KEPT``."""
    return violation(arrays, values) <= ROW_KEPT


def _outside(at: Floats, lower: Floats, upper: Floats, scale: Floats) -> Floats:
    below, above = np.maximum(lower - at, 0.0), np.maximum(at - upper, 0.0)
    sides = np.maximum(_finite_size(lower), _finite_size(upper))
    return np.maximum(below, above) / np.maximum(1.0, np.maximum(scale, sides))


def _finite_size(side: Floats) -> Floats:
    finite: Booleans = np.isfinite(side)
    return np.where(finite, np.abs(side), 0.0)
