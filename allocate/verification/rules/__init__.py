"""Every kind of rule of the mix as the verifier reads it, in order: the only list of them here."""

from __future__ import annotations

from allocate.verification.rules import count, fix, incompatible, needs, only, share
from allocate.verification.rules.rule import Rule

RULES = (
    Rule("share", share.kept),
    Rule("count", count.kept),
    Rule("only", only.kept),
    Rule("fix", fix.kept),
    Rule("needs", needs.kept),
    Rule("incompatible", incompatible.kept),
)
"""What each asks of a plan."""
