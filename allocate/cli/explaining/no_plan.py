"""Why a case has no plan and what would give it one, as people and programs read it."""

from __future__ import annotations

import shlex
from typing import Any

from allocate.answers import Answer
from allocate.cli.answer import headline
from allocate.explaining.conflicts.diagnosis import Diagnosis
from allocate.explaining.conflicts.repairs import Repair
from allocate.explaining.conflicts.written import Written
from allocate.tables.formats import long_text


def as_json(answer: Answer, found: Diagnosis) -> dict[str, Any]:
    """What keeps the case from having a plan, and every repair, as one JSON object."""
    return {
        "case": answer.case.name,
        "scenario": answer.case.scenario,
        "status": answer.status.value,
        "currency": answer.case.currency,
        "reasons": [vars(reason) for reason in answer.reasons],
        "conflicts": [[_limit(one) for one in some] for some in found.conflicts],
        "repairs": [_repair(one) for one in found.repairs],
        "pinned": list(found.pinned),
        "unknown": found.unknown,
        "solved": found.solved,
    }


def _limit(one: Written) -> dict[str, Any]:
    place = one.place
    return {
        "limit": one.subject,
        "says": one.words,
        "path": one.removal[0][0],
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "without": dict(one.removal),
    }


def _repair(one: Repair) -> dict[str, Any]:
    steps = [vars(step) | {"sentence": step.sentence} for step in one.steps]
    return {"steps": steps, "settings": dict(one.settings), "size": one.size}


def lines(answer: Answer, found: Diagnosis, case_path: str) -> list[str]:
    """The same in sentences; every repair with the command that tries it."""
    told = headline(answer)
    for number, some in enumerate(found.conflicts):
        told += ["", _beginning(number, len(some))]
        width = max(len(str(one.place or "")) for one in some)
        told += [f"  {one.place or ''!s:<{width}}  {long_text(f'{one.subject}: {one.words}')}" for one in some]
    if found.pinned:
        told += ["", f"Pinned, so not moved: {long_text(', '.join(found.pinned))}."]
    if found.repairs:
        told += ["", "What would make a plan possible, the smallest change first. Each was tried:"]
        scenario = f" --scenario {shlex.quote(answer.case.scenario)}" if answer.case.scenario else ""
        given = "".join(f" --set {shlex.quote(setting)}" for setting in answer.case.settings)
        command = f"allocate solve {shlex.quote(case_path)}{scenario}{given}"
        for number, one in enumerate(found.repairs, 1):
            told += [f"{number:>3}. {long_text(step.sentence)}" if step is one.steps[0] else f"     and {long_text(step.sentence)}"
                     for step in one.steps]  # fmt: skip
            told.append(f"       {command} {one.options}")
    elif not found.unknown:
        told += ["", _no_repair(found)]
    if found.unknown:
        told += ["", f"The search ended early, so it is not known {found.unknown}. A longer --time-limit may tell."]
    return told


def _beginning(number: int, size: int) -> str:
    if number:
        return "And apart from these:"
    if size == 1:
        return "This limit cannot be met, even without the others:"
    return "These limits contradict one another. Relax any one of them, and a plan can keep the others:"


def _no_repair(found: Diagnosis) -> str:
    if found.pinned:
        return "No plan is possible while these limits are pinned: they contradict one another."
    return "No limit that the case states makes a plan possible by being relaxed."
