"""Prices of whole days, half days or packs: what a window uses is billed in whole multiples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contract_grid import checked, exact, only, pays_its_invoice, spend_of, steps, written
from hypothesis import given
from hypothesis import strategies as st

from allocate import read_case, solve
from allocate.errors import CaseError

DAYS = {"window": "week", "whole": "8 h", "steps": [{"price": "400 USD/8 h"}]}
"""A consultant at 400 USD a day of eight hours."""


@pytest.mark.parametrize(("items", "spend"), [(799, 400.0), (800, 400.0), (801, 800.0), (1600, 800.0), (1601, 1200.0)])
def test_a_day_that_is_begun_is_paid_whole(items: int, spend: float) -> None:
    """100 images an hour: 800 take a day, and the next one a second day."""
    assert spend_of(only({"tiers": DAYS}, items)) == pytest.approx(spend)


def test_the_invoice_shows_what_was_worked_and_what_was_not() -> None:
    """801 images take 8.01 hours; 16 are billed, and both lines of the product bear the whole 800 USD."""
    answer = solve(read_case(only({"tiers": DAYS}, 801)))
    pays_its_invoice(answer)
    assert answer.plan is not None
    rows = answer.plan.invoice.set_index("clause")
    assert rows["quantity"].to_dict() == {"tier": pytest.approx(8.01), "surplus": pytest.approx(7.99)}
    assert set(rows["unit"]) == {"hour"}
    assert set(rows["unit_price"]) == {50.0}
    full = solve(
        read_case(only({"tiers": {**DAYS, "whole": "0.1 h"}}, 2_410))
    )  # 24.1 hours, no surplus of what rounding leaves
    assert full.plan is not None
    assert full.plan.invoice["clause"].tolist() == ["tier"]


def test_each_week_is_rounded_by_itself_and_each_product_where_it_is_counted_so() -> None:
    """Two products of half a day a week: one day together, two days product by product; in one week, not in two."""
    vendors: dict[str, Any] = {"v": {"contract": {"tiers": DAYS}, "capacity": "4 h/week"}}
    assert spend_of(written(vendors, least=800, most=800, weeks=2)) == pytest.approx(800)
    vendors["v"]["capacity"] = "8 h/week"
    assert spend_of(written(vendors, products=("one", "two"), least=400, most=400, weeks=2)) == pytest.approx(400)
    vendors["v"]["contract"]["tiers"] = {**DAYS, "over": "product"}
    assert spend_of(written(vendors, products=("one", "two"), least=400, most=400, weeks=2)) == pytest.approx(800)


@pytest.mark.parametrize(("kind", "spend"), [("incremental", 8 * 50 + 32 * 40), ("all-unit", 40 * 40)])
def test_steps_count_what_is_billed(kind: str, spend: float) -> None:
    """32.01 hours are five days: the first at 50 USD an hour and four at 40, or all five at 40."""
    tiers = {**DAYS, "kind": kind, "steps": [{"price": "50 USD/h", "up-to": "8 h"}, {"price": "40 USD/h"}]}
    assert spend_of(only({"tiers": tiers}, 3_201)) == pytest.approx(spend)


def test_what_is_not_worked_counts_as_price() -> None:
    """Of 8.01 hours 800 USD are prices: 5% fee, 2% off, 100 USD back from 700 USD on, nothing short of a commitment of 800 USD."""
    contract = {
        "tiers": DAYS,
        "early-payment": "2%",
        "commitment": "800 USD",
        "rebate": {"steps": [{"at-least": "700 USD", "back": "12.5%"}]},
    }
    case = only(contract, 801)
    case["vendors"]["v"] |= {"platform-fee": "5%", "season": [{"from": "week 1", "factor": 1.0}]}
    assert spend_of(case) == pytest.approx(800 + 40 - 16 - 100)


def test_a_promise_can_be_kept_by_days_that_are_begun() -> None:
    """With one hour a week 400 USD can be promised: the hour is billed as a day; 900 USD of two weeks cannot."""
    contract: dict[str, Any] = {"tiers": DAYS, "commitment": "400 USD"}
    case = written({"v": {"contract": contract, "capacity": "1 h/week"}}, least=100, most=100)
    assert spend_of(case) == pytest.approx(400)
    contract["commitment"] = "900 USD"
    with pytest.raises(CaseError, match="promised 900 USD"):
        solve(read_case(case))


def test_idle_hours_have_no_accuracy() -> None:
    """A tenth less for work below 95% is taken off the 8.01 hours worked, not off the 7.99 beside them."""
    case = only({"tiers": DAYS, "quality": [{"below": "95%", "price": "-10%"}]}, 801)
    case["vendors"]["v"]["accuracy"] = "90%"
    assert spend_of(case) == pytest.approx(800 - 0.1 * 8.01 * 50)
    case["vendors"]["v"]["contract"]["quality-window"] = "month"
    assert spend_of(case) == pytest.approx(800 - 0.1 * 8.01 * 50)


def test_no_more_whole_days_are_for_sale_than_the_steps_have() -> None:
    """Of 20 hours two whole days can be bought: the rest of 1,700 images goes to the dearer vendor."""
    tiers = {**DAYS, "steps": [{"price": "50 USD/h", "up-to": "20 h"}]}
    vendors = {"v": {"contract": {"tiers": tiers}}, "w": {"contract": {"price": "2 USD/image"}}}
    assert spend_of(written(vendors, least=1_700, most=1_700)) == pytest.approx(800 + 200)


@checked(8)
@given(st.integers(0, 2**20))
def test_no_plan_on_the_grid_is_cheaper(seed: int) -> None:
    """Drawn packs of 7 to 25 images beside fees, commitments, rebates, price reductions, levers and rules on shares."""
    exact(_drawn(np.random.default_rng(seed)))


def _drawn(random: np.random.Generator) -> dict[str, Any]:
    prices = [float(price) / 10 for price in random.integers(3, 15, 3)]
    pairs = (
        [(int(random.integers(2, 5)) * 10, prices[0]), (None, prices[1])]
        if random.random() < 0.6
        else [(None, prices[0])]
    )
    tiers = steps(
        str(random.choice(["incremental", "all-unit"])), *pairs, currency=str(random.choice(["USD", "EUR"])),
        window=str(random.choice(["period", "month", "horizon"])), over=str(random.choice(["all", "product"])),
        whole=f"{random.choice([7, 15, 20, 25])} images",
    )  # fmt: skip
    contract: dict[str, Any] = {"tiers": tiers}
    vendor: dict[str, Any] = {"contract": contract, "accuracy": "94%"}
    more: dict[str, Any] = {}
    for clause in random.choice(
        ["commitment", "rebate", "quality", "early", "fee", "ceiling", "share", "lever"], 2
    ).tolist():
        contract |= {
            "commitment": {"commitment": {"at-least": "20 USD", "shortfall": "50%", "window": "month"}},
            "rebate": {"rebate": {"steps": [{"at-least": "15 USD", "back": "20%"}]}},
            "quality": {"quality": [{"below": "95%", "price": "-10%"}]},
            "early": {"early-payment": "2%"},
            "ceiling": {"ceiling": "30 USD"},
        }.get(clause, {})
        vendor |= {"platform-fee": "5%"} if clause == "fee" else {}
        if clause == "share":
            more["rules"] = [{"name": "r", "share": {"vendor": "v", "of": "spend", "at-most": "60%"}}]
        if clause == "lever":
            more["levers"] = {
                "deal": {"bought": True, "effect": {"vendors": "v", "price": "-15%"}, "applies": "always"}
            }
    vendors = {"v": vendor, "w": {"contract": {"price": f"{prices[2]} USD/image"}, "accuracy": "94%"}}
    products = ("one", "two")[: int(random.integers(1, 3))]
    return written(vendors, products=products, least=30, most=30, weeks=int(random.integers(1, 3)), **more)


@pytest.mark.parametrize(
    ("tiers", "told"),
    [
        ({**DAYS, "whole": "8 images"}, ["'8 images' is billed whole, and the price is per h ('400 USD/8 h')"]),
        (
            {**DAYS, "steps": [{"price": "50 USD/h", "up-to": "500 images"}, {"price": "40 USD/h"}]},
            ["steps end at another unit than is billed whole"],
        ),
        ({**DAYS, "kind": "all-unit", "surplus": "paid-only"}, ["`whole` and `surplus` both say how much a window bills"]),
    ],
    ids=["unit", "steps", "surplus"],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(tiers: dict[str, Any], told: list[str]) -> None:
    """Another unit than the price's, and other clauses that say how much a window bills."""
    with pytest.raises(CaseError) as raised:
        read_case(only({"tiers": tiers}, 801))
    assert [problem.message.partition(": ")[2] for problem in raised.value.problems] == told
