"""Small programs whose choices open columns, drawn with everything that may tie them together, and their optimum by brute force."""

from __future__ import annotations

from itertools import product as every

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array

from allocate.program.arrays import Matrix, ProgramArrays, frozen

INF = np.inf


def drawn_program(seed: int) -> ProgramArrays:
    """Two to five choices, each opening what it can make of two to five products in one or two weeks."""
    random = np.random.default_rng(seed)
    facilities, products, weeks = int(random.integers(2, 6)), int(random.integers(2, 6)), int(random.integers(1, 3))
    maximise = bool(random.random() < 0.4)
    made = [
        (p, h, t) for p in range(products) for h in range(facilities) for t in range(weeks) if random.random() < 0.8
    ]
    count = len(made)
    missing, opens = count + np.arange(products), count + products + np.arange(facilities)
    columns = count + products + facilities
    rows: list[tuple[np.ndarray, float, float]] = []

    def row(terms: dict[int, float], low: float, high: float) -> None:
        coefficients = np.zeros(columns)
        for at, value in terms.items():
            coefficients[at] += value
        rows.append((coefficients, low, high))

    demand = random.integers(3, 12, products).astype(float)
    use = random.choice([0.5, 1.0, 1.0, 1.5, 2.0], products)
    by_hub = bool(random.random() < 0.3)
    room = random.integers(6, 25, facilities).astype(float)
    for p in range(products):
        terms = {n: 1.0 for n, one in enumerate(made) if one[0] == p}
        slack = {} if random.random() < 0.5 and not maximise and terms else {int(missing[p]): 1.0}
        row({**terms, **slack}, demand[p], demand[p] if random.random() < 0.5 else INF)
        for h in range(facilities):
            pair = {n: 1.0 for n, one in enumerate(made) if one[:2] == (p, h)}
            if pair:
                row({**pair, int(opens[h]): -demand[p]}, -INF, 0.0)
    for h in range(facilities):
        mine = {n: use[one[0]] * (1.0 + by_hub * one[2]) for n, one in enumerate(made) if one[1] == h}
        if mine and random.random() < 0.8:
            row({**mine, int(opens[h]): -room[h]}, -INF, 0.0)
        for t in range(weeks):
            week = {n: use[one[0]] for n, one in enumerate(made) if one[1] == h and one[2] == t}
            if week and random.random() < 0.3:
                row(week, -INF, 0.7 * room[h])
    cost, fee = random.uniform(1, 9, count), random.uniform(2, 30, facilities)
    if random.random() < 0.4:
        row({**dict(enumerate(cost)), **dict(zip(opens.tolist(), fee, strict=True))}, -INF, 60.0 * products)
    if random.random() < 0.4:
        row(dict.fromkeys(opens.tolist(), 1.0), 0.0, float(random.integers(1, facilities + 1)))
    costs = np.concatenate([cost, np.full(products, 25.0), fee])
    if maximise:
        costs = np.concatenate([random.uniform(-2, 6, count), np.full(products, -4.0), -fee / 2])
    upper = np.concatenate([np.where(random.random(count) < 0.2, 4.0, INF), demand, np.ones(facilities)])
    table = csc_array(np.array([one[0] for one in rows]))
    return ProgramArrays(
        maximise,
        float(random.integers(-5, 6)),
        frozen(costs),
        frozen(np.zeros(columns)),
        frozen(upper),
        frozen(np.arange(columns) >= count + products),
        frozen(np.array([one[1] for one in rows])),
        frozen(np.array([one[2] for one in rows])),
        Matrix(
            frozen(table.indptr.astype(np.int32)),
            frozen(table.indices.astype(np.int32)),
            frozen(table.data.astype(float)),
        ),
    )


def optimum(arrays: ProgramArrays) -> float | None:
    """The best of all choices there are, each with its linear program solved by scipy; None where none has a plan."""
    table = csc_array((arrays.value, arrays.index, arrays.start), shape=(arrays.row_count, arrays.column_count))
    sense, whole = -1.0 if arrays.maximise else 1.0, np.flatnonzero(arrays.integer)
    has_upper, has_lower = np.isfinite(arrays.row_upper), np.isfinite(arrays.row_lower)
    rows = np.concatenate([table.toarray()[has_upper], -table.toarray()[has_lower]])
    sides = np.concatenate([arrays.row_upper[has_upper], -arrays.row_lower[has_lower]])
    found = []
    for chosen in every((0.0, 1.0), repeat=len(whole)):
        bounds = np.stack([arrays.lower, arrays.upper], 1)
        bounds[whole] = np.array(chosen)[:, None]
        one = linprog(sense * arrays.costs, rows, sides, bounds=bounds, method="highs")
        if one.status == 0:
            found.append(float(one.fun))
    return sense * min(found) + arrays.offset if found else None
