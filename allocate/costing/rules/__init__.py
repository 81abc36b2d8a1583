"""Rules on the mix as plain numbers, one a file. `RULES` is the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allocate.costing.rules import count, exclusive, fix, funded, incompatible, needs, only, share, spend, steady


@dataclass(frozen=True)
class Rule:
    """A kind of rule."""

    name: str
    read: Callable[..., tuple[Any, ...]]
    """Every rule of the kind that a case states, as plain numbers."""


RULES = (
    Rule("share", share.shares),
    Rule("count", count.counts),
    Rule("only", only.discouraged),
    Rule("fix", fix.fixed),
    Rule("needs", needs.needs),
    Rule("incompatible", incompatible.incompatible),
    Rule("spend", spend.spends),
    Rule("funded", funded.funded),
    Rule("exclusive", exclusive.exclusive),
    Rule("steady", steady.paces),
)
"""Every kind of rule."""
