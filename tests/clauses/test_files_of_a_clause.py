"""What it takes to add a clause: the files that speak of it, those that list all clauses aside."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST = 8
SPOKEN_OF = {
    "a platform fee by workflow or number of passes": r"passes[-_]from|\bWorkflowFee\b",
    "prices by volume that end with time": (
        r"prices_end|tiers_that_end|\bin_turn\b|tiers[\"']?: \[?\{[\"']?until|tiers\([^)]*until=|[\"']until[\"']: [^}]*[\"']steps"
    ),
    "what is spent on products": (
        r"\bSpendRule\b|\bSpendSide\b|rule\.spend\b|\bspends\(|\bspend_(share_)?at_(least|most)|spend_total|rules[./]spend\b"
        r"|\bproduct_spend\.lp|import product_spend|\bspend[\"']?: \{[\"']?products|spend=\{"
    ),
}
"""Three clauses by their keys, and by the names that code has for them."""
LISTS = {
    *(f"allocate/case/schema/{name}.py" for name in ("__init__", "rules")),
    *("cases/README.md", "cases/case.schema.json", "models/README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
    *(f"tests/{name}.py" for name in ("clauses/test_floors", "clauses/test_golden", "rules/test_golden", "golden")),
    *(f"tests/{name}.py" for name in ("contract_grid", "workbook_cases", "odds/test_every_limit")),
}
"""Lists of all clauses or rules beside the floors' indexes: grammar, generated reference, changelog, this walk, cases of all kinds."""
TEXTS = (".py", ".md", ".yaml", ".json", ".lp", ".html", ".csv", ".toml")


@cache
def _texts() -> dict[str, str]:
    """Every file in which a clause could be spoken of, by its path."""
    top = [path for path in ROOT.iterdir() if path.is_file()]
    folders = [path for name in ("allocate", "cases", "docs", "models", "tests") for path in (ROOT / name).rglob("*")]
    files = [path for path in (*top, *folders) if path.suffix in TEXTS and path != Path(__file__)]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}


@pytest.mark.slow
@pytest.mark.parametrize("clause", SPOKEN_OF)
def test_a_clause_is_in_eight_files(clause: str) -> None:
    """With its tests and its documentation; a file on each floor is among them."""
    said = re.compile(SPOKEN_OF[clause])
    found = {path for path, text in _texts().items() if said.search(text)}
    own = sorted(path for path in found - LISTS if not path.endswith(("clauses/__init__.py", "rules/__init__.py")))
    assert len(own) <= MOST, own
    for floor in ("allocate/case/", "allocate/costing/", "allocate/verification/", "tests/", "docs/"):
        assert any(path.startswith(floor) for path in own), floor
