"""Pieces and steps of value curves: they say what the curve says, and only where it says it."""

from __future__ import annotations

import numpy as np
import pytest

from allocate.costing.value.curves import Curve, LimitedCurve, PowerLaw, TableCurve
from allocate.costing.value.pieces import Gate, Pieces, pieces, steepenings
from allocate.costing.value.shapes import Shape, ShapedCurve
from allocate.tolerances import GATE_REACHED

TABLE = TableCurve((0.0, 100.0, 200.0, 400.0), (0.0, 1.0, 9.0, 11.0))
SMOOTH: list[tuple[Curve, float]] = [
    (PowerLaw(100.0, 0.5), 100.0),
    (ShapedCurve(Shape.ARCTAN, 10.0, 60.0, 0.01), 0.0),
    (LimitedCurve(PowerLaw(100.0, 0.5), 5000.0, 2500.0), 100.0),
]


def heights(cut: Pieces) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the pieces in labels added, and the score points there."""
    segments = cut.segments
    return np.cumsum(segments.lengths), np.cumsum(segments.lengths * segments.slopes)


def test_a_table_that_steepens_is_its_own_pieces() -> None:
    """Every stretch of the table is a piece without error; before the steep one stands a step that pays nothing."""
    cut = pieces(TABLE, 0.0, 400.0, 0.01)
    assert cut.segments.lengths.tolist() == [100.0, 100.0, 200.0]
    assert cut.segments.slopes.tolist() == pytest.approx([0.01, 0.08, 0.01])
    assert cut.segments.error == 0.0
    assert [(step.piece, step.jump) for step in cut.steps] == [(1, 0.0)]


def test_a_gate_cuts_a_stretch() -> None:
    """A gate at 150 labels cuts the second stretch and pays there; one beyond the range is left out."""
    cut = pieces(TABLE, 0.0, 400.0, 0.01, (Gate(5.0, 70.0, 150.0), Gate(20.0, 9.0, np.inf)))
    assert cut.segments.lengths.tolist() == [100.0, 50.0, 50.0, 200.0]
    assert [(step.piece, step.jump) for step in cut.steps] == [(1, 0.0), (2, 70.0)]


@pytest.mark.parametrize(("curve", "existing"), SMOOTH, ids=["power law", "arctan", "limited"])
def test_pieces_of_smooth_curves_touch_them_at_gates(curve: Curve, existing: float) -> None:
    """Chords end at every gate, on the curve; in between they are under it by no more than their error."""
    doors = (Gate(0.0, 5.0, 333.3), Gate(0.0, 7.0, 1000.0))
    cut = pieces(curve, existing, 3000.0, 0.05, doors)
    ends, points = heights(cut)
    np.testing.assert_allclose(points, curve.gain(existing, ends), atol=1e-9)
    assert [float(ends[step.piece - 1]) for step in cut.steps] == pytest.approx([333.3, 1000.0])
    at = np.linspace(0.0, 3000.0, 4001)
    short = curve.gain(existing, at) - np.interp(at, np.append(0.0, ends), np.append(0.0, points))
    assert short.min() > -1e-9
    assert short.max() <= cut.segments.error * (1 + 1e-6) <= 0.05 * (1 + 1e-6)


def test_only_gates_need_one_piece_each() -> None:
    """Where points are worth nothing, pieces go from gate to gate."""
    cut = pieces(PowerLaw(100.0, 0.5), 100.0, 900.0, 0.01, (Gate(95.0, 5.0, 300.0),), points_count=False)
    assert cut.segments.lengths.tolist() == [300.0, 600.0]
    assert [(step.piece, step.jump) for step in cut.steps] == [(1, 5.0)]


def test_a_gate_at_the_end_of_what_can_be_bought_counts_in_spite_of_rounding() -> None:
    """A gate a ten-millionth beyond the labels that can be bought stands at their end."""
    cut = pieces(PowerLaw(100.0, 0.5), 100.0, 300.0, 0.01, (Gate(95.0, 5.0, 300.0 * (1 + 1e-8)),), points_count=False)
    assert cut.segments.lengths.tolist() == [300.0]
    assert [(step.piece, step.jump) for step in cut.steps] == [(1, 5.0)]


def test_a_gate_pays_when_it_is_reached() -> None:
    """Short by less than a millionth counts as reached; short by more does not; passed before never pays."""
    gate = Gate(95.0, 5.0, 300.0)
    assert gate.earned(300.0 * (1 - GATE_REACHED / 2)) == 5.0
    assert gate.earned(300.0 * (1 - 2 * GATE_REACHED)) == 0.0
    assert Gate(95.0, 5.0, 0.0).earned(1000.0) == 0.0
    assert Gate(95.0, 5.0, 0.0).passed_before


def test_where_a_table_steepens() -> None:
    """Only strictly inside the range, and only in tables."""
    assert steepenings(TABLE, 0.0, 400.0).tolist() == [100.0]
    assert steepenings(TABLE, 100.0, 400.0).tolist() == []
    assert steepenings(PowerLaw(100.0, 0.5), 1.0, 400.0).tolist() == []


def test_a_table_that_falls_is_refused() -> None:
    """More labels that make a model worse are no value curve; where no plan goes they do not matter."""
    table = TableCurve((0.0, 100.0, 200.0), (0.0, 5.0, 4.0))
    with pytest.raises(ValueError, match="falls from 5"):
        pieces(table, 0.0, 150.0, 0.01)
    assert heights(pieces(table, 0.0, 100.0, 0.01))[1].tolist() == [5.0]
