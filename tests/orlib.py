"""Reading problems of the OR-Library and writing them as case folders; formats in the README beside the files."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data" / "orlib"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Location:
    """A warehouse location problem."""

    capacity: Floats
    """Units by warehouse."""
    demand: Floats
    """Units by customer."""
    cost: Floats
    """Of serving all of a customer's demand (row) from a warehouse (column)."""
    fixed: Floats = field(default_factory=lambda: np.empty(0))
    """Cost of opening each warehouse."""


@dataclass(frozen=True)
class Series:
    """Four problems of one table of costs, with a fixed cost of `FIXED` each (one warehouse of each has none)."""

    file: str
    capacity: float


SERIES = {
    "cap8": Series("cap101", 5000.0),
    "cap9": Series("cap101", 15000.0),
    "cap10": Series("cap101", 58268.0),
    "cap11": Series("cap131", 5000.0),
    "cap12": Series("cap131", 15000.0),
    "cap13": Series("cap131", 58268.0),
}
FIXED = (7500.0, 12500.0, 17500.0, 25000.0)


@dataclass(frozen=True)
class Assignment:
    """A generalised assignment problem: every job to one agent."""

    value: Floats
    """Of each agent (row) doing each job (column)."""
    resource: Floats
    """It takes, same shape."""
    capacity: Floats
    """Of each agent."""


def read_location(path: Path) -> Location:
    """A problem of the files `cap*`: customer by customer its demand and costs."""
    numbers = np.array(path.read_text().replace("capacity", "").split(), dtype=float)
    warehouses, customers = int(numbers[0]), int(numbers[1])
    places = numbers[2 : 2 + 2 * warehouses].reshape(warehouses, 2)
    table = numbers[2 + 2 * warehouses :].reshape(customers, 1 + warehouses)
    return Location(places[:, 0], table[:, 0], table[:, 1:], places[:, 1])


def read_single_source(path: Path) -> Location:
    """A problem of the files `sscflp*`: capacities, fixed costs, demands, then costs customer by customer."""
    numbers = np.array(path.read_text().split(), dtype=float)
    warehouses, customers = int(numbers[0]), int(numbers[1])
    parts = np.split(numbers[2:], np.cumsum([warehouses, warehouses, customers]))
    return Location(parts[0], parts[2], parts[3][: customers * warehouses].reshape(customers, warehouses), parts[1])


def read_assignments(path: Path) -> list[Assignment]:
    """The problems of a file `gap*`."""
    numbers = np.array(path.read_text().split(), dtype=float)
    found, at = [], 1
    for _ in range(int(numbers[0])):
        agents, jobs = int(numbers[at]), int(numbers[at + 1])
        parts = np.split(numbers[at + 2 :], np.cumsum([agents * jobs, agents * jobs, agents]))
        found.append(Assignment(parts[0].reshape(agents, jobs), parts[1].reshape(agents, jobs), parts[2]))
        at += 2 + 2 * agents * jobs + agents
    return found


def write_location(problem: Location, folder: Path, single_source: bool = False) -> None:
    """A warehouse is a vendor, paid its fixed cost when it is used; a customer is a product ordered exactly.

    single_source: each customer is served by one warehouse only.
    """
    demands = problem.demand.tolist()
    products = [f"{{item: image, effort: 1 s/image, demand: {units!r} images}}" for units in demands]
    vendors = [f"{{capacity: {units!r} items}}" for units in problem.capacity.tolist()]
    if len(problem.fixed):
        vendors = [
            f"{{capacity: {units!r} items, onboarding: {fixed!r} USD}}"
            for units, fixed in zip(problem.capacity.tolist(), problem.fixed.tolist(), strict=True)
        ]
    lines = [
        (f"p{customer}", f"v{warehouse}", repr(cost / demands[customer]))
        for customer, costs in enumerate(problem.cost.tolist())
        for warehouse, cost in enumerate(costs)
    ]
    _write(folder, products, vendors, ("product", "vendor", "price [USD/image]"), lines, single_source)


def write_assignment(problem: Assignment, folder: Path, cost: Floats) -> None:
    """A job is a product of one item, an agent a vendor with hours; the pace of a pair says how many it takes.

    cost: of each agent (row) doing each job (column); every job goes to one agent.
    """
    agents, jobs = cost.shape
    products = ["{item: image, effort: 1 h/image, demand: 1 image}"] * jobs
    vendors = [f"{{capacity: {hours!r} h/week}}" for hours in problem.capacity.tolist()]
    lines = [
        (f"p{job}", f"v{agent}", repr(float(cost[agent, job])), repr(1.0 / float(problem.resource[agent, job])))
        for agent in range(agents)
        for job in range(jobs)
    ]
    _write(folder, products, vendors, ("product", "vendor", "price [USD/image]", "pace [images/h]"), lines, True)


def _write(
    folder: Path,
    products: list[str],
    vendors: list[str],
    header: tuple[str, ...],
    rates: list[tuple[str, ...]],
    single_source: bool,
) -> None:
    text = ["case: orlib", "currency: USD", "objective: cost", "horizon: {start: 2027-01-04, weeks: 1}"]
    text += ["rates: rates.csv", "products:", *(f"  p{n}: {one}" for n, one in enumerate(products))]
    text += ["vendors:", *(f"  v{n}: {one}" for n, one in enumerate(vendors))]
    if single_source:
        text += ["rules:", "- {name: one each, count: {products: each, at-most: 1}}"]
    (folder / "case.yaml").write_text("\n".join(text) + "\n")
    with (folder / "rates.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rates)
