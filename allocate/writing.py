"""Files written whole or not at all, and only where no more than a regular file stands: the one door all writers use."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from allocate.errors import CaseError, Place, Problem, readable

_KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def check_can_write(path: Path) -> None:
    """Raise CaseError where no file can be written, before any work is done for it.

    A file is written only where nothing stands, or a regular file: a link, a device, a named pipe, a socket and a folder
    are left as they are.
    """
    try:
        mode = _mode(path)
    except (OSError, ValueError) as error:
        raise cannot_write(path, error) from None
    kind = next((name for test, name in _KINDS if mode is not None and test(mode)), None)
    if kind is not None:
        raise CaseError.of(f"cannot write {_shown(path)}: it is {kind}", Place(_shown(path)), "name a new file")
    folder = path.parent
    if not folder.is_dir():
        message = f"cannot write {_shown(path)}: there is no folder {readable(str(folder))}"
        raise CaseError.of(message, Place(_shown(path)), "make it first")
    if not os.access(folder, os.W_OK) or (mode is not None and not os.access(path, os.W_OK)):
        raise cannot_write(path, PermissionError(errno.EACCES, "permission denied"))


def check_can_fill(folder: Path, names: Iterable[str]) -> None:
    """Raise CaseError where files of some names cannot be written into a folder, which need not be there yet."""
    try:
        there = next((one for one in (folder, *folder.absolute().parents) if _mode(one) is not None), folder)
        if not there.is_dir():
            message = f"cannot write into {_shown(folder)}: {_shown(there)} is not a folder"
            raise CaseError.of(message, Place(_shown(folder)), "name another folder")
        if not os.access(there, os.W_OK):
            raise PermissionError(errno.EACCES, "permission denied")
    except (OSError, ValueError) as error:
        raise cannot_write(folder, error) from None
    for name in names if there == folder else ():
        check_can_write(folder / name)


def _mode(path: Path) -> int | None:
    """What stands under a name, links not followed; None where nothing does."""
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def cannot_write(path: Path, error: Exception) -> CaseError:
    """The problem of a file that could not be written."""
    why = error.strerror or str(error) if isinstance(error, OSError) else "it is not the name of a file"
    problem = Problem(f"cannot write {_shown(path)}: {why.lower()}", Place(_shown(path)), "name another file")
    return CaseError([problem])


def _shown(path: Path) -> str:
    return readable(str(path))


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file to fill, which takes its name only once the block ends well; after an error nothing of it is left.

    It is made beside its place, flushed to the disk, and renamed, so that a reader finds the old file or the new one.
    A file that is there keeps its permissions.

    Raises CaseError where it cannot be written; see `check_can_write`.
    """
    check_can_write(path)
    beside = path.parent / f".allocate-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield beside
        mode = _mode(path)
        if mode is not None:
            beside.chmod(stat.S_IMODE(mode))
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        check_can_write(path)
        beside.replace(path)
    except (OSError, ValueError) as error:
        raise cannot_write(path, error) from None
    finally:
        with suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file whole, text as UTF-8 with the line ends it has; its path.

    Raises CaseError where it cannot be written, and then what stood there is as it was.
    """
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    with written_whole(path) as beside:
        beside.write_bytes(raw)
    return path


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, where it is not there; CaseError where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise cannot_write(folder, error) from None
