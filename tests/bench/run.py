"""What the library costs beside bare arrays, and what a user waits for; figures are ratios of one run on one machine.

    python tests/bench/run.py L          # S, M, L or XL; needs nothing but the package and its test requirements
    python tests/bench/run.py sifting    # linear programs by sifting, S to L or to the size named, as a table of growth
    python tests/bench/run.py integer    # integer programs: S to the optimum, M and L within limits; `integer XL`: XL too
    python tests/bench/run.py growth     # seconds and memory per 1,000 columns, S to L or to the size named

Nothing here is collected by pytest: run it when no other work keeps the machine busy, and compare ratios, not seconds.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
CASES = HERE.parents[1] / "cases"
SIFTING = {"L": 1 / 3, "XL": 1 / 5}
"""Most CPU time of sifting, times that of HiGHS on bare arrays."""
OPTIMA = {"S": 174558.363, "M": 1042203.587, "L": 4190818.524, "XL": 10905089.066}

RAW = """
import json, resource, time
import highspy, numpy as np
from portfolio import portfolio
from raw_highs import arrays
d = portfolio("{size}")
clock = [time.process_time()]
a = arrays(d)
clock.append(time.process_time())
h = highspy.Highs()
h.setOptionValue("output_flag", False)
h.setOptionValue("threads", 1)
h.passModel(*a)
clock.append(time.process_time())
h.run()
clock.append(time.process_time())
values = np.array(h.getSolution().col_value)
made = np.flatnonzero(values > 0)
clock.append(time.process_time())
seconds = dict(zip(["build", "handover", "solve", "readback"], np.diff(clock).tolist()))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{**seconds, "objective": h.getObjectiveValue(), "peak": peak}}))
"""


RAW_INTEGER = """
import json, time
import highspy
from portfolio import portfolio
from raw_highs import arrays
h = highspy.Highs()
h.setOptionValue("output_flag", False)
h.setOptionValue("threads", 1)
h.setOptionValue("mip_rel_gap", 1e-6)
h.setOptionValue("time_limit", {limit})
h.passModel(*arrays(portfolio("{size}"), True))
began = time.perf_counter()
h.run()
seconds = time.perf_counter() - began
print(json.dumps({{"solve": seconds, "objective": h.getObjectiveValue(), "bound": h.getInfo().mip_dual_bound}}))
"""


@dataclass(frozen=True)
class Figure:
    """One figure with the most it should be."""

    name: str
    value: float
    most: float
    unit: str = ""

    def __str__(self) -> str:
        verdict = "ok" if self.value <= self.most else "OVER"
        return f"{self.name:<66} {self.value:>10.4g} {self.unit:<3} at most {self.most:<8g} {verdict}"


def child(*arguments: str) -> dict[str, float]:
    """The JSON a fresh Python process prints."""
    done = subprocess.run([sys.executable, *arguments], cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def beside_arrays(size: str) -> list[Figure]:
    """Build, hand-over and read-back in CPU seconds, and peak memory, against bare arrays."""
    raw = [child("-c", RAW.format(size=size)) for _ in range(3)]
    ours = [child("through_library.py", "exact", size) for _ in range(3)]
    steps = ("build", "handover", "readback")
    bare, library = (min(sum(one[step] for step in steps) for one in runs) for runs in (raw, ours))
    for name, runs in (("arrays", raw), ("library", ours)):
        each = "  ".join(f"{step} {min(one[step] for one in runs):.3f}" for step in runs[0] if step not in ("columns",))
        print(f"  {name:<8} {each}")
    optimum, found = raw[0]["objective"], ours[0]["objective"]
    return [
        Figure("optimum, relative distance from bare arrays", abs(found - optimum) / optimum, 1e-6),
        Figure("optimum, relative distance from the published one", abs(found - OPTIMA[size]) / OPTIMA[size], 1e-6),
        Figure("build + handover + read-back, times bare arrays", library / bare, 3.0),
        Figure(
            "peak memory of the process, times bare arrays",
            min(one["peak"] for one in ours) / min(one["peak"] for one in raw),
            1.5,
        ),
    ]


def around_the_solve(size: str) -> list[Figure]:
    """Everything of a case folder but the solve, as a share of the solve."""
    one = child("through_library.py", "folder", size)
    print("  folder   " + "  ".join(f"{name} {value:.3f}" for name, value in one.items() if name != "status"))
    return [
        Figure("case folder: all but the solve, times the solve", (one["wall"] - one["solve"]) / one["solve"], 0.25)
    ]


def sifting(largest: str) -> list[Figure]:
    """Linear programs by sifting beside bare arrays in CPU seconds, medians of three (XL once), and how both grow."""
    figures = []
    sizes = list(OPTIMA)
    print("| size | columns | bare arrays, s | sifting, s | ratio | sifting, s per 1,000 | MB per 1,000 | peak, MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for size in sizes[: sizes.index(largest) + 1]:
        times = 1 if size == "XL" else 3
        ours = [child("through_library.py", "sifting", size) for _ in range(times)]
        raw = [child("-c", RAW.format(size=size)) for _ in range(times)]
        mine, bare = (median(one["solve"] for one in runs) for runs in (ours, raw))
        thousands, most = ours[0]["columns"] / 1000, max(one["peak"] for one in ours)
        print(
            f"| {size} | {ours[0]['columns']:,} | {bare:.2f} | {mine:.2f} | {mine / bare:.2f} "
            f"| {mine / thousands:.4f} | {most / thousands:.2f} | {most:,.0f} |"
        )
        found, optimum = ours[0]["objective"], raw[0]["objective"]
        figures += [
            Figure(f"{size}: optimum, relative distance from bare arrays", abs(found - optimum) / optimum, 1e-6),
            Figure(f"{size}: prices and plan apart, relative to the optimum", ours[0]["apart"], 1e-6),
            Figure(f"{size}: peak memory", most, 4096, "MB"),
        ]
        if size in SIFTING:
            figures.append(Figure(f"{size}: sifting, times bare arrays' solve", mine / bare, SIFTING[size]))
    return figures


def raw_integer(size: str, limit: float) -> dict[str, float]:
    """Seconds, plan and bound of bare arrays."""
    return child("-c", RAW_INTEGER.format(size=size, limit=limit))


FIRST = {"M": "2", "L": "10"}
"""Time limits that leave little more than a first plan."""
GAPS = {("M", "60"): 1e-3, ("L", "120"): 3e-3, ("L", "300"): 1e-3, ("XL", "900"): 1e-2}
"""Most gap after a time limit."""


def integer_programs(largest: str) -> list[Figure]:
    """Integer programs beside bare arrays: how long the optimum of S takes, how near the others come, and how soon."""
    sizes = list(OPTIMA)[: list(OPTIMA).index(largest) + 1]
    bare, ours = raw_integer("S", 300.0), child("through_library.py", "integer", "S", "300")
    runs = {"arrays M 60 s": raw_integer("M", 60.0)}
    asked = [*FIRST.items(), *GAPS]
    for size, limit in (one for one in asked if one[0] in sizes):
        runs[f"{size} {limit} s"] = child("through_library.py", "integer", size, limit)
    for name, one in (("arrays S", bare), ("S", ours), *runs.items()):
        print(f"  {name:<14} " + "  ".join(f"{key} {value}" for key, value in one.items()))
    # HiGHS names infinity where it has no plan.
    optimum, theirs = 168539.738, runs["arrays M 60 s"]["objective"]
    found = [
        Figure(
            "S: optimum, relative distance from the published one", abs(ours["objective"] - optimum) / optimum, 1e-6
        ),
        Figure("S: solve, times bare arrays", ours["solve"] / bare["solve"], 1.2),
        Figure(
            "M: plan after 60 s, times bare arrays' (of which more is better), below 1 by",
            0.0 if not isfinite(theirs) else 1.0 - runs["M 60 s"]["objective"] / theirs,
            0.0,
        ),
    ]
    for name, one in runs.items():
        if not name.startswith("arrays"):
            in_hand = sum(one[step] for step in ("build", "solve", "verify")) if one["holds"] else float("inf")
            limit = float(name.split()[1])
            found.append(Figure(f"{name}: verified plan in hand, times the limit", in_hand / limit, 1.01))
    for (size, limit), most in GAPS.items():
        one = runs.get(f"{size} {limit} s")
        if one is not None:
            found.append(Figure(f"{size} {limit} s: gap", float("inf") if one["gap"] is None else one["gap"], most))
            found.append(Figure(f"{size} {limit} s: peak memory", one["peak"], 4096, "MB"))
    return found


def growth(largest: str) -> None:
    """A table of CPU seconds and memory per 1,000 columns: linear optima, and integer plans verified within 1 %."""
    print(
        "| size | columns | linear, s | per 1,000 | MB | within 1 %, s | per 1,000 | MB | MB per 1,000 | gap | proven |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for size in list(OPTIMA)[: list(OPTIMA).index(largest) + 1]:
        linear = child("through_library.py", "sifting", size)
        whole = child("through_library.py", "within", size, "0.01")
        taken, thousands = sum(whole[step] for step in ("read", "build", "solve")), whole["columns"] / 1000
        print(
            f"| {size} | {whole['columns']:,} | {linear['solve']:.2f} | {linear['solve'] / thousands:.4f} "
            f"| {linear['peak']:,.0f} | {taken:.1f} | {taken / thousands:.4f} | {whole['peak']:,.0f} "
            f"| {whole['peak'] / thousands:.2f} | {whole['gap']:.2%} | {whole['proven gap']:.2%} |"
        )


def seconds(*arguments: str) -> float:
    """Least wall seconds of a command in five tries."""
    found = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(arguments, capture_output=True, check=True)
        found.append(time.perf_counter() - began)
    return min(found)


def waiting() -> list[Figure]:
    """What a user waits for at the command line."""
    command = shutil.which("allocate", path=str(Path(sys.executable).parent)) or "allocate"
    figures = [Figure("allocate --help", seconds(command, "--help"), 0.2, "s")]
    if (CASES / "portfolio").is_dir():
        figures.append(
            Figure("allocate solve cases/portfolio", seconds(command, "solve", str(CASES / "portfolio")), 2.0, "s")
        )
    return figures


def main() -> None:
    """Print all figures of a size; exit with 1 where one is over."""
    size = sys.argv[1] if len(sys.argv) > 1 else "M"
    if size not in (*OPTIMA, "integer", "sifting", "growth"):
        raise SystemExit(f"a size is one of {', '.join(OPTIMA)}, or write integer, sifting or growth")
    if size == "growth":
        return growth(sys.argv[2] if len(sys.argv) > 2 else "L")
    if size == "integer":
        figures = integer_programs(sys.argv[2] if len(sys.argv) > 2 else "L")
    elif size == "sifting":
        figures = sifting(sys.argv[2] if len(sys.argv) > 2 else "L")
    else:
        figures = [*beside_arrays(size), *around_the_solve(size), *waiting()]
    print(*figures, sep="\n")
    raise SystemExit(any(figure.value > figure.most for figure in figures))


if __name__ == "__main__":
    main()
