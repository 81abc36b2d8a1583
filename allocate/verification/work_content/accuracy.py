"""What a workflow makes of answers of some accuracy: votes, adjudication, review of a share or of lots; and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

from allocate.case.clauses.review import MOST_SAMPLED, Lots
from allocate.case.load import Case
from allocate.case.schema import Product, Workflow
from allocate.verification.work_content.votes import majority, plurality, weighted_majority

MOST_WRONG = 2_000
"""Wrong items of a sample up to which a plan that keeps both risks is looked for."""


@dataclass(frozen=True)
class Delivered:
    """What comes out of a workflow; shares of the items of one pass."""

    accuracy: float
    times: float
    """Times the work is done because a review sends it back to the vendor."""
    adjudicated: float
    looked_at: float
    rejected: float


def delivered(case: Case, workflow: Workflow, product: Product, first: float) -> Delivered:
    """What a workflow delivers when one answer has the accuracy `first`."""
    accuracy, adjudicated = first, 0.0
    classes = classes_of(case, product) or math.inf
    if workflow.plurality:
        accuracy = plurality(accuracy, workflow.correlation, workflow.passes, float(classes))
    elif workflow.majority and workflow.annotator_spread is not None:
        spread = workflow.annotator_spread.number / 100.0
        accuracy = weighted_majority(accuracy, workflow.correlation, workflow.passes, spread)
    elif workflow.majority:
        accuracy = majority(accuracy, workflow.correlation, workflow.passes)
    if workflow.adjudicate is not None:
        accuracy, adjudicated = _settled(workflow, accuracy, float(classes))
    if workflow.review is None:
        return Delivered(accuracy, 1.0, adjudicated, 0.0, 0.0)
    return _reviewed(workflow, accuracy, adjudicated)


def _settled(workflow: Workflow, accuracy: float, classes: float) -> tuple[float, float]:
    """Accuracy and adjudicated share of two answers that a third person settles where they differ."""
    assert workflow.adjudicate is not None
    both_go = workflow.correlation * accuracy * (1.0 - accuracy)
    both_right, both_wrong = accuracy**2 + both_go, (1.0 - accuracy) ** 2 + both_go
    alike = 1.0 / (classes - 1.0)
    differ = 1.0 - both_right - both_wrong * alike
    return min(both_right + differ * workflow.adjudicate.accuracy, 1.0), max(differ, 0.0)


def _reviewed(workflow: Workflow, accuracy: float, adjudicated: float) -> Delivered:
    review = workflow.review
    assert review is not None
    catch, spoilt = review.catch or 0.0, review.false_reject
    found_wrong = (1.0 - accuracy) * catch + accuracy * spoilt
    share = review.share if review.lots is None else _looked_at(review.lots, found_wrong)
    assert share is not None
    rejected = share * found_wrong
    if review.rework == "reviewer":
        corrected = 1.0 if review.accuracy is None else review.accuracy
        right = accuracy * (1.0 - share * spoilt * (1.0 - corrected)) + (1.0 - accuracy) * share * catch * corrected
        return Delivered(min(right, 1.0), 1.0, adjudicated, share, rejected)
    if review.rework == "vendor":
        kept_right, kept_wrong = accuracy * (1.0 - share * spoilt), (1.0 - accuracy) * (1.0 - share * catch)
        kept = kept_right + kept_wrong
        return Delivered(kept_right / kept, 1.0 / kept, adjudicated, share, rejected)
    return Delivered(accuracy, 1.0, adjudicated, share, rejected)


def _looked_at(lots: Lots, found_wrong: float) -> float:
    """Share of items looked at: a sample of each lot, and all of those that fail."""
    sample, accept = (lots.sample, lots.accept) if lots.sample is not None else smallest_sample(lots)
    assert sample is not None
    assert accept is not None
    passed = passes_lot(sample, accept, found_wrong)
    if lots.second is None or lots.accept_both is None:
        return float(passed * sample / lots.size + (1.0 - passed))
    rejected_from = lots.accept_both + 1 if lots.reject is None else lots.reject
    later = math.fsum(
        (passes_lot(sample, k, found_wrong) - passes_lot(sample, k - 1, found_wrong))
        * passes_lot(lots.second, lots.accept_both - k, found_wrong)
        for k in range(accept + 1, min(rejected_from, sample + 1))
    )
    looked_at = (passed * sample + later * (sample + lots.second)) / lots.size
    return float(looked_at + (1.0 - passed - later))


def passes_lot(sample: int, accept: int, wrong: float) -> float:
    """Chance that at most so many of a sample are wrong."""
    if wrong <= 0.0 or wrong >= 1.0:
        return float(wrong <= 0.0)
    each = (
        math.lgamma(sample + 1) - math.lgamma(k + 1) - math.lgamma(sample - k + 1)
        + k * math.log(wrong) + (sample - k) * math.log1p(-wrong)
        for k in range(accept + 1)
    )  # fmt: skip
    return min(math.fsum(map(math.exp, each)), 1.0)


@cache
def smallest_sample(lots: Lots) -> tuple[int, int]:
    """The smallest sample, and wrong ones allowed in it, that keeps the risks of both sides."""
    assert lots.good is not None
    assert lots.bad is not None
    most, least = min(lots.size, MOST_SAMPLED), 1
    for accept in range(min(most, MOST_WRONG + 1)):
        low, high = max(least, accept + 1) - 1, most
        if high <= low or passes_lot(high, accept, lots.bad) > lots.consumer_risk:
            break
        while high - low > 1:
            middle = (low + high) // 2
            keeps = passes_lot(middle, accept, lots.bad) <= lots.consumer_risk
            low, high = (low, middle) if keeps else (middle, high)
        least = high
        if passes_lot(high, accept, lots.good) >= 1.0 - lots.producer_risk:
            return high, accept
    raise ValueError("no sample keeps both risks")


def surely(accuracy: float, checked: int, confidence: float) -> float:
    """The accuracy that so many checked items show with a confidence: the lower end of Wilson's interval, one-sided."""
    z = NormalDist().inv_cdf(confidence)
    middle = accuracy + z * z / (2.0 * checked)
    half = z * math.sqrt(accuracy * (1.0 - accuracy) / checked + z * z / (4.0 * checked * checked))
    return min(max((middle - half) / (1.0 + z * z / checked), 0.0), 1.0)


def classes_of(case: Case, product: Product) -> int | None:
    """Label classes of a product, its own or its task's; None where it has none."""
    return product.classes or (case.model.tasks[product.task].classes if product.task is not None else None)


def noisy_classes(case: Case, product: Product) -> int | None:
    """Classes among which noise falls evenly, where the model takes it so; None where an item counts by its accuracy."""
    return classes_of(case, product) if case.model.defaults.noise == "symmetric" else None


def label_weight(accuracy: float, classes: int | None) -> float:
    """Effective labels of an item: its accuracy, or what even noise among classes leaves of its training value."""
    if classes is None:
        return accuracy
    left = 1.0 - (1.0 - accuracy) * classes / (classes - 1.0)
    return max(left, 0.0) ** 2
