"""What the workbook holds as figures, because no formula in it follows the contract: said on the sheet."""

from __future__ import annotations

from collections.abc import Mapping

from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.routes import Routes
from allocate.report.workbook.tiers import Shared
from allocate.units import kind_of


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
        if workflow.review is not None and workflow.review.lots is not None:
            found[route] = "review by lots"
        elif workflow.plurality or workflow.annotator_spread is not None:
            found[route] = "votes by plurality or weights"
        elif vendor.contract.quality_window is not None:
            found[route] = "bonus or malus by window"
        elif _money_steps(vendor.contract):
            found[route] = "bonus or malus in money"
        elif vendor.platform_fee_steps or (workflow.pre_label is not None and workflow.pre_label.cost_steps):
            found[route] = "fees that change by date"
    return found


def _money_steps(contract: Contract) -> bool:
    steps = [*(one.price for one in contract.quality), *(one.price for one in contract.lateness)]
    return any(kind_of(one) != "fraction" for one in steps)
