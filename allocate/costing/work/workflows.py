"""What a workflow does to a batch of rate lines: hours, accuracy, review time, use of a pre-labelling service."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Lots, PreLabel, Product, Review, Workflow
from allocate.costing.quality import checking as quality
from allocate.costing.quality import double_sampling, estimates, voting
from allocate.costing.quality.double_sampling import DoublePlan
from allocate.costing.quality.sampling import LotPlan, inspected, smallest_plan
from allocate.costing.terms import levers
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.terms.rate_line import Line
from allocate.costing.work import effort
from allocate.costing.work.products import counts
from allocate.errors import CaseError
from allocate.numbers import Floats, blank, by_value, least, most, named
from allocate.units import Quantity


@dataclass(frozen=True, eq=False)
class Work:
    """Work on one delivered item of each line; arrays of shape (N,)."""

    passes: float
    """Passes the workflow asks for, rework aside."""
    repeat: Floats
    """How many times the work is done per delivered item because a review sends it back; 1 without."""
    shown: float
    """Items worked on for each delivered one because of gold items; 1 without."""
    made: float
    """Items made for each delivered one: those worked on, and again those labelled twice for an audit of agreement."""
    hours: Floats
    """Hours of the vendor, all passes, rework, gold items and audits included."""
    review_hours: Floats
    """Hours of the review team."""
    adjudicating: Floats
    """Those of them in which disagreements are settled."""
    checking: Floats
    """Those in which labels are checked; what remains is correction."""
    checks: Floats
    """Times the review team looks at it: reviews and adjudications."""
    accuracy: Floats
    assured: Floats
    """Accuracy that counts against the product's floor: with a confidence, what the checked items show; else the same."""
    usage: Floats
    """Units that the pre-labelling service charges for: an item once, however many people label it."""


def work(case: Case, name: str, lines: RateLines, standard: Floats, change: levers.Changes | None = None) -> Work:
    r"""Hours, accuracy and review time of a workflow over lines; standard: hours per item of each line, shape (N,).

    .. math:: h = \frac{k \, m \, (1 + b) \, h_1}{1 - s}, \qquad g = m \left(\rho_a S_a + f S_g\right) + \rho S

    with k passes of :math:`h_1` hours (times the factor of pre-labelling), m the times the work is done because a
    review sends it back, s the share of gold items, b that of items labelled twice to see whether both agree, :math:`\rho_a` the share adjudicated at :math:`S_a` hours each, f the share reviewed at
    :math:`S_g` hours each, and :math:`\rho` the share corrected by the reviewer at standard time S. What a line that names
    its workflow states (pace, accuracy) is of the finished item and stays as it is. change: what levers do to one pass,
    or to what is stated.

    Raises CaseError for work that never ends, and for times and prices per something a product does not have.
    """
    workflow = case.workflows[name]
    first, once, usage = _one_pass(case, name, workflow, lines, standard, change)
    first, once = named("accuracy of one pass", first), named("hours of one pass", once)
    delivered = _delivered(case, name, lines, first, change)
    each = checking = np.zeros(len(lines))
    if workflow.adjudicate is not None:
        each = _time(case, name, lines, workflow.adjudicate.time, workflow.adjudicate.time_factor, standard)
    review_hours = adjudicating = delivered.adjudicated * delivered.repeat * each
    if workflow.review is not None:
        each = _time(case, name, lines, workflow.review.time, workflow.review.time_factor, standard)
        checking = delivered.looked_at * delivered.repeat * each
        review_hours = review_hours + checking
        if workflow.review.rework == "reviewer":
            review_hours = review_hours + delivered.rejected * standard
    shown, made = _shown(workflow), _made(workflow)
    hours = np.where(lines.finished_pace, once, once * workflow.passes * delivered.repeat) * made
    return Work(
        passes=float(workflow.passes),
        repeat=delivered.repeat,
        shown=shown,
        made=made,
        hours=hours,
        review_hours=review_hours,
        adjudicating=adjudicating,
        checking=checking,
        checks=(delivered.adjudicated + delivered.looked_at) * delivered.repeat,
        accuracy=delivered.accuracy,
        assured=_assured(case, name, lines, first, delivered.accuracy, change),
        usage=usage * shown,
    )


def _shown(workflow: Workflow) -> float:
    """Items worked on for each delivered one: gold items are not delivered."""
    return 1.0 / (1.0 - (workflow.gold.share if workflow.gold is not None else 0.0))


def _made(workflow: Workflow) -> float:
    """Items made for each delivered one: those worked on, and the second labels of an audit."""
    twice = workflow.agreement.share if workflow.agreement is not None else 0.0
    return (1.0 + twice) / (1.0 - (workflow.gold.share if workflow.gold is not None else 0.0))


@dataclass(frozen=True, eq=False)
class _Delivered:
    """What a workflow makes of passes of some accuracy; shares of the items of one pass, shape (N,)."""

    accuracy: Floats
    repeat: Floats
    adjudicated: Floats
    looked_at: Floats
    rejected: Floats


def _delivered(case: Case, name: str, lines: RateLines, first: Floats, change: levers.Changes | None) -> _Delivered:
    """Accuracy and shares of work when one pass has the accuracy `first`."""
    workflow, accuracy, nothing = case.workflows[name], first, np.zeros(len(lines))
    adjudicated, looked_at, rejected, repeat = nothing, nothing, nothing, np.ones(len(lines))
    if workflow.majority or workflow.plurality:
        accuracy = named("accuracy after the votes", _voted(case, name, accuracy, lines))
    if workflow.adjudicate is not None:
        settled = quality.adjudicated_pair(
            accuracy, workflow.adjudicate.accuracy, workflow.correlation, _known_classes(case, lines)
        )
        accuracy, adjudicated = settled.accuracy, named("share adjudicated", settled.adjudicated)
    if workflow.review is not None:
        looked_at = named("share reviewed", _looked_at(case, name, workflow.review, accuracy))
        checked = _checked(name, workflow.review, lines, accuracy, looked_at)
        accuracy, rejected = checked.accuracy, named("share rejected", checked.rejected)
        repeat = named("times the work is done", checked.passes)
    delivered = np.where(lines.finished_accuracy, levers.shifted(lines.accuracy, change, lines), accuracy)
    return _Delivered(delivered, repeat, adjudicated, looked_at, rejected)


def _known_classes(case: Case, lines: RateLines) -> Floats:
    """Number of classes by which labels of each line agree by chance; infinite where wrong ones never do."""
    classes = np.array([_classes(case, product) or np.inf for product in case.products.values()])
    return classes[lines.product]


def _voted(case: Case, name: str, accuracy: Floats, lines: RateLines) -> Floats:
    """Accuracy after the votes of a workflow are counted."""
    workflow = case.workflows[name]
    if workflow.plurality:
        return voting.plurality(accuracy, workflow.passes, _known_classes(case, lines), workflow.correlation)
    if workflow.annotator_spread is None:
        return quality.majority(accuracy, workflow.passes, workflow.correlation)
    spread = workflow.annotator_spread.number / 100.0
    try:
        return voting.weighted_majority(accuracy, workflow.passes, spread, workflow.correlation)
    except ValueError as error:
        place = case.place("workflows", name, "annotator-spread")
        raise CaseError.of(f"workflow {name}: {error}", place, "write a smaller annotator-spread") from None


def _assured(
    case: Case,
    name: str,
    lines: RateLines,
    first: Floats,
    accuracy: Floats,
    change: levers.Changes | None,
) -> Floats:
    """Accuracy after the workflow that is reached with the confidence the products ask for.

    The estimate is of what was checked: one pass, or the finished item where a line states that. Its one-sided Wilson
    bound goes through the same workflow; every workflow's accuracy rises with that of its passes.
    """
    floors = [product.accuracy for product in case.products.values()]
    confidence = np.array([None if one is None else one.confidence for one in floors], dtype=np.float64)
    sure = confidence[lines.product]
    asked = np.flatnonzero(np.isfinite(sure))
    if not len(asked):
        return accuracy
    checked = [_checked_items(lines[row]) for row in asked.tolist()]
    first, accuracy = by_value(first), by_value(accuracy)
    low, finished = first.copy(), accuracy.copy()
    for row, count in zip(asked.tolist(), checked, strict=True):
        if count is None:  # found by the case's checks
            raise ValueError(f"{lines[row].name}: an accuracy with confidence needs the items it was measured on")
        low[row] = estimates.at_least(first[row], count, sure[row])
        finished[row] = estimates.at_least(accuracy[row], count, sure[row])
    assured = np.where(lines.finished_accuracy, finished, _delivered(case, name, lines, low, change).accuracy)
    return np.where(np.isfinite(sure), assured, accuracy)


def _checked_items(line: Line) -> int | None:
    """Items the accuracy of a line was measured on: its own where it states one, else the vendor's."""
    of_rate = line.rate.checked
    return of_rate if of_rate is not None or line.rate.accuracy is not None else line.serves.checked


def lot_plan(case: Case, name: str, lots: Lots) -> LotPlan | DoublePlan:
    """The sampling plan of a workflow: as written, or the smallest that keeps both of its risks.

    Raises CaseError where the lots are too small for the risks.
    """
    if lots.second is not None and lots.accept_both is not None:
        assert lots.sample is not None
        assert lots.accept is not None
        reject = lots.accept_both + 1 if lots.reject is None else lots.reject
        return DoublePlan(lots.sample, lots.accept, reject, lots.second, lots.accept_both, lots.size)
    if lots.sample is not None and lots.accept is not None:
        return LotPlan(lots.sample, lots.accept, lots.size)
    assert lots.good is not None
    assert lots.bad is not None
    try:
        plan = smallest_plan(lots.good, lots.bad, lots.producer_risk, lots.consumer_risk, by_value(lots.size))
    except ValueError as error:
        place = case.place("workflows", name, "review", "lots")
        fix = "write larger lots, rates further apart, or more risk"
        raise CaseError.of(f"workflow {name}: {error}", place, fix) from None
    return replace(plan, lot=lots.size)


def _looked_at(case: Case, name: str, review: Review, accuracy: Floats) -> Floats:
    """Share of the items of one pass that are checked; by a lot plan it depends on how many are found wrong."""
    if review.lots is None:
        return np.full(len(accuracy), review.share)
    found_wrong = (1.0 - accuracy) * _or_nothing(review.catch) + accuracy * review.false_reject
    plan = lot_plan(case, name, review.lots)
    return (
        double_sampling.inspected(plan, found_wrong) if isinstance(plan, DoublePlan) else inspected(plan, found_wrong)
    )


def _one_pass(
    case: Case,
    name: str,
    workflow: Workflow,
    lines: RateLines,
    standard: Floats,
    change: levers.Changes | None,
) -> tuple[Floats, Floats, Floats]:
    """Accuracy, hours and pre-labelled units of one pass; hours are of the finished item where a line states that pace."""
    accuracy = levers.shifted(lines.accuracy, change, lines)
    hours = hours_once(case, lines, standard) * (change.hours if change is not None else 1.0)
    usage = np.zeros(len(lines))
    before = workflow.pre_label
    if before is None:
        return accuracy, hours, usage
    hours = np.where(lines.finished_pace, hours, hours * before.time_factor)
    accuracy = _pre_labelled(before, accuracy)
    if before.cost is not None:
        usage = _counts(case, name, lines, before.cost)
    return accuracy, hours, usage


def _pre_labelled(before: PreLabel, accuracy: Floats) -> Floats:
    """Accuracy of passes that begin with pre-labels."""
    shift = before.accuracy_change.number / 100.0 if before.accuracy_change else 0.0
    moved: Floats = most(least(accuracy + shift, 1.0), 0.0)
    return moved


def delivered_accuracy(case: Case, name: str, lines: RateLines) -> Floats:
    """Accuracy at delivery when one pass (of a line for one workflow: the finished item) has the accuracy of its line, shape (N,)."""
    before = case.workflows[name].pre_label
    first = lines.accuracy if before is None else _pre_labelled(before, lines.accuracy)
    return _delivered(case, name, lines, first, None).accuracy


def hours_once(case: Case, lines: RateLines, standard: Floats) -> Floats:
    """Hours of one pass: from a measured pace, else from standard time and productivity."""
    paced = np.isfinite(by_value(lines.pace))
    idle = np.flatnonzero(~paced & (by_value(lines.productivity) <= 0.0))
    if len(idle):
        line = lines[int(idle[0])]
        message = f"{line.name} with {line.rate.vendor}: a productivity of 0 never finishes"
        place = case.place("vendors", line.rate.vendor)
        raise CaseError.of(message, place, "write a productivity above 0, or a pace")
    hours = blank(len(lines), lines.pace, lines.productivity, standard)
    hours[paced] = effort.hours_from_pace(lines.pace[paced])
    hours[~paced] = effort.hours_per_pass(standard[~paced] * 3600.0, lines.productivity[~paced])
    return hours


def _checked(name: str, review: Review, lines: RateLines, accuracy: Floats, share: Floats) -> quality.Reviewed:
    """What comes out of the review of a share of the items of each line."""
    try:
        return quality.review(
            accuracy,
            share,
            _or_nothing(review.catch),
            1.0 if review.accuracy is None else review.accuracy,
            review.false_reject,
            review.rework,
        )
    except ValueError as error:
        worst = lines[int(np.argmin(by_value(accuracy)))]
        message = f"{worst.name} with {worst.rate.vendor}, {name}: {error}"
        raise CaseError.of(message, None, "lower the review's false-reject, or raise the accuracy") from None


def _time(
    case: Case, name: str, lines: RateLines, fixed: Quantity | None, factor: float | None, standard: Floats
) -> Floats:
    """Hours to check one item of each line: a stated time, or a share of the standard time."""
    if fixed is None:
        return standard * _or_nothing(factor)
    return fixed.number * _counts(case, name, lines, fixed)


def _or_nothing(figure: float | None) -> float:
    return 0.0 if figure is None else figure


def _counts(case: Case, name: str, lines: RateLines, amount: Quantity) -> Floats:
    """How many of what an amount of a workflow is per one item of each line has."""
    what, place = f"workflow {name}: '{amount.text}'", case.place("workflows", name)
    return counts(case, lines.product, amount.per() or "item", lambda _: what, place)


def classes_by_product(case: Case) -> Floats:
    """Number of classes of each product where symmetric noise applies, shape (P,), nan where an item counts by its accuracy."""
    even = case.model.defaults.noise == "symmetric"
    return np.array([(even and _classes(case, product)) or np.nan for product in case.products.values()])


def _classes(case: Case, product: Product) -> float:
    """Number of classes of a product, its own or its task's; 0 where it has none."""
    task = case.model.tasks.get(product.task) if product.task else None
    classes = product.classes or (task.classes if task else None)
    return float(classes or 0)
