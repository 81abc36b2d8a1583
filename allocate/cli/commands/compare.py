"""`allocate compare`: scenarios, settings or cases side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import allow_path_option, format_option
from allocate.cli.output import print_data
from allocate.cli.studying import Asked, bars, finish, keep_points, run_study, study_options
from allocate.tables.column import Grid, chosen
from allocate.tables.formats import text
from allocate.tables.studies import COMPARE, PARTS, study_grid

if TYPE_CHECKING:
    from allocate.study.compare import Comparison
    from allocate.study.study import Row


@click.command("compare", short_help="Scenarios, settings or cases side by side.")
@click.argument("case_paths", metavar="CASE...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--scenario", "scenarios", metavar="NAME", multiple=True, help="A scenario to compare. May be given several times."
)
@click.option(
    "--set",
    "settings",
    metavar="PATH=VALUE",
    multiple=True,
    help="A further variant: the case with this value changed; '; ' separates several changes of one variant. May be given several times.",
)
@click.option(
    "--offers", metavar="FILE", multiple=True, type=click.Path(path_type=Path, dir_okay=False),
    help="A round of offers: the case with this rate card, named after the file, as in offers/2027-01-12.csv. May be given several times.",
)  # fmt: skip
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Also write the comparison down for people: DIR/compare.html, a page with charts, and compare.md.",
)  # fmt: skip
@allow_path_option
@format_option
@study_options
def command(
    case_paths: tuple[Path, ...],
    scenarios: tuple[str, ...],
    settings: tuple[str, ...],
    offers: tuple[Path, ...],
    folder: Path | None,
    format_: str,
    asked: Asked,
) -> None:
    """Plan every variant of CASE, and hold each against the first: the case as it is written."""
    from allocate.study.compare import compare

    if folder is not None:
        from allocate.reporting.write import check_extra
        from allocate.writing import check_can_fill

        check_extra()
        check_can_fill(folder, ("compare.html", "compare.md"))
    if len(case_paths) == 1 and not (scenarios or settings or offers):
        raise click.UsageError("There is nothing to compare: name two cases, a --scenario, a --set, or --offers.")
    try:
        found = run_study(asked, compare, case_paths, scenarios, settings, offers=offers)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    keep_points(found.study, ", ".join(map(str, case_paths)), found.as_object())
    if folder is not None:
        _write(found, folder)
    if not print_data(format_, found.as_object, lambda: found.study.table):
        _print(found, format_)
    finish(found.study)


def _write(found: Comparison, folder: Path) -> None:
    """Write the page and its Markdown; their names go to stderr, where they spoil no CSV."""
    from allocate.reporting.compared import compose_comparison
    from allocate.reporting.write import write_report
    from allocate.runs.save import versions

    for path in write_report(compose_comparison(found, versions()), folder, "compare"):
        click.echo(f"wrote {path}", err=True)


def _print(found: Comparison, format_: str) -> None:
    from allocate.cli import output
    from allocate.costing.quality.unstated import legend_of, unstated

    study = found.study
    output.told(study.case)
    currency = study.case.currency
    # Where nothing has a value, net value is the spend with another sign.
    worth = ("value", "net_value", "net_value_change") if any(row["value"] for row in study.rows) else ()
    totals = chosen(
        COMPARE, "variant", "status", "spend", "spend_change", *worth, "items", "accuracy", "cost_per_item",
        "cost_per_accurate_item", "vendors_used", "last_delivery", "why",
    )  # fmt: skip
    shown = ("items", "items_change", "spend", "spend_change", "spend_share", "last_delivery", "periods_later")
    grids = [_with_marks(study_grid(f"Side by side ({currency})", study.rows, totals), found)]
    for title, key, rows in (("Vendors", "vendor", found.vendors), ("Products", "product", found.products)):
        columns = [one for one in chosen(PARTS, "variant", key, *shown) if key == "vendor" or one.name != "spend_share"]
        changed = _changed(rows, study.rows[0]["variant"])
        if changed:
            grids.append(study_grid(f"{title} that change ({currency})", changed, columns))
    if found.prices:
        grids.append(_prices(found))
    output.print_grids(grids, format_)
    for line in study.notes:
        click.echo(output.sentence(line, format_))
    told = [
        legend_of(case, unstated(case))
        for variant, case in zip(study.rows, found.cases, strict=True)
        if variant["variant"] in found.unstated
    ]
    for line in dict.fromkeys(one for one in told if one):
        output.say(line, format_)
    if format_ == "table":
        for line in _chart(found):
            click.echo(line)


def _with_marks(table: Grid, found: Comparison) -> Grid:
    """A mark before the accuracy of each variant that rests on one that is not stated."""
    from allocate.costing.quality.unstated import MARK

    if "accuracy" not in table.header or not found.unstated:
        return table
    at = table.header.index("accuracy")
    rows = [
        [*row[:at], MARK + row[at], *row[at + 1 :]] if one["variant"] in found.unstated else row
        for row, one in zip(table.rows, found.study.rows, strict=True)
    ]
    return table._replace(rows=rows)


def _prices(found: Comparison) -> Grid:
    """Prices that differ, a row a line of the rate card, a column a variant."""
    variants = [text(row["variant"]) for row in found.study.rows]
    cells = [
        [*(text(name) or "any" for name in key), *(text(one or "–") for one in prices)] for key, prices in found.lines
    ]
    numeric = [False] * 3 + [True] * len(variants)
    return Grid(
        "Prices that differ, as each variant writes them", ["product", "vendor", "workflow", *variants], cells, numeric
    )


def _changed(rows: tuple[Row, ...], first: str) -> list[Row]:
    """Rows of the variants after the first in which something moved."""
    moved = [row for row in rows if row["variant"] != first]
    return [
        row
        for row in moved
        if abs(row["items_change"]) > 0.5 or abs(row["spend_change"]) > 0.005 or row["periods_later"]
    ]


def _chart(found: Comparison) -> list[str]:
    """Spend by vendor, a bar a variant."""

    rows = [
        (f"{text(row['vendor'])}, {text(row['variant'])}", row["spend"])
        for vendor in dict.fromkeys(row["vendor"] for row in found.vendors if row["spend"] > 0)
        for row in found.vendors
        if row["vendor"] == vendor
    ]
    lines = bars(rows)
    return ["", f"Spend by vendor ({found.study.case.currency})", *lines] if lines else []
