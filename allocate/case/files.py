"""Text files from the disk: bounded, UTF-8, and inside the folder they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from pathlib import Path

from allocate.errors import CaseError, Place
from allocate.input_limits import YAML_BYTES


def read_text(path: Path, shown: str, limit: int = YAML_BYTES, too_large: str = "split the table") -> str:
    """A text file as UTF-8, without its byte order mark.

    too_large: the fix for a file beyond another limit than a case's.

    Raises CaseError for a file that is missing, larger than limit (bytes), binary or not UTF-8.
    """
    try:
        if not path.is_file():
            path.stat()
            raise CaseError.of(f"cannot read {shown}: it is not a file", Place(shown), "name a file")
        size = path.stat().st_size
        if size > limit:
            fix = "put large tables beside the case as CSV" if limit == YAML_BYTES else too_large
            raise CaseError.of(
                f"{shown} has {size:,} bytes; at most {limit:,} are read", Place(shown), fix, code="E-size"
            )
        raw = path.read_bytes()
    except OSError as error:
        message = f"cannot read {shown}: {_reason(error)}"
        raise CaseError.of(message, Place(shown), _beside(path)) from None
    except ValueError:  # what a NUL in a path raises
        raise CaseError.of(f"'{shown}' is not the name of a file", None, "name a file") from None
    return _decoded(raw, shown)


def _decoded(raw: bytes, shown: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise CaseError.of(f"{shown} is UTF-16 text, not UTF-8", Place(shown), "save it as UTF-8", code="E-text")
    if b"\0" in raw[:4096]:
        raise CaseError.of(f"{shown} is a binary file, not text", Place(shown), "save it as UTF-8 text", code="E-text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before) - (before.rfind(b"\n") + 1)
        place = Place(shown, before.count(b"\n") + 1, column + 1)
        message = f"{shown} is not UTF-8 text: it was saved in another encoding, such as Latin-1"
        raise CaseError.of(message, place, "save it as UTF-8") from None


def _reason(error: OSError) -> str:
    known = {FileNotFoundError: "it is not there", PermissionError: "permission denied"}
    return known.get(type(error), error.strerror or "it cannot be opened")


def _beside(path: Path) -> str | None:
    try:
        near = sorted(p.name for p in path.parent.iterdir() if p.suffix == path.suffix and p.name != path.name)[:5]
    except OSError:
        return None
    return f"the folder has {', '.join(near)}" if near else None


ALLOWED: ContextVar[tuple[Path, ...]] = ContextVar("allowed", default=())
"""Folders besides a case's own that its files may be read from, as the command line says (`--allow-path`)."""

ALLOW = "or allow its folder with `--allow-path DIR`"
"""What a message about a file outside of the case's folder offers."""


def is_within(path: Path, folders: Iterable[Path]) -> bool:
    """Whether a path whose links are followed lies in one of some folders, or is one of them."""
    return any(path.is_relative_to(folder.resolve()) for folder in folders)


def resolved(folder: Path, name: str) -> Path | None:
    """A path below (or beside) a folder with its links followed; None for a text that cannot be a path."""
    try:
        path = (folder / name).resolve()
        path.exists()
    except (OSError, ValueError, RuntimeError):  # a loop of links, a NUL in the name, a name too long
        return None
    return path
