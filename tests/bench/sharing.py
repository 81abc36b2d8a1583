"""What workers bring: one integer portfolio by decomposition in this process, with one worker and with two.

python tests/bench/sharing.py M 0.0015    # size and the gap to stop at

CPU seconds are counted: of this process, and of the workers together. `longest` is what remains on the way from start to end
if every worker has a core of its own: this process and the workers' mean. Wall seconds mean little beside other work.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from typing import Any

from portfolio import portfolio
from through_library import integer


def run(mapping: dict[str, Any], gap: float, workers: int) -> dict[str, Any]:
    """One solve; the plan by its hash."""
    from allocate import formulate, read_case
    from allocate.solvers.solve import solve
    from allocate.workers.executors import executor

    program = formulate(read_case(mapping)).program
    cpu, wall, before = time.process_time(), time.perf_counter(), children()
    with executor(workers) as pool:
        found = solve(program, method="decomposition", gap=gap, executor=pool)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    of_workers = children() - before
    assert found.values is not None
    return {
        "workers": workers,
        "here": cpu,
        "workers'": of_workers,
        "longest": cpu + of_workers / max(1, workers),
        "wall": wall,
        "gap": found.gap,
        "plan": hashlib.sha256(found.values.tobytes()).hexdigest()[:12],
    }


def children() -> float:
    """CPU seconds of processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    case = integer(portfolio(sys.argv[1]))
    for count in (0, 1, 2):
        print(json.dumps(run(case, float(sys.argv[2]), count)), flush=True)
