"""Cases with a contract clause and a workflow of every kind, made up for the arithmetic of the workbook."""

from __future__ import annotations

from typing import Any

from allocate.case.plan_file import PlanLine

FULL: dict[str, Any] = {
    "case": "full", "currency": "USD", "exchange": {"EUR": "1.1 USD"}, "horizon": {"start": "2027-01-04", "weeks": 10},
    "objective": "cost",
    "products": {
        "cats": {
            "item": "image", "effort": "36 s/image", "demand": "9_000 images",
            "stock": {
                "start": "400 images", "holding": "0.002 EUR/image/month", "backlog": "0.01 USD/image/week",
                "needs": [{"by": "week 2", "items": "3_000 images"}, {"by": "week 7", "items": "4_000 images"}],
            },
            "incumbent": {"vendor": "old", "switching": "350 EUR"},
        },
        "dogs": {"item": "image", "effort": "72 s/image", "demand": "7_000 images"},
    },
    "vendors": {
        "volume": {
            "accuracy": "96%", "platform-fee": "4%", "capacity": "1_500 images/week", "escalation": "6 %/year",
            "contract": {
                "tiers": [
                    {
                        "steps": [
                            {"price": "0.50 EUR/image", "up-to": "500 EUR"},
                            {"price": "0.45 EUR/image", "up-to": "1_400 EUR"},
                            {"price": "0.40 EUR/image"},
                        ],
                        "window": "month", "products": ["cats"],
                    },
                    {
                        "kind": "all-unit", "window": "month", "products": ["dogs"],
                        "steps": [{"price": "0.9 USD/image", "up-to": "1_000 images"}, {"price": "0.8 USD/image"}],
                    },
                ],
                "commitment": {"at-least": "1_200 USD", "window": "month"},
                "rebate": {
                    "window": "month",
                    "steps": [{"at-least": "300 USD", "back": "1%"}, {"at-least": "1k USD", "back": "3%"}],
                },
                "early-payment": "2%",
                "fees": {
                    "onboarding": "200 EUR", "retainer": "100 USD/month", "product-start": "50 USD",
                    "seat": {"price": "99 USD/month", "carries": "160 h/month"},
                },
            },
        },
        "old": {
            "accuracy": "95%", "capacity": "900 images/week",
            "contract": {
                "price": "0.62 USD/image", "commitment": "900 EUR",
                "rebate": {
                    "kind": "incremental",
                    "steps": [{"at-least": "500 USD", "back": "2%"}, {"at-least": "1_500 USD", "back": "5%"}],
                },
                "fees": {"seat": [{"name": "tool", "price": "20 EUR/month", "carries": "900 images/month"}]},
            },
        },
        "crew": {
            "accuracy": "97%",
            "team": {
                "people": 3, "hours": "40 h/week", "wage": "2_400 EUR/month", "overtime": {"at-most": "20%", "premium": "40%"},
                "hire": {"cost": "500 USD", "notice": "1 week", "at-most": 2},
                "release": {"cost": "700 USD", "notice": "2 weeks"},
            },
        },
    },
    "workflows": {
        "checked": {
            "review": {"share": "20%", "catch": "80%", "accuracy": "98%", "time": "9 s/image", "rework": "reviewer"}
        }
    },
    "review-team": {"wage": "30 USD/h"},
    "rules": [
        {"name": "mostly volume", "share": {"vendor": "volume", "of": "items", "at-least": "55%"}},
        {"name": "some old", "share": {"vendor": "old", "of": "items", "at-least": "15%"}},
        {"name": "dogs", "fix": {"product": "dogs", "vendor": "volume", "items": "2_500 images"}},
    ],
}  # fmt: skip
"""A contract of every kind, in two currencies, by month over weeks that months cut; made up for the arithmetic."""

CLAUSES: dict[str, Any] = {
    "case": "clauses", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 9}, "objective": "cost",
    "exchange": {"EUR": [{"rate": "1.1 USD"}, {"from": "week 5", "rate": "1.2 USD"}]},
    "products": {
        "cats": {"item": "image", "effort": "36 s/image", "demand": "8_000 images", "classes": 4},
        "dogs": {"item": "image", "effort": "72 s/image", "demand": "3_000 images", "classes": 3},
        "deer": {"item": "image", "effort": "50 s/image", "demand": "2_500 images", "drivers": {"box": "3/image"}},
    },
    "vendors": {
        "bulk": {
            "accuracy": "96%", "capacity": "900 images/week",
            "contract": {
                "tiers": {
                    "kind": "all-unit", "surplus": "paid-only", "products": ["cats"],
                    "steps": [
                        {"price": "0.50 EUR/image", "up-to": "1_000 images"}, {"price": "0.40 EUR/image", "up-to": "2_500 images"},
                        {"price": "0.30 EUR/image"},
                    ],
                },
                "price": "2 EUR/image", "early-payment": "2%", "commitment": "900 EUR",
            },
        },
        "hourly": {
            "accuracy": "95%", "capacity": "700 images/week",
            "contract": {
                "tiers": [
                    {
                        "window": "month", "products": ["cats", "dogs"],
                        "steps": [{"price": "26 USD/h", "up-to": "800 images"}, {"price": "22 USD/h"}],
                    },
                    {
                        "kind": "all-unit", "window": "month", "products": ["deer"],
                        "steps": [{"price": "0.9 USD/image", "up-to": "900 boxes"}, {"price": "0.8 USD/image"}],
                    },
                ],

                "early-payment": "1%",
            },
        },
        "prize": {
            "accuracy": "94%", "lead": "1 week", "capacity": "500 images/week",
            "indexation": {"on": "2026-02-01", "rate": "5%", "cap": "3%"},
            "platform-fee": [{"amount": "2%"}, {"workflows": "lots", "amount": "3%", "plus": "0.012 EUR/image", "rounded": "up"}],
            "contract": {
                "price": "0.60 USD/image", "price-lock": {"price": "0.59 USD/image", "fee": "20 EUR", "indexed": False, "signed": True},
                "volume-discount": [
                    {"steps": [{"from": "2 products", "off": "3%"}], "each": "200 images", "window": "month"},
                    {"steps": [{"from": "900 images", "off": "0.01 EUR/image"}, {"from": "1_400 images", "prices": {"deer": "0.5 USD/image"}}], "on": "deer"},
                ], "early-payment": "2%", "quality-window": "month",
                "quality": [{"below": "94.5%", "price": "-8%"}, {"below": "93%", "price": "-15%"}, {"above": "96%", "price": "+0.02 EUR/image"}],
            },
        },
        "daily": {
            "accuracy": "95%", "capacity": "400 images/week",
            "contract": {"tiers": {"window": "month", "whole": "1 h", "steps": [{"price": "26 EUR/h", "up-to": "2 h"}, {"price": "22 EUR/h"}]}},
        },
        "slow": {
            "accuracy": "97%", "lead": "3 weeks", "capacity": "400 images/week", "platform-fee": "2%",
            "platform-fee-steps": [{"from": "week 3", "amount": "4%"}],
            "contract": {
                "price": "0.55 EUR/image", "early-payment": "3%",
                "quality": [{"above": "96%", "price": "+0.03 EUR/image"}, {"below": "95%", "price": "-2%"}],
                "lateness": [{"beyond": "2 weeks", "price": "-0.04 EUR/image"}],
            },
        },
        "crowd": {
            "accuracy": "80%", "capacity": "6_000 images/week", "platform-fee": "0.02 USD/image", "minimum-platform-fee": "150 EUR/month",
            "platform-fee-steps": [{"from": "week 4", "amount": "0.03 USD/image"}],
            "contract": {
                "price": "0.05 USD/label + 0.4 USD/h", "minimum-invoice": "150 EUR/month",
                "commitment": {"at-least": "9_000 images", "shortfall": "20%", "price": "0.05 EUR/image"},
            },
        },
    },
    "workflows": {
        "lots": {"review": {"lots": {"size": 200, "sample": 20, "accept": 1}, "catch": "85%", "time": "9 s/image", "rework": "vendor", "false-reject": "1%"}},
        "risks": {"review": {"lots": {"size": 500, "good": "1%", "bad": "6%"}, "catch": "80%", "accuracy": "98%", "time": "9 s/image", "rework": "reviewer"}},
        "twice": {"review": {"lots": {"size": 400, "sample": 30, "accept": 1, "reject": 4, "second": 60, "accept-both": 4}, "catch": "80%", "time": "9 s/image", "rework": "vendor"}},
        "most": {"passes": 4, "plurality": True, "correlation": "10%"},
        "weighed": {"passes": 3, "majority": True, "annotator-spread": "2 points", "correlation": "10%"},
        "drawn": {"pre-label": {"time-factor": "60%", "cost": "0.01 USD/image", "cost-steps": [{"from": "week 4", "amount": "0.006 USD/image"}], "accuracy-change": "-0.5 points"}},
    },
    "review-team": {"wage": "30 USD/h"},
    "levers": {"deal": {"cost": "30 USD", "bought": True, "effect": {"vendors": "hourly", "products": "deer", "price": "-4%"}}},
    "rules": [
        {"name": n, "fix": {"product": p, "vendor": v, "workflow": w, "items": f"{i} images"}}
        for n, p, v, w, i in (
            ("a", "cats", "bulk", "drawn", 2400), ("b", "dogs", "hourly", "lots", 900), ("c", "deer", "hourly", "risks", 700), ("d", "cats", "hourly", "drawn", 1200),
            ("e", "deer", "prize", "lots", 600), ("f", "dogs", "prize", "drawn", 500), ("g", "cats", "slow", "lots", 900),
            ("h", "cats", "crowd", "most", 1500), ("i", "dogs", "crowd", "weighed", 1000), ("j", "deer", "crowd", "weighed", 800),
            ("k", "deer", "prize", "drawn", 400), ("l", "dogs", "slow", "twice", 300), ("m", "dogs", "daily", "drawn", 300),
        )
    ],
}  # fmt: skip
"""Steps in other units, surplus, whole hours, bonus by window and in money, fees by date, lots and votes."""

WITH = {
    ("deer", "prize", 6): ("price lock of prize",),
    ("deer", "hourly", 5): ("deal",),
    ("deer", "hourly", 9): ("deal",),
}
"""Levers that lines of the plan are worked with."""
CLAUSES_PLAN = tuple(
    PlanLine(product, vendor, workflow, period, items, WITH.get((product, vendor, period), ()))
    for product, vendor, workflow, lines in (
        ("cats", "bulk", "lots", {1: 600.0}),
        ("cats", "bulk", "drawn", {4: 900.0, 5: 900.0, 6: 600.0}),
        ("cats", "hourly", "drawn", {5: 285.0, 6: 398.0, 9: 517.0}),
        ("cats", "slow", "lots", {2: 400.0, 3: 200.0, 4: 300.0}),
        ("cats", "crowd", "most", {1: 1500.0}),
        ("cats", "crowd", "drawn", {1: 1400.0}),
        ("dogs", "hourly", "lots", {1: 400.0, 2: 385.0, 5: 115.0}),
        ("dogs", "prize", "drawn", {4: 270.0, 5: 230.0}),
        ("dogs", "slow", "twice", {1: 200.0, 3: 100.0}),
        ("dogs", "daily", "drawn", {2: 120.0, 5: 180.0}),
        ("dogs", "crowd", "weighed", {1: 1000.0}),
        ("deer", "hourly", "risks", {1: 300.0, 5: 300.0, 9: 100.0}),
        ("deer", "prize", "lots", {1: 330.0, 5: 270.0}),
        ("deer", "prize", "drawn", {4: 230.0, 6: 170.0}),
        ("deer", "crowd", "weighed", {1: 800.0}),
    )
    for period, items in lines.items()
)
"""A plan of that case to hold: the best one takes seconds to prove, and its formulas are no better."""
