"""Where the next money goes: more budget, marginal returns, money left over, money that floors force out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract_cases import contract_case
from small_case import CASE, answer, explained, objective, product

from allocate import formulate, read_case, solve
from allocate.api.explaining import explain as explain_case
from allocate.case.template import write_template
from allocate.explaining.money import Margin, margins, value_of_labels
from allocate.explaining.prices import prices
from allocate.explaining.re_solve import Again

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_more_budget_gains_what_solving_with_it_gains() -> None:
    """1k, 10k and 100k more are cases with such budgets; where the money goes adds up to what is spent."""
    base = objective()
    found = explained().money
    assert [one.amount for one in found] == [1e3, 1e4, 1e5]
    for one in found:
        assert one.worth.gain == pytest.approx(objective(budget=f"{3000 + one.amount} USD") - base, rel=1e-6, abs=1e-6)
        assert one.spent <= one.amount + 1e-6
        assert sum(change for *_, change in one.lines) == pytest.approx(one.spent, abs=0.02 * one.amount)


@pytest.mark.slow
def test_at_the_best_plan_products_return_the_hurdle_and_the_budgets_worth() -> None:
    """In the portfolio the return of each product that could get more or less is 1.2 and the price of the budget.

    The straight pieces of the curves are made ten times finer: a product at a kink returns what the piece before or after it does.
    """
    case = read_case(ROOT / "cases" / "portfolio", None, ["value-tolerance=0.001%"])
    again = Again(formulate(case))
    from allocate import solve

    reached = solve(case)
    assert reached.verification is not None
    budget = next(one for one in prices(again.built, again.base, reached.verification.checks) if one.family == "budget")
    found = {one.product: one for one in margins(again)}
    assert budget.more is not None
    for name in ("lane-marking", "document-ocr", "image-moderation", "speech"):
        assert found[name].returns == pytest.approx(1.2 + budget.more, rel=0.025), name
    assert found["sentiment"].returns == pytest.approx(0, abs=1e-6)


@pytest.mark.slow
def test_a_margin_is_what_the_next_labels_bring_and_take() -> None:
    """Cost and value of one more label are differences of plans that are asked for a few labels more."""
    found = {one.product: one for one in explained(budget="90k USD", rules=[]).margins}
    cats = found["cats"]
    assert set(found) == {"cats"}
    assert cats.hurdle == 1.1
    assert cats.value == pytest.approx(600 * 4 / 39_000, rel=1e-6)
    assert cats.cost is not None
    assert cats.returns == pytest.approx(cats.value / cats.cost)
    base = {key: value for key, value in CASE.items() if key not in ("budget", "hurdle", "rules")}
    plans = []
    for score in (80, 80.01):
        value = {**CASE["products"]["cats"]["value"], "score-at-least": f"{score} points"}
        plans.append(answer(base, objective="cost", products=product("cats", value=value)).plan)
    assert plans[0] is not None
    assert plans[1] is not None
    assert cats.cost == pytest.approx((plans[1].spend - plans[0].spend) / (0.01 * 39_000 / 4), rel=1e-6)


@pytest.mark.slow
def test_money_left_is_told_with_what_more_of_it_would_bring_back() -> None:
    """With more budget than pays, what is left is the budget less the spend, and the next step is below the hurdle."""
    changes: dict[str, Any] = {"budget": "90k USD", "products": product("cats", demand=None)}
    left, plan = explained(**changes).left, answer(**changes).plan
    assert plan is not None
    assert left is not None
    assert left.amount == pytest.approx(90_000 - plan.spend, abs=0.01)
    assert left.returns is not None
    assert left.returns < 1.1
    assert explained(budget="1500 USD").left is None


def test_money_left_where_nothing_more_can_be_bought() -> None:
    """Where demand and hours are used up, spending more is impossible, and said to be."""
    vendors = {"good": CASE["vendors"]["good"]}
    found = explained(budget="90k USD", vendors=vendors, rules=[])
    assert found.left is not None
    assert found.left.worth.state == "impossible"


@pytest.mark.slow
def test_money_that_only_a_floor_asks_for_is_named() -> None:
    """A product without a value gets its money from its demand alone; one above the hurdle is not listed."""
    forced = {one.product: one for one in explained().forced}
    assert set(forced) == {"dogs"}
    free = objective(products=product("dogs", demand="0 images"))
    assert forced["dogs"].worth.gain == pytest.approx(free - objective(), rel=1e-6)
    plan = answer().plan
    assert plan is not None
    assert forced["dogs"].money == pytest.approx(
        float(plan.products.set_index("product").loc["dogs", "spend"]), rel=1e-6
    )


@pytest.mark.slow
def test_a_plan_between_two_straight_pieces_is_neither_cut_nor_funded(tmp_path: Path) -> None:
    """At a joint the last labels return the hurdle and the next do not, whatever the curve says at that point.

    What the next return is what a plan that has to spend a little more returns.
    """
    write_template(tmp_path / "starter")
    found = explain_case(read_case(tmp_path / "starter"))
    assert found is not None
    assert found.left is not None
    (photos,) = found.margins
    assert photos.advice == "hold"
    assert photos.returns == pytest.approx(found.left.returns, rel=1e-4)
    assert photos.last_returns is not None
    assert photos.returns < photos.hurdle <= photos.last_returns


@pytest.mark.slow
def test_a_case_without_a_plan_has_no_explanation() -> None:
    """Nothing is explained where there is no plan."""
    assert explain_case(read_case(ROOT / "cases" / "video-throughput", "no-levers")) is None


@pytest.mark.slow
def test_an_explanation_is_the_same_every_time() -> None:
    """Two explanations of a case agree in every figure."""
    assert explained() == explained()


def test_the_last_money_of_a_product_that_a_count_of_products_funds() -> None:
    """Of two products to be funded from 1,000 images on, one stands at 1,000: 0.70 for 0.40 USD an image is 1.75."""
    each = {"item": "image", "effort": "60 s/image"}
    case = {
        "case": "funded",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "net-value",
        "products": {
            "lanes": {**each, "demand": {"at-most": "3_000 images"}, "value": {"worth": "0.80 USD/image"}},
            "tunnels": {**each, "demand": {"at-most": "3_000 images"}, "value": {"worth": "0.70 USD/image"}},
        },
        "vendors": {"other": {"capacity": "1_000 images/week", "contract": {"price": "0.40 USD/image"}}},
        "workflows": ["single-pass"],
        "rules": [{"name": "both", "funded": {"exactly": 2, "counts-from": "1_000 images"}}],
    }
    found = {one.product: one for one in margins(Again(formulate(read_case(case))))}
    assert found["tunnels"].saved == pytest.approx(0.4)
    assert found["tunnels"].last_returns == pytest.approx(1.75)
    assert found["lanes"].last_returns == pytest.approx(2.0)


def test_a_milestone_with_a_penalty_by_the_week_is_a_floor_in_every_week() -> None:
    """Without its floors nothing is made for 2 USD an item that is worth 1 USD: 30 items of demand, no item late in any week."""
    made = {
        "item": "image",
        "effort": "36 s/image",
        "demand": {"at-least": "30 images"},
        "value": {"worth": "1 USD/image"},
        "milestones": [{"by": "week 1", "at-least": "20 images", "penalty": "0.1 USD/image/week"}],
    }
    case = {
        "case": "floors",
        "currency": "USD",
        "budget": "100 USD",
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "products": {"p": made},
        "vendors": {"v": {"lead": "1 week", "contract": {"price": "2 USD/image"}}},
        "workflows": {"plain": {}},
    }
    (forced,) = explain_case(read_case(case)).forced
    assert forced.worth.gain == pytest.approx(30 * (2 - 1) + 20 * 0.1)


def test_a_label_that_is_worth_nothing_is_not_funded() -> None:
    """However little it costs: what brings nothing and costs nothing is held."""
    assert Margin("p", 0.0, 0.0, 1.0, 0.0, 0.0).advice == "hold"
    assert Margin("p", 0.1, 0.0, 1.0, 0.1, 0.0).advice == "fund"
    assert Margin("p", 0.0, 0.2, 1.0, 0.0, 0.2).advice == "cut"


def test_a_curve_that_ends_at_the_labels_there_are_is_told() -> None:
    """No label of it is bought, and the plan says why."""
    curve = {"points": [{"labels": 1_000, "score": 60}, {"labels": 8_000, "score": 75}]}
    value = {"curve": curve, "worth": "600 USD/point", "existing": "8_000 images"}
    told = solve({**CASE, "products": {"cats": {**CASE["products"]["cats"], "value": value}}, "rules": []})
    assert any("there are 8,000 already: more add nothing" in note for note in told.notes), told.notes


def test_a_floor_that_the_plan_is_above_forces_nothing_out() -> None:
    """Without the floor another plan is as good, with less money on the product and more on the other: no money is forced."""
    curve = [{"labels": 0, "score": 0}, {"labels": 30, "score": 40}, {"labels": 90, "score": 70}]
    demand = {"at-least": "20 images", "at-most": "100 images"}
    steps = [{"up-to": "33 images", "price": "0.77 USD/image"}, {"price": "0.56 USD/image"}]
    case = {
        "case": "floors",
        "currency": "USD",
        "objective": "net-value",
        "budget": "220 USD",
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "products": {
            name: {
                "item": "image",
                "effort": "36 s/image",
                "demand": demand,
                "value": {"curve": curve, "worth": f"{worth} USD/point"},
            }
            for name, worth in (("a", 2), ("b", 3))
        },
        "vendors": {
            "v": {"capacity": "37 images/week", "contract": {"tiers": {"kind": "incremental", "steps": steps}}},
            "w": {"capacity": "41 images/week", "contract": {"price": "0.9 USD/image", "order-multiple": "7 images"}},
        },
        "workflows": {"plain": {}},
    }
    found = explain_case(read_case(case))
    assert found is not None
    assert all((one.worth.gain or 0.0) > 0.01 for one in found.forced)


def test_less_money_is_less_than_the_plan_pays() -> None:
    """A vendor that would be paid a commitment without work is in no plan: a tenth less is less than what the plan spends."""
    source = contract_case(3185)
    found, best = explain_case(read_case(source)), solve(read_case(source))
    assert found is not None
    assert found.less is not None
    assert best.plan is not None
    budget = f"{best.plan.spend + found.less.amount:.9f} USD"
    after = solve(read_case({**source, "budget": budget})).objective
    assert found.less.worth.gain == pytest.approx(after - best.objective, abs=1e-4)  # type: ignore[operator]
    assert found.less.worth.gain < -10.0


@pytest.mark.parametrize("first", [10, 40], ids=["steeper", "flatter"])
def test_at_the_end_of_a_curve_the_next_label_is_worth_nothing(first: float) -> None:
    """A plan has all labels a table knows but for the rounding of a solver: one more is worth nothing, whatever the last was."""
    points = [{"labels": n, "score": score} for n, score in ((0, 0), (30, first), (90, 70))]
    product = {**CASE["products"]["dogs"], "value": {"curve": points, "worth": "3 USD/point"}}
    case = read_case({**CASE, "products": {**CASE["products"], "dogs": product}})
    one = formulate(case).layout.values[list(case.products).index("dogs")]
    more, last = value_of_labels(one, 90.0 * (1.0 - 1e-10), 0.09)
    assert more == pytest.approx(0.0, abs=1e-5)
    assert last == pytest.approx(3 * (70 - first) / 60)


def test_what_the_next_label_breaks_counts_against_it() -> None:
    """More of a product breaks a rule with a penalty: it is not to be funded, and returns what the money left would."""
    found = explain_case(contract_case(40012))
    assert found is not None
    assert found.left is not None
    p1 = next(one for one in found.margins if one.product == "p1")
    assert found.left.returns is not None
    assert found.left.returns < p1.hurdle
    assert p1.returns == pytest.approx(found.left.returns, rel=1e-3)
    assert p1.value < p1.last_value
    assert p1.advice == "hold"
