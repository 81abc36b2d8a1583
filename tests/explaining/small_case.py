"""A small case whose explanation can be checked by solving changed copies of it."""

from __future__ import annotations

from typing import Any

from allocate import read_case, solve
from allocate.answers import Answer
from allocate.api.explaining import explain as explain_case
from allocate.explaining.explanation import Explanation

CASE: dict[str, Any] = {
    "case": "explained",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "budget": "3k USD",
    "hurdle": 1.1,
    "products": {
        "cats": {
            "item": "image",
            "effort": "36 s/image",
            "demand": {"at-most": "40_000 images"},
            "accuracy": "95%",
            "value": {
                "curve": {"points": [{"labels": n, "score": s} for n, s in ((1000, 60), (6000, 72), (21000, 80), (60000, 84))]},
                "worth": "600 USD/point",
                "existing": "1_000 images",
            },
        },
        "dogs": {"item": "image", "effort": "72 s/image", "demand": "2_000 images", "deadline": "week 2"},
    },
    "vendors": {
        "good": {"capacity": "60 h/week", "accuracy": "98%", "contract": {"price": "16 USD/h"}},
        "cheap": {"capacity": "90 h/week", "accuracy": "92%", "contract": {"price": "9 USD/h"}},
        "dear": {"accuracy": "96%", "contract": {"price": "40 USD/h"}},
    },
    "rules": [
        {
            "name": "nobody above 70 %",
            "owner": "procurement",
            "reason": "resilience",
            "share": {"vendor": "each", "of": "spend", "at-most": "70%"},
        }
    ],
}  # fmt: skip

WITH_CHOICES: dict[str, Any] = {
    **CASE,
    "vendors": {
        **CASE["vendors"],
        "good": {**CASE["vendors"]["good"], "onboarding": "100 USD"},
        "dear": {"accuracy": "96%", "contract": {"price": "40 USD/h", "minimum-order": "500 images"}},
    },
    "rules": [*CASE["rules"], {"name": "one for dogs", "owner": "dogs", "count": {"products": ["dogs"], "at-most": 1}}],
}
"""The same with whole-number choices: onboarding, a minimum order, a rule that counts."""


def answer(base: dict[str, Any] = CASE, **changes: Any) -> Answer:
    """The plan of the case with some keys changed."""
    return solve(read_case({**base, **changes}))


def objective(base: dict[str, Any] = CASE, **changes: Any) -> float:
    """What the case reaches with some keys changed; table curves, so that pieces are exact."""
    reached = answer(base, **changes).objective
    assert reached is not None
    return reached


def explained(base: dict[str, Any] = CASE, **changes: Any) -> Explanation:
    """The explanation of the case with some keys changed."""
    found = explain_case(read_case({**base, **changes}))
    assert found is not None
    return found


def product(name: str, **changes: Any) -> dict[str, Any]:
    """The products with keys of one changed; None takes a key away."""
    one = {key: value for key, value in {**CASE["products"][name], **changes}.items() if value is not None}
    return {**CASE["products"], name: one}


def vendor(name: str, base: dict[str, Any] = CASE, **changes: Any) -> dict[str, Any]:
    """The vendors with keys of one changed."""
    return {**base["vendors"], name: {**base["vendors"][name], **changes}}
