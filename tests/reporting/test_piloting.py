"""The part of a report that says which pilots to run first."""

from __future__ import annotations

import pytest

from allocate import read_case, solve
from allocate.reporting.compose import compose
from tests.odds.pilot_case import two_vendors, weigh


@pytest.mark.slow
def test_pilots_to_run_first() -> None:
    """The page has the sizes weighed, best first, what follows from each count, and what to do; without pilots it has no such part."""
    document = two_vendors(items=[100, 320])
    answer = solve(read_case(document))
    (section,) = [one for one in compose(answer, pilots=weigh(document)).sections if one.title == "Pilots to run first"]
    assert any(line.startswith("Run first: 320 items of scans by b") for line in section.sentences)
    sizes, outcomes = section.tables
    assert [row[1] for row in sizes.rows] == ["320", "100"]
    assert [row[1:6] for row in outcomes.rows] == [
        ("stop", "0", "279", "320", "320"),
        ("go", "280", "320", "320", "100,000"),
    ]
    assert all(one.title != "Pilots to run first" for one in compose(answer).sections)
