"""One live HiGHS: silent, single-threaded, loaded in one hand-over, run under a watch, read back as arrays."""

from __future__ import annotations

import math
import os
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.program.checks import TooLargeError
from allocate.solvers.versions import require_tested
from allocate.solvers.watch import Watch
from allocate.tolerances import ABSOLUTE_GAP, CHOICE_MADE, FINE_REDUCED_COST, SIDE_KEPT, SMALLEST_COEFFICIENT

ModelStatus = highspy.HighsModelStatus
_CALLBACKS = ("kCallbackSimplexInterrupt", "kCallbackIpmInterrupt", "kCallbackMipInterrupt")
_DEFAULTS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "small_matrix_value": SMALLEST_COEFFICIENT,
    "mip_abs_gap": ABSOLUTE_GAP,
    "primal_feasibility_tolerance": SIDE_KEPT,
    "dual_feasibility_tolerance": FINE_REDUCED_COST,
    "mip_feasibility_tolerance": CHOICE_MADE,
    # It searches small programs within the search; these programs are proven in two thirds of the time without.
    "mip_heuristic_run_rins": False,
}
_first = threading.Lock()
_greeted = False


@dataclass(frozen=True, eq=False)
class Run:
    """What HiGHS said after one run."""

    status: Any
    values: Floats | None
    """A point, which may not be feasible; None when HiGHS has none."""
    row_duals: Floats | None
    reduced_costs: Floats | None
    bound: float | None
    """Dual bound of an integer program."""


def _own_scheduler() -> None:
    """Let go of the tasks HiGHS keeps for this thread.

    Runs without a watch stay on the caller's thread. Where the caller has run a HiGHS of their own there, with another
    number of threads, HiGHS would refuse to run ours.
    """
    highspy.Highs.resetGlobalScheduler(True)


class Engine:
    """A HiGHS object over one program; bounds, sides, costs and rows may change between runs (hot start)."""

    def __init__(
        self, watch: Watch, options: Mapping[str, Any] | None = None, log: bool = False, brief: bool = False
    ) -> None:
        """``brief``: for runs of milliseconds, which nobody needs to interrupt."""
        require_tested()
        self.watch = watch
        self.mixed = self.maximises = False
        self._nonzeros = 0
        self.known: float | None = None
        """A bound that was proven before; no worse one is told."""
        self.highs = _quiet_highs()
        self._log = log
        for name, value in {**_DEFAULTS, **(options or {})}.items():
            self.option(name, value)
        if log:
            self.option("output_flag", True)
            self.option("log_to_console", False)
        self.highs.setCallback(_caller(self), None)
        if brief:
            _own_scheduler()
        for name in (() if brief else _CALLBACKS) + (("kCallbackLogging",) if log else ()):
            self.highs.startCallback(getattr(highspy.cb.HighsCallbackType, name))

    def be_brief(self) -> None:
        """From here on runs take milliseconds: nobody needs to interrupt one."""
        _own_scheduler()
        for name in _CALLBACKS:
            self.highs.stopCallback(getattr(highspy.cb.HighsCallbackType, name))

    def option(self, name: str, value: Any) -> None:
        """Set an option of HiGHS; ValueError for one it does not know or a value it does not take."""
        if self.highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS does not take the option {name} = {value!r}")

    def load(self, arrays: ProgramArrays) -> None:
        """Hand a checked program over in one call; ValueError for coefficients too large for HiGHS."""
        sense = highspy.ObjSense.kMaximize if arrays.maximise else highspy.ObjSense.kMinimize
        status = self.highs.passModel(
            arrays.column_count,
            arrays.row_count,
            arrays.nonzeros,
            int(highspy.MatrixFormat.kColwise),
            int(sense),
            arrays.offset,
            arrays.costs,
            arrays.lower,
            arrays.upper,
            arrays.row_lower,
            arrays.row_upper,
            arrays.start,
            arrays.index,
            arrays.value,
            arrays.integer.astype(np.int32),
        )
        self.mixed, self.maximises = bool(arrays.integer.any()), arrays.maximise
        self._nonzeros = arrays.nonzeros
        if status == highspy.HighsStatus.kError:
            raise TooLargeError("HiGHS refused the program; coefficients of 1e15 or more cannot be solved")

    def run(self, seconds: float | None = None) -> Run:
        """Solve as loaded and changed, for at most this many seconds more."""
        # HiGHS counts the time of all runs of an object together.
        self.option("time_limit", math.inf if seconds is None else self.highs.getRunTime() + max(seconds, 0.0))
        self.watch.run(self.highs.run)
        self.count()
        return self.read()

    def run_here(self) -> Run:
        """The same on the caller's thread, which Ctrl-C waits for: runs of milliseconds, of which there are many."""
        self.highs.run()
        self.count()
        return self.read()

    def count(self) -> None:
        """Count the last run as work."""
        info = self.highs.getInfo()
        nodes = info.mip_node_count if self.mixed else None
        self.watch.work.run(self._nonzeros, info.simplex_iteration_count, nodes)

    def set_integer(self, integer: Booleans) -> None:
        """Say which columns are whole-numbered."""
        ids = np.arange(len(integer), dtype=np.int32)
        self.highs.changeColsIntegrality(len(ids), ids, integer.astype(np.uint8))
        self.mixed = bool(integer.any())

    def set_costs(self, costs: Floats, maximise: bool, offset: float = 0.0) -> None:
        """Replace the objective."""
        ids = np.arange(len(costs), dtype=np.int32)
        self.highs.changeColsCost(len(costs), ids, costs)
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize)
        self.highs.changeObjectiveOffset(offset)

    def set_column_bounds(self, ids: Integers, lower: Floats, upper: Floats) -> None:
        """Change bounds of some columns."""
        self.highs.changeColsBounds(len(ids), ids.astype(np.int32), lower, upper)

    def set_row_bounds(self, ids: Integers, lower: Floats, upper: Floats) -> None:
        """Change sides of some rows."""
        self.highs.changeRowsBounds(len(ids), ids.astype(np.int32), lower, upper)

    def add_columns(self, part: ProgramArrays) -> None:
        """Add the columns of a program over the same rows behind the others; the basis stays."""
        self.highs.addCols(
            part.column_count,
            part.costs,
            part.lower,
            part.upper,
            part.nonzeros,
            part.start[:-1],
            part.index,
            part.value,
        )

    def add_row(self, coefficients: Floats, lower: float, upper: float) -> None:
        """Add a row behind the others, from coefficients of all columns."""
        ids = np.flatnonzero(coefficients).astype(np.int32)
        self.highs.addRow(lower, upper, len(ids), ids, coefficients[ids])

    def start_from(self, values: Floats) -> None:
        """Offer a point to start an integer search from; nan leaves a column open."""
        ids = np.flatnonzero(np.isfinite(values)).astype(np.int32)
        self.highs.setSolution(len(ids), ids, values[ids])

    def forget(self) -> None:
        """Drop what earlier runs left behind, so that the next begins as the first would."""
        self.highs.clearSolver()

    @property
    def name(self) -> str:
        """Solver and version."""
        return f"HiGHS {self.highs.version()}"

    def read(self) -> Run:
        """What HiGHS has to say after its last run."""
        info, solution = self.highs.getInfo(), self.highs.getSolution()
        # 0.0 is added so that nothing reads -0.
        values = np.array(solution.col_value) + 0.0 if solution.value_valid else None
        has_duals = solution.dual_valid and not self.mixed
        return Run(
            self.highs.getModelStatus(),
            values,
            np.array(solution.row_dual) + 0.0 if has_duals else None,
            np.array(solution.col_dual) + 0.0 if has_duals else None,
            info.mip_dual_bound if self.mixed and math.isfinite(info.mip_dual_bound) else None,
        )

    def _called(self, kind: Any, message: str, told: Any, answer: Any, _: Any) -> None:
        kinds = highspy.cb.HighsCallbackType
        if self._log and int(kind) == int(kinds.kCallbackLogging):
            sys.stderr.write(message)
            return
        if int(kind) == int(kinds.kCallbackMipInterrupt):
            self.watch.best = told.mip_primal_bound if math.isfinite(told.mip_primal_bound) else None
            self.watch.bound = self._better(told.mip_dual_bound)
            if self.watch.work.of_nodes(self._nonzeros, told.mip_node_count) > self.watch.work.left:
                answer.user_interrupt = True
        if self.watch.stopped:
            answer.user_interrupt = True

    def _better(self, bound: float) -> float | None:
        """The better of a bound that HiGHS tells and of the one that was known."""
        bounds = [one for one in (bound, self.known) if one is not None and math.isfinite(one)]
        return (min(bounds) if self.maximises else max(bounds)) if bounds else None


def _caller(engine: Engine) -> Callable[..., None]:
    """What HiGHS calls; it does not hold the engine, which holds HiGHS: the two would never be freed."""
    known = weakref.ref(engine)

    def called(*told: Any) -> None:
        one = known()
        if one is not None:
            one._called(*told)

    return called


def check_numbers(arrays: ProgramArrays) -> None:
    """Raise ValueError for numbers no solver can take; HiGHS itself would solve with a cost that is not a number."""
    whole = (arrays.costs, arrays.value, np.array([arrays.offset]))
    sides = (arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper)
    if not all(np.isfinite(part).all() for part in whole) or any(np.isnan(part).any() for part in sides):
        raise ValueError("the program holds a number that is not finite, or a bound that is not a number")
    if (np.concatenate([arrays.lower, arrays.row_lower]) == math.inf).any():
        raise ValueError("a lower bound is plus infinity")
    if (np.concatenate([arrays.upper, arrays.row_upper]) == -math.inf).any():
        raise ValueError("an upper bound is minus infinity")


def _quiet_highs() -> Any:
    """A HiGHS object. The first of a process prints a banner on file descriptor 1, which is pointed away meanwhile."""
    global _greeted
    with _first:
        if _greeted:
            return highspy.Highs()
        try:
            sys.stdout.flush()
            kept = os.dup(1)
        except (OSError, ValueError, AttributeError):
            # Standard output is closed; then there is nothing to spoil.
            _greeted = True
            return highspy.Highs()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1)
            return highspy.Highs()
        finally:
            os.dup2(kept, 1)
            os.close(nowhere)
            os.close(kept)
            _greeted = True
