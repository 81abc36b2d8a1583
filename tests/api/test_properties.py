"""What holds for every case: plans verify, more money is never worse, names and currencies do not matter."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from drawn_cases import Case, cases, checked, number
from hypothesis import given
from hypothesis import strategies as st
from reference_program import Reference

from allocate import read_case, routes, solve
from allocate.costing.value.values import product_values
from allocate.numerals import plainly
from allocate.solvers.outcome import Status

pytestmark = pytest.mark.slow


@checked(60)
@given(cases())
def test_the_optimum_is_that_of_an_independent_formulation(drawn: Case) -> None:
    """Objective and feasibility agree with a linear program written from the mapping and solved by scipy, to 1e-7."""
    case = read_case(drawn)
    expected = Reference(drawn, routes(case)).optimum()
    answer = solve(case)
    if expected is None:
        assert answer.status is Status.INFEASIBLE
        assert answer.plan is None
        assert answer.reasons
    else:
        assert answer.status is Status.OPTIMAL
        assert answer.objective == pytest.approx(expected, rel=1e-7, abs=1e-5)


@checked(40)
@given(cases())
def test_every_plan_verifies(drawn: Case) -> None:
    """The independent check finds nothing wrong with a plan, and its bound is reached."""
    answer = solve(read_case(drawn))
    if answer.plan is not None:
        assert answer.verification is not None
        assert answer.verification.violations == ()
        assert answer.gap is not None
        assert answer.gap <= 1e-6 or abs(answer.bound - answer.objective) < 1e-6  # type: ignore[operator]


@checked(25)
@given(cases(objective="value"), st.floats(1.01, 2.0))
def test_more_budget_is_never_worse(drawn: Case, factor: float) -> None:
    """Raising the budget keeps a plan possible, and its value at least as high."""
    more = copy.deepcopy(drawn)
    more["budget"]["total"] = f"{plainly(str(number(drawn['budget']['total']) * factor))} USD"
    before, after = solve(read_case(drawn)), solve(read_case(more))
    if before.plan is not None:
        assert after.plan is not None
        assert after.plan.value >= before.plan.value * (1 - 1e-9) - 1e-7


@checked(20)
@given(cases())
def test_the_scale_of_a_currency_does_not_matter(drawn: Case) -> None:
    """Prices in EUR ten times as high at a tenth of the exchange rate give the same plan and the same money."""
    scaled = copy.deepcopy(drawn)
    scaled["exchange"] = {"EUR": "0.125 USD"}
    for rate in scaled["rates"]:
        if "EUR" in rate["price"]:
            rate["price"] = f"{plainly(repr(number(rate['price']) * 10))} EUR/image"
    assert_same(drawn, scaled)


@checked(25)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(drawn: Case, random: Any) -> None:
    """Products, vendors and rates written in another order give the same plan, name by name."""
    mixed = copy.deepcopy(drawn)
    for key in ("products", "vendors"):
        names = list(mixed[key])
        random.shuffle(names)
        mixed[key] = {name: mixed[key][name] for name in names}
    random.shuffle(mixed["rates"])
    assert_same(drawn, mixed)


def assert_same(one: Case, other: Case) -> None:
    """Both cases have the same plan by names, or none."""
    first, second = solve(read_case(one)), solve(read_case(other))
    assert first.status is second.status
    if first.plan is None or second.plan is None:
        return
    assert first.objective == pytest.approx(second.objective, rel=1e-9, abs=1e-7)
    assert items_of(first.plan) == pytest.approx(items_of(second.plan), rel=1e-6, abs=1e-5)


def items_of(plan: Any) -> dict[tuple[Any, ...], float]:
    """Items by names and week; amounts that are rounding aside."""
    keys = zip(plan.lines["product"], plan.lines["vendor"], plan.lines["workflow"], plan.lines["period"], strict=True)
    return {key: items for key, items in zip(keys, plan.lines["items"], strict=True) if items > 1e-5}


@checked(20)
@given(cases())
def test_two_runs_are_equal_to_the_byte(drawn: Case) -> None:
    """The same case read and solved twice gives the same bytes."""
    first, second = solve(read_case(drawn)), solve(read_case(drawn))
    assert first.status is second.status
    assert first.reasons == second.reasons
    if first.plan is not None and second.plan is not None:
        for table in ("lines", "products", "vendors"):
            assert getattr(first.plan, table).to_csv() == getattr(second.plan, table).to_csv()
        assert first.prices == second.prices


@checked(20)
@given(cases())
def test_later_goals_leave_earlier_ones_alone(drawn: Case) -> None:
    """Value first, then cost: the value is that of value alone, the spend no more, and no less than needed for it."""
    alone = solve(read_case({**drawn, "objective": "value", "hurdle": None}))
    both = solve(read_case({**drawn, "objective": ["value", "cost"], "hurdle": None}))
    assert alone.status is both.status
    if alone.plan is not None and both.plan is not None:
        assert both.plan.value == pytest.approx(alone.plan.value, rel=1e-7, abs=1e-6)
        assert both.plan.spend <= alone.plan.spend * (1 + 1e-6) + 1e-6


@checked(25)
@given(cases(objective="value"))
def test_the_least_budget_for_a_result_is_the_budget_whose_best_result_it_is(drawn: Case) -> None:
    """The best value of a budget, asked for at the least cost, costs what the plan spent; and spending that suffices."""
    best = solve(read_case(drawn))
    if best.plan is None or best.plan.value <= 1e-6:
        return
    target = {**drawn, "objective": "cost", "targets": {"value": f"{plainly(repr(best.plan.value * (1 - 1e-9)))} USD"}}
    least = solve(read_case(target))
    assert least.plan is not None
    assert least.plan.spend == pytest.approx(best.plan.spend, rel=1e-6, abs=1e-4)
    again = copy.deepcopy(drawn)
    again["budget"]["total"] = f"{plainly(repr(least.plan.spend * (1 + 1e-9)))} USD"
    assert solve(read_case(again)).plan.value == pytest.approx(best.plan.value, rel=1e-6, abs=1e-4)  # type: ignore[union-attr]


@checked(30)
@given(cases(floors=False, objective="net-value"))
def test_nothing_is_funded_below_the_hurdle(drawn: Case) -> None:
    """Where no floor forces it, the last unit of every line returns the hurdle on its cost and its escaped errors."""
    case = read_case(drawn)
    answer = solve(case)
    assert answer.plan is not None
    curves = product_values(case, routes(case))
    labels = answer.plan.products["effective_labels"].to_numpy()
    positions = {name: position for position, name in enumerate(case.products)}
    for line in answer.plan.lines.to_dict("records"):
        at = positions[line["product"]]
        step = min(1e-4 * line["items"], 1e-2)
        if line["items"] < 1.0:
            continue
        lost = curves[at].money(labels[at]) - curves[at].money(
            labels[at] - step * line["effective_labels"] / line["items"]
        )
        asked = (answer.plan.hurdle * line["spend"] + line["error_cost"]) / line["items"] * step
        assert lost >= asked * (1 - 1e-5) - 1e-9
