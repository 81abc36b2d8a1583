"""Promises against a simulation: `python -m tests.bench.promises` prints the share in time of both, by people, load and arrivals."""

from __future__ import annotations

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from queue_simulation import simulated

from allocate.costing.supply.arrivals import Arrivals, in_time

PIECES = 400_000
CALLS = 20.0 / 240.0


def swing(share: float, cycle: float = 120.0, batch: int = 1) -> Arrivals:
    """Arrivals whose rate rises and falls by a share over a day of so many handling times."""
    rates = tuple(1.0 + share * math.sin(2.0 * math.pi * (part + 0.5) / 16) for part in range(16))
    return Arrivals(cycle, rates, batch)


QUEUES: tuple[tuple[str, int, float, float, Arrivals], ...] = (
    ("a swing of 20 %, at the load of steady arrivals", 55, 49.24, CALLS, swing(0.2)),
    ("a swing of 20 %, at the load that is left", 55, 44.75, CALLS, swing(0.2)),
    ("a swing of 20 %, 200 people", 200, 170.0, 0.2, swing(0.2, 60.0)),
    ("a swing of 20 %, four people", 4, 2.5, 1.25, swing(0.2)),
    ("quiet mornings", 10, 7.0, 1.0, Arrivals(60.0, (0.5, 0.8, 1.2, 1.5))),
    ("uploads of 10", 55, 35.0, CALLS, Arrivals(batch=10)),
    ("uploads of 50", 55, 20.0, CALLS, Arrivals(batch=50)),
    ("uploads of 10 and a swing of 20 %", 55, 30.0, CALLS, swing(0.2, batch=10)),
    ("deliveries by the hour", 55, 49.24, CALLS, Arrivals(15.0, at_once=True)),
    ("deliveries every two minutes", 55, 49.24, CALLS, Arrivals(0.5, at_once=True)),
    ("deliveries by the day, four hours promised", 55, 45.0, 60.0, Arrivals(120.0, at_once=True)),
    ("ten people, deliveries", 10, 9.0, 3.0, Arrivals(4.0, at_once=True)),
)


def main() -> None:
    """Print a row a queue; points are those of model less simulation."""
    print("| queue | people | load | within | model | simulation | points |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, people, load, within, arrivals in QUEUES:
        model, found = in_time(people, load, within, arrivals), simulated(people, load, within, arrivals, PIECES)
        shares = f"{100 * model:.1f}% | {100 * found:.1f}% | {100 * (model - found):+.1f}"
        print(f"| {name} | {people} | {load:g} | {within:.3g} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
