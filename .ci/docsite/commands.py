"""All commands, from their own help: usage, what each does, options, examples, and the pages that show it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from allocate.cli import GROUPS, cli


def command_pages(written: Mapping[str, str]) -> dict[str, str]:
    """A page for each group, by its path in the site; `written`: the texts of the written pages, for what leads back to them."""
    return {_place(title): _page(title, commands, written) for title, commands in GROUPS.items()}


def command_list() -> str:
    """All commands by what they are for, each with a link to its place."""
    parts = []
    for title, commands in GROUPS.items():
        parts += [f"## {title}", "", "| command | what it does |", "|---|---|"]
        page = _place(title).removeprefix("reference/")
        parts += [f"| [`allocate {name}`]({page}#allocate-{name}) | {line} |" for name, line in commands.items()]
        parts.append("")
    return "\n".join(parts)


def _place(title: str) -> str:
    return f"reference/commands/{title.lower().replace(' ', '-')}.md"


def _page(title: str, commands: Iterable[str], written: Mapping[str, str]) -> str:
    parts = [f"# {title}", "", "This page is generated from the commands' own help.", ""]
    for name in commands:
        parts += [f"## allocate {name}", "", *_described(_of(name), f"allocate {name}", 3)]
        where = [(place, text) for place, text in written.items() if re.search(rf"\ballocate {name}\b", text)]
        guides = [one for one in where if one[0].startswith(("guides/", "tutorials/", "concepts/"))]
        parts += ["Pages that use it: " + ", ".join(_link(*one) for one in guides) + ".", ""]
    return "\n".join(parts)


def _of(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


def _link(place: str, text: str) -> str:
    title = text.partition("\n")[0].removeprefix("# ")
    return f"[{title}]({os.path.relpath(place, Path('reference/commands'))})"


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
    return "\n".join(line for line in lines if "allocate " in line)


def _row(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None
    written, meaning = record
    written = written.replace("|", "\\|")
    return f"| `{written}` | {_escaped(' '.join(meaning.split()))} |"
