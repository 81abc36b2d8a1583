"""Spreads wherever an amount is written: each read, and replaced in the document by the amount it spreads, its P50."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from allocate.case.document import Data, Document, Path_, walk
from allocate.case.paths import dotted_in
from allocate.case.sources import Source, lift
from allocate.case.spreads import grammar
from allocate.case.spreads.fields import readers_at
from allocate.case.spreads.spread import Spread
from allocate.errors import Problem
from allocate.units import Units


@dataclass
class Collapsed:
    """The spreads of a document, what is wrong with others, and the sources that were written with them."""

    spreads: dict[str, Spread] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    sources: dict[Path_, Source] = field(default_factory=dict)


def collapse_spreads(
    document: Document, block: type[BaseModel], units: Units, sources: Mapping[Path_, Source] | None = None
) -> Collapsed:
    """Put P50 in the place of every spread of a document, in place; sources: what was said of figures' sources so far."""
    found = Collapsed()
    known = sources or {}
    for path, value in [one for one in walk(document.data) if grammar.is_text(one[1]) or grammar.is_keys(one[1])]:
        if path[:1] in (("scenarios",), ("uncertain",)):
            continue
        readers = readers_at(block, path)
        if not readers:
            continue
        name = dotted_in(document.data, path)
        kind = next((one.spread for one in readers if one.spread is not None), None)
        try:
            if kind is None:
                raise grammar.SpreadError("takes no spread", "write one value")
            written = grammar.read_spread(value, units, kind)
        except grammar.SpreadError as error:
            where = (*path, error.key) if error.key is not None and isinstance(value, dict) else path
            message = f"{name} {error.message}"
            found.problems.append(Problem(message, document.place(where), error.fix))
            continue
        said = value if isinstance(value, dict) else {}
        if "source" in said:
            found.sources[path] = Source(str(said["source"]), str(said.get("status") or "given"))
        source = found.sources.get(path) or known.get(path)
        _put(document, path, value, written.text)
        found.spreads[name] = Spread(
            name, path, written.low, written.middle, written.high, written.unit, written.family, _shown(value),
            written.text, document.values.get(path), source.source if source else None, written.weekly, written.right, written.of,
        )  # fmt: skip
    return found


def _put(document: Document, path: Path_, value: Data, text: str) -> None:
    if isinstance(value, dict):
        lift(document, path, next((key for key in ("value", "likely", "right") if key in value), "value"), None)
        for below, _ in walk(value):
            document.values.pop((*path, *below), None) if below else None
            document.keys.pop((*path, *below), None) if below else None
    document.at(path[:-1])[path[-1]] = text


def _shown(value: Data) -> str:
    """A spread as it was written, in one line."""
    if not isinstance(value, dict):
        return str(value).strip()
    return "{" + ", ".join(f"{key}: {one}" for key, one in value.items()) + "}"


def still_written(document: Document, spreads: Mapping[str, Spread]) -> dict[str, Spread]:
    """The spreads over whose amounts nothing was laid since they were read."""
    kept = {}
    for name, spread in spreads.items():
        try:
            same = document.at(spread.path) == spread.text and document.values.get(spread.path) == spread.place
        except (KeyError, IndexError, TypeError):
            same = False
        if same:
            kept[name] = spread
    return kept
