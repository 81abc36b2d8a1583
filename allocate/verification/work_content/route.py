"""A route of the case: its product, vendor, workflow, line of the rate card and levers, and what of it follows for one item."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from allocate.case.load import Case
from allocate.case.schema import Product, Rate, Tiers, Vendor, Workflow
from allocate.units import Quantity
from allocate.verification.work_content.accuracy import Delivered, delivered, surely
from allocate.verification.work_content.card import Levers, priced_by, touches
from allocate.verification.work_content.effort import count_of, item_of, reference_hours, standard_hours

Stage = tuple[int, float, float]
"""Periods from the beginning of the work, hours of the vendor, hours of the review team."""


@dataclass(frozen=True)
class Change:
    """What one effect of a lever does to a route."""

    hours: float
    """Factor on the hours of one pass."""
    accuracy: float
    """Added to the accuracy of one pass."""
    price: float
    """Factor on the price."""
    held: bool
    """Whether it is a locked price that does not rise."""


@dataclass(frozen=True, eq=False)
class Route:
    """A route; all that is counted is of one delivered item."""

    case: Case
    product: Product
    vendor: Vendor
    workflow: Workflow
    rate: Rate
    changes: tuple[Change, ...]

    @property
    def finished(self) -> bool:
        """Whether what the line states is of the finished item: it names its workflow."""
        return self.rate.workflow is not None

    @property
    def own_pace(self) -> bool:
        """Whether a pace is stated of the finished item."""
        return self.finished and self.rate.pace is not None

    @property
    def steps(self) -> Tiers | None:
        """The prices by volume it falls under; a line with a price of its own falls under none."""
        own = self.rate.price is not None or self.vendor.team is not None
        return None if own else priced_by(self.vendor, self.rate.product)

    @property
    def price(self) -> Quantity:
        """What is asked first: the line's own price, the first step by volume, or the contract's; a team asks none."""
        if self.vendor.team is not None:
            return Quantity(0.0, ((str(self.vendor.team.wage.currency), 1), ("h", -1)))
        steps = self.steps
        price: Quantity | None = self.rate.price or (steps.steps[0].price if steps else self.vendor.contract.price)
        assert price is not None
        return price

    @property
    def noun(self) -> str:
        """What the price is per."""
        return self.price.per() or "item"

    @property
    def asked(self) -> float:
        """The price of a unit in its currency, as levers change it; of prices by volume the first step's, as it is."""
        return self.price.number * (self.price_factor if self.steps is None else 1.0)

    @property
    def price_factor(self) -> float:
        """What levers make of prices."""
        factor = 1.0
        for change in self.changes:
            factor *= change.price
        return factor

    @cached_property
    def standard(self) -> float:
        """Hours of one pass at the standard pace."""
        return standard_hours(self.case, self.product)

    @property
    def equivalent_units(self) -> float:
        """Its standard time in reference units."""
        return self.standard / reference_hours(self.case)

    @property
    def stated_hours(self) -> float:
        """Hours of one pass at the pace stated, before proposals and levers."""
        if self.rate.pace is not None:
            return float(1.0 / self.rate.pace.number)
        stated = [self.rate.productivity, self.vendor.productivity, self.case.model.defaults.productivity]
        return float(self.standard / next(pace for pace in stated if pace is not None))

    @property
    def stated_accuracy(self) -> float:
        """Accuracy of one answer as stated and changed by levers: the line's, the vendor's or the model's."""
        stated = [self.rate.accuracy, self.vendor.accuracy, self.case.model.defaults.accuracy]
        accuracy = next(share for share in stated if share is not None)
        return float(min(accuracy + sum(change.accuracy for change in self.changes), 1.0))

    @property
    def first_accuracy(self) -> float:
        """Accuracy of one answer, with proposals where there are any."""
        before = self.workflow.pre_label
        if before is None or before.accuracy_change is None:
            return self.stated_accuracy
        return float(min(max(self.stated_accuracy + before.accuracy_change.number / 100.0, 0.0), 1.0))

    @cached_property
    def made(self) -> Delivered:
        """What the workflow makes of such answers."""
        return delivered(self.case, self.workflow, self.product, self.first_accuracy)

    @property
    def accuracy(self) -> float:
        """Accuracy at delivery: as stated of the finished item, else what the workflow makes of it."""
        return self.stated_accuracy if self.finished and self.rate.accuracy is not None else self.made.accuracy

    @property
    def assured(self) -> float:
        """The accuracy that counts against the product's floor: with a confidence, what the checked items show."""
        floor, rate = self.product.accuracy, self.rate
        if floor is None or floor.confidence is None:
            return self.accuracy
        own = rate.checked is not None or rate.accuracy is not None
        checked = rate.checked if own else self.vendor.checked
        assert checked is not None
        if self.finished and rate.accuracy is not None:
            return surely(self.accuracy, checked, floor.confidence)
        low = surely(self.first_accuracy, checked, floor.confidence)
        return delivered(self.case, self.workflow, self.product, low).accuracy

    @property
    def shown(self) -> float:
        """Items worked on: known ones mixed in are not delivered."""
        return 1.0 / (1.0 - (self.workflow.gold.share if self.workflow.gold is not None else 0.0))

    @property
    def worked(self) -> float:
        """Items made: those worked on, and again those labelled twice to see whether both agree."""
        twice = self.workflow.agreement.share if self.workflow.agreement is not None else 0.0
        return self.shown * (1.0 + twice)

    @property
    def once(self) -> float:
        """Hours of the vendor for all passes, done once."""
        hours = self.stated_hours
        for change in self.changes:
            hours *= change.hours
        if self.own_pace:
            return hours
        before = self.workflow.pre_label
        return float(hours * (before.time_factor if before is not None else 1.0) * self.workflow.passes)

    @property
    def times(self) -> float:
        """Times these hours are worked because a review sends the work back."""
        return 1.0 if self.own_pace else self.made.times

    @property
    def hours(self) -> float:
        """Hours of the vendor in all."""
        return self.once * self.times * self.worked

    @cached_property
    def checking(self) -> tuple[float, float, float]:
        """Hours of the review team: settling disagreements, checking, and correction."""
        settle, review = self.workflow.adjudicate, self.workflow.review
        settling = checking = correcting = 0.0
        if settle is not None:
            settling = self.made.adjudicated * self.made.times * self._time(settle.time, settle.time_factor)
        if review is not None:
            checking = self.made.looked_at * self.made.times * self._time(review.time, review.time_factor)
            correcting = self.made.rejected * self.standard if review.rework == "reviewer" else 0.0
        return settling, checking, correcting

    def _time(self, fixed: Quantity | None, factor: float | None) -> float:
        if fixed is None:
            return self.standard * (factor or 0.0)
        return fixed.number * count_of(self.case, self.product, fixed.per() or "item")

    @property
    def billable(self) -> float:
        """Units the price counts, work done again included where it is paid."""
        return self._billed(self.noun, self._whole)

    @property
    def further(self) -> tuple[tuple[str, float, float], ...]:
        """Every further part of the price: what it is per, the units of it billed, and the money for them."""
        if self.vendor.team is not None or self.steps is not None:
            return ()
        stated = self.rate.plus if self.rate.price is not None else self.vendor.contract.plus
        found = []
        for part in stated:
            noun = part.per() or "item"
            own = self.finished and self.rate.price is not None
            whole = own and noun in ("item", item_of(self.case, self.product))
            units = self._billed(noun, whole, (noun, whole))
            found.append((noun, units, part.number * self.price_factor * units))
        return tuple(found)

    @property
    def counted(self) -> float:
        """Units the steps of prices by volume count."""
        end = self.steps.steps[0].up_to if self.steps is not None else None
        fills = None if end is None or end.currency is not None else end.of() or "item"
        return self.billable if fills in (None, self.noun) else self._billed(str(fills), whole=False)

    @property
    def _whole(self) -> bool:
        """Whether the price is of the finished item, all passes and work done again included."""
        own = self.finished and self.rate.price is not None
        return own and self.noun in ("item", item_of(self.case, self.product))

    def _billed(self, noun: str, whole: bool, basis: tuple[str, bool] | None = None) -> float:
        """Units of a noun; basis: what is paid by, and whether for the whole item: the price's where it is not said."""
        paid, (per, finished) = self.vendor.contract.rework_paid, basis or (self.noun, self._whole)
        again = (per == "h" if paid is None else paid) and not finished
        if noun == "h":
            return self.worked * self.once * (self.times if again else 1.0)
        return self.worked * self._passes(noun, whole) * (self.made.times if again else 1.0)

    def _passes(self, noun: str, whole: bool = False) -> float:
        """Units of a noun in the item, each made in every pass but those of a whole one."""
        passes = float(self.workflow.passes)
        if noun in ("label", "EU"):
            return passes if noun == "label" else passes * self.equivalent_units
        return count_of(self.case, self.product, noun) * (1.0 if whole else passes)

    @property
    def proposals(self) -> float:
        """Units the price of pre-labelling counts."""
        before = self.workflow.pre_label
        if before is None or before.cost is None:
            return 0.0
        return self.shown * count_of(self.case, self.product, before.cost.per() or "item")

    @property
    def weeks(self) -> float:
        """Weeks of the vendor's own lead."""
        lead = self.rate.lead or self.vendor.lead
        return lead.number if lead is not None else 0.0

    @property
    def lead(self) -> int:
        """Periods from work to delivery: the vendor's lead and those of all stages, rounded up once."""
        leads = self.workflow.leads
        stages = () if leads is None else (leads.label, leads.adjudicate, leads.review, leads.rework)
        weeks = self.weeks
        for lead in stages:
            weeks += lead.number if lead is not None else 0.0
        return self._whole_periods(weeks)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """When each stage begins and what it takes; what is sent back is worked on in the last."""
        leads, settling_and_checks = self.workflow.leads, self.checking
        if leads is None:
            after = self._whole_periods(self.weeks)
            return (0, self.hours, sum(settling_and_checks)), *((after, 0.0, 0.0),) * 3
        begins, weeks = [0], self.weeks
        for lead in (leads.label, leads.adjudicate, leads.review):
            weeks += lead.number if lead is not None else 0.0
            begins.append(self._whole_periods(weeks))
        settling, checks, correcting = settling_and_checks
        once = 1.0 / self.made.times
        again = 0.0 if self.own_pace else self.hours * (1.0 - once)
        taken = (
            (self.hours - again, 0.0),
            (0.0, settling * once),
            (0.0, checks * once),
            (again, correcting + (settling + checks) * (1.0 - once)),
        )
        return tuple((begin, *both) for begin, both in zip(begins, taken, strict=True))

    def _whole_periods(self, weeks: float) -> int:
        return self.case.periods.lead(Quantity(weeks))


def route_of(case: Case, names: tuple[str, str, str], levers: Levers, rate: Rate) -> Route:
    """The route of a product with a vendor by a workflow (names), worked with levers, on a line of the card."""
    blocks = list(case.file.levers.values())
    changes = tuple(
        Change(
            1.0 + (effect.hours or 0.0),
            effect.accuracy.number / 100.0 if effect.accuracy is not None else 0.0,
            (1.0 + (effect.price or 0.0)) * _held(case.vendors[names[1]], effect.locked_price),
            effect.locked_price is not None and blocks[lever].indexed is False,
        )
        for lever in levers
        for effect in blocks[lever].effect
        if touches(effect, *names)
    )
    return Route(case, case.products[names[0]], case.vendors[names[1]], case.workflows[names[2]], rate, changes)


def _held(vendor: Vendor, locked: Quantity | None) -> float:
    """What a locked price is of the contract's; 1 where none is locked."""
    asked = vendor.contract.price
    return 1.0 if locked is None or asked is None else locked.number / asked.number
