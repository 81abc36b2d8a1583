"""Checks of workflows: those on a menu are there."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.names import suggestion
from allocate.errors import Problem


def workflows(c: Context) -> Iterator[Problem]:
    """Every workflow on a menu is the model's or defined in the case."""
    if "workflows" not in c.faulty:
        yield from _menu(c)
    known = c.workflows()
    for name, product in c.file.products.items():
        for chosen in product.workflows or ():
            if chosen not in known:
                path = ("products", name, "workflows")
                yield c.problem(path, f"there is no workflow '{chosen}'", suggestion(chosen, known))


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
