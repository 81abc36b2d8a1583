"""Every family of the formulation as an LP file: what a reader sees is what the solver gets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from allocate import read_case, routes
from allocate.costing.value.values import product_values
from allocate.program.export import lp_text
from allocate.program.formulation import constraint_functions
from allocate.program.layout import item_columns
from allocate.program.model import Model
from allocate.program.program import Program

GOLDEN = Path(__file__).parent / "golden"
REGENERATE = "ALLOCATE_REGENERATE"

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

MOST = {"one": {"demand": {"at-most": "1_000 images"}}, "two": {"demand": {"at-most": "800 images"}}}
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

# What each constraint needs of the case; `one` and `two` are the products, `v` and `w` the vendors. A name with a dash is
# a further case of the constraint named before it.
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
    "milestone_late": {
        "one": {"milestones": [{"by": "week 1", "at-least": "50 images", "penalty": "0.25 USD/image/week"}]},
        "two": {"milestones": [{"by": "week 1", "at-least": "10 images", "penalty": "2 USD/image"}]},
        "w": {"lead": "1 week"},
    },
    "paid_penalties": {
        "one": {
            "demand": {"at-least": "90 images", "penalty": "2 USD/image", "cash": True},
            "milestones": [{"by": "week 1", "at-least": "50 images", "penalty": "0.25 USD/image/week", "cash": True}],
        },
        "two": {"deadline": {"date": "week 1", "late": "0.1 USD/image/week", "cash": True}},
    },
    "learned_work": LEARNING,
    "learned_filled": LEARNING,
    "learned_open": LEARNING,
    "learned_kept": LEARNING,
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
    "value_columns": {"one": {"value": VALUE}},
    "value_link": {"one": {"value": VALUE}},
    "value_floor": {"one": {"value": {**VALUE, "at-least": "100 USD"}}, "targets": {"value": "150 USD"}},
    "value_step_filled": STEPPED,
    "value_step_open": STEPPED,
    "score_floor": {"one": {"value": {**VALUE, "score-at-least": "12 points"}}},
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
    "delivered_accuracy": {
        **MOST,
        "v": {"contract": {"quality": [{"below": "96%", "price": "-10%"}], "quality-window": "horizon"}},
        "w": {"contract": {"quality": [{"below": "85%", "price": "-0.05 USD/image"}], "quality-window": "period"}},
        "workflows": {
            "plain": {},
            "mended": {
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
    "engagement": {
        **MOST,
        "v": {"onboarding": "100 USD", "capacity": "6 h/week"},
        "w": {"contract": {"minimum-order": "200 images"}},
        "rules": [{"name": "one vendor", "count": {"products": ["one"], "at-most": 1}}],
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
    "lever_needs": {**MOST, "levers": {"tool": {**TOOL, "needs": ["training"]}, "training": TRAINING}},
    "team_people": WITH_TEAM,
    "team_proficient": WITH_TEAM,
    "team_hours": WITH_TEAM,
    "team_overtime": WITH_TEAM,
    "team_hires": WITH_TEAM,
    "team_shifts": WITH_TEAM,
    "vendor_count": {
        **MOST,
        "rules": [
            {"name": "one vendor each", "count": {"products": "each", "at-most": 1}},
            {"name": "two vendors", "count": {"vendors": "any", "at-least": 2}},
            {"name": "one, rather", "count": {"products": "one", "at-most": 1}, "penalty": "50 USD/vendor"},
        ],
    },
    "incompatible_products": {
        **MOST,
        "rules": [
            {"name": "rivals", "incompatible": {"products": ["one", "two"]}},
            {"name": "rather", "incompatible": {"products": ["one", "two"]}, "penalty": "50 USD/product"},
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


def case_of(changes: dict[str, Any]) -> dict[str, Any]:
    """Two products, two vendors, two weeks; three of four pairs have a rate."""
    changes = dict(changes)
    one = {"item": "image", "effort": "36 s/image", **changes.pop("one", {})}
    two = {"item": "image", "effort": "72 s/image", **changes.pop("two", {})}
    rates = [
        {"product": "one", "vendor": "v", "price": "0.5 USD/image", "accuracy": "95%", **changes.pop("rate", {})},
        {"product": "one", "vendor": "w", "price": "0.25 USD/image", "accuracy": "90%", **changes.pop("other", {})},
        {"product": "two", "vendor": "w", "price": "0.75 USD/image", "accuracy": "80%", **changes.pop("last", {})},
    ]
    return {
        "case": "golden",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {"one": one, "two": two},
        "vendors": {"v": changes.pop("v", {}), "w": changes.pop("w", {})},
        "rates": rates,
        **changes,
    }


AFTER = {
    "minimum_order": ("engagement",),
    "commitment": ("engagement", "tiers"),
    "ceiling": ("tiers",),
    "rebate": ("tiers",),
    "first_work": ("vendor_hours", "vendor_items"),
    "vendor_count": ("engagement",),
    "incompatible_products": ("engagement",),
    **dict.fromkeys(("learned_filled", "learned_open", "learned_kept"), ("learned_work",)),
    **dict.fromkeys(("value_link", "value_floor", "value_step_filled", "value_step_open"), ("value_columns",)),
    **dict.fromkeys(
        ("lever_charges", "lever_use", "lever_always", "lever_exclusion", "lever_needs"), ("lever_columns",)
    ),
    **dict.fromkeys(("onboarding", "retainer", "product_start"), ("engagement",)),
    **dict.fromkeys(
        ("team_proficient", "team_hours", "team_overtime", "team_hires", "team_shifts", "pay"), ("team_people",)
    ),
}
"""The families whose columns or rows a family stands on."""


def text_of(name: str) -> str:
    """The LP file of the items and one family; of one that adds money and nothing else, with that as the objective."""
    case = read_case(case_of(CASES[name]))
    ways, program = routes(case), Program()
    model = Model(program, item_columns(program, case, ways, product_values(case, ways)))
    functions = {function.__name__: function for function in constraint_functions()}
    family = name.partition("-")[0]
    for before in AFTER.get(family, ()):
        functions[before](model)
    size, owed = (program.column_count, program.row_count), len(model.charges)
    functions[family](model)
    if size == (program.column_count, program.row_count):
        for charge in model.charges[owed:]:
            program.add_cost(charge.columns.ids, charge.amount)
    return lp_text(program)


def test_every_constraint_has_a_golden_file() -> None:
    """A constraint without a case here and an LP file beside it fails, and so does a file without a constraint."""
    assert {name.partition("-")[0] for name in CASES} == {function.__name__ for function in constraint_functions()}
    if REGENERATE not in os.environ:
        assert {path.stem for path in GOLDEN.glob("*.lp")} == set(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_constraint_is_the_golden_file(name: str) -> None:
    """The LP text of the constraint is the one kept under tests/program/golden."""
    path, text = GOLDEN / f"{name}.lp", text_of(name)
    if os.environ.get(REGENERATE):
        path.write_text(text, encoding="ascii", newline="\n")
    kept = path.read_text(encoding="ascii") if path.exists() else ""
    advice = (
        f"if the new text is right, run `{REGENERATE}=1 pytest tests/program/test_golden.py` and review the difference"
    )
    assert text == kept, f"the formulation of {name} changed; {advice}"
