"""Bonus and price reduction that are shares of prices by volume: taken of what the invoice asks after its steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contract_grid import checked, exact, only, pays_its_invoice, priced, spend_of, steps, written
from hypothesis import given
from hypothesis import strategies as st

from allocate import read_case, routes, solve

TIERS = {"tiers": steps("incremental", (20, 1.0), (None, 0.5))}
REDUCTION = [{"below": "95%", "price": "-10%"}]
FLOWS = {
    "plain": {},
    "checked": {
        "review": {"share": "100%", "time": "36 s/image", "catch": "100%", "rework": "reviewer", "accuracy": "100%"}
    },
}
"""One pass, and one whose errors are all found and corrected, at 36 s of review an image."""


def by_workflow(contract: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A vendor of 90 % whose work may be checked for 22 cents an image; what is not falls below 95 %."""
    vendors = {"v": {"accuracy": "90%", "contract": contract}, **more.pop("vendors", {})}
    return written(vendors, workflows=FLOWS, **{"review-team": {"wage": "20 USD/h"}, **more})


def test_a_share_is_of_the_invoice_after_its_steps() -> None:
    """20 at a dollar and 40 at half a dollar are 40 USD, of which a tenth is taken off, and 2 % of what is left."""
    answer = solve(
        read_case(only({**TIERS, "quality": [{"below": "99%", "price": "-10%"}], "early-payment": "2%"}, 60))
    )
    assert pays_its_invoice(answer) == pytest.approx(40 * 0.9 * 0.98)
    assert answer.plan is not None
    rows = answer.plan.invoice.set_index("clause")[["quantity", "unit", "unit_price", "amount"]]
    assert rows.loc["quality"].tolist() == [pytest.approx(40), "USD", -0.1, pytest.approx(-4)]
    assert rows.loc["early payment"].tolist() == [pytest.approx(36), "USD", -0.02, pytest.approx(-0.72)]
    assert answer.plan.lines["spend"].sum() == pytest.approx(answer.plan.spend)


@pytest.mark.parametrize(("kind", "taken_off"), [("incremental", 20 + 10), ("all-unit", 40 * 0.5)])
def test_a_share_is_of_what_the_steps_ask_for_the_line_itself(kind: str, taken_off: float) -> None:
    """40 images that are below 95 % come before 20 that are not: they fill the dear step of 20, or cost what all do."""
    case = by_workflow({"tiers": steps(kind, (20, 1.0), (None, 0.5)), "quality": REDUCTION}, least=60, most=60)
    read = read_case(case)
    owed = priced(read, routes(read), np.array([[40.0], [20.0]]))
    (entry,) = (entry for entry in owed.entries if entry.clause == "quality")
    assert (float(entry.quantity), float(entry.amount)) == (pytest.approx(taken_off), pytest.approx(-taken_off / 10))
    assert sum(owed.line_spend) == pytest.approx(owed.total)


def test_a_late_share_and_one_for_accuracy_are_of_the_same_price() -> None:
    """10 % for accuracy and 20 % for the lead: 30 % off the 40 USD, each in an entry of its own."""
    contract = {
        **TIERS,
        "quality": [{"below": "99%", "price": "-10%"}],
        "lateness": [{"beyond": "3 days", "price": "-20%"}],
    }
    case = written({"v": {"lead": "1 week", "contract": contract}}, least=60, most=60, weeks=2)
    plan = solve(read_case(case)).plan
    assert plan is not None
    assert plan.spend == pytest.approx(28)
    assert plan.invoice.groupby("clause")["amount"].sum().to_dict() == {
        "lateness": pytest.approx(-8), "quality": pytest.approx(-4), "tier": pytest.approx(40)
    }  # fmt: skip


def test_commitments_and_rebates_count_prices_before_shares() -> None:
    """40 USD use up a commitment of 40 USD and reach a rebate of 40 USD, though 4 USD are given back for accuracy."""
    more = {"commitment": "40 USD", "rebate": {"steps": [{"at-least": "40 USD", "back": "50%"}]}}
    assert spend_of(only({**TIERS, **more, "quality": [{"below": "99%", "price": "-10%"}]}, 60)) == pytest.approx(
        40 - 20 - 4
    )


def test_surplus_has_no_accuracy() -> None:
    """Of 100 bought for 50 USD 60 are used: a tenth is taken off their 30 USD only."""
    tiers = {"tiers": steps("all-unit", (100, 1.0), (None, 0.5), surplus="allowed")}
    assert spend_of(only({**tiers, "quality": [{"below": "99%", "price": "-10%"}]}, 60)) == pytest.approx(47, abs=1e-3)


def test_a_window_takes_its_share_of_the_months_invoice() -> None:
    """All 60 in January are below 95 % on average: a tenth of the 40 USD that their steps come to."""
    contract = {**TIERS, "quality": REDUCTION, "quality-window": "month"}
    answer = solve(read_case(by_workflow(contract, least=60, most=60)))
    assert pays_its_invoice(answer) == pytest.approx(36)
    assert answer.plan is not None
    (row,) = answer.plan.invoice.query("clause == 'quality'").to_dict("records")
    assert (row["window"], row["about"], row["amount"]) == ("2027-01", "one", pytest.approx(-4))


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Prices by volume of any kind, changed by shares for accuracy and lead, by route or by window, and another vendor."""
    kind = draw(st.sampled_from(["incremental", "all-unit"]))
    prices = [draw(st.integers(2, 20)) / 10 for _ in range(3)]
    ends = sorted(draw(st.sets(st.integers(1, 4), min_size=1, max_size=2)))
    window = draw(st.sampled_from(["week", "month", "horizon"]))
    more = {"surplus": "allowed"} if kind == "all-unit" and draw(st.integers(0, 2)) == 0 else {}
    pairs: list[tuple[int | None, float]] = [(end * 10, price) for end, price in zip(ends, prices, strict=False)]
    contract: dict[str, Any] = {"tiers": steps(kind, *pairs, (None, prices[-1]), window=window, **more)}
    sizes = st.sampled_from([-40, -15, 10, 30])
    contract["quality"] = [{"below": "95%", "price": f"{draw(sizes)}%"}, {"above": "96%", "price": f"{draw(sizes)}%"}]
    if draw(st.booleans()):
        contract["quality-window"] = draw(st.sampled_from(["week", "month", "horizon"]))
    if draw(st.booleans()):
        contract["lateness"] = [{"beyond": "3 days", "price": "-20%"}]
    if draw(st.integers(0, 2)) == 0:
        contract["early-payment"] = "5%"
    if draw(st.integers(0, 3)) == 0:
        contract["rebate"] = {"steps": [{"at-least": f"{draw(st.integers(5, 40))} USD", "back": "20%"}]}
    if draw(st.integers(0, 3)) == 0:
        contract["commitment"] = f"{draw(st.integers(5, 50))} USD"
    weeks, least = draw(st.sampled_from([(1, 50), (2, 30)]))
    vendors = {"w": {"accuracy": "97%", "contract": {"price": "0.9 USD/image"}}} if weeks == 1 else {}
    rules = (
        [{"name": "r", "share": {"vendor": "v", "of": "spend", "at-most": "60%"}}]
        if draw(st.integers(0, 3)) == 0
        else []
    )
    case = by_workflow(contract, least=least, most=least, weeks=weeks, vendors=vendors, rules=rules)
    case["vendors"]["v"]["lead"] = draw(st.sampled_from(["0 weeks", "1 week"]))
    if draw(st.integers(0, 3)) == 0:
        case["vendors"]["v"]["platform-fee"] = "10%"
    return case


@pytest.mark.slow
@checked(40)
@given(cases())
def test_no_plan_on_the_grid_is_cheaper(case: dict[str, Any]) -> None:
    """Whatever steps and shares, the plan costs what its invoice says, and none on the grid costs less."""
    exact(case)
