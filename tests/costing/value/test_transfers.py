"""Labels of one product that count for another: every plan of a grid, floors of scores, and mistakes in the case."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from mistakes import told_once_each

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine

CURVE = {"street": ([0, 30, 60, 120], [0, 30, 45, 55]), "tunnel": ([0, 20, 60, 120], [0, 40, 60, 70])}
"""Labels and scores of two products."""


def case_of(street: Any = None, tunnel: Any = None, budget: int = 90, steep: bool = False) -> dict[str, Any]:
    """Images of streets for 1 USD and of tunnels for 2 USD; rates at which each counts for the other."""
    products: dict[str, Any] = {}
    for name, rates in (("street", street), ("tunnel", tunnel)):
        labels, scores = CURVE[name]
        scores = [0, 5, 45, 55] if steep and name == "street" else scores
        points = [{"labels": n, "score": score} for n, score in zip(labels, scores, strict=True)]
        value: dict[str, Any] = {"curve": points, "worth": "3 USD/point"}
        value |= {} if rates is None else {"transfer": rates}
        products[name] = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "60 images"}, "value": value}
    return {
        "case": "transfer",
        "currency": "USD",
        "objective": "net-value",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "budget": f"{budget} USD",
        "products": products,
        "vendors": {"v": {"accuracy": "100%"}},
        "rates": [
            {"product": name, "vendor": "v", "price": f"{price} USD/image"}
            for name, price in (("street", 1), ("tunnel", 2))
        ],
        "workflows": {"plain": {}},
    }


CASES = [
    (0.0, 0.0, False),
    (0.0, 0.2, False),
    (0.5, 0.2, False),
    (1.0, 1.0, False),
    (0.5, 0.5, True),
]


@pytest.mark.parametrize(("to_street", "to_tunnel", "steep"), CASES)
@pytest.mark.parametrize("budget", [60, 90, 180])
def test_no_plan_of_the_grid_is_worth_more(to_street: float, to_tunnel: float, steep: bool, budget: int) -> None:
    """Value is by all labels that count, concave curves and a steep one; plans in fives are worth no more."""
    street = {"from": "tunnel", "rate": f"{to_street:.0%}"} if to_street else None
    tunnel = {"from": "street", "rate": f"{to_tunnel:.0%}"} if to_tunnel else None
    read = read_case(case_of(street, tunnel, budget, steep))
    answer = solve(read)
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    scores = {**CURVE, "street": (CURVE["street"][0], [0, 5, 45, 55])} if steep else CURVE

    def worth(s: float, t: float) -> float:
        counted = (("street", s + to_street * t), ("tunnel", t + to_tunnel * s))
        return 3.0 * sum(float(np.interp(n, *scores[name])) for name, n in counted)

    made = dict(zip(answer.plan.products["product"], answer.plan.products["items"], strict=True))
    assert answer.plan.value == pytest.approx(worth(made["street"], made["tunnel"]))
    best = max(worth(s, t) - s - 2 * t for s, t in itertools.product(range(0, 61, 5), repeat=2) if s + 2 * t <= budget)
    assert answer.plan.net_value >= best - 1e-6
    found = evaluate(read, [PlanLine("street", "v", "plain", 1, 30.0)])
    assert found.verification.holds
    assert found.plan.value == pytest.approx(worth(30.0, 0.0))
    assert found.plan.products["effective_labels"].tolist() == pytest.approx([30.0, 30.0 * to_tunnel])


def test_a_score_is_reached_by_labels_of_others() -> None:
    """A score of 40 needs 20 labels: 40 images of streets at half their worth for 40 USD do, as 20 of tunnels would for 40."""
    case = case_of(tunnel=[{"from": "street", "rate": "50%"}])
    case["objective"] = "cost"
    case["products"]["tunnel"]["value"]["score-at-least"] = "40 points"
    case["rates"][1]["price"] = "2.1 USD/image"
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(40.0)
    assert answer.plan.products["score_after"].tolist()[1] == pytest.approx(40.0)


def test_rates_and_dates_have_cells_of_their_own() -> None:
    """What a workbook lifts into cells keeps the product a transfer names, and the rate may be uncertain."""
    from allocate.costing.lifted import lifted

    read = read_case(case_of(street={"from": "tunnel", "rate": "40% ±10%"}))
    value = lifted(read).products["street"].value
    assert value is not None
    assert value.transfer[0].from_ == "tunnel"


def transfer(text: str) -> list[Any]:
    """The edit that gives moderation a transfer."""
    return [("case.yaml", "worth: 18k USD/point", f"worth: 18k USD/point, transfer: {text}")]


MISTAKES: list[Any] = [
    pytest.param(
        transfer("{from: triages, rate: 20%}"), "case.yaml:19:75",
        "there is no product 'triages'", "did you mean 'triage'?", id="of an unknown product",
    ),
    pytest.param(
        transfer("{from: moderation, rate: 20%}"), "case.yaml:19:75",
        "labels of moderation count for it already", "name another product", id="of its own",
    ),
    pytest.param(
        transfer("[{from: triage, rate: 20%}, {from: triage, rate: 30%}]"), "case.yaml:19:103",
        "two rates for labels of triage", "keep one of them", id="twice",
    ),
]  # fmt: skip

test_mistakes = told_once_each(MISTAKES)


@pytest.mark.parametrize(("real", "rendered", "price"), [(40.0, 10.0, 1.0), (30.0, 30.0, 0.25), (20.0, 25.0, 2.0)])
def test_two_kinds_of_data_for_one_model_share_money_as_the_calculus_says(
    real: float, rendered: float, price: float
) -> None:
    """Error = a x^-0.5 + b y^-0.5: the best x ÷ y is (a p ÷ b) to the power of 1 ÷ 1.5, p the price of y over that of x."""

    def kind(a: float) -> dict[str, Any]:
        value = {"curve": {"power-law": {"a": a, "b": 0.5}}, "worth": "1000 USD/point", "existing": "100 images"}
        return {"item": "image", "effort": "1 s/image", "demand": {"at-most": "90_000 images"}, "value": value}

    case = {
        "case": "two kinds",
        "currency": "USD",
        "objective": "value",
        "budget": "5_000 USD",
        "value-tolerance": "0.001%",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"real": kind(real), "rendered": kind(rendered)},
        "vendors": {"v": {"accuracy": "100%"}},
        "rates": [
            {"product": "real", "vendor": "v", "price": "1 USD/image"},
            {"product": "rendered", "vendor": "v", "price": f"{price} USD/image"},
        ],
        "workflows": {"plain": {}},
    }
    answer = solve(read_case(case))
    assert answer.plan is not None
    x, y = (answer.plan.products["items"] + 100.0).tolist()
    money = 5_000 + 100 + 100 * price
    ratio = (real * price / rendered) ** (1 / 1.5)
    best_y = money / (ratio + price)
    best = -1000 * (real * (ratio * best_y) ** -0.5 + rendered * best_y**-0.5)
    assert x / y == pytest.approx(ratio, rel=0.03)
    before = -1000 * (real + rendered) * 100**-0.5
    assert answer.objective == pytest.approx(best - before, rel=2e-5)
