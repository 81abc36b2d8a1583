"""What a plan uses of its limits is what fractions say, to the last bit; a limit that is met exactly has no slack."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from allocate.api.evaluating import evaluate
from allocate.api.solving import solve
from allocate.case.load import read_case
from allocate.case.plan_file import PlanLine
from allocate.costing.table import Routes
from allocate.exact import Exact
from allocate.plan import Plan
from allocate.verification.found import Check

CASES = Path(__file__).resolve().parents[2] / "cases"
Line = tuple[int, int, Fraction]
"""Route, period and items of a plan's line."""


def written(number: float) -> Fraction:
    """A float as the decimal it stands for."""
    return Fraction(repr(number))


def exact_lines(ways: Routes, plan: Plan) -> list[Line]:
    """The plan's lines with their items as they are written."""
    names = {
        (ways.products[p], ways.vendors[v], ways.workflows[w]): number
        for number, (p, v, w) in enumerate(zip(ways.product, ways.vendor, ways.workflow, strict=True))
    }
    columns = [plan.lines[name].tolist() for name in ("product", "vendor", "workflow", "period", "items")]
    return [(names[p, v, w], t - 1, written(items)) for p, v, w, t, items in zip(*columns, strict=True)]


def total(lines: list[Line], amount: Callable[[int, int], float], where: Callable[[int, int], bool]) -> Fraction:
    """Exact sum of an amount per item over some lines."""
    return sum((items * written(float(amount(r, t))) for r, t, items in lines if where(r, t)), Fraction(0))


def exactly(ways: Routes, lines: list[Line], check: Check) -> Fraction | None:
    """What a limit's family uses, exactly; None for families that are not written out here."""
    product, vendor = ways.product, ways.vendor
    each = lambda r, t: 1.0  # noqa: E731 - reads as algebra
    if check.family in ("demand_floor", "demand_ceiling"):
        return total(lines, each, lambda r, t: product[r] == check.key[0])
    if check.family == "budget":
        parts = (ways.price, ways.platform_fee, ways.usage, ways.review_cost)
        return sum((total(lines, lambda r, t: one[r, t], lambda r, t: True) for one in parts), Fraction(0))  # noqa: B023
    if check.family == "vendor_hours":
        return total(lines, lambda r, t: ways.hours[r], lambda r, t: (vendor[r], t) == check.key)
    if check.family == "accuracy_floor" and len(check.key) == 1:
        mine = lambda r, t: bool(product[r] == check.key[0])  # noqa: E731
        return total(lines, lambda r, t: ways.accuracy[r], mine) / total(lines, each, mine)
    if check.family == "review_team_hours":
        return total(lines, lambda r, t: ways.review_hours[r], lambda r, t: t == check.key[0])
    return None


@pytest.mark.parametrize("name", ["portfolio", "vendor-comparison"])
def test_limits_are_recomputed_to_the_last_bit(name: str) -> None:
    """Budget, demand, hours, accuracy and review of a plan are those of fractions, their slack too, rounded once."""
    answer = solve(read_case(CASES / name))
    assert answer.plan is not None
    assert answer.verification is not None
    lines = exact_lines(answer.routes, answer.plan)
    compared = 0
    for check in answer.verification.checks:
        exact = exactly(answer.routes, lines, check)
        if exact is not None:
            compared += 1
            assert check.used == float(exact), check.subject
            slack = exact - written(check.limit) if check.at_least else written(check.limit) - exact
            assert check.exact_slack is not None
            assert check.exact_slack.fraction == slack
            assert check.slack == float(slack)
    assert compared >= 2


STEPS = {"steps": [{"up-to": "0.3 images", "price": "0.7 USD/image"}, {"price": "0.1 USD/image"}]}
CONTRACTS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "prices": ({"price": "0.1 USD/image"}, {"budget": "3/100", "ceiling": "3/100", "milestone": "3/10"}),
    "tiers": ({"tiers": STEPS}, {"budget": "21/100", "ceiling": "21/100"}),
    "a commitment": ({"price": "0.1 USD/image", "commitment": "0.4 USD"}, {"budget": "4/10", "ceiling": "3/100"}),
    "a fee": ({"price": "0.1 USD/image", "fees": {"onboarding": "0.7 USD"}}, {"budget": "73/100", "ceiling": "3/100"}),
    "a discount": ({"price": "0.1 USD/image", "early-payment": "10%"}, {"budget": "27/1000", "ceiling": "3/100"}),
    "a rebate": (
        {"price": "0.1 USD/image", "rebate": {"steps": [{"at-least": "0.03 USD", "back": "10%"}]}},
        {"budget": "27/1000", "ceiling": "3/100"},
    ),
}


@pytest.mark.parametrize("kind", CONTRACTS)
def test_contracts_are_added_up_without_rounding(kind: str) -> None:
    """Three weeks of a tenth of an image are 0.3 images, and cost what can be worked out by hand; in floats they are not."""
    contract, right = CONTRACTS[kind]
    product = {"item": "image", "effort": "36 s/image", "demand": {"at-least": "0.3 images"}}
    milestones = [{"by": "week 3", "at-least": "0.3 images"}]
    case = read_case(
        {
            "case": "tenths",
            "currency": "USD",
            "objective": "cost",
            "horizon": {"start": "2027-01-04", "weeks": 3},
            "budget": "1 USD",
            "products": {"one": {**product, "milestones": milestones}},
            "vendors": {"v": {"contract": {**contract, "ceiling": "0.5 USD"}}},
            "workflows": {"plain": {}},
        }
    )
    lines = [PlanLine("one", "v", "plain", week, 0.1) for week in (1, 2, 3)]
    found = evaluate(case, lines).verification
    assert found.violations == ()
    used = {check.family: check for check in found.checks}
    assert used["demand_floor"].exact_slack == 0
    for family, amount in right.items():
        assert used[family].used == float(Fraction(amount)), family
        exact = used[family].exact_slack
        assert exact is not None
        assert abs(exact.fraction) == abs(Fraction(amount) - written(used[family].limit)), family


def test_a_plan_past_its_limit_by_less_than_rounding_is_known_to_be() -> None:
    """A slack below zero by less than floats can show is below zero, and within the tolerance."""
    check = Check("budget", (), "budget", "USD", exactly_above(1e9), 1e9, False).settled()
    assert (check.used, check.limit) == (1e9, 1e9)
    assert check.slack < 0
    assert check.kept


def exactly_above(amount: float) -> Any:
    """An amount and a billionth of a billionth of it more."""
    return Exact.of(amount) + Exact.of(amount) / 10**18
