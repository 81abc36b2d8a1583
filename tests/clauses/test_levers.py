"""Levers: the best of all sets of levers, each set's best plan found by another solver from the case's words."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from draws import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from allocate import Plan, evaluate, read_case, routes, solve, verify
from allocate.case.plan_file import read_plan
from allocate.costing.bill.lines import Lines
from allocate.costing.trace import trace
from allocate.costing.value.values import product_values
from allocate.finance.payees import by_payee
from allocate.plan import make_plan

PRODUCTS, VENDORS, WEEKS = ("one", "two"), ("v", "w"), 2
HOURS = {"one": 0.01, "two": 0.02}
WAGE = {"v": 100.0, "w": 180.0}
ACCURACY = {"v": 0.90, "w": 0.95}
NEED, CAPACITY = 100, 2.0
PAIRS = list(itertools.product(PRODUCTS, VENDORS))


def case_of(levers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Two products of a hundred images, two vendors by the hour with two hours a week each; v is less accurate."""
    product = {"item": "image", "demand": {"exactly": f"{NEED} images"}, "accuracy": "92%"}
    return {
        "case": "levers",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": WEEKS},
        "products": {name: {**product, "effort": f"{HOURS[name] * 3600:g} s/image"} for name in PRODUCTS},
        "vendors": {
            name: {
                "capacity": f"{CAPACITY:g} h/week",
                "accuracy": f"{ACCURACY[name]:.0%}",
                "contract": {"price": f"{WAGE[name]:g} USD/h"},
            }
            for name in VENDORS
        },
        "workflows": {"plain": {}},
        "levers": levers,
        **more,
    }


def sets(levers: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Every set of levers that may be bought."""
    for count in range(len(levers) + 1):
        for some in itertools.combinations(levers, count):
            at_odds = any(other in levers[name].get("excludes", ()) for name in some for other in some)
            if not at_odds and all(set(levers[name].get("needs", ())) <= set(some) for name in some):
                yield some


def number(text: str) -> float:
    """The number of an amount; a percentage as a share."""
    word = text.split()[0]
    return float(word.rstrip("%")) / (100 if word.endswith("%") else 1)


def start(lever: dict[str, Any]) -> int:
    """First week of a lever, from 0."""
    return int(lever.get("from", "week 1").split()[1]) - 1


def touched(lever: dict[str, Any], product: str, vendor: str) -> dict[str, str] | None:
    """A lever's effect on a pair's work."""
    effect = lever.get("effect", {})
    inside = product in effect.get("products", PRODUCTS) and vendor in effect.get("vendors", VENDORS)
    return effect if effect and "capacity" not in effect and inside else None


def columns(levers: dict[str, Any], bought: tuple[str, ...]) -> Iterator[tuple[str, str, int, float, float, float]]:
    """Product, vendor, week, cost, hours and accuracy of every way to make an image with levers bought."""
    for (product, vendor), week in itertools.product(PAIRS, range(WEEKS)):
        opening = [n for n, lever in levers.items() if vendor in lever.get("opens", {}).get("vendors", ())]
        changing = [n for n in bought if n not in opening and touched(levers[n], product, vendor)]
        if any(n not in bought or start(levers[n]) > week for n in opening):
            continue
        there = [n for n in changing if start(levers[n]) <= week]
        must = {n for n in there if levers[n].get("applies") == "always"}
        for count in range(len(there) + 1):
            for some in itertools.combinations(there, count):
                if not must <= set(some):
                    continue
                hours, price, accuracy = HOURS[product], WAGE[vendor], ACCURACY[vendor]
                for effect in (touched(levers[n], product, vendor) or {} for n in (*some, *opening)):
                    hours *= 1 + number(effect.get("hours", "0%"))
                    price *= 1 + number(effect.get("price", "0%"))
                    accuracy += number(effect.get("accuracy", "0 points")) / 100
                yield product, vendor, week, hours * price, hours, accuracy


def fixed_cost(lever: dict[str, Any]) -> float:
    """What a lever costs in all."""
    running = number(lever.get("running-cost", "0 USD/week")) * (WEEKS - start(lever))
    return number(lever.get("cost", "0 USD")) + running


def best(levers: dict[str, Any]) -> float:
    """Least cost over all sets of levers; infinite where none has a plan."""
    found = np.inf
    for bought in sets(levers):
        ways = list(columns(levers, bought))
        rows, limits = [], []
        for vendor, week in itertools.product(VENDORS, range(WEEKS)):
            rows.append([way[4] * (way[1] == vendor and way[2] == week) for way in ways])
            raised = [n for n in bought if vendor in levers[n].get("effect", {}).get("vendors", ())]
            raised = [n for n in raised if "capacity" in levers[n]["effect"] and start(levers[n]) <= week]
            limits.append(CAPACITY + sum(number(levers[n]["effect"]["capacity"]) for n in raised))
        for product in PRODUCTS:
            rows.append([(0.92 - way[5]) * (way[0] == product) for way in ways])
            limits.append(0.0)
        if min(limits) < 0:
            continue
        made = [[float(way[0] == product) for way in ways] for product in PRODUCTS]
        answer = linprog([way[3] for way in ways], rows, limits, made, [NEED] * 2) if ways else None
        if answer is not None and answer.status == 0:
            found = min(found, answer.fun + sum(fixed_cost(levers[n]) for n in bought))
    return found


@st.composite
def some_levers(draw: st.DrawFn) -> dict[str, Any]:
    """One to three levers of every kind, some of which exclude or need others."""
    names = ("a", "b", "c")[: draw(st.integers(1, 3))]
    levers: dict[str, Any] = {}
    for position, name in enumerate(names):
        lever: dict[str, Any] = {
            "cost": f"{draw(st.sampled_from([0.5, 5, 20, 60]))} USD",
            "from": f"week {draw(st.integers(1, 2))}",
        }
        vendor = draw(st.sampled_from(VENDORS))
        kind = draw(st.sampled_from(["work", "work", "capacity", "opens"]))
        if kind == "capacity":
            lever["effect"] = {"vendors": [vendor], "capacity": f"{draw(st.sampled_from(['-1', '+1', '+3']))} h/week"}
        elif kind == "opens" and not any("opens" in other for other in levers.values()):
            lever["opens"] = {"vendors": [vendor]}
            lever["effect"] = {"vendors": [vendor], "price": draw(st.sampled_from(["-40%", "+10%"]))}
        else:
            lever["effect"] = {
                "hours": draw(st.sampled_from(["-45%", "-10%", "+20%"])),
                "accuracy": draw(st.sampled_from(["-0.5 points", "+1 points", "+1.5 points"])),
                **draw(st.sampled_from([{}, {"vendors": [vendor]}, {"products": [draw(st.sampled_from(PRODUCTS))]}])),
            }
            lever["applies"] = draw(st.sampled_from(["where-it-pays", "always"]))
        if draw(st.booleans()):
            lever["running-cost"] = "3 USD/week"
        if position and draw(st.booleans()):
            lever[draw(st.sampled_from(["excludes", "needs"]))] = [names[position - 1]]
        levers[name] = lever
    return levers


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(some_levers())
def test_the_plan_is_the_best_of_all_sets(levers: dict[str, Any]) -> None:
    """The solver's cost is the least over all sets of levers, each planned by scipy; its own lines cost the same again."""
    least = best(levers)
    case = read_case(case_of(levers))
    answer = solve(case)
    if not np.isfinite(least):
        assert answer.plan is None
        return
    assert answer.plan is not None
    assert answer.objective == pytest.approx(least, rel=1e-6)
    assert answer.bound == pytest.approx(least, rel=1e-6)
    assert answer.plan.invoice["amount"].sum() == pytest.approx(answer.plan.spend)


TOOL = {"cost": "30 USD", "from": "week 2", "effect": {"vendors": ["v"], "hours": "-50%", "accuracy": "+5 points"}}
SHIFT = {"cost": "1 USD", "effect": {"vendors": ["v"], "capacity": "+4 h/week"}}


def test_a_plan_goes_through_a_file_and_back(tmp_path: Path) -> None:
    """A plan's CSV, priced as it is, costs the same and holds; held in place, it is found again."""
    raw = case_of({"tool": {**TOOL, "cost": "5 USD"}, "shift": SHIFT})
    raw["vendors"]["v"]["capacity"] = "0.5 h/week"
    case = read_case(raw)
    answer = solve(case)
    assert answer.plan is not None
    assert answer.plan.levers["lever"].tolist() == ["tool", "shift"]
    assert set(answer.plan.lines["levers"]) >= {"tool + shift (capacity)"}
    path = tmp_path / "plan.csv"
    answer.plan.lines.to_csv(path, index=False)
    lines = read_plan(case, path)
    found = evaluate(case, lines)
    assert found.holds
    assert found.plan.spend == pytest.approx(answer.plan.spend)
    again = solve(case, held=lines)
    assert again.plan is not None
    assert again.plan.spend == pytest.approx(answer.plan.spend)
    assert again.plan.levers.equals(answer.plan.levers)


def plan_with(case: Any, lines: list[tuple[str, str, int, float, str]], bought: tuple[int, ...]) -> Plan:
    """A plan of lines (product, vendor, week, items, levers), kept to or not, its figures right."""
    ways = routes(case)
    position = {
        (ways.products[p], ways.vendors[v], ways.levers_of(n)): n
        for n, (p, v) in enumerate(zip(ways.product, ways.vendor, strict=True))
    }
    route = np.array([position[p, v, some] for p, v, _, _, some in lines], dtype=np.int32)
    period = np.array([week - 1 for _, _, week, _, _ in lines], dtype=np.int32)
    items = np.array([many for _, _, _, many, _ in lines])
    return make_plan(product_values(case, ways), Lines(case, ways, route, period, items, bought))


GOOD = [("one", "v", 2, 100.0, "tool"), ("two", "w", 1, 100.0, "")]


@pytest.mark.parametrize(
    ("levers", "lines", "bought", "words"),
    [
        ({"tool": TOOL}, GOOD, (0,), None),
        ({"tool": TOOL}, GOOD, (), "worked with the lever 'tool', which is not bought"),
        (
            {"tool": TOOL},
            [("one", "v", 1, 100.0, "tool"), ("two", "w", 1, 100.0, "")],
            (0,),
            "worked with the lever 'tool', which starts later (period 2)",
        ),
        (
            {"tool": {**TOOL, "excludes": ["shift"]}, "shift": SHIFT},
            GOOD,
            (0, 1),
            "levers tool and shift, which exclude one another: 2 bought, at most 1",
        ),
        (
            {"tool": {**TOOL, "bought": False}},
            [("one", "w", 2, 100.0, ""), ("two", "w", 1, 100.0, "")],
            (),
            None,
        ),
        (
            {"tool": {**TOOL, "applies": "always"}},
            [("one", "v", 2, 50.0, "tool"), ("one", "v", 2, 50.0, ""), ("two", "w", 1, 100.0, "")],
            (0,),
            "one with v without the lever tool: 50 image, at most 0",
        ),
        (
            {"tool": TOOL, "shift": {**SHIFT, "effect": {"vendors": ["w"], "capacity": "-1 h/week"}}},
            GOOD,
            (0, 1),
            "hours of w in week 1: 2 h, at most 1",
        ),
    ],
)
def test_the_check_finds_what_is_wrong_with_levers(
    levers: dict[str, Any], lines: list[Any], bought: tuple[int, ...], words: str | None
) -> None:
    """A line with a lever not bought or not yet there, levers at odds, a line without one that applies always, hours taken."""
    case = read_case(case_of(levers, products=lenient()))
    found = verify(case, plan_with(case, lines, bought))
    if words is None:
        assert found.violations == ()
    else:
        assert any(words in line for line in found.violations), found.violations


def lenient() -> dict[str, Any]:
    """The products without their accuracy."""
    return {
        name: {key: v for key, v in one.items() if key != "accuracy"} for name, one in case_of({})["products"].items()
    }


def test_a_lever_left_out_of_a_plan_or_made_cheaper_is_found() -> None:
    """A plan that leaves out what its levers cost, or the levers, does not pass."""
    case = read_case(case_of({"tool": TOOL}, products=lenient()))
    plan = plan_with(case, GOOD, (0,))
    assert verify(case, plan).holds
    cheaper = dataclasses.replace(plan, levers=plan.levers.assign(cost=1.0))
    assert any("lever tool: start and cost" in line for line in verify(case, cheaper).violations)
    without = dataclasses.replace(plan, levers=plan.levers.iloc[:0])
    assert any("not bought" in line for line in verify(case, without).violations)


def test_a_lever_is_needed_for_another() -> None:
    """Training pays only through the tool that needs it; both are bought, or neither."""
    tool = {**TOOL, "from": "week 1", "needs": ["training"]}
    training = {"cost": "10 USD", "effect": {"products": ["two"], "vendors": ["w"], "accuracy": "+1 points"}}
    both = solve(read_case(case_of({"tool": tool, "training": training})))
    assert both.plan is not None
    assert both.plan.levers["lever"].tolist() == ["tool", "training"]
    case = read_case(case_of({"tool": tool, "training": {**training, "bought": False}}))
    neither = solve(case)
    assert neither.plan is not None
    assert neither.plan.levers.empty
    wrong = dataclasses.replace(both.plan, levers=both.plan.levers.iloc[:1])
    checked = verify(both.case, wrong).violations
    assert any("lever training, which tool needs: 0 bought, at least 1" in line for line in checked)


@pytest.mark.slow
def test_budgets_hold_the_cost_of_levers() -> None:
    """Week 2 has no money left for a lever that starts there; a limit on its products holds it, one on vendors does not."""
    tool = {**TOOL, "effect": {**TOOL["effect"], "products": ["one"]}}
    free = solve(read_case(case_of({"tool": tool})))
    assert free.plan is not None
    assert free.plan.levers["lever"].tolist() == ["tool"]
    paid = free.plan.invoice.query("clause == 'lever'")[["vendor", "window", "about", "amount"]].values.tolist()
    assert paid == [["", "week 2", "tool", 30.0]]
    for limit, bought in (
        ({"products": ["one"], "from": "week 2", "at-most": "29 USD"}, False),
        ({"products": ["one"], "from": "week 2", "at-most": "90 USD"}, True),
        ({"vendors": ["v", "w"], "products": ["one"], "from": "week 2", "at-most": "60 USD"}, True),
    ):
        case = case_of({"tool": tool}, budget={"limits": [{"name": "l", **limit}]})
        answer = solve(read_case(case))
        assert answer.plan is not None
        assert (answer.plan.levers["lever"].tolist() == ["tool"]) == bought, limit


def test_shares_of_the_spend_do_not_hold_the_cost_of_levers() -> None:
    """A vendor's share is of what vendors are paid: a dear lever does not let it have more."""
    rule = {"name": "half", "share": {"vendor": "v", "of": "spend", "at-most": "50%"}}
    answer = solve(read_case(case_of({"tool": {**TOOL, "from": "week 1", "bought": True}}, rules=[rule])))
    assert answer.plan is not None
    by_vendor = answer.plan.vendors.set_index("vendor")["spend"]
    assert by_vendor["v"] <= 0.5 * by_vendor.sum() + 1e-6
    assert answer.plan.spend == pytest.approx(by_vendor.sum() + 30)


def test_a_lever_says_who_is_paid_for_it() -> None:
    """What it costs once goes to the vendor whose people it trains, what it costs by the week to the own people who run it."""
    tool = {**TOOL, "from": "week 1", "bought": True, "running-cost": "5 USD/week"}
    paid = {}
    for named in ({}, {"cost-to": "v", "running-cost-to": "review-team"}):
        answer = solve(read_case({**case_of({"tool": {**tool, **named}}), "review-team": {"wage": "20 USD/h"}}))
        assert answer.plan is not None
        table = by_payee(answer.case, answer.plan)
        paid[bool(named)] = {(kind, to): amount for kind, to, amount in table.rows("kind", "paid_to", "amount")}
    tool_before, work = paid[False].pop(("tools and levers", "tool")), paid[False]
    running = paid[True].pop(("own people (checking)", "review team"))
    assert 30.0 + running == pytest.approx(tool_before)
    assert paid[True] == pytest.approx({**work, ("vendors", "v"): work.get(("vendors", "v"), 0.0) + 30.0})


def test_hours_saved_count_in_tiers_by_the_hour() -> None:
    """Four hours by tiers of 100, then 50 USD an hour; at half the hours the second step is not reached."""
    tiers = {"steps": [{"up-to": "2 h", "price": "100 USD/h"}, {"price": "50 USD/h"}]}
    costs = {}
    for price in ("99 USD", "101 USD"):
        raw = case_of({"tool": {"cost": price, "effect": {"hours": "-50%"}}}, products=lenient())
        del raw["products"]["one"], raw["vendors"]["w"]
        raw["products"]["two"]["demand"] = "200 images"
        raw["vendors"]["v"]["contract"] = {"tiers": tiers}
        answer = solve(read_case(raw))
        assert answer.plan is not None
        costs[price] = (answer.plan.spend, answer.plan.levers["lever"].tolist())
    assert costs == {"99 USD": (pytest.approx(299), ["tool"]), "101 USD": (pytest.approx(300), [])}


def test_without_levers_nothing_changes() -> None:
    """Tables of a case without levers have no column of theirs."""
    answer = solve(read_case(case_of({})))
    assert answer.plan is not None
    assert "levers" not in answer.plan.lines
    assert "levers" not in answer.routes.table
    assert answer.plan.levers.empty


def test_a_trace_names_what_levers_change() -> None:
    """The inputs of a route list the changes of the levers that touch it, and no others."""
    found = trace(read_case(case_of({"tool": TOOL, "shift": SHIFT})), "one", "v", "plain")
    assert [(one.what, one.value) for one in found if "lever" in one.what] == [
        ("lever tool: change of hours", "-0.5"),
        ("lever tool: change of accuracy", "+5 points"),
    ]
    other = trace(read_case(case_of({"tool": TOOL})), "one", "w", "plain")
    assert not [one for one in other if "lever" in one.what]
