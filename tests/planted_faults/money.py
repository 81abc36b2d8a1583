"""Plans with something of every clause on their bills: what the invoice asks for them, the contracts have to say too."""

from __future__ import annotations

from typing import Any

from allocate import evaluate, read_case
from allocate.case.plan_file import PlanLine

WEEKS = 9
"""From a Wednesday: the weeks at the ends of January and of February lie in two months each."""
ITEM = {"item": "image", "effort": "36 s/image", "demand": {"at-least": "0 images"}}
SOURCE: dict[str, Any] = {
    "case": "money",
    "currency": "USD",
    "exchange": {"EUR": [{"from": "week 1", "rate": "1.00 USD"}, {"from": "week 4", "rate": "1.50 USD"}, {"from": "week 7", "rate": "1.25 USD"}]},
    "horizon": {"start": "2027-01-06", "weeks": WEEKS},
    "objective": "cost",
    "discount": "6%/year",
    "products": {
        "a": {**ITEM, "incumbent": {"vendor": "x", "switching": "90 EUR"}},
        "b": {**ITEM, "deadline": {"date": "week 7", "late": "0.10 USD/image/week", "cash": True}},
        "c": {**ITEM, "demand": {"at-least": "80 images", "penalty": "0.7 EUR/image", "cash": True}},
        "d": {
            **ITEM,
            "milestones": [
                {"by": "week 3", "at-least": "300 images", "penalty": "0.05 EUR/image/week", "cash": True},
                {"by": "week 4", "at-least": "400 images", "penalty": "0.4 EUR/image", "cash": True},
            ],
        },
    },
    "workflows": {
        "plain": {},
        "proposed": {
            "pre-label": {
                "time-factor": "60%",
                "cost": "0.02 EUR/image",
                "cost-steps": [{"from": "week 4", "amount": "0.03 EUR/image"}],
            }
        },
        "checked": {"review": {"share": "50%", "catch": "80%", "accuracy": "95%", "time": "36 s/item"}},
    },
    "review-team": {"wage": "40 EUR/h"},
    "levers": {
        "tool": {"cost": "500 EUR", "running-cost": "20 EUR/week", "from": "week 3", "bought": True,
                 "effect": {"vendors": "v", "capacity": "100 items/week"}},
    },
    "vendors": {
        "v": {
            "capacity": "200 items/week",
            "contract": {
                "price": "1 USD/item + 4 USD/h",
                "volume-discount": {
                    "steps": [{"from": "100 items", "off": "3%"}, {"from": "600 items", "off": "0.05 EUR/item"}],
                    "window": "month", "on": "b",
                },
                "rebate": {
                    "steps": [{"at-least": "300 USD", "back": "5%"}, {"at-least": "600 USD", "back": "10%"}],
                    "window": "month",
                },
                "fees": {
                    "onboarding": "50 USD",
                    "product-start": "20 USD",
                    "retainer": "100 USD/month",
                    "seat": {"price": "30 EUR/month", "carries": "250 images/month"},
                },
            },
        },
        "w": {
            "onboarding": "40 EUR",
            "contract": {
                "price": "1 EUR/item",
                "payment": "30 days",
                "volume-discount": [
                    {"steps": [{"from": "1 products", "off": "2%"}, {"from": "2 products", "off": "4%"}], "each": "260 items"},
                    {"steps": [{"from": "150 EUR", "prices": {"a": "0.9 EUR/item"}}], "window": "quarter"},
                ],
                "commitment": {"at-least": "700 EUR", "window": "month"},
                "rebate": {
                    "kind": "incremental",
                    "steps": [{"at-least": "100 EUR", "back": "10%"}],
                    "window": "quarter",
                },
            },
        },
        "x": {"contract": {"price": "3 USD/item", "fees": {"onboarding": "70 USD"}}},
        "y": {
            "contract": {
                "price": "2 EUR/item", "minimum-invoice": "150 EUR/month",
                "commitment": {"at-least": "100 items", "shortfall": "30%", "price": "2 EUR/item", "window": "month"},
            }
        },
        "t": {
            "accuracy": "96%",
            "lead": "1 week",
            "season": [{"from": "week 1", "factor": "80%"}, {"from": "week 3", "factor": "120%"}],
            "platform-fee": "10%",
            "contract": {
                "tiers": {
                    "kind": "incremental",
                    "window": "month",
                    "over": "all",
                    "steps": [{"up-to": "100 images", "price": "2 EUR/image"}, {"price": "1 EUR/image"}],
                },
                "quality": [{"above": "95%", "price": "10%"}],
                "lateness": [{"beyond": "3 days", "price": "-20%"}],
                "early-payment": {"discount": "2%", "within": "10 days"},
                "payment": "45 days",
            },
        },
        "s": {
            "contract": {
                "tiers": {
                    "kind": "all-unit",
                    "window": "horizon",
                    "over": "all",
                    "surplus": "paid-only",
                    "steps": [{"up-to": "100 images", "price": "2 USD/image"}, {"price": "1 USD/image"}],
                },
            },
        },
        "q": {
            "accuracy": "96%",
            "lead": "1 week",
            "platform-fee": "0.2 EUR/image",
            "contract": {
                "price": "2 EUR/image",
                "quality": [{"below": "95%", "price": "-50%"}, {"below": "98%", "price": "-10%"}],
                "quality-window": "month",
                "early-payment": {"discount": "3%", "within": "10 days"},
            },
        },
        "r": {
            "accuracy": "97%",
            "lead": "1 week",
            "platform-fee": {"amount": "7%", "plus": "0.013 EUR/image", "rounded": "up"},
            "contract": {
                "price": "2 EUR/image",
                "quality": [{"above": "90%", "price": "5%"}, {"above": "96%", "price": "0.3 EUR/image"}],
                "lateness": [{"beyond": "3 days", "price": "-0.2 EUR/image"}],
                "early-payment": {"discount": "3%", "within": "10 days"},
            },
        },
        "crew": {
            "holidays": ["2027-01-14", "2027-02-10"],
            "team": {
                "people": 3, "hours": "40 h/week", "wage": "200 EUR/day", "shrinkage": "20%", "ramp": ["50%"],
                "hire": {"cost": "150 EUR", "at-most": 3}, "release": {"cost": "90 EUR"},
                "overtime": {"at-most": "20%", "premium": "50%"},
            }
        },
    },
    "rates": [
        {"product": product, "vendor": vendor} | ({"start-fee": "33 EUR"} if (product, vendor) == ("a", "w") else {})
        for product in "abcd"
        for vendor in ("v", "w", "x", "y", "t", "s", "q", "r", "crew")
    ],
}  # fmt: skip

LINES = tuple(
    PlanLine(product, vendor, workflow, week, float(items))
    for product, vendor, workflow, amounts in (
        ("a", "v", "plain", (150, 150, 150, 150, 0, 0, 0, 0, 0)),
        ("b", "v", "plain", (30, 30, 30, 30, 90, 90, 90, 90, 90)),
        ("a", "w", "plain", (0, 0, 0, 0, 100, 100, 100, 0, 0)),
        ("b", "w", "plain", (0, 120, 0, 0, 0, 0, 0, 70, 60)),
        ("c", "v", "plain", (0, 0, 0, 0, 0, 0, 0, 0, 50)),
        ("d", "t", "plain", (70, 60, 0, 40, 80, 0, 90, 30, 0)),
        ("d", "s", "plain", (0, 0, 60, 0, 0, 0, 0, 20, 0)),
        ("d", "q", "proposed", (0, 20, 0, 30, 40, 0, 0, 60, 0)),
        ("d", "q", "checked", (0, 20, 0, 0, 40, 0, 0, 0, 0)),
        ("d", "r", "plain", (10, 0, 20, 0, 30, 0, 0, 40, 0)),
        ("d", "y", "plain", (40, 0, 0, 0, 0, 0, 0, 0, 30)),
        ("d", "crew", "plain", (0, 0, 0, 0, 12_000, 0, 0, 0, 90)),
    )
    for week, items in enumerate(amounts, 1)
    if items
)


MONTHS: dict[str, Any] = {
    "case": "months",
    "currency": "USD",
    "exchange": {"EUR": [{"from": "month 1", "rate": "1.00 USD"}, {"from": "month 3", "rate": "1.50 USD"}]},
    "horizon": {"start": "2026-12-31", "months": 6},
    "objective": "cost",
    "discount": "1%/month",
    "products": {
        "a": {**ITEM, "incumbent": {"vendor": "n", "switching": "90 EUR", "below": "60%"}},
        "b": {**ITEM, "deadline": {"date": "month 4", "late": "0.10 USD/image/month", "cash": True}},
        "c": {**ITEM, "milestones": [{"by": "month 2", "at-least": "90 images", "penalty": "0.05 EUR/image/month", "cash": True}]},
    },
    "workflows": {"plain": {}},
    "calendar": [{"week": 4, "vendor": "n", "season": 0.9}],
    "vendors": {
        "m": {
            "accuracy": "96%",
            "escalation": "6%/year",
            "contract": {
                "tiers": {
                    "kind": "incremental",
                    "window": "month",
                    "over": "all",
                    "whole": "25 images",
                    "steps": [{"up-to": "50 images", "price": "2 EUR/image"}, {"price": "1 EUR/image"}],
                },
                "commitment": {"at-least": "250 EUR", "window": "quarter"},
                "rebate": {"steps": [{"at-least": "300 USD", "back": "5%"}], "window": "quarter"},
                "quality": [{"below": "98%", "price": "-10%"}],
                "quality-window": "quarter",
                "payment": "1 month",
                "early-payment": {"discount": "1%", "within": "10 days", "taken": "when-it-pays"},
            },
        },
        "n": {
            "escalation": "6%/year",
            "platform-fee": "0.1 EUR/image",
            "platform-fee-steps": [{"from": "month 3", "amount": "0.2 EUR/image"}],
            "contract": {"price": "1 EUR/image", "payment": "in advance", "fees": {"retainer": "300 USD/quarter"}},
        },
        "o": {"platform-fee": "max(5%, 0.08 EUR/image)", "indexation": {"on": "2026-02-15", "rate": "9%", "share": "50%", "cap": "4%"}, "contract": {"price": "1 USD/image", "payment": "2 months"}},
        "crew": {
            "team": {
                "people": 2, "hours": "40 h/week", "wage": "4_100 EUR/month", "shrinkage": "20%", "ramp": ["50%"],
                "hire": {"cost": "150 EUR"}, "overtime": {"at-most": "20%", "premium": "50%"},
                "turnover": {"rate": "5%/month", "vacancy": "1 month"},
            }
        },
    },
}  # fmt: skip

MONTH_LINES = tuple(
    PlanLine(product, vendor, "plain", month, float(items))
    for product, vendor, amounts in (
        ("a", "m", (60, 70, 0, 80, 0, 40)),
        ("a", "n", (30, 0, 50, 60, 0, 20)),
        ("b", "n", (0, 20, 0, 40, 30, 10)),
        ("c", "o", (0, 20, 10, 0, 70, 40)),
        ("a", "crew", (900, 0, 0, 30_000, 0, 0)),
    )
    for month, items in enumerate(amounts, 1)
    if items
)


PAST: dict[str, Any] = {
    **SOURCE,
    "done": {
        "planned-from": "week 5",
        "was": {"vendors.t.accuracy": "94%", "rates.d.q.price": "2.5 EUR/image", "rates.d.r.accuracy": "92%", "workflows.checked.review.share": "40%"},
        "work": [
            {"product": line.product, "vendor": line.vendor, "workflow": line.workflow, "period": line.period, "items": line.items}
            for line in LINES
            if line.period < 5
        ],
        "paid": [
            {"vendor": vendor, "period": week, "amount": f"{amount} USD"}
            for vendor, week, amount in (("v", 2, 500), ("v", 4, 700.5), ("w", 3, 210), ("t", 4, 400), ("q", 3, 90), ("r", 4, 80))
        ],
    },
}  # fmt: skip
"""The same with four weeks done, with other figures then, and billed otherwise than contracts ask."""


def objections() -> tuple[str, ...]:
    """What the verifier has against the bills of the plans, of weeks and of months."""
    return _objections(SOURCE, LINES) or _objections(MONTHS, MONTH_LINES) or _objections(PAST, LINES)


def _objections(source: dict[str, Any], lines: tuple[PlanLine, ...]) -> tuple[str, ...]:
    found = evaluate(read_case(source), lines)
    return (*found.problems, *found.verification.violations)


def clauses_owed() -> set[tuple[str, str]]:
    """Vendor and clause of every entry of the plan's bill."""
    return {(one.vendor, one.clause) for one in evaluate(read_case(SOURCE), LINES).plan.entries}
