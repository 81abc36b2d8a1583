"""Figures of explanations, reports and studies of drawn cases, each against a solve of its own.

    python -m tests.bench.figures --draws 200 --first 1 explain hand report mix scale sensitivity
    python -m tests.bench.figures shipped

`shipped`: what limits cost and their prices in every shipped case and each of its scenarios; all others draw their cases. `explain`: what limits cost and their prices; `hand`: the same with a rule added to the program by hand; `report`: prices at which
vendors enter, lose some and all of their work, inputs moved, returns, award sheets, and in every fourth case what is assumed;
`mix`, `scale`, `sensitivity`: the study's rows. A case has two to four products and three vendors with contracts, teams, levers and
rules drawn together; every third has one of the kinds of `tests/case_kinds.py`. Prints each fault with the seed of its case.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / below) for below in ("", "explaining")]

from case_kinds import KINDS, case_with  # noqa: E402
from contract_cases import contract_case  # noqa: E402
from oracle import faults as of_explanation  # noqa: E402
from planned_again import faults as of_report  # noqa: E402

from allocate import formulate, read_case, solve  # noqa: E402
from allocate.case.inputs import inputs  # noqa: E402
from allocate.case.load import Case  # noqa: E402
from allocate.errors import CaseError  # noqa: E402
from allocate.program.build import Built, item_variables  # noqa: E402
from allocate.solvers.outcome import Status  # noqa: E402
from allocate.study.mix import mix  # noqa: E402
from allocate.study.scale import scale  # noqa: E402
from allocate.study.sensitivity import Vary, sensitivity  # noqa: E402
from allocate.study.study import Study  # noqa: E402

Source = dict[str, Any]
SLACK = 4e-6


def drawn(seed: int) -> Source:
    """The case of a seed."""
    kinds = list(KINDS)
    return contract_case(seed) if seed % 3 else case_with(kinds[(seed // 3) % len(kinds)], seed)


def by_hand(seed: int) -> Callable[[Case], Built]:
    """What makes the program of a case with a rule of the seed: so many items at most, or a half at most, of some lines."""

    def make(case: Case) -> Built:
        built, random = formulate(case), np.random.default_rng(seed)
        kind = int(random.integers(4))
        product, vendor = str(random.choice(sorted(case.products))), str(random.choice(sorted(case.vendors)))
        both, all_ = item_variables(built, product=product, vendor=vendor), item_variables(built, product=product)
        chosen = (both, both, all_, item_variables(built, vendor=vendor))[kind]
        if chosen and kind == 1:
            built.program += sum(chosen) - 0.5 * sum(all_) <= 0, "a half by hand"
        elif chosen:
            built.program += sum(chosen) <= float(random.integers(*((5, 60), (), (30, 95), (20, 150))[kind])), "by hand"
        return built

    return make


@cache
def shipped() -> list[tuple[Path, str | None]]:
    """Every shipped case and each of its scenarios."""
    folders = sorted(one.parent for one in (TESTS.parent / "cases").glob("*/case.yaml"))
    return [(one, name) for one in folders for name in (None, *(read_case(one).document.data.get("scenarios") or ()))]


def of_shipped(number: int) -> list[str]:
    """Faults of an explanation of a shipped case, by its place among all."""
    folder, scenario = shipped()[number]
    return [f"{folder.name} {scenario or ''}: {fault}" for fault in of_explanation(read_case(folder, scenario))]


def explained(seed: int) -> list[str]:
    """Faults of an explanation."""
    return of_explanation(drawn(seed))


def explained_by_hand(seed: int) -> list[str]:
    """Faults of an explanation of a program with a rule added by hand."""
    return of_explanation(drawn(seed), make=by_hand(seed))


def reported(seed: int) -> list[str]:
    """Faults of a report."""
    return of_report(drawn(seed), register=seed % 4 == 0)


def mixed(seed: int) -> list[str]:
    """Faults of a mix: the giver's share lowered, that of the third kept, by rules of one's own."""
    source = drawn(seed)
    case = read_case(source)
    base = solve(case)
    if base.plan is None or not len(base.plan.lines):
        return []
    work = base.plan.lines.groupby("vendor")["equivalent_units"].sum()
    giver = str(work.idxmax())
    taker = [name for name in source["vendors"] if name != giver][seed % 2]
    return [*_rows(source, mix(case, giver, taker, 2))]


def scaled(seed: int) -> list[str]:
    """Faults of volumes: half, as much, twice what the best plan makes."""
    source = drawn(seed)
    case = read_case(source)
    formulate(case)  # a case that is refused at any volume, as with a commitment above all that a capacity could bill
    try:
        study = scale(case, "p0", [0.5, 1, 2])
    except CaseError as error:
        known = ("no volume", "makes no items", "no plan")
        return [] if any(word in str(error) for word in known) else [f"scale: {error}"]
    return [*_rows(source, study)]


def moved(seed: int) -> list[str]:
    """Faults of inputs moved by a tenth, three of a case."""
    source = drawn(seed)
    case = read_case(source)
    known = inputs(case)
    some = [known[n] for n in np.random.default_rng(seed).permutation(len(known))[:3]]
    study = sensitivity(case, vary=[Vary(min(one.settings(Decimal("0.9")))) for one in some])
    before, rows = study.figures[0].objective, {row["input"]: row for row in study.rows}
    told = []
    for point in study.points[1:]:
        row, side = rows[str(point.at["input"])], point.at["side"]
        after = _own(source, point.settings)
        found = None if after is None or before is None else after - before
        told += _differs(f"{point.at}", row[f"objective_{side}"], after, source)
        told += _differs(f"{point.at} change", row[f"change_{side}"], found, source)
    return told


def _rows(source: Source, study: Study) -> Iterator[str]:
    """Each row's objective, and its change, against the case with the point's settings, solved by the plain method."""
    first = study.rows[0]["objective"]
    for row, point in zip(study.rows, study.points, strict=True):
        if row["status"] not in ("optimal", "infeasible"):
            continue
        after = _own(source, point.settings)
        yield from _differs(f"{study.kind} {dict(point.at)}", row["objective"], after, source)
        if row.get("change") is not None and after is not None and study.kind == "mix" and first is not None:
            yield from _differs(f"mix {dict(point.at)} change", row["change"], after - first, source)


UNPROVEN = float("nan")


def _own(source: Source, settings: Any) -> float | None:
    """The optimum with settings by the plain method; None without a plan, nan where it was not proven best."""
    try:
        answer = solve(read_case(copy.deepcopy(source), settings=settings), method="plain", time_limit=60)
    except CaseError:
        return None
    if answer.plan is None:
        return None if answer.status is Status.INFEASIBLE else UNPROVEN
    return answer.objective if answer.status is Status.OPTIMAL else UNPROVEN


def _differs(words: str, told: float | None, found: float | None, source: Source) -> list[str]:
    if found is not None and np.isnan(found):
        return []
    size = max(
        1.0, abs(told or 0.0), float(str(source["budget"]).split()[0]) if "total" not in source["budget"] else 1.0
    )
    same = told is not None and found is not None and abs(told - found) <= SLACK * size
    return [] if same or (told is None and found is None) else [f"{words}: {told}, planned: {found}"]


PARTS: dict[str, Callable[[int], list[str]]] = {
    "shipped": of_shipped,
    "explain": explained,
    "hand": explained_by_hand,
    "report": reported,
    "mix": mixed,
    "scale": scaled,
    "sensitivity": moved,
}


def main() -> None:
    """Draw cases until so many of each part had a plan or a reason, and print their faults."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.figures")
    parser.add_argument("parts", nargs="*", default=list(PARTS), metavar="part")
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    asked = parser.parse_args()
    drawn_ones = range(asked.first, asked.first + asked.draws)
    for part in asked.parts:
        done = wrong = refused = 0
        for seed in range(len(shipped())) if part == "shipped" else drawn_ones:
            try:
                found = PARTS[part](seed)
            except CaseError:
                refused += 1  # a drawn case with a mistake in it
                continue
            done, wrong = done + 1, wrong + bool(found)
            for fault in found:
                print(f"{part} {seed}: {fault}", flush=True)
            if not done % 20:
                print(f"{part}: {done} cases so far, {wrong} with faults", file=sys.stderr, flush=True)
        print(f"{part}: {done} cases, {wrong} with faults, {refused} refused", flush=True)


if __name__ == "__main__":
    main()
