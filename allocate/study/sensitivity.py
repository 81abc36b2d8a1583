"""Sensitivity: how far the answer moves when one input is off, or two; and which inputs matter most."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from allocate.case.inputs import Input, input_at, inputs
from allocate.case.load import Case, CaseLike, as_case, revised
from allocate.case.paths import dotted
from allocate.case.scenarios import path_of
from allocate.case.schema import Curve
from allocate.costing.value.fitting import PARAMETERS, Family
from allocate.costing.value.values import FAN_REACH
from allocate.errors import CaseError, Place
from allocate.study.assumed import NOT_STATED
from allocate.study.assumptions import register
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

    Besides what the case states, learning curves go to their P10 and P90 and to other families, and figures that the case does not
    state to both ends of what is plausible (see `assumptions`). vary: what to look at instead of all these; with values, a row for
    each of them, or for each pair of two paths' values. An accuracy's errors are changed, not the accuracy. time_limit: s for each
    point. gap: relative.

    Raises CaseError for a path that is not an amount and values the case cannot take, and StudyError where a worker fails.
    """
    how = _How(Limits(time_limit, gap), executor, progress)
    case = as_case(case)
    return _values(case, vary, how) if any(one.values for one in vary) else _tornado(case, vary, how, by)


@dataclass(frozen=True)
class Ends:
    """What is moved by itself, and how far."""

    name: str
    place: str
    """Where it is written, or where it is taken from."""
    low: Mapping[str, Any] | None
    """Settings of one end, as `--set` takes them; None for the case as it is."""
    high: Mapping[str, Any] | None
    """Settings of the other."""


CAUTIOUS, BOLD = Family.EXPONENTIAL, Family.POWER_LAW
"""Families whose curves flatten soonest and latest beyond the points."""


@dataclass(frozen=True)
class _How:
    limits: Limits
    executor: Executor | None
    progress: Progress | None


def _tornado(case: Case, vary: Sequence[Vary], how: _How, share: float) -> Study:
    """Each input by itself made smaller and larger by a share, the one that moves the objective most first."""
    low, high = Decimal(1) - Decimal(str(share)), Decimal(1) + Decimal(str(share))
    ranged = [] if vary else list(spread_ends(case))
    by_range = {path for one in ranged for path in one.low or {}}
    stated = [_named(case, one) for one in vary] if vary else inputs(case)
    stated = [one for one in stated if vary or not (ends := {*one.settings(low)}) or not ends <= by_range]
    chosen = [Ends(one.name, one.place, one.settings(low), one.settings(high)) for one in stated]
    chosen += [] if vary else [*ranged, *curve_ends(case), *unstated_ends(case)]
    sides = [(one, side, getattr(one, side)) for side in ("low", "high") for one in chosen]
    impossible = {(one.name, side): _impossible(case, settings) for one, side, settings in sides}
    notes = [f"{name}: {problem}" for (name, _), problem in impossible.items() if problem]
    kept = [(one, side, settings) for one, side, settings in sides if settings and not impossible[one.name, side]]
    points = (Point({"input": "as it is"}), *(Point({"input": one.name, "side": side}, s) for one, side, s in kept))
    found, whole = _run(case, points, how)
    by_side = {(one.name, side): pair for (one, side, _), pair in zip(kept, found[1:], strict=True)}
    by_side |= {(one.name, side): found[0] for one, side, settings in sides if settings is None}
    rows = [_bar(one, found[0], by_side) for one in chosen]
    rows.sort(key=lambda row: -(row["swing"] if row["swing"] is not None else float("inf")))
    notes += _held(case, found[0])
    if whole and found[0] is not None and found[0].has_plan:
        notes.append(_most(case, rows, {one.name for one in stated}, share))
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
        raise CaseError.of(f"'{vary.path}' is not an amount the case has written down", Place("--vary"), fix)
    return found


def spread_ends(case: Case) -> Iterator[Ends]:
    """Amounts that the case gives a range, to its P10 and P90: that is how far they may really lie off, whatever the share."""
    for path, spread in case.spreads.amounts.items():
        ends = ({path: spread.amount(end)} for end in (spread.low, spread.high))
        yield Ends(f"{path}: P10, P90", str(spread.place or "case"), *ends)


def curve_ends(case: Case) -> Iterator[Ends]:
    """The learning curves of a case: those of a fan to P10 and P90, and each through other families, cautious and bold.

    A family needs more points than it has parameters: through fewer, any curve goes.
    """
    for name, one in case.products.items():
        curve = one.value.curve if one.value is not None else None
        if curve is None or curve.points is None or curve.fit == "table":
            continue
        path = ("products", name, "value", "curve")
        place, at = str(case.place(*path) or "case"), dotted(*path)
        if curve.fit == "fan":
            low, high = ({f"{at}.quantile": end} for end in ("0.1", "0.9"))
            yield Ends(f"learning curve of {name}: P10, P90", place, low, high)
        families = [str(one) for one in (CAUTIOUS, BOLD) if len({p.labels for p in curve.own}) > PARAMETERS.get(one, 3)]
        tried = {fit: _of_family(curve, at, fit) for fit in ("fan" if one == curve.fit else one for one in families)}
        if tried:
            ends = (None, *tried.values())[-2:]
            yield Ends(f"learning curve of {name} by family: {', '.join(tried)}", place, *ends)


def _of_family(curve: Curve, at: str, fit: str) -> dict[str, Any]:
    """Settings that give a curve another family, no further than a fan goes unless the case says how far."""
    reach = {} if curve.extrapolate is not None else {f"{at}.extrapolate": f"{FAN_REACH:g}"}
    return {f"{at}.fit": fit, **reach, **({f"{at}.quantile": None} if curve.quantile is not None else {})}


def unstated_ends(case: Case) -> Iterator[Ends]:
    """Figures the case does not state that have a plausible range; an end that is what is taken is the plan as it is."""
    for one in register(case):
        if one.basis == NOT_STATED and (one.low or one.high):
            yield Ends(f"{one.figure}: {one.tried}", NOT_STATED, one.low or None, one.high or None)


def _impossible(case: Case, settings: Mapping[str, Any] | None) -> str | None:
    """Why the case cannot be read with an input changed so; None where it can."""
    if settings is None:
        return None
    if not settings:
        return "left out, since no amount there can be changed by this share"
    try:
        revised(case, settings)
    except CaseError as error:
        return f"left out on one side: {error.problems[0].message}"
    return None


def _bar(one: Ends, base: Figures | None, by_side: dict[tuple[str, str], Figures | None]) -> Row:
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
        row[f"set_{side}"] = _shown(getattr(one, side) or {})
    row["swing"] = max(changes) if len(changes) == 2 else None
    row["place"] = one.place
    return row


def _shown(settings: Mapping[str, Any]) -> str:
    """Settings as `--set` takes them: the first, and how many more there are."""
    texts = [f"{path}={value}" for path, value in settings.items()]
    return "" if not texts else texts[0] + (f" and {len(texts) - 1} more" if len(texts) > 1 else "")


def _held(case: Case, base: Figures | None) -> list[str]:
    """What net value is by the low and the high learning curves while the plan stays as it is."""
    if base is None or base.net_value_range is None:
        return []
    low, high = base.net_value_range
    return [
        f"With the plan as it is, net value is {low:,.2f} to {high:,.2f} {case.currency} (P10 to P90 of the learning curves, varied "
        "independently); the rows above plan again for each."
    ]


def _most(case: Case, rows: Sequence[Row], stated: Collection[str], share: float) -> str:
    """What moves the answer most; stated: inputs that were made smaller and larger by the share, the others go to the ends named."""
    goal = case.file.objective[0].replace("-", " ")
    broken = [row["input"] for row in rows if "infeasible" in (row["status_low"], row["status_high"])]
    moved = [row for row in rows if row["swing"]]
    told = f"No input changes {goal} on its own when it is {share * 100:.4g}% smaller or larger."
    if moved:
        amount, first = f"{moved[0]['swing']:,.2f} {case.currency}", moved[0]["input"]
        how = (
            f"{first}; {share * 100:.4g}% more or less changes"
            if first in stated
            else f"{first}. One of the two changes"
        )
        told = f"What matters most: {how} {goal} by up to {amount}."
    return told + (f" There is no plan at one end of: {', '.join(broken)}." if broken else "")
