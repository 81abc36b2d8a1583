"""`allocate mcp`: the same questions for an assistant."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click


@click.command("mcp", short_help="The same questions for an assistant, over the Model Context Protocol.")
@click.argument(
    "folder", metavar="[FOLDER]", type=click.Path(path_type=Path, exists=True, file_okay=False), default="."
)
def command(folder: Path) -> None:
    """Serve the cases below FOLDER (default: the current one) to an assistant, over standard input and output.

    An assistant can list, check, solve, explain and compare cases, and ask for unit costs, odds and bridges. It sees nothing
    outside of FOLDER. It can write one thing, a scenario into a case, and only with a code that its first call tells.
    Answers are cut at 30,000 characters, and say what was left out.
    """
    from allocate.errors import CaseError

    if find_spec("mcp") is None:
        fix = "pip install '.[mcp]' in a clone of the repository, else pip install 'allocate[mcp]'"
        raise CaseError.of("serving an assistant needs mcp, which is not installed", None, fix)
    from allocate.assistant.server import server

    server(folder).run("stdio")
