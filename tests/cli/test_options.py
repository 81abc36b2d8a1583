"""Options that take a number take a finite one: each other text is named, with the option, before any work."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from command_line import Run

from allocate.cli import cli
from allocate.cli.options import MOST, Finite, share_of


def commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command, and the words it is called by."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*words, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))


OPTIONS = [(words, option) for words, command in commands(cli) for option in command.params]


def takes_a_number(option: click.Parameter) -> bool:
    """Whether an option takes a number or a share."""
    kind = getattr(option.type, "func", None)
    return kind is share_of or isinstance(kind, Finite)


NUMBERS = [
    pytest.param(words, option.opts[0], id=" ".join((*words, option.opts[0])))
    for words, option in OPTIONS
    if takes_a_number(option)
]


def test_no_option_takes_numbers_of_another_kind() -> None:
    """Every option with a fraction is `Finite` or a share, and every whole number has an end."""
    for words, option in OPTIONS:
        assert not isinstance(option.type, (click.FloatRange, type(click.FLOAT))), (words, option.name)
        if isinstance(option.type, (click.IntRange, type(click.INT))):
            assert isinstance(option.type, click.IntRange), (words, option.name)
            assert option.type.max is not None, (words, option.name)
    assert len(NUMBERS) > 20


@pytest.mark.parametrize(("words", "option"), NUMBERS)
def test_nan_and_infinity_are_no_numbers(run: Run, words: tuple[str, ...], option: str) -> None:
    """`nan`, `inf`, what overflows to it, and text are refused with status 2, and the option is named."""
    for text in ("nan", "inf", "-inf", "1e999", "-nan", "infinity", "much", "", "1e400%", "nan%"):
        ran = run(*words, f"{option}={text}")
        assert (ran.code, ran.out) == (2, ""), text
        assert option in ran.err, text
        assert "Traceback" not in ran.err


def test_a_number_has_bounds() -> None:
    """Bounds are kept on both sides, and the largest number is one that counts items exactly."""
    assert Finite(above=0)("0.5") == 0.5
    for kind, text in ((Finite(above=0), "0"), (Finite(least=1), "0.99"), (Finite(), f"{2 * MOST:g}")):
        with pytest.raises(click.BadParameter):
            kind(text)


def test_a_whole_number_too_long_is_refused(run: Run) -> None:
    """Whole numbers of any length end in a message, not in a calculation that never ends."""
    for words in (
        ("sampling", "curve", "--accept", "1", "--sample"),
        ("sampling", "interval", "--right", "1", "--checked"),
    ):
        ran = run(*words, "9" * 400)
        assert ran.code == 2
        assert words[-1] in ran.err
