"""`allocate runs`: the runs that were kept, one of them, two compared."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from allocate.cli.options import formats_option

FORMATS = click.Choice(["table", "json", "md"])


@click.group("runs", short_help="Runs that were kept: list, show, compare, remove.", invoke_without_command=True)
@formats_option("table", "json", "md")
@click.pass_context
def command(context: click.Context, format_: str) -> None:
    """List the runs that were kept, latest first.

    Each solve keeps its inputs, plan, certificate and figures, each study its inputs and points, `odds` and `pilot`
    what they find, in `.allocate` in the current folder, or in the folder that the environment variable ALLOCATE_HOME names; `--no-save` and
    ALLOCATE_NO_SAVE=1 keep nothing. The same run made again is kept once. A run is named by its id, by enough of its
    beginning, or as `latest`; `latest~1` is the one before.
    """
    if context.invoked_subcommand is not None:
        return
    from allocate.cli import kept
    from allocate.runs import index, store

    place = store.home()
    found = index.entries(place)
    kept.print_list([one for one in found if one.damage is None], place, format_)
    _name_damaged(found)


@command.command("show", short_help="One run: what was asked, what came out.")
@click.argument("id_", metavar="ID")
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv", "md"]), default="table")
def show(id_: str, format_: str) -> None:
    """Show the run ID: inputs, options, figures and plan or points; `--format json` is the whole of these, `csv` the lines."""
    from allocate.cli import kept
    from allocate.runs import store
    from allocate.runs.find import find

    place = store.home()
    kept.print_run(find(place, id_), place, format_)


@command.command("diff", short_help="How two runs differ: inputs, money, mix, points.")
@click.argument("before", metavar="[A]", required=False)
@click.argument("after", metavar="[B]", default="latest")
@click.option("--format", "format_", type=FORMATS, default="table", show_default=True)
def diff(before: str | None, after: str, format_: str) -> None:
    """Show how run B differs from run A: inputs by path, money, who makes what; of studies, the points that moved.

    Without A the latest run is compared with the one of its kind before it. A and B may be plan files too, `plan.json` as
    `allocate solve --out` writes it.
    """
    from allocate.cli import kept
    from allocate.runs import find, store
    from allocate.runs.differences import differences
    from allocate.runs.sides import of_run, side

    place = store.home()
    if before is None:
        last = find.find(place, after)
        pair = of_run(place, find.before(place, last)), of_run(place, last)
    else:
        pair = side(place, before), side(place, after)
    kept.print_differences(*pair, differences(*pair), format_)


@command.command("rebuild", short_help="Make the index again, checking every file.")
def rebuild() -> None:
    """Make the index again from the folders of the runs, each file checked by its hash. Exit status 1 where one is damaged."""
    from allocate.runs import index, store

    place = store.home()
    found = index.rebuild(place)
    whole = sum(one.damage is None for one in found)
    click.echo(f"{whole} run{'s' if whole != 1 else ''} in {place}")
    sys.exit(1 if _name_damaged(found) else 0)


@command.command("remove", short_help="Remove runs.")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
def remove(ids: tuple[str, ...]) -> None:
    """Remove the runs ID, with all their files."""
    from allocate.runs import index, store
    from allocate.runs.find import find

    place = store.home()
    for entry in dict.fromkeys(find(place, id_, damaged=True).id for id_ in ids):
        store.discard(Path(place, "runs", entry))
        click.echo(f"removed {entry}")
    index.entries(place)


def _name_damaged(found: object) -> bool:
    """Name the runs whose files are not as they were written, on stderr; whether there are any."""
    damaged = [one for one in found if one.damage is not None]  # type: ignore[attr-defined]
    for one in damaged:
        click.echo(f"note: the run {one.id} is damaged: {one.damage} (`allocate runs remove {one.id}`)", err=True)
    return bool(damaged)
