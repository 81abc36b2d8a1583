"""Portfolios of company size with the contracts companies sign: plan, bound and CPU seconds beside HiGHS and SCIP alone.

    python tests/bench/clauses.py                        # the table, median of three seeds a row
    python tests/bench/clauses.py 60x15x26 onboard,startfee,minorder,count,shares 0.42 10
    python tests/bench/clauses.py wanted                 # gaps wanted within CPU seconds, five seeds a row, each plan verified
    python tests/bench/clauses.py growth                 # seconds and memory per 1,000 columns, flag by flag, 20x8 to 200x40
    python tests/bench/clauses.py growth 20x8x26 60x15x26
    python tests/bench/clauses.py write 60x15x26 onboard,tiers FOLDER [SEED] [TIGHTNESS]

The case of a row is drawn from its seed (`company_cases`). CPU seconds of each process are counted, for the library from the
case as read, for the others from the arrays or the exported MPS file; each ends at the row's seconds, or at its gap. SCIP takes
part where PySCIPOpt is installed. Nothing here is collected by pytest.
"""

from __future__ import annotations

import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

PRODUCTS = "onboard,startfee,minorder,count,shares"
ACCOUNTS = "onboard,tiers,top,seats,rebate"
ROWS = (
    ("20x8x26", PRODUCTS, 0.42, 10.0),
    ("60x15x26", PRODUCTS, 0.3, 40.0),
    ("60x15x26", PRODUCTS, 0.42, 10.0),
    ("60x15x26", PRODUCTS, 0.75, 40.0),
    ("60x30x26", PRODUCTS, 0.42, 60.0),
    ("20x8x26", f"{PRODUCTS},gcount", 0.6, 10.0),
    ("60x15x26", ACCOUNTS, 0.75, 15.0),
    ("60x15x26", f"{PRODUCTS},tiers", 0.6, 40.0),
    ("60x15x26", f"{PRODUCTS},seats", 0.6, 40.0),
    ("60x15x26", f"{PRODUCTS},lots", 0.6, 40.0),
)
"""Size, clauses, tightness of the budget, CPU seconds."""
WANTED = (
    ("60x15x26", PRODUCTS, 0.42, 10.0, 1e-3, 1.0),
    *(("60x15x26", PRODUCTS, tightness, 40.0, 2e-3, 1.0) for tightness in (0.3, 0.5, 0.6, 0.75)),
    ("60x30x26", PRODUCTS, 0.42, 60.0, 1e-3, 1.0),
    ("60x15x26", ACCOUNTS, 0.75, 15.0, 2e-3, 1.0),
    ("60x15x26", ACCOUNTS, 0.75, 60.0, 2e-4, 1.0),
    *(("60x15x26", flag, 0.75, 10.0, 5e-4, 1.0) for flag in ("tiers", "top", "seats", "rebate")),
    ("60x15x26", "team", 0.75, 60.0, 1e-2, 1.0),
    ("60x15x26", f"{PRODUCTS},team", 0.75, 60.0, 1e-2, 1.0),
    ("20x8x26", "learn", 0.75, 5.0, 1e-3, 1.0),
    ("20x8x26", "learn", 0.75, 20.0, 7e-3, 0.5),
    ("20x8x26", "learn", 0.75, 20.0, 2e-2, 0.25),
    ("20x8x26", "gcount", 0.6, 18.0, 1e-3, 1.0),
    ("20x8x26", f"{PRODUCTS},gcount", 0.42, 18.0, 1e-3, 1.0),
)
"""Size, clauses, tightness, CPU seconds, gap wanted, and part of the vendors' hours there are."""
SEEDS = (11, 12, 13)
EVERY_SEED = (11, 12, 13, 14, 77)
GAP = 1e-3
SIZES = ("20x8x26", "60x15x26", "200x40x26")
GROWTH_SECONDS = 20.0
"""CPU seconds a search may take before it is asked for what it has."""
WHO = ("allocate", "highs", "scip")
Seen = dict[str, Any]


def ours(case: Any, seconds: float) -> Seen:
    """What the library finds, and what it proves."""
    from incumbents import Meter

    from allocate import formulate
    from allocate.solvers.solve import solve

    meter = Meter(seconds)
    found = solve(formulate(case).program, gap=GAP, cancel=meter)
    return {"status": found.status.value, "plan": found.objective, "bound": found.bound, "cpu": meter.spent}


def highs(case: Any, seconds: float) -> Seen:
    """What HiGHS finds of the same program, at its own scale, by itself."""
    from incumbents import Meter

    from allocate import formulate
    from allocate.solvers.highs import solve_arrays

    arrays = formulate(case).program.arrays()
    meter = Meter(seconds)
    found = solve_arrays(arrays, gap=GAP, cancel=meter)
    return {"status": found.status.value, "plan": found.objective, "bound": found.bound, "cpu": meter.spent}


def scip(case: Any, seconds: float) -> Seen:
    """What SCIP finds of the exported MPS file; nothing where PySCIPOpt is not installed."""
    try:
        from pyscipopt import Model
    except ImportError:
        return {"status": "not installed", "plan": None, "bound": None, "cpu": 0.0}
    from allocate import formulate
    from allocate.program.export import mps_text

    program = formulate(case).program
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.mps"
        path.write_text(mps_text(program), encoding="utf-8")
        model = Model()
        model.hideOutput()
        model.readProblem(str(path))
        for name, value in (("timing/clocktype", 1), ("limits/time", seconds), ("limits/gap", GAP)):
            model.setParam(name, value)
        began = time.process_time()
        model.optimize()
    sign = 1.0 if (model.getObjectiveSense() == "maximize") == program.maximise else -1.0
    plan = sign * model.getObjVal() if model.getNSols() else None
    bound = sign * model.getDualbound()
    told = bound if abs(bound) < 1e19 else None
    return {"status": model.getStatus(), "plan": plan, "bound": told, "cpu": time.process_time() - began}


def one(who: str, size: str, flags: str, seed: int, tightness: float, seconds: float) -> Seen:
    """One run in a process of its own."""
    asked = [sys.executable, __file__, "one", who, size, flags, str(seed), str(tightness), str(seconds)]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    found: Seen = json.loads(done.stdout.splitlines()[-1])
    return found


def gap(found: Seen) -> float | None:
    """Distance of plan and bound, in percent of the plan."""
    if found["plan"] is None or found["bound"] is None:
        return None
    return 100.0 * abs(found["bound"] - found["plan"]) / max(abs(found["plan"]), 1e-9)


def row(size: str, flags: str, tightness: float, seconds: float) -> None:
    """A line of the table: medians over the seeds."""
    cells = [f"{size} {flags} ({tightness})"]
    runs = {who: [one(who, size, flags, seed, tightness, seconds) for seed in SEEDS] for who in WHO}
    for who in WHO:
        gaps = [gap(found) for found in runs[who]]
        known = sorted(math.inf if part is None else part for part in gaps)
        plans = sum(found["plan"] is not None for found in runs[who])
        ends = [found["status"] for found in runs[who]]
        cpu = statistics.median(found["cpu"] for found in runs[who])
        none = ends.count("infeasible")
        said = "no plan" if statistics.median(known) == math.inf else f"{statistics.median(known):.2f} %"
        cells.append(
            f"{said}, {plans} of {len(SEEDS)} plans{f', {none} proven to have none' if none else ''}, {cpu:.1f} s"
        )
    print("| " + " | ".join(cells) + " |", flush=True)


def came(size: str, flags: str, seed: int, tightness: float, seconds: float, wanted: float, hours: float) -> Seen:
    """A verified plan with its proof, from the case as read, to the gap wanted or the seconds."""
    from company_cases import company_case
    from incumbents import Meter

    from allocate import read_case, solve

    written = company_case(size, flags.split(","), seed, tightness)
    for vendor in written["vendors"].values():
        if "capacity" in vendor:
            number, unit = vendor["capacity"].split(" ", 1)
            vendor["capacity"] = f"{float(number) * hours:g} {unit}"
    case = read_case(written)
    began = time.process_time()
    answer = solve(case, gap=wanted, cancel=Meter(seconds), conflicts=False)
    taken = time.process_time() - began
    return {"status": answer.status.value, "plan": answer.objective, "bound": answer.bound, "cpu": taken}


def wanted_gaps() -> None:
    """A line for each row of `WANTED`: what is proven of each seed, and after how many CPU seconds."""
    for size, flags, tightness, seconds, wanted, hours in WANTED:
        cells = []
        for seed in EVERY_SEED:
            asked = [size, flags, str(seed), str(tightness), str(seconds), str(wanted), str(hours)]
            done = subprocess.run(
                [sys.executable, __file__, "came", *asked], check=True, capture_output=True, text=True
            )
            found: Seen = json.loads(done.stdout.splitlines()[-1])
            away = gap(found)
            cells.append(f"{found['status'] if away is None else f'{away:.3f} %'}, {found['cpu']:.1f} s")
        part = "" if hours == 1.0 else f", hours x {hours:g}"
        print(
            f"| {size} {flags} ({tightness}{part}) | {wanted:.2%} at {seconds:g} s | {' | '.join(cells)} |", flush=True
        )


def grown(size: str, flags: str, seconds: float) -> Seen:
    """A verified plan with its proof within 1 %, or the best after so many CPU seconds; MB above those of the case as read."""
    from company_cases import company_case
    from incumbents import Meter

    from allocate import formulate, read_case, solve

    case = read_case(company_case(size, flags.split(",") if flags else [], SEEDS[0], 0.6))
    columns, before = formulate(case).program.column_count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    answer = solve(case, gap=0.01, cancel=Meter(seconds), conflicts=False)
    taken, after = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "columns": columns,
        "cpu": taken,
        "memory": (after - before) / 1024.0,
        "status": answer.status.value,
        "plan": answer.objective,
        "bound": answer.bound,
    }


def growth(sizes: Sequence[str]) -> None:
    """A table of CPU seconds and MB per 1,000 columns, a flag a row, in processes of their own."""
    from company_cases import FLAGS

    heads = [f"{size}: columns | s | per 1,000 | MB | per 1,000 | gap" for size in sizes]
    print("| clause | " + " | ".join(heads) + " |\n|---|" + "---:|" * (6 * len(sizes)), flush=True)
    for flags in ("", *FLAGS):
        cells = [flags or "none"]
        for size in sizes:
            asked = [sys.executable, __file__, "grown", size, flags, str(GROWTH_SECONDS)]
            done = subprocess.run(asked, check=True, capture_output=True, text=True)
            one: Seen = json.loads(done.stdout.splitlines()[-1])
            thousands, away = one["columns"] / 1000.0, gap(one)
            told = one["status"] if away is None else f"{away:.2f} %"
            cells += [f"{one['columns']:,}", f"{one['cpu']:.1f}", f"{one['cpu'] / thousands:.3f}"]
            cells += [f"{one['memory']:.0f}", f"{one['memory'] / thousands:.2f}", told]
        print("| " + " | ".join(cells) + " |", flush=True)


def main(asked: list[str]) -> None:
    """As the words on the command line say."""
    from company_cases import company_case

    from allocate import read_case

    if asked[:1] == ["one"]:
        who, size, flags, seed, tightness, seconds = asked[1:]
        case = read_case(company_case(size, flags.split(","), int(seed), float(tightness)))
        print(json.dumps({"allocate": ours, "highs": highs, "scip": scip}[who](case, float(seconds))))
    elif asked[:1] == ["came"]:
        size, flags, seed, *numbers = asked[1:]
        print(json.dumps(came(size, flags, int(seed), *map(float, numbers))))
    elif asked[:1] == ["wanted"]:
        wanted_gaps()
    elif asked[:1] == ["grown"]:
        print(json.dumps(grown(asked[1], asked[2], float(asked[3]))))
    elif asked[:1] == ["growth"]:
        growth(asked[1:] or SIZES)
    elif asked[:1] == ["write"]:
        size, flags, folder, *rest = asked[1:]
        seed, tightness = int(rest[0]) if rest else SEEDS[0], float(rest[1]) if len(rest) > 1 else 0.75
        Path(folder).mkdir(parents=True, exist_ok=True)
        written = company_case(size, flags.split(","), seed, tightness)
        (Path(folder) / "case.yaml").write_text(json.dumps(written, indent=1), encoding="utf-8")
    else:
        print("| case (tightness) | allocate | HiGHS alone | SCIP alone |\n|---|---|---|---|")
        for line in [(asked[0], asked[1], float(asked[2]), float(asked[3]))] if asked else ROWS:
            row(*line)


if __name__ == "__main__":
    main(sys.argv[1:])
