"""Plans data-annotation spend: a case goes in, a proven plan comes out.

`read_case` reads and checks a case, `routes` gives its unit economics, `formulate` its program, `solve` the plan, `verify`
the independent check. Every function takes a case, or the path of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocate.answers import Answer as Answer
    from allocate.answers import Evaluation as Evaluation
    from allocate.api.evaluating import evaluate as evaluate
    from allocate.api.explaining import alternatives as alternatives
    from allocate.api.explaining import bottlenecks as bottlenecks
    from allocate.api.explaining import explain as explain
    from allocate.api.solving import formulate as formulate
    from allocate.api.solving import solve as solve
    from allocate.case.load import Case as Case
    from allocate.case.load import read_case as read_case
    from allocate.costing.routes import Routes as Routes
    from allocate.costing.routes import routes as routes
    from allocate.errors import CaseError as CaseError
    from allocate.explaining.conflicts.diagnosis import diagnose as diagnose
    from allocate.plan import Plan as Plan
    from allocate.program.build import item_variables as item_variables
    from allocate.runs.save import save_run as save_run
    from allocate.verification import Verification as Verification
    from allocate.verification import verify as verify

_HOMES = {
    "allocate.answers": ("Answer", "Evaluation"),
    "allocate.api.evaluating": ("evaluate",),
    "allocate.api.explaining": ("alternatives", "bottlenecks", "explain"),
    "allocate.api.solving": ("formulate", "solve"),
    "allocate.case.load": ("Case", "read_case"),
    "allocate.costing.routes": ("Routes", "routes"),
    "allocate.errors": ("CaseError",),
    "allocate.explaining.conflicts.diagnosis": ("diagnose",),
    "allocate.plan": ("Plan",),
    "allocate.program.build": ("item_variables",),
    "allocate.runs.save": ("save_run",),
    "allocate.verification": ("Verification", "verify"),
}
"""Public names by the module they live in."""
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)

# Hidden from type checkers, which would take any name for one of the library's.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a public name when it is first used, so that the command line starts fast."""
        if name not in _HOME:
            raise AttributeError(f"module 'allocate' has no attribute '{name}'")
        from importlib import import_module

        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return __all__
