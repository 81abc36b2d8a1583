"""Incumbents: what switching away from them costs, and shares they keep."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import exact, spend_of, written

from allocate import read_case, solve

VENDORS = {"v": {"contract": {"price": "2 USD/image"}}, "w": {"contract": {"price": "1 USD/image"}}}


def with_incumbent(incumbent: Any, **more: Any) -> dict[str, Any]:
    """40 images of which v, the incumbent, makes each for twice the price of w."""
    case = written(VENDORS, **more)
    case["products"]["one"]["incumbent"] = incumbent
    return case


@pytest.mark.parametrize(("fee", "spend"), [(0.5, 40.5), (30.0, 41.0)])
def test_one_item_keeps_an_incumbent_or_the_fee_is_paid(fee: float, spend: float) -> None:
    """Without a part to keep, one item at v costs a dollar more: less than 30 USD, more than half a dollar."""
    assert spend_of(with_incumbent({"vendor": "v", "switching": f"{fee} USD"})) == pytest.approx(spend)


@pytest.mark.parametrize(("fee", "spend"), [(9.0, 49.0), (11.0, 50.0)])
def test_a_part_is_kept_or_the_fee_is_paid(fee: float, spend: float) -> None:
    """A quarter at v, ten images, costs 10 USD more than none: the fee is paid where it is less."""
    incumbent = {"vendor": "v", "switching": f"{fee} USD", "below": "25%"}
    assert spend_of(with_incumbent(incumbent)) == pytest.approx(spend)


def test_switching_is_an_entry_of_the_invoice_for_its_product() -> None:
    """The fee stands at the incumbent, for the product, in the first week; it belongs to no line."""
    answer = solve(read_case(with_incumbent({"vendor": "v", "switching": "0.5 USD"})))
    assert answer.plan is not None
    (row,) = answer.plan.invoice.query("clause == 'switching'").to_dict("records")
    assert (row["vendor"], row["about"], row["amount"]) == ("v", "one", pytest.approx(0.5))
    assert answer.plan.vendors.set_index("vendor")["fees"].to_dict() == {"v": pytest.approx(0.5), "w": 0.0}


def test_a_product_nobody_makes_is_not_switched() -> None:
    """Nothing is taken away from anybody."""
    assert spend_of(with_incumbent({"vendor": "v", "switching": "9 USD"}, least=0, most=40)) == pytest.approx(0)


@pytest.mark.parametrize("below", [None, "50%"])
@pytest.mark.parametrize("side", ["at-least", "at-most"])
def test_switching_is_not_paid_to_reach_a_share(below: str | None, side: str) -> None:
    """The fee counts as spend with the incumbent, and is owed only where the incumbent really falls short."""
    incumbent = {"vendor": "v", "switching": "40 USD", **({"below": below} if below else {})}
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
