"""What the plan rests on that the case does not state, or states as an assumption."""

from __future__ import annotations

from typing import Any

from allocate.answers import Answer
from allocate.errors import readable
from allocate.reporting.document import Section
from allocate.reporting.material import Material, table
from allocate.reporting.wording import counted
from allocate.study.assumed import NOT_STATED
from allocate.study.assumed_changes import NOT_COMPUTED
from allocate.study.assumptions import register
from allocate.study.study import Study
from allocate.tables.formats import money
from allocate.tolerances import HALF_A_CENT

SHOWN = 8
CHANGED = ("changes at one end", "at the other")
"""Heads of what a figure changes in the objective at both ends of its plausible range."""


def assumed_rows(answer: Answer, changes: Study | None) -> list[list[str]]:
    """Figure, what is counted with, basis, what it changes at both ends where that is known, the line to write, source.

    Ordered by what each could change; where that is not known, what is not stated first.
    """
    if changes is not None:
        return [
            [row["figure"], row["taken"], row["basis"], *_ends(row), row["write"], row["source"]]
            for row in changes.rows
        ]
    found = sorted(register(answer.case, answer), key=lambda one: one.basis != NOT_STATED)
    return [[one.figure, one.taken, one.basis, one.write, one.source] for one in found]


def _ends(row: dict[str, Any]) -> list[str]:
    return [_end(row[f"change_{side}"], row[f"status_{side}"]) for side in ("low", "high")]


def _end(change: float | None, status: str) -> str:
    """What a figure changes at one end of its range."""
    if change is None:
        return status or "–"
    amount = money(abs(change))
    return amount if not float(amount.replace(",", "")) else f"{'rises' if change > 0 else 'falls'} by {amount}"


def not_computed(changes: Study) -> int:
    """Figures of which nothing was computed at some end of their range."""
    return sum(NOT_COMPUTED in (row["status_low"], row["status_high"]) for row in changes.rows)


def _how(m: Material) -> str:
    """How it was found out what figures change, and how to have more of it."""
    if m.assumptions is None:
        return "`allocate assumptions`, and a report with `--thorough`, moves each to both ends of its plausible range and says what changes."
    left = not_computed(m.assumptions)
    which = "Each" if not left else "Each of those with most of the plan's money at stake"
    told = f"{which} was moved to both ends of its plausible range by itself and planned again; the table says how {m.goal} changes ({m.currency})."
    hidden = m.answer.certificate.curve_error if m.answer.certificate is not None else 0.0
    if not m.assumptions.figures and hidden >= HALF_A_CENT:
        told += (
            f" Value is counted along straight pieces of the curves, so a change may be off by about {money(hidden)}."
        )
    if left:
        told += f" {left} {'was' if left == 1 else 'were'} not computed; `--thorough` computes all."
    return told


def assumed(m: Material) -> Section | None:
    """The register of assumptions; None where there are none. Paper has their number among the risks."""
    found = assumed_rows(m.answer, m.assumptions)
    if not found:
        return None
    missing = sum(row[2] == NOT_STATED for row in found)
    known = m.assumptions is not None
    parts = [(missing, "the case does not state"), (len(found) - missing, "it states as assumptions")]
    told = ", ".join(f"{many} {words}" for many, words in parts if many)
    sentences = (f"The plan rests on {counted(len(found), 'assumed figure')}: {told}. {_how(m)}",)
    widths = (80, 40, 80, *((80, 80) if known else ()), 100, 160)
    rows = [[readable(text, most) for text, most in zip(row, widths, strict=True)] for row in found]
    header = ["figure", "counted with", "basis", *(CHANGED if known else ()), "to state it", "source"]
    return Section(
        "What was assumed",
        sentences,
        tables=(table("figures", header, rows, len(header), shown=SHOWN),),
        is_wide=True,
        is_printed=False,
    )
