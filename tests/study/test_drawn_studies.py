"""Mixes, volumes and inputs of drawn contracts: each figure is that of a solve of its own, of a case changed by hand."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from contract_cases import contract_case
from draws import some

from allocate import read_case, solve
from allocate.case.inputs import inputs
from allocate.errors import CaseError
from allocate.study.figures import figures
from allocate.study.mix import mix
from allocate.study.scale import scale
from allocate.study.sensitivity import Vary, sensitivity

pytestmark = pytest.mark.slow

Case = dict[str, Any]
SEEDS = (2, 7, 8)


def found(case: Case, settings: dict[str, Any] | None = None) -> float | None:
    """The objective of a case by the plain method; None where it has no plan."""
    try:
        answer = solve(read_case(case, settings=settings or {}), method="plain")
    except CaseError:
        return None
    return answer.objective if answer.plan is not None else None


def like(objective: float | None, size: float) -> Any:
    """The same optimum, each proven to a millionth."""
    return None if objective is None else pytest.approx(objective, abs=4e-6 * size)


@pytest.mark.parametrize("seed", some(SEEDS))
def test_a_mix_is_what_two_rules_on_shares_make_of_the_case(seed: int) -> None:
    """The giver has at most a part of its share, the third no more than its own: rules written into the case by hand."""
    source = contract_case(seed)
    case = read_case(source)
    base = figures(solve(case))
    work = {name: one.equivalent_units for name, one in base.vendors.items()}
    giver, taker, third = sorted(work, key=lambda name: -work[name])
    shares = {name: amount / sum(work.values()) for name, amount in work.items()}
    size = max(abs(base.spend or 0.0), abs(base.value or 0.0), 1.0)
    for row in mix(case, giver, taker, 2).rows:
        most = {giver: shares[giver] * (1.0 - row["moved"]), third: 1.0 - shares[giver] - shares[taker]}
        rules = [
            {
                "name": f"mine {name}",
                "share": {"vendor": name, "of": "eu", "at-most": f"{min(max(part, 0) + 1e-9, 1):.12f}"},
            }
            for name, part in most.items()
        ]
        objective = found({**source, "rules": [*source["rules"], *rules]})
        assert row["objective"] == like(objective, size)
        if objective is not None and base.objective is not None:
            assert row["change"] == like(objective - base.objective, size)


@pytest.mark.parametrize("seed", some(SEEDS))
def test_a_volume_is_what_exactly_so_many_items_make_of_the_case(seed: int) -> None:
    """Half, as much and twice what the best plan makes of a product, demanded exactly."""
    source = contract_case(seed)
    case = read_case(source)
    base = figures(solve(case))
    size = max(abs(base.spend or 0.0), abs(base.value or 0.0), 1.0)
    name = max(base.products, key=lambda product: base.products[product].items)
    for row in scale(case, name, [0.5, 1, 2]).rows:
        changed = copy.deepcopy(source)
        changed["products"][name]["demand"] = f"{base.products[name].items * row['factor']:.9f} images"
        assert row["objective"] == like(found(changed), size)


@pytest.mark.parametrize("seed", some(SEEDS))
def test_an_input_off_by_a_tenth_is_what_its_settings_make_of_the_case(seed: int) -> None:
    """Two inputs of each case, smaller and larger: both ends and both changes."""
    source = contract_case(seed)
    case, before = read_case(source), found(source)
    assert before is not None
    paths = [next(iter(one.settings(Decimal("0.9")))) for one in inputs(case)[seed % 3 :: 5][:2]]
    study = sensitivity(case, vary=[Vary(path) for path in paths])
    by_name = {row["input"]: row for row in study.rows}
    size = max(abs(study.figures[0].spend or 0.0), abs(study.figures[0].value or 0.0), 1.0)
    assert len(study.points) > 1
    for point in study.points[1:]:
        row, side = by_name[str(point.at["input"])], point.at["side"]
        objective = found(source, dict(point.settings))
        assert row[f"objective_{side}"] == like(objective, size)
        if objective is not None:
            assert row[f"change_{side}"] == like(objective - before, 2 * size)
