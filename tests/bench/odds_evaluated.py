"""Scenarios as arrays and by `evaluate`: twenty of every shipped case, four of a hundred drawn ones with every kind of clause.

python -m tests.bench.odds_evaluated [N]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from allocate import CaseError
from tests.contract_cases import contract_case
from tests.odds_evaluated import largest_difference


def main(scenarios: int) -> None:
    """Print the largest distance of each shipped case, and of all that are drawn, relative to the spend."""
    for folder in sorted(one.parent for one in (Path(__file__).parents[2] / "cases").glob("*/case.yaml")):
        start = time.process_time()
        print(f"{folder.name:20} {largest_difference(folder, scenarios):.1e}  {time.process_time() - start:5.1f} CPU s")
    print(f"{'drawn':20} {max(map(_drawn, range(100))):.1e}")


def _drawn(seed: int) -> float:
    try:
        return largest_difference(contract_case(seed), 4)
    except CaseError:  # drawn cases, and scenarios of them, may contradict themselves
        return 0.0


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
