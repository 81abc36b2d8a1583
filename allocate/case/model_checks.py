"""What must fit together inside a cost model: the reference task, the nouns of its times, the names of its drivers."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.document import Document, Path_
from allocate.case.model import Activity, ModelFile, Task
from allocate.case.names import suggestion
from allocate.errors import Problem
from allocate.units import OWN_MEANING, Units

SERVED = {"vendor-hours": "h", "items": "items", "eu": "EU"}
"""What the capacity of a pool counts, by its driver."""


def model_problems(model: ModelFile, document: Document, units: Units) -> list[Problem]:
    """Every problem between the parts of a model whose parts are right by themselves."""
    problems = list(_reference(model, document, units))
    for name, task in model.tasks.items():
        problems += _task(("tasks", name), task, document, units)
    for name, activity in model.activities.items():
        problems += activity_problems(("activities", name), activity, document)
    return problems


def activity_problems(where: Path_, activity: Activity, document: Document) -> Iterator[Problem]:
    """A capacity without a pool of its own, or in another unit than the driver."""
    if activity.capacity is None:
        return
    place = document.place((*where, "capacity"))
    if activity.amount is None:
        yield Problem("a capacity needs the pool's amount", place, "add `amount: 2k USD/month`")
    elif activity.driver not in SERVED:
        yield Problem(f"a pool allocated by {activity.driver} has no capacity", place, "take the capacity away")
    elif SERVED[activity.driver] != (noun if (noun := activity.capacity.of() or "h") in ("h", "EU") else "items"):
        message = f"'{activity.capacity.text}' does not count the driver, {activity.driver}"
        yield Problem(message, place, f"write it as in `1_000 {SERVED[activity.driver]}/week`")
    elif activity.capacity.per() is None:
        yield Problem(
            f"'{activity.capacity.text}' is not per week or month", place, "write it as in `1_000 items/week`"
        )


def _reference(model: ModelFile, document: Document, units: Units) -> Iterator[Problem]:
    task = model.tasks.get(model.reference)
    if task is None:
        if model.reference not in (document.data.get("tasks") or {}):
            message = f"the reference '{model.reference}' is not a task of the model"
            yield Problem(message, document.place(("reference",)), suggestion(model.reference, model.tasks))
        return
    for driver in model.reference_drivers:
        if driver not in task.drivers:
            place = document.place(("reference-drivers", driver), of_key=True)
            yield Problem(f"the reference task has no driver '{driver}'", place, suggestion(driver, task.drivers))
    for driver in task.drivers:
        if driver not in model.reference_drivers and driver not in task.default_drivers:
            message = f"the model does not say how many {units.plural(driver)} its reference task has"
            yield Problem(message, document.place(("reference",)), f"add `reference-drivers: {{{driver}: 1}}`")


def _task(where: Path_, task: Task, document: Document, units: Units) -> Iterator[Problem]:
    if task.item not in units.nouns:
        place = document.place((*where, "item"))
        yield Problem(f"'{task.item}' is not listed under `units`", place, f"add `{task.item}: {task.item}s` there")
        return
    for noun, path in (
        (task.item, (*where, "item")),
        *((driver, (*where, "drivers", driver)) for driver in task.drivers),
    ):
        if noun in OWN_MEANING:
            place = document.place(path, of_key=path[-1] != "item")
            yield Problem(f"'{noun}' has a meaning already, and is no item or driver", place, "choose another word")
    wanted = [((*where, "base"), task.base, task.item)]
    wanted += [((*where, "drivers", driver), time, driver) for driver, time in task.drivers.items()]
    for path, time, noun in wanted:
        if time.per() not in (noun, "item" if noun == task.item else noun):
            message = f"'{time.text}' is per {time.per()}, and should be per {noun}"
            yield Problem(message, document.place(path), f"write `{time.text.split('/')[0].strip()}/{noun}`")
    for driver, count in task.default_drivers.items():
        path = (*where, "default-drivers", driver)
        if driver not in task.drivers:
            message = f"the task {where[-1]} has no driver '{driver}'"
            yield Problem(message, document.place(path, of_key=True), suggestion(driver, task.drivers))
        elif count.per() not in (None, task.item, "item") or count.of() not in (None, driver):
            message = f"'{count.text}' does not count {units.plural(driver)} per {task.item}"
            yield Problem(message, document.place(path), f"write it as in `3/{task.item}`")
