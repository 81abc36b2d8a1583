"""`allocate init`: a new case folder."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init", short_help="A new case folder that works, with comments.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write a small case with comments into DIR (a new or an empty folder), ready to solve."""
    from allocate.case.template import write_template

    for path in write_template(folder):
        click.echo(str(path))
    click.echo(f"\nNext: allocate solve {folder}", err=True)
