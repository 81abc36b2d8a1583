"""`allocate solve --stages`: a plan in two stages as people and programs read it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocate.cli import output
from allocate.tables.column import Grid
from allocate.tables.formats import amount, count, long_text, money, percent, text

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from allocate.case.load import Case
    from allocate.odds.outcome_classes import OutcomeClass
    from allocate.odds.stages import Figure, Staged

SHOWN = 4
"""Amounts of an outcome that a table shows at most; JSON has them all."""


def run_stages(
    case: Case,
    case_path: Path,
    scenarios: int,
    time_limit: float | None,
    format_: str,
    out: Path | None,
    *,
    method: str,
    executor: Executor,
) -> int:
    """Plan a case in two stages, print it, keep the plan at P50 that begins with it; the command's exit status."""
    from allocate.answers import UnverifiedPlanError
    from allocate.api.solving import solve
    from allocate.cli.keeping import keep
    from allocate.odds.stages import staged

    try:
        found = staged(case, scenarios, time_limit=time_limit, method=method, executor=executor)
    except UnverifiedPlanError as error:
        click.echo(f"error: {error}\nThis is a fault of the program, not of the case; no plan is shown.", err=True)
        return 1
    answer = solve(case, held=found.lines, time_limit=time_limit, conflicts=False)
    if out is not None and answer.plan is not None:
        from allocate.record.write import write_answer

        write_answer(answer, out)
    if answer.plan is not None:
        keep(answer, case_path)
    _print(found, format_)
    for note in _notes(found, answer.plan is not None, out):
        click.echo(f"note: {long_text(note)}", err=True)
    sys.stdout.flush()
    return 0


def as_object(found: Staged) -> dict[str, Any]:
    """A plan in two stages as JSON has it."""
    case = found.case
    return {
        "case": case.name,
        "scenario": case.scenario,
        "objective_name": case.file.objective[0],
        "currency": case.currency,
        "seed": found.draws.seed,
        "drawn": found.draws.count,
        "scenarios": len(found.plans),
        "known_from": found.known,
        "method": found.found.stochastic.method,
        "rounds": found.found.stochastic.rounds,
        "gap": found.found.rp.gap,
        "figures": [_figure(one) for one in found.figures],
        "mean_value_plan_kept_in": found.found.kept_by_middle,
        "first_stage": [
            {
                "product": line.product,
                "vendor": line.vendor,
                "workflow": line.workflow,
                "period": line.period,
                "items": line.items,
                "levers": list(line.levers),
            }
            for line in found.lines
        ],
        "levers": list(found.levers),
        "outcomes": [_outcome(one) for one in found.classes],
    }


def _figure(one: Figure) -> dict[str, Any]:
    low, high = (None, None) if one.bracket is None else (one.bracket.low, one.bracket.high)
    return {"name": one.name, "meaning": one.meaning, "low": low, "high": high, "error": one.error}


def _outcome(one: OutcomeClass) -> dict[str, Any]:
    after = [{"product": p, "vendor": v, "items": items} for (p, v), items in one.after.items()]
    return {
        "chance": one.chance,
        "scenarios": one.scenarios,
        "amounts": dict(one.amounts),
        "spend": one.spend,
        "objective": one.objective,
        "then": after,
    }


def _print(found: Staged, format_: str) -> None:
    columns = ["product", "vendor", "workflow", "period", "items"]
    rows = [[getattr(line, name) for name in columns] for line in found.lines]
    if output.print_data(format_, lambda: as_object(found), lambda: rows, columns):
        return
    for line in _headline(found):
        output.say(line, format_)
    click.echo()
    grids = [_figures_grid(found), _first_grid(found), _outcomes_grid(found), _after_grid(found)]
    output.print_grids([grid for grid in grids if grid.rows], format_)


def _headline(found: Staged) -> list[str]:
    case, unit = found.case, found.case.periods.unit
    goal = case.file.objective[0].replace("-", " ")
    rp, before = found.found.rp, found.known - 1
    when = f"{unit} 1" if before == 1 else f"{unit}s 1 to {before}"
    lines = [
        f"{case.name}: {goal} {money(rp.middle)} {case.currency} on average, decided in two stages. What {when} do is the same "
        f"in all {len(found.plans)} scenarios; what follows knows how things came out. Every scenario's plan is verified."
    ]
    if found.levers:
        lines.append(f"Bought in every scenario: {', '.join(map(text, found.levers))}.")
    if found.found.eev is None:
        kept = found.found.kept_by_middle
        where = "no scenario" if kept == 0 else f"{percent(kept)} of the scenarios only, by their chances"
        lines.append(f"The mean-value plan keeps the limits in {where}, so EEV and VSS have no value.")
    return lines


def _figures_grid(found: Staged) -> Grid:
    rows = []
    for one in found.figures:
        between, error = "–", "–"
        if one.bracket is not None:
            low, high = money(one.bracket.low), money(one.bracket.high)
            between = low if low == high else f"{low} to {high}"
            error = "" if one.error is None else f"±{amount(one.error, 0)}"
            error += " (not significant)" if _not_significant(one) else ""
        rows.append([one.name, long_text(one.meaning), between, error])
    title = f"What deciding now is worth ({found.case.currency})"
    return Grid(title, ["figure", "is", "amount", "scenarios"], rows, [False, False, True, True])


def _not_significant(one: Figure) -> bool:
    """Whether a difference is no larger than what other scenarios may make of it."""
    if one.name not in ("VSS", "EVPI") or one.bracket is None or one.error is None:
        return False
    return one.bracket.middle <= one.error


def _first_grid(found: Staged) -> Grid:
    unit = found.case.periods.unit
    rows = [
        [text(line.product), text(line.vendor), text(line.workflow), str(line.period), count(line.items)]
        for line in found.lines
    ]
    header = ["product", "vendor", "workflow", unit, "items"]
    return Grid(f"First stage: before {unit} {found.known}, in every scenario", header, rows, [False] * 3 + [True] * 2)


def _outcomes_grid(found: Staged) -> Grid:
    shown = _telling(found.classes)
    goal = found.case.file.objective[0].replace("-", " ")
    header = ["outcome", "chance", *map(text, shown), "spend", goal]
    rows = [
        [
            _letter(number),
            percent(one.chance),
            *(text(one.amounts[name]) for name in shown),
            money(one.spend),
            money(one.objective),
        ]
        for number, one in enumerate(found.classes)
    ]
    title = f"Outcomes, from the worst: means of what is known from {found.case.periods.unit} {found.known} on"
    return Grid(title, header, rows, [False] + [True] * (len(header) - 1))


def _after_grid(found: Staged) -> Grid:
    keys = list(dict.fromkeys(key for one in found.classes for key, items in one.after.items() if items >= 0.5))
    order = {name: number for number, name in enumerate((*found.case.products, *found.case.vendors))}
    keys.sort(key=lambda key: (order[key[0]], order[key[1]]))
    rows = [[text(p), text(v), *(count(one.after.get((p, v), 0.0)) for one in found.classes)] for p, v in keys]
    header = ["product", "vendor", *(f"in {_letter(number)}" for number in range(len(found.classes)))]
    title = f"Then, from {found.case.periods.unit} {found.known} on: items by outcome"
    return Grid(title, header, rows, [False] * 2 + [True] * len(found.classes))


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _telling(classes: tuple[OutcomeClass, ...]) -> list[str]:
    """The amounts that differ most between outcomes, relative to themselves, in the case's order."""
    names = list(classes[0].amounts)

    def ratio(name: str) -> float:
        values = [float(one.amounts[name].split()[0].rstrip("%").replace("_", "")) for one in classes]
        return max(values) / max(min(values), 1e-300)

    largest = sorted(names, key=ratio, reverse=True)[:SHOWN]
    return [name for name in names if name in largest]


def _notes(found: Staged, kept: bool, out: Path | None) -> list[str]:
    """What the figures rest on."""
    unit, decision = found.case.periods.unit, found.found.stochastic
    shares = f"{len(found.plans)} scenarios stand for the {found.draws.count:,} drawn, their chances add up to 100%"
    notes = [f"{shares}; ± is the 95 % interval over 8 independent parts of them"]
    if decision.rounds:
        rounds = "1 round" if decision.rounds == 1 else f"{decision.rounds} rounds"
        notes.append(
            f"decided scenario by scenario in {rounds}: RP lies between its plans and a proven bound, {_gap(found)}"
        )
    unknown = [name for name in found.case.spreads.moved if name not in found.draws.amounts]
    if unknown:
        some = ", ".join(unknown[:3]) + (" …" if len(unknown) > 3 else "")
        notes.append(f"not known in time, and held at P50: {some}; `allocate odds` shows what they do")
    if found.several:
        notes.append(
            f"the case names several periods; the second stage waits for the last of them, {unit} {found.known}"
        )
    if not kept:
        unwritten = f", so {out} was not written" if out is not None else ""
        notes.append(f"with every amount at P50 no plan begins with this first stage{unwritten}")
    return notes


def _gap(found: Staged) -> str:
    """How far the plans may be from the best."""
    gap = found.found.rp.gap
    return "less than 0.01% apart" if gap < 1e-4 else f"{100 * gap:.2f}% apart"
