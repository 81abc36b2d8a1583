"""Two cases in which nearly every clause of contracts owes something: for sums that have to hold whatever a plan owes."""

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

FURTHER_CLAUSES: dict[str, Any] = {
    "case": "further-clauses",
    "currency": "USD",
    "horizon": {"start": "2027-02-01", "weeks": 6},
    "objective": "cost",
    "products": {
        "streets": {
            "item": "image",
            "effort": "40 s/image",
            "demand": {"at-least": "9_001 images", "penalty": "0.19 USD/image", "cash": True},
            "milestones": [
                {"by": "week 1", "at-least": "3_100 images", "penalty": "0.07 USD/image/week", "cash": True}
            ],
        },
        "shops": {
            "item": "image",
            "effort": "50 s/image",
            "demand": "4_000 images",
            "workflows": ["lots"],
            "deadline": {"date": "week 2", "late": "0.011 USD/image/week", "cash": True},
        },
        "parts": {
            "item": "page",
            "effort": "3 min/page",
            "demand": "1_501 pages",
            "workflows": ["lots"],
            "stock": {
                "start": "37 pages",
                "needs": [{"by": "week 1", "items": "900 pages"}, {"by": "week 5", "items": "638 pages"}],
                "holding": "0.017 USD/page/week",
                "backlog": "0.03 USD/page/week",
            },
        },
    },
    "vendors": {
        "lock": {
            "accuracy": "95%",
            "capacity": "500 items/week",
            "contract": {
                "price": "0.611 USD/item",
                "payment": "30 days",
                "price-lock": {
                    "price": "0.407 USD/item",
                    "by": "week 2",
                    "fee": "97 USD",
                    "upto": "3_000 items",
                    "signed": True,
                },
                "rework-paid": True,
            },
        },
        "bundle": {
            "accuracy": "96%",
            "capacity": "450 items/week",
            "platform-fee": {"amount": "7%", "at-least": "0.031 USD/item"},
            "minimum-platform-fee": "90 USD/month",
            "contract": {
                "price": "0.371 USD/item",
                "volume-discount": [
                    {
                        "products": ["streets", "shops"],
                        "steps": [{"from": "2 products", "prices": {"streets": "0.337 USD/item"}}],
                    }
                ],
                "quality": [{"below": "97%", "price": "-3%"}, {"above": "98%", "price": "+1%"}],
                "quality-window": "month",
            },
        },
        "steps": {
            "accuracy": "97%",
            "capacity": "17 h/week",
            "contract": {
                "tiers": [
                    {"window": "month", "steps": [{"up-to": "30 h", "price": "19.3 USD/h"}, {"price": "17.1 USD/h"}]}
                ],
            },
        },
        "learner": {
            "accuracy": "96%",
            "people": 1,
            "hours": "10 h/week",
            "staffing": "on-call",
            "learning": {"rate": "88%", "from": "300 items", "experience": "100 items", "floor": "80%"},
            "contract": {"price": "21.7 USD/h", "payment": "45 days"},
        },
    },
    "workflows": {
        "single-pass": None,
        "lots": {
            "review": {
                "lots": {"size": 500, "sample": 30, "accept": 1, "second": 40, "accept-both": 3},
                "catch": "90%",
                "accuracy": "98%",
                "time": "7 s/item",
                "rework": "vendor",
            }
        },
    },
    "levers": {
        "better tool": {
            "cost": "41 USD",
            "bought": True,
            "cost-to": "steps",
            "effect": {"vendors": "steps", "price": "-5%"},
        },
    },
    "review-team": {"wage": "27 USD/h"},
    "rules": [
        {
            "name": "streets of the bundle",
            "share": {"vendor": "bundle", "products": "streets", "of": "items", "at-least": "9%"},
        },
        {
            "name": "shops of the bundle",
            "share": {"vendor": "bundle", "products": "shops", "of": "items", "at-least": "11%"},
        },
        {"name": "steps too", "share": {"vendor": "steps", "of": "items", "at-least": "10%"}},
        {"name": "locked price too", "share": {"vendor": "lock", "of": "items", "at-least": "10%"}},
        {"name": "learner too", "share": {"vendor": "learner", "of": "items", "at-least": "10%"}},
    ],
}
