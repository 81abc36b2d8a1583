"""Every figure of an explanation is what a solve of its own finds for the case changed as the figure's words say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from case_kinds import case_with
from contract_cases import contract_case
from draws import some
from oracle import faults
from small_case import CASE, WITH_CHOICES, explained

from allocate import formulate, read_case, solve
from allocate.api.explaining import explain
from allocate.case.load import Case
from allocate.case.plan_file import PlanLine
from allocate.cli.limits import limits_grid
from allocate.explaining.costs import Cost
from allocate.explaining.re_solve import Worth
from allocate.program.build import item_variables
from allocate.reporting.wording import worth
from allocate.tables.formats import changes

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LOTS: dict[str, Any] = {
    "case": "lots",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "objective": "cost",
    "products": {"cats": {"item": "image", "effort": "36 s/image", "demand": "10_000 images"}},
    "vendors": {"acme": {"accuracy": "95%", "contract": {"price": "0.10 USD/image", "order-multiple": "1_000 images"}}},
    "workflows": ["single-pass"],
}
ONBOARDED: dict[str, Any] = {
    **LOTS,
    "vendors": {
        "acme": {"accuracy": "95%", "contract": {"price": "0.10 USD/image", "fees": {"onboarding": "100 USD"}}},
        "zeta": {"accuracy": "95%", "contract": {"price": "0.50 USD/image"}},
    },
}


def test_lots_grow_with_demand() -> None:
    """A thousand images more are one lot more: 100 USD, though the case as it is has room for ten lots alone."""
    (cost,) = [one for one in explained(LOTS).costs if one.limit == "items of cats"]
    assert (cost.more.gain, cost.less.gain) == (pytest.approx(-100.0), pytest.approx(100.0))  # type: ignore[union-attr]


def test_a_bound_derived_from_a_limit_moves_with_it() -> None:
    """One more image costs what the vendor that has been onboarded asks, not what another would: 0.10, for any number."""
    (price,) = [one for one in explained(ONBOARDED).prices if one.family == "demand_floor"]
    assert (price.more, price.less) == (pytest.approx(0.10), pytest.approx(-0.10))
    assert price.more_up_to == float("inf")


@pytest.mark.parametrize("asked", ["5_000 images", {"at-least": "5_000 images"}], ids=["exactly", "at least"])
def test_points_are_of_all_that_is_asked(asked: Any) -> None:
    """Two points of accuracy are missing at 20 USD each, whatever is asked: one more image, at 0.10 USD, costs that and no more, as
    each right one missing weighs less; 0.108 was told. Without a demand each weighs what it did, and of a demand of nothing
    there are no points."""
    case = {
        **LOTS,
        "horizon": {"start": "2027-01-04", "weeks": 8},
        "products": {
            "cats": {
                **LOTS["products"]["cats"],
                "demand": asked,
                "accuracy": {"at-least": "97%", "penalty": "20 USD/point"},
            }
        },
        "vendors": {
            "acme": {"accuracy": "95%", "capacity": "1_000 images/week", "contract": {"price": "0.10 USD/image"}},
            "zeta": {"accuracy": "98%", "contract": {"price": "0.40 USD/image"}},
        },
    }
    assert not faults(case)
    (price,) = [one for one in explained(case).prices if one.family == "demand_floor"]
    assert (price.more, price.less) == (pytest.approx(0.10), pytest.approx(-0.10))
    assert not faults(case, ("products.cats.demand", "0 images"))
    answer = solve(case | {"products": {"cats": {**case["products"]["cats"], "demand": "0 images"}}})
    assert answer.plan is not None
    assert answer.plan.spend == 0.0


@pytest.mark.parametrize("seed", some([8, 3, 11, 14, 36, 21]))
def test_figures_of_drawn_contracts_are_those_of_a_solve_of_their_own(seed: int) -> None:
    """Lots, rebates, commitments, fees, teams, tiers, levers and rules, drawn together."""
    assert faults(contract_case(seed)) == []


@pytest.mark.parametrize("kind", some(["missing items", "learning"]))
def test_figures_of_kinds_of_cases_are_those_of_a_solve_of_their_own(kind: str) -> None:
    """Vendors that learn, limits that may be missed."""
    assert faults(case_with(kind, 5)) == []


CREW: dict[str, Any] = {
    "case": "crew",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "products": {
        "cats": {
            "item": "image",
            "effort": "36 s/image",
            "value": {
                "curve": {"power-law": {"a": 60, "b": 0.3, "c": 2}},
                "worth": "600 USD/point",
                "existing": "1_000 images",
            },
        }
    },
    "vendors": {
        "crew": {"accuracy": "95%", "team": {"people": 2, "hours": "40 h/week", "wage": "20 USD/h"}},
        "acme": {"accuracy": "95%", "capacity": "20 h/week", "contract": {"price": "10 USD/h"}},
    },
    "workflows": ["single-pass"],
}
"""A team's hours and a value curve: nothing else limits how many labels could be made."""


def test_the_hours_of_a_team_with_a_value_curve_have_a_figure() -> None:
    """A step more is worth what four weeks of it make on the curve; all that could be had is so much or more."""
    (cost,) = [one for one in explained(CREW).costs if one.limit == "hours of crew"]
    assert cost.more is not None
    assert cost.step is not None
    before, after = _solved_with_hours(0.0), _solved_with_hours(cost.step)
    assert (cost.more.state, cost.more.gain) == ("exact", pytest.approx(after - before, rel=1e-4))
    assert cost.without.state == "bound"
    assert cost.without.gain is not None
    assert cost.without.gain > 10 * cost.more.gain


def _solved_with_hours(more: float) -> float:
    """What the case with a crew reaches where its members have so many hours more a week together."""
    team = {**CREW["vendors"]["crew"]["team"], "hours": f"{40 + more / 2} h/week"}
    vendors = {**CREW["vendors"], "crew": {**CREW["vendors"]["crew"], "team": team}}
    reached = solve(read_case({**CREW, "vendors": vendors})).objective
    assert reached is not None
    # The hours asked about are not paid for; those of people are.
    return reached + 4 * more * 20.0


def _with_rule(case: Case) -> Any:
    """The program of a case with rules of one's own: at most 900 dogs with good, at most 5,000 of all with cheap."""
    built = formulate(case)
    dogs = item_variables(built, product="dogs", vendor="good")
    built.program += sum(dogs) <= 900, "no more than 900 dogs with good"
    built.program += sum(item_variables(built, vendor="cheap")) <= 5000, "no more than 5,000 with cheap"
    return built


@pytest.mark.parametrize("base", [CASE, WITH_CHOICES], ids=["linear", "integer"])
def test_rules_added_by_hand_hold_in_every_figure(base: dict[str, Any]) -> None:
    """Steps of demand, budget and hours and the absence of a rule, each against the changed case with the same rules added."""
    case = read_case(base)
    built = _with_rule(case)
    answer = solve(case, formulation=built)
    found = explain(case, answer=answer, formulation=built)
    assert found is not None
    assert answer.objective is not None
    costs: dict[str, Cost] = {one.limit: one for one in found.costs}
    for name, settings in (
        ("items of dogs", {"products.dogs.demand": "2_200 images"}),
        ("budget", {"budget": "3_200 USD"}),
    ):
        other = read_case(base, settings=settings)
        after = solve(other, formulation=_with_rule(other)).objective
        cost = costs[name]
        assert cost.more is not None
        assert after is not None
        assert cost.more.state == "exact"
        assert cost.more.gain == pytest.approx(after - answer.objective, rel=1e-6, abs=1e-4), name
    fewer = read_case({**base, "rules": base["rules"][1:]})
    after = solve(fewer, formulation=_with_rule(fewer)).objective
    assert after is not None
    assert costs["rule 'nobody above 70 %'"].without.gain == pytest.approx(after - answer.objective, rel=1e-6, abs=1e-4)


def test_what_a_rule_added_by_hand_means_elsewhere_is_not_guessed() -> None:
    """With a later deadline there are items the rule does not name: what they would do is not known."""
    case = read_case(CASE)
    found = explain(case, formulation=_with_rule(case))
    assert found is not None
    (deadline,) = [one for one in found.costs if one.limit.startswith("deadline of dogs")]
    assert deadline.more is not None
    assert deadline.more.state == "unknown"


def test_lines_held_in_an_answer_are_held_in_its_explanation_and_nowhere_else() -> None:
    """Dogs held with good stay there in every plan compared; the program itself is as it was."""
    case = read_case(WITH_CHOICES)
    built = formulate(case)
    free = solve(case, formulation=built).objective
    lines = [PlanLine("dogs", "good", "single-pass", 1, 1000.0)]
    answer = solve(case, formulation=built, held=lines)
    assert solve(case, formulation=built).objective == free
    found = explain(case, answer=answer, formulation=built)
    assert found is not None
    assert answer.objective is not None
    more = read_case(WITH_CHOICES, settings={"budget": "3_200 USD"})
    after = solve(more, held=lines).objective
    assert after is not None
    (budget,) = [one for one in found.costs if one.limit == "budget"]
    assert budget.more is not None
    assert budget.more.gain == pytest.approx(after - answer.objective, rel=1e-6, abs=1e-4)
    assert solve(case, formulation=built).objective == free


def test_solve_tells_both_sides_of_a_kink() -> None:
    """Just as much budget as all hours cost: more of either is worth nothing, less of either is missed, and both are shown."""
    vendors = {"one": {"capacity": "10 h/week", "accuracy": "99%", "contract": {"price": "10 USD/h"}}}
    value = {"curve": [{"labels": 0, "score": 0}, {"labels": 9000, "score": 90}], "worth": "100 USD/point"}
    cats = {"item": "image", "effort": "36 s/image", "value": value}
    case: dict[str, Any] = {
        "case": "kink",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "budget": "200 USD",
        "products": {"cats": cats},
        "vendors": vendors,
    }
    answer = solve(read_case(case))
    assert answer.verification is not None
    seen = 0
    for check in answer.verification.binding:
        if check.family in ("budget", "vendor_hours"):
            less = answer.worth_of_less(check)
            assert answer.worth(check) == pytest.approx(0.0, abs=1e-9)
            assert less is not None
            assert less < -0.1
            seen += 1
    assert seen == 3
    _, head, rows, _ = limits_grid(answer)
    assert head[-2:] == ["with more", "with less"]
    assert all(row[-2] == "0" and row[-1].startswith("falls by ") for row in rows)


def test_solve_prices_a_limit_without_bounds_that_follow_from_it() -> None:
    """The next image costs what the vendor that was onboarded asks, in `solve` as in `explain`."""
    answer = solve(read_case(ONBOARDED))
    assert answer.verification is not None
    (demand,) = [check for check in answer.verification.binding if check.family == "demand_floor"]
    assert (answer.worth(demand), answer.worth_of_less(demand)) == (pytest.approx(0.10), pytest.approx(-0.10))


def test_changes_are_told_in_words_and_never_by_a_sign() -> None:
    """A cost that gains falls, a net value that gains rises; what was not found in time is at least, or at worst, so much."""
    better, worse = Worth(12.0, 12.0, "exact"), Worth(-12.0, None, "bound")
    assert worth(better, "cost") == "falls by 12.00"
    assert worth(better, "net-value") == "rises by 12.00"
    assert worth(worse, "cost") == "rises by 12.00 at worst"
    assert worth(Worth(12.0, None, "bound"), "value") == "rises by 12.00 or more"
    assert changes([-3.0, -1.0]) == "falls by 1.00 to 3.00"
    assert changes([-3.0, 1.0]) == "falls by 3.00 to rises by 1.00"
    assert changes([0.0]) == "0.00"


@pytest.mark.parametrize("name", ["contracts", "review-bottleneck"])
def test_figures_of_shipped_cases_are_those_of_a_solve_of_their_own(name: str) -> None:
    """Contracts with lots and shares; an accuracy that costs four times as much to raise as lowering it saves."""
    assert faults(read_case(ROOT / "cases" / name)) == []
