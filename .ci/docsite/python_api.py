"""Every public name of the library, drawn from its signature and docstring by mkdocstrings when the site is built."""

from __future__ import annotations

import inspect

import allocate


def directives() -> str:
    """Functions first, then what they take and return."""
    named = {name: getattr(allocate, name) for name in allocate.__all__}
    functions = [name for name, one in named.items() if inspect.isfunction(one)]
    types = [name for name in named if name not in functions]
    parts = ["## Functions", ""]
    for name in functions:
        parts += [f"::: {named[name].__module__}.{name}", "    options:", "      heading_level: 3", ""]
    parts += ["## What they take and return", ""]
    for name in types:
        parts += [f"::: {named[name].__module__}.{name}", "    options:", "      heading_level: 3", ""]
    return "\n".join(parts)
