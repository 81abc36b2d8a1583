"""New rules and new words of demand drawn on top of contracts, teams and levers: every plan is one the verifier agrees with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contract_cases import contract_case

from allocate import read_case, solve
from allocate.errors import CaseError

RULES: list[dict[str, Any]] = [
    {"funded": {"at-most": 2}},
    {"funded": {"at-least": 1, "counts-from": "20%"}},
    {"exclusive": {"vendors": "v"}},
    {"exclusive": {"what": "vendor", "products": "p0"}},
    {"steady": {"vendors": "each", "at-most": "0.3 h/week"}},
    {"steady": {"vendors": ["w"], "at-most": "20 images/week", "before": "10 images/week", "level": True}},
    {"steady": {"vendors": "each", "level": True}},
    {"count": {"products": "each", "at-most": 1, "counts-from": "30%"}},
]


def drawn(seed: int) -> dict[str, Any]:
    """A drawn contract case with two further rules, and each word of demand in about a third of the cases."""
    case, random = contract_case(seed), np.random.default_rng(10_000 + seed)
    weeks, first, second = case["horizon"]["weeks"], case["products"]["p0"], case["products"]["p1"]
    for number in random.choice(len(RULES), 2, replace=False).tolist():
        case["rules"].append({"name": f"new {number}", **RULES[number]})
    kept = {
        "start": "10 images",
        "needs": [{"by": f"week {weeks}", "items": "25 images"}],
        "holding": "0.05 USD/image/week",
    }
    share = {"v": "70%", "w": "90%", "x": "85%"}
    later = [{"from": "week 2", "items": "60 images"}] if weeks > 1 else []
    changes: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (second, {"from": f"week {min(weeks, 2)}"}),
        (first, {"arrives": [{"from": "week 1", "items": "40 images"}, *later]}),
        (case, {"resources": {"desks": {"capacity": f"{random.integers(5, 12) / 10} h/week"}}}),
        (second, {"stock": {**kept, **({"backlog": "0.1 USD/image/week"} if random.random() < 0.5 else {})}}),
        (first["value"], {"transfer": {"from": "p1", "rate": "30%"}}),
        (second, {"value": {"steps": [{"up-to": "30 images", "worth": "2 USD/image"}, {"worth": "1 USD/image"}]}}),
        (first, {"qualities": {"full": {"at-least": "80%", "vendors": share}}}),
    ]
    for block, change in changes:
        if random.random() < 0.35:
            block.update(change)
    if isinstance(case["objective"], str) and random.random() < 0.4:
        case |= {"objective": [case["objective"], "delivery"], "give": {case["objective"]: "5%"}}
    return case


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 10])
def test_every_plan_holds(first: int) -> None:
    """Solver, plan and verifier come to the same sums and limits; a case that cannot be meant is refused in words."""
    solved, refused = 0, dict[int, str]()
    for seed in range(first, first + 10):
        try:
            answer = solve(read_case(drawn(seed)))
        except CaseError as error:
            refused[seed] = str(error)
            continue
        solved += answer.plan is not None
        assert answer.plan is not None or answer.reasons, seed
        assert answer.verification is None or answer.verification.holds, seed
    assert all("the demand asks for" in words or "is promised" in words for words in refused.values())
    assert solved >= 7
