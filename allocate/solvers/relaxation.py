"""Duals of an integer program without its whole numbers, for the proof of how good its plans are."""

from __future__ import annotations

from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.scaling import scaling_of
from allocate.program.structure import Structure
from allocate.solvers.engine import Engine, ModelStatus
from allocate.solvers.watch import Cancel, Watch


def relaxation_duals(
    arrays: ProgramArrays, seconds: float | None, cancel: Cancel | None = None, structure: Structure | None = None
) -> Floats | None:
    """Row duals of the linear relaxation, shape (m,), in the sign of `Outcome`; None where the time (s) is too short."""
    scaling = scaling_of(arrays, structure)
    engine = Engine(Watch(cancel))
    engine.load(scaling.scaled(arrays).relaxed())
    run = engine.run(seconds)
    return None if run.row_duals is None or run.status != ModelStatus.kOptimal else scaling.duals(run.row_duals)
