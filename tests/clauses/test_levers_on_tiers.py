"""Levers that change prices by volume: by hand, against all there is to decide, beside what counts prices."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from contract_grid import pays_its_invoice, spend_of, steps, written

from allocate import read_case, solve
from allocate.answers import UnverifiedPlanError
from allocate.verification.clauses import levers

INCREMENTAL = steps("incremental", (40, 0.5), (None, 0.4))
ALL_UNIT = steps("all-unit", (40, 0.5), (None, 0.4))


def case_of(tiers: dict[str, Any], lever: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """100 images in two weeks of one vendor with tiers, whose price a lever could change."""
    effect = {"vendors": "v", "price": "-10%"}
    contract = {"tiers": tiers, **more.pop("contract", {})}
    return written(
        {"v": {"contract": contract, **more.pop("v", {})}}, least=100, most=100, weeks=2, exchange={},
        levers={"deal": {"cost": "2 USD", "effect": effect, **(lever or {})}}, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tiers", "lever", "spend"),
    [
        # 40 at 0.50 and 60 at 0.40 are 44 USD, a tenth of which is 4.40, for 2 USD; at 4.41 USD it is not bought.
        (INCREMENTAL, {}, 44 - 4.4 + 2),
        (INCREMENTAL, {"cost": "4.41 USD"}, 44),
        (INCREMENTAL, {"cost": "4.41 USD", "bought": True}, 44 - 4.4 + 4.41),
        (ALL_UNIT, {}, 40 - 4 + 2),
        # It raises prices, and is decided: where it need not be applied nothing is worked with it.
        (ALL_UNIT, {"bought": True, "effect": {"vendors": "v", "price": "+10%"}}, 40 + 2),
        (ALL_UNIT, {"bought": True, "applies": "always", "effect": {"vendors": "v", "price": "+10%"}}, 40 + 4 + 2),
    ],
)  # fmt: skip
def test_a_share_of_what_the_steps_ask(tiers: dict[str, Any], lever: dict[str, Any], spend: float) -> None:
    """The steps are filled as without it, and a tenth of what they ask for what is worked with it comes off."""
    assert spend_of(case_of(tiers, lever)) == pytest.approx(spend)


def test_steps_are_filled_in_the_order_of_the_weeks() -> None:
    """30 images of week 1, and 70 of week 2, in which the lever begins: 10 at 0.50 and 60 at 0.40 are 29 USD, of which it takes 2.90."""
    case = case_of(INCREMENTAL, {"from": "week 2"}, v={"capacity": "70 images/week"})
    case["products"]["one"]["milestones"] = [{"by": "week 1", "at-least": "30 images"}]
    answer = solve(read_case(case))
    assert pays_its_invoice(answer) == pytest.approx(44 - 2.9 + 2)
    assert answer.plan is not None
    (row,) = answer.plan.invoice.query("clause == 'lever price'").to_dict("records")
    told = (row["quantity"], row["unit"], row["unit_price"], row["amount"])
    assert told == (pytest.approx(29.0), "USD", pytest.approx(-0.1), pytest.approx(-2.9))


def test_what_counts_prices_counts_those_before_it() -> None:
    """44 USD keep a commitment of 44, reach a rebate of 5% from 44 on, and bear a fee of 10%; paying early takes 2% off what is left."""
    contract = {
        "commitment": "44 USD",
        "rebate": {"steps": [{"at-least": "44 USD", "back": "5%"}]},
        "early-payment": "2%",
    }
    case = case_of(INCREMENTAL, contract=contract, v={"platform-fee": "10%"})
    assert spend_of(case) == pytest.approx((44 - 4.4) * 0.98 + 4.4 - 2.2 + 2)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["incremental", "all-unit"])
def test_all_there_is_to_decide(kind: str) -> None:
    """For every two prices, end of the first step and share: the least of buying the lever or not, and of how much is bought elsewhere."""
    for low, high, end, share in itertools.product((0.3, 0.6), (0.2, 0.9), (20, 60), (-20, 15)):
        tiers = steps(kind, (end, low), (None, high))
        case = case_of(tiers, {"cost": "3 USD", "effect": {"vendors": "v", "price": f"{share:+d}%"}})
        case["vendors"]["w"] = {"contract": {"price": "0.5 USD/image"}}

        def asked(made: int, low: float = low, high: float = high, end: int = end) -> float:
            if kind == "all-unit":
                return made * (low if made <= end else high)
            return min(made, end) * low + max(made - end, 0) * high

        best = min(
            (100 - made) * 0.5 + min(asked(made), asked(made) * (1 + share / 100) + 3) for made in range(0, 101, 10)
        )
        assert spend_of(case) <= best + 1e-6
        assert spend_of(case) >= best - 0.9  # between two points of the grid


def test_a_share_that_one_hand_leaves_out_stops_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it not read from the contract's text, the invoice would ask too little."""
    monkeypatch.setattr(levers, "of_route", lambda *_: None)
    with pytest.raises(UnverifiedPlanError, match="lever price"):
        solve(read_case(case_of(INCREMENTAL)))
