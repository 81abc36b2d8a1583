"""The most that is bought at a locked price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.exact import rounded
from allocate.units import Quantity
from allocate.verification.checks import Check
from allocate.verification.entries import Number

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Items (or what their price counts) worked with each lever that has an end, or a term once it is bought."""
    for number, (name, lever) in enumerate(work.case.file.levers.items()):
        if lever.upto is not None:
            bought, most, words = (
                rounded(_bought(work, number, lever.upto)),
                lever.upto.each,
                f"what is bought with {name}",
            )
            yield Check("price_lock", (number,), words, _noun(lever.upto), bought, most, False)
        if lever.least is not None and number in work.bought:
            bought = rounded(_bought(work, number, lever.least))
            words = f"what is bought with {name}, once it is signed"
            yield Check("price_lock_term", (number,), words, _noun(lever.least), bought, lever.least.each, True)


def _noun(amount: Quantity) -> str:
    return amount.of() or "item"


def _bought(work: Work, number: int, amount: Quantity) -> Number:
    noun = amount.of()
    used: Number = 0.0
    for item, _, items in work.lines:
        if number in item.levers:
            by_item = noun in ("item", work.stated.nouns[item.product])
            used = items * (1.0 if by_item else item.billable) + used
    return used
