"""Exports that are damaged: `python -m tests.damaged_exports --count 10000` imports as many mutants of the samples.

Each is imported, or refused with a message that has a place or a fix; nothing else is raised, and no time is negative or endless.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from allocate.actuals.importing import import_exports
from allocate.actuals.mapping import read_map
from allocate.actuals.readers import KINDS
from allocate.errors import CaseError

from .fuzz import mutate

EXPORTS = Path(__file__).parent / "data" / "exports"
SAMPLES = {
    "label-studio": "label_studio_csv_test.json", "labelbox-v1": "labelbox_v1_image_export.json",
    "mturk": "mturk_amt_like.csv", "appen": "figure_eight_relex_binary.csv",
}  # fmt: skip


def damaged(kind: str, number: int, folder: Path) -> bool:
    """Whether a mutant of a sample is refused; AssertionError, or whatever is raised, where it is neither refused nor sound."""
    chance = random.Random(f"{kind} {number}")
    raw = (EXPORTS / SAMPLES[kind]).read_bytes()
    raw = raw if kind != "appen" else b"\n".join(raw.splitlines()[:30])
    change = mutate.table if SAMPLES[kind].endswith("csv") else mutate.plan
    file, map_ = folder / "export", folder / "map.yaml"
    for _ in range(chance.randint(1, 3)):
        raw = change(raw, chance)
    file.write_bytes(raw)
    map_.write_text("product: scans\nvendor: acme\n", encoding="utf-8")
    try:
        work = import_exports([(file, KINDS[kind])], read_map(map_), b"k").work
    except CaseError as error:
        if not all(problem.message and (problem.place or problem.fix) for problem in error.problems):
            raise AssertionError(f"{kind} {number}: a problem without place and fix") from error
        return True
    known = work["seconds"].dropna()
    assert ((known > 0) & (known < 1e9)).all(), f"{kind} {number}: a time that cannot be"
    return False


def main() -> None:
    """Import mutants of every sample in turn."""
    parser = argparse.ArgumentParser(prog="python -m tests.damaged_exports", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="mutants; 10,000 if absent")
    count = parser.parse_args().count
    with TemporaryDirectory() as folder:
        refused = sum(damaged(list(SAMPLES)[number % len(SAMPLES)], number, Path(folder)) for number in range(count))
    print(f"{count:,} mutants, {refused:,} refused with a message, {count - refused:,} imported")


if __name__ == "__main__":
    main()
