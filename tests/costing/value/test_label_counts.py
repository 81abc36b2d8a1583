"""Points of a curve by source: what a label of a vendor or workflow counts for, as measured, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import CaseError, read_case, routes, solve
from allocate.case.schema import Curve
from allocate.costing.value.label_counts import label_counts
from allocate.verification.work_content.item import label_worth

OWN = [
    {"labels": 1_000, "score": 60},
    {"labels": 2_000, "score": 66},
    {"labels": 4_000, "score": 71},
    {"labels": 8_000, "score": 75},
]
HALF = [{"labels": 2_000, "score": 60, "vendor": "crowd"}, {"labels": 8_000, "score": 71, "vendor": "crowd"}]
"""Twice the labels for the same score."""


def _case(points: list[dict[str, Any]], **changed: Any) -> dict[str, Any]:
    value = {"curve": {"points": points, "fit": "fan"}, "worth": "500 USD/point", "existing": "4_000 images"}
    return {
        "case": "sources",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "net-value",
        "workflows": ["single-pass", "majority-3"],
        "products": {
            "cats": {"item": "image", "effort": "10 s/image", "demand": {"at-most": "9_000 images"}, "value": value}
        },
        "vendors": {
            "expert": {"accuracy": "98%", "contract": {"price": "0.20 USD/image"}},
            "crowd": {"accuracy": "97%", "contract": {"price": "0.12 USD/image"}},
        },
        **changed,
    }


def test_a_label_counts_for_what_has_the_same_score() -> None:
    """2,000 and 8,000 labels of the crowd score what 1,000 and 4,000 of the product's own do: each counts for a half."""
    (count,) = label_counts(Curve.model_validate({"points": [*OWN, *HALF], "fit": "fan"})).values()
    assert (count.count, count.least, count.most, count.points) == pytest.approx((0.5, 0.5, 0.5, 2))


def test_between_points_labels_are_read_off_a_straight_line_in_their_logarithm() -> None:
    """63 lies halfway from 60 to 66: the square root of 1,000 x 2,000 labels; two points weigh by their runs."""
    points = [
        {"labels": 1_500, "score": 63, "vendor": "crowd", "runs": 3},
        {"labels": 2_000, "score": 66, "vendor": "crowd"},
    ]
    (count,) = label_counts(Curve.model_validate({"points": [*OWN, *points]})).values()
    first = (1_000 * 2_000) ** 0.5 / 1_500
    assert count.least == pytest.approx(first)
    assert count.count == pytest.approx(first**0.75)


def test_the_most_specific_source_counts_on_both_sides() -> None:
    """Points of vendor and workflow come before those of the vendor alone; costing and verification say the same."""
    both = [{"labels": 4_000, "score": 66, "vendor": "crowd", "workflow": "single-pass"}]
    how = [{"labels": 1_000, "score": 66, "workflow": "majority-3"}]
    case = read_case(_case([*OWN, *HALF, *both, *how]))
    table = routes(case).table.set_index(["vendor", "workflow"])["effective_labels"]
    assert table["crowd", "single-pass"] == pytest.approx(0.5)
    assert table["crowd", "majority-3"] == pytest.approx(0.5)
    assert table["expert", "majority-3"] == pytest.approx(2.0)
    assert table["expert", "single-pass"] == pytest.approx(0.98)
    for (vendor, workflow), effective in table.items():
        found = label_worth(case.products["cats"], ("cats", vendor, workflow))
        assert effective == pytest.approx(found if found is not None else 0.98)


def test_a_plan_buys_labels_by_what_they_count_for() -> None:
    """By its accuracy the crowd is cheaper per label; measured at a half it is not, and the note says so."""
    by_accuracy, measured = solve(_case(OWN)), solve(_case([*OWN, *HALF]))
    assert by_accuracy.plan is not None
    assert measured.plan is not None
    assert set(by_accuracy.plan.lines["vendor"]) == {"crowd"}
    assert set(measured.plan.lines["vendor"]) == {"expert"}
    assert "a label of cats from crowd counts for 0.5 (0.5 to 0.5 at its 2 points) labels of its own curve" in " ".join(
        measured.notes
    )


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([{"labels": 2_000, "score": 60}, {"labels": 4_000, "score": 75}], "count for 0.5 to 2 of the product's own"),
        (
            [{"labels": 2_000, "score": 80}],
            "2,000 labels of crowd have a score of 80, and the product's own points go from 60 to 75",
        ),
        (
            [{"labels": 2_000, "score": 40}],
            "2,000 labels of crowd have a score of 40, and the product's own points go from 60 to 75",
        ),
    ],
    ids=["another shape", "above the curve", "below the curve"],
)
def test_a_source_without_one_count_is_refused(points: list[dict[str, Any]], message: str) -> None:
    """Where no one count holds for all labels of a source, its points are refused, with what to do."""
    with pytest.raises(CaseError) as raised:
        solve(_case([*OWN, *({**point, "vendor": "crowd"} for point in points)]))
    (problem,) = raised.value.problems
    assert message in problem.message
    assert problem.fix == "measure it near the labels that will be bought, or leave its points out"


def test_names_that_are_not_there_and_curves_without_points_of_their_own_are_refused() -> None:
    """A vendor with a slip in it gets a suggestion; points of sources alone have nothing to be held against."""
    with pytest.raises(CaseError) as raised:
        read_case(_case([*OWN, {"labels": 2_000, "score": 66, "vendor": "crwod"}]))
    assert [one.fix for one in raised.value.problems] == ["did you mean 'crowd'?"]
    with pytest.raises(
        CaseError, match="every point of the curve of cats is of a vendor or workflow, and none is its own"
    ):
        read_case(_case(HALF))
