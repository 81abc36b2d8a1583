"""Work that tests hand to workers, which import it by this name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def squared(number: int) -> int:
    """A result to tell calls by."""
    return number * number


def failing(words: str) -> None:
    """An error of the work itself."""
    raise KeyError(words)


class HomelessError(Exception):
    """An error that another process cannot make again."""

    def __init__(self, words: str, number: int) -> None:
        super().__init__(words)


def failing_at_home(words: str, number: int) -> None:
    """An error that does not travel."""
    raise HomelessError(words, number)


def lost_once(folder: str, number: int, how: int) -> int:
    """A result; the first worker that comes here sends itself a signal before it has one."""
    mark = Path(folder) / "was-here"
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return number
    os.kill(os.getpid(), how)
    time.sleep(60)
    return -1


def always_lost() -> None:
    """No worker lives through this."""
    os.kill(os.getpid(), signal.SIGKILL)


def busy(seconds: float) -> int:
    """Its process, after a while."""
    time.sleep(seconds)
    return os.getpid()


def hangs_once(folder: str, number: int) -> int:
    """A result; the first worker that comes here gets nowhere, and lives on."""
    mark = Path(folder) / "was-here"
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return number
    time.sleep(60)
    return -1
