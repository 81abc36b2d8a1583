"""A measured figure beside what the case says of it: ranges that held, what both say together, what would halve the widest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import Any

from allocate.actuals.estimators import Estimate, precision_weighted, share
from allocate.case.load import Case
from allocate.case.scenarios import path_of
from allocate.errors import CaseError


@dataclass(frozen=True)
class Measured:
    """One figure as it was recorded, and what the case says of it."""

    figure: str
    """In words, as in `pace of krakow on scans`."""
    path: str
    """Dotted path in the case; empty where the case has no place for it."""
    unit: str
    estimate: Estimate
    method: str
    source: str
    stated: str = ""
    """What the case says, as written; empty where it says nothing."""
    stated_value: float | None = None
    stated_range: tuple[float, float] | None = None
    """P10 and P90 the case gave."""
    counted: tuple[float, float] | None = None
    """Right and checked, of a share that was counted."""
    written: bool = True
    """Whether the overlay holds it; what only hints is left as a comment."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """More keys of its block."""
    listed: Sequence[Mapping[str, Any]] = ()
    """Entries of a list, where the figure is one, as a curve's points."""
    of: tuple[str, str, str] | None = None
    """Product, vendor and workflow (empty for all) of a figure that has no line of a rate card to stand in yet."""
    held: bool | None = None
    """Whether the range the case gave held what was measured; None where it gave none."""

    @property
    def change(self) -> float | None:
        """Measured over stated, less 1."""
        return self.estimate.value / self.stated_value - 1.0 if self.stated_value else None


def beside(case: Case, one: Measured) -> Measured:
    """A figure with what the case says of it."""
    if not one.path:
        return replace(one, written=False)
    spread = case.spreads.amounts.get(one.path)
    try:
        stated = case.document.at(path_of(case.document, one.path))
    except (CaseError, KeyError, IndexError, TypeError):
        return one
    value = _number(stated, one.unit)
    if spread is not None:
        low, high = spread.low / spread.whole, spread.high / spread.whole
        if spread.unit not in ("%", "") and value is not None and spread.middle > 0.0:
            low, high = value * spread.low / spread.middle, value * spread.high / spread.middle
        held = low <= one.estimate.value <= high
        return replace(one, stated=spread.written, stated_value=value, stated_range=(low, high), held=held)
    return replace(one, stated=str(stated) if not isinstance(stated, (dict, list)) else "", stated_value=value)


def told_apart(figures: Sequence[Measured]) -> list[Measured]:
    """Of figures without a rate card those that several products of a vendor have stand in one that is to be written; others do not."""
    many = Counter(one.path for one in figures if one.of is not None)
    found = []
    for one in figures:
        if one.of is not None and one.path:
            alone = many[one.path] == 1
            one = replace(one, of=None) if alone else replace(one, path="", stated_range=None, written=False)
        found.append(one)
    return found


def _number(stated: Any, unit: str) -> float | None:
    """A stated amount as a number in the unit of the measured one; None where it is written in another."""
    text = str(stated).replace("_", "").strip()
    try:
        if unit == "%" or (not unit and text.endswith("%")):
            return float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        number, _, rest = text.partition(" ")
        if "/" in number and not rest:
            number, _, after = number.partition("/")
            rest = f"/{after}"
        return float(number) if rest.replace(" ", "") in (unit, "") else None
    except ValueError:
        return None


def with_before(case: Case, one: Measured) -> Measured:
    """Where the case had a range, what it said and what was measured together."""
    spread = case.spreads.amounts.get(one.path) if one.path else None
    if spread is None or one.stated_range is None or not one.written:
        return one
    if one.counted is not None and spread.family == "beta":
        right, of = one.counted[0] + spread.right, one.counted[1] + spread.of
        return replace(
            one, counted=(right, of), estimate=share(right, of), method=f"{one.method}; with {spread.written} before"
        )
    both = precision_weighted(one.estimate, *one.stated_range, of_share=one.unit == "%")
    return replace(one, estimate=both, counted=None, method=f"{one.method}; with {spread.written} before")


def of_ranges(figures: Sequence[Measured]) -> Iterator[str]:
    """How many of the ranges the case gave held what was measured, and how much wider they should have been."""
    ranged = [one for one in figures if one.held is not None]
    if not ranged:
        return
    held = sum(bool(one.held) for one in ranged)
    line = f"The case's ranges held {held} of {len(ranged)} figures; P10 to P90 should hold 8 of 10."
    if held < 0.8 * len(ranged) and len(ranged) >= 3:
        stretch = next(
            (k for k in range(11, 51) if sum(_held_at(one, k / 10) for one in ranged) >= 0.8 * len(ranged)), None
        )
        if stretch is not None:
            wide = sum(_held_at(one, stretch / 10) for one in ranged)
            line += f" `uncertain: {{stretch: {stretch * 10}%}}` would have held {wide}."
    yield line


def _held_at(one: Measured, stretch: float) -> bool:
    """Whether a range, so much wider on its scale, would have held what was measured."""
    assert one.stated_range is not None

    def scale(p: float) -> float:
        return log(p / (1.0 - p)) if one.unit == "%" else log(p)

    low, high = one.stated_range
    if not 0.0 < low <= high or (one.unit == "%" and high >= 1.0):
        return bool(one.held)
    middle = one.stated_value if one.stated_value and low <= one.stated_value <= high else (low + high) / 2.0
    at = scale(one.estimate.value) - scale(middle)
    return stretch * (scale(low) - scale(middle)) <= at <= stretch * (scale(high) - scale(middle))


def widest(figures: Sequence[Measured]) -> Iterator[str]:
    """Of which figure least is known, and what would halve its range."""
    known = [one for one in figures if one.estimate.low > 0.0 and one.estimate.value > 0.0]
    if known:
        most = max(known, key=lambda one: one.estimate.high / one.estimate.low)
        half = 100.0 * (most.estimate.high / most.estimate.low) ** 0.5 - 100.0
        people = most.estimate.people
        how = (
            f"{4 * people} people in place of {people}; more items by the same people help little"
            if people
            else f"{4 * most.estimate.n:,} in place of {most.estimate.n:,}"
        )
        yield f"Least is known of the {most.figure} (about ±{half:.0f}%). Half that range takes {how}."
