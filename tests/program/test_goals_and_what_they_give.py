"""Goals in a ranked list, each with the part that may be given up for those after it, against every plan of a grid."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mistakes import told_once_each

from allocate import read_case, solve
from allocate.record.check import check_file
from allocate.record.write import write_answer

PRICE, RIGHT = np.array([1.0, 1.3]), np.array([0.9, 0.99])
Plans = np.ndarray[Any, np.dtype[np.float64]]


def case_of(objective: list[str], give: dict[str, str], fee: float = 0.0, value: bool = False) -> dict[str, Any]:
    """60 images in three weeks: v makes 20 a week for 1 USD, nine in ten right; w 40 for 1.3 USD, later ones dearer."""
    product: dict[str, Any] = {"item": "image", "effort": "36 s/image"}
    product |= (
        {
            "demand": {"at-most": "60 images"},
            "value": {"steps": [{"up-to": "40 images", "worth": "3 USD/image"}, {"worth": "1 USD/image"}]},
        }
        if value
        else {"demand": "60 images"}
    )
    return {
        "case": "goals",
        "currency": "USD",
        "objective": objective,
        "give": give,
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "products": {"p": product},
        "vendors": {
            "v": {"capacity": "20 images/week", "accuracy": "90%", "contract": {"price": "1 USD/image"}},
            "w": {
                "capacity": "40 images/week", "accuracy": "99%",
                "contract": {"price": "1.3 USD/image", **({"fees": {"onboarding": f"{fee} USD"}} if fee else {})},
            },
        },
        "workflows": {"plain": {}},
    }  # fmt: skip


def measured(plans: Plans, fee: float) -> dict[str, Plans]:
    """What plans of shape (N, 2, 3) come to by each goal; the larger the better."""
    made = plans.sum(axis=2)
    cost = made @ PRICE + fee * (made[:, 1] > 1e-6)
    worth = 3.0 * np.minimum(made.sum(axis=1), 40) + np.maximum(made.sum(axis=1) - 40, 0.0)
    weeks = (plans.sum(axis=1) * np.array([3.0, 2.0, 1.0])).sum(axis=1)
    return {
        "cost": -cost,
        "value": worth,
        "net-value": worth - cost,
        "accuracy": -(made @ (1 - RIGHT)),
        "delivery": weeks,
    }


def best_of(objective: list[str], give: dict[str, str], fee: float, value: bool) -> Plans:
    """The plan in fives that goals in order leave, each giving up its part."""
    v = np.array(list(itertools.product(range(0, 21, 5), repeat=3)), dtype=float)
    w = np.array(list(itertools.product(range(0, 41, 5), repeat=3)), dtype=float)
    first, second = np.divmod(np.arange(len(v) * len(w)), len(w))
    plans = np.stack([v[first], w[second]], axis=1)
    total = plans.sum(axis=(1, 2))
    plans = plans[total <= 60 if value else total == 60]
    for goal in objective:
        amounts = measured(plans, fee)[goal]
        floor = amounts.max() - float(give.get(goal, "0%")[:-1]) / 100 * abs(amounts.max())
        plans = plans[amounts >= floor - 1e-9]
    return plans[0]


LISTS: list[tuple[list[str], dict[str, str], float, bool]] = [
    (["cost", "delivery"], {}, 0.0, False),
    (["cost", "delivery"], {"cost": "10%"}, 0.0, False),
    (["cost", "accuracy"], {"cost": "15%"}, 0.0, False),
    (["cost", "delivery", "accuracy"], {"cost": "20%", "delivery": "25%"}, 0.0, False),
    (["cost", "accuracy", "delivery"], {"cost": "30%"}, 6.0, False),
    (["cost", "delivery"], {"cost": "25%"}, 6.0, False),
    (["value", "cost", "delivery"], {"value": "20%"}, 0.0, True),
    (["net-value", "delivery", "cost"], {"net-value": "10%", "delivery": "50%"}, 0.0, True),
    (["net-value", "accuracy"], {"net-value": "12.5%"}, 3.0, True),
]


@pytest.mark.parametrize(("objective", "give", "fee", "value"), LISTS)
def test_goals_give_up_what_they_may_and_no_more(
    objective: list[str], give: dict[str, str], fee: float, value: bool
) -> None:
    """The last goal is no worse than on the grid, all before keep what they must, and the bound is that of the first."""
    answer = solve(read_case(case_of(objective, give, fee, value)))
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    made = np.zeros((1, 2, 3))
    for vendor, week, many in answer.plan.lines[["vendor", "period", "items"]].itertuples(index=False):
        made[0, "vw".index(vendor), week - 1] += many
    ours, grid = measured(made, fee), measured(best_of(objective, give, fee, value)[None], fee)
    alone = solve(read_case(case_of(objective[:1], {}, fee, value)))
    assert alone.objective is not None
    assert answer.objective is not None
    best = alone.objective * (-1.0 if objective[0] == "cost" else 1.0)
    share = float(give.get(objective[0], "0%")[:-1]) / 100
    assert ours[objective[0]][0] >= best - share * abs(best) - 1e-4
    assert abs(answer.objective) == pytest.approx(abs(ours[objective[0]][0]), abs=1e-6)
    # Goal by goal no worse than any plan of the grid, until one is better: a better one leaves those behind it less.
    for goal in objective[1:]:
        left = float(give.get(goal, "0%")[:-1]) / 100 * abs(grid[goal][0]) if goal != objective[-1] else 0.0
        assert ours[goal][0] >= grid[goal][0] - left - 1e-4
        if ours[goal][0] > grid[goal][0] + 1e-4:
            break
    assert answer.bound is not None
    assert abs(answer.bound) == pytest.approx(abs(best), rel=1e-4)


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.filterwarnings("ignore:.*(deprecated|PuLP 4):DeprecationWarning")
def test_what_is_not_asked_for_is_not_given(solver: str) -> None:
    """Ties are broken where goals stand: without a goal behind it, nothing of the cost is given up, whoever solves it."""
    plain = solve(read_case(case_of(["cost", "delivery"], {})), solver=solver)
    given = solve(read_case(case_of(["cost", "delivery"], {"cost": "10%"})), solver=solver)
    assert plain.plan is not None
    assert given.plan is not None
    assert plain.plan.spend == pytest.approx(60.0)
    assert given.plan.spend == pytest.approx(66.0)
    assert any("10%" in note for note in given.notes)


@pytest.mark.filterwarnings("ignore:.*(deprecated|PuLP 4):DeprecationWarning")
def test_eight_digits_of_many_goals_do_not_add_up() -> None:
    """A back end that hands over eight digits keeps the first goal behind all later ones: solver and plan say the same sum."""
    answer = solve(Path(__file__).parents[2] / "cases" / "launch-gate", solver="cbc")
    assert answer.objective == pytest.approx(6522.379, rel=5e-6)


def aims(text: str) -> list[Any]:
    """The edit that gives the case another objective."""
    return [("case.yaml", "objective: net-value", text)]


NO_HURDLE: list[Any] = [("case.yaml", "hurdle: 1.2\n", "")]
MISTAKES: list[Any] = [
    pytest.param(
        aims("objective: [delivery, net-value]"), "case.yaml:5:12",
        "the first goal is delivery, and it has to be net-value, value or cost",
        "write it as in `objective: [cost, delivery]`", id="delivery first",
    ),
    pytest.param(
        aims("objective: [net-value, cost]\ngive: {cost: 2%}"), "case.yaml:6:14",
        "`give` says what may be given up of cost, and no goal comes after it",
        "list it before another goal in `objective`, or leave it out", id="nothing after",
    ),
    pytest.param(
        NO_HURDLE + aims("objective: cost\ngive: {delivery: 3%}"), "case.yaml:6:18",
        "`give` says what may be given up of delivery, which is not among the goals (`objective: cost`)",
        "list it before another goal, as in `objective: [cost, delivery, accuracy]`, or leave it out", id="no goal",
    ),
    pytest.param(
        NO_HURDLE + aims("objective: [cost, accuracy]\ngive: {delivery: 3%}"), "case.yaml:6:18",
        "`give` says what may be given up of delivery, which is not among the goals (`objective: cost, accuracy`)",
        "list it before another goal, as in `objective: [cost, delivery, accuracy]`, or leave it out", id="no goal of two",
    ),
    pytest.param(
        NO_HURDLE + aims("objective: cost\ngive: {net-value: 3%}"), "case.yaml:6:19",
        "`give` says what may be given up of net-value, which is not among the goals (`objective: cost`)",
        "list it before another goal, as in `objective: [net-value, cost]`, or leave it out", id="no goal of money",
    ),
]  # fmt: skip

test_mistakes = told_once_each(MISTAKES)


def test_a_plan_that_gives_up_nothing_has_no_shadow_prices_either(tmp_path: Path) -> None:
    """Where the best of the first goal is the best of all: `solve` tells none, and neither does the check of its file."""
    source = case_of(["cost", "delivery"], {"cost": "10%"})
    source["vendors"]["v"]["capacity"] = "60 images/week"
    answer = solve(read_case(source))
    assert answer.gap == pytest.approx(0.0, abs=1e-9)
    assert not answer.prices
    write_answer(answer, tmp_path / "plan.json")
    assert check_file(tmp_path / "plan.json", source).objections == ()
