"""Spreads wherever an amount is written: each read, and replaced in the document by the amount it spreads, its P50."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from allocate.case.document import Data, Document, Path_, copied, nouns_near, walk
from allocate.case.paths import dotted_in, with_several_rates
from allocate.case.reading import Reader, Spreadable
from allocate.case.sources import Source, lift
from allocate.case.spreads import grammar, range_of_two
from allocate.case.spreads.fields import readers_at
from allocate.case.spreads.spread import Spread
from allocate.case.validation import VERBS
from allocate.errors import Place, Problem
from allocate.units import Units


@dataclass
class Collapsed:
    """The spreads of a document, what is wrong with others, and the sources that were written with them."""

    spreads: dict[str, Spread] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    sources: dict[Path_, Source] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    """Where those others stand."""


DONE = "done"
"""The block of what is done already: facts, which take no spread."""


def collapse_spreads(
    document: Document, block: type[BaseModel], units: Units, sources: Mapping[Path_, Source] | None = None
) -> Collapsed:
    """Put P50 in place of every spread of a document, in place; sources: what was said of figures' sources so far."""
    found, several = Collapsed(), with_several_rates(document.data)
    for path, value in list(_meant(document.data, (), set())):
        readers = [one for one in readers_at(block, path) if not one.is_text]
        kind = next((one.spread for one in readers if one.spread is not None), None)
        if not readers or (kind is None and not (grammar.is_text(value) or grammar.is_keys(value))):
            continue
        name = dotted_in(document.data, path, several)
        try:
            written = _read(value, units, None if path[0] == DONE else kind, readers[0])
        except grammar.SpreadError as error:
            if isinstance(error, grammar.RangeOfTwoError):
                error.fix = _of_two(document, block, path, str(value), readers, units)
            found.problems.append(_problem(document, path, name, value, error))
            found.places |= {place for place in [document.place(path)] if place is not None}
            continue
        if isinstance(value, dict) and "source" in value:
            found.sources[path] = Source(str(value["source"]), str(value.get("status") or "given"))
        source = found.sources.get(path) or (sources or {}).get(path)
        _put(document, path, value, written.text)
        found.spreads[name] = Spread(
            name, path, written.low, written.middle, written.high, written.unit, written.family, copied(value),
            written.text, document.values.get(path), source.source if source else None, written.weekly, written.right, written.of,
        )  # fmt: skip
        if written.of and path[-1] == "accuracy" and readers_at(block, (*path[:-1], "checked")):
            found.problems += _checked(document, path, name, written.of, units)
    return found


def _meant(data: Data, path: Path_, seen: set[str]) -> Iterator[tuple[Path_, Data]]:
    """What may be meant as a spread, with its path; seen: texts that are none."""
    if isinstance(data, str):
        if data not in seen:
            if grammar.is_text(data) or grammar.is_loose(data):
                yield path, data
            else:
                seen.add(data)
    elif isinstance(data, dict):
        if grammar.is_keys(data):
            yield path, data
        for key, value in data.items():
            if path or key not in ("scenarios", "uncertain"):
                yield from _meant(value, (*path, key), seen)
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from _meant(value, (*path, position), seen)


def _checked(document: Document, path: Path_, name: str, counted: float, units: Units) -> list[Problem]:
    """Have an accuracy that was counted stand beside the items it was counted on; a problem where the case says others."""
    block, where = document.at(path[:-1]), (*path[:-1], "checked")
    said = block.get("checked")
    if said is None:
        block["checked"] = f"{counted:.0f}"
        place = document.place(path)
        document.values.update({where: place} if place is not None else {})
    elif units.reads(str(said)) and units.quantity(str(said)).number != counted:
        message = f"{name} is counted on {counted:,.0f} items, and checked says {said}"
        return [Problem(message, document.place(where), "leave it out")]
    return []


def _read(value: Data, units: Units, kind: Spreadable | None, reader: Reader) -> grammar.Written:
    """A spread, where one may stand."""
    if kind is None:
        what = str(reader.json_schema.get("description", "one value"))
        raise grammar.SpreadError("takes no spread", f"give one value: {what}")
    return grammar.read_spread(value, units, kind)


def _of_two(
    document: Document, block: type[BaseModel], path: Path_, text: str, readers: Sequence[Reader], units: Units
) -> str:
    """What to write for a range of two: a spread, or limits where they may stand there or in the block around it."""
    here, around = (all(readers_at(block, (*below, key)) for key in range_of_two.LIMITS) for below in (path, path[:-1]))
    return range_of_two.fix(
        text, readers, units, limits=here, beside=around and path[-1] in range_of_two.LIMITS,
        nouns=nouns_near(document, path),
    )  # fmt: skip


def _problem(document: Document, path: Path_, name: str, value: Data, error: grammar.SpreadError) -> Problem:
    """What is wrong with a spread, at the key of it that is wrong."""
    below = (*path, error.key) if error.key is not None and isinstance(value, dict) and error.key in value else path
    joint = " " if error.message.split(" ", 1)[0] in VERBS else ": "
    of_key = error.key is not None and error.key not in grammar.KEYS
    return Problem(f"{name}{joint}{error.message}", document.place(below, of_key), error.fix, error.otherwise)


def _put(document: Document, path: Path_, value: Data, text: str) -> None:
    if isinstance(value, dict):
        lift(document, path, next((key for key in ("value", "likely", "right") if key in value), "value"), None)
        for below, _ in walk(value):
            document.values.pop((*path, *below), None) if below else None
            document.keys.pop((*path, *below), None) if below else None
    document.at(path[:-1])[path[-1]] = text


def still_written(document: Document, spreads: Mapping[str, Spread]) -> dict[str, Spread]:
    """The spreads over whose amounts nothing was laid since they were read; those of list entries that moved go with them."""
    kept = {name: one for name, one in spreads.items() if _stands(document, one, one.path)}
    lost = [
        one for name, one in spreads.items() if name not in kept and any(isinstance(step, int) for step in one.path)
    ]
    for one in lost:
        for path, place in document.values.items():
            if (
                place == one.place
                and path[0] == one.path[0]
                and path[-1] == one.path[-1]
                and _stands(document, one, path)
            ):
                moved = replace(one, path=path, name=dotted_in(document.data, path, with_several_rates(document.data)))
                kept[moved.name] = moved
    return kept


def _stands(document: Document, spread: Spread, path: Path_) -> bool:
    """Whether the P50 of a spread stands at a path as it was written."""
    return bool(document.get(path) == spread.text) and document.values.get(path) == spread.place


def with_spreads(document: Document, spreads: Mapping[str, Spread]) -> dict[str, Data]:
    """A document's data with its spreads in place of their P50: the data itself where there are none."""
    own = [one for one in spreads.values() if one.path[0] != "model"]
    if not own:
        return document.data
    data: dict[str, Data] = copied(document.data)
    for one in own:
        parent: Data = data
        for step in one.path[:-1]:
            parent = parent[step]
        parent[one.path[-1]] = copied(one.said)
    return data
