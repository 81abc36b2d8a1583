"""A case in two stages: few scenarios that stand for many, its figures, its first stage, and what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocate.case.load import Case, read_case, revised
from allocate.errors import CaseError
from allocate.odds.clusters import block_error, few, known_only, mean_case
from allocate.odds.drawing import draw
from allocate.odds.stages import staged
from tests.command_line import Run

TAKE_OR_PAY = Path(__file__).parent.parent / "data" / "take_or_pay.yaml"
DEMAND = "products.scans.demand.at-least"
SPREAD = {DEMAND: "30_000 .. 50_000 .. 70_000 images"}
KNOWN = {"uncertain.known": "[{of: demand of scans, from: week 3}]", "uncertain.scenarios": "128"}


def take_or_pay(**more: Any) -> Case:
    """The take-or-pay case with a demand that is known from week 3."""
    return read_case(TAKE_OR_PAY, settings={**SPREAD, **KNOWN, **more})


def test_few_scenarios_stand_for_all_that_are_drawn() -> None:
    """Their chances add up to 1, each block has its share, and their mean is near that of all draws."""
    draws = draw(take_or_pay())
    some = few(draws, 32)
    assert some.probabilities.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.bincount(some.blocks, some.probabilities) == pytest.approx(np.full(8, 1 / 8))
    assert len(some.chosen) == 32
    assert some.probabilities @ draws.amounts[DEMAND][some.chosen] == pytest.approx(
        draws.amounts[DEMAND].mean(), rel=0.01
    )
    assert few(draws, 32).chosen.tolist() == some.chosen.tolist()
    every = few(draws, 1024)
    assert sorted(every.chosen.tolist()) == list(range(128))
    assert every.probabilities == pytest.approx(np.full(128, 1 / 128))


def test_what_is_not_known_in_time_stays_at_its_middle() -> None:
    """Only what `known:` names differs between scenarios; a cause that is known moves its amounts, and nothing else does."""
    price = {"vendors.spot.contract.price": "0.60 USD/image ±10%"}
    draws = draw(take_or_pay(**price))
    assert set(known_only(draws).amounts) == {DEMAND}
    assert (known_only(draws).amounts[DEMAND] == draws.amounts[DEMAND]).all()
    cause = {
        "uncertain.factors": "{season: {low: 80%, high: 120%, of: [demand of scans]}}",
        "uncertain.known": "[{of: season, from: week 3}]",
    }
    draws = draw(take_or_pay(**cause))
    assert known_only(draws).amounts[DEMAND] == pytest.approx(50_000 * draws.factors["season"])


@pytest.mark.slow
def test_the_figures_of_a_case_keep_their_order() -> None:
    """WS <= RP <= EEV of a cost, EVPI and VSS are the differences, and every block has its say in how sure they are."""
    found = staged(take_or_pay(), 16)
    by_name = {one.name: one for one in found.figures}
    middle = {name: one.bracket.middle for name, one in by_name.items() if one.bracket is not None}
    assert middle["WS"] <= middle["RP"] <= middle["EEV"]
    assert middle["EVPI"] == pytest.approx(middle["RP"] - middle["WS"])
    assert middle["VSS"] == pytest.approx(middle["EEV"] - middle["RP"])
    demand = found.draws.amounts[DEMAND][found.some.chosen]
    assert middle["WS"] == pytest.approx(0.40 * (found.some.probabilities @ demand))
    ordered = sum(line.items for line in found.lines)
    costs = 0.40 * ordered + 0.60 * np.maximum(demand - ordered, 0.0)
    assert middle["RP"] == pytest.approx(found.some.probabilities @ costs)
    assert by_name["RP"].error == pytest.approx(block_error(costs, found.some))
    third = np.sort(np.repeat(demand, np.round(found.some.probabilities * 128).astype(int)))[42]
    assert ordered == pytest.approx(third, rel=0.02)


def test_the_mean_value_plan_is_made_of_means() -> None:
    """EV is the case with every amount at its mean over the scenarios."""
    case = take_or_pay()
    draws = draw(case)
    some = few(draws, 16)
    mean = some.probabilities @ draws.amounts[DEMAND][some.chosen]
    asked = mean_case(case, draws, some).products["scans"].demand.at_least
    assert asked is not None
    assert float(asked.number) == pytest.approx(mean)


@pytest.mark.slow
def test_outcomes_say_what_is_done_then() -> None:
    """Chances of the outcomes add up to 1, and each makes what the order leaves of its demand."""
    found = staged(take_or_pay(), 16)
    assert sum(one.chance for one in found.classes) == pytest.approx(1.0)
    assert sum(one.chance * one.objective for one in found.classes) == pytest.approx(found.found.rp.middle)
    assert [one.objective for one in found.classes] == sorted((one.objective for one in found.classes), reverse=True)
    spot = [one.after.get(("scans", "spot"), 0.0) for one in found.classes]
    assert spot == sorted(spot, reverse=True)
    assert all(plan.lines["items"].sum() >= 0 for plan in found.plans)


@pytest.mark.slow
def test_a_case_that_says_nothing_of_what_will_be_known_is_refused() -> None:
    """Without spreads, without `known:`, and where no first stage leaves a plan everywhere, the message says so and how on."""
    with pytest.raises(CaseError, match="no amount of the case has a spread"):
        staged(read_case(TAKE_OR_PAY))
    with pytest.raises(CaseError, match="does not say which amounts will be known"):
        staged(read_case(TAKE_OR_PAY, settings=SPREAD))
    little = {"vendors.ordered-now.capacity": "10_000 images/week", "vendors.spot.capacity-steps": "[]"}
    with pytest.raises(CaseError, match="one of the scenarios has no plan, whatever is decided"):
        staged(take_or_pay(**little), 16)


@pytest.mark.parametrize(("week", "said"), [(1, "before anything is decided"), (7, "after the last week")])
def test_what_is_known_at_once_or_too_late_leaves_nothing_to_wait_for(week: int, said: str) -> None:
    """Two stages need a period to part them: known from week 1 of six, or after them, is refused with its place and a fix."""
    known = {"uncertain.known": f"[{{of: demand of scans, from: week {week}}}]", "uncertain.scenarios": "16"}
    with pytest.raises(CaseError, match=f"{said}|horizon") as caught:
        staged(read_case(TAKE_OR_PAY, settings={**SPREAD, **known}), 16)
    assert all(problem.fix for problem in caught.value.problems)


@pytest.mark.slow
def test_the_command_prints_figures_first_stage_and_outcomes(run: Run, tmp_path: Path) -> None:
    """Tables for people; JSON with every figure between two; a plan that begins with the first stage is written."""
    asked = [word for path, value in {**SPREAD, **KNOWN}.items() for word in ("--set", f"{path}={value}")]
    shown = run("solve", str(TAKE_OR_PAY), "--stages", "--most-scenarios", "16", *asked)
    assert shown.code == 0
    for words in ("EVPI", "First stage: before week 3, in every scenario", "Then, from week 3 on: items by outcome"):
        assert words in shown.out
    assert "16 scenarios stand for the 128 drawn" in shown.err
    out = tmp_path / "plan.json"
    told = run(
        "solve", str(TAKE_OR_PAY), "--stages", "--most-scenarios", "16", *asked, "--format", "json", "--out", str(out)
    )
    found = json.loads(told.out)
    assert found["known_from"] == 3
    assert [one["name"] for one in found["figures"]] == ["EV", "EEV", "RP", "WS", "VSS", "EVPI"]
    assert all(one["low"] <= one["high"] for one in found["figures"])
    plan = json.loads(out.read_text())
    first = [line for line in plan["lines"] if line["period"] < 3]
    assert sum(line["items"] for line in first) == pytest.approx(sum(one["items"] for one in found["first_stage"]))
    held = tmp_path / "first.csv"
    held.write_text(run("solve", str(TAKE_OR_PAY), "--stages", "--most-scenarios", "16", *asked, "--format", "csv").out)
    assert run("verify", str(out), str(TAKE_OR_PAY), *asked, "--fix", str(held)).code == 0


@pytest.mark.parametrize("words", [["--most-scenarios", "16"], ["--stages", "--invoice"], ["--stages", "--gap", "0.1"]])
def test_options_that_do_not_go_together_are_refused(run: Run, words: list[str]) -> None:
    """What has nothing to do with stages is said before anything is planned."""
    assert run("solve", str(TAKE_OR_PAY), *words).code == 2


@pytest.mark.slow
def test_a_lock_is_signed_before_the_price_is_known() -> None:
    """The price will be 0.40 to 0.62 USD and known from week 3; a lock at 0.46 USD by week 2 is paid in every scenario, used or not.

    By hand: a scenario with price p costs 10,000 p in the first weeks' work, or what is left to it, and the lesser of p and
    0.46 USD for 20,000 pages, with the fee of 500 USD.
    """
    lock = {"price": "0.46 USD/page", "by": "week 2", "fee": "500 USD", "upto": "20_000 pages"}
    contract = {"price": "0.40 .. 0.48 .. 0.62 USD/page", "price-lock": lock}
    document = {
        "case": "lock",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "cost",
        "products": {"pages": {"item": "page", "effort": "30 s/page", "demand": "30_000 pages"}},
        "vendors": {"krakow": {"capacity": "10_000 pages/week", "contract": contract}},
        "workflows": ["single-pass"],
        "uncertain": {"known": [{"of": "vendors.krakow.contract.price", "from": "week 3"}]},
    }
    case = read_case(document)
    found = staged(case, 8)
    assert found.levers == ("price lock of krakow",)
    prices = found.draws.amounts["vendors.krakow.contract.price"][found.some.chosen]
    by_hand = 10_000 * prices + 20_000 * np.minimum(prices, 0.46) + 500
    assert [plan.spend for plan in found.plans] == pytest.approx(by_hand.tolist())
    without = staged(revised(case, {"vendors.krakow.contract.price-lock.fee": "5_000 USD"}), 8)
    assert without.levers == ()
