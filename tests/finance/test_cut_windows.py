"""Months and quarters that the horizon cuts are said in a note, with their money."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case, solve


def notes(contract: dict[str, Any], horizon: dict[str, Any]) -> list[str]:
    """Notes on windows of a plan of 50 items a week, or 200 a month, with one vendor."""
    case = {
        "case": "cut",
        "currency": "USD",
        "objective": "cost",
        "horizon": horizon,
        "products": {"thing": {"item": "image", "effort": "1 h/image", "demand": "1_200 images"}},
        "vendors": {"v": {"accuracy": "100%", "capacity": "300 images/week", "contract": contract}},
        "workflows": {"plain": {}},
        "rules": [{"name": "even", "share": {"vendor": "v", "of": "items", "at-least": "10%"}}],
    }
    return [one for one in solve(read_case(case)).notes if one.startswith("the horizon has")]


HALF_A_YEAR = {"start": "2027-01-04", "weeks": 26}
PLAIN = {"price": "1 USD/image"}


def test_four_days_of_a_quarter_keep_a_whole_commitment() -> None:
    """26 weeks reach four days into the third quarter, for which 400 USD are promised as for a whole one."""
    found = notes({**PLAIN, "commitment": {"at-least": "400 USD", "window": "quarter"}}, HALF_A_YEAR)
    (said,) = [one for one in found if "2027-Q3" in one]
    assert "4 of the 92 days of 2027-Q3, and v is promised the whole 400 USD in it" in said
    assert said.endswith("USD of it are paid without work")


def test_seats_and_steps_of_a_cut_month_are_said_with_their_money() -> None:
    """Three days of April are left: seats are paid whole for them, and steps begin again."""
    tiers = {"window": "month", "steps": [{"price": "2 USD/image", "up-to": "9 images"}, {"price": "1 USD/image"}]}
    contract = {"tiers": tiers, "fees": {"seat": {"price": "99 USD/month", "carries": "160 h/month"}}}
    found = notes(contract, {"start": "2027-04-28", "weeks": 4})
    assert [one.split(":")[0] for one in found] == [
        "the horizon has 3 of the 30 days of 2027-04, and the steps of v count it from their start",
        "the horizon has 25 of the 31 days of 2027-05, and the steps of v count it from their start",
        "the horizon has 3 of the 30 days of 2027-04, and its seats with v are paid whole",
        "the horizon has 25 of the 31 days of 2027-05, and its seats with v are paid whole",
    ]
    assert any(one.endswith(" USD") and not one.endswith(" 0.00 USD") for one in found)


def test_a_discount_of_a_cut_month_is_said_though_nothing_is_taken_off() -> None:
    """A thousand images that three days do not reach: the reader has to know that the month is counted from its start."""
    discount = {"steps": [{"from": "1_000 images", "off": "5%"}], "window": "month"}
    found = notes({**PLAIN, "volume-discount": discount}, {"start": "2027-04-28", "weeks": 4})
    assert found[0] == (
        "the horizon has 3 of the 30 days of 2027-04, and the volume discount of v counts it from its start: 0.00 USD"
    )


@pytest.mark.parametrize(
    ("horizon", "window", "cut"),
    [
        ({"start": "2027-01-01", "months": 6}, "quarter", []),
        ({"start": "2027-01-15", "months": 6}, "month", []),
        ({"start": "2027-02-01", "months": 4}, "quarter", ["2 of the 3 months of 2027-Q1", "2 of the 3 months of 2027-Q2"]),
        ({"start": "2027-02-01", "weeks": 4}, "month", []),
        (HALF_A_YEAR, "horizon", []),
    ],
)  # fmt: skip
def test_whole_windows_need_no_note(horizon: dict[str, Any], window: str, cut: list[str]) -> None:
    """Whole months and quarters, and months of a plan by months wherever they begin, are cut by nothing."""
    rebate = {"steps": [{"at-least": "10k USD", "back": "2%"}], "window": window}
    found = notes({**PLAIN, "rebate": rebate}, horizon)
    assert [one.removeprefix("the horizon has ").split(", and")[0] for one in found] == cut
