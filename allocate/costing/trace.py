"""Where a route's figures come from: every input of its unit cost, with its place in the case or its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allocate.case.clauses.wages import written_at
from allocate.case.load import Case
from allocate.case.schema import Block, Contract, Product, Rate, Tiers, Vendor, Workflow
from allocate.costing.clauses import platform_fee
from allocate.costing.clauses.early_payment import early_payment
from allocate.costing.terms.price_steps import stated_steps
from allocate.costing.terms.rate_line import tier_of
from allocate.errors import CaseError
from allocate.units import Quantity


@dataclass(frozen=True)
class Input:
    """One figure a route's unit economics rest on."""

    what: str
    value: str
    place: str
    """File, line and column, or `cost model`."""
    source: str
    """Publication or reason, as far as one was given."""


def trace(case: Case, product: str, vendor: str, workflow: str) -> tuple[Input, ...]:
    """Every input of a route's unit cost, accuracy and hours.

    Raises CaseError for a route the case does not have.
    """
    for kind, name, known in (
        ("product", product, case.products),
        ("vendor", vendor, case.vendors),
        ("workflow", workflow, case.workflows),
    ):
        if name not in known:
            raise CaseError.of(f"there is no {kind} '{name}'", None, f"known: {', '.join(known)}")
    number, rate = _rate(case, product, vendor, workflow)
    found = [
        *_time(case, product, case.products[product]),
        *_vendor(case, vendor, case.vendors[vendor], rate, number),
        *_money(case, product, vendor, workflow, rate, number),
        *_checking(case, workflow, case.workflows[workflow]),
        *_levers(case, product, vendor, workflow),
    ]
    return tuple(found)


def _rate(case: Case, product: str, vendor: str, workflow: str) -> tuple[int | None, Rate | None]:
    """The line of the rate card a route uses: the one that names the workflow before the general one."""
    lines = case.rate_card.of_pair(product, vendor)
    fitting = [(n, r) for n, r in lines if r.workflow in (workflow, None)]
    if case.file.rates and not fitting:
        raise CaseError.of(f"{vendor} has no rate for {product} through {workflow}", None, None)
    return max(fitting, key=lambda line: line[1].workflow is not None, default=(None, None))


def _of_case(case: Case, what: str, value: object, *path: str | int, note: str | None = None) -> Input:
    place = case.place(*path)
    source = case.sources.get(tuple(path))
    said = f"{source.source} ({source.status})" if source else note or ""
    return Input(what, _text(value), str(place) if place else "case", said)


def _of_model(case: Case, what: str, value: object, *path: str | int) -> Input:
    source = case.sources.get(("model", *path))
    return Input(what, _text(value), "cost model", f"{source.source} ({source.status})" if source else "")


def _text(value: object) -> str:
    if isinstance(value, Quantity):
        return value.text
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _time(case: Case, name: str, product: Product) -> Iterator[Input]:
    if product.effort is not None:
        yield _of_case(case, "standard time", product.effort, "products", name, "effort")
    elif product.task is not None:
        task = case.model.tasks[product.task]
        yield _of_model(case, "base time", task.base, "tasks", product.task, "base")
        for driver, time in task.drivers.items():
            yield _of_model(case, f"time of one {driver}", time, "tasks", product.task, "drivers", driver)
            if driver in product.drivers:
                count = product.drivers[driver]
                yield _of_case(case, f"{driver} per item", count, "products", name, "drivers", driver)
            else:
                count = task.default_drivers[driver]
                yield _of_model(case, f"{driver} per item", count, "tasks", product.task, "default-drivers", driver)
    for factor, value in product.complexity.items():
        yield _of_case(case, f"complexity: {factor}", value, "products", name, "complexity", factor)
    if product.error_cost is not None:
        yield _of_case(case, "cost of an escaped error", product.error_cost, "products", name, "error-cost")
    reference = case.model.tasks[case.model.reference]
    for driver, time in reference.drivers.items():
        what = f"reference unit: time of one {driver}"
        yield _of_model(case, what, time, "tasks", case.model.reference, "drivers", driver)


def _vendor(case: Case, name: str, vendor: Vendor, rate: Rate | None, number: int | None) -> Iterator[Input]:
    for what, key in (("accuracy of one pass", "accuracy"), ("productivity", "productivity")):
        if what == "productivity" and rate is not None and rate.pace is not None:
            assert number is not None
            yield _of_case(case, "pace", rate.pace, "rates", number, "pace", note=rate.source)
            continue
        of_rate = getattr(rate, key) if rate is not None else None
        of_vendor = getattr(vendor, key)
        if of_rate is not None and number is not None and rate is not None:
            yield _of_case(case, what, of_rate, "rates", number, key, note=rate.source)
        elif of_vendor is not None:
            yield _of_case(case, what, of_vendor, "vendors", name, key)
        else:
            yield _of_model(case, what, getattr(case.model.defaults, key), "defaults", key)


def _by_volume(case: Case, name: str, tiers: Tiers) -> Iterator[Input]:
    """The price of every step."""
    for after, step, path in stated_steps(case.vendors[name], tiers):
        end = "" if path == ("price",) else ", from there on" if step.up_to is None else f", up to {step.up_to.text}"
        yield _of_case(case, f"price{after}{end}", step.price, "vendors", name, "contract", *path)


def _money(
    case: Case, product: str, name: str, workflow: str, rate: Rate | None, number: int | None
) -> Iterator[Input]:
    price: Quantity | None
    vendor = case.vendors[name]
    tiers = tier_of(vendor, product)
    if vendor.team is not None:
        price = vendor.team.wage
        yield _of_case(
            case,
            "wage, paid for every hour employed",
            price,
            *written_at(case.vendors, ("vendors", name, "team", "wage")),
        )
    elif rate is not None and rate.price is not None and number is not None:
        price = rate.price
        yield _of_case(case, "price", price, "rates", number, "price", note=rate.source)
    elif tiers is not None:
        price = tiers.steps[0].price
        yield from _by_volume(case, name, tiers)
    else:
        price = vendor.contract.price
        yield _of_case(case, "price", price, "vendors", name, "contract", "price")
    currency = price.currency if price is not None else None
    if currency is not None and currency != case.currency:
        for position, step in enumerate(case.file.exchange[currency]):
            when = f" from {step.from_.text}" if step.from_ is not None else ""
            yield _of_case(case, f"exchange rate{when}", step.rate, "exchange", currency, position, "rate")
    for position, season in enumerate(vendor.season):
        what = f"season from {season.from_.text}"
        yield _of_case(case, what, season.factor, "vendors", name, "season", position, "factor")
    if vendor.indexation is not None:
        for key in ("rate", "share", "cap", "floor"):
            if (number := getattr(vendor.indexation, key)) is not None and key in vendor.indexation.model_fields_set:
                yield _of_case(case, f"indexation: {key}", number, "vendors", name, "indexation", key)
    if vendor.escalation is not None:
        yield _of_case(case, "escalation", vendor.escalation, "vendors", name, "escalation")
    for what, fee, path in platform_fee.stated(case, name, workflow):
        yield _of_case(case, what, fee, *path)
    yield from _changes(case, name, vendor.contract)


def _changes(case: Case, name: str, contract: Contract) -> Iterator[Input]:
    """Bonus, price reduction and discounts of a contract."""
    where = ("vendors", name, "contract")
    window = contract.quality_window
    accuracy = "an accuracy" if window is None else f"an average accuracy by {window}"
    for number, step in enumerate(contract.quality):
        bound = f"below {step.below:.4g}" if step.below is not None else f"above {step.above:.4g}"
        yield _of_case(case, f"price at {accuracy} {bound}", step.price, *where, "quality", number, "price")
    for number, late in enumerate(contract.lateness):
        what = f"price at a lead beyond {late.beyond.text}"
        yield _of_case(case, what, late.price, *where, "lateness", number, "price")
    if contract.early_payment is not None:
        taken = "" if early_payment(case, case.vendors[name]) is not None else ", not taken"
        what = f"discount for paying early{taken}"
        yield _of_case(case, what, contract.early_payment.discount, *where, "early-payment")


def _levers(case: Case, product: str, vendor: str, workflow: str) -> Iterator[Input]:
    """What levers that can be bought change of the route."""
    for name, lever in case.file.levers.items():
        several = isinstance(case.document.at(("levers", name, "effect")) if lever.effect else None, list)
        for number, effect in enumerate(lever.effect):
            lists = ((effect.products, product), (effect.vendors, vendor), (effect.workflows, workflow))
            if effect.capacity is not None or any(names is not None and one not in names for names, one in lists):
                continue
            path: tuple[str | int, ...] = ("levers", name, "effect", *([number] if several else []))
            for key in ("hours", "accuracy", "price"):
                if (value := getattr(effect, key)) is not None:
                    shown = value if isinstance(value, Quantity) else f"{value:+.4g}"
                    yield _of_case(case, f"lever {name}: change of {key}", shown, *path, key)
            if effect.locked_price is not None:
                yield _of_case(case, f"lever {name}: locked price", effect.locked_price, *path, "locked-price")


def _checking(case: Case, name: str, workflow: Workflow) -> Iterator[Input]:
    own = case.file.workflows.get(name) is not None
    for inside, block in _blocks(workflow):
        for field in type(block).model_fields:
            value = getattr(block, field)
            if value is None or field == "title" or value is False or isinstance(value, Block):
                continue
            key = field.replace("_", "-")
            path = ("workflows", name, *inside, key)
            what, say = f"{name}: {' '.join((*inside, key))}", _of_case if own else _of_model
            if isinstance(value, tuple):
                for number, step in enumerate(value):
                    yield say(case, f"{what} from {step.from_.text}", step.amount, *path, number, "amount")
            else:
                yield say(case, what, value, *path)
    team = case.file.review_team
    if team is not None and (workflow.review is not None or workflow.adjudicate is not None):
        yield _of_case(case, "wage of the review team", team.wage, "review-team", "wage")


def _blocks(block: Block, inside: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Block]]:
    """A block and every block within it, each with its keys from the first."""
    yield inside, block
    for field in type(block).model_fields:
        value = getattr(block, field)
        if isinstance(value, Block):
            yield from _blocks(value, (*inside, field.replace("_", "-")))
