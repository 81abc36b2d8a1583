"""`allocate schema`: the JSON Schema of case files."""

from __future__ import annotations

import click


@click.command("schema", short_help="The JSON Schema of case files, for editors.")
def command() -> None:
    """Print the JSON Schema of case files.

    Editors that know YAML schemas complete and check a case whose first line is
    `# yaml-language-server: $schema=case.schema.json`.
    """
    from allocate.case.json_schema import case_schema
    from allocate.cli.output import print_json

    print_json(case_schema())
