"""`python -m tests.bench.calibration --worlds 200`: how often measured ranges hold the truth, kind by kind.

Each world is drawn with a known truth, recorded as a table and a timesheet, imported and calibrated (`tests/actuals_worlds.py`).
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from actuals_worlds import CASE, world

from allocate.actuals.calibration import calibrate
from allocate.actuals.reading import read_actuals
from allocate.case.load import read_case


def main() -> None:
    """Print the share of figures whose P10 to P90 held the truth."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.calibration", description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    held: dict[str, list[bool]] = defaultdict(list)
    case = read_case(CASE)
    with TemporaryDirectory() as folder:
        for number in range(parser.parse_args().worlds):
            folders, truth = world(Path(folder) / str(number), number)
            found = {one.path: one.estimate for one in calibrate(case, read_actuals(folders)).figures}
            for path, right in truth.items():
                held[path.split(".")[-1]].append(found[path].low <= right <= found[path].high)
    for kind, hits in sorted(held.items()):
        print(f"{kind:10} {len(hits):5} figures   P10 to P90 held {100 * sum(hits) / len(hits):.1f} %")
    every = [hit for hits in held.values() for hit in hits]
    print(f"{'all':10} {len(every):5} figures   P10 to P90 held {100 * sum(every) / len(every):.1f} %")


if __name__ == "__main__":
    main()
