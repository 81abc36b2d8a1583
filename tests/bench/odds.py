"""Odds of a drawn portfolio beside one verified solve of it: `python tests/bench/odds.py M`; CPU seconds of one process.

Every input that a study moves gets a spread of 10 %, and 1,024 scenarios are drawn.
"""

from __future__ import annotations

import sys
import time

from portfolio import portfolio
from through_library import exact

from allocate import read_case, solve
from allocate.odds.assumed import with_spreads
from allocate.odds.odds import plan_odds


def main(size: str) -> None:
    """Print CPU seconds of both, and how many times the first the second is."""
    case = read_case(exact(portfolio(size)))
    began = time.process_time()
    answer = solve(case)
    once = time.process_time() - began
    print(
        f"solved and verified: {len(answer.plan.lines):,} lines, {answer.routes.count * case.periods.count:,} columns, {once:.1f} CPU s"
    )
    spread, _ = with_spreads(case, 0.1)
    began = time.process_time()
    found = plan_odds(spread, answer.plan, table=answer.routes)
    took = time.process_time() - began
    print(
        f"{len(found.draws.spreads.moved):,} amounts, {len(found.limits):,} limits: {took:.1f} CPU s, {took / once:.1f} times"
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "M")
