"""Seats and licences: whole numbers, each carries so much work in its window."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import exact, only, pays_its_invoice, spend_of, written
from mistakes import clause, told_once_each

from allocate import read_case, solve

SEAT = {"price": "99 USD/month", "carries": "160 h/month"}
"""One seat is enough for one person's month."""


def seats_of(case: dict[str, Any]) -> list[tuple[str, float, float]]:
    """Window, number and money of every entry of seats in the best plan's invoice."""
    answer = solve(read_case(case))
    pays_its_invoice(answer)
    assert answer.plan is not None
    rows = answer.plan.invoice
    rows = rows[rows["clause"] == "seats"]
    return list(zip(rows["window"], rows["quantity"], rows["amount"], strict=True))


@pytest.mark.parametrize(("items", "seats"), [(15_999, 1), (16_000, 1), (16_001, 2), (32_000, 2), (0, 0)])
def test_a_seat_more_from_the_first_item_it_does_not_carry(items: int, seats: int) -> None:
    """160 h carry 16,000 images of 36 s; the next image needs a second seat, no image none."""
    horizon = {"start": "2027-02-01", "months": 1}
    case = only({"price": "0.01 USD/image", "fees": {"seat": SEAT}}, items, exchange={}, horizon=horizon)
    assert seats_of(case) == ([("2027-02", seats, pytest.approx(99.0 * seats, abs=1e-9))] if seats else [])


def test_each_month_has_seats_of_its_own_paid_whole() -> None:
    """24,000 images over two months: a full seat in one month and half of one in the other are two, each paid whole."""
    case = only(
        {"price": "0.01 USD/image", "fees": {"seat": SEAT}},
        24_000, exchange={}, horizon={"start": "2027-01-01", "months": 2},
    )  # fmt: skip
    assert spend_of(case) == pytest.approx(240 + 2 * 99)
    assert sum(number for _, number, _ in seats_of(case)) == 2


@pytest.mark.parametrize(("months", "seats"), [(14, [2, 1]), (12, [3])])
@pytest.mark.parametrize("unit", ["month", "week"])
def test_a_seat_by_the_year_is_paid_whole_in_its_first_period(unit: str, months: int, seats: list[int]) -> None:
    """200 images in the first year from 15 February on and 75 in the second, or all in one; a licence of 1,000 USD carries 100."""
    seat = {"price": "1_000 USD/year", "carries": "100 images/year"}
    vendors = {"v": {"contract": {"price": "0.01 USD/image", "fees": {"seat": seat}}}}
    long = {"months": months} if unit == "month" else {"weeks": 60 if months > 12 else 52}
    case = written(vendors, products=("one", "two"), exchange={}, horizon={"start": "2027-02-15", **long})
    last, after = ("month 12", "month 13") if unit == "month" else ("week 53", "week 54")
    case["products"]["one"] |= {"demand": "200 images"} | ({"deadline": last} if len(seats) > 1 else {})
    case["products"]["two"] |= {"demand": "75 images"} | ({"from": after} if len(seats) > 1 else {})
    assert seats_of(case) == [(f"year {n}", many, pytest.approx(1_000.0 * many)) for n, many in enumerate(seats, 1)]


def test_a_month_cut_by_the_horizon_is_paid_whole() -> None:
    """One week in the middle of January needs a whole month's seat, which carries a whole month's work."""
    case = only({"price": "1 USD/image", "fees": {"seat": {**SEAT, "carries": "30 images/month"}}}, 40)
    assert seats_of(case) == [("2027-01", 2, pytest.approx(198))]


def test_licences_may_be_of_some_products() -> None:
    """The tool is for product two alone: 40 of its images need two licences of 25, those of product one none."""
    seat = {"name": "video tool", "products": "two", "price": "7 USD", "carries": "25 images"}
    case = written({"v": {"contract": {"price": "1 USD/image", "fees": {"seat": [seat]}}}}, products=("one", "two"))
    assert spend_of(case) == pytest.approx(80 + 14)
    answer = solve(read_case(case))
    assert answer.plan is not None
    (row,) = answer.plan.invoice.query("clause == 'seats'").to_dict("records")
    assert (row["about"], row["window"], row["unit"], row["unit_price"]) == ("video tool", "the horizon", "seat", 7.0)


def test_idle_seats_are_not_bought_to_reach_a_share() -> None:
    """A fifth of the spend with v takes work of v; its seats are dear, and only those in use are owed."""
    seat = {"price": "5 USD", "carries": "10 images"}
    vendors = {
        "v": {"contract": {"price": "1 USD/image", "fees": {"seat": seat}}},
        "w": {"contract": {"price": "0.5 USD/image"}},
    }
    keep = {"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "40%"}}
    exact(written(vendors, least=80, most=80, rules=[keep]))


def test_work_goes_where_a_seat_is_not_needed() -> None:
    """45 images: four seats of ten at v and five images at w cost 40 + 8 + 10, five seats 45 + 10."""
    vendors = {
        "v": {"contract": {"price": "1 USD/image", "fees": {"seat": {"price": "2 USD", "carries": "10 images"}}}},
        "w": {"contract": {"price": "1.3 USD/image"}},
    }
    assert spend_of(written(vendors, least=45, most=45)) == pytest.approx(40 + 8 + 5 * 1.3)


MISTAKES: list[Any] = [
    pytest.param(
        clause("fees: {seat: {price: 99 USD/month, carries: 40 h/week}}"),
        "case.yaml:32:89",
        "the seat is paid by the month ('99 USD/month') and carries work by the week ('40 h/week')",
        "write `40 h/month`, with the work of a month",
        id="a seat paid by one time that carries by another",
    ),
    pytest.param(
        clause("fees: {seat: {price: 99 USD/day, carries: 8 h/day}}"),
        "case.yaml:32:66",
        "seats are not sold by the day",
        "write both by week, month, quarter or year",
        id="a seat by the day",
    ),
    pytest.param(
        clause("fees: {seat: {price: 99 USD/month, carries: 9 labels/month}}"),
        "case.yaml:32:89",
        "a seat carries labels, which no product has",
        "write hours, items or EU",
        id="a seat that carries what nobody counts",
    ),
    pytest.param(
        clause("fees: {seat: {price: 99 USD/month, carries: 9 h/month, products: [triag]}}"),
        "case.yaml:32:110",
        "there is no product 'triag'",
        "did you mean 'triage'?",
        id="a seat for a product that is not there",
    ),
    pytest.param(
        clause("fees: {seat: {price: 99 USD/month, carries: 0 h/month}}"),
        "case.yaml:32:89",
        "vendors.acme.contract.fees.seat.carries is not above 0 ('0 h/month')",
        "write an amount above zero",
        id="a seat that is free of work",
    ),
    pytest.param(
        clause("fees: {seat: {price: 9 USD/h, carries: 9 h/month}}"),
        "case.yaml:32:66",
        "vendors.acme.contract.fees.seat.price expects money per week or month, or an amount of money, got money per hour ('9 USD/h')",
        "write it as in `99 USD/month`",
        id="a seat priced by the hour",
    ),
]

test_mistakes = told_once_each(MISTAKES)
