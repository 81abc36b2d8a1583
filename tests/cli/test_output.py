"""Tables on a terminal: they fit its width, and say what was left out."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate.cli.output import BETWEEN, LEAST, fitting
from allocate.tables.column import Grid

CASE = Path(__file__).resolve().parents[2] / "cases" / "vendor-comparison"


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(20, 200))
def test_what_is_kept_fits_and_nothing_is_left_out_without_need(sizes: list[int], width: int) -> None:
    """What is shown is no wider than the terminal, or is two columns; the first column stays; all is shown where all fits."""
    header = [f"column {at}" for at in range(len(sizes))]
    table = Grid("t", header, [["x" * size for size in sizes]], [True] * len(sizes))
    shown, left_out = fitting(table, width, 90)
    wide = [max(len(head), len(cell)) for head, cell in zip(shown.header, shown.rows[0], strict=True)]
    assert sum(wide) + BETWEEN * (len(wide) - 1) + 2 <= width or len(wide) <= LEAST
    assert shown.header[0] == header[0]
    assert sorted([*shown.header, *left_out]) == sorted(header)
    whole = [max(len(head), size) for head, size in zip(header, sizes, strict=True)]
    if sum(whole) + BETWEEN * (len(whole) - 1) + 2 <= width:
        assert not left_out


def test_money_stays_longer_than_what_explains_it() -> None:
    """Spend and items are kept where scores and periods have to go."""
    table = Grid(
        "t",
        ["product", "score before", "spend", "items"],
        [["scans", "90.10", "12,000.00", "3,000"]],
        [False, True, True, True],
    )
    shown, left_out = fitting(table, 34, 90)
    assert list(shown.header) == ["product", "spend", "items"]
    assert left_out == ["score before"]


@pytest.mark.slow
def test_a_narrow_terminal_gets_a_narrow_table() -> None:
    """On a terminal of 80 columns no line of a table is longer, and the columns left out are named."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "allocate", "solve", str(CASE), "--no-save"]
    done = subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "80", "TERM": "dumb"}
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    os.close(ours)
    assert done.wait() == 0
    lines = text.decode().splitlines()
    assert any(line.startswith("Left out to fit 80 columns: ") for line in lines)
    ruled = [line for line in lines if set(line.strip()) == {"─"}]
    assert ruled
    assert all(len(line) <= 80 for line in ruled)
