"""The sparse matrix is assembled from batches of any order, and duplicates add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate.program.arrays import Growing, Matrix, ProgramArrays, assemble, batch

COLUMNS, ROWS = 5, 4
ENTRY = st.tuples(st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1), st.integers(-3, 3))


def dense(matrix: Matrix) -> np.ndarray:
    full = np.zeros((ROWS, COLUMNS))
    for column in range(COLUMNS):
        for place in range(matrix.start[column], matrix.start[column + 1]):
            assert full[matrix.index[place], column] == 0, "a place is stored twice"
            full[matrix.index[place], column] = matrix.value[place]
    return full


@pytest.mark.slow
@given(st.lists(st.lists(ENTRY, min_size=1, max_size=8), max_size=5))
@settings(deadline=None, max_examples=150)
def test_assembled_matrix_is_the_sum_of_all_entries(parts: list[list[tuple[int, int, int]]]) -> None:
    """Whatever the batches and their order, every place holds the sum of its entries, once."""
    expected = np.zeros((ROWS, COLUMNS))
    batches = []
    for entries in parts:
        row, column, value = (np.array(part) for part in zip(*entries, strict=True))
        np.add.at(expected, (row, column), value)
        batches.append(batch(row.astype(np.int32), column.astype(np.int32), value.astype(float)))
    assert np.array_equal(dense(assemble(batches, COLUMNS, ROWS)), expected)


def test_one_row_and_one_value_spread_over_columns() -> None:
    """A single row number and a single value stand for all columns of a batch."""
    matrix = assemble([batch(2, np.arange(5, dtype=np.int32), 1.5)], COLUMNS, ROWS)
    assert dense(matrix)[2].tolist() == [1.5] * 5


def test_rows_and_columns_of_the_matrix_multiply_alike() -> None:
    """Activities, priced columns and the matrix by rows all belong to the same matrix."""
    full = np.array([[1.0, 0, 2], [0, 3, 0]])
    rows, columns = np.nonzero(full)
    matrix = assemble([batch(rows.astype(np.int32), columns.astype(np.int32), full[rows, columns])], 3, 2)
    three, two = np.zeros(3), np.zeros(2)
    arrays = ProgramArrays(True, 1.0, three + 2, three, three, three > 0, two, two, matrix)
    assert arrays.activity(np.array([1.0, 2, 3])).tolist() == [7, 6]
    assert arrays.priced(np.array([1.0, 10])).tolist() == [1, 30, 2]
    assert arrays.objective(np.array([1.0, 2, 3])) == 13
    start, order, values = arrays.by_rows
    assert (start.tolist(), order.tolist(), values.tolist()) == ([0, 2, 3], [0, 2, 1], [1, 2, 3])


def test_arrays_handed_out_do_not_change_afterwards() -> None:
    """A change after handing out goes to a new array; the one handed out is read-only."""
    growing = Growing(np.float64)
    growing.append(np.array([1.0, 2.0]))
    before = growing.whole
    growing.put(0, 9.0)
    assert before.tolist() == [1, 2]
    assert growing.whole.tolist() == [9, 2]
    with pytest.raises(ValueError, match="read-only"):
        before[0] = 5.0
