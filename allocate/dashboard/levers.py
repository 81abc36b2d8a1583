"""The levers of a case: what `allocate sensitivity` lists, each as a slider or a choice, and what moving them sets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from allocate.case.document import walk
from allocate.case.inputs import Input, inputs
from allocate.case.load import Case
from allocate.case.paths import dotted_in, scaled, with_several_rates
from allocate.study.sensitivity import Ends, curve_ends, unstated_ends

LEAST, MOST, AS_IT_IS = 50, 200, 100
"""Per cent of what is written that a slider goes from and to, and where it stands in the case as it is."""
NOT_MOVED = ("case", "title", "description", "currency", "model", "scenarios", "include", "excluded")
"""Blocks whose values are no figures to be moved."""
MOST_PATHS = 2_000
"""Paths that are offered by search at most, and the page says so; any other can be typed."""


@dataclass(frozen=True)
class Slider:
    """An amount, or several that move together, from half to double of what the case says."""

    number: int
    name: str
    place: str
    """Where it is written."""
    least: int
    most: int
    moved: Input = field(repr=False)

    @property
    def field(self) -> str:
        """Its name in the form."""
        return f"lever:{self.name}"

    def settings(self, text: str) -> dict[str, Any]:
        """What a position in per cent sets. Raises ValueError for one that it does not have."""
        percent = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
        if not self.least <= percent <= self.most:
            raise ValueError(f"from {self.least} to {self.most}")
        return {} if percent == AS_IT_IS else dict(self.moved.settings(Decimal(percent) / 100))

    def shown(self, text: str) -> str:
        """The amount at a position, and how far that is from the case."""
        percent = int(text)
        change = f"{percent - AS_IT_IS:+d}%" if percent != AS_IT_IS else "as in the case"
        if len(self.moved.values) > 1:
            return f"{len(self.moved.values)} amounts, {change}"
        (path, value), *_ = self.moved.values
        return f"{_short(str(self.moved.settings(Decimal(percent) / 100).get(path, value)))} ({change})"


@dataclass(frozen=True)
class Choice:
    """What goes to one of two ends: a learning curve, or a figure the case does not state."""

    number: int
    name: str
    place: str
    ends: Ends = field(repr=False)

    @property
    def field(self) -> str:
        """Its name in the form."""
        return f"lever:{self.name}"

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Values it takes in the form, each with its words."""
        sides = (("low", self.ends.low), ("high", self.ends.high))
        return (("", "as in the case"), *((side, _words(settings)) for side, settings in sides if settings))

    def settings(self, text: str) -> dict[str, Any]:
        """What an option sets. Raises ValueError for one that it does not have."""
        known = [value for value, _ in self.options]
        if text not in known:
            raise ValueError(f"one of {', '.join(one or 'nothing' for one in known)}")
        return dict((self.ends.low if text == "low" else self.ends.high if text == "high" else None) or {})

    def shown(self, text: str) -> str:
        """The words of an option."""
        return dict(self.options)[text]


Lever = Slider | Choice


def _short(text: str) -> str:
    """An amount as it is read at a glance: thousands apart, and of many digits the six that count."""
    rounded = re.sub(r"\d+\.\d{3,}", lambda match: f"{float(match[0]):.6g}", text.replace("_", ""))
    return re.sub(r"(?<![\d.])\d{4,}", lambda match: f"{int(match[0]):,}", rounded)


def _words(settings: Mapping[str, Any]) -> str:
    """Settings in short: the first, and how many there are beside it."""
    (path, value), *more = settings.items()
    said = f"{path.rpartition('.')[2]} {'left out' if value is None else value}"
    return said + (f" and {len(more)} more" if more else "")


def levers(case: Case) -> tuple[Lever, ...]:
    """What can be moved in a case, in the order `allocate sensitivity` looks at it."""
    found: list[Lever] = []
    for one in inputs(case):
        least, most = _range(one)
        if least < most:
            found.append(Slider(len(found), one.name, one.place, least, most, one))
    for ends in (*curve_ends(case), *unstated_ends(case)):
        found.append(Choice(len(found), ends.name, ends.place, ends))
    return tuple(found)


def _range(one: Input) -> tuple[int, int]:
    """Per cent from and to which every value of an input can be changed; a share stays a share."""
    least, most = LEAST, MOST
    for path, value in one.values:
        share = Decimal(str(value).strip().removesuffix("%")) if str(value).strip().endswith("%") else None
        if share and one.change is scaled:
            most = min(most, int(Decimal(100) / share * 100))
        while most > AS_IT_IS and path not in one.settings(Decimal(most) / 100):
            most -= 5
    return least, most


def paths(case: Case) -> tuple[tuple[str, str], ...]:
    """Every single value of a case by its path, as `--set` takes it, with what is written there."""
    data = case.document.data
    several = with_several_rates(data)
    found = [
        (dotted_in(data, path, several), str(value))
        for path, value in walk(data)
        if path and path[0] not in NOT_MOVED and isinstance(value, str) and len(value) <= 200
    ]
    return tuple(found[:MOST_PATHS])


def strongest_first(known: Iterable[Lever], swings: Mapping[str, float]) -> tuple[Lever, ...]:
    """Levers by what they change of the objective, as far as that is known; the others keep their order after them."""
    return tuple(sorted(known, key=lambda one: (-swings.get(one.name, -1.0), one.number)))
