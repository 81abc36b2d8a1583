"""Scenarios drawn: exact margins, streams by name, blocks, causes, ranks; and the case of one scenario."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scipy import stats

from allocate import solve
from allocate.case.load import Case, read_case
from allocate.case.paths import scaled
from allocate.odds.drawing import draw
from allocate.odds.drawn import drawn_of
from allocate.odds.inputs import input_rows
from allocate.odds.scenarios import scenario_case, settings_of
from allocate.record.as_json import as_json

EFFORT, PRICE, ACCURACY = "products.photos.effort", "vendors.acme.contract.price", "vendors.acme.accuracy"
SMALL: dict[str, Any] = {
    "case": "small",
    "currency": "USD",
    "objective": "cost",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "products": {"photos": {"item": "image", "effort": "12 s/image", "demand": "1_000 images"}},
    "vendors": {
        "acme": {"contract": {"price": "0.40 USD/image"}, "capacity": "3 h/week", "accuracy": "95%"},
        "globex": {"contract": {"price": "0.50 USD/image"}, "accuracy": "97%"},
    },
}


def small(**settings: Any) -> Case:
    """The small case with amounts by dotted path, `.` written as `__` and `-` as `_`."""
    return read_case(SMALL, settings={path.replace("__", "."): value for path, value in settings.items()})


def test_what_is_drawn_has_the_three_quantiles_written() -> None:
    """In 1,024 scenarios one in ten lies below low, half below the middle, one in ten above high."""
    case = small(products__photos__effort="8 .. 12 .. 24 s/image", vendors__acme__accuracy="188 of 200")
    drawn = draw(case)
    assert [np.mean(drawn.amounts[EFFORT] < x) for x in (8, 12, 24)] == pytest.approx([0.1, 0.5, 0.9], abs=0.002)
    one = case.spreads.amounts[ACCURACY]
    assert (one.low, one.middle, one.high) == pytest.approx((0.9152731, 0.9392601, 0.9584726), abs=1e-7)
    assert np.mean(drawn.amounts[ACCURACY]) == pytest.approx(188.5 / 201, abs=1e-4)


def test_another_spread_changes_no_other_draw() -> None:
    """Each amount has a stream of its own; the same seed gives the same scenarios, another one others."""
    alone = draw(small(products__photos__effort="12 s/image ±20%")).amounts[EFFORT]
    case = small(vendors__acme__contract__price="0.40 USD/image ±5%", products__photos__effort="12 s/image ±20%")
    assert (draw(case).amounts[EFFORT] == alone).all()
    assert (draw(case, seed=2).amounts[EFFORT] != alone).any()


def test_each_block_is_a_latin_hypercube() -> None:
    """Each of the eight blocks has one scenario in every equally likely part of each amount."""
    drawn = draw(small(products__photos__effort="12 s/image ±20%"), 64)
    u = stats.rankdata(drawn.amounts[EFFORT].reshape(8, 8), axis=1)
    assert (np.sort(u, axis=1) == np.arange(1, 9)).all()
    assert drawn.blocks.tolist() == np.repeat(np.arange(8), 8).tolist()
    with pytest.raises(ValueError, match="8 equal parts"):
        draw(small(), 100)


def test_amounts_that_go_together_keep_their_margins() -> None:
    """A rank correlation of 60% is met within two points, and each amount's own values stay the same."""
    settings = {"products__photos__effort": "12 s/image ±20%", "vendors__acme__contract__price": "0.40 USD/image ±5%"}
    apart = draw(small(**settings))
    pair = {"together": [{"amounts": [EFFORT, "price of acme"], "correlation": "60%"}]}
    joint = draw(small(**settings, uncertain=pair))
    assert stats.spearmanr(joint.amounts[EFFORT], joint.amounts[PRICE]).statistic == pytest.approx(0.6, abs=0.02)
    assert np.sort(joint.amounts[PRICE]) == pytest.approx(np.sort(apart.amounts[PRICE]), rel=1e-15)
    assert (joint.amounts[EFFORT] == apart.amounts[EFFORT]).all()


def test_a_cause_multiplies_all_its_amounts() -> None:
    """A shared factor multiplies amounts, of an accuracy its errors' odds; an event happens with its chance."""
    causes = {
        "guideline": {"low": "95%", "likely": "102%", "high": "140%", "of": ["effort of photos", "accuracy of acme"]},
        "strike": {"chance": "25%", "then": "60%", "of": "capacity of acme"},
    }
    drawn = draw(small(uncertain={"factors": causes}))
    factor, errors = drawn.factors["guideline"], 1 - drawn.amounts[ACCURACY] / 100
    assert drawn.amounts[EFFORT] == pytest.approx(12 * factor)
    assert errors / (1 - errors) == pytest.approx(0.05 / 0.95 * factor)
    assert np.quantile(factor, [0.1, 0.5, 0.9]) == pytest.approx([0.95, 1.02, 1.40], abs=0.01)
    assert np.mean(drawn.amounts["vendors.acme.capacity"] == 3 * 0.6) == 0.25


@pytest.mark.parametrize(
    ("where", "text", "of"),
    [
        ("vendors__acme__contract__price", "0.30 USD/image + 30 USD/h", "prices of acme"),
        ("vendors__acme__platform_fee", "5% + 0.02 USD/image", "platform fee of acme"),
        ("vendors__acme__platform_fee", "max(4%, 0.02 USD/image)", "platform fee of acme"),
    ],
)
def test_a_cause_moves_all_parts_of_what_is_written_as_a_sum(where: str, text: str, of: str) -> None:
    """An amount of two parts that goes up by a fifth does so in both, in a scenario's case and in what odds count; a price written
    as a sum stayed as it was, and a fee that is the larger of two ended in a traceback."""
    path = where.replace("__", ".").replace("_", "-")
    case = small(**{path: text}, uncertain={"factors": {"talks": {"chance": "50%", "then": "120%", "of": of}}})
    drawn = draw(case)
    (path,) = case.spreads.events[0].of
    up = int(np.argmax(drawn.amounts[path]))
    wanted = solve(small(**{path: scaled(text, Decimal("1.2"))})).plan
    for there in (drawn_of(case, drawn).at(up), scenario_case(case, drawn, up)):
        plan = solve(there).plan
        assert plan is not None
        assert wanted is not None
        assert plan.spend == pytest.approx(wanted.spend)
    assert wanted.spend > solve(small(**{path: text})).plan.spend * 1.001  # type: ignore[union-attr]


@pytest.mark.slow
def test_a_wider_range_moves_every_quantile_away_from_the_middle() -> None:
    """`stretch: 130%`: 1.3 times as far from P50 in logarithms; a counted share stays as it was counted."""
    said = {"products__photos__effort": "12 s/image ±20%", "vendors__acme__accuracy": "188 of 200"}
    plain, wide = draw(small(**said)), draw(small(**said, uncertain={"stretch": "130%"}))
    assert np.log(wide.amounts[EFFORT] / 12) == pytest.approx(1.3 * np.log(plain.amounts[EFFORT] / 12))
    assert (wide.amounts[ACCURACY] == plain.amounts[ACCURACY]).all()


def test_weeks_differ_by_themselves() -> None:
    """`weekly: 15%` gives each period a factor of its own around 1, in the unit of none."""
    drawn = draw(small(vendors__acme__capacity={"value": "3 h/week", "spread": "10%", "weekly": "15%"}))
    weeks = drawn.weekly["vendors.acme.capacity"]
    assert weeks.shape == (1024, 4)
    assert np.quantile(weeks, [0.1, 0.5, 0.9], axis=0) == pytest.approx(
        np.array([[0.85], [1], [1.15]]) * np.ones(4), abs=0.002
    )
    assert np.abs(np.corrcoef(weeks.T) - np.eye(4)).max() < 0.1


def test_a_scenario_is_a_case_that_solves_as_it_is() -> None:
    """Every drawn amount stands in place of its P50, all its digits kept, and nothing uncertain is left."""
    case = small(
        products__photos__effort="12 s/image ±20%", uncertain={"known": [{"of": "effort of photos", "from": "week 2"}]}
    )
    drawn = draw(case, 16)
    there = scenario_case(case, drawn, 3)
    assert not there.spreads
    assert there.products["photos"].effort.number * 3600 == pytest.approx(drawn.amounts[EFFORT][3], rel=1e-15)
    assert settings_of(drawn, 3) == {EFFORT: there.document.at(("products", "photos", "effort"))}
    assert solve(there).status == "optimal"


def test_a_case_is_planned_with_its_middles() -> None:
    """With spreads the plan is that of the case without them; with spreads of no width the answer is the same to the byte."""
    plain = as_json(solve(small()))
    wide, none = (
        as_json(
            solve(small(products__photos__effort=f"12 s/image {width}", vendors__acme__capacity=f"3 h/week {width}"))
        )
        for width in ("±20%", "±0%")
    )
    assert json.dumps(wide["lines"]) == json.dumps(plain["lines"])
    assert (wide["objective"], wide["bound"]) == (plain["objective"], plain["bound"])
    assert {k: v for k, v in none.items() if k not in ("run", "digest")} == {
        k: v for k, v in plain.items() if k not in ("run", "digest")
    }


def test_inputs_are_shown_with_their_quantiles_and_mean() -> None:
    """`costs --spread`: P1 to P99 and mean as worked out with the published equations, in the written unit; an event by its chance."""
    causes = {"strike": {"chance": "25%", "then": "60%", "of": "capacity of acme", "reason": "wage talks"}}
    rows = input_rows(small(products__photos__effort="8 .. 12 .. 24 s/image", uncertain={"factors": causes}))
    assert [row["amount"] for row in rows] == [EFFORT, "strike"]
    assert [rows[0][name] for name in ("p10", "p50", "p90", "p99", "mean")] == pytest.approx(
        [8, 12, 24, 54.7, 14.84], abs=0.05
    )
    assert (rows[0]["unit"], rows[0]["written"]) == ("s/image", "8 .. 12 .. 24 s/image")
    assert [rows[1][name] for name in ("p10", "p50", "mean", "source")] == [0.6, 1.0, pytest.approx(0.9), "wage talks"]


def test_weeks_of_other_amounts_count_by_their_mean() -> None:
    """Weeks that differ by 15 % leave an effort 15 %/√weeks uncertain over the horizon; nothing else is drawn of it."""
    case = small(products__photos__effort={"value": "60 s/image", "weekly": "15%"})
    drawn, weeks = draw(case), case.periods.count
    assert not drawn.weekly
    ratio = np.log(drawn.ratios[EFFORT])
    alone = np.log(1.15) / np.log(9.0) * np.pi / np.sqrt(3.0)  # of a log-logistic week, P90 of which is 15 % up
    assert ratio.std() == pytest.approx(alone / np.sqrt(weeks), rel=0.1)
