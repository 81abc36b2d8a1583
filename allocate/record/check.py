"""A plan file checked against its case: its lines, every figure, its bound, and what it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from allocate.api import Answer, evaluate, formulate, notes_on
from allocate.case.load import Case, read_case
from allocate.case.plan_file import PlanLine
from allocate.certificate.branched import Branched, TreeError
from allocate.certificate.certificate import (
    Certificate,
    Fixed,
    Sparse,
    floats_of,
    prices,
    proven,
    proven_with_whole_numbers,
    worst_looked_at,
)
from allocate.certificate.openings.proof import Opened
from allocate.certificate.widened import curve_error, floors_are_exact
from allocate.costing.routes import JOIN
from allocate.costing.teams import Staff
from allocate.errors import CaseError, Problem
from allocate.program.arrays import Floats
from allocate.program.build import Built
from allocate.program.held import hold
from allocate.program.program import Program
from allocate.record.as_json import as_json
from allocate.record.compared import differences
from allocate.record.proof import digest, read_branched, read_sparse
from allocate.record.shape import shape_problems
from allocate.record.text import Path_, Text, read_json
from allocate.solvers.outcome import Limit, Status
from allocate.tolerances import PROVEN, SAME_FIGURE
from allocate.verification.teams import read_staff

FREE: tuple[Path_, ...] = (
    ("message",),
    ("run", "versions"),
    ("run", "seconds"),
    ("run", "solver"),
    ("run", "method"),
    ("run", "options", "solver"),
    ("run", "options", "method"),
    ("run", "options", "time_limit"),
    ("run", "options", "gap"),
)
"""What a file only reports of the run that made it: nothing but the digest covers it, and nothing the seconds."""


@dataclass(frozen=True)
class Checked:
    """What the check of a plan file found."""

    case: Case = field(repr=False)
    answer: Answer = field(repr=False)
    """The answer as the case and the file's lines make it."""
    objections: tuple[Problem, ...]
    """Everything that is not as it should be, with its place in the file; empty where the file holds."""
    changed: tuple[str, ...]
    """Inputs that are not those the plan was made of."""

    @property
    def holds(self) -> bool:
        """Whether the file is right in every figure, its plan keeps every limit, and its bound is proven."""
        return not self.objections and not self.changed


def check_file(path: Path, case_source: str | Path | Mapping[str, Any]) -> Checked:
    """Check a plan file (`allocate solve --out`, or its JSON output) against a case; no solver is used.

    The case is read with the scenario and the settings the file names. Raises CaseError for a file that is no plan and
    for a case that has problems.
    """
    text = read_json(path)
    problems = shape_problems(text)
    if problems:
        raise CaseError(problems)
    run = text.data["run"]
    case = read_case(case_source, run["scenario"], run["settings"])
    return check(text, case)


def check(text: Text, case: Case) -> Checked:
    """Check a plan file that has been read against its case."""
    data = text.data
    staff, undecided = _staff(case, data["staff"])
    made = evaluate(case, [_line(line) for line in data["lines"]], staff)
    objections = [Problem(words, text.place(("staff",))) for words in undecided]
    objections += [Problem(words, text.place(("lines",))) for words in made.problems]
    objections += [Problem(f"the plan breaks a limit: {words}") for words in made.verification.violations]
    built = formulate(case)
    held = [_line(line) for line in data["run"]["options"]["held"]]
    hold(built, held, to_the_digit=True)
    objective = made.plan.amount(case.file.objective[0])
    certificate, wrong = _recomputed(built, objective, data["certificate"]["bound"], text)
    objections += wrong
    status, limit = Status(data["status"]), Limit(data["limit"]) if data["limit"] is not None else None
    answer = Answer(
        case=case,
        routes=built.layout.routes,
        status=status,
        limit=limit,
        plan=made.plan,
        certificate=certificate,
        verification=made.verification,
        prices=prices(built, certificate),
        reasons=(),
        notes=notes_on(built, made.plan, held),
        reasons_are_least=True,
        message=data["message"],
        run=_run(case, data["run"]),
    )
    objections += _status(answer, text)
    right = as_json(answer)
    changed = _changed(data["run"]["inputs"], case.inputs)
    objections += _compared(text, right, changed)
    return Checked(case, answer, tuple(dict.fromkeys(objections)), changed)


def _line(written: Mapping[str, Any]) -> PlanLine:
    """A line of the file, or one that was held, by what it is about."""
    levers = written.get("levers", "")
    names = tuple(levers) if isinstance(levers, list) else tuple(filter(None, str(levers).split(JOIN)))
    return PlanLine(
        **{one.name: written[one.name] for one in fields(PlanLine) if one.name in written} | {"levers": names}
    )


def _staff(case: Case, written: Sequence[Mapping[str, Any]]) -> tuple[Staff, list[str]]:
    """What the file decides about in-house teams, and what of it is no decision."""
    import pandas as pd

    return read_staff(case, pd.DataFrame(list(written), columns=["team", "period", "hired", "released", "overtime"]))


def _run(case: Case, written: Mapping[str, Any]) -> dict[str, Any]:
    """The run as the case has it, and as it is written where only the run itself knew."""
    return {
        **{key: written[key] for key in ("versions", "solver", "method", "options", "seconds") if key in written},
        "scenario": case.scenario,
        "settings": list(case.settings),
        "inputs": dict(case.inputs),
    }


def _changed(written: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Inputs that differ, in words."""
    words = dict.fromkeys(now.keys() - written.keys(), "was not there")
    words |= dict.fromkeys(written.keys() - now.keys(), "is not there any more")
    words |= {name: "has changed" for name in now.keys() & written.keys() if now[name] != written[name]}
    return tuple(f"{name} {words[name]}" for name in sorted(words))


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
            self.problems.append(Problem(f"the proof cannot be read: {error}", self.text.place(_BOUND + path), fix))
            return {}

    def trees(self) -> Branched | Opened | None:
        """The trees over whole numbers, None where there are none."""
        if self.data["branched"] is None:
            return None
        try:
            return read_branched(self.data["branched"])
        except ValueError as error:
            self.object_to_trees(str(error))
            return None

    def object_to_trees(self, words: str, *path: str | int) -> None:
        """Add what is wrong with the trees to the problems."""
        fix = "restore the file as `allocate solve` wrote it"
        self.problems.append(
            Problem(f"the proof cannot be read: {words}", self.text.place((*_BOUND, "branched", *path)), fix)
        )

    def in_order(self, *path: str, of: str, numbers: Sparse) -> Floats:
        """The same as an array over all rows or columns."""
        rows = of == "rows"
        blocks = self.program.rows if rows else self.program.columns
        size = self.program.row_count if rows else self.program.column_count
        array, unknown = floats_of(blocks, numbers, size)
        place = self.text.place(_BOUND + path)
        self.problems.extend(Problem(f"the proof is not of this case: {words}", place) for words in unknown)
        return array


def _recomputed(
    built: Built, objective: float, data: Mapping[str, Any], text: Text
) -> tuple[Certificate, list[Problem]]:
    """The certificate as its duals prove it from the case, whatever it says of itself."""
    worst, arrays = worst_looked_at(built, objective), built.program.arrays()
    integer = bool(arrays.integer.any())
    proof = _Proof(built.program, data, text)
    duals = proof.numbers("duals", of="rows")
    fixed = _fixed(built, proof, worst) if data["same_whole_numbers"] is not None and integer else None
    in_order, trees = proof.in_order("duals", of="rows", numbers=duals), proof.trees() if integer else None
    try:
        bounds = proven(built, in_order, worst, trees)
    except TreeError as error:
        proof.object_to_trees(str(error), *(() if error.part is None else ("trees", error.part)))
        bounds, trees = proven(built, in_order, worst), None
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


_BOUND: Path_ = ("certificate", "bound")


def _status(answer: Answer, text: Text) -> Iterable[Problem]:
    """Whether the status says what the bound does."""
    certificate = answer.certificate
    assert certificate is not None
    if (answer.status is Status.OPTIMAL) != (answer.limit is None):
        words = (
            "stopped early by nothing"
            if answer.limit is None
            else f"optimal, and stopped early by {answer.limit.value}"
        )
        yield Problem(f"the plan is said to be {words}", text.place(("status",)))
    past = 0.0 if certificate.claimed is None else certificate.objective - certificate.claimed
    if (past if certificate.maximise else -past) > SAME_FIGURE * max(1.0, abs(certificate.objective)):
        words = f"the solver is said to claim a bound of {certificate.claimed:.12g}, which the plan itself passes"
        yield Problem(words, text.place((*_BOUND, "claimed_by_solver")))
    room = certificate.curve_error + 10 * PROVEN * max(1.0, abs(certificate.objective))
    known = certificate.proven_of_pieces if certificate.claimed is None else certificate.bound
    better = (known - certificate.objective) * (1.0 if certificate.maximise else -1.0)
    if better < -room:
        words = (
            f"the plan reaches {certificate.objective:,.2f}, past the bound of all that keep the limits, {known:,.2f}"
        )
        yield Problem(words, text.place(("objective",)))
    exact = certificate.kind == "linear" or certificate.claimed is not None
    if answer.status is Status.OPTIMAL and exact and better > room:
        words = f"the plan is said to be optimal, but {better:,.2f} more may be possible"
        yield Problem(words, text.place(("status",)))


def _compared(text: Text, right: Mapping[str, Any], changed: tuple[str, ...]) -> Iterable[Problem]:
    data = text.data
    money = [data.get(name) for name in ("spend", "value", "objective")]
    scale = max((abs(one) for one in money if isinstance(one, (int, float))), default=1.0)
    for path, words in differences(data, right, scale):
        if path[:2] == ("run", "inputs") and changed:
            continue
        if path == ("digest",) and isinstance(data.get("digest"), str):
            continue
        yield Problem(words, text.place(path))
    if data.get("digest") != digest(data):
        words = "the file was changed after it was written: its digest is not the one of what it says"
        yield Problem(words, text.place(("digest",)))
