"""What the plan rests on that the case does not state, or states as an assumption."""

from __future__ import annotations

from allocate.errors import readable
from allocate.reporting.document import Section
from allocate.reporting.material import Material, table
from allocate.reporting.wording import counted
from allocate.study.assumed import NOT_STATED
from allocate.study.assumptions import register

SHOWN = 8


def assumed(m: Material) -> Section | None:
    """The register of assumptions, what nobody stated first; None where there are none. Paper has their number among the risks."""
    found = sorted(register(m.case, m.answer), key=lambda one: one.basis != NOT_STATED)
    if not found:
        return None
    missing = sum(one.basis == NOT_STATED for one in found)
    sentences = (
        f"The plan rests on {counted(len(found), 'assumed figure')}: {missing} the case does not state, {len(found) - missing} "
        "it states as assumptions. `allocate assumptions` moves each to both ends of its plausible range and says what changes.",
    )
    rows = [
        [
            readable(one.figure, 80),
            readable(one.taken, 40),
            one.basis,
            readable(one.write, 100),
            readable(one.source, 160),
        ]
        for one in found
    ]
    header = ["figure", "counted with", "basis", "to state it", "source"]
    return Section(
        "What was assumed",
        sentences,
        tables=(table("figures", header, rows, 5, shown=SHOWN),),
        is_wide=True,
        is_printed=False,
    )
