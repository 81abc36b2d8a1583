"""An answer as the JSON that programs read."""

from __future__ import annotations

from typing import Any

from allocate.answers import Answer
from allocate.explaining.measured_floors import measured_floors
from allocate.finance.cash import cash_flow, is_deferred
from allocate.finance.invoice_table import invoice_table
from allocate.finance.payees import by_payee
from allocate.record.goals import goals_json
from allocate.record.plain_values import plain, records
from allocate.record.proof import certificate_json, digest
from allocate.tables.frames import table_of
from allocate.tables.table import Table


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as one JSON object; see the README for its keys."""
    plan, found = answer.plan, answer.verification
    document = {
        "case": answer.case.name,
        "scenario": answer.case.scenario,
        "status": answer.proven_status.value,
        "solver_status": answer.status.value,
        "limit": answer.limit.value if answer.limit is not None else None,
        "message": answer.message,
        "objective": answer.objective,
        "objective_name": answer.case.file.objective[0],
        **goals_json(answer),
        "bound": answer.bound,
        "gap": answer.gap,
        "spend": plan.spend if plan else None,
        "value": plan.value if plan else None,
        "notes": list(answer.notes),
        "value_error": plan.value_error if plan else None,
        "escaped_error_cost": plan.escaped_error_cost if plan else None,
        "hurdle": plan.hurdle if plan else None,
        "net_value": plan.net_value if plan else None,
        "penalty": plan.penalty if plan else None,
        **({"present": vars(plan.present)} if plan and plan.present else {}),
        "currency": answer.case.currency,
        "lines": records(table_of(plan, "lines")) if plan else [],
        "invoice": records(invoice_table(answer.case, plan)) if plan else [],
        "payees": records(by_payee(answer.case, plan)) if plan else [],
        **({"cash_flow": records(cash_flow(answer.case, plan))} if plan and is_deferred(answer.case) else {}),
        "staff": records(table_of(plan, "staff")) if plan else [],
        **({"pipeline": records(table_of(plan, "pipeline"))} if plan and len(table_of(plan, "pipeline")) else {}),
        "products": by_name(table_of(plan, "products"), "product") if plan else {},
        "vendors": by_name(table_of(plan, "vendors"), "vendor") if plan else {},
        "levers": records(table_of(plan, "levers")) if plan else [],
        "penalties": records(table_of(plan, "broken")) if plan else [],
        **_measured_floors(answer),
        "binding": _binding(answer),
        "prices_are_local": answer.prices_are_local,
        "reasons": [vars(reason) for reason in answer.reasons],
        "reasons_are_least": answer.reasons_are_least,
        "certificate": certificate_json(answer.certificate, found) if answer.certificate and found else None,
        **({"done": answer.case.document.data["done"]} if answer.case.past is not None else {}),
        "run": dict(answer.run),
    }
    return {**plain(document), "digest": digest(document)}


def _measured_floors(answer: Answer) -> dict[str, Any]:
    """Accuracy floors that rest on samples, with the chance that each holds; no key where none does."""
    found = measured_floors(answer.case, answer.plan, answer.routes) if answer.plan is not None else ()
    return {"measured_floors": [{**vars(one), "samples": [*map(vars, one.samples)]} for one in found]} if found else {}


def by_name(table: Table, key: str) -> dict[str, Any]:
    """A table as plain objects by the name in one of its columns."""
    return {row.pop(key): row for row in records(table)}


def _binding(answer: Answer) -> list[dict[str, Any]]:
    if answer.verification is None:
        return []
    return [
        {
            "rule": check.subject,
            "family": check.family,
            "unit": check.unit,
            "used": check.used,
            "limit": check.limit,
            "sense": "at least" if check.at_least else "at most",
            "worth_of_one_more": answer.shadow_price(check),
        }
        for check in answer.verification.binding
    ]
