"""Measured learning curves cut short, and what came after: what ranges of curves are held against.

`data/curves/published.csv`: curves of deep learning and of the project's own sources, score against labels, source by row.
`data/curves/lcdb_sample.csv`: 160 curves of the Learning Curve Database (Mohr et al., 2022; package `lcdb`, MIT licence), drawn
from the data sets that no constant of the fan was fitted on: mean test accuracy over `runs` splits, and that of one split.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allocate.costing.value.fan import fan

FOLDER = Path(__file__).parent / "data" / "curves"
TIMES = np.array([2.0, 4.0, 8.0])
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cut:
    """Points up to some number of labels, and the scores at 2, 4 and 8 times as many; nan where none was measured."""

    curve: str
    labels: Floats
    scores: Floats
    runs: Floats
    later: Floats


def _later(labels: Floats, scores: Floats, last: float) -> Floats:
    wanted = last * TIMES
    found = np.interp(np.log(wanted), np.log(labels), scores)
    return np.where(wanted <= labels[-1] * 1.03, found, np.nan)


def published() -> Iterator[Cut]:
    """Every cut of the published curves with four points or more before it and twice as many labels after it."""
    with (FOLDER / "published.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name, group in groupby(rows, key=lambda row: row["curve"]):
        points = sorted((float(row["labels"]), float(row["score"]), float(row["runs"])) for row in group)
        labels, scores, runs = (np.array(column) for column in zip(*points, strict=True))
        for end in range(4, len(labels)):
            some = slice(max(0, end - 8), end)
            later = _later(labels, scores, labels[end - 1])
            if not np.isnan(later[0]):
                yield Cut(name, labels[some], scores[some], runs[some], later)


def lcdb(one_run: bool) -> Iterator[Cut]:
    """One cut of every curve of the sample, at most an eighth of its labels, from means of runs or from one run."""
    with (FOLDER / "lcdb_sample.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, (name, group) in enumerate(groupby(rows, key=lambda row: (row["dataset"], row["learner"]))):
        points = sorted(
            (float(row["labels"]), float(row["score"]), float(row["runs"]), float(row["one_run"] or "nan"))
            for row in group
        )
        labels, means, runs, single = (np.array(column) for column in zip(*points, strict=True))
        last = int(np.flatnonzero(labels * 8 <= labels[-1] * 1.02)[-1])
        at = np.arange(last, -1, -1 - number % 2)[: 4 + number % 5][::-1]
        scores = single[at] if one_run else means[at]
        if len(at) >= 4 and not np.isnan(scores).any() and scores[-1] > scores[0]:
            many = np.ones(len(at)) if one_run else runs[at]
            yield Cut(" ".join(name), labels[at], scores, many, _later(labels, means, labels[last]))


def calibration(cuts: list[Cut]) -> dict[str, Floats]:
    """Share of later scores within P10 to P90 (`held`), gain predicted over gain had (`ratio`), and the range's mean width over
    the mean gain (`width`), each at 2, 4 and 8 times the labels; every curve weighs the same."""
    ranges = np.array([fan(c.labels, c.scores, runs=c.runs).scores(c.labels[-1] * TIMES) for c in cuts])
    low, middle, high = ranges[:, 0], ranges[:, 1], ranges[:, 2]
    later, last = np.array([c.later for c in cuts]), np.array([c.scores[-1] for c in cuts])[:, None]
    many = {name: sum(c.curve == name for c in cuts) for name in {c.curve for c in cuts}}
    weight = np.array([1.0 / many[c.curve] for c in cuts])[:, None] * ~np.isnan(later)
    weight, later = weight / weight.sum(axis=0), np.nan_to_num(later)
    gain = (weight * (later - last)).sum(axis=0)
    return {
        "held": (weight * ((later >= low) & (later <= high))).sum(axis=0),
        "ratio": (weight * (middle - last)).sum(axis=0) / gain,
        "width": (weight * (high - low)).sum(axis=0) / gain,
    }
