"""Plans data-annotation spend: a case goes in, a proven plan comes out.

The library in five names: `read_case` reads and checks a case, `routes` gives its unit economics, `formulate` its
program, `solve` the plan, `verify` the independent check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allocate.api import Answer, evaluate, formulate, solve
    from allocate.case.load import Case, read_case
    from allocate.costing.routes import Routes, routes
    from allocate.errors import CaseError
    from allocate.plan import Plan
    from allocate.program.build import item_variables
    from allocate.runs.save import save_run
    from allocate.verification import Verification, verify

_HOMES = {
    "Answer": "allocate.api",
    "Case": "allocate.case.load",
    "CaseError": "allocate.errors",
    "Plan": "allocate.plan",
    "Routes": "allocate.costing.routes",
    "Verification": "allocate.verification",
    "evaluate": "allocate.api",
    "formulate": "allocate.api",
    "item_variables": "allocate.program.build",
    "read_case": "allocate.case.load",
    "routes": "allocate.costing.routes",
    "save_run": "allocate.runs.save",
    "solve": "allocate.api",
    "verify": "allocate.verification",
}

__all__ = [
    "Answer",
    "Case",
    "CaseError",
    "Plan",
    "Routes",
    "Verification",
    "evaluate",
    "formulate",
    "item_variables",
    "read_case",
    "routes",
    "save_run",
    "solve",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that the command line starts fast."""
    if name not in _HOMES:
        raise AttributeError(f"module 'allocate' has no attribute '{name}'")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
