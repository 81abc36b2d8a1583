"""Runs that were kept, as people and programs read them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from allocate.cli import output
from allocate.runs import store
from allocate.runs.differences import Amounts, Change, Differences, Moved
from allocate.runs.find import SOLVE
from allocate.runs.index import Entry
from allocate.runs.save import PLAN, STUDY
from allocate.runs.sides import Side
from allocate.tables.column import Column, Grid, chosen, grid
from allocate.tables.formats import FIGURE, LONG_TEXT, MONEY, TEXT, long_text, percent, text
from allocate.tables.plan import MIX
from allocate.tables.studies import KINDS

TITLES = {"odds": "Odds and figures", "pilot": "Choices of pilots"}
"""What stands over the rows of a run that has no points."""


def print_list(found: Sequence[Entry], place: Path, format_: str) -> None:
    """All runs in one table, latest first."""
    if format_ == "json":
        output.print_json([{**one.record, "last": _when(one)} for one in found])
        return
    if not found:
        click.echo(f"no run is kept in {text(place)}; `allocate solve CASE` and studies keep each of their runs")
        return
    header = ["run", "when (UTC)", "kind", "case", "asked", "status", "objective", "", "spend", "currency"]
    rows = [_row(one) for one in found]
    output.print_grids(
        [Grid(f"Runs in {text(place)}", header, rows, [False] * 6 + [True, False, True, False])], format_
    )


def _row(one: Entry) -> list[str]:
    record = one.record
    return [
        one.id,
        _when(one),
        text(record["kind"]),
        text(_case(record)),
        long_text("; ".join([*record["settings"], *_study_options(record)])) or "–",
        text(record["status"]),
        MONEY(record["objective"]),
        text(record["objective_name"]) if record["objective"] is not None else "",
        MONEY(record["spend"]),
        text(record["currency"]),
    ]


def _study_options(record: Mapping[str, Any]) -> list[str]:
    """What a study was asked for, in a few words; a solve's options stand with the run."""
    given = record["options"].items() if record["kind"] != SOLVE else ()
    return [f"{name.replace('_', ' ')} {_words(value)}" for name, value in given]


def _words(value: Any) -> str:
    return " | ".join(map(str, value)) if isinstance(value, list) else str(value)


def print_run(one: Entry, place: Path, format_: str) -> None:
    """One run: what was asked, what came out, where it lies."""
    import pandas as pd

    if one.record["kind"] != SOLVE:
        print_study(one, place, format_)
        return
    run = place / "runs" / one.id
    plan = store.content(run, PLAN)
    if output.print_data(format_, lambda: plan, lambda: plan["lines"]):
        return
    record = one.record
    click.echo(output.sentence(f"Run {one.id} of {_when(one)} UTC: {_case(record)}, {record['status']}.", format_))
    for reason in plan["reasons"]:
        click.echo(output.sentence(f"  {reason['sentence']}", format_))
    click.echo(output.sentence(f"Files: {run}", format_))
    click.echo()
    blocks = [_facts("Figures", _figures(record)), _facts("Asked", _asked(record))]
    if plan["lines"]:
        blocks.append(_mix(pd.DataFrame(plan["lines"]), record["currency"]))
    blocks.append(_facts("Inputs (SHA-256)", {name: text[:12] for name, text in record["inputs"].items()}))
    output.print_grids(blocks, format_)
    if plan["lines"] and record["source"]:
        click.echo(output.sentence(f"Check it: allocate verify {run / PLAN} {record['source']}", format_))


def _figures(record: Mapping[str, Any]) -> dict[str, str]:
    named = {"objective": f"{record['objective_name']} (objective)", "net_value": "net value"}
    shown = {named.get(key, key): record[key] for key in ("objective", "bound", "spend", "value", "net_value")}
    figures = {name: f"{MONEY(value)} {record['currency']}" for name, value in shown.items() if value is not None}
    gap = {} if record["gap"] is None else {"gap": percent(record["gap"], 4)}
    return {**figures, **gap, "seconds": MONEY(sum(record["seconds"].values()))}


def _asked(record: Mapping[str, Any]) -> dict[str, str]:
    options = {name.replace("_", " "): value for name, value in record["options"].items() if value not in (None, [])}
    held = options.pop("held", None)
    lines = {"lines held": str(len(held))} if held else {}
    settings = {"settings": "; ".join(record["settings"])} if record["settings"] else {}
    solver = {"solved by": record["solver"]} if record["solver"] else {}
    source = {"case": record["source"]} if record["source"] else {}
    versions = ", ".join(f"{name} {record['versions'][name]}" for name in ("allocate", "pulp", "highspy"))
    return {**source, **settings, **options, **lines, **solver, "versions": versions}


def _facts(title: str, facts: Mapping[str, Any]) -> Grid:
    rows = [[text(key), long_text(_words(value))] for key, value in facts.items()]
    return Grid(title, ["what", "is"], rows, [False] * 2)


def _mix(lines: Any, currency: str) -> Grid:
    keys = ["product", "vendor", "workflow"]
    table = lines.groupby(keys, sort=False)[["items", "spend"]].sum().reset_index()
    return grid(f"Plan ({currency})", chosen(MIX, *keys, "items", "spend"), table)


def print_differences(before: Side, after: Side, found: Differences, format_: str) -> None:
    """Two runs compared: inputs by path, figures, and who makes how much more or less."""
    if format_ == "json":
        output.print_json({"before": before.record, "after": after.record, **asdict(found)})
        return
    for word, one in (("A", before), ("B", after)):
        when = f" of {one.when} UTC" if one.when else ""
        line = f"{word}: {text(one.name)}{when}, {_case(one.record)}, {one.record['status']}"
        click.echo(output.sentence(line, format_))
    click.echo()
    currencies = {one.record["currency"] for one in (before, after)}
    currency = currencies.pop() if len(currencies) == 1 else "each in its own currency"
    blocks = [
        _changes("Inputs that differ", found.inputs, "path"),
        _changes("Files that differ (SHA-256)", found.files, "file"),
        _changes("Options and versions that differ", found.options, "what"),
        _changes(f"Figures that differ ({currency})", found.figures, "figure"),
        _amounts(f"Products that differ ({currency})", ["product"], found.products),
        _amounts(f"Vendors that differ ({currency})", ["vendor"], found.vendors),
        _amounts(f"Who makes what: what differs ({currency})", ["product", "vendor", "workflow"], found.mix),
        _points(f"{TITLES.get(before.record['kind'], 'Points')} that moved ({currency})", found.points),
    ]
    shown = [block for block in blocks if block[2]]
    if shown:
        output.print_grids(shown, format_)
    else:
        click.echo("The two are the same." if None in (before.when, after.when) else "The two runs are the same.")


def _changes(title: str, changes: Sequence[Change], word: str) -> Grid:
    numbers = all(isinstance(value, float) for one in changes for value in (one.before, one.after))
    rows = [[long_text(one.what.replace("_", " ")), _value(one.before), _value(one.after)] for one in changes]
    if not any(isinstance(one.before, float) and isinstance(one.after, float) for one in changes):
        return Grid(title, [word, "A", "B"], rows, [False] * 3)
    for row, one in zip(rows, changes, strict=True):
        row.append(_signed(one.before, one.after))
    return Grid(title, [word, "A", "B", "B - A"], rows, [False, numbers, numbers, True])


def _value(value: Any) -> str:
    if value is None:
        return "–"
    return MONEY(value) if isinstance(value, float) else long_text(_words(value))


def _signed(before: Any, after: Any) -> str:
    if not isinstance(before, float) or not isinstance(after, float):
        return "–"
    return _more(after - before, 2)


def _more(difference: float, decimals: int) -> str:
    """A difference with its sign; without one where it rounds to nothing."""
    shown = f"{difference:+,.{decimals}f}"
    return shown if any(digit in "123456789" for digit in shown) else shown[1:]


def _amounts(title: str, keys: list[str], amounts: Sequence[Amounts]) -> Grid:
    header = [*keys, "items A", "items B", "B - A", "spend A", "spend B", "B - A"]
    rows = [
        [
            *map(TEXT, one.name),
            *(f"{number:,.0f}" for number in one.items),
            _more(one.items[1] - one.items[0], 0),
            *map(MONEY, one.spend),
            _more(one.spend[1] - one.spend[0], 2),
        ]
        for one in amounts
    ]
    return Grid(title, header, rows, [False] * len(keys) + [True] * 6)


def _points(title: str, points: Sequence[Moved]) -> Grid:
    """Points of two studies, with their figures in each and the difference; figures none of them moved in are left out."""
    places = list(dict.fromkeys(name for one in points for name in one.at))
    status = any(one.status[0] != one.status[1] for one in points)
    names = list(dict.fromkeys(name for one in points for name, pair in one.figures.items() if pair[0] != pair[1]))
    header = [*(name.replace("_", " ") for name in places), *(["status A", "status B"] if status else [])]
    for name in names:
        header += [f"{name.replace('_', ' ')} A", f"{name.replace('_', ' ')} B", "B - A"]
    rows = []
    for one in points:
        row = [_value(one.at.get(name)) for name in places]
        row += [text(word or "–") for word in one.status] if status else []
        for name in names:
            pair = one.figures.get(name, (None, None))
            row += [*map(MONEY, pair), _signed(*pair)]
        rows.append(row)
    words = [not all(isinstance(one.at.get(name), float) for one in points) for name in places]
    return Grid(title, header, rows, [not word for word in words] + [False] * (2 * status) + [True] * (3 * len(names)))


def print_study(one: Entry, place: Path, format_: str) -> None:
    """A study that was kept: what was asked, and every point."""

    run = place / "runs" / one.id
    study = store.content(run, STUDY)
    if output.print_data(format_, lambda: study, lambda: study["rows"]):
        return
    record = one.record
    told = f"Run {one.id} of {_when(one)} UTC: {record['kind']} of {_case(record)}, {record['status']}."
    for line in (told, *study["notes"], f"Files: {run}"):
        click.echo(output.sentence(line, format_))
    click.echo()
    inputs = {name: text[:12] for name, text in record["inputs"].items()}
    blocks = [_facts("Asked", _asked(record)), _rows(study), _facts("Inputs (SHA-256)", inputs)]
    output.print_grids([block for block in blocks if block[2]], format_)


def _rows(study: Mapping[str, Any]) -> Grid:
    """All columns of a study's rows that say something, as its own table has them."""
    rows, known = study["rows"], {column.name: column for column in KINDS.get(str(study["study"]), ())}
    there = dict.fromkeys(name for row in rows for name in row)
    names = [name for name in there if any(row.get(name) not in (None, "") for row in rows)]
    columns = []
    for name in names:
        column, told = known.get(name, Column(name)), [row.get(name) for row in rows]
        if any(isinstance(value, str) for value in told):
            column = replace(column, format=LONG_TEXT)
        elif name not in known:
            column = replace(column, format=FIGURE)
        columns.append(column)
    title = TITLES.get(str(study["study"])) or f"Points: {str(study['objective_name']).replace('-', ' ')}"
    title += f" ({text(study['currency'])})"
    return grid(title, columns, [{name: row.get(name) for name in names} for row in rows])


def _case(record: Mapping[str, Any]) -> str:
    return f"{record['case']}, scenario {record['scenario']}" if record["scenario"] else str(record["case"])


def _when(one: Entry) -> str:
    moment = datetime.datetime.fromtimestamp(one.at // 10**9, datetime.UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")
