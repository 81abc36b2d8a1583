"""Goals in a ranked list, each with the part that may be given up for those after it, against every plan of a grid."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mistakes import told_once_each

from allocate import read_case, solve
from allocate.api.solving import formulate
from allocate.errors import CaseError
from allocate.record.as_json import as_json
from allocate.record.check import check, check_file
from allocate.record.proof import digest
from allocate.record.text import Text
from allocate.record.write import write_answer

PRICE, RIGHT = np.array([1.0, 1.3]), np.array([0.9, 0.99])
EARLIER = np.array([[0.0, 20.0, 10.0], [25.0, 5.0, 0.0]])
"""Images of an earlier plan, by vendor and week."""
EU = 36 / 7.4
"""Equivalent units of an image."""
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
        "earlier": [
            {"product": "p", "vendor": "vw"[v], "period": week + 1, "items": f"{EARLIER[v, week]:.0f} images"}
            for v, week in np.ndindex(2, 3)
        ],
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
        "finish": -((plans.sum(axis=1) > 1e-6) * np.array([1.0, 2.0, 3.0])).max(axis=1),
        "change": -np.abs(plans - EARLIER).sum(axis=(1, 2)),
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
    (["cost", "finish"], {}, 0.0, False),
    (["cost", "finish"], {"cost": "20%"}, 0.0, False),
    (["cost", "finish", "delivery"], {"cost": "15%"}, 6.0, False),
    (["cost", "finish"], {"cost": "30%"}, 6.0, False),
    (["net-value", "finish", "accuracy"], {"net-value": "20%", "finish": "50%"}, 0.0, True),
    (["cost", "change"], {}, 0.0, False),
    (["cost", "change"], {"cost": "10%"}, 0.0, False),
    (["cost", "change", "finish"], {"cost": "20%", "change": "50%"}, 6.0, False),
    (["cost", "finish", "change"], {"cost": "25%"}, 0.0, False),
    (["value", "change", "cost"], {"value": "10%"}, 0.0, True),
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
    counted = {goal: abs(ours[goal][0]) * (EU if goal == "change" else 1.0) for goal in objective}
    assert {goal: abs(answer.verification.reached[goal]) for goal in objective} == pytest.approx(counted, abs=1e-5)
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


@pytest.mark.slow
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
        NO_HURDLE + aims("objective: [cost, change]"), "case.yaml:5:12",
        "`change` counts from an earlier plan, and the case has none",
        "add `earlier: plan.csv`, a plan as `allocate solve --format csv` writes it", id="no earlier plan",
    ),
    pytest.param(
        NO_HURDLE + aims("objective: [finish, cost]"), "case.yaml:5:12",
        "the first goal is finish, and it has to be net-value, value or cost",
        "write it as in `objective: [cost, finish]`", id="finish first",
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


def _forged(written: dict[str, Any], **changes: Any) -> list[str]:
    """What the check of a plan file says where its goals are changed, the digest made good."""
    found = json.loads(json.dumps(written))
    for path, value in changes.items():
        *above, last = (int(step) if step.isdigit() else step for step in path.split("__"))
        block = found
        for step in above:
            block = block[step]
        block[last] = value
    found["digest"] = digest(found)
    case = read_case(case_of(["cost", "delivery", "change"], {"cost": "10%", "delivery": "5%"}))
    return [problem.message for problem in check(Text("plan.json", json.dumps(found), found), case).objections]


def test_a_plan_file_says_what_each_goal_came_to_and_a_forged_one_is_refused() -> None:
    """Every goal is counted again from the plan's lines, keeps its give, and does not pass its best; the first one's is proven."""
    asked = ["cost", "delivery", "change"]
    written = json.loads(json.dumps(as_json(solve(read_case(case_of(asked, {"cost": "10%", "delivery": "5%"}))))))
    assert _forged(written) == []
    assert [goal["goal"] for goal in written["goals"]] == asked
    assert [goal["best"] for goal in written["goals"][:2]] == pytest.approx([60.0, 160.0])
    assert [goal["reached"] for goal in written["goals"][:2]] == pytest.approx([66.0, 152.0], rel=1e-6)
    assert written["goals"][0]["best_is_proven"]
    assert any("goals" in words for words in _forged(written, goals__2__reached=1.0))
    assert any(
        "cost gives up more than 0.1 of its best, 55" in words for words in _forged(written, run__best__cost=55.0)
    )
    assert any("past the bound of all plans, 60" in words for words in _forged(written, run__best__cost=55.0))
    assert any("best_is_proven" in words for words in _forged(written, run__best__cost=65.0, goals__0__best=65.0))
    assert any("the best delivery is said to be 150" in words for words in _forged(written, run__best__delivery=150.0))
    assert any("delivery gives up more than 0.05" in words for words in _forged(written, run__best__delivery=170.0))
    assert any("does not say what each goal came to" in words for words in _forged(written, run__best="none"))


PLAN = """\
product,vendor,workflow,period,delivered,items,equivalent_units,cost
p,v,plain,1,1,12.125,1,12.125
p,w,plain,2,2,30,1,39
,,,,,,,7
"""
"""As `solve --format csv` writes one: columns of its own, three decimals, and money of no line."""


def of_table(folder: Path, plan: str, extra: str = "") -> Path:
    """A case in two vendors beside a plan of its own as a table."""
    (folder / "plan.csv").write_text(plan, encoding="utf-8")
    (folder / "case.yaml").write_text(
        "case: c\ncurrency: USD\nobjective: [cost, change]\nhorizon: {start: 2027-01-04, weeks: 3}\nworkflows: {plain: {}}\n"
        "products: {p: {item: image, effort: 36 s/image, demand: 60 images}}\nearlier: plan.csv\n"
        f"vendors:\n  v: {{capacity: 40 images/week, contract: {{price: 1 USD/image}}{extra}}}\n"
        "  w: {contract: {price: 1 USD/image}}\n",
        encoding="utf-8",
    )
    return folder


def test_an_earlier_plan_is_read_from_its_table(tmp_path: Path) -> None:
    """Lines stay where they were, and what is new goes to as few items; the note says how much work changed."""
    answer = solve(read_case(of_table(tmp_path, PLAN)))
    assert answer.plan is not None
    made = {
        (vendor, week): items
        for vendor, week, items in answer.plan.lines[["vendor", "period", "items"]].itertuples(index=False)
    }
    assert made["v", 1] >= 12.125 - 1e-6
    assert made["w", 2] == pytest.approx(30.0)
    assert sum(made.values()) == pytest.approx(60.0)
    eu = float(answer.plan.lines["equivalent_units"].sum()) / 60.0 * (60.0 - 42.125)
    assert f"of the earlier plan 0 EU of work are taken from where they were, and {eu:,.0f} EU are new" in answer.notes


def test_lines_of_an_excluded_vendor_go_with_it(tmp_path: Path) -> None:
    """They are no mistake; a note tells how many went."""
    case = read_case(of_table(tmp_path, PLAN + "p,v,plain,2,2,5,1,5\n", ", excluded: true"))
    assert "v is excluded, and with it 2 lines of the earlier plan" in case.notes
    assert [line.vendor for line in case.earlier] == ["w"]


@pytest.mark.parametrize(
    ("plan", "message", "where"),
    [
        (PLAN.replace("p,w,plain,2", "p,w,plain,4"), "week 4 is outside of the horizon", (3, 11)),
        (PLAN.replace("p,w", "p,x"), "there is no vendor 'x'", (3, 3)),
        (PLAN.replace(",plain,2", ",other,2"), "there is no workflow 'other'", (3, 5)),
        (PLAN.replace(",30,", ",30 boxes,"), "p counts images, not boxes ('30 boxes')", (3, 15)),
    ],
)
def test_mistakes_in_an_earlier_plan(tmp_path: Path, plan: str, message: str, where: tuple[int, int]) -> None:
    """Each is told once with its cell."""
    with pytest.raises(CaseError) as error:
        read_case(of_table(tmp_path, plan))
    assert [problem.message for problem in error.value.problems] == [message]
    place = error.value.problems[0].place
    assert place is not None
    assert (place.file, place.line, place.column) == ("plan.csv", *where)


def test_goals_that_are_not_asked_for_cost_nothing() -> None:
    """Without `finish` and `change` the program has none of their columns and rows, an earlier plan or not."""
    families = (
        "unfinished",
        "delivered_unfinished",
        "unfinished_order",
        "more_than_earlier",
        "fewer_than_earlier",
        "as_earlier",
    )
    program = formulate(read_case(case_of(["cost", "delivery"], {}))).program
    assert not set(families) & {*program.columns, *program.rows}
    program = formulate(read_case(case_of(["cost", "finish", "change"], {}))).program
    assert set(families) <= {*program.columns, *program.rows}
