"""Absorbed cost: pools split by drivers as worked by hand, adding up to the cent, without a say in the plan."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate import CaseError, read_case, solve
from allocate.cli import cli
from allocate.finance.absorbed import Absorbed, absorbed, to_the_cent

CASES = Path(__file__).resolve().parents[2] / "cases"


def found(beside: Path | None = None, **more: Any) -> Absorbed:
    """1,000 cats of 36 s and 500 dogs of 72 s: ten hours each, with one vendor, at 100 and 200 USD."""
    product = {"item": "image", "demand": "1_000 images", "effort": "36 s/image"}
    written = {
        "case": "pools",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"cats": product, "dogs": {**product, "demand": "500 images", "effort": "72 s/image"}},
        "vendors": {"acme": {"contract": {"fees": {"onboarding": "50 USD"}}}},
        "rates": [
            {"product": "cats", "vendor": "acme", "price": "0.10 USD/image"},
            {"product": "dogs", "vendor": "acme", "price": "0.40 USD/image"},
        ],
        "workflows": {"plain": {}},
        **more,
    }
    answer = solve(read_case(written, allow_paths=() if beside is None else (beside,)))
    assert answer.plan is not None
    return absorbed(answer.case, answer.plan)


def test_pools_are_split_by_their_drivers() -> None:
    """Of 350 USD spent, the 50 of onboarding borne alike: 8 % by hours, 3 % by items, 4 % by EU, 2 % by vendors, 1 % by spend."""
    told = found()
    assert told.pools["amount"].tolist() == [28.0, 10.5, 14.0, 7.0, 3.5]
    parts = told.products.set_index("product")
    assert parts.loc["cats"].tolist() == pytest.approx([125, 14, 7, 7, 3.5, 1.25, 157.75])
    assert parts.loc["dogs"].tolist() == pytest.approx([225, 14, 3.5, 7, 3.5, 2.25, 255.25])
    assert told.other == pytest.approx(0.0)


def test_each_vendor_in_use_costs_the_same() -> None:
    """With a vendor for each product the pool by vendors is halved, however different the work is."""
    vendors = {"acme": {"contract": {}}, "other": {"contract": {}}}
    rates = [
        {"product": "cats", "vendor": "acme", "price": "0.10 USD/image"},
        {"product": "dogs", "vendor": "other", "price": "1.80 USD/image"},
    ]
    told = found(vendors=vendors, rates=rates)
    assert told.products["vendor-management"].tolist() == [10.0, 10.0]
    assert told.products["finance"].tolist() == [1.0, 9.0]


POOLS = """\
model: pools
extends: annotation
activities:
  tooling: {driver: items, amount: AMOUNT, capacity: 2_000 items/week}
  project-management: {driver: vendor-hours, amount: 90 USD/week, capacity: 10 h/week}
"""


def with_pools(folder: Path, amount: str = "100 USD/week", **more: Any) -> Absorbed:
    """The same with two pools that cost what they cost, and can serve 2,000 items and ten hours a week."""
    path = folder / "pools.yaml"
    path.write_text(POOLS.replace("AMOUNT", amount), encoding="utf-8")
    return found(folder, model=str(path), **more)


def test_unused_capacity_stands_apart(tmp_path: Path) -> None:
    """1,500 of 2,000 items bear 75 of 100 USD, two thirds by the cats; twenty hours of ten bear all of 90."""
    told = with_pools(tmp_path)
    pools = told.pools.set_index("activity")
    assert pools.loc["tooling", ["amount", "used", "unused"]].tolist() == [100.0, 0.75, 25.0]
    assert pools.loc["project-management", ["amount", "used", "unused"]].tolist() == [90.0, 2.0, 0.0]
    assert told.products["tooling"].tolist() == [50.0, 25.0]
    assert told.products["project-management"].tolist() == [45.0, 45.0]
    assert np.isnan(pools.loc["finance", "used"])


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(st.integers(1, 10**7))
def test_what_is_borne_and_unused_adds_up_to_the_cent(cents: int) -> None:
    """No cent of a pool is lost between the products and what nobody uses."""
    with TemporaryDirectory() as folder:
        told = with_pools(Path(folder), f"{cents / 100} USD/week")
    pool = told.pools.set_index("activity").loc["tooling"]
    assert round(100 * (told.products["tooling"].sum() + pool["unused"])) == round(100 * pool["amount"]) == cents


def test_a_pool_in_a_currency_without_a_rate_is_a_problem(tmp_path: Path) -> None:
    """An amount in euros needs a rate; with one it is exchanged."""
    with pytest.raises(CaseError, match="no exchange rate for EUR"):
        with_pools(tmp_path, "100 EUR/week")
    told = with_pools(tmp_path, "100 EUR/week", exchange={"EUR": "1.10 USD"})
    assert told.pools.set_index("activity").loc["tooling", "amount"] == pytest.approx(110.0)


def test_what_is_paid_and_not_used_is_named() -> None:
    """A team of two is paid for 80 hours and has work for 20: 60 hours of 25 USD are idle; 30 USD of a commitment are not used up."""
    team = {"team": {"people": 2, "hours": "40 h/week", "wage": "25 USD/h", "shrinkage": "0%"}}
    told = found(vendors={"acme": team}, rates=[])
    assert told.idle["idle hours of teams"] == pytest.approx(1500.0)
    committed = {"acme": {"contract": {"commitment": "330 USD"}}}
    assert found(vendors=committed).idle["commitments not used up"] == pytest.approx(30.0)


@pytest.mark.parametrize("name", ["contracts", "portfolio", "in-house-team"])
def test_pools_of_shipped_cases_add_up_to_the_cent(name: str) -> None:
    """Parts are whole cents and add up to their pool; spend by product and in none is the plan's."""
    answer = solve(read_case(CASES / name))
    assert answer.plan is not None
    told = absorbed(answer.case, answer.plan)
    for activity, amount in zip(told.pools["activity"], told.pools["amount"], strict=True):
        cents = np.round(told.products[activity] * 100)
        assert told.products[activity].tolist() == (cents / 100).tolist()
        assert int(cents.sum()) == round(amount * 100)
    assert told.products["spend"].sum() + told.other == pytest.approx(answer.plan.spend)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.lists(st.floats(0.001, 1e6), min_size=1, max_size=12))
def test_parts_of_a_pool_add_up_and_are_nearly_proportional(cents: int, shares: list[float]) -> None:
    """No cent is lost, and no part is a cent or more away from its exact share."""
    parts = np.round(to_the_cent(cents, np.array(shares)) * 100)
    assert int(parts.sum()) == cents
    exact = cents * np.array(shares) / sum(shares)
    assert np.all(np.abs(parts - exact) < 1 + 1e-6)


@pytest.mark.slow
def test_the_command_prints_every_format() -> None:
    """Table, Markdown, CSV and JSON hold the same; it is about one plan only."""
    path = str(CASES / "contracts")
    run = CliRunner().invoke
    told = json.loads(run(cli, ["tco", path, "--absorbed", "--format", "json"]).stdout)
    for format_ in ("table", "md"):
        printed = run(cli, ["tco", path, "--absorbed", "--format", format_]).stdout
        assert all(f"{one['absorbed']:,.2f}" in printed for one in told["products"])
        assert "Paid and not used: 1,000.00 USD of commitments not used up." in printed
    assert told["in_no_product"] == pytest.approx(0.0)
    lines = run(cli, ["tco", path, "--absorbed", "--format", "csv"]).stdout.splitlines()
    assert len(lines) == 1 + len(told["products"])
    assert run(cli, ["tco", path, "--absorbed", "--against", "as-it-stands"]).exit_code == 2


GOODS = {"ace": (125, 50), "best": (75, 25), "champ": (50, 25)}
"""Setups and inspections of three products."""


def setups(activities: dict[str, Any], drivers: dict[str, Any] | None = None) -> Absorbed:
    """A hundred items each of three products, with what they count of drivers."""
    counted = {name: {"setups": some[0], "inspections": some[1]} for name, some in GOODS.items()}
    product = {"item": "item", "effort": "1 h/item", "demand": "100 items"}
    products = {name: {**product, "activity-drivers": (drivers or counted)} for name in GOODS}
    if drivers is None:
        products = {name: {**product, "activity-drivers": counted[name]} for name in GOODS}
    none = dict.fromkeys(("project-management", "tooling", "quality-audit", "vendor-management", "finance"))
    return found(
        products=products, vendors={"acme": {"contract": {"price": "1 USD/item"}}}, rates=[{"product": name, "vendor": "acme"} for name in GOODS], activities={**none, **activities}
    )  # fmt: skip


def test_pools_follow_drivers_of_ones_own() -> None:
    """Ace, Best and Champ: 250 setups for 150,000 USD and 100 inspections for 20,000 (Ace bears 75,000 and 10,000, and so on)."""
    pools = {
        "setting-up": {"driver": "setups", "amount": "150k USD"},
        "inspecting": {"driver": "inspections", "amount": "20k USD"},
    }
    told = setups(pools).products.set_index("product")
    assert told["setting-up"].to_dict() == {"ace": 75_000.0, "best": 45_000.0, "champ": 30_000.0}
    assert told["inspecting"].to_dict() == {"ace": 10_000.0, "best": 5_000.0, "champ": 5_000.0}


def test_a_pool_may_cost_so_much_for_each_of_its_driver() -> None:
    """At 600 USD a setup the pool is the same; two inspections for each 50 items made are four, at 10 USD."""
    told = setups(
        {"setting-up": {"driver": "setups", "each": "600 USD"}, "i": {"driver": "inspections", "amount": "9 USD"}}
    )
    assert told.pools["amount"].tolist() == [150_000.0, 9.0]
    drivers = {"inspections": "2/50 items"}
    told = setups({"i": {"driver": "inspections", "each": "10 USD"}}, drivers)
    assert told.products["i"].tolist() == [40.0, 40.0, 40.0]


def test_mistakes_in_pools_of_a_case() -> None:
    """A driver nobody counts, one that no pool is allocated by, two sizes, and a pool that is not there."""
    pools = {
        "a": {"driver": "setup", "amount": "9 USD"},
        "tooling": {"driver": "items", "each": "9 USD"},
        "b": {"driver": "setups", "each": "9 USD", "amount": "9 USD"},
    }
    with pytest.raises(CaseError) as raised:
        setups(pools)
    told = "\n".join(problem.message for problem in raised.value.problems)
    assert "`each` is the cost of a driver of your own, and items is none" in told
    assert "a pool has an amount, or costs so much for each of its driver" in told
    with pytest.raises(CaseError) as raised:
        setups(
            {
                "a": {"driver": "setup", "amount": "9 USD"},
                "toolin": None,
                "i": {"driver": "inspections", "amount": "1 USD"},
            }
        )
    assert [(problem.message, problem.fix) for problem in raised.value.problems] == [
        ("the cost model has no overhead pool 'toolin' that could be taken out", "did you mean 'tooling'?"),
        (
            "the pool 'a' is allocated by setup, and no product says how much of it it uses",
            "add `activity-drivers: {setup: 3}` to products, or write one of vendor-hours, items, eu, spend, vendors, products",
        ),
        *[("no overhead pool is allocated by 'setups'", "did you mean 'setup'?")],
    ]
