"""What a workflow does to a batch of rate lines: hours, accuracy, review time, use of a pre-labelling service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Product, Workflow
from allocate.costing import effort, quality
from allocate.costing.lines import Line
from allocate.costing.products import per_item
from allocate.errors import CaseError, Problem
from allocate.units import Quantity

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Work:
    """Work on one delivered item of each line; arrays of shape (N,)."""

    passes: float
    """Passes the workflow asks for, rework aside."""
    repeat: Floats
    """How many times the work is done per delivered item because a review sends it back; 1 without."""
    hours: Floats
    """Hours of the vendor, all passes and rework included."""
    review_hours: Floats
    """Hours of the review team."""
    accuracy: Floats
    usage: Floats
    """Price of the pre-labelling service, in its own currency."""
    usage_currency: str | None


def work(case: Case, name: str, lines: Sequence[Line], standard: Floats) -> Work:
    r"""Hours, accuracy and review time of a workflow over lines; standard: hours per item of each line, shape (N,).

    .. math:: h = k \, m \, h_1, \qquad g = m \left(\rho_a S_a + f S_g\right) + \rho S

    with k passes of :math:`h_1` hours (times the factor of pre-labelling), m the times the work is done because a
    review sends it back, :math:`\rho_a` the share adjudicated at :math:`S_a` hours each, f the share reviewed at
    :math:`S_g` hours each, and :math:`\rho` the share mended by the reviewer at standard time S. What a line that names
    its workflow states (pace, accuracy) is of the finished item and stays as it is.

    Raises CaseError for work that never ends, and for times and prices per something a product does not have.
    """
    workflow = case.workflows[name]
    accuracy, once, usage = _one_pass(case, name, workflow, lines, standard)
    if workflow.majority:
        accuracy = quality.majority(accuracy, workflow.passes, workflow.correlation)
    review_hours = np.zeros(len(lines))
    if workflow.adjudicate is not None:
        classes = [classes_of(case, line.asks) for line in lines]
        known = np.where(np.isfinite(classes), classes, np.inf)
        settled = quality.adjudicated_pair(accuracy, workflow.adjudicate.accuracy, workflow.correlation, known)
        accuracy = settled.accuracy
        each = _time(case, name, lines, workflow.adjudicate.time, workflow.adjudicate.time_factor, standard)
        review_hours = settled.adjudicated * each
    repeat = np.ones(len(lines))
    if workflow.review is not None:
        checked = _checked(name, workflow, lines, accuracy)
        accuracy, repeat = checked.accuracy, checked.passes
        each = _time(case, name, lines, workflow.review.time, workflow.review.time_factor, standard)
        review_hours = review_hours * repeat + workflow.review.share * repeat * each
        if workflow.review.rework == "reviewer":
            review_hours = review_hours + checked.rejected * standard
    stated = np.array([_first(line.rate.accuracy) if line.finished_accuracy else np.nan for line in lines])
    accuracy = np.where(np.isfinite(stated), stated, accuracy)
    paced = np.array([line.finished_pace for line in lines])
    hours = np.where(paced, once, once * workflow.passes * repeat)
    currency = workflow.pre_label.cost.currency if workflow.pre_label and workflow.pre_label.cost else None
    return Work(float(workflow.passes), repeat, hours, review_hours, accuracy, usage, currency)


def _one_pass(
    case: Case, name: str, workflow: Workflow, lines: Sequence[Line], standard: Floats
) -> tuple[Floats, Floats, Floats]:
    """Accuracy, hours and pre-labelling price of one pass; hours are of the finished item where a line states that pace."""
    defaults = case.model.defaults
    accuracy = np.array([_first(line.rate.accuracy, line.serves.accuracy, defaults.accuracy) for line in lines])
    hours = _hours(case, lines, standard)
    usage = np.zeros(len(lines))
    before = workflow.pre_label
    if before is None:
        return accuracy, hours, usage
    paced = np.array([line.finished_pace for line in lines])
    hours = np.where(paced, hours, hours * before.time_factor)
    shift = before.accuracy_change.number / 100.0 if before.accuracy_change else 0.0
    accuracy = np.clip(accuracy + shift, 0.0, 1.0)
    if before.cost is not None:
        usage = before.cost.number * _counts(case, name, lines, before.cost)
    return accuracy, hours, usage


def _hours(case: Case, lines: Sequence[Line], standard: Floats) -> Floats:
    """Hours of one pass: from a measured pace, else from standard time and productivity."""
    default = case.model.defaults.productivity
    productivity = np.array([_first(line.rate.productivity, line.serves.productivity, default) for line in lines])
    pace = np.array([line.rate.pace.number if line.rate.pace is not None else np.nan for line in lines])
    paced = np.isfinite(pace)
    idle = [line for line, made, known in zip(lines, productivity, paced, strict=True) if not known and made <= 0]
    if idle:
        who = case.file.rates[idle[0].number].vendor if case.file.rates else idle[0].rate.vendor
        message = f"{idle[0].name} with {who}: a productivity of 0 never finishes"
        raise CaseError([Problem(message, case.place("vendors", who), "write a productivity above 0, or a pace")])
    hours = np.empty(len(lines))
    hours[paced] = effort.hours_from_pace(pace[paced])
    hours[~paced] = effort.hours_per_pass(standard[~paced] * 3600.0, productivity[~paced])
    return hours


def _checked(name: str, workflow: Workflow, lines: Sequence[Line], accuracy: Floats) -> quality.Reviewed:
    review = workflow.review
    assert review is not None
    try:
        return quality.review(
            accuracy,
            review.share,
            review.catch or 0.0,
            1.0 if review.accuracy is None else review.accuracy,
            review.false_reject,
            review.rework,
        )
    except ValueError as error:
        worst = lines[int(np.argmin(accuracy))]
        message = f"{worst.name} with {worst.rate.vendor}, {name}: {error}"
        raise CaseError([Problem(message, None, "lower the review's false-reject, or raise the accuracy")]) from None


def _time(
    case: Case, name: str, lines: Sequence[Line], fixed: Quantity | None, factor: float | None, standard: Floats
) -> Floats:
    """Hours to check one item of each line: a stated time, or a share of the standard time."""
    if fixed is None:
        return standard * (factor or 0.0)
    return fixed.number * _counts(case, name, lines, fixed)


def _counts(case: Case, name: str, lines: Sequence[Line], amount: Quantity) -> Floats:
    """How many of what an amount of a workflow is per one item of each line has."""
    noun = amount.per() or "item"
    what = f"workflow {name}: '{amount.text}'"
    each = {line.name: 0.0 for line in lines}
    for product in each:
        each[product] = per_item(case, product, noun, what, case.place("workflows", name))
    return np.array([each[line.name] for line in lines])


def classes_of(case: Case, product: Product) -> float:
    """Number of classes where symmetric noise applies, nan where an item counts by its accuracy."""
    task = case.model.tasks.get(product.task) if product.task else None
    classes = product.classes or (task.classes if task else None)
    return float(classes) if classes and case.model.defaults.noise == "symmetric" else np.nan


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)
