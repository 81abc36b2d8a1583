"""Standard output and standard error where they are closed, full, or read by somebody who has gone."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

GONE = 141
"""Exit status where the reader of the output has gone, as in `| head`: that of a process that SIGPIPE ends."""


class UnwrittenError(Exception):
    """An error of the system that nothing has made a problem of: mostly output that could not be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


@contextmanager
def noticed() -> Iterator[None]:
    """An error of the system as `UnwrittenError`, before anybody takes it for the end of a command."""
    try:
        yield
    except OSError as error:
        raise UnwrittenError(error) from error


def open_streams() -> bool:
    """Prepare the standard streams; False where standard output is closed and no answer could be given.

    A closed one leaves its number to the next file that is opened, which would then get what is printed: numbers that
    are free are taken.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - it stays open as long as the process
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdout is None:
        tell(
            "error: standard output is closed, so no answer can be printed\n   = fix: send it to a file or to /dev/null"
        )
        return False
    return True


def failed(error: OSError) -> int:
    """Say what could not be written, if anybody is there to read it; the exit status."""
    if error.errno == errno.EPIPE:
        _look_away()
        return GONE
    what = error.filename if error.filename is not None else "the output"
    verb = "use" if error.filename is not None else "write"
    tell(f"error: cannot {verb} {what}: {(error.strerror or str(error)).lower()}")
    _look_away()
    return 1


def tell(line: str) -> None:
    """A line on standard error, where that can be written."""
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


def _look_away() -> None:
    """Send what is still to be flushed nowhere, so that the end of the process does not stumble over it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
