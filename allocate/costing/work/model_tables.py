"""A cost model as tables: tasks with their standard times, workflows, regions, drivers, overhead pools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allocate.case.model import Activity, ModelFile, Region, Task
from allocate.case.opened_model import OpenedModel
from allocate.case.schema import Workflow
from allocate.costing.work.effort import SECONDS_PER_HOUR, equivalent_units, standard_time
from allocate.units import Quantity, Units

Row = dict[str, Any]


def model_tables(opened: OpenedModel) -> dict[str, list[Row]]:
    """The rows of each table of `MODEL`, in the model's order.

    Times in seconds, hours per week, shares as numbers from 0 to 1; None where the model says nothing.
    """
    model = opened.model
    reference = _reference_seconds(model)
    used = {name: [task for task, block in model.tasks.items() if name in block.drivers] for name in opened.units}
    return {
        "tasks": [_task(name, task, reference) for name, task in model.tasks.items()],
        "workflows": [_workflow(name, workflow) for name, workflow in opened.workflows.items()],
        "regions": [_region(name, region) for name, region in model.regions.items()],
        "drivers": [
            {"driver": name, "plural": opened.units[name], "tasks": tasks} for name, tasks in used.items() if tasks
        ],
        "activities": [_activity(name, activity) for name, activity in model.activities.items()],
    }


def _seconds(hours: float) -> float:
    # Twelve digits, so that 7.4 s do not read 7.400000000000001.
    return float(f"{hours * SECONDS_PER_HOUR:.12g}")


def _reference_seconds(model: ModelFile) -> float:
    task = model.tasks[model.reference]
    counts = {name: count.number for name, count in {**task.default_drivers, **model.reference_drivers}.items()}
    return _standard(task, counts)


def _standard(task: Task, counts: Mapping[str, float]) -> float:
    times = [_seconds(time.number) for time in task.drivers.values()]
    many = [counts[name] for name in task.drivers]
    return float(f"{float(standard_time(_seconds(task.base.number), times, many)):.12g}")


def _task(name: str, task: Task, reference: float) -> Row:
    counts = {driver: count.number for driver, count in task.default_drivers.items()}
    whole = _standard(task, counts) if set(task.drivers) <= set(counts) else None
    return {
        "task": name,
        "item": task.item,
        "base": _seconds(task.base.number),
        "drivers": {
            driver: {"seconds": _seconds(time.number), "per_item": counts.get(driver)}
            for driver, time in task.drivers.items()
        },
        "standard_time": whole,
        "equivalent_units": float(f"{float(equivalent_units(whole, reference)):.12g}") if whole is not None else None,
        "complexity": dict(task.complexity),
        "title": task.title,
    }


def _workflow(name: str, workflow: Workflow) -> Row:
    review = workflow.review
    checked = None if review is None else "by lots" if review.lots is not None else review.share
    return {"workflow": name, "passes": workflow.passes, "review": checked, "title": workflow.title}


def _region(name: str, region: Region) -> Row:
    return {
        "region": name,
        "currency": region.currency,
        "hours": region.hours.number if region.hours is not None else None,
        "holidays": region.holidays,
        "attrition": float(f"{_yearly(region.attrition):.12g}") if region.attrition is not None else None,
        "wage": str(region.wage) if region.wage is not None else None,
        "title": region.title,
    }


def _yearly(rate: Quantity) -> float:
    """A rate by the year; amounts are held by the week."""
    return float(rate.number * Units().quantity("1 year").number)


def _activity(name: str, activity: Activity) -> Row:
    amount = activity.amount.text if activity.amount is not None else None
    if activity.each is not None:
        amount = f"{activity.each.text} each"
    return {
        "activity": name,
        "driver": activity.driver,
        "rate": activity.rate,
        "amount": amount,
        "title": activity.title,
    }
