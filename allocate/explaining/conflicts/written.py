"""The limits of a case as they were written: their words, their place, how to take them away and how to move them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.paths import dotted
from allocate.errors import Place
from allocate.explaining.conflicts.amounts import number_of, shown, with_number
from allocate.explaining.conflicts.moves import DOWN, UP, Move, end_of

FAR = 1000
"""Times its amount a limit is moved where a program cannot do without it."""

Settings = tuple[tuple[str, Any], ...]
"""Overrides in order: a dotted path and its new value, None to take it away."""


@dataclass(frozen=True)
class Written:
    """A limit the case states, or a fact (a price, a pace, the horizon) that a repair may change instead."""

    subject: str
    """What it is a limit of, as in `demand of video` or `rule 'half'`."""
    words: str
    """What it says, as in `exactly 500,000 frames`."""
    path: Path_
    place: Place | None = field(compare=False)
    removal: Settings
    """Overrides that take it away; of a fact, that make it no obstacle."""
    moves: tuple[Move, ...] = ()
    is_fact: bool = False
    is_money: bool = False
    product: str | None = None
    by_time: bool = False
    """Whether a longer horizon would give more of it."""

    @property
    def loose(self) -> Settings:
        """Overrides that move it so far that it is no obstacle, for a program that needs some bound."""
        if {move.sense for move in self.moves} == {DOWN, UP} and self.path[0] == "products":
            far = with_number(self.moves[0].text, FAR * number_of(self.moves[0].text))
            block = dotted(*self.path[:3])
            return ((block, {"at-most": far}),) if len(self.path) == 3 else ((f"{block}.at-most", far), *self.removal)
        replaced = any(value is not None for _, value in self.removal)
        if replaced or not self.moves or self.moves[0].sense != UP or self.moves[0].kind not in ("amount", "count"):
            return self.removal
        move = self.moves[0]
        number, end = number_of(move.text), end_of(move)
        most = FAR * number if end is None else min(FAR * number, number + end)
        return ((move.path, with_number(move.text, most)),)


def value_path(case: Case, path: Path_, key: str) -> Path_ | None:
    """The path of a value that may stand bare or as a key of a mapping; None where it is not written."""
    found = case.document.get(path)
    if isinstance(found, dict):
        return (*path, key) if found.get(key) is not None else None
    return path if found is not None else None


def amount_at(
    case: Case,
    subject: str,
    relation: str,
    path: Path_,
    senses: tuple[int, ...],
    *,
    block: Path_ | None = None,
    **more: Any,
) -> Written:
    """A limit that is one amount at one path; block: what is taken away with it, where that is more."""
    text = str(case.document.get(path))
    name = dotted(*path)
    return Written(
        subject=subject,
        words=f"{relation} {shown(text)}".strip(),
        path=path,
        place=case.document.place(path),
        removal=((dotted(*(block or path)), None),),
        moves=tuple(Move(name, text, sense) for sense in senses),
        **more,
    )


def moment(case: Case, path: Path_, when: Any) -> tuple[Move, ...]:
    """How a point of the horizon can be moved: by periods, or by days, to the horizon's end."""
    text, periods = str(case.document.get(path)), case.periods
    if when.date is not None:
        return (Move(dotted(*path), text, UP, "date", max(0, (periods.end - when.date).days)),)
    if when.unit == periods.unit:
        return (Move(dotted(*path), text, UP, "week", max(0, periods.count - (when.period or 0))),)
    return ()
