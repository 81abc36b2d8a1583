"""The case file's grammar: frozen pydantic models, one per block, every key documented; also the JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from allocate.case import amounts as a
from allocate.case.amounts import fail


def _hyphens(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Block(BaseModel):
    """A mapping of the case or model file: unknown keys are refused, values never change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=_hyphens, use_attribute_docstrings=True)


def _or_mapping(key: str, accept: tuple[type, ...] = (str, int, float)) -> Any:
    """A bare value stands for a mapping with one key: `budget: 250k USD` is `budget: {total: 250k USD}`."""
    return BeforeValidator(
        lambda value: {key: value} if isinstance(value, accept) and not isinstance(value, bool) else value,
        json_schema_input_type=Any,
    )


def _or_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[a.Name, ...], BeforeValidator(_or_list, json_schema_input_type=Any)]


class Horizon(Block):
    """The planning horizon: a start date and a number of weeks, or of months."""

    start: a.Date
    """First day of the first period."""
    weeks: a.Whole | None = None
    """Number of weekly periods."""
    months: a.Whole | None = None
    """Number of monthly periods (instead of weeks)."""

    @model_validator(mode="after")
    def _one_length(self) -> Horizon:
        if (self.weeks is None) == (self.months is None):
            raise fail("a horizon has either weeks or months", "write `{start: 2027-01-04, weeks: 12}`")
        if (self.weeks or 0) > 1040 or (self.months or 0) > 240:
            raise fail("a horizon has at most 1,040 weeks or 240 months", "shorten it")
        return self


class BudgetLimit(Block):
    """A limit on the spend of some products or vendors, in some periods or all."""

    name: a.Name
    at_most: a.Money
    products: Names | None = None
    """Products it covers; absent: all."""
    vendors: Names | None = None
    """Vendors it covers; absent: all."""
    from_: a.WhenType | None = Field(None, alias="from")
    """First period it covers; absent: the first of the horizon."""
    to: a.WhenType | None = None
    """Last period it covers; absent: the last of the horizon."""


class Budget(Block):
    """Money that may be spent: in total, in each period, by groups."""

    total: a.Money | None = None
    per_week: a.Money | None = None
    """In every week (horizons in weeks)."""
    per_month: a.Money | None = None
    """In every month (horizons in months)."""
    limits: tuple[BudgetLimit, ...] = ()


class Demand(Block):
    """Least and most items delivered by the product's deadline."""

    at_least: a.Items | None = None
    at_most: a.Items | None = None
    exactly: a.Items | None = None
    """Short for the same at-least and at-most."""

    @model_validator(mode="after")
    def _either(self) -> Demand:
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise fail("demand has either exactly, or at-least and at-most", "remove one of them")
        return self


class Milestone(Block):
    """Items that must have been delivered by a week or date."""

    by: a.WhenType
    at_least: a.Items


class AccuracyFloor(Block):
    """Least average accuracy over everything delivered for the product."""

    at_least: a.Share


class CurvePoint(Block):
    """A measured point: the model's score (or error) when trained on so many labels."""

    labels: a.Number
    score: float | None = None
    """Score in points."""
    error: float | None = None
    """Error in points (score = ceiling - error)."""
    source: str | None = None

    @model_validator(mode="after")
    def _either(self) -> CurvePoint:
        if (self.score is None) == (self.error is None):
            raise fail("a curve's point has either a score or an error", "add the missing column, or drop one")
        value = self.score if self.score is not None else self.error
        if value is None or not abs(value) < 1e12:
            raise fail("a curve's point is not a finite number", "write the measured score in points")
        return self


class PowerLawSpec(Block):
    """error = a * labels^-b + c, in points; score = ceiling - error."""

    a: a.Number
    b: a.Number
    c: a.Number = 0.0


class Curve(Block):
    """Score of the model against effective labels: measured points (as they are, or fitted), or a power law."""

    points: tuple[CurvePoint, ...] | None = None
    """A table (`curves/moderation.csv`, columns labels and score or error) or a list of points."""
    fit: Literal["table", "power-law"] = "table"
    """`table`: straight lines between the points; `power-law`: a two-parameter fit of the error."""
    power_law: PowerLawSpec | None = None
    ceiling: float = Field(100.0, allow_inf_nan=False)
    """Score of a perfect model, in points."""

    @model_validator(mode="after")
    def _either(self) -> Curve:
        if (self.points is None) == (self.power_law is None):
            raise fail("a curve has either points or a power-law", "write `curve: curves/name.csv`")
        return self


class Value(Block):
    """What more labels are worth: money per score point along a value curve."""

    curve: Annotated[Curve, _or_mapping("points", (list,))]
    worth: a.MoneyPerPoint
    existing: a.Items | None = None
    """Effective labels there are already."""
    at_least: a.Money | None = None
    """Least value this plan must add."""
    score_at_least: a.Points | None = None
    """Least score to reach; needs the labels the curve asks for."""


class Product(Block):
    """An AI product that needs labels."""

    task: a.Name | None = None
    """Task of the cost model; or give item and effort."""
    item: a.Name | None = None
    """What is delivered and ordered, where there is no task."""
    effort: a.Effort | None = None
    """Standard time of one item, in place of the task's time equation."""
    drivers: dict[str, a.DriverCount] = {}
    """Counts per item that drive effort, as in `{box: 5.2/image}`."""
    complexity: dict[str, a.Factor] = {}
    """Factors on the standard time, as in `{dense-scenes: 1.25}`."""
    demand: Annotated[Demand, _or_mapping("exactly")] = Demand()
    milestones: tuple[Milestone, ...] = ()
    deadline: a.WhenType | None = None
    """Nothing delivered later counts; absent: the end of the horizon."""
    accuracy: Annotated[AccuracyFloor | None, _or_mapping("at-least")] = None
    error_cost: a.MoneyPerItem | None = None
    """What a wrong label that escapes costs downstream (counted in net value, not in the budget)."""
    value: Value | None = None
    classes: a.Classes | None = None
    """Number of label classes, for what label noise does to training value."""
    workflows: Names | None = None
    """Menu for this product; absent: the case's."""
    note: str | None = None


class Contract(Block):
    """How a vendor charges."""

    per: a.Name | None = None
    """What the invoice counts: item, label, hour, EU, or a driver such as box; checked against the price."""
    price: a.Price | None = None
    """Price for every product without a price of its own in the rates."""
    rework_paid: bool | None = None
    """Whether work done again is billed; absent: yes when billed by the hour, no otherwise."""


class CapacityStep(Block):
    """Capacity from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    amount: a.Capacity


class SeasonStep(Block):
    """Factor on a vendor's prices from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    factor: a.Factor


class ExchangeStep(Block):
    """Exchange rate from a period on, until the next step."""

    from_: a.WhenType | None = Field(None, alias="from")
    rate: a.Money


def _steps(key: str) -> Any:
    def normalise(value: Any) -> Any:
        return [{key: value}] if isinstance(value, (str, int, float)) else value

    return BeforeValidator(normalise, json_schema_input_type=Any)


class Vendor(Block):
    """A source of labels: a company, a crowd, a team of your own, an automation API."""

    region: a.Name | None = None
    currency: a.Name | None = None
    """Currency of plain prices; absent: the case's. Prices that name a currency keep it."""
    people: a.People | None = None
    hours: a.HoursPerWeek | None = None
    """Paid hours of one person; absent with people: the region's."""
    shrinkage: a.Share | None = None
    """Share of paid hours not worked on items: leave, training, meetings."""
    ramp: tuple[a.Share, ...] = ()
    """Share of capacity in the first, second … period; whole afterwards."""
    capacity: a.Capacity | None = None
    """`1_200 h/week`, `5_000 images/week`, `900 EU/week`, or a total for the horizon such as `20_000 images`."""
    capacity_steps: tuple[CapacityStep, ...] = ()
    """Capacity that changes during the horizon."""
    lead: a.Lead | None = None
    """From work to delivery; rounded up to whole periods."""
    contract: Contract = Contract()
    accuracy: a.Share | None = None
    """Accuracy of one pass, where the rates name none."""
    productivity: a.Factor | None = None
    """Standard hours made per hour worked."""
    season: tuple[SeasonStep, ...] = ()
    escalation: a.PerYear | None = None
    """Yearly rise of prices, compounded from the start of the horizon, period by period."""
    platform_fee: a.PlatformFee | None = None
    note: str | None = None


class ReviewTeam(Block):
    """Your own people who check labels."""

    wage: a.Wage
    capacity: a.HoursPerWeek | None = None
    """Hours of checking there are; absent: as many as needed."""
    shrinkage: a.Share | None = None
    note: str | None = None


class Rate(Block):
    """One line of the rate card: what a vendor asks, and how well and fast it works, for one product."""

    product: a.Name
    vendor: a.Name
    workflow: a.Name | None = None
    """Only for this workflow; a price per item is then for the finished item, all passes included."""
    price: a.Price | None = None
    accuracy: a.Share | None = None
    pace: a.Pace | None = None
    """Measured items per hour worked, one pass."""
    productivity: a.Factor | None = None
    capacity: a.Capacity | None = None
    """Most items of this pair, per week or month, or in all."""
    lead: a.Lead | None = None
    source: str | None = None
    note: str | None = None


class CalendarRow(Block):
    """One vendor in one period: its capacity, its price factor."""

    vendor: a.Name
    week: a.Whole
    """Number of the period, from 1."""
    capacity: a.Capacity | None = None
    season: a.Factor | None = None


class ShareRule(Block):
    """A vendor's share of what is done or paid."""

    vendor: Names
    """A name, several (counted together), or `each`."""
    of: Literal["items", "eu", "hours", "spend"] = "spend"
    products: Names | None = None
    """Products counted together, or `each`; absent: the whole portfolio."""
    at_most: a.Share | None = None
    at_least: a.Share | None = None
    in_: Literal["horizon", "each-period"] = Field("horizon", alias="in")

    @model_validator(mode="after")
    def _some(self) -> ShareRule:
        if self.at_most is None and self.at_least is None:
            raise fail("a share needs at-most or at-least", "write `at-most: 50%`")
        if self.at_most is not None and self.at_least is not None and self.at_least > self.at_most:
            raise fail("at-least is above at-most", "swap them")
        return self


class Rule(Block):
    """A restriction on the mix, with a name, an owner and a reason."""

    name: a.Name
    owner: a.Name | None = None
    reason: a.Name | None = None
    share: ShareRule


class Targets(Block):
    """Results the portfolio must reach (with `objective: cost`: the least budget that reaches them)."""

    value: a.Money | None = None
    """Least value all products add together."""


class Review(Block):
    """Checking a share of the items."""

    share: a.Share
    """Share of items checked."""
    catch: a.Share | None = None
    """Share of wrong labels the checker notices."""
    accuracy: a.Share | None = None
    """Accuracy of the checker's own answer."""
    false_reject: a.Share = 0.0
    """Share of right labels the checker rejects."""
    time: a.Effort | None = None
    """Checking time of one item."""
    time_factor: a.Factor | None = None
    """Checking time as a share of the item's standard time (instead of time)."""
    rework: Literal["reviewer", "vendor", "none"] = "none"
    """Who mends what is rejected."""

    @model_validator(mode="after")
    def _complete(self) -> Review:
        if (self.time is None) == (self.time_factor is None):
            raise fail("a review has either time or time-factor", "write `time: 30 s/image`")
        if self.rework != "none" and self.catch is None:
            raise fail("a review with rework needs catch", "write the share of errors found, as in `catch: 90%`")
        if self.rework == "reviewer" and self.accuracy is None:
            raise fail("a review that mends needs accuracy", "write the checker's accuracy, as in `accuracy: 99%`")
        return self


class Adjudicate(Block):
    """A third, better answer where two passes disagree."""

    accuracy: a.Share
    time: a.Effort | None = None
    time_factor: a.Factor | None = None

    @model_validator(mode="after")
    def _complete(self) -> Adjudicate:
        if (self.time is None) == (self.time_factor is None):
            raise fail("adjudication has either time or time-factor", "write `time-factor: 100%`")
        return self


class PreLabel(Block):
    """Labels proposed by a model before a person works on the item."""

    time_factor: a.Factor
    """Working time with proposals as a share of the time without."""
    cost: a.MoneyPerItem | None = None
    """API price of one item."""
    accuracy_change: a.Points | None = None


class Workflow(Block):
    """How an item is made and checked."""

    title: str | None = None
    passes: a.Whole = 1
    majority: bool = False
    """The label most passes agree on (an odd number of passes)."""
    adjudicate: Adjudicate | None = None
    correlation: a.Share = 0.0
    """How far errors of different passes go together: 0 independent, 1 always together."""
    review: Review | None = None
    pre_label: PreLabel | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Workflow:
        if self.majority and (self.passes % 2 == 0 or self.passes < 3):
            raise fail("a majority needs an odd number of passes, three or more", "write `passes: 3`")
        if self.adjudicate is not None and self.passes != 2:
            raise fail("adjudication is for two passes", "write `passes: 2`")
        if self.passes > 1 and not self.majority and self.adjudicate is None:
            raise fail("several passes need majority or adjudicate", "write `majority: true`, or `passes: 1`")
        return self


def _menu(value: Any) -> Any:
    return dict.fromkeys(value) if isinstance(value, (list, tuple)) else value


Menu = Annotated[dict[a.Name, Workflow | None], BeforeValidator(_menu, json_schema_input_type=Any)]
ObjectiveName = Literal["net-value", "value", "cost"]


class CaseFile(Block):
    """A question: products, vendors, money, time, and what to aim for."""

    case: a.Name
    """Name of the case."""
    title: str | None = None
    description: str | None = None
    model: a.Name = "annotation"
    """Cost model: a shipped one by name, or the path of your own."""
    units: dict[str, str] = {}
    """Countable nouns of your own, singular to plural."""
    currency: a.Name
    """Currency of every result."""
    exchange: dict[a.Name, Annotated[tuple[ExchangeStep, ...], _steps("rate")]] = {}
    """What one unit of another currency is worth, as in `{PHP: 0.0172 USD}`; or a table by week."""
    horizon: Horizon
    objective: Annotated[tuple[ObjectiveName, ...], BeforeValidator(_or_list, json_schema_input_type=Any)] = (
        "net-value",
    )
    """net-value, value or cost; or a list, most important first."""
    budget: Annotated[Budget, _or_mapping("total")] = Budget()
    hurdle: a.Number | None = None
    """Least acceptable marginal return, money of value per money of spend; absent: 1."""
    targets: Targets = Targets()
    value_tolerance: a.Share = 0.0001
    """Largest error of a value curve's straight pieces, as a share of the value the curve can add."""
    products: dict[a.Name, Product]
    vendors: dict[a.Name, Vendor]
    rates: tuple[Rate, ...] = ()
    """Rate card, a table beside the case (`rates.csv`, `book.xlsx#Sheet`) or a list of rows; absent: every vendor with a
    contract price serves every product."""
    calendar: tuple[CalendarRow, ...] = ()
    """Capacity and season by vendor and week, a table beside the case or a list of rows."""
    review_team: ReviewTeam | None = None
    workflows: Menu = {"single-pass": None}
    """Menu of workflows: names of the model's, or a mapping of your own."""
    rules: tuple[Rule, ...] = ()
    scenarios: dict[a.Name, dict[str, Any]] = {}
    """Named overrides, each a path and its new value, as in `{vendors.acme.capacity: 700 h/week}`."""

    @model_validator(mode="after")
    def _some(self) -> CaseFile:
        if not self.products:
            raise fail("a case needs at least one product", "add one under `products:`")
        if not self.vendors:
            raise fail("a case needs at least one vendor", "add one under `vendors:`")
        return self
