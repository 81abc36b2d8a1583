"""What the workbook holds as figures, because no formula in it follows the contract: said on the sheet."""

from __future__ import annotations

from collections.abc import Mapping

from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.routes import Routes
from allocate.units import kind_of


def fixed_lines(case: Case, ways: Routes) -> Mapping[int, str]:
    """Routes whose lines are written as figures, and why."""
    found: dict[int, str] = {}
    by_volume = {(int(ways.product[r]), int(ways.vendor[r])) for r in range(ways.count) if ways.schedule[r] >= 0}
    vendors = list(case.vendors.values())
    for route in range(ways.count):
        vendor, workflow = vendors[ways.vendor[route]], case.workflows[ways.workflows[ways.workflow[route]]]
        if (int(ways.product[route]), int(ways.vendor[route])) in by_volume:
            found[route] = "prices by volume"
        elif vendor.team is not None:
            found[route] = "wages of a team"
        elif workflow.review is not None and workflow.review.lots is not None:
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


def fixed_clauses(case: Case, used: set[str]) -> list[str]:
    """Clauses of the vendors used that follow prices or quantities and stand as figures, in words."""
    found = []
    for name, vendor in case.vendors.items():
        contract = vendor.contract
        clauses = {
            "commitment": contract.commitment is not None,
            "rebate": contract.rebate is not None,
            "seats": bool(contract.fees.seat),
        }
        found += [f"{clause} of {name}" for clause, there in clauses.items() if there and name in used]
    if case.file.levers:
        found.append("levers")
    if case.file.exchange and any(_fees(one.contract) or one.onboarding for one in case.vendors.values()):
        found.append("fees in other currencies")
    return found


def _fees(contract: Contract) -> bool:
    fees = contract.fees
    return any(one is not None for one in (fees.onboarding, fees.retainer, fees.product_start))
