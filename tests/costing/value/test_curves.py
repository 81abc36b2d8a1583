"""Value curves: fits against published curves, gains, and chords for a linear program."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from allocate.costing.value.curves import PowerLaw, TableCurve, chords, fit_power_law

DATA = Path(__file__).parents[2] / "data"
VOC = PowerLaw(172.9, 0.263)

laws = st.builds(PowerLaw, st.floats(1.0, 2000.0), st.floats(0.05, 1.5), st.floats(0.0, 10.0))


@st.composite
def concave_tables(draw: st.DrawFn) -> TableCurve:
    """Tables whose slopes never rise, flat stretches included."""
    steps = draw(st.lists(st.integers(1, 5000), min_size=1, max_size=8))
    slopes = sorted(draw(st.lists(st.integers(0, 64), min_size=len(steps), max_size=len(steps))), reverse=True)
    labels, scores = [draw(st.integers(0, 1000))], [10.0]
    for step, slope in zip(steps, slopes, strict=True):
        labels.append(labels[-1] + step)
        scores.append(scores[-1] + step * slope / 1024)
    return TableCurve(tuple(map(float, labels)), tuple(scores))


def published(name: str) -> tuple[np.ndarray, np.ndarray]:
    with (DATA / "learning_curves.csv").open(encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(line for line in file if not line.startswith("#")) if row["curve"] == name
        ]
    return np.array([float(r["labels"]) for r in rows]), 100.0 - np.array([float(r["error"]) for r in rows])


# Fit


@pytest.mark.parametrize(
    ("name", "exponent", "coefficient"),
    [
        ("voc-classic", 0.263, 172.9),
        ("voc-blender", 0.171, 96.4),
        ("cityscapes-u2pl", 0.199, 93.9),
        ("cityscapes-ael", 0.233, 122.0),
        ("coco-semantic", 0.093, 125.0),
        ("cifar-10-augmented", 0.535, 1870.0),
        ("cifar-10-plain", 0.482, 1370.0),
    ],
)
def test_fit_recovers_published_curves(name: str, exponent: float, coefficient: float) -> None:
    """Two-parameter fits to published learning curves give their known exponents and coefficients."""
    labels, scores = published(name)
    fit = fit_power_law(labels, scores)
    assert fit.curve.exponent == pytest.approx(exponent, abs=6e-4)
    assert fit.curve.coefficient == pytest.approx(coefficient, rel=0.003)
    slope, intercept = np.polyfit(np.log(labels), np.log(100.0 - scores), 1)
    assert (-fit.curve.exponent, np.log(fit.curve.coefficient)) == pytest.approx((slope, intercept))


def test_fit_reports_its_spread() -> None:
    """The spread is the standard deviation of the residuals with n - 2 degrees of freedom, in log error and in points."""
    labels, scores = published("voc-classic")
    fit = fit_power_law(labels, scores)
    residuals = np.log(100.0 - scores) - np.log(100.0 - fit.curve.score(labels))
    assert fit.log_spread == pytest.approx(np.sqrt(np.sum(residuals**2) / 3))
    assert fit.score_spread == pytest.approx(2.53, abs=0.01)
    assert fit.points == 5


def test_a_floor_tightens_the_fit_of_a_levelling_curve() -> None:
    """A curve that levels off at 2.5% error fits better with that floor than without."""
    labels, scores = published("kr-vs-kp")
    assert fit_power_law(labels, scores, floor=2.52).log_spread < 0.7 * fit_power_law(labels, scores).log_spread


@given(laws)
def test_fit_returns_the_curve_that_made_the_points(law: PowerLaw) -> None:
    """Points on a power law give back its parameters with no spread."""
    labels = np.array([100.0, 400.0, 1000.0])
    fit = fit_power_law(labels, law.score(labels), floor=law.floor)
    assert fit.curve.exponent == pytest.approx(law.exponent, rel=1e-5)
    assert fit.curve.coefficient == pytest.approx(law.coefficient, rel=1e-4)
    assert fit.log_spread < 1e-6


def test_two_points_have_no_spread_to_report() -> None:
    """Two points fit exactly, so their spread is not a number rather than zero."""
    assert np.isnan(fit_power_law([10, 100], [50, 70]).log_spread)


@pytest.mark.parametrize(
    ("labels", "scores", "message"),
    [
        ([100, 100], [50, 60], "two different label counts"),
        ([100], [50], "two different label counts"),
        ([100, 200, 300], [50, 60], "two different label counts"),
        ([100, 200], [50, 100], "score of 100 leaves no error"),
        ([100, 200], [60, 50], "do not rise"),
        ([0, 200], [40, 50], "below one label, got 0"),
    ],
)
def test_points_without_a_power_law_are_refused(labels: list[float], scores: list[float], message: str) -> None:
    """Too few points, perfect scores, falling scores and no labels are errors that say so."""
    with pytest.raises(ValueError, match=message):
        fit_power_law(labels, scores)


# Curves


def test_score_of_the_voc_curve() -> None:
    """The VOC curve gives its published scores within its spread of 2.5 points, twice over."""
    labels, scores = published("voc-classic")
    np.testing.assert_allclose(VOC.score(labels), scores, atol=2 * 2.53)


@given(laws, st.floats(1.0, 1e6), st.floats(0.0, 1e6))
def test_gain_is_the_difference_of_scores(law: PowerLaw, existing: float, extra: float) -> None:
    """A gain is score after minus score before, and never negative."""
    assert float(law.gain(existing, extra)) == pytest.approx(
        float(law.score(existing + extra) - law.score(existing)), abs=1e-9
    )
    assert law.gain(existing, extra) >= 0.0


def test_gain_keeps_digits_for_one_label_among_millions() -> None:
    """The gain of one label on top of many equals the marginal, where a difference of scores has lost its digits."""
    assert float(VOC.gain(1e9, 1.0)) == pytest.approx(float(VOC.marginal(1e9 + 0.5)), rel=1e-12)


@given(laws, st.floats(10.0, 1e5))
def test_marginal_is_the_derivative(law: PowerLaw, labels: float) -> None:
    """The marginal is the slope of the score."""
    step = labels * 1e-4
    assert float(law.marginal(labels)) == pytest.approx(float(law.gain(labels - step, 2 * step)) / (2 * step), rel=1e-6)


def test_gain_is_vectorised() -> None:
    """Existing and extra labels broadcast."""
    assert VOC.gain([[100.0], [200.0]], [10.0, 20.0, 30.0]).shape == (2, 3)


@pytest.mark.parametrize("call", [VOC.score, VOC.marginal, lambda n: VOC.gain(n, 5.0), lambda n: chords(VOC, n, 5.0)])
def test_a_power_law_says_nothing_below_one_label(call: object) -> None:
    """Without a label there already a power law is undefined; the error names `existing`."""
    with pytest.raises(ValueError, match="below one label, got 0: set `existing`"):
        call(0.0)  # type: ignore[operator]


def test_table_is_straight_between_points_and_flat_after() -> None:
    """A table interpolates, claims nothing beyond its last point, and its marginal is the slope to the right."""
    table = TableCurve((0.0, 100.0, 300.0), (50.0, 60.0, 70.0))
    np.testing.assert_allclose(table.score([0, 50, 100, 200, 300, 900]), [50, 55, 60, 65, 70, 70])
    np.testing.assert_allclose(table.marginal([0, 99, 100, 299, 300, 900]), [0.1, 0.1, 0.05, 0.05, 0, 0])
    np.testing.assert_allclose(table.gain([0, 200], [100, 500]), [10, 5])


def test_table_says_nothing_below_its_first_point() -> None:
    """Labels below the first point are an error, not an extrapolation."""
    with pytest.raises(ValueError, match="starts at 100 labels"):
        TableCurve((100.0, 200.0), (50.0, 60.0)).gain(50.0, 500.0)


@pytest.mark.parametrize(
    ("labels", "scores", "position", "message"),
    [
        ((0.0, 10.0, 20.0, 30.0), (0.0, 5.0, 4.0, 9.0), 2, "falls from 5 at 10 labels to 4 at 20 labels"),
        ((0.0, 10.0, 20.0, 30.0), (0.0, 1.0, 5.0, 6.0), 1, "rises faster after 10 labels .400 points per 1000. than"),
        ((0.0, 10.0, 20.0, 30.0), (0.0, 2.0, 2.0, 3.0), 2, "rises faster after 20 labels"),
    ],
)
def test_first_offence_names_the_point(
    labels: tuple[float, ...], scores: tuple[float, ...], position: int, message: str
) -> None:
    """A table that falls or steepens is not concave, and the first such point is named."""
    table = TableCurve(labels, scores)
    offence = table.first_offence()
    assert offence is not None
    assert (offence.position, offence.labels) == (position, labels[position])
    with pytest.raises(ValueError, match=message):
        chords(table, 0.0, 30.0)


@pytest.mark.parametrize("name", ["voc-classic", "voc-blender", "cityscapes-ael", "coco-semantic", "kr-vs-kp"])
def test_published_tables_are_concave(name: str) -> None:
    """Published learning curves are concave as measured, so they go into a linear program as they are."""
    labels, scores = published(name)
    table = TableCurve(tuple(labels), tuple(scores))
    assert table.first_offence() is None
    np.testing.assert_allclose(chords(table, labels[0], labels[-1] - labels[0]).slopes, table.slopes)


def test_straight_table_in_decimals_is_concave() -> None:
    """A straight line whose decimals do not divide evenly is not taken for a bend."""
    table = TableCurve(tuple(0.3 * i for i in range(1, 20)), tuple(0.1 * i for i in range(1, 20)))
    assert table.first_offence() is None


@pytest.mark.parametrize(
    ("labels", "scores", "message"),
    [
        ((), (), "one score a label count"),
        ((1.0, 2.0), (1.0,), "one score a label count"),
        ((1.0, 1.0), (1.0, 2.0), "must rise: 1 follows 1"),
        ((1.0, float("nan")), (1.0, 2.0), "finite"),
        ((-1.0, 2.0), (1.0, 2.0), "not below zero"),
    ],
)
def test_malformed_tables_are_refused(labels: tuple[float, ...], scores: tuple[float, ...], message: str) -> None:
    """A table needs finite, rising labels with one score each."""
    with pytest.raises(ValueError, match=message):
        TableCurve(labels, scores)


@pytest.mark.parametrize("bad", [{"coefficient": 0.0}, {"exponent": -0.1}, {"floor": -1.0}, {"ceiling": float("inf")}])
def test_malformed_power_laws_are_refused(bad: dict[str, float]) -> None:
    """A power law needs a positive coefficient and exponent and a floor not below zero."""
    with pytest.raises(ValueError, match="power law must"):
        PowerLaw(**{"coefficient": 100.0, "exponent": 0.3, **bad})


# Chords


@given(laws, st.floats(1.0, 1e5), st.floats(0.01, 1e6), st.sampled_from([1.0, 0.1, 0.02]))
def test_chords_lie_below_the_curve_within_their_error(
    law: PowerLaw, existing: float, upto: float, tolerance: float
) -> None:
    """On a fine grid the chords never exceed the curve, and the largest gap is the error stated, within tolerance."""
    segments = chords(law, existing, upto, tolerance)
    joints = np.concatenate([[0.0], np.cumsum(segments.lengths)])
    heights = np.concatenate([[0.0], np.cumsum(segments.lengths * segments.slopes)])
    grid = np.unique(np.concatenate([np.linspace(a, b, 65) for a, b in pairwise(joints)]))
    gaps = law.gain(existing, grid) - np.interp(grid, joints, heights)
    assert gaps.min() >= -1e-8
    assert segments.error <= tolerance
    assert gaps.max() <= segments.error + 1e-8
    assert gaps.max() >= 0.98 * segments.error - 1e-8
    assert joints[-1] == pytest.approx(upto)
    assert np.all(np.diff(segments.slopes) < 0.0)


@pytest.mark.parametrize("existing", [1.0, 100.0, 5e4])
@pytest.mark.parametrize("tolerance", [1.0, 0.1, 0.01])
def test_chords_are_nearly_as_few_as_can_be(existing: float, tolerance: float) -> None:
    """No other choice of joints needs more than one chord fewer: each longest chord in turn is the fewest possible."""
    end, reached, fewest = existing + 1e5, existing, 0
    while reached < end * (1 - 1e-12):

        def excess(to: float, start: float = reached) -> float:
            slope = float(VOC.gain(start, to - start)) / (to - start)
            furthest = (172.9 * 0.263 / slope) ** (1 / 1.263)
            return float(VOC.gain(start, furthest - start)) - slope * (furthest - start) - tolerance

        reached = end if excess(end) <= 0 else float(brentq(excess, reached * (1 + 1e-9), end))
        fewest += 1
    assert fewest <= len(chords(VOC, existing, 1e5, tolerance).slopes) <= fewest + 1


def test_tolerance_quartered_doubles_the_chords() -> None:
    """The error falls with the square of the number of chords."""
    assert len(chords(VOC, 100, 1e5, 0.01).slopes) == pytest.approx(2 * len(chords(VOC, 100, 1e5, 0.04).slopes), abs=1)


def test_single_chord_error_by_hand() -> None:
    """One chord of 100 - 100/n from 1 to 4 rises 25 a label and is furthest at n = 2, by 25 points."""
    segments = chords(PowerLaw(100.0, 1.0), 1.0, 3.0, tolerance=30.0)
    assert segments.slopes == pytest.approx([25.0])
    assert segments.error == pytest.approx(25.0)


@pytest.mark.slow
@given(concave_tables(), st.data())
def test_chords_of_a_table_are_the_table(table: TableCurve, data: st.DataObject) -> None:
    """A concave table is its own chords, without error, from anywhere and past its end."""
    existing = data.draw(st.floats(table.labels[0], table.labels[-1] + 10.0))
    upto = data.draw(st.floats(1e-3, 20_000.0))
    segments = chords(table, existing, upto)
    joints = np.concatenate([[0.0], np.cumsum(segments.lengths)])
    heights = np.concatenate([[0.0], np.cumsum(segments.lengths * segments.slopes)])
    grid = np.linspace(0.0, joints[-1], 200)
    np.testing.assert_allclose(np.interp(grid, joints, heights), table.gain(existing, grid), atol=1e-8)
    assert segments.error < 1e-9
    assert joints[-1] == pytest.approx(upto)
    assert np.all(np.diff(segments.slopes) < 0.0)


def test_a_bend_outside_the_range_does_not_matter() -> None:
    """A table may bend the wrong way where no plan goes."""
    table = TableCurve((0.0, 10.0, 20.0, 30.0), (0.0, 1.0, 5.0, 6.0))
    np.testing.assert_allclose(chords(table, 10.0, 50.0).slopes, [0.4, 0.1, 0.0])


@pytest.mark.parametrize("curve", [VOC, TableCurve((1.0, 50.0), (10.0, 20.0))])
def test_no_labels_to_add_gives_no_chords(curve: PowerLaw | TableCurve) -> None:
    """A range without length has no chords and no error."""
    segments = chords(curve, 10.0, 0.0)
    assert (len(segments.lengths), len(segments.slopes), segments.error) == (0, 0, 0.0)


@pytest.mark.parametrize(
    ("existing", "upto", "tolerance", "message"),
    [
        (10.0, -1.0, 0.1, "not negative"),
        (10.0, float("inf"), 0.1, "finite"),
        (10.0, 5.0, 0.0, "above zero"),
        (10.0, 1e6, 1e-9, "more than 4096 chords"),
    ],
)
def test_impossible_chords_are_refused(existing: float, upto: float, tolerance: float, message: str) -> None:
    """Bad ranges and tolerances are errors that say which."""
    with pytest.raises(ValueError, match=message):
        chords(VOC, existing, upto, tolerance)
