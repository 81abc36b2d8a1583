"""Keeping what a command has planned for `allocate runs`, unless it is told not to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.options import Decorated
from allocate.tables.formats import long_text

if TYPE_CHECKING:
    from allocate.answers import Answer
    from allocate.case.load import Case

_KEY = "allocate.no_save"
NOT_ASKED = ("format_", "workers", "cluster", "patience", "case_path", "case_paths", "scenario", "settings", "folder")
"""Parameters of a study that say what of, how it is done or how it is shown, and change nothing of it."""


def save_option(function: Decorated) -> Decorated:
    """Whether the run is kept; read by `keep` and `keep_study`."""
    return click.option(
        "--no-save",
        is_flag=True,
        envvar="ALLOCATE_NO_SAVE",
        expose_value=False,
        callback=_note,
        help="Keep nothing of this run for `allocate runs`; ALLOCATE_NO_SAVE=1 keeps nothing of any.",
    )(function)


def _note(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[_KEY] = value


def keep(answer: Answer, source: object) -> None:
    """Keep a solve; where that is not possible a note on stderr says why."""
    from allocate.runs.save import save_run

    _kept(lambda: save_run(answer, source=str(source)))


def keep_study(study: dict[str, Any], cases: tuple[Case, ...], source: str, seconds: float) -> None:
    """Keep a study as JSON has it, with what was asked on the command line."""
    from allocate.runs.save import save_study

    params = click.get_current_context().params
    options = {name: value for name, value in params.items() if name not in NOT_ASKED and value not in (None, ())}
    for name in ("scenarios", "settings"):
        if study["study"] == "compare" and params.get(name):
            options[name] = list(params[name])
    if "offers" in options:
        options["offers"] = [str(path) for path in options["offers"]]
    _kept(lambda: save_study(study, cases, options, source=source, seconds=seconds))


def _kept(save: Callable[[], str]) -> None:
    from allocate.runs.save import not_kept

    if click.get_current_context().meta.get(_KEY):
        return
    why = not_kept(save)
    if why is not None:
        click.echo(f"note: {long_text(why)}", err=True)
