"""Spreads taken for inputs of which a case says nothing: each input that a study moves, as one shared cause."""

from __future__ import annotations

from dataclasses import replace

from allocate.case.inputs import Input, inputs
from allocate.case.load import Case
from allocate.case.scenarios import path_of
from allocate.case.schema.case_file import CaseFile
from allocate.case.spreads import Factor, Spread
from allocate.case.spreads.fields import readers_at
from allocate.units import split_text

DECIDED = ("budget", "hurdle", "demand for ")
"""What inputs are that somebody decides or asks for: nobody guesses them."""


def with_spreads(case: Case, width: float) -> tuple[Case, tuple[str, ...]]:
    """The case with a range of 1 - width to 1 + width (P10 to P90) for every input that has no spread, and their names.

    Inputs are those of `sensitivity`: all values of one (prices of a vendor, its errors, its capacity …) move together. What
    somebody decides or asks for has none: budget, hurdle, demand.
    """
    spreads = case.spreads
    known = {*spreads.moved}
    factors, fixed = list(spreads.factors), dict(spreads.fixed)
    names = []
    for one in inputs(case):
        if one.name.startswith(DECIDED) or any(path in known for path, _ in one.values):
            continue
        found = {name: spread for name, _ in one.values if (spread := _fixed(case, one, name)) is not None}
        if found:
            fixed |= found
            factors.append(Factor(one.name, 1.0 - width, 1.0, 1.0 + width, tuple(found)))
            names.append(one.name)
    return replace(case, spreads=replace(spreads, factors=tuple(factors), fixed=fixed)), tuple(names)


def _fixed(case: Case, one: Input, name: str) -> Spread | None:
    """An amount that a cause moves; None for what has no range around it: nothing, all of it, or no amount."""
    at = path_of(case.document, name)
    readers = [reader for reader in readers_at(CaseFile, at) if reader.spread is not None]
    if not readers:
        return None
    text = str(case.document.at(at))
    number, unit = split_text(text)
    middle, unit = float(number), "%" if unit == "percent" else unit
    share = any(reader.spread == "share" for reader in readers)
    if middle <= 0.0 or (share and middle >= (100.0 if unit == "%" else 1.0)):
        return None
    return Spread(name, at, middle, middle, middle, unit, "logit" if share else "log", one.place, text)
