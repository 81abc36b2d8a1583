"""Every family of a rule of the mix as an LP file: what a reader sees is what the solver gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from golden import MOST, families_of, holds

from allocate.program.rules import RULES

GOLDEN = Path(__file__).parent / "golden"

CASES: dict[str, dict[str, Any]] = {
    "product_spend": {
        **MOST,
        "exchange": {"EUR": [{"rate": "1.25 USD"}, {"from": "week 2", "rate": "2 USD"}]},
        "v": {"contract": {"fees": {"product-start": "30 USD"}}},
        "rules": [
            {"name": "hold one", "spend": {"products": "one", "exactly": "200 EUR"}},
            {"name": "half each", "spend": {"products": "each", "at-most": "50%"}},
            {"name": "two, rather", "spend": {"products": "two", "at-least": "25%"}, "penalty": "0.5 USD/USD"},
        ],
    },
    "vendor_share": {
        "two": {"incumbent": "w"},
        "v": {"region": "PH"},
        "w": {"region": "IN"},
        "rules": [
            {"name": "half each", "share": {"vendor": "each", "of": "items", "products": "each", "at-most": "50%"}},
            {"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "20%", "in": "each-period"}},
            {"name": "w if it pays", "share": {"vendor": "w", "of": "hours", "at-least": "25%"}, "penalty": "2 USD/h"},
            {"name": "incumbents", "share": {"vendor": "incumbent", "of": "items", "at-least": "10%"}},
            {"name": "regions", "share": {"region": "each", "of": "hours", "products": ["one"], "at-most": "90%"}},
        ],
    },
    "vendor_count": {
        **MOST,
        "rules": [
            {"name": "one vendor each", "count": {"products": "each", "at-most": 1}},
            {"name": "two vendors", "count": {"vendors": "any", "at-least": 2}},
            {"name": "one, rather", "count": {"products": "one", "at-most": 1}, "penalty": "50 USD/vendor"},
        ],
    },
    "vendor_count-from_a_least": {
        **MOST,
        "rules": [
            {"name": "one of weight", "count": {"products": "one", "at-most": 1, "counts-from": "20%"}},
            {"name": "one of size", "count": {"at-most": 1, "counts-from": "50 images"}},
        ],
    },
    "incompatible_products": {
        **MOST,
        "rules": [
            {"name": "rivals", "incompatible": {"products": ["one", "two"]}},
            {"name": "rather", "incompatible": {"products": ["one", "two"]}, "penalty": "50 USD/product"},
        ],
    },
    "funded_products": {
        **MOST,
        "rules": [
            {"name": "one of them", "funded": {"exactly": 1}},
            {"name": "both, rather", "funded": {"at-least": 2, "counts-from": "25%"}, "penalty": "50 USD/product"},
        ],
    },
    "exclusive_work": {
        **MOST,
        "rules": [
            {"name": "v alone", "exclusive": {"vendors": "v", "products": "one"}},
            {"name": "for one", "exclusive": {"what": "vendor", "products": "one"}, "penalty": "50 USD/product"},
        ],
    },
    "steady_work": {
        "rules": [
            {"name": "w", "steady": {"vendors": "w", "at-most": "2 h/week", "before": "4 h/week"}},
            {"name": "v", "steady": {"vendors": "v", "at-most": "50 images/month"}, "penalty": "0.5 USD/image"},
            {"name": "level", "steady": {"vendors": "each", "level": True}},
        ],
    },
    "only_vendors": {
        "v": {"certified": ["hipaa"]},
        "rules": [
            {"name": "certified", "only": {"products": ["one"], "vendors-with": "hipaa"}},
            {"name": "v, rather", "only": {"vendors": ["v"]}, "penalty": "0.125 USD/image"},
        ],
    },
    "fixed_quantity": {
        "rules": [
            {"name": "hold w", "fix": {"product": "two", "vendor": "w", "items": "70 images"}},
            {"name": "v", "fix": {"product": "one", "vendor": "v", "items": "50 images"}, "penalty": "0.25 USD/image"},
        ],
    },
    "needs_product": {
        **MOST,
        "rules": [
            {"name": "one first", "needs": {"product": "two", "needs": "one", "at-least": "150 images"}},
            {"name": "two too", "needs": {"product": "one", "needs": "two"}, "penalty": "9 USD/image"},
        ],
    },
}
"""What each family needs of the case; a name with a dash is a further case of the family named before it."""


def test_every_family_has_a_golden_file() -> None:
    """A family without a case here and an LP file beside it fails, and so does a file without a family."""
    assert {name.partition("-")[0] for name in CASES} == families_of(RULES)
    assert {path.stem for path in GOLDEN.glob("*.lp")} == set(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_family_is_the_golden_file(name: str) -> None:
    """The LP text of the family is the one that is kept."""
    holds(name, CASES[name], GOLDEN / f"{name}.lp")
