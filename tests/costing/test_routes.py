"""The routes table: every column of it worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import CaseError, read_case, routes
from allocate.case.load import Case
from allocate.costing.route_periods import by_period_table
from allocate.costing.table import Routes
from allocate.tables.column import names
from allocate.tables.routes import ROUTES

BOX_SECONDS = 7.4  # standard time of one bounding box in the annotation model


def case_of(**changes: Any) -> Case:
    """One product of 30 s/image with one vendor at 1 USD/image, changed as told."""
    product: dict[str, Any] = {"item": "image", "effort": "30 s/image", "demand": "1000 images"}
    vendor: dict[str, Any] = {"contract": {"price": "1 USD/image"}, "accuracy": "90%"}
    case: dict[str, Any] = {
        "case": "one",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 3},
    }
    product.update(changes.pop("product", {}))
    vendor.update(changes.pop("vendor", {}))
    return read_case({**case, "products": {"p": product}, "vendors": {"v": vendor}, **changes})


def ways_of(**changes: Any) -> Routes:
    """Routes of the one product, changed as told."""
    return routes(case_of(**changes))


def with_price(price: str, workflow: Any = None, **changes: Any) -> float:
    """Price of one item of 30 s with 3 boxes in it, with two adjudicated passes unless told otherwise."""
    double = {"double": {"passes": 2, "adjudicate": {"accuracy": "95%", "time": "0 s/image"}}}
    product = {"task": "image.bounding-box", "item": "image", "drivers": {"box": "3/image"}, "effort": "30 s/image"}
    found = ways_of(
        product=product,
        vendor={"contract": {"price": price}},
        workflows=workflow or double,
        **{"review-team": {"wage": "40 USD/h"}},
        **changes,
    )
    return float(found.price[0, 0])


def test_price_per_item_counts_every_pass() -> None:
    """A price per image is for one pass: two passes cost it twice."""
    assert with_price("0.50 USD/image") == pytest.approx(1.0)


def test_price_per_billable_unit_counts_the_units_in_an_item() -> None:
    """63 USD/1000 boxes, 3 boxes an image, 2 passes: 0.063 x 3 x 2 = 0.378 USD/image."""
    assert with_price("63 USD/1000 boxes") == pytest.approx(0.378)


def test_price_per_label_counts_passes() -> None:
    """A label is one pass over an item: two passes are two labels."""
    assert with_price("0.08 USD/label") == pytest.approx(0.16)


def test_price_per_hour_counts_hours_of_all_passes() -> None:
    """12 USD/h, 30 s an image, 2 passes: 12 x 60 / 3600 = 0.20 USD/image."""
    assert with_price("12 USD/h") == pytest.approx(0.20)


def test_price_per_equivalent_unit_counts_work_content() -> None:
    """0.10 USD/EU, 30 / 7.4 EU an image, 2 passes."""
    assert with_price("0.10 USD/EU") == pytest.approx(0.1 * 30 / BOX_SECONDS * 2)


def test_basis_names_what_the_price_counts() -> None:
    """The basis column says hour, box, or the item's noun."""
    assert ways_of(vendor={"contract": {"price": "12 USD/h"}}).basis == ("hour",)
    assert ways_of().basis == ("image",)


def test_standard_time_is_the_time_equation_of_the_task() -> None:
    """1.25 x 5 boxes x 7.4 s = 46.25 s, which is 6.25 equivalent units."""
    product = {"task": "image.bounding-box", "drivers": {"box": "5/image"}, "complexity": {"dense-scenes": 1.25}}
    found = ways_of(product={**product, "item": None, "effort": None})
    np.testing.assert_allclose(found.standard_time * 3600, [46.25])
    np.testing.assert_allclose(found.equivalent_units, [6.25])


def test_pace_stands_before_productivity() -> None:
    """A measured pace of 100 images/h is 0.01 h an image, whatever the standard time."""
    rates = [{"product": "p", "vendor": "v", "pace": "100 images/h", "productivity": "50%"}]
    np.testing.assert_allclose(ways_of(rates=rates).hours, [0.01])


def test_productivity_divides_hours() -> None:
    """80 % productivity makes 30 s of standard time 37.5 s of paid time."""
    np.testing.assert_allclose(ways_of(vendor={"productivity": "80%"}).hours * 3600, [37.5])


def test_model_defaults_stand_in_where_nothing_is_said() -> None:
    """Accuracy and productivity blank in case and rates are the annotation model's 96.7 % and 100 %."""
    found = ways_of(vendor={"accuracy": None})
    np.testing.assert_allclose(found.accuracy, [0.967])
    np.testing.assert_allclose(found.hours * 3600, [30.0])


def test_rates_stand_before_the_vendor() -> None:
    """A line's price and accuracy replace the vendor's."""
    found = ways_of(rates=[{"product": "p", "vendor": "v", "price": "2 USD/image", "accuracy": "80%"}])
    assert (found.price[0, 0], found.accuracy[0]) == (2.0, 0.8)


SAMPLED: dict[str, Any] = {"review": {"share": "5%", "time": "30 s/image"}}


def test_sampling_costs_review_labour() -> None:
    """5 % of the images x 30 s x 40 USD/h = 0.016667 USD/image."""
    found = ways_of(workflows={"sampled": SAMPLED}, **{"review-team": {"wage": "40 USD/h"}})
    np.testing.assert_allclose(found.review_cost, 0.05 * 30 * 40 / 3600)
    assert found.review_cost[0, 0] == pytest.approx(0.016667, abs=5e-7)
    np.testing.assert_allclose(found.unit_cost, 1.0 + 0.05 * 30 * 40 / 3600)


def reviewed(rework: str, **changes: Any) -> Routes:
    """Every image reviewed in 10 s at 36 USD/h, 80 % of the errors found, 90 % right before."""
    review = {"share": "100%", "catch": "80%", "accuracy": "95%", "time": "10 s/image", "rework": rework}
    return ways_of(workflows={"full": {"review": review}}, **{"review-team": {"wage": "36 USD/h"}}, **changes)


def test_rework_by_the_vendor_repeats_hours_and_review() -> None:
    """8 % rejected: 1 / 0.92 passes in hours and reviews; accuracy 0.9 / 0.92; unpaid where billed by the image."""
    found = reviewed("vendor")
    np.testing.assert_allclose(found.accuracy, [0.9 / 0.92])
    np.testing.assert_allclose(found.hours * 3600, [30 / 0.92])
    np.testing.assert_allclose(found.review_cost, 0.1 / 0.92)
    np.testing.assert_allclose(found.price, 1.0)
    np.testing.assert_allclose(found.rework, 0.0)


def test_rework_is_paid_where_the_contract_says_so() -> None:
    """With `rework-paid: yes` the image costs 1 / 0.92, of which 0.08 / 0.92 is rework."""
    found = reviewed("vendor", vendor={"contract": {"price": "1 USD/image", "rework-paid": True}})
    np.testing.assert_allclose(found.price, 1 / 0.92)
    np.testing.assert_allclose(found.rework, 1 / 0.92 - 1)


def test_rework_is_paid_when_billed_by_the_hour() -> None:
    """12 USD/h: hours of rework are on the invoice; with `rework-paid: no` they are not."""
    hourly = reviewed("vendor", vendor={"contract": {"price": "12 USD/h"}})
    np.testing.assert_allclose(hourly.price, 0.1 / 0.92)
    free = reviewed("vendor", vendor={"contract": {"price": "12 USD/h", "rework-paid": False}})
    np.testing.assert_allclose(free.price, 0.1)


def test_rework_by_the_reviewer_costs_the_reviewers_time() -> None:
    """8 % corrected in the standard 30 s on top of 10 s each: 12.4 s; right: 0.9 + 0.1 x 0.8 x 0.95 = 0.976."""
    found = reviewed("reviewer")
    np.testing.assert_allclose(found.accuracy, [0.976])
    np.testing.assert_allclose(found.review_hours * 3600, [10 + 0.08 * 30])
    np.testing.assert_allclose(found.hours * 3600, [30.0])


def test_adjudication_costs_the_share_that_disagrees() -> None:
    """Passes of 90 % that err alike never agree on a wrong shape: 1 - 0.81 = 19 % adjudicated at 60 s."""
    workflows = {"double": {"passes": 2, "adjudicate": {"accuracy": "100%", "time": "60 s/image"}}}
    found = ways_of(workflows=workflows, **{"review-team": {"wage": "60 USD/h"}})
    np.testing.assert_allclose(found.review_cost, 0.19)
    np.testing.assert_allclose(found.accuracy, [1.0])
    np.testing.assert_allclose(found.hours * 3600, [60.0])


def test_majority_of_three_passes() -> None:
    """Three independent passes of 90 %: 0.9^3 + 3 x 0.9^2 x 0.1 = 0.972, three prices, three times the hours."""
    found = ways_of(workflows={"majority": {"passes": 3, "majority": True}})
    np.testing.assert_allclose(found.accuracy, [0.972])
    np.testing.assert_allclose(found.price, 3.0)
    np.testing.assert_allclose(found.hours * 3600, [90.0])


def test_pre_labelling_saves_time_and_costs_an_api_price() -> None:
    """Factor 0.4 on hours, 0.01 USD an image for the service, 2 points less accuracy."""
    before = {"time-factor": 0.4, "cost": "0.01 USD/image", "accuracy-change": "2 points"}
    found = ways_of(workflows={"pre": {"pre-label": before}})
    np.testing.assert_allclose(found.hours * 3600, [12.0])
    np.testing.assert_allclose(found.usage, 0.01)
    np.testing.assert_allclose(found.accuracy, [0.92])
    np.testing.assert_allclose(found.unit_cost, 1.01)


@pytest.mark.parametrize(
    ("fee", "expected"),
    [("20%", 2 * 0.2), ("0.03 USD/image", 0.03), ("6 USD/h", 0.1), ("0.01 USD/label", 0.02), ("0.005 USD/box", 0.03)],
)
def test_platform_fees(fee: str, expected: float) -> None:
    """A fee is a share of the price, or money per image, hour, label or box; 2 passes of 30 s over 3 boxes."""
    found = ways_of(
        product={"task": "image.bounding-box", "drivers": {"box": "3/image"}},
        vendor={"platform-fee": fee},
        workflows={"double": {"passes": 2, "adjudicate": {"accuracy": "95%", "time": "0 s/image"}}},
        **{"review-team": {"wage": "40 USD/h"}},
    )
    np.testing.assert_allclose(found.platform_fee, expected)
    np.testing.assert_allclose(found.unit_cost, 2 + expected)


def finished(**rate: Any) -> Routes:
    """Two adjudicated passes with a rate line that names the workflow."""
    workflow = {"passes": 2, "adjudicate": {"accuracy": "100%", "time": "0 s/image"}}
    line = {"product": "p", "vendor": "v", "workflow": "double", **rate}
    return ways_of(workflows={"double": workflow}, rates=[line], **{"review-team": {"wage": "40 USD/h"}})


def test_rates_of_a_workflow_are_for_the_finished_item() -> None:
    """A line that names its workflow states price, pace and accuracy of the finished item: no pass is added."""
    found = finished(price="1.50 USD/image", pace="50 images/h", accuracy="93%")
    assert (found.price[0, 0], found.hours[0], found.accuracy[0]) == (1.5, 0.02, 0.93)


def test_blanks_of_a_workflows_rate_still_go_through_the_workflow() -> None:
    """What such a line leaves blank is a pass's figure, and the workflow applies: two passes, adjudicated."""
    found = finished(price="1.50 USD/image")
    np.testing.assert_allclose(found.hours * 3600, [60.0])
    np.testing.assert_allclose(found.accuracy, [1.0])
    np.testing.assert_allclose(finished(accuracy="93%").price, 2.0)


def test_a_line_for_a_workflow_stands_before_a_general_one() -> None:
    """The general line serves the other workflows of the menu only."""
    rates = [
        {"product": "p", "vendor": "v", "price": "1 USD/image"},
        {"product": "p", "vendor": "v", "workflow": "majority", "price": "2.50 USD/image"},
    ]
    menu = {"once": {}, "majority": {"passes": 3, "majority": True}}
    found = ways_of(workflows=menu, rates=rates)
    assert found.price[:, 0].tolist() == [1.0, 2.5]
    assert found.line.tolist() == [0, 1]


def test_escaped_errors_cost_but_are_not_spent() -> None:
    """0.40 USD an error, 90 % right: 0.04 USD an image, not in the unit cost."""
    found = ways_of(product={"error-cost": "0.40 USD/image"})
    np.testing.assert_allclose(found.error_cost, 0.04)
    np.testing.assert_allclose(found.unit_cost, 1.0)


def test_true_cost_and_cost_per_equivalent_unit() -> None:
    """1 USD / 90 % right = 1.1111 USD per accurate image; 30 / 7.4 EU make it 0.24667 USD/EU."""
    table = ways_of().table
    assert table["unit_cost_per_accurate_item"].tolist() == pytest.approx([1 / 0.9])
    assert table["unit_cost_per_eu"].tolist() == pytest.approx([BOX_SECONDS / 30])


@pytest.mark.parametrize(("classes", "expected"), [(None, 0.9), (2, 0.64), (5, 0.765625)])
def test_effective_labels_depend_on_classes(classes: int | None, expected: float) -> None:
    """An image counts by its accuracy, or with C classes by (1 - 0.1 C/(C-1))^2."""
    np.testing.assert_allclose(ways_of(product={"classes": classes}).effective, [expected])


def test_lead_is_rounded_up_to_whole_periods() -> None:
    """Eight days are two weeks; a line's lead stands before its vendor's."""
    assert ways_of(vendor={"lead": "8 days"}).lead.tolist() == [2]
    rates = [{"product": "p", "vendor": "v", "lead": "1 week"}]
    assert ways_of(vendor={"lead": "8 days"}, rates=rates).lead.tolist() == [1]


def test_every_column_of_the_table_is_explained() -> None:
    """The table has the columns of its legend, in its order."""
    assert list(ways_of().table.columns) == names(ROUTES)[:-1]


def test_amounts_by_period_follow_exchange_rates() -> None:
    """A price in EUR moves with its rate, week by week, in the table by period."""
    exchange = {"EUR": [{"rate": "1.10 USD"}, {"from": "week 3", "rate": "1.20 USD"}]}
    case = case_of(vendor={"contract": {"price": "1 EUR/image"}}, exchange=exchange)
    table = by_period_table(case, routes(case))
    assert table["week"].tolist() == [1, 2, 3]
    assert table["unit_cost"].tolist() == pytest.approx([1.1, 1.1, 1.2])


def test_a_product_nobody_serves_is_a_problem() -> None:
    """A rate for a workflow that is not on the product's menu serves nobody, and is said so."""
    rates = [{"product": "p", "vendor": "v", "workflow": "double-adjudicated", "price": "1 USD/image"}]
    with pytest.raises(CaseError, match="no rate for p is for a workflow of its menu"):
        ways_of(rates=rates, workflows=["single-pass"], **{"review-team": {"wage": "40 USD/h"}})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vendor": {"platform-fee": "0.01 USD/page"}}, "the platform fee of v .* is per page"),
        (
            {"workflows": {"pre": {"pre-label": {"time-factor": 1, "cost": "0.01 USD/page"}}}},
            "'pre' has '0.01 USD/page', and p counts images",
        ),
        ({"vendor": {"productivity": "0%"}}, "a productivity of 0 never finishes"),
    ],
)
def test_amounts_that_do_not_fit_the_product_are_problems(changes: dict[str, Any], message: str) -> None:
    """A fee or price per something the product does not have is refused, never counted as nought or one."""
    with pytest.raises(CaseError, match=message):
        ways_of(**changes)


def test_rework_without_end_is_a_problem() -> None:
    """A review that rejects everything leaves the vendor working for ever: refused in the case's words."""
    review = {"share": "100%", "catch": "100%", "false-reject": "100%", "time": "1 s/image", "rework": "vendor"}
    with pytest.raises(CaseError, match="p with v, full"):
        ways_of(workflows={"full": {"review": review}}, **{"review-team": {"wage": "36 USD/h"}})
