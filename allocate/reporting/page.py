"""The report as one page: HTML with its pictures inside, no script, nothing to fetch."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from allocate.reporting import charts
from allocate.reporting.document import Report
from allocate.reporting.wording import COMMAND

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def page(report: Report) -> str:
    """The report as HTML that stands alone."""
    return _environment().get_template("page.html.jinja").render(**_shown(report), style=style()) + "\n"


def body(report: Report) -> str:
    """The same without what stands around it, to be put into a page that has the style."""
    return _environment().get_template("body.html.jinja").render(**_shown(report))


def style() -> Markup:
    """The style of pages, which is the package's own."""
    from markupsafe import Markup

    return Markup(files("allocate.reporting").joinpath("templates/style.css").read_text(encoding="utf-8"))


def commands(text: str) -> Markup:
    """A sentence in which commands and options between backticks stand as code."""
    from markupsafe import Markup, escape

    return Markup(COMMAND.sub(r"<code>\1</code>", str(escape(text))))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("allocate.reporting", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["commands"] = commands
    return environment


def _shown(report: Report) -> dict[str, Any]:
    from markupsafe import Markup

    # The text of a picture comes escaped from the drawing.
    return {"report": report, "pictures": {name: Markup(drawn) for name, drawn in _pictures(report)}}


def _pictures(report: Report) -> Iterator[tuple[str, str]]:
    for number, section in enumerate(report.sections):
        if section.chart is not None:
            yield section.title, charts.svg(section.chart.specification, f"chart{number}")
