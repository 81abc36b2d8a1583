"""Limits of a case as plain numbers in its own currency and periods."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import read_case
from allocate.case.load import Case
from allocate.costing.limits.amounts import demand, milestones
from allocate.costing.limits.budget import Money, budget_limits, hurdle, money_there_is, period_budget, total_budget
from allocate.costing.limits.targets import accuracy_floors
from allocate.costing.rules.share import shares
from allocate.costing.terms.incumbents import NOBODY


def case_of(**changes: Any) -> Case:
    """Two products and two vendors over four weeks from a Monday."""
    one: dict[str, Any] = {"item": "image", "effort": "30 s/image", "demand": {"at-least": "100 images"}}
    two: dict[str, Any] = {"item": "image", "effort": "30 s/image", "demand": {"at-most": "500 images"}}
    one.update(changes.pop("one", {}))
    two.update(changes.pop("two", {}))
    vendor = {"contract": {"price": "1 USD/image"}}
    base = {
        "case": "two",
        "currency": "USD",
        "objective": "cost",
        "exchange": {"EUR": [{"rate": "1.10 USD"}, {"from": "week 3", "rate": "1.20 USD"}]},
        "horizon": {"start": "2027-01-04", "weeks": 4},
    }
    return read_case({**base, "products": {"one": one, "two": two}, "vendors": {"v": vendor, "w": vendor}, **changes})


def test_a_budget_stays_in_its_own_currency() -> None:
    """1,000 EUR are 1,000 EUR, whatever they are worth; all they could pay is 1,200 USD, by week 1,100 or 1,200."""
    total = case_of(budget="1000 EUR")
    assert total_budget(total) == Money(1000.0, "EUR")
    assert money_there_is(total) == pytest.approx(1200.0)
    each = case_of(budget={"per-week": "1000 EUR"})
    assert period_budget(each) == Money(1000.0, "EUR")
    assert money_there_is(each) == pytest.approx(1100 + 1100 + 1200 + 1200)


def test_no_budget_is_none() -> None:
    """Nothing said is no limit."""
    assert total_budget(case_of()) is None
    assert period_budget(case_of()) is None
    assert budget_limits(case_of()) == ()


def test_a_group_limit_covers_its_products_vendors_and_weeks() -> None:
    """Limits name products, vendors and first and last week; what is not named is all of them."""
    group = {"name": "g", "at-most": "10 USD", "products": ["two"], "vendors": ["v"], "from": "week 2", "to": "week 3"}
    everything = {"name": "all", "at-most": "20 USD"}
    one, every = budget_limits(case_of(budget={"limits": [group, everything]}))
    assert (one.products, one.vendors, one.first, one.last) == ({1}, {0}, 1, 2)
    assert (every.products, every.vendors, every.first, every.last) == ({0, 1}, {NOBODY, 0, 1}, 0, 3)


def test_demand_has_a_floor_and_a_ceiling() -> None:
    """At least and at most by product; exactly is both; nothing said is 0 and without end."""
    least, most = demand(case_of())
    assert (least.tolist(), most.tolist()) == ([100.0, 0.0], [np.inf, 500.0])
    least, most = demand(case_of(one={"demand": "70 images"}))
    assert (least[0], most[0]) == (70.0, 70.0)


def test_a_demand_of_nothing_is_a_ceiling() -> None:
    """`exactly 0` forbids: it is not the same as saying nothing."""
    assert demand(case_of(one={"demand": "0 images"}))[1][0] == 0.0
    assert demand(case_of(one={"demand": {"at-most": "0 images"}}))[1][0] == 0.0


def test_milestones_count_the_weeks_there_are() -> None:
    """A week's work is there on its Friday: by Thursday of the third week two weeks count, by Friday three."""
    asked = [
        {"by": "2027-01-21", "at-least": "10 images"},
        {"by": "2027-01-22", "at-least": "20 images"},
        {"by": "week 4", "at-least": "30 images"},
    ]
    found = milestones(case_of(one={"milestones": asked}))
    assert [(one.product, one.number, one.periods, one.items) for one in found] == [
        (0, 0, 2, 10.0),
        (0, 1, 3, 20.0),
        (0, 2, 4, 30.0),
    ]


def test_accuracy_floors_are_nan_where_none_is_asked() -> None:
    """97 % for one product, nothing for the other."""
    np.testing.assert_equal(accuracy_floors(case_of(one={"accuracy": "97%"})), [0.97, np.nan])


SERVED = np.array([[True, True], [False, True]])


def shares_of(**share: Any) -> list[tuple[tuple[int, ...], tuple[int, ...], int | None]]:
    """Products, vendors and period of every share of one rule."""
    case = case_of(rules=[{"name": "r", "share": {"at-most": "60%", **share}}])
    return [(one.products, one.vendors, one.period) for one in shares(case, SERVED)]


def test_each_writes_a_share_out() -> None:
    """`each` vendor that can make something of the products; products together, or each."""
    assert shares_of(vendor="each") == [((0, 1), (0,), None), ((0, 1), (1,), None)]
    assert shares_of(vendor="each", products="each") == [((0,), (0,), None), ((0,), (1,), None), ((1,), (1,), None)]
    assert shares_of(vendor=["v", "w"], products=["two"]) == [((1,), (0, 1), None)]


def test_shares_may_hold_in_each_period() -> None:
    """`in: each-period` makes one share a period."""
    assert [period for *_, period in shares_of(vendor="v", **{"in": "each-period"})] == [0, 1, 2, 3]


def test_the_hurdle_is_one_where_nothing_is_said() -> None:
    """A unit of money must return itself."""
    assert hurdle(case_of()) == 1.0
