"""Stated odds beside what comes of it: `python -m tests.bench.odds_calibration [CASES] [REALITIES]`.

Small cases are drawn, planned at P50 and given their odds. Then the truth behind each is drawn from the ranges it states, many
times, and its plan is worked off item by item and person by person, by code that shares nothing with `allocate` but the plan's
lines: every person has a speed of their own, every item takes its own time, and comes out right or wrong. Odds are calibrated
where, of all promises that were given 70 %, 70 % are kept.
"""

from __future__ import annotations

import heapq
import math
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from allocate import CaseError, read_case, solve
from allocate.odds.assumed import with_speeds
from allocate.odds.odds import plan_odds

SPEEDS, TIMES = 0.10, 0.5
"""Standard deviation of the speeds of people, and of the times of single items, as shares of their means."""
Triple = tuple[float, float, float]


def through(triple: Triple, u: float, share: bool = False) -> float:
    """The three-point metalog of Keelin (2016, equations of SPT metalogs with alpha 0.1), in logarithms or log odds."""
    a, b, c = (math.log(one / (1 - one)) if share else math.log(one) for one in triple)
    long, r, odds_ = math.log(9.0), (b - a) / (c - a), math.log(u / (1.0 - u))
    x = b + (c - a) / (2 * long) * odds_ + (1 - 2 * r) * (c - a) / (0.8 * long) * (u - 0.5) * odds_
    return 1.0 / (1.0 + math.exp(-x)) if share else math.exp(x)


def drawn(rng: np.random.Generator) -> dict[str, Any]:
    """What a small case is about, as plain numbers."""
    weeks = int(rng.integers(7, 11))
    products = [
        {"effort": _range(rng, float(rng.uniform(8, 25)), 0.15), "floor": float(rng.uniform(0.90, 0.955)),
         "deadline": int(rng.integers(weeks - 3, weeks))}
        for _ in range(int(rng.integers(1, 3)))
    ]  # fmt: skip
    vendors = [
        {"people": int(rng.integers(2, 7)), "hours": float(rng.integers(25, 40)), "per_hour": bool(rng.random() < 0.4),
         "price": _range(rng, float(rng.uniform(8, 25)), 0.08), "accuracy": _errors(rng, float(rng.uniform(0.03, 0.10)))}
        for _ in range(int(rng.integers(1, 4)))
    ]  # fmt: skip
    there = sum(one["people"] * one["hours"] for one in vendors) * (min(p["deadline"] for p in products))
    load = float(rng.uniform(0.75, 0.97)) * there / len(products)
    for one in products:
        one["items"] = int(load / (one["effort"][1] / 60.0))
    return {"weeks": weeks, "products": products, "vendors": vendors, "room": float(rng.uniform(0.99, 1.12))}


def _range(rng: np.random.Generator, middle: float, most: float) -> Triple:
    low, high = rng.uniform(0.3, 1.0, 2) * most
    return round(middle * (1 - low), 4), round(middle, 4), round(middle * (1 + high), 4)


def _errors(rng: np.random.Generator, errors: float) -> Triple:
    low, high = rng.uniform(0.1, 0.4, 2)
    return round(1 - errors * (1 + high), 5), round(1 - errors, 5), round(1 - errors * (1 - low), 5)


def written(about: dict[str, Any], budget: float | None) -> dict[str, Any]:
    """The case as `allocate` reads it."""

    def text(triple: Triple, unit: str) -> str:
        return " .. ".join(f"{one:.5f}" for one in triple) + unit

    products = {
        f"p{n}": {"item": "image", "effort": text(one["effort"], " min/image"), "demand": f"{one['items']} images",
                  "deadline": f"week {one['deadline']}", "accuracy": f"{one['floor']:.4f}"}
        for n, one in enumerate(about["products"])
    }  # fmt: skip
    vendors = {
        f"v{n}": {"people": f"{one['people']} people", "hours": f"{one['hours']:.0f} h/week", "shrinkage": "0%",
                  "accuracy": text(one["accuracy"], ""), "productivity": "100%",
                  "contract": {"price": text(one["price"], " USD/h" if one["per_hour"] else " USD/image")}}
        for n, one in enumerate(about["vendors"])
    }  # fmt: skip
    case: dict[str, Any] = {
        "case": "drawn",
        "currency": "USD",
        "objective": "cost",
        "products": products,
        "vendors": vendors,
    }
    case["horizon"] = {"start": "2027-01-04", "weeks": about["weeks"]}
    return case if budget is None else {**case, "budget": f"{budget:.2f} USD"}


def reality(
    about: dict[str, Any], lines: Sequence[tuple[int, int, int, int]], rng: np.random.Generator
) -> dict[str, float]:
    """One truth, worked off item by item; lines: product, vendor, week (from 0) and whole items, as planned.

    Gives by promise what came of it: week of the last item by product, share right by product, and the spend.
    """
    effort = [through(one["effort"], rng.random()) / 60.0 for one in about["products"]]
    price = [through(one["price"], rng.random()) for one in about["vendors"]]
    accuracy = [through(one["accuracy"], rng.random(), True) for one in about["vendors"]]
    last, right, made, spend = defaultdict(float), defaultdict(float), defaultdict(int), 0.0
    for number, vendor in enumerate(about["vendors"]):
        speeds = np.maximum(1.0 + SPEEDS * rng.standard_normal(vendor["people"]), 0.2)
        hours = vendor["hours"]
        free = [(0.0, person) for person in range(vendor["people"])]  # in hours at work since the start
        heapq.heapify(free)
        for product, _, week, items in sorted(
            (one for one in lines if one[1] == number), key=lambda one: (one[2], one[0])
        ):
            sigma = math.sqrt(math.log(1 + TIMES**2))
            times = effort[product] * np.exp(sigma * rng.standard_normal(items) - sigma**2 / 2)
            ended = 0
            for time_ in times.tolist():
                at, person = heapq.heappop(free)
                begun = max(at, week * hours)
                end = begun + time_ / speeds[person]
                if end > about["weeks"] * hours:
                    heapq.heappush(free, (math.inf, person))
                    continue
                heapq.heappush(free, (end, person))
                ended += 1
                last[product] = max(last[product], math.ceil(end / hours - 1e-9))
                spend += price[number] * (end - begun) if vendor["per_hour"] else 0.0
            made[product] += ended
            right[product] += rng.binomial(ended, accuracy[number]) if ended else 0
            spend += 0.0 if vendor["per_hour"] else price[number] * ended
    found = {"budget": spend}
    for product in range(len(about["products"])):
        planned = sum(one[3] for one in lines if one[0] == product)
        found[f"deadline of p{product}"] = last[product] if made[product] == planned else math.inf
        found[f"accuracy of p{product}"] = right[product] / max(made[product], 1)
    return found


def one_case(rng: np.random.Generator, realities: int) -> tuple[list[tuple[str, float, float]], float] | None:
    """Kind, stated odds and share kept of each promise of a drawn case, and stated P50 of spend over that of the realities."""
    about = drawn(rng)
    try:
        free = solve(read_case(written(about, None)))
        if free.plan is None:
            return None
        budget = free.plan.spend * about["room"]
        case, _ = with_speeds(read_case(written(about, budget)), SPEEDS)
        answer = solve(case)
    except CaseError:
        return None
    if answer.plan is None:
        return None
    table = answer.plan.lines
    lines = [
        (int(p[1:]), int(v[1:]), int(t) - 1, round(items))
        for p, v, t, items in zip(table["product"], table["vendor"], table["period"], table["items"], strict=True)
    ]
    stated = plan_odds(case, answer.plan)
    limits = {"budget": (budget, -1)}
    limits |= {f"deadline of p{n}": (one["deadline"], -1) for n, one in enumerate(about["products"])}
    limits |= {f"accuracy of p{n}": (one["floor"], 1) for n, one in enumerate(about["products"])}
    came = [reality(about, lines, rng) for _ in range(realities)]
    found = []
    for one in stated.limits:
        limit, sense = limits[one.promise.name]
        kept = np.mean([sense * (real[one.promise.name] - limit) >= -1e-9 * abs(limit) for real in came])
        found.append((one.promise.name.split()[0], one.kept.value, float(kept)))
    return found, stated.figures["spend"].p50.value / float(np.median([real["budget"] for real in came]))


def main(cases: int, realities: int) -> None:
    """Print stated odds by tenths beside the share kept, and how far P50 of spend is off."""
    rng, start = np.random.default_rng(2027), time.process_time()
    promises: list[tuple[str, float, float]] = []
    spends: list[float] = []
    while len(spends) < cases:
        found = one_case(rng, realities)
        if found is not None:
            promises += found[0]
            spends.append(found[1])
    print(
        f"{cases} cases, {len(promises)} promises, {realities} realities each; {time.process_time() - start:.0f} CPU s\n"
    )
    print("| stated odds | promises | stated | kept | difference, points |\n|---|---:|---:|---:|---:|")
    stated, kept = (np.array([one[n] for one in promises]) for n in (1, 2))
    part = np.minimum((stated * 10).astype(int), 9)
    for number in range(10):
        inside = part == number
        if inside.any():
            said, came = stated[inside].mean(), kept[inside].mean()
            label = f"{10 * number} to {10 * number + 10} %"
            print(f"| {label} | {inside.sum()} | {said:.1%} | {came:.1%} | {100 * (came - said):+.1f} |")
    for kind in ("budget", "deadline", "accuracy"):
        inside = np.array([one[0] == kind for one in promises])
        print(f"| {kind} | {inside.sum()} | {stated[inside].mean():.1%} | {kept[inside].mean():.1%} | "
              f"{100 * (kept[inside].mean() - stated[inside].mean()):+.1f} |")  # fmt: skip
    off = np.abs(np.array(spends) - 1.0)
    print(f"\nP50 of spend: off by {np.median(off):.2%} in the median case, {np.quantile(off, 0.9):.2%} in nine of ten; "
          f"on average stated {np.mean(spends) - 1.0:+.2%}")  # fmt: skip


if __name__ == "__main__":
    main(*(int(one) for one in (*sys.argv[1:], *("200", "100")[len(sys.argv) - 1 :])))
