"""One item of every route, read twice by code that shares nothing: both come to the same hours, accuracy, units and money."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocate.case.load import Case, read_case
from allocate.costing.routes import routes
from allocate.costing.supply.throughput import review_hours, vendor_capacities
from allocate.costing.table import Routes
from allocate.costing.value.values import product_values
from allocate.verification.stated import Stated

SAMPLED = {
    "share": "30%",
    "catch": "80%",
    "accuracy": "97%",
    "false-reject": "3%",
    "time": "9 s/box",
    "rework": "reviewer",
}
WORKFLOWS: dict[str, Any] = {
    "plain": {},
    "mended": {"review": SAMPLED},
    "sent back": {"review": {**SAMPLED, "rework": "vendor"}, "leads": {"label": "3 days", "review": "1 week", "rework": "5 days"}},
    "lots": {"review": {"lots": {"size": 400, "sample": 50, "accept": 4}, "catch": "90%", "time-factor": "40%"}},
    "risks": {"review": {"lots": {"size": 2000, "good": "2%", "bad": "9%"}, "catch": "90%", "time-factor": "40%"}},
    "majority": {"passes": 5, "majority": True, "correlation": "15%"},
    "weighted": {"passes": 3, "majority": True, "annotator-spread": "1 point", "correlation": "10%"},
    "plurality": {"passes": 4, "plurality": True, "correlation": "5%"},
    "settled": {"passes": 2, "adjudicate": {"accuracy": "98%", "time-factor": "120%"}, "correlation": "20%", "review": SAMPLED},
    "proposed": {"pre-label": {"time-factor": "60%", "cost": "0.01 EUR/box", "accuracy-change": "-2 points",
                 "cost-steps": [{"from": "week 2", "amount": "0.02 EUR/box"}]}, "gold": {"share": "4%"}},
    "audited": {"agreement": {"share": "10%"}, "gold": {"share": "5%"}},
}  # fmt: skip
PRICES = ["0.30 USD/image", "0.05 EUR/box", "0.20 USD/label", "14 USD/h", "0.09 EUR/EU"]


def case_of() -> Case:
    """Three products and seven vendors: every basis of price, platform fees per noun, tiers, levers, lines for one workflow."""
    vendors: dict[str, Any] = {
        f"v{number}": {
            "contract": {"price": price, "rework-paid": number % 2 == 0, "quality": [{"below": "93%", "price": "-5%"}],
                         "lateness": [{"beyond": "4 days", "price": "-0.01 USD/" + price.split("/")[1]}], "early-payment": "2%"},
            "accuracy": f"{82 + 2 * number}%",
            "checked": 400,
            "productivity": 0.7 + number / 10,
            "lead": f"{3 * number} days",
            "platform-fee": fee,
        }
        for number, (price, fee) in enumerate(
            zip(PRICES, ("7%", "0.02 USD/image", "0.01 EUR/box", "0.03 USD/label", "2 USD/h"), strict=True)
        )
    }  # fmt: skip
    del vendors["v3"]["contract"]["lateness"]
    vendors["v1"] |= {"season": [{"from": "week 2", "factor": 1.2}], "escalation": "10 %/year"}
    vendors["v4"] |= {"platform-fee-steps": [{"from": "week 3", "amount": "3 USD/h"}]}
    steps = [{"up-to": "900 boxes", "price": "0.4 USD/image"}, {"price": "0.3 USD/image"}]
    vendors["t"] = {"contract": {"tiers": {"steps": steps}, "lateness": [{"beyond": "1 day", "price": "-10%"}]},
                    "lead": "2 days", "checked": 50, "platform-fee": "5%"}  # fmt: skip
    vendors["crew"] = {"team": {"people": 3, "hours": "30 h/week", "wage": "25 EUR/h"}, "checked": 90}
    products: dict[str, Any] = {
        "boxes": {"task": "image.bounding-box", "drivers": {"box": "4.5/image"}, "complexity": {"dense-scenes": 1.25},
                  "accuracy": {"at-least": "70%", "confidence": "90%"}, "error-cost": "0.2 EUR/image"},
        "own": {"item": "image", "effort": "40 s/image", "drivers": {"box": "3/image"}, "classes": 4},
        "split": {"item": "image", "effort": "25 s/image", "drivers": {"box": "2/image"}, "classes": 2},
    }  # fmt: skip
    rates = [{"product": product, "vendor": vendor} for product in products for vendor in vendors]
    rates += [
        {"product": "own", "vendor": "v0", "workflow": "majority", "price": "0.9 USD/image", "accuracy": "96%",
         "checked": 150, "pace": "30 images/h", "lead": "1 week"},
        {"product": "boxes", "vendor": "v1", "workflow": "sent back", "price": "0.11 EUR/box", "pace": "44 images/h"},
        {"product": "split", "vendor": "v3", "workflow": "mended", "price": "19 USD/h", "accuracy": "91%"},
    ]  # fmt: skip
    tool = {"cost": "10 USD", "effect": [{"workflows": ["mended", "plurality"], "vendors": ["v0", "v3"], "hours": "-20%",
            "accuracy": "1 points", "price": "-5%"}]}  # fmt: skip
    opens = {"cost": "5 USD", "opens": {"workflows": ["lots"]}, "excludes": ["tool"]}
    return read_case(
        {
            "case": "items",
            "currency": "USD",
            "exchange": {"EUR": [{"rate": "1.1 USD"}, {"from": "week 3", "rate": "1.25 USD"}]},
            "horizon": {"start": "2027-01-04", "weeks": 4},
            "objective": "cost",
            "review-team": {"wage": "31 EUR/h"},
            "products": products,
            "vendors": vendors,
            "rates": rates,
            "workflows": WORKFLOWS,
            "levers": {"tool": tool, "lots": opens},
        }
    )


@pytest.fixture(scope="module")
def read() -> tuple[Routes, Stated]:
    """The same case read by both."""
    case = case_of()
    return routes(case), Stated(case)


@pytest.mark.parametrize(
    ("column", "figure"),
    [
        ("hours", "hours"), ("review_hours", "review_hours"), ("checks", "checks"), ("accuracy", "accuracy"),
        ("assured", "assured"), ("effective", "effective"), ("equivalent_units", "equivalent_units"), ("lead", "lead"),
        ("billable", "billable"), ("counted", "counted"), ("billed", "billed"), ("line", "line"),
    ],
)  # fmt: skip
def test_every_figure_of_an_item_is_read_alike(read: tuple[Routes, Stated], column: str, figure: str) -> None:
    """Each route's figure is that of the costing to twelve digits."""
    ways, known = read
    items = [known.item(ways.key(route)) for route in range(ways.count)]
    assert None not in items
    np.testing.assert_allclose([getattr(item, figure) for item in items], getattr(ways, column), rtol=1e-12, atol=1e-15)


def test_both_know_the_same_routes(read: tuple[Routes, Stated]) -> None:
    """Every product, vendor, workflow and set of levers of the one is one of the other, and no more."""
    ways, known = read
    assert {key for pair in known.card for key in known.keys(pair)} == set(ways.numbers)
    assert ways.count > 200


def test_prices_move_alike(read: tuple[Routes, Stated]) -> None:
    """Season, escalation and exchange rates make the same price of every route in every week."""
    ways, known = read
    prices = [[known.price(known.item(ways.key(r)), t) for t in range(4)] for r in range(ways.count)]  # type: ignore[arg-type]
    np.testing.assert_allclose(prices, ways.price, rtol=1e-12)


def test_stages_begin_and_take_alike(read: tuple[Routes, Stated]) -> None:
    """When each stage of each route begins, and the hours of vendor and review team in it."""
    ways, known = read
    assert ways.stages is not None
    items = [known.item(ways.key(route)) for route in range(ways.count)]
    for part, table in enumerate((ways.stages.begins, ways.stages.hours, ways.stages.review_hours)):
        ours = [[stage[part] for stage in item.stages] for item in items if item is not None]
        np.testing.assert_allclose(ours, table, rtol=1e-12, atol=1e-15)


CURVES: dict[str, dict[str, Any]] = {
    "table": {"points": [{"labels": 0, "score": 10}, {"labels": 100, "score": 12}, {"labels": 900, "score": 60}, {"labels": 2000, "score": 61}]},
    "formula": {"power-law": {"a": 90, "b": 0.31, "c": 4}, "ceiling": 98},
    **{fit: {"points": [{"labels": n, "score": s} for n, s in ((50, 31), (120, 44), (400, 58), (900, 66.5), (2500, 72))], "fit": fit}
       for fit in ("power-law", "power-law-with-floor", "logarithmic", "exponential", "arctan", "best")},
    "no further": {"points": [{"labels": n, "error": e} for n, e in ((50, 69), (120, 55), (400, 43), (900, 33))], "fit": "best", "extrapolate": 1.5},
}  # fmt: skip


@pytest.mark.parametrize("kind", CURVES)
def test_labels_are_worth_the_same_twice(kind: str) -> None:
    """Value, score and slope of a curve at many amounts of labels, gates included, are those of the costing: to seven digits where
    something is fitted, for least squares say no more of a rate."""
    gates = [{"score-at-least": "60 points", "worth": "900 EUR"}, {"score-at-least": "12 points", "worth": "50 USD"}]
    product = {
        "item": "image", "effort": "9 s/image", "demand": {"at-most": "4_000 images"},
        "value": {"curve": CURVES[kind], "worth": "30 EUR/point", "existing": "60 images", "gates": gates},
    }  # fmt: skip
    case = read_case(
        {
            "case": "curve",
            "currency": "USD",
            "exchange": {"EUR": [{"rate": "1.1 USD"}, {"from": "week 2", "rate": "1.3 USD"}]},
            "horizon": {"start": "2027-01-04", "weeks": 2},
            "products": {"one": product},
            "vendors": {"v": {"contract": {"price": "0.1 USD/image"}}},
            "workflows": {"plain": {}},
        }
    )
    theirs, ours = product_values(case, routes(case))[0], Stated(case).values[0]
    close = 1e-7 if "fit" in CURVES[kind] else 1e-12
    for labels in (0.0, 1.0, 39.999, 40.0, 41.0, 300.0, 840.0, 1400.0, 3900.0):
        assert ours.money(labels) == pytest.approx(theirs.money(labels), rel=close, abs=1e-9)
        assert ours.curve.score(60 + labels) == pytest.approx(float(theirs.curve.score(60 + labels)), rel=close)
        assert ours.curve.slope(60 + labels) == pytest.approx(float(theirs.curve.marginal(60 + labels)), rel=10 * close)


@pytest.mark.parametrize("model", ["wright", "crawford"])
@pytest.mark.parametrize("floor", [None, "60%"])
def test_learning_takes_the_same_hours_twice(model: str, floor: str | None) -> None:
    """Hours of work done so far on a learning curve, with experience and a floor, by Wright and by Crawford."""
    block = {
        "rate": "85%",
        "model": model,
        "from": "200 items",
        "experience": "30 items",
        **({"floor": floor} if floor else {}),
    }
    case = read_case(
        {
            "case": "learning",
            "currency": "USD",
            "horizon": {"start": "2027-01-04", "weeks": 2},
            "objective": "cost",
            "products": {"one": {"item": "image", "effort": "90 s/image", "demand": "10 images"}},
            "vendors": {"v": {"capacity": "400 h/week", "learning": block, "contract": {"price": "0.1 USD/image"}}},
            "workflows": {"plain": {}},
        }
    )
    theirs, ours = routes(case).learners[0], Stated(case).learning[0, 0]
    for hours in (0.0, 0.01, 1.3, 20.0, 77.7, 900.0, 40_000.0):
        assert ours.hours(hours) == pytest.approx(float(theirs.hours(hours)), rel=1e-10, abs=1e-12)


def test_votes_are_counted_among_the_classes_there_are_whatever_trains(tmp_path: Path) -> None:
    """In a model whose labels train by their accuracy, a plurality still wins among the product's four classes: 0.712 of 0.6."""
    (tmp_path / "model.yaml").write_text("model: ours\nextends: annotation\ndefaults: {noise: accuracy}\n")
    written = {
        "case": "votes",
        "currency": "USD",
        "model": "model.yaml",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "objective": "cost",
        "products": {"one": {"item": "image", "effort": "9 s/image", "demand": "10 images", "classes": 4}},
        "vendors": {"v": {"accuracy": "60%", "contract": {"price": "0.1 USD/image"}}},
        "workflows": {"votes": {"passes": 3, "plurality": True}},
    }
    (tmp_path / "case.yaml").write_text(json.dumps(written))
    case = read_case(tmp_path)
    item = Stated(case).item(("one", "v", "votes", ()))
    assert item is not None
    assert (item.accuracy, item.effective) == pytest.approx((0.712, 0.712))
    assert (routes(case).accuracy[0], routes(case).effective[0]) == pytest.approx((0.712, 0.712))


@pytest.mark.parametrize("handling", [None, "20 min"])
@pytest.mark.parametrize("people", [1, 4, 60])
def test_capacities_and_hours_of_checking_are_read_alike(people: int, handling: str | None) -> None:
    """Turnover, ramps by date, rows of the calendar, levers and a promise of beginning in time leave the same twice."""
    price = {"contract": {"price": "1 USD/image"}}
    vendors = {
        "a": {"people": 5, "hours": "38 h/week", "utilisation": "90%", "ramp": ["30%", "60%"], "ramp-from": "week 2",
              "turnover": {"rate": "4 %/month", "vacancy": "3 weeks", "ramp": ["50%", "80%"]}},
        "b": {"capacity": "500 images"},
        "d": {"capacity": "70 images/month", "turnover": "2 %/month"},
        "c": {"capacity": "90 EU/week", "shrinkage": "12%", "turnover": "30 %/year", "utilisation": "75%"},
    }  # fmt: skip
    answer = {
        "share": "90%",
        "within": "1 h",
        "arrivals": "steady",
        "arrival-variability": 1.4,
        "work-variability": 0.5,
    }
    case = read_case(
        {
            "case": "capacities",
            "currency": "USD",
            "horizon": {"start": "2027-01-20", "weeks": 5},
            "objective": "cost",
            "products": {"one": {"item": "image", "effort": "9 s/image", "demand": "10 images"}},
            "vendors": {name: {**price, **vendor} for name, vendor in vendors.items()},
            "workflows": {"checked": {"review": {"share": "10%", "time": "12 min/image"}}},
            "calendar": [{"vendor": "c", "week": 3, "capacity": "70 EU/week"}],
            "levers": {"more": {"effect": [{"vendors": ["b"], "capacity": "+30 images"}, {"vendors": ["a"], "capacity": "+8 h/week"}]}},
            "review-team": {"wage": "9 USD/h", "people": people, "hours": "40 h/week", "shrinkage": "5%",
                            "answer": answer | ({"handling": handling} if handling else {})},
        }
    )  # fmt: skip
    known = Stated(case)
    for theirs, ours in zip(vendor_capacities(case), known.capacities, strict=True):
        assert (theirs.vendor, theirs.noun, theirs.by_period) == (ours.vendor, ours.noun, ours.by_period)
        np.testing.assert_allclose(theirs.amounts, ours.amounts, rtol=1e-12)
        for (lever, change), (number, added) in zip(theirs.levers, ours.levers, strict=True):
            assert (lever, change.tolist()) == (number, added.tolist())
    np.testing.assert_allclose(review_hours(case, routes(case)), known.checking_hours, rtol=1e-12)
