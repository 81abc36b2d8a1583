"""Rules on the mix as plain numbers, one a file. `RULES` is the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allocate.case.load import Case
from allocate.costing.rules import count, exclusive, fix, funded, incompatible, needs, only, share, spend, steady


@dataclass(frozen=True)
class Rule:
    """A kind of rule."""

    name: str
    read: Callable[..., tuple[Any, ...]]
    """Every rule of the kind that a case states, as plain numbers."""
    of_money: Callable[..., Iterator[tuple[Any, Any, Any]]] | None = None
    """Of a kind that is about money alone: each side, what is spent on what it is about, and in all."""
    rewards_spending: Callable[[Case], bool] | None = None
    """Whether it may pay a plan to owe more than it has to; None: never."""


RULES = (
    Rule("share", share.shares, rewards_spending=share.rewarded),
    Rule("count", count.counts),
    Rule("only", only.discouraged),
    Rule("fix", fix.fixed),
    Rule("needs", needs.needs),
    Rule("incompatible", incompatible.incompatible),
    Rule("spend", spend.spends, spend.reached, spend.rewarded),
    Rule("funded", funded.funded),
    Rule("exclusive", exclusive.exclusive),
    Rule("steady", steady.paces),
)
"""Every kind of rule."""
