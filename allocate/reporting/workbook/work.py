"""Formulas of the work on one item: standard time, accuracy after the workflow, hours, review; as the costing has them."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.schema import Rate
from allocate.costing.quality.sampling import accepted
from allocate.costing.terms import levers
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.terms.rate_line import Line
from allocate.costing.work.products import item_of
from allocate.costing.work.workflows import classes_by_product, lot_plan
from allocate.reporting.workbook.inputs import Inputs
from allocate.reporting.workbook.terms import Term, least, most, number


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


def change_of(case: Case, card: RateLines, number: int, workflow: str, combination: levers.Combination) -> Change:
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
    usage_count: Term
    """Units the pre-labelling service charges for."""


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
    hours, usage, charged, before = hours * change.hours, number(0), number(0), workflow.pre_label
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
            charged = per_item(inputs, line, before.cost.per() or "item")
            usage = price * charged
    return Pass(accuracy, hours, usage, charged)


def place_of(case: Case, name: str) -> Path_:
    """Where a workflow is written: in the case, else in the cost model."""
    own = case.file.workflows.get(name) is not None
    return ("workflows", name) if own else ("model", "workflows", name)


def voted(inputs: Inputs, name: str, accuracy: Term) -> Term:
    """Accuracy of what most of several passes say."""
    shared, passes = correlation(inputs, name), inputs.case.workflows[name].passes
    found = number(0)
    for right in range(passes // 2 + 1, passes + 1):
        found = found + chance_of_votes(accuracy, shared, right, passes - right) * comb(passes, right)
    return least(1, found)


def chance_of_votes(accuracy: Term, shared: Term, right: int, wrong: int) -> Term:
    """Chance of so many right and wrong votes in one order; right is at least 1. See `costing.quality.majority`."""
    chance = accuracy
    for i in range(1, right):
        chance = chance * (accuracy * (1 - shared) + i * shared)
    for i in range(wrong):
        chance = chance * ((1 - accuracy) * (1 - shared) + i * shared)
    for i in range(1, right + wrong):
        chance = chance / (1 - shared + i * shared)
    return chance


def classes_of(inputs: Inputs, line: RouteLine) -> float:
    """Number of classes by which wrong labels agree by chance; infinite where they never do."""
    classes = float(classes_by_product(inputs.case)[list(inputs.case.products).index(line.name)])
    return classes if np.isfinite(classes) else np.inf


def correlation(inputs: Inputs, name: str) -> Term:
    """How far errors of different passes go together."""
    path = (*place_of(inputs.case, name), "correlation")
    return inputs.share("errors of passes that go together", name, inputs.case.workflows[name].correlation, path)


def settled(inputs: Inputs, line: RouteLine, name: str, accuracy: Term, keep: object) -> tuple[Term, Term]:
    """Accuracy and share adjudicated of two passes; keep writes the share into its cell."""
    workflow = inputs.case.workflows[name]
    assert workflow.adjudicate is not None
    shared = correlation(inputs, name) * accuracy * (1 - accuracy)
    differ = 1.0 - 1.0 / (classes_of(inputs, line) - 1.0)
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
    catch, wrongly = number(0), number(0)
    if review.catch is not None or review.lots is not None:
        catch = inputs.share("wrong items the reviewer notices", name, review.catch or 0.0, (*where, "catch"))
        wrongly = inputs.share("right items the reviewer rejects", name, review.false_reject, (*where, "false-reject"))
    found_wrong = (1 - accuracy) * catch + accuracy * wrongly
    if review.lots is not None:
        looked = _inspected(inputs, name, found_wrong)
    else:
        looked = inputs.share("QA rate: share of items reviewed", name, review.share or 0.0, (*where, "share"))
    if review.catch is None:
        return accuracy, looked, number(0), number(1)
    rejected = looked * found_wrong
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


def _inspected(inputs: Inputs, name: str, wrong: Term) -> Term:
    """Share of items looked at when the lots of which too many are found wrong are checked whole."""
    review = inputs.case.workflows[name].review
    assert review is not None
    assert review.lots is not None
    plan, where = lot_plan(inputs.case, name, review.lots), (*place_of(inputs.case, name), "review", "lots")
    found = review.lots.sample is None
    looked = inputs.figure("items of a lot that are checked", name, float(plan.sample), (*where, "sample"), found)
    allowed = inputs.figure(
        "most of them wrong in a lot that passes", name, float(plan.accept), (*where, "accept"), found
    )
    size = inputs.figure("items in a lot", name, float(review.lots.size), (*where, "size"))
    chance = float(accepted(plan, wrong.value))
    passes = Term(f"BINOMDIST({allowed.text},{looked.text},MIN(1,MAX(0,{wrong.text})),TRUE)", chance)
    sampled = looked / size
    return sampled + (1 - passes) * (1 - sampled)
