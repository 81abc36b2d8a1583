"""What an assistant may ask: each question as a function of a folder, a case and its settings, answered with plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from allocate.answers import Answer
from allocate.api.explaining import explain as explained
from allocate.api.solving import formulate, solve
from allocate.assistant.confined import Served
from allocate.case.load import Case, read_case
from allocate.case.saved_scenario import save_scenario, with_scenario
from allocate.errors import CaseError
from allocate.record.as_json import as_json
from allocate.record.plain_values import records
from allocate.tables.column import legend
from allocate.tables.routes import ROUTES

Settings = Mapping[str, str] | None
SECONDS = 20.0
"""Time of each search where nobody says."""
MOST_SECONDS = 120.0
UNIT_COSTS = (
    "product", "vendor", "workflow", "levers", "basis", "unit_cost", "accuracy", "unit_cost_per_accurate_item", "unit_cost_per_eu",
)  # fmt: skip


def list_cases(served: Served) -> dict[str, Any]:
    """The cases there are, with their titles; what is wrong with one stands in its place."""
    names, total = served.cases()
    found: list[dict[str, Any]] = []
    for name in names:
        try:
            case = read_case(served.case(name))
            found.append({"case": name, "title": case.file.title, "scenarios": list(case.file.scenarios)})
        except CaseError as error:
            found.append({"case": name, "problems": len(error.problems), "first": error.problems[0].message})
    more = {"left_out": [f"cases: the first {len(names)} of {total}"]} if total > len(names) else {}
    return {"cases": found, **more}


def _read(served: Served, name: str, scenario: str | None, settings: Settings) -> Case:
    return read_case(served.case(name), scenario, dict(settings or {}))


def check(served: Served, name: str, scenario: str | None, settings: Settings) -> dict[str, Any]:
    """What a case holds; CaseError with every problem of it."""
    case = _read(served, name, scenario, settings)
    return {
        "case": case.name, "title": case.file.title, "objective": list(case.file.objective), "currency": case.currency,
        "products": list(case.products), "vendors": list(case.vendors), "workflows": list(case.workflows), "periods": case.periods.count,
        "unit": case.periods.unit, "first_day": case.periods.starts[0], "last_day": case.periods.end,
        "scenarios": list(case.file.scenarios), "has_spreads": bool(case.spreads),
    }  # fmt: skip


def planned(served: Served, name: str, scenario: str | None, settings: Settings, seconds: float) -> dict[str, Any]:
    """The plan of a case, verified; or why there is none."""
    return as_json(solve(_read(served, name, scenario, settings), time_limit=seconds))


def explain(served: Served, name: str, scenario: str | None, settings: Settings, seconds: float) -> dict[str, Any]:
    """Why the plan is as it is: returns, prices of limits, what rules cost, more budget, prices at which vendors enter."""
    case = _read(served, name, scenario, settings)
    built = formulate(case)
    answer = solve(case, formulation=built, time_limit=seconds, moved=False)
    if answer.plan is None:
        return {"status": answer.status.value, "reasons": [one.sentence for one in answer.reasons]}
    found = explained(case, answer=answer, formulation=built, time_limit=seconds)
    if found is None:
        return _headline(answer)
    parts = {part: records(found.frame(part)) for part in ("margins", "prices", "costs", "money", "offers")}
    left = {"not_looked_into": {part: list(names) for part, names in found.left_out.items()}} if found.left_out else {}
    return {**_headline(answer), **{part: rows for part, rows in parts.items() if rows}, **left}


def _headline(answer: Answer) -> dict[str, Any]:
    keys = (
        "case",
        "scenario",
        "status",
        "objective_name",
        "objective",
        "gap",
        "spend",
        "value",
        "net_value",
        "currency",
    )
    told = as_json(answer)
    return {key: told[key] for key in keys}


def compare(served: Served, name: str, scenarios: list[str], settings: Settings, seconds: float) -> dict[str, Any]:
    """Scenarios side by side, each held against the case as it is."""
    from allocate.study.compare import compare as compared

    return compared(_read(served, name, None, settings), scenarios, time_limit=seconds).as_object()


def costs(served: Served, name: str, scenario: str | None, settings: Settings) -> dict[str, Any]:
    """What an item costs by product, vendor and workflow, and what each column means."""
    from allocate.costing.routes import routes

    case = _read(served, name, scenario, settings)
    table = routes(case).table
    columns = [one for one in ROUTES if one.name in UNIT_COSTS and one.name in table]
    return {
        "case": case.name, "currency": case.currency, "routes": records(table[[one.name for one in columns]]),
        "columns": legend(columns, case.currency),
    }  # fmt: skip


def odds(served: Served, name: str, scenario: str | None, settings: Settings) -> dict[str, Any]:
    """How likely the best plan keeps each of its promises."""
    from allocate.odds.odds import plan_odds

    case = _read(served, name, scenario, settings)
    if not case.spreads:
        fix = "write a spread, as in `effort: 12 s/image ±20%`"
        raise CaseError.of("no amount of the case has a spread, so its odds are certain", case.place(), fix)
    return plan_odds(case).as_object()


def bridge(
    served: Served, before: str, after: str, before_scenario: str | None, after_scenario: str | None
) -> dict[str, Any]:
    """Why the plan of one case costs more than that of another, cause by cause."""
    from allocate.bridge.bridge import bridge_bills, rows, verdict
    from allocate.bridge.ends import bill

    found = bridge_bills(
        *(
            bill(_read(served, name, scenario, None))
            for name, scenario in ((before, before_scenario), (after, after_scenario))
        )
    )
    return {
        "verdict": verdict(found), "currency": found.before.case.currency, "before": found.totals[0], "after": found.totals[1],
        "kinds": found.kinds(), "causes": rows(found, "cell"),
    }  # fmt: skip


def save(served: Served, name: str, scenario: str, settings: Settings, confirmation: str | None) -> dict[str, Any]:
    """A scenario written into a case: first its lines and a code, and only with that code the file.

    The code is of the file, the name and the settings: where one of them changes, it is another.
    """
    path = served.case(name)
    raw = path.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    _, added = with_scenario(raw.decode("utf-8-sig"), path.name, scenario, dict(settings or {}))
    read_case(path, None, dict(settings or {}))
    code = hashlib.sha256(f"{digest}\0{scenario}\0{added}".encode()).hexdigest()[:8]
    if confirmation is None:
        told = "Show these lines to the user. If the user agrees, call save_scenario again with this confirmation."
        return {"would_add": added, "to": path.name, "confirmation": code, "next": told}
    if confirmation != code:
        raise CaseError.of("that is not the confirmation of these lines", None, "leave it out to get the one that is")
    return {"added": save_scenario(path, digest, scenario, dict(settings or {})), "to": path.name, "saved": True}
