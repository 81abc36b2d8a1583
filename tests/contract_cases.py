"""Small cases with every kind of contract, rule, team, lever and goal that makes whole numbers, some at once."""

from __future__ import annotations

from typing import Any

import numpy as np

Case = dict[str, Any]
Random = np.random.Generator

VENDORS = ("v", "w", "x")


def contract_case(seed: int) -> Case:
    """Two to four products and three vendors in one to three weeks."""
    random = np.random.default_rng(seed)
    products, weeks = [f"p{n}" for n in range(random.integers(2, 5))], int(random.integers(1, 4))
    least = int(random.choice([0, 20]))
    case: Case = {
        "case": "drawn",
        "currency": "USD",
        "objective": _objective(random),
        "budget": f"{random.integers(60, 200)} USD",
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "workflows": {"plain": {}},
        "products": {name: _product(random, least) for name in products},
        "vendors": {name: _vendor(random, weeks) for name in VENDORS},
        "rules": _rules(random),
    }
    if random.random() < 0.25:
        case["vendors"]["x"] = {"team": _team(random)}
    if random.random() < 0.3:
        steady = [name for name in ("v", "w") if "tiers" not in case["vendors"][name]["contract"]]
        case["levers"] = _levers(random, str(random.choice(steady)) if steady else None)
    if random.random() < 0.2:
        case["products"]["p0"]["incumbent"] = {
            "vendor": "v",
            "switching": f"{random.integers(2, 20)} USD",
            "below": "40%",
        }
    return case


def _some(random: Random, words: list[str], most: int) -> set[str]:
    return set(random.choice(words, int(random.integers(0, most + 1)), replace=False).tolist())


def _objective(random: Random) -> Any:
    if random.random() < 0.25:
        return random.choice(["value", "cost", "net-value"], 2, replace=False).tolist()
    return str(random.choice(["net-value", "value", "cost"]))


def _product(random: Random, least: int) -> Case:
    points = [{"labels": 0, "score": 0}, {"labels": 30, "score": 40}, {"labels": 90, "score": 70}]
    if random.random() < 0.2:
        points[1]["score"] = 10
    value: Case = {"curve": points, "worth": f"{random.integers(1, 5)} USD/point"}
    if random.random() < 0.2:
        value["gates"] = {"score-at-least": "50 points", "worth": f"{random.integers(5, 40)} USD"}
    return {
        "item": "image",
        "effort": "36 s/image",
        "demand": {"at-least": f"{least} images", "at-most": "100 images"},
        "value": value,
    }


def _vendor(random: Random, weeks: int) -> Case:
    prices = [f"{price / 10} USD/image" for price in random.integers(3, 15, 2).tolist()]
    found: Case = {"price": prices[0]}
    if random.random() < 0.5:
        found = {"tiers": _tiers(random, prices)}
    kinds = ["commitment", "minimum", "lots", "fees", "seat", "rebate", "ceiling", "retainer", "quality", "early"]
    for clause in sorted(_some(random, kinds, 2)):
        found |= _clause(random, clause, found.get("fees", {}))
    return {"contract": found, "capacity": f"{random.integers(4, 9) * 10} images/week"}


def _tiers(random: Random, prices: list[str]) -> Case:
    tiers: Case = {
        "kind": str(random.choice(["incremental", "all-unit"])),
        "window": str(random.choice(["period", "horizon"])),
        "over": str(random.choice(["all", "product"])),
        "steps": [{"up-to": f"{random.integers(2, 6) * 10} images", "price": prices[0]}, {"price": prices[1]}],
    }
    if tiers["kind"] == "all-unit" and random.random() < 0.3:
        tiers["surplus"] = "paid-only"
    return tiers


def _clause(random: Random, kind: str, fees: Case) -> Case:
    seat = {"price": f"{random.integers(2, 8)} USD/week", "carries": f"{random.integers(2, 5) * 10} images/week"}
    return {
        "commitment": {"commitment": {"at-least": f"{random.integers(5, 30)} USD", "window": "horizon"}},
        "minimum": {"minimum-order": f"{random.integers(1, 3) * 10} images"},
        "lots": {"order-multiple": "10 images"},
        "fees": {
            "fees": {
                **fees,
                "onboarding": f"{random.integers(1, 9)} USD",
                "product-start": f"{random.integers(1, 9)} USD",
            }
        },
        "seat": {"fees": {**fees, "seat": seat}},
        "retainer": {"fees": {**fees, "retainer": f"{random.integers(1, 6)} USD/week"}},
        "rebate": {
            "rebate": {
                "kind": str(random.choice(["incremental", "all-unit"])),
                "steps": [{"at-least": f"{random.integers(10, 40)} USD", "back": "10%"}],
            }
        },
        "ceiling": {"ceiling": f"{random.integers(40, 80)} USD"},
        "quality": {"quality": [{"below": "99%", "price": "-0.02 USD/image"}]},
        "early": {"early-payment": "2%"},
    }[kind]


def _team(random: Random) -> Case:
    return {
        "people": int(random.integers(0, 3)),
        "hours": "0.3 h/week",
        "wage": f"{random.integers(10, 60)} USD/h",
        "ramp": ["50%"],
        "hire": {"cost": f"{random.integers(1, 9)} USD", "at-most": 2},
        "release": {"cost": f"{random.integers(0, 5)} USD", "at-most": 1},
        "overtime": {"at-most": "20%", "premium": "50%"},
    }


def _levers(random: Random, steady: str | None) -> Case:
    """steady: a vendor whose prices do not depend on the volume, which a lever can therefore change."""
    effect = {"vendors": ["v"], "hours": "-20%"} if steady is None else {"vendors": [steady], "price": "-20%"}
    tool: Case = {"cost": f"{random.integers(2, 20)} USD", "effect": effect}
    shift: Case = {
        "running-cost": f"{random.integers(1, 5)} USD/week",
        "effect": {"vendors": ["w"], "capacity": "+40 images/week"},
    }
    if random.random() < 0.5:
        tool["excludes"] = ["shift"]
    if random.random() < 0.3:
        tool["applies"] = "always"
    return {"tool": tool, "shift": shift}


def _rules(random: Random) -> list[Case]:
    rules: dict[str, tuple[Case, str]] = {
        "few": ({"count": {"products": "each", "at-most": 2}}, "vendor"),
        "both": ({"count": {"at-least": 2}}, "vendor"),
        "share": ({"share": {"vendor": "each", "of": "items", "at-most": "60%"}}, "image"),
        "spend": ({"share": {"vendor": "v", "of": "spend", "at-least": "20%"}}, "USD"),
        "needs": ({"needs": {"product": "p0", "needs": "p1", "at-least": "20 images"}}, "image"),
        "apart": ({"incompatible": {"products": ["p0", "p1"]}}, "product"),
        "only": ({"only": {"products": ["p1"], "vendors": ["v", "w"]}}, "image"),
        "fix": ({"fix": {"product": "p1", "vendor": "v", "items": "10 images"}}, "image"),
    }
    found = []
    for name in sorted(_some(random, list(rules), 3)):
        rule, unit = rules[name]
        price = round(float(random.uniform(0.05, 2.0)), 2)
        soft = {"penalty": f"{price} USD/{unit}"} if random.random() < 0.4 else {}
        found.append({"name": name, **rule, **soft})
    return found
