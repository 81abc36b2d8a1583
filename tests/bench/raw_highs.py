"""The floor for build and solve: numpy arrays straight into HiGHS, no modelling layer.

Source: made for this project, as what the library is measured against.

    python tests/bench/raw_highs.py L        # linear version; prints seconds and the optimum
    python tests/bench/raw_highs.py M mip 60 # integer version, 60 s limit

Linear optima (seed 7): S 174558.363, M 1042203.587, L 4190818.524, XL 10905089.066. Integer optimum S 168539.738.
"""

from __future__ import annotations

import sys
import time

import highspy
import numpy as np
from portfolio import columns, portfolio

INF = highspy.kHighsInf


def arrays(d, integer=False):
    """Column-wise matrix, costs, bounds. Columns: x | value segments | product totals | engaged (integer only)."""
    c = columns(d)
    P, V, T, n, pairs = d.P, d.V, d.T, c.n, len(d.pair_product)
    row_capacity = 1
    row_floor = row_capacity + V * T
    row_total = row_floor + P
    row_value = row_total + P
    row_milestone = row_value + P
    row_share = row_milestone + 2 * P
    rows = row_share + pairs
    row_engage, row_minimum, row_count = rows, rows + pairs, rows + 2 * pairs
    if integer:
        rows = row_count + P
    accuracy = d.accuracy[c.p, c.v, c.q]
    width = 8 + (2 if integer else 0)
    ri, va, keep = np.empty((n, width), np.int32), np.ones((n, width)), np.ones((n, width), bool)
    ri[:, 0], va[:, 0] = 0, d.cost[c.p, c.v, c.q] * d.season[c.v, c.t]
    ri[:, 1], va[:, 1] = row_capacity + c.v * T + c.t, d.hours[c.p, c.v, c.q]
    ri[:, 2], va[:, 2] = row_floor + c.p, accuracy - d.floor[c.p]
    ri[:, 3] = row_total + c.p
    ri[:, 4], va[:, 4] = row_value + c.p, accuracy
    for j in (0, 1):
        ri[:, 5 + j] = row_milestone + 2 * c.p + j
        keep[:, 5 + j] = c.t <= d.milestone_week[c.p, j]
    ri[:, 7] = row_share + c.pair
    if integer:
        ri[:, 8], ri[:, 9] = row_engage + c.pair, row_minimum + c.pair
    segment_product = np.repeat(np.arange(P), d.K)
    order = np.argsort(d.pair_product, kind="stable")
    per_product = np.bincount(d.pair_product, minlength=P)
    first = np.concatenate([[0], np.cumsum(per_product + 1)])[:-1]
    ti, tv = np.empty(P + pairs, np.int32), np.empty(P + pairs)
    rest = np.ones(P + pairs, bool)
    rest[first] = False
    ti[first], tv[first] = row_total + np.arange(P), -1
    ti[rest], tv[rest] = row_share + order, -d.share_cap
    index = [ri[keep], (row_value + segment_product).astype(np.int32), ti]
    value = [va[keep], -np.ones(P * d.K), tv]
    count = [keep.sum(1), np.ones(P * d.K, int), per_product + 1]
    if integer:
        hours_left = np.array(
            [
                d.capacity[v, : d.deadline[p] + 1].sum() / d.hours[p, v].min()
                for p, v in zip(d.pair_product, d.pair_vendor, strict=True)
            ]
        )
        least = np.array([d.accuracy[p][d.eligible[p]].min() for p in range(P)])
        most = np.minimum(hours_left, (d.share_cap * d.segment_length.sum(1) / least)[d.pair_product])
        k = np.arange(pairs)
        ei = np.stack([np.zeros(pairs), row_engage + k, row_minimum + k, row_count + d.pair_product], 1)
        ev = np.stack(
            [
                d.fee[d.pair_product, d.pair_vendor],
                -most,
                -d.minimum_order[d.pair_product, d.pair_vendor],
                np.ones(pairs),
            ],
            1,
        )
        index.append(ei.astype(np.int32).ravel())
        value.append(ev.ravel())
        count.append(np.full(pairs, 4))
    start = np.concatenate([[0], np.cumsum(np.concatenate(count))]).astype(np.int32)
    cols = len(start) - 1
    cost, lower, upper = np.zeros(cols), np.zeros(cols), np.full(cols, INF)
    cost[n : n + P * d.K] = d.slope.ravel()
    upper[n : n + P * d.K] = d.segment_length.ravel()
    row_lower, row_upper = np.full(rows, -INF), np.full(rows, INF)
    row_upper[0] = d.budget
    row_upper[row_capacity:row_floor] = d.capacity.ravel()
    row_lower[row_floor:row_total] = 0
    row_lower[row_total:row_milestone] = row_upper[row_total:row_milestone] = 0
    row_lower[row_milestone:row_share] = d.milestone_items.ravel()
    row_upper[row_share : row_share + pairs] = 0
    kind = np.zeros(cols, np.int32)
    if integer:
        upper[-pairs:], kind[-pairs:] = 1, 1
        row_upper[row_engage:row_minimum] = 0
        row_lower[row_minimum:row_count] = 0
        row_upper[row_count:] = d.max_vendors
    return (
        cols,
        rows,
        len(np.concatenate(value)),
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMaximize),
        0.0,
        cost,
        lower,
        upper,
        row_lower,
        row_upper,
        start,
        np.concatenate(index),
        np.concatenate(value),
        kind,
    )


if __name__ == "__main__":
    size, integer = sys.argv[1], "mip" in sys.argv
    d = portfolio(size)
    t0 = time.perf_counter()
    a = arrays(d, integer)
    t1 = time.perf_counter()
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    if integer:
        h.setOptionValue("time_limit", float(sys.argv[3]) if len(sys.argv) > 3 else 60.0)
    h.passModel(*a)
    t2 = time.perf_counter()
    h.run()
    t3 = time.perf_counter()
    info = h.getInfo()
    print(
        f"{size} columns {a[0]} rows {a[1]} nonzeros {a[2]} build {t1 - t0:.3f} handover {t2 - t1:.3f} solve {t3 - t2:.2f} s",
        h.modelStatusToString(h.getModelStatus()),
        f"objective {h.getObjectiveValue():.3f} bound {info.mip_dual_bound:.3f}",
    )
