"""Capacitated location problems of the OR-Library as cases: seconds, cost and proof, for files too large to carry.

    python tests/bench/locations.py capa.txt 8000=19240822.449 10000=18438046.543

The file is one of capa, capb and capc (100 warehouses, 1,000 customers) as the OR-Library has it, where the word
`capacity`, or whatever number stands in its place, is replaced by each capacity named; after `=` stands the published
optimum (OR-Library, file capopt.txt). With `raw 60` as the last words HiGHS has so many seconds for the bare arrays too.
Nothing here is collected by pytest.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))


def solved(file: str, capacity: float) -> dict[str, Any]:
    """CPU seconds from the case as read to the plan, verified, and to its proof; plan, bound, and what prices prove."""
    from orlib import read_location, write_location

    from allocate import read_case, solve

    problem = read_location(Path(file))
    with tempfile.TemporaryDirectory() as name:
        write_location(replace(problem, capacity=np.full_like(problem.capacity, capacity)), Path(name))
        case = read_case(name)
    began = time.process_time()
    answer = solve(case)
    assert answer.verification is not None
    assert answer.verification.holds
    certificate = answer.certificate
    assert certificate is not None
    return {
        "seconds": time.process_time() - began,
        "search": answer.run["seconds"]["solve"],
        "status": answer.status,
        "objective": answer.objective,
        "gap": answer.gap,
        "proven gap": certificate.proven_gap,
        "how": answer.run["method"]["reason"].rpartition("; ")[2],
    }


def bare(file: str, capacity: float, limit: float) -> dict[str, Any]:
    """What HiGHS has of the same program in bare arrays after a limit in seconds."""
    import highspy
    from orlib import read_location

    problem = read_location(Path(file))
    customers, warehouses = problem.cost.shape
    pairs = customers * warehouses
    customer, warehouse = np.divmod(np.arange(pairs), warehouses)
    rows = customers + warehouses + pairs
    index = np.stack([customer, customers + warehouse, customers + warehouses + np.arange(pairs)], 1).ravel()
    value = np.stack([np.ones(pairs), problem.demand[customer], np.ones(pairs)], 1).ravel()
    open_index = [
        np.concatenate([[customers + w], customers + warehouses + np.flatnonzero(warehouse == w)])
        for w in range(warehouses)
    ]
    open_value = np.tile(np.concatenate([[-capacity], -np.ones(customers)]), warehouses)
    lengths = np.concatenate([np.full(pairs, 3), np.full(warehouses, 1 + customers)])
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    highs = highspy.Highs()
    for name, option in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 1e-6), ("time_limit", limit)):
        highs.setOptionValue(name, option)
    nothing = -highspy.kHighsInf
    highs.passModel(
        pairs + warehouses,
        rows,
        len(index) + len(open_value),
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        np.concatenate([problem.cost.ravel(), problem.fixed]),
        np.zeros(pairs + warehouses),
        np.concatenate([np.full(pairs, highspy.kHighsInf), np.ones(warehouses)]),
        np.concatenate([np.ones(customers), np.full(rows - customers, nothing)]),
        np.concatenate([np.ones(customers), np.zeros(rows - customers)]),
        start,
        np.concatenate([index, *open_index]).astype(np.int32),
        np.concatenate([value, open_value]),
        np.concatenate([np.zeros(pairs), np.ones(warehouses)]).astype(np.int32),
    )
    highs.run()
    return {"objective": highs.getObjectiveValue(), "bound": highs.getInfo().mip_dual_bound}


def child(*arguments: str) -> dict[str, Any]:
    """What one run of this script says, in a process of its own."""
    command = [sys.executable, __file__, "--child", *arguments]
    done = subprocess.run(command, cwd=Path.cwd(), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Print a line for each capacity; 1 where a cost is not the published one to 1e-6, or not proven."""
    file, *named = sys.argv[1:]
    limit = float(named.pop()) if len(named) > 1 and named[-2] == "raw" else None
    named = [one for one in named if one != "raw"]
    wrong = False
    for one in named:
        capacity, _, published = one.partition("=")
        found = child("ours", file, capacity)
        apart = abs(found["objective"] - float(published)) / float(published) if published else float("nan")
        wrong |= bool(apart > 1e-6) or found["gap"] > 1e-6
        line = (
            f"| {Path(file).stem}, {float(capacity):,.0f} | {found['objective']:,.3f} | {apart:.0e} | {found['gap']:.1e} "
            f"| {found['proven gap']:.1e} | {found['search']:.0f} | {found['seconds']:.0f} | {found['how'].split()[0]} |"
        )
        if limit is not None:
            raw = child("bare", file, capacity, str(limit))
            line += f" {raw['objective']:,.0f} | {raw['bound']:,.0f} |"
        print(line, flush=True)
    return int(wrong)


if __name__ == "__main__":
    if sys.argv[1] == "--child":
        run = {"ours": solved, "bare": bare}[sys.argv[2]]
        print(json.dumps(run(sys.argv[3], *map(float, sys.argv[4:]))))
    else:
        sys.exit(main())
