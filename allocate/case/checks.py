"""What must fit together across the blocks of a case: names, nouns, currencies, dates, amounts."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from allocate.case.amounts import When
from allocate.case.document import Document, Path_
from allocate.case.horizon import Periods, periods
from allocate.case.model import ModelFile, Task
from allocate.case.names import nearest, suggestion
from allocate.case.schema import Budget, CaseFile, Product, Vendor
from allocate.errors import Problem
from allocate.units import CURRENCIES, Quantity, kind_of


@dataclass(frozen=True)
class Context:
    """All a check needs: the case, its model, the periods, and where things were written."""

    file: CaseFile
    model: ModelFile
    document: Document
    positions: Mapping[str, list[int]]
    periods: Periods

    def problem(self, path: Path_, message: str, fix: str | None = None, of_key: bool = False) -> Problem:
        """A problem at a path of the file (list positions as they were before faulty entries were left out)."""
        if len(path) > 1 and isinstance(path[1], int) and str(path[0]) in self.positions:
            path = (path[0], self.positions[str(path[0])][path[1]], *path[2:])
        return Problem(message, self.document.place(path, of_key), fix)

    def names(self, key: str) -> list[str]:
        """Names written under a key, faulty entries included."""
        data = self.document.data.get(key)
        return [str(name) for name in data] if isinstance(data, dict | list) else []

    def workflows(self) -> set[str]:
        """Workflows a case may name."""
        return {*self.model.workflows, *self.names("workflows")}


def cross_check(
    file: CaseFile, model: ModelFile, document: Document, positions: Mapping[str, list[int]]
) -> list[Problem]:
    """Every problem between the blocks of a case whose blocks are right by themselves."""
    try:
        horizon = periods(file.horizon)
    except OverflowError:
        return [Problem("the horizon runs past the year 9999", document.place(("horizon",)), "shorten it")]
    context = Context(file, model, document, positions, horizon)
    checks = (_money, _objective, _budget, _products, _vendors, _rates, _calendar, _menus, _rules, _supply)
    return [problem for check in checks for problem in check(context)]


def _money(c: Context) -> Iterator[Problem]:
    if c.file.currency not in CURRENCIES:
        fix = nearest(c.file.currency, CURRENCIES)
        hint = f"did you mean '{fix}'?" if fix else "write a code such as USD"
        yield c.problem(("currency",), f"'{c.file.currency}' is not a currency code", hint)
        return
    for currency, steps in c.file.exchange.items():
        where: Path_ = ("exchange", currency)
        if currency not in CURRENCIES:
            yield c.problem(
                where, f"'{currency}' is not a currency code", suggestion(currency, CURRENCIES), of_key=True
            )
        if currency == c.file.currency:
            yield c.problem(where, f"{currency} is the case's own currency", "remove this rate", of_key=True)
        if not steps:
            yield c.problem(where, f"exchange.{currency} has no rate", f"write `{currency}: 1.08 {c.file.currency}`")
        for step in steps:
            if step.rate.currency != c.file.currency:
                message = f"exchange.{currency} is in {step.rate.currency}, the case in {c.file.currency}"
                yield c.problem(where, message, f"write what one {currency} is worth in {c.file.currency}")
            elif step.rate.number <= 0:
                yield c.problem(where, f"exchange.{currency} is not above zero", "write what one unit is worth")
        yield from _step_order(c, where, [step.from_ for step in steps])
    for path, amount in _amounts(c):
        money = amount.currency
        if money and money != c.file.currency and money not in c.names("exchange"):
            fix = f"add `exchange: {{{money}: … {c.file.currency}}}`"
            yield c.problem(path, f"there is no exchange rate for {money} ('{amount.text}')", fix)


def _amounts(c: Context) -> Iterator[tuple[Path_, Quantity]]:
    """Every amount of money in the case, with its path."""
    stack: list[tuple[Path_, object]] = [((), c.file)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, Quantity):
            if value.currency and path[0] != "exchange":
                yield path, value
        elif isinstance(value, tuple):
            stack += [((*path, position), inner) for position, inner in enumerate(value)]
        elif isinstance(value, dict):
            stack += [((*path, key), inner) for key, inner in value.items()]
        elif hasattr(value, "model_fields_set"):
            fields = type(value).model_fields  # type: ignore[attr-defined]
            stack += [((*path, fields[name].alias or name), getattr(value, name)) for name in value.model_fields_set]


def _step_order(c: Context, path: Path_, starts: list[When | None]) -> Iterator[Problem]:
    places = [c.periods.first_from(start) if start else 0 for start in starts]
    if any(later <= earlier for earlier, later in itertools.pairwise(places)):
        dotted = ".".join(map(str, path))
        yield c.problem(
            path, f"the steps of {dotted} are not in order of time", "list each period once, earliest first"
        )
    if len(places) > 0 and places[0] > 0 and path[0] == "exchange":
        message = f"{'.'.join(map(str, path))} starts after the horizon does"
        yield c.problem(path, message, "add the rate that holds in the first period")


def _objective(c: Context) -> Iterator[Problem]:
    names = c.file.objective
    if len(set(names)) < len(names) or not names:
        yield c.problem(("objective",), "the objective names a goal twice, or none", "list each goal once")
    if c.file.hurdle is not None and "net-value" not in names:
        message = f"hurdle has no meaning with `objective: {', '.join(names)}`"
        yield c.problem(("hurdle",), message, "remove it, or write `objective: net-value`")
    valued = any(product.value for product in c.file.products.values())
    if not valued and set(names) & {"net-value", "value"}:
        message = f"`objective: {', '.join(names)}` needs the value of at least one product"
        yield c.problem(("objective",), message, "give a product `value:`, or write `objective: cost`")
    if c.file.targets.value is not None and not valued:
        yield c.problem(("targets", "value"), "a value target needs the value of at least one product", "give one")


def _budget(c: Context) -> Iterator[Problem]:
    budget: Budget = c.file.budget
    other = "per-month" if c.periods.unit == "week" else "per-week"
    if (budget.per_month if c.periods.unit == "week" else budget.per_week) is not None:
        fix = f"write `per-{c.periods.unit}`"
        yield c.problem(("budget", other), f"the horizon is in {c.periods.unit}s, the budget has {other}", fix)
    seen: dict[str, int] = {}
    for position, limit in enumerate(budget.limits):
        where: Path_ = ("budget", "limits", position)
        if limit.name in seen:
            yield c.problem((*where, "name"), f"two budget limits are named '{limit.name}'", "rename one")
        seen[limit.name] = position
        yield from _named(c, (*where, "products"), limit.products or (), "products", "product")
        yield from _named(c, (*where, "vendors"), limit.vendors or (), "vendors", "vendor")
        first = c.periods.first_from(limit.from_) if limit.from_ else 0
        if limit.to is not None and c.periods.last_before(limit.to) <= first and first < c.periods.count:
            yield c.problem((*where, "to"), f"the limit '{limit.name}' ends before it starts", "swap from and to")
        if first >= c.periods.count:
            yield c.problem((*where, "from"), f"the limit '{limit.name}' starts after the horizon", "move it earlier")


def _named(
    c: Context, path: Path_, names: Iterable[str], key: str, noun: str, extra: tuple[str, ...] = ()
) -> Iterator[Problem]:
    known = c.names(key)
    for name in names:
        if name not in known and name not in extra:
            yield c.problem(path, f"there is no {noun} '{name}'", suggestion(name, [*known, *extra]))


def _products(c: Context) -> Iterator[Problem]:
    for name, product in c.file.products.items():
        where: Path_ = ("products", name)
        task = c.model.tasks.get(product.task) if product.task else None
        yield from _effort(c, where, product, task)
        item = product.item or (task.item if task else None)
        if item is not None:
            yield from _nouns(c, where, product, item)
        yield from _dates(c, where, product)
        yield from _floors(c, where, product)


def _effort(c: Context, where: Path_, product: Product, task: Task | None) -> Iterator[Problem]:
    name = where[-1]
    if product.task is None and (product.item is None or product.effort is None):
        fix = "write `task: image.bounding-box`, or both `item: image` and `effort: 12 s/image`"
        yield c.problem(where, f"products.{name} has no task", fix, of_key=True)
        return
    if product.task is not None and task is None:
        fix = suggestion(product.task, c.model.tasks)
        yield c.problem((*where, "task"), f"the model '{c.model.model}' has no task '{product.task}'", fix)
        return
    if task is not None and product.item is not None and product.item != task.item:
        message = f"products.{name} counts {product.item}, its task {task.item}"
        yield c.problem((*where, "item"), message, "remove `item`")
    yield from _drivers(c, where, product, task)
    factors = list(task.complexity) if task is not None else []
    for factor, value in product.complexity.items():
        if value <= 0:
            yield c.problem((*where, "complexity", factor), f"the factor '{factor}' is not above zero", "write `1.25`")
        if nearest(factor, factors) and factor not in factors:
            fix = f"did you mean '{nearest(factor, factors)}'?"
            yield c.problem((*where, "complexity", factor), f"'{factor}' is close to a factor of the task", fix, True)


def _drivers(c: Context, where: Path_, product: Product, task: Task | None) -> Iterator[Problem]:
    if task is None or product.effort is not None:
        return
    for driver in product.drivers:
        if driver not in task.drivers:
            fix = suggestion(driver, task.drivers) or f"task {product.task} has no drivers"
            message = f"task {product.task} has no driver '{driver}'"
            yield c.problem((*where, "drivers", driver), message, fix, of_key=True)
    for driver in task.drivers:
        if driver not in product.drivers and driver not in task.default_drivers:
            message = f"products.{where[-1]} does not say how many {driver} an item has"
            yield c.problem((*where, "drivers"), message, f"add `drivers: {{{driver}: 3/{task.item}}}`")


def _nouns(c: Context, where: Path_, product: Product, item: str) -> Iterator[Problem]:
    amounts: list[tuple[Path_, Quantity | None, str | None]] = [
        (("demand", key), quantity, quantity.of() if quantity else None)
        for key, quantity in (
            ("at-least", product.demand.at_least),
            ("at-most", product.demand.at_most),
            ("exactly", product.demand.exactly),
        )
    ]
    amounts += [(("milestones", n, "at-least"), m.at_least, m.at_least.of()) for n, m in enumerate(product.milestones)]
    if product.error_cost is not None:
        amounts.append((("error-cost",), product.error_cost, product.error_cost.per()))
    if product.effort is not None:
        amounts.append((("effort",), product.effort, product.effort.per()))
    if product.value is not None and product.value.existing is not None:
        amounts.append((("value", "existing"), product.value.existing, product.value.existing.of()))
    for driver, quantity in product.drivers.items():
        amounts.append((("drivers", driver), quantity, quantity.per() or item))
    for path, found, noun in amounts:
        if found is not None and noun not in (item, "item", *(("label",) if path == ("value", "existing") else ())):
            message = f"products.{where[-1]} counts {item}, not {noun} ('{found.text}')"
            yield c.problem((*where, *path), message, f"write the amount in {item}")


def _dates(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    start, end = c.periods.starts[0], c.periods.end
    moments: list[tuple[Path_, When]] = [(("milestones", n, "by"), m.by) for n, m in enumerate(product.milestones)]
    if product.deadline is not None:
        moments.append((("deadline",), product.deadline))
    for path, when in moments:
        if when.date is not None and when.date < start:
            message = f"'{when.text}' is before the horizon starts ({start.isoformat()})"
            yield c.problem((*where, *path), message, "write a later date, or start the horizon earlier")
        elif c.periods.last_before(when) == 0:
            fix = f"the first delivery is on {c.periods.deliveries[0].isoformat()}"
            yield c.problem((*where, *path), f"nothing can be delivered by '{when.text}'", fix)
        elif path[0] == "milestones" and (when.date or start) > end:
            yield c.problem((*where, *path), f"'{when.text}' is after the horizon ends ({end.isoformat()})", "move it")
        elif when.period is not None and when.unit == c.periods.unit and when.period > c.periods.count:
            message = f"'{when.text}' is after the horizon's {c.periods.count} {c.periods.unit}s"
            yield c.problem((*where, *path), message, "write an earlier one, or lengthen the horizon")


def _floors(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    demand = product.demand
    least = demand.exactly or demand.at_least
    most = demand.exactly or demand.at_most
    if demand.at_least is not None and demand.at_most is not None and demand.at_least.number > demand.at_most.number:
        message = f"demand at-least ({demand.at_least.text}) is above at-most ({demand.at_most.text})"
        yield c.problem((*where, "demand"), message, "swap them, or correct one")
    for position, milestone in enumerate(product.milestones):
        if most is not None and milestone.at_least.number > most.number:
            message = f"the milestone asks for {milestone.at_least.text}, the demand for at most {most.text}"
            yield c.problem((*where, "milestones", position, "at-least"), message, "lower the milestone")
        if product.deadline is not None and c.periods.last_before(milestone.by) > c.periods.last_before(
            product.deadline
        ):
            message = f"the milestone by {milestone.by.text} is after the deadline {product.deadline.text}"
            yield c.problem((*where, "milestones", position, "by"), message, "move it before the deadline")
    if product.value is None and least is None and not product.milestones and "cost" not in c.file.objective:
        message = f"products.{where[-1]} has neither value nor demand: nothing would ever be made for it"
        yield c.problem(where, message, "give it `value:` or `demand: {at-least: …}`", of_key=True)


def _vendors(c: Context) -> Iterator[Problem]:
    for name, vendor in c.file.vendors.items():
        where: Path_ = ("vendors", name)
        region = c.model.regions.get(vendor.region) if vendor.region else None
        if vendor.region and region is None and c.model.regions:
            fix = suggestion(vendor.region, c.model.regions)
            yield c.problem((*where, "region"), f"the model has no region '{vendor.region}'", fix)
        if vendor.currency is not None and vendor.currency not in CURRENCIES:
            fix = suggestion(vendor.currency, CURRENCIES)
            yield c.problem((*where, "currency"), f"'{vendor.currency}' is not a currency code", fix)
        elif vendor.currency and vendor.currency != c.file.currency and vendor.currency not in c.names("exchange"):
            fix = f"add `exchange: {{{vendor.currency}: … {c.file.currency}}}`"
            yield c.problem((*where, "currency"), f"there is no exchange rate for {vendor.currency}", fix)
        yield from _capacity(c, where, vendor, region is not None and region.hours is not None)
        yield from _step_order(c, (*where, "season"), [step.from_ for step in vendor.season])
        yield from _step_order(c, (*where, "capacity-steps"), [step.from_ for step in vendor.capacity_steps])
        price = vendor.contract.price
        if vendor.contract.per is not None and price is not None:
            basis = price.per() or ""
            wanted = {"hour": "h"}.get(vendor.contract.per, vendor.contract.per)
            if basis != wanted:
                message = f"the contract is per {vendor.contract.per}, its price per {basis}"
                yield c.problem((*where, "contract", "price"), message, "make them agree")


def _capacity(c: Context, where: Path_, vendor: Vendor, region_hours: bool) -> Iterator[Problem]:
    by_hours = vendor.capacity is not None and kind_of(vendor.capacity) == "labour/calendar"
    if vendor.people is not None and by_hours:
        yield c.problem(
            (*where, "capacity"), f"vendors.{where[-1]} has its hours twice: people and capacity", "keep one"
        )
    if vendor.hours is not None and vendor.people is None:
        yield c.problem((*where, "hours"), f"vendors.{where[-1]} has hours but no people", "add `people: 10`")
    if vendor.people is not None and vendor.hours is None and not region_hours:
        message = f"vendors.{where[-1]} does not say how many hours its people work"
        yield c.problem(where, message, "add `hours: 40 h/week`", of_key=True)
    if vendor.ramp and len(vendor.ramp) > c.periods.count:
        message = f"the ramp has {len(vendor.ramp)} steps, the horizon {c.periods.count} {c.periods.unit}s"
        yield c.problem((*where, "ramp"), message, "drop the last steps")
    if vendor.shrinkage is not None and vendor.shrinkage >= 1:
        yield c.problem((*where, "shrinkage"), "a shrinkage of 100% leaves no hours", "write a smaller share")


def _rates(c: Context) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str | None], int] = {}
    products, vendors = c.names("products"), c.names("vendors")
    for position, rate in enumerate(c.file.rates):
        where: Path_ = ("rates", position)
        for key, name, known in (("product", rate.product, products), ("vendor", rate.vendor, vendors)):
            if name not in known:
                yield c.problem(
                    (*where, key), f"the rate is for a {key} that is not there: '{name}'", suggestion(name, known)
                )
        if rate.workflow is not None and rate.workflow not in c.workflows():
            fix = suggestion(rate.workflow, c.workflows())
            yield c.problem((*where, "workflow"), f"there is no workflow '{rate.workflow}'", fix)
        pair = (rate.product, rate.vendor, rate.workflow)
        if pair in seen:
            first = c.problem(("rates", seen[pair]), "").place
            line = f", first in line {first.line} of {first.file}" if first and first.line else ""
            message = f"two rates for {rate.product} with {rate.vendor}{line}"
            yield c.problem(where, message, "keep one of them")
        seen.setdefault(pair, position)
        vendor, product = c.file.vendors.get(rate.vendor), c.file.products.get(rate.product)
        if vendor is not None and rate.price is None and vendor.contract.price is None:
            message = (
                f"the rate for {rate.product} with {rate.vendor} has no price, and neither has the vendor's contract"
            )
            yield c.problem(where, message, "fill in the price")
        if product is not None and rate.price is not None:
            yield from _basis(c, (*where, "price"), rate.price, rate.product, product)
        if product is not None and rate.pace is not None and rate.pace.of() not in (_item(c, product), "item"):
            message = f"{rate.product} counts {_item(c, product)}, not {rate.pace.of()} ('{rate.pace.text}')"
            yield c.problem((*where, "pace"), message, f"write the pace in {_item(c, product)} per hour")
        if rate.accuracy is not None and rate.accuracy <= 0:
            yield c.problem((*where, "accuracy"), "an accuracy of 0% makes no labels", "write the measured accuracy")
        if product is not None and rate.capacity is not None and rate.capacity.of() not in (_item(c, product), "item"):
            message = f"the capacity of a pair counts {_item(c, product)}, not '{rate.capacity.text}'"
            yield c.problem((*where, "capacity"), message, f"write `5_000 {_item(c, product)}/week`")


def _item(c: Context, product: Product) -> str | None:
    task = c.model.tasks.get(product.task) if product.task else None
    return product.item or (task.item if task else None)


def _basis(c: Context, path: Path_, price: Quantity, name: str, product: Product) -> Iterator[Problem]:
    basis, item = price.per(), _item(c, product)
    task = c.model.tasks.get(product.task) if product.task else None
    drivers = {*product.drivers, *(task.default_drivers if task else ())}
    if item is not None and basis not in (item, "item", "label", "h", "EU", *drivers):
        choices = ", ".join(f"/{unit}" for unit in (item, *sorted(drivers), "label", "h", "EU"))
        message = f"'{price.text}' is per {basis}, which {name} does not have"
        yield c.problem(path, message, f"prices can be per {choices}; or add `drivers: {{{basis}: 3/{item}}}`")


def _calendar(c: Context) -> Iterator[Problem]:
    seen: set[tuple[str, int]] = set()
    for position, row in enumerate(c.file.calendar):
        where: Path_ = ("calendar", position)
        yield from _named(c, (*where, "vendor"), [row.vendor], "vendors", "vendor")
        if row.week > c.periods.count:
            message = f"{c.periods.unit} {row.week} is after the horizon's {c.periods.count}"
            yield c.problem((*where, "week"), message, "drop the row, or lengthen the horizon")
        if (row.vendor, row.week) in seen:
            yield c.problem(where, f"two rows for {row.vendor} in {c.periods.unit} {row.week}", "keep one of them")
        seen.add((row.vendor, row.week))
        vendor = c.file.vendors.get(row.vendor)
        if vendor is None:
            continue
        if row.capacity is not None and vendor.people is not None:
            message = f"{row.vendor} has people: its hours follow from them"
            yield c.problem((*where, "capacity"), message, "leave the capacity blank")
        if (
            row.capacity is not None
            and vendor.capacity is not None
            and row.capacity.dimensions != vendor.capacity.dimensions
        ):
            message = f"'{row.capacity.text}' is not of the kind of {row.vendor}'s capacity ('{vendor.capacity.text}')"
            yield c.problem((*where, "capacity"), message, "use one unit for both")
        if row.capacity is not None and kind_of(row.capacity) == "count":
            yield c.problem((*where, "capacity"), "a capacity of one period is per week", "write `5_000 items/week`")


def _menus(c: Context) -> Iterator[Problem]:
    known = c.workflows()
    for name, workflow in c.file.workflows.items():
        if workflow is None and name not in c.model.workflows:
            fix = suggestion(name, c.model.workflows)
            yield c.problem(("workflows",), f"the model '{c.model.model}' has no workflow '{name}'", fix)
    used = {*c.file.workflows}
    for name, product in c.file.products.items():
        for chosen in product.workflows or ():
            used.add(chosen)
            if chosen not in known:
                path = ("products", name, "workflows")
                yield c.problem(path, f"there is no workflow '{chosen}'", suggestion(chosen, known))
    if not c.file.workflows:
        yield c.problem(("workflows",), "the menu of workflows is empty", "write `workflows: [single-pass]`")
    if c.file.review_team is None:
        for name in sorted(used):
            workflow = c.file.workflows.get(name) or c.model.workflows.get(name)
            if workflow is not None and (workflow.review or workflow.adjudicate):
                fix = "add `review-team: {wage: 40 USD/h}`"
                yield c.problem(("workflows",), f"the workflow '{name}' has checking, but there is no review-team", fix)


def _rules(c: Context) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, rule in enumerate(c.file.rules):
        where: Path_ = ("rules", position)
        if rule.name in seen:
            yield c.problem((*where, "name"), f"two rules are named '{rule.name}'", "rename one")
        seen.add(rule.name)
        share = rule.share
        path = (*where, "share")
        yield from _named(c, (*path, "vendor"), share.vendor, "vendors", "vendor", ("each",))
        yield from _named(c, (*path, "products"), share.products or (), "products", "product", ("each",))
        if ("each" in share.vendor and len(share.vendor) > 1) or (
            "each" in (share.products or ()) and len(share.products or ()) > 1
        ):
            yield c.problem(path, "`each` stands alone", "write `vendor: each`, or the names")
        count = len(c.names("vendors"))
        if share.vendor == ("each",) and share.at_least is not None and share.at_least * count > 1 + 1e-12:
            message = f"{count} vendors with at least {share.at_least:.0%} each make more than 100%"
            yield c.problem(path, message, "lower at-least")
        if share.vendor == ("each",) and share.at_most is not None and share.at_most * count < 1 - 1e-12:
            message = f"{count} vendors with at most {share.at_most:.0%} each cannot make 100%"
            yield c.problem(path, message, "raise at-most, or add vendors")


def _supply(c: Context) -> Iterator[Problem]:
    """Every product has somebody who can make it, at a price."""
    rated = {rate.product for rate in c.file.rates}
    priced = [name for name, vendor in c.file.vendors.items() if vendor.contract.price is not None]
    if not c.document.data.get("rates"):
        if not priced and c.file.vendors:
            fix = "add `rates:`, or give a vendor `contract: {price: …}`"
            yield c.problem(("vendors",), "no vendor has a price", fix, of_key=True)
        for vendor in priced:
            price = c.file.vendors[vendor].contract.price
            for name, product in c.file.products.items():
                if price is not None:
                    yield from _basis(c, ("vendors", vendor, "contract", "price"), price, name, product)
        return
    if isinstance(c.document.data["rates"], list) and len(c.document.data["rates"]) == len(c.file.rates):
        for name in c.file.products:
            if name not in rated:
                fix = "add a line for it to the rates"
                yield c.problem(("products", name), f"no vendor has a rate for {name}", fix, of_key=True)
