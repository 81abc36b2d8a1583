"""Arguments and options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

if TYPE_CHECKING:
    from allocate.case.load import Case

Decorated = Callable[..., Any]

FORMATS = ("table", "json", "csv", "md")


@dataclass(frozen=True)
class CaseGiven:
    """The case that a command is about: its path, and what is laid over it."""

    path: Path
    scenario: str | None
    settings: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The case as a command names it."""
        scenario = ["--scenario", self.scenario] if self.scenario else []
        return [str(self.path), *scenario, *(word for setting in self.settings for word in ("--set", setting))]

    def read(self) -> Case:
        """The case."""
        from allocate.case.load import read_case

        return read_case(self.path, self.scenario, self.settings)

    def told(self) -> Case:
        """The case, after its reader was told on stderr what must be known about how it was read."""
        from allocate.cli.output import told

        return told(self.read())


def case_argument(function: Decorated) -> Decorated:
    """CASE, with the overrides laid over it, as ``given``."""

    @wraps(function)
    def gathered(*args: Any, case_path: Path, scenario: str | None, settings: tuple[str, ...], **options: Any) -> Any:
        return function(*args, given=CaseGiven(case_path, scenario, settings), **options)

    named = click.argument("case_path", metavar="CASE", type=click.Path(path_type=Path))
    scenario = click.option("--scenario", metavar="NAME", help="Use a scenario of the case.")
    settings = click.option(
        "--set",
        "settings",
        metavar="PATH=VALUE",
        multiple=True,
        help="Override one value, as in --set budget='300k USD'. May be given several times.",
    )
    return settings(allow_path_option(scenario(named(gathered))))


def allow_path_option(function: Decorated) -> Decorated:
    """Folders that the files of a case may be read from, besides its own."""
    return click.option(
        "--allow-path",
        metavar="DIR",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        expose_value=False,
        callback=_allow,
        help="A folder that tables and cost models may be read from, besides the case's own.",
    )(function)


def _allow(_: click.Context, __: click.Parameter, folders: tuple[Path, ...]) -> None:
    from allocate.case.files import ALLOWED

    ALLOWED.set(folders)


def formats_option(*formats: str, words: str = "How to print.") -> Decorated:
    """How the answer is printed, the first format where nothing is said."""
    kinds = click.Choice(formats)
    return click.option("--format", "format_", type=kinds, default=formats[0], show_default=True, help=words)


format_option = formats_option(*FORMATS)
"""How the answer is printed: as tables, JSON, CSV or Markdown."""


def plan_option(words: str, name: str = "plan_path") -> Decorated:
    """A plan that is there already; words: what it is for."""
    return click.option("--plan", name, metavar="FILE|RUN", help=words)


def plan_out_option(words: str) -> Decorated:
    """The file that a plan is written to; words: what it is for."""
    return click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=words)


def actuals_option(words: str = "A folder that `actuals import` wrote.", required: bool = False) -> Decorated:
    """Folders of what was done; words: what they are for."""
    return click.option(
        "--actuals", "folders", metavar="DIR", multiple=True, required=required, type=click.Path(path_type=Path),
        help=f"{words} May be given several times.",
    )  # fmt: skip


def time_limit_option(
    words: str = "Stop each search after this many seconds.", default: float | None = None
) -> Decorated:
    """Seconds after which a search ends, with what it has by then."""
    seconds = Finite(above=0)
    return click.option("--time-limit", type=seconds, default=default, show_default=True, metavar="S", help=words)


MOST = 1e15
"""Largest number an option takes; numbers of items are whole up to there."""
MOST_ITEMS, MOST_SAMPLED = 1_000_000_000, 100_000
"""Items of a lot, and of a sample, that an option takes at most."""


@dataclass(frozen=True)
class Finite:
    """A finite number within bounds, as the type of an option; `nan` and `inf` are none."""

    least: float | None = None
    above: float | None = None
    __name__: ClassVar[str] = "number"

    def __call__(self, text: str | float) -> float:
        """The number a text says; click.BadParameter where it is none, or outside the bounds."""
        try:
            number = float(text)
        except ValueError:
            raise click.BadParameter(f"'{text}' is not a number") from None
        if not abs(number) <= MOST:
            raise click.BadParameter(f"'{text}' is not a finite number up to {MOST:g}")
        if self.least is not None and number < self.least:
            raise click.BadParameter(f"'{text}' is below {self.least:g}")
        if self.above is not None and number <= self.above:
            raise click.BadParameter(f"'{text}' is not above {self.above:g}")
        return number


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
