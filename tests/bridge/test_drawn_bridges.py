"""Whole bridges drawn at random: cases that differ in anything, plans that differ in anything, and amounts that add up to the cent."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from draws import some

from allocate.bridge.bridge import bridge_bills
from allocate.bridge.ends import of_lines
from allocate.case.load import read_case
from allocate.case.plan_file import PlanLine

Source = dict[str, Any]
STEPS = {"page": "pages", "h": "h", "box": "boxes"}


def _contract(r: random.Random) -> Source:
    money = r.choice(["USD", "USD", "EUR"])
    unit = r.choice(["page", "page", "h", "box"])
    low, high = {"page": (20, 200), "h": (500, 3000), "box": (5, 60)}[unit]
    first, second = (f"{r.randint(low, high) / 100} {money}/{unit}" for _ in range(2))
    found: Source = {"price": first}
    if r.random() < 0.4:
        upto = r.randint(1, 20) if unit == "h" else r.randint(50, 600)
        steps = [{"price": first, "up-to": f"{upto} {STEPS[unit]}"}, {"price": second}]
        kind, window = r.choice(["incremental", "all-unit"]), r.choice(["horizon", "month"])
        found = {"tiers": {"kind": kind, "window": window, "steps": steps}}
    if r.random() < 0.15:
        found["rebate"] = {"steps": [{"at-least": f"{r.randint(50, 800)} {money}", "back": f"{r.randint(2, 15)}%"}]}
    if r.random() < 0.12:
        found["commitment"] = {"at-least": f"{r.randint(20, 400)} {money}", "window": r.choice(["horizon", "month"])}
    if r.random() < 0.15:
        found["fees"] = {"onboarding": f"{r.randint(5, 90)} {money}"}
    return found


def _vendor(r: random.Random) -> Source:
    found: Source = {"accuracy": f"{r.randint(80, 99)}%", "contract": _contract(r)}
    if r.random() < 0.3:
        found["productivity"] = f"{r.randint(60, 140)}%"
    if r.random() < 0.2:
        found["platform-fee"] = f"{r.randint(5, 40)}%"
    return found


def _rates(r: random.Random, source: Source) -> list[Source]:
    return [
        {
            "product": product,
            "vendor": vendor,
            **({"pace": f"{r.randint(60, 200)} pages/h"} if r.random() < 0.6 else {}),
        }
        for product in source["products"]
        for vendor in source["vendors"]
    ]


def _case(r: random.Random) -> Source:
    """One or two products and vendors in three weeks, at a month's end or not, with a review or without, a rate card or none."""
    names = ["p", "q"][: r.randint(1, 2)]
    review = {"share": f"{r.randint(5, 100)}%", "time": "20 s/page", "catch": "85%", "accuracy": "98%", "rework": r.choice(["vendor", "reviewer"])}  # fmt: skip
    found: Source = {
        "case": "drawn", "currency": "USD", "objective": "cost", "exchange": {"EUR": f"{r.randint(95, 125) / 100} USD"},
        "horizon": {"start": r.choice(["2027-01-04", "2027-01-25"]), "weeks": 3},
        "workflows": {"one": {}, "look": {"review": review}}, "review-team": {"wage": f"{r.randint(10, 40)} USD/h"},
        "products": {
            name: {"item": "page", "effort": f"{r.randint(20, 60)} s/page", "drivers": {"box": f"{r.randint(1, 6)}/page"}, "demand": "10_000 pages"}
            for name in names
        },
        "vendors": {name: _vendor(r) for name in ["v", "w"][: r.randint(1, 2)]},
    }  # fmt: skip
    return {**found, "rates": _rates(r, found)} if r.random() < 0.5 else found


def _changed(r: random.Random, source: Source) -> Source:
    """The same with up to three figures, contracts or vendors otherwise."""
    found = copy.deepcopy(source)
    kinds = [
        "exchange",
        "effort",
        "box",
        "contract",
        "accuracy",
        "productivity",
        "fee",
        "wage",
        "vendor",
        "share",
        "rates",
    ]
    for kind in r.sample(kinds, r.randint(0, 3)):
        vendor = found["vendors"][r.choice(list(found["vendors"]))]
        product = found["products"][r.choice(list(found["products"]))]
        if kind == "exchange":
            found["exchange"] = {"EUR": f"{r.randint(95, 125) / 100} USD"}
        elif kind == "effort":
            product["effort"] = f"{r.randint(20, 60)} s/page"
        elif kind == "box":
            product["drivers"] = {"box": f"{r.randint(1, 6)}/page"}
        elif kind == "contract":
            vendor["contract"] = _contract(r)
        elif kind in ("accuracy", "productivity"):
            vendor[kind] = f"{r.randint(80, 99)}%"
        elif kind == "fee":
            vendor["platform-fee"] = f"{r.randint(5, 40)}%"
        elif kind == "wage":
            found["review-team"] = {"wage": f"{r.randint(10, 40)} USD/h"}
        elif kind == "share":
            found["workflows"]["look"]["review"]["share"] = f"{r.randint(5, 100)}%"
        elif kind == "vendor":
            found["vendors"]["x"] = _vendor(r)
    if "rates" in source:
        found["rates"] = [
            *source["rates"],
            *({"product": p, "vendor": "x"} for p in found["products"] if "x" in found["vendors"]),
        ]
    return found


def _lines(r: random.Random, source: Source) -> tuple[PlanLine, ...]:
    ways = [(p, v, t) for p in source["products"] for v in source["vendors"] for t in (1, 2, 3) if r.random() < 0.4]
    return tuple(
        PlanLine(p, v, r.choice(["one", "look"]), t, round(r.uniform(1, 400), r.choice([0, 2]))) for p, v, t in ways
    )


@pytest.mark.parametrize("seed", some(range(20)))
def test_causes_add_up_to_the_cent(seed: int) -> None:
    """All causes, kinds and rows of the table come to the difference of the two bills; each cell to its own within a cent a cause.

    Nothing lies idle where nobody is on a payroll: every figure that moved has its own cause.
    """
    r = random.Random(seed)
    before = _case(r)
    after = _changed(r, before)
    first = _lines(r, before)
    second = _lines(r, after) if r.random() < 0.4 else first
    ends = [
        of_lines(name, read_case(case), lines) for name, case, lines in (("a", before, first), ("b", after, second))
    ]
    found = bridge_bills(*ends, order=r.choice(["shapley", "standard"]))
    one, other = (round(end.plan.spend, 2) for end in ends)
    assert found.change == round(other - one, 2)
    assert round(sum(found.of(cause) for cause in found.parts), 2) == found.change
    assert round(sum(found.kinds().values()), 2) == found.change
    amounts = found.table["amount"].tolist()
    assert round(sum(amounts), 2) == found.change
    assert amounts == [round(amount, 2) for amount in amounts]
    for number, cell in enumerate(found.cells):
        own = sum(float(parts[number]) for parts in found.parts.values())
        due = ends[1].cells.get(cell, 0.0) - ends[0].cells.get(cell, 0.0)
        assert own == pytest.approx(due, abs=0.01 * max(len(found.parts), 1) + 1e-6)
    assert "idle" not in found.parts
