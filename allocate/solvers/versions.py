"""Versions of HiGHS that give wrong answers are refused before anything is solved."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from allocate.errors import CaseError

FIRST = (1, 16)
"""The first version of HiGHS the results are tested with. 1.11 and 1.12 fail at once; 1.14.0 calls 15 the least of 2x + 3z with x + z >= 4.5, x and z up to 10 and z whole, which is 9."""


@cache
def require_tested() -> None:
    """Raise CaseError where the HiGHS installed is older than the first version the results are tested with."""
    try:
        found = version("highspy")
    except PackageNotFoundError:
        return  # not installed as a package, so nothing says what it is
    if _numbers(found) < FIRST:
        first = ".".join(map(str, FIRST))
        message = (
            f"HiGHS {found} is installed; versions before {first} can call a wrong plan optimal, so nothing was solved"
        )
        raise CaseError.of(message, None, f"pip install 'highspy>={first},<2'")


def _numbers(text: str) -> tuple[int, ...]:
    """The leading numbers of a version; what follows them does not count."""
    found: list[int] = []
    for part in text.split("."):
        if not part.isdecimal():
            break
        found.append(int(part))
    return tuple(found)
