"""Prices by volume: steps that fit what they price, each product in one of them; and buying more than is used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, Window, or_one
from allocate.case.context import Context, exactly, line_of
from allocate.case.document import Path_
from allocate.case.index import OF_CONTRACTS, PAID_WAGES, VENDORS, Check, Clause, Whole
from allocate.case.reading import fail
from allocate.case.terms import basis, by_week, contracts, each
from allocate.errors import Problem
from allocate.units import Quantity, kind_of

if TYPE_CHECKING:
    from allocate.case.schema import Contract, Vendor


class TierStep(Block):
    """A price up to a quantity; the last step may have no end."""

    price: a.Price
    """Price of a unit on this step."""
    from_: a.Start | None = Field(None, alias="from")
    """Where the step starts, if you want it checked; absent: where the one before ends."""
    up_to: a.Volume | None = None
    """Where the price ends: at a quantity, of what the price counts or of items, labels, hours, EU or a driver, or at
    money (`40k USD`); absent: no end.

    A quantity counts what would be billed if the
    price were per that unit: every pass, and work done again where it is paid. Money counts prices alone, season and
    escalation included, without fees, bonus or price reduction: of incremental steps as they are charged; of all-unit steps at the
    first step's price (the list price), so that a discount never takes back what earned it."""


class Tiers(Block):
    """A price that depends on the volume bought."""

    steps: tuple[TierStep, ...]
    """Prices in order of volume."""
    kind: Literal["incremental", "all-unit"] = "incremental"
    """incremental: each unit costs the price of the step it falls in; all-unit: all units cost the last step reached.

    Where incremental steps count another unit than the price, and not every item has as many of the one to the other, or
    bonus and price reduction are shares of the price, work fills the steps in order: of the periods, then of the products and
    workflows as the case lists them."""
    products: Names | None = None
    """Products priced so (a group, counted together); absent: all the vendor has a rate for without a price of its own."""
    over: Literal["all", "task", "product"] = "all"
    """What is counted together: all these products, those of one task, or each product for itself."""
    window: Window = "horizon"
    """When counting starts again: each period, calendar month or quarter, or never. A week is split over months by days;
    a month of a plan by months lies whole in the calendar month, and the quarter, it begins in.

    Season and escalation of a window are those of its first period. It is paid in its last, at the exchange rate of that
    period, for only then is it known what of the volume is billed at which step: a window of the whole horizon is converted at
    the horizon's last rate."""
    prices_end: a.WhenType | None = Field(None, alias="until")
    """Day these prices end on, or the last week or month they hold in: an introductory price, a free quota (a step at price 0).

    From the period after it the next list of tiers for the same products holds, else the vendor's price. A window that the
    date falls into is counted before and after by itself. Absent: they hold to the end."""
    surplus: Literal["allowed", "paid-only"] | None = None
    """`allowed`: more may be bought than is used where an all-unit step makes that cheaper; it is made and delivered, so no more
    than the vendor's capacity leaves in the window (of a week that two windows share, its part), and in whole lots. `paid-only`:
    it is paid for and not made. Absent: never. Where steps count another unit than the price, what is bought and not used is of
    the products and workflows that bill least to one of it."""
    whole: a.Volume | None = None
    """What each window bills is rounded up to whole multiples of this: `8 h` for whole days of eight hours, of all its people
    together, `4 h` for half days, `1_000 images`. What is billed and not used is `surplus` on the invoice, counts as price, and is
    at no accuracy. Absent: what is used is billed."""

    @property
    def counted(self) -> str:
        """When its steps are counted, in words."""
        return f"by {self.window}" if self.prices_end is None else f"by {self.window}, until {self.prices_end.text}"

    @model_validator(mode="before")
    @classmethod
    def _of_prices(cls, data: Any) -> Any:
        """Steps that are shares of prices are a volume discount, and the fix says how that is written."""
        steps = data.get("steps") if isinstance(data, dict) else None
        listed = [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []
        shares = [(n, str(one.get("price")).strip()) for n, one in enumerate(listed)]
        found = [(n, share) for n, share in shares if n and share.endswith("%") and share.strip("-+0.% ")]
        if found:
            said = ", ".join(f"{{from: {listed[n - 1].get('up-to')}, off: {share.lstrip('-')}}}" for n, share in found)
            message = f"'{found[0][1]}' is a share of a price, and each step of tiers has a price of its own"
            raise fail(message, f"write `volume-discount: {{steps: [{said}]}}` in place of the tiers")
        return data

    @model_validator(mode="after")
    def _in_order(self) -> Tiers:
        if not self.steps:
            raise fail("tiers need at least one step", "write it as in `steps: [{price: 63 USD/1000 boxes}]`")
        bases = {step.price.dimensions for step in self.steps}
        if len(bases) > 1:
            raise fail("the steps' prices count different things", "write all prices in one currency and per one unit")
        if self.surplus is not None and self.kind == "incremental":
            message = "buying more than is used never makes incremental steps cheaper"
            raise fail(message, "leave `surplus` out, or write `kind: all-unit`")
        if self.surplus is not None and self.prices_end is not None:
            fix = "leave `surplus` out, or write the prices without `until`"
            raise fail("what is bought and not used cannot be told apart before and after a date", fix)
        if self.whole is not None:
            self._in_wholes(self.whole)
        ends = [step.up_to for step in self.steps]
        if any(end is None for end in ends[:-1]):
            raise fail("only the last step may have no `up-to`", "write where each earlier step ends")
        bounds = [*ends, *(step.from_ for step in self.steps)]
        if len({bound.dimensions for bound in bounds if bound is not None and bound.number > 0}) > 1:
            raise fail("the steps' `from` and `up-to` count different things", "write all of them in one unit")
        return self

    def _in_wholes(self, whole: Quantity) -> None:
        """What is billed whole is what the price and the steps count, and nothing else says how much is bought."""
        noun = self.steps[0].price.per() or "item"
        others = [step.up_to for step in self.steps if step.up_to is not None]
        if whole.currency is not None or (whole.of() or "item") != noun:
            message = f"'{whole.text}' is billed whole, and the price is per {noun} ('{self.steps[0].price.text}')"
            raise fail(message, "write both of one unit, as in `whole: 8 h` with `price: 50 USD/h`")
        if any(end.currency is not None or (end.of() or "item") != noun for end in others):
            raise fail("steps end at another unit than is billed whole", f"write each `up-to` in {noun}")
        if self.surplus is not None or self.prices_end is not None:
            key = "surplus" if self.surplus is not None else "until"
            raise fail(f"`whole` and `{key}` both say how much a window bills", "leave one of them out")


class PricesByVolume(Block):
    """Keys of a contract."""

    tiers: Annotated[tuple[Tiers, ...], or_one(Tiers)] = ()
    """Prices by volume, for products without a price of their own in the rates."""


def priced(c: Context) -> Iterator[Problem]:
    """Steps follow one another and price what the vendor sells; no product is priced by two tiers."""
    for name, where, vendor in contracts(c):
        for path, tiers in each((*where, "tiers"), vendor.contract.tiers):
            yield from _order(c, path, tiers)
            yield from _names(c, path, tiers)
            yield from _ends(c, path, tiers)
            yield from _products(c, path, name, tiers)
        yield from _priced_twice(c, where, vendor.contract)
        yield from _followed(c, where, name, vendor.contract)
        for tiers in vendor.contract.tiers:
            yield from by_week(c, (*where, "tiers", "window"), tiers.window)


def _order(c: Context, path: Path_, tiers: Tiers) -> Iterator[Problem]:
    """Steps of prices by volume follow one another."""
    for position, step in enumerate(tiers.steps):
        here = (*path, "steps", position)
        before = tiers.steps[position - 1].up_to if position else None
        start = before.number if before is not None else 0.0
        there = line_of(c, (*path, "steps", position - 1, "up-to")) if before is not None else ""
        ends = f"the step before ends at {before.text}{there}" if before is not None else "the first step starts at 0"
        if step.from_ is not None and step.from_.number != start:
            gap = step.from_.number > start
            message = f"{'a gap' if gap else 'an overlap'}: the step starts at {step.from_.text}, and {ends}"
            fix = "let it start where the one before ends, or leave `from` out"
            if gap and not position:
                fix = f"write a first step `{{up-to: {step.from_.text}, price: …}}` before it"
            yield c.problem((*here, "from"), message, fix)
        if step.up_to is not None and step.up_to.number <= start:
            message = f"the steps overlap: this one ends at {step.up_to.text}, and {ends}"
            yield c.problem((*here, "up-to"), message, "write the steps in order, each with a higher `up-to`")


def _names(c: Context, path: Path_, tiers: Tiers) -> Iterator[Problem]:
    yield from c.unknown((*path, "products"), tiers.products or (), "products", "product")
    if tiers.products is not None and not tiers.products:
        yield c.problem((*path, "products"), "the tiers name no product", "write a name, or leave `products` out")


def _ends(c: Context, path: Path_, tiers: Tiers) -> Iterator[Problem]:
    """Money at which steps end is that of a price, which is above zero."""
    price = tiers.steps[0].price
    for position, step in enumerate(tiers.steps):
        end = step.up_to
        if end is None or kind_of(end) != "money":
            continue
        counted = price if tiers.kind == "all-unit" else step.price
        if counted.number <= 0:
            message = f"no step ends at money that is counted at a price of nothing ('{counted.text}')"
            yield c.problem((*path, "steps", position, "up-to"), message, "write how many units it ends at")
        elif end.currency != price.currency:
            message = f"'{end.text}' is not money of the price '{price.text}'"
            yield c.problem((*path, "steps", position, "up-to"), message, f"write it in {price.currency}")


def _products(c: Context, path: Path_, vendor: str, tiers: Tiers) -> Iterator[Problem]:
    """What is priced is what rates leave the price of to the tiers, and has what prices and steps count."""
    if "products" in c.faulty or "rates" in c.faulty:
        return
    rated = {rate.product for _, rate in c.rate_card.of_vendor(vendor) if rate.price is None}
    for name, product in c.file.products.items():
        named = tiers.products is not None and name in tiers.products
        if named and c.file.rates and name not in rated:
            message = f"the tiers price {name}, and no rate of {vendor} leaves its price to them"
            yield c.problem((*path, "products"), message, f"add a rate of {name} with {vendor}, its price left blank")
        if named or (tiers.products is None and (not c.file.rates or name in rated)):
            yield from basis(c, (*path, "steps", 0, "price"), tiers.steps[0].price, name, product)
            yield from _countable(c, path, tiers, name)


def _priced_twice(c: Context, where: Path_, contract: Contract) -> Iterator[Problem]:
    """No two tiers name a product: the later ones would price nothing."""
    for position, later in enumerate(contract.tiers):
        for number, earlier in enumerate(contract.tiers[:position]):
            both = set(earlier.products or c.file.products) & set(later.products or c.file.products)
            if _follows(earlier, later):
                continue
            if both and (earlier.products is None or later.products is not None):
                there, names = line_of(c, (*where, "tiers", number)), ", ".join(sorted(both))
                message = f"two tiers price {names}: these and those{there}"
                fix = "name each product in one of them; the last may leave `products` out, for all others"
                yield c.problem((*where, "tiers", position), message, fix)
                break


def _follows(earlier: Tiers, later: Tiers) -> bool:
    """Whether a list of tiers can hold from the end of another on."""
    return earlier.prices_end is not None and set(earlier.products or ()) == set(later.products or ())


def _followed(c: Context, where: Path_, vendor: str, contract: Contract) -> Iterator[Problem]:
    """Prices that end are followed by others, later and counted alike."""
    for path, tiers in each((*where, "tiers"), contract.tiers):
        if tiers.prices_end is None or "horizon" in c.faulty:
            continue
        here = (*path, "until")
        if tiers.prices_end.date is not None and tiers.prices_end.date < c.periods.starts[0]:
            message = f"the prices end on {tiers.prices_end.text}, before the horizon starts"
            yield c.problem(here, message, "leave these tiers out, or write a later date")
        if tiers.prices_end.period is not None and tiers.prices_end.unit != c.periods.unit:
            message = f"the prices end in '{tiers.prices_end.text}', and the plan goes by {c.periods.unit}s"
            yield c.problem(here, message, f"write a date, or `{c.periods.unit} 3`")
        later = contract.tiers[contract.tiers.index(tiers) + 1 :]
        after = next((one for one in later if _follows(tiers, one)), None)
        price = contract.price if after is None else after.steps[0].price
        if price is None:
            message = f"nothing says what {vendor} asks after {tiers.prices_end.text}"
            yield c.problem(here, message, "write another list of `tiers` for the same products below, or a `price`")
        elif price.dimensions != tiers.steps[0].price.dimensions:
            message = f"the price that follows ('{price.text}') is in other units than '{tiers.steps[0].price.text}'"
            yield c.problem(here, message, "write both in one currency and per one unit")
        if after is None:
            continue
        ends = [one.up_to.dimensions for steps in (tiers.steps, after.steps) for one in steps if one.up_to is not None]
        alike = (tiers.kind, tiers.over, tiers.window) == (after.kind, after.over, after.window)
        if not alike or after.surplus is not None or after.whole is not None or len(set(ends)) > 1:
            message = f"the tiers that hold after {tiers.prices_end.text} count otherwise"
            yield c.problem(
                here,
                message,
                "write both with the same `kind`, `over`, `window` and units, without `surplus` and `whole`",
            )
        if after.prices_end is not None and c.periods.first_from(after.prices_end) <= c.periods.first_from(
            tiers.prices_end
        ):
            message = f"the tiers that follow end on {after.prices_end.text}, no later than {tiers.prices_end.text}"
            yield c.problem(here, message, "write the lists in order of time")


def _countable(c: Context, path: Path_, tiers: Tiers, name: str) -> Iterator[Problem]:
    """What steps count is something every product they price has."""
    product, end, price = c.file.products[name], tiers.steps[0].up_to, tiers.steps[0].price
    item, drivers = c.item(product), c.drivers(product)
    if end is None or end.currency is not None or end.of() == price.per() or item is None or "model" in c.faulty:
        return
    if end.of() not in (item, "item", "label", "h", "EU", *drivers):
        choices = ", ".join(f"`{exactly(end.text, c.units.plural(one))}`" for one in (item, *sorted(drivers)))
        message = f"the step ends at '{end.text}', and {name} has no {c.units.plural(end.of())}"
        fix = f"{name} counts {choices}; items, labels, h and EU count products of all kinds"
        yield c.problem((*path, "steps", 0, "up-to"), message, fix)


def _priced_by(c: Context, vendor: str, tiers: Tiers, product: str) -> bool:
    """Whether tiers price a product: they may name it, and a rate leaves its price to them."""
    if tiers.products is not None and product not in tiers.products:
        return False
    blank = [rate for _, rate in c.rate_card.of_pair(product, vendor) if rate.price is None]
    return bool(blank) or not c.file.rates


def group_limits(c: Context) -> Iterator[Problem]:
    """A budget limit on some products can only count tiers that are for nothing else."""
    for position, limit in enumerate(c.file.budget.limits):
        if limit.products is not None:
            yield from cut_through(c, ("budget", "limits", position), f"the limit '{limit.name}'", [limit.products])


def cut_through(c: Context, path: Path_, what: str, groups: Iterable[Collection[str]]) -> Iterator[Problem]:
    """Tiers that count products of a group and others together: what is spent on the group alone cannot be told."""
    for name, vendor in c.file.vendors.items():
        for tiers in vendor.contract.tiers:
            together = {product for product in c.file.products if _priced_by(c, name, tiers, product)}
            if tiers.over != "product" and any(together & {*group} and not together <= {*group} for group in groups):
                there = line_of(c, ("vendors", name, "contract", "tiers"))
                message = f"{what} cuts through tiers of {name}{there} that count other products too"
                yield c.problem(path, message, "name all products of the tiers, or count them with `over: product`")


def _whole(name: str, vendor: Vendor) -> Iterator[Whole]:
    """Steps are counted from the start of their window."""
    for one in vendor.contract.tiers:
        if len(one.steps) > 1:
            yield Whole(("tier", "surplus"), one.window, f"the steps of {name} count it from their start: {{money}}")


CLAUSE = Clause(
    "tiers",
    keys=("vendors.NAME.contract.tiers",),
    checks=(Check(priced, OF_CONTRACTS), Check(group_limits, OF_CONTRACTS)),
    costs={VENDORS: ("tier", "surplus")},
    not_for_teams=PAID_WAGES,
    figures={
        "vendors.NAME.contract.tiers.steps.price": "price of a step",
        "vendors.NAME.contract.tiers.steps.up-to": "end of a step",
    },
    meant={"tiers": ("price",)},
    whole=_whole,
)
