"""Where figures come from: `{value: …, source: …}` may stand wherever a value may."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.document import Data, Document, Path_, walk


@dataclass(frozen=True)
class Source:
    """Where a figure comes from: the work it was published in, or the reason for an assumption."""

    source: str
    status: str


def collapse_sources(document: Document) -> dict[Path_, Source]:
    """Replace every `{value: …, source: …}` by its value, in place; what was said of the source, by path."""
    sources: dict[Path_, Source] = {}

    def visit(data: Data, path: Path_) -> Data:
        if isinstance(data, dict):
            if is_sourced(data):
                sources[path] = Source(str(data["source"]), str(data.get("status") or "given"))
                lift(document, path, "value", data["value"])
                return visit(data["value"], path)
            return {key: visit(value, (*path, key)) for key, value in data.items()}
        if isinstance(data, list):
            return [visit(value, (*path, position)) for position, value in enumerate(data)]
        return data

    document.data = visit(document.data, ())
    return sources


def is_sourced(data: dict[str, Data]) -> bool:
    """Whether keys and values stand for one figure and its source."""
    return "value" in data and "source" in data and data.keys() <= {"value", "source", "status"}


OF_SPREADS = frozenset(("likely", "low", "high", "spread", "weekly", "right"))
"""Keys of which one says that keys and values stand for a spread."""
KEYS = ("value", "likely", "low", "high", "spread", "weekly", "right", "of", "source", "status")
"""Keys a figure may have, its source and its spread."""


def is_figure(data: Data) -> bool:
    """Whether keys and values stand for one figure, with its source or its spread: it is replaced as a whole."""
    if not isinstance(data, dict) or not data.keys() <= set(KEYS):
        return False
    return is_sourced(data) or (("value" in data or "right" in data) and not OF_SPREADS.isdisjoint(data))


def lift(document: Document, path: Path_, key: str, value: Data) -> None:
    """Move the places below a key up by one step."""
    for below, _ in walk(value):
        for table in (document.values, document.keys):
            place = table.pop((*path, key, *below), None)
            if place is not None and (below or table is document.values):
                table[(*path, *below)] = place
