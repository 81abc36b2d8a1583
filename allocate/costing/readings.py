"""Readers of a case: what each makes of it is made once and shared by all who ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np

from allocate.case.load import Case

P = ParamSpec("P")
T = TypeVar("T")


def read_once(reader: Callable[Concatenate[Case, P], T]) -> Callable[Concatenate[Case, P], T]:
    """A reader of a case that reads each case once; further arguments have to be hashable.

    A case with other figures is another case, and is read again. Arrays in what is read cannot be written to.
    """

    def once(case: Case, /, *more: P.args, **named: P.kwargs) -> T:
        key = (reader, *more, *named.items())
        if key not in case.readings:
            case.readings[key] = _for_reading(reader(case, *more, **named))
        found: T = case.readings[key]
        return found

    update_wrapper(once, reader)
    return once


def _for_reading(found: Any) -> Any:
    """The same, its arrays closed to changes."""
    if isinstance(found, np.ndarray):
        found.flags.writeable = False
    elif isinstance(found, Mapping):
        for part in found.values():
            _for_reading(part)
    elif isinstance(found, tuple):
        for part in found:
            _for_reading(part)
    elif is_dataclass(found) and not isinstance(found, Case):
        for part in vars(found).values():
            _for_reading(part)
    return found
