"""Each command's help ends with two examples, and each example is a line the command takes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from allocate.cli import COMMANDS, cli
from allocate.cli.examples import EXAMPLES


def _commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and every command below one, by what is typed behind `allocate`."""
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", one) for below, one in command.commands.items())


ALL = dict(_commands())


def test_no_command_goes_without_examples() -> None:
    """Every command has two examples that differ, and no example is of a command that is not there."""
    assert list(EXAMPLES) == [name for name in EXAMPLES if name in ALL]
    assert [name for name in ALL if len(set(EXAMPLES.get(name, ()))) != 2] == []


@pytest.mark.parametrize("name", ALL)
def test_help_ends_with_its_examples(name: str) -> None:
    """The last lines of a command's help are its examples."""
    lines = [line.strip() for line in ALL[name].get_help(click.Context(ALL[name], info_name=name)).splitlines()]
    at = lines.index("Examples:")
    assert [line.partition("allocate ")[2] for line in lines[at + 1 :]] == [
        one.rpartition("allocate ")[2] for one in EXAMPLES[name]
    ]


@pytest.mark.parametrize("name", ALL)
def test_each_example_is_taken(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line of each example parses: its options are there, and their values are of their kinds."""
    monkeypatch.chdir(tmp_path)
    for case in ("q1", "q2"):
        (tmp_path / case).mkdir()
        (tmp_path / case / "case.yaml").write_text("case: any\n", encoding="utf-8")
    for file in ("plan.json", "monday.json", "export.json", "map.yaml", "measured.yaml"):
        (tmp_path / file).write_text("{}", encoding="utf-8")
    (tmp_path / "actuals").mkdir()
    for example in EXAMPLES[name]:
        words = shlex.split(example.rpartition("allocate ")[2].partition(" >")[0])
        command: click.Command = cli
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            below = command.get_command(click.Context(command), words.pop(0))
            assert below is not None, example
            command = below
        if not isinstance(command, click.Group):
            command.make_context(name, words)
