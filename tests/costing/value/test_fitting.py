"""Fits of learning curves: families, their least squares, the choice between them, and how far they may be used."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import least_squares

from allocate import CaseError, read_case, solve
from allocate.costing.value.curves import LimitedCurve, PowerLaw, chords, labels_at
from allocate.costing.value.fitting import Family, fit, fits
from allocate.costing.value.shapes import Shape, ShapedCurve

DATA = Path(__file__).parents[2] / "data"


def rows_of(name: str) -> list[dict[str, str]]:
    """Rows of a table of published figures."""
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def published() -> dict[str, tuple[np.ndarray, np.ndarray, float]]:
    """Labels, scores and ceiling of the nine published curves: errors in percent, and one loss."""
    found: dict[str, tuple[list[float], list[float], float]] = {}
    for row in rows_of("learning_curves.csv"):
        labels, scores, _ = found.setdefault(row["curve"], ([], [], 100.0))
        labels.append(float(row["labels"]))
        scores.append(100.0 - float(row["error"]))
    loss = rows_of("scaling_loss.csv")
    found["birds"] = ([float(row["labels"]) for row in loss], [-float(row["loss"]) for row in loss], 0.0)
    return {name: (np.array(labels), np.array(scores), most) for name, (labels, scores, most) in found.items()}


CURVES = published()


def shape_of(family: Family, labels: np.ndarray, rate: float) -> np.ndarray:
    """The rising part of a family, written out again."""
    if family is Family.EXPONENTIAL:
        return -np.exp(-rate * labels)
    if family is Family.ARCTAN:
        return 2 / np.pi * np.arctan(rate * labels)
    if family is Family.LOGARITHMIC:
        return np.log(labels)
    return -(labels**-rate)


def squares(curve: PowerLaw | ShapedCurve, labels: np.ndarray, scores: np.ndarray) -> float:
    """Sum of squared distances."""
    return float(np.sum((curve.score(labels) - scores) ** 2))


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("family", [one for one in Family if one is not Family.POWER_LAW])
def test_no_other_start_finds_a_closer_curve(name: str, family: Family) -> None:
    """On every published curve the fit is at least as close as scipy's least squares from a dozen starts."""
    labels, scores, ceiling = CURVES[name]
    found = fit(family, labels, scores, ceiling)
    reached = squares(found.curve, labels, scores)
    free = family is not Family.POWER_LAW_WITH_FLOOR

    def misses(log_rate: np.ndarray) -> np.ndarray:
        rising = shape_of(family, labels, float(np.exp(log_rate[0])))
        design = np.column_stack([np.ones_like(labels), rising])
        (level, height), *_ = np.linalg.lstsq(design, scores, rcond=None)
        if not free and level > ceiling:
            level, height = ceiling, float(rising @ (scores - ceiling) / (rising @ rising))
        return level + height * rising - scores

    low, high = (1e-3, 5.0) if family is Family.POWER_LAW_WITH_FLOOR else (1e-3 / labels[-1], 30 / labels[0])
    best = min(
        2 * least_squares(misses, [start], bounds=(np.log(low), np.log(high))).cost
        for start in np.linspace(np.log(low) + 1e-6, np.log(high) - 1e-6, 12)
    )
    assert reached <= best * (1 + 1e-6) + 1e-12


@pytest.mark.parametrize("name", CURVES)
def test_the_chosen_family_predicts_the_largest_points_best(name: str) -> None:
    """Of the families that were tested on the largest fifth of the points, the first has the least distance."""
    labels, scores, ceiling = CURVES[name]
    found = fits(labels, scores, ceiling)
    tested = [one.held_out for one in found if not np.isnan(one.held_out)]
    assert tested[0] == min(tested)
    hidden = max(1, len(labels) // 5)
    order = np.argsort(labels)
    rest = fit(found[0].family, labels[order][:-hidden], scores[order][:-hidden], ceiling).curve
    distance = np.sqrt(np.mean((rest.score(labels[order][-hidden:]) - scores[order][-hidden:]) ** 2))
    assert found[0].held_out == pytest.approx(float(distance))


@pytest.mark.slow
@given(
    st.sampled_from([Shape.EXPONENTIAL, Shape.ARCTAN, Shape.LOGARITHMIC]),
    st.floats(-50, 50),
    st.floats(1, 60),
    st.floats(1e-4, 1e-2),
)
def test_points_on_a_curve_give_the_curve_back(shape: Shape, level: float, height: float, rate: float) -> None:
    """A curve is found again from eight points on it."""
    curve = ShapedCurve(shape, level, height, 1.0 if shape is Shape.LOGARITHMIC else rate)
    labels = np.geomspace(20, 5_000, 8)
    found = fit(Family(shape.value), labels, curve.score(labels)).curve
    np.testing.assert_allclose(found.score(labels), curve.score(labels), atol=1e-5 * height)


def test_a_power_law_with_floor_is_found_again() -> None:
    """Coefficient 200, exponent 0.4 and a floor of 6 points come back from seven points."""
    curve = PowerLaw(200.0, 0.4, 6.0)
    labels = np.geomspace(100, 100_000, 7)
    found = fit(Family.POWER_LAW_WITH_FLOOR, labels, curve.score(labels)).curve
    assert isinstance(found, PowerLaw)
    assert (found.coefficient, found.exponent, found.floor) == pytest.approx((200.0, 0.4, 6.0), rel=1e-4)


def test_a_floor_is_never_below_zero() -> None:
    """Points that would ask for a score above the ceiling are fitted with no floor."""
    labels, scores, _ = CURVES["cifar-10-augmented"]
    found = fit(Family.POWER_LAW_WITH_FLOOR, labels, scores).curve
    assert isinstance(found, PowerLaw)
    assert found.floor == 0.0


@pytest.mark.parametrize(
    ("labels", "scores", "says"),
    [
        ([100, 100], [50, 60], "different numbers of labels"),
        ([100, 200, 400], [60, 55, 50], "do not rise"),
        ([0.5, 200], [50, 60], "labels from 1"),
        ([100, 200], [50], "one score for each"),
    ],
)
def test_points_no_curve_goes_through(labels: list[float], scores: list[float], says: str) -> None:
    """Too few points, falling scores and labels below one are refused."""
    with pytest.raises(ValueError, match=says):
        fits(labels, scores)


shaped = st.builds(
    ShapedCurve,
    st.sampled_from(list(Shape)),
    st.floats(0, 50),
    st.floats(1, 50),
    st.floats(1e-5, 1e-2),
)


@pytest.mark.slow
@given(shaped, st.floats(1, 5_000), st.floats(1, 50_000), st.floats(1e-3, 1))
def test_chords_lie_under_the_curve_by_at_most_their_error(
    curve: ShapedCurve, existing: float, upto: float, tolerance: float
) -> None:
    """Chords cover the range, steepest first, touch the curve at their joints and hide no more than they say."""
    found = chords(curve, existing, upto, tolerance)
    assert found.lengths.sum() == pytest.approx(upto)
    assert np.all(np.diff(found.slopes) < 1e-12)
    assert found.error <= tolerance
    at = np.linspace(0, upto, 500)
    joints = np.concatenate([[0.0], np.cumsum(found.lengths)])
    heights = np.concatenate([[0.0], np.cumsum(found.lengths * found.slopes)])
    hidden = curve.gain(existing, at) - np.interp(at, joints, heights)
    assert hidden.min() >= -1e-8 * curve.height
    assert hidden.max() <= found.error + 1e-8 * curve.height


@given(shaped, st.floats(1, 5_000), st.floats(0, 50_000))
def test_gain_slope_and_inverse_agree(curve: ShapedCurve, existing: float, extra: float) -> None:
    """A gain is the difference of two scores, a slope the limit of gains, and labels for a score come back."""
    gained = float(curve.gain(existing, extra))
    assert gained == pytest.approx(
        float(curve.score(existing + extra) - curve.score(existing)), abs=1e-9 * curve.height
    )
    step = existing * 1e-6
    slope = float(curve.gain(existing, step)) / step
    assert slope == pytest.approx(float(curve.marginal(existing)), rel=1e-3, abs=1e-12)
    if curve.marginal(existing) > 1e-6:
        assert labels_at(curve, float(curve.score(existing))) == pytest.approx(existing, rel=1e-5)
        assert float(curve.steepness_at(curve.marginal(existing))) == pytest.approx(existing, rel=1e-5)


def case_with(curve: dict[str, object], existing: str = "1_000 images") -> dict[str, object]:
    """One product bought for its value alone, at 1 USD a right label."""
    value = {"curve": curve, "worth": "1k USD/point", "existing": existing}
    product = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "100_000 images"}, "value": value}
    return {
        "case": "curve",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"p": product},
        "vendors": {"v": {"accuracy": "100%", "contract": {"price": "0.01 USD/image"}}},
    }


POINTS = [{"labels": 500, "score": 40}, {"labels": 1000, "score": 50}, {"labels": 2000, "score": 58}]


def test_a_plan_says_how_far_beyond_its_points_it_goes() -> None:
    """Without a limit the fitted curve is used as far as it goes, and the plan says how far that is."""
    answer = solve(read_case(case_with({"points": POINTS, "fit": "logarithmic"})))
    assert answer.plan is not None
    labels = 1_000 + answer.plan.products["effective_labels"].iloc[0]
    assert labels > 4_000
    assert answer.notes == (
        f"the value of p is counted at {labels:,.0f} labels, {labels / 2000:,.1f} times the most that were measured (2,000); "
        "beyond these, labels are taken to add nothing, by the case's own choice of curve (`fit: logarithmic`)",
    )


def test_labels_beyond_the_stated_multiple_count_for_nothing() -> None:
    """With `extrapolate: 2` nothing is bought beyond twice the largest measured labels, 4,000 with the 1,000 there are."""
    answer = solve(read_case(case_with({"points": POINTS, "fit": "logarithmic", "extrapolate": 2})))
    assert answer.plan is not None
    assert answer.plan.products["effective_labels"].iloc[0] == pytest.approx(3_000)


def test_labels_there_already_beyond_the_multiple_are_a_problem() -> None:
    """A curve that may not be used where the product stands is refused, with its place."""
    case = read_case(case_with({"points": POINTS, "fit": "best", "extrapolate": 1}, "5_000 images"))
    with pytest.raises(CaseError, match="5,000 labels already"):
        solve(case)
    with pytest.raises(CaseError, match="extrapolate is below 1"):
        read_case(case_with({"points": POINTS, "fit": "best", "extrapolate": 0.5}))


def test_a_logarithm_ends_at_the_ceiling() -> None:
    """No model is better than one without error: the curve is flat from the ceiling on."""
    steep = [{"labels": 10, "score": 40}, {"labels": 100, "score": 70}, {"labels": 1000, "score": 99}]
    answer = solve(read_case(case_with({"points": steep, "fit": "logarithmic"})))
    assert answer.plan is not None
    assert answer.plan.products["score_after"].iloc[0] <= 100.0 + 1e-9


def test_a_limited_curve_is_flat_beyond_its_last_labels() -> None:
    """Score, slope and gain stop at the last labels."""
    curve = LimitedCurve(PowerLaw(100.0, 0.5), last=400.0, measured=200.0)
    assert float(curve.score(900.0)) == float(curve.score(400.0)) == pytest.approx(95.0)
    assert float(curve.marginal(400.0)) == 0.0
    assert float(curve.gain(100.0, 1e6)) == pytest.approx(5.0)
    assert labels_at(curve, 96.0) == float("inf")
