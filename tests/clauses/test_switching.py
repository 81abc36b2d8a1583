"""Incumbents: what switching away from them costs, and shares they keep."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from contract_grid import exact, spend_of, written
from mistakes import product, told_once_each
from scaled_cases import with_items_by

from allocate import read_case, solve

VENDORS = {"v": {"contract": {"price": "2 USD/image"}}, "w": {"contract": {"price": "1 USD/image"}}}


def with_incumbent(incumbent: Any, **more: Any) -> dict[str, Any]:
    """40 images of which v, the incumbent, makes each for twice the price of w."""
    case = written(VENDORS, **more)
    case["products"]["one"]["incumbent"] = incumbent
    return case


@pytest.mark.parametrize(("fee", "spend"), [(0.5, 40.5), (30.0, 42.0)])
def test_a_twentieth_keeps_an_incumbent_or_the_fee_is_paid(fee: float, spend: float) -> None:
    """Without a part to keep, it is 5%: two items at v cost two dollars more, less than 30 USD, more than half a dollar."""
    assert spend_of(with_incumbent({"vendor": "v", "switching": f"{fee} USD"})) == pytest.approx(spend)


@pytest.mark.parametrize("power", [-9, -3, 3, 6])
def test_what_an_item_is_does_not_matter_to_switching(power: int) -> None:
    """Items by the million or in thousand millionths: two of forty keep the incumbent for 30 USD, not for half a dollar."""
    for fee, spend in ((0.5, 40.5), (30.0, 42.0)):
        case = with_items_by(with_incumbent({"vendor": "v", "switching": f"{fee} USD"}), Decimal(10) ** power)
        assert spend_of(case) == pytest.approx(spend, rel=1e-6)


@pytest.mark.parametrize(("fee", "spend"), [(9.0, 49.0), (11.0, 50.0)])
def test_a_part_is_kept_or_the_fee_is_paid(fee: float, spend: float) -> None:
    """A quarter at v, ten images, costs 10 USD more than none: the fee is paid where it is less."""
    incumbent = {"vendor": "v", "switching": f"{fee} USD", "below": "25%"}
    assert spend_of(with_incumbent(incumbent)) == pytest.approx(spend)


def test_switching_is_an_entry_of_the_invoice_for_its_product() -> None:
    """The fee is a cost of your own, for the product, in the first week; it belongs to no line and to no vendor."""
    answer = solve(read_case(with_incumbent({"vendor": "v", "switching": "0.5 USD"})))
    assert answer.plan is not None
    (row,) = answer.plan.invoice.query("clause == 'switching'").to_dict("records")
    assert (row["vendor"], row["about"], row["amount"]) == ("", "one", pytest.approx(0.5))
    assert answer.plan.vendors.set_index("vendor")["fees"].to_dict() == {"v": 0.0, "w": 0.0}


@pytest.mark.parametrize("paid_to", ["v", "w"])
def test_switching_is_owed_to_whom_the_case_says(paid_to: str) -> None:
    """A notice paid to a vendor stands among its fees, and in budgets of its money."""
    case = with_incumbent({"vendor": "v", "switching": "0.5 USD", "paid-to": paid_to})
    answer = solve(read_case(case))
    assert answer.plan is not None
    fees = {"v": 0.0, "w": 0.0, paid_to: pytest.approx(0.5)}
    assert answer.plan.vendors.set_index("vendor")["fees"].to_dict() == fees
    case["budget"] = {"limits": [{"name": "it", "vendors": [paid_to], "at-most": "1.2 USD"}]}
    case["products"]["one"]["incumbent"]["switching"] = "1.3 USD"
    limited = solve(read_case(case))
    assert limited.plan is None or "switching" not in limited.plan.invoice["clause"].tolist()


@pytest.mark.parametrize("paid_to", [None, "v", "w"])
@pytest.mark.parametrize("fee", [1.0, 20.0, 400.0])
def test_switching_is_no_spend_for_work(paid_to: str | None, fee: float) -> None:
    """A floor of 15 % of the spend with the incumbent is kept by work, whatever is paid for leaving it and to whom."""
    incumbent = {"vendor": "v", "switching": f"{fee} USD", "below": "90%", **({"paid-to": paid_to} if paid_to else {})}
    rule = {"name": "keep", "share": {"vendor": "v", "of": "spend", "at-least": "15%"}}
    answer = solve(read_case(with_incumbent(incumbent, rules=[rule])))
    assert answer.plan is not None
    spent = answer.plan.lines.groupby("vendor")["spend"].sum()
    assert spent["v"] >= 0.15 * spent.sum() - 1e-6
    # v makes x of 40 at 2 USD: 2x = 0.15 (2x + 40 - x), unless keeping 36 of 40 is cheaper than the fee.
    assert answer.plan.spend == pytest.approx(min(40 + 6 / 1.85 + fee, 76.0))


def test_a_product_nobody_makes_is_not_switched() -> None:
    """Nothing is taken away from anybody."""
    assert spend_of(with_incumbent({"vendor": "v", "switching": "9 USD"}, least=0, most=40)) == pytest.approx(0)


@pytest.mark.parametrize("below", [None, "50%"])
@pytest.mark.parametrize("side", ["at-least", "at-most"])
@pytest.mark.parametrize("paid_to", [None, "v", "w"])
def test_switching_reaches_no_share(below: str | None, side: str, paid_to: str | None) -> None:
    """The fee counts in no share of the spend, and is owed only where the incumbent really falls short."""
    incumbent = {"vendor": "v", "switching": "40 USD", **({"below": below} if below else {})}
    incumbent |= {"paid-to": paid_to} if paid_to else {}
    rule = {"name": "share", "share": {"vendor": "v", "of": "spend", side: "30%"}}
    exact(with_incumbent(incumbent, rules=[rule]))


def test_incumbents_keep_their_part_of_each_product() -> None:
    """v makes half of product one, w half of product two, though neither is cheapest there; the third has none."""
    rule = {"name": "keep", "share": {"vendor": "incumbent", "of": "items", "at-least": "50%"}}
    case = written(VENDORS, products=("one", "two", "three"), rules=[rule])
    case["products"]["one"]["incumbent"] = "v"
    case["products"]["two"]["incumbent"] = {"vendor": "w"}
    assert spend_of(case) == pytest.approx(60 + 40 + 40)
    answer = solve(read_case(case))
    assert answer.verification is not None
    subjects = {check.subject for check in answer.verification.checks if check.family == "share_at_least"}
    assert subjects == {"rule 'keep': share of v in items of one", "rule 'keep': share of w in items of two"}


MISTAKES: list[Any] = [
    pytest.param(
        product("incumbent: acmee"),
        "case.yaml:24:16",
        "there is no vendor 'acmee'",
        "did you mean 'acme'?",
        id="an incumbent that is not there",
    ),
    pytest.param(
        product("incumbent: acme"),
        "case.yaml:24:16",
        "the incumbent of triage, acme, has no rate for it",
        "add a rate, or name another vendor",
        id="an incumbent without a rate",
    ),
    pytest.param(
        product("incumbent: {vendor: in-house, switching: 5k USD, paid-to: acmee}"),
        "case.yaml:24:63",
        "there is no vendor 'acmee'",
        "did you mean 'acme'?",
        id="the cost of switching paid to nobody there is",
    ),
    pytest.param(
        product("incumbent: {vendor: in-house, paid-to: acme}"),
        "case.yaml:24:44",
        "`paid-to` says who gets the cost of switching, and no `switching` says how much it is",
        "add `switching: 5k USD`, or leave `paid-to` out",
        id="somebody paid for switching that costs nothing",
    ),
    pytest.param(
        product("incumbent: {vendor: in-house, below: 20%}"),
        "case.yaml:24:42",
        "`below` says when switching costs, and no `switching` says how much",
        "add `switching: 5k USD`, or leave `below` out",
        id="a part to keep that costs nothing",
    ),
]

test_mistakes = told_once_each(MISTAKES)


def test_a_share_of_spend_broken_for_a_penalty_leaves_the_fee_out() -> None:
    """Paid to a vendor, the fee is no part of what is shared: 300 for work, of which a may have 120 and has all."""
    product = {"item": "image", "effort": "36 s/image", "demand": "300 images"}
    left = {"vendor": "b", "switching": "2 USD", "below": "50%", "paid-to": "b"}
    share = {"vendor": "a", "of": "spend", "at-most": "40%"}
    case = {
        "case": "switched",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"p": {**product, "incumbent": left}},
        "vendors": {
            name: {"contract": {"price": price}} for name, price in (("a", "1 USD/image"), ("b", "2 USD/image"))
        },
        "workflows": {"plain": {}},
        "rules": [{"name": "not all with a", "share": share, "penalty": "0.01 USD/USD"}],
    }
    answer = solve(read_case(case))
    assert answer.objective == pytest.approx(302.0 + 0.01 * 180.0)
