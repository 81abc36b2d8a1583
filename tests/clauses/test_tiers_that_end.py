"""Prices by volume that end on a date: introductory prices and free quotas, and what holds after them."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from planted_faults.planting import Fault, planted
from planted_faults.small import Small
from python_calamine import CalamineWorkbook

from allocate import read_case, solve
from allocate.answers import Answer, UnverifiedPlanError
from allocate.case.inputs import inputs
from allocate.case.load import revised
from allocate.costing.trace import trace
from allocate.errors import CaseError
from allocate.explaining.repriced import with_prices
from allocate.finance.invoice_table import invoice_table
from allocate.reporting.workbook.write import write_workbook

Steps = tuple[tuple[float, int | None], ...]
"""Price, and quantity it holds up to."""
FREE: Steps = ((0.0, 2), (0.4, None))
COSTLIER: Steps = ((0.6, 3), (0.3, None))


def tiers(steps: Steps, **more: Any) -> dict[str, Any]:
    """A list of prices by volume."""
    found = [{"price": f"{p} USD/image", **({"up-to": f"{end} images"} if end else {})} for p, end in steps]
    return {"steps": found, **more}


def case(
    lists: list[dict[str, Any]], demand: int = 9, weeks: int = 4, capacity: int = 3, **contract: Any
) -> dict[str, Any]:
    """One product, one vendor that asks these prices, in a few weeks of a few images."""
    return {
        "case": "ending", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": weeks},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": {"exactly": f"{demand} images"}}},
        "vendors": {"v": {"contract": {"tiers": lists, **contract}, "capacity": f"{capacity} images/week"}},
        "workflows": {"plain": {}},
    }  # fmt: skip


def bill(answer: Answer) -> list[tuple[str, str, float, float]]:
    """Window, clause, quantity and amount of every entry."""
    assert answer.plan is not None
    entries = answer.plan.invoice.to_dict("records")
    return [(one["window"], one["clause"], one["quantity"], one["amount"]) for one in entries]


def test_a_free_quota_ends_and_the_price_holds() -> None:
    """500 free and 1,500 at 0.40 in the two weeks to the 17th, 1,000 at 0.50 after: 0 + 600 + 500 = 1,100."""
    free = tiers(((0.0, 500), (0.4, None)), until="2027-01-17")
    answer = solve(read_case(case([free], 3000, capacity=1000, price="0.5 USD/image")))
    assert bill(answer) == [
        ("the horizon until week 2", "tier", pytest.approx(500), pytest.approx(0)),
        ("the horizon until week 2", "tier", pytest.approx(1500), pytest.approx(600)),
        ("the horizon from week 3", "tier", pytest.approx(1000), pytest.approx(500)),
    ]


def test_a_week_the_date_lies_in_keeps_the_old_prices() -> None:
    """The 13th is a Wednesday of week 2, which is at the old price whole; a date that ends week 1 leaves week 2 to the new."""
    for until, old in (("2027-01-13", 6), ("2027-01-10", 3), ("week 2", 6)):
        answer = solve(read_case(case([tiers(((0.1, None),), until=until)], price="0.5 USD/image")))
        assert answer.plan is not None
        assert answer.plan.spend == pytest.approx(0.1 * old + 0.5 * (9 - old))


def charged(steps: Steps, units: float, kind: str) -> float:
    """What units of a window cost by some steps."""
    start, found = 0.0, 0.0
    for price, end in steps:
        inside = units > start or start == 0.0
        if kind == "all-unit" and inside:
            found = price * units
        elif inside:
            found += price * (min(units, end or units) - start)
        start = float(end or 0)
    return found


@pytest.mark.parametrize("kind", ["incremental", "all-unit"])
@pytest.mark.parametrize("window", ["horizon", "period", "month"])
@pytest.mark.parametrize("after", [COSTLIER, ((0.2, None),)])
def test_no_split_over_the_weeks_is_cheaper(kind: str, window: str, after: Steps) -> None:
    """Against every split of whole images over four weeks, two of them at prices that end: by horizon, week, and month."""
    same = {"kind": kind, "window": window}
    answer = solve(read_case(case([tiers(FREE, until="week 2", **same), tiers(after, **same)])))
    # Of the horizon's weeks, all lie in January: each window is cut once, or is a week.
    windows = [(0,), (1,), (2,), (3,)] if window == "period" else [(0, 1), (2, 3)]
    costs = []
    for weeks in itertools.product(range(4), repeat=4):
        if sum(weeks) == 9:
            units = [sum(weeks[week] for week in some) for some in windows]
            costs.append(sum(charged(FREE if some[0] < 2 else after, many, kind) for some, many in zip(windows, units, strict=True)))  # fmt: skip
    assert answer.plan is not None
    assert answer.plan.spend <= min(costs) + 1e-6
    # Between whole images all units may cost the price just above the end of a step.
    assert answer.plan.spend >= min(costs) - (0.5 if kind == "all-unit" else 1e-6)


def test_a_commitment_and_a_rebate_count_both() -> None:
    """800 before and 300 after are 1,100 of the 1,500 promised: 400 are paid for nothing, a tenth of 1,100 comes back."""
    lists = [
        tiers(((0.5, 700), (0.4, None)), until="week 2", kind="all-unit"),
        tiers(((0.6, 800), (0.3, None)), kind="all-unit"),
    ]
    more = {"commitment": "1500 USD", "rebate": {"steps": [{"at-least": "500 USD", "back": "10%"}]}}
    answer = solve(read_case(case(lists, 3000, capacity=1000, **more)))
    assert answer.plan is not None
    assert {one[1]: one[3] for one in bill(answer) if one[1] != "tier"} == pytest.approx(
        {"commitment": 400, "rebate": -110}
    )
    assert answer.plan.spend == pytest.approx(1390)


def test_three_lists_follow_one_another() -> None:
    """Free for a week, a tenth for the next, then the last list: 0 + 0.3 + 3 x 0.6 = 2.10."""
    lists = [tiers(((0.0, None),), until="week 1"), tiers(((0.1, None),), until="week 2"), tiers(COSTLIER)]
    answer = solve(read_case(case(lists)))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(0.3 + 1.8)


def test_the_workbook_follows_prices_that_end(tmp_path: Path) -> None:
    """Every amount is a formula, of the steps that hold in its window."""
    answer = solve(read_case(case([tiers(FREE, until="week 2"), tiers(COSTLIER)])))
    book = CalamineWorkbook.from_path(write_workbook(answer, tmp_path / "ending.xlsx"))
    said = {row[0]: row[1] for row in book.get_sheet_by_name("Summary").to_python() if row and row[0]}
    assert answer.plan is not None
    assert said["Spend by the invoice"] == pytest.approx(answer.plan.spend)
    assert any(str(words).startswith("Every amount follows") for words in said)
    names = {(row[0], row[1], row[2]) for row in book.get_sheet_by_name("Inputs").to_python()}
    assert {("price of a step", "v, tiers 2, step 1", 0.6), ("price of a step", "v, tiers 1, step 2", 0.4)} <= names


def test_where_prices_come_from_is_listed_in_time() -> None:
    """Each list with what it follows, and the price after the last."""
    lists = [tiers(FREE, until="week 1"), tiers(COSTLIER, until="week 2")]
    inputs = trace(read_case(case(lists, price="0.5 USD/image")), "p", "v", "plain")
    assert [(one.what, one.value) for one in inputs if one.what.startswith("price")] == [
        ("price, up to 2 images", "0.0 USD/image"), ("price, from there on", "0.4 USD/image"),
        ("price after week 1, up to 3 images", "0.6 USD/image"), ("price after week 1, from there on", "0.3 USD/image"),
        ("price after week 2", "0.5 USD/image"),
    ]  # fmt: skip


def test_prices_of_the_wrong_weeks_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verifier says by itself which prices hold when: a bill by those of other weeks is not a plan."""
    from allocate.costing.terms import schedules, windows

    def turned(*given: Any) -> Any:
        over, holds = windows.cut(*given)
        return over, holds[::-1]

    monkeypatch.setattr(schedules, "cut", turned)
    with pytest.raises(UnverifiedPlanError):
        solve(read_case(case([tiers(FREE, until="week 2"), tiers(COSTLIER)])))


@pytest.mark.parametrize(
    ("lists", "contract", "message"),
    [
        ([tiers(FREE, until="week 2")], {}, "nothing says what v asks after week 2"),
        ([tiers(FREE, until="2026-12-31")], {"price": "1 USD/image"}, "before the horizon starts"),
        ([tiers(FREE, until="month 1")], {"price": "1 USD/image"}, "the plan goes by weeks"),
        ([tiers(FREE, until="week 2")], {"price": "1 USD/h"}, "is in other units than"),
        ([tiers(FREE, until="week 2"), tiers(COSTLIER, window="month")], {}, "count otherwise"),
        ([tiers(FREE, until="week 2"), tiers(COSTLIER, until="week 1")], {"price": "1 USD/image"}, "no later than week 2"),
        ([tiers(FREE, until="week 2", kind="all-unit", surplus="allowed")], {"price": "1 USD/image"}, "before and after a date"),
        ([tiers(FREE, until="week 2", whole="2 images")], {"price": "1 USD/image"}, "`whole` and `until` both say how much"),
        ([tiers(FREE), tiers(COSTLIER)], {}, "two tiers price p"),
    ],
)  # fmt: skip
def test_what_does_not_follow_is_refused(lists: list[dict[str, Any]], contract: dict[str, Any], message: str) -> None:
    """Prices that end are followed by others, later, counted alike, and bought as they are used."""
    with pytest.raises(CaseError) as caught:
        read_case(case(lists, **contract))
    assert any(message in problem.message for problem in caught.value.problems), [
        p.message for p in caught.value.problems
    ]


def test_prices_of_other_products_do_not_follow() -> None:
    """p is free in week 1 and costs the price of 0.5 after it, though q has steps of its own: 3 for nothing, 3 at 0.5, 6 at 0.1."""
    lists = [tiers(((0.0, None),), until="week 1", products="p"), tiers(((0.1, None),), products="q")]
    source = case(lists, demand=6, weeks=2, capacity=6, price="0.5 USD/image")
    source["products"]["q"] = source["products"]["p"]
    source["calendar"] = [
        {"week": 1, "vendor": "v", "capacity": "3 images/week"},
        {"week": 2, "vendor": "v", "capacity": "9 images/week"},
    ]
    answer = solve(read_case(source))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(3 * 0.5 + 6 * 0.1)


def test_a_part_of_a_window_has_its_own_days() -> None:
    """Of two weeks until the 17th and two from the 18th on, the invoice has the first day and the last."""
    found = read_case(case([tiers(FREE, until="2027-01-17"), tiers(COSTLIER)], demand=9))
    plan = solve(found).plan
    assert plan is not None
    days = invoice_table(found, plan).frame[["window", "window_from", "window_to"]].drop_duplicates()
    assert [tuple(map(str, row)) for row in days.itertuples(index=False)] == [
        ("the horizon until week 2", "2027-01-04", "2027-01-17"),
        ("the horizon from week 3", "2027-01-18", "2027-01-31"),
    ]


def test_all_prices_of_a_vendor_move() -> None:
    """A tenth more for all it asks is a tenth more spend, by what a study writes and by what an explanation moves."""
    found = read_case(case([tiers(((0.5, 2), (0.4, None)), until="week 2"), tiers(COSTLIER)]))
    (prices,) = [one for one in inputs(found) if one.name == "prices of v"]
    before = solve(found).objective
    assert before is not None
    assert solve(revised(found, prices.settings(Decimal("1.1")))).objective == pytest.approx(1.1 * before)
    assert solve(with_prices(found, 0, 1.1)).objective == pytest.approx(1.1 * before)


INTRODUCTORY = {"until": "week 1", "steps": [{"up-to": "10 images", "price": "0 USD/image"}, {"price": "1 USD/image"}]}
THEN = {"steps": [{"up-to": "10 images", "price": "0.5 USD/image"}, {"price": "1 USD/image"}]}
# Ten free until the first week's end; then the other thirty at 1 USD, ten of them at half.
SMALL = Small(25.0, weeks=2, v={"capacity": "20 images/week", "contract": {"tiers": [INTRODUCTORY, THEN]}})
FAULTS = {
    "read a period late": Fault("allocate/costing/terms/price_steps.py", "first_from(end) + 1 for", "first_from(end) + 2 for"),
    "verified a period late": Fault("allocate/verification/volume.py", "start = ended.period or", "start = (ended.period or 0) + 1 or"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str) -> None:
    """With the fault in place no plan is shown, or not the best by hand."""
    assert SMALL.refused() is None
    with planted(FAULTS[name]):
        assert SMALL.refused() is not None
