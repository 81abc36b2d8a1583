"""What a plan uses of its limits is what fractions say, to the last bit; a limit that is met exactly has no slack."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from allocate.api.evaluating import evaluate
from allocate.api.solving import solve
from allocate.case.clauses.platform_fee import fees_of
from allocate.case.load import read_case
from allocate.case.plan_file import PlanLine
from allocate.exact import Exact
from allocate.plan import Plan
from allocate.tables.frames import table_of
from allocate.verification.checks import Check
from allocate.verification.lines import read_lines
from allocate.verification.stated import Stated
from allocate.verification.work_content.item import Item

CASES = Path(__file__).resolve().parents[2] / "cases"
Line = tuple[Item, int, Fraction]
"""What one item of a line's route takes, its period, and its items."""


def written(number: float) -> Fraction:
    """A float as the decimal it stands for."""
    return Fraction(repr(number))


def exact_lines(known: Stated, plan: Plan) -> list[Line]:
    """The plan's lines with their items as they are written."""
    read = read_lines(known, table_of(plan, "lines"))
    items = [known.item(key) for key in read.keys]
    return [(one, t, written(many)) for one, t, many in zip(items, read.periods, read.items, strict=True) if one]


def total(lines: list[Line], amount: Callable[[Item, int], float], where: Callable[[Item, int], bool]) -> Fraction:
    """Exact sum of an amount per item over some lines."""
    return sum((items * written(float(amount(r, t))) for r, t, items in lines if where(r, t)), Fraction(0))


def exactly(known: Stated, lines: list[Line], check: Check) -> Fraction | None:
    """What a limit's family uses, exactly; None for families that are not written out here."""
    case = known.case
    each = lambda r, t: 1.0  # noqa: E731 - reads as algebra
    if check.family in ("demand_floor", "demand_ceiling"):
        return total(lines, each, lambda r, t: r.product == check.key[0])
    if check.family == "budget":
        team, vendors, flows = case.file.review_team, list(case.vendors.values()), list(case.workflows.values())
        fee = [sum(amount.number for _, amount in fees_of("", one)) for one in vendors]
        model = [one.pre_label for one in flows]
        wage = team.wage.number if team is not None else 0.0
        parts: tuple[Callable[[Item, int], float], ...] = (
            known.price,
            lambda r, t: fee[r.vendor] * known.price(r, t),
            lambda r, t: r.review_hours * wage,
            lambda r, t: r.proposals * (model[r.workflow].cost.number if model[r.workflow] else 0.0),
        )
        return sum((total(lines, part, lambda r, t: True) for part in parts), Fraction(0))
    if check.family == "vendor_hours":
        return total(lines, lambda r, t: r.hours, lambda r, t: (r.vendor, t) == check.key)
    if check.family == "accuracy_floor" and len(check.key) == 1:
        mine = lambda r, t: bool(r.product == check.key[0])  # noqa: E731
        return total(lines, lambda r, t: r.accuracy, mine) / total(lines, each, mine)
    if check.family == "review_team_hours":
        return total(lines, lambda r, t: r.review_hours, lambda r, t: t == check.key[0])
    return None


@pytest.mark.parametrize("name", ["portfolio", "vendor-comparison"])
def test_limits_are_recomputed_to_the_last_bit(name: str) -> None:
    """Budget, demand, hours, accuracy and review of a plan are those of fractions, their slack too, rounded once."""
    case = read_case(CASES / name)
    answer, known = solve(case), Stated(case)
    assert answer.plan is not None
    assert answer.verification is not None
    lines = exact_lines(known, answer.plan)
    assert len(lines) == len(answer.plan.lines)
    compared = 0
    for check in answer.verification.checks:
        exact = exactly(known, lines, check)
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
