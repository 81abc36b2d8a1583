"""A plan, and what was done, as FOCUS 1.4: rows that lie beside cloud and token spend in the FinOps tool a company has."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from allocate.case import index
from allocate.case.clauses import CLAUSES
from allocate.case.load import Case
from allocate.case.spreadsheet_text import inert
from allocate.costing.clauses.payment import DAY
from allocate.costing.terms.contracts import Promise, terms
from allocate.costing.terms.windows import Windows
from allocate.currencies import decimals
from allocate.finance.invoice_table import invoice_table
from allocate.plan import Plan
from allocate.tables.focus import COMMITMENT_COLUMNS, USAGE_COLUMNS
from allocate.writing import write_whole

CATEGORY, SUBCATEGORY, SERVICE = "AI and Machine Learning", "Other (AI and Machine Learning)", "Data annotation"
"""The specification's list of services has no labelling; the name of the service is free."""
USAGE, PURCHASE, CREDIT, ADJUSTMENT = "Usage", "Purchase", "Credit", "Adjustment"
ADJUSTED, RECURRING = (
    frozenset(line for one in CLAUSES if one.charged == kind for lines in one.costs.values() for line in lines)
    for kind in (index.ADJUSTMENT, index.RECURRING)
)
"""Lines of the bill that change what was due for work, up or down, and those that are bought again in each window."""
BOUGHT = frozenset((index.FEES, index.STAFFING, index.LEVERS))
"""Categories of cost that are bought rather than used."""
INTERVAL = {"period": "", "month": "Monthly", "quarter": "Quarterly", "horizon": "Full Period"}
"""How often a commitment is measured, by its window; that of a period is its own length."""

Row = dict[str, Any]


def write_focus(case: Case, plan: Plan, file: Path, done: Plan | None = None) -> tuple[Path, ...]:
    """Write cost-and-usage rows into a CSV, and commitments, where there are any, into one beside it; their paths.

    done: what was done, as a plan of the case; its rows say that they are none of a plan.
    """
    rows = [
        *cost_and_usage(case, plan, is_plan=True),
        *(cost_and_usage(case, done, is_plan=False) if done is not None else ()),
    ]
    written = [write_whole(file, _csv(USAGE_COLUMNS, rows))]
    if promised := list(contract_commitments(case)):
        written.append(write_whole(commitments_file(file), _csv(COMMITMENT_COLUMNS, promised)))
    return tuple(written)


def commitments_file(file: Path) -> Path:
    """The file that commitments go to."""
    return file.with_name(f"{file.stem}-commitments{file.suffix}")


def cost_and_usage(case: Case, plan: Plan, is_plan: bool) -> Iterator[Row]:
    """One row for each entry of the invoice and product, in the columns of USAGE_COLUMNS; amounts add up to the spend.

    What an entry takes off is a Credit, what changes money due for work an Adjustment, what is bought once or by time a Purchase.
    No invoice exists yet, so none is named; without a list price the cost at list is the cost.
    """
    promised = {contract["vendor"]: contract for contract in _promises(case)}
    for row in invoice_table(case, plan).frame.to_dict("records"):
        yield {**_row(case, row, plan.currency, promised), "x_IsPlan": is_plan}


def _row(case: Case, row: Mapping[Any, Any], currency: str, promised: Mapping[str, Row]) -> Row:
    kind, amount, quantity = _kind(row), float(row["amount"]), float(row["quantity"])
    priced = kind in (USAGE, PURCHASE)
    many, unit = (quantity, row["unit"]) if row["unit"] != "once" and quantity > 0.0 else (1.0, "charge")
    vendor, product, clause = str(row["vendor"]), str(row["product"]), str(row["clause"])
    cost, month = round(amount, decimals(currency)), row["window_to"].replace(day=1)
    own = case.vendors[vendor].currency if vendor in case.vendors else None
    sku = "/".join(filter(None, (vendor or row["paid_to"], product, clause)))
    counted = promised.get(vendor) if clause in ("items", "tier") and row["paid_to"] == vendor else None
    return {
        "BilledCost": cost, "BillingAccountId": case.name, "BillingAccountName": case.file.title or case.name, "BillingCurrency": currency,
        "BillingPeriodStart": _moment(month), "BillingPeriodEnd": _moment(_next_month(month)), "ChargeCategory": kind,
        "ChargeDescription": f"{clause}: {row['about']}", "ChargeFrequency": _frequency(kind, clause),
        "ChargePeriodStart": _moment(row["window_from"]), "ChargePeriodEnd": _moment(row["window_to"] + DAY),
        "ConsumedQuantity": many if kind == USAGE else None, "ConsumedUnit": unit if kind == USAGE else None,
        "ContractApplied": _applied(counted, cost, row["period"]) if counted else None, "ContractedCost": cost,
        "ContractedUnitPrice": amount / many if priced else None, "EffectiveCost": cost, "HostProviderName": row["paid_to"],
        "InvoiceIssuerName": row["paid_to"], "ListCost": cost, "PricingCategory": "Standard" if priced else None,
        "PricingCurrency": own or currency, "PricingQuantity": many if priced else None, "PricingUnit": unit if priced else None,
        "ServiceCategory": CATEGORY, "ServiceName": SERVICE, "ServiceProviderName": row["paid_to"], "ServiceSubcategory": SUBCATEGORY,
        "SkuId": sku if priced else None, "SkuMeter": unit if priced else None, "SkuPriceId": f"{sku}/{row['about']}" if priced else None,
        "SubAccountId": product or None, "SubAccountName": product or None, "Tags": _tags(case, product, vendor),
        "x_CaseName": case.name, "x_Clause": clause, "x_ScenarioName": case.scenario,
    }  # fmt: skip


def _kind(row: Mapping[Any, Any]) -> str:
    if row["clause"] in ADJUSTED:
        return ADJUSTMENT
    if float(row["amount"]) < 0.0:
        return CREDIT
    return PURCHASE if row["unit"] == "once" or row["category"] in BOUGHT or row["clause"] in RECURRING else USAGE


def _frequency(kind: str, clause: str) -> str:
    return "Usage-Based" if kind == USAGE else "Recurring" if clause in RECURRING else "One-Time"


def _tags(case: Case, product: str, vendor: str) -> str | None:
    of_products, of_vendors = case.tags
    tags = {**of_vendors.get(vendor, {}), **of_products.get(product, {})}
    return json.dumps(tags, ensure_ascii=False, sort_keys=True) if tags else None


def _applied(promise: Row, cost: float, period: int) -> str:
    """The commitment that prices of a period count towards."""
    window = promise["windows"].weights[:, period - 1].argmax()
    one = {"ContractId": promise["id"], "ContractCommitmentId": f"{promise['id']}/{promise['windows'].labels[window]}"}
    return json.dumps({"Elements": [{**one, "ContractCommitmentAppliedCost": cost}]}, ensure_ascii=False)


def _promises(case: Case) -> Iterator[Row]:
    names = list(case.vendors)
    for contract in terms(case):
        promise = contract.commitment
        if promise is not None and promise.counts is None:  # one in work is no commitment to spend
            name = names[contract.vendor]
            yield {"vendor": name, "contract": promise, "windows": promise.windows, "id": f"{case.name}/{name}"}


def contract_commitments(case: Case) -> Iterator[Row]:
    """One row for each commitment of a vendor and window, in the columns of COMMITMENT_COLUMNS.

    They are proposed, for a plan signs nothing, and begin with the horizon, for a plan has no moment of its own.
    """
    for promise in _promises(case):
        for window, label in enumerate(promise["windows"].labels):
            yield _commitment(case, promise, promise["contract"], promise["windows"], window, label)


def _commitment(case: Case, promise: Row, contract: Promise, windows: Windows, window: int, label: str) -> Row:
    first = case.periods.first_day(int(windows.first[window]))
    last = case.periods.first_day(int(windows.last[window]) + 1)
    begun, ended = case.periods.starts[0], case.periods.end + DAY
    interval = INTERVAL[windows.kind] or ("Weekly" if case.periods.unit == "week" else "Monthly")
    unit, count = (case.periods.unit, case.periods.count) if windows.kind == "horizon" else (windows.kind, 1)
    unit = case.periods.unit if unit == "period" else unit
    rule = {"Dimension": "ServiceProviderName", "Operator": "In", "Values": [promise["vendor"]]}
    amount = round(contract.least, decimals(contract.currency))
    return {
        "BillingCurrency": contract.currency,
        "ContractCommitmentApplicability": json.dumps({"InclusionOperator": "And", "Inclusions": [rule]}, ensure_ascii=False),
        "ContractCommitmentBenefitCategory": "Other", "ContractCommitmentCategory": "Spend", "ContractCommitmentCost": amount,
        "ContractCommitmentCreated": _moment(begun), "ContractCommitmentLastUpdated": _moment(begun),
        "ContractCommitmentDescription": f"{promise['vendor']} is paid at least {amount:,.2f} {contract.currency} in {label}, used or not",
        "ContractCommitmentDurationType": f"{count} {unit.capitalize()}{'s' if count > 1 else ''}",
        "ContractCommitmentFulfillmentInterval": interval, "ContractCommitmentId": f"{promise['id']}/{label}",
        "ContractCommitmentLifecycleStatus": "Proposed", "ContractCommitmentModel": "Discontinuous",
        "ContractCommitmentOfferCategory": "Negotiated", "ContractCommitmentPaymentModel": "No Upfront",
        "ContractCommitmentPaymentInterval": {"Monthly": "Monthly", "Quarterly": "Quarterly", "Full Period": "One-Time"}.get(interval, "Custom"),
        "ContractCommitmentPeriodStart": _moment(first), "ContractCommitmentPeriodEnd": _moment(last),
        "ContractCommitmentType": "Take or pay", "ContractId": promise["id"], "ContractPeriodStart": _moment(begun),
        "ContractPeriodEnd": _moment(ended), "InvoiceIssuerName": promise["vendor"], "PricingCurrency": contract.currency,
        "PricingCurrencyContractCommitmentCost": amount, "ServiceProviderName": promise["vendor"],
        "x_CaseName": case.name, "x_ScenarioName": case.scenario,
    }  # fmt: skip


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _next_month(day: date) -> date:
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Rows as CSV; what there is none of is an empty cell, for CSV has no other null."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return file.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}" if not value.is_integer() or abs(value) >= 1e15 else str(int(value))
    return inert(str(value))
