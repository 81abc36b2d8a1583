"""Checks of what a case aims for: objective, hurdle, targets, and what its budget limits name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.names import OF_CAPACITY
from allocate.case.schema.case_file import CaseFile
from allocate.errors import Problem
from allocate.units import kind_of

_BEHIND_MONEY = ("delivery", "accuracy", "finish", "change")
"""Goals that cannot be the first."""
STEEP = 20.0
"""A hurdle from which a percentage is likely meant."""


def steep_hurdle(file: CaseFile) -> str | None:
    """A note on a hurdle that is likely a percentage; None for any other."""
    hurdle, money = file.hurdle, file.currency
    if hurdle is None or hurdle < STEEP:
        return None
    return f"hurdle {hurdle:g}: the last {money} spent must return {hurdle:g} {money}; for {hurdle:g}% write `{hurdle / 100:g}`"


def _has(c: Context, key: str) -> bool:
    """Whether a product has (or means to have) a key, such as a value."""
    written = c.document.data.get("products")
    raw = written.values() if isinstance(written, dict) else ()
    return any(isinstance(product, dict) and product.get(key) is not None for product in raw)


def _with(goal: str, names: Sequence[str]) -> str:
    """The goals with one more that another comes after: money first, then what is left of the others."""
    if goal not in _BEHIND_MONEY:
        return ", ".join([goal, *names])
    rest = names[1:] or [name for name in _BEHIND_MONEY[:2] if name not in (goal, names[0])]
    return ", ".join([names[0], goal, *rest])


def objective(c: Context) -> Iterator[Problem]:
    """The objective names each goal once, and the case has what the goals are about."""
    names, valued = c.file.objective, _has(c, "value")
    shown = ", ".join(names)
    if not names:
        yield c.problem(("objective",), "the objective names no goal", "write it as in `objective: net-value`")
        return
    if len(set(names)) < len(names):
        yield c.problem(("objective",), f"the objective names a goal twice ({shown})", "list each goal once")
    if names[0] in _BEHIND_MONEY:
        message = f"the first goal is {names[0]}, and it has to be net-value, value or cost"
        yield c.problem(("objective",), message, f"write it as in `objective: [cost, {names[0]}]`")
    for goal, share in c.file.give.items():
        if goal not in names:
            message = f"`give` says what may be given up of {goal}, which is not among the goals (`objective: {shown}`)"
            fix = f"list it before another goal, as in `objective: [{_with(goal, names)}]`, or leave it out"
            yield c.problem(("give", goal), message, fix)
        elif goal == names[-1]:
            message = f"`give` says what may be given up of {goal}, and no goal comes after it"
            yield c.problem(("give", goal), message, "list it before another goal in `objective`, or leave it out")
        elif not 0.0 <= share < 1.0:
            yield c.problem(
                ("give", goal),
                f"giving up {share:.0%} of a goal leaves nothing of it",
                "write a smaller share, as in `2%`",
            )
    if "change" in names and not c.file.earlier and "earlier" not in c.faulty:
        message = "`change` counts from an earlier plan, and the case has none"
        yield c.problem(
            ("objective",), message, "add `earlier: plan.csv`, a plan as `allocate solve --format csv` writes it"
        )
    if c.file.hurdle is not None and "net-value" not in names:
        message = f"hurdle has no meaning with `objective: {shown}`"
        yield c.problem(("hurdle",), message, "remove it, or write `objective: net-value`")
    nothing = "value" in names or ("net-value" in names and not _has(c, "error-cost"))
    if not valued and nothing and "products" not in c.faulty and c.file.products:
        also, or_error = ("", "") if "value" in names else (" or error-cost", " or `error-cost:`")
        message = f"`objective: {shown}` needs the value{also} of at least one product"
        yield c.problem(("objective",), message, f"give a product `value:`{or_error}, or write `objective: cost`")
    elif c.file.targets.value is not None and not valued:
        message = "a value target needs the value of at least one product"
        yield c.problem(("targets", "value"), message, "give a product `value:`, or remove the target")


def earlier(c: Context) -> Iterator[Problem]:
    """Lines of an earlier plan name what the case has, in periods of the horizon, in the product's items."""
    menus, known = set(c.file.workflows), c.workflows()
    menus |= {name for product in c.file.products.values() for name in product.workflows or ()}
    for number, one in enumerate(c.file.earlier):
        where: Path_ = ("earlier", number)
        for name, names in (("product", "products"), ("vendor", "vendors")):
            yield from c.unknown((*where, name), [getattr(one, name)], names, name)
        if one.workflow is None and len(menus) > 1:
            message = "the line of the earlier plan has no workflow, and the case has several"
            yield c.problem(where, message, f"name one of {', '.join(sorted(menus))}")
        elif one.workflow is not None and one.workflow not in known:
            yield c.problem(
                (*where, "workflow"), f"there is no workflow '{one.workflow}'", "name one of the case's or the model's"
            )
        yield from c.unknown((*where, "levers"), [n.removesuffix(OF_CAPACITY) for n in one.levers], "levers", "lever")
        if one.period > c.periods.count:
            message = f"{c.periods.unit} {one.period:.0f} is outside of the horizon"
            yield c.problem((*where, "period"), message, f"write one of 1 to {c.periods.count}, or leave the line out")
        product = c.file.products.get(one.product)
        item = c.item(product) if product is not None else None
        if item is not None and kind_of(one.items) == "count" and one.items.of() not in (item, "item"):
            message = f"{one.product} counts {c.units.plural(item)}, not {c.units.plural(one.items.of())} ('{one.items.text}')"
            yield c.problem((*where, "items"), message, f"write them in {c.units.plural(item)}")


def budget_names(c: Context) -> Iterator[Problem]:
    """Budget limits have names of their own, and name products and vendors of the case."""
    seen: set[str] = set()
    for position, limit in enumerate(c.file.budget.limits):
        where: Path_ = ("budget", "limits", position)
        if limit.name in seen:
            yield c.problem((*where, "name"), f"two budget limits are named '{limit.name}'", "rename one")
        seen.add(limit.name)
        yield from c.unknown((*where, "products"), limit.products or (), "products", "product")
        yield from c.unknown((*where, "vendors"), limit.vendors or (), "vendors", "vendor")
