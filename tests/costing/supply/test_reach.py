"""Bounds on what could be bought: valid for every plan that keeps the case, and as tight as each limit alone allows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from draws import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate import read_case, routes
from allocate.case.load import Case
from allocate.costing.limits.amounts import last_period
from allocate.costing.supply.reach import most_items
from allocate.verification.limits import limits_used
from allocate.verification.lines import work_of
from allocate.verification.stated import Stated


def case_of(**changes: Any) -> Case:
    """Two products, two vendors, three weeks; w has no rate for the second product."""
    product = {"item": "image", "effort": "36 s/image"}
    base: dict[str, Any] = {
        "case": "c",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "products": {"one": {**product, **changes.pop("one", {})}, "two": {**product, **changes.pop("two", {})}},
        "vendors": {"v": changes.pop("v", {}), "w": changes.pop("w", {})},
        "workflows": {"plain": {}},
        "rates": [
            {"product": "one", "vendor": "v", "price": "0.5 USD/image", **changes.pop("rate", {})},
            {"product": "two", "vendor": "v", "price": "1 USD/image", **changes.pop("rate", {})},
            {"product": "one", "vendor": "w", "price": "0.25 USD/image"},
        ],
    }
    return read_case({**base, **changes})


def most(case: Case) -> list[list[float]]:
    """Most items by product and vendor."""
    return most_items(case, routes(case)).tolist()


INF = np.inf


@pytest.mark.parametrize(
    ("changes", "bounds"),
    [
        ({}, [[INF, INF], [INF, 0]]),
        ({"one": {"demand": {"at-most": "70 images"}}}, [[70, 70], [INF, 0]]),
        ({"budget": "100 USD"}, [[200, 400], [100, 0]]),
        ({"budget": {"per-week": "10 USD"}}, [[60, 120], [30, 0]]),
        ({"v": {"capacity": "2 h/week"}}, [[600, INF], [600, 0]]),
        ({"v": {"capacity": "90 images"}}, [[90, INF], [90, 0]]),
        ({"w": {"capacity": "10 images/week", "ramp": ["50%"]}}, [[INF, 25], [INF, 0]]),
        ({"rate": {"capacity": "40 images"}}, [[40, INF], [INF, 0]]),
        ({"rate": {"capacity": "40 images/week"}}, [[120, INF], [INF, 0]]),
    ],
    ids=str,
)
def test_each_limit_bounds_what_it_is_about(changes: dict[str, Any], bounds: list[list[float]]) -> None:
    """Demand, money at the lowest price, hours, items and what the rate card states; a pair without a rate makes none."""
    assert most(case_of(**changes)) == pytest.approx(np.array(bounds))


def test_money_is_counted_at_the_lowest_price_volume_can_reach() -> None:
    """100 USD buy no more than 1,000 at the last step's 0.10 USD, fees included."""
    tiers = {"steps": [{"price": "0.5 USD/image", "up-to": "50 images"}, {"price": "0.1 USD/image"}]}
    plain = {"v": {"contract": {"tiers": tiers}}, "rate": {"price": None}}
    assert most(case_of(**plain, budget="100 USD"))[0][0] == pytest.approx(1000)
    plain["v"]["platform-fee"] = "25%"
    assert most(case_of(**plain, budget="100 USD"))[0][0] == pytest.approx(800)


STEPS = st.lists(st.floats(0.05, 2.0).map(lambda price: round(price, 2)), min_size=1, max_size=3)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Limits of all kinds, tiers of both kinds in any window, seasons and fees."""
    changes: dict[str, Any] = {}
    if draw(st.booleans()):
        changes["budget"] = draw(st.sampled_from(["90 USD", {"per-week": "40 USD"}, {"total": "70 EUR"}]))
    changes["exchange"] = {"EUR": [{"rate": "1.5 USD"}, {"from": "week 2", "rate": "1 USD"}]}
    changes["one"] = {"demand": {"at-most": f"{draw(st.integers(20, 400))} images"}}
    changes["two"] = {"demand": {"at-most": f"{draw(st.integers(20, 400))} images"}}
    capacities = [None, "1.5 h/week", "60 images/week", "150 images", "500 EU/week"]
    for name in ("v", "w"):
        vendor: dict[str, Any] = {"platform-fee": draw(st.sampled_from(["0%", "10%", "0.05 USD/image"]))}
        capacity = draw(st.sampled_from(capacities))
        if capacity is not None:
            vendor["capacity"] = capacity
        if draw(st.booleans()):
            vendor["season"] = [{"from": "week 2", "factor": draw(st.sampled_from(["50%", "150%"]))}]
        changes[name] = vendor
    prices = draw(STEPS)
    listed: list[dict[str, Any]] = [{"price": f"{price} {draw(st.just('EUR'))}/image"} for price in prices]
    for position, step in enumerate(listed[:-1]):
        step["up-to"] = f"{50 * (position + 1)} images"
    kind, window = draw(st.sampled_from(["incremental", "all-unit"])), draw(st.sampled_from(["period", "horizon"]))
    changes["v"]["contract"] = {"tiers": {"steps": listed, "kind": kind, "window": window}}
    changes["rate"] = {"price": None}
    if draw(st.booleans()):
        changes["one"]["deadline"] = "week 2"
    if draw(st.booleans()):
        changes["v"]["lead"] = "1 week"
    if draw(st.booleans()):
        vendor = draw(st.sampled_from(["each", "v", ["v", "w"]]))
        share = {"vendor": vendor, "products": ["one"], "of": draw(st.sampled_from(["items", "spend"]))}
        span = draw(st.sampled_from(["horizon", "each-period"]))
        changes["rules"] = [{"name": "mix", "share": {**share, "at-most": "60%", "in": span}}]
    return changes


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(cases(), st.lists(st.sampled_from([0.0, 0.2, 0.2, 1.0]), min_size=9, max_size=9))
def test_no_plan_that_keeps_the_case_makes_more(changes: dict[str, Any], amounts: list[float]) -> None:
    """A mix grown until some limit of the case breaks stays below the bounds, pair by pair."""
    case = case_of(**changes)
    ways = routes(case)
    route, period = np.divmod(np.arange(9, dtype=np.int32), np.int32(3))
    mix = np.array(amounts) * (period + ways.lead[route] < last_period(case)[ways.product[route]])
    known, keys = Stated(case), [ways.key(number) for number in route.tolist()]
    low, high = 0.0, 1e4
    for _ in range(18):
        middle = (low + high) / 2
        work = work_of(case, known, keys, period, middle * mix)
        low, high = (middle, high) if all(check.kept for check in limits_used(work)) else (low, middle)
    made = np.zeros((2, 2))
    np.add.at(made, (ways.product[route], ways.vendor[route]), low * mix)
    assert (made <= most_items(case, ways) * (1 + 1e-5) + 1e-5).all()
