"""`allocate diff`: what a change of a case does to its plan, for a pull request."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import allow_path_option, formats_option, share_of, time_limit_option

if TYPE_CHECKING:
    from allocate.runs.sides import Side

RISEN = 6
"""Exit status where the spend rises by more than was allowed."""


@click.command("diff", short_help="What a change does to the plan, in at most 60 lines for a pull request.")
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="HEAD")
@click.option("--scenario", metavar="NAME", help="A scenario of both cases, laid over them.")
@click.option("--set", "settings", metavar="PATH=VALUE", multiple=True, help="Override one value in both cases.")
@allow_path_option
@click.option(
    "--fail-over", type=share_of, metavar="SHARE", help=f"Exit with status {RISEN} where the spend rises by more, as in 5%."
)  # fmt: skip
@time_limit_option()
@formats_option("md", "table", "json")
def command(
    base: str, head: str, scenario: str | None, settings: tuple[str, ...], fail_over: float | None, time_limit: float | None, format_: str
) -> None:  # fmt: skip
    """Plan BASE and HEAD, and say what differs: figures, inputs, products, vendors, and limits that begin or cease to bind.

    Each is a case (a folder or its case.yaml), a plan file as `allocate solve --out` writes it, or a run that was kept.
    """
    from allocate.cli.output import print_grids, print_json, say
    from allocate.runs.comment import headline, rise, tables
    from allocate.runs.differences import differences

    before, after = (_side(word, scenario, settings, time_limit) for word in (base, head))
    found = differences(before, after)
    risen = rise(before, after)
    if format_ == "json":
        from dataclasses import asdict

        print_json({"before": before.record, "after": after.record, "rise": risen, **asdict(found)})
    else:
        shown = tables(before, after, found)
        say(headline(before, after) if shown else "The plan is the same.", format_)
        click.echo()
        print_grids(shown, format_)
    if fail_over is not None and (risen is None or risen > fail_over + 1e-12):
        why = (
            "it is not known by how much the spend rises"
            if risen is None
            else f"the spend rises by {100.0 * risen:.2f}%"
        )
        click.echo(f"error: {why}; at most {100.0 * fail_over:g}% is allowed (--fail-over)", err=True)
        sys.exit(RISEN)


def _side(word: str, scenario: str | None, settings: tuple[str, ...], time_limit: float | None) -> Side:
    """A case that is planned now, a plan file, or a kept run."""
    from allocate.api.solving import solve
    from allocate.case.load import read_case
    from allocate.errors import CaseError
    from allocate.runs import store
    from allocate.runs.sides import of_answer, side

    path = Path(word)
    if path.is_dir() or path.suffix in (".yaml", ".yml"):
        return of_answer(word, solve(read_case(path, scenario, settings), time_limit=time_limit))
    if scenario is not None or settings:
        message = f"'{word}' is planned already, so a scenario or a setting cannot be laid over it"
        raise CaseError.of(message, None, "name the case's folder instead, or leave --scenario and --set out")
    return side(store.home(), word)
