"""What explaining costs beside one solve from scratch: all binding prices, and fifty limits taken away one by one.

    OPENBLAS_NUM_THREADS=1 python tests/bench/explaining.py M    # S, M or L; CPU seconds of one process

The budget is told apart: without it these portfolios buy all they can use, which is another program to solve, and is
sifted. Nothing here is collected by pytest.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from portfolio import portfolio
from through_library import exact

COUNT = 50


def main() -> None:
    """Print seconds of each part and the ratio of all of them to one solve from scratch."""
    from allocate import formulate, read_case, solve
    from allocate.explain.again import Again
    from allocate.explain.costs import without
    from allocate.explain.limits import limits_of, rules_of
    from allocate.explain.prices import prices
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
    main()
