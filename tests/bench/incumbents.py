"""Plan and bound of integer programs after the same CPU seconds: the library beside HiGHS on bare arrays, in one run.

    python tests/bench/incumbents.py M               # after 1, 2, 5, 10, 20, 40 and 60 s; ends with 1 where ours is worse
    python tests/bench/incumbents.py S 0.5 1 2 5

CPU seconds of each process are counted, so that other work on the machine matters little: from the case as read (ours,
with costing and building) and from the arrays as made (theirs). Nothing here is collected by pytest.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

TIMES = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
ALIKE = 1e-6
"""Relative distance within which two plans are equally good."""

Seen = list[tuple[float, float | None, float | None]]
"""CPU seconds, plan and bound, one after the other."""


class Meter:
    """CPU seconds since it was made; it says stop after so many."""

    def __init__(self, limit: float) -> None:
        self.limit, self.began = limit, time.process_time()
        self.seen: Seen = []

    def is_set(self) -> bool:
        """Whether the time is up."""
        return self.spent > self.limit

    @property
    def spent(self) -> float:
        """CPU seconds so far."""
        return time.process_time() - self.began

    def note(self, _: float, best: float | None, bound: float | None) -> None:
        """Keep what is known now."""
        self.seen.append((self.spent, best, bound))


def ours(size: str, limit: float) -> Seen:
    """What the library says while it solves the case."""
    import pandas  # noqa: F401 - what a first import takes is no part of a search
    from portfolio import portfolio
    from through_library import integer

    from allocate import formulate, read_case
    from allocate.solvers import watch
    from allocate.solvers.solve import solve as run

    watch.REPORT_EVERY = 0.0
    case = read_case(integer(portfolio(size)))
    meter = Meter(limit)
    outcome = run(formulate(case).program, progress=meter.note, cancel=meter)
    meter.note(0.0, outcome.objective, outcome.bound)
    return meter.seen


def theirs(size: str, limit: float) -> Seen:
    """What HiGHS says of the same program in bare arrays."""
    import highspy
    from portfolio import portfolio
    from raw_highs import arrays

    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 1e-6)):
        highs.setOptionValue(name, value)
    program = arrays(portfolio(size), True)
    meter = Meter(limit)
    highs.passModel(*program)

    def called(kind: object, message: str, told: object, answer: object, _: object) -> None:
        meter.note(0.0, told.mip_primal_bound, told.mip_dual_bound)
        answer.user_interrupt = meter.is_set()

    highs.setCallback(called, None)
    highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
    highs.run()
    meter.note(0.0, highs.getObjectiveValue(), highs.getInfo().mip_dual_bound)
    return [(spent, best if abs(best) < 1e30 else None, bound) for spent, best, bound in meter.seen]


def after(seen: Seen, seconds: float) -> tuple[float | None, float | None]:
    """Best plan and bound so far after this many seconds; both programs maximise."""
    plans = [best for spent, best, _ in seen if spent <= seconds and best is not None]
    bounds = [bound for spent, _, bound in seen if spent <= seconds and bound is not None]
    return max(plans, default=None), min(bounds, default=None)


def main() -> int:
    """Print plans and bounds side by side; 1 where ours is ever worse."""
    size, times = sys.argv[1], tuple(float(one) for one in sys.argv[2:]) or TIMES
    runs = []
    for who in ("ours", "theirs"):
        command = [sys.executable, __file__, "--child", who, size, str(times[-1])]
        done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    print("| CPU s | plan | bound | gap | bare arrays' plan | their bound | their gap |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    worse = False
    for seconds in times:
        cells = []
        plans = []
        for seen in runs:
            plan, bound = after(seen, seconds)
            plans.append(-float("inf") if plan is None else plan)
            gap = "none" if plan is None or bound is None else f"{(bound - plan) / abs(plan):.3%}"
            cells += [*("none" if one is None else f"{one:,.0f}" for one in (plan, bound)), gap]
        worse |= plans[0] < plans[1] - ALIKE * abs(plans[1])
        print(f"| {seconds:g} | {' | '.join(cells)} |")
    return int(worse)


if __name__ == "__main__":
    if sys.argv[1] == "--child":
        print(json.dumps({"ours": ours, "theirs": theirs}[sys.argv[2]](sys.argv[3], float(sys.argv[4]))))
    else:
        sys.exit(main())
