"""Small cases drawn at random, as mappings, for tests of what holds for every case."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from draws import examples
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Case = dict[str, Any]


def checked(many: int) -> Any:
    """Hypothesis settings: the same examples every time, a part of so many, no clock."""
    return settings(
        max_examples=examples(many), deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )


@st.composite
def cases(draw: st.DrawFn, floors: bool = True, objective: str | None = None) -> Case:
    """A case of up to three products, three vendors, two workflows and four weeks, as a mapping."""
    random = np.random.default_rng(draw(st.integers(0, 2**20)))
    products = [f"p{n}" for n in range(draw(st.integers(1, 3)))]
    vendors = [f"v{n}" for n in range(draw(st.integers(1, 3)))]
    weeks = draw(st.integers(1, 4))
    aim = objective or draw(st.sampled_from(["net-value", "value", "cost"]))
    sampled = {"review": {"share": "20%", "catch": "80%", "accuracy": "97%", "time": "9 s/image", "rework": "reviewer"}}
    budget: Any = {"total": f"{random.uniform(300, 3000):.2f} USD"}
    if draw(st.booleans()):
        budget["per-week"] = f"{random.uniform(200, 1500):.2f} USD"
    if draw(st.booleans()):
        budget["limits"] = [{"name": "first", "at-most": f"{random.uniform(100, 900):.2f} USD", "products": ["p0"]}]
    case: Case = {
        "case": "drawn",
        "currency": "USD",
        "exchange": {"EUR": "1.25 USD"},
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "objective": aim,
        "budget": budget,
        "workflows": {"plain": {}, "sampled": sampled} if draw(st.booleans()) else {"plain": {}},
        "review-team": {"wage": "30 USD/h", "capacity": f"{random.uniform(1, 20):.2f} h/week"},
        "products": {name: drawn_product(draw, random, weeks, floors) for name in products},
        "vendors": {name: drawn_vendor(draw, random, weeks) for name in vendors},
        "rates": [
            {
                "product": product,
                "vendor": vendor,
                "price": f"{random.uniform(0.1, 1.5):.4f} {draw(st.sampled_from(['USD', 'EUR']))}/image",
                "accuracy": f"{random.uniform(0.7, 0.99):.4f}",
            }
            for product, vendor in itertools.product(products, vendors)
            if vendor == "v0" or draw(st.booleans())
        ],
    }
    if aim == "net-value" and draw(st.booleans()):
        case["hurdle"] = round(float(random.uniform(0.5, 2.5)), 3)
    if floors and len(vendors) > 1 and draw(st.booleans()):
        measure, span = (
            draw(st.sampled_from(["items", "spend", "eu"])),
            draw(st.sampled_from(["horizon", "each-period"])),
        )
        share = {"vendor": "v0", "of": measure, "at-most": "70%", "in": span}
        case["rules"] = [{"name": "not all with v0", "share": share}]
    return case


def drawn_product(draw: st.DrawFn, random: np.random.Generator, weeks: int, floors: bool) -> Case:
    """A product with a concave table of value; floors on demand, dates and accuracy where asked."""
    labels = np.cumsum(random.uniform(200, 900, 4))
    slopes = np.sort(random.uniform(0.5, 6, 4))[::-1] / 100
    scores = np.cumsum(np.diff(labels, prepend=0.0) * slopes)
    points = [{"labels": 0, "score": 0}]
    points += [{"labels": round(float(n), 3), "score": float(s)} for n, s in zip(labels, scores, strict=True)]
    most = float(random.uniform(600, 3000))
    product: Case = {
        "item": "image",
        "effort": f"{random.uniform(10, 60):.2f} s/image",
        "demand": {"at-most": f"{most:.2f} images"},
        "value": {"curve": points, "worth": f"{random.uniform(10, 60):.2f} USD/point"},
        "error-cost": f"{random.uniform(0, 0.5):.3f} USD/image",
    }
    if floors and draw(st.booleans()):
        product["demand"]["at-least"] = f"{most * random.uniform(0.05, 0.3):.2f} images"
        product["accuracy"] = f"{random.uniform(0.7, 0.85):.4f}"
    if floors and draw(st.booleans()):
        product["milestones"] = [{"by": f"week {(weeks + 1) // 2}", "at-least": f"{most * 0.1:.2f} images"}]
    if draw(st.booleans()):
        product["deadline"] = f"week {max((weeks + 1) // 2, weeks - 1)}"
    return product


def drawn_vendor(draw: st.DrawFn, random: np.random.Generator, weeks: int) -> Case:
    """A vendor with hours, items or people, perhaps a lead and a season."""
    hours = float(random.uniform(3, 30))
    vendor: Case = {"capacity": f"{hours:.2f} h/week"}
    kind = draw(st.sampled_from(["hours", "items", "total", "people"]))
    if kind == "items":
        vendor = {"capacity": f"{hours * 60:.2f} images/week"}
    elif kind == "total":
        vendor = {"capacity": f"{hours * 200:.2f} images"}
    elif kind == "people":
        vendor = {"people": 1, "hours": f"{hours:.2f} h/week", "ramp": ["60%"]}
    if weeks > 2 and draw(st.booleans()):
        vendor["lead"] = "1 week"
    if draw(st.booleans()):
        vendor["season"] = [{"from": "week 1", "factor": 1.1}]
    return vendor


def number(text: Any) -> float:
    """The number an amount begins with."""
    return float(str(text).split()[0].rstrip("%"))
