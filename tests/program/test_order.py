"""The order in which a case is written: it changes neither the program that is searched nor the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from case_kinds import KINDS, Case, case_with
from contract_cases import contract_case
from draws import some
from ruamel.yaml import YAML

from allocate import read_case, solve
from allocate.api.solving import formulate
from allocate.program.arrays import ProgramArrays
from allocate.program.order import as_they_are, by_name

CASES = Path(__file__).resolve().parents[2] / "cases"
BLOCKS, LISTS = ("products", "vendors", "workflows", "levers"), ("rules", "rates")
DRAWN = [*range(9), *((seed, kind) for seed, kind in zip(range(100, 116), list(KINDS) * 2, strict=False))]


def shuffled(case: Case, seed: int) -> Case:
    """The same case with its blocks and lists in another order."""
    random, found = np.random.default_rng(seed), dict(case)
    for key in BLOCKS:
        if isinstance(case.get(key), dict):
            found[key] = {name: case[key][name] for name in random.permutation(list(case[key])).tolist()}
    for key in LISTS:
        if case.get(key):
            found[key] = [case[key][n] for n in random.permutation(len(case[key])).tolist()]
    return found


def drawn(which: Any) -> Case:
    """A drawn case with whole numbers, of many products and vendors that are as good as one another."""
    return contract_case(which) if isinstance(which, int) else case_with(which[1], which[0])


def lines(case: Case) -> list[tuple[Any, ...]] | None:
    """Lines of the plan, sorted; None where there is none."""
    plan = solve(read_case(case)).plan
    if plan is None:
        return None
    columns = [name for name in ("product", "vendor", "workflow", "levers", "period", "items") if name in plan.lines]
    return sorted(map(tuple, plan.lines[columns].to_numpy().tolist()))


@pytest.mark.slow
@pytest.mark.parametrize("which", some(DRAWN[:18]), ids=str)
def test_another_order_of_writing_gives_the_same_plan(which: Any) -> None:
    """Products, vendors, workflows, levers, rules and rates in another order: the same lines, to the last digit."""
    assert lines(shuffled(drawn(which), 7)) == lines(drawn(which))


@pytest.mark.parametrize("seed", [1, 3])
def test_a_linear_plan_in_another_order_of_writing_is_the_same_to_the_last_digit(seed: int) -> None:
    """Two clinics whose accuracies were measured, and three workflows: programs without whole numbers are put in order too."""
    medical = YAML(typ="safe", pure=True).load(CASES / "medical" / "case.yaml")
    assert lines(shuffled(medical, seed)) == lines(medical)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("published-prices", {}),
        ("medical", {}),
        ("medical", {"products.ct-volumes.demand": "3_600 volumes"}),
        ("further-words", {"products.photos.demand": "60_000 images", "products.maps.demand": "30_000 images"}),
        ("portfolio", {"budget": "2_500 USD"}),
    ],
    ids=["months that are cut", "samples", "hours", "capacities", "money"],
)
def test_notes_and_reasons_are_the_same_in_another_order_of_writing(name: str, settings: dict[str, Any]) -> None:
    """What is said of vendors and products is said by name, each once: four times was told of a month that four schedules count."""
    case = read_case(CASES / name, settings=settings).written
    case.pop("scenarios", None)
    told = [solve(read_case(one)) for one in (case, shuffled(case, 1), shuffled(case, 4))]
    assert [(one.notes, [reason.sentence for reason in one.reasons]) for one in told[1:]] == [
        (told[0].notes, [reason.sentence for reason in told[0].reasons])
    ] * 2
    assert told[0].notes or told[0].reasons
    assert len(set(told[0].notes)) == len(told[0].notes)


def test_vendors_that_are_alike_are_told_apart_by_name() -> None:
    """Of three vendors with the same price and fee the same one is chosen, wherever it stands."""
    contract, found = {"price": "1 USD/image", "fees": {"onboarding": "5 USD"}}, set()
    for names in (("cara", "abel", "bert"), ("bert", "cara", "abel"), ("abel", "bert", "cara")):
        case = {
            "case": "alike",
            "currency": "USD",
            "objective": "cost",
            "horizon": {"start": "2027-01-04", "weeks": 1},
            "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "100 images"}},
            "vendors": {name: {"contract": contract} for name in names},
            "workflows": {"plain": {}},
        }
        plan = solve(read_case(case)).plan
        assert plan is not None
        found |= set(plan.lines["vendor"].tolist())
    assert len(found) == 1


def arranged(case: Case) -> ProgramArrays:
    """The program of a case as it is searched."""
    program = formulate(read_case(case)).program
    order = by_name(program.arrays(), program.structure(), program.names)
    return program.arrays() if order is None else order.arranged(program.arrays())


@pytest.mark.slow
@pytest.mark.parametrize("which", some(DRAWN[1::3]), ids=str)
def test_another_order_of_writing_is_the_same_program(which: Any) -> None:
    """Bounds, sides, costs and coefficients of the program in order are the same, but for rounding of sums."""
    one, other = arranged(drawn(which)), arranged(shuffled(drawn(which), 11))
    for name in ("costs", "lower", "upper", "row_lower", "row_upper", "value"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-12), name
    assert (other.index == one.index).all()
    assert (other.start == one.start).all()


def test_what_is_put_in_order_comes_back() -> None:
    """Values and prices of the program in order belong to the columns and rows they were made for."""
    program = formulate(read_case(shuffled(contract_case(3), 5))).program
    arrays = program.arrays()
    order = by_name(arrays, program.structure(), program.names)
    assert order is not None
    there, values = order.arranged(arrays), np.random.default_rng(1).uniform(0, 9, arrays.column_count)
    back = as_they_are(values, order.columns)
    assert arrays.objective(back) == pytest.approx(there.objective(values))
    assert arrays.activity(back) == pytest.approx(as_they_are(there.activity(values), order.rows))


@pytest.mark.parametrize("seed", [33, 51, 59])
def test_the_same_is_missing_in_another_order_of_writing(seed: int) -> None:
    """Products that are alike and a budget for a part of them: the same ones lack items, the same limits clash."""
    case = contract_case(seed)
    case["budget"] = "11 USD"
    for product in case["products"].values():
        product["demand"] = {"at-least": "20 images", "at-most": "100 images"}
    case["vendors"]["w"]["contract"] = case["vendors"]["v"]["contract"]
    first, second = (solve(read_case(one)).reasons for one in (case, shuffled(case, 7)))
    assert first
    assert sorted(one.sentence for one in second) == sorted(one.sentence for one in first)
