"""Cases of company size with the clauses real portfolios have, drawn from a seed; every number stands for nobody's prices."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

FLAGS = (
    "onboard",
    "startfee",
    "minorder",
    "count",
    "gcount",
    "tiers",
    "top",
    "seats",
    "team",
    "scurve",
    "learn",
    "rebate",
    "lots",
    "shares",
)
"""Contracts and rules that a case may have: onboarding, product starts, minimum orders, three vendors a product, vendors in
all, all-unit tiers by month, take or pay by month, seats, teams that hire, S-shaped curves, vendors that learn, rebates by
quarter, lots, shares of spend and of items."""
Case = dict[str, Any]
REVIEW = {"catch": 0.8, "accuracy": 0.97, "time-factor": 0.35, "rework": "reviewer"}


def company_case(size: str, flags: Collection[str], seed: int = 11, tightness: float = 0.75) -> Case:
    """A case of products x vendors x weeks, as in ``60x15x26``; tightness: the budget as a part of what demand costs."""
    products, vendors, weeks = map(int, size.split("x"))
    random = np.random.default_rng(seed)
    able = random.random((products, vendors)) < max(0.30, 4 / vendors)
    for product in range(products):
        need = 4 - able[product].sum()
        if need > 0:
            able[product, random.choice(np.flatnonzero(~able[product]), need, replace=False)] = True
    base = random.uniform(0.03, 0.25, products)
    effort = random.uniform(0.8, 1.25, (products, vendors))
    rate = random.uniform(8, 30, vendors)
    accuracy = np.clip(
        0.90 + random.uniform(-0.05, 0.05, (products, vendors)) + 0.03 * (rate[None, :] - 19) / 11, 0.7, 0.995
    )
    demand, deadline = np.exp(random.normal(8.3, 0.6, products)), random.integers(weeks // 2, weeks, products)
    hours = float((demand * base * 1.6).sum())
    capacity = random.lognormal(0, 0.5, vendors)
    capacity *= 1.6 * hours / weeks / capacity.sum()
    price = base[:, None] * effort * rate[None, :] * random.uniform(0.9, 1.1, (products, vendors))
    total = float((demand * [np.median(price[p, able[p]]) for p in range(products)]).sum())
    size_of = (demand, total, hours, weeks)
    tiered = set(range(0, vendors, 3)) if "tiers" in flags else set[int]()
    written: Case = {
        "case": f"co-{size}",
        "currency": "USD",
        "objective": "net-value",
        "hurdle": 1.0,
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "budget": _amount(round(tightness * total * 1.2), "USD"),
        "vendors": {
            f"v{v}": _vendor(random, flags, v, (rate[v], capacity[v]), size_of, products) for v in range(vendors)
        },
        "review-team": {"wage": "25 USD/h", "capacity": _amount(hours / weeks * 0.10, "h/week")},
        "workflows": {
            "single": {},
            "sampled": {"review": {"share": 0.2, **REVIEW}},
            "checked": {"review": {"share": 1.0, **REVIEW}},
            "majority": {"passes": 3, "majority": True, "correlation": 0.3},
        },
    }
    teams = 2 if "team" in flags else 0
    written["vendors"] |= {f"team{k}": _team(k, hours / weeks / 40) for k in range(teams)}
    written["products"] = {
        f"p{p}": _product(random, flags, p, base[p], demand[p], int(deadline[p])) for p in range(products)
    }
    written["rates"] = [
        _rate(p, f"v{v}", None if v in tiered else price[p, v], base[p] * effort[p, v], accuracy[p, v])
        for p in range(products)
        for v in np.flatnonzero(able[p]).tolist()
    ] + [_rate(p, f"team{k}", None, base[p], None) for p in range(products) for k in range(teams)]
    written["rules"] = _rules(flags, vendors)
    return written


def _amount(figure: float, unit: str) -> str:
    return f"{figure:.6g} {unit}"


def _vendor(
    random: np.random.Generator,
    flags: Collection[str],
    v: int,
    own: tuple[float, float],
    size: tuple[Any, float, float, int],
    products: int,
) -> Case:
    (rate, capacity), (demand, total, _, weeks) = own, size
    contract, fees, month = Case(), Case(), capacity * 4.3
    if "onboard" in flags:
        fees["onboarding"] = _amount(0.012 * total * random.uniform(0.5, 1.5), "USD")
    if "startfee" in flags:
        fees["product-start"] = _amount(0.02 * total / products * random.uniform(0.5, 1.5), "USD")
    if "seats" in flags and v % 3 == 2:
        fees["seat"] = {"price": _amount(99 * random.uniform(0.8, 1.2), "USD/month"), "carries": "140 h/month"}
    if fees:
        contract["fees"] = fees
    if "minorder" in flags:
        contract["minimum-order"] = _amount(int(0.05 * np.median(demand)), "items")
    if "tiers" in flags and v % 3 == 0:
        ends = [(1.1, 0.25 * month), (0.98, 0.6 * month), (0.9, None)]
        steps = [
            {"price": _amount(rate * part, "USD/h"), **({} if end is None else {"up-to": _amount(end, "h")})}
            for part, end in ends
        ]
        contract["tiers"] = {"kind": "all-unit", "window": "month", "steps": steps}
    if "top" in flags and v % 3 == 1:
        contract["commitment"] = {"at-least": _amount(0.35 * month * rate, "USD"), "window": "month"}
    if "rebate" in flags and v % 2 == 1:
        most = capacity * weeks * rate
        steps = [{"at-least": _amount(part * most, "USD"), "back": back} for part, back in ((0.15, "2%"), (0.35, "5%"))]
        contract["rebate"] = {"steps": steps, "window": "quarter"}
    if "lots" in flags and v % 4 == 3:
        contract["order-multiple"] = _amount(max(10, int(0.02 * np.median(demand))), "items")
    vendor: Case = {"capacity": _amount(capacity, "h/week")}
    if "learn" in flags and v % 2 == 0 and not ("tiers" in flags and v % 3 == 0):
        vendor["learning"] = {"rate": "90%", "from": _amount(int(np.median(demand) * 0.1), "items"), "floor": "65%"}
    return vendor | ({"contract": contract} if contract else {})


def _team(k: int, people: float) -> Case:
    return {
        "team": {
            "people": int(3 + people * 0.05),
            "hours": "40 h/week",
            "wage": _amount(22 + 4 * k, "USD/h"),
            "shrinkage": "20%",
            "ramp": ["50%", "75%"],
            "hire": {"cost": "1500 USD", "notice": "2 weeks", "at-most": max(4, int(people * 0.1))},
            "release": {"cost": "2000 USD", "notice": "2 weeks"},
            "overtime": {"at-most": "20%", "premium": "50%"},
        },
        "accuracy": 0.95,
    }


def _product(
    random: np.random.Generator, flags: Collection[str], p: int, base: float, demand: float, deadline: int
) -> Case:
    lengths = random.uniform(0.6, 1.4, 10) * demand * 2.2 / 10
    first = np.exp(random.normal(1.6, 0.5))
    slopes = np.minimum.accumulate(first * 0.8 ** np.arange(10) * random.uniform(0.97, 1, 10))
    if "scurve" in flags and p % 3 == 0:
        slopes = first * np.array([0.15, 0.3, 0.7, 1.2, 1.2, 0.8, 0.5, 0.35, 0.2, 0.1])
    labels, scores = (np.concatenate([[0], np.cumsum(part)]) for part in (lengths, lengths * slopes))
    scores = scores / scores[-1] * 60
    curve = [{"labels": round(float(a), 1), "score": round(float(b), 4)} for a, b in zip(labels, scores, strict=True)]
    milestones = [(max(2, int(deadline * 0.5)), 0.08), (deadline + 1, 0.25)]
    return {
        "item": "image",
        "effort": _amount(3600 * base, "s/image"),
        "demand": {"at-most": _amount(int(demand * 2.2), "images")},
        "milestones": [
            {"by": f"week {week}", "at-least": _amount(int(part * demand), "images")} for week, part in milestones
        ],
        "deadline": f"week {deadline + 1}",
        "accuracy": {"at-least": round(float(random.uniform(0.90, 0.95)), 3)},
        "value": {"curve": curve, "worth": _amount(float((lengths * slopes).sum() / 60), "USD/point")},
    }


def _rate(p: int, vendor: str, price: float | None, hours: float, accuracy: float | None) -> Case:
    found: Case = {"product": f"p{p}", "vendor": vendor, "pace": f"{1 / hours:.5g} images/h"}
    if price is not None:
        found["price"] = f"{price:.5g} USD/image"
    return found | ({} if accuracy is None else {"accuracy": f"{accuracy:.4f}"})


def _rules(flags: Collection[str], vendors: int) -> list[Case]:
    rules = list[Case]()
    if "shares" in flags:
        most = {"vendor": "each", "of": "spend", "at-most": f"{max(12, int(250 / vendors))}%"}
        items = {"vendor": "each", "of": "items", "products": "each", "at-most": "60%"}
        rules.append({"name": "no vendor above a part of spend", "owner": "procurement", "share": most})
        rules.append({"name": "no vendor above 60 % of a product", "owner": "operations", "share": items})
    if "count" in flags:
        rules.append({"name": "few vendors a product", "count": {"products": "each", "at-most": 3}})
    if "gcount" in flags:
        rules.append({"name": "vendors in all", "count": {"at-most": max(4, int(vendors * 0.5))}})
    return rules
