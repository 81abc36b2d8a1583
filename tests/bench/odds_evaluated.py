"""Twenty scenarios of every shipped case, as arrays and by `evaluate`: `python -m tests.bench.odds_evaluated [N]`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.odds_evaluated import largest_difference


def main(scenarios: int) -> None:
    """Print the largest distance of each case, relative to its spend."""
    for folder in sorted(one.parent for one in (Path(__file__).parents[2] / "cases").glob("*/case.yaml")):
        start = time.process_time()
        print(f"{folder.name:20} {largest_difference(folder, scenarios):.1e}  {time.process_time() - start:5.1f} CPU s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
