"""Ranges of learning curves: concave, nested, honest on curves they were not fitted on, and what they make of a plan's value."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from curve_sets import TIMES, calibration, lcdb, published
from draws import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allocate.api.solving import solve
from allocate.case.load import read_case
from allocate.case.schema import Curve
from allocate.costing.value.curves import LimitedCurve, Segments, TableCurve, chords
from allocate.costing.value.fan import fan
from allocate.costing.value.measured import fan_of
from allocate.costing.value.pieces import Gate
from allocate.costing.value.ranges import ValueRange, together, value_range
from allocate.costing.value.values import ProductValue, curve_of, extrapolated
from allocate.errors import CaseError
from allocate.odds.drawing import draw
from allocate.odds.scenarios import scenario_case
from allocate.verification.fan import curve_at
from allocate.verification.spliced import Law, spliced

LABELS, SCORES = [500.0, 1000.0, 2000.0, 4000.0], [60.0, 68.0, 74.0, 78.5]


def _value(fit: str = "fan", existing: float = 4000.0, gates: tuple[Gate, ...] = ()) -> ProductValue:
    points = [{"labels": n, "score": s} for n, s in zip(LABELS, SCORES, strict=True)]
    spec = Curve.model_validate({"points": points, "fit": fit})
    curve, _ = curve_of(spec)
    return ProductValue(0, curve, existing, 100.0, Segments(np.zeros(0), np.zeros(0), 0.0), 1e9, spec=spec, gates=gates)


@pytest.mark.parametrize(
    ("name", "cuts"),
    [("published", published), ("lcdb mean", lambda: lcdb(False)), ("lcdb one run", lambda: lcdb(True))],
)
def test_the_range_holds_what_came_after_in_75_to_90_percent_of_curves(name: str, cuts: object) -> None:
    """Curves cut short: at 2, 4 and 8 times the labels the later score lies within P10 to P90 as often as it should, and the
    middle curve does not overstate what is gained."""
    found = calibration(list(cuts()))  # type: ignore[operator]
    assert np.all((found["held"] >= 0.75) & (found["held"] <= 0.90)), (name, found)
    assert np.all(found["ratio"] <= 1.1), (name, found)


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 99.9)), min_size=1, max_size=8),
    st.integers(1, 30),
)
@example([(702548.0, 1.0), (772442.0, 1.0), (772442.0, 43.0)], 1)
def test_curves_rise_bend_down_and_do_not_cross(points: list[tuple[float, float]], runs: int) -> None:
    """Whatever the points: each curve never falls and never steepens, the three do not cross, none passes the ceiling."""
    found = fan([n for n, _ in points], [s for _, s in points], runs=runs)
    times = np.geomspace(1.0, 64.0, 40)
    gains = np.array([one.of_error(times) for one in (found.low, found.middle, found.high)])
    at = found.measured * np.append(1.0, TIMES)
    assert np.all(np.diff(gains, axis=1) >= -1e-12)
    assert np.all(np.diff(np.diff(gains, axis=1) / np.diff(times), axis=1) <= 1e-9)
    ends = np.array([one.of_error(np.array([2.0, 8.0])) for one in (found.low, found.middle, found.high)])
    assert np.all(np.diff(ends, axis=0) >= -1e-9)
    assert np.all(gains <= 1.0)
    scores = found.scores(at)
    assert np.all(np.diff(scores, axis=0) >= -1e-9)
    assert np.all(scores <= 100.0)


def test_the_unit_of_the_score_changes_nothing_but_the_unit() -> None:
    """Scores as shares of one give the same curves as scores in points."""
    points, shares = fan(LABELS, SCORES), fan(LABELS, np.array(SCORES) / 100.0, ceiling=1.0)
    np.testing.assert_allclose(shares.scores([8000.0, 32000.0]) * 100.0, points.scores([8000.0, 32000.0]), rtol=1e-6)


def test_more_runs_narrow_the_range() -> None:
    """A mean of 25 trainings says more than one training; a stated deviation is used in place of the usual one."""
    width = [float(np.ptp(fan(LABELS, SCORES, runs=runs).scores(8000.0))) for runs in (1, 25)]
    assert width[1] < width[0]
    small, large = (float(np.ptp(fan(LABELS, SCORES, sd=sd).scores(8000.0))) for sd in (0.1, 5.0))
    assert small < large


def test_points_of_one_number_of_labels_count_as_their_mean() -> None:
    """Two trainings at one number of labels are the same as their mean with two runs."""
    apart = fan([500, 1000, 1000, 2000], [60, 67, 69, 74])
    joined = fan([500, 1000, 2000], [60, 68, 74], runs=[1, 2, 1])
    assert apart == joined


@pytest.mark.parametrize(
    ("labels", "scores", "words"),
    [
        ([], [], "one score"),
        ([0.5, 2], [50, 60], "from 1"),
        ([10, 20], [50, 101], "above a ceiling"),
        ([1], [float("nan")], "finite"),
    ],
)
def test_points_that_cannot_be_are_refused(labels: list[float], scores: list[float], words: str) -> None:
    """No points, labels below one, a score above the ceiling or no number: an error says which."""
    with pytest.raises(ValueError, match=words):
        fan(labels, scores)


def test_a_plan_counts_the_middle_curve_up_to_eight_times_the_labels_measured() -> None:
    """`fit: fan` gives the P50 curve; beyond eight times the most labels measured nothing more is counted, and that is said."""
    one = _value()
    spec = one.spec
    assert spec is not None
    assert one.curve.score(8000.0) == pytest.approx(fan_of(spec).scores(8000.0)[1, 0])
    assert one.money(28_000.0) == one.money(1e6)
    assert "times the most" in (extrapolated(one, 28_000.0) or "")
    assert "add nothing" in (extrapolated(one, 28_000.0) or "")
    assert extrapolated(one, 8_000.0) is None
    assert "own choice of curve (`fit: power-law`)" in (extrapolated(_value("power-law"), 8_000.0) or "")


def test_the_verifier_finds_the_same_middle_curve_by_itself() -> None:
    """The second reading of `fit: fan`, pair by pair in plain numbers, agrees with the first on curves of every kind."""
    for cut in [*list(published())[::60], *list(lcdb(True))[::20]]:
        level, height, rate = curve_at(
            tuple((n, s, r, None) for n, s, r in zip(cut.labels, cut.scores, cut.runs, strict=True)), 100.0, 0.5
        )
        curve = fan(cut.labels, cut.scores, runs=cut.runs).curve
        for labels in cut.labels[-1] * np.array([0.5, 2.0, 8.0]):
            assert level - height * labels**-rate == pytest.approx(float(curve.score(labels)), abs=1e-7)
    nearly_all = ((702548.0, 1.0, 1.0, None), (772442.0, 1.0, 1.0, None), (772442.0, 43.0, 1.0, None))
    level, height, rate = curve_at(nearly_all, 100.0, 0.5)
    curve = fan([n for n, *_ in nearly_all], [s for _, s, *_ in nearly_all]).curve
    assert level - height * 3e6**-rate == pytest.approx(float(curve.score(3e6)), abs=1e-7)
    points = ((500.0, 60.0, 1.0, 1.0), (1000.0, 67.0, 2.0, None), (1000.0, 69.0, 1.0, 2.0), (2000.0, 74.0, 3.0, 0.5))
    level, height, rate = curve_at(points, 100.0, 0.5)
    curve = fan([500, 1000, 1000, 2000], [60, 67, 69, 74], runs=[1, 2, 1, 3], sd=[1.0, np.nan, 2.0, 0.5]).curve
    assert level - height * 4000.0**-rate == pytest.approx(float(curve.score(4000.0)), abs=1e-9)


@pytest.mark.slow
@settings(max_examples=examples(25))
@given(
    st.lists(
        st.tuples(st.integers(1, 100_000), st.floats(1, 99.9), st.integers(1, 30), st.none() | st.floats(0, 5)),
        min_size=1,
        max_size=6,
    )
)
@example([(98_666, 99.18, 1, 0.0), (90_446, 99.52, 1, 0.0), (718, 64.48, 23, None), (2, 3.756, 12, 0.0)])
@example([(100_000, 60.0, 30, None), (1, 2.0, 30, 0.0), (3, 50.0, 30, 0.0)])
def test_both_readings_of_a_fan_agree(points: list[tuple[int, float, int, float | None]]) -> None:
    """Whatever the points, one or many, with runs and deviations or without: the two readings draw the same curves."""
    plain = tuple((float(n), s, float(r), sd) for n, s, r, sd in points)
    columns = [list(column) for column in zip(*points, strict=True)]
    sd = [np.nan if one is None else one for one in columns[3]]
    drawn = fan(columns[0], columns[1], runs=columns[2], sd=sd)
    most = float(max(columns[0]))
    middle = Law(*curve_at(plain, 100.0, 0.5))
    for quantile in (0.02, 0.1, 0.5, 0.75, 0.97):
        read_again = spliced(middle, Law(*curve_at(plain, 100.0, quantile)), most)
        for labels in (max(1.0, 0.7 * most), most, 1.2 * most, 2.0 * most, 8.0 * most):
            gained = float(drawn.at(quantile).gain(1.0, labels - 1.0))
            assert read_again.gained(1.0, labels - 1.0) == pytest.approx(gained, rel=1e-6, abs=1e-6)
            score = pytest.approx(read_again.score(labels), rel=1e-6, abs=1e-6)
            assert float(drawn.at(quantile).score(labels)) == score


def test_the_curve_of_a_quantile_lies_where_the_range_says() -> None:
    """P10 and P90 of the gain at eight times the labels are met, curves do not cross, and P50 is the middle one."""
    drawn = fan(LABELS, SCORES)
    assert drawn.at(0.5) == drawn.curve
    gains = {
        u: [float(drawn.at(u, 4000.0).gain(4000.0, n)) for n in (4000.0, 28_000.0)] for u in (0.01, 0.1, 0.5, 0.9, 0.99)
    }
    low, _, high = drawn.gains(4000.0, 32_000.0)
    assert (gains[0.1][1], gains[0.9][1]) == pytest.approx((low, high))
    for at in (0, 1):
        assert [one[at] for one in gains.values()] == sorted(one[at] for one in gains.values())
    assert 0.0 < gains[0.01][0] < gains[0.99][1] < drawn.error


@pytest.mark.parametrize("quantile", [0.02, 0.1, 0.3, 0.7, 0.9, 0.98])
def test_where_labels_were_measured_a_poor_outcome_gains_no_more_than_a_good_one(quantile: float) -> None:
    """From 2,000 labels, half of what was measured, P10 gains as P50 does up to there and less beyond, P90 more; none bends up.

    Drawn each by itself over all labels, P10 and P90 could both gain more than P50 from labels there are already.
    """
    drawn, existing = fan(LABELS, SCORES), 2000.0
    curve = drawn.at(quantile, existing)
    labels = np.geomspace(existing, 32_000.0, 2001)
    apart = curve.gain(existing, labels - existing) - drawn.curve.gain(existing, labels - existing)
    assert (apart >= -1e-12).all() if quantile > 0.5 else (apart <= 1e-12).all()
    assert abs(apart[-1]) > 0.1
    steps = np.diff(curve.gain(existing, labels - existing)) / np.diff(labels)
    steep = curve.marginal(labels)
    assert (np.diff(steep) <= 1e-12).all()
    assert ((steps <= steep[:-1] * (1 + 1e-9)) & (steps >= steep[1:] * (1 - 1e-9))).all()
    for score in np.linspace(float(curve.score(existing)), float(curve.score(32_000.0)), 9)[1:-1]:
        assert float(curve.score(curve.labels_at(float(score)))) == pytest.approx(float(score), abs=1e-9)
    for tolerance in (1.0, 0.01, 0.001):
        cut = chords(curve, existing, 30_000.0, tolerance)
        assert cut.error <= tolerance
        assert cut.lengths.sum() == pytest.approx(30_000.0)
        assert (np.diff(cut.slopes) < 0.0).all()
        under = np.interp(
            labels - existing, np.append(0.0, cut.lengths.cumsum()), np.append(0.0, (cut.lengths * cut.slopes).cumsum())
        )
        over = curve.gain(existing, labels - existing) - under
        assert -1e-9 <= over.min() <= over.max() <= cut.error + 1e-9


def test_past_the_last_label_a_curve_is_used_for_nothing_is_returned() -> None:
    """A plan that has all labels but for rounding is told that the next is worth nothing, not what the curve would go on with."""
    drawn = fan(LABELS, SCORES).curve
    limited = LimitedCurve(drawn, 32_000.0, 4000.0)
    assert float(limited.marginal(32_000.0 * (1.0 - 1e-13))) == 0.0
    assert float(limited.marginal(31_999.0)) == float(drawn.marginal(31_999.0)) > 0.0


@pytest.mark.slow
def test_a_plan_counts_with_the_quantile_that_is_asked() -> None:
    """`quantile: 10%` is worth less than the middle, 90% more; both are verified by the second reading; others are refused."""
    points = [{"labels": n, "score": s} for n, s in zip(LABELS, SCORES, strict=True)]
    case = {
        "case": "fan",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {
            "p": {
                "item": "image",
                "effort": "36 s/image",
                "demand": {"at-most": "100_000 images"},
                "value": {
                    "curve": {"points": points, "fit": "fan"},
                    "worth": "1k USD/point",
                    "existing": "4_000 images",
                },
            }
        },
        "vendors": {"v": {"accuracy": "100%", "contract": {"price": "0.01 USD/image"}}},
    }
    path = "products.p.value.curve.quantile"
    values = [solve(read_case(case, settings={path: u})).plan.value for u in ("10%", "50%", "90%")]
    assert values == sorted(values)
    assert values[1] == solve(case).plan.value
    any_of_them = read_case(case, settings={path: "10% .. 50% .. 90%"})
    drawn = draw(any_of_them).amounts[path]
    assert np.sort(drawn) == pytest.approx(100.0 * (np.arange(1024) + 0.5) / 1024, abs=0.8)
    assert solve(scenario_case(any_of_them, draw(any_of_them), 7)).plan.value != values[1]
    for setting, words in (
        ({path: "0%"}, "between 0% and 100%"),
        ({path: "10%", "products.p.value.curve.fit": "best"}, "of a fan"),
    ):
        with pytest.raises(CaseError, match=words):
            read_case(case, settings=setting)


def test_a_plan_on_a_fan_is_verified_and_says_how_sure_it_is() -> None:
    """The plan stops where labels are taken to add nothing, is verified, and has its value's range."""
    points = [{"labels": n, "score": s} for n, s in zip(LABELS, SCORES, strict=True)]
    curve = {"points": points, "fit": "fan"}
    product = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "100_000 images"}}
    value = {"curve": curve, "worth": "1k USD/point", "existing": "4_000 images"}
    vendor = {"accuracy": "100%", "contract": {"price": "0.01 USD/image"}}
    horizon = {"start": "2027-01-04", "weeks": 1}
    case = {
        "case": "fan",
        "currency": "USD",
        "horizon": horizon,
        "products": {"p": product | {"value": value}},
        "vendors": {"v": vendor},
    }
    answer = solve(case)
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.plan.products["effective_labels"].iloc[0] == pytest.approx(28_000.0)
    known = answer.plan.value_range
    assert known is not None
    assert known.low < known.middle < known.high
    assert known.middle == pytest.approx(answer.plan.value)


def test_a_range_surrounds_the_value_and_says_what_lies_beyond_the_points() -> None:
    """With the plan held: P10 to P90 surround P50, all of a gain beyond the points is named as such, part of one from within."""
    found = value_range(_value(), 12_000.0)
    assert 0.0 <= found.low < found.middle < found.high
    assert found.middle == pytest.approx(_value().money(12_000.0))
    assert found.beyond == pytest.approx(found.middle)
    within = value_range(_value(existing=2000.0), 6_000.0)
    assert within.beyond == pytest.approx(
        _value(existing=2000.0).money(6_000.0) - _value(existing=2000.0).money(2_000.0)
    )
    nothing = value_range(_value(), 0.0)
    assert (nothing.low, nothing.middle, nothing.high, nothing.beyond) == (0.0, 0.0, 0.0, 0.0)


def test_a_gate_is_earned_by_each_curve_for_itself() -> None:
    """A gate that only the high curve reaches is in P90 alone."""
    scores = _value().fan.scores(16_000.0)[:, 0]  # type: ignore[union-attr]
    gate = Gate((scores[1] + scores[2]) / 2.0, 5_000.0, np.inf)
    plain, gated = value_range(_value(), 12_000.0), value_range(_value(gates=(gate,)), 12_000.0)
    assert gated.high == pytest.approx(plain.high + 5_000.0)
    assert gated.low == pytest.approx(plain.low)


def test_measured_points_have_no_range_and_a_formula_has_none_that_is_known() -> None:
    """A table counts what was measured; a formula says nothing of how wrong it may be."""
    table = dataclasses.replace(_value("table"), existing=500.0)
    assert isinstance(table.curve, TableCurve)
    found = value_range(table, 1_000.0)
    assert found.low == found.middle == found.high
    spec = Curve.model_validate({"power-law": {"a": 100, "b": 0.3}})
    curve, _ = curve_of(spec)
    formula = dataclasses.replace(_value(), curve=curve, spec=spec)
    assert not value_range(formula, 1_000.0).is_known


def test_points_above_the_ceiling_have_no_range_and_stop_nothing() -> None:
    """A family that knows no ceiling goes through them; the plan counts it, and its range is not known."""
    points = [{"labels": n, "score": 10.0 * s} for n, s in zip(LABELS, SCORES, strict=True)]
    spec = Curve.model_validate({"points": points, "fit": "logarithmic"})
    curve, _ = curve_of(spec)
    high = dataclasses.replace(_value(), curve=curve, spec=spec, existing=4000.0)
    assert high.fan is None
    assert not value_range(high, 1_000.0).is_known


@pytest.mark.parametrize(
    ("change", "message", "fix"),
    [
        ({"points": [{"labels": 500, "score": 150}]}, "above a ceiling", "write the `ceiling`"),
        (
            {"points": [{"labels": 500, "score": 50}, {"labels": 900, "score": 60}]},
            "labels already",
            "`extrapolate: 100` or more",
        ),
        ({"points": [{"labels": 500, "score": 50, "sd": -1}]}, "is below 0", "write it as in"),
    ],
)
def test_a_fan_that_cannot_be_drawn_says_what_to_write(change: dict[str, object], message: str, fix: str) -> None:
    """A score above the ceiling, more labels there than the fan reaches, a negative deviation: refused, each with its fix."""
    value = {"curve": {"fit": "fan", **change}, "worth": "1k USD/point", "existing": "90_000 images"}
    product = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "100 images"}, "value": value}
    vendor = {"accuracy": "100%", "contract": {"price": "0.01 USD/image"}}
    horizon = {"start": "2027-01-04", "weeks": 1}
    case = {"case": "fan", "currency": "USD", "horizon": horizon, "products": {"p": product}, "vendors": {"v": vendor}}
    with pytest.raises(CaseError) as refused:
        solve(case)
    (problem,) = refused.value.problems
    assert message in problem.message
    assert fix in (problem.fix or "")


def test_several_products_are_wrong_independently() -> None:
    """The range of a sum is the root of the sum of squares of the distances to each side."""
    both = together({0: ValueRange(7.0, 10.0, 14.0, 1.0), 1: ValueRange(6.0, 10.0, 13.0, 2.0)})
    assert (both.low, both.middle, both.high, both.beyond) == (15.0, 20.0, 25.0, 3.0)
