"""Prices by the hour of vendors that learn: published times, brute force, what may not stand beside them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from allocate import CaseError, plan_odds, read_case, solve
from allocate.answers import FiguresDisagreeError, UnverifiedPlanError
from allocate.costing.bill.lines import Lines


def yard(boats: int, weeks: int = 1, **vendor: Any) -> dict[str, Any]:
    """Boats of 225 hours for the first one, each doubling 80% of that, at 10 USD an hour."""
    learns = {"rate": "80%", "model": "crawford", "from": "1 boat"}
    return {
        "case": "boats",
        "currency": "USD",
        "units": {"boat": "boats"},
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "objective": "cost",
        "products": {"boats": {"item": "boat", "effort": "225 h/boat", "demand": f"{boats} boats"}},
        "vendors": {
            "yard": {
                "accuracy": "100%", "capacity": "2_000 h/week", "learning": learns,
                "contract": {"price": "10 USD/h"}, **vendor,
            }
        },
    }  # fmt: skip


def crawford(made: float, rate: float = 0.8) -> float:
    """Times of the first so many items together, in that of the first one."""
    b, whole = -math.log2(rate), int(made)
    return sum(number**-b for number in range(1, whole + 1)) + (made - whole) * (whole + 1) ** -b


def test_eleven_boats_are_paid_for_the_hours_they_take() -> None:
    """Captain Nemo: the first boat takes 225 h, the eleventh 103.95, all eleven 1,524.93 h; at 10 USD an hour 15,249.34 USD.

    (The textbook's table has the eleventh at 0.462 of the first, cut to three digits.)"""
    answers = {boats: solve(yard(boats)) for boats in (10, 11)}
    plans = {boats: answer.plan for boats, answer in answers.items()}
    assert plans[10] is not None
    assert plans[11] is not None
    assert plans[11].spend == pytest.approx(15_249.34, abs=0.01)
    assert plans[11].spend - plans[10].spend == pytest.approx(1_039.5, abs=0.3)
    (row,) = plans[11].invoice.to_dict("records")
    assert (row["quantity"], row["unit"], row["unit_price"]) == (pytest.approx(1_524.93, abs=0.01), "hour", 10.0)
    assert answers[11].verification is not None
    assert answers[11].verification.holds


def test_each_week_pays_the_hours_of_its_own_boats() -> None:
    """900 h of the first week at 10 USD, all others at 15: the yard is full in the first, and what is left takes the rest."""
    found = solve(yard(11, 2, capacity="900 h/week", season=[{"from": "week 2", "factor": 1.5}]))
    assert found.plan is not None
    assert found.plan.spend == pytest.approx(9_000 + 15 * (225 * crawford(11) - 900), rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_on_a_grid_is_cheaper(seed: int) -> None:
    """Two products over two weeks between a yard that learns, with a fee and a season, and one at a price: the yard's hours are
    worth their start only where it makes enough. The spend is also that of curves added up here."""
    draw = np.random.default_rng(seed)
    rate, cap, fee, season = (float(draw.choice(some)) for some in ((0.7, 0.9), (20, 45, 200), (0, 40), (1.5, 0.6)))
    hour, needs = int(draw.integers(5, 25)), [int(n) for n in draw.integers(2, 5, 2) * 10]
    other = [int(n) for n in draw.integers(2, 16, 2)]
    terms: dict[str, Any] = {"price": f"{hour} USD/h", "fees": {"onboarding": f"{fee:g} USD"}}
    case = {
        "case": "grid", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 2}, "objective": "cost",
        "products": {
            name: {"item": "image", "effort": "1 h/image", "demand": {"exactly": f"{need} images"}}
            for name, need in zip("ab", needs, strict=True)
        },
        "vendors": {
            "yard": {
                "capacity": f"{cap:g} h/week", "season": [{"from": "week 2", "factor": season}], "contract": terms,
                "learning": {"rate": f"{rate:.0%}", "model": "crawford", "from": "1 image"},
            },
            "other": {},
        },
        "rates": [{"product": name, "vendor": "yard"} for name in "ab"]
        + [{"product": name, "vendor": "other", "price": f"{price} USD/image"} for name, price in zip("ab", other, strict=True)],
        "workflows": {"plain": {}},
    }  # fmt: skip

    def spend(made: Sequence[tuple[float, float]]) -> tuple[float, bool]:
        ends = np.array([[crawford(one, rate), crawford(one + two, rate)] for one, two in made])
        hours = np.diff(ends, axis=1, prepend=0).sum(axis=0)
        bought = sum((need - sum(one)) * price for need, one, price in zip(needs, made, other, strict=True))
        money = hour * (hours[0] + season * hours[1]) + bought + (fee if hours.sum() > 0 else 0.0)
        return float(money), bool(hours.max() <= cap + 1e-6)

    ways = [
        [(5.0 * one, 5.0 * two) for one in range(need // 5 + 1) for two in range(need // 5 + 1 - one)] for need in needs
    ]
    best = min(money for money, fits in map(spend, itertools.product(*ways)) if fits)
    answer = solve(case)
    assert answer.plan is not None
    assert answer.bound is not None
    assert answer.plan.spend <= best + 1e-4
    assert answer.bound <= best + 1e-4
    lines = answer.plan.lines[answer.plan.lines["vendor"] == "yard"]
    items = {(row.product, row.period): row.items for row in lines.itertuples()}
    own = spend([(items.get((name, 1), 0.0), items.get((name, 2), 0.0)) for name in "ab"])
    assert answer.plan.spend == pytest.approx(own[0], rel=1e-6)


@pytest.mark.slow
def test_odds_pay_the_hours_of_each_scenario() -> None:
    """Hours of a boat drawn between 200 and 250, so far apart at P10 and P90 as the plan's hours would be: the spend is too."""
    case = yard(11)
    case["products"]["boats"]["effort"] = "200 .. 225 .. 250 h/boat"
    read = read_case(case)
    low, high = np.quantile(plan_odds(read, scenarios=256).results["spend"], [0.1, 0.9])
    assert (low, high) == (pytest.approx(2_000 * crawford(11), rel=0.02), pytest.approx(2_500 * crawford(11), rel=0.02))


def test_prices_at_the_pace_stated_stop_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were boats billed at 225 h each, the contract's text would say less."""
    monkeypatch.setattr(Lines, "as_learned", lambda _, amounts: amounts)
    with pytest.raises((UnverifiedPlanError, FiguresDisagreeError), match="the plan"):
        solve(yard(11))


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"price": "10 USD/h", "rebate": {"steps": [{"at-least": "1k USD", "back": "2%"}]}}, "`rebate` counts prices of items"),
    ({"price": "10 USD/h", "commitment": "1k USD"}, "`commitment` counts prices of items"),
    ({"price": "10 USD/h", "rework-paid": False}, "`rework-paid` counts prices of items"),
    ({"price": "10 USD/boat + 3 USD/h"}, "prices of several parts, steps and fees do not follow the hours of learning"),
    ({"tiers": {"steps": [{"price": "10 USD/h"}]}}, "prices of several parts, steps and fees do not follow the hours of learning"),
]  # fmt: skip


@pytest.mark.parametrize(("contract", "words"), MISTAKES)
def test_what_counts_prices_of_items_may_not_stand_beside(contract: dict[str, Any], words: str) -> None:
    """Clauses that count prices, further parts by the hour and steps are refused, each once."""
    with pytest.raises(CaseError) as refused:
        read_case(yard(11, contract=contract))
    (problem,) = refused.value.problems
    assert words in problem.message
    assert problem.fix


def test_levers_on_the_price_and_shares_of_it_are_refused() -> None:
    """A platform fee that is a share, a lever that changes the price, and two prices for one product."""
    lever = {"cost": "1 USD", "effect": {"vendors": "yard", "price": "-10%"}}
    held = {"cost": "1 USD", "effect": {"vendors": "yard", "locked-price": "9 USD/h"}}
    rates = [
        {"product": "boats", "vendor": "yard", "workflow": name, "price": price}
        for name, price in (("one", "9 USD/h"), ("two", "8 USD/h"))
    ]
    for more, vendor, words in (
        ({}, {"platform-fee": "10%"}, "a platform fee that is a share counts prices"),
        ({"levers": {"deal": lever}}, {}, "a lever that changes prices counts prices"),
        ({"levers": {"deal": held}}, {}, "a lever that changes prices counts prices"),
        ({}, {"contract": {"price": "10 USD/h", "price-lock": {"price": "9 USD/h"}}}, "`price-lock` counts prices"),
        ({"rates": rates, "workflows": {"one": {}, "two": {}}}, {}, "and is paid '9 USD/h' and '8 USD/h' for it"),
    ):
        with pytest.raises(CaseError) as refused:
            read_case({**yard(11, **vendor), **more})
        (problem,) = refused.value.problems
        assert words in problem.message


def test_a_vendor_that_has_learned_all_it_can_takes_part_in_whole_lots() -> None:
    """What rounding left below its straight curve ruled out that it makes nothing, and the case had no plan: 40 boats at the other."""
    past = {"rate": "70%", "from": "20 boats", "experience": "50 boats", "floor": "70%"}
    case = _boats(40, exactly=True)
    case["vendors"] = {
        "l": {"capacity": "900 h/week", "learning": {"rate": "70%", "from": "1 boats"}, "contract": {"price": "25 USD/h"}},
        "m": {"capacity": "40 h/week", "learning": past, "contract": {"price": "8 USD/h", "order-multiple": "2 boats"}},
    }  # fmt: skip
    answer = solve(read_case(case))
    assert answer.status.value == "optimal"
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(25 * 40 ** (1 + np.log2(0.7)), rel=1e-6)


def test_hours_that_nobody_works_are_not_paid_to_keep_a_share_of_the_spend() -> None:
    """At most 60% of the spend is o's: l gets the rest as work, where idle hours of it were planned and no plan held."""
    case = _boats(20, exactly=False)
    case["objective"], case["budget"] = "value", "60_000 USD"
    case["products"]["boats"]["value"] = {"worth": "2_015 USD/boat"}
    case["vendors"] = {
        "l": {"capacity": "400 h/week", "learning": {"rate": "95%", "model": "crawford", "from": "5 boats"}, "contract": {"price": "26 USD/h"}},
        "o": {"capacity": "400 h/week", "contract": {"price": "18 USD/h"}},
    }  # fmt: skip
    case["rules"] = [{"name": "s", "share": {"vendor": "o", "of": "spend", "at-most": "60%"}}]
    answer = solve(read_case(case))
    assert answer.status.value == "optimal"
    assert answer.objective == pytest.approx(20 * 2_015)


def _boats(many: int, exactly: bool) -> dict[str, Any]:
    """So many boats of an hour each, in four weeks."""
    demand = {"exactly" if exactly else "at-most": f"{many} boats"}
    return {
        "case": "boats", "currency": "USD", "units": {"boat": "boats"}, "objective": "cost", "workflows": {"plain": {}},
        "horizon": {"start": "2027-01-04", "weeks": 4}, "products": {"boats": {"item": "boat", "effort": "1 h/boat", "demand": demand}},
    }  # fmt: skip
