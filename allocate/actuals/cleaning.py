"""Cleaning the table of work: each rule counted in rows and seconds, and nothing dropped without a count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from allocate.tables.column import Column
from allocate.tables.formats import FIGURE, WHOLE

if TYPE_CHECKING:
    import pandas as pd

TAIL = 3.0
"""Times are cut at the median x exp(TAIL x 1.4826 x MAD of their logs): three standard deviations, where logs are normal."""
NORMAL = 1.4826
"""Standard deviations in a median absolute deviation (MAD) of normal figures."""
FIVE = 5.0
"""Where more than half of the times are equal the MAD is 0, and times are cut at this many medians."""
LEAST = 3
"""Fewest times of a product, vendor and role of which a tail is cut."""

CLEANED = (
    Column("rule", "", "what was found"),
    Column("rows", "rows", "how many rows it holds for", WHOLE),
    Column("seconds", "s", "their time at work", FIGURE),
    Column("effect", "", "what was done"),
)
"""What cleaning found."""


@dataclass(frozen=True)
class Cleaned:
    """One rule of cleaning, and what it found."""

    rule: str
    rows: int
    seconds: float
    effect: str


def clean(work: pd.DataFrame, repeats: str = "last") -> tuple[pd.DataFrame, list[Cleaned]]:
    """The table cleaned, with a column `cut` (s), and what each rule found, those that found nothing left out.

    repeats: `last` where of the same item twice by one person the last counts, `all` where both do.
    """
    work = work.assign(cut=0.0)
    work, first = _exported_twice(work)
    found = [first, _skipped(work), _wrong_way(work), _without_time(work), _overlaps(work)]
    if repeats == "last":
        found += [_made_again(work), _corrected(work)]
    found += [_slices(work), _by_several(work), _idle_tails(work)]
    return work, [one for one in found if one.rows]


def codes(work: pd.DataFrame, *names: str) -> NDArray[np.int64]:
    """One number for each combination of some columns of words."""
    code = np.zeros(len(work), dtype=np.int64)
    for name in names:
        column = work[name].cat
        code = np.unique(code * (len(column.categories) + 1) + column.codes, return_inverse=True)[1]
    return code


def _is(work: pd.DataFrame, name: str, *words: str) -> NDArray[np.bool_]:
    return work[name].isin(words).to_numpy()


def _sum(values: NDArray[np.float64], some: NDArray[np.bool_]) -> float:
    return float(np.nansum(values[some]))


def _exported_twice(work: pd.DataFrame) -> tuple[pd.DataFrame, Cleaned]:
    """The same entry in two files, or twice in one: the one that was changed last stays."""
    code = codes(work, "product", "vendor", "identity")
    changed = work["updated"].fillna(work["submitted"]).fillna(0.0).to_numpy()
    order = np.lexsort((np.arange(len(work)), changed, code))
    last = np.ones(len(work), dtype=bool)
    last[order[:-1]] = code[order[1:]] != code[order[:-1]]
    seconds = work["seconds"].to_numpy()
    report = Cleaned(
        "exported twice", int((~last).sum()), _sum(seconds, ~last), "left out; the one changed last is kept"
    )
    return work[last].drop(columns=["identity", "updated"]).reset_index(drop=True), report


def _skipped(work: pd.DataFrame) -> Cleaned:
    """Work that was begun and given up."""
    some = _is(work, "outcome", "skipped")
    work.loc[some, "items"] = 0.0
    return Cleaned(
        "skipped or cancelled",
        int(some.sum()),
        _sum(work["seconds"].to_numpy(), some),
        "no item; the time is lost time",
    )


def _wrong_way(work: pd.DataFrame) -> Cleaned:
    """Work that ends before it begins: a clock was set back."""
    some = (work["seconds"] < 0.0).to_numpy()
    total = _sum(work["seconds"].to_numpy(), some)
    work.loc[some, "seconds"] = np.nan
    return Cleaned("submitted before it was begun", int(some.sum()), total, "the item counts, its time does not")


def _without_time(work: pd.DataFrame) -> Cleaned:
    """Work of which the platform knows no time: imported, drawn by a model, or submitted within the same second."""
    working = _is(work, "role", "label", "rework", "agreement", "gold", "pre-label")
    some = (
        working
        & ~(work["seconds"] > 0.0).to_numpy()
        & (work["items"] > 0.0).to_numpy()
        & (work["sliced"] == 0.0).to_numpy()
    )
    work.loc[some, "seconds"] = np.nan
    return Cleaned(
        "without a time (imported, or drawn by a model)", int(some.sum()), 0.0, "the item counts, for no pace"
    )


def _overlaps(work: pd.DataFrame) -> Cleaned:
    """Tasks one person has open at the same time, where the platform counts from begin to end: each moment is shared out.

    With n(t) tasks open at t, a task from a to b takes the integral of 1/n(t) from a to b.
    """
    begun, done = work["started"].to_numpy(), work["submitted"].to_numpy()
    some = (
        _is(work, "seconds_kind", "elapsed")
        & (done > begun)
        & (work["annotator"] != "").to_numpy()
        & ~np.isnan(work["seconds"])
    )
    some = np.asarray(some, dtype=bool)
    who = codes(work, "vendor", "annotator")[some]
    count = len(who)
    time = np.concatenate([begun[some], done[some]])
    step = np.concatenate([np.ones(count), -np.ones(count)])
    person = np.concatenate([who, who])
    order = np.lexsort((step, time, person))
    still_open = np.cumsum(step[order])
    gap = np.diff(time[order], append=time[order][-1:])
    passed = np.concatenate(
        [[0.0], np.cumsum(np.divide(gap, still_open, out=np.zeros_like(gap), where=still_open > 0.0))]
    )
    clock = np.empty(2 * count)
    clock[order] = passed[: 2 * count]
    own = clock[count:] - clock[:count]
    seconds = work["seconds"].to_numpy(copy=True)
    cut = np.maximum(seconds[some] - own * (seconds[some] / (done - begun)[some]), 0.0)
    shared = cut > 1e-6
    rows = np.flatnonzero(some)[shared]
    seconds[rows] -= cut[shared]
    work["seconds"] = seconds
    work.loc[rows, "cut"] += cut[shared]
    return Cleaned(
        "open at the same time as other tasks of the same person",
        len(rows),
        float(cut[shared].sum()),
        "shared out among them",
    )


def _judged(work: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows that are one person's work on one item."""
    return np.asarray(
        _is(work, "role", "label")
        & (work["items"] == 1.0)
        & (work["sliced"] == 0.0)
        & (work["item"] != "")
        & ~_is(work, "outcome", "skipped")
    )


def _ordered(work: pd.DataFrame, some: NDArray[np.bool_], *names: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Some rows by combination and time, and which are the first of their combination."""
    rows = np.flatnonzero(some)
    code = codes(work, *names)[rows]
    order = np.lexsort((rows, work["submitted"].fillna(0.0).to_numpy()[rows], code))
    rows, code = rows[order], code[order]
    return rows, np.concatenate([[True], code[1:] != code[:-1]])[: len(rows)]


def _made_again(work: pd.DataFrame) -> Cleaned:
    """The same item by the same person again, with no verdict in between: only the last counts."""
    return _earlier(
        work, "the same item again by the same person", "only the last counts; earlier time is lost time", False
    )


def _corrected(work: pd.DataFrame) -> Cleaned:
    """The same item by the same person again after it was rejected: the later one is rework."""
    return _earlier(work, "done again after it was rejected", "the later one is rework", True)


def _earlier(work: pd.DataFrame, rule: str, effect: str, rejected: bool) -> Cleaned:
    known = _judged(work) & (work["annotator"] != "").to_numpy()
    rows, first = _ordered(work, known, "product", "vendor", "workflow", "item", "annotator")
    refused = _is(work, "outcome", "rejected")
    pairs = np.flatnonzero(~first)
    pairs = pairs[refused[rows[pairs - 1]] == rejected]
    seconds = work["seconds"].to_numpy()
    if rejected:
        some = rows[pairs]
        work.loc[some, "role"] = "rework"
    else:
        some = rows[pairs - 1]
        work.loc[some, "outcome"] = "skipped"
    work.loc[some, "items"] = 0.0
    return Cleaned(rule, len(some), float(np.nansum(seconds[some])), effect)


def _slices(work: pd.DataFrame) -> Cleaned:
    """An item whose time is recorded in several slices: it counts once."""
    some = np.asarray(
        (work["sliced"] == 1.0) & (work["items"] == 1.0) & (work["item"] != "") & _is(work, "role", "label")
    )
    rows, first = _ordered(work, some, "product", "vendor", "item")
    work.loc[rows[~first], "items"] = 0.0
    return Cleaned(
        "further slices of time at an item",
        int((~first).sum()),
        float(work.loc[rows[~first], "seconds"].sum()),
        "the time counts, the item once",
    )


def _by_several(work: pd.DataFrame) -> Cleaned:
    """Items labelled by several people: the first label makes the item, the others measure agreement."""
    rows, first = _ordered(work, _judged(work), "product", "item")
    some = rows[~first]
    work.loc[some, "role"] = "agreement"
    return Cleaned(
        "further labels of an item by other people", len(some), float(work.loc[some, "seconds"].sum()), "role agreement"
    )


def _idle_tails(work: pd.DataFrame) -> Cleaned:
    """Times far above the usual: cut at the median x exp(3 x 1.4826 x MAD of logs); the rest is idle time, which shrinkage holds.

    By product, vendor and role, of three times and more.
    """
    seconds = work["seconds"].to_numpy(copy=True)
    some = np.asarray((seconds > 0.0) & (work["sliced"] == 0.0) & (work["items"] <= 1.0))
    group = codes(work, "product", "vendor", "role")[some]
    logs = np.log(seconds[some])
    middle = _medians(group, logs)
    spread = _medians(group, np.abs(logs - middle[group]))
    count = np.bincount(group, minlength=len(middle))
    factor = np.where(spread > 0.0, np.exp(TAIL * NORMAL * spread), FIVE)
    most = np.where(count >= LEAST, np.exp(middle) * factor, np.inf)
    cut = np.maximum(seconds[some] - most[group], 0.0)
    long = cut > 0.0
    rows = np.flatnonzero(some)[long]
    seconds[rows] -= cut[long]
    work["seconds"] = seconds
    work.loc[rows, "cut"] += cut[long]
    return Cleaned(
        "idle: far longer than the usual time", len(rows), float(cut[long].sum()), "cut; the rest counts as idle"
    )


def _medians(group: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The median of each group, by its number."""
    size = int(group.max(initial=-1)) + 1
    order = np.lexsort((values, group))
    ends = np.cumsum(np.bincount(group, minlength=size))
    starts = np.concatenate([[0], ends[:-1]]).astype(int)
    held = values[order]
    if not len(held):
        return np.zeros(size)
    low = np.minimum(starts + (ends - starts - 1) // 2, len(held) - 1)
    high = np.minimum(starts + (ends - starts) // 2, len(held) - 1)
    return np.asarray((held[low] + held[high]) / 2.0)


def cleaned_rows(found: list[Cleaned]) -> list[dict[str, Any]]:
    """What cleaning found, as rows of its table."""
    return [{"rule": one.rule, "rows": one.rows, "seconds": one.seconds, "effect": one.effect} for one in found]
