"""`python -m tests.fuzz --seconds 3600 --seed 1`: mutants for an hour, each fault printed and, with --keep, its files kept."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from .run import Fault, faults, load_everything, seeds, write


def main() -> int:
    """Run mutants until the time or the count is over; exit status 1 where there was a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long; 60 if absent")
    parser.add_argument("--count", type=int, default=10**9, help="mutants at most")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other mutants")
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--keep", type=Path, help="folder for the files of mutants with a fault")
    asked = parser.parse_args()
    load_everything()
    among = seeds()
    kinds: Counter[str] = Counter()
    done = 0
    for fault in faults(asked.count, asked.seed, among, time.monotonic() + asked.seconds, asked.first):
        done += 1
        if done % 250 == 0:
            print(f"{done:,} mutants, {sum(kinds.values()):,} faults", file=sys.stderr, flush=True)
        if fault is None:
            continue
        kinds[fault.what] += 1
        if kinds[fault.what] == 1:
            print(f"{fault}\n", flush=True)
        if asked.keep is not None:
            keep(asked.keep, fault)
    print(f"{done:,} mutants, {sum(kinds.values()):,} faults of {len(kinds):,} kinds")
    for what, many in kinds.most_common():
        print(f"{many:6} {what}")
    return 1 if kinds else 0


def keep(folder: Path, fault: Fault) -> None:
    """The files of a mutant, and how it failed."""
    place = folder / str(fault.mutant.number)
    write(place, fault.mutant.files)
    (place / "fault.json").write_text(
        json.dumps({"words": fault.mutant.words, "what": fault.what, "detail": fault.detail})
    )


if __name__ == "__main__":
    sys.exit(main())
