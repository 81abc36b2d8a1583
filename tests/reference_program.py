"""The program of a drawn case written a second time, from the mapping and the routes table."""

from __future__ import annotations

from typing import Any

import numpy as np
from drawn_cases import Case, number
from scipy.optimize import linprog

from allocate.costing.table import Routes


class Reference:
    """The same question as a linear program written from the mapping and the routes table, without the package's own."""

    def __init__(self, case: Case, ways: Routes) -> None:
        self.case, self.ways = case, ways
        self.weeks = case["horizon"]["weeks"]
        self.columns = [(r, t) for r in range(ways.count) for t in range(self.weeks) if self.counts(r, t)]
        self.pieces = [(p, k) for p in range(len(ways.products)) for k in range(4)]
        self.upper: list[tuple[dict[int, float], float]] = []
        self.limits()

    def product(self, r: int) -> Case:
        """The product of a route."""
        found: Case = self.case["products"][self.ways.products[self.ways.product[r]]]
        return found

    def counts(self, r: int, t: int) -> bool:
        """Whether work of a route in a week is delivered in time."""
        last = int(number(self.product(r).get("deadline", f"week {self.weeks}").removeprefix("week ")))
        return bool(t + self.ways.lead[r] < last)

    def row(self, amount: Any, keep: Any = lambda r, t: True) -> dict[int, float]:
        """Coefficients by column, where they are to be kept."""
        return {n: amount(r, t) for n, (r, t) in enumerate(self.columns) if keep(r, t)}

    def at_most(self, row: dict[int, float], limit: float) -> None:
        """A row not above a limit."""
        self.upper.append((row, limit))

    def at_least(self, row: dict[int, float], limit: float) -> None:
        """A row not below a limit."""
        self.upper.append(({n: -value for n, value in row.items()}, -limit))

    def limits(self) -> None:
        """Every limit of the case."""
        ways, budget = self.ways, self.case["budget"]
        cost = lambda r, t: ways.unit_cost[r, t]  # noqa: E731
        self.at_most(self.row(cost), number(budget["total"]))
        for limit in budget.get("limits", []):
            self.at_most(self.row(cost, lambda r, t: ways.product[r] == 0), number(limit["at-most"]))
        for week in range(self.weeks):
            if "per-week" in budget:
                self.at_most(self.row(cost, lambda r, t, w=week: t == w), number(budget["per-week"]))
            team = number(self.case["review-team"]["capacity"])
            self.at_most(self.row(lambda r, t: ways.review_hours[r], lambda r, t, w=week: t == w), team)
        for position, name in enumerate(ways.products):
            self.product_limits(position, self.case["products"][name])
        for position, name in enumerate(ways.vendors):
            self.vendor_limits(position, self.case["vendors"][name])
        for rule in self.case.get("rules", []):
            self.share_limits(rule["share"])

    def product_limits(self, position: int, product: Case) -> None:
        """Demand, accuracy, milestones and value of a product."""
        ways, one = self.ways, lambda r, t: 1.0
        mine = lambda r, t: ways.product[r] == position  # noqa: E731
        self.at_most(self.row(one, mine), number(product["demand"]["at-most"]))
        if "at-least" in product["demand"]:
            self.at_least(self.row(one, mine), number(product["demand"]["at-least"]))
        if "accuracy" in product:
            self.at_least(self.row(lambda r, t: ways.accuracy[r] - number(product["accuracy"]), mine), 0.0)
        for milestone in product.get("milestones", []):
            by = int(milestone["by"].removeprefix("week "))
            early = lambda r, t: mine(r, t) and t + ways.lead[r] < by  # noqa: E731, B023
            self.at_least(self.row(one, early), number(milestone["at-least"]))
        labels = self.row(lambda r, t: -ways.effective[r], mine)
        first = len(self.columns)
        labels.update({first + n: 1.0 for n, (p, _) in enumerate(self.pieces) if p == position})
        self.at_most(labels, 0.0)

    def vendor_limits(self, position: int, vendor: Case) -> None:
        """Hours or items of a vendor."""
        ways = self.ways
        if vendor.get("capacity", "").endswith("images"):
            self.at_most(
                self.row(lambda r, t: 1.0, lambda r, t: ways.vendor[r] == position), number(vendor["capacity"])
            )
            return
        for week in range(self.weeks):
            there = number(vendor["hours"]) if "people" in vendor else number(vendor["capacity"])
            there *= 0.6 if "ramp" in vendor and week == 0 else 1.0
            items = "images" in vendor.get("capacity", "")
            content = lambda r, t: 1.0 if items else ways.hours[r]  # noqa: E731, B023
            self.at_most(self.row(content, lambda r, t, w=week: ways.vendor[r] == position and t == w), there)

    def share_limits(self, share: Case) -> None:
        """The share rule."""
        ways = self.ways
        measures = {
            "items": lambda r, t: 1.0,
            "spend": lambda r, t: ways.unit_cost[r, t],
            "eu": lambda r, t: ways.equivalent_units[r],
        }
        amount = measures[share["of"]]
        for week in range(self.weeks) if share["in"] == "each-period" else [None]:
            row = self.row(
                lambda r, t: amount(r, t) * ((ways.vendor[r] == 0) - 0.7), lambda r, t, w=week: w is None or t == w
            )
            self.at_most(row, 0.0)

    def optimum(self) -> float | None:
        """The best of the case's objective, None where no plan keeps all limits."""
        ways, size = self.ways, len(self.columns) + len(self.pieces)
        matrix = np.zeros((len(self.upper), size))
        for at, (row, _) in enumerate(self.upper):
            for column, value in row.items():
                matrix[at, column] = value
        aim, hurdle = self.case["objective"], self.case.get("hurdle", 1.0)
        spent = np.array([ways.unit_cost[r, t] for r, t in self.columns])
        wrong = np.array([ways.error_cost[r, t] for r, t in self.columns])
        money, lengths = self.curve()
        per_item = {"cost": spent, "value": 0 * spent, "net-value": hurdle * spent + wrong}[aim]
        costs = np.concatenate([per_item, 0 * money if aim == "cost" else -money])
        bounds = [(0, None)] * len(self.columns) + [(0, length) for length in lengths]
        found = linprog(costs, matrix, [limit for _, limit in self.upper], bounds=bounds, method="highs")
        assert found.status in (0, 2)
        return None if found.status == 2 else float(found.fun) if aim == "cost" else -float(found.fun)

    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Money per label and length of every piece of the value curves."""
        money, lengths = [], []
        for position, k in self.pieces:
            value = self.case["products"][self.ways.products[position]]["value"]
            left, right = value["curve"][k], value["curve"][k + 1]
            length = right["labels"] - left["labels"]
            money.append(number(value["worth"]) * (right["score"] - left["score"]) / length)
            lengths.append(length)
        return np.array(money), np.array(lengths)
