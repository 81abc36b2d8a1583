"""Arguments and options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorated = Callable[..., Any]

FORMATS = ("table", "json", "csv", "md")


def case_argument(function: Decorated) -> Decorated:
    """CASE, with the overrides laid over it."""
    wrapped = click.argument("case_path", metavar="CASE", type=click.Path(path_type=Path))(function)
    wrapped = click.option("--scenario", metavar="NAME", help="A scenario of the case, laid over it.")(wrapped)
    return click.option(
        "--set",
        "settings",
        metavar="PATH=VALUE",
        multiple=True,
        help="Override one value, as in --set budget='300k USD'. May be given several times.",
    )(wrapped)


def format_option(function: Decorated) -> Decorated:
    """How the answer is printed."""
    return click.option(
        "--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
    )(function)


def share_of(value: str | float) -> float:
    """A share, written as a percentage or a number from 0 to 1; a type of options."""
    if isinstance(value, float):
        return value
    text = value.strip()
    try:
        number = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        raise click.BadParameter(f"'{value}' is not a share; write 5% or 0.05") from None
    if not 0.0 <= number <= 1.0:
        raise click.BadParameter(f"'{value}' is not between 0% and 100%")
    return number
