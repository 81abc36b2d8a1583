"""Cases below one folder, and nothing else of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from allocate.case.files import is_within, resolved
from allocate.errors import CaseError, Place, readable

DEPTH = 4
"""Folders below the one that is served in which cases are looked for."""
MOST = 200
"""Cases that are listed."""


@dataclass(frozen=True)
class Served:
    """The folder an assistant may see."""

    folder: Path

    def cases(self) -> tuple[list[str], int]:
        """Names of the cases below it, as the other questions take them, and how many there are in all."""
        found = [one for depth in range(DEPTH + 1) for one in self.folder.glob("/".join(["*"] * depth + ["case.yaml"]))]
        names = sorted({one.parent.relative_to(self.folder).as_posix() for one in found if self._is_inside(one)})
        return names[:MOST], len(names)

    def case(self, name: str) -> Path:
        """The file of a case by its name; CaseError for one outside of the folder, whatever links lead there."""
        path = resolved(self.folder, name)
        if path is not None and path.is_dir():
            path = resolved(path, "case.yaml")
        if path is None or not self._is_inside(path):
            message = f"'{readable(name, 80)}' does not lie in the folder that is served"
            raise CaseError.of(message, None, "name one of the cases that `list_cases` gives")
        if not path.is_file():
            message = f"there is no case '{readable(name, 80)}'"
            raise CaseError.of(message, Place(readable(name, 80)), "name one of the cases that `list_cases` gives")
        return path

    def _is_inside(self, path: Path) -> bool:
        return is_within(path.resolve(), (self.folder,))
