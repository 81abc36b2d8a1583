"""The sheet of routes: work, quality and price of one item of each, by formulas from the inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from allocate.case.schema import AccuracyStep
from allocate.costing.clauses.early_payment import early_payment as taken_early
from allocate.costing.table import Routes
from allocate.costing.terms.rate_card import rate_lines
from allocate.costing.terms.rate_line import counted_noun
from allocate.costing.work.products import item_of, reference_time
from allocate.reporting.workbook import work
from allocate.reporting.workbook.contracts import bonus_currencies
from allocate.reporting.workbook.inputs import Inputs
from allocate.reporting.workbook.terms import Term, number, when
from allocate.reporting.workbook.votes import Votes
from allocate.units import Quantity, kind_of

SHEET = "Routes"
FIRST = 3
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("product", "text", 24), ("vendor", "text", 20), ("workflow", "text", 20), ("levers", "text", 12), ("price per", "text", 10),
    ("accuracy of one pass", "share", 10), ("hours of one pass", "small", 10), ("share adjudicated", "share", 10),
    ("accuracy after passes", "share", 10), ("share reviewed", "share", 10), ("share rejected", "share", 10),
    ("times the work is done", "small", 10), ("accuracy delivered", "share", 10), ("hours of vendor", "small", 10),
    ("hours of review", "small", 10), ("units billed", "small", 10), ("price of a unit", "price", 12), ("currency", "text", 8),
    ("fee, share of price", "share", 9), ("fee, money per item", "price", 11), ("pre-labels per item", "price", 11),
    ("bonus or malus, share", "share", 9), ("bonus or malus, money per unit", "price", 11), ("late, share", "share", 9),
    ("late, money per unit", "price", 11), ("paid early, share", "share", 9), ("units that fill steps", "small", 10),
)  # fmt: skip
"""Name, kind and width of every column."""
AT = {name: position for position, (name, _, _) in enumerate(COLUMNS)}


@dataclass(frozen=True)
class Costed:
    """Cells of one route."""

    accuracy: Term
    hours: Term
    review_hours: Term
    billable: Term
    price: Term
    currency: str
    fee_share: Term
    fee: Term
    fee_count: Term
    """Units a platform fee in money is for."""
    fee_currency: str
    usage: Term
    usage_count: Term
    """Units the pre-labelling service charges for."""
    usage_currency: str
    quality: Term
    quality_money: Term
    """Bonus or malus as money for a billed unit."""
    lateness: Term
    lateness_money: Term
    bonus_currency: str
    discount: Term
    counted: Term
    """What an item fills steps of prices by volume by, where they count something else than is billed."""
    figure: bool = False
    """Whether its work or its accuracy is a figure, because no formula comes to it."""


def products_sheet(inputs: Inputs) -> Mapping[str, Term]:
    """Write the standard time of every product; its cells by name."""
    book, found = inputs.book, {}
    book.text("Work", 0, 0, "Work content of one item", "title")
    book.header("Work", 2, ("product", "item", "standard time, h", "seconds", "equivalent units"), (0, 1))
    for row, name in enumerate(inputs.case.products, start=3):
        book.text("Work", row, 0, name)
        book.text("Work", row, 1, item_of(inputs.case, inputs.case.products[name]))
        hours = book.formula("Work", row, 2, work.standard_time(inputs, name), "small")
        book.formula("Work", row, 3, hours * 3600, "hours")
        book.formula("Work", row, 4, hours / (reference_time(inputs.case) or 1.0), "small")
        found[name] = hours
    book.sheets["Work"].set_column(0, 0, 30)
    book.sheets["Work"].set_column(1, 4, 16)
    book.page("Work", 1, 2)
    return found


def routes_sheet(
    inputs: Inputs, ways: Routes, chosen: Sequence[int], standard: Mapping[str, Term]
) -> dict[int, Costed]:
    """Write the routes chosen; cells of those that are costed by formulas, by number of the route."""
    book, card, found, votes = inputs.book, rate_lines(inputs.case), {}, Votes(inputs)
    book.text(SHEET, 0, 0, "Work, quality and price of one item by route", "title")
    left = (
        f"{len(chosen):,} of {ways.count:,} routes: those the plan uses"
        if len(chosen) < ways.count
        else "All routes of the case"
    )
    book.text(SHEET, 1, 0, f"{left}. Prices before exchange rate and season.", "quiet")
    book.columns(SHEET, FIRST - 1, COLUMNS)
    for row, route in enumerate(chosen, start=FIRST):
        number_of = int(ways.line[route])
        line, name = work.RouteLine(card[number_of], number_of), ways.workflows[ways.workflow[route]]
        for column, text in enumerate((line.name, line.rate.vendor, name, ways.levers_of(route), ways.basis[route])):
            book.text(SHEET, row, column, text)
        change = work.change_of(inputs.case, card, number_of, name, ways.combinations[ways.combination[route]])
        truth = (float(ways.accuracy[route]), float(ways.hours[route]), float(ways.review_hours[route]))
        found[route] = _route(
            inputs, line, name, standard[line.name], change, row, float(ways.equivalent_units[route]), truth, votes
        )
    if votes.blocks:
        votes.finish()
    book.page(SHEET, 3, FIRST - 1)
    book.sheets[SHEET].freeze_panes(FIRST, 3)
    book.hide(SHEET, COLUMNS)
    book.sheets[SHEET].autofilter(FIRST - 1, 0, FIRST - 1 + max(len(chosen), 1), len(COLUMNS) - 1)
    return found


def _as(term: Term, true: float) -> Term:
    """A formula where it comes to the library's figure, else the figure: its route's lines are named on the summary."""
    return term if abs(term.value - true) <= 1e-9 * max(1e-12, abs(true)) else number(true)


def _route(
    inputs: Inputs,
    line: work.RouteLine,
    name: str,
    standard: Term,
    change: work.Change,
    row: int,
    eu: float,
    truth: tuple[float, float, float],
    votes: Votes,
) -> Costed:
    book, workflow = inputs.book, inputs.case.workflows[name]

    def put(column: str, term: Term) -> Term:
        return book.formula(SHEET, row, AT[column], term, COLUMNS[AT[column]][1])

    one = work.one_pass(inputs, line, name, standard, change)
    first, once = put("accuracy of one pass", one.accuracy), put("hours of one pass", one.hours)
    after, adjudicated = first, number(0)
    if workflow.majority or workflow.plurality:
        after = votes.column(line, name, first)
    if workflow.adjudicate is not None:
        after, adjudicated = work.settled(inputs, line, name, after, lambda share: put("share adjudicated", share))
    after = put("accuracy after passes", after)
    delivered, looked, rejected, repeat = after, number(0), number(0), number(1)
    if workflow.review is not None:
        delivered, looked, rejected, repeat = work.reviewed(inputs, name, after)
    looked, rejected = put("share reviewed", looked), put("share rejected", rejected)
    repeat = put("times the work is done", repeat)
    if line.finished_accuracy:
        stated, path = work.of_rate(inputs, line, "accuracy")
        delivered = (
            inputs.share("accuracy of one pass", work.about(line, path), float(str(stated)), path) + change.accuracy
        )
    shown, made = _made(inputs, name)
    review = number(0)
    if workflow.adjudicate is not None:
        review = review + adjudicated * repeat * work.check_time(inputs, line, name, "adjudicate", standard)
    if workflow.review is not None:
        review = review + looked * repeat * work.check_time(inputs, line, name, "review", standard)
        if workflow.review.rework == "reviewer":
            review = review + rejected * standard
    paced = line.finished_pace
    worked = (once if paced else once * workflow.passes * repeat) * made
    known = tuple(_as(term, true) for term, true in zip((delivered, worked, review), truth, strict=True))
    figure = any(one is not term for one, term in zip(known, (delivered, worked, review), strict=True))
    delivered, worked, review = known
    hours = put("hours of vendor", worked)
    priced = _Priced(inputs, line, name, workflow.passes, shown, made, repeat, hours, eu, standard)
    of_route = priced.costed(put, put("accuracy delivered", delivered), put("hours of review", review), one, change)
    return replace(of_route, figure=figure)


def _made(inputs: Inputs, name: str) -> tuple[Term, Term]:
    """Items worked on for each delivered one because of gold items; and made, those labelled twice for an audit too."""
    workflow, place = inputs.case.workflows[name], work.place_of(inputs.case, name)
    shown: Term = number(1)
    made: Term = number(1)
    if workflow.agreement is not None:
        made = 1 + inputs.share("labelled twice", name, workflow.agreement.share, (*place, "agreement", "share"))
    if workflow.gold is not None:
        delivered = 1 - inputs.share("gold items", name, workflow.gold.share, (*place, "gold", "share"))
        shown, made = 1 / delivered, made / delivered
    return shown, made


@dataclass(frozen=True)
class _Priced:
    """What prices count of a route."""

    inputs: Inputs
    line: work.RouteLine
    workflow: str
    passes: int
    shown: Term
    made: Term
    repeat: Term
    hours: Term
    eu: float
    standard: Term

    def costed(self, put: object, accuracy: Term, review: Term, once: work.Pass, change: work.Change) -> Costed:
        """Write units, price, fees and what changes the price."""
        assert callable(put)
        inputs, line, vendor = self.inputs, self.line, self.line.rate.vendor
        noun = line.line.price.per() or "item"
        times = number(1) if line.finished_pace else self.repeat
        units, billed = self._units(noun, self.hours / times / self.made), self._billed(noun, times)
        currency = line.line.price.currency or inputs.case.currency
        inputs.book.text(SHEET, int(review.text.rpartition("$")[2]) - 1, AT["currency"], currency)
        fee, fee_share, fee_count = number(0), number(0), number(0)
        what = line.line.serves.platform_fee
        if what is not None:
            money = inputs.quantity("platform fee", vendor, what, ("vendors", vendor, "platform-fee"))
            if kind_of(what) == "fraction":
                fee_share = money
            else:
                fee_count = self._charged(what.per() or "item")
                fee = money * fee_count
        before = inputs.case.workflows[self.workflow].pre_label
        contract, lead = line.line.serves.contract, self._lead()
        return Costed(
            accuracy=accuracy, hours=self.hours, review_hours=review,
            billable=put("units billed", self.made * units * billed),
            price=put("price of a unit", self._price() * change.price), currency=currency,
            fee_share=put("fee, share of price", fee_share), fee=put("fee, money per item", fee), fee_count=fee_count,
            fee_currency=(what.currency if what is not None else None) or inputs.case.currency,
            usage=put("pre-labels per item", once.usage * self.shown), usage_count=once.usage_count * self.shown,
            usage_currency=(before.cost.currency if before and before.cost else None) or inputs.case.currency,
            quality=put("bonus or malus, share", self._quality(accuracy, of_money=False)),
            quality_money=put("bonus or malus, money per unit", self._quality(accuracy, of_money=True)),
            lateness=put("late, share", self._late(lead, of_money=False)),
            lateness_money=put("late, money per unit", self._late(lead, of_money=True)),
            bonus_currency=(*bonus_currencies(contract), inputs.case.currency)[0],
            discount=put("paid early, share", self._early()), counted=put("units that fill steps", self._counted(noun, times)),
        )  # fmt: skip

    def _price(self) -> Term:
        line, vendor = self.line, self.line.rate.vendor
        if line.line.serves.team is not None or line.line.tiers is not None:
            return number(line.line.price.number)
        path: tuple[str | int, ...] = ("vendors", vendor, "contract", "price")
        if line.rate.price is not None and self.inputs.case.file.rates:
            path = ("rates", line.number, "price")
        return self.inputs.quantity("price", work.about(line, path), line.line.price, path)

    def _equivalent(self) -> Term:
        return self.standard / (self.standard.value / self.eu) if self.eu else number(0)

    def _is_item(self, noun: str) -> bool:
        return noun in ("item", item_of(self.inputs.case, self.line.line.asks))

    def _units(self, noun: str, once: Term) -> Term:
        if noun == "h":
            return once
        if noun in ("label", "EU"):
            return number(self.passes) * (self._equivalent() if noun == "EU" else 1)
        each = work.per_item(self.inputs, self.line, noun)
        return each if self.line.finished_price and self._is_item(noun) else each * self.passes

    def _billed(self, noun: str, times: Term, counted: str | None = None) -> Term:
        """How often work is billed by a price per noun; counted: what else than that is counted of it."""
        paid = self.line.line.serves.contract.rework_paid
        again = paid if paid is not None else noun == "h"
        if not again or (self.line.finished_price and self._is_item(noun)):
            return number(1)
        return times if (counted or noun) == "h" else self.repeat

    def _counted(self, noun: str, times: Term) -> Term:
        """What an item fills steps by, where they count something else than is billed; 0 elsewhere."""
        tiers = self.line.line.tiers
        counted = counted_noun(tiers) if tiers is not None else None
        if counted is None:
            return number(0)
        units = self._units(counted, self.hours / times / self.made)
        return self.made * units * self._billed(noun, times, counted)

    def _charged(self, noun: str) -> Term:
        if noun == "h":
            return self.hours
        if noun in ("label", "EU"):
            return self.made * self.passes * (self._equivalent() if noun == "EU" else 1)
        each = work.per_item(self.inputs, self.line, noun)
        return self.shown * each if self._is_item(noun) else self.made * (each * self.passes)

    def _quality(self, accuracy: Term, of_money: bool) -> Term:
        """The change of price for the accuracy, as a share or as money: of the lowest bound it is below, else of the
        highest it is above."""
        contract, found = self.line.line.serves.contract, number(0)
        if contract.quality_window is not None or not _some(contract.quality, of_money):
            return found
        above = sorted((one for one in contract.quality if one.above is not None), key=lambda one: one.above or 0.0)
        below = sorted((one for one in contract.quality if one.below is not None), key=lambda one: -(one.below or 0.0))
        for step in (*above, *below):
            position, sign = contract.quality.index(step), ">" if step.above is not None else "<"
            edge = bound_of(self.inputs, self.line.rate.vendor, position) + (1e-9 if sign == ">" else -1e-9)
            found = when(accuracy, sign, edge, self._step("quality", position, step.price, of_money), found)
        return found

    def _lead(self) -> float:
        lead = self.line.rate.lead or self.line.line.serves.lead
        return lead.number if lead is not None else 0.0

    def _late(self, weeks: float, of_money: bool) -> Term:
        late = [
            (step.beyond.number, position, step.price)
            for position, step in enumerate(self.line.line.serves.contract.lateness)
            if weeks > step.beyond.number + 1e-9
        ]
        if not late:
            return number(0)
        return self._step("lateness", *max(late, key=lambda one: one[0])[1:], of_money)

    def _step(self, key: str, position: int, change: Quantity, of_money: bool) -> Term:
        return change_of(self.inputs, self.line.rate.vendor, key, position, change, of_money)

    def _early(self) -> Term:
        return early_payment(self.inputs, self.line.rate.vendor)


def early_payment(inputs: Inputs, vendor: str) -> Term:
    """The share a vendor takes off for paying early."""
    terms = taken_early(inputs.case, inputs.case.vendors[vendor])
    if terms is None:
        return number(0)
    path: tuple[str | int, ...] = ("vendors", vendor, "contract", "early-payment")
    path = (*path, "discount") if isinstance(inputs.case.document.at(path), dict) else path
    return inputs.share("discount for paying early", vendor, terms.discount, path)


def _some(steps: Sequence[AccuracyStep], of_money: bool) -> bool:
    return any((kind_of(one.price) != "fraction") == of_money for one in steps)


def change_of(inputs: Inputs, vendor: str, key: str, position: int, change: Quantity, of_money: bool) -> Term:
    """A step's change of price as an input, as a share or as money for a billed unit; 0 where it is the other."""
    if (kind_of(change) != "fraction") != of_money:
        return number(0)
    path = ("vendors", vendor, "contract", key, position, "price")
    return inputs.quantity(f"change of price for {key}, step {position + 1}", vendor, change, path)


def bound_of(inputs: Inputs, vendor: str, position: int) -> Term:
    """The accuracy below or above which a step of bonus and malus holds, as an input."""
    step = inputs.case.vendors[vendor].contract.quality[position]
    side, bound = ("above", step.above) if step.above is not None else ("below", step.below)
    assert bound is not None
    path = ("vendors", vendor, "contract", "quality", position, side)
    return inputs.share(f"accuracy {side} which step {position + 1} of quality holds", vendor, bound, path)
