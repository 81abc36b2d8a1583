"""Plan files of programs whose choices open columns: they hold without a solver, and what was touched is named."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from allocate.api.solving import solve
from allocate.case.load import Case, read_case
from allocate.record.as_json import as_json
from allocate.record.check import check
from allocate.record.proof import digest
from allocate.record.text import Text
from allocate.solvers.facility_location import method

PRODUCTS, VENDORS = 8, 7


def case() -> Case:
    """Vendors to be onboarded, of which about half are needed."""
    random = np.random.default_rng(6)
    price = random.uniform(1, 3, (PRODUCTS, VENDORS)).round(2)
    return read_case(
        {
            "case": "openings",
            "currency": "USD",
            "objective": "cost",
            "horizon": {"start": "2027-01-04", "weeks": 1},
            "products": {
                f"p{n}": {"item": "image", "effort": "60 s/image", "demand": f"{40 + 3 * n} images"}
                for n in range(PRODUCTS)
            },
            "vendors": {
                f"v{n}": {"capacity": "120 items/week", "onboarding": f"{60 + 7 * n} USD"} for n in range(VENDORS)
            },
            "rates": [
                {"product": f"p{p}", "vendor": f"v{v}", "price": f"{price[p, v]} USD/image"}
                for p in range(PRODUCTS)
                for v in range(VENDORS)
            ],
        }
    )


@pytest.fixture(scope="module")
def made() -> tuple[Case, dict[str, Any]]:
    """The case and its plan, found by its choices and read back from JSON."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(method, "LARGE", 0)
        patch.setattr(method, "MANY", 1)
        patch.setattr(method, "FAR", float("inf"))
        asked = case()
        answer = solve(asked, method="decomposition")
    return asked, json.loads(json.dumps(as_json(answer)))


def told(document: dict[str, Any], asked: Case) -> list[str]:
    """What a check finds, the digest set right again."""
    document["digest"] = digest(document)
    return [one.message for one in check(Text("plan.json", json.dumps(document), document), asked).objections]


@pytest.mark.slow
def test_the_file_holds(made: tuple[Case, dict[str, Any]]) -> None:
    """Its boxes are read back, and prove what they proved."""
    asked, document = made
    proof = document["certificate"]["bound"]["branched"]
    assert proof["by"] == "choice"
    assert len(proof["boxes"]) > 1
    found = check(Text("plan.json", json.dumps(document), document), asked)
    assert found.holds
    assert document["certificate"]["bound"]["proven_gap"] < 2e-6


def _cheaper(proof: dict[str, Any]) -> None:
    for box in proof["boxes"]:
        box["duals"] = [2 * one for one in box["duals"]]


def _target(proof: dict[str, Any]) -> None:
    proof["target"] *= 0.5


def _fewer(proof: dict[str, Any]) -> None:
    proof["boxes"].pop()


def _elsewhere(proof: dict[str, Any]) -> None:
    proof["boxes"][0]["cut"] = 0


def _short(proof: dict[str, Any]) -> None:
    proof["boxes"][0]["duals"].pop()


def _twice(proof: dict[str, Any]) -> None:
    proof["rows"][0] = proof["rows"][1]


def _words(proof: dict[str, Any]) -> None:
    proof["target"] = "low"


def _named(proof: dict[str, Any]) -> None:
    proof["boxes"][0]["price"] = 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_cheaper, "proven"),
        (_target, "proven"),
        (_fewer, "not looked at"),
        (_elsewhere, "no choice of the program"),
        (_short, "one for each row"),
        (_twice, "each once is needed"),
        (_words, "the target is a number"),
        (_named, "a list of duals, and where it is cut"),
    ],
)
def test_a_proof_that_was_touched_is_told(
    made: tuple[Case, dict[str, Any]], change: Callable[[dict[str, Any]], None], words: str
) -> None:
    """Prices, target and boxes changed: another bound, or none that can be read, and the message says what is wrong."""
    asked, document = made
    touched = copy.deepcopy(document)
    change(touched["certificate"]["bound"]["branched"])
    assert any(words in one for one in told(touched, asked))
