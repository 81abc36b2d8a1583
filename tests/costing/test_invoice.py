"""The invoice: what is owed to whom for what, from quantities and the contract's text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate import read_case, routes
from allocate.case.load import Case
from allocate.costing.bill.entries import Invoice
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses import OF_NO_LINE
from allocate.costing.invoice import invoice
from allocate.costing.value.values import product_values
from allocate.plan import make_plan

Line = tuple[str, str, int, float]
"""Product, vendor, week, items."""


def case_of(**changes: Any) -> Case:
    """Two products and two vendors over two weeks; v by tiers, w at a price."""
    product = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "1_000 images"}}
    steps = [{"up-to": "100 images", "price": "1 USD/image"}, {"price": "0.5 USD/image"}]
    base = {
        "case": "c",
        "currency": "USD",
        "objective": "cost",
        "exchange": {"EUR": "1.25 USD"},
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {"one": product, "two": product},
        "vendors": {
            "v": {"contract": {"tiers": {"steps": steps}, **changes.pop("terms", {})}, **changes.pop("v", {})},
            "w": {"contract": {"price": "2 EUR/image"}, **changes.pop("w", {})},
        },
        "workflows": {"plain": {}},
    }
    return read_case({**base, **changes})


def positions(case: Case, lines: tuple[Line, ...]) -> tuple[Any, Any, Any, Any]:
    """Routes of a case, and route, period and items of lines."""
    ways = routes(case)
    route = [
        int(np.flatnonzero((ways.product == ways.products.index(p)) & (ways.vendor == ways.vendors.index(v)))[0])
        for p, v, _, _ in lines
    ]
    period = [week - 1 for _, _, week, _ in lines]
    items = np.array([many for _, _, _, many in lines])
    return ways, np.array(route, dtype=np.int32), np.array(period, dtype=np.int32), items


def owed(case: Case, *lines: Line) -> Invoice:
    """The invoice of lines."""
    return invoice(Lines(case, *positions(case, lines)))


def clauses(found: Invoice) -> list[tuple[str, str, float]]:
    """Vendor, clause and amount of every entry."""
    return [(entry.vendor, entry.clause, pytest.approx(entry.amount)) for entry in found.entries]


def test_tiers_are_listed_step_by_step() -> None:
    """150 images over two products: 100 at a dollar, 50 at half; lines share the 125 USD by their units."""
    found = owed(case_of(), ("one", "v", 1, 60.0), ("two", "v", 2, 90.0))
    assert clauses(found) == [("v", "tier", 100.0), ("v", "tier", 25.0)]
    assert [entry.about for entry in found.entries] == ["v: one, two, step 1 of 2", "v: one, two, step 2 of 2"]
    assert [entry.period for entry in found.entries] == [1, 1]
    np.testing.assert_allclose(found.line_spend, [50, 75])


def test_plain_prices_are_listed_by_product_and_week() -> None:
    """10 images at 2 EUR of 1.25 USD in each of two weeks."""
    found = owed(case_of(), ("one", "w", 1, 10.0), ("one", "w", 2, 10.0), ("two", "w", 2, 4.0))
    assert [(e.window, e.about, e.quantity, e.unit, e.unit_price, e.amount) for e in found.entries] == [
        ("week 1", "one", 10.0, "image", 2.5, 25.0),
        ("week 2", "one", 10.0, "image", 2.5, 25.0),
        ("week 2", "two", 4.0, "image", 2.5, 10.0),
    ]


def test_fees_belong_to_the_vendor_and_not_to_its_lines() -> None:
    """Onboarding once, the retainer in each week, a start for each product, the commitment less what is used."""
    fees = {"onboarding": "7 USD", "retainer": "3 USD/week", "product-start": "4 EUR"}
    case = case_of(terms={"fees": fees, "commitment": "200 USD"})
    found = owed(case, ("one", "v", 1, 60.0), ("two", "v", 2, 60.0))
    assert clauses(found) == [
        ("v", "onboarding", 7.0),
        ("v", "product start", 5.0),
        ("v", "product start", 5.0),
        ("v", "retainer", 3.0),
        ("v", "commitment", 90.0),
        ("v", "tier", 100.0),
        ("v", "tier", 10.0),
        ("v", "retainer", 3.0),
    ]
    assert found.line_spend.sum() == pytest.approx(110)
    assert sum(entry.amount for entry in found.entries if entry.clause in OF_NO_LINE) == pytest.approx(
        found.total - 110
    )


def test_a_vendor_that_makes_nothing_is_owed_nothing() -> None:
    """No line, a line of none, and a line of a solver's rounding engage nobody."""
    case = case_of(terms={"fees": {"onboarding": "7 USD", "product-start": "4 USD"}, "commitment": "200 USD"})
    assert owed(case, ("one", "w", 1, 10.0)).total == pytest.approx(25)
    assert owed(case, ("one", "w", 1, 10.0), ("one", "v", 1, 0.0)).total == pytest.approx(25)
    assert owed(case, ("one", "w", 1, 10.0), ("one", "v", 1, 1e-8)).total == pytest.approx(25)
    found = owed(case, ("one", "v", 1, 10.0), ("two", "v", 1, 0.0))
    assert [entry.about for entry in found.entries if entry.clause == "product start"] == ["one"]


def test_a_commitment_used_up_has_no_line() -> None:
    """What is used reaches it exactly."""
    found = owed(case_of(terms={"commitment": "100 USD"}), ("one", "v", 1, 100.0))
    assert clauses(found) == [("v", "tier", 100.0)]


def test_a_fee_that_is_a_share_follows_the_tiers() -> None:
    """A tenth of what the window came to, paid with it, and shared by its lines."""
    found = owed(case_of(v={"platform-fee": "10%"}), ("one", "v", 1, 60.0), ("two", "v", 2, 90.0))
    assert clauses(found) == [("v", "platform fee", 12.5), ("v", "tier", 100.0), ("v", "tier", 25.0)]
    assert {entry.period for entry in found.entries} == {1}
    np.testing.assert_allclose(found.line_spend, [55, 82.5])


def test_a_fee_by_item_is_paid_with_the_work() -> None:
    """A fifth of a dollar an image in the week it is made, whatever the tiers."""
    found = owed(case_of(v={"platform-fee": "0.2 USD/image"}), ("one", "v", 1, 60.0))
    assert clauses(found) == [("v", "platform fee", 12.0), ("v", "tier", 60.0)]
    assert [entry.period for entry in found.entries] == [0, 1]


def test_the_table_has_every_entry() -> None:
    """One row an entry, with its amount."""
    found = owed(case_of(), ("one", "v", 1, 150.0), ("one", "w", 1, 10.0))
    assert found.table["amount"].tolist() == [entry.amount for entry in found.entries]
    assert list(found.table.columns[:4]) == ["vendor", "window", "clause", "about"]


TERMS = st.fixed_dictionaries(
    {},
    optional={
        "fees": st.just({"onboarding": "7 USD", "product-start": "4 EUR"}),
        "commitment": st.sampled_from(["100 USD", {"at-least": "30 EUR", "window": "horizon"}]),
    },
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True)
@given(TERMS, st.lists(st.floats(0, 300), min_size=8, max_size=8), st.sampled_from([None, "10%", "0.1 USD/image"]))
def test_the_invoice_adds_up_to_the_plan(clauses_: dict[str, Any], items: list[float], fee: str | None) -> None:
    """To the cent: all entries to the spend, those of no line to the fees by vendor, the rest to the lines."""
    case = case_of(terms=clauses_, v={} if fee is None else {"platform-fee": fee})
    keys = [(p, v, week) for p in ("one", "two") for v in ("v", "w") for week in (1, 2)]
    ways, route, period, many = positions(case, tuple((*key, n) for key, n in zip(keys, items, strict=True)))
    plan = make_plan(product_values(case, ways), Lines(case, ways, route, period, many))
    rows = plan.invoice
    assert rows["amount"].sum() == pytest.approx(plan.spend, abs=0.005)
    fixed = rows["clause"].isin(OF_NO_LINE)
    assert rows.loc[~fixed, "amount"].sum() == pytest.approx(plan.lines["spend"].sum(), abs=0.005)
    for _, vendor in plan.vendors.iterrows():
        mine = rows["vendor"] == vendor["vendor"]
        assert rows.loc[mine & fixed, "amount"].sum() == pytest.approx(vendor["fees"], abs=0.005)
        assert rows.loc[mine & ~fixed, "amount"].sum() == pytest.approx(vendor["spend"], abs=0.005)
    assert plan.products["spend"].sum() == pytest.approx(plan.lines["spend"].sum(), abs=0.005)
    priced = rows["clause"] != "items"
    for _, row in rows[priced & (rows["quantity"] > 0)].iterrows():
        assert row["quantity"] * row["unit_price"] == pytest.approx(row["amount"], abs=0.005)
