"""What capacities leave a billing window: steps, seats and rebates end there, and no plan is lost by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from window_cases import drawn

from allocate import read_case, routes
from allocate.costing.limits import NOTHING, Ignoring
from allocate.costing.value.values import product_values
from allocate.program.arrays import ProgramArrays
from allocate.program.build import Built, build
from allocate.solvers.highs import solve_arrays


def built(case: dict[str, Any], ignoring: Ignoring = NOTHING) -> Built:
    """The program of a case, with nothing derived from some limits."""
    read = read_case(case)
    ways = routes(read)
    return build(read, ways, product_values(read, ways), ignoring)


def loose(case: dict[str, Any]) -> ProgramArrays:
    """The same with nothing derived from what capacities leave in a window."""
    one = built(case, frozenset({("windows", 0)}))
    arrays, used = one.program.arrays(), one.program.rows.get("used_capacity")
    upper = arrays.row_upper.copy()
    if used is not None:
        upper[used.ids] = np.inf
    return replace(arrays, row_upper=upper)


@pytest.mark.parametrize("seed", range(12))
def test_ends_by_capacity_lose_no_plan(seed: int) -> None:
    """The best plan is worth the same with and without ends by capacity, and the relaxation no more with them."""
    case = drawn(seed)
    tight, free = built(case).program.arrays(), loose(case)
    best, known = solve_arrays(tight, gap=1e-9), solve_arrays(free, gap=1e-9)
    assert best.status == known.status
    if known.objective is not None:
        assert best.objective == pytest.approx(known.objective, rel=1e-7)
        sign = 1.0 if tight.maximise else -1.0
        bounds = [solve_arrays(one.relaxed()).objective for one in (tight, free)]
        assert sign * bounds[0] <= sign * bounds[1] + 1e-6 * abs(bounds[1])


def seats_and_steps() -> dict[str, Any]:
    """A vendor with 10 h/week and a month cut to two weeks: 20 h, two seats of 15 h; steps that end beyond that."""
    case = drawn(0)
    case["horizon"] = {"start": "2027-01-04", "weeks": 2}
    tiers = {"kind": "all-unit", "window": "month",
             "steps": [{"up-to": "12 h", "price": "9 USD/h"}, {"up-to": "25 h", "price": "8 USD/h"}, {"price": "1 USD/h"}]}  # fmt: skip
    seat = {"price": "10 USD/month", "carries": "15 h/month"}
    case["vendors"] = {"v": {"contract": {"tiers": tiers, "fees": {"seat": seat}}, "capacity": "10 h/week"}}
    return case


def test_a_cut_month_has_the_hours_of_its_weeks() -> None:
    """20 h are there in two weeks of January: the step above 25 h is out of reach, and no more than two seats are of use."""
    program = built(seats_and_steps()).program
    arrays = program.arrays()
    assert arrays.upper[program.columns["tier_units"].ids] == pytest.approx([12.0, 20.0, 0.0], rel=1e-5)
    assert arrays.upper[program.columns["seats"].ids].tolist() == [2.0]
    row, seats = program.rows["last_seat"].ids[0], program.columns["seats"].ids[0]
    coefficient = arrays.value[(arrays.index == row) & (arrays.column == seats)]
    # One seat carries 15 of the 20 h: 20 - 5 x (2 - n).
    assert coefficient == pytest.approx([-5.0], rel=1e-4)
    assert arrays.row_upper[row] == pytest.approx(10.0, rel=1e-4)


def test_nothing_follows_from_capacities_that_give_way() -> None:
    """Where limits are to give way the ends are as before: by demand, and seats without one."""
    program = built(seats_and_steps(), frozenset({("windows", 0)})).program
    arrays = program.arrays()
    assert arrays.upper[program.columns["tier_units"].ids[2]] > 0.0
    assert np.isinf(arrays.upper[program.columns["seats"].ids]).all()
    assert "last_seat" not in program.rows
