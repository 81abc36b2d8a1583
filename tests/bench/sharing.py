"""What workers bring: one integer portfolio by decomposition in this process, with one worker and with two.

    python tests/bench/sharing.py M 0.0015            # size and the gap to stop at
    python tests/bench/sharing.py M 0.0015 cluster    # in this process, and on a Dask LocalCluster of two workers

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


def run(mapping: dict[str, Any], gap: float, workers: int, cluster: str | None = None) -> dict[str, Any]:
    """One solve; the plan by its hash. cluster: address of the scheduler whose workers take part."""
    from allocate import formulate, read_case
    from allocate.solvers.solve import solve
    from allocate.workers.executors import executor

    program = formulate(read_case(mapping)).program
    cpu, wall, before = time.process_time(), time.perf_counter(), children()
    with executor(0 if cluster else workers, cluster) as pool:
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


def on_a_cluster(mapping: dict[str, Any], gap: float) -> None:
    """The same in this process and on a LocalCluster of two workers; CPU seconds of workers are seen once the cluster has ended."""
    from distributed import LocalCluster

    print(json.dumps(run(mapping, gap, 0)), flush=True)
    before = children()
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        found = run(mapping, gap, 2, cluster.scheduler_address)
    found["workers'"] = children() - before
    print(json.dumps(found | {"longest": found["here"] + found["workers'"] / 2}), flush=True)


if __name__ == "__main__":
    case = integer(portfolio(sys.argv[1]))
    if "cluster" in sys.argv:
        on_a_cluster(case, float(sys.argv[2]))
    else:
        for count in (0, 1, 2):
            print(json.dumps(run(case, float(sys.argv[2]), count)), flush=True)
