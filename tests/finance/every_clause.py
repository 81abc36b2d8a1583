"""One case in which nearly every clause of contracts owes something: for sums that have to hold whatever a plan owes."""

from __future__ import annotations

from typing import Any

EVERY_CLAUSE: dict[str, Any] = {
    "case": "every-clause",
    "currency": "USD",
    "exchange": {"EUR": "1.1 USD"},
    "horizon": {"start": "2027-02-01", "weeks": 5},
    "objective": "cost",
    "products": {
        "a": {
            "item": "image",
            "effort": "60 s/image",
            "demand": "6_000 images",
            "error-cost": "0.2 USD/image",
            "accuracy": "94%",
        },
        "b": {"item": "image", "effort": "30 s/image", "demand": "7_000 images", "workflows": ["proposed"]},
        "c": {
            "item": "page",
            "effort": "2 min/page",
            "demand": "2_001 pages",
            "workflows": ["checked"],
            "incumbent": {"vendor": "brno", "switching": "333 USD"},
        },
    },
    "vendors": {
        "acme": {
            "accuracy": "95%",
            "capacity": "3_300 items/week",
            "platform-fee": "5% + 0.003 USD/item",
            "contract": {
                "price": "0.337 USD/item",
                "payment": "45 days",
                "volume-discount": {
                    "steps": [{"from": "2 products", "off": "4%"}, {"from": "3 products", "off": "7%"}]
                },
                "commitment": {"at-least": "9_000 items", "shortfall": "40%", "price": "0.3 USD/item"},
                "quality": [{"below": "96%", "price": "-1%"}],
            },
        },
        "brno": {
            "currency": "EUR",
            "accuracy": "97%",
            "people": 9,
            "hours": "40 h/week",
            "staffing": "on-call",
            "contract": {
                "price": "9.37 EUR/h",
                "early-payment": {"discount": "2%", "within": "10 days"},
                "payment": "30 days",
                "rebate": {"steps": [{"at-least": "1k EUR", "back": "3%"}]},
                "minimum-invoice": "1_900 EUR/month",
                "fees": {
                    "onboarding": "700 EUR",
                    "retainer": "150 EUR/month",
                    "seat": {"price": "49 EUR/month", "carries": "170 h/month"},
                },
            },
        },
        "crew": {
            "accuracy": "98%",
            "team": {"people": 2, "hours": "38 h/week", "wage": "4_111 USD/month", "shrinkage": "11%"},
        },
        "deal": {
            "accuracy": "96%",
            "capacity": "900 items/week",
            "contract": {
                "tiers": [{"steps": [{"up-to": "2_000 items", "price": "0.31 USD/item"}, {"price": "0.23 USD/item"}]}],
                "fees": {"product-start": "91 USD"},
            },
        },
    },
    "workflows": {
        "single-pass": None,
        "checked": {"review": {"share": "30%", "time": "9 s/item", "catch": "80%"}},
        "proposed": {"pre-label": {"time-factor": 0.7, "cost": "0.004 USD/item"}},
    },
    "levers": {
        "training": {
            "cost": "77 USD",
            "cost-to": "brno",
            "bought": True,
            "effect": {"vendors": "brno", "hours": "-9%"},
        },
        "checks": {
            "running-cost": "61 USD/month",
            "running-cost-to": "review-team",
            "bought": True,
            "opens": {"workflows": "checked"},
        },
        "tool": {"cost": "55 USD", "bought": True, "opens": {"workflows": "proposed"}},
    },
    "review-team": {"wage": "29 USD/h"},
    "rules": [
        {"name": "all of them", "share": {"vendor": "deal", "of": "items", "at-least": "12%"}},
        {"name": "brno too", "share": {"vendor": "brno", "of": "items", "at-least": "15%"}},
        {"name": "acme too", "share": {"vendor": "acme", "of": "items", "at-least": "20%"}},
    ],
}
