"""Readers of a case: each reads a case once, and what it gives is shared and stays as it is."""

from __future__ import annotations

import pickle
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from allocate.api.solving import formulate
from allocate.case.load import Case, read_case
from allocate.costing.bill.lines import Lines
from allocate.costing.limits.amounts import demand
from allocate.costing.limits.targets import accuracy_floors
from allocate.costing.supply.teams import teams
from allocate.costing.terms.contracts import terms
from allocate.costing.terms.schedules import schedules
from allocate.plan import make_plan

CONTRACTS = Path(__file__).resolve().parents[2] / "cases" / "contracts"


@pytest.fixture(scope="module")
def case() -> Case:
    """A case with contracts of all sorts."""
    return read_case(CONTRACTS)


def test_a_case_is_read_once_by_each_reader(case: Case) -> None:
    """The program of a case and a plan of it, from one reading by each reader of what contracts, limits and teams say."""
    readers: dict[CodeType, str] = {
        one.__wrapped__.__code__: one.__qualname__
        for name, module in list(sys.modules.items())
        if name.startswith("allocate.costing.")
        for one in vars(module).values()
        if hasattr(one, "__wrapped__") and getattr(one, "__code__", None) is terms.__code__
    }
    assert {"terms", "schedules", "teams", "vendor_capacities", "rebates", "licences", "payments"} <= set(
        readers.values()
    )
    calls: Counter[tuple[Any, ...]] = Counter()

    def count(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in readers:
            given = frame.f_code.co_varnames[: frame.f_code.co_argcount]
            calls[frame.f_code, *(id(frame.f_locals[name]) for name in given if name == "case")] += 1

    fresh = replace(case)
    sys.setprofile(count)
    try:
        layout = formulate(fresh).layout
        make_plan(
            layout.values, Lines(fresh, layout.routes, layout.route[:9], layout.period[:9], layout.hours[:9] + 5.0)
        )
    finally:
        sys.setprofile(None)
    several = {"accuracy_floors", "late_prices", "most_capacities"}  # one reading for each of their other arguments
    assert {readers[code] for code, _ in calls} >= {"terms", "schedules", "teams", "rebates", "licences", "demand"}
    assert {readers[code]: many for (code, _), many in calls.items() if many > 1 and readers[code] not in several} == {}


def test_another_case_is_read_again(case: Case) -> None:
    """A copy with other figures has readings of its own; the first keeps its."""
    name, product = next(iter(case.products.items()))
    more = product.model_copy(update={"demand": product.demand.model_copy(update={"at_least": None, "exactly": None})})
    other = replace(case, file=case.file.model_copy(update={"products": {**case.products, name: more}}))
    assert demand(case)[0][0] > 0
    assert demand(other)[0][0] == 0
    assert demand(case) is demand(case)
    assert demand(other) is not demand(case)


def test_what_is_read_cannot_be_written_to(case: Case) -> None:
    """Arrays alone, in tuples and in what readers make: who writes to one is told, for others hold it too."""
    for array in (accuracy_floors(case), demand(case)[1], terms(case)[0].retainer, schedules(case)[0].factor):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_readings_stay_where_they_were_made(case: Case) -> None:
    """A case sent to another process takes none along, and is read there alike."""
    assert teams(case) is teams(case)
    sent = pickle.loads(pickle.dumps(case))
    assert "readings" not in vars(sent)
    assert demand(sent)[0].tolist() == demand(case)[0].tolist()
