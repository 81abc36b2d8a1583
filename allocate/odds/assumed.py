"""Spreads taken for inputs of which a case says nothing: each input that a study moves, as one shared cause."""

from __future__ import annotations

import math
from dataclasses import replace

from allocate.case.document import Path_, walk
from allocate.case.inputs import inputs
from allocate.case.load import Case, revised
from allocate.case.paths import dotted, dotted_in, in_whole
from allocate.case.schema.case_file import CaseFile
from allocate.case.spreads import Factor, Spread
from allocate.case.spreads.fields import readers_at
from allocate.units import split_text

DECIDED = ("budget", "hurdle", "demand for ")
"""What inputs are that somebody decides or asks for: nobody guesses them."""


def with_spreads(case: Case, width: float) -> tuple[Case, tuple[str, ...]]:
    """The case with a range of 1 - width to 1 + width (P10 to P90) for every input that has no spread, and their names.

    Inputs are those of `sensitivity`: all values of one (prices of a vendor, its errors, its capacity …) move together. What
    somebody decides or asks for has none: budget, hurdle, demand, and whole people and seats.
    """
    spreads = case.spreads
    known = {*spreads.moved}
    factors, fixed, at = list(spreads.factors), dict(spreads.fixed), _paths(case)
    names = []
    for one in inputs(case):
        if one.name.startswith(DECIDED) or one.change is in_whole or any(path in known for path, _ in one.values):
            continue
        found = {
            name: spread for name, _ in one.values if (spread := _fixed(case, one.place, name, at[name])) is not None
        }
        if found:
            fixed |= found
            factors.append(Factor(one.name, 1.0 - width, 1.0, 1.0 + width, tuple(found)))
            names.append(one.name)
    return replace(case, spreads=replace(spreads, factors=tuple(factors), fixed=fixed)), tuple(names)


P90 = 1.2815515655446004
"""Standard deviations from the middle of a normal distribution to its P90."""


def with_speeds(case: Case, deviation: float) -> tuple[Case, tuple[str, ...]]:
    """The case with a spread of the pace of every vendor whose people are counted, for people differ in speed; and what was assumed.

    deviation: standard deviation of the speeds of single people, as a share of their mean. That of a team of n is by the root of
    n less: what one is slower another is faster. A vendor whose productivity or pace has a spread already keeps it.
    """
    known, default = {*case.spreads.moved}, f"{100.0 * case.model.defaults.productivity:g}%"
    teams = {name: one.team.people for name, one in case.vendors.items() if one.team is not None}
    people = teams | {name: one.people.number for name, one in case.vendors.items() if one.people is not None}
    unsaid = {
        dotted("vendors", name, "productivity"): default for name in people if case.vendors[name].productivity is None
    }
    found, spreads = revised(case, unsaid) if unsaid else case, case.spreads
    factors, fixed, names, at = list(spreads.factors), dict(spreads.fixed), list[str](), _paths(found)
    for name, many in people.items():
        paths = [dotted("vendors", name, "productivity")]
        for number, rate in case.rate_card.of_vendor(name):
            stated = [key for key in ("productivity", "pace") if getattr(rate, key) is not None]
            paths += [dotted_in(found.document.data, ("rates", number, key)) for key in stated]
        if any(path in known for path in paths):
            continue
        off, title = P90 * deviation / math.sqrt(many), f"speeds of the {many:g} people of {name}"
        fixed |= {path: spread for path in paths if (spread := _fixed(found, title, path, at[path])) is not None}
        factors.append(Factor(title, 1.0 - off, 1.0, 1.0 + off, tuple(path for path in paths if path in fixed)))
        names.append(f"{name} ±{off:.1%}")
    return replace(found, spreads=replace(spreads, factors=tuple(factors), fixed=fixed)), tuple(names)


def _paths(case: Case) -> dict[str, Path_]:
    """Where every single value of the case stands in its data, by dotted path."""
    return {
        dotted_in(case.document.data, path): path
        for path, one in walk(case.document.data)
        if not isinstance(one, dict | list)
    }


def _fixed(case: Case, place: str, name: str, at: Path_) -> Spread | None:
    """An amount that a cause moves; None for what has no range around it: nothing, all of it, or no amount."""
    readers = [reader for reader in readers_at(CaseFile, at) if reader.spread is not None]
    if not readers:
        return None
    text = str(case.document.at(at))
    number, unit = split_text(text)
    middle, unit = float(number), "%" if unit == "percent" else unit
    share = any(reader.spread == "share" for reader in readers)
    if middle <= 0.0 or (share and middle >= (100.0 if unit == "%" else 1.0)):
        return None
    return Spread(name, at, middle, middle, middle, unit, "logit" if share else "log", place, text)
