"""A page for each command, from its own help: usage, what it does, arguments, options, examples, and the pages that show it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from allocate.cli import COMMANDS, GROUPS, cli


def command_pages(written: Mapping[str, str]) -> dict[str, str]:
    """Pages by their path in the site; `written`: the texts of the written pages, for what leads back to them."""
    return {f"reference/commands/{name}.md": _page(name, written) for name in COMMANDS}


def command_list() -> str:
    """All commands by what they are for, each with a link to its page."""
    parts = []
    for title, commands in GROUPS.items():
        parts += [f"## {title}", "", "| command | what it does |", "|---|---|"]
        parts += [f"| [`allocate {name}`](commands/{name}.md) | {line} |" for name, line in commands.items()]
        parts.append("")
    return "\n".join(parts)


def _page(name: str, written: Mapping[str, str]) -> str:
    command = _of(name)
    parts = [f"# allocate {name}", "", "This page is generated from the command's own help.", ""]
    parts += _described(command, f"allocate {name}", 2)
    where = [(place, text) for place, text in written.items() if re.search(rf"\ballocate {name}\b", text)]
    guides = [one for one in where if one[0].startswith(("guides/", "tutorials/", "concepts/"))]
    parts += ["## Pages that use it", "", *(_link(name, *one) for one in guides), ""]
    return "\n".join(parts)


def _of(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


def _link(name: str, place: str, text: str) -> str:
    title = text.partition("\n")[0].removeprefix("# ")
    return f"- [{title}]({os.path.relpath(place, Path('reference/commands'))})"


def _described(command: click.Command, called: str, level: int) -> Iterator[str]:
    context = click.Context(command, info_name=called)
    usage = " ".join(command.collect_usage_pieces(context))
    yield from (f"```text\n{called} {usage}\n```", "")
    yield from (_plain(command.help or ""), "")
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    if options:
        yield from ("| option | what it does |", "|---|---|")
        yield from (_row(one, context) for one in options)
        yield ""
    if command.epilog:
        yield from ("Examples:", "", "```sh", _examples(command.epilog), "```", "")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from (f"{'#' * level} {called} {name}", "")
            yield from _described(below, f"{called} {name}", level + 1)


def _plain(text: str) -> str:
    """Help as paragraphs; a block that click keeps as it is stays so."""
    paragraphs = []
    for part in re.split(r"\n\s*\n", text.strip()):
        if part.strip().startswith("\b"):
            paragraphs.append("```text\n" + part.replace("\b\n", "").strip("\n") + "\n```")
        else:
            paragraphs.append(_escaped(" ".join(part.split())))
    return "\n\n".join(paragraphs)


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*").replace("|", "\\|").replace("[", "&#91;")


def _examples(epilog: str) -> str:
    lines = [line.strip() for line in epilog.replace("\b", "").splitlines()]
    return "\n".join(line for line in lines if line.startswith("allocate "))


def _row(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None
    written, meaning = record
    written = written.replace("|", "\\|")
    return f"| `{written}` | {_escaped(' '.join(meaning.split()))} |"
