"""The whole program of a case: its optimum by hand, its columns, its prices, its order of goals, its ties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import CaseError, formulate, read_case, solve
from allocate.program.build import Built
from allocate.program.layout import open_columns
from allocate.solvers.outcome import Status
from allocate.solvers.solve import solve as run


def case_of(**changes: Any) -> dict[str, Any]:
    """Labels worth 10 USD a hundred up to 1,000, then 2 USD; v is cheap and short of hours, w dear."""
    points = [{"labels": 0, "score": 0}, {"labels": 1000, "score": 10}, {"labels": 5000, "score": 18}]
    value = {"curve": points, "worth": "10 USD/point"}
    product = {"item": "image", "effort": "36 s/image", "value": value, **changes.pop("product", {})}
    v = {"contract": {"price": "0.02 USD/image"}, "accuracy": "100%", "capacity": "4 h/week", **changes.pop("v", {})}
    w = {"contract": {"price": "0.05 USD/image"}, "accuracy": "100%", **changes.pop("w", {})}
    base = {"case": "small", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 2}, "budget": "100 USD"}
    return {**base, "products": {"p": product}, "vendors": {"v": v, "w": w}, **changes}


def made(answer: Any) -> dict[tuple[str, int], float]:
    """Items by vendor and week."""
    lines = answer.plan.lines
    return dict(zip(zip(lines["vendor"], lines["period"], strict=True), lines["items"].tolist(), strict=True))


def test_the_optimum_by_hand() -> None:
    """v makes 400 a week, w the other 200 of the thousand worth 0.10 each; beyond, 0.02 a label pays nobody's price."""
    answer = solve(read_case(case_of()))
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(100 - 800 * 0.02 - 200 * 0.05)
    assert made(answer) == pytest.approx({("v", 1): 400, ("v", 2): 400, ("w", 1): 200})


def test_prices_of_limits_by_hand() -> None:
    """An hour of v replaces 100 images of w: 3 USD; the budget is not used up: 0."""
    answer = solve(read_case(case_of()))
    assert answer.prices["vendor_hours", (0, 0)] == pytest.approx(3.0)
    assert answer.prices["vendor_hours", (0, 1)] == pytest.approx(3.0)
    assert answer.prices["budget", ()] == pytest.approx(0.0, abs=1e-9)
    assert answer.prices["value_link", (0,)] == pytest.approx(0.05)


def test_a_hurdle_above_the_return_stops_the_spend() -> None:
    """w returns 0.10 on 0.05: at a hurdle of 2.5 it is not funded, v with 0.10 on 0.02 is."""
    assert set(made(solve(read_case(case_of(hurdle=2.5))))) == {("v", 1), ("v", 2)}


def test_a_floor_is_funded_below_the_hurdle() -> None:
    """What a floor asks for is made whatever it returns, at the least cost."""
    answer = solve(read_case(case_of(hurdle=2.5, product={"demand": {"at-least": "900 images"}})))
    assert made(answer) == pytest.approx({("v", 1): 400, ("v", 2): 400, ("w", 1): 100})
    assert answer.prices["demand_floor", (0,)] == pytest.approx(0.10 - 2.5 * 0.05)


def test_work_that_comes_too_late_has_no_column() -> None:
    """With a week's lead nothing can be made in the last week; a deadline in week 1 leaves nothing for such a vendor."""
    late = read_case(case_of(w={"lead": "1 week"}))
    route, period = open_columns(late, formulate(late).layout.routes)
    assert list(zip(route.tolist(), period.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 0)]
    closed = read_case(case_of(w={"lead": "1 week"}, product={"deadline": "week 1"}))
    route, period = open_columns(closed, formulate(closed).layout.routes)
    assert list(zip(route.tolist(), period.tolist(), strict=True)) == [(0, 0)]


def test_a_case_with_no_time_for_any_work_is_infeasible_or_empty() -> None:
    """Without columns a demand cannot be met, and without demand the plan is empty: nothing made, nothing spent."""
    late: dict[str, Any] = {"v": {"lead": "3 weeks"}, "w": {"lead": "3 weeks"}}
    asked = solve(read_case(case_of(**late, product={"demand": "10 images"})))
    assert asked.status is Status.INFEASIBLE
    free = solve(read_case(case_of(**late)))
    assert free.plan is not None
    assert (len(free.plan.lines), free.plan.spend, free.plan.value) == (0, 0.0, 0.0)


def test_goals_are_in_the_order_of_the_case() -> None:
    """`[value, cost]` spends the budget on value first; the aims carry the names and senses."""
    built = formulate(read_case(case_of(objective=["value", "cost"])))
    assert [(aim.name, aim.maximise) for aim in built.aims] == [("value", True), ("cost", False)]
    answer = solve(read_case(case_of(objective=["value", "cost"])))
    # 800 images of v cost 16 USD, the other 84 USD buy 1,680 of w: 1,000 labels worth 0.10 and 1,480 worth 0.02.
    assert answer.objective == pytest.approx(100 + 1480 * 0.02)
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(100)


def test_equal_plans_are_told_apart_on_purpose() -> None:
    """Two vendors alike in all but name: the plan is one of them by a rule of names, whichever is written first."""
    price = {"contract": {"price": "0.05 USD/image"}, "capacity": "20 h/week", "accuracy": "100%"}
    first = solve(read_case(case_of(vendors={"a": price, "b": price})))
    second = solve(read_case(case_of(vendors={"b": price, "a": price})))
    assert made(first) == made(second)
    assert len(made(first)) == 1


def test_money_left_over_is_not_spent_on_nothing() -> None:
    """With the goal of value alone the cheapest of the plans of equal value is taken."""
    answer = solve(read_case(case_of(objective="value", product={"demand": {"at-most": "800 images"}})))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(800 * 0.02)


def test_cbc_gives_the_same_prices() -> None:
    """Both solvers price the vendor's hours alike, in the sign of a maximum."""
    found = {}
    for solver in ("highs", "cbc"):
        built = formulate(read_case(case_of()))
        outcome = run(built.program, solver=solver)
        assert outcome.row_duals is not None
        rows = built.program.rows["vendor_hours"]
        found[solver] = outcome.row_duals[rows.start : rows.stop]
    np.testing.assert_allclose(found["highs"], [3.0, 3.0])
    np.testing.assert_allclose(found["cbc"], [3.0, 3.0], rtol=1e-6)


def add_rule(built: Built) -> None:
    """At least 300 images of w, as an ordinary PuLP expression."""
    layout = built.layout
    mine = [n for n, vendor in enumerate(layout.vendor) if layout.routes.vendors[vendor] == "w"]
    built.program += sum(built.program.variable("items", n) for n in mine) >= 300, "at least 300 of w"


def test_a_rule_of_ones_own_is_kept() -> None:
    """A PuLP expression added to the program binds the plan, which still verifies."""
    case = read_case(case_of())
    built = formulate(case)
    add_rule(built)
    answer = solve(case, formulation=built)
    assert answer.plan is not None
    by_vendor = answer.plan.vendors.set_index("vendor")["items"]
    assert by_vendor["w"] == pytest.approx(300)


def test_a_score_out_of_reach_says_what_is_in_reach() -> None:
    """17 points need 4,500 labels; 100 USD buy 2,480: refused, with the score they reach."""
    value = {**case_of()["products"]["p"]["value"], "score-at-least": "17 points"}
    with pytest.raises(CaseError, match="a score of 17 points is out of reach"):
        solve(read_case(case_of(product={"value": value}, v={"capacity": "1 h/week"}, w={"capacity": "10 h/week"})))


def test_a_power_law_is_funded_until_its_slope_is_the_price() -> None:
    """The slope of 50 USD x (100 - 100 n^-0.5) is 0.02 USD at n = (2,500 / 0.02)^(2/3) = 2,500 labels.

    The plan is within the stated error of the curve's own optimum, and its bound is not below that.
    """
    value = {"curve": {"power-law": {"a": 100, "b": 0.5}}, "worth": "50 USD/point", "existing": "100 images"}
    vendor = {"contract": {"price": "0.02 USD/image"}, "accuracy": "100%"}
    product = {"value": value, "demand": {"at-most": "20_000 images"}}
    answer = solve(read_case(case_of(vendors={"v": vendor}, product=product, budget="1000 USD")))
    best = 50 * 100 * (100**-0.5 - 2500**-0.5) - 0.02 * 2400
    assert answer.plan is not None
    assert best - answer.plan.value_error <= answer.objective <= best + 1e-6  # type: ignore[operator]
    assert answer.bound >= best  # type: ignore[operator]
    assert 0 < answer.plan.value_error < 0.001 * best
    assert answer.plan.products["items"][0] == pytest.approx(2400, rel=0.05)


def test_a_bound_never_rests_on_the_search_where_curves_hide_value() -> None:
    """Least cost of a value along a fitted curve, with a yes-or-no choice: the bound is the relaxation's, wide enough."""
    value = {"curve": {"power-law": {"a": 50, "b": 0.3}}, "worth": "500 USD/point", "existing": "1_000 images"}
    case = {
        "case": "bound",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "cost",
        "targets": {"value": "800 USD"},
        "products": {
            "a": {"item": "image", "effort": "36 s/image", "demand": {"at-most": "50_000 images"}, "value": value}
        },
        "vendors": {"v": {"contract": {"price": "10 USD/h"}}},
    }
    linear = solve(read_case(case))
    assert linear.bound is not None
    assert linear.objective is not None
    assert linear.bound < linear.objective
    whole = solve(read_case({**case, "vendors": {"v": {"contract": {"price": "10 USD/h"}, "onboarding": "50 USD"}}}))
    assert whole.status is Status.OPTIMAL
    assert whole.objective == pytest.approx(linear.objective + 50)
    assert whole.certificate is not None
    assert whole.certificate.claimed is None
    assert whole.bound == whole.certificate.proven
    assert linear.bound - 1 < whole.bound < linear.objective + 50
