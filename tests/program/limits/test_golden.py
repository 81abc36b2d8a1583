"""Every family of a limit as an LP file: what a reader sees is what the solver gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from golden import MOST, families_of, holds

from allocate.program.limits import LIMITS

GOLDEN = Path(__file__).parent / "golden"

CURVE = [{"labels": 0, "score": 0}, {"labels": 500, "score": 10}, {"labels": 2000, "score": 15}]
VALUE = {"curve": CURVE, "worth": "30 USD/point"}
STEPPED = {
    "one": {
        "value": {
            "curve": [
                {"labels": 0, "score": 0},
                {"labels": 400, "score": 2},
                {"labels": 1000, "score": 8},
                {"labels": 1600, "score": 11},
            ],
            "worth": "30 USD/point",
            "gates": [{"score-at-least": "9.5 points", "worth": "500 USD"}],
        }
    },
    "two": {"value": {"curve": CURVE, "gates": {"score-at-least": "10 points", "worth": "200 USD"}}},
    "objective": "value",
    "budget": "900 USD",
}

LEARNING: dict[str, Any] = {
    "w": {
        "capacity": "2 h/week",
        "learning": {
            "rate": "96%",
            "model": "crawford",
            "from": "100 items",
            "experience": "50 items",
            "products": ["one"],
        },
    },
}

CASES: dict[str, dict[str, Any]] = {
    "budget": {"budget": "900 USD"},
    "budget_period": {"budget": {"per-week": "400 USD"}},
    "budget_group": {
        "budget": {
            "limits": [
                {"name": "one", "at-most": "100 USD", "products": ["one"]},
                {"name": "late w", "at-most": "200 USD", "vendors": ["w"], "from": "week 2"},
            ]
        }
    },
    "demand_floor": {
        "one": {"demand": {"exactly": "300 images", "penalty": "0.5 USD/image"}},
        "two": {"demand": {"at-least": "700 images"}},
    },
    "demand_ceiling": {"two": {"demand": {"at-most": "800 images"}}},
    "milestone": {
        "one": {"milestones": [{"by": "week 1", "at-least": "50 images"}]},
        "two": {"milestones": [{"by": "week 1", "at-least": "10 images"}, {"by": "week 2", "at-least": "90 images"}]},
        "w": {"lead": "1 week"},
    },
    "work_in_progress": {
        "one": {"work-in-progress": "300 images"},
        "w": {"lead": "1 week"},
        "workflows": {"sampled": {"review": {"share": "50%", "time": "36 s/image"}, "leads": {"review": "3 days"}}},
        "horizon": {"start": "2027-01-04", "weeks": 3},
        "review-team": {"wage": "40 USD/h", "capacity": "12 h/week"},
    },
    "arrived": {
        "one": {
            "arrives": [{"from": "week 1", "items": "100 images"}, {"from": "2027-01-09", "items": "50 images"}],
        },
        "two": {"arrives": [{"from": "week 2", "items": "80 images"}]},
    },
    "quality_limit": {
        "one": {
            "qualities": {
                "complete": {"at-least": "90%", "vendors": {"v": "95%", "w": "80%"}, "catch": "50%"},
                "faint": {"at-most": "2%", "vendors": {"v": "3%", "w": "1%"}},
            }
        },
        "workflows": {"sampled": {"review": {"share": "50%", "time": "36 s/image"}}},
        "review-team": {"wage": "40 USD/h"},
    },
    "quality_limit_vendor": {
        "one": {
            "qualities": {"complete": {"at-least": "90%", "of": "each-vendor", "vendors": {"v": "95%", "w": "80%"}}}
        },
    },
    "shared_resource": {
        "one": {"drivers": {"box": "3/image"}},
        "resources": {
            "hours": {"capacity": "4 h/week"},
            "boxes": {"capacity": "900 boxes", "vendors": ["w"]},
            "time": {"capacity": "9 h"},
        },
    },
    "milestone_late": {
        "one": {"milestones": [{"by": "week 1", "at-least": "50 images", "penalty": "0.25 USD/image/week"}]},
        "two": {"milestones": [{"by": "week 1", "at-least": "10 images", "penalty": "2 USD/image"}]},
        "w": {"lead": "1 week"},
    },
    "learned_work": LEARNING,
    "learned_least": LEARNING,
    "learned_pace": LEARNING,
    "accuracy_floor": {
        "one": {"accuracy": "92%"},
        "two": {"accuracy": {"at-least": "94%", "penalty": "2 USD/image"}},
    },
    "accuracy_floor_vendor": {"one": {"accuracy": {"at-least": "92%", "of": "each-vendor"}}},
    "accuracy_floor_delivery": {
        "one": {"accuracy": {"at-least": "92%", "of": "each-delivery"}},
        "w": {"lead": "1 week"},
    },
    "vendor_hours": {
        "v": {"people": 2, "hours": "40 h/week", "shrinkage": "25%", "ramp": ["50%"]},
        "w": {"capacity": "30 h/week"},
    },
    "first_work": {
        "v": {"people": 1, "hours": "40 h/week", "ramp": ["25%"], "ramp-from": "first-work"},
        "w": {"capacity": "800 images/week", "ramp": ["50%", "75%"], "ramp-from": "first-work"},
    },
    "vendor_items": {"v": {"capacity": "300 images/week"}, "w": {"capacity": "800 EU/week"}},
    "vendor_total": {"v": {"capacity": "1_000 images"}, "w": {"capacity": "2_000 EU"}},
    "rate_items": {"rate": {"capacity": "120 images/week"}, "other": {"capacity": "500 images"}},
    "review_team_hours": {
        "workflows": {"sampled": {"review": {"share": "50%", "time": "36 s/image"}}},
        "review-team": {"wage": "40 USD/h", "capacity": "12 h/week"},
    },
    "value_columns": {"one": {"value": VALUE}},
    "value_link": {"one": {"value": VALUE}},
    "value_floor": {"one": {"value": {**VALUE, "at-least": "100 USD"}}, "targets": {"value": "150 USD"}},
    "value_step_filled": STEPPED,
    "value_step_open": STEPPED,
    "score_floor": {"one": {"value": {**VALUE, "score-at-least": "12 points"}}},
    "engagement": {
        **MOST,
        "v": {"onboarding": "100 USD", "capacity": "6 h/week"},
        "w": {"contract": {"minimum-order": "200 images"}},
        "rules": [{"name": "one vendor", "count": {"products": ["one"], "at-most": 1}}],
    },
}
"""What each family needs of the case; a name with a dash is a further case of the family named before it."""


def test_every_family_has_a_golden_file() -> None:
    """A family without a case here and an LP file beside it fails, and so does a file without a family."""
    assert {name.partition("-")[0] for name in CASES} == families_of(LIMITS)
    assert {path.stem for path in GOLDEN.glob("*.lp")} == set(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_family_is_the_golden_file(name: str) -> None:
    """The LP text of the family is the one that is kept."""
    holds(name, CASES[name], GOLDEN / f"{name}.lp")
