"""`allocate help`: the pages of the documentation, words and codes of errors, without network."""

from __future__ import annotations

import click


@click.command("help", short_help="Pages to read, words, and codes of errors; without network.")
@click.argument("what", metavar="[PAGE|WORD|CODE|COMMAND]", nargs=-1)
def command(what: tuple[str, ...]) -> None:
    """Print a page of the documentation, what a word means, what to do about the code of an error, or the help of a command.

    Without a name: the list of all pages.
    """
    from allocate.cli import pages

    word = " ".join(what)
    if not word:
        click.echo(_contents().rstrip())
    elif found := _command(what):
        click.echo(found)
    elif text := pages.codes().get(word):
        click.echo(text.rstrip())
    elif meaning := _meaning(word):
        click.echo(meaning)
    elif names := pages.named(word):
        click.echo("\n\n".join(pages.page(name).rstrip() for name in names))
    else:
        _unknown(word)


def _contents() -> str:
    """All pages by section, and the codes of errors."""
    from allocate.cli import pages

    titles = pages.titles()
    width = max(map(len, titles))
    parts = []
    for title, names in pages.sections():
        parts += [f"{title}:", *(f"  {name.ljust(width)}  {titles[name]}" for name in names), ""]
    codes = ", ".join(pages.codes())
    return "\n".join(
        [
            *parts,
            "`allocate help guides/odds` prints a page, `allocate help hurdle` says what a word means.",
            f"Codes of errors: {codes}.",
        ]
    )


def _command(what: tuple[str, ...]) -> str:
    """The help of a command, and the pages that are called like it; nothing where no command is called so."""
    from allocate.cli import COMMANDS, cli, pages

    context = click.Context(cli, info_name="allocate")
    if what[0] not in COMMANDS:
        return ""
    found = cli.get_command(context, what[0])
    for name in what:
        if found is None or (name != what[0] and not isinstance(found, click.Group)):
            return ""
        if name != what[0]:
            assert isinstance(found, click.Group)
            found = found.get_command(context, name)
        if found is None:
            return ""
        context = click.Context(found, context, info_name=name)
    assert found is not None
    names = pages.named(what[-1])
    more = f"\n\nPages: {', '.join(f'allocate help {name}' for name in names)}" if names else ""
    return found.get_help(context) + more


def _meaning(word: str) -> str:
    from allocate.cli import pages

    found = {name.lower(): (name, meaning) for name, meaning in pages.words().items()}
    name, meaning = found.get(word.lower(), ("", ""))
    return f"{name}: {meaning}" if name else ""


def _unknown(word: str) -> None:
    from allocate.case.names import nearest
    from allocate.cli import COMMANDS, pages
    from allocate.errors import CaseError

    known = [
        *COMMANDS,
        *pages.codes(),
        *pages.words(),
        *pages.titles(),
        *(name.rpartition("/")[2] for name in pages.titles()),
    ]
    close = nearest(word, known)
    fix = f"did you mean `{close}`?" if close else "`allocate help` lists the pages"
    raise CaseError.of(f"no page, word, code or command is called '{word}'", None, fix)
