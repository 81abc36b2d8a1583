"""Explanation of a plan: every figure is what solving again gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from allocate import read_case, solve
from allocate.api import Explanation
from allocate.api import explain as explain_case

ROOT = Path(__file__).resolve().parent.parent
CASE: dict[str, Any] = {
    "case": "explained",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "budget": "3k USD",
    "hurdle": 1.1,
    "products": {
        "cats": {
            "item": "image",
            "effort": "36 s/image",
            "demand": {"at-most": "40_000 images"},
            "accuracy": "95%",
            "value": {
                "curve": {"points": [{"labels": n, "score": s} for n, s in ((1000, 60), (6000, 72), (21000, 80), (60000, 84))]},
                "worth": "600 USD/point",
                "existing": "1_000 images",
            },
        },
        "dogs": {"item": "image", "effort": "72 s/image", "demand": "2_000 images"},
    },
    "vendors": {
        "good": {"capacity": "60 h/week", "accuracy": "98%", "contract": {"price": "16 USD/h"}},
        "cheap": {"capacity": "90 h/week", "accuracy": "92%", "contract": {"price": "9 USD/h"}},
        "dear": {"accuracy": "96%", "contract": {"price": "40 USD/h"}},
    },
    "rules": [
        {
            "name": "nobody above 70 %",
            "owner": "procurement",
            "reason": "resilience",
            "share": {"vendor": "each", "of": "spend", "at-most": "70%"},
        }
    ],
}  # fmt: skip


def explained(**changes: Any) -> Explanation:
    """The explanation of the case with some keys changed."""
    found = explain_case(read_case({**CASE, **changes}))
    assert found is not None
    return found


def objective(**changes: Any) -> float:
    """What the case reaches with some keys changed; table curves, so that pieces are exact."""
    reached = solve(read_case({**CASE, **changes})).objective
    assert reached is not None
    return reached


def test_the_cost_of_a_rule_is_what_its_absence_gains() -> None:
    """A rule's cost, with its owner and reason, equals the objective of the case without it less that with it."""
    share = {**CASE["rules"][0]["share"], "at-most": "55%"}
    rules = [{**CASE["rules"][0], "share": share}]
    limits = {one.subject: one for one in explained(rules=rules).limits}
    gains = objective(rules=[]) - objective(rules=rules)
    assert gains > 1
    total = [one for one in limits.values() if one.owner == "procurement"]
    assert [one.reason for one in total] == ["resilience"] * len(total)
    assert sum(one.gain for one in total) == pytest.approx(gains, rel=1e-6)


def test_the_cost_of_an_accuracy_floor_is_what_its_absence_gains() -> None:
    """The same for an accuracy floor."""
    cats = {key: value for key, value in CASE["products"]["cats"].items() if key != "accuracy"}
    without = objective(products={**CASE["products"], "cats": cats})
    limits = {one.subject: one.gain for one in explained().limits}
    assert limits["accuracy of cats"] == pytest.approx(without - objective(), rel=1e-6)


def test_more_budget_gains_what_solving_with_it_gains() -> None:
    """The gain of 1k, 10k and 100k more equals that of cases with such budgets."""
    base = objective()
    for one in explained().money:
        assert one.gain == pytest.approx(objective(budget=f"{3000 + one.amount} USD") - base, rel=1e-6, abs=1e-6)
        assert one.spent <= one.amount + 1e-6


def test_an_idle_vendor_comes_in_just_below_its_entry_price() -> None:
    """At the entry price less a hair the vendor gets work, at the price plus a hair it gets none."""
    entries = {one.vendor: one for one in explained().entries}
    dear = entries["dear"]
    assert dear.share == 0
    assert 0 < dear.entry < dear.price

    def items(factor: float) -> float:
        vendors = {**CASE["vendors"], "dear": {"accuracy": "96%", "contract": {"price": f"{40 * factor!r} USD/h"}}}
        plan = solve(read_case({**CASE, "vendors": vendors})).plan
        assert plan is not None
        return float(plan.vendors.set_index("vendor").loc["dear", "items"])

    factor = dear.entry / dear.price
    assert items(factor * 1.0001) == 0
    assert items(factor * 0.9999) > 0


def test_margins_stand_against_the_hurdle() -> None:
    """The marginal return is value over cost of one more item; what a floor forces is below the hurdle."""
    found = {one.product: one for one in explained().margins}
    cats = found["cats"]
    assert cats.returns == pytest.approx(cats.value_of_item / cats.cost_of_item)
    assert cats.hurdle == 1.1
    assert "dogs" not in found


def test_money_left_is_told() -> None:
    """With more budget than pays, what is left is the budget less the spend."""
    found = explained(budget="90k USD")
    answer = solve(read_case({**CASE, "budget": "90k USD"}))
    assert answer.plan is not None
    assert found.left == pytest.approx(90_000 - answer.plan.spend, abs=0.01)
    assert found.left > 0


@pytest.mark.parametrize("name", ["portfolio", "vendor-comparison", "published-prices"])
def test_shipped_cases_are_explained(name: str) -> None:
    """Every limit listed costs something, dearest first."""
    found = explain_case(read_case(ROOT / "cases" / name))
    assert found is not None
    gains = [one.gain for one in found.limits]
    assert gains == sorted(gains, reverse=True)
    assert all(gain > 0 for gain in gains)


def test_a_case_without_a_plan_has_no_explanation() -> None:
    """Nothing is explained where there is no plan."""
    assert explain_case(read_case(ROOT / "cases" / "video-throughput")) is None
