"""How good a plan is known to be, as a sentence."""

from __future__ import annotations

import math

from allocate.answers import Answer
from allocate.case.load import Case
from allocate.tables.formats import MONEY
from allocate.tolerances import PROVEN


def proof(answer: Answer) -> str:
    """How good the plan is known to be, and that it was checked."""
    found, plan = answer.verification, answer.plan
    assert found is not None
    assert plan is not None
    many, broken = len(found.checks), sum(check.broken for check in found.checks)
    limits = {1: "the one limit", 2: "both limits"}.get(many, f"all {many:,} limits")
    missed = f", except {broken} that {'is' if broken == 1 else 'are'} paid for" if broken else ""
    sentences = [f"Verified: {limits} recomputed from the case {'holds' if many == 1 else 'hold'}{missed}."]
    if answer.bound is None or not math.isfinite(answer.bound):
        sentences.append("There is no bound, because a variable that was added by hand has no upper limit.")
        return " ".join(sentences)
    best = no_plan_passes(answer.case, answer.bound)
    sentences.append(f"{best[0].upper()}{best[1:]} (gap {answer.gap:.4%}{_without_trust(answer)}).")
    if plan.value_error > 0:
        hidden = f"{MONEY(plan.value_error)} {plan.currency}"
        sentences.append(f"Straight lines stand for the value curves, so up to {hidden} of value may not be counted.")
    return " ".join(sentences)


def no_plan_passes(case: Case, bound: float) -> str:
    """What no plan of a case can pass, in words, as in `no plan can cost less than 100.00 USD`."""
    goal, amount = case.file.objective[0], f"{MONEY(bound)} {case.currency}"
    if goal == "cost":
        return f"no plan can cost less than {amount}"
    return f"no plan can reach more than {amount} of {goal.replace('-', ' ')}"


def _without_trust(answer: Answer) -> str:
    """Of an integer program: whether the gap is proven or only the solver's word, and then which one is proven."""
    certificate = answer.certificate
    if certificate is None or certificate.kind != "integer":
        return ""
    if certificate.proven_gap <= max(certificate.gap, PROVEN):
        return ", proven without the solver"
    return (
        f" claimed by the solver; proven without it: {MONEY(certificate.proven)} {answer.case.currency}, "
        f"gap {certificate.proven_gap:.4%}"
    )
