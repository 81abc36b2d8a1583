"""How many products are funded: a published choice of projects, by hand, and mistakes in the case."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from mistakes import rules, told_once_each

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine

PROJECTS = {"A": (30, 45), "B": (25, 35), "C": (40, 60), "D": (15, 22), "E": (50, 70)}
"""Outlay and present value of five projects, of which C and E exclude one another, for 100 in all; lpblackbox.com, capital
budgeting."""


def projects(funded: dict[str, Any] | None, penalty: str | None = None) -> dict[str, Any]:
    """The case of the five projects, each made whole or worth nothing."""
    soft = {"penalty": penalty} if penalty else {}
    rule = [] if funded is None else [{"name": "how many", "funded": funded, **soft}]
    points = [{"labels": 0, "score": 0}, {"labels": 1, "score": 1}]
    return {
        "case": "projects",
        "currency": "USD",
        "units": {"project": "projects"},
        "objective": "value",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "budget": "100 USD",
        "products": {
            name: {
                "item": "project",
                "effort": "1 h/project",
                "demand": {"at-most": "1 project"},
                "value": {"curve": points, "gates": {"score-at-least": "1 point", "worth": f"{value} USD"}},
            }
            for name, (_, value) in PROJECTS.items()
        },
        "vendors": {"firm": {"accuracy": "100%"}},
        "rates": [
            {"product": name, "vendor": "firm", "price": f"{cost} USD/project"} for name, (cost, _) in PROJECTS.items()
        ],
        "rules": [{"name": "not both", "incompatible": {"products": ["C", "E"]}}, *rule],
    }


def best(low: int, high: int) -> float:
    """Most value of whole projects, so many of them, that money and exclusion allow."""
    return max(
        (
            sum(PROJECTS[name][1] for name in chosen)
            for many in range(low, high + 1)
            for chosen in itertools.combinations(PROJECTS, many)
            if sum(PROJECTS[name][0] for name in chosen) <= 100 and not {"C", "E"} <= set(chosen)
        ),
        default=-1.0,
    )


@pytest.mark.parametrize(
    ("funded", "low", "high"),
    [
        (None, 0, 5),
        ({"at-least": 3}, 3, 5),
        ({"at-most": 2}, 0, 2),
        ({"exactly": 2}, 2, 2),
        ({"exactly": 1}, 1, 1),
        ({"at-most": 0}, 0, 0),
        ({"exactly": 3, "counts-from": "100%"}, 3, 3),
    ],
)
def test_projects_are_chosen_by_number(funded: dict[str, Any] | None, low: int, high: int) -> None:
    """The plan is worth what the best choice of so many whole projects is, among all choices there are."""
    answer = solve(read_case(projects(funded)))
    assert answer.plan is not None
    assert answer.plan.value == pytest.approx(best(low, high))
    assert (answer.plan.products["items"] > 1e-6).sum() <= high


def test_there_is_no_plan_where_money_is_too_short_for_so_many() -> None:
    """Four projects cost 110 at the least: no plan, and the rule is named."""
    answer = solve(read_case(projects({"at-least": 4})))
    assert answer.plan is None
    assert any("how many" in reason.sentence or "budget" in reason.sentence for reason in answer.reasons)


@pytest.mark.parametrize(("penalty", "objective"), [("4 USD/product", 140 - 4), ("50 USD/product", 115.0)])
def test_a_number_is_missed_where_that_costs_less(penalty: str, objective: float) -> None:
    """Three projects are worth 140, the best two 115: one too many costs its penalty."""
    answer = solve(read_case(projects({"at-most": 2}, penalty)))
    assert answer.objective == pytest.approx(objective)
    assert answer.verification is not None
    assert answer.verification.holds


def test_what_counts_from_a_part_may_be_less_beside() -> None:
    """At most one of two products counts from 30 images on: the other may have its thirty."""
    product = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "100 images"}}
    case = {
        "case": "part",
        "currency": "USD",
        "objective": ["value", "cost"],
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {
            name: {**product, "value": {"curve": [[0, 0], [100, 100]], "worth": f"{worth} USD/point"}}
            for name, worth in (("p", 2), ("q", 1))
        },
        "vendors": {"v": {"accuracy": "100%", "contract": {"price": "0.1 USD/image"}}},
        "rules": [{"name": "one of size", "funded": {"at-most": 1, "counts-from": "30 images"}}],
    }
    for product in case["products"].values():  # type: ignore[attr-defined]
        product["value"]["curve"] = [{"labels": 0, "score": 0}, {"labels": 100, "score": 100}]
    read = read_case(case)
    answer = solve(read)
    assert answer.plan is not None
    assert answer.plan.products["items"].tolist() == pytest.approx([100.0, 30.0])
    lines = [PlanLine("p", "v", "single-pass", 1, 100.0), PlanLine("q", "v", "single-pass", 1, 31.0)]
    assert any("one of size" in words for words in evaluate(read, lines).verification.violations)


def test_exactly_what_counts_from_may_stand_beside_an_exact_number() -> None:
    """Of two products one is counted exactly, from 30 images on: the other may have its thirty, and none more."""
    product = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "100 images"}}
    read = read_case(
        {
            "case": "edge",
            "currency": "USD",
            "objective": "cost",
            "horizon": {"start": "2027-01-04", "weeks": 1},
            "products": {"p": product, "q": product},
            "vendors": {"v": {"accuracy": "100%", "contract": {"price": "0.1 USD/image"}}},
            "rules": [{"name": "one", "funded": {"exactly": 1, "counts-from": "30 images"}}],
        }
    )
    holds = {
        items: evaluate(
            read, [PlanLine("p", "v", "single-pass", 1, 100.0), PlanLine("q", "v", "single-pass", 1, items)]
        ).verification.holds
        for items in (29.0, 30.0, 31.0)
    }
    assert holds == {29.0: True, 30.0: True, 31.0: False}


MISTAKES: list[Any] = [
    pytest.param(
        rules("funded: {products: [triage]}"),
        "case.yaml:41:24",
        'rules."r0".funded: a number of products needs at-least, at-most or exactly',
        "write it as in `at-most: 3`",
        id="a number without a bound",
    ),
    pytest.param(
        rules("funded: {at-least: 2, at-most: 1}"),
        "case.yaml:41:24",
        'rules."r0".funded: at-least is above at-most',
        "swap them",
        id="bounds the wrong way round",
    ),
    pytest.param(
        rules("funded: {exactly: 2, at-most: 2}"),
        "case.yaml:41:24",
        'rules."r0".funded: `exactly` stands alone',
        "write `exactly`, or at-least and at-most",
        id="an exact number and a bound",
    ),
    pytest.param(
        rules("funded: {at-least: 3}"),
        "case.yaml:41:35",
        "at least 3 products of 2 is not possible",
        "write 2 or less",
        id="more products than there are",
    ),
    pytest.param(
        rules("funded: {at-most: 1}"),
        "case.yaml:41:34",
        "at most 1 products may be made, and the demand asks for 2: moderation, triage",
        "write 2 or more, or let demand say `at-most` alone where it need not be met",
        id="fewer products than demand asks for",
    ),
    pytest.param(
        rules("funded: {products: [triage, triages], at-most: 1}"),
        "case.yaml:41:35",
        "there is no product 'triages'",
        "did you mean 'triage'?",
        id="a product that is not there",
    ),
    pytest.param(
        rules("funded: {at-least: 2, counts-from: 500 pages}"),
        "case.yaml:41:51",
        "the products counted are in images and scans, not '500 pages'",
        "write a share, as in `20%`, or `items`, as in `500 items`",
        id="products that count from what nobody makes",
    ),
    pytest.param(
        rules("funded: {at-least: 2, counts-from: 200%}"),
        "case.yaml:41:24",
        "rules.\"r0\".funded: counts-from is above 100% ('200%')",
        "write `200% items`, or a share, as in `20%`",
        id="a share above all",
    ),
    pytest.param(
        rules("funded: {at-least: 1}, penalty: 9 USD/vendor"),
        "case.yaml:41:48",
        "the rule 'r0' is about a number of products, its penalty is '9 USD/vendor'",
        "write `9 USD/product`",
        id="a penalty by something else",
    ),
]

test_mistakes = told_once_each(MISTAKES)
