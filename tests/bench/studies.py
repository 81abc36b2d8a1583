"""A frontier of 50 budgets beside one solve, and beside 50 separate solves; figures are ratios of one run.

    python tests/bench/studies.py M          # S or M; CPU seconds of one process
    python tests/bench/studies.py M quick    # held against 5 of the 50 separate solves

Nothing here is collected by pytest.
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np
from portfolio import portfolio
from through_library import exact

from allocate import formulate, read_case, solve
from allocate.case.load import Case, revised
from allocate.solvers.right_hand_side_path import along
from allocate.solvers.solve import solve as run
from allocate.solvers.task import Task
from allocate.study.frontier import frontier

POINTS = 50


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


def _seconds(case: Case) -> float:
    """CPU time of one solve with its build, check and proof."""
    began = time.process_time()
    solve(case)
    return time.process_time() - began


def main() -> None:
    """Print the ratios; exit with 1 where a point differs from its separate solve by more than 1e-6."""
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
