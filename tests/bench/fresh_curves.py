"""Ranges of value curves on curves nobody tuned on: classifiers of scikit-learn, trained here on more and more rows.

    pip install scikit-learn && python -m tests.bench.fresh_curves      # about two minutes

Digits, breast cancer and five made-up data sets; seven learners; accuracy, and macro F1 of four of them; three splits. Each curve is
cut at an eighth of its rows, with 3, 4 or 6 points before the cut, from one run, from the mean of three, and from that with its
deviation; the truth is the mean of three. Printed: how often P10 to P90 held the score at 2, 4 and 8 times the rows, the gain
predicted over the gain had, and the width of the range over that gain.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing.value.fan import fan

sys.path.insert(0, str(Path(__file__).parent.parent))

from curve_sets import TIMES

Floats = NDArray[np.float64]
MADE = ((5, 2, 1.0, 0.02), (10, 4, 1.0, 0.05), (15, 8, 0.7, 0.1), (20, 2, 0.5, 0.0), (8, 5, 1.5, 0.15))
"""Informative features, classes, how far apart they lie, and the share of wrong labels of data sets that are made up."""
RUNS = 3


def learn(name: str) -> Any:
    """A module of scikit-learn, which the project itself does not need."""
    return importlib.import_module(f"sklearn.{name}")


def tables() -> Iterator[tuple[Any, Any]]:
    """Features and classes of each data set."""
    data = learn("datasets")
    yield data.load_digits(return_X_y=True)
    yield data.load_breast_cancer(return_X_y=True)
    for seed, (informative, classes, apart, wrong) in enumerate(MADE):
        yield data.make_classification(
            14_000, n_features=40, n_informative=informative, n_classes=classes, n_clusters_per_class=2,
            class_sep=apart, flip_y=wrong, random_state=seed,
        )  # fmt: skip


def learners() -> dict[str, tuple[Callable[[], Any], bool]]:
    """Models by name, and whether they are scored by macro F1 too."""
    scaled = lambda model: learn("pipeline").make_pipeline(learn("preprocessing").StandardScaler(), model)  # noqa: E731
    trees = learn("ensemble")
    return {
        "logistic": (lambda: scaled(learn("linear_model").LogisticRegression(max_iter=200)), True),
        "forest": (lambda: trees.RandomForestClassifier(20, random_state=0), True),
        "extra": (lambda: trees.ExtraTreesClassifier(20, random_state=0), False),
        "neighbours": (lambda: scaled(learn("neighbors").KNeighborsClassifier(5)), False),
        "bayes": (learn("naive_bayes").GaussianNB, True),
        "vectors": (lambda: scaled(learn("svm").SVC()), False),
        "tree": (lambda: learn("tree").DecisionTreeClassifier(random_state=0), True),
    }


def curves() -> Iterator[tuple[Floats, Floats]]:
    """Rows trained on, rising by the root of two, and the score of each run there, shape (RUNS, N)."""
    measures = learn("metrics")
    for features, classes in tables():
        held_out = min(2_000, len(classes) // 4)
        top = min(2_048, len(classes) - held_out)
        sizes = np.unique((top / 2.0 ** (np.arange(14) / 2.0)).astype(int))
        sizes = sizes[sizes >= 32]
        for make, also in learners().values():
            found = np.empty((2, RUNS, len(sizes)))
            for run in range(RUNS):
                order = np.random.default_rng(100 + run).permutation(len(classes))
                test, rest = order[:held_out], order[held_out:]
                for at, size in enumerate(sizes):
                    model = make().fit(features[rest[:size]], classes[rest[:size]])
                    said, true = model.predict(features[test]), classes[test]
                    found[0, run, at] = 100.0 * measures.accuracy_score(true, said)
                    found[1, run, at] = 100.0 * measures.f1_score(true, said, average="macro")
            for scores in found[: 2 if also else 1]:
                yield sizes.astype(float), scores


def main() -> None:
    """Print a row for each kind of points."""
    every = list(curves())
    for kind in ("one run", "mean of three", "mean of three, with its deviation"):
        for many in (3, 4, 6):
            rows = []
            for labels, runs in every:
                means, end = runs.mean(axis=0), len(labels) - 6
                some = slice(end - many, end)
                scores = (runs[0] if kind == "one run" else means)[some]
                if end < many or scores[-1] <= scores[0]:
                    continue
                sd = runs[:, some].std(axis=0, ddof=1) if "deviation" in kind else None
                ranges = fan(labels[some], scores, runs=1.0 if kind == "one run" else float(RUNS), sd=sd)
                later = np.interp(np.log(labels[end - 1] * TIMES), np.log(labels), means)
                rows.append(np.stack([*ranges.scores(labels[end - 1] * TIMES), later, np.full(3, scores[-1])]))
            low, middle, high, later, last = np.moveaxis(np.array(rows), 1, 0)
            held, gain = ((later >= low) & (later <= high)).mean(axis=0), (later - last).sum(axis=0)
            told = (np.round(100.0 * held), (middle - last).sum(axis=0) / gain, (high - low).sum(axis=0) / gain)
            print(f"{kind:34s} {many} points, {len(rows):3d} curves", *(np.round(one, 2).tolist() for one in told))


if __name__ == "__main__":
    main()
