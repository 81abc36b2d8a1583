"""What a report is made from: the answer, its explanation where there is one, and names that can be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from allocate.answers import Answer
from allocate.bridge.bridge import Bridge
from allocate.case.load import Case
from allocate.costing.value.ranges import ValueRange, value_ranges
from allocate.costing.value.values import product_values
from allocate.errors import readable
from allocate.explaining.explanation import Explanation
from allocate.explaining.inputs import Swing
from allocate.explaining.measured_floors import MeasuredFloor, measured_floors
from allocate.finance.payees import by_product
from allocate.odds.odds import Odds
from allocate.odds.pilots import Pilots
from allocate.odds.priced import OddsCost
from allocate.plan import Plan
from allocate.reporting.document import Cells, Table
from allocate.reporting.wording import LABEL, listed, named
from allocate.study.compare import Comparison
from allocate.study.study import Study
from allocate.tables.column import Column, grid
from allocate.tables.frames import table_of
from allocate.tracking.track import Tracked
from allocate.verification import Check


@dataclass(frozen=True)
class Material:
    """An answer that has a plan, with what else is known of it."""

    answer: Answer
    plan: Plan
    found: Explanation | None
    """None where the case is so large that solving again and again was not asked for."""
    swings: tuple[Swing, ...] = ()
    """What moving one input at a time changes."""
    scenarios: Comparison | None = None
    """The case's scenarios side by side; None where it has none, or they were not asked for."""
    odds: Odds | None = None
    """The plan in many scenarios; None for a case in which no amount has a spread."""
    odds_costs: tuple[OddsCost, ...] = ()
    """What surer promises would cost; empty where that was not asked for."""
    pilots: Pilots | None = None
    """Which pilots pay; None for a case that has none, or whose pilots measure nothing uncertain."""
    tracked: Tracked | None = None
    """The plan against what was done; None where no actuals were given."""
    bridges: tuple[Bridge, ...] = ()
    """Why it costs more or less than an earlier bill, and than was planned."""
    assumptions: Study | None = None
    """What each assumed figure changes at both ends of its range; None where that was not asked for."""
    as_written: bool = True
    """Whether the plan is that of the case as it is written: with no line held, and no rule added to its program by hand."""

    @property
    def case(self) -> Case:
        """The case."""
        return self.answer.case

    @property
    def currency(self) -> str:
        """Currency of every figure."""
        return self.plan.currency

    @property
    def goal(self) -> str:
        """The first objective in words: net value, value or cost."""
        return self.case.file.objective[0].replace("-", " ")

    @property
    def unit(self) -> str:
        """week or month."""
        return self.case.periods.unit

    @cached_property
    def product(self) -> Mapping[str, str]:
        """Names of products as they can be shown."""
        return named(self.case.products)

    @cached_property
    def vendor(self) -> Mapping[str, str]:
        """Names of vendors as they can be shown."""
        return named(self.case.vendors)

    @cached_property
    def workflow(self) -> Mapping[str, str]:
        """Names of workflows as they can be shown."""
        return named(self.case.workflows)

    @cached_property
    def has_value(self) -> bool:
        """Whether any product has a value curve."""
        return any(one.value for one in self.case.products.values())

    @cached_property
    def products(self) -> list[dict[str, Any]]:
        """Products with their totals, largest spend first: all money that a product causes, shared costs included."""
        rows = table_of(self.plan, "products").records()
        return sorted(({**row, "spend": row["cost"]} for row in rows), key=lambda row: -row["spend"])

    @cached_property
    def vendors(self) -> list[dict[str, Any]]:
        """Vendors with their totals, all that is owed for them first: the work, fees, and a team's idle time and hiring."""
        rows = table_of(self.plan, "vendors").records()
        owed = [{**row, "owed": row["spend"] + row["fees"] + row["overhead"]} for row in rows]
        return sorted(owed, key=lambda row: -row["owed"])

    @cached_property
    def ranges(self) -> Mapping[str, ValueRange]:
        """Low and high value of each product that has a value curve, with the plan held."""
        values = product_values(self.case, self.answer.routes)
        labels = table_of(self.plan, "products")["effective_labels"].tolist()
        names = list(self.case.products)
        found = value_ranges(values, {position: labels[position] for position in values})
        return {names[position]: one for position, one in found.items()}

    @cached_property
    def measured(self) -> tuple[MeasuredFloor, ...]:
        """Accuracy floors that rest on samples."""
        return measured_floors(self.case, self.plan, self.answer.routes)

    @cached_property
    def paid(self) -> dict[tuple[str, str], float]:
        """Spend by product and by who is paid, as names that can be shown; the product is "" for what none bears."""
        found: dict[tuple[str, str], float] = {}
        for (product, who), amount in by_product(self.case, self.plan).items():
            at = product, self.vendor.get(who.name) or readable(who.name, LABEL)
            found[at] = found.get(at, 0.0) + amount
        return found

    @cached_property
    def made(self) -> dict[tuple[str, str], float]:
        """Items by product and vendor, in the order of the plan's lines."""
        found: dict[tuple[str, str], float] = {}
        for product, vendor, amount in table_of(self.plan, "lines").rows("product", "vendor", "items"):
            found[product, vendor] = found.get((product, vendor), 0.0) + amount
        return found

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every limit of the case and what the plan uses of it."""
        return self.answer.verification.checks if self.answer.verification is not None else ()

    @property
    def budget(self) -> Check | None:
        """The whole budget and what the plan uses of it; None without one."""
        return next((check for check in self.checks if check.family == "budget"), None)


WORK = "it takes more work than a page may: `allocate report --thorough` looks into all"


def left_out(m: Material, *parts: str, about: str = "") -> tuple[str, ...]:
    """A sentence on what parts of the explanation are silent about; none where they are silent about nothing. about: what of them."""
    names = [name for part in parts for name in (m.found.left_out.get(part, ()) if m.found is not None else ())]
    told = list(dict.fromkeys(readable(name, LABEL) for name in names))
    return (f"Not looked into: {about}{listed(told)}; {WORK}.",) if told else ()


def table(
    what: str, header: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1, *,
    shown: int = 12, rest: Sequence[str] | None = None, order: str = "",
) -> Table:  # fmt: skip
    """A table whose first columns are words and the others figures."""
    numeric = tuple(position >= words for position in range(len(header)))
    cells: tuple[Cells, ...] = tuple(tuple(row) for row in rows)
    return Table(what, tuple(header), numeric, cells, shown, tuple(rest) if rest is not None else None, order)


def listing(
    what: str, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], *,
    shown: int = 12, rest: Mapping[str, str] | None = None, order: str = "",
) -> Table:  # fmt: skip
    """Rows by the columns of their table; rest: cells of the others together, by column."""
    made = grid("", columns, rows)
    others = None if rest is None else tuple(rest.get(one.name, "") for one in columns)
    return Table(what, tuple(made.header), tuple(made.numeric), tuple(map(tuple, made.rows)), shown, others, order)
