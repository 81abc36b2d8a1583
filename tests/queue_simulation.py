"""A queue of people in continuous time, event by event: what the models of promises are held against."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator

import numpy as np

from allocate.costing.supply.arrivals import Arrivals


def simulated(people: int, load: float, within: float, arrivals: Arrivals, pieces: int, seed: int = 1) -> float:
    """Share of so many pieces whose work begins within a time; times are in handling times, which are exponential."""
    random = np.random.default_rng(seed)
    free = [0.0] * people
    first, in_time = pieces // 20, 0
    for number, moment in enumerate(itertools.islice(_moments(load, arrivals, random), pieces)):
        start = max(heapq.heappop(free), moment)
        heapq.heappush(free, start + random.exponential())
        in_time += number >= first and start - moment <= within
    return in_time / (pieces - first)


def _moments(load: float, arrivals: Arrivals, random: np.random.Generator) -> Iterator[float]:
    """When each piece arrives."""
    now, number, left = 0.0, 0, 0.0
    highest = max(arrivals.rates)
    while True:
        if arrivals.at_once:
            now, number, left = number * arrivals.cycle, number + 1, left + load * arrivals.cycle
            yield from [now] * int(left)
            left -= int(left)
            continue
        now += random.exponential(arrivals.batch / (load * highest))
        part = int(now % arrivals.cycle / arrivals.cycle * len(arrivals.rates))
        if random.random() * highest <= arrivals.rates[part]:
            yield from [now] * arrivals.batch
