"""The proof in a plan file, read against the program of its case and computed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from allocate.certificate.branched import TreeError
from allocate.certificate.certificate import (
    Certificate,
    Fixed,
    Sparse,
    Trees,
    floats_of,
    proven,
    proven_with_whole_numbers,
    worst_looked_at,
)
from allocate.certificate.outer_approximation import curve_error, floors_are_exact
from allocate.certificate.parted_work import PartedWork
from allocate.errors import Problem
from allocate.input_limits import PLAN_BRANCHES
from allocate.program.arrays import Floats
from allocate.program.build import Built
from allocate.program.program import Program
from allocate.record.proof import read_branched, read_sparse
from allocate.record.text import Path_, Text

BOUND: Path_ = ("certificate", "bound")
"""Where the proof stands in a plan file."""


@dataclass(frozen=True)
class _Proof:
    """The proof in a file, read against the program of the case; what cannot be read is added to the problems."""

    program: Program
    data: Mapping[str, Any]
    text: Text
    problems: list[Problem] = field(default_factory=list)

    def numbers(self, *path: str, of: str) -> Sparse:
        """Numbers of some rows or columns, by family and index."""
        found: Any = self.data
        for step in path:
            found = found[step]
        try:
            return read_sparse(found, of)
        except ValueError as error:
            fix = "restore the file as `allocate solve` wrote it"
            self.problems.append(Problem(f"the proof cannot be read: {error}", self.text.place(BOUND + path), fix))
            return {}

    def trees(self) -> Trees:
        """The trees over whole numbers or work, None where there are none."""
        if self.data["branched"] is None:
            return None
        try:
            found = read_branched(self.data["branched"])
        except ValueError as error:
            self.object_to_trees(str(error))
            return None
        most = max(PLAN_BRANCHES, 4 * self.program.column_count)
        if found.nodes > most:
            self.object_to_trees(f"it has {found.nodes:,} branches; at most {most:,} are looked at")
            return None
        if isinstance(found, PartedWork) == self.program.arrays().integer.any():
            self.object_to_trees("its trees are not of the kind that the program has")
            return None
        return found

    def object_to_trees(self, words: str, *path: str | int) -> None:
        """Add what is wrong with the trees to the problems."""
        fix = "restore the file as `allocate solve` wrote it"
        self.problems.append(
            Problem(f"the proof cannot be read: {words}", self.text.place((*BOUND, "branched", *path)), fix)
        )

    def in_order(self, *path: str, of: str, numbers: Sparse) -> Floats:
        """The same as an array over all rows or columns."""
        rows = of == "rows"
        blocks = self.program.rows if rows else self.program.columns
        size = self.program.row_count if rows else self.program.column_count
        array, unknown = floats_of(blocks, numbers, size)
        place = self.text.place(BOUND + path)
        self.problems.extend(Problem(f"the proof is not of this case: {words}", place) for words in unknown)
        return array


def recomputed(
    built: Built, objective: float, data: Mapping[str, Any], text: Text
) -> tuple[Certificate, list[Problem]]:
    """The certificate as its duals prove it from the case, whatever it says of itself."""
    worst, arrays = worst_looked_at(built, objective), built.program.arrays()
    integer = bool(arrays.integer.any())
    proof = _Proof(built.program, data, text)
    duals = proof.numbers("duals", of="rows")
    said = data["same_whole_numbers"] is not None
    fixed = _fixed(built, proof, worst) if said and integer else None
    in_order, trees = (
        proof.in_order("duals", of="rows", numbers=duals),
        proof.trees() if integer or built.program.learned is not None else None,
    )
    try:
        bounds = proven(built, in_order, worst, trees)
    except TreeError as error:
        proof.object_to_trees(str(error), *(() if error.part is None else ("trees", error.part)))
        bounds, trees = proven(built, in_order, worst), None
    if said and not integer and built.program.learned is not None:
        local = proof.numbers("same_whole_numbers", "duals", of="rows")
        proof.in_order("same_whole_numbers", "duals", of="rows", numbers=local)
        fixed = Fixed({}, local, bounds["proven_of_pieces"])
    certificate = Certificate(
        maximise=arrays.maximise,
        kind="integer" if integer else "linear",
        objective=objective,
        duals=duals,
        branched=trees,
        proven=bounds["proven"],
        proven_of_pieces=bounds["proven_of_pieces"],
        curve_error=curve_error(built),
        claimed=data["claimed_by_solver"] if floors_are_exact(built) else None,
        fixed=fixed,
    )
    return certificate, proof.problems


def _fixed(built: Built, proof: _Proof, worst: float) -> Fixed:
    """What the duals prove with every whole number as the plan has it."""
    inside = "same_whole_numbers"
    whole = proof.numbers(inside, "columns", of="columns")
    local = proof.numbers(inside, "duals", of="rows")
    held = proof.in_order(inside, "columns", of="columns", numbers=whole)
    prices = proof.in_order(inside, "duals", of="rows", numbers=local)
    return Fixed(whole, local, proven_with_whole_numbers(built, held, prices, worst))
