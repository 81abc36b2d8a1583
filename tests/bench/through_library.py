"""The same portfolios as cases: as a mapping whose optimum is that of the arrays, and as a folder people would write.

python tests/bench/through_library.py exact L    # the arrays' program through the library
python tests/bench/through_library.py sifting L  # that program solved by the method named; plain is the other one
python tests/bench/through_library.py integer M 60  # the same with start fees, minimum orders, at most three vendors
python tests/bench/through_library.py within XL 0.01  # the same until a verified plan within 1 %, in CPU seconds
python tests/bench/through_library.py folder L   # a case folder with a line a pair and workflows of its own
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from portfolio import portfolio


def amount(number: float, unit: str) -> str:
    """A number with all its digits, and its unit."""
    return f"{float(number)!r} {unit}"


def products(d: SimpleNamespace, accuracy: Any) -> dict[str, Any]:
    """Products with their value as a table of points, milestones, deadline and accuracy floor."""
    found = {}
    for p in range(d.P):
        labels = np.concatenate([[0.0], np.cumsum(d.segment_length[p])])
        scores = np.concatenate([[0.0], np.cumsum(d.segment_length[p] * d.slope[p])])
        milestones = [
            {"by": f"week {week + 1}", "at-least": amount(items, "items")}
            for week, items in zip(d.milestone_week[p], d.milestone_items[p], strict=True)
        ]
        points = [{"labels": float(n), "score": float(s)} for n, s in zip(labels, scores, strict=True)]
        found[f"p{p}"] = {
            "item": "image",
            "effort": amount(3600 * float(np.median(d.hours[p])), "s/image"),
            "milestones": milestones,
            "deadline": f"week {d.deadline[p] + 1}",
            "accuracy": {"at-least": float(accuracy(d.floor[p]))},
            "value": {"curve": points, "worth": "1 USD/point"},
        }
    return found


def frame(d: SimpleNamespace) -> dict[str, Any]:
    """What both forms of the case share."""
    share = {"vendor": "each", "of": "items", "products": "each", "at-most": float(d.share_cap)}
    return {
        "case": f"portfolio-{d.size}",
        "currency": "USD",
        "objective": "value",
        "horizon": {"start": "2027-01-04", "weeks": d.T},
        "budget": amount(d.budget, "USD"),
        "vendors": {f"v{v}": {} for v in range(d.V)},
        "workflows": {f"w{q}": {} for q in range(d.Q)},
        "rules": [{"name": "no vendor above the cap", "share": share}],
    }


def calendar(d: SimpleNamespace) -> list[dict[str, str]]:
    """Season and capacity of every vendor in every week."""
    return [
        {
            "vendor": f"v{v}",
            "week": str(t + 1),
            "capacity": amount(d.capacity[v, t], "h/week"),
            "season": repr(float(d.season[v, t])),
        }
        for v in range(d.V)
        for t in range(d.T)
    ]


def exact(d: SimpleNamespace) -> dict[str, Any]:
    """The arrays' own program: a rate line for every product, vendor and workflow, of the finished item."""
    rates = [
        {
            "product": f"p{p}",
            "vendor": f"v{v}",
            "workflow": f"w{q}",
            "price": amount(d.cost[p, v, q], "USD/image"),
            "pace": amount(1.0 / d.hours[p, v, q], "images/h"),
            "accuracy": repr(float(d.accuracy[p, v, q])),
        }
        for p, v in zip(d.pair_product, d.pair_vendor, strict=True)
        for q in range(d.Q)
    ]
    return {**frame(d), "products": products(d, float), "calendar": calendar(d), "rates": rates}


def integer(d: SimpleNamespace) -> dict[str, Any]:
    """The arrays' integer program: each pair with its fee and minimum order, so many vendors a product.

    A product's items are limited, as in the arrays, by what its value curve can count at the least accuracy there is.
    """
    case = exact(d)
    for p in range(d.P):
        most = d.segment_length[p].sum() / d.accuracy[p][d.eligible[p]].min()
        case["products"][f"p{p}"]["demand"] = {"at-most": amount(most, "images")}
    for line in case["rates"]:
        p, v = int(line["product"][1:]), int(line["vendor"][1:])
        line["start-fee"] = amount(d.fee[p, v], "USD")
        line["minimum-order"] = amount(d.minimum_order[p, v], "images")
    case["rules"].append({"name": "few vendors", "count": {"products": "each", "at-most": int(d.max_vendors)}})
    return case


def write_folder(d: SimpleNamespace, folder: Path) -> None:
    """A case as people write it: a rate line a pair, and workflows that say what review does to it."""
    # Floors a little lower: review by share does not reach every accuracy the drawn workflows have.
    case = {**frame(d), "products": products(d, lambda floor: floor - 0.05)}
    catch = {"catch": 0.8, "accuracy": 0.95, "time-factor": 0.47, "rework": "reviewer"}
    case["workflows"] = {f"w{q}": {"review": {"share": 0.3 * q, **catch}} if q else {} for q in range(d.Q)}
    case |= {"review-team": {"wage": "20 USD/h"}, "rates": "rates.csv", "calendar": "calendar.csv"}
    (folder / "case.yaml").write_text(json.dumps(case, indent=1, default=float))
    pairs = [
        {
            "product": f"p{p}",
            "vendor": f"v{v}",
            "price [USD/image]": repr(float(d.cost[p, v, 0])),
            "pace [images/h]": repr(float(1.0 / d.hours[p, v, 0])),
            "accuracy": repr(float(d.accuracy[p, v, 0])),
        }
        for p, v in zip(d.pair_product, d.pair_vendor, strict=True)
    ]
    for name, rows in (("rates", pairs), ("calendar", calendar(d))):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def run_exact(size: str) -> dict[str, Any]:
    """CPU seconds of every step between a case and its optimum, the optimum, and the peak memory."""
    d = portfolio(size)
    mapping = exact(d)
    from allocate import read_case, routes
    from allocate.costing.value.values import product_values
    from allocate.program.build import build
    from allocate.solvers.engine import Engine
    from allocate.solvers.watch import Watch

    clock = [time.process_time()]
    case = read_case(mapping)
    clock.append(time.process_time())
    ways = routes(case)
    values = product_values(case, ways)
    clock.append(time.process_time())
    built = build(case, ways, values)
    arrays = built.program.arrays()
    clock.append(time.process_time())
    engine = Engine(Watch())
    engine.load(arrays)
    clock.append(time.process_time())
    engine.highs.run()
    clock.append(time.process_time())
    found = engine.read()
    items = found.values[built.layout.items.start : built.layout.items.stop]
    made = np.flatnonzero(items > 0)
    assert len(made)
    clock.append(time.process_time())
    steps = ["read", "costing", "build", "handover", "solve", "readback"]
    seconds = dict(zip(steps, np.diff(clock).tolist(), strict=True))
    objective = arrays.objective(found.values)
    return {
        **seconds,
        "objective": objective,
        "peak": peak(),
        "columns": arrays.column_count,
        "nonzeros": arrays.nonzeros,
    }


def run_method(size: str) -> dict[str, Any]:
    """CPU seconds of one solve of the arrays' program by a method, optimum, columns, and how well the proof meets it."""
    mapping = exact(portfolio(size))
    from allocate import formulate, read_case
    from allocate.solvers.solve import solve

    program = formulate(read_case(mapping)).program
    arrays = program.arrays()
    began, before = time.process_time(), peak()
    outcome = solve(program, method=sys.argv[1])
    seconds = time.process_time() - began
    values, reduced, duals = outcome.values, outcome.reduced_costs, outcome.row_duals
    assert values is not None
    assert reduced is not None
    assert duals is not None
    room = np.where(reduced > 0, arrays.upper - values, values - arrays.lower)
    lost = np.abs(reduced * np.where(np.abs(reduced) > 1e-7, room, 0.0)).sum()
    sides = np.where(duals > 0, arrays.row_upper, arrays.row_lower)
    lost += np.abs(duals * np.where(np.abs(duals) > 1e-7, sides - arrays.activity(values), 0.0)).sum()
    return {
        "solve": seconds,
        "objective": outcome.objective,
        "columns": arrays.column_count,
        "apart": float(lost) / abs(outcome.objective or 1.0),
        "before": before,
        "peak": peak(),
        "how": outcome.method_reason,
    }


def run_folder(size: str) -> dict[str, Any]:
    """Wall and CPU seconds of a whole process that reads, solves and verifies a case folder, and of its solve."""
    d = portfolio(size)
    with tempfile.TemporaryDirectory() as name:
        write_folder(d, Path(name))
        wall, cpu = time.perf_counter(), time.process_time()
        from allocate import read_case, solve

        case = read_case(name)
        read = time.perf_counter() - wall
        answer = solve(case, method="plain")
        assert answer.plan is not None, [reason.sentence for reason in answer.reasons]
        assert answer.verification is not None
        assert answer.verification.holds
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wall": wall, "cpu": cpu, "read": read, **answer.run["seconds"], "peak": peak(), "status": answer.status}


def run_integer(size: str) -> dict[str, Any]:
    """Wall seconds, plan and bound of the integer program through the ordinary calls, within a limit in seconds."""
    mapping = integer(portfolio(size))
    began = time.perf_counter()
    from allocate import read_case, solve

    case = read_case(mapping)
    read = time.perf_counter() - began
    answer = solve(case, time_limit=float(sys.argv[3]))
    wall = time.perf_counter() - began
    holds = answer.verification is not None and answer.verification.holds
    figures = {"objective": answer.objective, "bound": answer.bound, "gap": answer.gap, "holds": holds}
    return {
        "wall": wall,
        "read": read,
        **answer.run["seconds"],
        **figures,
        "proven gap": answer.certificate.proven_gap if answer.certificate is not None else None,
        "status": answer.status,
        "peak": peak(),
    }


def run_within(size: str) -> dict[str, Any]:
    """CPU seconds of the integer program until a verified plan within a gap is in hand, and the peak memory."""
    mapping = integer(portfolio(size))
    from allocate import formulate, read_case, solve

    clock = [time.process_time()]
    case = read_case(mapping)
    del mapping
    clock.append(time.process_time())
    built = formulate(case)
    columns = built.program.arrays().column_count
    clock.append(time.process_time())
    answer = solve(case, formulation=built, gap=float(sys.argv[3]))
    clock.append(time.process_time())
    assert answer.verification is not None
    assert answer.verification.holds
    seconds = dict(zip(["read", "build", "solve"], np.diff(clock).tolist(), strict=True))
    figures = {"objective": answer.objective, "bound": answer.bound, "gap": answer.gap}
    proven = answer.certificate.proven_gap if answer.certificate is not None else None
    return {
        **seconds,
        **figures,
        "proven gap": proven,
        "columns": columns,
        "peak": peak(),
        "parts": answer.run["seconds"],
    }


def peak() -> float:
    """Most memory the process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    run = {
        "exact": run_exact,
        "integer": run_integer,
        "within": run_within,
        "folder": run_folder,
        "sifting": run_method,
        "plain": run_method,
    }[sys.argv[1]]
    print(json.dumps(run(sys.argv[2])))
