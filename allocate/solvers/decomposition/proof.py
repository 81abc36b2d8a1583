"""Trees that prove a bound of an integer program to anybody: branchings, and duals that HiGHS proposes for each leaf."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from allocate.certificate.boxes import boxes
from allocate.certificate.branched import Branched, Tree
from allocate.program.arrays import Floats, ProgramArrays, frozen
from allocate.program.partition import AXIS, WHOLE, groups_by
from allocate.program.structure import Structure
from allocate.solvers.decomposition.blocks import bounded, cut, maximised
from allocate.solvers.decomposition.growing import Growing
from allocate.solvers.decomposition.pricing import Pricing, best_of_kinds
from allocate.solvers.outcome import PROVEN, Outcome
from allocate.solvers.relaxation import relaxation_duals
from allocate.solvers.watch import Cancel, Watch

PROOF_SHARE = 0.1
"""Part of a time limit that the proof of the bound may take beyond it; a short one gets `PROOF_AT_ONCE`."""
PROOF_AT_ONCE = 2.0
"""Seconds it may take after Ctrl-C; large parts are then left without branchings."""
LEAVES = 200
"""Most leaves of the tree of one part."""
NUMBERS = 100_000
"""Most duals written down in all trees of the whole program together."""
ROOM = 0.02
"""What trees may leave unproven, as a share of the gap between plan and bound."""
FEW, MANY = 10, 800
"""Leaves a tree over a whole program may have at most, of a large and of a small one."""
EFFORT = 1_000_000
"""Coefficients in all leaves of a tree over a whole program together, at most."""
SMALL = 60_000
"""Coefficients up to which the whole program is branched on."""


class Deadline:
    """Seconds left, None without a limit."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds until the end, at least 0."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())


@dataclass(frozen=True, eq=False)
class Proof:
    """Duals common to all leaves, in the program's own sense, shape (m,), and the trees beside them."""

    duals: Floats
    branched: Branched
    bound: float
    """What it proves, nearly; anybody computes the bound itself from the rest."""


def prove(
    arrays: ProgramArrays,
    structure: Structure,
    by: str,
    duals: Floats,
    figures: tuple[float, float, float],
    deadline: Deadline,
    watch: Watch,
) -> Proof:
    """Trees over the parts of an integer program at given prices of what they share.

    duals: shape (m,), of which those of rows that tie parts together are the prices. figures: objective of a plan at hand,
    what is claimed that no plan passes, and as of `allocate.certificate.certificate.worst_looked_at`. Out of time or asked
    to stop, parts are left without branchings.
    """
    program, sign = maximised(arrays), 1.0 if arrays.maximise else -1.0
    objective, bound, worst = figures
    # The bounds that anybody who checks the trees starts from.
    parts = bounded(cut(program, groups_by(structure, by)), *boxes(program, sign * worst))
    pricing = Pricing(parts)
    prices = pricing.allowed(sign * duals[parts.linking])
    gains, found = pricing.gains(prices), np.zeros(arrays.row_count)
    found[parts.linking] = prices
    room = max(ROOM * abs(bound - objective), 0.1 * PROVEN * max(1.0, abs(objective))) / max(1, len(parts.blocks))
    # A tree over a large program takes longer for each leaf.
    most = 2 * (max(FEW, min(MANY, EFFORT // max(1, arrays.nonzeros))) if by == WHOLE else LEAVES)
    trees, left, bound_ = list[Tree](), NUMBERS, pricing.shared(prices, gains)
    for number, oracle in enumerate(pricing.oracles):
        by_kind = best_of_kinds(oracle.block, gains[oracle.block.columns])
        target = sign * objective - program.offset if by == WHOLE else None
        grown = Growing(oracle, by_kind)

        def over(grown: Growing = grown, share: int = left // (len(parts.blocks) - number)) -> bool:
            return watch.stopped or deadline.left == 0.0 or len(grown.twigs) >= most or grown.written() > share

        grown.grow(room, target, over)
        found[oracle.block.rows] = grown.common
        trees.append(grown.tree(sign))
        left -= grown.written()
        bound_ += grown.bound
    return Proof(frozen(sign * found + 0.0), Branched(by, tuple(trees)), sign * bound_)


def proof_of(
    arrays: ProgramArrays,
    structure: Structure,
    outcome: Outcome,
    worst: float,
    seconds: float | None,
    cancel: Cancel | None = None,
) -> Proof | None:
    """The trees that prove most of how good an integer program's plans are, None where there is no way to make some.

    Part by part at the prices the search ended with, or else at the duals of the relaxation; and over the whole program
    where that is small. seconds: for all of it; when they are over every part is bounded without branchings.
    """
    deadline, watch = Deadline(seconds), Watch(cancel)
    objective = outcome.objective
    assert objective is not None
    bound = objective if outcome.bound is None else outcome.bound
    tried, near = list[Proof](), PROVEN * max(1.0, abs(objective))

    def more(by: str, duals: Floats) -> None:
        if not any(abs(one.bound - objective) <= near for one in tried):
            found = prove(arrays, structure, by, duals, (objective, bound, worst), deadline, watch)
            # A plan may pass rows by their tolerance, and so what is true of those that do not.
            if (objective - found.bound if arrays.maximise else found.bound - objective) <= near:
                tried.append(found)

    if outcome.shared_prices is not None:
        more(AXIS, outcome.shared_prices)
    if arrays.nonzeros <= SMALL:
        more(WHOLE, np.zeros(arrays.row_count))
    if outcome.shared_prices is None and len(np.unique(structure.columns.axis(AXIS))) > 2:
        duals = tried[0].duals if tried else outcome.relaxation_duals
        if duals is None and not watch.stopped:
            duals = relaxation_duals(arrays, deadline.left, cancel)
        if duals is not None:
            more(AXIS, duals)
    return min(tried, key=lambda one: -one.bound if not arrays.maximise else one.bound, default=None)
