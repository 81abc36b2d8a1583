"""What a reader of a plan must know beside its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allocate.api.goals import goal_notes, least_money_notes
from allocate.case.load import Case
from allocate.case.plan_file import PlanLine
from allocate.costing.quality.unstated import unstated
from allocate.costing.supply.ramps import waiting_notes
from allocate.costing.value.label_counts import count_notes
from allocate.costing.value.values import extrapolated, gate_notes
from allocate.explaining.measured_floors import floor_notes, measured_floors
from allocate.finance.cash import payment_notes
from allocate.finance.cut_windows import cut_notes
from allocate.finance.payroll import payroll_notes
from allocate.plan import Plan
from allocate.program.build import Built
from allocate.program.held import held_notes
from allocate.tables.frames import table_of


def notes_on(built: Built, plan: Plan | None, held: Sequence[PlanLine] = ()) -> tuple[str, ...]:
    """How the case was read, among which plans the least money was sought, gates the plan reaches, products whose value rests on more labels than were measured, money paid after the horizon,
    months and quarters it cuts, people paid by the hour who are idle, floors that rest on accuracies
    that are not stated, vendors that wait while their ramp goes on, and lines held that are off what was written.
    """
    if plan is None:
        return ()
    labels = table_of(plan, "products")["effective_labels"]
    names, case = built.layout.routes.products, built.layout.case
    values = sorted(built.layout.values.items(), key=lambda pair: names[pair[0]])
    gates = [
        note
        for product, one in values
        for note in gate_notes(names[product], one, float(labels[product]), plan.currency)
    ]
    said = {product: extrapolated(one, float(labels[product])) for product, one in values}
    counted = [f"the value of {names[product]} is counted at {words}" for product, words in said.items() if words]
    sources = [note for product, _ in values for note in count_notes(case, names[product])]
    given = [
        f"up to {100 * case.file.give[goal]:.4g}% of {goal.replace('-', ' ')} may be given up for {' and '.join(case.file.objective[n + 1 :])}"
        for n, goal in enumerate(case.file.objective)
        if case.file.give.get(goal)
    ]
    return (
        *case.notes,
        *given,
        *goal_notes(case, built.layout.routes, plan),
        *least_money_notes(built, plan),
        *gates,
        *sources,
        *counted,
        *payment_notes(case, plan),
        *cut_notes(case, plan),
        *payroll_notes(case, plan),
        *_unstated_accuracies(case, plan),
        *floor_notes(measured_floors(case, plan, built.layout.routes)),
        *waiting_notes(case, table_of(plan, "lines")),
        *held_notes(table_of(plan, "lines"), held),
        *(
            ["risk is weighed by `allocate hedge`; this plan is the best with every amount at P50"]
            if case.file.risk
            else []
        ),
    )


def _unstated_accuracies(case: Case, plan: Plan) -> Iterator[str]:
    """Accuracy floors that vendors help to keep whose accuracy neither they nor their rates state."""
    worked = dict.fromkeys(table_of(plan, "lines").rows("product", "vendor"))
    taken = f"{100.0 * case.model.defaults.accuracy:.6g}%"
    for name in sorted(case.vendors):
        floors = [
            product
            for product, who in sorted(worked)
            if who == name and case.products[product].accuracy is not None and (product, name) in unstated(case)
        ]
        if floors:
            yield (
                f"the accuracy of {name} is not stated: {taken} is taken from the cost model, and the accuracy floor of "
                f"{', '.join(floors)} rests on it. Measure it, and write `vendors.{name}.accuracy`"
            )
