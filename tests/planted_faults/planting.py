"""Faults planted in the program's own text: one place of one file reads otherwise, and everything runs as if it had been written so.

The text to replace must stand in its file exactly once, so that a fault whose place has changed fails and is not taken for one
that is found. The changed text is compiled; each function whose code is another gets that code, wherever it was imported to.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

ROOT = Path(__file__).resolve().parents[2]


class StaleFaultError(Exception):
    """A fault that cannot be planted: its text is not there once, or nothing that runs would change."""


@dataclass(frozen=True)
class Fault:
    """One mistake: in this file, instead of this text, that one."""

    file: str
    old: str
    new: str

    @property
    def clause(self) -> str | None:
        """Name of the clause or rule whose file it is in; None elsewhere."""
        path = Path(self.file)
        return path.stem if path.parent.name in ("clauses", "rules") else None

    @property
    def module(self) -> str:
        """The module's dotted name."""
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Code of a module's functions, methods and lambdas; not of functions inside others, which come with those."""
    for constant in code.co_consts:
        if not isinstance(constant, CodeType):
            continue
        if constant.co_flags & 0x2:  # optimised: a function; else the body of a class
            yield constant
        else:
            yield from _codes(constant)


FLOORS = ("costing", "program", "verification")
"""Where most faults are planted: all modules there are looked through at once, for looking takes a third of a second."""


@cache
def _functions() -> Mapping[str, Mapping[CodeType, list[FunctionType]]]:
    """All functions that there are, by their module and their code."""
    for floor in FLOORS:
        for one in pkgutil.walk_packages([str(ROOT / "allocate" / floor)], f"allocate.{floor}."):
            importlib.import_module(one.name)
    found: dict[str, dict[CodeType, list[FunctionType]]] = {}
    gc.unfreeze()  # what is frozen is not among the objects
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and str(each.__module__).startswith("allocate."):
            found.setdefault(each.__module__, {}).setdefault(each.__code__, []).append(each)
    gc.freeze()
    return found


@cache
def _by_place(path: Path, text: str) -> Mapping[tuple[str, int], CodeType]:
    """Code of each function of a file with such a text, by its name and line."""
    return {(code.co_qualname, code.co_firstlineno): code for code in _codes(compile(text, path, "exec"))}


def _changed(fault: Fault) -> list[tuple[FunctionType, CodeType]]:
    """The functions a fault changes, each with its other code."""
    path = ROOT / fault.file
    text = path.read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        raise StaleFaultError(f"{fault.file} has the text {text.count(fault.old)} times, not once: {fault.old!r}")
    if fault.old.count("\n") != fault.new.count("\n"):
        raise StaleFaultError(f"the fault moves lines: {fault.new!r}")
    before, after = _by_place(path, text), _by_place.__wrapped__(path, text.replace(fault.old, fault.new))
    name = importlib.import_module(fault.module).__name__
    if name not in _functions():
        _functions.cache_clear()
    functions = _functions().get(name, {})
    pairs = [(each, after[at]) for at, code in before.items() if after[at] != code for each in functions.get(code, ())]
    if not pairs:
        raise StaleFaultError(f"no function of {fault.file} has other code with {fault.new!r}")
    return pairs


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """While it lasts the program has the fault."""
    pairs = [(function, function.__code__, code) for function, code in _changed(fault)]
    for function, _, code in pairs:
        function.__code__ = code
    try:
        yield
    finally:
        for function, code, _ in pairs:
            function.__code__ = code
