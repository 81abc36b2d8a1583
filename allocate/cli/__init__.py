"""The command line: each command parses, calls one library function, prints."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib import import_module
from typing import Any

import click

COLLECTING = (50_000, 20, 20)
"""Objects that are made, less those that have gone, before Python looks for cycles among them; and rounds of that before older ones."""

GROUPS = {
    "Plan": {
        "init": "A new case folder that works, with comments.",
        "check": "All problems of a case, or a one-line summary.",
        "solve": "The plan, verified; or why there is none.",
        "verify": "Check a plan file without a solver: limits, figures, bound.",
        "report": "The plan as a page to read: what, why, what could change it.",
        "dashboard": "The plan in a browser: move levers, see what it becomes, save scenarios.",
    },
    "Understand": {
        "explain": "Why this plan, what each limit costs, what would change it.",
        "assumptions": "Figures the plan rests on that the case does not state, largest effect first.",
        "costs": "The routes table: every unit-economics column, explained.",
        "tco": "What the best plan costs by year and category, nominal and discounted.",
        "bottlenecks": "How full each stage is by period, and which fills up first as demand grows.",
    },
    "Study": {
        "compare": "Scenarios, settings or cases side by side.",
        "frontier": "Value or least cost against budget, accuracy or deadline.",
        "sensitivity": "Which inputs move the answer most; or a table of two inputs.",
        "scale": "A product at x0.5 to x4: cost per item, and where capacity runs out.",
        "mix": "Work moved between two vendors: cost, quality, risk.",
    },
    "Uncertainty": {
        "odds": "How likely the plan is to keep each limit when inputs turn out differently.",
        "hedge": "The plan that keeps its promises with given odds and gives up least for it.",
        "pilot": "Which pilots pay, how large, and what to decide after them.",
    },
    "Quality and people": {
        "curve": "Learning curves that fit a product's measured points, best first.",
        "sampling": "Acceptance sampling: what a plan lets through, and how many items to check.",
        "staffing": "How many people keep a promise of answering in time.",
    },
    "Records and formats": {
        "actuals": "What really happened: exports of platforms, timesheets and invoices as tables.",
        "calibrate": "Measured figures for a case, with their ranges, from what was recorded.",
        "bridge": "Why one bill is higher than another, cause by cause, to the cent.",
        "track": "A plan against what was done, week by week: earned value, alarms, forecast.",
        "replan": "Re-plan what is left: work done is fixed, and as little as possible changes.",
        "diff": "What a change does to the plan, in at most 60 lines for a pull request.",
        "runs": "Runs that were kept: list, show, compare, remove.",
        "model": "The tasks, workflows, regions and drivers of a cost model.",
        "schema": "The JSON Schema of case files, for editors.",
        "mcp": "The same questions for an assistant, over the Model Context Protocol.",
        "export": "The program as an LP or MPS file; plans as tables.",
        "help": "Pages to read, words, and codes of errors; without network.",
    },
}
"""Commands by what they are for, in the order of the work, with one line on each."""
COMMANDS = {name: line for group in GROUPS.values() for name, line in group.items()}


class LazyGroup(click.Group):
    """A group whose commands are imported when they run, so that help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        from allocate.cli.examples import with_examples

        command: click.Command = import_module(f"allocate.cli.commands.{cmd_name}").command
        return with_examples(command, cmd_name)

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """The context; help is printed here."""
        from allocate.cli.streams import noticed

        with noticed():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        from allocate.cli.streams import noticed

        with noticed():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands in the help, group by group, without importing them."""
        width = max(map(len, COMMANDS))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), line) for name, line in commands.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, with a suggestion for a near miss."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from allocate.case.names import nearest

            close = nearest(args[0], COMMANDS)
            hint = f" Did you mean '{close}'?" if close else ""
            ctx.fail(f"There is no command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    epilog="Pages: `allocate help` lists a tutorial to start with, a guide for each task, and what every word means.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="allocate", prog_name="allocate")
def cli() -> None:
    """Plan data-annotation spend: which vendor labels what, at what quality, by when, and why.

    CASE is a folder with case.yaml, or a file. Answers go to stdout, everything else to stderr.

    Exit status: 0 done, 1 a problem in the case or its files, or output that cannot be written, 2 wrong usage,
    3 no plan is possible, 4 stopped early with a plan, 5 stopped early without one, 6 the spend rises by more than `diff` allows, 141 the reader of the output has
    gone (as `head` does; the run is kept).
    """


def main() -> None:
    """Run the command line; problems a user can solve end it without a traceback."""
    from allocate.cli.streams import UnwrittenError, failed, open_streams, tell
    from allocate.errors import CaseError, render

    # What is loaded at the start lasts: looking through it again and again for what does not takes a twentieth of a short run.
    gc.set_threshold(*COLLECTING)
    # Nor is it taken apart piece by piece at the end, which would take a fifth of a short run: what the system takes back at once.
    atexit.register(gc.freeze)
    if not open_streams():
        sys.exit(1)
    try:
        cli.main(prog_name="allocate")
    except CaseError as error:
        tell("\n\n".join(render(problem) for problem in error.problems))
        if len(error.problems) > 1:
            tell(f"\n{len(error.problems)} problems; nothing was planned or written.")
        sys.exit(1)
    except MemoryError:
        tell("error: there is not enough memory for this\n   = fix: plan fewer products, vendors, workflows or periods")
        sys.exit(1)
    except UnwrittenError as error:
        sys.exit(failed(error.error))
    except OSError as error:
        sys.exit(failed(error))
