"""Checks of what a case aims for: objective, hurdle, targets, and what its budget limits name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.errors import Problem

_BEHIND_MONEY = ("delivery", "accuracy")
"""Goals that cannot be the first."""


def _has(c: Context, key: str) -> bool:
    """Whether a product has (or means to have) a key, such as a value."""
    written = c.document.data.get("products")
    raw = written.values() if isinstance(written, dict) else ()
    return any(isinstance(product, dict) and product.get(key) is not None for product in raw)


def _with(goal: str, names: Sequence[str]) -> str:
    """The goals with one more that another comes after: money first, then what is left of the others."""
    if goal not in _BEHIND_MONEY:
        return ", ".join([goal, *names])
    rest = names[1:] or [name for name in _BEHIND_MONEY if name not in (goal, names[0])]
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
