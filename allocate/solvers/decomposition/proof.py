"""Trees that prove a bound of an integer program to anybody: branchings, and duals that HiGHS proposes for each leaf."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.branched import Branch, Branched, Tree, unbranched
from allocate.certificate.engagement.proof import Engaged
from allocate.certificate.facility_location.proof import Opened
from allocate.program.arrays import Floats, ProgramArrays, frozen, maximised
from allocate.program.partition import AXIS, WHOLE, groups_by
from allocate.program.scaling import scaling_of
from allocate.program.structure import Structure
from allocate.solvers.decomposition.blocks import Parts, bounded, cut
from allocate.solvers.decomposition.branching import Branches, walked
from allocate.solvers.decomposition.growing import Growing, change
from allocate.solvers.decomposition.pricing import Pricing, best_of_kinds
from allocate.solvers.outcome import Outcome
from allocate.solvers.relaxation import relaxation_duals
from allocate.solvers.scaled import branched_outward
from allocate.solvers.watch import Cancel, Watch
from allocate.tolerances import OWN_PRICES, PROVEN

LEAVES = 200
"""Most leaves of the tree of one part."""
NUMBERS = 100_000
"""Most duals written down in all trees of the whole program together."""
ROOM = 0.02
"""What trees may leave unproven, as a share of the gap between plan and bound."""
FEW, MANY = 10, 3_000
"""Leaves a tree over a whole program may have at most, of a large and of a small one."""
EFFORT = 1_000_000
"""Coefficients in all leaves of a tree over a whole program together, at most."""
SMALL = 60_000
"""Coefficients up to which the whole program is branched on."""
LOOKS = 200
"""Looks at all parts for those prices, at most."""
SEARCHED = 0.6
"""Part of the time in which they are sought; trees take the rest."""


class Deadline:
    """Seconds left, None without a limit."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds until the end, at least 0."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def part(self, share: float) -> Deadline:
        """A deadline after this share of what is left."""
        return Deadline(None if self.left is None else share * self.left)


@dataclass(frozen=True, eq=False)
class Proof:
    """Duals common to all leaves, in the program's own sense, shape (m,), and the trees beside them."""

    duals: Floats
    branched: Branched | Opened | Engaged
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
    room = max(ROOM * abs(bound - objective), 0.1 * PROVEN * max(1.0, abs(objective)))
    # A tree over a large program takes longer for each leaf.
    most = max(FEW, min(MANY, EFFORT // max(1, arrays.nonzeros))) if by == WHOLE else LEAVES
    target = sign * objective - program.offset if by == WHOLE else None
    limits = _Limits(room, target, most, NUMBERS, lambda: watch.stopped or deadline.left == 0.0)
    grown = _grown(parts, sign * duals[parts.linking], limits)
    return Proof(frozen(sign * grown.duals + 0.0), unbranched(by, _trees(grown, sign)), sign * grown.bound)


@dataclass(frozen=True)
class _Limits:
    """Where trees end: left unproven in all, what is known to be the best, leaves of one, duals of all, time."""

    room: float
    target: float | None
    leaves: int
    numbers: int
    over: Callable[[], bool]


@dataclass(frozen=True, eq=False)
class _Grown:
    """Trees of all parts at the same prices, what they prove of the program, maximised, and the common duals, shape (m,)."""

    duals: Floats
    parts: tuple[Growing, ...]
    bound: float


def _grown(parts: Parts, prices: Floats, limits: _Limits) -> _Grown:
    """Trees at prices of the linking rows, shape (linking rows,)."""
    pricing = Pricing(parts)
    prices = pricing.allowed(prices)
    gains, duals = pricing.gains(prices), np.zeros(parts.arrays.row_count)
    duals[parts.linking] = prices
    left, bound, grown = limits.numbers, pricing.shared(prices, gains), list[Growing]()
    for number, oracle in enumerate(pricing.oracles):
        one = Growing(oracle, best_of_kinds(oracle.block, gains[oracle.block.columns]))

        def over(one: Growing = one, share: int = left // (len(parts.blocks) - number)) -> bool:
            return limits.over() or len(one.twigs) >= 2 * limits.leaves or one.written() > share

        one.grow(limits.room / len(parts.blocks), limits.target, over)
        duals[oracle.block.rows] = one.common
        left -= one.written()
        bound += one.bound
        grown.append(one)
    return _Grown(duals, tuple(grown), bound)


def _trees(grown: _Grown, sign: float) -> list[Tree]:
    return [one.tree(sign) for one in grown.parts]


def divided(
    arrays: ProgramArrays,
    structure: Structure,
    duals: Floats,
    figures: tuple[float, float, float],
    deadline: Deadline,
    watch: Watch,
) -> Proof:
    """The same by product where prices leave a gap: whole numbers are branched on, and each branch has its own prices.

    Arguments as for `prove`; the prices are those to begin with.
    """
    program, sign = maximised(arrays), 1.0 if arrays.maximise else -1.0
    objective, bound, worst = figures
    limits = boxes(program, sign * worst)
    parts = bounded(cut(program, groups_by(structure, AXIS)), *limits)
    search, end = Branches(parts, limits, watch), deadline.part(SEARCHED)
    near = OWN_PRICES * max(1.0, abs(objective))

    def over() -> bool:
        return watch.stopped or end.left == 0.0 or search.looks >= LOOKS

    root = search.divide(sign * duals[parts.linking], sign * bound + near, over)
    branchings, ends = walked(root, search.ids)
    each = _Limits(0.1 * near, None, LEAVES, NUMBERS // len(ends), lambda: watch.stopped or deadline.left == 0.0)
    grown = [_grown(search.parts_of(one), one.prices, each) for one in ends]
    common, rows = grown[0].duals, np.arange(arrays.row_count, dtype=np.int32)
    branches = tuple(Branch(change(rows, one.duals, common, sign), tuple(_trees(one, sign))) for one in grown)
    proven = max(one.bound for one in grown)
    return Proof(frozen(sign * common + 0.0), Branched(AXIS, branches, branchings), sign * proven)


def left_proof(arrays: ProgramArrays, outcome: Outcome) -> Proof | None:
    """The proof that a search by branching, by choices that open columns or by sets of vendors left; None where none did."""
    opened, engaged = outcome.opened, outcome.engaged
    if engaged is not None:
        return Proof(frozen(np.zeros(arrays.row_count)), engaged, engaged.target)
    if outcome.branched is not None and outcome.relaxation_duals is not None and outcome.bound is not None:
        return Proof(outcome.relaxation_duals, outcome.branched, outcome.bound)
    if opened is None:
        return None
    duals = np.zeros(arrays.row_count)
    duals[list(opened.rows)] = opened.boxes[0].duals
    return Proof(frozen(duals), opened, opened.target)


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
    where that is small, with prices for each of its branches where that is not enough. seconds: for all of it; when they
    are over every part is bounded without branchings.
    """
    left = left_proof(arrays, outcome)
    if left is not None:
        return left
    scaling = scaling_of(arrays, structure)
    size, known = scaling.objective, (outcome.shared_prices, outcome.relaxation_duals)
    shared, relaxed = (None if one is None else scaling.duals_inward(one) for one in known)
    assert outcome.objective is not None
    bound = outcome.objective if outcome.bound is None else outcome.bound
    search = _Search(scaling.scaled(arrays), structure, (outcome.objective * size, bound * size, worst * size))
    found = search.proof(shared, relaxed, Deadline(seconds), cancel)
    if found is None:
        return None
    assert isinstance(found.branched, Branched)
    return Proof(
        frozen(scaling.duals(found.duals)), branched_outward(scaling, found.branched), found.bound / scaling.objective
    )


@dataclass(frozen=True, eq=False)
class _Search:
    """A program at its own scale of which a proof is sought."""

    arrays: ProgramArrays
    structure: Structure
    figures: tuple[float, float, float]
    """Objective, bound and worst, as for `prove`."""

    def proof(
        self, shared: Floats | None, relaxed: Floats | None, deadline: Deadline, cancel: Cancel | None
    ) -> Proof | None:
        """The best of the proofs tried; shared, relaxed: prices of a decomposition, and duals of the relaxation."""
        arrays, structure, watch = self.arrays, self.structure, Watch(cancel)
        objective, bound, _ = self.figures
        tried, near = list[Proof](), PROVEN * max(1.0, abs(objective))

        def keep(found: Proof) -> None:
            # A plan may pass rows by their tolerance, and so what is true of those that do not.
            if (objective - found.bound if arrays.maximise else found.bound - objective) <= near:
                tried.append(found)

        def more(by: str, duals: Floats) -> None:
            if not any(abs(one.bound - objective) <= near for one in tried):
                keep(prove(arrays, structure, by, duals, self.figures, deadline, watch))

        if shared is not None:
            more(AXIS, shared)
        if arrays.nonzeros <= SMALL:
            more(WHOLE, np.zeros(arrays.row_count))
        several = len(np.unique(structure.columns.axis(AXIS))) > 2
        if shared is None and several:
            duals = tried[0].duals if tried else relaxed
            if duals is None and not watch.stopped:
                duals = relaxation_duals(arrays, deadline.left, cancel, structure)
            if duals is not None:
                more(AXIS, duals)
        best = min(tried, key=lambda one: abs(one.bound - objective), default=None)
        small, ended = several and arrays.nonzeros <= SMALL, watch.stopped or deadline.left == 0.0
        if best is not None and small and not ended and abs(best.bound - bound) > OWN_PRICES * max(1.0, abs(objective)):
            keep(divided(arrays, structure, best.duals, self.figures, deadline, watch))
        return min(tried, key=lambda one: abs(one.bound - objective), default=None)
