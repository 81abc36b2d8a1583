"""Why there is no plan: how much is missing, in the case's words, by letting limits give way at the least total."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import groupby
from operator import attrgetter

import numpy as np

from allocate.case.load import Case
from allocate.costing.limits import NOTHING, Ignoring
from allocate.errors import CaseError
from allocate.explaining.by_hand import ByHand
from allocate.explaining.conflicts.limits import limits_of as limits_written
from allocate.explaining.conflicts.search import conflict
from allocate.explaining.conflicts.trial import OutOfTimeError, Trial
from allocate.explaining.feasibility_relaxation import MEANS, RESULTS, Relaxed, least, relax
from allocate.explaining.limits import DEMANDS, Limit, limits_of, rules_of
from allocate.explaining.missing import means_missing, results_missing
from allocate.explaining.reasons import Reason
from allocate.program.build import Built
from allocate.program.naming import Block
from allocate.tolerances import PRESSING
from allocate.verification.limits import limits_used

SAID = ("demand", "capacity", "people", "hours", "accuracy", "value", "score")
"""Limits of a product or vendor of which a reason about it speaks; its dates, orders and fees are others."""
NO_PLURAL = ("", "h", "people", "vendors", "products", "points", "effective labels")
"""Units that read the same whatever their number."""


def taking_part(relaxed: Relaxed, named: Collection[int], added: ByHand | None = None) -> tuple[str, ...]:
    """Names of the limits that take part, with what they ask; empty where all of them are named already.

    named: numbers of the rows that the reasons speak of. added: what was done to the program by hand. The duals of a program whose limits give way at the least total
    are multipliers that prove, by J. Farkas' lemma, that the rows they do not vanish on cannot all be kept. With whole
    numbers the duals are those of the linear program with its choices as found, so the list is of what presses there.
    """
    if relaxed.pressing is None:
        return ()
    pressing = set(np.flatnonzero(relaxed.pressing).tolist())
    found = [one for one in _limits(relaxed) if pressing & set(one.rows.tolist())]
    case = relaxed.built.layout.case
    plurals = {**case.model.units, **case.file.units}
    told = [words_of(one, plurals) for one in found]
    others = [*_payrolls(relaxed, pressing), *_held(relaxed), *_by_hand(relaxed, pressing, added)]
    if not others and all(set(one.rows.tolist()) & set(named) for one in found):
        return ()
    return (*told, *others)


def clashing(
    case: Case, named: Collection[str], working: float, seconds: float | None = None
) -> tuple[str, ...] | None:
    """A set of limits of a case that no plan keeps together, though one keeps them without any one of it, with what they ask.

    For programs with whole numbers, whose duals prove nothing of the kind. named: what the reasons are about; empty where
    they name the whole set, and where no limit of the case can be blamed; None where it is not found within the time: so many
    seconds of the processor, and by the clock.
    """
    trial = Trial(case, None if seconds is None else max(seconds, 0.0), working)
    try:
        found = conflict(trial, limits_written(case)) or ()
    except OutOfTimeError:
        return None
    if all(any(_is_said(one.subject, name) for name in named) for one in found):
        return ()
    return tuple(f"{one.subject} ({one.words})" for one in found)


def _is_said(subject: str, name: str) -> bool:
    """Whether a reason about a name speaks of a limit: of what is asked of a product, of what vendors can do, of money, of a rule."""
    kind, _, owner = subject.partition(" of ")
    owners = re.split(r", | and ", name.removesuffix(" together"))
    return (
        subject == name
        or (kind in SAID and owner in (name, *owners))
        or (kind == "milestone" and owner.startswith(f"{name} by "))
        or (subject.startswith(("budget", "rule ")) and name.startswith(subject.partition(" per ")[0]))
    )


def _limits(relaxed: Relaxed) -> tuple[Limit, ...]:
    """Every limit and rule of the case, with the program's rows that stand for it, by name: items asked for first, rules last."""
    checks = limits_used(relaxed.work)
    limits = sorted(
        limits_of(relaxed.built, checks), key=lambda one: (one.family not in ("demand", *DEMANDS), one.name)
    )
    return (*limits, *sorted(rules_of(relaxed.built, checks), key=attrgetter("name")))


def words_of(limit: Limit, plurals: Mapping[str, str]) -> str:
    """A limit with its amount, as in `items of cats (at least 4,000 images)`; of several periods the range.

    plurals: of the units items are counted in.
    """
    amounts = sorted({check.limit for check in limit.checks})
    if not amounts:
        return limit.name
    digits = 12 if limit.unit.isupper() else 6  # money to the cent and below, derived amounts such as hours as read
    shown = [
        f"{100.0 * one:.10g} %" if limit.unit == "share" else f"{one:,.{max(digits, len(f'{one:.0f}'))}g}"
        for one in amounts
    ]
    amount = shown[0] if len(shown) == 1 else f"{shown[0]} to {shown[-1]}"
    noun = limit.unit if limit.unit.isupper() or limit.unit in NO_PLURAL else f"{limit.unit}s"
    unit = "" if limit.unit == "share" else f" {plurals.get(limit.unit, noun)}"
    sense = "exactly" if limit.family == "demand" else "at least" if limit.at_least else "at most"
    each = " each period" if limit.by_period else ""
    return f"{limit.name} ({sense} {amount}{unit}{each})"


def _payrolls(relaxed: Relaxed, pressing: Collection[int]) -> Iterator[str]:
    """Teams whose people are paid whether there is work for them or not."""
    rows = relaxed.built.program.rows.get("team_people")
    if rows is None:
        return
    for team in relaxed.built.layout.teams:
        mine = rows.ids[rows.index["vendor"] == team.vendor]
        if set(mine.tolist()) & set(pressing):
            name = relaxed.built.layout.routes.vendors[team.vendor]
            yield f"payroll of {name} ({team.people:,} people, paid whether they have work or not)"


def _by_hand(relaxed: Relaxed, pressing: Collection[int], added: ByHand | None) -> Iterator[str]:
    """Rules added by hand, which stand behind the program's own rows."""
    if added is not None:
        first = relaxed.built.program.row_count
        names = enumerate(added.built.program.rules)
        yield from (f"rule added by hand '{name}'" for number, name in names if first + number in pressing)


def _held(relaxed: Relaxed) -> Iterator[str]:
    """Lines held at their quantities."""
    reduced, arrays = relaxed.outcome.reduced_costs, relaxed.built.program.arrays()
    if reduced is None:
        return
    layout = relaxed.built.layout
    block: Block = layout.items
    part = slice(block.start, block.stop)
    priced = np.abs(reduced * relaxed.scaling.columns * relaxed.scaling.objective) > PRESSING
    held = (arrays.lower[part] == arrays.upper[part]) & priced[part]
    routes = layout.routes
    pairs = sorted({(int(layout.product[n]), int(layout.vendor[n])) for n in np.flatnonzero(held).tolist()})
    yield from (f"held lines of {routes.products[product]} with {routes.vendors[vendor]}" for product, vendor in pairs)


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
