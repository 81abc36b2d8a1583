"""Money that belongs to no line: which products bear it, counted on fingers; and that all of it is borne."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import bears_all, written

from allocate import Answer, read_case, solve
from allocate.plan import Plan


def planned(vendors: dict[str, Any], **more: Any) -> Plan:
    """The best plan of two products of so many images each."""
    case = written(vendors, **{"products": ("one", "two"), "exchange": {}, **more})
    case["products"]["two"]["effort"] = "72 s/image"
    return plan_of(solve(read_case(case)))


def plan_of(answer: Answer) -> Plan:
    """The plan, which the verifier has agreed with: it shares money out by code of its own."""
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.violations == ()
    bears_all(answer.plan)
    return answer.plan


def shares(plan: Plan) -> list[float]:
    """What both products bear beside the spend of their lines."""
    return plan.products["shared"].tolist()


def test_fees_fall_to_products_by_the_work_they_give_the_vendor() -> None:
    """40 images of 36 s and 40 of 72 s bear 30 USD of onboarding and retainer as 1 to 2."""
    plan = planned(
        {"v": {"contract": {"price": "1 USD/image", "fees": {"onboarding": "24 USD", "retainer": "6 USD/week"}}}}
    )
    assert shares(plan) == pytest.approx([10.0, 20.0])
    assert plan.products["cost"].sum() == pytest.approx(plan.spend) == pytest.approx(110.0)


def test_cost_of_an_accurate_item_has_all_of_it() -> None:
    """40 images at 90 % for 40 USD and 10 USD of fees: 50 over 36 an accurate one, for the product and for its vendor."""
    vendors = {"v": {"accuracy": "90%", "contract": {"price": "1 USD/image", "fees": {"onboarding": "10 USD"}}}}
    plan = planned(vendors, products=("one", "two"), least=0, most=0)
    assert plan.products["cost_per_accurate_item"].isna().all()
    plan = plan_of(solve(read_case(written(vendors, exchange={}))))
    for table in (plan.products, plan.vendors):
        assert table["cost_per_accurate_item"].tolist() == pytest.approx([50 / 36])


def test_a_licence_falls_to_the_products_by_what_it_carries() -> None:
    """Licences by images: 40 of each product take the four equally, however long an image takes."""
    fees = {"seat": {"price": "7 USD", "carries": "20 images"}}
    plan = planned({"v": {"contract": {"price": "1 USD/image", "fees": fees}}})
    assert shares(plan) == pytest.approx([14.0, 14.0])


def test_a_licence_for_one_product_is_borne_by_it() -> None:
    """The tool is for product two alone."""
    fees = {"seat": {"price": "7 USD", "carries": "20 images", "products": "two"}}
    plan = planned({"v": {"contract": {"price": "1 USD/image", "fees": fees}}})
    assert shares(plan) == pytest.approx([0.0, 14.0])


def test_a_commitment_and_a_rebate_fall_by_the_money_spent() -> None:
    """Product two costs three times as much: it bears three quarters of what is missing, and of what comes back."""
    rates = [
        {"product": "one", "vendor": "v", "price": "1 USD/image"},
        {"product": "two", "vendor": "v", "price": "3 USD/image"},
    ]
    committed = {"commitment": {"at-least": "200 USD", "window": "horizon"}}
    assert shares(planned({"v": {"contract": committed}}, rates=rates)) == pytest.approx([10.0, 30.0])
    rebate = {"rebate": {"window": "horizon", "steps": [{"at-least": "100 USD", "back": "10%"}]}}
    assert shares(planned({"v": {"contract": rebate}}, rates=rates)) == pytest.approx([-4.0, -12.0])


def test_idle_pay_falls_by_hours_worked() -> None:
    """Of 40 paid hours 0.4 and 0.8 are worked: the lines bear these, and of the others a third and two thirds."""
    plan = planned({"t": {"team": {"people": 1, "hours": "40 h/week", "wage": "10 USD/h"}}})
    assert plan.products["spend"].tolist() == pytest.approx([4.0, 8.0])
    assert shares(plan) == pytest.approx([388 / 3, 776 / 3])


def test_a_lever_falls_on_the_work_made_with_it() -> None:
    """A tool for product one, bought because it halves its hours, is borne by product one."""
    lever = {"cost": "5 USD", "effect": {"products": ["one"], "hours": "-50%"}}
    rates = [{"vendor": "v", "price": "100 USD/h", "product": name} for name in ("one", "two")]
    plan = planned({"v": {}}, rates=rates, levers={"tool": lever})
    assert plan.levers["lever"].tolist() == ["tool"]
    assert shares(plan) == pytest.approx([5.0, 0.0])


def test_a_product_of_which_nothing_is_made_bears_its_penalty() -> None:
    """Product two is dearer to make than to miss: its 40 missing images cost 20 USD, though it has no line."""
    case = written({"v": {"contract": {"price": "1 USD/image"}}}, products=("one", "two"), exchange={})
    case["products"]["two"]["demand"] = {"at-least": "40 images", "penalty": "0.5 USD/image", "cash": True}
    plan = plan_of(solve(read_case(case)))
    assert plan.products[["items", "shared", "cost"]].to_numpy().tolist() == [[40.0, 0.0, 40.0], [0.0, 20.0, 20.0]]


def test_fees_of_a_vendor_without_work_fall_on_all_work() -> None:
    """The incumbent is left and is paid 90 cents for it: the product it made bears them with whoever makes it."""
    vendors = {name: {"contract": {"price": f"{price} USD/image"}} for name, price in (("dear", 2), ("cheap", 1))}
    case = written(vendors, products=("one", "two"), exchange={})
    case["products"]["one"]["incumbent"] = {"vendor": "dear", "switching": "0.9 USD", "paid-to": "dear"}
    plan = plan_of(solve(read_case(case)))
    assert shares(plan) == pytest.approx([0.9, 0.0])
