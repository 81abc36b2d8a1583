"""Sensitivity: every input found, traced to its place, and each bar what separate solves say."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from study.small import small

from allocate import read_case, solve
from allocate.case.inputs import inputs
from allocate.case.load import Case, revised
from allocate.case.paths import in_whole, scaled, with_errors
from allocate.errors import CaseError
from allocate.explaining.repriced import with_prices
from allocate.study.sensitivity import Vary, curve_ends, sensitivity

SEASON = Path(__file__).resolve().parents[2] / "cases" / "season"
PORTFOLIO = Path(__file__).resolve().parents[2] / "cases" / "portfolio"


@pytest.mark.parametrize(
    ("written", "factor", "wanted"),
    [
        ("250k USD", "1.1", "275k USD"),
        ("63 USD/1000 boxes", "0.9", "56.7 USD/1000 boxes"),
        ("1_200 h/week", "0.5", "600 h/week"),
        ("97%", "1.1", "106.7%"),
        (0.25, "2", "0.5"),
        ("0.10 USD/image + 3 USD/h", "1.1", "0.11 USD/image + 3.3 USD/h"),
        ("0.10 USD/image + dear", "1.1", None),
        ("max(20%, 0.01 USD/label)", "1.1", "max(22%, 0.011 USD/label)"),
        ("week 9", "2", None),
        (True, "2", None),
    ],
)
def test_written_amounts_keep_their_unit(written: object, factor: str, wanted: str | None) -> None:
    """The number grows, what stands behind it stays; what is not an amount is left alone."""
    assert scaled(written, Decimal(factor)) == wanted


def test_of_an_accuracy_the_errors_grow() -> None:
    """A tenth more errors of 95% is 94.5%; nothing comes out below zero."""
    assert with_errors("95%", Decimal("1.1")) == "94.5%"
    assert with_errors("0.98", Decimal("0.5")) == "0.99"
    assert with_errors("10%", Decimal(2)) is None


def test_people_move_by_whole_ones_and_by_one_at_least() -> None:
    """A tenth of 8 people is one, a tenth of 25 is three; nobody is nobody, and a share of a person is no head count."""
    assert [in_whole("8 people", Decimal(by)) for by in ("0.9", "1", "1.1")] == ["7 people", "8 people", "9 people"]
    assert [in_whole(25, Decimal(by)) for by in ("0.9", "1.1")] == ["22", "28"]
    assert in_whole(0, Decimal("1.1")) is None
    assert in_whole("2.5", Decimal("1.1")) is None


TEAM = {
    "people": 4, "hours": "40 h/week", "wage": "20 USD/h", "shifts": {"seats": 2, "further": [{"cost": "300 USD/week"}]},
    "hire": {"cost": "500 USD"}, "release": {"cost": "700 USD"},
}  # fmt: skip


def test_all_that_is_paid_beside_prices_moves() -> None:
    """Wages, people, seats, shifts, hiring, platform and fixed fees, API prices and levers are inputs, each with all its amounts."""
    fees = {
        "retainer": "1k USD/month",
        "product-start": "50 USD",
        "seat": {"price": "90 USD/month", "carries": "160 h/month"},
    }
    found = {
        one.name: {path for path, _ in one.values}
        for one in inputs(
            read_case(
                {
                    "case": "paid", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 4}, "objective": "cost",
                    "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "200 images", "drivers": {"label": "2/image"}}},
                    "vendors": {
                        "crew": {"team": TEAM},
                        "payroll": {"people": 3, "staffing": "employed", "hours": "40 h/week", "contract": {"price": "25 USD/h"}},
                        "acme": {"contract": {"price": "1 USD/image", "fees": fees}, "onboarding": "200 USD", "platform-fee": "max(20%, 0.01 USD/label)"},
                    },
                    "workflows": {"proposed": {"pre-label": {"time-factor": 0.8, "cost": "0.01 USD/image"}}},
                    "levers": {"tool": {"cost": "2k USD", "running-cost": "100 USD/week", "opens": {"workflows": "proposed"}, "effect": [{"hours": "-30%", "accuracy": "-1 points"}]}},
                }
            )
        )
    }  # fmt: skip
    team = "vendors.crew.team"
    assert found["wages of crew"] == {f"{team}.wage"}
    assert found["people of crew"] == {f"{team}.people"}
    assert found["seats of crew"] == {f"{team}.shifts.seats"}
    assert found["cost of shifts of crew"] == {f"{team}.shifts.further.0.cost"}
    assert found["cost of hiring and release of crew"] == {f"{team}.hire.cost", f"{team}.release.cost"}
    assert found["wages of payroll"] == {"vendors.payroll.contract.price"}
    assert found["people of payroll"] == {"vendors.payroll.people"}
    assert found["platform fee of acme"] == {"vendors.acme.platform-fee"}
    beside = {f"vendors.acme.contract.fees.{key}" for key in ("retainer", "product-start", "seat.price")}
    assert found["fixed fees of acme"] == {"vendors.acme.onboarding", *beside}
    assert found["API price of proposed"] == {"workflows.proposed.pre-label.cost"}
    assert found["time left by proposals of proposed"] == {"workflows.proposed.pre-label.time-factor"}
    assert found["effect of lever tool"] == {"levers.tool.effect.0.hours", "levers.tool.effect.0.accuracy"}
    assert found["cost of lever tool"] == {"levers.tool.cost", "levers.tool.running-cost"}


def test_what_a_stock_serves_is_demand() -> None:
    """What each month takes out of a stock moves with the demand for the product."""
    (demand,) = [one for one in inputs(read_case(SEASON)) if one.name == "demand for tools"]
    needs = [path for path, _ in demand.values if "stock" in path]
    assert needs == [f"products.tools.stock.needs.{month}.items" for month in range(6)]


TIERS = {"steps": [{"up-to": "100 images", "price": "5 USD/image"}, {"price": "4 USD/image"}]}


@pytest.mark.parametrize(
    "contract",
    [
        {"price": "2 USD/image + 3 USD/box + 360 USD/h"},
        {"price": "2 USD/image", "plus": ["3 USD/box", "360 USD/h"]},
        {"tiers": TIERS},
        {"price": "5 USD/image", "volume-discount": {"steps": [{"from": "10 items", "prices": {"p": "4 USD/image"}}]}},
    ],
    ids=["a sum", "further parts", "steps", "prices of a discount"],
)
def test_all_prices_of_a_vendor_move(contract: dict[str, Any]) -> None:
    """A tenth more for all it asks is a tenth more spend, by what a study writes and by what an explanation moves."""
    product = {"item": "image", "effort": "36 s/image", "demand": "200 images", "drivers": {"box": "1/image"}}
    case = read_case(
        {
            "case": "prices", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 4}, "objective": "cost",
            "products": {"p": product}, "vendors": {"v": {"contract": contract}}, "workflows": ["single-pass"],
        }
    )  # fmt: skip
    (prices,) = [one for one in inputs(case) if one.name == "prices of v"]
    before = solve(case).objective
    assert before is not None
    assert solve(revised(case, prices.settings(Decimal("1.1")))).objective == pytest.approx(1.1 * before)
    assert solve(with_prices(case, 0, 1.1)).objective == pytest.approx(1.1 * before)


def test_worth_in_steps_moves_too() -> None:
    """100 items of 0.50 USD and 100 of 0.20 USD are worth 70 USD; a tenth more is 77."""
    steps = [{"up-to": "100 images", "worth": "0.5 USD/image"}, {"worth": "0.2 USD/image"}]
    product = {"item": "image", "effort": "36 s/image", "demand": "200 images", "value": {"steps": steps}}
    case = read_case(
        {
            "case": "worth", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 4}, "objective": "value",
            "products": {"p": product}, "vendors": {"v": {"contract": {"price": "0.1 USD/image"}}}, "workflows": ["single-pass"],
        }
    )  # fmt: skip
    (worth,) = [one for one in inputs(case) if one.name == "worth of p"]
    assert solve(case).objective == pytest.approx(70.0)
    assert solve(revised(case, worth.settings(Decimal("1.1")))).objective == pytest.approx(77.0)


def test_inputs_are_found_and_traced_to_their_places() -> None:
    """Prices and errors by vendor from the rate card, demand, worth, exchange, wages: each with file and line."""
    found = {one.name: one for one in inputs(read_case(PORTFOLIO))}
    for name in ("budget", "hurdle", "exchange rate of PHP", "wage of the review team", "capacity of manila"):
        assert found[name].place.startswith("case.yaml:")
    assert found["errors of manila"].place.startswith("rates.csv:")
    assert "and" in found["errors of manila"].place
    assert {path for path, _ in found["demand for speech"].values} == {
        "products.speech.demand.at-least",
        "products.speech.demand.at-most",
    }


@pytest.mark.slow
def test_every_bar_is_what_separate_solves_say() -> None:
    """Each end of each bar is recomputed by a solve of its own; the longest bar comes first."""
    case = read_case(small())
    study = sensitivity(case, 0.2)
    before = solve(case).objective
    rows = {row["input"]: row for row in study.rows}
    assert len(rows) >= 9
    for point in study.points[1:]:
        answer = solve(revised(case, point.settings))
        row, side = rows[point.at["input"]], point.at["side"]
        assert row[f"status_{side}"] == answer.status.value
        if answer.plan is not None:
            assert row[f"change_{side}"] == pytest.approx(answer.objective - before, abs=1e-6)
    swings = [row["swing"] for row in study.rows if row["swing"] is not None]
    assert swings == sorted(swings, reverse=True)
    assert study.rows[0]["input"] in study.notes[-1] or study.rows[0]["swing"] is None


POINTS = [
    {"labels": 500, "score": 60},
    {"labels": 1_000, "score": 67},
    {"labels": 2_000, "score": 72.5},
    {"labels": 4_000, "score": 76},
]


def _with_curve(curve: dict[str, Any]) -> Case:
    """Two vendors without a stated accuracy or pace label for one product with a learning curve."""
    value = {"curve": curve, "worth": "2_000 USD/point", "existing": "1_000 images"}
    return read_case(
        {
            "case": "curves",
            "currency": "USD",
            "horizon": {"start": "2027-01-04", "weeks": 4},
            "objective": "net-value",
            "products": {
                "cats": {
                    "item": "image",
                    "effort": "10 s/image",
                    "demand": {"at-most": "60_000 images"},
                    "value": value,
                }
            },
            "vendors": {
                "own": {"people": 2, "hours": "40 h/week", "contract": {"price": "20 USD/h"}},
                "acme": {"accuracy": "95%", "productivity": "100%", "contract": {"price": "0.30 USD/image"}},
            },
        }
    )


@pytest.mark.slow
def test_learning_curves_go_to_their_ends_and_to_other_families() -> None:
    """A fan goes to P10 and P90 and through a cautious and a bold family; each bar is what a solve of its own finds."""
    case = _with_curve({"points": POINTS, "fit": "fan"})
    before, study = solve(case).objective, sensitivity(case)
    rows = {row["input"]: row for row in study.rows}
    curve = "products.cats.value.curve"
    wanted = {
        ("learning curve of cats: P10, P90", "low"): [f"{curve}.quantile=10%"],
        ("learning curve of cats: P10, P90", "high"): [f"{curve}.quantile=90%"],
        ("learning curve of cats by family: exponential, power-law", "low"): [
            f"{curve}.fit=exponential",
            f"{curve}.extrapolate=8",
        ],
        ("learning curve of cats by family: exponential, power-law", "high"): [
            f"{curve}.fit=power-law",
            f"{curve}.extrapolate=8",
        ],
    }
    for (name, side), settings in wanted.items():
        found = solve(revised(case, settings)).objective
        assert rows[name][f"change_{side}"] == pytest.approx(found - before, abs=1e-6), (name, side)
    low, high = (rows["learning curve of cats: P10, P90"][f"change_{side}"] for side in ("low", "high"))
    assert low < 0.0 < high
    plan = solve(case).plan
    assert plan is not None
    assert plan.value_range is not None
    held = [plan.net_value - plan.value + end for end in (plan.value_range.low, plan.value_range.high)]
    assert any(
        f"With the plan as it is, net value is {held[0]:,.2f} to {held[1]:,.2f} USD" in note for note in study.notes
    )


def test_a_family_is_tried_through_more_points_than_it_has_parameters_only() -> None:
    """Through three points any exponential goes: that end stays as it is; points used as they are have no other family."""
    _, three = curve_ends(_with_curve({"points": POINTS[:3], "fit": "fan"}))
    assert (three.name, three.low) == ("learning curve of cats by family: power-law", None)
    assert list(curve_ends(_with_curve({"points": POINTS}))) == []


def test_a_family_chosen_by_hand_is_held_against_the_fan() -> None:
    """Where the case says `fit: power-law` itself, the bold end is the fan."""
    (ends,) = curve_ends(_with_curve({"points": POINTS, "fit": "power-law", "extrapolate": 8}))
    assert ends.name == "learning curve of cats by family: exponential, fan"
    assert ends.high == {"products.cats.value.curve.fit": "fan"}


@pytest.mark.slow
def test_figures_that_are_not_stated_are_moved_too() -> None:
    """Default accuracy, pace and shrinkage of people of whom the case says nothing go to the ends of what is plausible."""
    rows = {row["input"]: row for row in sensitivity(_with_curve({"points": POINTS, "fit": "fan"})).rows}
    shrinkage = rows["shrinkage of own: 0% to 30%"]
    assert shrinkage["place"] == "not stated"
    assert shrinkage["change_low"] == 0.0
    assert shrinkage["change_high"] < 0.0
    assert rows["accuracy of own: 93.4% to 98.35%: twice the errors, half of them"]["swing"] > 0.0
    assert rows["productivity of own: 80% to 120%"]["swing"] > 0.0
    assert not any(name.startswith(("accuracy of acme", "productivity of acme")) for name in rows)


@pytest.mark.slow
def test_named_values_only() -> None:
    """With paths named, those are varied and nothing else."""
    study = sensitivity(read_case(small()), 0.1, [Vary("vendors.acme.contract.price")])
    assert [row["input"] for row in study.rows] == ["vendors.acme.contract.price"]
    assert study.rows[0]["set_high"] == "vendors.acme.contract.price=16.5 USD/h"


def test_a_path_without_an_amount_is_a_mistake() -> None:
    """What cannot be made larger by a share has to be given in values."""
    with pytest.raises(CaseError, match="not an amount"):
        sensitivity(read_case(small()), 0.1, [Vary("vendors.acme.lead")])


@pytest.mark.slow
def test_two_lists_give_every_pair() -> None:
    """A two-way table holds the solve of every pair of values."""
    case = read_case(small())
    budgets, hurdles = ("200 USD", "400 USD"), ("1", "1.5")
    study = sensitivity(case, vary=[Vary("budget", budgets), Vary("hurdle", hurdles)])
    for row, (budget, hurdle) in zip(study.rows, itertools.product(budgets, hurdles), strict=True):
        assert (row["budget"], row["hurdle"]) == (budget, hurdle)
        answer = solve(revised(case, {"budget": budget, "hurdle": hurdle}))
        assert row["objective"] == pytest.approx(answer.objective, abs=1e-6)


def test_values_the_case_cannot_take_are_mistakes() -> None:
    """A list is checked before anything is solved."""
    with pytest.raises(CaseError, match=r"vendors\.acme\.capacity"):
        sensitivity(read_case(small()), vary=[Vary("vendors.acme.capacity", ("9 h/week", "9 USD"))])


@pytest.mark.slow
def test_an_amount_with_a_range_goes_to_its_ends() -> None:
    """A price of 0.40 .. 0.50 .. 0.80 is planned at 0.40 and 0.80 in place of ten per cent less and more; others keep their step."""
    case = read_case(
        PORTFOLIO.parent / "vendor-comparison",
        settings=["vendors.vendor-a.contract.price=0.40 .. 0.50 .. 0.80 USD/image"],
    )
    rows = {row["input"]: row for row in sensitivity(case).rows}
    row = rows["vendors.vendor-a.contract.price: P10, P90"]
    alone = [
        solve(
            read_case(
                PORTFOLIO.parent / "vendor-comparison", settings=[f"vendors.vendor-a.contract.price={price} USD/image"]
            )
        )
        for price in ("0.40", "0.80")
    ]
    assert [row["objective_low"], row["objective_high"]] == [pytest.approx(one.objective) for one in alone]
    assert not any(name.startswith("prices of vendor-a") for name in rows)
    assert any(name.startswith("prices of vendor-b") for name in rows)
