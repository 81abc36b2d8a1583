"""Drawn cases with contracts by month and quarter, in weeks that cut months, with hours that bind."""

from __future__ import annotations

from typing import Any

import numpy as np


def drawn(seed: int) -> dict[str, Any]:
    """Two or three vendors with contracts by month and quarter, in weeks that cut months, with hours that bind."""
    random = np.random.default_rng(seed)
    weeks, products = int(random.integers(4, 12)), [f"p{n}" for n in range(int(random.integers(1, 4)))]
    vendors: dict[str, Any] = {}
    for name in ("v", "w", "x")[: int(random.integers(2, 4))]:
        hours = int(random.integers(2, 9))
        contract: dict[str, Any] = {"price": f"{random.integers(4, 12) / 10} USD/image"}
        if random.random() < 0.5:
            ends = np.sort(random.choice(np.arange(1, 9), 2, replace=False)) * hours / 2
            kind, prices = str(random.choice(["all-unit", "incremental"])), random.integers(30, 110, 3).tolist()
            steps = [{"up-to": f"{end} h", "price": f"{price} USD/h"} for end, price in zip(ends, prices, strict=False)]
            steps.append({"price": f"{prices[2]} USD/h"})
            contract = {"tiers": {"kind": kind, "window": str(random.choice(["month", "quarter"])), "steps": steps}}
        fees: dict[str, Any] = {}
        if random.random() < 0.5:
            fees["seat"] = {
                "price": f"{random.integers(5, 60)} USD/month",
                "carries": f"{random.integers(3, 20)} h/month",
            }
        if random.random() < 0.5:
            fees["onboarding"] = f"{random.integers(10, 200)} USD"
        if random.random() < 0.5:
            window = contract.get("tiers", {}).get("window", "month")
            contract["commitment"] = {"at-least": f"{random.integers(50, 400)} USD", "window": window}
        if random.random() < 0.5:
            back = {"at-least": f"{random.integers(50, 900)} USD", "back": f"{random.integers(5, 30)}%"}
            contract["rebate"] = {
                "kind": str(random.choice(["all-unit", "incremental"])),
                "window": "quarter",
                "steps": [back],
            }
        more = {"fees": fees} if fees else {}
        vendors[name] = {"contract": {**contract, **more}, "capacity": f"{hours} h/week"}
    most = int(weeks * 500 / len(products))
    return {
        "case": "windows",
        "currency": "USD",
        "objective": str(random.choice(["cost", "net-value"])),
        "horizon": {"start": f"2027-0{random.integers(1, 6)}-{random.integers(10, 29)}", "weeks": weeks},
        "workflows": {"plain": {}},
        "products": {
            name: {
                "item": "image", "effort": "36 s/image",
                "demand": {"at-least": f"{int(most * random.uniform(0.1, 0.6))} images", "at-most": f"{most} images"},
                "value": {"curve": [{"labels": 0, "score": 0}, {"labels": most, "score": 60}], "worth": f"{most / 60} USD/point"},
            } for name in products
        },
        "vendors": vendors,
    }  # fmt: skip
