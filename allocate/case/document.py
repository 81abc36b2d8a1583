"""Plain data with the place of every value: what a YAML file, a table or a mapping is read into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allocate.errors import Place

Path_ = tuple[str | int, ...]
Data = Any  # nested dict[str, Data] | list[Data] | str | None


@dataclass
class Document:
    """Plain data and where each value (and each key) was written."""

    data: dict[str, Data]
    values: dict[Path_, Place] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """What its reader must know about how it was read."""
    laid: set[Path_] = field(default_factory=set)
    """Paths that a scenario or a setting was laid over."""

    def place(self, path: Path_, of_key: bool = False) -> Place | None:
        """Where a path was written: itself, or the nearest ancestor that was."""
        for length in range(len(path), -1, -1):
            found = self.keys.get(path[:length]) if of_key and length == len(path) else None
            found = found or self.values.get(path[:length])
            if found is not None:
                return found
        return None

    def copied(self) -> Document:
        """The same document, free to be changed."""
        return Document(copied(self.data), dict(self.values), dict(self.keys), list(self.notes), set(self.laid))

    def at(self, path: Path_) -> Data:
        """The data at a path.

        Raises KeyError, IndexError or TypeError where there is none.
        """
        data: Any = self.data
        for step in path:
            data = data[step]
        return data

    def get(self, path: Path_) -> Data:
        """The data at a path; None where there is none."""
        try:
            return self.at(path)
        except (KeyError, IndexError, TypeError):
            return None


def half_character(text: str) -> str | None:
    """The code of half a character in a text, as `U+D800`: an escape of a pair that stands alone, which no file can hold."""
    found = next((c for c in text if "\ud800" <= c <= "\udfff"), None)
    return f"U+{ord(found):04X}" if found is not None else None


HALF = "write the whole character, or leave it out"
"""What to do about half a character."""


def walk(data: Data, path: Path_ = ()) -> Iterator[tuple[Path_, Data]]:
    """Every path of plain data with its value, parents first."""
    yield path, data
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from walk(value, (*path, key))


def nouns_near(document: Document, path: Path_) -> list[str]:
    """What products count, as the case writes it: first what is counted where a path leads."""
    products = document.data.get("products")
    items = {n: p.get("item") for n, p in products.items() if isinstance(p, dict)} if isinstance(products, dict) else {}
    own = items.get(str(path[1])) if path[0] == "products" and len(path) > 1 else None
    nouns = {noun for noun in items.values() if isinstance(noun, str)}
    return sorted(nouns, key=lambda noun: (noun != own, noun))


def copied(data: Data) -> Data:
    """Plain data with containers of its own."""
    if isinstance(data, dict):
        return {key: copied(value) for key, value in data.items()}
    return [copied(value) for value in data] if isinstance(data, list) else data


def graft(target: Document, path: Path_, source: Document, source_path: Path_ = ()) -> None:
    """Put a document's data (from source_path) at a path of another, places included, replacing what was there."""
    data = copied(source.at(source_path))
    forget(target, path)
    target.at(path[:-1])[path[-1]] = data
    for below, _ in walk(data):
        for table, into in ((source.values, target.values), (source.keys, target.keys)):
            place = table.get((*source_path, *below))
            if place is not None:
                into[(*path, *below)] = place


def forget(target: Document, path: Path_) -> None:
    """Drop the places below a path whose data is about to be replaced."""
    for below, _ in walk(target.get(path)):
        if below:
            target.values.pop((*path, *below), None)
            target.keys.pop((*path, *below), None)


def keep(target: Document, path: Path_, positions: Iterable[int]) -> None:
    """Leave some entries of a list and drop the others, places included."""
    left = Document({"rows": []})
    for position in positions:
        left.data["rows"].append(None)
        graft(left, ("rows", len(left.data["rows"]) - 1), target, (*path, position))
    graft(target, path, left, ("rows",))


def remove(target: Document, path: Path_) -> None:
    """Take a path out of a document, places included; later entries of a list move up."""
    parent = target.at(path[:-1])
    forget(target, path)
    if isinstance(parent, list):
        for position in range(int(path[-1]), len(parent) - 1):
            graft(target, (*path[:-1], position), target, (*path[:-1], position + 1))
        path = (*path[:-1], len(parent) - 1)
        forget(target, path)
        parent.pop()
    else:
        parent.pop(path[-1], None)
    target.values.pop(path, None)
    target.keys.pop(path, None)
