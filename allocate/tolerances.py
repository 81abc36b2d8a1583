"""Every tolerance there is, in one place: its value, what it is measured against, and why it stands."""

from __future__ import annotations

from dataclasses import dataclass

SOLVER, PLAN, VERIFIER, CURVE, PROOF = "solver", "plan", "verifier", "curve", "proof"


@dataclass(frozen=True)
class Tolerance:
    """One tolerance as people read it."""

    name: str
    value: float
    used_by: str
    """`solver`, `plan`, `verifier`, `curve` or `proof`."""
    measure: str
    """What the value is a share of, or the unit it is counted in."""
    reason: str


_listed: list[Tolerance] = []


def _tolerance(name: str, value: float, used_by: str, measure: str, reason: str) -> float:
    """The value itself, which the table then lists."""
    _listed.append(Tolerance(name, value, used_by, measure, reason))
    return value


ROW_KEPT = _tolerance(
    "ROW_KEPT",
    1e-6,
    SOLVER,
    "the largest of a row's sides and the sum of its terms' sizes",
    "a plan of a solver keeps a row when it misses it by no more; a double has sixteen digits, a sum of many terms fewer",
)
PROVEN = _tolerance(
    "PROVEN",
    1e-6,
    SOLVER,
    "the objective",
    "a plan whose bound is no farther away counts as optimal: money is printed in cents",
)
CHOICE_MADE = _tolerance(
    "CHOICE_MADE",
    1e-10,
    SOLVER,
    "1, a whole-number choice (rows and columns in the solver's own scale)",
    "a choice of 0 or 1 that is off by a millionth lets a vendor make a few hundredths of an item without its fee",
)
SIDE_KEPT = _tolerance(
    "SIDE_KEPT",
    1e-10,
    SOLVER,
    "1, in the solver's own scale",
    "the least HiGHS may let a row or a bound give way by: less than `LINE_NOISE`, so that no plan keeps it as an amount",
)
SMALLEST_COEFFICIENT = _tolerance(
    "SMALLEST_COEFFICIENT",
    1e-12,
    SOLVER,
    "1, in the solver's own scale",
    "the smallest HiGHS allows: it leaves coefficients below it out",
)
SPECK = _tolerance(
    "SPECK",
    1e-12,
    SOLVER,
    "the largest coefficient of a group that is scaled alike, and of the objective",
    "a smaller one is what rounding leaves where amounts cancel: no scale is made for it",
)
FAR_BELOW = _tolerance(
    "FAR_BELOW",
    1e-6,
    SOLVER,
    "1, in the solver's own scale",
    "a group of coefficients below it at the best scales is such rounding too: scales are made again without it",
)
ABSOLUTE_GAP = _tolerance(
    "ABSOLUTE_GAP",
    1e-9,
    SOLVER,
    "1, in the solver's own scale",
    "so that the relative gap decides when an integer search ends",
)
WHOLE_NUMBER = _tolerance(
    "WHOLE_NUMBER",
    1e-9,
    SOLVER,
    "1",
    "a whole number of a plan or of a bound this close to a whole number is that number",
)
GOAL_HELD = _tolerance(
    "GOAL_HELD",
    1e-9,
    SOLVER,
    "an earlier objective",
    "how far it may move when later goals choose among its best plans",
)
FENCE_SLACK = _tolerance(
    "FENCE_SLACK",
    5e-7,
    SOLVER,
    "an earlier objective",
    "room below it for back ends that hand over eight digits of their plans",
)
FENCE_LEAST = _tolerance(
    "FENCE_LEAST",
    1e-3,
    SOLVER,
    "the sum of the sizes of an earlier objective's terms",
    "that room is a part of no less, where the terms nearly cancel out",
)
REDUCED_COST = _tolerance(
    "REDUCED_COST",
    1e-7,
    SOLVER,
    "1, in the solver's own scale",
    "HiGHS's own: a column that gains no more by a unit stays out, and a row that gives way by no more is kept",
)
FINE_REDUCED_COST = _tolerance(
    "FINE_REDUCED_COST",
    1e-9,
    SOLVER,
    "1, in the solver's own scale",
    "the same while rows are made feasible: a small coefficient may be all a row has",
)
SHORTFALL_SEEN = _tolerance(
    "SHORTFALL_SEEN",
    1e-10,
    SOLVER,
    "1, in the solver's own scale",
    "rows and bounds where it is sought what is missing: a cent of a large budget is told from nothing",
)
GAVE_WAY = _tolerance(
    "GAVE_WAY",
    1e-9,
    SOLVER,
    "a limit, where there is no plan",
    "a limit that has to give way by more is a reason; less is rounding of a program solved to `SHORTFALL_SEEN`",
)
TOLD_APART = _tolerance(
    "TOLD_APART",
    1e-6,
    SOLVER,
    "how much a limit gives way, where there is no plan",
    "by which parts of it, at most, limits weigh more than others: of equally little ways to give way one is least, in any units",
)
PRESSING = _tolerance(
    "PRESSING",
    1e-9,
    SOLVER,
    "1, in the solver's own scale",
    "limits with a larger dual take part where there is no plan",
)
PRICE_NOISE = _tolerance(
    "PRICE_NOISE", 1e-9, SOLVER, "the size of a reduced cost's terms", "what is less is rounding of the prices"
)
BETTER_PLAN = _tolerance(
    "BETTER_PLAN", 1e-9, SOLVER, "the objective, at least 1", "a plan is better than another by more than that"
)
PROMISING = _tolerance(
    "PROMISING", 1e-6, SOLVER, "the objective, at least 1", "a switch of choices that promises less is not tried"
)
NODE_WHOLE = _tolerance(
    "NODE_WHOLE", 1e-6, SOLVER, "1", "a whole number of a block this close to one is whole; the plan is then checked"
)
BLOCK_BEST = _tolerance(
    "BLOCK_BEST", 1e-7, SOLVER, "what a block has to gain", "error allowed in its best; the bound contains it"
)
NODE_EMPTY = _tolerance(
    "NODE_EMPTY", 1e-8, SOLVER, "a row's size, at least 1", "a smaller violation is no proof that a node has no point"
)
BOUND_ROOM = _tolerance(
    "BOUND_ROOM", 1e-9, SOLVER, "a bound, at least 1", "bounds found from rows are widened by it, against rounding"
)
PRICES_FOUND = _tolerance(
    "PRICES_FOUND", 2e-5, SOLVER, "the bound", "bound and master this close: prices inside their boxes count as found"
)
PRICES_CLOSE = _tolerance("PRICES_CLOSE", 1e-7, SOLVER, "the bound", "the same where prices touch their boxes")
ON_BOX_EDGE = _tolerance(
    "ON_BOX_EDGE", 1e-7, SOLVER, "the width of a price's box", "a price this close to the edge touches it"
)
BETTER_BOUND = _tolerance(
    "BETTER_BOUND", 2e-5, SOLVER, "the bound", "a step of prices that gains less did not better it"
)
MIXED = _tolerance(
    "MIXED", 1e-6, SOLVER, "1, the sum of weights", "a pattern of less weight is not in a mixture of patterns"
)
SWAP_ROUGH = _tolerance("SWAP_ROUGH", 1e-4, SOLVER, "what a swap loses", "it only puts swaps in order")
SWAP_NEAR = _tolerance(
    "SWAP_NEAR", 1e-4, SOLVER, "a column's price", "a column may gain so much less than the best and be swapped in"
)
OWN_PRICES = _tolerance(
    "OWN_PRICES", 5e-4, SOLVER, "the objective", "claim and proof farther apart give branches prices of their own"
)
ROUNDED_UP = _tolerance(
    "ROUNDED_UP", 1e-6, SOLVER, "a step of a whole number", "a first plan rounds up what is farther above it"
)
ANOTHER_OBJECTIVE = _tolerance(
    "ANOTHER_OBJECTIVE", 1e-9, SOLVER, "the objective, at least 1", "by less it is the same objective"
)

LEAST_ITEMS = _tolerance(
    "LEAST_ITEMS", 1e-7, PLAN, "an item, or all items of a plan of less than one", "fewer are no line of a plan"
)
ITEMS_PLANNED = _tolerance(
    "ITEMS_PLANNED",
    1e-5,
    PLAN,
    "an item",
    "a plan of fewer items of a product that fails its check is told as too small: it is too near to `AT_WORK`",
)
LINE_NOISE = _tolerance(
    "LINE_NOISE", 1e-9, PLAN, "the items of a product", "fewer are rounding of the solver and left out"
)
LINE_HELD = _tolerance(
    "LINE_HELD",
    1e-8,
    PLAN,
    "the items of a line held",
    "a line of `--fix` may be off by it in the solver, against rounding in tight limits; the plan has it as written",
)
LOT_WHOLE = _tolerance(
    "LOT_WHOLE", 1e-6, PLAN, "a sum of items, at least 1", "a sum this close to whole lots is made whole"
)
OVERTIME_HOURS = _tolerance("OVERTIME_HOURS", 1e-7, PLAN, "an hour", "less overtime is rounding of the solver")
IDLE_NOISE = _tolerance("IDLE_NOISE", 1e-7, PLAN, "the hours paid", "fewer idle hours are rounding, and none")
AT_WORK = _tolerance(
    "AT_WORK", 1e-6, PLAN, "an item", "a vendor works on a product from more items on; fewer are rounding of the solver"
)
TAKEN_OVER = _tolerance(
    "TAKEN_OVER",
    1e-6,
    PLAN,
    "the items of a product",
    "an incumbent may fall so short of its part: a solver's rounding",
)
SEAT_ROUNDING = _tolerance(
    "SEAT_ROUNDING", 2e-6, PLAN, "the work of a seat", "no further seat is bought for less: a solver's rounding"
)
COIN_ROUNDING = _tolerance(
    "COIN_ROUNDING",
    1e-6,
    PLAN,
    "the coin a fee is rounded to",
    "a fee this close to whole coins is whole coins: rounding of doubles",
)
BROKEN = _tolerance(
    "BROKEN", 1e-9, PLAN, "what a rule or limit is about", "it counts as broken by more; less is rounding"
)
HALF_A_CENT = _tolerance(
    "HALF_A_CENT",
    0.005,
    PLAN,
    "the currency's unit",
    "a spend this close below a step of a rebate has reached it: invoices are in cents",
)
STEP_REACHED = _tolerance(
    "STEP_REACHED",
    1e-7,
    PLAN,
    "the spend a step of a rebate asks for",
    "and one this close where that is more than half a cent: solvers round large amounts",
)
STEP_SMALL = _tolerance(
    "STEP_SMALL",
    2.5e-4,
    PLAN,
    "the spend a step of a rebate asks for",
    "half a cent is no more than this part of it: steps of a few dollars, or in a currency of large units",
)
COMMITTED = _tolerance(
    "COMMITTED", 1e-9, PLAN, "a commitment", "it is met where no more is missing, and out of reach from more above"
)
STEP_BEGINS = _tolerance(
    "STEP_BEGINS",
    1e-6,
    PLAN,
    "the end of the step before",
    "an all-unit price holds from this far above it; the end costs the old price",
)
WINDOW_ROOM = _tolerance(
    "WINDOW_ROOM",
    1e-6,
    PLAN,
    "what a vendor's capacities leave it in a billing window",
    "ends of steps and seats are told so much too large, so that hours, not they, hold a plan that works every hour",
)
STEP_OF_QUALITY = _tolerance(
    "STEP_OF_QUALITY",
    1e-6,
    PLAN,
    "1, an accuracy",
    "a bonus or price reduction holds from this far beyond its bound; within half of it is at the bound",
)
AT_BOUND = _tolerance(
    "AT_BOUND", 1e-9, PLAN, "1, or a week", "an accuracy or a lead this close to a bound is at the bound"
)

FIGURES_AGREE = _tolerance(
    "FIGURES_AGREE",
    1e-6,
    VERIFIER,
    "the largest of a plan's spend, value and objective",
    "objectives of solver, plan and verifier agree, and a plan passes its bound, by no more (and the error of value curves)",
)
LIMIT_KEPT = _tolerance(
    "LIMIT_KEPT",
    1e-6,
    VERIFIER,
    "the limit (all of it for a share, one of its unit where it is 0), or the figure",
    "a limit is kept when it is passed by no more, and a figure right when off by no more",
)
SUMMED = _tolerance(
    "SUMMED",
    1e-12,
    VERIFIER,
    "the plan's money, or the largest figure of a column",
    "what rounding leaves of a figure that is a sum or difference of larger ones",
)
SAME_FIGURE = _tolerance(
    "SAME_FIGURE", 1e-9, VERIFIER, "the larger figure", "figures of two plan files this close are the same"
)
STATUS_PROVEN = _tolerance(
    "STATUS_PROVEN",
    1e-5,
    VERIFIER,
    "the largest of a plan's objective, spend and value",
    "what a proof may leave open beside the curves' error in a plan that is called optimal: solvers' tolerances",
)
LEFT_OF_DIFFERENCE = _tolerance(
    "LEFT_OF_DIFFERENCE", 1e-15, VERIFIER, "the money subtracted", "what rounding leaves of it"
)
WORTHLESS = _tolerance(
    "WORTHLESS",
    1e-9,
    VERIFIER,
    "the largest of a plan's spend, value and objective",
    "a limit all of which is worth no more changes nothing: its price is rounding",
)
SIGN = _tolerance(
    "SIGN", 1e-6, VERIFIER, "the size of a price's terms", "a price against its row's sign by no more is rounding"
)

GATE_REACHED = _tolerance(
    "GATE_REACHED", 1e-6, CURVE, "the labels a gate asks for", "so many may be missing where it counts as reached"
)
STEEPENING = _tolerance(
    "STEEPENING", 1e-9, CURVE, "the slope", "a curve that steepens by less is rounding in its table, not a shape"
)

LEFT_OUT = _tolerance(
    "LEFT_OUT", 1e-3, PROOF, "the objective, at least 1", "plans worse by more are left out when columns are bounded"
)
PRICED = _tolerance(
    "PRICED",
    1e-4,
    PROOF,
    "the objective, at least 1",
    "duals are prices where what they prove is no farther from the plan",
)
CAPACITY_ENOUGH = _tolerance(
    "CAPACITY_ENOUGH", 1e-9, PROOF, "what capacities must hold", "they may miss it by so much, against rounding"
)
BOUND_WHOLE = _tolerance("BOUND_WHOLE", 1e-6, PROOF, "1", "a bound of a whole number this close to one is that number")

TABLE = tuple(_listed)
"""All of them, in the order above."""
