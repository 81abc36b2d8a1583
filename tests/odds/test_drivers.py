"""What moves a result, and what knowing it is worth: against answers in closed form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from allocate import read_case
from allocate.odds.drawing import latin
from allocate.odds.drivers import first_order
from allocate.odds.knowing import parts_of, worth_of
from allocate.odds.odds import plan_odds

MANY = 8192
BLOCKS = np.repeat(np.arange(8), MANY // 8)


def normal(name: str) -> Any:
    """A standard normal amount, drawn as amounts of a case are."""
    from scipy.special import ndtri

    return ndtri(latin(1, name, MANY))


def test_first_order_shares_of_ishigami() -> None:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on [-pi, pi]: .3139, .4424 and 0 (Ishigami and Homma, 1990)."""
    x1, x2, x3 = (math.pi * (2.0 * latin(1, name, MANY) - 1.0) for name in ("x1", "x2", "x3"))
    result = np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    found = [first_order(one, result) for one in (x1, x2, x3)]
    assert found == pytest.approx([0.3139, 0.4424, 0.0], abs=0.015)


def test_a_thing_that_happens_or_not_has_its_share() -> None:
    """Of y = 3 z + e with z one in ten cases: 9 * .09 / (9 * .09 + 1)."""
    happens = (latin(1, "event", MANY) < 0.1).astype(np.float64)
    assert first_order(happens, 3.0 * happens + normal("e")) == pytest.approx(0.81 / 1.81, abs=0.02)


def test_what_says_nothing_has_no_share() -> None:
    """Chance alone gives parts different means; the share is freed of that."""
    shares = [first_order(normal(f"a{n}"), normal("y")) for n in range(20)]
    assert abs(float(np.mean(shares))) < 0.001


def test_partial_perfect_information_of_two_normals() -> None:
    """Doing nothing against p1 - p2, N(1, 1) and N(0, 2): .4798 for both, .0833 and .3956 for each (voi, b43b895; closed form)."""
    p1, p2 = 1.0 + normal("p1"), 2.0 * normal("p2")
    values = np.column_stack([np.zeros(MANY), p1 - p2])
    whole = worth_of(values, np.arange(MANY), BLOCKS, perfect=True)
    first, second = (worth_of(values, parts_of(one, 32), BLOCKS) for one in (p1, p2))
    assert whole.value == pytest.approx(0.4798107, abs=0.02)
    assert first.value == pytest.approx(0.0833155, abs=0.02)
    assert second.value == pytest.approx(0.3955931, abs=0.03)
    assert first.error < 0.05


@pytest.mark.slow
def test_knowing_a_price_is_worth_what_it_saves() -> None:
    """10,000 images at 0.50 or at a price of 0.40 .. 0.50 .. 0.625: knowing it saves what it lies below 0.50, on average.

    The log-logistic has k = 2 ln 9 / ln(0.625 / 0.40) = 9.8467; E[max(0.50 - price, 0)] is summed over equally likely quantiles.
    """
    price = "0.40 .. 0.50 .. 0.625 USD/image"
    case = read_case(
        {
            "case": "two-offers", "currency": "USD", "objective": "net-value", "horizon": {"start": "2027-01-04", "weeks": 2},
            "products": {"photos": {"item": "image", "effort": "10 s/image", "demand": "10_000 images", "error-cost": "1 USD/image"}},
            "vendors": {"acme": {"accuracy": "95%", "contract": {"price": "0.50 USD/image"}},
                        "borealis": {"accuracy": "95%", "contract": {"price": price}}},
        }
    )  # fmt: skip
    found = plan_odds(case, worth_knowing=4)
    u = (np.arange(100_000) + 0.5) / 100_000
    expected = 10_000 * np.maximum(0.50 - 0.50 * (u / (1 - u)) ** (1 / 9.8467), 0.0).mean()
    assert found.known is not None
    assert found.known.everything.value == pytest.approx(expected, rel=0.02)
    (one,) = [one for one in found.drivers if one.amount == "prices of borealis"]
    assert one.worth_knowing is not None
    assert one.worth_knowing.value == pytest.approx(expected, rel=0.06)
    assert f"{found.known.plans} plans" in found.grids()[-1].title
