"""Rebates by total spend, and discounts for paying early."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import checked, exact, only, pays_its_invoice, spend_of, steps, written
from hypothesis import given
from hypothesis import strategies as st
from mistakes import clause, contract, told_once_each

from allocate import formulate, read_case, solve

REBATE = {"steps": [{"at-least": "100 USD", "back": "2%"}, {"at-least": "200 USD", "back": "5%"}]}


@pytest.mark.parametrize(
    ("kind", "items", "spend"),
    [
        ("all-unit", 99, 99.0), ("all-unit", 100, 98.0), ("all-unit", 199, 199 * 0.98), ("all-unit", 200, 190.0),
        ("incremental", 99, 99.0), ("incremental", 100, 100.0), ("incremental", 150, 149.0),
        ("incremental", 200, 198.0), ("incremental", 300, 300 - 2 - 5),
    ],
)  # fmt: skip
def test_what_is_paid_back_by_step(kind: str, items: int, spend: float) -> None:
    """A dollar an image: from 100 USD on 2 % of all money come back, or of the money above; from 200 USD on 5 %."""
    assert spend_of(only({"price": "1 USD/image", "rebate": {"kind": kind, **REBATE}}, items)) == pytest.approx(spend)


def test_more_is_bought_where_the_rebate_makes_it_cheaper() -> None:
    """99.50 USD without, 100 USD less 2 % with: half an image more saves 1.50 USD, where the demand allows it."""
    vendors = {"v": {"contract": {"price": "0.5 USD/image", "rebate": {"steps": REBATE["steps"][:1]}}}}
    assert spend_of(written(vendors, least=199, most=300)) == pytest.approx(98.0)


def test_a_rebate_counts_tiers_and_is_paid_in_the_last_week() -> None:
    """60 USD in tiers and a week's budget of 62 USD: the 10 % come back in week 2, as an entry of their own."""
    contract = {
        "tiers": steps("incremental", (20, 1.0), (None, 0.5)),
        "rebate": {"steps": [{"at-least": "50 USD", "back": "10%"}]},
    }
    answer = solve(read_case(only(contract, 100, weeks=2)))
    assert pays_its_invoice(answer) == pytest.approx(60 - 6)
    assert answer.plan is not None
    (row,) = answer.plan.invoice.query("clause == 'rebate'").to_dict("records")
    assert (row["window"], row["about"], row["quantity"]) == ("the horizon", "v, step 1 of 1", pytest.approx(60.0))
    assert (row["unit_price"], row["amount"]) == (pytest.approx(-0.1), pytest.approx(-6.0))


def test_fees_and_commitments_are_no_part_of_what_a_rebate_counts() -> None:
    """50 USD of work, 30 USD of onboarding and 20 USD of a commitment not used up do not reach 60 USD."""
    contract: dict[str, Any] = {"price": "1 USD/image", "commitment": "70 USD", "fees": {"onboarding": "30 USD"}}
    contract["rebate"] = {"steps": [{"at-least": "60 USD", "back": "10%"}]}
    assert spend_of(only(contract, 50)) == pytest.approx(70 + 30)


@pytest.mark.parametrize("side", ["at-least", "at-most"])
def test_a_rebate_is_not_given_up_to_reach_a_share(side: str) -> None:
    """Paying v more, by forgoing its rebate, would move its share of the spend; it is owed all the same."""
    vendors = {"v": {"contract": {"price": "1 USD/image", "rebate": {"steps": [{"at-least": "20 USD", "back": "25%"}]}}},
               "w": {"contract": {"price": "1 USD/image"}}}  # fmt: skip
    rule = {"name": "share", "share": {"vendor": "v", "of": "spend", side: "45%"}}
    exact(written(vendors, least=80, most=80, rules=[rule]))


@pytest.mark.parametrize("kind", ["all-unit", "incremental"])
def test_no_plan_reaches_a_step_and_goes_without_it(kind: str) -> None:
    """From 30 USD on all of it is paid back in part: a plan of just 30 USD has the step; above it alone, both say the same."""
    back = {"kind": kind, "steps": [{"at-least": "30 USD", "back": "10%"}]}
    program = formulate(read_case(only({"rebate": back, "price": "1 USD/image"}, 40))).program
    below = program.arrays().upper[program.columns["rebate_spend"].ids[0]]
    assert below < 30.0 - 0.005 if kind == "all-unit" else below == 30.0


def test_a_step_is_reached_with_all_there_is_to_buy() -> None:
    """30 and 20 images at 0.10 USD are 5 USD, to the last digit of the most there can be: from 5 USD on 5% are paid back."""
    rebate = {"window": "quarter", "steps": [{"at-least": "5 USD", "back": "5%"}]}
    vendors = {
        "v": {"contract": {"price": "2 USD/image"}},
        "w": {"contract": {"price": "0.1 USD/image", "rebate": rebate}},
    }
    case = written(vendors, products=["one", "two"], weeks=2)
    for name, items in (("one", 30), ("two", 20)):
        case["products"][name]["demand"] = {"exactly": f"{items} images"}
    assert spend_of(case) == pytest.approx(4.75)


def test_two_ten_is_counted_on() -> None:
    """2 % off 100 USD of work, as an entry of its own; a commitment counts the price before it."""
    terms = {"early-payment": {"discount": "2%", "within": "10 days"}}
    answer = solve(read_case(only({"price": "1 USD/image", "commitment": "100 USD", **terms}, 100)))
    assert pays_its_invoice(answer) == pytest.approx(98.0)
    assert answer.plan is not None
    rows = answer.plan.invoice.set_index("clause")["amount"]
    assert rows.to_dict() == {"items": pytest.approx(100.0), "early payment": pytest.approx(-2.0)}
    assert answer.plan.lines["spend"].sum() == pytest.approx(98.0)


def test_a_discount_is_taken_off_tiers_and_off_a_malus() -> None:
    """20 at a dollar and 40 at half less a price reduction of 6 USD: 34 USD, less a tenth of them."""
    contract = {
        "tiers": steps("incremental", (20, 1.0), (None, 0.5)),
        "quality": [{"below": "99%", "price": "-0.1 USD/image"}],
        "early-payment": "10%",
    }
    answer = solve(read_case(only(contract, 60)))
    assert pays_its_invoice(answer) == pytest.approx(34 * 0.9)
    assert answer.plan is not None
    assert answer.plan.lines["spend"].sum() == pytest.approx(34 * 0.9)


def test_a_rebate_by_month_starts_anew_each_month_and_is_paid_at_its_end() -> None:
    """120 USD in one of two months pay back 12 USD, 60 in each nothing; a budget of 85 by month leaves no month 100."""
    rebate = {"window": "month", "steps": [{"at-least": "100 USD", "back": "10%"}]}
    case = only(
        {"price": "1 USD/image", "rebate": rebate}, 120, exchange={}, horizon={"start": "2027-01-01", "months": 2}
    )
    assert spend_of(case) == pytest.approx(108)
    assert spend_of({**case, "budget": {"per-month": "110 USD"}}) == pytest.approx(108)
    assert spend_of({**case, "budget": {"per-month": "85 USD"}}) == pytest.approx(120)


def test_weeks_count_in_the_months_their_days_are_in() -> None:
    """Seven days from Wednesday 27 January: 70 USD are 50 in January and 20 in February; steps of 40 are reached once."""
    rebate = {"window": "month", "steps": [{"at-least": "40 USD", "back": "10%"}]}
    week = {"horizon": {"start": "2027-01-27", "weeks": 1}, "exchange": {}}
    tiers = steps("incremental", (None, 1.0), window="week")
    for price in ({"price": "1 USD/image"}, {"tiers": tiers}):
        assert spend_of(only({**price, "rebate": rebate}, 70, **week)) == pytest.approx(65)
        committed = {"commitment": {"at-least": "40 USD", "window": "month"}}
        assert spend_of(only({**price, **committed}, 70, **week)) == pytest.approx(90)


@pytest.mark.slow
def test_months_of_tiers_count_in_their_quarter() -> None:
    """40 a month, as many as there are, cost 75 cents each; three months are 90 USD in the quarter, of which a tenth is back."""
    rebate = {"window": "quarter", "steps": [{"at-least": "80 USD", "back": "10%"}]}
    tiers = steps("all-unit", (20, 1.0), (40, 0.75), window="month")
    vendors = {"v": {"contract": {"tiers": tiers, "rebate": rebate}}}
    case = written(vendors, least=120, most=120, exchange={}, horizon={"start": "2027-01-01", "months": 3})
    assert spend_of(case) == pytest.approx(81)


def test_a_rebate_that_falls_is_kept_below_its_step_by_a_cent() -> None:
    """From 26 USD on only 5 % come back, not 24 %: of 40 images at 70 cents v makes what 25.99 USD buy, the rest w."""
    rebate = {"steps": [{"at-least": "1 USD", "back": "24%"}, {"at-least": "26 USD", "back": "5%"}]}
    vendors = {
        "v": {"contract": {"price": "0.7 USD/image", "rebate": rebate}},
        "w": {"contract": {"price": "0.9 USD/image"}},
    }
    case = written(vendors, least=40, most=40)
    assert spend_of(case) == pytest.approx(25.99 * 0.76 + 0.9 * (40 - 25.99 / 0.7))


def test_a_rebate_is_not_reached_by_filling_the_dear_step_first() -> None:
    """20 at 50 cents and 14 at a dollar are 24 USD, short of the 25 from which a fifth comes back."""
    rebate = {"steps": [{"at-least": "25 USD", "back": "20%"}]}
    tiers = steps("incremental", (20, 0.5), (None, 1.0))
    assert spend_of(only({"tiers": tiers, "rebate": rebate}, 34)) == pytest.approx(24)


@st.composite
def windows_that_nest(draw: st.DrawFn) -> dict[str, Any]:
    """Tiers or plain prices beside a rebate and a commitment in windows that hold those of the tiers."""
    inner = draw(st.sampled_from(["week", "month", "quarter", "horizon"]))
    order = ["week", "month", "quarter", "horizon"]
    outer = [draw(st.sampled_from(order[order.index(inner) :])) for _ in range(2)]
    starts = sorted(draw(st.sets(st.integers(1, 30), min_size=1, max_size=2)))
    listed = [{"at-least": f"{start} USD", "back": f"{draw(st.integers(1, 40))}%"} for start in starts]
    kinds = st.sampled_from(["incremental", "all-unit"])
    contract: dict[str, Any] = {"rebate": {"kind": draw(kinds), "window": outer[0], "steps": listed}}
    contract["tiers"] = steps(draw(kinds), (10, draw(st.integers(5, 20)) / 10), (None, 0.8), window=inner)
    if draw(st.booleans()):
        contract["commitment"] = {"at-least": f"{draw(st.integers(1, 20))} USD", "window": outer[1]}
    other = {"contract": {"price": "0.9 USD/image"}}
    rules = draw(st.sampled_from([[], [{"name": "r", "share": {"vendor": "v", "of": "spend", "at-least": "60%"}}]]))
    budget = draw(st.sampled_from([{}, {"budget": {"per-week": "25 USD"}}]))
    return written({"v": {"contract": contract}, "w": other}, least=40, most=50, weeks=2, rules=rules, **budget)


@pytest.mark.slow
@checked(25)
@given(windows_that_nest())
def test_no_plan_on_the_grid_beats_rebates_by_window(case: dict[str, Any]) -> None:
    """Whatever the windows, the plan costs what its invoice says, and none on the grid costs less."""
    exact(case)


MISTAKES: list[Any] = [
    pytest.param(
        clause("rebate: {steps: [{at-least: 9k PHP, back: 2%}, {at-least: 8k PHP, back: 3%}]}"),
        "case.yaml:32:103",
        "the steps overlap: this one holds from 8k PHP, the one before (line 32) from 9k PHP",
        "write the steps in order, each with a higher `at-least`",
        id="rebate steps out of order",
    ),
    pytest.param(
        clause("rebate: {steps: [{at-least: 9k PHP, back: 2%}, {at-least: 80k USD, back: 3%}]}"),
        "case.yaml:32:53",
        "vendors.acme.contract.rebate: the steps are in different currencies",
        "write all of them in one",
        id="rebate steps in two currencies",
    ),
    pytest.param(
        clause("rebate: {steps: []}"),
        "case.yaml:32:53",
        "vendors.acme.contract.rebate: a rebate needs at least one step",
        "write it as in `steps: [{at-least: 100k USD, back: 2%}]`",
        id="a rebate without steps",
    ),
    pytest.param(
        clause("ceiling: 8k PHP, rebate: {steps: [{at-least: 9k PHP, back: 2%}]}"),
        "case.yaml:32:90",
        "nobody reaches 9k PHP: the contract's ceiling (line 32) is 8k PHP",
        "lower it, or raise the ceiling",
        id="a rebate above the ceiling",
    ),
    pytest.param(
        clause("rebate: {steps: [{at-least: 9k PHP, back: 200}]}"),
        "case.yaml:32:87",
        "vendors.acme.contract.rebate.steps.0.back is outside 0% to 100% ('200')",
        "write a share, as in `50%`",
        id="a rebate of more than all",
    ),
    pytest.param(
        contract(
            "tiers: {window: quarter, steps: [{price: 300 PHP/h}]}, "
            "rebate: {window: month, steps: [{at-least: 9k PHP, back: 2%}]}"
        ),
        "case.yaml:32:79",
        "the rebate counts by month, the tiers (line 32) by quarter",
        "write `window: quarter` for both, or `window: horizon` here",
        id="a rebate within the window of tiers",
    ),
]

test_mistakes = told_once_each(MISTAKES)
