"""The indexes of clauses and rules: each floor of the house lists the same ones, in the order of the bill."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from contract_cases import contract_case

from allocate import read_case, routes
from allocate.case import schema
from allocate.case.clauses import CLAUSES
from allocate.case.index import CATEGORIES, Clause
from allocate.case.rules import KINDS
from allocate.case.validation import block_at, keys_at
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses import CLAUSES as COSTING

ROOT = Path(__file__).resolve().parents[2]
BILL = (
    "price tiers platform_fee quality lateness early_payment payment pre_labelling review onboarding retainer product_start "
    "commitment ceiling minimum_order order_multiple seats switching rebate volume_discount levers price_lock wages billed penalties stock"
).split()
"""Clauses in the order of the bill."""
MIX = ["share", "count", "only", "fix", "needs", "incompatible", "spend", "funded", "exclusive", "steady"]
FLOORS = [
    ("case.clauses", "CLAUSES", BILL),
    ("case.rules", "RULES", MIX),
    ("costing.clauses", "CLAUSES", BILL),
    ("costing.rules", "RULES", MIX),
    ("program.clauses", "CLAUSES", BILL),
    ("program.rules", "RULES", MIX),
    ("verification.clauses", "CLAUSES", BILL),
    ("verification.rules", "RULES", MIX),
]


def _index(floor: str) -> ModuleType:
    return importlib.import_module(f"allocate.{floor}")


@pytest.mark.parametrize(("floor", "index", "names"), FLOORS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_floor_lists_them_in_one_order(floor: str, index: str, names: list[str]) -> None:
    """One entry for each clause (rule), in the order of the bill, and a file, or a sentence on where it stands instead."""
    listed: tuple[Any, ...] = getattr(_index(floor), index)
    assert [entry.name for entry in listed] == names
    folder = ROOT / "allocate" / Path(*floor.split("."))
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == {
        entry.name for entry in listed if not getattr(entry, "instead", "")
    }


@pytest.mark.parametrize("clause", [one for one in CLAUSES if one.fees], ids=lambda one: one.name)
def test_fees_stand_at_keys_of_their_clause(clause: Clause) -> None:
    """What is owed whole or not at all, which conflicts name, is written at a key of the clause or below one."""
    for path in clause.fees:
        assert any(f"{path}.".startswith(f"{key}.") for key in clause.keys), path


@pytest.mark.parametrize(("folder", "names"), [("clauses", BILL), ("rules", MIX)])
def test_each_has_its_tests(folder: str, names: list[str]) -> None:
    """A clause or rule has a file of tests under its name."""
    there = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / folder).glob("test_*.py")}
    assert set(names) <= there


def test_keys_of_clauses_are_keys_of_a_case() -> None:
    """Each key that a clause names is one of the grammar, under its path."""
    for clause in CLAUSES:
        for key in clause.keys:
            *above, last = key.split(".")
            known = block_at(schema.CaseFile, tuple(key.split("."))) if last == "NAME" else None
            assert known is not None or last in keys_at(schema.CaseFile, tuple(above)), key


@pytest.mark.parametrize("block", [schema.Contract, schema.Fees])
def test_every_key_of_a_contract_is_that_of_one_clause(block: type[schema.Block]) -> None:
    """No key of a contract is without a clause, or with two."""
    path = "vendors.NAME.contract." + ("fees." if block is schema.Fees else "")
    named = [key.removeprefix(path) for clause in CLAUSES for key in clause.keys if key.startswith(path)]
    named = [key for key in named if "." not in key]
    assert sorted(named) == sorted(key for key in keys_at(block, ()) if key != "fees")


def test_a_rule_says_one_of_the_kinds() -> None:
    """The keys of a rule of which one is written are the kinds of the index, in its order."""
    said = ("name", "owner", "reason", "penalty")
    assert tuple(key for key in keys_at(schema.Rule, ()) if key not in said) == KINDS


def test_lines_of_the_bill_have_one_category() -> None:
    """No line of the bill stands in two categories of cost, and each category has some."""
    lines = [(line, category) for clause in CLAUSES for category, some in clause.costs.items() for line in some]
    assert len({line for line, _ in lines}) == len(lines)
    assert {category for _, category in lines} == set(CATEGORIES)


REST: dict[str, Any] = {
    "case": "rest",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 3},
    "objective": "cost",
    "review-team": {"wage": "30 USD/h"},
    "workflows": {
        "checked": {
            "pre-label": {"time-factor": 0.5, "cost": "0.1 USD/image"},
            "review": {"share": "20%", "catch": "80%", "accuracy": "97%", "time": "9 s/image", "rework": "reviewer"},
        }
    },
    "products": {
        "p": {
            "item": "image",
            "effort": "36 s/image",
            "demand": {"at-least": "900 images", "penalty": "1 USD/image", "cash": True},
            "stock": {"needs": [{"by": "week 3", "items": "2 images"}], "holding": "1 USD/image/week"},
        }
    },
    "vendors": {
        "v": {
            "lead": "2 weeks",
            "platform-fee": "5%",
            "contract": {
                "price": "1 USD/image",
                "volume-discount": {"steps": [{"from": "0.01 h", "off": "1%"}]},
                "lateness": [{"beyond": "1 week", "price": "-5%"}],
            },
        }
    },
}
"""What drawn contracts leave out."""


@pytest.mark.slow
def test_what_a_clause_owes_has_its_own_names_on_the_bill() -> None:
    """Entries of each clause are called what its index says, in drawn contracts and with teams, levers and penalties."""
    seen: set[str] = set()
    for written in (
        REST,
        {
            **REST,
            "done": {
                "planned-from": "week 2",
                "work": [{"product": "p", "vendor": "v", "workflow": "checked", "period": 1, "items": 9}],
                "paid": [{"vendor": "v", "period": 1, "amount": "20 USD"}],
            },
        },
        *map(contract_case, range(40)),
        ROOT / "cases" / "in-house-team",
        ROOT / "cases" / "contracts",
    ):
        case = read_case(written)
        table = routes(case)
        route, period = (
            cells.astype(np.int32) for cells in np.divmod(np.arange(0, table.price.size, 3), case.periods.count)
        )
        lines = Lines(case, table, route, period, np.full(len(route), 7.0), tuple(range(len(table.levers))))
        for stated, clause in zip(CLAUSES, COSTING, strict=True):
            names = {name for entries in stated.costs.values() for name in entries}
            owed = [] if clause.owed is None else list(clause.owed(Ledger(lines)).entries)
            assert {entry.clause for entry in owed} <= names, clause.name
            seen |= {clause.name} if owed else set()
    assert seen == {clause.name for clause in COSTING if clause.owed is not None}
