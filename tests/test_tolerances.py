"""The one place of tolerances: what stands there is used, and what is used stands there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from allocate import tolerances

SOURCE = Path(tolerances.__file__).parent


def test_every_tolerance_is_a_constant_of_the_name_it_is_listed_by() -> None:
    """The table lists each constant once, by its own name and value, with a measure and a reason."""
    constants = {name: value for name, value in vars(tolerances).items() if isinstance(value, float)}
    assert {one.name: one.value for one in tolerances.TABLE} == constants
    assert len(constants) == len(tolerances.TABLE)
    assert all(one.measure and one.reason and one.value > 0 for one in tolerances.TABLE)


@pytest.mark.slow
def test_every_tolerance_is_used() -> None:
    """No line of the table stands for nothing: some module imports each of them."""
    imported = {
        alias.name
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "allocate.tolerances"
        for alias in node.names
    }
    assert {one.name for one in tolerances.TABLE} <= imported
