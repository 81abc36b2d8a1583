"""Whatever a case limits has its odds, or is kept whatever happens; and odds count what the verifier finds."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from allocate import verify
from allocate.api.evaluating import evaluate
from allocate.case.load import read_case
from allocate.odds.hedging import hedge
from allocate.odds.odds import Odds, plan_odds
from allocate.odds.promises import KEPT
from allocate.odds.scenarios import scenario_case
from allocate.program.limits import LIMITS
from allocate.program.rules import RULES
from allocate.verification.limits import OF_CLAUSES
from tests.odds_evaluated import really_done

CASE: dict[str, Any] = {
    "case": "everything", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 8},
    "budget": "20_000 USD",
    "products": {
        "scans": {
            "item": "image", "effort": "30 s/image ±20%", "accuracy": "90%", "qualities": {"clean": {"at-least": "80%", "vendors": {"acme": "90%", "bolt": "88%"}}},
            "stock": {"holding": "0.01 USD/image/week",
                      "needs": [{"by": "week 3", "items": "3_000 images"}, {"by": "week 6", "items": "6_000 images"}]},
        },
        "street": {
            "item": "image", "effort": "20 s/image ±10%", "demand": {"at-least": "3_000 images"}, "deadline": "week 7",
            "value": {"curve": {"points": [{"labels": 0, "score": 20}, {"labels": 9_000, "score": 80}]},
                      "worth": "100 USD/point", "score-at-least": "65 points"},
        },
    },
    "vendors": {
        "acme": {"capacity": "30 h/week ±15%", "accuracy": "95%", "contract": {"price": "0.5 USD/image ±10%", "ceiling": "4_200 USD"}},
        "bolt": {"capacity": "40 h/week", "accuracy": "95%", "contract": {"price": "0.8 USD/image"}},
    },
    "rules": [
        {"name": "both", "funded": {"at-least": 2, "counts-from": "500 images"}},
        {"name": "calm", "steady": {"vendors": ["acme"], "at-most": "8 h/week"}},
        {"name": "mix", "share": {"vendor": "acme", "of": "items", "at-least": "20%"}},
        {"name": "two", "count": {"vendors": ["acme", "bolt"], "at-least": 2, "counts-from": "100 images"}},
        {"name": "held", "fix": {"product": "street", "vendor": "bolt", "items": "500 images"}},
        {"name": "first", "needs": {"product": "street", "needs": "scans", "at-least": "500 images"}},
        {"name": "money", "spend": {"products": ["scans"], "at-most": "12_000 USD"}},
    ],
}  # fmt: skip
PROMISED = {
    "budget": "budget", "demand": "deadline of street", "accuracy": "accuracy of scans", "qualities": "clean of scans",
    "value": "score of street", "ceiling": "ceiling of acme", "stock": "stock of scans by week 6",
    "funded": "both: products funded", "steady": "calm: change of acme's pace", "share": "mix: acme, items", "count": "two: vendors",
    "fix": "held: street with bolt", "needs": "first: street needs scans", "spend": "money: spend on scans",
}  # fmt: skip
"""Kinds of limits with odds, and what one of them is called there."""


@cache
def odds() -> Odds:
    """The case in 64 scenarios, its plan worked later where it does not fit."""
    return plan_odds(read_case(CASE), scenarios=64)


def test_every_kind_of_limit_has_odds_or_a_reason_why_it_is_kept() -> None:
    """Limits, rules and clauses that limit something: none is in neither list, and none in both."""
    kinds = {one.name for one in (*LIMITS, *RULES)} | set(OF_CLAUSES)
    assert set(KEPT) | set(PROMISED) == kinds
    assert not set(KEPT) & set(PROMISED)
    assert set(PROMISED.values()) <= {one.promise.name for one in odds().limits}


@pytest.mark.parametrize(
    "name", ["ceiling of acme", "stock of scans by week 6", "both: products funded", "calm: change of acme's pace"]
)
def test_what_the_verifier_finds_broken_is_missed(name: str) -> None:
    """In the lines really done in a scenario the verifier breaks a limit just where odds count it as missed."""
    found = odds()
    limit = next(one.promise for one in found.limits if one.promise.name == name)
    words = {"calm": "of acme's pace", "stock": "items of scans needed by week 6"}
    said = words.get(
        name.split(":")[0].split()[0], "ceiling of the contract with acme" if "ceiling" in name else "products funded"
    )
    broken = []
    for scenario in range(8):
        case = scenario_case(found.case, found.draws, scenario)
        plan = evaluate(case, really_done(found.outcomes, scenario)).plan
        checks = [one for one in verify(case, plan).checks if said in one.subject]
        assert checks
        broken.append(not all(one.kept for one in checks))
    assert broken == (~limit.kept[:8]).tolist()


def test_a_ceiling_is_hedged_like_a_budget() -> None:
    """A contract that may bill more than it may come to gives work away until its ceiling has the odds asked for."""
    vendors = {
        "acme": {"capacity": "100 h/week", "contract": {"price": "0.5 USD/image ±10%", "ceiling": "2_000 USD"}},
        "bolt": {"capacity": "100 h/week", "contract": {"price": "0.8 USD/image"}},
    }
    product = {"item": "image", "effort": "20 s/image", "demand": "5_000 images"}
    case = {key: CASE[key] for key in ("case", "currency", "objective", "horizon")}
    found = hedge(read_case({**case, "products": {"street": product}, "vendors": vendors}), 0.9, of=["budget"])
    assert found.without.odds.value == pytest.approx(0.5, abs=0.01)
    assert found.with_it.odds.value == pytest.approx(0.9, abs=0.02)
    made = found.with_it.plan.lines.groupby("vendor")["items"].sum()
    assert made["acme"] == pytest.approx(2_000 / 0.5 / 1.1, rel=0.01)  # what its price at P90 leaves room for


def test_a_resource_that_vendors_share_is_drawn() -> None:
    """Its spread delays work: the deadline that a shared tool has just room for is missed in half of the scenarios."""
    product = {"item": "image", "effort": "20 s/image", "demand": "50_400 images", "deadline": "week 7"}
    vendor = {"capacity": "100 h/week", "accuracy": "95%", "contract": {"price": "0.5 USD/image"}}
    shared = {key: CASE[key] for key in ("case", "currency", "objective", "horizon")} | {
        "products": {"street": product}, "vendors": {"acme": vendor, "bolt": vendor},
        "resources": {"scanner": {"capacity": "40 h/week ±20%", "vendors": ["acme", "bolt"]}},
    }  # fmt: skip
    assert plan_odds(read_case(shared), scenarios=64).limits[-1].kept.value == pytest.approx(0.5, abs=0.05)


def test_a_share_of_nothing_is_kept() -> None:
    """Where no scenario spends anything a product has all the share of it that is asked."""
    product = {"item": "image", "effort": "36 s/image ±10%", "demand": {"at-most": "10 images"}}
    case = read_case(
        {
            "case": "none", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 1},
            "products": {"p": product, "q": product}, "workflows": {"plain": {}},
            "vendors": {"v": {"contract": {"price": "1 USD/image"}, "capacity": "1 h/week"}},
            "rules": [{"name": "r", "spend": {"products": "p", "at-least": "30%"}}],
        }
    )  # fmt: skip
    found = plan_odds(case, scenarios=64).limits[-1]
    assert found.kept.value == 1.0
    assert found.reached.p50.value == pytest.approx(0.3)
