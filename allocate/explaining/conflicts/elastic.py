"""The least total change by one elastic program: limits give way in their own units, each weighed against itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case, revised
from allocate.case.paths import dotted
from allocate.costing.limits import NOTHING, Ignoring
from allocate.errors import CaseError
from allocate.explaining.conflicts.amounts import number_of
from allocate.explaining.conflicts.moves import Move, end_of, moved_by, smallest_step
from allocate.explaining.conflicts.trial import Trial, in_order, program_of
from allocate.explaining.conflicts.written import Settings
from allocate.program.arrays import Floats, ProgramArrays, risen


@dataclass(frozen=True)
class Least:
    """How far amounts have to move, in their own units."""

    amounts: tuple[float, ...]
    total: float
    """No plan there is with less of a change in all, each amount counted as a share of what was written."""


def least_changes(trial: Trial, moves: Sequence[Move], others: Settings = ()) -> Least | None:
    r"""How far some amounts have to move together at the least total change.

    .. math:: \min \sum_i s_i / |b_i| \quad \text{with} \quad l - \sum_i l'_i s_i \le A x \le u + \sum_i u'_i s_i,
        \quad s \ge 0

    with b the amounts as written and l', u' how the sides of the program's rows move with them, read off programs built
    with each amount moved a little, in which nothing else is derived from the amounts. None where an amount changes more
    of the program than sides of rows (an accuracy, a deadline, a bound of an order), so that a search has to do; what is
    found must be tried in the case in any event.
    """
    if any(move.kind not in ("amount", "count") or not number_of(move.text) for move in moves):
        return None
    derived = frozenset(one for move in moves for one in _derived(trial.case, move.path))
    return _least(trial, moves, others, derived) or (_least(trial, moves, others, NOTHING) if derived else None)


def _least(trial: Trial, moves: Sequence[Move], others: Settings, ignoring: Ignoring) -> Least | None:
    """The same, with nothing derived from some limits; None where the program cannot do without."""
    try:
        built = program_of(revised(trial.case, dict(in_order(others))), ignoring)
        slopes = [_slope(trial, move, others, ignoring, built.program.arrays()) for move in moves]
    except CaseError:
        return None
    program, found = built.program, [slope for slope in slopes if slope is not None]
    if len(found) < len(moves):
        return None
    steps = program.add_columns(
        "change",
        {"limit": np.arange(len(moves))},
        upper=np.array([float(end) if (end := end_of(move)) is not None else np.inf for move in moves]),
        integer=np.array([move.kind == "count" for move in moves]),
    )
    for column, slope in zip(steps.ids.tolist(), found, strict=True):
        rows = np.flatnonzero(slope)
        program.add_terms(rows, column, -slope[rows])
    costs = np.zeros(program.column_count)
    costs[steps.ids] = [1.0 / abs(float(number_of(move.text))) for move in moves]
    program.set_costs(costs, maximise=False)
    best = trial.run(program)
    if best is None or best.values is None or best.bound is None:
        return None
    return Least(tuple(best.values[steps.ids].tolist()), best.bound)


def _derived(case: Case, path: str) -> Ignoring:
    """What else a program derives from an amount: most items and labels there could be, and what follows from those."""
    if path.startswith("budget"):
        return frozenset({("money", 0)})
    if path.startswith("rates."):
        return frozenset({("rate", 0)})
    if path.startswith("rules."):
        return frozenset({("share", 0)})
    demands = {("demand", n) for n, name in enumerate(case.products) if _below(path, ("products", name, "demand"))}
    supplies = {("capacity", n) for n, name in enumerate(case.vendors) if _below(path, ("vendors", name))}
    return frozenset(demands | supplies)


def _below(path: str, whole: tuple[str, ...]) -> bool:
    return f"{path}.".startswith(f"{dotted(*whole)}.")


def _slope(trial: Trial, move: Move, others: Settings, ignoring: Ignoring, before: ProgramArrays) -> Floats | None:
    """By how much the sides of each row move with an amount, per unit of it, shape (rows,); None for what else changes."""
    little = max(smallest_step(move), abs(number_of(move.text)) / 10)
    end = end_of(move)
    little = little if end is None else min(little, end)
    settings = in_order([*others, (move.path, moved_by(move, little))])
    after = program_of(revised(trial.case, dict(settings)), ignoring).program.arrays()
    if not _alike(before, after):
        return None
    lower = risen(before.row_lower, after.row_lower) / float(little)
    upper = risen(before.row_upper, after.row_upper) / float(little)
    two_sided = np.isfinite(before.row_lower) & np.isfinite(before.row_upper)
    if not np.allclose(lower[two_sided], upper[two_sided]):
        return None
    slope: Floats = np.where(upper != 0, upper, lower)
    return slope if slope.any() else None


def _alike(one: ProgramArrays, other: ProgramArrays) -> bool:
    """Whether two programs differ in the finite sides of rows only."""
    if (one.column_count, one.row_count, one.nonzeros) != (other.column_count, other.row_count, other.nonzeros):
        return False
    pairs = (
        (one.start, other.start), (one.index, other.index), (one.value, other.value), (one.lower, other.lower),
        (one.upper, other.upper), (np.isfinite(one.row_lower), np.isfinite(other.row_lower)),
        (np.isfinite(one.row_upper), np.isfinite(other.row_upper)),
    )  # fmt: skip
    return all(np.array_equal(a, b) for a, b in pairs)
