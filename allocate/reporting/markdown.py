"""The report as Markdown for a pull request: the same words and figures; pictures as their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allocate.reporting.document import Cells, Report, Section, Table
from allocate.reporting.wording import COMMAND

MARKS = re.compile(r"([\\`*_\[\]|~$])")
LINE_STARTS = re.compile(r"^(\s*)([#+=-]|\d+[.)](?=\s))")


def markdown(report: Report) -> str:
    """The report as Markdown; no name in it can become a link, a mention, or HTML."""
    lines = [f"# {escaped(report.title)}", "", _paragraph(report.subtitle), "", f"**{escaped(report.headline)}**", ""]
    for sentence in report.sentences:
        lines += [_paragraph(sentence), ""]
    if report.tiles:
        tiles = tuple((tile.name, tile.amount, tile.about) for tile in report.tiles)
        lines += [*_grid(("", "", ""), (False, True, False), tiles), ""]
    for section in (*report.sections, report.provenance):
        lines += _section(section)
    return "\n".join(lines).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no markup but commands as code, no HTML, no link, nobody called upon."""
    plain, *commands = COMMAND.split(text)
    return _plain(plain) + "".join(
        f"`{one}`{_plain(rest)}" for one, rest in zip(commands[::2], commands[1::2], strict=True)
    )


def _plain(text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = re.sub(r"(?<!&)#(?=\w)", "&#35;", MARKS.sub(r"\\\1", safe)).replace("@", "&#64;")
    return re.sub(r"(?i)\bwww\.", "www&#46;", safe).replace("://", "&#58;//")


def _paragraph(text: str) -> str:
    """The same at the beginning of a line, where some signs would begin a heading or a list."""
    return LINE_STARTS.sub(lambda m: f"{m[1]}&#{ord(m[2][0])};{m[2][1:]}", escaped(text))


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.title)}"
    yield ""
    for sentence in section.sentences:
        yield _paragraph(sentence)
        yield ""
    figures = section.chart.figures if section.chart is not None else None
    if figures is not None and figures not in section.tables:
        yield from _folded(figures, "The figures")
    for table in section.tables:
        if table.shown:
            yield from _grid(table.header, table.numeric, table.head)
            yield ""
        if not table.is_whole:
            if table.shown:
                yield f"Shown: {escaped(table.says)}."
                yield ""
            yield from _folded(table, f"All {len(table.rows):,} {table.what}")
    for point in section.points:
        yield f"- {escaped(point)}"
    if section.points:
        yield ""


def _folded(table: Table, words: str) -> Iterator[str]:
    yield f"<details><summary>{escaped(words)}</summary>"
    yield ""
    yield from _grid(table.header, table.numeric, table.rows)
    yield ""
    yield "</details>"
    yield ""


def _grid(header: Cells, numeric: tuple[bool, ...], rows: tuple[Cells, ...]) -> Iterator[str]:
    yield "| " + " | ".join(map(escaped, header)) + " |"
    yield "|" + "|".join("---:" if right else "---" for right in numeric) + "|"
    for row in rows:
        yield "| " + " | ".join(map(escaped, row)) + " |"
