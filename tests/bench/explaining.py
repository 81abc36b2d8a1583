"""What explaining costs beside one solve from scratch: all binding prices, and fifty limits taken away one by one.

    OPENBLAS_NUM_THREADS=1 python tests/bench/explaining.py M          # S, M or L; CPU seconds of one process
    OPENBLAS_NUM_THREADS=1 python tests/bench/explaining.py shipped    # every case and scenario that ships, or its repairs
    OPENBLAS_NUM_THREADS=1 python tests/bench/explaining.py short S    # repairs of an integer portfolio short of money
    OPENBLAS_NUM_THREADS=1 python tests/bench/explaining.py teams      # commands beside `solve`, of cases with teams

The budget is told apart: without it these portfolios buy all they can use, which is another program to solve, and is
sifted. Nothing here is collected by pytest.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from portfolio import portfolio
from through_library import exact, integer

COUNT = 50
CASES = Path(__file__).parents[2] / "cases"
SHIPPED = ("portfolio", "video-throughput", "in-house-team", "make-or-buy", "review-bottleneck", "uncertain-portfolio")
TEAMS = ((("team",), 11), (("team",), 12), (("team", "onboard", "shares"), 11))
"""Clauses and seeds of drawn cases of company size, each with two teams that hire."""
SHORT = 0.02
"""Part of the drawn budget that is too little for the milestones."""


def shipped() -> None:
    """Print CPU seconds of the solve and of the explanation (of a case without a plan: of the diagnosis), slowest last."""
    from allocate import formulate, read_case, solve
    from allocate.api.explaining import explain
    from allocate.explaining.conflicts.diagnosis import diagnose

    rows = []
    for file in sorted(CASES.glob("*/case.yaml")):
        scenarios = [None, *read_case(file.parent).document.at(()).get("scenarios", {})]
        for scenario in scenarios:
            case = read_case(file.parent, scenario=scenario)
            clock = [time.process_time()]
            built = formulate(case)
            answer = solve(case, formulation=built)
            clock.append(time.process_time())
            if answer.plan is None:
                diagnose(case)
            else:
                explain(case, answer=answer, formulation=built)
            clock.append(time.process_time())
            first, second = np.diff(clock).tolist()
            rows.append(
                (
                    second,
                    f"{second:7.2f} s, {second / first:5.1f} solves of {first:.2f} s  {case.name} {scenario or ''}",
                )
            )
    print("\n".join(line for _, line in sorted(rows)))


def teams() -> None:
    """Print CPU seconds of `solve`, `explain` and `report` as commands, and of plan and explanation alone, of cases with teams."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from company_cases import company_case

    with tempfile.TemporaryDirectory() as folder:
        cases = [CASES / name for name in SHIPPED]
        for flags, seed in TEAMS:
            cases.append(Path(folder) / f"20x8x26 {'+'.join(flags)} {seed}")
            cases[-1].mkdir()
            (cases[-1] / "case.yaml").write_text(
                json.dumps(company_case("20x8x26", flags, seed), indent=1), encoding="utf-8"
            )
        for case in cases:
            solved, explained, reported = (
                _command(*words)
                for words in (("solve", case), ("explain", case), ("report", case, "--out", Path(folder) / "out"))
            )
            search, why = _alone(case)
            print(
                f"{case.name:40s} solve {solved:5.2f} s, explain {explained / solved:4.1f}, report {reported / solved:4.1f} times;"
                f" plan {search:5.2f} s, plan and explanation {1.0 + why / search:4.1f} times"
            )


def _command(*words: object) -> float:
    """CPU seconds of a command, start-up and all; the better of two runs."""
    found = []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "allocate", *map(str, words)], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found)


def _alone(folder: Path) -> tuple[float, float]:
    """CPU seconds of the plan with its proof, and of its explanation, in a process that has all it needs loaded."""
    from allocate import formulate, read_case, solve
    from allocate.api.explaining import explain

    clock = list[float]()
    for _ in range(2):
        case = read_case(folder)
        built = formulate(case)
        clock = [time.process_time()]
        answer = solve(case, formulation=built, moved=False)
        clock.append(time.process_time())
        explain(case, answer=answer, formulation=built)
        clock.append(time.process_time())
    first, second = np.diff(clock).tolist()
    return first, second


def short(size: str) -> None:
    """Print CPU seconds, programs solved and the repairs of an integer portfolio with too little money."""
    from allocate import read_case
    from allocate.explaining.conflicts.diagnosis import diagnose

    drawn = portfolio(size)
    case = read_case(integer(drawn), settings={"budget": f"{SHORT * drawn.budget:.0f} USD"})
    began = time.process_time()
    found = diagnose(case)
    seconds = time.process_time() - began
    repairs = [step.sentence for one in found.repairs for step in one.steps]
    print(json.dumps({"seconds": seconds, "solved": found.solved, "repairs": repairs, "unknown": found.unknown}))


def main() -> None:
    """Print seconds of each part and the ratio of all of them to one solve from scratch."""
    from allocate import formulate, read_case, solve
    from allocate.explaining.costs import without
    from allocate.explaining.limits import limits_of, rules_of
    from allocate.explaining.prices import prices
    from allocate.explaining.re_solve import Again
    from allocate.solvers.live import Live

    case = read_case(exact(portfolio(sys.argv[1] if len(sys.argv) > 1 else "M")))
    built, answer = formulate(case), solve(case)
    assert answer.verification is not None
    checks = answer.verification.checks
    scratch = []
    for _ in range(3):
        began = time.process_time()
        Live(built.program.arrays())
        scratch.append(time.process_time() - began)
    clock = [time.process_time()]
    again = Again(built)
    clock.append(time.process_time())
    priced = prices(built, again.live, checks)
    clock.append(time.process_time())
    rules = [*rules_of(built, checks), *limits_of(built, checks)]
    duals = again.base.row_duals
    assert duals is not None
    binding = [one for one in rules if (np.abs(duals[one.rows]) > 1e-9).any()]
    weighty = [one for one in binding if one.family != "budget"][:COUNT]
    states = [without(again, one).worth.state for one in weighty]
    clock.append(time.process_time())
    budget = [without(again, one).worth.state for one in binding if one.family == "budget"]
    clock.append(time.process_time())
    first, each, taken, last = np.diff(clock).tolist()
    figures = {
        "scratch": min(scratch), "base": first, "prices": each, "priced": len(priced), "without": taken,
        "limits": len(weighty), "exact": states.count("exact"), "times one solve": (first + each + taken) / min(scratch),
        "budget": last, "with the budget": (first + each + taken + last) / min(scratch), "budgets": len(budget),
    }  # fmt: skip
    print(json.dumps(figures))


if __name__ == "__main__":
    if sys.argv[1:] == ["shipped"]:
        shipped()
    elif sys.argv[1:] == ["teams"]:
        teams()
    elif sys.argv[1:2] == ["short"]:
        short(sys.argv[2])
    else:
        main()
