"""Value curves of a case: money along them, how far labels can reach, pieces within the stated error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import CaseError, read_case, routes
from allocate.case.load import Case
from allocate.costing.value.values import ProductValue, curve_of, product_values, reachable_labels

POINTS = [{"labels": 1000, "score": 50}, {"labels": 2000, "score": 60}, {"labels": 4000, "score": 70}]
LAW = {"power-law": {"a": 100, "b": 0.5, "c": 2}}


def case_of(value: dict[str, Any] | None = None, **changes: Any) -> Case:
    """One product worth 200 USD/point along a table, a vendor 80 % right at 0.5 USD/image."""
    worth = {"curve": POINTS, "worth": "200 USD/point", "existing": "1000 images", **(value or {})}
    product = {"item": "image", "effort": "36 s/image", "value": worth}
    product.update(changes.pop("product", {}))
    vendor = {"contract": {"price": "0.5 USD/image"}, "accuracy": "80%", **changes.pop("vendor", {})}
    base = {"case": "one", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 2}}
    return read_case({**base, "products": {"p": product}, "vendors": {"v": vendor}, **changes})


def value_of(value: dict[str, Any] | None = None, **changes: Any) -> ProductValue:
    """The value of the only product."""
    case = case_of(value, **changes)
    return product_values(case, routes(case))[0]


def test_money_follows_the_table() -> None:
    """From 1,000 labels: 500 more are half of the first 10 points: 1,000 USD; 3,000 more are 20 points: 4,000 USD."""
    one = value_of()
    assert one.money(500) == pytest.approx(1000)
    assert one.money(3000) == pytest.approx(4000)
    assert one.error == 0.0


def test_nothing_is_counted_beyond_the_table() -> None:
    """Past its last point a table gives no more: the labels that count end there."""
    one = value_of()
    assert one.reach == 3000
    assert one.money(9000) == pytest.approx(4000)


def test_a_curve_may_state_errors() -> None:
    """An error of 40 points is a score of 60 under the ceiling of 100."""
    points = [{"labels": 0, "error": 50}, {"labels": 1000, "error": 40}]
    curve, spread = curve_of(case_of({"curve": points}).products["p"].value.curve)  # type: ignore[union-attr]
    assert float(curve.score(1000)) == 60.0
    assert np.isnan(spread)


def test_money_follows_the_power_law() -> None:
    """error = 100 n^-0.5 + 2: from 100 to 400 labels 10 - 5 = 5 points, 1,000 USD."""
    one = value_of({"curve": LAW, "existing": "100 images"}, budget="1000 USD")
    assert one.money(300) == pytest.approx(1000)
    assert one.labels_for(93.0) == pytest.approx(300)


def test_pieces_of_a_power_law_keep_the_stated_error() -> None:
    """The pieces understate the money by no more than `error`, which is within the case's tolerance."""
    one = value_of({"curve": LAW, "existing": "100 images"}, budget="1000 USD", **{"value-tolerance": "0.1%"})
    joints = np.concatenate([[0.0], np.cumsum(one.segments.lengths)])
    pieces = np.concatenate([[0.0], np.cumsum(one.segments.lengths * one.segments.slopes)]) * one.worth
    at = np.linspace(0, one.reach, 5001)
    short = np.array([one.money(n) for n in at]) - np.interp(at, joints, pieces)
    assert short.min() > -1e-9
    assert short.max() == pytest.approx(one.error, rel=1e-2)
    assert one.error <= 0.001 * one.money(one.reach)


def test_a_fit_goes_through_points_of_a_power_law() -> None:
    """Points on error = 100 n^-0.5 are fitted exactly: the spread is nought."""
    points = [{"labels": n, "error": 100 * n**-0.5} for n in (100, 400, 1600)]
    one = value_of({"curve": {"points": points, "fit": "power-law"}, "existing": "100 images"}, budget="1000 USD")
    assert one.spread == pytest.approx(0.0, abs=1e-9)
    assert one.money(300) == pytest.approx(1000)


def test_worth_in_another_currency() -> None:
    """200 EUR a point at 1.10 are 220 USD."""
    assert value_of({"worth": "200 EUR/point"}, exchange={"EUR": "1.10 USD"}).worth == pytest.approx(220)


def test_labels_for_a_score() -> None:
    """60 points need 1,000 more labels, 65 need 2,000; 50 are there already; 71 are out of reach."""
    one = value_of()
    assert [one.labels_for(score) for score in (50, 60, 65, 71)] == [0.0, 1000.0, 2000.0, np.inf]


def reach_of(**changes: Any) -> float:
    """Most labels the only product can get."""
    case = case_of({"curve": LAW, "existing": "100 images"}, **changes)
    return float(reachable_labels(case, routes(case))[0])


def test_labels_reach_as_far_as_demand_money_and_capacity() -> None:
    """80 % of 1,000 images; 1,000 USD at 0.5 USD for 0.8 labels; 2 weeks of 10 h at 36 s an image."""
    assert reach_of(product={"demand": {"at-most": "1000 images"}}) == pytest.approx(800)
    assert reach_of(budget="1000 USD") == pytest.approx(1600)
    assert reach_of(budget={"per-week": "250 USD"}) == pytest.approx(800)
    assert reach_of(vendor={"capacity": "10 h/week"}) == pytest.approx(2 * 1000 * 0.8)
    assert reach_of(vendor={"capacity": "300 images/week"}) == pytest.approx(2 * 300 * 0.8)
    assert reach_of(vendor={"capacity": "300 images"}) == pytest.approx(300 * 0.8)
    assert reach_of(vendor={"capacity": "10 h/week"}, budget="100 USD") == pytest.approx(160)


def test_a_vendor_without_limit_has_no_end() -> None:
    """With nothing to stop it labels could grow for ever: a table still ends, a power law is refused."""
    assert reach_of() == np.inf
    assert value_of().reach == 3000
    with pytest.raises(CaseError, match="nothing limits how many labels"):
        value_of({"curve": LAW, "existing": "100 images"})


def test_labels_that_train_nothing_reach_nothing() -> None:
    """Labels of two classes right half of the time are noise: none of them counts, however many there are."""
    assert reach_of(product={"classes": 2}, vendor={"accuracy": "50%"}) == 0.0


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"curve": LAW, "existing": None}, "below one label"),
        ({"curve": [*POINTS, {"labels": 5000, "score": 60}]}, "products.p.value"),
        ({"existing": "10 images"}, "products.p.value"),
        ({"curve": {"points": POINTS[:1], "fit": "power-law"}}, "2 different numbers of labels"),
    ],
)
def test_curves_that_cannot_be_used_are_problems(value: dict[str, Any], message: str) -> None:
    """No labels to start from, a curve that falls, a start before the table, too few points: the case says which."""
    with pytest.raises(CaseError, match=message):
        value_of(value, budget="100k USD")
