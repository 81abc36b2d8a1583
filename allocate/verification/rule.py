"""What one rule of the mix is to the verifier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocate.verification.checks import Check
    from allocate.verification.work import Work


@dataclass(frozen=True)
class Rule:
    """A kind of rule: what a plan's lines make of every rule of the kind."""

    name: str
    kept: Callable[[Work], Iterator[Check]]
    sums: tuple[str, ...] = ()
    """Families of its checks that are limits from above on sums over the whole horizon, which what is done counts in."""
