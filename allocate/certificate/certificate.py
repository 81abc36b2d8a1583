"""What proves how good a plan is: row duals, what they prove, and what the solver claims beside."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.branched import Branched, branches_bound
from allocate.certificate.dual_coordinate_ascent import ascended
from allocate.certificate.engagement.proof import Engaged, engaged_bound
from allocate.certificate.facility_location.proof import Opened, opened_bound
from allocate.certificate.outer_approximation import curve_error, floors_are_exact, widened
from allocate.certificate.parted_work import PartedWork, parted_bound
from allocate.certificate.weak_duality import proven_bound, repaired, usable
from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.build import Built
from allocate.program.naming import Block
from allocate.program.partition import AXIS, groups_by, partition
from allocate.tables.shown import Shown
from allocate.tolerances import FIGURES_AGREE, LEFT_OUT, PRICED

ADDED = "added"
"""Family of rows and columns that were added to the case's program by hand."""

Trees = Branched | Opened | Engaged | PartedWork | None
"""What proves more than duals alone, where there is something."""
Sparse = Mapping[str, Mapping[int, float]]
"""Numbers that are not 0, by family and position in it."""


@dataclass(frozen=True)
class Fixed:
    """What is proven of all plans with the same whole-number choices."""

    whole: Sparse
    """The whole numbers that are not 0."""
    duals: Sparse
    proven: float
    """No plan with these whole numbers is better, by the pieces of the value curves."""


@dataclass(frozen=True, repr=False)
class Certificate(Shown):
    """How good a plan is known to be; money in the case's currency, in the sense of its first objective."""

    maximise: bool
    """Whether more of the objective is better."""
    kind: str
    """`linear` or `integer`."""
    objective: float
    """What the plan reaches, by the value curves themselves."""
    duals: Sparse = field(repr=False)
    """Duals of the program's rows; of an integer program, of its linear relaxation."""
    branched: Trees = field(repr=False)
    """Trees over whole numbers, or over the work of pairs that learn, that prove more than the duals alone; None without."""
    proven: float
    """No plan of the case is better, by weak duality from the duals (at every leaf of the trees, where there are any);
    infinite where they prove nothing."""
    proven_of_pieces: float
    """The same for the program, which sees straight pieces in place of value curves."""
    curve_error: float
    """Most money the pieces of the value curves hide."""
    claimed: float | None
    """No plan of the case is better, as the solver claims where its duals do not prove it; None without a claim."""
    fixed: Fixed | None = field(repr=False)
    """The proof for the whole numbers of the plan, in an integer program where the solver gave one. Where pairs learn its duals
    are the prices near the work they do; without whole numbers it proves what all the rest does."""

    @property
    def bound(self) -> float:
        """The better of what is proven and what is claimed; the plan itself where rounding takes it a hair past both.

        A plan that passes its bound by more is a fault: the bound is told as it is.
        """
        best = min if self.maximise else max
        known = self.proven if self.claimed is None else best(self.proven, self.claimed)
        return told_bound(known, self.objective, self.maximise)

    @property
    def gap_in_money(self) -> float:
        """How much better another plan could be."""
        return abs(self.bound - self.objective)

    @property
    def proven_gap(self) -> float:
        """Distance of what is proven and the objective, relative as `gap`: what is left where no solver is trusted."""
        return abs(self.proven - self.objective) / (abs(self.objective) or abs(self.proven) or 1.0)

    @property
    def gap(self) -> float:
        """The same relative to the objective, or to the bound where the objective is 0."""
        return self.gap_in_money / (abs(self.objective) or abs(self.bound) or 1.0)

    @property
    def proves_the_program(self) -> bool:
        """Whether the duals prove that no plan of the program is better, so that they are its prices."""
        room = PRICED * max(abs(self.objective), abs(self.proven_of_pieces)) + self.curve_error
        return self.kind == "linear" and abs(self.proven_of_pieces - self.objective) <= room

    def facts(self) -> dict[str, str]:
        """What is proven, of which kind of program."""
        figures = {"objective": self.objective, "bound": self.bound, "proven": self.proven}
        return {"": self.kind, **{name: f"{one:,.2f}" for name, one in figures.items()}, "gap": f"{self.gap:.2%}"}


def told_bound(bound: float, objective: float, maximise: bool) -> float:
    """A bound as it is told: the objective itself where a plan passes it by rounding alone."""
    past = objective - bound if maximise else bound - objective
    return objective if 0.0 < past <= FIGURES_AGREE * abs(objective) else bound


def certify(
    built: Built,
    objective: float,
    *,
    duals: Floats | None,
    values: Floats | None = None,
    local_duals: Floats | None = None,
    guess: Floats | None = None,
    branched: Trees = None,
    claimed: float | None = None,
) -> Certificate:
    """The certificate of a plan that reaches a first objective; there is always a bound.

    duals: of the linear program or of the relaxation, shape (m,); None where there are none, then some are made from guess.
    values:
    of all columns, for the proof with whole numbers fixed by local_duals. branched: trees made beside just these duals.
    claimed: the solver's bound, which counts in an integer program, and in a linear one without duals.
    """
    arrays = built.program.arrays()
    integer = bool(arrays.integer.any())
    worst = worst_looked_at(built, objective)
    fixed = None
    if integer and local_duals is not None and values is not None:
        fixed = fixed_at(built, values, local_duals, worst)
    chosen = _chosen(built, worst, duals, guess) if branched is None or duals is None else usable(arrays, duals)
    bounds = proven(built, chosen, worst, branched)
    if not integer and local_duals is not None and built.program.learned is not None:
        fixed = Fixed({}, by_family(built.program.rows, local_duals), bounds["proven_of_pieces"])
    return Certificate(
        maximise=arrays.maximise,
        kind="integer" if integer else "linear",
        objective=objective,
        duals=by_family(built.program.rows, chosen),
        branched=branched,
        **bounds,
        curve_error=curve_error(built),
        claimed=_claimed(built, claimed) if integer or duals is None else None,
        fixed=fixed,
    )


def _claimed(built: Built, bound: float | None) -> float | None:
    """The solver's bound on the program made one on the case; None where floors on value rest on what the pieces hide."""
    if bound is None or not math.isfinite(bound) or not floors_are_exact(built):
        return None
    hidden = curve_error(built)
    return bound + hidden if built.program.maximise else bound - hidden


def worst_looked_at(built: Built, objective: float) -> float:
    """Plans worse than this are left out where columns are bounded: worse than one at hand, by the curves or the pieces."""
    room = curve_error(built) + LEFT_OUT * (abs(objective) or 1.0)
    return objective - room if built.program.maximise else objective + room


def prices(built: Built, certificate: Certificate) -> dict[tuple[str, tuple[int, ...]], float]:
    """What one more unit of each row is worth in the first objective, by family and key; none where nothing proves it.

    In an integer program: with every whole number as it is. Where pairs learn: a little of it, near the work they do. Duals are
    those of the best plan for the first goal; one that may give up part of it stands elsewhere, and has none.
    """
    if built.layout.case.file.give:
        return {}
    known = certificate.duals if certificate.proves_the_program else None
    if certificate.fixed is not None:
        known = certificate.fixed.duals
    if known is None:
        return {}
    found: dict[tuple[str, tuple[int, ...]], float] = {}
    for family, block in built.program.rows.items():
        axes = [axis.tolist() for axis in block.index.values()]
        keys = zip(*axes, strict=True) if axes else [()] * len(block)
        mine = known.get(family, {})
        found.update({(family, tuple(key)): mine.get(position, 0.0) for position, key in enumerate(keys)})
    return found


def proven(built: Built, duals: Floats, worst: float, branched: Trees = None) -> dict[str, float]:
    """What duals prove of the case (`proven`) and of its program (`proven_of_pieces`), or more by trees beside them.

    Raises TreeError for trees that are not of this program.
    """
    arrays = built.program.arrays()
    parts = None
    if isinstance(branched, (Branched, Engaged)):
        by = branched.by if isinstance(branched, Branched) else AXIS
        parts = partition(arrays, groups_by(built.program.structure(), by))

    def bound(one: ProgramArrays) -> float:
        limits = boxes(one, worst)
        bounds = [proven_bound(one, duals, limits, worst)]
        if isinstance(branched, PartedWork):
            assert built.program.learned is not None
            bounds = [parted_bound(one, built.program.learned, branched, duals, worst)]
        elif isinstance(branched, Opened):
            bounds.append(opened_bound(one, branched, abs(one.offset - arrays.offset)))
        elif isinstance(branched, Engaged) and parts is not None:
            bounds.append(engaged_bound(one, parts[0], branched, limits, abs(one.offset - arrays.offset)))
        elif isinstance(branched, Branched) and parts is not None:
            bounds.append(branches_bound(one, parts, duals, branched, limits, worst))
        return min(bounds) if arrays.maximise else max(bounds)

    wide = widened(built, arrays)
    found = bound(wide)
    return {"proven": found, "proven_of_pieces": found if _alike(wide, arrays) else bound(arrays)}


def _alike(one: ProgramArrays, other: ProgramArrays) -> bool:
    """Whether two programs of the same columns and coefficients have the same sides and the same constant."""
    sides = ((one.row_lower, other.row_lower), (one.row_upper, other.row_upper))
    return one.offset == other.offset and all(np.array_equal(a, b) for a, b in sides)


def proven_with_whole_numbers(built: Built, whole: Floats, duals: Floats, worst: float) -> float:
    """What duals prove of the program with its whole-number columns, as in an array of all columns, held where they are."""
    arrays = built.program.arrays().with_whole_numbers(whole)
    return proven_bound(arrays, duals, boxes(arrays, worst), worst)


def by_family(blocks: Mapping[str, Block], numbers: Floats) -> Sparse:
    """Numbers that are not 0 by family and position; those after the last family as `ADDED`."""
    found: dict[str, dict[int, float]] = {}
    last = max((block.stop for block in blocks.values()), default=0)
    for family, start, stop in [*((b.family, b.start, b.stop) for b in blocks.values()), (ADDED, last, len(numbers))]:
        chosen = np.flatnonzero(numbers[start:stop])
        if len(chosen):
            found[family] = dict(zip(chosen.tolist(), numbers[start:stop][chosen].tolist(), strict=True))
    return found


def floats_of(blocks: Mapping[str, Block], numbers: Sparse, size: int) -> tuple[Floats, list[str]]:
    """The array of all rows (columns) from numbers by family, and what has no place in it, in words."""
    array, problems = np.zeros(size), []
    last = max((block.stop for block in blocks.values()), default=0)
    places = {**{name: (block.start, len(block)) for name, block in blocks.items()}, ADDED: (last, size - last)}
    for family, positions in numbers.items():
        start, count = places.get(family, (0, 0))
        outside = [position for position in positions if not 0 <= position < count]
        if outside:
            problems.append(f"the case's program has no {family} number {outside[0]}")
            continue
        array[[start + position for position in positions]] = list(positions.values())
    return array, problems


def _chosen(built: Built, worst: float, duals: Floats | None, guess: Floats | None) -> Floats:
    """Duals that prove most of those there are; without the right ones the best guess is improved on, row by row."""
    arrays = widened(built, built.program.arrays().relaxed())
    limits = boxes(arrays, worst)
    sense = 1.0 if arrays.maximise else -1.0

    def badness(one: Floats) -> float:
        return sense * proven_bound(arrays, one, limits, worst)

    given = [one for one in (duals, guess if duals is None else None) if one is not None]
    tried = [usable(arrays, one) for one in given]
    tried += [repaired(arrays, one, limits) for one in tried if math.isinf(badness(one))]
    if duals is None:
        tried.append(np.zeros(arrays.row_count))
        tried.append(ascended(arrays, limits, min(tried, key=badness)))
    return min(tried, key=badness) if len(tried) > 1 else tried[0]


def fixed_at(built: Built, values: Floats, duals: Floats, worst: float) -> Fixed:
    """What duals prove with every whole number as it is in a plan; values: of all columns."""
    arrays = built.program.arrays()
    whole = np.where(arrays.integer, np.round(values), 0.0)
    left = arrays.with_whole_numbers(whole)
    chosen = usable(left, duals)
    return Fixed(
        whole=by_family(built.program.columns, whole),
        duals=by_family(built.program.rows, chosen),
        proven=proven_bound(left, chosen, boxes(left, worst), worst),
    )
