"""The choice between methods: by name or by itself, said in the outcome, refused in words."""

from __future__ import annotations

import numpy as np
import pytest

from allocate.program.program import Program
from allocate.program.structure import Side, Structure
from allocate.solvers.solve import solve


def small(integer: bool = False) -> Program:
    program = Program("small", maximise=True)
    axes = {"product": np.array([0, 0, 1]), "period": np.array([0, 1, 0])}
    items = program.add_columns("items", axes, upper=4.0, cost=[3.0, 2.0, 1.0], integer=integer)
    program.add_columns("extra", count=1, upper=1.0, cost=1.0)
    rows = program.add_rows("limit", count=1, upper=7.0)
    program.add_terms(rows.start, items.ids, 1.0)
    return program


def test_the_outcome_says_how_and_why():
    """A method named is used and said to be asked for; by itself the choice gives its reason."""
    named, by_itself = solve(small(), method="plain"), solve(small())
    assert (named.method, named.method_reason) == ("plain", "asked for")
    assert by_itself.method == "plain"
    assert by_itself.method_reason == "a linear program of 4 columns, for which no other method is quicker"
    assert "integer" in solve(small(integer=True)).method_reason
    assert named.objective == by_itself.objective == 12 + 6 + 1


def test_an_unknown_method_is_refused_with_those_there_are():
    """The message lists the methods."""
    with pytest.raises(ValueError, match=r"no method 'magic'; there are: auto, .*plain"):
        solve(small(), method="magic")


@pytest.mark.parametrize("method", ["plain", "sifting"])
def test_a_gap_below_zero_is_refused_by_every_method(method: str) -> None:
    """Also by methods that need no gap."""
    with pytest.raises(ValueError, match="the gap must be 0 or more"):
        solve(small(), method=method, gap=-0.1)


def test_structure_tells_families_and_axes_of_every_column():
    """Columns without a family or an axis read -1."""
    program = small()
    program += program.variable("items", 0) <= 2, "mine"
    arrays = program.arrays()
    structure = Structure(Side(program.columns, arrays.column_count), Side(program.rows, arrays.row_count))
    assert structure.columns.axes == ("product", "period")
    assert structure.columns.axis("product").tolist() == [0, 0, 1, -1]
    assert structure.columns.family.tolist() == [0, 0, 0, 1]
    assert structure.rows.family.tolist() == [0, -1]
    assert structure.rows.axis("product").tolist() == [-1, -1]
