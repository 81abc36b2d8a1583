"""Plans data-annotation spend: a case goes in, a proven plan comes out.

`read_case` reads and checks a case, `routes` gives its unit economics, `formulate` its program, `solve` the plan, `verify`
the independent check; `explain`, `diagnose`, `bottlenecks` and `alternatives` say why, `tco`, `invoice` and `cash_flow` what
it costs when; `compare`, `frontier`, `sensitivity`, `assumptions`, `scale` and `mix` plan many times; `plan_odds`, `hedge` and `pilots`
deal with figures that are not known exactly; `read_actuals`, `calibrate`, `bridge_bills` and `track` hold the plan against what was done;
`report` and `save_run` write down. Every
function that is about a case takes one, or the path of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocate.actuals.calibration import Calibration as Calibration
    from allocate.actuals.calibration import calibrate as calibrate
    from allocate.actuals.reading import Actuals as Actuals
    from allocate.actuals.reading import read_actuals as read_actuals
    from allocate.answers import Answer as Answer
    from allocate.answers import Evaluation as Evaluation
    from allocate.api.evaluating import evaluate as evaluate
    from allocate.api.explaining import alternatives as alternatives
    from allocate.api.explaining import bottlenecks as bottlenecks
    from allocate.api.explaining import explain as explain
    from allocate.api.owning import cash_flow as cash_flow
    from allocate.api.owning import invoice as invoice
    from allocate.api.owning import tco as tco
    from allocate.api.solving import formulate as formulate
    from allocate.api.solving import solve as solve
    from allocate.bridge.bridge import Bridge as Bridge
    from allocate.bridge.bridge import bridge_bills as bridge_bills
    from allocate.bridge.ends import bill as bill
    from allocate.case.load import Case as Case
    from allocate.case.load import read_case as read_case
    from allocate.costing.routes import routes as routes
    from allocate.costing.table import Routes as Routes
    from allocate.errors import CaseError as CaseError
    from allocate.explaining.conflicts.diagnosis import diagnose as diagnose
    from allocate.finance.ownership import Ownership as Ownership
    from allocate.odds.hedged_plan import Hedged as Hedged
    from allocate.odds.hedging import hedge as hedge
    from allocate.odds.odds import Odds as Odds
    from allocate.odds.odds import plan_odds as plan_odds
    from allocate.odds.pilots import Pilots as Pilots
    from allocate.odds.pilots import pilots as pilots
    from allocate.plan import Plan as Plan
    from allocate.program.build import item_variables as item_variables
    from allocate.replanning.replan import Replanned as Replanned
    from allocate.replanning.replan import replan as replan
    from allocate.reporting.report import report as report
    from allocate.runs.save import save_run as save_run
    from allocate.study.assumptions import assumptions as assumptions
    from allocate.study.compare import Comparison as Comparison
    from allocate.study.compare import compare as compare
    from allocate.study.frontier import frontier as frontier
    from allocate.study.mix import mix as mix
    from allocate.study.scale import scale as scale
    from allocate.study.sensitivity import Vary as Vary
    from allocate.study.sensitivity import sensitivity as sensitivity
    from allocate.study.study import Study as Study
    from allocate.tracking.track import Tracked as Tracked
    from allocate.tracking.track import track as track
    from allocate.verification import Verification as Verification
    from allocate.verification import verify as verify

_HOMES = {
    "actuals.calibration": "Calibration calibrate",
    "actuals.reading": "Actuals read_actuals",
    "answers": "Answer Evaluation",
    "api.evaluating": "evaluate",
    "api.explaining": "alternatives bottlenecks explain",
    "api.owning": "cash_flow invoice tco",
    "api.solving": "formulate solve",
    "bridge.bridge": "Bridge bridge_bills",
    "bridge.ends": "bill",
    "case.load": "Case read_case",
    "costing.routes": "routes",
    "costing.table": "Routes",
    "errors": "CaseError",
    "explaining.conflicts.diagnosis": "diagnose",
    "finance.ownership": "Ownership",
    "odds.hedged_plan": "Hedged",
    "odds.hedging": "hedge",
    "odds.odds": "Odds plan_odds",
    "odds.pilots": "Pilots pilots",
    "plan": "Plan",
    "program.build": "item_variables",
    "replanning.replan": "Replanned replan",
    "reporting.report": "report",
    "runs.save": "save_run",
    "study.assumptions": "assumptions",
    "study.compare": "Comparison compare",
    "study.frontier": "frontier",
    "study.mix": "mix",
    "study.scale": "scale",
    "study.sensitivity": "Vary sensitivity",
    "study.study": "Study",
    "tracking.track": "Tracked track",
    "verification": "Verification verify",
}
"""Public names by the module they live in."""
_HOME = {name: f"allocate.{module}" for module, names in _HOMES.items() for name in names.split()}

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
