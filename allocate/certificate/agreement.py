"""Figures of one plan's objective by parts of the program that share little, compared before anything of it is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.certificate.outer_approximation import curve_error
from allocate.numbers import least_items
from allocate.program.arrays import Floats, ProgramArrays, inner
from allocate.program.build import Built
from allocate.tolerances import FIGURES_AGREE

PROGRAM = "the program says"


@dataclass(frozen=True)
class Figures:
    """What a plan reaches of its first objective, money in the case's currency; None where a figure is not there."""

    solver: float | None
    """As the solver told it, of the program's own objective."""
    program: float | None
    """The program's own objective at the solver's point."""
    aim: float | None
    """The case's first objective at the solver's point, by the straight pieces of value curves."""
    plan: float
    """By the plan's invoice and the value curves themselves."""
    verifier: float
    """Recomputed from the case and the plan's lines alone."""
    bound: float | None
    """No plan is better."""
    crumbs: float = 0.0
    """Money at the solver's point of columns too small for a line of the plan."""
    made: float = 1.0
    """All items at the solver's point."""
    early: bool = False
    """Whether the search ended before its plan was proven best: its point may pay for more than the plan's lines need, as for a
    switch or a seat that nothing asks for any more."""


def aimed(built: Built, values: Floats | None) -> float | None:
    """The case's first objective at a point of its program, which may have columns more; None without a point."""
    costs = built.aims[0].costs
    return None if values is None else inner(costs, values[: len(costs)])


def items_made(built: Built, values: Floats | None) -> float:
    """All items at a point of the program; 1 without a point."""
    return 1.0 if values is None else float(np.abs(values[built.layout.ids]).sum())


def crumbs(built: Built, values: Floats | None) -> float:
    """Money of columns too small for a line of the plan at a point of the program; 0 without a point."""
    if values is None:
        return 0.0
    costs = built.aims[0].costs
    small = np.abs(values[: len(costs)]) < least_items(items_made(built, values))
    return float(np.abs(costs[small] * values[: len(costs)][small]).sum())


def aims_as_built(built: Built, arrays: ProgramArrays) -> bool:
    """Whether the program's objective is the case's first one, and not one set or added to by hand."""
    costs = built.aims[0].costs
    others = arrays.costs[len(costs) :]
    return arrays.offset == 0.0 and not others.any() and bool(np.array_equal(arrays.costs[: len(costs)], costs))


def disagreements(built: Built, figures: Figures, spend: float, value: float) -> tuple[str, ...]:
    """What does not agree, with both sums, in words; nothing where all figures do, or a plan is better than a point found early.

    spend, value: of the plan, money; with the objective they say how large its money is.
    """
    maximise, currency, hidden = built.aims[0].maximise, built.layout.case.currency, curve_error(built)
    size = max(abs(spend), abs(value), abs(figures.plan))
    rounding = FIGURES_AGREE * size
    room = rounding + _left_out(built, figures.made) + figures.crumbs
    pairs = (
        ("the solver says", figures.solver, "its point comes to", figures.program, room),
        (PROGRAM, figures.aim, "the plan comes to", figures.plan, hidden + room),
        ("the plan comes to", figures.plan, "the check comes to", figures.verifier, rounding),
    )
    found = [
        f"{one} {_told(left, right, currency)}, {other} {_told(right, left, currency)}: "
        f"{abs(left - right):,.6g} {currency} apart, where rounding and value curves explain {most:,.6g}"
        for one, left, other, right, most in pairs
        if left is not None and right is not None and not abs(left - right) <= most
        if not (figures.early and one == PROGRAM and _past(right, left, maximise) >= 0.0)
    ]
    if figures.bound is not None and not _past(figures.plan, figures.bound, maximise) <= rounding:
        plan, bound = _told(figures.plan, figures.bound, currency), _told(figures.bound, figures.plan, currency)
        found.append(f"the plan comes to {plan}, past {bound}, which no plan is to pass")
    return tuple(found)


def _left_out(built: Built, made: float) -> float:
    """Money of columns too small for a line of the plan: a solver's rounding, which is all there is where nothing is made."""
    items = built.layout.items
    return least_items(made) * float(np.abs(built.aims[0].costs[items.start : items.stop]).sum())


def _past(plan: float, bound: float, maximise: bool) -> float:
    return plan - bound if maximise else bound - plan


def _told(figure: float, other: float, currency: str) -> str:
    """A sum of money with as many digits as tell it from another."""
    shown = next((d for d in (2, 4, 6, 9) if f"{figure:,.{d}f}" != f"{other:,.{d}f}"), 12)
    return f"{figure:,.{shown}f} {currency}"
