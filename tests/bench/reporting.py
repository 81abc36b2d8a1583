"""What a report takes beside the solve: 300 products x 60 vendors x 4 workflows x 12 weeks, and how large the page is.

    nice python tests/bench/reporting.py

Wanted: at most 10 s beside the solve, and a page below 2 MB. Nothing here is collected by pytest.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import portfolio as synthetic
from through_library import exact

from allocate import read_case, solve
from allocate.api.solving import formulate
from allocate.reporting.compose import compose
from allocate.reporting.write import write_report

SIZE = (300, 60, 4, 12)
SECONDS, BYTES = 10.0, 2_000_000


def main() -> None:
    """Solve once, report once, and print both."""
    synthetic.SIZES["report"] = SIZE
    case = read_case(exact(synthetic.portfolio("report")))
    built = formulate(case)
    began = time.perf_counter()
    answer = solve(case, formulation=built)
    solved = time.perf_counter()
    report = compose(answer)
    composed = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        paths = write_report(report, Path(name))
        ended = time.perf_counter()
        sizes = {path.name: path.stat().st_size for path in paths}
    print(f"{answer.status.value}; {len(answer.plan.lines) if answer.plan is not None else 0:,} lines of the plan")
    print(f"solve {solved - began:.1f} s, compose {composed - solved:.1f} s, draw and write {ended - composed:.1f} s")
    print(", ".join(f"{name} {size:,} bytes" for name, size in sizes.items()))
    seconds, largest = ended - solved, max(sizes.values())
    print(f"report {seconds:.1f} s, wanted {SECONDS:g}: {'ok' if seconds <= SECONDS else 'OVER'}")
    print(f"largest file {largest:,} bytes, wanted {BYTES:,}: {'ok' if largest <= BYTES else 'OVER'}")


if __name__ == "__main__":
    main()
