"""What a plan file says it is a plan of, beside what it is to be checked against."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from allocate.case.load import Case
from allocate.case.names import OF_CAPACITY, suggestion
from allocate.case.plan_file import PlanLine
from allocate.costing.table import JOIN
from allocate.errors import Problem
from allocate.record.text import Path_, Text, path_words

FACTS = "@FACTS.yaml"
"""Stands for the file with what is done, as `allocate replan --facts` writes it."""
HELD = "HELD.csv"
"""Stands for a file with the lines that were held."""


def line_of(written: Mapping[str, Any]) -> PlanLine:
    """A line of a file, or one that was held, by what it is about."""
    levers = written.get("levers", "")
    names = tuple(levers) if isinstance(levers, list) else tuple(filter(None, str(levers).split(JOIN)))
    return PlanLine(
        **{one.name: written[one.name] for one in fields(PlanLine) if one.name in written} | {"levers": names}
    )


def held_as_written(text: Text, lines: Sequence[PlanLine]) -> tuple[PlanLine, ...]:
    """Lines to be held as a file has them: within the digits they are written with, or at their very quantities."""
    exactly = tuple(replace(line, within=0.0) for line in lines)
    written = [line_of(one) for one in text.data["run"]["options"]["held"]]
    return exactly if _sorted(written) == _sorted(exactly) else tuple(lines)


def asked_otherwise(text: Text, case: Case, held: Sequence[PlanLine], command: Sequence[str]) -> list[Problem]:
    """Scenario, settings and held lines of a file that are not those it is to be checked with, and the command that is.

    command: plan file and case, as written on the command line.
    """
    run = text.data["run"]
    scenario, settings, lines = run["scenario"], run["settings"], [line_of(one) for one in run["options"]["held"]]
    words = shlex.join(["allocate", "verify", *command, *options(scenario, settings, bool(lines))])
    fix = f"`{words}` checks what the file is a plan of"
    if lines:
        fix += f"; {HELD} has the lines in run.options.held"
    compared: list[tuple[Path_, Any, Any, str, str]] = [
        (("run", "scenario"), scenario, case.scenario, _scenario(scenario), _scenario(case.scenario)),
        (("run", "settings"), settings, [*case.settings], _listed(settings), _listed(case.settings)),
        (("run", "options", "held"), _sorted(lines), _sorted(held), _held(lines), _held(held)),
    ]
    return [
        Problem(
            f"{path_words(path)}: the plan was made with {theirs}, and it is checked with {ours}",
            where,
            fix,
            code="E-asked",
        )
        for path, written, asked, theirs, ours in compared
        if written != asked and (where := text.place(path))
    ]


def options(scenario: str | None, settings: Sequence[str], held: bool) -> list[str]:
    """Scenario, settings and held lines as the command line has them."""
    chosen = ["--scenario", scenario] if scenario else []
    told = (FACTS if setting.startswith("done=(") else setting for setting in settings)
    chosen += [word for setting in told for word in ("--set", setting)]
    return [*chosen, *(["--fix", HELD] if held else [])]


def _scenario(name: str | None) -> str:
    return "no scenario" if name is None else f"the scenario '{name}'"


def _listed(settings: Sequence[str]) -> str:
    shown = ", ".join(f"'{one}'" for one in settings)
    return f"the settings {shown}" if shown else "no settings"


def _sorted(lines: Sequence[PlanLine]) -> list[tuple[Any, ...]]:
    return sorted((*vars(line).values(),) for line in lines)


def _held(lines: Sequence[PlanLine]) -> str:
    shown = [f"{one.items:,.12g} of {one.product} with {one.vendor} in period {one.period}" for one in lines[:3]]
    more = [f"{len(lines) - 3:,} more"] if len(lines) > 3 else []
    return f"the lines held {', '.join([*shown, *more])}" if lines else "no lines held"


def wrong_lines(text: Text, case: Case) -> Iterator[Problem]:
    """Lines of nothing the case has, of no amount, and those written twice, each with its place."""
    known = {"product": case.products, "vendor": case.vendors, "workflow": case.workflows}
    seen: dict[PlanLine, int] = {}
    for number, row in enumerate(text.data["lines"]):
        line, where = line_of(row), ("lines", number)
        for key, names in known.items():
            if row[key] not in names:
                yield _at(text, (*where, key), f"there is no {key} '{row[key]}'", suggestion(row[key], names))
        if not 1 <= line.period <= case.periods.count:
            yield _at(text, (*where, "period"), f"{line.period} is not one of {case.periods.count} periods", None)
        if not line.items > 0:
            yield _at(text, (*where, "items"), f"{line.items:g} is not an amount of a line", "take the line out")
        for name in line.levers:
            if name.removesuffix(OF_CAPACITY) not in case.file.levers:
                yield _at(text, (*where, "levers"), f"there is no lever '{name}'", suggestion(name, case.file.levers))
        first = seen.setdefault(PlanLine(**{**vars(line), "items": 0.0}), number)
        if first != number:
            words = f"the same work is written twice, here and in lines[{first}]"
            yield _at(text, where, words, "keep one line with all the items")


def _at(text: Text, path: Path_, words: str, fix: str | None) -> Problem:
    return Problem(f"{path_words(path)}: {words}", text.place(path), fix)
