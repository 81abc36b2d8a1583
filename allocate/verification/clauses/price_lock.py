"""The most that is bought at a locked price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.exact import rounded
from allocate.verification.checks import Check
from allocate.verification.entries import Number

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Items (or what their price counts) worked with each lever that has an end."""
    for number, (name, lever) in enumerate(work.case.file.levers.items()):
        if lever.upto is None:
            continue
        noun = lever.upto.of()
        used: Number = 0.0
        for item, _, items in work.lines:
            if number in item.levers:
                by_item = noun in ("item", work.stated.nouns[item.product])
                used = items * (1.0 if by_item else item.billable) + used
        yield Check("price_lock", (number,), f"what is bought with {name}", noun, rounded(used), lever.upto.each, False)
