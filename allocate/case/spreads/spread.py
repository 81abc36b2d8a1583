"""Spreads as read: what each amount may come to, and what the case says of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from allocate.case.document import Data, Path_
from allocate.case.paths import LARGER, scaled
from allocate.errors import Place
from allocate.numerals import plainly

Family = Literal["log", "logit", "beta"]
"""An amount above zero, a share between 0 and 1, or a share that was counted."""


@dataclass(frozen=True)
class Spread:
    """An amount that is not known exactly: its P10, P50 and P90, in the unit it is written in."""

    name: str
    """Dotted path, as `--set` takes it."""
    path: Path_
    """Where it stands in the case's data."""
    low: float
    """P10."""
    middle: float
    """P50: what every command but `odds` and its kin counts with."""
    high: float
    """P90."""
    unit: str
    """As written; "%" for a percentage, nothing for a plain share."""
    family: Family
    said: Data
    """The spread as the case says it: its text, or its keys and values."""
    text: str
    """P50 as an amount: what stands in the case's data in place of the spread."""
    place: Place | None = None
    source: str | None = None
    """Where the range comes from, as far as it is said."""
    weekly: tuple[float, float] | None = None
    """P10 and P90 of the factor of each week by itself, P50 being 1; None where weeks do not differ."""
    right: float = 0.0
    """Of a share that was counted: items right."""
    of: float = 0.0
    """Of a share that was counted: items checked."""

    @property
    def written(self) -> str:
        """The spread as the case says it, in one line, without its source."""
        if not isinstance(self.said, dict):
            return str(self.said).strip()
        said = (f"{key}: {one}" for key, one in self.said.items() if key not in ("source", "status"))
        return "{" + ", ".join(said) + "}"

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1 (or 100%)."""
        return self.family != "log"

    @property
    def whole(self) -> float:
        """What its unit counts as one: 100 of a percentage."""
        return 100.0 if self.unit == "%" else 1.0

    def amount(self, number: float) -> str:
        """A value of it, in its unit, as a case writes it; what is written as a sum, or as the larger of two, with all its parts."""
        if " + " in self.text or LARGER.fullmatch(self.text):
            return scaled(self.text, Decimal(repr(number)) / Decimal(repr(self.middle))) or self.text
        return amount(number, self.unit)


def amount(number: float, unit: str) -> str:
    """A number with a unit as a case writes it, all its digits kept."""
    text = plainly(repr(float(number)).removesuffix(".0"))
    return f"{text}{unit}" if unit in ("", "%") else f"{text} {unit}"


@dataclass(frozen=True)
class Factor:
    """A cause that several amounts share: each of them is multiplied by it."""

    name: str
    low: float
    likely: float
    high: float
    of: tuple[str, ...]
    """The amounts, as dotted paths."""
    owner: str | None = None
    reason: str | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Event:
    """Something that happens or not: with its chance, the amounts are multiplied."""

    name: str
    chance: float
    then: float
    of: tuple[str, ...]
    """The amounts, as dotted paths."""
    owner: str | None = None
    reason: str | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Together:
    """Amounts that go together for no cause that could be named: their rank correlation, of each pair."""

    amounts: tuple[str, ...]
    """Dotted paths of amounts with a spread."""
    correlation: float
    place: Place | None = None


@dataclass(frozen=True)
class Known:
    """From when on an amount, or a factor, is known as it really is."""

    of: tuple[str, ...]
    """Dotted paths of amounts, or the name of one factor or event."""
    period: int
    """First period (from 1) whose decisions can take it into account."""
    place: Place | None = None


@dataclass(frozen=True)
class Settings:
    """How scenarios are drawn."""

    seed: int = 1
    scenarios: int = 1024
    stretch: float = 1.0
    """By how much the ranges people wrote are widened, on the scale of logarithms or log odds."""


@dataclass(frozen=True)
class Spreads:
    """All a case says of what is not known exactly."""

    amounts: Mapping[str, Spread] = field(default_factory=dict)
    """By dotted path."""
    factors: tuple[Factor, ...] = ()
    events: tuple[Event, ...] = ()
    together: tuple[Together, ...] = ()
    known: tuple[Known, ...] = ()
    settings: Settings = Settings()
    fixed: Mapping[str, Spread] = field(default_factory=dict)
    """Amounts without a spread of their own that a factor or event multiplies, by dotted path: all three quantiles alike."""

    def __bool__(self) -> bool:
        return bool(self.amounts or self.factors or self.events)

    def told(self) -> str:
        """What every command says of them, for all but those of the odds count with P50; empty where none has any width."""
        many = sum(one.low < one.high or one.weekly is not None for one in self.amounts.values())
        causes = len(self.factors) + len(self.events)
        if not many and not causes:
            return ""
        spread = f"{many} amount{' has' if many == 1 else 's have'} a spread" if many else ""
        moved = f"{causes} cause{' moves' if causes == 1 else 's move'} amounts" if causes else ""
        parts = " and ".join(part for part in (spread, moved) if part)
        return f"{parts}: all figures here are at their middles (P50); `allocate odds` shows what spreads do"

    @property
    def moved(self) -> Mapping[str, Spread]:
        """Every amount that differs between scenarios, by dotted path."""
        return {**self.amounts, **self.fixed}
