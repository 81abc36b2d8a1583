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
    from allocate.api import formulate
    from allocate.case.load import read_case
    from allocate.cli.output import print_csv
    from allocate.program.export import write_lp, write_mps
    from allocate.program.legend import legend_table

    kind = format_ or (out.suffix.lstrip(".").lower() if out is not None else "lp")
    if kind not in ("lp", "mps"):
        raise click.UsageError(f"'{out}' ends neither in .lp nor in .mps; add --format lp or --format mps.")
    built = formulate(read_case(case_path, scenario, settings))
    if legend:
        print_csv(legend_table(built))
        return
    write = write_lp if kind == "lp" else write_mps
    if out is None:
        _to_stdout(write, built.program, kind)
        return
    try:
        write(built.program, out)
    except OSError as error:
        raise click.FileError(str(out), hint=error.strerror) from None
    click.echo(f"wrote {out}", err=True)


def _to_stdout(write: object, program: object, kind: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"program.{kind}"
        write(program, path)  # type: ignore[operator]
        click.echo(path.read_text(encoding="utf-8"), nl=False)
