"""The page's part on odds: promises, money and work as they may come out, what moves them; nothing without spreads."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from allocate import read_case, solve
from allocate.odds.odds import plan_odds
from allocate.reporting.compose import compose
from allocate.reporting.document import Section

CASE: dict[str, Any] = {
    "case": "scans",
    "currency": "USD",
    "objective": "cost",
    "budget": "18k USD",
    "horizon": {"start": "2027-01-04", "weeks": 14},
    "products": {
        "scans": {
            "item": "image",
            "effort": "96 .. 120 .. 150 s/image",
            "demand": "40_000 images",
            "deadline": "week 10",
        }
    },
    "vendors": {"acme": {"capacity": "150 h/week", "contract": {"price": "0.36 .. 0.42 .. 0.49 USD/image"}}},
}


@pytest.fixture(scope="module", name="sections")
def made() -> dict[str, Section]:
    """The sections of the page of a case with spreads, by title."""
    case = read_case(CASE)
    answer = solve(case)
    return {one.title: one for one in compose(answer, odds=plan_odds(case, answer.plan, table=answer.routes)).sections}


def test_each_promise_stands_with_its_odds_least_likely_first(sections: dict[str, Section]) -> None:
    """Both promises are there, with their chance, and how far they are missed."""
    rows = sections["How likely the plan is kept"].tables[0].rows
    assert [row[:2] for row in rows] == [("budget", "18,000"), ("deadline of scans", "week 10")]
    assert [row[2][:4] for row in rows] == ["73 ±", "76 ±"]
    assert rows[1][-1] == "1.8 weeks or more, 4,228 ±50 images"


def test_spend_and_work_are_fans(sections: dict[str, Section]) -> None:
    """The band of each week lies around its middle, money grows, and the last week has what the odds say."""
    spend = sections["Spend as it may turn out"].chart
    assert spend is not None
    values = [[float(cell.replace(",", "")) for cell in row] for row in spend.figures.rows]
    assert all(low <= middle <= high for _, _, low, middle, high in values)
    assert values[-1][1] == pytest.approx(16_800)
    assert values[-1][2] == pytest.approx(0.36 * 40_000, rel=0.01)
    work = sections["When the work is there"]
    assert work.sentences == ("All of scans are there by week 9 as planned in 55%.",)


def test_what_moves_it_adds_up(sections: dict[str, Section]) -> None:
    """The bars of the waterfall follow one another up to the whole variance."""
    chart = sections["What moves the result"].chart
    assert chart is not None
    assert chart.figures.rows[0][0] == "prices of acme"
    bars = chart.specification["data"]["values"] if "values" in chart.specification.get("data", {}) else None
    bars = bars or chart.specification["layer"][0]["data"]["values"]
    assert all(one["end"] == pytest.approx(two["start"]) for one, two in pairwise(bars))
    assert bars[-1]["end"] == pytest.approx(100.0, abs=5.0)


def test_without_spreads_there_is_no_such_part() -> None:
    """A case that says nothing of what may come out differently has no odds on its page."""
    plain = {**CASE, "vendors": {"acme": {"capacity": "150 h/week", "contract": {"price": "0.42 USD/image"}}}}
    answer = solve(read_case(plain, settings={"products.scans.effort": "120 s/image"}))
    assert not [one for one in compose(answer).sections if "likely" in one.title]
