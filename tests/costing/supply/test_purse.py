"""How much money there is bounds how much can be bought, in budgets of any currency too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import read_case, routes
from allocate.costing.supply.purse import money_and_least
from allocate.costing.supply.reach import most_items

FALLING = [{"rate": "2 USD"}, {"from": "week 2", "rate": "1 USD"}]
RISING = [{"rate": "1 USD"}, {"from": "week 2", "rate": "2 USD"}]


def bounds(contract: dict[str, Any], budget: str, rates: Any) -> tuple[float, float, float]:
    """The money there is, the least an item takes of it, and the most items of two weeks."""
    case = read_case(
        {
            "case": "purse",
            "currency": "USD",
            "objective": "cost",
            "exchange": {"EUR": rates},
            "horizon": {"start": "2027-01-04", "weeks": 2},
            "budget": budget,
            "products": {"p": {"item": "image", "effort": "36 s/image", "demand": {"at-most": "9_000 images"}}},
            "vendors": {"v": {"contract": contract}},
            "workflows": {"plain": {}},
        }
    )
    ways = routes(case)
    money, least = money_and_least(case, ways)
    return money, float(np.min(least)), float(most_items(case, ways)[0, 0])


def test_a_budget_is_worth_most_when_its_currency_is() -> None:
    """Of 100 EUR 200 images can be bought at 1 USD in the week in which they are 200 USD."""
    assert bounds({"price": "1 USD/image"}, "100 EUR", FALLING) == (
        pytest.approx(200),
        pytest.approx(1),
        pytest.approx(200),
    )


def test_what_comes_back_may_count_more_than_it_is_worth() -> None:
    """A USD paid in week 1 is half a EUR, 10 cents back in week 2 are a tenth of one: 0.4 EUR net buys 250 images of 100 EUR."""
    rebate = {"steps": [{"at-least": "1 USD", "back": "10%"}]}
    money, least, most = bounds({"price": "1 USD/image", "rebate": rebate}, "100 EUR", FALLING)
    assert (money, least) == (pytest.approx(200), pytest.approx(1 - 2 * 0.1))
    assert most == pytest.approx(250)


def test_a_rebate_in_a_currency_that_gains_may_pay_for_more_work() -> None:
    """Of each EUR 60 % come back, worth twice as much by then: work that earns money is not bounded by a budget."""
    rebate = {"steps": [{"at-least": "1 EUR", "back": "60%"}]}
    money, least, most = bounds({"price": "1 EUR/image", "rebate": rebate}, "100 USD", RISING)
    assert least < 0
    assert money == np.inf
    assert most == pytest.approx(9_000)
    money, least, most = bounds({"price": "1 EUR/image", "rebate": rebate}, "100 USD", FALLING)
    assert (money, least, most) == (pytest.approx(100), pytest.approx(0.4), pytest.approx(250))
