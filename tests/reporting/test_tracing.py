"""The bill in formulas: with every input of a case changed it comes to what the library bills then, without a spreadsheet program."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pytest
from case_kinds import case_with
from contract_cases import contract_case
from formula_values import evaluated
from workbook_cases import CLAUSES, CLAUSES_PLAN

from allocate import read_case, solve
from allocate.costing.bill.lines import Lines
from allocate.costing.invoice import invoice
from allocate.costing.lifted import Input, lifted
from allocate.costing.routes import routes
from allocate.costing.work import workflows
from allocate.costing.work.workflows import hours_once
from allocate.formula import Formula, added_up
from allocate.plan import routes_of
from allocate.reporting.workbook.cells import At
from allocate.reporting.workbook.tracing import FIRST, ITEMS, PLAN, trace

DRAWN: dict[str, Any] = {
    **{f"contracts {seed}": contract_case(seed) for seed in (0, 3, 6, 16)},
    **{
        kind: case_with(kind, 1)
        for kind in ("lead times by stage", "learning", "turnover of a team", "shifts", "quality by window")
    },
}


@pytest.mark.slow
def test_what_has_no_formula_is_named_and_its_figures_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Costing that numpy cannot do on formulas leaves a bill of the same money, with what is a figure named."""
    answer = solve(read_case(DRAWN["contracts 3"]))
    plan = answer.plan
    assert plan is not None
    route = routes_of(plan, answer.routes)
    plain = hours_once
    monkeypatch.setattr(workflows, "hours_once", lambda *given: np.sqrt(plain(*given)) ** 2)
    found = trace(answer, plan, route, sorted(set(route)))
    assert found.figures == ["work, quality and prices of an item"]
    assert added_up([entry.amount for entry in found.entries]).value == pytest.approx(plan.spend, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*DRAWN, "clauses"])
def test_formulas_bill_what_the_library_bills(name: str) -> None:
    """As planned, and with each input off by something of its own, where the conditions of plain branches still hold."""
    held = CLAUSES_PLAN if name == "clauses" else ()
    answer = solve(read_case(CLAUSES if name == "clauses" else DRAWN[name]), held=held)
    plan = answer.plan
    assert plan is not None
    route, figures = routes_of(plan, answer.routes), dict[Hashable, float]()
    found = trace(answer, plan, route, sorted(set(route)))
    assert not found.figures
    whole = added_up([entry.amount for entry in found.entries])
    assert whole.value == pytest.approx(plan.spend, rel=1e-9)

    def changed(one: Hashable, value: float) -> float:
        assert isinstance(one, Input)
        part = 1.0 + (sum(map(ord, f"{one.path}")) % 7 + 1) / 200.0
        figures[one] = int(value) + 1 if one.path[-1] in ("size", "sample", "accept") else value / part
        return figures[one]

    case = lifted(answer.case, changed)
    items = plan.lines["items"].to_numpy(dtype=np.float64)
    lines = found.lines
    then = Lines(case, routes(case), np.array(route, dtype=np.int32), lines.period, items, lines.bought, lines.staff)
    true = invoice(then)
    assert all(evaluated(condition, figures) for condition in found.conditions)
    assert evaluated(whole, figures) == pytest.approx(true.total, rel=1e-9)
    assert true.total != pytest.approx(plan.spend, rel=1e-4)
    each = [found.price, *(one.each for one in found.asked if one.each is not None)]
    spend = [evaluated(added_up([amounts[row] for amounts in each]), figures) for row in range(len(items))]
    if not answer.routes.learners:
        assert spend == pytest.approx(true.line_spend.tolist(), rel=1e-9, abs=1e-9)
    assert any(isinstance(entry.amount, Formula) for entry in found.entries)


@pytest.mark.parametrize(("model", "floor"), [("wright", "0%"), ("wright", "30%"), ("crawford", "0%")])
def test_hours_of_learners_follow_the_items_of_all_lines(model: str, floor: str) -> None:
    """With the items of the first line halved, Wright's hours of both lines are those of the curve; Crawford's sum stays a figure."""
    learns = {"rate": "80%", "model": model, "from": "10 images", "experience": "5 images", "floor": floor}
    case = read_case(
        {
            "case": "learns", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 3},
            "products": {"a": {"item": "image", "effort": "1 h/image", "demand": "200 images"}}, "workflows": {"plain": {}},
            "vendors": {"l": {"capacity": "60 h/week", "learning": learns, "contract": {"price": "30 USD/h"}}},
        }
    )  # fmt: skip
    answer = solve(case)
    plan = answer.plan
    assert plan is not None
    route = routes_of(plan, answer.routes)
    found = trace(answer, plan, route, sorted(set(route)))
    assert not found.figures
    whole = added_up([entry.amount for entry in found.entries])
    assert whole.value == pytest.approx(plan.spend, rel=1e-9)
    items = plan.lines["items"].to_numpy(dtype=np.float64).copy()
    items[0] /= 2.0
    figures: dict[Hashable, float] = {At(PLAN, FIRST, ITEMS): float(items[0])}
    lines = found.lines
    then = Lines(case, answer.routes, np.array(route, dtype=np.int32), lines.period, items, lines.bought, lines.staff)
    follows = evaluated(whole, figures) == pytest.approx(invoice(then).total, rel=1e-9)
    assert follows == (model == "wright")
