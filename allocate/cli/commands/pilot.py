"""`allocate pilot`: which pilots pay, how large they should be, and what to decide after them."""

from __future__ import annotations

import sys
import time

import click

from allocate.cli.keeping import keep_study, save_option
from allocate.cli.options import CaseGiven, case_argument, format_option


@click.command("pilot", short_help="Which pilots pay, how large, and what to decide after them.")
@case_argument
@format_option
@click.option(
    "--scenarios", type=click.IntRange(16, 65_536), metavar="N", help="Scenarios drawn, a multiple of 8; default: 512."
)
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), metavar="N", help="Seed of the random draws; default: the case's."
)
@save_option
def command(
    given: CaseGiven,
    format_: str,
    scenarios: int | None,
    seed: int | None,
) -> None:
    """Say which of the pilots of CASE to run, with how many items and annotators, or none; and what to do with each outcome.

    Before it anything else of the plan may go on; after it the vendor's part is decided with what the pilot showed. What a
    pilot's fixed cost and checks come to is set against its worth, and counts towards no budget. CSV is one row per choice of
    pilots. Exit status 0 with an answer, which may be that no pilot pays.
    """
    from allocate.cli import output
    from allocate.odds.as_study import pilots_as_study
    from allocate.odds.pilot_words import as_object, design_rows, grids, sentences
    from allocate.odds.pilots import pilots
    from allocate.tables.pilots import DESIGNS

    if scenarios is not None and scenarios % 8:
        raise click.UsageError(f"--scenarios is a multiple of 8, such as {scenarios + 8 - scenarios % 8}.")
    began = time.monotonic()
    found = pilots(given.read(), scenarios, seed)
    keep_study(pilots_as_study(found), (found.case,), str(given.path), time.monotonic() - began)
    columns = [one.name for one in DESIGNS]
    if not output.print_data(format_, lambda: as_object(found), lambda: design_rows(found), columns):
        output.print_grids(grids(found), format_)
        for line in sentences(found):
            output.say(line, format_)
    sys.exit(0)
