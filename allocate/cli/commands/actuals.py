"""`allocate actuals`: exports of annotation platforms, timesheets and invoices as tables the other commands read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import formats_option

if TYPE_CHECKING:
    from allocate.actuals.importing import Imported


@click.group("actuals", short_help="What really happened: exports of platforms, timesheets and invoices as tables.")
def command() -> None:
    """Read what annotation platforms, timesheets and invoices say into tables of work, with every correction counted."""


@command.command("import", short_help="Read exports into a folder: labels.csv, periods.csv, import.json.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--from", "kind", metavar="KIND", help="What the files are; default: told from the first file.")
@click.option(
    "--map",
    "map_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Which project is which product, who works for whom.",
)
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="The folder to write to.")
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    show_default=True,
    help="Periods of periods.csv.",
)
@click.option("--guess", is_flag=True, help="Print a first map for the first file, and import nothing.")
@formats_option("table", "json")
def import_(
    files: tuple[Path, ...],
    kind: str | None,
    map_path: Path | None,
    out: Path | None,
    by: str,
    guess: bool,
    format_: str,
) -> None:
    """Read exports of annotation platforms, timesheets or invoices, clean them, and write them as tables.

    Nothing is left out without a count, people become codes, and nothing is fetched: export first, then import.

    Kinds: label-studio, cvat-events, cvat-quality, labelbox, labelbox-v1, sagemaker, mturk, appen, toloka, v7, encord,
    timesheet, invoice, and table for any other. Tables may be CSV or workbooks (.xlsx).
    """
    from allocate.actuals.guess import guessed, kind_of
    from allocate.actuals.importing import kind_named, write_actuals

    wanted = kind_named(kind) if kind is not None else kind_of(files[0])
    if guess:
        click.echo(guessed(files[0], wanted), nl=False)
        return
    if map_path is None or out is None:
        raise click.UsageError("--map and --out are needed; `--guess` prints a first map.")
    imported = write_actuals(files, wanted.name, map_path, out, by)  # type: ignore[arg-type]
    _print(imported, out, format_)


def _print(imported: Imported, out: Path, format_: str) -> None:
    """What was read and cleaned."""
    from allocate.actuals.cleaning import CLEANED, cleaned_rows
    from allocate.cli.output import print_json, print_tables, say
    from allocate.tables.column import grid

    told = imported.summary()
    if format_ == "json":
        print_json(told)
        return
    if imported.cleaned:
        print_tables([grid("What was cleaned", CLEANED, cleaned_rows(list(imported.cleaned)))])
    else:
        say("Nothing had to be cleaned.")
    when = f", {told['first_day']} to {told['last_day']}" if told["first_day"] else ""
    people = "1 person" if told["people"] == 1 else f"{told['people']:,} people"
    if told["labels"] or not (told["spend"] or told["hours_paid"]):
        say(f"{told['labels']:,} labels of {told['items']:,.0f} items by {people}{when}.")
    hours = f"{told['hours_active']:,.2f} h at work, {told['hours_lost']:,.2f} h lost or cut"
    paid = f", {told['hours_paid']:,.2f} h paid" if told["hours_paid"] else ""
    spend = "".join(f"; {amount:,.2f} {currency} billed" for currency, amount in told["spend"].items())
    say(f"{hours}{paid}{spend}.")
    say(
        f"Written to {out}: labels.csv, periods.csv, import.json. Codes of people are made with people.key there: keep it to yourself."
    )
