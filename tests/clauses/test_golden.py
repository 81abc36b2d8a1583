"""Every family of a clause of a contract as an LP file: what a reader sees is what the solver gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from golden import MOST, families_of, holds

from allocate.program.clauses import CLAUSES

GOLDEN = Path(__file__).parent / "golden"

BLANK = {"rate": {"price": None}, "other": {"price": None}, "last": {"price": None}}
DECREASING = {"steps": [{"up-to": "400 images", "price": "0.5 USD/image"}, {"price": "0.4 USD/image"}]}
RISING = {
    "window": "period",
    "steps": [
        {"up-to": "400 images", "price": "0.25 USD/image"},
        {"up-to": "700 images", "price": "0.3 USD/image"},
    ],
}
BY_HOUR = {"steps": [{"up-to": "10 h", "price": "0.5 USD/image"}, {"price": "0.4 USD/image"}]}
ALL_UNIT = {
    "kind": "all-unit",
    "surplus": "allowed",
    "steps": [{"up-to": "300 images", "price": "0.75 USD/image"}, {"price": "0.6 USD/image"}],
}

LEARNER = {
    "rate": {"price": None},
    "v": {
        "capacity": "4 h/week",
        "learning": {"rate": "80%", "from": "10 items", "products": ["one"]},
        "season": [{"from": "week 2", "factor": "90%"}],
        "contract": {"price": "20 USD/h"},
    },
}
TOOL = {"cost": "90 USD", "from": "week 2", "effect": {"vendors": ["v"], "hours": "-50%"}}
TRAINING = {"running-cost": "10 USD/week", "effect": {"products": ["one"], "accuracy": "+2 points"}}
TEAM = {
    "people": 3,
    "hours": "40 h/week",
    "wage": "20 USD/h",
    "shrinkage": "25%",
    "ramp": ["50%", "75%"],
    "hire": {"cost": "300 USD", "notice": "1 week", "at-most": 2},
    "release": {"cost": "100 USD", "at-most": 1},
    "overtime": {"at-most": "10%", "premium": "50%"},
    "shifts": {"seats": 2, "further": [{"cost": "70 USD/week", "premium": "10%"}, {"premium": "25%"}]},
}
WITH_TEAM: dict[str, Any] = {
    "v": {"team": TEAM},
    "w": {"team": {"people": 1, "hours": "8 h/week", "wage": "10 USD/h", "hire": {}}},
    **BLANK,
}

STOCK: dict[str, Any] = {
    "one": {
        "stock": {
            "start": "20 images",
            "needs": [{"by": "week 1", "items": "50 images"}, {"by": "week 2", "items": "40 images"}],
            "holding": "0.25 USD/image/week",
        },
    },
    "two": {
        "stock": {
            "needs": [{"by": "week 1", "items": "30 images"}],
            "holding": "0.5 USD/image/week",
            "backlog": "1 USD/image/week",
        },
    },
    "w": {"lead": "1 week"},
}

DONE = {
    "planned-from": "week 2",
    "work": [
        {"product": "one", "vendor": "v", "workflow": "plain", "period": 1, "items": 100},
        {"product": "two", "vendor": "w", "workflow": "plain", "period": 1, "items": 50},
    ],
    "paid": [{"vendor": "v", "period": 1, "amount": "80 USD"}],
}

CASES: dict[str, dict[str, Any]] = {
    "beyond_contract": {**MOST, "workflows": {"plain": {}}, "done": DONE},
    "learned_price": {**MOST, **LEARNER},
    "stock_balance": STOCK,
    "stock_needed": STOCK,
    "paid_penalties": {
        "one": {
            "demand": {"at-least": "90 images", "penalty": "2 USD/image", "cash": True},
            "milestones": [{"by": "week 1", "at-least": "50 images", "penalty": "0.25 USD/image/week", "cash": True}],
        },
        "two": {"deadline": {"date": "week 1", "late": "0.1 USD/image/week", "cash": True}},
    },
    "tiers": {
        **MOST,
        "v": {"contract": {"tiers": DECREASING}},
        "w": {"contract": {"tiers": [{**RISING, "products": ["one"]}, {**ALL_UNIT, "products": ["two"]}]}},
        **BLANK,
    },
    "tiers-in-order": {
        **MOST,
        "w": {"contract": {"tiers": BY_HOUR}},
        "other": {"price": None},
        "last": {"price": None},
    },
    "tiers-side-by-side": {
        **MOST,
        "w": {"contract": {"tiers": {"kind": "all-unit", **BY_HOUR}}},
        "other": {"price": None},
        "last": {"price": None},
    },
    "tiers-bought-in-full": {
        **MOST,
        "w": {"contract": {"tiers": {"kind": "all-unit", "surplus": "allowed", **BY_HOUR}}},
        "other": {"price": None},
        "last": {"price": None},
    },
    "tiers-whole": {
        **MOST,
        "w": {"contract": {"tiers": {"window": "week", "whole": "4 h", "steps": [{"price": "200 USD/4 h"}]}}},
        "other": {"price": None},
        "last": {"price": None},
    },
    "rebate-by-period": {
        **MOST,
        "v": {"contract": {"rebate": {"window": "period", "steps": [{"at-least": "200 USD", "back": "2%"}]}}},
    },
    "seats": {
        "v": {"contract": {"fees": {"seat": {"price": "99 USD/month", "carries": "16 h/month"}}}},
        "w": {"contract": {"fees": {"seat": {"price": "5 USD/week", "carries": "300 images/week", "products": "two"}}}},
        "rules": [{"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "20%"}}],
    },
    "rebate": {
        **MOST,
        "v": {"contract": {"rebate": {"steps": [{"at-least": "200 USD", "back": "2%"}]}}},
        "w": {
            "contract": {
                "rebate": {
                    "kind": "incremental",
                    "steps": [{"at-least": "100 USD", "back": "1%"}, {"at-least": "300 USD", "back": "3%"}],
                }
            }
        },
    },
    "volume_discount": {
        **MOST,
        "w": {
            "contract": {
                "volume-discount": [
                    {
                        "steps": [
                            {"from": "500 images", "off": "10%"},
                            {"from": "900 images", "prices": {"two": "0.5 USD/image"}},
                        ],
                        "window": "period",
                    },
                    {"steps": [{"from": "2 products", "off": "0.02 USD/image"}], "each": "100 images", "on": "one"},
                ]
            }
        },
    },
    "delivered_accuracy": {
        **MOST,
        "v": {"contract": {"quality": [{"below": "96%", "price": "-10%"}], "quality-window": "horizon"}},
        "w": {"contract": {"quality": [{"below": "85%", "price": "-0.05 USD/image"}], "quality-window": "period"}},
        "workflows": {
            "plain": {},
            "corrected": {
                "review": {
                    "share": "50%",
                    "time": "36 s/image",
                    "catch": "80%",
                    "accuracy": "99%",
                    "rework": "reviewer",
                },
            },
        },
        "review-team": {"wage": "40 USD/h"},
    },
    "switching_cost": {
        "one": {**MOST["one"], "incumbent": {"vendor": "v", "switching": "300 USD", "below": "25%"}},
        "two": {**MOST["two"], "incumbent": {"vendor": "w", "switching": "200 USD"}},
        "rules": [{"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "20%"}}],
    },
    "onboarding": {**MOST, "v": {"onboarding": "100 USD"}, "w": {"onboarding": "50 USD"}},
    "retainer": {**MOST, "w": {"contract": {"fees": {"retainer": "20 USD/week"}}}},
    "product_start": {**MOST, "w": {"contract": {"fees": {"product-start": "30 USD"}}}},
    "lever_charges": {**MOST, "levers": {"tool": TOOL, "training": TRAINING}},
    "pay": WITH_TEAM,
    "minimum_order": {**MOST, "w": {"contract": {"minimum-order": "200 images"}}},
    "order_multiple": {**MOST, "w": {"contract": {"order-multiple": "250 images"}}},
    "commitment": {
        **MOST,
        "v": {"contract": {"commitment": "200 USD", "tiers": DECREASING}},
        "w": {"contract": {"commitment": {"at-least": "100 USD", "window": "period"}}},
        "rate": {"price": None},
    },
    "commitment-in-work": {
        **MOST,
        "v": {"contract": {"commitment": {"at-least": "400 images", "shortfall": "20%", "price": "0.5 USD/image"}}},
        "w": {"contract": {"commitment": {"at-least": "9 h", "window": "period", "price": "30 USD/h"}}},
        "rules": [{"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "20%"}}],
    },
    "minimum_platform_fee": {
        **MOST,
        **BLANK,
        "v": {
            "platform-fee": "0.05 USD/image",
            "contract": {"price": "0.5 USD/image"},
            "minimum-platform-fee": "9 USD/week",
        },
        "w": {"platform-fee": "10%", "contract": {"tiers": RISING}, "minimum-platform-fee": "20 USD/month"},
    },
    "minimum_invoice": {**MOST, "w": {"contract": {"minimum-invoice": "100 USD/week"}}},
    "ceiling": {
        **MOST,
        "v": {"contract": {"ceiling": "200 USD", "tiers": DECREASING}},
        "w": {"contract": {"ceiling": "300 USD"}},
        "rate": {"price": None},
    },
    "lever_columns": {**MOST, "levers": {"tool": TOOL, "training": {**TRAINING, "bought": True}}},
    "lever_use": {
        **MOST,
        "v": {"capacity": "6 h/week"},
        "levers": {
            "tool": TOOL,
            "training": TRAINING,
            "shift": {"effect": {"vendors": ["v"], "capacity": "+2 h/week"}},
        },
    },
    "lever_always": {**MOST, "levers": {"tool": {**TOOL, "applies": "always"}}},
    "lever_exclusion": {**MOST, "levers": {"tool": {**TOOL, "excludes": ["training"]}, "training": TRAINING}},
    "price_lock": {
        **MOST,
        "v": {
            "contract": {
                "price": "0.5 USD/image",
                "price-lock": {"price": "0.2 USD/image", "by": "week 2", "fee": "9 USD", "upto": "150 images"},
            }
        },
        "w": {
            "contract": {
                "price": "30 USD/h",
                "price-lock": {"price": "25 USD/h", "until": "week 1", "at-least": "1 h", "upto": "2 h"},
            }
        },
        **BLANK,
    },
    "lever_needs": {**MOST, "levers": {"tool": {**TOOL, "needs": ["training"]}, "training": TRAINING}},
    "team_people": WITH_TEAM,
    "team_person_periods": WITH_TEAM,
    "team_proficient": WITH_TEAM,
    "team_hours": WITH_TEAM,
    "team_overtime": WITH_TEAM,
    "team_hires": WITH_TEAM,
    "team_shifts": WITH_TEAM,
}
"""What each family needs of the case; a name with a dash is a further case of the family named before it."""


def test_every_family_has_a_golden_file() -> None:
    """A family without a case here and an LP file beside it fails, and so does a file without a family."""
    assert {name.partition("-")[0] for name in CASES} == families_of(CLAUSES)
    assert {path.stem for path in GOLDEN.glob("*.lp")} == set(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_family_is_the_golden_file(name: str) -> None:
    """The LP text of the family is the one that is kept."""
    holds(name, CASES[name], GOLDEN / f"{name}.lp")
