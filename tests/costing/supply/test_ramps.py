"""Ramps counted from the horizon's start, from a date, or from a vendor's first work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import explain, read_case, solve
from allocate.answers import Answer, UnverifiedPlanError
from allocate.case.load import Case
from allocate.costing.supply.throughput import vendor_capacities
from allocate.errors import CaseError
from allocate.program.build import families
from allocate.program.limits.capacity import first_work

Document = dict[str, Any]


def case_of(ramp_from: str | None = None, **changes: Any) -> Document:
    """6,000 images in four weeks: a newcomer of 40 h a week, dear in its first two weeks, and somebody dearer than it later."""
    new: Document = {
        "accuracy": "95%", "people": 1, "hours": "40 h/week", "shrinkage": "0%", "ramp": ["10%", "50%"],
        "contract": {"price": "0.50 USD/image"},
        "season": [{"from": "week 1", "factor": 2}, {"from": "week 3", "factor": 1}],
    }  # fmt: skip
    if ramp_from is not None:
        new["ramp-from"] = ramp_from
    return {
        "case": "ramp",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "cost",
        "products": {"cats": {"item": "image", "effort": "36 s/image", "demand": "6_000 images"}},
        "vendors": {"new": {**new, **changes}, "old": {"accuracy": "95%", "contract": {"price": "0.80 USD/image"}}},
        "workflows": {"plain": {}},
    }


def solved(document: Document) -> Answer:
    """The answer of a case, which has a plan."""
    answer = solve(read_case(document))
    assert answer.plan is not None
    return answer


def by_week(answer: Answer) -> dict[int, float]:
    """Images of the newcomer by week."""
    assert answer.plan is not None
    mine = answer.plan.lines.query("vendor == 'new'")
    return {int(week): float(items) for week, items in zip(mine["period"], mine["items"], strict=True)}


def capacity(case: Case, week: int) -> float:
    """Hours of the newcomer in a week."""
    return float(next(one for one in vendor_capacities(case) if one.vendor == 0).amounts[week - 1])


def test_a_ramp_from_the_start_goes_on_without_work_and_a_note_says_so() -> None:
    """Without `ramp-from` the newcomer waits for week 3 and has all of its hours then; the plan says that it does."""
    answer = solved(case_of())
    assert min(by_week(answer)) == 3
    (note,) = answer.notes
    assert note.startswith("new works first in week 3 and counts 100% of its capacity there")


def test_a_ramp_from_a_date_begins_there() -> None:
    """From week 3 on: nothing before, a tenth then, half after; a date within the week is the week."""
    for when in ("week 3", "2027-01-20"):
        case = read_case(case_of(when))
        assert [capacity(case, week) for week in (1, 2, 3, 4)] == pytest.approx([0, 0, 4, 20])
    answer = solved(case_of("week 3"))
    assert by_week(answer) == pytest.approx({3: 400, 4: 2000})
    assert not answer.notes


def test_a_ramp_counts_from_the_first_work() -> None:
    """The ramp is begun with the least work that counts, 5% of a tenth of 40 h (20 images), where that pays.

    20 at 1.00 in week 1 cost 4 more than at 0.80, and free 40 h in weeks 3 and 4: 20 + 5,980 x 0.50.
    """
    answer = solved(case_of("first-work"))
    assert by_week(answer)[1] == pytest.approx(20)
    assert answer.objective == pytest.approx(20 + 5980 * 0.50)
    dear = case_of("first-work", season=[{"from": "week 1", "factor": "8000%"}, {"from": "week 3", "factor": 1}])
    dear["products"]["cats"]["demand"] = "4_000 images"
    answer = solved(dear)
    assert by_week(answer) == pytest.approx({3: 400, 4: 2000})
    assert answer.objective == pytest.approx(2400 * 0.50 + 1600 * 0.80)


@pytest.mark.slow
def test_nobody_who_starts_late_is_at_full_strength(tmp_path: Any) -> None:
    """Of every plan with drawn prices, ramps and demands the hours in each week are those of a ramp from the first work, and
    it is as good as the best of all ramps by date whose first week is worked in."""
    random = np.random.default_rng(14)
    for _ in range(12):
        factors = [{"from": f"week {n + 1}", "factor": round(float(random.uniform(0.6, 2.5)), 3)} for n in range(4)]
        ramp = [f"{share}%" for share in random.integers(0, 100, int(random.integers(1, 4))).tolist()]
        document = case_of("first-work", season=factors, ramp=ramp)
        document["products"]["cats"]["demand"] = f"{random.integers(1, 15) * 1000} images"
        answer = solved(document)
        worked = by_week(answer)
        shares = [float(share.rstrip("%")) / 100 for share in ramp]
        first = min(worked, default=5)
        for week, items in worked.items():
            share = shares[week - first] if week - first < len(shares) else 1.0
            assert items / 100 <= 40 * share + 1e-6
        if first < 5:
            assert worked[first] / 100 >= 0.05 * 40 * shares[0] - 1e-6
        by_date = []
        for week in range(1, 5):
            dated = {**document, "vendors": {**document["vendors"], "new": {**document["vendors"]["new"]}}}
            dated["vendors"]["new"]["ramp-from"] = f"week {week}"
            found = solved(dated)
            assert found.objective is not None
            by_date.append((found.objective, by_week(found).get(week, 0.0) / 100 >= 0.05 * 40 * shares[0] - 1e-9))
        assert answer.objective is not None
        assert answer.objective >= min(objective for objective, _ in by_date) - 1e-6
        assert answer.objective <= min((objective for objective, begun in by_date if begun), default=np.inf) + 1e-6


@pytest.mark.parametrize(
    "changes",
    [
        {"people": None, "hours": None, "shrinkage": None, "capacity": "4_000 images/week"},
        {"people": None, "hours": None, "shrinkage": None, "capacity": "40 h/week"},
    ],
)
def test_capacities_in_items_and_hours_ramp_alike(changes: Document) -> None:
    """A stated capacity ramps from the first work as people do."""
    document = case_of("first-work")
    new = {**document["vendors"]["new"], **changes}
    document["vendors"]["new"] = {key: value for key, value in new.items() if value is not None}
    assert solved(document).objective == pytest.approx(20 + 5980 * 0.50)


def test_the_verifier_counts_the_ramp_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that forgets the ramp is found out."""
    others = [family for family in families() if family.add is not first_work]
    monkeypatch.setattr("allocate.program.build.families", lambda: others)
    with pytest.raises(UnverifiedPlanError, match="hours of new in week"):
        solve(read_case(case_of("first-work")))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ramp": []}, "`ramp-from` says where a ramp begins, and there is none"),
        (
            {"learning": {"rate": "85%", "from": "20 items"}},
            "cannot begin with its first work while its hours per item",
        ),
        ({"ramp-from": "week 9"}, "begins after the horizon"),
        ({"ramp-from": "soon"}, "neither a date nor a week"),
        (
            {
                "people": None,
                "hours": None,
                "shrinkage": None,
                "capacity-steps": [{"from": "week 2", "amount": "9 h/week"}],
            },
            "nothing says what it can do in week 1",
        ),
    ],
)
def test_a_beginning_that_cannot_be_is_refused(changes: Document, words: str) -> None:
    """No ramp, a learner, a date after the end, a word that is none, no capacity to begin with."""
    document = case_of("first-work", **changes)
    new = document["vendors"]["new"]
    document["vendors"]["new"] = {key: value for key, value in new.items() if value is not None}
    with pytest.raises(CaseError, match=words):
        read_case(document)


@pytest.mark.slow
def test_a_capacity_that_ramps_from_the_first_work_is_explained() -> None:
    """Without the newcomer's hours it makes all of it in the week it is cheapest, 6,000 for 0.50 USD."""
    found = explain(case_of("first-work"))
    (cost,) = [one for one in found.costs if one.limit == "hours of new"]
    assert cost.without.gain == pytest.approx(20 + 5980 * 0.50 - 6000 * 0.50)
