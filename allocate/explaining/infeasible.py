"""Why there is no plan: how much is missing, in the case's words, by letting limits give way at the least total."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import groupby
from operator import attrgetter

from allocate.costing.limits import NOTHING, Ignoring
from allocate.errors import CaseError
from allocate.explaining.by_hand import ByHand
from allocate.explaining.feasibility_relaxation import MEANS, RESULTS, Relaxed, least, relax
from allocate.explaining.missing import means_missing, results_missing
from allocate.explaining.reasons import Reason
from allocate.explaining.taking_part import clashing, taking_part
from allocate.program.build import Built

CLASH_LIMIT = 10.0
"""Seconds of the processor in which limits that contradict one another are looked for, where there are whole numbers."""


def why_not(
    make: Callable[[Ignoring], Built],
    time_limit: float | None = None,
    alone: bool = True,
    added: ByHand | None = None,
    conflicts: bool = True,
) -> tuple[tuple[Reason, ...], bool]:
    """What keeps a case from having a plan: means the results need, results out of reach with the means there are, and the
    limits that take part where these do not name them all.

    make: builds the case's program again, with nothing derived from some limits; it is solved twice, once with elastic
    means, once with elastic results, for at most half of the time limit (s) each. alone: whether the program is that of
    the case, with no line held and no rule added by hand; added: what was. conflicts: whether limits that take part are
    looked for also where the reasons name some. The second of the pair: whether both were solved to the end, so
    that no less than the reasons say is missing, in all.
    """
    began = time.monotonic()
    reasons: list[Reason] = []
    ended, each = True, None if time_limit is None else time_limit / 2
    solved: list[Relaxed] = []
    for families, describe in ((MEANS, means_missing), (RESULTS, results_missing)):
        built = _made(make, families)
        slacks = relax(built, families)
        relaxed = least(built, slacks, each, added) if slacks else None
        if relaxed is not None:
            ended &= relaxed.outcome.limit is None
            reasons += _by_name(describe(relaxed))
            solved.append(relaxed)
    together: tuple[str, ...] | None = ()
    if reasons and not conflicts:
        return tuple(dict.fromkeys(reasons)), ended
    if alone and built.program.arrays().integer.any():
        left = None if time_limit is None else time_limit - (time.monotonic() - began)
        together = clashing(built.layout.case, {one.subject for one in reasons}, CLASH_LIMIT, left)
    else:
        named = frozenset[int]().union(*(one.spoken_of for one in solved))
        together = next((found for one in solved if (found := taking_part(one, named, added))), ())
    return tuple(dict.fromkeys([*reasons, *_in_words(together)])), ended


def _by_name(reasons: list[Reason]) -> list[Reason]:
    """Reasons of one kind that stand together, rules apart, by name: in whatever order the case is written."""
    runs = groupby(reasons, key=lambda one: (one.kind, one.subject.startswith("rule '")))
    return [one for _, run in runs for one in sorted(run, key=attrgetter("subject"))]


def _in_words(together: tuple[str, ...] | None) -> list[Reason]:
    """Limits that take part as one reason: not all of them can be kept. None: the time for the search ran out."""
    if together is None:
        words = "limits that take part: not known, the search for them ran out of time"
        return [Reason("conflict", "limits that take part", 0.0, 0.0, "limits", words)]
    if not together:
        return []
    many = float(len(together))
    words = f"limits that take part: {'; '.join(together)}"
    return [Reason("conflict", "limits that take part", many, many - 1.0, "limits", words)]


def _made(make: Callable[[Ignoring], Built], families: tuple[str, ...]) -> Built:
    """The program, with nothing derived from money, capacities, rates and shares that are to give way.

    Where nothing else says how much could be made, bounds follow from capacities after all, or from money, or from both.
    """
    if families != MEANS:
        return make(NOTHING)
    windows = frozenset({("windows", 0)})
    built = make(windows)
    vendors = range(len(built.layout.routes.vendors))
    money, supply = frozenset({("money", 0)}), frozenset({*(("capacity", vendor) for vendor in vendors), ("rate", 0)})
    for ignoring in (money | supply, money, supply):
        try:
            return make(windows | {("share", 0)} | ignoring)
        except CaseError:
            continue
    return built
