"""A plan file checked against its case: its lines, every figure, its bound, and what it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from allocate.answers import Answer, Evaluation
from allocate.api.evaluating import evaluated
from allocate.api.notes import notes_on
from allocate.api.solving import formulate
from allocate.case.load import Case, read_case
from allocate.case.plan_file import PlanLine
from allocate.certificate.certificate import prices
from allocate.costing.supply.teams import Staff
from allocate.errors import CaseError, Place, Problem
from allocate.input_limits import PLAN_PROBLEMS
from allocate.program.held import hold
from allocate.program.layout import Layout
from allocate.record.as_json import as_json
from allocate.record.asked import asked_otherwise, held_as_written, line_of, wrong_lines
from allocate.record.compared import differences
from allocate.record.goals import wrong_goals
from allocate.record.lines import lines_of
from allocate.record.proof import digest
from allocate.record.recomputed import BOUND, recomputed
from allocate.record.shape import shape_problems
from allocate.record.text import Path_, Text, read_json
from allocate.solvers.outcome import Limit, Status
from allocate.tables.table import Table
from allocate.tolerances import SAME_FIGURE
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


_INPUTS: Path_ = ("run", "inputs")


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
    inputs: Place
    """Where the file has the hashes of its inputs."""

    @property
    def holds(self) -> bool:
        """Whether the file is right in every figure, its plan keeps every limit, and its bound is proven."""
        return not self.objections and not self.changed


def check_file(
    path: Path,
    case_source: str | Path | Mapping[str, Any],
    scenario: str | None = None,
    settings: Mapping[str, Any] | Sequence[str] = (),
    fix: Path | None = None,
) -> Checked:
    """Check a plan file (`allocate solve --out`, or its JSON output) against a case; no solver is used.

    scenario, settings, fix: what the plan is to be a plan of, as `allocate solve` takes them; a file that was made with
    others is refused. fix: a file with the lines that were held.

    Raises CaseError for a file that is not a plan or one of something else, and for a case that has problems.
    """
    text = read_json(path)
    problems = shape_problems(text)
    if problems:
        raise CaseError(problems)
    case = read_case(case_source, scenario, settings)
    held = held_as_written(text, lines_of(case, fix) if fix is not None else ())
    command = [str(path), str(case_source) if isinstance(case_source, (str, Path)) else "CASE"]
    problems = asked_otherwise(text, case, held, command)
    if problems:
        raise CaseError(problems)
    return check(text, case, held)


def check(text: Text, case: Case, held: Sequence[PlanLine] = ()) -> Checked:
    """Check a plan file that has been read, and has the parts of one, against its case and the lines that were held.

    Raises CaseError for lines that are of nothing the case has.
    """
    data = text.data
    problems = list(islice(wrong_lines(text, case), PLAN_PROBLEMS))
    if problems:
        raise CaseError(problems)
    built = formulate(case)
    made, objections = _evaluated(text, built.layout)
    hold(built, held, to_the_digit=True)
    objective = made.plan.amount(case.file.objective[0])
    certificate, wrong = recomputed(built, objective, data["certificate"]["bound"], text)
    objections += wrong
    answer = Answer(
        case=case,
        routes=built.layout.routes,
        status=Status(data["solver_status"]),
        limit=Limit(data["limit"]) if data["limit"] is not None else None,
        plan=made.plan,
        certificate=certificate,
        verification=made.verification,
        prices=prices(built, certificate),
        reasons=(),
        notes=notes_on(built, made.plan, held),
        reasons_are_least=True,
        message=data["message"],
        run=_run(case, data["run"], held),
    )
    objections += [*_status(answer, text), *wrong_goals(answer, text)]
    changed = _changed(data["run"]["inputs"], case.inputs)
    objections += _compared(text, as_json(answer), changed)
    return Checked(case, answer, tuple(islice(dict.fromkeys(objections), PLAN_PROBLEMS)), changed, text.place(_INPUTS))


def _evaluated(text: Text, layout: Layout) -> tuple[Evaluation, list[Problem]]:
    """The plan that the case makes of the file's lines and staff, and what of it does not hold."""
    case = layout.case
    lines, staff_place = text.place(("lines",)), text.place(("staff",))
    staff, undecided = _staff(case, text.data["staff"])
    made = evaluated(case, layout.routes, layout.values, [line_of(line) for line in text.data["lines"]], staff)
    broken = (f"the plan breaks a limit: {words}" for words in made.verification.violations)
    return made, [
        *(Problem(words, staff_place) for words in undecided),
        *(Problem(words, lines) for words in (*made.problems, *broken)),
    ]


def _staff(case: Case, written: Sequence[Mapping[str, Any]]) -> tuple[Staff, list[str]]:
    """What the file decides about in-house teams, and what of it is no decision."""
    columns = ("team", "period", "hired", "released", "overtime")
    table = Table.from_rows(columns, [[row.get(name) for name in columns] for row in written])
    decided, problems = read_staff(case, table)
    return Staff(decided.hired, decided.released, decided.overtime), problems


def _run(case: Case, written: Mapping[str, Any], held: Sequence[PlanLine]) -> dict[str, Any]:
    """The run as the case has it, and as it is written where only the run itself knew."""
    return {
        **{key: written[key] for key in ("versions", "solver", "method", "seconds") if key in written},
        **({"best": written["best"]} if isinstance(written.get("best"), dict) and len(case.file.objective) > 1 else {}),
        "options": {**written["options"], "held": [vars(line) for line in held]},
        "scenario": case.scenario,
        "settings": list(case.settings),
        "inputs": dict(case.inputs),
    }


def _changed(written: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Inputs that differ, in words."""
    words = dict.fromkeys(now.keys() - written.keys(), "was not there")
    words |= dict.fromkeys(written.keys() - now.keys(), "is no longer there")
    words |= {name: "has changed" for name in now.keys() & written.keys() if now[name] != written[name]}
    return tuple(f"{name} {words[name]}" for name in sorted(words))


def _status(answer: Answer, text: Text) -> Iterator[Problem]:
    """Whether the status says what is proven, and the solver claims nothing that the plan itself disproves."""
    certificate = answer.certificate
    assert certificate is not None
    if (answer.status is Status.OPTIMAL) != (answer.limit is None):
        words = (
            "stopped early by nothing"
            if answer.limit is None
            else f"optimal, and stopped early by {answer.limit.value}"
        )
        yield Problem(f"the plan is said to be {words}", text.place(("solver_status",)))
    sense = 1.0 if certificate.maximise else -1.0
    claimed = certificate.objective if certificate.claimed is None else certificate.claimed
    if sense * (certificate.objective - claimed) > SAME_FIGURE * answer.size:
        words = f"the solver is said to claim a bound of {claimed:.12g}, which the plan itself passes"
        yield Problem(words, text.place((*BOUND, "claimed_by_solver")))
    if answer.unproven < -answer.room:
        words = (
            f"the plan reaches {certificate.objective:,.2f}, "
            f"past the bound of all that keep the limits, {certificate.proven_of_pieces:,.2f}"
        )
        yield Problem(words, text.place(("objective",)))
    right = answer.proven_status
    if text.data["status"] == right:
        return
    if right is Status.OPTIMAL:
        yield Problem("the plan is said to be no more than feasible, and is proven optimal", text.place(("status",)))
        return
    words = (
        f"the plan is said to be optimal, and its proof leaves {answer.unproven:,.2f} open "
        f"({certificate.proven_gap:.4%}); what the solver claims proves nothing"
    )
    fix = "plan again: `allocate solve CASE --out PLAN` writes what is proven"
    yield Problem(words, text.place(("status",)), fix, code="E-unproven")


def _compared(text: Text, right: Mapping[str, Any], changed: tuple[str, ...]) -> Iterator[Problem]:
    data = text.data
    scale = max(abs(right[name]) for name in ("spend", "value", "objective"))
    for path, words in differences(data, right, scale):
        if path[:2] == _INPUTS and changed:
            continue
        if path in (("digest",), ("status",)) and isinstance(data.get(str(path[0])), str):
            continue  # what is wrong with it is said in words of its own
        yield Problem(words, text.place(path))
    if data.get("digest") != digest(data):
        words = "the file was changed after it was written: its digest is not the one of what it says"
        yield Problem(words, text.place(("digest",)), code="E-changed")
