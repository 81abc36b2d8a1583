"""One delivered item of a route: the hours it takes, how good it is, and what of it is billed, read from the case."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.case.schema import Product, Rate, Vendor, Workflow
from allocate.units import Quantity, kind_of
from allocate.verification.work_content.accuracy import Delivered, delivered, label_weight, noisy_classes, surely
from allocate.verification.work_content.card import Levers, priced_by, touches
from allocate.verification.work_content.effort import count_of, item_of, reference_hours, standard_hours

STAGES = ("label", "adjudicate", "review", "rework")
"""Stages an item goes through, in order."""
Stage = tuple[int, float, float]
"""Periods from the beginning of the work, hours of the vendor, hours of the review team."""


@dataclass(frozen=True)
class Item:
    """What one delivered item of a route takes and comes to; money in the currency of its price."""

    product: int
    vendor: int
    workflow: int
    levers: Levers
    line: int
    """Number of the line of the rate card."""
    standard: float
    """Hours of one pass at the pace stated, before proposals and levers."""
    equivalent_units: float
    hours: float
    review_hours: float
    checks: float
    """Times the review team looks at it."""
    accuracy: float
    assured: float
    """The accuracy that counts against a floor: with a confidence, what the checked items show."""
    effective: float
    lead: int
    """Periods from work to delivery."""
    weeks: float
    """Weeks of the vendor's own lead."""
    stages: tuple[Stage, ...]
    basis: str
    """What its price is per, as an invoice says it."""
    price: Quantity
    """As the contract or the rate card states it; of prices by volume the first step."""
    billed: float
    """Money for it at that price, before season and escalation, work done again included where it is paid."""
    billable: float
    """Units the price counts in it."""
    counted: float
    """Units the steps of prices by volume count in it."""
    by_volume: bool
    fee_units: float
    """Units a platform fee in money counts in it."""
    proposals: float
    """Units the price of pre-labelling counts in it."""


@dataclass(frozen=True)
class Route:
    """What a route's figures are read from."""

    case: Case
    product: Product
    vendor: Vendor
    workflow: Workflow
    rate: Rate
    levers: tuple[tuple[float, float, float], ...]
    """Factor on hours, points of accuracy as a share, and factor on the price of each effect of its levers."""

    @property
    def finished(self) -> bool:
        """Whether what the line states is of the finished item: it names its workflow."""
        return self.rate.workflow is not None

    @property
    def price(self) -> Quantity:
        """What is asked first: the line's own price, the first step by volume, or the contract's; a team asks none."""
        if self.vendor.team is not None:
            return Quantity(0.0, ((str(self.vendor.team.wage.currency), 1), ("h", -1)))
        steps = priced_by(self.vendor, self.rate.product)
        price: Quantity | None = self.rate.price or (steps.steps[0].price if steps else self.vendor.contract.price)
        assert price is not None
        return price

    @property
    def answers(self) -> float:
        """Accuracy of one answer as stated and changed by levers: the line's, the vendor's or the model's."""
        stated = [self.rate.accuracy, self.vendor.accuracy, self.case.model.defaults.accuracy]
        accuracy = next(share for share in stated if share is not None)
        return float(min(accuracy + sum(points for _, points, _ in self.levers), 1.0))

    @property
    def pass_hours(self) -> float:
        """Hours of one pass at the pace stated."""
        if self.rate.pace is not None:
            return float(1.0 / self.rate.pace.number)
        stated = [self.rate.productivity, self.vendor.productivity, self.case.model.defaults.productivity]
        return float(standard_hours(self.case, self.product) / next(pace for pace in stated if pace is not None))


def read_item(case: Case, names: tuple[str, str, str], levers: Levers, line: tuple[int, Rate]) -> Item:
    """One delivered item of a product with a vendor by a workflow (names), worked with levers, on a line of the card."""
    product, vendor, workflow = case.products[names[0]], case.vendors[names[1]], case.workflows[names[2]]
    number, rate = line
    blocks = list(case.file.levers.values())
    changes = tuple(
        (1.0 + (effect.hours or 0.0), effect.accuracy.number / 100.0 if effect.accuracy else 0.0, 1.0 + (effect.price or 0.0))
        for lever in levers
        for effect in blocks[lever].effect
        if touches(effect, *names)
    )  # fmt: skip
    route = Route(case, product, vendor, workflow, rate, changes)
    before = workflow.pre_label
    first, hours, proposals = route.answers, route.pass_hours, 0.0
    for factor, _, _ in changes:
        hours *= factor
    own_pace = route.finished and rate.pace is not None
    if before is not None:
        hours *= 1.0 if own_pace else before.time_factor
        change = before.accuracy_change.number / 100.0 if before.accuracy_change is not None else 0.0
        first = min(max(first + change, 0.0), 1.0)
        proposals = count_of(case, product, before.cost.per() or "item") if before.cost is not None else 0.0
    made = delivered(case, workflow, product, first)
    accuracy = route.answers if route.finished and rate.accuracy is not None else made.accuracy
    shown = 1.0 / (1.0 - (workflow.gold.share if workflow.gold is not None else 0.0))
    worked = shown * (1.0 + (workflow.agreement.share if workflow.agreement is not None else 0.0))
    once = hours if own_pace else hours * workflow.passes
    times = 1.0 if own_pace else made.times
    checking = _checking(route, made)
    billable, counted = _billed(route, made, worked, once, times)
    factor = 1.0
    for _, _, change in changes:
        factor *= change
    lead, stages = _times(route, made, once * times * worked, checking)
    steps = priced_by(vendor, names[0]) if rate.price is None and vendor.team is None else None
    noun = route.price.per() or "item"
    weeks = rate.lead or vendor.lead
    return Item(
        product=list(case.products).index(names[0]),
        vendor=list(case.vendors).index(names[1]),
        workflow=list(case.workflows).index(names[2]),
        levers=levers,
        line=number,
        standard=route.pass_hours,
        equivalent_units=standard_hours(case, product) / reference_hours(case),
        hours=once * times * worked,
        review_hours=sum(checking),
        checks=(made.adjudicated + made.looked_at) * made.times,
        accuracy=accuracy,
        assured=_assured(route, first, accuracy),
        effective=label_weight(accuracy, noisy_classes(case, product)),
        lead=lead,
        weeks=weeks.number if weeks is not None else 0.0,
        stages=stages,
        basis="hour" if noun == "h" else noun,
        price=route.price,
        billed=route.price.number * factor * billable,
        billable=billable,
        counted=counted,
        by_volume=steps is not None,
        fee_units=_fee_units(route, shown, worked, once * times * worked),
        proposals=proposals * shown,
    )


def _assured(route: Route, first: float, accuracy: float) -> float:
    """The accuracy that counts against the product's floor."""
    floor, rate = route.product.accuracy, route.rate
    if floor is None or floor.confidence is None:
        return accuracy
    own = rate.checked is not None or rate.accuracy is not None
    checked = rate.checked if own else route.vendor.checked
    assert checked is not None
    if route.finished and rate.accuracy is not None:
        return surely(accuracy, checked, floor.confidence)
    low = surely(first, checked, floor.confidence)
    return delivered(route.case, route.workflow, route.product, low).accuracy


def _checking(route: Route, made: Delivered) -> tuple[float, float, float]:
    """Hours of the review team for one item: settling disagreements, checking, and mending."""
    standard = standard_hours(route.case, route.product)

    def time(fixed: Quantity | None, factor: float | None) -> float:
        if fixed is None:
            return standard * (factor or 0.0)
        return fixed.number * count_of(route.case, route.product, fixed.per() or "item")

    settling = checking = mending = 0.0
    settle, review = route.workflow.adjudicate, route.workflow.review
    if settle is not None:
        settling = made.adjudicated * made.times * time(settle.time, settle.time_factor)
    if review is not None:
        checking = made.looked_at * made.times * time(review.time, review.time_factor)
        mending = made.rejected * standard if review.rework == "reviewer" else 0.0
    return settling, checking, mending


def _billed(route: Route, made: Delivered, worked: float, once: float, times: float) -> tuple[float, float]:
    """Units of an item that its price counts, and that the steps of prices by volume count."""
    contract, noun = route.vendor.contract, route.price.per() or "item"
    whole = route.finished and route.rate.price is not None and noun in ("item", item_of(route.case, route.product))
    again = (noun == "h" if contract.rework_paid is None else contract.rework_paid) and not whole

    def units(noun: str, whole: bool) -> float:
        if noun == "h":
            return worked * once * (times if again else 1.0)
        passes = float(route.workflow.passes)
        each = {"label": passes, "EU": passes * standard_hours(route.case, route.product) / reference_hours(route.case)}
        many = each[noun] if noun in each else count_of(route.case, route.product, noun) * (1.0 if whole else passes)
        return worked * many * (made.times if again else 1.0)

    billable = units(noun, whole)
    steps = None if route.rate.price is not None else priced_by(route.vendor, route.rate.product)
    end = steps.steps[0].up_to if steps is not None else None
    fills = None if end is None or end.currency is not None else end.of() or "item"
    return billable, billable if fills in (None, noun) else units(str(fills), whole=False)


def _fee_units(route: Route, shown: float, worked: float, hours: float) -> float:
    """Units of a platform fee in money; of items those shown, of all else those made."""
    fee = route.vendor.platform_fee
    if fee is None or kind_of(fee) == "fraction":
        return 0.0
    noun = fee.per() or "item"
    if noun == "h":
        return hours
    passes = float(route.workflow.passes)
    if noun == "label":
        return worked * passes
    if noun == "EU":
        return worked * passes * standard_hours(route.case, route.product) / reference_hours(route.case)
    each = count_of(route.case, route.product, noun)
    return shown * each if noun in ("item", item_of(route.case, route.product)) else worked * each * passes


def _times(
    route: Route, made: Delivered, hours: float, checking: tuple[float, float, float]
) -> tuple[int, tuple[Stage, ...]]:
    """Periods to delivery, and when each stage begins and what it takes; what is sent back is worked on in the last."""
    own, leads = route.rate.lead or route.vendor.lead, route.workflow.leads
    weeks = own.number if own is not None else 0.0

    def whole(weeks: float) -> int:
        return route.case.periods.lead(Quantity(weeks))

    review_hours = sum(checking)
    if leads is None:
        after = whole(weeks)
        return after, ((0, hours, review_hours), *((after, 0.0, 0.0),) * 3)
    begins = [0]
    for lead in (leads.label, leads.adjudicate, leads.review):
        weeks += lead.number if lead is not None else 0.0
        begins.append(whole(weeks))
    once = 1.0 / made.times
    own_pace = route.finished and route.rate.pace is not None
    again = 0.0 if own_pace else hours * (1.0 - once)
    settling, checks, mending = checking
    of_stages = (
        (hours - again, 0.0),
        (0.0, settling * once),
        (0.0, checks * once),
        (again, mending + (settling + checks) * (1.0 - once)),
    )
    weeks += leads.rework.number if leads.rework is not None else 0.0
    return whole(weeks), tuple((begin, *both) for begin, both in zip(begins, of_stages, strict=True))
