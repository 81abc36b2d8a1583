"""Documents laid over one another: mappings key by key, all else replaced, places kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allocate.case.document import Document, Path_, graft
from allocate.case.sources import is_figure


def overlay(base: Document, top: Document, path: Path_ = (), rows: Collection[str] = ()) -> None:
    """Merge mappings key by key into base, in place; anything else is replaced, sourced figures as a whole.

    rows: top-level lists (or names of tables) whose entries are added to those of base.
    """
    target: Any = base.at(path)
    source: Any = top.at(path)
    if not path:
        base.values.update({(): top.values[()]} if () in top.values else {})
    for key, value in source.items():
        where = (*path, key)
        old = target.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and not (is_figure(value) or is_figure(old)):
            overlay(base, top, where)
        elif key in rows and not path and all(isinstance(one, str | list) for one in (old, value)):
            _listed(base, where)
            _listed(top, where)
            for position in range(len(top.at(where))):
                base.at(where).append(None)
                graft(base, (*where, len(base.at(where)) - 1), top, (*where, position))
        else:
            graft(base, where, top, where)


def _listed(document: Document, where: Path_) -> None:
    """Write the name of a table as a list of one, in place."""
    name = document.at(where)
    if isinstance(name, str):
        document.at(where[:-1])[where[-1]] = [name]
        if where in document.values:
            document.values[*where, 0] = document.values[where]
