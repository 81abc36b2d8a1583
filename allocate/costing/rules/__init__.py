"""Rules on the mix as plain numbers, one a file. `RULES` is the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allocate.costing.rules import count, fix, incompatible, needs, only, share, spend


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
)
"""Every kind of rule."""
