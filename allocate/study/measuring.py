"""Figures of one solved program after the other: each verified, each from its lines alone where that is enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.answers import FiguresDisagreeError, UnverifiedPlanError
from allocate.api.proving import check_agreement, check_sizes, proven
from allocate.api.solving import planned
from allocate.case.load import Case
from allocate.certificate.agreement import Figures as Compared
from allocate.certificate.agreement import aimed, crumbs, disagreements
from allocate.certificate.certificate import prices, told_bound
from allocate.certificate.outer_approximation import curve_error
from allocate.costing.limits.budget import hurdle
from allocate.costing.table import Routes
from allocate.plan import kept_lines
from allocate.program.build import Built
from allocate.solvers.outcome import Outcome, Status, gap_of
from allocate.solvers.watch import Cancel
from allocate.study.figures import Figures, Part, of_plan, with_left
from allocate.verification import Stated, Totals, verify, verify_lines

SAME = 1e-9
"""Relative distance of figures that are the same but for rounding."""
TOLD = (
    "objective", "spend", "value", "net_value", "net_value_range", "items", "accuracy", "delivered", "vendors_used",
    "left_of_budget", "with_no_vendor",
)  # fmt: skip
Proof = tuple[float, float | None, float | None]
"""Objective, bound and gap."""
Prove = Callable[[float], tuple[Proof, float | None]]
"""The proof of a plan that reaches an objective, and what one more unit of the budget is worth."""


class Measuring:
    """Figures of outcomes of one program, whose case differs in its total budget alone.

    The first plan is made and verified in full, and again from its lines as arrays. Where both come to the same
    figures, and nothing is at stake that lines do not tell (teams, levers, penalties, discounting), the others are measured from their
    lines: every limit and figure is still recomputed from the case, but no tables are made. Bounds of integer programs are
    proven by certificates, as those of plans on their own.
    """

    def __init__(self, built: Built, case: Case) -> None:
        self.built = built
        self.known = Stated(case)
        more = built.staff.teams or built.layout.routes.levers or built.layout.payments.discounted
        self._lines_do: bool | None = False if more else None

    def figures(
        self, case: Case, outcome: Outcome, row: int, left: float | None = None, cancel: Cancel | None = None
    ) -> Figures:
        """Of the outcome at the case's budget, whose row is given. Raises UnverifiedPlanError.

        left: seconds there are for the proof of an integer program. cancel: ends it early.
        """
        if outcome.values is None:
            return Figures(outcome.status.value, reasons=(outcome.message,) if outcome.message else ())
        check_sizes(self.built, outcome.values)
        prove = partial(self._proof, outcome, row, left, cancel)
        quick = self._of_lines(case, outcome, prove) if self._lines_do is not False else None
        if quick is not None and self._lines_do:
            return quick
        if quick is None:
            return self._of_plan(case, outcome, prove)
        whole = self._of_plan(case, outcome, lambda reached: (_gap(reached, quick.bound), quick.worth_of_money))
        self._lines_do = all(_same(getattr(quick, name), getattr(whole, name)) for name in TOLD)
        return whole

    def _of_plan(self, case: Case, outcome: Outcome, prove: Prove) -> Figures:
        plan = planned(self.built, outcome)
        assert plan is not None
        checked = verify(case, plan, self.known)
        if not checked.holds:
            raise UnverifiedPlanError(checked.violations, outcome.objective)
        proof, worth = prove(plan.amount(case.file.objective[0]))
        check_agreement(self.built, outcome, plan, checked, proof[1])
        return with_left(of_plan(plan, outcome.status.value, proof, worth), checked.checks)

    def _of_lines(self, case: Case, outcome: Outcome, prove: Prove) -> Figures | None:
        """The same from the lines alone; None where a penalty is owed."""
        assert outcome.values is not None
        layout = self.built.layout
        items = outcome.values[layout.items.start : layout.items.stop]
        kept = kept_lines(layout.lines(items))
        lines = (kept.route, kept.period, kept.items)
        keys = [layout.routes.key(route) for route in kept.route.tolist()]
        checks, totals, broken = verify_lines(case, keys, kept.period, kept.items, self.known)
        if any(check.paid > 0.0 for check in checks):
            return None
        if broken:
            raise UnverifiedPlanError(broken, outcome.objective)
        net = totals.value - hurdle(case) * totals.spend - totals.escaped_error_cost
        reached = {"net-value": net, "value": totals.value, "cost": totals.spend}[case.file.objective[0]]
        proof, worth = prove(reached)
        told = Compared(
            outcome.objective,
            None,
            aimed(self.built, outcome.values),
            reached,
            reached,
            proof[1],
            crumbs(self.built, outcome.values),
            early=outcome.status is Status.FEASIBLE,
        )
        apart = disagreements(self.built, told, totals.spend, totals.value)
        if apart:
            raise FiguresDisagreeError(apart, outcome.objective)
        found = Figures(outcome.status.value, *proof, totals.spend, totals.value, net, worth_of_money=worth)
        found = with_left(replace(found, with_no_vendor=totals.with_no_vendor), checks)
        delivered = lines[1] + 1 + layout.routes.lead[lines[0]]
        return _with_parts(found, totals, layout.routes, (lines[0], delivered))

    def _proof(
        self, outcome: Outcome, row: int, left: float | None, cancel: Cancel | None, objective: float
    ) -> tuple[Proof, float | None]:
        """Objective, bound and gap, and what one more unit of the budget is worth.

        The solver's bound of a linear program is widened by what the value curves' straight pieces may hide.
        """
        if self.built.program.arrays().integer.any():
            certificate = proven(self.built, outcome, objective, left, cancel)
            known = prices(self.built, certificate).get(("budget", ()))
            return _gap(objective, certificate.bound), known
        worth = None if outcome.row_duals is None else float(outcome.row_duals[row])
        if outcome.bound is None:
            return _gap(objective, None), worth
        hidden, maximise = curve_error(self.built), self.built.aims[0].maximise
        bound = told_bound(outcome.bound + hidden if maximise else outcome.bound - hidden, objective, maximise)
        return _gap(objective, bound), worth


def _with_parts(
    found: Figures, totals: Totals, ways: Routes, lines: tuple[NDArray[np.int32], NDArray[np.int32]]
) -> Figures:
    """Figures with those of each product and vendor; lines: their route, and the period they are delivered in."""
    route, delivered = lines
    items = float(totals.products["items"].sum())
    right = float(np.nansum(totals.products["items"] * totals.products["accuracy"]))
    made = totals.vendors["items"] > 0
    return replace(
        found,
        items=items,
        accuracy=right / items if items > 0 else None,
        delivered=int(delivered.max()) if items > 0 else None,
        vendors_used=int(made.sum()),
        products=_parts(totals.products, ways.products, ways.product[route], delivered),
        vendors=_parts(totals.vendors, ways.vendors, ways.vendor[route], delivered),
    )


def _parts(
    sums: dict[str, NDArray[np.float64]], names: tuple[str, ...], key: NDArray[Any], delivered: NDArray[Any]
) -> dict[str, Part]:
    last = np.zeros(len(names), dtype=np.int64)
    np.maximum.at(last, key, delivered)
    amounts = [sums["items"], sums["hours"], sums["equivalent_units"], sums["spend"] + sums.get("fees", 0.0)]
    return {
        name: Part(items, hours, units, spend, None if math.isnan(accuracy) else accuracy, end or None)
        for name, items, hours, units, spend, accuracy, end in zip(
            names, *(one.tolist() for one in (*amounts, sums["accuracy"], last)), strict=True
        )
    }


def _gap(objective: float, bound: float | None) -> Proof:
    return objective, bound, None if bound is None else gap_of(objective, bound)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= SAME * max(1.0, abs(other))
