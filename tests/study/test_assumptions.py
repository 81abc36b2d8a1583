"""The register of assumptions: what a case leaves out or calls an assumption, and what each figure could change."""

from __future__ import annotations

from typing import Any

import pytest

from allocate.api.solving import solve
from allocate.case.load import read_case, revised
from allocate.study.assumed import ASSUMED, NOT_STATED
from allocate.study.assumptions import assumptions, register

CASE: dict[str, Any] = {
    "case": "assumed",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "objective": "cost",
    "products": {
        "scans": {"item": "image", "effort": "36 s/image", "demand": "1_000 images", "accuracy": "96%"},
    },
    "workflows": {"plain": {}, "checked": {"review": {"share": "100%", "time": "20 s/image"}}},
    "review-team": {"wage": "30 USD/h"},
    "vendors": {
        "known": {
            "people": 4, "hours": "40 h/week", "accuracy": "97%", "productivity": "100%",
            "contract": {"price": {"value": "20 USD/h", "source": "a guess", "status": "assumption"}},
        },
        "unknown": {"contract": {"price": "0.10 USD/image"}},
    },
}  # fmt: skip


def _case(**changes: Any) -> Any:
    return read_case({**CASE, **changes})


def test_the_register_names_what_is_not_stated() -> None:
    """An accuracy, a speed, a capacity, time lost, holidays, reviewers' hours, who keeps the floor: each with the line to write."""
    case = _case()
    found = {one.figure: one for one in register(case, solve(case))}
    assert found["accuracy of unknown"].taken == "96.7%"
    assert found["accuracy of unknown"].basis == NOT_STATED
    assert found["accuracy of unknown"].low == {"vendors.unknown.accuracy": "93.4%"}
    assert found["accuracy of unknown"].write == "vendors.unknown.accuracy=96.7%"
    assert "Northcutt" in found["accuracy of unknown"].source
    assert {"productivity of unknown", "capacity of unknown", "shrinkage of known", "holidays of known"} <= found.keys()
    assert found["who keeps the accuracy floor of scans"].taken == "the average of all vendors"
    assert found["vendors.known.contract.price"].basis == ASSUMED
    assert not {"accuracy of known", "productivity of known", "capacity of known"} & found.keys()


@pytest.mark.filterwarnings("ignore:[\\s\\S]*future version incompatibility")  # of holidays 0.60, about its numbering
def test_holidays_of_a_region_are_not_taken_before_they_are_stated() -> None:
    """Who works in a region works through its holidays, which the register says, until a case states them."""
    known = {**CASE["vendors"]["known"], "region": "PH"}
    case = _case(vendors={**CASE["vendors"], "known": known})
    found = {one.figure: one for one in register(case, None)}
    assert (found["holidays of known"].taken, found["holidays of known"].write) == ("none", "vendors.known.holidays=PH")
    assert "holidays of known" not in {
        one.figure for one in register(revised(case, {"vendors.known.holidays": "PH"}), None)
    }


def test_what_is_stated_leaves_the_register() -> None:
    """Each line the register offers is one the case can take, and takes the figure off the register."""
    team = {"team": {"people": 1, "hours": "40 h/week", "wage": "30 USD/h"}}
    case = _case(vendors={**CASE["vendors"], "own": team})
    for one in register(case, solve(case)):
        if one.basis == NOT_STATED:
            path, _, value = one.write.partition("=")
            stated = revised(case, {path: value})
            assert one.figure not in {other.figure for other in register(stated, None)}, one.write


@pytest.mark.slow
def test_changes_are_those_of_plans_of_their_own() -> None:
    """What an assumption changes at an end of its range is what `solve` with that setting changes."""
    case = _case()
    study = assumptions(case)
    base = solve(case).objective
    row = next(row for row in study.rows if row["figure"] == "vendors.known.contract.price")
    other = solve(revised(case, {"vendors.known.contract.price": "16 USD/h"})).objective
    assert base is not None
    assert other is not None
    assert row["change_low"] == pytest.approx(other - base)


@pytest.mark.slow
def test_the_largest_change_stands_first_and_the_impossible_before_it() -> None:
    """What leaves no plan stands first, then what could change the answer most; the notes say so."""
    study = assumptions(_case(products={"scans": {**CASE["products"]["scans"], "demand": "3_000 images"}}))
    swings = [row["swing"] for row in study.rows if "infeasible" not in (row["status_low"], row["status_high"])]
    known = [swing for swing in swings if swing is not None]
    assert known == sorted(known, reverse=True)
    assert study.notes[0].startswith(f"{len(study.rows)} figures are assumed")


@pytest.mark.slow
def test_another_family_is_tried_as_far_as_the_plan_goes() -> None:
    """A curve chosen by hand is compared with a fan of its points without the fan's own end: labels there already are no hindrance."""
    points = [{"labels": 100, "score": 50}, {"labels": 200, "score": 60}]
    value = {"curve": {"points": points, "fit": "power-law"}, "worth": "100 USD/point", "existing": "5_000 images"}
    product = {**CASE["products"]["scans"], "demand": {"at-most": "1_000 images"}, "value": value}
    study = assumptions(_case(products={"scans": product}, objective="net-value"))
    row = next(row for row in study.rows if row["figure"] == "learning curve of scans")
    assert row["status_low"] == ""
    assert row["change_low"] is not None


@pytest.mark.slow
def test_within_few_plans_the_figures_of_more_money_are_moved() -> None:
    """Two plans value one figure, that of the vendor with the plan's money; a note says how many are left, and how to have all."""
    whole, few = assumptions(_case()), assumptions(_case(), plans=2)
    assert len(few.points) == 3
    assert {row["figure"] for row in few.rows} == {row["figure"] for row in whole.rows}
    known = [row["figure"] for row in few.rows if row["swing"] is not None]
    assert known
    assert all("unknown" in figure for figure in known)
    left = sum(row["swing"] is not None for row in whole.rows) - len(known)
    assert (
        f"{left} figures were not moved, so what they could change is not known: 2 plans were allowed" in few.notes[-1]
    )
    assert f"`--plans {len(whole.points) - 1}` moves all" in few.notes[-1]
    assert not any("not moved, so" in note for note in whole.notes)
