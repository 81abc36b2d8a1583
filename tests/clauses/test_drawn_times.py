"""Drawn cases whose amounts go by any time, in horizons of weeks and months from any day: plans hold, and money adds up."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from draws import some

from allocate import read_case, solve
from allocate.errors import CaseError
from allocate.finance.cash import cash_flow
from allocate.finance.ownership import ownership

WEEKS = {"day": 1 / 5, "week": 1.0, "month": 4.35, "quarter": 13.0, "year": 52.0}
MONEY = ("USD", "EUR")


def by_time(draw: Random, weekly: float, unit: str, *times: str) -> str:
    """About so much a week, said by a day, a week, a month …"""
    time = draw.choice(times or tuple(WEEKS))
    return f"{max(0.02, weekly * WEEKS[time] * draw.uniform(0.7, 1.3)):.2f} {unit}/{time}"


def vendor(draw: Random, year: int) -> dict[str, Any]:
    """Somebody with some clauses by time, and a capacity or people."""
    fees: dict[str, Any] = {}
    if draw.random() < 0.6:
        fees["retainer"] = by_time(draw, 10, draw.choice(MONEY))
    if draw.random() < 0.4:
        time, noun = draw.choice(("month", "quarter")), draw.choice(("h", "images", "items"))
        fees["seat"] = {"price": by_time(draw, 5, "USD", time), "carries": by_time(draw, 20, noun, time)}
    contract: dict[str, Any] = {"price": f"{draw.uniform(1, 3):.2f} {draw.choice(MONEY)}/image", "fees": fees}
    window = draw.choice(("period", "month", "quarter", "horizon"))
    if draw.random() < 0.3:
        contract["commitment"] = {"at-least": f"{draw.randint(5, 60)} {draw.choice(MONEY)}", "window": window}
    if draw.random() < 0.3:
        contract["rebate"] = {"steps": [{"at-least": "20 USD", "back": "5%"}], "window": window}
    if draw.random() < 0.3:
        contract["payment"] = draw.choice(("1 month", "30 days", "1 quarter", "in advance"))
    found: dict[str, Any] = {"accuracy": "95%", "contract": contract}
    if draw.random() < 0.4:
        found["capacity"] = by_time(draw, 60, draw.choice(("h", "images", "items")))
    else:
        found |= {"people": draw.randint(1, 3), "hours": by_time(draw, 30, "h")}
    if draw.random() < 0.5:
        days = [f"{year}-{month:02d}-{draw.randint(1, 28):02d}" for month in range(1, 13)]
        found |= {"working-days": draw.randint(1, 7), "holidays": days}
    if draw.random() < 0.3:
        found["turnover"] = draw.choice(("3 %/month", "30 %/year", {"rate": "1 %/week", "vacancy": "3 weeks"}))
    if draw.random() < 0.3:
        found["escalation"] = draw.choice(("4 %/year", "1 %/month", "-1 %/quarter"))
    return found


def drawn(seed: int) -> dict[str, Any]:
    """A case from a seed."""
    draw = Random(seed)
    unit, year = draw.choice(("week", "month")), draw.randint(2026, 2029)
    count = draw.randint(2, 9 if unit == "week" else 5)
    weeks = count * WEEKS[unit]
    demand = {"at-least": f"{int(15 * weeks)} images", "at-most": f"{int(40 * weeks)} images"}
    product: dict[str, Any] = {"item": "image", "effort": "1 h/image", "demand": demand, "error-cost": "1 USD/image"}
    if draw.random() < 0.4:
        late = f"{draw.uniform(0.1, 0.5):.2f} EUR/image/{draw.choice(tuple(WEEKS))}"
        product["deadline"] = {"date": f"{unit} {count - 1}", "late": late, "cash": draw.random() < 0.5}
    vendors = {name: vendor(draw, year) for name in "abc"[: draw.randint(1, 3)]}
    if draw.random() < 0.4:
        shifts = {"seats": 1, "further": [{"cost": by_time(draw, 4, "USD")}] * 2}
        team = {"people": 2, "hours": by_time(draw, 35, "h"), "wage": "9 USD/h", "shifts": shifts}
        vendors["t"] = {"accuracy": "97%", "working-days": 6, "team": team}
    lever = {
        "cost": "3 USD",
        "running-cost": by_time(draw, 2, draw.choice(MONEY)),
        "from": f"{unit} 2",
        "effect": {"hours": "-20%"},
    }
    review = {"wage": "20 USD/h", "people": 2, "hours": by_time(draw, 20, "h"), "working-days": draw.randint(3, 7)}
    return {
        "case": "drawn", "currency": "USD", "objective": "cost",
        "horizon": {"start": f"{year}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}", f"{unit}s": count},
        "exchange": {"EUR": [{"rate": "1.1 USD"}, {"from": f"{unit} 2", "rate": "1.3 USD"}]},
        "products": {"p": product}, "vendors": vendors,
        "levers": {"l": {**lever, "bought": True}} if draw.random() < 0.5 else {"l": lever},
        "workflows": {"checked": {"review": {"share": "10%", "time": "60 s/image"}}}, "review-team": review,
        **({"discount": draw.choice(("8 %/year", "1 %/month"))} if draw.random() < 0.5 else {}),
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", some(range(24)))
def test_plans_of_amounts_by_any_time_are_verified_and_add_up(seed: int) -> None:
    """The verifier, which counts time by itself, agrees; by month, quarter and year all money is there, paid and owed."""
    try:
        case = read_case(drawn(seed))
        answer = solve(case)
    except CaseError as error:  # promised more than there can be in one of its windows
        if "is promised" not in str(error):
            raise
        return
    assert answer.plan is not None
    assert answer.verification is not None
    assert not answer.verification.violations
    for by in ("month", "quarter", "year"):
        owned = ownership(case, answer.plan, by)  # type: ignore[arg-type]
        assert owned.spend == pytest.approx(answer.plan.spend, rel=1e-9)
        assert (owned.made["cost"] + owned.made["errors"]).sum() == pytest.approx(owned.total, rel=1e-9)
    assert cash_flow(case, answer.plan)["paid"].sum() == pytest.approx(answer.plan.spend, rel=1e-9)
