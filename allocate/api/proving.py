"""The proof of a plan's bound, and the sums that must agree before it is shown."""

from __future__ import annotations

import numpy as np

from allocate.answers import FiguresDisagreeError
from allocate.case.amounts import SMALLER_UNIT
from allocate.certificate.agreement import Figures, aimed, aims_as_built, crumbs, disagreements, items_made
from allocate.certificate.certificate import Certificate, certify, worst_looked_at
from allocate.errors import CaseError
from allocate.plan import Plan
from allocate.program.arrays import Floats, inner
from allocate.program.build import Built
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.relaxation import relaxation_duals
from allocate.solvers.watch import Cancel
from allocate.tolerances import AT_WORK, FIGURES_AGREE, HALF_A_CENT, ITEMS_PLANNED
from allocate.verification import Verification

PROOF_SHARE = 0.1
"""Part of a time limit that the proof of the bound may take beyond it; a short one gets `PROOF_AT_ONCE`."""
PROOF_AT_ONCE = 2.0
"""Seconds it may take after Ctrl-C; large parts are then left without branchings."""


def check_sizes(built: Built, values: Floats | None, least: float = AT_WORK) -> None:
    """Raise CaseError where the best plan has money in less of a product than so many items, the least that is planned with."""
    if values is None:
        return
    layout, case = built.layout, built.layout.case
    made = np.abs(values[layout.ids])
    items = np.bincount(layout.product, made, minlength=len(layout.routes.products))
    sizes = [np.abs(aim.costs * values[: len(aim.costs)]) for aim in (built.aims[0], built.ties[0])]
    room = [max(FIGURES_AGREE * float(size.sum()), HALF_A_CENT) for size in sizes]
    ends = built.program.columns.get("value_stretch")
    for number, name in enumerate(layout.routes.products):
        if not 0.0 < items[number] < least:
            continue
        mine = layout.ids[layout.product == number]
        if ends is not None:
            mine = np.concatenate([mine, ends.ids[ends.index["product"] == number]])
        if any(float(size[mine].sum()) > most for size, most in zip(sizes, room, strict=True)):
            message = f"the best plan has {items[number]:.3g} items of {name}: less than the least that is planned with, {least:f} items"
            raise CaseError.of(message, case.place("products", name), SMALLER_UNIT)


def check_agreement(built: Built, outcome: Outcome, plan: Plan, checked: Verification, bound: float | None) -> None:
    """Raise FiguresDisagreeError unless solver, plan and verifier agree on the first objective and the bound holds."""
    values, name, arrays = outcome.values, built.aims[0].name, built.program.arrays()
    own = None if values is None else arrays.objective(values)
    amount, bound = plan.amount(name), bound if aims_as_built(built, arrays) else None
    told = (outcome.objective, own, aimed(built, values), amount, checked.reached[name], bound)
    figures = Figures(*told, crumbs(built, values), items_made(built, values), outcome.status is Status.FEASIBLE)
    differences = disagreements(built, figures, plan.spend, plan.value)
    if differences:
        check_sizes(built, values, ITEMS_PLANNED)
        raise FiguresDisagreeError(differences, outcome.objective)


def bests(built: Built, outcome: Outcome, checked: Verification | None) -> dict[str, dict[str, float]]:
    """What each of several goals came to before it gave up anything for those behind it, counted as the plan is; else nothing."""
    if len(built.aims) < 2 or checked is None or outcome.values is None:
        return {}
    found = {}
    for aim, stage in zip(built.aims, outcome.stages, strict=False):
        if stage.objective is not None:
            now = float(inner(aim.costs, outcome.values[: len(aim.costs)]))
            found[aim.name] = float(f"{checked.reached[aim.name] + stage.objective - now:.9g}")
    return {"best": found}


def proven(built: Built, outcome: Outcome, first: float, left: float | None, cancel: Cancel | None) -> Certificate:
    """The proof of the bound of a plan that reaches a first objective; left: seconds there are for it, where duals have to be found first."""
    arrays = built.program.arrays()
    integer, ended = bool(arrays.integer.any()), outcome.limit is Limit.INTERRUPT
    proof = None
    if integer and outcome.objective is not None:
        from allocate.solvers.decomposition.proof import proof_of  # loaded for integer programs only

        given = (PROOF_AT_ONCE, None) if ended else (left, cancel)
        proof = proof_of(arrays, built.program.structure(), outcome, worst_looked_at(built, first), *given)
    duals = outcome.relaxation_duals if outcome.duals_are_local else outcome.row_duals
    if proof is None and duals is None and not ended and left != 0.0:
        duals = relaxation_duals(arrays, left, cancel, built.program.structure())
    return certify(
        built,
        first,
        duals=duals if proof is None else proof.duals,
        values=outcome.values,
        local_duals=outcome.row_duals if outcome.duals_are_local else None,
        guess=outcome.row_duals if integer else None,
        branched=outcome.parted if proof is None else proof.branched,
        claimed=outcome.bound,
    )
