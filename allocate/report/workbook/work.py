"""Formulas of the work on one item: standard time, accuracy after the workflow, hours, review; as the costing has them."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.schema import Rate, Workflow
from allocate.costing import levers
from allocate.costing.lines import Line
from allocate.costing.products import item_of
from allocate.costing.rate_card import Lines
from allocate.costing.work import classes_by_product
from allocate.report.workbook.inputs import Inputs
from allocate.report.workbook.terms import Term, least, most, number


@dataclass(frozen=True)
class RouteLine:
    """The line of the rate card a route comes from."""

    line: Line
    number: int
    """Position in the rate card."""

    @property
    def name(self) -> str:
        """The product's name."""
        return self.line.name

    @property
    def rate(self) -> Rate:
        """What the line states itself."""
        return self.line.rate

    @property
    def finished_price(self) -> bool:
        """Whether its price is for the finished item."""
        return self.rate.workflow is not None and self.rate.price is not None

    @property
    def finished_pace(self) -> bool:
        """Whether its pace is that of the finished item."""
        return self.rate.workflow is not None and self.rate.pace is not None

    @property
    def finished_accuracy(self) -> bool:
        """Whether its accuracy is that of the finished item."""
        return self.rate.workflow is not None and self.rate.accuracy is not None


@dataclass(frozen=True)
class Change:
    """What the levers of a route change."""

    hours: float = 1.0
    accuracy: float = 0.0
    price: float = 1.0


def change_of(case: Case, card: Lines, number: int, workflow: str, combination: levers.Combination) -> Change:
    """Factors and points of a set of levers on the route of a line of the rate card."""
    if not combination:
        return Change()
    found = levers.changes(case, workflow, card.take([number]), combination)
    return Change(float(found.hours[0]), float(found.accuracy[0]), float(found.price[0]))


def standard_time(inputs: Inputs, name: str) -> Term:
    """Hours of standard time of an item."""
    case, product = inputs.case, inputs.case.products[name]
    task = case.model.tasks.get(product.task) if product.task else None
    if product.effort is not None or task is None:
        effort = product.effort
        hours = inputs.quantity("standard time", name, effort, ("products", name, "effort")) if effort else number(0)
    else:
        where: Path_ = ("model", "tasks", str(product.task))
        hours = inputs.quantity("base time", str(product.task), task.base, (*where, "base"))
        for driver, time in task.drivers.items():
            each = inputs.quantity(f"time of one {driver}", str(product.task), time, (*where, "drivers", driver))
            hours = hours + each * driver_count(inputs, name, driver)
    for factor, value in product.complexity.items():
        path = ("products", name, "complexity", factor)
        hours = hours * inputs.figure(f"complexity: {factor}", name, value, path)
    return hours


def driver_count(inputs: Inputs, name: str, driver: str) -> Term:
    """How many of a driver an item has."""
    case, product = inputs.case, inputs.case.products[name]
    task = case.model.tasks.get(product.task) if product.task else None
    count = product.drivers.get(driver) or (task.default_drivers.get(driver) if task is not None else None)
    if count is None:
        return number(0)
    return inputs.quantity(f"{driver} per item", name, count, ("products", name, "drivers", driver))


def per_item(inputs: Inputs, line: RouteLine, noun: str) -> Term:
    """How many of what is counted one item has."""
    if noun in ("item", item_of(inputs.case, line.line.asks)):
        return number(1)
    return driver_count(inputs, line.name, noun)


def of_rate(inputs: Inputs, line: RouteLine, key: str) -> tuple[object, Path_]:
    """A figure of a rate, else of its vendor, else of the cost model; and where it stands."""
    value = getattr(line.rate, key)
    if value is not None and inputs.case.file.rates:
        return value, ("rates", line.number, key)
    value = getattr(line.line.serves, key, None)
    where = ("vendors", line.rate.vendor, key)
    return (value if value is not None else getattr(inputs.case.model.defaults, key)), where


def about(line: RouteLine, path: Path_) -> str:
    """What an input of a route is about: the pair of its rate, or its vendor."""
    if path[0] != "rates":
        return line.rate.vendor
    return " / ".join([line.name, line.rate.vendor, *([line.rate.workflow] if line.rate.workflow else [])])


@dataclass(frozen=True)
class Pass:
    """One pass over an item."""

    accuracy: Term
    hours: Term
    usage: Term
    """Money for pre-labelling, in its own currency."""


def one_pass(inputs: Inputs, line: RouteLine, name: str, standard: Term, change: Change) -> Pass:
    """Accuracy, hours and pre-labelling of one pass."""
    workflow, where = inputs.case.workflows[name], place_of(inputs.case, name)
    share, path = of_rate(inputs, line, "accuracy")
    accuracy = inputs.share("accuracy of one pass", about(line, path), float(str(share)), path)
    if change.accuracy:
        accuracy = least(accuracy + change.accuracy, 1)
    if line.rate.pace is not None:
        path = ("rates", line.number, "pace")
        hours = 1 / inputs.quantity("pace", about(line, path), line.rate.pace, path)
    else:
        factor, path = of_rate(inputs, line, "productivity")
        hours = standard / inputs.share("productivity", about(line, path), float(str(factor)), path)
    hours, usage, before = hours * change.hours, number(0), workflow.pre_label
    if before is not None:
        if not line.finished_pace:
            path = (*where, "pre-label", "time-factor")
            hours = hours * inputs.share("time with pre-labels", name, before.time_factor, path)
        if before.accuracy_change is not None:
            path = (*where, "pre-label", "accuracy-change")
            shift = inputs.quantity("change of accuracy by pre-labels", name, before.accuracy_change, path)
            accuracy = most(0, least(1, accuracy + shift / 100))
        if before.cost is not None:
            path = (*where, "pre-label", "cost")
            price = inputs.quantity("price of pre-labels", name, before.cost, path)
            usage = price * per_item(inputs, line, before.cost.per() or "item")
    return Pass(accuracy, hours, usage)


def place_of(case: Case, name: str) -> Path_:
    """Where a workflow is written: in the case, else in the cost model."""
    own = case.file.workflows.get(name) is not None
    return ("workflows", name) if own else ("model", "workflows", name)


def voted(inputs: Inputs, name: str, accuracy: Term) -> Term:
    """Accuracy of what most of several passes say."""
    workflow = inputs.case.workflows[name]
    shared, passes = _correlation(inputs, name, workflow), workflow.passes
    found = number(0)
    for right in range(passes // 2 + 1, passes + 1):
        wrong, chance = passes - right, accuracy
        for i in range(1, right):
            chance = chance * (accuracy * (1 - shared) + i * shared)
        for i in range(wrong):
            chance = chance * ((1 - accuracy) * (1 - shared) + i * shared)
        for i in range(1, passes):
            chance = chance / (1 - shared + i * shared)
        found = found + chance * comb(passes, right)
    return least(1, found)


def _correlation(inputs: Inputs, name: str, workflow: Workflow) -> Term:
    path = (*place_of(inputs.case, name), "correlation")
    return inputs.share("errors of passes that go together", name, workflow.correlation, path)


def settled(inputs: Inputs, line: RouteLine, name: str, accuracy: Term, keep: object) -> tuple[Term, Term]:
    """Accuracy and share adjudicated of two passes; keep writes the share into its cell."""
    workflow = inputs.case.workflows[name]
    assert workflow.adjudicate is not None
    shared = _correlation(inputs, name, workflow) * accuracy * (1 - accuracy)
    classes = float(classes_by_product(inputs.case)[list(inputs.case.products).index(line.name)])
    differ = 1.0 - 1.0 / (classes - 1.0) if np.isfinite(classes) else 1.0
    wrong = (1 - accuracy) * (1 - accuracy) + shared
    twice = 2 * accuracy * (1 - accuracy) - 2 * shared
    share = twice + wrong * differ
    if callable(keep):
        share = keep(share)
    path = (*place_of(inputs.case, name), "adjudicate", "accuracy")
    mended = inputs.share("accuracy of adjudication", name, workflow.adjudicate.accuracy, path)
    return accuracy * accuracy + shared + share * mended, share


def check_time(inputs: Inputs, line: RouteLine, name: str, key: str, standard: Term) -> Term:
    """Hours to check (review) or settle (adjudicate) one item."""
    block = getattr(inputs.case.workflows[name], key)
    where = (*place_of(inputs.case, name), key)
    if block.time is None:
        factor = inputs.share(
            f"time of {key} as a share of the standard time", name, block.time_factor, (*where, "time-factor")
        )
        return standard * factor
    hours = inputs.quantity(f"time of {key}", name, block.time, (*where, "time"))
    return hours * per_item(inputs, line, block.time.per() or "item")


def reviewed(inputs: Inputs, name: str, accuracy: Term) -> tuple[Term, Term, Term, Term]:
    """Accuracy, share looked at, share rejected and times the work is done, after a review of a share."""
    review, where = inputs.case.workflows[name].review, (*place_of(inputs.case, name), "review")
    assert review is not None
    looked = inputs.share("QA rate: share of items reviewed", name, review.share or 0.0, (*where, "share"))
    if review.catch is None:
        return accuracy, looked, number(0), number(1)
    catch = inputs.share("wrong items the reviewer notices", name, review.catch, (*where, "catch"))
    wrongly = inputs.share("right items the reviewer rejects", name, review.false_reject, (*where, "false-reject"))
    rejected = looked * ((1 - accuracy) * catch + accuracy * wrongly)
    if review.rework == "none":
        return accuracy, looked, rejected, number(1)
    if review.rework == "reviewer":
        right = 1.0 if review.accuracy is None else review.accuracy
        mended = inputs.share("accuracy of the reviewer", name, right, (*where, "accuracy"))
        kept = accuracy * (1 - looked * wrongly * (1 - mended))
        return kept + (1 - accuracy) * looked * catch * mended, looked, rejected, number(1)
    right_accepted = accuracy * (1 - looked * wrongly)
    accepted = right_accepted + (1 - accuracy) * (1 - looked * catch)
    return right_accepted / accepted, looked, rejected, 1 / accepted
