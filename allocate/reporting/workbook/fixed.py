"""What the workbook holds as figures, because no formula in it follows the contract: said on the sheet."""

from __future__ import annotations

from collections.abc import Mapping

from allocate.case.load import Case
from allocate.costing.table import Routes
from allocate.reporting.workbook.contracts import bonus_currencies
from allocate.reporting.workbook.tiers import Shared
from allocate.reporting.workbook.votes import MOST_PASSES


def without_shares(ways: Routes, shared: Shared, case: Case) -> Mapping[int, str]:
    """Routes whose lines would take their share of what stands as figures, and why."""
    teams = {position for position, vendor in enumerate(case.vendors.values()) if vendor.team is not None}
    live = {vendor for vendor, _ in shared.hours}
    found: dict[int, str] = {}
    for route in range(ways.count):
        if ways.schedule[route] >= 0 and int(ways.schedule[route]) not in shared.schedules:
            found[route] = "prices by volume"
        elif int(ways.vendor[route]) in teams - live:
            found[route] = "wages of a team"
    return found


def fixed_lines(case: Case, ways: Routes) -> Mapping[int, str]:
    """Routes whose own terms are written as figures, and why."""
    found: dict[int, str] = {}
    vendors = list(case.vendors.values())
    for route in range(ways.count):
        vendor, workflow = vendors[ways.vendor[route]], case.workflows[ways.workflows[ways.workflow[route]]]
        if workflow.annotator_spread is not None and workflow.passes > MOST_PASSES:
            found[route] = f"weighed votes of more than {MOST_PASSES} passes"
        elif len(bonus_currencies(vendor.contract)) > 1:
            found[route] = "bonus or malus in several currencies"
    return found
