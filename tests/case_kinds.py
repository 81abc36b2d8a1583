"""What a case can say beside contracts and rules, one kind after another, put into a small case that is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from contract_cases import contract_case

Case = dict[str, Any]
Random = np.random.Generator

HOURS = 0.01
"""Hours of one image of `contract_case`."""


def case_with(kind: str, seed: int) -> Case:
    """A drawn case of at least two weeks that says one thing more, of `KINDS`."""
    case, random = contract_case(seed), np.random.default_rng(seed)
    case["horizon"]["weeks"] = max(2, case["horizon"]["weeks"])
    KINDS[kind](case, random)
    return case


def in_hours(case: Case, name: str) -> Case:
    """A vendor of the case, its capacity in hours, half of what its images take, and so is what levers add to it."""
    vendor: Case = case["vendors"][name]
    if "capacity" in vendor:
        vendor["capacity"] = f"{float(vendor['capacity'].split()[0]) * HOURS / 2} h/week"
    shift = case.get("levers", {}).get("shift")
    if name == "w" and shift is not None:
        shift["effect"]["capacity"] = f"+{40 * HOURS} h/week"
    return vendor


def _learning(case: Case, random: Random) -> None:
    for name in ("v", "w", "x"):
        if name == "v" or "team" in case["vendors"][name] or random.random() < 0.5:
            block: Case = {"rate": f"{random.integers(75, 98)}%", "model": str(random.choice(["wright", "crawford"]))}
            block |= {"from": f"{random.integers(10, 60)} items", "experience": f"{random.integers(0, 50)} items"}
            if random.random() < 0.4:
                block["floor"] = "70%"
            in_hours(case, name)["learning"] = block


def _learning_of_one(case: Case, random: Random) -> None:
    block = {"rate": "85%", "from": "20 items", "products": ["p1"]}
    in_hours(case, "v")["learning"] = block


def _turnover(case: Case, random: Random) -> None:
    case["vendors"]["v"] |= {"people": "1", "hours": "0.8 h/week", "turnover": {"rate": "20 %/month"}}
    case["vendors"]["v"].pop("capacity")


def _places(case: Case, random: Random) -> None:
    team = {"people": 2, "hours": "0.3 h/week", "wage": "20 USD/h", "hire": {"cost": "3 USD"}}
    turnover = {"rate": "10 %/month", "vacancy": "1 week"}
    case["vendors"]["x"] = {"team": {**team, "ramp": ["50%"], "turnover": turnover}}


def _shifts(case: Case, random: Random) -> None:
    shifts = {"seats": 1, "further": [{"cost": "2 USD/week", "premium": "20%"}]}
    case["vendors"]["x"] = {"team": {"people": 2, "hours": "0.3 h/week", "wage": "20 USD/h", "shifts": shifts}}


def _work_in_progress(case: Case, random: Random) -> None:
    for one in case["vendors"].values():
        one["lead"] = "1 week"
    for product in case["products"].values():
        product["work-in-progress"] = f"{random.integers(30, 60)} images"


def _late(case: Case, random: Random) -> None:
    case["products"]["p0"]["deadline"] = {"date": "week 1", "late": "0.05 USD/image/week"}
    case["products"]["p1"]["milestones"] = [{"by": "week 1", "at-least": "30 images", "penalty": "0.2 USD/image/week"}]


def _missing(case: Case, random: Random) -> None:
    for product in case["products"].values():
        product["demand"] = {"at-least": "80 images", "at-most": "100 images", "penalty": "0.5 USD/image"}


def _floors(case: Case, random: Random) -> None:
    for one in case["vendors"].values():
        one["accuracy"] = f"{random.integers(90, 99)}%"
    for n, product in enumerate(case["products"].values()):
        product["accuracy"] = {"at-least": "94%", "of": ["average", "each-vendor", "each-delivery"][n % 3]}
        product["accuracy"]["penalty"] = "2 USD/image"


def _reviews(case: Case, random: Random) -> None:
    review = {"share": "50%", "catch": "80%", "accuracy": "97%", "time": "9 s/image", "rework": "vendor"}
    case["workflows"]["checked"] = {"review": review}
    case["review-team"] = {"wage": "30 USD/h", "capacity": "0.2 h/week"}
    for one in case["vendors"].values():
        one["accuracy"] = "90%"


def _stages(case: Case, random: Random) -> None:
    _reviews(case, random)
    case["workflows"]["checked"]["leads"] = {"label": "1 week"}


def _windows(case: Case, random: Random) -> None:
    for name in ("v", "w"):
        vendor = case["vendors"][name]
        vendor["accuracy"] = f"{random.integers(90, 99)}%"
        if "tiers" not in vendor["contract"]:
            vendor["contract"]["quality"] = [{"below": "95%", "price": "-10%"}]
            vendor["contract"]["quality-window"] = "period"


def _cash(case: Case, random: Random) -> None:
    case["vendors"]["v"]["contract"]["payment"] = "7 days"
    case["vendors"]["w"]["contract"]["payment"] = "in advance"
    case["budget"] = {"total": case["budget"], "per-week": f"{random.integers(30, 80)} USD", "by": "paid"}


def _groups(case: Case, random: Random) -> None:
    group = {"name": "first", "at-most": f"{random.integers(20, 60)} USD", "products": ["p0", "p1"], "to": "week 1"}
    case["budget"] = {"total": case["budget"], "limits": [group]}


def _discount(case: Case, random: Random) -> None:
    case |= {"discount": "30 %/year", "hurdle": 1.2}


def _targets(case: Case, random: Random) -> None:
    case |= {"targets": {"value": f"{random.integers(20, 120)} USD"}, "objective": "cost"}


def _pairs(case: Case, random: Random) -> None:
    case["rates"] = [
        {"product": product, "vendor": name, "capacity": f"{random.integers(20, 50)} images/week", "start-fee": "2 USD"}
        for product in case["products"]
        for name, vendor in case["vendors"].items()
        if "team" not in vendor
    ]


def _seats_by_month(case: Case, random: Random) -> None:
    seat = {"price": "5 USD/month", "carries": "90 images/month"}
    fees = case["vendors"]["v"]["contract"].setdefault("fees", {})
    fees["seat"] = [seat, {"name": "tool", "price": "2 USD", "carries": "200 images", "products": ["p0"]}]


def _levers(case: Case, random: Random) -> None:
    accuracy: Case = {"cost": "4 USD", "effect": {"products": ["p0"], "accuracy": "+2 points"}}
    opens: Case = {"cost": "3 USD", "opens": {"vendors": ["w"]}, "from": "week 2", "needs": ["better"]}
    for one in case["vendors"].values():
        one["accuracy"] = "90%"
    case["levers"] = {"better": accuracy, "door": opens}


def _order(case: Case, random: Random) -> None:
    case["objective"] = ["value", "cost", "net-value"]


def _commitments_by_week(case: Case, random: Random) -> None:
    case["vendors"]["v"]["contract"] |= {"commitment": {"at-least": "9 USD", "window": "week"}}
    case["vendors"]["v"]["contract"].pop("ceiling", None)


KINDS: dict[str, Callable[[Case, Random], None]] = {
    "learning": _learning,
    "learning of one product": _learning_of_one,
    "turnover of a vendor": _turnover,
    "turnover of a team": _places,
    "shifts": _shifts,
    "work in progress": _work_in_progress,
    "late deliveries": _late,
    "missing items": _missing,
    "accuracy floors": _floors,
    "reviews": _reviews,
    "lead times by stage": _stages,
    "quality by window": _windows,
    "budget by payment": _cash,
    "budget of a group": _groups,
    "discount": _discount,
    "target": _targets,
    "rates": _pairs,
    "seats by month": _seats_by_month,
    "levers": _levers,
    "goals in order": _order,
    "commitment by week": _commitments_by_week,
}
