"""Further qualities of an item: published blends of coal, every plan of a grid, and mistakes in the case."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from mistakes import product, told_once_each

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine


def blend(grades: dict[str, tuple[float, float, float]], ash: float, phosphorus: float) -> dict[str, Any]:
    """A thousand tonnes of coal: price, ash and phosphorus of each grade, per cent."""
    kinds = {"ash": (ash, 1), "phosphorus": (phosphorus, 2)}
    return {
        "case": "coal",
        "currency": "USD",
        "units": {"tonne": "tonnes"},
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "objective": "cost",
        "products": {
            "blend": {
                "item": "tonne",
                "effort": "1 h/tonne",
                "demand": "1_000 tonnes",
                "qualities": {
                    name: {"at-most": f"{most}%", "vendors": {grade: f"{row[at]}%" for grade, row in grades.items()}}
                    for name, (most, at) in kinds.items()
                },
            }
        },
        "vendors": {grade: {"contract": {"price": f"{row[0]} USD/tonne"}} for grade, row in grades.items()},
        "workflows": {"plain": {}},
    }


COALS = [
    # Phosphorus at most 0.04 %, ash at most 5 %: 9/11 of a and 2/11 of b, the phosphorus free (physicsforums.com, 1019081).
    ({"a": (80, 3, 0.03), "b": (60, 14, 0.05), "c": (90, 8, 0.08)}, 5, 0.04, 1000 * (80 * 9 + 60 * 2) / 11),
    # Ash at most 25 %, phosphorus at most 0.03 %: half of A and half of B, both at their limits (askfilo.com, three grades of coal).
    ({"A": (240, 30, 0.02), "B": (300, 20, 0.04), "C": (280, 35, 0.03)}, 25, 0.03, 270_000.0),
    # With the phosphorus of the first at most 0.032 %: b is 1/10, for 78.
    ({"a": (80, 3, 0.03), "b": (60, 14, 0.05), "c": (90, 8, 0.08)}, 5, 0.032, 78_000.0),
]


@pytest.mark.parametrize(("grades", "ash", "phosphorus", "cost"), COALS)
def test_a_blend_keeps_two_qualities(
    grades: dict[str, tuple[float, float, float]], ash: float, phosphorus: float, cost: float
) -> None:
    """The cheapest blend is the published one, or that worked out by hand."""
    answer = solve(read_case(blend(grades, ash, phosphorus)))
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    assert answer.plan.spend == pytest.approx(cost)


def case_of(of: str, side: str, limit: str) -> dict[str, Any]:
    """40 images by two vendors, plain or half of them checked for 0.3 USD each; a check puts half of what is wrong right."""
    shares = {"v": "80%", "w": "96%"} if side == "at-least" else {"v": "20%", "w": "4%"}
    quality = {side: limit, "of": of, "vendors": shares, "catch": "50%"}
    checked = {
        "review": {"share": "50%", "catch": "80%", "accuracy": "99%", "time": "36 s/image", "rework": "reviewer"}
    }
    return {
        "case": "quality",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "review-team": {"wage": "30 USD/h"},
        "products": {
            "p": {"item": "image", "effort": "36 s/image", "demand": "40 images", "qualities": {"fullness": quality}}
        },
        "vendors": {
            "v": {"accuracy": "100%", "contract": {"price": "1 USD/image"}},
            "w": {"accuracy": "100%", "capacity": "30 images", "contract": {"price": "2 USD/image"}},
        },
        "workflows": {"plain": {}, "checked": checked},
    }


@pytest.mark.parametrize("of", ["average", "each-vendor"])
@pytest.mark.parametrize(
    ("side", "limit"), [("at-least", 0.85), ("at-least", 0.9), ("at-most", 0.15), ("at-most", 0.1)]
)
def test_no_plan_of_the_grid_is_cheaper(of: str, side: str, limit: float) -> None:
    """Checking and vendors against one another, read here from the words; the verifier tells a plan that falls short."""
    read = read_case(case_of(of, side, f"{limit:.0%}"))
    answer = solve(read)
    good = {"v": (0.8, 0.85), "w": (0.96, 0.97)}
    floor = limit if side == "at-least" else 1.0 - limit
    best, broken = float("inf"), None
    for vp, vc, wp in itertools.product(range(0, 41, 10), repeat=3):
        wc = 40 - vp - vc - wp
        if wc < 0 or wp + wc > 30:
            continue
        made = {"v": (vp, vc), "w": (wp, wc)}
        right = {who: sum(g * n for g, n in zip(good[who], some, strict=True)) for who, some in made.items()}
        parts = [(right["v"] + right["w"], 40)] if of == "average" else [(right[who], sum(made[who])) for who in made]
        lines = [
            PlanLine("p", who, how, 1, float(many))
            for who, some in made.items()
            for how, many in zip(("plain", "checked"), some, strict=True)
            if many
        ]
        if all(part >= floor * whole - 1e-9 for part, whole in parts):
            best = min(best, vp + vc + 2 * (wp + wc) + 0.15 * (vc + wc))
        else:
            broken = lines
    if answer.plan is None:
        assert best == float("inf")
        return
    assert answer.plan.spend <= best + 1e-6
    assert broken is not None
    assert any("fullness of p" in words for words in evaluate(read, broken).verification.violations)


def told(text: str, place: str, message: str, fix: str, name: str) -> Any:
    """A mistake in the qualities of triage."""
    return pytest.param(product(f"qualities: {{full: {text}}}"), place, message, fix, id=name)


MISTAKES: list[Any] = [
    told(
        "{at-least: 90%, at-most: 95%, vendors: {in-house: 90%}}", "case.yaml:24:23",
        "products.triage.qualities.full: a quality has either at-least or at-most",
        "write it as in `at-least: 95%`, or `at-most: 0.04%`", "two sides",
    ),
    told(
        "{at-least: 90%, vendors: {acme: 90%}}", "case.yaml:24:48",
        "the full of what in-house makes of triage is not stated",
        "add `in-house: 95%`, or let others alone make it", "a vendor that says nothing",
    ),
    told(
        "{at-least: 90%, vendors: {in-house: 90%, acne: 80%}}", "case.yaml:24:48",
        "there is no vendor 'acne'", "did you mean 'acme'?", "an unknown vendor",
    ),
]  # fmt: skip

test_mistakes = told_once_each(MISTAKES)
