"""The kinds of rules on the mix a case can state: the one list of them on this floor."""

from __future__ import annotations

from allocate.case.index import RuleKind
from allocate.case.rules import count, exclusive, fix, funded, incompatible, needs, only, share, spend, steady

RULES: tuple[RuleKind, ...] = (
    share.RULE, count.RULE, only.RULE, fix.RULE, needs.RULE, incompatible.RULE, spend.RULE, funded.RULE, exclusive.RULE,
    steady.RULE,
)  # fmt: skip
KINDS = tuple(rule.name for rule in RULES)
"""Keys of a rule of which one says what it is about."""
