"""Files a case includes: laid over one another in a stated order, each figure with its place in its own file.

The files of `include:` come in the order they are written, those of a pattern by name, and what a file includes comes before
the file itself: so a file has the last word over what it includes, and the case's own file over all. Mappings are merged key
by key; rates, rules and rows of the calendar of all files count together; any other value is replaced.
"""

from __future__ import annotations

import glob
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from allocate.case.attached import named_tables
from allocate.case.document import Document
from allocate.case.files import ALLOW, is_within, read_text, resolved
from allocate.case.overlays import overlay
from allocate.case.yaml_text import parse
from allocate.errors import CaseError, Place, Problem
from allocate.input_limits import INCLUDED_FILES

_TEXTS, _TABLES = (".yaml", ".yml"), (".csv", ".xlsx")
_ROWS = ("rules", "rates", "calendar")
"""Lists of a case whose entries count together, whichever file they stand in."""
_FIX = "write it as in `include: [vendors/*.yaml, rates/*.csv]`"


def with_included(
    own: Document, folder: Path, file: Path | None, allowed: Iterable[Path]
) -> tuple[Document, list[Path]]:
    """The document of a case laid over all it includes, and the files that were read for it, in that order.

    file: where the document was read from (None: from memory). allowed: folders beside the case's that files may lie in.

    Raises CaseError for files that are not there, lie outside of these folders, include themselves, or cannot be read.
    """
    if "include" not in own.data:
        return own, []
    reader = _Reader(folder, (folder, *allowed))
    chain = (file.resolve(),) if file is not None else ()
    reader.lay(own, folder, chain)
    if reader.problems:
        raise CaseError(reader.problems)
    return reader.merged, reader.files


@dataclass
class _Reader:
    """What was read and merged so far; every file once, where it is named first."""

    home: Path
    within: tuple[Path, ...]
    merged: Document = field(default_factory=lambda: Document({}))
    files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def lay(self, document: Document, folder: Path, chain: tuple[Path, ...]) -> None:
        """What a document includes, and the document itself above it; chain: the file it stands in, and who included that."""
        for path, place in self._named(document, folder, chain):
            if len(self.files) >= INCLUDED_FILES:
                message = f"more than {INCLUDED_FILES:,} files are included"
                raise CaseError([*self.problems, Problem(message, place, "put several into one file")])
            if path in chain:
                names = " -> ".join(self._shown(one) for one in [*chain[chain.index(path) :], path])
                self.problems.append(Problem(f"a file includes itself: {names}", place, "remove one `include`"))
            elif path not in self.files:
                self.files.append(path)
                self._add(path, place, chain)
        document.data.pop("include", None)
        overlay(self.merged, document, rows=_ROWS)
        self.merged.notes += document.notes

    def _add(self, path: Path, place: Place | None, chain: tuple[Path, ...]) -> None:
        if path.suffix.lower() in _TABLES:
            table = Document({"rates": [self._shown(path)]}, {("rates",): place, ("rates", 0): place} if place else {})
            overlay(self.merged, table, rows=_ROWS)
            return
        try:
            document = parse(read_text(path, self._shown(path)), self._shown(path))
        except CaseError as error:
            self.problems += error.problems
            return
        self._from_here(document, path.parent)
        self.lay(document, path.parent, (*chain, path))

    def _named(self, document: Document, folder: Path, chain: tuple[Path, ...]) -> Iterator[tuple[Path, Place | None]]:
        """The files a document includes, patterns written out; a pattern does not stand for the file it is written in."""
        listed = document.data.get("include")
        names = [] if listed is None else listed if isinstance(listed, list) else [listed]
        for position, name in enumerate(names):
            place = document.place(("include", position) if isinstance(listed, list) else ("include",))
            if not isinstance(name, str):
                self.problems.append(Problem("include expects names of files", place, _FIX))
                continue
            found = self._fitting(folder, name, place)
            yield from ((one, place) for one in found if not (_is_pattern(name) and one in chain[-1:]))

    def _fitting(self, folder: Path, name: str, place: Place | None) -> list[Path]:
        """The files of a name or a pattern, by name; what is wrong with it is kept."""
        problem = None
        whole = resolved(folder, name)
        if whole is None or not name.strip():
            problem = Problem(f"'{name}' is not the name of a file", place, _FIX)
        elif not is_within(whole, self.within):
            fix = f"copy it beside case.yaml, so that the case is whole in one folder; {ALLOW}"
            problem = Problem(
                f"the included file '{name}' lies outside the case's folder", place, fix, code="E-outside"
            )
        if problem is not None or whole is None:
            self.problems += [problem] if problem else []
            return []
        # not Path.glob: `**` would walk through all folders, and hidden files would fit
        texts = sorted(glob.glob(name, root_dir=folder)) if _is_pattern(name) else [name]  # noqa: PTH207
        paths = [path for text in texts if (path := resolved(folder, text)) is not None]
        outside = [path for path in paths if not is_within(path, self.within)]
        odd = [path for path in paths if path.suffix.lower() not in (*_TEXTS, *_TABLES)]
        if not paths:
            problem = Problem(f"no file fits '{name}'", place, "correct the pattern, or add the file")
        elif outside:
            fix = f"copy it beside case.yaml, so that the case is whole in one folder; {ALLOW}"
            problem = Problem(
                f"the included file '{outside[0].name}' lies outside the case's folder", place, fix, code="E-outside"
            )
        elif odd:
            fix = "include .yaml files, which are parts of a case, and .csv or .xlsx tables, which are rate cards"
            problem = Problem(f"'{self._shown(odd[0])}' cannot be included", place, fix)
        elif missing := [path for path in paths if not path.exists()]:
            problem = Problem(f"the included file '{self._shown(missing[0])}' is not there", place, _FIX)
        if problem is not None:
            self.problems.append(problem)
            return []
        return paths

    def _from_here(self, document: Document, folder: Path) -> None:
        """Names of tables and of a cost model in an included file are from its own folder: write them from the case's."""
        if folder.resolve() == self.home.resolve():
            return
        model = document.data.get("model")
        own = [("model",)] if isinstance(model, str) and ("/" in model or model.endswith((".yaml", ".yml"))) else []
        for path in (*own, *named_tables(document.data)):
            name = document.at(path)
            there = posixpath.join(self._shown(folder), name)
            document.at(path[:-1])[path[-1]] = posixpath.normpath(there)

    def _shown(self, path: Path) -> str:
        """A path as messages and records name it: from the case's folder."""
        home = self.home.resolve()
        return path.relative_to(home).as_posix() if path.is_relative_to(home) else path.as_posix()


def _is_pattern(name: str) -> bool:
    return any(mark in name for mark in "*?[")
