"""Whether any set of vendors has a plan at all: the same search of a program without an objective."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.certificate.engagement.proof import Engaged
from allocate.program.arrays import Floats, ProgramArrays, frozen
from allocate.solvers.decomposition.engagement.plans import Planner
from allocate.solvers.decomposition.engagement.pricing import SetPricing
from allocate.solvers.decomposition.engagement.search import Search
from allocate.solvers.decomposition.engagement.written import written

MISSED = -1e-6
"""A set whose bound without an objective is below it has no plan: prices of 1 at most say that rows are missed by more."""
ROUNDS, STEPS = 60, 8
"""Looks for the prices of one set, and sets that are tried one after the other."""


def without_costs(program: ProgramArrays) -> ProgramArrays:
    """A program that only asks whether there is a plan."""
    return replace(program, offset=0.0, costs=frozen(np.zeros(program.column_count)))


def no_plan(search: Search, program: ProgramArrays, sign: float) -> Engaged | None:
    """The proof that no set of vendors has a plan; None where none came out, and then a plan may be found on the way.

    Without an objective a set gains nothing where it has a plan; prices at which it gains less say that it has none
    (Farkas' lemma, set by set).
    """
    form = replace(search.form, arrays=without_costs(search.form.arrays))
    pricing = SetPricing(without_costs(program), form, search.pricing.sets, search.pricing.all_ends)
    planner = search.planner
    one = Search(pricing, planner, form, 0.0, search.watch, search.over, lambda *_: None, MISSED)
    prices = _begun(search)
    inside, bound = _best(pricing, prices)
    for _ in range(STEPS):
        if bound <= MISSED or search.over():
            break
        state = one.generate(inside, prices, ROUNDS)
        if state is None or search.over():
            return None
        if state.bound > MISSED and one.plan(inside, state, True):
            return None
        prices = state.prices
        inside, bound = _best(pricing, prices)
    one.through(prices)
    return written(one, sign) if one.closed and not _found(planner) else None


def _found(planner: Planner) -> bool:
    return planner.best is not None


def _begun(search: Search) -> Floats:
    """Prices the search ended with, as they point: none greater than 1."""
    prices = search.at_last if search.at_last is not None else np.zeros(len(search.pricing.rows))
    return prices / max(1.0, float(np.abs(prices).max(initial=0.0)))


def _best(pricing: SetPricing, prices: Floats) -> tuple[int, float]:
    pricing.look(prices)
    return pricing.best_set((1 << pricing.form.count) - 1)
