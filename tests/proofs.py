"""How far the trees go that prove bounds: in tests that are not about proofs they end after a few leaves, and prove a little less."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from allocate.solvers.decomposition import proof

WHOLE = {name: getattr(proof, name) for name in ("LEAVES", "MANY", "LOOKS")}
FEW = 20
ABOUT_PROOFS = (
    "tests/certificate/",
    "tests/record/",
    "tests/solvers/",
    "tests/workers/",
    "tests/study/",
    "tests/runs/",
    "tests/fuzz/",
    "tests/test_pages.py",
    "tests/test_cases.py::test_the_page_shows",
)
"""Tests in which proofs are whole: they look at them, show what is proven, or compare bytes with those of other processes."""


def set_short(short: bool) -> None:
    """Have trees end after a few leaves, or where they end for users."""
    for name, many in WHOLE.items():
        setattr(proof, name, min(many, FEW) if short else many)


@contextmanager
def short() -> Iterator[None]:
    """For a while, proofs are short."""
    before = WHOLE["LEAVES"] > proof.LEAVES
    set_short(True)
    try:
        yield
    finally:
        set_short(before)
