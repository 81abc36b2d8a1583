"""`allocate export`: the program as a file other solvers read."""

from __future__ import annotations

from pathlib import Path

import click

from allocate.cli.options import case_argument


@click.command("export", short_help="The program as an LP or MPS file.")
@case_argument
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, dir_okay=False), help="File to write; its ending says LP or MPS."
)
@click.option("--format", "format_", type=click.Choice(["lp", "mps"]), help="LP or MPS, where there is no file.")
@click.option("--legend", is_flag=True, help="Print what each column and row stands for, as CSV, instead.")
def command(
    case_path: Path,
    scenario: str | None,
    settings: tuple[str, ...],
    out: Path | None,
    format_: str | None,
    legend: bool,
) -> None:
    """Write the program of CASE in a format any solver reads; names are ours, the legend explains them."""
    from allocate.api.solving import formulate
    from allocate.case.load import read_case
    from allocate.cli.output import print_csv, told
    from allocate.program.export import lp_text, mps_text
    from allocate.program.legend import legend_table
    from allocate.writing import check_can_write, write_whole

    kind = format_ or (out.suffix.lstrip(".").lower() if out is not None else "lp")
    if kind not in ("lp", "mps"):
        raise click.UsageError(f"'{out}' ends neither in .lp nor in .mps; add --format lp or --format mps.")
    if out is not None and not legend:
        check_can_write(out)
    built = formulate(told(read_case(case_path, scenario, settings)))
    if legend:
        print_csv(legend_table(built))
        return
    text = lp_text(built.program) if kind == "lp" else mps_text(built.program)
    if out is None:
        click.echo(text, nl=False)
        return
    write_whole(out, text)
    click.echo(f"wrote {out}", err=True)
