"""Costing many rates at once: the same figures, to the bit, as one rate at a time."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from allocate import read_case, routes
from allocate.costing.terms.prices import spread

PRICES = ("0.2 USD/image", "0.1 EUR/box", "11 USD/h", "0.2 EUR/label", "0.5 USD/EU", None)
FEES = ("5%", "0.01 USD/box", "0.4 EUR/h", "0.1 USD/label", "0.02 EUR/image", None)
STATED: tuple[dict[str, Any], ...] = (
    {"accuracy": "91%", "checked": 80},
    {"pace": "60 images/h", "workflow": "full-review"},
    {"productivity": 1.2, "lead": "2 weeks", "workflow": "vendor-mends"},
    {"capacity": "50 images/week"},
    {},
)
CONTRACT = {
    "quality": [{"below": "92%", "price": "-5%"}, {"below": "85%", "price": "-10%"}, {"above": "96%", "price": "+3%"}],
    "lateness": [{"beyond": "1 week", "price": "-3%"}],
    "early-payment": {"discount": "2%", "within": "10 days"},
}


def _vendor(number: int) -> dict[str, Any]:
    own = {"price": "0.3 EUR/EU", **({"rework-paid": bool(number % 2)} if number % 3 else {})}
    fee = {"platform-fee": FEES[number]} if FEES[number] else {}
    terms = CONTRACT if number in (1, 4) else {}
    return {"contract": own | terms, "accuracy": f"{82 + 3 * number}%", "checked": 100, "escalation": "4 %/year", **fee}


def _product(number: int) -> dict[str, Any]:
    asked: dict[str, Any] = {"accuracy": {"at-least": "60%", "confidence": "90%"}} if number == 1 else {}
    lost = {"error-cost": "2 EUR/image"} if number == 2 else {}
    size = {"effort": f"{20 + number} s/image", "drivers": {"box": f"{2 + number} boxes/image"}}
    return {"item": "image", "demand": {"at-most": "10 images"}, **size, **asked, **lost}


def _rates() -> list[dict[str, Any]]:
    pairs = [(product, vendor) for product in range(3) for vendor in range(6)]
    return [
        {"product": f"p{p}", "vendor": f"v{v}", **STATED[(2 * n) % 5], **({"price": price} if price else {})}
        for n, (p, v) in enumerate(pairs)
        for price in [PRICES[(n + p) % 6]]
    ]


def _case(rates: list[dict[str, Any]]) -> dict[str, Any]:
    products = sorted({rate["product"] for rate in rates})
    mends = {"review": {"share": "30%", "catch": "80%", "rework": "vendor", "false-reject": "2%", "time": "9 s/image"}}
    return {
        "case": "card",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "review-team": {"wage": "40 EUR/h"},
        "exchange": {"EUR": [{"rate": "1.08 USD"}, {"from": "week 3", "rate": "1.1 USD"}]},
        "products": {name: _product(int(name[1:])) for name in products},
        "vendors": {f"v{number}": _vendor(number) for number in range(6)},
        "workflows": {"single-pass": {}, "full-review": {}, "double-adjudicated": {}, "vendor-mends": mends},
        "rates": rates,
    }


def test_every_rate_costs_what_it_costs_alone() -> None:
    """Every figure of every route is the one it has in a case with its rate only."""
    together = routes(read_case(_case(_rates())))
    numbers = [one.name for one in fields(together) if isinstance(getattr(together, one.name), np.ndarray)]
    numbers = [
        name
        for name in numbers
        if name
        not in ("product", "vendor", "workflow", "line", "standard_time", "billed_in", "in_windows", "largest_rebate")
    ]
    seen = 0
    for number, rate in enumerate(_rates()):
        alone = routes(read_case(_case([rate])))
        rows = np.flatnonzero(together.line == number)
        assert [together.basis[row] for row in rows] == list(alone.basis)
        billed_in = [together.currencies[position] for position in together.billed_in[rows]]
        assert billed_in == [alone.currencies[position] for position in alone.billed_in]
        for name in numbers:
            assert getattr(together, name)[rows].tobytes() == getattr(alone, name).tobytes(), name
        seen += len(rows)
    assert seen == together.count > 40


@pytest.mark.parametrize("each", [[2.0, 0.0, 3.0], [2.0, 1.0, 3.0]])
def test_amounts_spread_over_periods(each: list[float]) -> None:
    """Each route's amount times the row of its own, and nothing where the amount is nothing."""
    table = np.array([[1.0, 2.0], [10.0, 20.0]])
    found = spread(np.array(each), table, np.array([1, 0, 0]))
    assert found.tolist() == [[20.0, 40.0], [each[1], 2 * each[1]], [3.0, 6.0]]
