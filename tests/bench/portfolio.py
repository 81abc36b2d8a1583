"""Seeded synthetic portfolios for benchmarking: plain numpy data, no model.

Source: made for this project; every number is drawn from a seed and stands for nobody's prices.

Sizes (products x vendors x workflows x weeks):
S 10x8x3x12, M 50x20x4x26, L 200x40x4x26 (198k columns, 1.5M nonzeros), XL 500x60x4x52 (1.4M columns, 10.8M nonzeros).
The linear version maximises concave value under one budget, vendor hours per week, a quality floor, two
milestones and a vendor-share cap per product; the integer version adds an engagement fee, a minimum order
and at most three vendors per product.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

SIZES = {"S": (10, 8, 3, 12), "M": (50, 20, 4, 26), "L": (200, 40, 4, 26), "XL": (500, 60, 4, 52)}
SEGMENTS = 10


def portfolio(size: str, seed: int = 7) -> SimpleNamespace:
    """Arrays of one portfolio. Axes: p product, v vendor, q workflow, t week, k value segment."""
    P, V, Q, T = SIZES[size]
    r = np.random.default_rng(seed)
    d = SimpleNamespace(P=P, V=V, Q=Q, T=T, K=SEGMENTS, size=size)
    eligible = r.random((P, V)) < 0.30
    for p in range(P):  # at least four vendors each: share cap 0.6, at most three engaged
        need = 4 - eligible[p].sum()
        if need > 0:
            off = np.flatnonzero(~eligible[p])
            eligible[p, r.choice(off, need, replace=False)] = True
    d.eligible = eligible
    base = r.uniform(0.03, 0.25, P)
    d.hours = base[:, None, None] * r.uniform(0.8, 1.25, (P, V, 1)) * (1 + 0.45 * np.arange(Q))[None, None, :]
    rate = r.uniform(8, 30, V)
    d.season = 1 + 0.15 * np.sin(2 * np.pi * (np.arange(T)[None, :] / T + r.random((V, 1))))
    d.cost = d.hours * rate[None, :, None] * r.uniform(0.9, 1.1, (P, V, Q))  # paid: cost[p,v,q] * season[v,t]
    d.accuracy = np.clip(
        0.70
        + 0.09 * np.arange(Q)[None, None, :]
        + r.uniform(-0.08, 0.08, (P, V, 1))
        + r.uniform(-0.02, 0.02, (P, V, Q))
        + 0.05 * (rate[None, :, None] - 19) / 11,
        0.5,
        0.995,
    )
    d.floor = r.uniform(0.72, 0.84, P)
    d.deadline = r.integers(T // 2, T, P)  # last week in which work may be done, inclusive
    demand = np.exp(r.normal(8.3, 0.6, P))
    need = (demand * base * 1.6).sum()
    d.capacity = r.lognormal(0, 0.5, (V, 1)) * r.uniform(0.8, 1.2, (V, T))
    d.capacity *= 1.6 * need / d.capacity.sum()
    d.milestone_week = np.stack([(d.deadline * 0.5).astype(int), d.deadline], 1)
    d.milestone_items = np.stack([0.08 * demand, 0.25 * demand], 1)
    d.segment_length = r.uniform(0.6, 1.4, (P, SEGMENTS)) * demand[:, None] * 2.2 / SEGMENTS
    first = np.exp(r.normal(1.6, 0.5, P))
    slope = first[:, None] * (0.80 ** np.arange(SEGMENTS))[None, :] * r.uniform(0.97, 1.0, (P, SEGMENTS))
    d.slope = np.minimum.accumulate(slope, 1)
    typical = np.array([np.median(d.cost[p, eligible[p], :]) for p in range(P)])
    d.budget = 0.75 * (demand * typical).sum()
    d.fee = r.uniform(0.01, 0.05, (P, V)) * (demand * typical)[:, None]
    d.minimum_order = r.uniform(0.03, 0.08, (P, V)) * demand[:, None]
    d.share_cap, d.max_vendors = 0.6, 3
    d.pair_product, d.pair_vendor = np.nonzero(eligible)
    return d


def columns(d: SimpleNamespace) -> SimpleNamespace:
    """The x columns, flat: (product, vendor) pair, workflow q, week t up to the product's deadline."""
    weeks = d.deadline[d.pair_product] + 1
    count = weeks * d.Q
    start = np.concatenate([[0], np.cumsum(count)])
    pair = np.repeat(np.arange(len(d.pair_product)), count)
    place = np.arange(start[-1]) - start[pair]
    return SimpleNamespace(
        pair=pair,
        p=d.pair_product[pair],
        v=d.pair_vendor[pair],
        q=place // weeks[pair],
        t=place % weeks[pair],
        n=int(start[-1]),
    )
