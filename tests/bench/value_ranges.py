"""Calibration of value curves' ranges: how often later scores lie within P10 to P90, and what today's other fits do.

    python -m tests.bench.value_ranges                 # curves in tests/data
    python -m tests.bench.value_ranges --lcdb FOLDER   # and all of LCDB: the folder of the package `lcdb` (development only)

For each set and each of 2, 4 and 8 times the most labels measured: the share of later scores within the range (80% wanted), the
gain predicted by P50 over the gain had, and the width of the range over the gain. The last column is what the power law with floor
by least squares predicts of the gain, for comparison.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from allocate.costing.value.fitting import Family, fit

sys.path.insert(0, str(Path(__file__).parent.parent))

from curve_sets import TIMES, Cut, calibration, lcdb, published


def by_least_squares(cuts: list[Cut]) -> list[float]:
    """Gain predicted by a power law with floor over the gain had, at 2, 4 and 8 times the labels, where it can be fitted."""
    predicted, had = np.zeros(3), np.zeros(3)
    for cut in cuts:
        try:
            curve = fit(Family.POWER_LAW_WITH_FLOOR, cut.labels, cut.scores).curve
        except ValueError:
            continue
        known = ~np.isnan(cut.later)
        predicted += np.where(known, curve.score(cut.labels[-1] * TIMES) - cut.scores[-1], 0.0)
        had += np.where(known, np.nan_to_num(cut.later) - cut.scores[-1], 0.0)
    return (predicted / had).tolist()


def whole_database(folder: Path, one_run: bool, every: int = 4) -> list[Cut]:
    """A cut of every fourth accuracy curve of LCDB that rises, at most an eighth of its labels."""
    import pandas as pd

    table = pd.read_csv(
        folder / "database-accuracy.csv",
        usecols=["openmlid", "learner", "size_train", "outer_seed", "inner_seed", "score_test"],
    ).dropna()
    cuts: list[Cut] = []
    for number, (name, runs) in enumerate(table.groupby(["openmlid", "learner"])):
        means = runs.groupby("size_train")["score_test"].agg(["mean", "count"])
        means = means[means["count"] >= 5]
        labels, scores = means.index.to_numpy(dtype=float), 100.0 * means["mean"].to_numpy()
        fits = np.flatnonzero((labels * 8 <= labels.max(initial=0) * 1.02) & (labels >= 64))
        if number % every or not len(fits):
            continue
        at = np.arange(fits[-1], -1, -1 - number // every % 2)[: 4 + number // every % 5][::-1]
        many, points = means["count"].to_numpy()[at].astype(float), scores[at]
        if one_run:
            first = runs[(runs["outer_seed"] == 0) & (runs["inner_seed"] == 0)].set_index("size_train")["score_test"]
            points, many = 100.0 * first.reindex(labels[at]).to_numpy(), np.ones(len(at))
        if len(at) >= 4 and not np.isnan(points).any() and points[-1] > points[0]:
            later = np.interp(np.log(labels[fits[-1]] * TIMES), np.log(labels), scores)
            cuts.append(Cut(str(name), labels[at], points, many, later))
    return cuts


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lcdb", type=Path, help="folder that holds database-accuracy.csv")
    asked = parser.parse_args()
    sets = {
        "published curves": list(published()),
        "LCDB sample, means": lcdb(False),
        "LCDB sample, one run": lcdb(True),
    }
    if asked.lcdb:
        sets |= {"LCDB, means": whole_database(asked.lcdb, False), "LCDB, one run": whole_database(asked.lcdb, True)}
    print("set                     curves   held, %        gain predicted / had   width / gain     least squares")
    for name, drawn in sets.items():
        cuts = list(drawn)
        found = calibration(cuts)
        columns = [
            " ".join(f"{100 * held:3.0f}" for held in found["held"]),
            " ".join(f"{ratio:5.2f}" for ratio in found["ratio"]),
            " ".join(f"{width:5.2f}" for width in found["width"]),
            " ".join(f"{ratio:5.2f}" for ratio in by_least_squares(cuts)),
        ]
        print(f"{name:22} {len(cuts):7d}   {columns[0]:14} {columns[1]:21} {columns[2]:16} {columns[3]}")


if __name__ == "__main__":
    main()
