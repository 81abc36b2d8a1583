"""What families add to a program with: members by their place, items by row, choices, money, and the order of building."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from golden import case_of

from allocate import formulate, read_case, routes
from allocate.costing.value.values import product_values
from allocate.program.build import families
from allocate.program.layout import item_columns
from allocate.program.model import Model, axes_of, by_period, layers, unlimited
from allocate.program.naming import block
from allocate.program.program import Program


def model_of(**changes: Any) -> Model:
    """Two products, two vendors, two weeks; v makes no `two`."""
    case = read_case(case_of(changes))
    program, ways = Program(), routes(case)
    return Model(program, item_columns(program, case, ways, product_values(case, ways)))


def row_of_items(model: Model, row: int) -> dict[str, float]:
    """Items in a row of the program, by name."""
    start, columns, values = model.program.arrays().by_rows
    names = model.layout.items.names()
    entries = slice(start[row], start[row + 1])
    return {names[column]: value for column, value in zip(columns[entries], values[entries], strict=True)}


def test_members_are_found_by_their_place() -> None:
    """In any order, single or many, axes that members do not have left out; a place with no member is a KeyError."""
    pairs = block("pairs", {"product": [0, 0, 2], "vendor": [1, 3, 0]}, None, 10)
    assert pairs.at(product=[2, 0, 0], vendor=[0, 3, 3]).tolist() == [12, 11, 11]
    assert pairs.at(product=0, vendor=[1, 3], period=7).tolist() == [10, 11]
    for product, vendor in ((2, 1), (3, 0), (1, 0)):
        with pytest.raises(KeyError, match="pairs has no member"):
            pairs.at(product=product, vendor=vendor)
    with pytest.raises(KeyError, match="none has no member"):
        block("none", {"product": np.zeros(0, int)}, None, 0).at(product=0)
    assert block("none", {"product": np.zeros(0, int)}, None, 0).at(product=np.zeros(0, int)).size == 0


def test_items_stand_in_the_rows_of_their_axes() -> None:
    """By product, by vendor and period; what is counted 0 stands nowhere; a row without items stays empty."""
    model = model_of()
    rows = model.program.add_rows("by_product", {"product": [1]})
    model.put_items(rows, np.where(model.layout.period == 0, 3.0, 0.0))
    assert row_of_items(model, 0) == {"items_p1_v1_w0_t0": 3.0}
    rows = model.program.add_rows("by_week", by_period([0], 2))
    model.put_items(rows)
    assert row_of_items(model, 1) == {"items_p0_v0_w0_t0": 1.0}
    assert row_of_items(model, 2) == {"items_p0_v0_w0_t1": 1.0}
    rows = model.program.add_rows("delivered", {"product": [0], "period": [3]})
    model.put_items(rows, when=model.layout.period + 2)
    assert set(row_of_items(model, 3)) == {"items_p0_v0_w0_t1", "items_p0_v1_w0_t1"}


def test_rows_of_several_rules_about_one_pair_all_get_its_items() -> None:
    """Rows that differ in a further axis only are filled one after the other, or those of one position alone."""
    model = model_of()
    axes = axes_of(("rule", "product", "vendor"), [(0, 1, 1), (2, 1, 1), (2, 0, 0)])
    rows = model.program.add_rows("soft", axes)
    model.put_items(rows)
    assert row_of_items(model, 0) == row_of_items(model, 1)
    assert len(row_of_items(model, 2)) == 2
    again = model.program.add_rows("again", axes)
    model.put_items(again, rule=2)
    assert [len(row_of_items(model, row)) for row in again.ids] == [0, 2, 2]


def test_layers_never_hold_a_place_twice() -> None:
    """Every position is in one layer, in the order in which its place comes."""
    found = [layer.tolist() for layer in layers(np.array([4, 7, 4, 4, 7]))]
    assert [sorted(layer) for layer in found] == [[0, 1], [2, 4], [3]]


def test_a_choice_opens_columns_up_to_a_bound_or_from_it() -> None:
    """At most, or at least, the bound times the choice."""
    model = model_of()
    axes = {"product": np.array([0], np.int32)}
    choice = model.program.add_columns("choice", axes, upper=1.0, integer=True)
    model.tie("at_most", axes, model.layout.ids[:1], choice.ids, 5.0)
    model.tie("from_there", axes, model.layout.ids[:1], choice.ids, 2.0, at_least=True)
    arrays = model.program.arrays()
    assert arrays.row_upper.tolist() == [0.0, np.inf]
    assert arrays.row_lower.tolist() == [-np.inf, 0.0]
    assert model.program.row("at_most", 0)[model.program.variable("choice", 0)] == -5.0
    assert model.program.row("from_there", 0)[model.program.variable("choice", 0)] == -2.0


def test_money_of_columns_is_spread_over_them() -> None:
    """A single amount, vendor or period holds for all columns of a family; absent products are all products."""
    model = model_of()
    model.charge(model.program.add_columns("fees", count=3), 7.0, vendor=1, period=[0, 1, 1])
    charge = model.charges[0]
    assert charge.amount.tolist() == [7.0] * 3
    assert charge.vendor.tolist() == [1] * 3
    assert charge.products == ((0, 1),) * 3
    assert not charge.usage.any()
    assert not charge.within(frozenset({0})).any()


def test_what_nothing_limits_is_named_with_its_place() -> None:
    """Products in alphabetical order, the first one's place, and how to limit them."""
    error = unlimited(model_of().layout, [1, 0, 1], "its contracts need")
    problem = error.problems[0]
    assert problem.message.startswith("nothing limits how many items of one, two could be ordered")
    assert problem.fix is not None
    assert "demand" in problem.fix


def test_families_are_built_stage_by_stage_and_those_not_used_cost_nothing() -> None:
    """The order never goes back, each family once; a plain case has items and value stretches and no other column."""
    stages = [family.stage for family in families()]
    assert stages == sorted(stages)
    assert len({family.add for family in families()}) == len(stages)
    program = formulate(read_case(case_of({}))).program
    assert list(program.columns) == ["items", "value_stretch"]
    assert not program.rows
