"""Duals of an integer program without its whole numbers, for the proof of how good its plans are."""

from __future__ import annotations

from allocate.program.arrays import Floats, ProgramArrays
from allocate.solvers.engine import Engine, ModelStatus
from allocate.solvers.watch import Cancel, Watch


def relaxation_duals(arrays: ProgramArrays, seconds: float | None, cancel: Cancel | None = None) -> Floats | None:
    """Row duals of the linear relaxation, shape (m,), in the sign of `Outcome`; None where the time (s) is too short."""
    engine = Engine(Watch(cancel))
    engine.load(arrays.relaxed())
    run = engine.run(seconds)
    return run.row_duals if run.status == ModelStatus.kOptimal else None
