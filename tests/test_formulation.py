"""The formulation page."""

from __future__ import annotations

import re
from pathlib import Path

from allocate.program.formulation import SECTIONS, constraint_functions, formulation

ROOT = Path(__file__).resolve().parent.parent


def test_page_is_what_the_docstrings_say() -> None:
    """models/README.md is the generated page, to the letter."""
    assert (ROOT / "models" / "README.md").read_text(encoding="utf-8") == formulation()


def test_every_constraint_is_on_the_page() -> None:
    """A constraint function that is not listed on the page fails here."""
    listed = {function for _, functions in SECTIONS for function in functions}
    missing = [function.__name__ for function in constraint_functions() if function not in listed]
    assert not missing


def test_every_constraint_says_its_algebra_unit_and_dual() -> None:
    """Each constraint's docstring has algebra with a unit in brackets, and, for rows, how to read the dual."""
    for function in constraint_functions():
        text = function.__doc__ or ""
        assert ".. math::" in text, function.__name__
        assert re.search(r"\[\\text\{[^}]+\}\]", text), function.__name__
        assert function.__name__ == "value_columns" or "Dual:" in text, function.__name__


def test_index_calls_every_constraint() -> None:
    """build.py, the index of the formulation, calls every constraint function."""
    source = (ROOT / "allocate" / "program" / "build.py").read_text(encoding="utf-8")
    missing = [function.__name__ for function in constraint_functions() if f".{function.__name__}(" not in source]
    assert not missing
