"""`allocate explain`: why the plan is as it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import case_argument

if TYPE_CHECKING:
    from allocate.api import Explanation


@click.command("explain", short_help="Why this plan, what each limit costs, what would change it.")
@case_argument
@click.option("--format", "format_", type=click.Choice(["table", "json", "md"]), default="table", show_default=True)
def command(case_path: Path, scenario: str | None, settings: tuple[str, ...], format_: str) -> None:
    """Explain the plan of CASE in money: marginal returns, what each limit costs, more budget, entry prices."""
    from allocate.api import explain, solve
    from allocate.case.load import read_case
    from allocate.cli import output
    from allocate.cli.answer import headline

    case = read_case(case_path, scenario, settings)
    answer = solve(case)
    if answer.plan is None:
        for line in headline(answer):
            click.echo(line)
        sys.exit({"infeasible": 3, "unbounded": 1}.get(answer.status.value, 5))
    found = explain(case)
    assert found is not None
    if format_ == "json":
        parts = {
            name: [vars(one) for one in getattr(found, name)] for name in ("margins", "limits", "money", "entries")
        }
        output.print_json({"case": case.name, "objective": answer.objective, "currency": case.currency, **parts})
        return
    for line in headline(answer):
        click.echo(line)
    click.echo()
    for line in _sentences(found, case.currency):
        click.echo(line)
    (output.print_tables if format_ == "table" else output.print_markdown)(_blocks(found, case.currency))


def _sentences(found: Explanation, currency: str) -> list[str]:
    lines = []
    if found.left is not None and found.left > 0.005:
        lines.append(
            f"{found.left:,.2f} {currency} of the budget is not spent: no more of it would pay, or be possible."
        )
    forced = [one.product for one in found.margins if one.returns < one.hurdle * (1.0 - 1e-6)]
    if forced:
        lines.append(f"Funded below the hurdle, because a floor asks for it: {', '.join(forced)}.")
    return [*lines, ""] if lines else []


def _blocks(found: Explanation, currency: str) -> list[tuple[str, list[str], list[list[str]], list[bool]]]:
    from allocate.cli.output import amount, share, significant, text

    show, money = significant(), amount(2)
    margins = [
        [text(one.product), show(one.value_of_item), show(one.cost_of_item), show(one.returns), show(one.hurdle)]
        for one in found.margins
    ]
    limits = [[text(one.subject), text(one.owner), text(one.reason), money(one.gain)] for one in found.limits]
    more = [
        [
            money(one.amount),
            money(one.spent),
            money(one.gain),
            ", ".join(f"{text(n)} {c:+,.0f}" for n, c in one.products),
        ]
        for one in found.money
    ]
    entries = [
        [
            text(one.vendor),
            share(1)(one.share),
            text(f"{one.product}, {one.workflow}"),
            show(one.price),
            show(one.entry) if one.entry > 0 else "not even for nothing",
            share(1)(one.cut) if one.entry > 0 else "–",
        ]
        for one in found.entries
    ]
    head = ["product", "value of one more item", "its cost", "return", "hurdle"]
    goal = f"{found.objective.replace('-', ' ')}, {currency}"
    blocks = [
        (f"Marginal return ({currency})", head, margins, [False, True, True, True, True]),
        (
            f"What each limit costs ({goal})",
            ["limit", "owner", "reason", "gain without it"],
            limits,
            [False] * 3 + [True],
        ),
        (f"More budget ({goal})", ["more", "spent", "gain", "goes to"], more, [True, True, True, False]),
        (
            f"Vendors chosen little, and the price at which they would come in ({currency} per item)",
            ["vendor", "share of spend", "nearest route", "price", "enters below", "cut"],
            entries,
            [False, True, False, True, True, True],
        ),
    ]
    return [block for block in blocks if block[2]]
