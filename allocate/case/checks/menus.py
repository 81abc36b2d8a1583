"""Checks of workflows: those on a menu are there, and somebody can do their checking."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.names import suggestion
from allocate.case.schema import Workflow
from allocate.errors import Problem
from allocate.units import Quantity


def workflows(c: Context) -> Iterator[Problem]:
    """Every workflow on a menu is the model's or defined in the case; checking has a team."""
    if "workflows" not in c.faulty:
        yield from _menu(c)
    known = c.workflows()
    for name, product in c.file.products.items():
        for chosen in product.workflows or ():
            if chosen not in known:
                path = ("products", name, "workflows")
                yield c.problem(path, f"there is no workflow '{chosen}'", suggestion(chosen, known))
    used = {*c.file.workflows, *(name for p in c.file.products.values() for name in p.workflows or ())}
    defined = [(n, w) for n in sorted(used) if (w := c.file.workflows.get(n) or c.model.workflows.get(n)) is not None]
    checking = [name for name, workflow in defined if workflow.review or workflow.adjudicate]
    if checking and c.file.review_team is None and "review-team" not in c.faulty:
        names = ", ".join(f"'{name}'" for name in checking)
        message = f"{names} {'need' if len(checking) > 1 else 'needs'} somebody to check, and there is no review-team"
        yield c.problem(("workflows",), message, "add `review-team: {wage: 40 USD/h}`")
    for name, workflow in defined:
        yield from _times(c, name, workflow)


def _menu(c: Context) -> Iterator[Problem]:
    if not c.file.workflows:
        yield c.problem(("workflows",), "the menu of workflows is empty", "write it as in `workflows: [single-pass]`")
    raw = c.document.data.get("workflows")
    for position, (name, workflow) in enumerate(c.file.workflows.items()):
        if workflow is None and name not in c.model_names("workflows"):
            path = ("workflows", position) if isinstance(raw, list) else ("workflows", name)
            fix = suggestion(name, c.model.workflows)
            message = f"the model '{c.model.model}' has no workflow '{name}'"
            yield c.problem(path, message, fix, of_key=isinstance(raw, dict))


def _times(c: Context, name: str, workflow: Workflow) -> Iterator[Problem]:
    """A fixed checking time or price is per something every product that uses the workflow counts."""
    if name not in c.names("workflows"):
        return
    amounts: list[tuple[tuple[str, str], Quantity | None]] = [
        (("review", "time"), workflow.review.time if workflow.review else None),
        (("adjudicate", "time"), workflow.adjudicate.time if workflow.adjudicate else None),
        (("pre-label", "cost"), workflow.pre_label.cost if workflow.pre_label else None),
    ]
    for path, amount in amounts:
        for product_name, product in c.file.products.items():
            item = c.item(product)
            menu = product.workflows if product.workflows is not None else tuple(c.file.workflows)
            if (
                amount is None
                or item is None
                or name not in menu
                or amount.per() in (item, "item", *c.drivers(product))
            ):
                continue
            message = (
                f"the workflow '{name}' has '{amount.text}', and {product_name} counts {c.units.plural(item)}, "
                f"not {c.units.plural(amount.per())}"
            )
            fix = f"write `{amount.text.rpartition('/')[0]}/item`, or give {product_name} a menu without it"
            yield c.problem(("workflows", name, *path), message, fix)
            break
