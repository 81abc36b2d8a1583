"""Value curves as straight pieces with steps: gates that pay a sum, and places where a table steepens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from allocate.costing.value import curves as value
from allocate.costing.value.curves import Curve, Segments, TableCurve
from allocate.numbers import Floats
from allocate.tolerances import GATE_REACHED, STEEPENING

# Steepening below this share of the slope is rounding in the table, not a shape.


@dataclass(frozen=True)
class Gate:
    """A score that pays a sum when it is reached."""

    score: float
    worth: float
    """Money, in the case's currency."""
    labels: float
    """Effective labels to add until it is reached: 0 where those there are have reached it, infinite where none do."""

    @property
    def passed_before(self) -> bool:
        """Whether the labels there are already reach it, so that no plan earns it."""
        return self.labels == 0.0

    def earned(self, labels: float) -> float:
        """Money it pays for so many effective labels added; they may be short by `GATE_REACHED`."""
        return self.worth if 0.0 < self.labels < np.inf and labels >= self.labels * (1.0 - GATE_REACHED) else 0.0


@dataclass(frozen=True)
class Step:
    """A place on a value curve beyond which labels count only when all before it are there."""

    piece: int
    """Position of the first piece after it; the number of pieces where it is their end."""
    jump: float
    """Money that is earned there."""


@dataclass(frozen=True)
class Pieces:
    """A value curve in the order of its labels: straight stretches, and the steps between them."""

    segments: Segments
    """Their slopes fall from each to the next but at steps."""
    steps: tuple[Step, ...]


def pieces(
    curve: Curve, existing: float, upto: float, tolerance: float, gates: Sequence[Gate] = (), points_count: bool = True
) -> Pieces:
    """The pieces of a curve over [existing, existing + upto], with a step at each gate and where a table steepens.

    Between steps the pieces are chords (see `value.chords`), those of a table the table itself. points_count: whether
    score points are worth something; where only gates are, one piece between two of them is enough.

    Raises:
        ValueError: a table that falls, or what `value.chords` refuses.
    """
    jumps = _jumps(gates, upto)
    if isinstance(curve, TableCurve) and (fall := curve.first_fall(existing, existing + upto)) is not None:
        raise ValueError(fall)
    if not points_count:
        joints = np.array([0.0, *sorted(jumps), *([upto] if upto > max(jumps, default=0.0) else [])])
        segments = Segments(np.diff(joints), np.zeros(len(joints) - 1), 0.0)
        return Pieces(segments, _steps(segments, joints[1:], jumps))
    steepens = steepenings(curve, existing, existing + upto)
    if not jumps and not len(steepens):
        return Pieces(value.chords(curve, existing, upto, tolerance), ())
    if isinstance(curve, TableCurve):
        segments, ends = _of_table(curve, existing, upto, jumps)
    else:
        segments, ends = _of_smooth(curve, existing, upto, tolerance, jumps)
    return Pieces(segments, _steps(segments, ends, jumps))


def steepenings(curve: Curve, start: float, end: float) -> Floats:
    """Labels strictly between two numbers at which a table steepens; none of a smooth curve."""
    if not isinstance(curve, TableCurve) or len(curve.labels) < 3:
        return np.zeros(0)
    inner = np.array(curve.labels[1:-1])
    steeper = curve.slopes[1:] > curve.slopes[:-1] * (1.0 + STEEPENING)
    return inner[steeper & (inner > start) & (inner < end)]


def _jumps(gates: Sequence[Gate], upto: float) -> dict[float, float]:
    """Money by the labels at which gates within reach pay it."""
    found: dict[float, float] = {}
    for gate in sorted(gates, key=lambda one: one.labels):
        if gate.labels > 0.0 and within(gate.labels, upto):
            at = min(gate.labels, upto)
            found[at] = found.get(at, 0.0) + gate.worth
    return found


def within(labels: float, upto: float) -> bool:
    """Whether so many labels are no more than a most, but for rounding."""
    return labels <= upto * (1.0 + GATE_REACHED / 2.0)


def _of_table(curve: TableCurve, existing: float, upto: float, jumps: dict[float, float]) -> tuple[Segments, Floats]:
    """Stretches of a table cut at gates too, and where each ends, in labels added."""
    end = existing + upto
    inside = [labels - existing for labels in curve.labels if existing < labels < end]
    joints = np.unique([0.0, *inside, *jumps, upto])
    middle = existing + (joints[1:] + joints[:-1]) / 2.0
    slopes = curve.marginal(middle)
    error = 0.0
    for number in range(1, len(slopes)):
        before = slopes[number - 1]
        if before < slopes[number] <= before * (1.0 + STEEPENING):
            error += float((slopes[number] - before) * (joints[number + 1] - joints[number]))
            slopes[number] = before
    return Segments(np.diff(joints), slopes, error), joints[1:]


def _of_smooth(
    curve: Curve, existing: float, upto: float, tolerance: float, jumps: dict[float, float]
) -> tuple[Segments, Floats]:
    """Chords between one gate and the next, and where each ends, in labels added."""
    lengths, slopes, ends, error = [], [], [], 0.0
    joints = [0.0, *jumps, *([upto] if upto > max(jumps) else [])]
    for start, end in pairwise(joints):
        part = value.chords(curve, existing + start, end - start, tolerance)
        lengths.append(part.lengths)
        slopes.append(part.slopes)
        stops = start + np.cumsum(part.lengths)
        stops[-1:] = end
        ends.append(stops)
        error = max(error, part.error)
    return Segments(np.concatenate(lengths), np.concatenate(slopes), error), np.concatenate(ends)


def _steps(segments: Segments, ends: Floats, jumps: dict[float, float]) -> tuple[Step, ...]:
    """A step where a piece ends at a gate, or where the next one is steeper."""
    found = []
    for number, end in enumerate(ends.tolist()):
        jump = jumps.get(end, 0.0)
        steeper = number + 1 < len(ends) and segments.slopes[number + 1] > segments.slopes[number]
        if end in jumps or steeper:
            found.append(Step(number + 1, jump))
    return tuple(found)
