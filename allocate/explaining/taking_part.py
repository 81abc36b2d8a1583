"""Every limit that takes part where there is no plan: those that press in the least way of letting limits give way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from operator import attrgetter

import numpy as np

from allocate.case.load import Case
from allocate.explaining.by_hand import ByHand
from allocate.explaining.conflicts.limits import limits_of as limits_written
from allocate.explaining.conflicts.search import conflict
from allocate.explaining.conflicts.trial import OutOfTimeError, Trial
from allocate.explaining.feasibility_relaxation import Relaxed
from allocate.explaining.limits import DEMANDS, Limit, limits_of, rules_of
from allocate.program.naming import Block
from allocate.tolerances import PRESSING
from allocate.verification.limits import limits_used

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
    if all(any(name in one.subject for name in named) for one in found):
        return ()
    return tuple(f"{one.subject} ({one.words})" for one in found)


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
