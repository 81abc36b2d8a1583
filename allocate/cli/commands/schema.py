"""`allocate schema`: the JSON Schema of case files, and what the columns of tables mean."""

from __future__ import annotations

import click


@click.command("schema", short_help="The JSON Schema of case files, for editors.")
@click.option("--tables", is_flag=True, help="Instead: unit and meaning of every column of every table, as JSON.")
def command(tables: bool) -> None:
    """Print the JSON Schema of case files.

    Editors that know YAML schemas complete and check a case whose first line is
    `# yaml-language-server: $schema=case.schema.json`.
    """
    from allocate.cli.output import print_json

    if tables:
        from allocate.tables.column import legend
        from allocate.tables.every import TABLES

        print_json({name: legend(columns, "money") for name, columns in TABLES.items()})
        return
    from allocate.case.json_schema import case_schema

    print_json(case_schema())
