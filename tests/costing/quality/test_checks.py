"""How items are checked: lots, gold items, and accuracies that count with a confidence."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import CaseError, read_case, routes, solve
from allocate.case.load import Case
from allocate.costing.quality.estimates import at_least
from allocate.costing.quality.sampling import LotPlan, inspected
from allocate.costing.table import Routes

REVIEW = {"catch": "80%", "accuracy": "100%", "time": "9 s/image", "rework": "reviewer"}
LOTS = {"size": 500, "sample": 50, "accept": 1}


def case_of(review: dict[str, Any] | None = None, **changes: Any) -> Case:
    """One product of 36 s/image, one vendor right in 95 of 100 items, checked as told."""
    product: dict[str, Any] = {"item": "image", "effort": "36 s/image", "demand": "1000 images"}
    vendor: dict[str, Any] = {"contract": {"price": "1 USD/image"}, "accuracy": "95%"}
    product.update(changes.pop("product", {}))
    vendor.update(changes.pop("vendor", {}))
    workflow = {**changes.pop("workflow", {}), **({"review": {**REVIEW, **review}} if review else {})}
    base: dict[str, Any] = {
        "case": "checking",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "review-team": {"wage": "40 USD/h"},
        "workflows": {"way": workflow},
    }
    vendors = {"v": vendor, **changes.pop("vendors", {})}
    return read_case({**base, "products": {"p": product}, "vendors": vendors, **changes})


def ways_of(*arguments: Any, **changes: Any) -> Routes:
    """The one route."""
    return routes(case_of(*arguments, **changes))


def problems_of(*arguments: Any, **changes: Any) -> str:
    """The problems of a case, in one text."""
    with pytest.raises(CaseError) as caught:
        routes(case_of(*arguments, **changes))
    return "\n".join(f"{problem.message} = {problem.fix}" for problem in caught.value.problems)


def test_lots_are_looked_at_as_their_plan_says() -> None:
    """Items found wrong are 5 % x 80 %; the share looked at, times 9 s, is the review time, and what it catches is corrected."""
    share = float(inspected(LotPlan(50, 1, 500), 0.05 * 0.8))
    found = ways_of({"lots": LOTS})
    assert share > 0.6  # at 4 % found wrong most lots fail and are checked whole
    assert found.review_hours[0] == pytest.approx(share * 9 / 3600 + share * 0.05 * 0.8 * 36 / 3600)
    assert found.accuracy[0] == pytest.approx(0.95 + 0.05 * share * 0.8)


def test_the_smallest_plan_for_two_risks_is_taken() -> None:
    """Lots by their risks are the same as lots by the smallest plan that keeps them."""
    asked = ways_of({"lots": {"size": 500, "good": "1%", "bad": "8%"}})
    plan = ways_of({"lots": {"size": 500, "sample": 65, "accept": 2}})
    assert asked.review_hours[0] == pytest.approx(plan.review_hours[0])
    assert asked.accuracy[0] == pytest.approx(plan.accuracy[0])


def test_a_lot_checked_whole_is_a_full_review() -> None:
    """A sample of the whole lot is a review of every item."""
    lots, full = ways_of({"lots": {"size": 50, "sample": 50, "accept": 0}}), ways_of({"share": "100%"})
    assert lots.accuracy[0] == pytest.approx(full.accuracy[0])
    assert lots.review_hours[0] == pytest.approx(full.review_hours[0])


@pytest.mark.parametrize(
    ("lots", "says"),
    [
        ({"size": 500}, "either sample and accept, or good and bad"),
        ({"size": 500, "sample": 50}, "either sample and accept, or good and bad"),
        ({**LOTS, "good": "1%"}, "either sample and accept, or good and bad"),
        ({**LOTS, "good": "1%", "bad": "8%"}, "either sample and accept, or good and bad"),
        ({"size": 40, "sample": 50, "accept": 1}, "a sample of 50 is larger than the lot of 40"),
        ({"size": 500, "sample": 50, "accept": 50}, "accept allows the whole sample to be wrong"),
        ({"size": 500, "good": "8%", "bad": "1%"}, "good is not below bad"),
        ({"size": 50, "good": "1%", "bad": "2%"}, "no plan within a lot of 50 items keeps both risks"),
    ],
)
def test_lots_that_cannot_be_checked(lots: dict[str, Any], says: str) -> None:
    """A plan that is half written, out of order or beyond its lot is a problem with a fix."""
    assert says in problems_of({"lots": lots})


def test_a_review_has_a_share_or_lots() -> None:
    """Neither and both are refused."""
    assert "either share or lots" in problems_of({"false-reject": "1%"})
    assert "either share or lots" in problems_of({"share": "5%", "lots": LOTS})


def test_gold_items_are_made_and_paid_but_not_delivered() -> None:
    """With 20 % gold items 1.25 are made for each one delivered: hours, price and fee rise by that, accuracy does not."""
    vendor = {"platform-fee": "0.10 USD/image"}
    plain, gold = ways_of(vendor=vendor), ways_of(vendor=vendor, workflow={"gold": {"share": "20%"}})
    assert gold.hours[0] == pytest.approx(1.25 * plain.hours[0])
    assert gold.price[0, 0] == pytest.approx(1.25)
    assert gold.platform_fee[0, 0] == pytest.approx(0.125)
    assert gold.rework[0, 0] == pytest.approx(0.0)
    assert gold.accuracy[0] == plain.accuracy[0]


def test_gold_items_are_paid_by_the_hour_too() -> None:
    """A price per hour counts the hours of gold items, once."""
    by_hour = {"contract": {"price": "20 USD/h"}}
    gold = ways_of(vendor=by_hour, workflow={"gold": {"share": "20%"}})
    assert gold.price[0, 0] == pytest.approx(20 * 1.25 * 36 / 3600)


def test_nothing_but_gold_items_delivers_nothing() -> None:
    """A share of 100 % is refused."""
    assert "nothing is delivered" in problems_of(workflow={"gold": {"share": "100%"}})


def test_audits_of_agreement_are_made_and_paid_but_not_delivered() -> None:
    """With 10 % labelled twice 1.1 are made for each item, with gold items beside it 1.1 / 0.8; accuracy stays."""
    plain, audited = ways_of(), ways_of(workflow={"agreement": {"share": "10%"}})
    both = ways_of(workflow={"agreement": {"share": "10%"}, "gold": {"share": "20%"}})
    assert audited.hours[0] == pytest.approx(1.1 * plain.hours[0])
    assert audited.price[0, 0] == pytest.approx(1.1)
    assert both.hours[0] == pytest.approx(1.375 * plain.hours[0])
    assert audited.accuracy[0] == both.accuracy[0] == plain.accuracy[0]


@pytest.mark.parametrize(("checks", "items"), [({"agreement": 0.1}, 1.0), ({"agreement": 0.1, "gold": 0.2}, 1.25)])
def test_apis_and_platforms_ask_for_an_item_once(checks: dict[str, float], items: float) -> None:
    """An audit's second label uses the proposals of the first; gold items are items of their own. Passes do not count either."""
    workflow = {name: {"share": share} for name, share in checks.items()}
    found = ways_of(
        workflow={**workflow, "pre-label": {"time-factor": 0.5, "cost": "0.1 USD/image"}},
        vendor={"platform-fee": "0.02 USD/image"},
    )
    assert found.usage[0, 0] == pytest.approx(0.1 * items)
    assert found.platform_fee[0, 0] == pytest.approx(0.02 * items)
    labels = ways_of(workflow=workflow, vendor={"platform-fee": "0.02 USD/label"})
    assert labels.platform_fee[0, 0] == pytest.approx(0.02 * 1.1 * items)


def test_passes_show_their_agreement_by_themselves() -> None:
    """A workflow of several passes needs no audit."""
    assert "agree by themselves" in problems_of(workflow={"passes": 3, "majority": True, "agreement": {"share": "5%"}})


def test_an_accuracy_with_confidence_counts_what_was_checked() -> None:
    """95 % measured on 400 items counts, at 95 % confidence, as Wilson's lower bound sent through the same review."""
    product = {"accuracy": {"at-least": "90%", "confidence": "95%"}}
    found = ways_of({"share": "50%"}, product=product, vendor={"checked": 400})
    low = float(at_least(0.95, 400, 0.95))
    assert low == pytest.approx(0.92886, abs=5e-6)
    assert found.assured[0] == pytest.approx(low + (1 - low) * 0.5 * 0.8)
    assert found.accuracy[0] == pytest.approx(0.95 + 0.05 * 0.5 * 0.8)


def test_few_checked_items_cannot_show_a_high_accuracy() -> None:
    """95 % on 60 items does not reach 92 % with confidence, on 2,000 items it does."""
    product = {"accuracy": {"at-least": "92%", "confidence": "95%"}}
    few, many = (solve(case_of(product=product, vendor={"checked": count})) for count in (60, 2_000))
    assert few.status == "infeasible"
    assert many.status == "optimal"


def test_a_confidence_needs_a_count() -> None:
    """Where nothing says on how many items an accuracy was measured, a floor with confidence is a problem."""
    says = problems_of(product={"accuracy": {"at-least": "92%", "confidence": "95%"}})
    assert "nothing says on how many items it was measured" in says
    assert "checked: 400" in says
    assert "from 50% to below 100%" in problems_of(product={"accuracy": {"at-least": "92%", "confidence": "100%"}})


def two_vendors(of: str) -> Case:
    """A cheap vendor at 90 % and a dear one at 98 %, and a floor of 93 %."""
    return case_of(
        product={"accuracy": {"at-least": "93%", "of": of}},
        vendor={"accuracy": "98%", "contract": {"price": "2 USD/image"}},
        vendors={"w": {"accuracy": "90%", "contract": {"price": "1 USD/image"}}},
    )


def test_an_average_floor_mixes_vendors() -> None:
    """Three eighths from the dear vendor bring the average to 93 %: 375 x 2 + 625 x 1 = 1,375 USD."""
    answer = solve(two_vendors("average"))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(1375.0)


def test_a_floor_of_each_vendor_leaves_the_bad_one_out() -> None:
    """A vendor at 90 % cannot keep 93 % by itself: all 1,000 come from the other, for 2,000 USD."""
    answer = solve(two_vendors("each-vendor"))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(2000.0)
    assert answer.verification is not None
    assert answer.verification.holds


def test_a_floor_of_each_delivery_holds_in_every_week() -> None:
    """The dear vendor has no hours after the first week, so the cheap one, which needs it, has none of use either.

    300 items of the dear one carry 500 of the cheap one: (98 - 93) x 300 = (93 - 90) x 500. The cheap one makes 300 a week,
    so the 800 items need its second week, whose delivery it cannot carry alone.
    """
    weeks = {"ramp": ["100%", "0%", "0%"], "capacity": "3 h/week"}
    dear = {"accuracy": "98%", "contract": {"price": "2 USD/image"}, **weeks}
    cheap = {"w": {"accuracy": "90%", "contract": {"price": "1 USD/image"}}}
    for of, possible in (("each-delivery", False), ("average", True)):
        product = {"accuracy": {"at-least": "93%", "of": of}, "demand": "800 images"}
        slow = {"w": {**cheap["w"], "capacity": "3 h/week"}}
        case = case_of(product=product, vendor=dear, vendors=slow)
        assert (solve(case).status == "optimal") == possible
