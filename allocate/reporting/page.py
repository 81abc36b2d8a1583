"""The report as one page: HTML with its pictures inside, no script, nothing to fetch."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from allocate.reporting import charts
from allocate.reporting.document import Report


def page(report: Report) -> str:
    """The report as HTML that stands alone."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("allocate.reporting", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    # The text of a picture comes escaped from the drawing; the style is the package's own.
    pictures = {name: Markup(drawn) for name, drawn in _pictures(report)}
    style = Markup(files("allocate.reporting").joinpath("templates/style.css").read_text(encoding="utf-8"))
    return environment.get_template("page.html.jinja").render(report=report, pictures=pictures, style=style) + "\n"


def _pictures(report: Report) -> Iterator[tuple[str, str]]:
    for number, section in enumerate(report.sections):
        if section.chart is not None:
            yield section.title, charts.svg(section.chart.specification, f"chart{number}")
