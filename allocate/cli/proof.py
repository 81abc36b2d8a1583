"""How good a plan is known to be, as a sentence."""

from __future__ import annotations

import math

from allocate.answers import Answer
from allocate.tables.formats import MONEY
from allocate.tolerances import PROVEN


def proof(answer: Answer) -> str:
    """How good the plan is known to be, and that it was checked."""
    found = answer.verification
    assert found is not None
    broken = sum(check.broken for check in found.checks)
    kept = f"all kept but {broken} that {'is' if broken == 1 else 'are'} paid for" if broken else "all kept"
    parts = [f"Verified: {len(found.checks):,} limits recomputed from the case, {kept}"]
    if answer.bound is not None and math.isfinite(answer.bound):
        goal = answer.case.file.objective[0].replace("-", " ")
        word = "more" if answer.case.file.objective[0] != "cost" else "less"
        bound = MONEY(answer.bound)
        known = f"gap {answer.gap:.4%}{_without_trust(answer)}"
        parts.append(f"no plan reaches {word} {goal} than {bound} {answer.case.currency} ({known})")
    else:
        parts.append("there is no bound: a variable added by hand has no end")
    assert answer.plan is not None
    if answer.plan.value_error > 0:
        parts.append(f"straight pieces of the value curves hide at most {answer.plan.value_error:,.2f} of it")
    return "; ".join(parts) + "."


def _without_trust(answer: Answer) -> str:
    """Of an integer program: whether the gap is proven or only claimed by the solver, and then which one is proven."""
    certificate = answer.certificate
    if certificate is None or certificate.kind != "integer":
        return ""
    if certificate.proven_gap <= max(certificate.gap, PROVEN):
        return ", proven"
    bound = f"{MONEY(certificate.proven)} and {certificate.proven_gap:.4%}"
    return f" by the solver's claim; proven are {bound}"
