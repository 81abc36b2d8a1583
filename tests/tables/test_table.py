"""Tables by columns, and records that make frames of them when asked."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from allocate.plan import _summed
from allocate.tables.frames import gives_copies, table_of, unmade
from allocate.tables.table import Table

ROOT = Path(__file__).resolve().parents[2]


@gives_copies
@dataclass(frozen=True, eq=False)
class Holder:
    """A holder of one table."""

    sales: pd.DataFrame


def _table() -> Table:
    return Table({"who": ["b", "a", "b"], "units": np.array([1.0, 2.0, np.nan]), "done": [True, False, True]})


def test_a_frame_has_the_types_pandas_gives_the_same_columns() -> None:
    """Texts, numbers, truths and nothing at all become the columns a frame of the same rows has."""
    rows = [["b", 1, 1.5, True], ["a", 2, 2.5, False]]
    names = ["who", "week", "units", "done"]
    pd.testing.assert_frame_equal(Table.from_rows(names, rows).frame, pd.DataFrame(rows, columns=names))
    pd.testing.assert_frame_equal(Table.from_rows(names, []).frame, pd.DataFrame([], columns=names))


def test_columns_rows_and_selections_are_those_of_the_table() -> None:
    """Columns come as arrays, rows as Python has them, and a selection keeps order and names."""
    table = _table().with_columns(part=[Fraction(1, 3), None, Fraction(2, 3)])
    assert table.columns == ("who", "units", "done", "part")
    assert len(table) == 3
    assert "who" in table
    assert "what" not in table
    assert table["done"].dtype == bool
    assert table["part"].tolist() == [Fraction(1, 3), None, Fraction(2, 3)]
    assert list(table.where(table["who"] == "b").rows("who", "part")) == [("b", Fraction(1, 3)), ("b", Fraction(2, 3))]
    assert len(Table({})) == 0


def test_what_is_done_to_a_frame_changes_nothing_of_its_holder() -> None:
    """Each asker has a frame of his own; a frame that is given is taken as it is at that moment."""
    holder = Holder(unmade(_table()))
    first = holder.sales
    first.loc[:, "units"] = 7.0
    assert holder.sales["units"].tolist()[:2] == [1.0, 2.0]
    other = replace(holder, sales=first)
    first.loc[:, "units"] = 8.0
    assert other.sales["units"].tolist() == [7.0, 7.0, 7.0]
    assert table_of(pickle.loads(pickle.dumps(other)), "sales")["units"].tolist() == [7.0, 7.0, 7.0]


def test_sums_by_key_lose_nothing_to_the_order_of_lines() -> None:
    """Rounding errors are carried on: a large amount does not swallow many small ones."""
    amounts = np.array([1e16, *[1.0] * 10, 2.5])
    assert _summed(amounts, [0] * 11 + [1], 3).tolist() == [1e16 + 10.0, 2.5, 0.0]


@pytest.mark.slow
def test_a_case_is_solved_and_shown_without_pandas() -> None:
    """The command that everybody types first does not wait for pandas to be imported."""
    code = (
        "import sys; sys.argv = ['allocate', 'solve', 'cases/make-or-buy', '--no-save']\n"
        "from allocate.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "assert 'pandas' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
