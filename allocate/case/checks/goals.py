"""Checks of what a case aims for: objective, hurdle, targets, and what its budget limits name."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.errors import Problem


def _valued(c: Context) -> bool:
    """Whether a product has (or means to have) a value."""
    written = c.document.data.get("products")
    raw = written.values() if isinstance(written, dict) else ()
    return any(isinstance(product, dict) and product.get("value") is not None for product in raw)


def objective(c: Context) -> Iterator[Problem]:
    """The objective names each goal once, and the case has what the goals are about."""
    names, valued = c.file.objective, _valued(c)
    shown = ", ".join(names)
    if not names:
        yield c.problem(("objective",), "the objective names no goal", "write it as in `objective: net-value`")
        return
    if len(set(names)) < len(names):
        yield c.problem(("objective",), f"the objective names a goal twice ({shown})", "list each goal once")
    if c.file.hurdle is not None and "net-value" not in names:
        message = f"hurdle has no meaning with `objective: {shown}`"
        yield c.problem(("hurdle",), message, "remove it, or write `objective: net-value`")
    if not valued and set(names) & {"net-value", "value"} and "products" not in c.faulty and c.file.products:
        message = f"`objective: {shown}` needs the value of at least one product"
        yield c.problem(("objective",), message, "give a product `value:`, or write `objective: cost`")
    elif c.file.targets.value is not None and not valued:
        message = "a value target needs the value of at least one product"
        yield c.problem(("targets", "value"), message, "give a product `value:`, or remove the target")


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
