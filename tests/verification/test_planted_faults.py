"""Faults planted in the readers and writers of money, one by one: each makes the verifier object to the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from allocate.answers import UnverifiedPlanError
from allocate.api.evaluating import evaluate
from allocate.api.solving import solve
from allocate.case.load import Case, read_case
from allocate.case.plan_file import PlanLine
from allocate.costing import invoice
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.clauses import commitment, onboarding, product_start, rebate, retainer
from allocate.costing.clauses.rebate import Rebate
from allocate.costing.terms.contracts import Terms
from allocate.costing.terms.windows import windows
from allocate.program.clauses import rebate as rebate_rows

SOURCE: dict[str, Any] = {
    "case": "faults",
    "currency": "USD",
    "exchange": {"EUR": [{"from": "week 1", "rate": "1.00 USD"}, {"from": "week 4", "rate": "1.50 USD"}]},
    "horizon": {"start": "2027-01-04", "weeks": 9},
    "objective": "cost",
    "products": {
        name: {"item": "image", "effort": "36 s/image", "demand": f"{demand} images"}
        for name, demand in (("a", 900), ("b", 700), ("c", 50))
    },
    "workflows": {"plain": {}},
    "vendors": {
        "v": {
            "capacity": "200 items/week",
            "contract": {
                "price": "1 USD/item",
                "rebate": {
                    "steps": [{"at-least": "300 USD", "back": "5%"}, {"at-least": "600 USD", "back": "10%"}],
                    "window": "month",
                },
                "fees": {
                    "onboarding": "50 USD",
                    "product-start": "20 USD",
                    "retainer": "100 USD/month",
                    "seat": {"price": "30 USD/month", "carries": "250 images/month"},
                },
            },
        },
        "w": {
            "capacity": "200 items/week",
            "onboarding": "40 EUR",
            "contract": {
                "price": "1 EUR/item",
                "commitment": {"at-least": "700 EUR", "window": "month"},
                "rebate": {
                    "kind": "incremental",
                    "steps": [{"at-least": "100 EUR", "back": "10%"}],
                    "window": "quarter",
                },
            },
        },
        "x": {"contract": {"price": "3 USD/item", "fees": {"onboarding": "70 USD"}}},
    },
    "rates": [
        {"product": product, "vendor": vendor} | ({"start-fee": "33 EUR"} if (product, vendor) == ("a", "w") else {})
        for product in "abc"
        for vendor in "vwx"
    ],
}
LINES = tuple(
    PlanLine(product, vendor, "plain", period, float(items))
    for product, vendor, amounts in (
        ("a", "v", (150, 150, 150, 150, 0, 0, 0, 0, 0)),
        ("b", "v", (30, 30, 30, 30, 90, 90, 90, 90, 90)),
        ("a", "w", (0, 0, 0, 0, 100, 100, 100, 0, 0)),
        ("b", "w", (0, 0, 0, 0, 0, 0, 0, 70, 60)),
        ("c", "v", (0, 0, 0, 0, 0, 0, 0, 0, 50)),
    )
    for period, items in enumerate(amounts, 1)
    if items
)

Change = Callable[[pytest.MonkeyPatch], None]
CLAUSES, TERMS, REBATES, WITHIN = invoice.CLAUSES, onboarding.terms, rebate.rebates, Ledger.within


@pytest.fixture(scope="module")
def case() -> Case:
    """Three vendors with every clause of this page, two currencies, months that weeks lie across."""
    return read_case(SOURCE)


def objections(case: Case) -> list[str]:
    """What the verifier has against the money of the plan."""
    found = evaluate(case, LINES)
    assert found.problems == ()
    return [words for words in found.verification.violations if "the contract says" in words or "the case says" in words
            or "falls due" in words or "which makes nothing" in words]  # fmt: skip


def entries(clause: str, change: Callable[[Entry], Entry | None], vendor: str | None = None) -> Change:
    """The invoice with its entries of a clause changed, or left out."""

    def planted(one: Clause) -> Clause:
        def owed(ledger: Ledger) -> Owed:
            assert one.owed is not None
            asked = one.owed(ledger)
            hit = [(entry, entry.clause == clause and vendor in (None, entry.vendor)) for entry in asked.entries]
            changed = [change(entry) if chosen else entry for entry, chosen in hit]
            return replace(asked, entries=[entry for entry in changed if entry is not None])

        return one if one.owed is None else replace(one, owed=owed)

    return lambda patch: patch.setattr(invoice, "CLAUSES", tuple(map(planted, CLAUSES)))


def read(**changes: Callable[[Terms], Any]) -> Change:
    """The terms of vendors read in another way."""

    def planted(case: Case) -> tuple[Terms, ...]:
        return tuple(replace(one, **{name: change(one) for name, change in changes.items()}) for one in TERMS(case))

    def plant(patch: pytest.MonkeyPatch) -> None:
        for clause in (onboarding, retainer, product_start, commitment):
            patch.setattr(clause, "terms", planted)

    return plant


def rebates(change: Callable[[Rebate, Case], Rebate]) -> Change:
    """The rebates read in another way."""

    def planted(case: Case) -> tuple[Rebate, ...]:
        return tuple(change(one, case) for one in REBATES(case))

    return lambda patch: patch.setattr(rebate, "rebates", planted)


def scaled(factor: float) -> Callable[[Entry], Entry]:
    """An entry of so many times the money."""
    return lambda one: replace(one, amount=one.amount * factor, unit_price=one.unit_price * factor)


def moved(by: int) -> Callable[[Entry], Entry]:
    """An entry in another period."""
    return lambda one: replace(one, period=(one.period + by) % 9)


def counting(change: Callable[[float], float]) -> Change:
    """What prices come to, counted wrongly for commitments and rebates."""
    return lambda patch: patch.setattr(
        Ledger, "within", lambda self, *given: [change(used) for used in WITHIN(self, *given)]
    )


def one_fewer(entry: Entry) -> Entry:
    """A seat fewer."""
    return replace(entry, quantity=entry.quantity - 1, amount=entry.amount - entry.unit_price)


FAULTS: dict[str, Change] = {
    "rebates doubled": rebates(lambda one, _: replace(one, shares=tuple(2 * share for share in one.shares))),
    "rebates left out": entries("rebate", lambda _: None),
    "rebates with their sign turned": entries("rebate", scaled(-1.0)),
    "every rebate of the money above a step": rebates(lambda one, _: replace(one, incremental=True)),
    "every rebate of all the money": rebates(lambda one, _: replace(one, incremental=False)),
    "steps of rebates at half their money": rebates(lambda one, _: replace(one, starts=one.starts / 2)),
    "the first step of a rebate for all": rebates(lambda one, _: replace(one, shares=one.shares[:1] * len(one.shares))),
    "rebates at the first exchange rate": rebates(lambda one, _: replace(one, rate=np.ones(len(one.rate)))),
    "rebates paid a week early": entries("rebate", moved(-1)),
    "rebates by quarter, not by month": rebates(
        lambda one, case: replace(
            one, windows=windows(case.periods, "quarter"), rate=one.rate[-len(windows(case.periods, "quarter").labels) :]
        )
    ),
    "fees counted towards rebates and commitments": counting(lambda used: used + 120.0),
    "nothing counted towards rebates and commitments": counting(lambda used: used * 0.0),
    "commitments left out": entries("commitment", lambda _: None),
    "commitments halved": read(committed=lambda one: one.committed / 2),
    "commitments with their sign turned": entries("commitment", scaled(-1.0)),
    "commitments at the first exchange rate": read(rate=lambda one: np.ones(len(one.rate))),
    "commitments due in the first week": entries("commitment", moved(1)),
    "commitments in another currency": read(committed_in=lambda one: "USD"),
    "onboarding left out": entries("onboarding", lambda _: None),
    "onboarding doubled": read(onboarding=lambda one: 2 * one.onboarding),
    "onboarding a week later": entries("onboarding", moved(1)),
    "onboarding of the vendor's own block left out": entries("onboarding", lambda _: None, "w"),
    "starts of products left out": entries("product start", lambda _: None),
    "starts of products doubled": read(product_start=lambda one: 2 * one.product_start),
    "start fees of the rate card left out": entries("product start", lambda _: None, "w"),
    "start fees of the rate card in the wrong currency": entries("product start", scaled(1.5), "w"),
    "retainers left out": entries("retainer", lambda _: None),
    "retainers doubled": read(retainer=lambda one: 2 * one.retainer),
    "retainers all in the first week": entries("retainer", lambda one: replace(one, period=0)),
    "retainers a week later": read(retainer=lambda one: np.roll(one.retainer * np.arange(1.0, 10.0), 1)),
    "a seat fewer": entries("seats", one_fewer),
    "seats at half their price": entries("seats", scaled(0.5)),
    "seats left out": entries("seats", lambda _: None),
}  # fmt: skip


def test_the_plan_holds_without_a_fault(case: Case) -> None:
    """Every clause of this page is owed, and nothing is said against the plan's money."""
    assert objections(case) == []
    owed = {(one["vendor"], one["clause"]) for one in evaluate(case, LINES).plan.invoice.to_dict("records")}
    assert owed >= {
        ("v", "rebate"), ("v", "onboarding"), ("v", "product start"), ("v", "retainer"), ("v", "seats"),
        ("w", "commitment"), ("w", "rebate"), ("w", "onboarding"), ("w", "product start"),
    }  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(case: Case, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """With the fault in place the verifier says which clause of whose contract asks for another sum."""
    FAULTS[fault](monkeypatch)
    assert objections(case) != []


def test_there_are_more_than_thirty_faults() -> None:
    """The list is not to shrink unseen."""
    assert len(FAULTS) >= 30


def test_no_plan_is_shown_where_program_and_invoice_read_a_rebate_alike_and_wrongly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The reader that both use, with shares doubled: program and invoice agree, and the verifier stops the plan."""
    contract = {"price": "1 USD/item", "rebate": {"steps": [{"at-least": "200 USD", "back": "5%"}]}}
    case = read_case({**SOURCE, "vendors": {"v": {"contract": contract}}, "rates": []})
    answer = solve(case)
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(1650 * 0.95)

    def doubled(case: Case) -> tuple[Rebate, ...]:
        return tuple(replace(one, shares=tuple(2 * share for share in one.shares)) for one in REBATES(case))

    monkeypatch.setattr(rebate, "rebates", doubled)
    monkeypatch.setattr(rebate_rows, "rebates", doubled)
    with pytest.raises(UnverifiedPlanError, match="rebate of v, the horizon: the invoice asks -165, the contract says"):
        solve(case)
