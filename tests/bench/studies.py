"""A frontier of 50 budgets beside one solve, and beside 50 separate solves; figures are ratios of one run.

    python tests/bench/studies.py M          # S or M; CPU seconds of one process
    python tests/bench/studies.py M quick    # held against 5 of the 50 separate solves
    python tests/bench/studies.py whole      # ten budgets of integer cases of 20x8x26, beside one solve and ten

Nothing here is collected by pytest.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parent.parent))

from portfolio import portfolio
from through_library import exact

from allocate import formulate, read_case, solve
from allocate.case.load import Case, revised
from allocate.solvers.right_hand_side_path import along
from allocate.solvers.solve import solve as run
from allocate.solvers.task import Task
from allocate.study.frontier import frontier

POINTS = 50
GAP = 1e-3
"""Relative gap at which searches of integer programs end."""
WHOLE = (
    ("onboard", 0.42),
    ("tiers", 0.5),
    ("rebate", 0.5),
    ("seats", 0.5),
    ("onboard,startfee,minorder,count,shares", 0.42),
    ("onboard,tiers,top,seats,rebate", 0.75),
)
"""Clauses, and tightness of the budget in the middle."""


def budgets(case: Case) -> list[float]:
    """From half the case's budget to one and a half."""
    total = case.file.budget.total
    assert total is not None
    return np.linspace(0.5 * total.number, 1.5 * total.number, POINTS).tolist()


def solver_alone(case: Case, amounts: list[float]) -> float:
    """CPU time of all budgets on a live solver, times that of one solve of the program from scratch."""
    began = time.process_time()
    run(formulate(case).program)
    once = time.process_time() - began
    program = formulate(case).program
    began = time.process_time()
    outcomes = list(along(Task(program.arrays(), program.structure()), program.rows["budget"].start, amounts))
    assert len(outcomes) == len(amounts)
    return (time.process_time() - began) / once


def _seconds(case: Case, gap: float | None = None) -> float:
    """CPU time of one solve with its build, check and proof."""
    began = time.process_time()
    solve(case, gap=gap)
    return time.process_time() - began


def of_whole_numbers() -> None:
    """A table of integer frontiers: CPU seconds of ten budgets, times one solve of the case, and times all ten separate solves."""
    from company_cases import company_case

    print("| clauses (tightness) | one solve, s | ten budgets, s | times one | times ten separate | worst distance |")
    print("|---|---:|---:|---:|---:|---:|")
    for flags, tightness in WHOLE:
        case = read_case(company_case("20x8x26", flags.split(","), 11, tightness))
        total = case.file.budget.total
        assert total is not None
        solve(case, gap=GAP)
        once = statistics.median(_seconds(case, gap=GAP) for _ in range(3))
        amounts = np.linspace(0.7 * total.number, 1.3 * total.number, 10).tolist()
        began = time.process_time()
        study = frontier(case, "budget", amounts, gap=GAP)
        taken, apart, worst = time.process_time() - began, 0.0, 0.0
        for point, one in zip(study.points, study.figures, strict=True):
            own = revised(case, point.settings)
            began = time.process_time()
            answer = solve(own, gap=GAP, conflicts=False)
            apart += time.process_time() - began
            if one is not None and one.objective is not None and answer.objective is not None:
                worst = max(worst, abs(one.objective - answer.objective) / abs(answer.objective))
        cells = f"{once:.2f} | {taken:.2f} | {taken / once:.1f} | {taken / apart:.2f} | {worst:.1e}"
        print(f"| {flags} ({tightness}) | {cells} |", flush=True)


def main() -> None:
    """Print the ratios; exit with 1 where a point differs from its separate solve by more than 1e-6."""
    if "whole" in sys.argv:
        return of_whole_numbers()
    case = read_case(exact(portfolio(sys.argv[1] if len(sys.argv) > 1 else "M")))
    once = statistics.median(_seconds(case) for _ in range(5))
    amounts = budgets(case)
    began = time.process_time()
    study = frontier(case, "budget", amounts)
    whole = time.process_time() - began
    worst = 0.0
    for number in range(0, POINTS, 12 if "quick" in sys.argv else 1):
        answer, one = solve(revised(case, study.points[number].settings)), study.figures[number]
        assert answer.objective is not None
        assert one is not None
        assert one.objective is not None
        worst = max(worst, abs(one.objective - answer.objective) / abs(answer.objective))
    print(f"{POINTS} budgets on a live solver, times one solve from scratch   {solver_alone(case, amounts):8.2f}")
    print(f"{POINTS} verified plans of a frontier, times one verified plan    {whole / once:8.2f}")
    print(f"largest distance from separate solves (relative)          {worst:8.1e}")
    raise SystemExit(worst > 1e-6)


if __name__ == "__main__":
    main()
