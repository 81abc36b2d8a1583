"""The unit a case is written in changes nothing of its answer: plan, status, binding limits and reasons stay the same."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from contract_cases import contract_case
from drawn_cases import Case, cases, checked
from draws import some
from hypothesis import given
from hypothesis import strategies as st
from planted_faults.small import SMALL
from ruamel.yaml import YAML
from scaled_cases import with_items_by, with_money_times, with_thousands_of_items

from allocate import Answer, read_case, solve

DATA = Path(__file__).parents[1] / "data" / "scaling"
CASES = Path(__file__).parents[2] / "cases"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*(deprecated|PuLP 4):DeprecationWarning"),
]

OF_WHOLE_ITEMS = ("count at least", "review", "funded at least", "volume discount trap")
"""A vendor and a product count from one item on, whatever an item is; below a step a hundredth of an item is missing; the case of
the review team says its time per item of any kind."""
POWERS = st.integers(-6, 9)


def items_of(answer: Answer) -> dict[tuple[Any, ...], float]:
    """Items of a plan by line; less than a millionth of all is rounding."""
    assert answer.plan is not None
    lines = answer.plan.lines
    keys = zip(lines["product"], lines["vendor"], lines["workflow"], lines["period"], strict=True)
    least = 1e-6 * float(lines["items"].sum())
    return {key: items for key, items in zip(keys, lines["items"], strict=True) if items > least}


def assert_same(one: Case, other: Case, factor: float, many: float = 1.0, **options: Any) -> None:
    """Both cases end alike: the same status and limits, and a plan that comes to the same by a factor, or is the same."""
    first, second = solve(read_case(one)), solve(read_case(other), **options)
    assert second.status is first.status, second.message
    if first.plan is None or second.plan is None or first.verification is None or second.verification is None:
        assert {(reason.kind, reason.subject) for reason in second.reasons} == {
            (reason.kind, reason.subject) for reason in first.reasons
        }
        return
    size = max(abs(first.plan.spend), abs(first.plan.value))
    assert second.objective == pytest.approx(first.objective * factor, rel=1e-6, abs=1e-6 * size * factor)
    if first.certificate is not None and first.certificate.kind == "linear":
        expected = {key: items * many for key, items in items_of(first).items()}
        assert items_of(second) == pytest.approx(expected, rel=1e-5, abs=1e-5 * sum(expected.values()))
        binding = [{(one.family, one.key) for one in a.verification.binding} for a in (first, second)]
        assert binding[0] == binding[1]


@checked(20)
@given(cases(), POWERS)
def test_the_unit_of_money_does_not_matter(drawn: Case, power: int) -> None:
    """Every amount of money times a power of ten from a millionth to a thousand millions: the same plan and limits."""
    assert_same(drawn, with_money_times(drawn, f"1e{power}"), 10.0**power)


@checked(8)
@given(cases(), POWERS, st.sampled_from([{"method": "sifting"}, {"method": "plain"}, {"solver": "cbc"}]))
def test_nor_does_it_with_any_method_or_solver(drawn: Case, power: int, options: dict[str, str]) -> None:
    """The same where a method is asked for, and on another solver, which hands over eight digits."""
    first, second = solve(read_case(drawn)), solve(read_case(with_money_times(drawn, f"1e{power}")), **options)
    assert second.status is first.status, second.message
    if first.plan is not None and first.objective is not None:
        size = max(abs(first.plan.spend), abs(first.plan.value)) * 10.0**power
        assert second.objective == pytest.approx(first.objective * 10.0**power, rel=1e-6, abs=1e-6 * size)


@pytest.mark.parametrize("method", ["plain", "decomposition"])
@pytest.mark.parametrize(("seed", "power"), some([(0, -6), (1, 9), (3, 9), (4, -6), (8, 9), (10, -3), (11, 9)]))
def test_nor_does_it_with_whole_numbers(seed: int, power: int, method: str) -> None:
    """Fees, steps, seats, rebates, lots and rules: the same status, reasons and objective in any unit of money."""
    drawn = contract_case(seed)
    assert_same(drawn, with_money_times(drawn, f"1e{power}"), 10.0**power, method=method)


@checked(8)
@given(cases())
def test_nor_does_the_unit_items_are_counted_in(drawn: Case) -> None:
    """Images counted by the thousand: a thousandth of the items, the same money."""
    other = with_thousands_of_items(drawn)
    assert_same(drawn, other, 1.0, 1e-3)


@pytest.mark.parametrize("options", [{}, {"solver": "cbc"}], ids=["highs", "cbc"])
def test_a_feasible_case_in_dong_has_its_plan(options: dict[str, str]) -> None:
    """A fee of fifty million and a share of half the spend: 5,424,074,074 dong, worked out by hand in the file."""
    answer = solve(read_case(DATA / "vnd-min.yaml"), **options)
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(2 * 2_900 * (2_000_000 - 5_750_000_000 / 5_400), rel=1e-8)


@pytest.mark.parametrize("power", [-6, 9])
def test_the_shipped_case_of_contracts_has_the_same_plan_in_any_currency(power: int) -> None:
    """Commitments, tiers, lots, fees and rules: the very same items, and that many times the cost."""
    data = YAML(typ="safe").load((CASES / "contracts" / "case.yaml").read_text(encoding="utf-8"))
    first, second = solve(read_case(data)), solve(read_case(with_money_times(data, f"1e{power}")))
    assert second.objective == pytest.approx((first.objective or 0.0) * 10.0**power, rel=1e-9)
    assert items_of(second) == pytest.approx(items_of(first), rel=1e-9)


@pytest.mark.parametrize("power", [-6, 3, 9])
def test_the_shipped_case_of_published_prices_has_the_same_plan_in_any_currency(power: int, tmp_path: Path) -> None:
    """All prices times a power of ten: the same items of everything, and that many times the money."""
    folder = CASES / "published-prices"
    data = YAML(typ="safe").load((folder / "case.yaml").read_text(encoding="utf-8"))
    scaled = with_money_times(data, f"1e{power}")
    for name, case in (("as-it-is", data), ("scaled", scaled)):
        (tmp_path / name).mkdir()
        with (tmp_path / name / "case.yaml").open("w", encoding="utf-8") as file:
            YAML().dump(copy.deepcopy(case), file)
    rates = (folder / "rates.csv").read_text(encoding="utf-8")
    (tmp_path / "as-it-is" / "rates.csv").write_text(rates, encoding="utf-8")
    (tmp_path / "scaled" / "rates.csv").write_text(with_money_times({"rates": rates}, f"1e{power}")["rates"], "utf-8")
    first, second = (solve(read_case(tmp_path / name)) for name in ("as-it-is", "scaled"))
    assert first.plan is not None
    assert second.plan is not None
    assert second.plan.spend == pytest.approx(first.plan.spend * 10.0**power, rel=1e-6)
    assert items_of(second) == pytest.approx(items_of(first), rel=1e-4, abs=1.0)


@pytest.mark.parametrize(
    "name", [name for name, small in SMALL.items() if small.optimum is not None and name not in OF_WHOLE_ITEMS]
)
def test_items_counted_by_the_million_cost_the_same(name: str) -> None:
    """Small cases of every clause and rule, each item a million of what it was: what the plan costs by hand stays."""
    found = solve(read_case(with_items_by(SMALL[name].source, 1_000_000)))
    assert found.plan is not None
    assert found.plan.spend + found.plan.penalty == pytest.approx(SMALL[name].optimum, rel=1e-5)
