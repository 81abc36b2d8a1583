"""Sensitivity: how far the answer moves when one input is off, or two; and which inputs matter most."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from allocate.case.inputs import Input, input_at, inputs
from allocate.case.load import Case, CaseLike, as_case, revised
from allocate.case.scenarios import path_of
from allocate.errors import CaseError, Place, Problem
from allocate.study.figures import Figures
from allocate.study.frontier import Limits
from allocate.study.points import Job, Point
from allocate.study.running import Progress, run
from allocate.study.study import Row, Study, figure, state, why


@dataclass(frozen=True)
class Vary:
    """A value of the case to vary: to each of some values, or by a share where none are given."""

    path: str
    """As `--set` takes it."""
    values: tuple[str, ...] = ()


def sensitivity(
    case: CaseLike,
    by: float = 0.1,
    vary: Sequence[Vary] = (),
    *,
    time_limit: float | None = None,
    gap: float | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Study:
    """How far the objective moves: each input made smaller and larger by a share, or one or two taken through values.

    vary: what to look at instead of all the case's inputs; with values, a row for each of them, or for each pair of two
    paths' values. An accuracy's errors are changed, not the accuracy. time_limit: s for each point. gap: relative.

    Raises CaseError for a path that is no amount and values the case cannot take, and StudyError where a worker fails.
    """
    how = _How(Limits(time_limit, gap), executor, progress)
    case = as_case(case)
    return _values(case, vary, how) if any(one.values for one in vary) else _tornado(case, vary, how, by)


@dataclass(frozen=True)
class _How:
    limits: Limits
    executor: Executor | None
    progress: Progress | None


def _tornado(case: Case, vary: Sequence[Vary], how: _How, share: float) -> Study:
    """Each input by itself made smaller and larger by a share, the one that moves the objective most first."""
    chosen = [_named(case, one) for one in vary] if vary else list(inputs(case))
    low, high = Decimal(1) - Decimal(str(share)), Decimal(1) + Decimal(str(share))
    sides = [(one, "low", one.settings(low)) for one in chosen] + [(one, "high", one.settings(high)) for one in chosen]
    notes = [f"{one.name}: {problem}" for one, _, settings in sides if (problem := _impossible(case, settings))]
    kept = [one for one in sides if not _impossible(case, one[2])]
    points = (Point({"input": "as it is"}), *(Point({"input": one.name, "side": side}, s) for one, side, s in kept))
    found, whole = _run(case, points, how)
    by_side = {(one.name, side): pair for (one, side, _), pair in zip(kept, found[1:], strict=True)}
    rows = [_bar(one, found[0], by_side, {(o.name, s): v for o, s, v in sides}) for one in chosen]
    rows.sort(key=lambda row: -(row["swing"] if row["swing"] is not None else float("inf")))
    notes += [_most(case, rows, share)] if whole and found[0] is not None and found[0].has_plan else []
    return Study("sensitivity", case, points, tuple(found), tuple(rows), tuple(notes), whole)


def _values(case: Case, vary: Sequence[Vary], how: _How) -> Study:
    """Every value of one path, or every pair of two paths' values: a row for each."""
    paths = [one.path for one in vary]
    points = tuple(
        Point(dict(zip(paths, chosen, strict=True)), dict(zip(paths, chosen, strict=True)))
        for chosen in product(*(one.values for one in vary))
    )
    for one in vary:
        for value in one.values:
            revised(case, {one.path: value})
    found, whole = _run(case, points, how)
    names = ("objective", "spend", "value", "net_value", "items", "accuracy")
    rows = tuple(
        {**point.at, "status": state(one), **{name: figure(one, name) for name in names}, "why": why(one)}
        for point, one in zip(points, found, strict=True)
    )
    return Study("two-way" if len(vary) == 2 else "values", case, points, tuple(found), rows, (), whole)


def _run(case: Case, points: Sequence[Point], how: _How) -> tuple[list[Figures | None], bool]:
    jobs = [Job(case, (point,), time_limit=how.limits.time_limit, gap=how.limits.gap) for point in points]
    results = run(jobs, how.executor, how.progress)
    return results.flat, results.whole


def _named(case: Case, vary: Vary) -> Input:
    """The input a path names."""
    at = path_of(case.document, vary.path)
    found = input_at(case, vary.path, at)
    if found is None:
        fix = f"give its values: `--vary {vary.path}=VALUE,VALUE`"
        raise CaseError([Problem(f"'{vary.path}' is no amount the case has written down", Place("--vary"), fix)])
    return found


def _impossible(case: Case, settings: dict[str, str]) -> str | None:
    """Why the case cannot be read with an input changed so; None where it can."""
    if not settings:
        return "left out, since no amount there can be changed by this share"
    try:
        revised(case, settings)
    except CaseError as error:
        return f"left out to one side: {error.problems[0].message}"
    return None


def _bar(
    one: Input,
    base: Figures | None,
    by_side: dict[tuple[str, str], Figures | None],
    settings: dict[tuple[str, str], dict[str, str]],
) -> Row:
    """One input's row: what the objective is on either side, and the change."""
    row: Row = {"input": one.name}
    changes: list[float] = []
    before = figure(base, "objective")
    for side in ("low", "high"):
        there = by_side.get((one.name, side))
        after = figure(there, "objective")
        change = after - before if after is not None and before is not None else None
        changes += [abs(change)] if change is not None else []
        known = (one.name, side) in by_side
        row |= {f"objective_{side}": after, f"change_{side}": change}
        row[f"status_{side}"] = state(there) if known else "left out"
        row[f"set_{side}"] = _shown(settings[one.name, side])
    row["swing"] = max(changes) if len(changes) == 2 else None
    row["place"] = one.place
    return row


def _shown(settings: dict[str, Any]) -> str:
    """Settings as `--set` takes them: the first, and how many more there are."""
    texts = [f"{path}={value}" for path, value in settings.items()]
    return "" if not texts else texts[0] + (f" and {len(texts) - 1} more" if len(texts) > 1 else "")


def _most(case: Case, rows: Sequence[Row], share: float) -> str:
    """What moves the answer most."""
    goal = case.file.objective[0].replace("-", " ")
    broken = [row["input"] for row in rows if "infeasible" in (row["status_low"], row["status_high"])]
    moved = [row for row in rows if row["swing"]]
    told = f"No input moves {goal} by itself when it is {share * 100:.4g}% smaller or larger."
    if moved:
        amount = f"{moved[0]['swing']:,.2f} {case.currency}"
        told = (
            f"What matters most: {moved[0]['input']}; {share * 100:.4g}% more or less moves {goal} by up to {amount}."
        )
    return told + (f" With no plan on one side: {', '.join(broken)}." if broken else "")
