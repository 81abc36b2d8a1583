"""The case file as a whole."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ValidationInfo, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, accepts, or_list, or_mapping
from allocate.case.clauses.levers import Lever
from allocate.case.clauses.review import ReviewTeam
from allocate.case.reading import fail
from allocate.case.schema.activities import Activity
from allocate.case.schema.done import Done, EarlierLine, Frozen
from allocate.case.schema.fiscal import FiscalField
from allocate.case.schema.money import Budget, Horizon, Steps, Targets
from allocate.case.schema.pilots import Pilot
from allocate.case.schema.products import Product
from allocate.case.schema.rates import CalendarRow, Rate
from allocate.case.schema.resources import Resource
from allocate.case.schema.rules import Rule
from allocate.case.schema.uncertain import Risk, Uncertain
from allocate.case.schema.vendors import Vendor
from allocate.case.schema.workflows import Menu

ObjectiveName = Literal["net-value", "value", "cost", "accuracy", "delivery", "finish", "change"]


class CaseFile(Block):
    """A question: products, vendors, money, time, and what to aim for."""

    case: a.Name
    """Name of the case."""
    title: a.Text | None = None
    """One line for people: what is asked."""
    description: a.Text | None = None
    """Background, as long as need be."""
    include: Names = ()
    """Files this one is laid over, as in `[vendors/*.yaml, rates/*.csv]`: parts of a case, and rate cards. They come in this order,
    those of a pattern by name, and each has the last word over those before it; this file has it over all."""
    model: a.Name = "annotation"
    """Cost model: a shipped one by name, or the path of your own."""
    model_changes: dict[a.Name, Any] = {}
    """Figures of the cost model that are others here, by their path in it, as in `{tasks.image.bounding-box.base: 2 s/image}`."""
    units: dict[a.Name, a.Name] = {}
    """Countable nouns of your own, singular to plural."""
    currency: a.Name
    """Currency of every result."""
    exchange: Annotated[dict[a.Name, Steps], accepts(a.TableName | dict[str, Steps])] = {}
    """What one unit of another currency is worth, as in `{PHP: 0.0172 USD}`; or a table by week."""
    horizon: Horizon
    """From when, for how long, in weeks or months."""
    objective: Annotated[tuple[ObjectiveName, ...], or_list(ObjectiveName | list[ObjectiveName])] = ("net-value",)
    """net-value, value or cost; or a list, most important first, in which may follow: `accuracy` (fewest items delivered wrong),
    `delivery` (the most weeks in which items are there, each item counted: earlier, where their number is given), `finish` (the
    last item delivered in as early a period as can be) and `change` (least work, in EU, that is otherwise than in the `earlier`
    plan). Of plans that are equally good by all of them the one that costs least is taken; where there are whole numbers (vendors
    used, steps, lots), of those with the same whole numbers: `[value, cost]` has the least money sought among all."""
    give: dict[ObjectiveName, a.Share] = {}
    """How much of a goal may be given up for those after it, as a part of the best it could reach: `{cost: 2%}` pays up to 2% more for
    earlier delivery. Absent: nothing."""
    earlier: Annotated[tuple[EarlierLine, ...], accepts(a.TableName | list[a.TableName | EarlierLine])] = ()
    """Lines of an earlier plan that the goal `change` counts from: a table beside the case, as `allocate solve --format csv` writes
    it, or a list. Nothing else follows from it."""
    budget: Annotated[Budget, or_mapping("total", Budget | a.Money)] = Budget.model_construct()
    """Money that may be spent; a bare amount is the total; absent: no limit."""
    hurdle: a.Number | None = None
    """Least acceptable marginal return, money of value per money of spend; absent: 1."""
    discount: a.YearlyRate | None = None
    """What money loses in worth by a year, as in `8 %/year`: plans are chosen by what money is worth at the horizon's start.
    Absent: money counts the same whenever it is spent or earned."""
    fiscal_year: FiscalField = None
    """The fiscal calendar of invoice, cost of ownership and cash flow, as in `starts April` or `{starts: 2026-12-28, weeks:
    4-4-5}`; absent: calendar years. No plan depends on it."""
    targets: Targets = Targets.model_construct()
    """Results the portfolio must reach."""
    value_tolerance: a.Share = 0.0001
    """Largest error of a value curve's straight pieces, as a share of the value the curve can add."""
    products: dict[a.Name, Product]
    """What needs labels, by name."""
    vendors: dict[a.Name, Vendor]
    """Who can make labels, by name."""
    rates: Annotated[tuple[Rate, ...], accepts(a.TableName | list[a.TableName | Rate])] = ()
    """Rate card, a table beside the case (`rates.csv`, `book.xlsx#Sheet`), several, or a list of rows; absent: every vendor with a
    contract price serves every product."""
    calendar: Annotated[tuple[CalendarRow, ...], accepts(a.TableName | list[a.TableName | CalendarRow])] = ()
    """Capacity and season by vendor and week, a table beside the case or a list of rows."""
    resources: dict[a.Name, Resource] = {}
    """What several vendors share, by name: each takes its part of one amount, as in `{gpus: {capacity: 900 h/week}}`."""
    review_team: ReviewTeam | None = None
    """Your own people who check labels."""
    workflows: Menu = {"single-pass": None}
    """Menu of workflows: names of the model's, or a mapping of your own."""
    rules: tuple[Rule, ...] = ()
    """Restrictions on the mix."""
    levers: dict[a.Name, Lever] = {}
    """Optional investments by name; the plan buys those that pay."""
    activities: dict[a.Name, Activity | None] = {}
    """Overhead pools by name, as in `{setups: {driver: setups, amount: 150k USD}}`: they replace those of the cost model with the
    same name (`null` takes one out) and are added to the others. Nothing is decided by them."""
    uncertain: Uncertain | None = None
    """What moves amounts with a spread together, when they will be known, and how scenarios are drawn. A spread stands wherever
    an amount does: `12 s/image ±20%`, `0.38 .. 0.42 .. 0.55 USD/page`, `188 of 200`, `{value: 12 s/image, low: 10 s/image, high:
    16 s/image}`."""
    risk: Risk | None = None
    """What the worst outcomes weigh in `allocate hedge`, as in `{tail: 10%, weight: 50%}`: the objective is half the mean over
    scenarios and half the mean of the worst tenth. Absent: the objective at P50. Other commands count with P50 alone."""
    pilots: dict[a.Name, Pilot] = {}
    """Pilots that could be run before the rest is decided, by name; `allocate pilot` says which pay. Plans leave them out."""
    frozen: Frozen | None = None
    """What of an earlier plan stays as it was ordered when `allocate replan` plans the rest again; absent: nothing."""
    done: Done | None = None
    """What is done already, which `allocate replan` lays over the case: facts that no limit is asked of, and all sums count.
    Absent: nothing is done."""
    scenarios: dict[a.Name, dict[str, Any]] = {}
    """Named overrides, each a path and its new value, as in `{vendors.acme.capacity: 700 h/week}`."""

    @model_validator(mode="after")
    def _some(self, info: ValidationInfo) -> CaseFile:
        if (info.context or {}).get("pruned"):
            return self
        if not self.products:
            raise fail("a case needs at least one product", "add one under `products:`")
        if not self.vendors:
            raise fail("a case needs at least one vendor", "add one under `vendors:`")
        return self
