"""`allocate dashboard`: the plan in a browser, with levers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import CaseGiven, case_argument, time_limit_option

if TYPE_CHECKING:
    from allocate.dashboard.tiles import Standing


@click.command("dashboard", short_help="The plan in a browser: move levers, see what it becomes, save scenarios.")
@case_argument
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="Port to listen at; default: any that is free.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Address to listen at; one that others reach needs --token.",
)
@click.option(
    "--token", envvar="ALLOCATE_TOKEN", metavar="TEXT",
    help="What the address must carry once, 16 characters or more; default: a new one. Also in ALLOCATE_TOKEN.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Print the address only; open no browser.")
@click.option("--read-only", is_flag=True, help="Let nobody save scenarios.")
@click.option(
    "--against", metavar="FILE|RUN", help="Another plan, as last quarter's; figures have their difference to it too."
)
@click.option(
    "--actuals", "folders", metavar="DIR", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="What was done, beside the plan: a folder that `actuals import` wrote. May be given several times.",
)  # fmt: skip
@time_limit_option("Stop planning a move after this many seconds.", default=10.0)
def command(
    given: CaseGiven,
    port: int,
    host: str,
    token: str | None,
    no_browser: bool,
    read_only: bool,
    against: str | None,
    folders: tuple[Path, ...],
    time_limit: float,
) -> None:
    """Show the plan of CASE in a browser, with a lever for each input that matters; each move plans it again.

    Nobody else can open the page: it listens on this machine alone, and asks for the token in the address. Nothing is asked of
    any other machine. Ctrl-C ends it.
    """
    from allocate.dashboard.serve import address_of, check_extra, checked_host, listening, new_token

    check_extra()
    if folders:
        from allocate.actuals.reading import read_actuals

        read_actuals(list(folders))
    found = listening(checked_host(host, token), port)
    token = token or new_token()
    address = address_of(found, token)
    click.echo(f"{address}\nOpen it in a browser; Ctrl-C ends it.")
    sys.stdout.flush()

    from allocate.dashboard.planner import Asked
    from allocate.dashboard.serve import serve

    other = _standing(against) if against is not None else None
    asked = Asked(given.path, given.scenario, given.settings, time_limit, other, folders, not read_only)
    serve(found, token, asked, None if no_browser else lambda: _opened(address))


def _standing(named: str) -> tuple[str, Standing]:
    from allocate.dashboard.tiles import standing_of
    from allocate.runs.sides import side
    from allocate.runs.store import home

    one = side(home(), named)
    return one.name, standing_of(one)


def _opened(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
