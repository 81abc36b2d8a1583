"""The program over scenarios: a plan of the case, which scenarios it misses, and whom its commitments count on."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from allocate.numbers import Floats
from allocate.odds.cuts import Cut
from allocate.odds.decided import scenario_of
from allocate.odds.rows_of_promises import Scenarios
from allocate.odds.stacked import SCENARIO, Stacked, stacked
from allocate.odds.weighed import Weighed
from allocate.program.build import Built
from allocate.tolerances import LIMIT_KEPT, SUMMED


def scenario_program(
    base: Built, known: Scenarios, probabilities: Floats, cuts: Sequence[Cut], odds: float | None, aim: Weighed | None
) -> Stacked:
    """The program over scenarios with rows for cuts; odds: at least these, or (None) the greatest there are."""
    made = stacked([scenario_of(base, 0)])
    program = made.program
    if known.choices:
        _commit(made, known)
    missed = program.add_columns("missed", {SCENARIO: np.arange(known.count)}, upper=1.0, integer=True)
    if odds is None:
        program.set_costs(np.zeros(program.column_count))
        program.add_cost(missed.ids, probabilities * (-1.0 if program.maximise else 1.0))
    else:
        row = program.add_rows("odds", upper=1.0 - odds + SUMMED).start
        program.add_terms(row, missed.ids, probabilities)
    if known.choices:
        _ask(made, known)
    add_cuts(made, cuts)
    if aim is not None and odds is not None:
        aim.put(made)
    return made


def _commit(made: Stacked, known: Scenarios) -> None:
    """Columns of what each commitment counts on, and rows that say it is made."""
    program, place, size = made.program, made.columns[0], len(known.choices)
    each = np.array([known.asked[:, c].max() for c, _ in known.choices])
    counted = program.add_columns("counted_on", count=size)
    chosen = program.add_columns("counts_on", count=size, upper=1.0, integer=True)
    rows = program.add_rows("counted_made", count=size, upper=0.0)
    program.add_terms(rows.ids, counted.ids, 1.0)
    for number, (c, v) in enumerate(known.choices):
        program.add_terms(int(rows.ids[number]), place[known.commitments[c].columns[v]], -1.0)
    only = program.add_rows("counted_only", count=size, upper=0.0)
    program.add_terms(only.ids, counted.ids, 1.0)
    program.add_terms(only.ids, chosen.ids, -each)


def _ask(made: Stacked, known: Scenarios) -> None:
    """Rows that ask for what is promised, in each scenario that asks for more than the least of them."""
    program = made.program
    counted, missed = program.columns["counted_on"].ids, program.columns["missed"].ids
    of = np.array([c for c, _ in known.choices])
    for c in range(len(known.commitments)):
        asked, mine = known.asked[:, c], counted[of == c]
        least = float(asked.min())
        above = np.flatnonzero(asked > least * (1.0 + LIMIT_KEPT))
        rows = program.add_rows(
            f"asked_{'abcdefghijklmnopqrstuvwxyz'[c // 26]}{'abcdefghijklmnopqrstuvwxyz'[c % 26]}",
            count=1 + len(above),
            lower=np.concatenate([[least], asked[above]]),
        )
        program.add_terms(np.repeat(rows.ids, len(mine)), np.tile(mine, len(rows)), 1.0)
        program.add_terms(rows.ids[1:], missed[above], asked[above] - least)


def add_cuts(made: Stacked, cuts: Sequence[Cut]) -> None:
    """Rows for cuts; each gives way where its scenario is missed, or nobody counts on what it is about."""
    if not cuts:
        return
    program, place = made.program, made.columns[0]
    lengths = [len(cut.columns) for cut in cuts]
    finite = np.array([cut.most if math.isfinite(cut.most) else 0.0 for cut in cuts])
    of_choice = np.array([cut.choice >= 0 for cut in cuts])
    limits = np.array([cut.limit for cut in cuts])
    rows = program.add_rows("kept", {"cut": np.arange(len(cuts))}, upper=limits + finite * of_choice)
    columns = place[np.concatenate([cut.columns for cut in cuts])]
    program.add_terms(np.repeat(rows.ids, lengths), columns, np.concatenate([cut.coefficients for cut in cuts]))
    giving = np.flatnonzero(finite > 0)
    scenarios = np.array([cut.scenario for cut in cuts], np.int32)
    if "missed" in program.columns and len(giving):
        program.add_terms(rows.ids[giving], program.columns["missed"].ids[scenarios[giving]], -finite[giving])
    counting = np.flatnonzero((finite > 0) & of_choice)
    if len(counting):
        choices = np.array([cuts[number].choice for number in counting.tolist()], np.int32)
        program.add_terms(rows.ids[counting], program.columns["counts_on"].ids[choices], finite[counting])
