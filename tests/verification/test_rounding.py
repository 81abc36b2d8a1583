"""What a plan uses of its limits, in floats, lies within the stated rounding of what exact arithmetic gives."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from allocate.api import solve
from allocate.case.load import read_case
from allocate.costing.routes import Routes
from allocate.plan import Plan
from allocate.verification.found import Check, rounding_of

CASES = Path(__file__).resolve().parents[2] / "cases"
Line = tuple[int, int, Fraction]
"""Route, period and items of a plan's line."""


def exact_lines(ways: Routes, plan: Plan) -> list[Line]:
    """The plan's lines with their items as the exact fractions the floats are."""
    names = {
        (ways.products[p], ways.vendors[v], ways.workflows[w]): number
        for number, (p, v, w) in enumerate(zip(ways.product, ways.vendor, ways.workflow, strict=True))
    }
    columns = [plan.lines[name].tolist() for name in ("product", "vendor", "workflow", "period", "items")]
    return [(names[p, v, w], t - 1, Fraction(items)) for p, v, w, t, items in zip(*columns, strict=True)]


def total(lines: list[Line], amount: Callable[[int, int], float], where: Callable[[int, int], bool]) -> Fraction:
    """Exact sum of an amount per item over some lines."""
    return sum((items * Fraction(float(amount(r, t))) for r, t, items in lines if where(r, t)), Fraction(0))


def exactly(ways: Routes, lines: list[Line], check: Check) -> Fraction | None:
    """What a limit's family uses, exactly; None for families that are not written out here."""
    product, vendor = ways.product, ways.vendor
    one = lambda r, t: 1.0  # noqa: E731 - reads as algebra
    if check.family in ("demand_floor", "demand_ceiling"):
        return total(lines, one, lambda r, t: product[r] == check.key[0])
    if check.family == "budget":
        return total(lines, lambda r, t: ways.unit_cost[r, t], lambda r, t: True)
    if check.family == "vendor_hours":
        return total(lines, lambda r, t: ways.hours[r], lambda r, t: (vendor[r], t) == check.key)
    if check.family == "accuracy_floor" and len(check.key) == 1:
        mine = lambda r, t: bool(product[r] == check.key[0])  # noqa: E731
        return total(lines, lambda r, t: ways.accuracy[r], mine) / total(lines, one, mine)
    if check.family == "review_team_hours":
        return total(lines, lambda r, t: ways.review_hours[r], lambda r, t: t == check.key[0])
    return None


@pytest.mark.parametrize("name", ["portfolio", "vendor-comparison"])
def test_floats_lie_within_the_stated_rounding_of_exact_sums(name: str) -> None:
    """Budget, demand, hours, accuracy and review of a plan, recomputed in fractions, differ by no more than is stated."""
    answer = solve(read_case(CASES / name))
    assert answer.plan is not None
    assert answer.verification is not None
    lines = exact_lines(answer.routes, answer.plan)
    compared = 0
    for check in answer.verification.checks:
        exact = exactly(answer.routes, lines, check)
        if exact is not None:
            compared += 1
            assert abs(Fraction(check.used) - exact) <= Fraction(answer.verification.rounding) * exact, check.subject
            slack = exact - Fraction(check.limit) if check.at_least else Fraction(check.limit) - exact
            assert slack >= -Fraction(check.tolerance) - Fraction(answer.verification.rounding) * exact
    assert compared >= 2


def test_the_stated_rounding_covers_sums_of_any_order() -> None:
    """Sums of products of random factors, added one after the other in floats, lie within the stated rounding."""
    random = np.random.default_rng(3)
    for count in (1, 10, 1000):
        factors = 10.0 ** random.uniform(-6, 6, (count, 3))
        used = 0.0
        for a, b, c in factors.tolist():
            used += a * b * c
        exact = sum((Fraction(a) * Fraction(b) * Fraction(c) for a, b, c in factors.tolist()), Fraction(0))
        assert abs(Fraction(used) - exact) <= Fraction(rounding_of(count)) * exact
        assert rounding_of(count) < 1e-11
