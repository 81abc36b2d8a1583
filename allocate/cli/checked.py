"""What the check of a plan file found, as people and programs read it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from allocate.certificate.certificate import Certificate
from allocate.certificate.engagement.proof import Engaged
from allocate.certificate.parted_work import PartedWork
from allocate.cli import output
from allocate.cli.proof import no_plan_passes
from allocate.errors import Problem, render
from allocate.program.partition import WHOLE
from allocate.record.check import Checked
from allocate.record.plain_values import plain
from allocate.solvers.outcome import Status
from allocate.tables.column import grid, names
from allocate.tables.formats import MONEY, long_text
from allocate.tables.tools import CHECKED
from allocate.verification import TOLERANCE

if TYPE_CHECKING:
    pass

MOST_SHOWN = 20
"""Objections printed in full; the others are counted."""


def print_checked(found: Checked, format_: str) -> None:
    """Whether the file holds, why, and every objection (on stderr, as all errors)."""
    rows = [_objection(one) for one in found.objections]
    if output.print_data(format_, lambda: _json(found), lambda: rows, ["objection", "place"]):
        return
    output.say(_asked(found), format_)
    for line in _changed(found):
        click.echo(long_text(line), err=True)
    for one in found.objections[:MOST_SHOWN]:
        click.echo(f"{render(one)}\n", err=True)
    more = len(found.objections) - MOST_SHOWN
    if more > 0:
        click.echo(f"and {more:,} more; `--format json` prints them all", err=True)
    for line in _verdict(found):
        output.say(line, format_)


def print_limits(found: Checked, format_: str) -> None:
    """Every limit, what the plan uses of it, and what is left before it."""
    checks = found.answer.verification.checks if found.answer.verification is not None else ()
    columns = names(CHECKED)
    rows: list[list[object]] = [
        [c.subject, "at least" if c.at_least else "at most", c.used, c.limit, c.slack, c.unit] for c in checks
    ]
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    if not output.print_data(format_, lambda: {"limits": named}, lambda: rows, columns):
        output.print_grids([grid("Limits, recomputed from the case", CHECKED, named)], format_)


def _objection(one: Problem) -> list[object]:
    return [one.message, str(one.place) if one.place is not None else ""]


def _json(found: Checked) -> dict[str, object]:
    certificate = found.answer.certificate
    assert certificate is not None
    return {
        "case": found.case.name,
        "scenario": found.case.scenario,
        "settings": list(found.case.settings),
        "held": len(found.answer.run["options"]["held"]),
        "holds": found.holds,
        "objections": [dict(zip(("objection", "place"), _objection(one), strict=True)) for one in found.objections],
        "changed_inputs": list(found.changed),
        "inputs_place": str(found.inputs),
        "status": found.answer.proven_status.value,
        "objective": certificate.objective,
        "proven": plain(certificate.proven),
        "proven_gap": plain(certificate.proven_gap),
        "claimed": {
            "status": found.answer.status.value,
            "bound": plain(certificate.bound),
            "gap": plain(certificate.gap),
        },
    }


def _asked(found: Checked) -> str:
    """What the file was checked against: nothing of it comes from the file."""
    case, held = found.case, len(found.answer.run["options"]["held"])
    settings = [f"--set {shlex.quote(one)}" for one in case.settings]
    parts = [
        f"scenario {case.scenario}" if case.scenario else "no scenario",
        " ".join(settings) or "no settings",
        *([f"{held:,} line{'' if held == 1 else 's'} held"] if held else []),
    ]
    return f"Checked against {case.name} with {', '.join(parts)}."


def _changed(found: Checked) -> list[str]:
    if not found.changed:
        return []
    lines = [f"error: the plan was made from other inputs: {', '.join(found.changed)}", f"  --> {found.inputs}"]
    if not found.objections:
        lines.append("   = note: with the inputs as they are now, every limit, figure and bound still holds")
    return [*lines, "   = fix: plan again: `allocate solve CASE --out PLAN`", ""]


def _verdict(found: Checked) -> list[str]:
    case, verification, certificate = found.case, found.answer.verification, found.answer.certificate
    assert verification is not None
    assert certificate is not None
    name = f"{case.name}, scenario {case.scenario}" if case.scenario else case.name
    if not found.holds:
        count = len(found.objections) + len(found.changed)
        return [f"{name}: the plan file fails the check ({count:,} problem{'s' if count > 1 else ''})."]
    files = "1 input is as it was" if len(case.inputs) == 1 else f"{len(case.inputs)} inputs are as they were"
    return [
        f"{name}: the plan file passes the check; no solver was used.",
        f"  Limits: {len(verification.checks):,} recomputed from the case in exact arithmetic, none exceeded by more than "
        f"{TOLERANCE:g} of it.",
        f"  Bound: {_bound(found, certificate)}.",
        f"  Status: {_status(found, certificate)}.",
        f"  Figures: all follow from the lines and the case. Files: {files}.",
    ]


def _bound(found: Checked, certificate: Certificate) -> str:
    money = MONEY
    text = (
        f"{no_plan_passes(found.case, certificate.proven)}, proven by weak duality from "
        f"{_prices(certificate)}; the plan's {money(certificate.objective)} is within "
        f"{money(abs(certificate.proven - certificate.objective))}"
    )
    if certificate.kind == "integer":
        text += f" ({certificate.proven_gap:.4%})"
    return text


def _status(found: Checked, certificate: Certificate) -> str:
    """What is proven of the plan, and what the solver claims beyond it, as a claim."""
    answer, money, currency = found.answer, MONEY, found.case.currency
    if answer.proven_status is Status.OPTIMAL:
        hidden = f" within {money(certificate.curve_error)} {currency} that the value curves' pieces hide"
        return f"optimal, proven{hidden if certificate.curve_error else ''}"
    if answer.status is Status.OPTIMAL:
        text = f"feasible, proven to within {certificate.proven_gap:.4%} of the best; the solver claims the plan is optimal"
    else:
        text = "feasible; the search was stopped early"
    if certificate.claimed is not None and certificate.bound != certificate.proven:
        text += f"; the solver claims a gap of {certificate.gap:.4%}"
    return f"{text}, which this file does not prove" if "claims" in text else text


def _prices(certificate: Certificate) -> str:
    """How many prices the proof takes, and at how many leaves of its trees."""
    count = sum(map(len, certificate.duals.values()))
    if certificate.branched is None:
        return f"{count:,} price{'' if count == 1 else 's'}"
    leaves = certificate.branched.leaves
    count += certificate.branched.duals
    if isinstance(certificate.branched, Engaged):
        return f"{count:,} prices in {leaves:,} dual vectors of products that cover every set of vendors"
    where = f" by {certificate.branched.by}" if certificate.branched.by != WHOLE else ""
    covered = "all work of vendors that learn" if isinstance(certificate.branched, PartedWork) else "every whole number"
    branches = f"{leaves:,} branch{'' if leaves == 1 else 'es'}{where}"
    return f"{count:,} price{'' if count == 1 else 's'} in {branches} that cover {covered}"
