"""Cases broken on purpose: what is said to clash does, nothing in it is idle, and every repair gives a plan."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from draws import some

from allocate import CaseError, formulate, read_case, verify
from allocate.api.solving import planned
from allocate.case.load import Case, revised
from allocate.explaining.conflicts.diagnosis import Diagnosis, diagnose, facts_of
from allocate.explaining.conflicts.elastic import least_changes
from allocate.explaining.conflicts.limits import limits_of
from allocate.explaining.conflicts.moves import least_change
from allocate.explaining.conflicts.trial import Trial, in_order
from allocate.explaining.conflicts.written import Written
from allocate.solvers.outcome import Status
from allocate.solvers.search import Found
from allocate.solvers.solve import solve as run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CASE: dict[str, Any] = {
    "case": "small",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "objective": "cost",
    "products": {
        "cats": {"item": "image", "effort": "36 s/image", "demand": {"at-least": "6_000 images", "at-most": "9_000 images"}},
        "dogs": {"item": "image", "effort": "72 s/image", "demand": "2_000 images"},
    },
    "vendors": {
        "good": {"capacity": "30 h/week", "accuracy": "98%", "certified": ["iso"], "contract": {"price": "16 USD/h"}},
        "cheap": {"people": "1 person", "hours": "24 h/week", "accuracy": "92%", "contract": {"price": "9 USD/h"}},
    },
}  # fmt: skip
VALUE = {
    "curve": [{"labels": 0, "score": 0}, {"labels": 10_000, "score": 10}],
    "worth": "100 USD/point",
}
RUSH = {"products.cats.milestones": [{"by": "week 1", "at-least": "2_000 images"}]}
HALF = {"name": "half", "share": {"vendor": "each", "of": "items", "at-most": "50%"}}
TIERS = {
    "steps": [
        {"price": "0.20 USD/image", "up-to": "1_000 images"},
        {"price": "0.15 USD/image", "up-to": "3_000 images"},
    ]
}
CHEAP_CLOSED = {"vendors.cheap": None}

BROKEN: dict[str, dict[str, Any]] = {
    "a budget": {"budget": "500 USD"},
    "a budget of each week": {"budget": {"per-week": "200 USD"}},
    "a budget of a group": {"budget": {"limits": [{"name": "dogs", "products": ["dogs"], "at-most": "300 USD"}]}},
    "a budget that two share": {"budget": {"total": "900 USD", "limits": [{"name": "g", "vendors": ["good"], "at-most": "100 USD"}]}},
    "a demand": {"products.dogs.demand": "20_000 images"},
    "a demand above the other's": {"products.cats.demand.at-least": "20_000 images", "products.cats.demand.at-most": "25_000 images"},
    "a milestone": {"products.cats.milestones": [{"by": "week 2", "at-least": "12_000 images"}], "products.cats.demand.at-most": "20_000 images"},
    "two milestones": {**RUSH, "products.dogs.milestones": [{"by": "week 1", "at-least": "2_000 images"}]},
    "a deadline": {"products.cats.deadline": "week 1", "products.dogs.deadline": "week 1"},
    "a deadline by date": {"products.cats.demand.at-least": "9_000 images", "products.cats.deadline": "2027-01-08"},
    "a deadline and a lead": {"products.dogs.deadline": "week 2", "vendors.good.lead": "2 weeks", "vendors.cheap.lead": "2 weeks"},
    "an accuracy": {"products.cats.accuracy": "99%"},
    "an accuracy that needs too many hours": {"products.cats.accuracy": "96%", "products.dogs.accuracy": "97%", "vendors.good.capacity": "15 h/week"},
    "hours of a vendor": {"vendors.good.capacity": "0.5 h/week"},
    "items of a vendor in all": {"vendors.good.capacity": "2_000 images", "vendors.cheap.people": "0.4 people"},
    "a capacity of steps": {"vendors.good.capacity-steps": [{"from": "week 2", "amount": "2 h/week"}], "vendors.cheap.people": "0.5 people"},
    "a capacity of the rate card": {**CHEAP_CLOSED, "rates": [{"product": "cats", "vendor": "good"}, {"product": "dogs", "vendor": "good", "capacity": "300 images/week"}]},
    "the review team": {"workflows": {"full": {"review": {"share": "100%", "time": "36 s/image"}}}, "review-team": {"wage": "40 USD/h", "capacity": "15 h/week"}},
    "people of the review team": {
        "workflows": {"full": {"review": {"share": "100%", "time": "36 s/image"}}},
        "review-team": {"wage": "40 USD/h", "people": 1, "hours": "15 h/week"},
    },
    "a share at most": {"rules": [HALF], "vendors.cheap.people": "0.2 people"},
    "a share at least": {"rules": [{"name": "most", "share": {"vendor": "cheap", "of": "hours", "at-least": "97%"}}]},
    "a vendor that is barred": {"rules": [{"name": "certified", "only": {"vendors-with": "iso"}}], "vendors.good.capacity": "20 h/week"},
    "a quantity by hand": {"rules": [{"name": "held", "fix": {"product": "dogs", "vendor": "good", "items": "2_000 images"}}], "vendors.good.capacity": "8 h/week"},
    "a count": {"rules": [{"name": "one", "count": {"products": "each", "at-most": 1}}, {"name": "held", "fix": {"product": "dogs", "vendor": "good", "items": "500 images"}}]},
    "a count and minimum orders": {"rules": [{"name": "two", "count": {"products": ["dogs"], "at-least": 2}}], "vendors.good.contract.minimum-order": "1_500 images", "vendors.cheap.contract.minimum-order": "600 images"},
    "a product that needs another": {"products.dogs.demand": {"at-most": "3_000 images"}, "vendors.good.capacity": "2 h/week", "rules": [{"name": "first", "needs": {"product": "cats", "needs": "dogs", "at-least": "2_500 images"}}]},
    "lots": {"vendors.cheap": None, "vendors.good.contract.order-multiple": "3_000 images", "vendors.good.capacity": "200 h/week"},
    "a ceiling": {"vendors.cheap": None, "vendors.good.capacity": "60 h/week", "vendors.good.contract.ceiling": "900 USD"},
    "the end of the last tier": {"vendors.cheap": None, "vendors.good.capacity": "60 h/week", "vendors.good.contract": {"tiers": TIERS}},
    "a value": {"products.cats.value": {**VALUE, "at-least": "950 USD"}},
    "a value of all": {"products.cats.value": VALUE, "targets": {"value": "950 USD"}},
    "a commitment and a budget": {"vendors.good.contract.commitment": "1_900 USD", "budget": "1_850 USD", "vendors.cheap.people": "0.5 people"},
    "a team that may not grow": {"vendors.cheap.people": None, "vendors.cheap.hours": None, "vendors.good": None, "vendors.cheap.contract": None, "vendors.cheap.team": {"people": 1, "hours": "20 h/week", "wage": "9 USD/h", "hire": {"cost": "100 USD", "at-most": "1 person"}}, "products.cats.demand.at-most": "14_000 images", "products.cats.demand.at-least": "14_000 images"},
    "a team and a budget": {"vendors.cheap.people": None, "vendors.cheap.hours": None, "vendors.cheap.contract": None, "vendors.cheap.team": {"people": 3, "hours": "40 h/week", "wage": "9 USD/h"}, "budget": "4_000 USD"},
    "hires of a team": {"vendors.cheap": None, "vendors.good.capacity": None, "vendors.good.contract": None, "vendors.good.team": {"people": 1, "hours": "10 h/week", "wage": "9 USD/h", "hire": {"cost": "100 USD", "at-most": "1 person"}}},
    "hires of a team at once": {"vendors.cheap": None, "vendors.good.capacity": None, "vendors.good.contract": None, "vendors.good.team": {"people": 1, "hours": "5 h/week", "wage": "9 USD/h", "hire": {"cost": "100 USD", "per-period": "1 person"}}},
    "seats of a team": {"vendors.cheap": None, "vendors.good.capacity": None, "vendors.good.contract": None, "vendors.good.team": {"people": 1, "hours": "10 h/week", "wage": "9 USD/h", "hire": {"cost": "100 USD"}, "shifts": {"seats": 2}}},
    "a utilisation": {"vendors.good.utilisation": "50%", "vendors.cheap.people": "0.2 people"},
    "a fee and a budget": {"vendors.good.contract.fees.onboarding": "900 USD", "vendors.cheap.people": "0.2 people", "budget": "2_000 USD"},
    "seats and a budget": {"vendors.good.contract.fees.seat": {"price": "100 USD/week", "carries": "10 h/week"}, "vendors.cheap.people": "0.2 people", "budget": "2_000 USD"},
    "a lever that is decided": {"levers": {"faster": {"cost": "10 USD", "bought": False, "effect": {"hours": "-40%"}}}, "products.cats.demand.at-least": "9_000 images", "products.dogs.demand": "7_000 images"},
    "levers that exclude one another": {"levers": {"one": {"cost": "10 USD", "effect": {"hours": "-20%"}, "excludes": ["two"]}, "two": {"cost": "10 USD", "effect": {"hours": "-20%"}}}, "products.cats.demand.at-least": "9_000 images", "products.dogs.demand": "10_000 images"},
    "a gate and a value": {"products.cats.value": {**VALUE, "gates": {"score-at-least": "8 points", "worth": "500 USD"}, "at-least": "1_600 USD"}},
    "two that have nothing to do with one another": {"products.cats.accuracy": "99%", "products.dogs.accuracy": "99%"},
}  # fmt: skip


MEMBERS = {
    "hires of a team": "hires of good",
    "hires of a team at once": "hires of good in a period",
    "seats of a team": "seats of good",
    "a utilisation": "utilisation of good",
    "a fee and a budget": "onboarding of good",
    "seats and a budget": "seats of good",
    "a lever that is decided": "decision on the lever faster",
    "levers that exclude one another": "lever one",
    "a commitment and a budget": "commitment to good",
    "a count and minimum orders": "minimum order of cheap",
    "a ceiling": "ceiling of the contract with good",
    "lots": "lots of good",
}
"""A clause, a part of a team block or a lever that is in the way, and has to be named."""


def broken(name: str) -> Case:
    """The small case, broken in one way."""
    return read_case(CASE, settings=BROKEN[name])


def has_plan(case: Case, settings: Iterable[tuple[str, Any]]) -> bool:
    """Whether the case has a plan with some settings, verified."""
    built = formulate(revised(case, dict(settings)))
    outcome = run(built.program)
    plan = planned(built, outcome)
    assert (plan is None) == (outcome.status.value in ("infeasible", "unbounded"))
    assert plan is None or verify(built.layout.case, plan).holds
    return outcome.status.value != "infeasible"


def plan_without(case: Case, taken: list[Written]) -> bool:
    """The same without some limits; where the program needs a bound, with them far away."""
    try:
        return has_plan(case, in_order(one for limit in taken for one in limit.removal))
    except CaseError:
        return has_plan(case, in_order(one for limit in taken for one in limit.loose))


@pytest.mark.parametrize("name", some(list(BROKEN)))
def test_what_clashes_does_and_every_repair_gives_a_plan(name: str) -> None:
    """The limits named have no plan together, have one without any of them, and each repair gives the case one.

    Effort, prices and the horizon, which help against nearly everything, may be changed in every fourth case, or in all.
    """
    case, everything = broken(name), name in some(list(BROKEN), 4)
    assert not has_plan(case, ())
    found = diagnose(case, [] if everything else [one.subject for one in facts_of(case)])
    assert found.conflicts
    assert found.repairs
    assert not found.unknown
    assert name not in MEMBERS or MEMBERS[name] in [one.subject for one in found.members]
    assert all(one.place is not None for one in found.members)
    for clash in found.conflicts:
        others = [one for one in limits_of(case) if one not in clash]
        assert not plan_without(case, others)
        assert all(plan_without(case, [*others, one]) for one in clash)
    assert all(has_plan(case, repair.settings) for repair in found.repairs)


@cache
def diagnosed(name: str) -> Diagnosis:
    """The small case broken in one way, looked through once for all tests that ask for no more."""
    return diagnose(broken(name))


def told(found: Diagnosis) -> list[list[str]]:
    """Repairs in words."""
    return [[step.sentence for step in repair.steps] for repair in found.repairs]


def test_the_least_changes_by_hand() -> None:
    """6,000 cats of 36 s take 60 h, 20,000 dogs of 72 s take 400 h; 54 h a week are 216 h in four weeks."""
    found = diagnosed("a demand")
    assert [one.subject for one in found.conflicts[0]] == ["demand of dogs", "people of cheap", "capacity of good"]
    # 216 h less the 60 of the cats leave 156 h, 7,800 dogs.
    assert ["demand of dogs: 7,800 images instead of 20,000 images (12,200 images less)"] in told(found)
    # 460 h are 244 more than there are, 61 h a week.
    assert ["capacity of good: 91 h/week instead of 30 h/week (61 h/week more)"] in told(found)
    # At 24 h a week and person, 2.54 people more: whole people only.
    assert ["people of cheap: 4 people instead of 1 person (3 people more)"] in told(found)
    # 8.5 weeks of 54 h are 460 h: whole weeks only.
    assert ["horizon: 9 weeks instead of 4 weeks (5 weeks more)"] in told(found)


def test_limits_that_give_way_together_do_so_at_the_least_total() -> None:
    """Good makes 1,000 images in all: an order of 1,500 and 2,000 dogs held there can both come down to that."""
    changes = {
        "vendors.good.capacity": "1_000 images",
        "vendors.good.contract.minimum-order": "1_500 images",
        "rules": [{"name": "held", "fix": {"product": "dogs", "vendor": "good", "items": "2_000 images"}}],
    }
    found = diagnose(read_case(CASE, settings=changes), ["capacity of good"])
    assert [
        "minimum order of good: 1,000 images instead of 1,500 images (500 images less)",
        "rule 'held': 1,000 images instead of 2,000 images (1,000 images less)",
    ] in told(found)
    assert found.repairs[0].size == pytest.approx(500 / 1500 + 1000 / 2000)


def test_a_share_gives_way_by_points() -> None:
    """An accuracy of 99 % where 98 % can be had: a point less."""
    found = diagnosed("an accuracy")
    assert told(found)[0] == ["accuracy of cats: 98% instead of 99% (1 point less)"]


def test_what_cannot_be_moved_is_taken_away() -> None:
    """A rule that bars vendors has no amount: it goes, or another limit gives way."""
    found = diagnosed("a vendor that is barred")
    assert ["rule 'certified': taken away (only: vendors with iso)"] in told(found)


def test_contradictions_with_nothing_in_common_are_all_named() -> None:
    """Two clashes, no limit in both; each repair mends both."""
    found = diagnosed("two that have nothing to do with one another")
    assert len(found.conflicts) == 2
    assert not set(found.conflicts[0]) & set(found.conflicts[1])
    assert all(len(repair.steps) > 1 for repair in found.repairs)


@pytest.mark.parametrize("pin", ["demand of dogs", "products.dogs.demand", "products.dogs"])
def test_what_is_pinned_does_not_move(pin: str) -> None:
    """A limit pinned by its name, its path or the block it stands in is in no repair, though it may clash."""
    found = diagnose(broken("a demand"), [pin])
    assert "demand of dogs" in found.pinned
    assert "demand of dogs" in [one.subject for one in found.conflicts[0]]
    assert found.repairs
    assert not any(step.subject == "demand of dogs" for repair in found.repairs for step in repair.steps)


def test_with_everything_pinned_there_is_no_repair() -> None:
    """Nothing may move, so nothing is offered, and the search says it is at its end."""
    found = diagnose(broken("a demand"), ["products", "vendors", "horizon"])
    assert (found.repairs, found.unknown) == ((), "")


def test_a_pin_that_names_nothing_is_refused() -> None:
    """A pin with a slip in it gets a suggestion."""
    with pytest.raises(CaseError) as caught:
        diagnose(broken("a budget"), ["bugdet"])
    assert caught.value.problems[0].fix == "did you mean 'budget'?"


def test_a_search_without_time_says_what_is_not_known() -> None:
    """With no time to speak of nothing is claimed."""
    found = diagnose(broken("a budget"), time_limit=1e-6)
    assert (found.conflicts, found.repairs) == ((), ())
    assert found.unknown == "which limits contradict one another, and what would resolve it"


def test_places_are_those_of_the_file() -> None:
    """A limit is named with its line, an override with itself, a decision on a lever with that of its scenario."""
    found = diagnose(
        read_case(ROOT / "cases/video-throughput", "no-levers", settings=["vendors.own-team.team.people=10 people"])
    )
    places = {one.subject: str(one.place) for one in found.members}
    lines = (ROOT / "cases/video-throughput/case.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if text.startswith("    demand:"))
    assert places.pop("demand of video") == f"case.yaml:{line}:13"
    assert places.pop("team of own-team") == "--set vendors.own-team.team.people=10 people"
    assert {name: place.split(":")[0] for name, place in places.items()} == {
        f"decision on the lever {name}": "case.yaml" for name in ("second-shift", "pre-labelling", "tiered-review")
    }


def test_the_throughput_case_gets_its_kinds_of_repair() -> None:
    """A second shift, pre-labelling or tiered review: the three levers that were decided against, each enough alone."""
    case = read_case(ROOT / "cases/video-throughput", "no-levers")
    found = diagnose(case)
    kinds = {frozenset(step.subject for step in repair.steps) for repair in found.repairs}
    levers = [f"decision on the lever {name}" for name in ("second-shift", "pre-labelling", "tiered-review")]
    assert kinds == {frozenset([one]) for one in (*levers, "work on video", "demand of video")}
    assert all(has_plan(case, one.settings) for one in found.repairs)


def test_with_its_levers_pinned_the_throughput_case_needs_hands_or_weeks_and_no_wage_is_cut() -> None:
    """More people or weeks, with more money: what is left where no lever may be bought; nobody is told to pay a team less."""
    case = read_case(ROOT / "cases/video-throughput", "no-levers")
    found = diagnose(case, ["levers", "work on video", "demand of video"])
    kinds = {frozenset(step.subject for step in repair.steps) for repair in found.repairs}
    assert kinds == {frozenset([hours, "budget"]) for hours in ("team of own-team", "horizon")}
    assert all(has_plan(case, one.settings) for one in found.repairs)


def test_no_plan_is_not_taken_from_one_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live search that wrongly finds no plan for a small integer program is not believed: the case has one."""
    asked = []

    class Wrong:
        def __init__(self, arrays: Any, seconds: float | None) -> None:
            asked.append(arrays)
            self.base = Found(Status.INFEASIBLE, None, None, None, None)

    monkeypatch.setattr("allocate.explaining.conflicts.trial.Live", Wrong)
    case = read_case(CASE, settings={"vendors.good.onboarding": "100 USD"})
    trial = Trial(case)
    assert trial.works(())
    assert len(asked) == 1
    assert not Trial(read_case(CASE, settings={"vendors.good.onboarding": "100 USD", "budget": "1 USD"})).works(())


def test_a_case_with_a_plan_has_nothing_to_mend() -> None:
    """Nothing contradicts itself where there is a plan."""
    found = diagnose(read_case(CASE))
    assert (found.conflicts, found.repairs, found.unknown) == ((), (), "")


def test_a_rule_that_may_be_broken_is_no_limit() -> None:
    """A rule with a penalty clashes with nothing, so it is not named."""
    rule = {"name": "half", "penalty": "1 USD/image", "share": {"vendor": "good", "of": "items", "at-most": "5%"}}
    case = read_case(CASE, settings={"rules": [rule], "budget": "500 USD"})
    assert "rule 'half'" not in [one.subject for one in limits_of(case)]
    assert not any("rule" in one.subject for one in diagnose(case).members)


def test_the_least_budget_is_one_program_where_choices_are_bounded_by_it() -> None:
    """6,000 cats at 36 s and 16 USD an hour, 100 USD to begin with: 1,060 USD, and nothing less is tried."""
    changes = {
        "budget": "500 USD",
        "vendors.cheap": None,
        "vendors.good.onboarding": "100 USD",
        "products.dogs": None,
        "products.cats.accuracy": "95%",
    }
    trial = Trial(read_case(CASE, settings=changes))
    move = next(one.moves[0] for one in limits_of(trial.case) if one.subject == "budget")
    least = least_changes(trial, [move])
    assert least is not None
    assert least.amounts[0] == pytest.approx(560)
    assert least.total == pytest.approx(560 / 500)
    asked: list[str] = []
    change = least_change(move, lambda text: not asked.append(text), least.amounts[0], least.total)
    assert change is not None
    assert (change.words, asked) == ("560 USD more", ["1_060 USD"])
