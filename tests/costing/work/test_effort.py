"""Standard time, equivalent units and hours per pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate.costing.work import effort

seconds = st.floats(0.0, 1e5)
above_zero = st.floats(1e-3, 1e3)


def test_standard_time_is_the_time_equation() -> None:
    """Standard time is complexity x (base + sum of driver times)."""
    assert effort.standard_time(2.0, [7.4, 1.5], [5.0, 4.0], 1.25) == pytest.approx(1.25 * (2.0 + 37.0 + 6.0))


def test_standard_time_without_drivers_is_the_base() -> None:
    """An item with no drivers takes its base time times the complexity."""
    assert effort.standard_time(4.0, [], [], 1.5) == pytest.approx(6.0)


def test_standard_time_broadcasts_over_products() -> None:
    """One row of counts a product gives one standard time a product."""
    times = effort.standard_time([0.0, 10.0], [7.4, 2.0], [[1.0, 0.0], [2.0, 3.0]], [1.0, 2.0])
    np.testing.assert_allclose(times, [7.4, 2.0 * (10.0 + 14.8 + 6.0)])


def test_published_box_figures_give_equivalent_units() -> None:
    """A Cityscapes image (90 min) is 729.7 professional boxes (7.4 s) of work, a coarse one (7 min) 56.8."""
    np.testing.assert_allclose(effort.equivalent_units([90 * 60, 7 * 60], 7.4), [729.73, 56.757], rtol=1e-4)


def test_coco_segmentation_hours() -> None:
    """A thousand COCO segmentations of 79.2 s take the published 22 worker-hours."""
    assert 1000 * effort.hours_per_pass(79.2) == pytest.approx(22.0)


def test_productivity_divides_hours() -> None:
    """A vendor at half the standard productivity needs twice the hours."""
    assert effort.hours_per_pass(36.0, 0.5) == pytest.approx(0.02)


@pytest.mark.slow
@given(st.lists(st.tuples(seconds, st.floats(0.0, 100.0)), max_size=5), seconds, above_zero, above_zero)
def test_equivalent_units_add_up(
    pairs: list[tuple[float, float]], base: float, complexity: float, reference: float
) -> None:
    """Equivalent units of an item are the sum of those of its parts."""
    times, counts = [m for m, _ in pairs], [n for _, n in pairs]
    whole = effort.equivalent_units(effort.standard_time(base, times, counts, complexity), reference)
    parts = [effort.standard_time(base, [], [], complexity)]
    parts += [effort.standard_time(0.0, [m], [n], complexity) for m, n in pairs]
    assert whole == pytest.approx(sum(float(effort.equivalent_units(part, reference)) for part in parts), rel=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: effort.standard_time(-1.0, [], []), "base time"),
        (lambda: effort.standard_time(1.0, [float("nan")], [1.0]), "time per driver"),
        (lambda: effort.standard_time(1.0, [1.0], [-2.0]), "driver count must be finite and not negative, got -2"),
        (lambda: effort.standard_time(1.0, [], [], 0.0), "complexity factor"),
        (lambda: effort.equivalent_units(1.0, 0.0), "reference time"),
        (lambda: effort.equivalent_units(-1.0, 1.0), "standard time"),
        (lambda: effort.hours_per_pass(float("inf")), "standard time"),
        (lambda: effort.hours_per_pass(1.0, [1.0, 0.0]), "productivity"),
        (lambda: effort.hours_from_pace(0.0), "pace"),
    ],
)
def test_impossible_figures_are_refused(call: object, message: str) -> None:
    """Negative, zero where it divides, and non-finite figures are errors that name the figure."""
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
