"""A small case for studies: two products, two vendors, a linear program and an integer one."""

from __future__ import annotations

from typing import Any


def small(**more: Any) -> dict[str, Any]:
    """Two products of straight value, two vendors; amounts are made up for the arithmetic."""
    case = {
        "case": "small",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "net-value",
        "budget": "500 USD",
        "hurdle": "1.2",
        "products": {
            "cats": {
                "item": "image",
                "effort": "36 s/image",
                "demand": {"at-least": "400 images", "at-most": "4_000 images"},
                "accuracy": "94%",
                "value": {
                    "curve": [{"labels": 0, "score": 0}, {"labels": 1500, "score": 15}, {"labels": 4000, "score": 22}],
                    "worth": "60 USD/point",
                    "existing": "0 images",
                },
            },
            "dogs": {
                "item": "image",
                "effort": "72 s/image",
                "demand": {"at-most": "2_000 images"},
                "value": {
                    "curve": [{"labels": 0, "score": 0}, {"labels": 1000, "score": 10}, {"labels": 2500, "score": 15}],
                    "worth": "90 USD/point",
                    "existing": "0 images",
                },
            },
        },
        "vendors": {
            "acme": {"capacity": "12 h/week", "accuracy": "95%", "contract": {"per": "hour", "price": "15 USD/h"}},
            "bolt": {"capacity": "9 h/week", "accuracy": "98%", "contract": {"per": "hour", "price": "22 USD/h"}},
        },
        "scenarios": {"rich": {"budget": "900 USD"}, "slow": {"vendors.acme.capacity": "4 h/week"}},
    }
    case |= more
    if case["objective"] != "net-value":
        del case["hurdle"]
    return case


def with_fees() -> dict[str, Any]:
    """The same with fees for starting, which make it an integer program."""
    case = small()
    for vendor in case["vendors"].values():
        vendor["onboarding"] = "60 USD"
    return case
