"""Every kind of rule of the mix as the verifier reads it, in order: the only list of them here."""

from __future__ import annotations

from allocate.verification.rule import Rule
from allocate.verification.rules import count, exclusive, fix, funded, incompatible, needs, only, share, spend, steady

RULES = (
    Rule("share", share.kept),
    Rule("count", count.kept),
    Rule("only", only.kept),
    Rule("fix", fix.kept, sums=("fixed_quantity",)),
    Rule("needs", needs.kept),
    Rule("incompatible", incompatible.kept),
    Rule("spend", spend.kept, sums=("spend_at_most",)),
    Rule("funded", funded.kept),
    Rule("exclusive", exclusive.kept),
    Rule("steady", steady.kept),
)
"""What each asks of a plan."""
