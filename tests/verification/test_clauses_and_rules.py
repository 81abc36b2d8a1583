"""The independent check of contracts and mix rules: a plan that breaks a clause is caught with it, in words, alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from allocate import Plan, read_case, routes, solve, verify
from allocate.case.load import Case
from allocate.costing.bill.lines import Lines
from allocate.costing.value.values import product_values
from allocate.plan import make_plan

Line = tuple[str, str, int, float]
"""Product, vendor, week, items."""


def case_of(**changes: Any) -> Case:
    """Two products and two vendors at a price over two weeks; one of the vendors holds a certificate."""
    product = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "1_000 images"}}
    base = {
        "case": "c",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {"one": product, "two": product},
        "vendors": {
            "v": {"contract": {"price": "1 USD/image", **changes.pop("terms", {})}, "certified": ["hipaa"]},
            "w": {"contract": {"price": "2 USD/image"}},
        },
        "workflows": {"plain": {}},
    }
    return read_case({**base, **changes})


def plan_of(case: Case, *lines: Line) -> Plan:
    """A plan of lines, kept to or not, its figures right."""
    ways = routes(case)
    route = [
        int(np.flatnonzero((ways.product == ways.products.index(p)) & (ways.vendor == ways.vendors.index(v)))[0])
        for p, v, _, _ in lines
    ]
    period = np.array([week - 1 for _, _, week, _ in lines], dtype=np.int32)
    items = np.array([many for _, _, _, many in lines])
    return make_plan(product_values(case, ways), Lines(case, ways, np.array(route, dtype=np.int32), period, items))


def rule(**words: Any) -> dict[str, Any]:
    """Changes that add one rule, named r."""
    return {"rules": [{"name": "r", **words}]}


def tiers(**more: Any) -> dict[str, Any]:
    """Changes that put 100 images by v for sale, in two steps."""
    steps = [{"up-to": "60 images", "price": "1 USD/image"}, {"up-to": "100 images", "price": "0.5 USD/image"}]
    return {"terms": {"price": None, "tiers": {"steps": steps, **more}}}


PRODUCT = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "1_000 images"}}
PLAIN = {"contract": {"price": "1 USD/image"}}
HALVES = (("one", "v", 1, 50.0), ("one", "v", 2, 50.0))
BROKEN: dict[str, tuple[dict[str, Any], tuple[Line, ...], tuple[Line, ...], str]] = {
    "below the minimum order": (
        {"terms": {"minimum-order": "100 images"}},
        HALVES,
        (*HALVES, ("two", "v", 1, 99.0)),
        "minimum order of two with v: 99 image, at least 100",
    ),
    "not whole lots": (
        {"terms": {"order-multiple": "20 images"}},
        HALVES,
        (*HALVES, ("one", "v", 1, 3.0)),
        "items of one with v over whole lots of 20: 3 image, at most 0",
    ),
    "a lot short of a few": (
        {"terms": {"order-multiple": "20 images"}},
        HALVES,
        (*HALVES, ("one", "v", 1, 17.0)),
        "items of one with v over whole lots of 20: 3 image, at most 0",
    ),
    "above the ceiling": (
        {"terms": {"ceiling": "100 USD", "fees": {"onboarding": "50 USD"}}},
        HALVES,
        (*HALVES, ("two", "v", 1, 1.0)),
        "ceiling of the contract with v: 101 USD, at most 100",
    ),
    "above the ceiling by tiers": (
        tiers() | {"terms": {**tiers()["terms"], "ceiling": "79 USD"}},
        (("one", "v", 1, 98.0),),
        HALVES,
        "ceiling of the contract with v: 80 USD, at most 79",
    ),
    "past the last step": (
        tiers(),
        HALVES,
        (*HALVES, ("two", "v", 1, 5.0)),
        "tiers of v: one, two in the horizon: 105 image, at most 100",
    ),
    "past the last step in a week": (
        tiers(window="period", over="product"),
        (("one", "v", 1, 100.0), ("one", "v", 2, 100.0)),
        (("one", "v", 1, 100.0), ("one", "v", 2, 101.0)),
        "tiers of v: one in week 2: 101 image, at most 100",
    ),
    "too many vendors": (
        rule(count={"products": "each", "at-most": 1}),
        (("one", "v", 1, 5.0), ("two", "w", 1, 5.0)),
        (("one", "v", 1, 5.0), ("one", "w", 2, 5.0)),
        "rule 'r': vendors on one: 2 vendors, at most 1",
    ),
    "too many vendors in all": (
        rule(count={"at-most": 1}),
        HALVES,
        (*HALVES, ("two", "w", 1, 0.5)),
        "rule 'r': vendors: 2 vendors, at most 1",
    ),
    "too few vendors": (
        rule(count={"products": ["one"], "at-least": 2}),
        (*HALVES, ("one", "w", 2, 6.0)),
        (*HALVES, ("two", "w", 1, 5.0), ("one", "w", 2, 0.5)),
        "rule 'r': vendors on one (5% or more each): 1 vendors, at least 2",
    ),
    "too few of some vendors": (
        rule(count={"vendors": ["w"], "at-least": 1}),
        (*HALVES, ("one", "w", 1, 6.0)),
        (*HALVES, ("one", "w", 1, 1.0)),
        "rule 'r': vendors (5% or more each): 0 vendors, at least 1",
    ),
    "products that no vendor makes together": (
        rule(incompatible={"products": ["one", "two"], "vendors": ["v"]}),
        (*HALVES, ("two", "w", 1, 5.0), ("one", "w", 1, 5.0)),
        (*HALVES, ("two", "v", 2, 1.0)),
        "rule 'r': of one and two with v: 2 products, at most 1",
    ),
    "too little for an incumbent": (
        rule(share={"vendor": "incumbent", "of": "items", "at-least": "50%"})
        | {"products": {"one": {**PRODUCT, "incumbent": "v"}, "two": PRODUCT}},
        (*HALVES, ("one", "w", 1, 100.0), ("two", "w", 1, 900.0)),
        (*HALVES, ("one", "w", 1, 150.0), ("two", "v", 1, 900.0)),
        "rule 'r': share of v in items of one: 0.4 share, at least 0.5",
    ),
    "too much for a region": (
        rule(share={"region": "PH", "of": "hours", "at-most": "50%"})
        | {"vendors": {"v": {"region": "PH", **PLAIN}, "w": {"region": "IN", **PLAIN}}},
        (*HALVES, ("one", "w", 1, 100.0)),
        (*HALVES, ("one", "w", 1, 25.0)),
        "rule 'r': share of v in hours: 0.8 share, at most 0.5",
    ),
    "a forbidden pair": (
        rule(only={"products": ["one"], "vendors-with": "hipaa"}),
        (*HALVES, ("two", "w", 1, 5.0)),
        (*HALVES, ("one", "w", 1, 5.0)),
        "one with w, which a rule forbids: 5 image, at most 0",
    ),
    "a held quantity lowered": (
        rule(fix={"product": "one", "vendor": "v", "items": "100 images"}),
        HALVES,
        (HALVES[0], ("one", "v", 2, 49.0)),
        "rule 'r': items held: 99 image, at least 100",
    ),
    "a held quantity raised": (
        rule(fix={"product": "one", "vendor": "v", "workflow": "plain", "items": "100 images"}),
        HALVES,
        (HALVES[0], ("one", "v", 2, 51.0)),
        "rule 'r': items held: 101 image, at most 100",
    ),
    "a needed product missing": (
        rule(needs={"product": "two", "needs": "one"}),
        (("two", "w", 1, 9.0), ("one", "v", 2, 1.0)),
        (("two", "w", 1, 9.0),),
        "rule 'r': items of one: 0 image, at least 1",
    ),
    "too little of a needed product": (
        rule(needs={"product": "two", "needs": "one", "at-least": "60 images"}),
        (*HALVES, ("two", "w", 1, 9.0)),
        (HALVES[0], ("two", "w", 1, 9.0)),
        "rule 'r': items of one: 50 image, at least 60",
    ),
}


@pytest.mark.parametrize("kind", list(BROKEN))
def test_a_broken_clause_is_found_alone(kind: str) -> None:
    """A plan that keeps the clause holds; the same with one thing wrong breaks it and nothing else."""
    changes, kept, tampered, words = BROKEN[kind]
    case = case_of(**changes)
    assert verify(case, plan_of(case, *kept)).violations == ()
    assert verify(case, plan_of(case, *tampered)).violations == (words,)


def test_a_product_that_is_not_made_needs_nothing() -> None:
    """Precedence asks nothing of a plan without the product."""
    case = case_of(**rule(needs={"product": "two", "needs": "one"}))
    assert verify(case, plan_of(case, ("one", "v", 1, 0.5))).holds


FEES = {"fees": {"onboarding": "30 USD"}, "commitment": "150 USD"}


def test_an_amount_of_the_invoice_is_checked() -> None:
    """A line raised by a dollar no longer adds up to what the contract says."""
    case = case_of(terms=FEES)
    plan = plan_of(case, *HALVES)
    rows = plan.invoice.copy()
    rows.loc[1, "amount"] += 1.0
    rows.loc[1, "unit_price"] += 0.02
    found = verify(case, dataclasses.replace(plan, invoice=rows)).violations
    assert "the sum of the invoice is 181, the case says 180" in found


def test_amounts_moved_between_lines_of_the_invoice_are_found() -> None:
    """The sum stays; the lines are no longer those of the contract."""
    case = case_of(terms=FEES)
    plan = plan_of(case, *HALVES)
    rows = plan.invoice.copy()
    rows.loc[0, "amount"] += 1.0
    rows.loc[1, "amount"] -= 1.0
    assert verify(case, dataclasses.replace(plan, invoice=rows)).violations == (
        "invoice line 1 (onboarding of v): amount is 31, the case says 30",
        "invoice line 2 (items of v): amount is 49, the case says 50",
    )


@pytest.mark.parametrize("column", ["vendor", "window", "clause", "about", "unit"])
def test_the_words_of_the_invoice_are_checked(column: str) -> None:
    """A line for another vendor, window or clause is another line."""
    case = case_of(terms=FEES)
    plan = plan_of(case, *HALVES)
    rows = plan.invoice.copy()
    right = rows.loc[0, column]
    rows.loc[0, column] = "x"
    (words,) = verify(case, dataclasses.replace(plan, invoice=rows)).violations
    assert words.endswith(f"{column} is x, the case says {right}")


CLAUSES: dict[str, dict[str, Any]] = {
    "seats": {"fees": {"seat": {"price": "9 USD/month", "carries": "30 images/month"}}},
    "rebate": {"rebate": {"steps": [{"at-least": "100 USD", "back": "5%"}]}},
    "early payment": {"early-payment": "2%"},
    "quality": {"quality": [{"below": "99%", "price": "-10%"}]},
    "lateness": {"lateness": [{"beyond": "0 weeks", "price": "-10%"}]},
    "surplus": {
        "price": None,
        "tiers": {
            "kind": "all-unit",
            "surplus": "allowed",
            "steps": [{"up-to": "150 images", "price": "1 USD/image"}, {"price": "0.2 USD/image"}],
        },
    },
    "switching": {},
}


@pytest.mark.parametrize("clause", list(CLAUSES))
def test_every_clause_is_recomputed_from_the_contract(clause: str) -> None:
    """An entry left out of the plan, or made smaller with the rest of the plan's money put right, is found."""
    late = {"lead": "3 days"} if clause == "lateness" else {}
    contract = {"price": "1 USD/image", **CLAUSES[clause]}
    case = case_of(
        horizon={"start": "2027-01-04", "weeks": 3},
        products={"one": {**PRODUCT, "incumbent": {"vendor": "w", "switching": "7 USD"}}, "two": PRODUCT},
        vendors={"v": {"contract": contract, **late}, "w": PLAIN},
    )
    plan = plan_of(case, *HALVES)
    assert verify(case, plan).violations == ()
    mine = np.flatnonzero(plan.invoice["clause"] == clause)
    rows = plan.invoice.copy()
    rows.loc[mine, "amount"] *= 0.5
    rows.loc[mine, "unit_price"] *= 0.5
    wrong = dataclasses.replace(plan, invoice=rows, spend=float(rows["amount"].sum()))
    found = verify(case, wrong).violations
    assert any(f"invoice line {mine[0] + 1} ({clause} of " in words for words in found)
    fewer = dataclasses.replace(plan, invoice=plan.invoice.drop(index=mine))
    assert any("lines, the case says" in words for words in verify(case, fewer).violations)


def test_a_line_taken_from_the_invoice_is_found() -> None:
    """Its lines are counted."""
    case = case_of(terms=FEES)
    plan = plan_of(case, *HALVES)
    found = verify(case, dataclasses.replace(plan, invoice=plan.invoice.iloc[1:])).violations
    assert "the invoice has 3 lines, the case says 4" in found


def test_fees_by_vendor_are_checked() -> None:
    """30 USD of onboarding and 50 USD of the commitment not used up."""
    case = case_of(terms=FEES)
    plan = plan_of(case, *HALVES)
    wrong = plan.vendors.assign(fees=[79.0, 0.0])
    found = verify(case, dataclasses.replace(plan, vendors=wrong)).violations
    assert found == ("v: fees is 79, the lines say 80",)


def test_the_spend_holds_fees() -> None:
    """A plan that leaves its fees out of the spend is found."""
    case = case_of(terms=FEES)
    plan = plan_of(case, *HALVES)
    assert plan.spend == pytest.approx(180)
    found = verify(case, dataclasses.replace(plan, spend=100.0)).violations
    assert found[0] == "the spend is 100, the case says 180"


def test_fees_count_towards_budgets() -> None:
    """Onboarding is paid in the first week, what a commitment is short of in the last."""
    case = case_of(terms=FEES, budget={"total": "170 USD", "per-week": "95 USD"})
    assert verify(case, plan_of(case, *HALVES)).violations == (
        "budget: 180 USD, at most 170",
        "budget of week 2: 100 USD, at most 95",
    )


def test_every_check_of_a_clause_has_its_row() -> None:
    """Limits checked and limits of the program go by the same family and key."""
    wanted = {"item": "image", "effort": "36 s/image", "demand": {"at-least": "33 images", "at-most": "90 images"}}
    case = case_of(
        products={"one": wanted, "two": wanted},
        terms={"minimum-order": "10 images", "order-multiple": "5 images", "ceiling": "900 USD"},
        rules=[
            {"name": "few", "count": {"products": "each", "at-most": 2}},
            {"name": "some", "count": {"vendors": "any", "at-least": 1}},
            {"name": "hold", "fix": {"product": "one", "vendor": "w", "items": "8 images"}},
            {"name": "first", "needs": {"product": "two", "needs": "one"}},
        ],
    )
    answer = solve(case)
    assert answer.verification is not None
    families = {check.family for check in answer.verification.checks}
    asked = {"minimum_order", "order_multiple", "ceiling", "vendor_count", "fixed_quantity", "needed_product"}
    assert asked <= families
    missing = [check for check in answer.verification.checks if answer.worth(check) is None]
    assert missing == []
