"""Prices of limits are slopes: they hold between the ends they name, and change beyond them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_cases import Case, cases, checked
from draws import some
from hypothesis import given
from oracle import price_faults
from small_case import CASE, WITH_CHOICES

from allocate import explain, formulate, read_case, solve
from allocate.explaining.limits import RATIOS, row_numbers
from allocate.explaining.prices import Price, prices
from allocate.program.build import Built
from allocate.solvers.live import Change, Live

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(one.parent.name for one in ROOT.glob("cases/*/case.yaml"))


def priced(case: Any) -> tuple[Built, Live, tuple[Price, ...], dict[tuple[str, str], tuple[int, ...]]]:
    """A case's program live, its prices, and the key of each limit by name."""
    built = formulate(case)
    answer = solve(case, formulation=built)
    assert answer.verification is not None
    live = Live(built.program.arrays())
    found = prices(built, live.base, answer.verification.checks)
    keys = {(check.subject, check.family): check.key for check in answer.verification.checks}
    if live.mixed:
        assert live.base.values is not None
        live = Live(live.arrays.with_whole_numbers(live.base.values))
    return built, live, found, keys


def moved_to(live: Live, row: int, one: Price, amount: float) -> float | None:
    """The objective with a limit at another amount; exact demands and quantities move as one."""
    arrays, rows = live.arrays, [row]
    if one.sense == "exactly" and one.family == "demand_floor":
        rows = np.flatnonzero((arrays.row_lower == one.amount) | (arrays.row_upper == one.amount)).tolist()
        rows = [r for r in rows if r == row or _same_terms(live, row, r)]
    ids = np.array(rows, dtype=np.int32)
    shift = amount - one.amount
    change = Change(rows=ids, row_lower=arrays.row_lower[ids] + shift, row_upper=arrays.row_upper[ids] + shift)
    return live.after(change).objective


def _same_terms(live: Live, one: int, other: int) -> bool:
    start, columns, _ = live.arrays.by_rows
    return np.array_equal(columns[start[one] : start[one + 1]], columns[start[other] : start[other + 1]])


def assert_slopes(case: Any, most: int = 12) -> int:
    """Between the ends the objective moves in a straight line; beyond them never better than it. Number checked.

    In integer programs, what the program derives from a limit moves with it: the case is written with the limit elsewhere.
    """
    built, live, found, keys = priced(case)
    if built.program.arrays().integer.any():
        assert live.base.values is not None
        assert price_faults(case, found, built, live.base.values) == []
        return len(found)
    numbers, count = row_numbers(built), 0
    base = live.base.objective
    assert base is not None
    sign = 1.0 if live.arrays.maximise else -1.0
    for one in [p for p in found if p.family not in (*RATIOS, "score_floor")][:most]:
        row = numbers[one.family, keys[one.limit, one.family]]
        for slope, end, way in ((one.more, one.more_up_to, 1.0), (one.less, one.less_down_to, -1.0)):
            if slope is None or end is None:
                continue
            size = max(1.0, abs(one.amount))
            far = min(abs(end - one.amount), size)
            if far <= 1e-7 * size:
                continue
            half = moved_to(live, row, one, one.amount + way * 0.5 * far)
            assert half == pytest.approx(base + slope * 0.5 * far, rel=1e-7, abs=1e-6), one
            if np.isfinite(end) and abs(end - one.amount) < size:
                beyond = moved_to(live, row, one, one.amount + way * 2.0 * far)
                straight = base + slope * 2.0 * far
                assert beyond is None or sign * beyond <= sign * straight + 1e-6 * max(1.0, abs(straight)), one
            count += 1
    return count


@pytest.mark.slow
@pytest.mark.parametrize("name", some(SHIPPED))
def test_prices_of_shipped_cases_are_finite_differences(name: str) -> None:
    """Signs, units and ranges of every kind of limit in the cases that ship."""
    assert_slopes(read_case(ROOT / "cases" / name), most=40)


@pytest.mark.parametrize("case", [CASE, WITH_CHOICES], ids=["linear", "integer"])
def test_prices_of_a_small_case_are_finite_differences(case: dict[str, Any]) -> None:
    """The same, with whole-number choices held where there are any."""
    assert assert_slopes(read_case(case)) >= 2


@pytest.mark.slow
@checked(12)
@given(cases())
def test_prices_of_drawn_cases_are_finite_differences(case: Case) -> None:
    """The same on cases drawn at random, as far as they have a plan."""
    read = read_case(case)
    if solve(read).plan is not None:
        assert_slopes(read, most=8)


@pytest.mark.slow
def test_beyond_its_range_a_price_changes() -> None:
    """Twice as far as the range, the budget of the portfolio is worth less than its price says."""
    built, live, found, _ = priced(read_case(ROOT / "cases" / "portfolio"))
    budget = next(one for one in found if one.family == "budget")
    row, base = row_numbers(built)["budget", ()], live.base.objective
    assert budget.more is not None
    assert budget.more_up_to is not None
    assert base is not None
    beyond = moved_to(live, row, budget, 2.0 * budget.more_up_to - budget.amount)
    assert beyond is not None
    assert beyond < base + budget.more * 2.0 * (budget.more_up_to - budget.amount) - 1.0


@pytest.mark.slow
def test_a_share_and_an_accuracy_are_priced_in_points() -> None:
    """A point more of an accuracy floor changes the objective at the price's rate, for a small part of a point."""
    _, _, found, _ = priced(read_case(CASE))
    one = next(price for price in found if price.family == "accuracy_floor")
    assert one.unit == "points"
    assert one.more_up_to is None
    step = 1e-4
    changed = {**CASE["products"]["cats"], "accuracy": f"{95 + step}%"}
    values = [
        solve(read_case({**CASE, "products": p})).objective
        for p in (CASE["products"], {**CASE["products"], "cats": changed})
    ]
    assert values[0] is not None
    assert values[1] is not None
    assert (values[1] - values[0]) / step == pytest.approx(one.more, rel=1e-2)


def test_at_a_kink_each_side_has_its_own_price() -> None:
    """Where the budget is just what all hours cost, more of it is worth nothing and less of it is missed."""
    vendors = {"one": {"capacity": "10 h/week", "accuracy": "99%", "contract": {"price": "10 USD/h"}}}
    value = {"curve": [{"labels": 0, "score": 0}, {"labels": 9000, "score": 90}], "worth": "100 USD/point"}
    cats = {"item": "image", "effort": "36 s/image", "value": value}
    case = {
        "case": "kink", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 2}, "budget": "200 USD",
        "products": {"cats": cats}, "vendors": vendors,
    }  # fmt: skip
    _, _, found, _ = priced(read_case(case))
    by_family = {one.family: one for one in found}
    assert by_family
    for one in by_family.values():
        assert one.more == pytest.approx(0, abs=1e-9)
        assert one.less is not None
        assert one.less < -0.1
    assert len(by_family) == 1 or {"budget", "vendor_hours"} <= set(by_family)


def test_a_team_s_hours_hold_their_price_up_to_hours() -> None:
    """The crew's 200 to 240 paid hours a week: from none to two people's hours more, an amount of hours as the limit is."""
    _, _, found, _ = priced(read_case(ROOT / "cases" / "in-house-team"))
    crew = [one for one in found if one.group == "hours of crew"]
    assert (min(one.amount for one in crew), max(one.amount for one in crew)) == (200.0, 240.0)
    for one in crew:
        assert one.more_up_to == pytest.approx(one.amount + 80)
        assert one.less_down_to == pytest.approx(0)


@pytest.mark.parametrize("names", ["vw", "wv"])
def test_an_exact_amount_at_a_kink_has_a_price_on_either_side(names: str) -> None:
    """Thirty images of v gain 0.50 USD each, further ones of w nothing: with fewer the net value falls, with more it stays."""
    vendors = {
        "v": {"capacity": "30 images/week", "contract": {"price": "0.5 USD/image"}},
        "w": {"contract": {"price": "1 USD/image"}},
    }
    case = {
        "case": "kink",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {
            "p": {
                "item": "image",
                "effort": "36 s/image",
                "demand": {"exactly": "30 images"},
                "value": {"worth": "1 USD/image"},
            }
        },
        "vendors": {name: vendors[name] for name in names},
        "workflows": {"plain": {}},
    }
    (price,) = [one for one in explain(read_case(case)).prices if one.limit == "items of p"]
    assert (price.more, price.less) == (pytest.approx(0.0), pytest.approx(-0.5))
