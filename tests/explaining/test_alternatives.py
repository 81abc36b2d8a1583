"""Near-optimal plans that differ: each is the best of its kind, by hand and by trying all."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from allocate import read_case, solve
from allocate.api.explaining import alternatives
from allocate.case.plan_file import PlanLine
from allocate.explaining.alternatives import Alternative, Alternatives

ROOT = Path(__file__).resolve().parents[2]
CASE: dict[str, Any] = {
    "case": "alternatives",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "objective": "cost",
    "products": {"a": {"item": "image", "effort": "36 s/image", "demand": "10_000 images"}},
    "vendors": {
        "x": {"capacity": "6_000 images", "contract": {"price": "0.100 USD/image"}},
        "y": {"capacity": "4_000 images", "contract": {"price": "0.101 USD/image"}},
        "z": {"capacity": "10_000 images", "contract": {"price": "0.104 USD/image"}},
    },
}


def found_for(within: float, before: dict[str, float] | None = None, **changes: Any) -> dict[str, Alternative]:
    """Alternatives of the case by name; before: items of each vendor in the earlier plan."""
    lines = [PlanLine("a", vendor, "single-pass", 1, items) for vendor, items in (before or {}).items()]
    found = alternatives(read_case({**CASE, **changes}), within, lines)
    assert found is not None
    assert found.left_out == ()
    return {one.name: one for one in found.plans}


def mix(one: Alternative) -> dict[str, float]:
    """Items of each vendor."""
    return dict(zip(one.plan.vendors["vendor"], one.plan.vendors["items"].round(3), strict=True))


def test_fewest_vendors_by_hand() -> None:
    """6,000 of x and 4,000 of y cost 1,004 USD; z alone 1,040 USD, which is 3.6 % more."""
    near, far = found_for(0.03), found_for(0.04)
    assert near["best plan"].objective == pytest.approx(1004)
    assert (near["fewest vendors"].best, near["fewest vendors"].here, near["fewest vendors"].costs) == (2, 2, 0)
    assert (far["fewest vendors"].best, far["fewest vendors"].here) == (2, 1)
    assert far["fewest vendors"].costs == pytest.approx(36)


def test_the_most_even_mix_by_hand() -> None:
    """A third each would cost 1,016.67 USD; within 1 % (10.04 USD) as much as that buys moves from x and y to z."""
    near, far = found_for(0.01), found_for(0.02)
    assert list(mix(far["most even mix"]).values()) == pytest.approx([10000 / 3] * 3, abs=1e-2)
    assert far["most even mix"].costs == pytest.approx(10000 / 3 * (0.1 + 0.101 + 0.104) - 1004, abs=1e-3)
    # From x at 0.4 cents an image: 10.04 USD move 2,510 images, and then x has 3,490, less than y's 4,000; so both give.
    x, y, z = mix(near["most even mix"]).values()
    assert x == pytest.approx(y)
    assert near["most even mix"].costs == pytest.approx(10.04, abs=1e-3)
    assert x + y + z == pytest.approx(10_000)


def test_the_least_change_by_hand() -> None:
    """Last quarter z made all of it: 0.3 to 0.4 cents an image come back from moving, and 1 % more may be spent."""
    one = found_for(0.01, {"z": 10_000})["least change"]
    # 1,004 + 10.04 USD: of 1,040 USD 25.96 must be saved, 0.4 cents an image at x.
    assert mix(one)["z"] == pytest.approx(4000 - (25.96 - 24.0) / 0.003, abs=1e-2)
    units = one.plan.vendors["equivalent_units"].sum() / 10_000
    assert one.here == pytest.approx(2 * (10_000 - mix(one)["z"]) * units)
    assert one.best == pytest.approx(2 * 10_000 * units)


def test_nothing_given_up_is_the_best_plan() -> None:
    """Within 0 % every alternative is as good as the best plan."""
    for one in found_for(0.0, {"z": 10_000}).values():
        assert one.costs == pytest.approx(0, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("within", [0.001, 0.01, 0.1])
def test_fewest_vendors_is_what_trying_every_set_finds(within: float) -> None:
    """Of all sets of vendors that keep the cost within the share the smallest has as many as the alternative."""
    best = found_for(within)["best plan"].objective
    sizes = []
    for size in (1, 2, 3):
        for some in itertools.combinations(CASE["vendors"], size):
            answer = solve(read_case({**CASE, "vendors": {name: CASE["vendors"][name] for name in some}}))
            if answer.objective is not None and answer.objective <= best * (1 + within) + 1e-6:
                sizes.append(size)
    assert found_for(within)["fewest vendors"].here == min(sizes)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["portfolio", "contracts", "vendor-comparison"])
def test_alternatives_of_shipped_cases_keep_their_word(name: str) -> None:
    """Each stays within the share, holds, and is no worse by its measure than the best plan."""
    found = alternatives(read_case(ROOT / "cases" / name), 0.01)
    assert isinstance(found, Alternatives)
    best = found.plans[0]
    for one in found.plans[1:]:
        assert one.verification.holds
        assert one.costs <= 0.01 * abs(best.objective) + one.plan.value_error + 0.01
        assert one.best is not None
        assert one.here is not None
        assert one.here <= one.best * (1 + 1e-9)


def test_a_vendor_without_any_bound_is_said_to_be_so() -> None:
    """Where nothing limits what could be ordered, vendors cannot be counted, and the answer says so."""
    products = {"a": {"item": "image", "effort": "36 s/image", "demand": {"at-least": "1_000 images"}}}
    vendors = {"x": {"contract": {"price": "0.1 USD/image"}}}
    found = alternatives(read_case({**CASE, "products": products, "vendors": vendors}))
    assert found is not None
    assert found.left_out == ("fewest vendors: nothing limits how many items of a could be ordered",)


def test_a_case_without_a_plan_has_no_alternatives() -> None:
    """There is nothing to be near to."""
    assert alternatives(read_case({**CASE, "budget": "10 USD"})) is None
