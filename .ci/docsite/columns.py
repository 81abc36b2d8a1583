"""Every column of every table, with its unit and meaning."""

from __future__ import annotations

import json

from click.testing import CliRunner

from allocate.cli import cli


def column_tables() -> str:
    """What `allocate schema --tables` says, as Markdown."""
    found = CliRunner().invoke(cli, ["schema", "--tables"])
    assert found.exit_code == 0, found.output
    parts = []
    for table, columns in json.loads(found.stdout).items():
        parts += [f"## {table}", "", "| column | unit | meaning |", "|---|---|---|"]
        parts += [f"| `{name}` | {one['unit']} | {_cell(one['meaning'])} |" for name, one in columns.items()]
        parts.append("")
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
