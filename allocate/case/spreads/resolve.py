"""Names of amounts in the block `uncertain` as paths, and what does not fit together there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from allocate.case.clauses.price_lock import written_at
from allocate.case.document import Path_
from allocate.case.inputs import inputs
from allocate.case.model import ModelFile
from allocate.case.names import listed, nearest
from allocate.case.paths import LARGER, dotted_in, with_several_rates
from allocate.case.scenarios import path_of
from allocate.case.schema.case_file import CaseFile
from allocate.case.spreads.fields import readers_at
from allocate.case.spreads.spread import Event, Factor, Family, Known, Settings, Spread, Spreads, Together
from allocate.case.spreads.words import Leaf, is_one_kind, leaves, meant
from allocate.errors import CaseError, Problem
from allocate.units import UnitError, split_text

if TYPE_CHECKING:
    from allocate.case.context import Context

_ALSO = {"prices of": "price of", "work in": "effort of", "demand for": "demand of", "errors of": "accuracy of"}
"""Words of `sensitivity`, and how else people say it."""


def spreads_of(c: Context, amounts: Mapping[str, Spread]) -> tuple[Spreads, list[Problem]]:
    """What a case says of uncertainty, and what is wrong with it; amounts: those with a spread of their own, by dotted path."""
    said = c.file.uncertain
    if said is None:
        return Spreads(amounts), []
    words = _Words(c, amounts)
    factors, events = [], []
    for name, cause in said.factors.items():
        path: Path_ = ("uncertain", "factors", name)
        of = tuple(one for _, found in words.of((*path, "of"), cause.of) for one in found)
        words.repeated((*path, "of"), of)
        place = c.document.place(path)
        if cause.chance is not None and cause.then is not None:
            if cause.then <= 0.0:
                words.problem((*path, "then"), "an event leaves nothing of its amounts", "write a factor above zero")
            events.append(Event(name, cause.chance, cause.then, of, cause.owner, cause.reason, place))
        else:
            low, likely, high = cause.low or 0.0, 1.0 if cause.likely is None else cause.likely, cause.high or 0.0
            words.problems += _triple(c, path, name, low, likely, high)
            factors.append(Factor(name, low, likely, high, of, cause.owner, cause.reason, place))
    together = tuple(words.pairs())
    known = tuple(words.known(said.factors))
    settings = Settings(said.seed, said.scenarios, 1.0 if said.stretch is None else said.stretch)
    found = Spreads(amounts, tuple(factors), tuple(events), together, known, settings, words.fixed)
    return found, words.problems


def _triple(c: Context, path: Path_, name: str, low: float, likely: float, high: float) -> Iterator[Problem]:
    """Three points of a factor lie in order, and a distribution passes through them."""
    from allocate.quantiles import fits, middles

    shown = " .. ".join(f"{one:.6g}" for one in (low, likely, high))
    if low <= 0.0 or not low <= likely <= high:
        yield c.problem(
            path,
            f"the factor '{name}' does not rise from low to high: {shown}",
            "write low below likely below high, all above zero",
        )
    elif not fits(low, likely, high):
        first, last = middles(low, high)
        ends = f"{math.ceil(first * 1000.0) / 10.0:g}% to {math.floor(last * 1000.0) / 10.0:g}%"
        end = "low" if likely <= first else "high"
        message = f"the factor '{name}' has its middle too near its {end}: {shown}"
        yield c.problem(path, message, f"take a likely factor from {ends}, or a nearer {end}")


def _also(name: str) -> str:
    """An amount as people say it."""
    return next((name.replace(said, also, 1) for said, also in _ALSO.items() if name.startswith(f"{said} ")), name)


class _Words:
    """The amounts of a case by the words for them, and the problems of words that name none."""

    def __init__(self, c: Context, amounts: Mapping[str, Spread]) -> None:
        self.c, self.amounts = c, amounts
        self.problems: list[Problem] = []
        self.fixed: dict[str, Spread] = {}
        names = {one.name: tuple(path for path, _ in one.values) for one in inputs(c)}
        self.by_words = {_also(name): paths for name, paths in names.items()} | names
        self.listed = [*map(_also, names), *(c.file.uncertain.factors if c.file.uncertain is not None else ())]

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Every amount there is."""
        return list(leaves(self.c.document.data))

    def problem(self, path: Path_, message: str, fix: str | None) -> None:
        """Add a problem at a path."""
        self.problems.append(self.c.problem(path, message, fix))

    def of(self, path: Path_, names: Iterable[str], spread: bool = False) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each name with the dotted paths it stands for; spread: only those that have one of their own."""
        for position, name in enumerate(names):
            found = self.by_words.get(name) or ((name,) if name in self.amounts else self._dotted(path, position, name))
            kept = tuple(one for one in found if one in self.amounts) if spread else found
            if found and not kept and not any(map(self._is_laid, found)):
                self.problem(
                    self._at(path, position),
                    f"'{name}' has no spread",
                    f"write one where it stands, as in `{self._text(found[0])} ±20%`",
                )
            for one in kept:
                if one not in self.amounts and one not in self.fixed:
                    self._fix(path, position, one)
            yield name, kept

    def _is_laid(self, name: str) -> bool:
        """Whether a scenario or a setting took the place of an amount, and of its spread."""
        at = path_of(self.c.document, name)
        return any(at[:length] in self.c.document.laid for length in range(1, len(at) + 1))

    def _at(self, path: Path_, position: int) -> Path_:
        return (*path, position) if isinstance(self.c.document.at(path), list) else path

    def _text(self, name: str) -> str:
        return str(self.c.document.at(path_of(self.c.document, name)))

    def _dotted(self, path: Path_, position: int, name: str) -> tuple[str, ...]:
        document = self.c.document
        try:
            at = path_of(document, name)
            value = document.at(at)
        except (CaseError, KeyError, IndexError, TypeError):
            value = None
        of_model = isinstance(value, (str, int, float)) and at[0] == "model-changes"
        if of_model or (isinstance(value, (str, int, float)) and any(one.spread for one in readers_at(CaseFile, at))):
            return (dotted_in(document.data, at, with_several_rates(document.data)),)
        if isinstance(value, dict | list):
            message, fix = (
                f"'{name}' is not an amount but a block of the case",
                "name an amount in it, or say it in words, as in `effort of scans`",
            )
        elif value is not None:
            message, fix = f"'{name}' takes no spread and no factor", "name an amount"
        elif (some := meant(name, self.leaves)) and is_one_kind(some):
            several = with_several_rates(document.data)
            return tuple(dict.fromkeys(dotted_in(document.data, written_at(one.path), several) for one in some))
        elif some:
            owners = {one.owners for one in some}
            each = ", ".join(dict.fromkeys(f"'{one.words(len(owners) > 1)}'" for one in some))
            message, fix = f"'{name}' may be one amount or another", f"write one of {each}"
        else:
            message = f"there is no amount '{name}'"
            slips = (words for one in self.leaves for words in one.slips())
            close = nearest(name, [*self.by_words, *self.amounts, *self.listed, *slips])
            fix = f"did you mean '{close}'?" if close else listed(sorted(self.listed))
        self.problem(self._at(path, position), message, fix)
        return ()

    def _fix(self, path: Path_, position: int, name: str) -> None:
        """An amount without a spread of its own, that a cause moves."""
        at = path_of(self.c.document, name)
        text = str(self.c.document.at(at))
        try:
            number, unit = split_text(larger[1] if (larger := LARGER.fullmatch(text)) else text)
        except UnitError:
            message = f"'{name}' is {text}, which no factor changes"
            self.problem(self._at(path, position), message, "take it out of the list")
            return
        if at[0] == "model-changes":
            at = ("model", *path_of(self.c.model_document, str(at[1])))
        where = (ModelFile, at[1:]) if at[0] == "model" else (CaseFile, at)
        share = any(one.spread == "share" for one in readers_at(*where))
        middle, unit = float(number), "%" if unit == "percent" else unit
        if middle <= 0.0 or (share and middle >= (100.0 if unit == "%" else 1.0)):
            self.problem(
                self._at(path, position), f"'{name}' is {text}, which no factor changes", "take it out of the list"
            )
            return
        family: Family = "logit" if share else "log"
        self.fixed[name] = Spread(
            name, at, middle, middle, middle, unit, family, text, text, self.c.document.values.get(at)
        )

    def repeated(self, path: Path_, names: tuple[str, ...]) -> None:
        """Nothing is named twice in one list."""
        for name in sorted({one for one in names if names.count(one) > 1}):
            self.problem(path, f"'{name}' is listed twice", "keep one of them")

    def pairs(self) -> Iterator[Together]:
        """What goes together, each pair once, and possible as a whole."""
        said = self.c.file.uncertain
        seen: dict[frozenset[str], float] = {}
        for position, one in enumerate(said.together if said is not None else ()):
            path: Path_ = ("uncertain", "together", position)
            amounts = tuple(
                name for _, found in self.of((*path, "amounts"), one.amounts, spread=True) for name in found
            )
            self.repeated((*path, "amounts"), amounts)
            if len(set(amounts)) < 2:
                if len(one.amounts) < 2 and amounts:
                    self.problem((*path, "amounts"), "one amount goes together with nothing", "name two or more")
                continue
            for pair in map(frozenset, combinations(dict.fromkeys(amounts), 2)):
                if pair in seen:
                    self.problem(
                        path, f"the correlation of {' and '.join(sorted(pair))} is said twice", "keep one of them"
                    )
                seen[pair] = one.correlation
            yield Together(amounts, one.correlation, self.c.document.place(path))
        if wrong := impossible(seen):
            pairs = "; ".join(f"{' and '.join(sorted(pair))} {seen[pair]:.0%}" for pair in wrong)
            message = f"no amounts can go together like this: {pairs}"
            self.problem(
                ("uncertain", "together"),
                message,
                "bring the correlations nearer to zero, or say what they have in common as a factor",
            )

    def known(self, causes: Mapping[str, object]) -> Iterator[Known]:
        """What will be known, and from which period."""
        said = self.c.file.uncertain
        for position, one in enumerate(said.known if said is not None else ()):
            path: Path_ = ("uncertain", "known", position)
            period = self.c.periods.first_from(one.from_) + 1
            if period > self.c.periods.count:
                self.problem(
                    (*path, "from"),
                    f"'{one.from_.text}' is after the horizon, when nothing is planned",
                    "leave it out, or name an earlier period",
                )
            for number, name in enumerate(one.of):
                found = (
                    (name,)
                    if name in causes
                    else tuple(p for _, ps in self.of((*path, "of"), [name], spread=True) for p in ps)
                )
                if found:
                    yield Known(found, period, self.c.document.place((*path, "of", number)))


def impossible(correlations: Mapping[frozenset[str], float]) -> list[frozenset[str]]:
    """Pairs whose rank correlations cannot hold together (pairs that are not named have none); none where all can."""
    names = sorted({name for pair in correlations for name in pair})
    rows: list[list[float]] = []
    for name in names:
        row = [_of_normals(correlations.get(frozenset((name, other)), 0.0)) for other in names[: len(rows)]] + [1.0]
        if _next(rows, row) is None:
            return [pair for pair in correlations if name in pair] + [
                pair
                for pair in correlations
                if name not in pair and all(frozenset((name, other)) in correlations for other in pair)
            ]
        rows.append(_next(rows, row) or [])
    return []


def _of_normals(rank: float) -> float:
    """The correlation of two normals whose ranks correlate so (Pearson 1907)."""
    return 2.0 * math.sin(math.pi * rank / 6.0)


def _next(rows: list[list[float]], row: list[float]) -> list[float] | None:
    """The next row of the matrix's triangular root; None where there is none."""
    found: list[float] = []
    for place, value in enumerate(row[:-1]):
        rest = value - sum(a * b for a, b in zip(found, rows[place], strict=False))
        root = rows[place][place]
        if root < 1e-9 and abs(rest) > 1e-9:
            return None
        found.append(rest / root if root >= 1e-9 else 0.0)
    last = row[-1] - sum(a * a for a in found)
    return [*found, math.sqrt(max(last, 0.0))] if last > -1e-9 else None
