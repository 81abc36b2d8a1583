"""Amounts of items too small to be planned with are refused, at reading or after the search, and never planned wrongly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from contract_cases import contract_case
from scaled_cases import with_items_by

from allocate import CaseError, read_case, solve


@pytest.mark.parametrize("seed", [2, 7])
def test_ever_larger_items_are_planned_alike_or_refused(seed: int) -> None:
    """So many images are one item, in powers of ten: the same optimum, or an error that says how few items are planned."""
    source = contract_case(seed)
    before = solve(read_case(source)).objective
    assert solve(read_case(with_items_by(source, Decimal(10) ** 6))).objective == pytest.approx(before)
    for power in (8, 9):
        with pytest.raises(CaseError) as raised:
            solve(read_case(with_items_by(source, Decimal(10) ** power)))
        assert all("the least that is planned with" in one.message and one.fix for one in raised.value.problems)


def test_so_little_that_only_money_and_prices_say_it_is_refused_after_the_search() -> None:
    """Ten dollars buy a hundred-millionth of an item that costs a billion: no plan of nothing is called best."""
    points = [{"labels": 0, "score": 0}, {"labels": 1, "score": 1}]
    case = {
        "case": "little",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "objective": "value",
        "budget": "10 USD",
        "products": {
            "p": {"item": "image", "effort": "10 s/image", "value": {"curve": points, "worth": "1e10 USD/point"}}
        },
        "vendors": {"v": {"accuracy": "100%", "contract": {"price": "1_000_000_000 USD/image"}}},
        "workflows": {"plain": {}},
    }
    with pytest.raises(CaseError) as raised:
        solve(read_case(case))
    (problem,) = raised.value.problems
    assert problem.message.startswith("the best plan has 1e-08 items of p")
