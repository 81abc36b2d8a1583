"""Checks of products: task and drivers, the nouns amounts count in, demand against milestones."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context, exactly, makers
from allocate.case.document import Path_
from allocate.case.model import Task
from allocate.case.names import nearest, suggestion
from allocate.case.schema import Product
from allocate.case.schema.value import Curve, Value
from allocate.errors import Problem
from allocate.units import OWN_MEANING, Quantity, kind_of

_OF_ITEMS = ("demand", "milestones", "value", "work-in-progress", "arrives", "stock")
"""Keys of a product whose amounts count its items; others are amounts per item."""


def products(c: Context) -> Iterator[Problem]:
    """Every product says what work it is, in amounts of its own item."""
    for name, product in c.file.products.items():
        where: Path_ = ("products", name)
        yield from _effort(c, where, product)
        item = c.item(product)
        if item is not None:
            yield from _nouns(c, where, product, item)
        yield from _demand(c, where, product)
        yield from _in_progress(c, where, product)
        yield from _points(c, where, product)
        yield from _measured(c, name, product)
        yield from _gates(c, (*where, "value"), product.value)
        yield from _qualities(c, where, product)
        yield from _transfers(c, where, product)
        if product.value is not None and product.value.curve.of_sources:
            yield from _sources(c, (*where, "value", "curve", "points"), product.value.curve)


def _sources(c: Context, where: Path_, curve: Curve) -> Iterator[Problem]:
    """Points of a source name a vendor or workflow that is there, and the curve has points of its own to hold them against."""
    for key, noun, extra in (("vendors", "vendor", ()), ("workflows", "workflow", tuple(c.model.workflows))):
        named = dict.fromkeys(getattr(one, noun) for one in curve.of_sources)
        yield from c.unknown(where, [name for name in named if name is not None], key, noun, extra)
    if not curve.own:
        fix = "leave vendor and workflow blank on the points of the product's own curve"
        yield c.problem(
            where, f"every point of the curve of {where[1]} is of a vendor or workflow, and none is its own", fix
        )


def _transfers(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    """Labels come from other products of the case, each named once."""
    given = product.value.transfer if product.value is not None else ()
    for position, one in enumerate(given):
        path: Path_ = (*where, "value", "transfer", *((position,) if _listed(c, (*where, "value"), "transfer") else ()))
        yield from c.unknown((*path, "from"), [one.from_], "products", "product")
        if one.from_ == where[-1]:
            yield c.problem((*path, "from"), f"labels of {where[-1]} count for it already", "name another product")
        if one.from_ in [other.from_ for other in given[:position]]:
            yield c.problem((*path, "from"), f"two rates for labels of {one.from_}", "keep one of them")


def _qualities(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    """Qualities say what every vendor that can make the product delivers."""
    able = makers(c, str(where[-1])) if not {"vendors", "rates"} & c.faulty else set()
    for name, quality in product.qualities.items():
        path: Path_ = (*where, "qualities", name)
        yield from c.unknown((*path, "vendors"), quality.vendors, "vendors", "vendor")
        silent = [vendor for vendor in c.file.vendors if vendor in able and vendor not in quality.vendors]
        if silent:
            message = f"the {name} of what {' and '.join(silent)} make{'s' if len(silent) == 1 else ''} of {where[-1]} is not stated"
            yield c.problem((*path, "vendors"), message, f"add `{silent[0]}: 95%`, or let others alone make it")


def _gates(c: Context, where: Path_, value: Value | None) -> Iterator[Problem]:
    """Gates stand at different scores, each within what the curve can say."""
    if value is None:
        return
    curve, seen = value.curve, set[float]()
    scores = [curve.ceiling - (point.error or 0.0) if point.score is None else point.score for point in curve.own]
    straight = curve.points is not None and curve.fit == "table"
    most = max(scores, default=curve.ceiling) if straight else curve.ceiling
    for position, gate in enumerate(value.gates):
        path: Path_ = (
            (*where, "gates", position, "score-at-least") if _listed(c, where) else (*where, "gates", "score-at-least")
        )
        if gate.score_at_least.number > most:
            what = "its table of points ends at" if straight else "its curve never passes"
            message = f"no plan reaches the gate at {gate.score_at_least.text}: {what} {most:g} points"
            fix = "lower the gate, or fit the points, as in `fit: best`" if straight else "lower the gate"
            yield c.problem(path, message, fix)
        if gate.score_at_least.number in seen:
            message = f"two gates stand at {gate.score_at_least.text}"
            yield c.problem(path, message, "add their worth up in one gate")
        seen.add(gate.score_at_least.number)


def _listed(c: Context, where: Path_, key: str = "gates") -> bool:
    """Whether gates (transfers) are written as a list, and not as the only one."""
    value = c.document.data["products"][where[1]].get("value")
    return not isinstance(value.get(key), dict)


def _measured(c: Context, name: str, product: Product) -> Iterator[Problem]:
    """An accuracy with confidence rests on items that were checked, for every vendor that may make the product."""
    if product.accuracy is None or product.accuracy.confidence is None:
        return
    fix = "write the items it was measured on, as in `checked: 400`"
    what = f"{name} asks for its accuracy with confidence, and nothing says on how many items it was measured"
    for number, rate in c.rate_card.of_product(name):
        vendor = c.file.vendors.get(rate.vendor)
        if vendor is None or rate.checked is not None:
            continue
        if vendor.checked is None or rate.accuracy is not None:
            yield c.problem(("rates", number), f"{rate.vendor}: {what}", fix)
    if not c.file.rates:
        for other, vendor in c.file.vendors.items():
            if vendor.checked is None:
                yield c.problem(("vendors", other), f"{other}: {what}", fix, of_key=True)


def _effort(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    name, task = where[-1], c.task(product)
    if product.task is None and (product.item is None or product.effort is None):
        missing = "no task" if product.item is None else "an item and no effort"
        missing = "an effort and no item" if product.item is None and product.effort is not None else missing
        fix = "write `task: image.bounding-box`, or both `item: image` and `effort: 12 s/image`"
        yield c.problem(where, f"products.{name} has {missing}", fix, of_key=True)
        return
    if product.task is not None and task is None:
        if product.task not in c.model_names("tasks"):
            known = suggestion(product.task, c.model_names("tasks"), "`allocate model`")
            yield c.problem((*where, "task"), f"the model '{c.model.model}' has no task '{product.task}'", known)
        return
    if task is None and product.item not in c.units.nouns:
        message = f"'{product.item}' is not a unit of the model or the case"
        close = nearest(str(product.item), c.units.nouns)
        fix = f"did you mean '{close}'?" if close else f"add `units: {{{product.item}: {product.item}s}}`"
        yield c.problem((*where, "item"), message, fix)
    elif task is None and product.item in OWN_MEANING:
        message = f"'{product.item}' has a meaning already, and is no item"
        yield c.problem((*where, "item"), message, "choose another word, and add it to `units:`")
    if task is not None and product.item is not None and product.item != task.item:
        message = f"products.{name} counts {c.units.plural(product.item)}, its task {c.units.plural(task.item)}"
        yield c.problem((*where, "item"), message, "remove `item`")
    yield from _drivers(c, where, product, task)
    yield from _complexity(c, where, product, task)


def _complexity(c: Context, where: Path_, product: Product, task: Task | None) -> Iterator[Problem]:
    factors = list(task.complexity) if task is not None else []
    for factor, value in product.complexity.items():
        path = (*where, "complexity", factor)
        close = nearest(factor, factors)
        if value <= 0:
            yield c.problem(path, f"the factor '{factor}' is not above zero", "write it as in `1.25`")
        if close and factor not in factors:
            message = f"'{factor}' is almost the name of a factor of the task, '{close}'"
            yield c.problem(path, message, f"write `{close}`, or another name", of_key=True)


def _drivers(c: Context, where: Path_, product: Product, task: Task | None) -> Iterator[Problem]:
    if task is None or product.effort is not None:
        return
    for driver in product.drivers:
        if driver not in task.drivers:
            fix = suggestion(driver, task.drivers) or "remove it: the task has no drivers"
            message = f"task {product.task} has no driver '{driver}'"
            yield c.problem((*where, "drivers", driver), message, fix, of_key=True)
    lacking = [d for d in task.drivers if d not in product.drivers and d not in task.default_drivers]
    unknown = [d for d in product.drivers if d not in task.drivers]
    for driver in lacking:
        if nearest(driver, unknown):
            continue  # misspelt, said above
        message = f"products.{where[-1]} does not say how many {c.units.plural(driver)} one {task.item} has"
        of_key = "drivers" not in product.model_fields_set
        path = where if of_key else (*where, "drivers")
        yield c.problem(path, message, f"add `drivers: {{{driver}: 3/{task.item}}}`", of_key)


def _nouns(c: Context, where: Path_, product: Product, item: str) -> Iterator[Problem]:
    many = c.units.plural(item)
    for path, found in _counted(product):
        per_item = found.currency is not None
        noun = found.of() if not per_item and path[0] in _OF_ITEMS else _counts_per(c, found)
        allowed = {item, "item", *(("label",) if path == ("value", "existing") else ())}
        if path[0] == "drivers" and found.per() is None:
            continue
        if noun in allowed:
            continue
        message = f"products.{where[-1]} counts {many}, not {c.units.plural(noun)} ('{found.text}')"
        if not per_item and path[0] in _OF_ITEMS:
            fix = f"write `{exactly(found.text, many)}`"
        elif path[-1] in ("penalty", "late", "holding", "backlog"):
            words = [item if part.strip() in (noun, c.units.plural(noun)) else part for part in found.text.split("/")]
            fix = f"write `{'/'.join(words)}`"
        else:
            fix = f"write `{found.text.rpartition('/')[0]}/{item}`"
        yield c.problem((*where, *path), message, fix)
    for driver, count in product.drivers.items():
        if count.of() not in (None, driver):
            message = f"the driver {driver} counts {c.units.plural(driver)}, not {c.units.plural(count.of())}"
            yield c.problem((*where, "drivers", driver), message, f"write `{count.text.split()[0]}/{item}`")


def _counts_per(c: Context, found: Quantity) -> str | None:
    """The noun an amount is per one of, time aside."""
    nouns = [name for name, power in found.dimensions if power == -1 and name in c.units.nouns]
    return nouns[0] if nouns else found.per()


def _counted(product: Product) -> Iterator[tuple[Path_, Quantity]]:
    """Every amount of a product that counts its item, with its path below the product."""
    demand = product.demand
    amounts: list[tuple[Path_, Quantity | None]] = [
        (("demand", "at-least"), demand.at_least),
        (("demand", "at-most"), demand.at_most),
        (("demand", "exactly"), demand.exactly),
        (("work-in-progress", "at-most"), product.work_in_progress.at_most if product.work_in_progress else None),
        (("demand", "penalty"), demand.penalty),
        (("accuracy", "penalty"), _per_item(product.accuracy.penalty) if product.accuracy is not None else None),
        (("deadline", "late"), product.deadline.late if product.deadline is not None else None),
        (("error-cost",), product.error_cost),
        (("effort",), product.effort),
        (("value", "existing"), product.value.existing if product.value is not None else None),
    ]
    amounts += [(("milestones", n, "at-least"), m.at_least) for n, m in enumerate(product.milestones)]
    if product.value is not None:
        steps = enumerate(product.value.steps)
        amounts += [(("value", "worth"), _per_item(product.value.worth_))]
        amounts += [
            (("value", "steps", n, key), found)
            for n, s in steps
            for key, found in (("up-to", s.up_to), ("worth", s.worth))
        ]
    if product.stock is not None:
        amounts += [(("stock", "start"), product.stock.start), (("stock", "holding"), product.stock.holding)]
        amounts += [(("stock", "backlog"), product.stock.backlog)]
        amounts += [(("stock", "needs", n, "items"), need.items) for n, need in enumerate(product.stock.needs)]
    amounts += [(("arrives", n, "items"), one.items) for n, one in enumerate(product.arrives)]
    amounts += [(("milestones", n, "penalty"), m.penalty) for n, m in enumerate(product.milestones)]
    amounts += [(("drivers", driver), count) for driver, count in product.drivers.items()]
    return ((path, found) for path, found in amounts if found is not None)


def _in_progress(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    """Work in progress is limited where something takes time."""
    vendors, lines = c.file.vendors.values(), c.rate_card.of_product(str(where[-1]))
    leads = [*(one.lead for one in vendors), *(one.lead for _, one in lines)]
    written = [*c.file.workflows.values(), *c.model.workflows.values()]
    staged = any(one is not None and one.leads is not None for one in written)
    if product.work_in_progress is not None and not staged and not any(one is not None and one.number for one in leads):
        message = f"products.{where[-1]} limits its work in progress, and everything is delivered when it is made"
        yield c.problem((*where, "work-in-progress"), message, "give a vendor a `lead`, or a workflow `leads`")


def _per_item(penalty: Quantity | None) -> Quantity | None:
    """A penalty, if it is for items and not for points."""
    return penalty if penalty is not None and kind_of(penalty) == "money/count" else None


def _points(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    """A penalty for points of accuracy has a number of items they are points of, all of them together."""
    floor = product.accuracy
    if floor is None or floor.penalty is None or kind_of(floor.penalty) != "money/points":
        return
    path, item = (*where, "accuracy", "penalty"), c.item(product) or "item"
    fix = f"write what a right item missing weighs, as in `2 {floor.penalty.currency}/{item}`"
    demand = product.demand
    least, most = demand.exactly or demand.at_least, demand.exactly or demand.at_most
    if least is not None and most is not None and most.number == 0:
        return  # nothing is made, and nothing misses a floor
    if least is None or least.number <= 0:
        message = f"'{floor.penalty.text}' is for a point of the demand, and products.{where[-1]} has no least demand"
        yield c.problem(path, message, f"add `demand: {{at-least: …}}`, or {fix}")
    elif floor.of != "average":
        yield c.problem(path, f"'{floor.penalty.text}' is for a point of the average, the floor is of {floor.of}", fix)


def _demand(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    demand = product.demand
    most = demand.exactly or demand.at_most
    if demand.at_least is not None and demand.at_most is not None and demand.at_least.number > demand.at_most.number:
        message = f"demand at-least ({demand.at_least.text}) is above at-most ({demand.at_most.text})"
        yield c.problem((*where, "demand"), message, "swap them, or correct one")
    for position, milestone in enumerate(product.milestones):
        if most is not None and milestone.at_least.number > most.number:
            message = f"the milestone asks for {milestone.at_least.text}, the demand for at most {most.text}"
            yield c.problem((*where, "milestones", position, "at-least"), message, "lower the milestone")
    there, wanted = sum(one.items.number for one in product.arrives), demand.exactly or demand.at_least
    if product.arrives and wanted is not None and demand.penalty is None and wanted.number > there * (1 + 1e-12):
        item = c.units.plural(c.item(product))
        message = f"the demand asks for {wanted.text}, and {there:,.10g} {item} arrive in all"
        yield c.problem((*where, "arrives"), message, "ask for fewer, or let more arrive")
    helps = any(
        one.from_ == where[-1] for other in c.file.products.values() if other.value for one in other.value.transfer
    )
    asked = wanted is not None or product.milestones or helps
    if product.value is None and not asked and "cost" not in c.file.objective:
        message = f"products.{where[-1]} has neither value nor demand, so nothing would be made for it"
        yield c.problem(where, message, "give it `value:` or `demand: {at-least: …}`", of_key=True)
