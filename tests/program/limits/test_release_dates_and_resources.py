"""Work that cannot begin at once, hours in all, and what vendors share: published answers, every plan on a grid, mistakes."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from mistakes import product, told_once_each

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine


def staff(**more: Any) -> dict[str, Any]:
    """Winston's Workco: 20, 16 and 25 workers in three weeks, hired for 100, released for 50, paid 140."""
    wage = {"people": 0, "hours": "1 h/week", "wage": "140 USD/h", "shrinkage": "0%"}
    return {
        "case": "workco",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "objective": "cost",
        "products": {
            "p": {
                "item": "item",
                "effort": "1 h/item",
                "demand": "61 items",
                "milestones": [{"by": "week 1", "at-least": "20 items"}, {"by": "week 2", "at-least": "36 items"}],
                **more,
            }
        },
        "vendors": {
            "a": {"accuracy": "100%", "team": {**wage, "hire": {"cost": "100 USD"}, "release": {"cost": "50 USD"}}}
        },
        "workflows": ["single-pass"],
    }


def test_workers_are_kept_idle_where_work_cannot_be_done_ahead() -> None:
    """Hire 20, keep 4 idle for 560 and not 600, hire 5: 11,600; where work may be done ahead it is 10,640."""
    parts = [("week 1", "20 items"), ("week 2", "16 items"), ("week 3", "25 items")]
    arrives = [{"from": when, "items": items} for when, items in parts]
    for more, spend in (({"arrives": arrives}, 11_600.0), ({}, 10_640.0)):
        answer = solve(read_case(staff(**more)))
        assert answer.plan is not None
        assert answer.verification is not None
        assert answer.verification.holds
        assert answer.plan.spend == pytest.approx(spend)


def case_of(**more: Any) -> dict[str, Any]:
    """40 images each of p (0.1 h) and q (0.2 h, three boxes) in three weeks; prices change by vendor and week."""
    item = {"item": "image", "demand": "40 images"}
    return {
        "case": "times",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-06", "weeks": 3},
        "products": {
            "p": {**item, "effort": "0.1 h/image", **more.pop("p", {})},
            "q": {**item, "effort": "0.2 h/image", "drivers": {"box": "3/image"}, **more.pop("q", {})},
        },
        "vendors": {
            name: {
                "contract": {"price": f"{price} USD/image"},
                "season": [{"from": "week 2", "factor": 1.3}, {"from": "week 3", "factor": late}],
                **more.pop(name, {}),
            }
            for name, price, late in (("v", 1.0, 0.8), ("w", 1.2, 1.5))
        },
        "workflows": {"plain": {}},
        **more,
    }


PRICES = np.array([[1.0, 1.3, 0.8], [1.2, 1.56, 1.8]])
HOURS, BOXES = np.array([0.1, 0.2]), np.array([0.0, 3.0])


def grid() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Every plan in tens, shape (N, P, V, T)."""
    each = np.array([p for p in itertools.product(range(5), repeat=6) if sum(p) == 4], dtype=np.float64) * 10.0
    each = each.reshape(-1, 2, 3)
    first, second = np.divmod(np.arange(len(each) ** 2), len(each))
    return np.stack([each[first], each[second]], axis=1)


LIMITS: dict[str, tuple[dict[str, Any], Any]] = {
    # The 12th is a Tuesday in the first week: the work begins in the second, the 20th in the third.
    "begins": ({"p": {"from": "2027-01-12"}, "q": {"from": "week 3"}}, lambda x: (x[:, 0, :, 0].sum(1) + x[:, 1, :, :2].sum((1, 2))) == 0),
    "arrives": (
        {"q": {"arrives": [{"from": "week 1", "items": "10 images"}, {"from": "2027-01-20", "items": "30 images"}]}},
        lambda x: x[:, 1, :, :2].sum((1, 2)) <= 10,
    ),
    "arrives too many": (
        {"p": {"arrives": [{"from": "week 2", "items": "30 images"}, {"from": "week 3", "items": "30 images"}]}},
        lambda x: (x[:, 0, :, 0].sum(1) == 0) & (x[:, 0, :, 1].sum(1) <= 30),
    ),
    "hours in all": ({"v": {"capacity": "5 h"}}, lambda x: (x[:, :, 0].sum(2) @ HOURS) <= 5 + 1e-9),
    "hours in all and by week": (
        {"v": {"capacity": "7 h", "capacity-steps": [{"from": "week 1", "amount": "3 h/week"}]}},
        lambda x: ((x[:, :, 0].sum(2) @ HOURS) <= 7 + 1e-9) & ((np.einsum("npt,p->nt", x[:, :, 0], HOURS) <= 3 + 1e-9).all(1)),
    ),
    "shared by week": (
        {"resources": {"desks": {"capacity": "4 h/week"}}},
        lambda x: (np.einsum("npvt,p->nt", x, HOURS) <= 4 + 1e-9).all(1),
    ),
    "shared in all": (
        {"resources": {"boxes": {"capacity": "90 boxes", "vendors": ["v"]}, "images": {"capacity": "60 items", "vendors": "v"}}},
        lambda x: ((x[:, :, 0].sum(2) @ BOXES) <= 90) & (x[:, :, 0].sum((1, 2)) <= 60),
    ),
    "all at once": (
        {
            "p": {"from": "week 2"},
            "v": {"capacity": "6 h"},
            "resources": {"desks": {"capacity": "5 h/week"}},
            "rules": [{"name": "one each", "count": {"products": "each", "at-most": 1}}],
        },
        lambda x: (
            (x[:, 0, :, 0].sum(1) == 0)
            & ((x[:, :, 0].sum(2) @ HOURS) <= 6 + 1e-9)
            & (np.einsum("npvt,p->nt", x, HOURS) <= 5 + 1e-9).all(1)
            & ((x.sum(3) > 0).sum(2) <= 1).all(1)
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_no_plan_of_the_grid_is_cheaper(name: str) -> None:
    """A plan in tens that keeps the limit by its words is not cheaper than the solver's, and keeps it by its check."""
    more, keeps = LIMITS[name]
    plans = grid()
    plans = plans[keeps(plans)]
    spends = (plans * PRICES[None, None]).sum(axis=(1, 2, 3))
    read = read_case(case_of(**{key: dict(value) if isinstance(value, dict) else value for key, value in more.items()}))
    answer = solve(read)
    assert answer.plan is not None
    assert answer.plan.spend <= spends.min() + 1e-6
    best = plans[int(spends.argmin())]
    lines = [
        PlanLine("pq"[p], "vw"[v], "plain", t + 1, float(best[p, v, t]))
        for p, v, t in zip(*best.nonzero(), strict=True)
    ]
    found = evaluate(read, lines)
    assert found.verification.holds
    # A plan that breaks the limit is told: all of both products with v in the first week.
    lines = [PlanLine("p", "v", "plain", 1, 40.0), PlanLine("q", "v", "plain", 1, 40.0)]
    found = evaluate(read, lines)
    assert [*found.problems, *found.verification.violations]


def test_a_case_without_a_plan_says_what_is_short() -> None:
    """What is shared, and what has arrived, are named with what would be needed."""
    told = str(solve(read_case(case_of(resources={"desks": {"capacity": "2 h/week"}}))).reasons)
    assert "resource 'desks'" in told
    short = case_of(v={"capacity": "3 h", "people": "1 person", "hours": "9 h/week"}, w={"capacity": "2 h/week"})
    assert "v: 6 h needed, 3 h there" in str(solve(read_case(short)).reasons)
    late = [{"from": "week 1", "items": "10 images"}, {"from": "week 3", "items": "30 images"}]
    case = case_of(p={"arrives": late, "milestones": [{"by": "week 2", "at-least": "25 images"}]})
    assert "items of p that have arrived" in str(solve(read_case(case)).reasons)


def other(text: str) -> list[Any]:
    """The edit that adds a block to the case."""
    return [("case.yaml", "rules:\n", f"{text}\nrules:\n")]


MISTAKES: list[Any] = [
    pytest.param(
        product("from: week 90"), "case.yaml:24:11",
        "no work on triage can begin from 'week 90' on before the horizon ends",
        "write an earlier one, or lengthen the time there is", id="work that begins after the end",
    ),
    pytest.param(
        product("arrives: [{from: week 1, items: 4_000 scans}]"), "case.yaml:24:14",
        "the demand asks for 5_000 scans, and 4,000 scans arrive in all",
        "ask for fewer, or let more arrive", id="less than is asked for",
    ),
    pytest.param(
        product("arrives: [{from: week 2, items: 4_000 scans}, {from: week 1, items: 4_000 scans}]"), "case.yaml:24:14",
        "the parts of triage do not arrive one after the other",
        "list each week once, earliest first", id="parts that are not in order",
    ),
    pytest.param(
        product("arrives: [{from: week 2, items: 5_000 images}]"), "case.yaml:24:37",
        "products.triage counts scans, not images ('5_000 images')",
        "write `5_000 scans`", id="parts of something else",
    ),
    pytest.param(
        other("resources: {desks: {capacity: 90 pages/week}}"), "case.yaml:40:31",
        "no product counts '90 pages/week'",
        "this case counts box, image, scan, item, EU, h", id="what no product counts",
    ),
    pytest.param(
        other("resources: {desks: {capacity: 90 h/week, vendors: [acne]}}"), "case.yaml:40:51",
        "there is no vendor 'acne'", "did you mean 'acme'?", id="shared by somebody unknown",
    ),
]  # fmt: skip

test_mistakes = told_once_each(MISTAKES)
