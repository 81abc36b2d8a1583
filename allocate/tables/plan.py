"""Columns of the tables of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allocate.tables.column import Column
from allocate.tables.formats import COUNT, DAY, FIGURE, FIGURE_6, FIGURES, MONEY, PERCENT, SHARE, TENTHS

WHO = (
    Column("product", "", "the AI product"),
    Column("vendor", "", "who makes the labels"),
    Column("workflow", "", "how items are made and checked"),
    Column("levers", "", "levers the line is worked with, joined by ` + `, those of its vendor's capacity marked so"),
)
ITEMS = Column("items", "items", "items delivered", COUNT)
HOURS = Column("hours", "h", "hours the vendor works", TENTHS)
SPENT = Column("spend", "money", "decision-relevant cost", MONEY)
SHARED = Column(
    "shared",
    "money",
    "its part of what belongs to no line: fees, licences, commitments less rebates, idle pay, levers, penalties",
    MONEY,
)
COST = Column("cost", "money", "spend and shared costs: all money of the plan that the work causes", MONEY)
ACCURACY = Column("accuracy", "share", "items right at delivery", SHARE)
WORK = (
    ITEMS,
    HOURS,
    Column("review_hours", "h", "hours of the review team", TENTHS),
    Column("equivalent_units", "EU", "work content", COUNT),
    SPENT,
    SHARED,
    COST,
    ACCURACY,
    Column("effective_labels", "labels", "what the items are worth in training", COUNT),
    Column("error_cost", "money", "downstream cost of escaped errors; not spent", MONEY),
)
TOTALS = (
    *WORK,
    Column("cost_per_accurate_item", "money/item", "cost / items that are right", FIGURE),
    Column("cost_per_eu", "money/EU", "cost / equivalent units", FIGURE, "cost per EU"),
)
START = Column("start", "date", "first day of that period", DAY)

LINES = (
    *WHO,
    Column("period", "number", "week (or month) the work is done and paid in, from 1", COUNT),
    START,
    Column("delivered", "number", "week (or month) it is delivered in", COUNT),
    *WORK,
)
"""Who makes what, how and when; `levers` in cases that have some, `start` in frames."""
MIX = (
    *WHO,
    Column("periods", "", "when"),
    Column("first", "date", "first day of the first period it is worked in", DAY),
    Column("last", "date", "first day of the last period it is worked in", DAY),
    ITEMS,
    HOURS,
    SPENT,
    ACCURACY,
)
"""The same with periods added together."""

PRODUCTS = (
    WHO[0],
    *TOTALS,
    Column("value", "money", "by the value curve", MONEY),
    Column("score_before", "points", "score without the plan", MONEY),
    Column("score_after", "points", "score with it", MONEY),
)
"""Totals by product."""
UNIT_ECONOMICS = (
    *PRODUCTS,
    Column("cost_per_item", "money/item", "cost / items", FIGURE),
    Column("score", "points", "score before and after", FIGURES),
)
"""The same with what follows from them."""
VENDORS = (
    WHO[1],
    *TOTALS,
    Column("fees", "money", "fees less rebates and volume discounts, which belong to no line", MONEY),
    Column("overhead", "money", "of in-house teams: idle hours, hiring, releasing", MONEY),
)
"""Totals by vendor."""


def less_taken_off(words: str, entries: Iterable[Any]) -> str:
    """What a column of fees is called where discounts by volume or rebates are taken off them; entries: of the invoice."""
    clauses = {entry.clause for entry in entries if entry.amount < 0}
    off = [name for clause, name in (("volume discount", "discounts"), ("rebate", "rebates")) if clause in clauses]
    return f"{words} less {' and '.join(off)}" if off else words


SPEND = (
    *VENDORS,
    Column("owed", "money", "spend with fees and overhead", MONEY),
    Column("paid", "money", "what of it the vendor itself, or the team, is paid", MONEY),
    Column("share", "share", "of the plan's spend", PERCENT),
)
"""The same with what follows from them."""

INVOICE = (
    Column("vendor", "", "who is paid"),
    Column("window", "", "billing window"),
    Column("clause", "", "what of the contract asks for it"),
    Column("about", "", "what it is asked for"),
    Column("quantity", "unit", "how much of it", FIGURE_6),
    Column("unit", "", "of the quantity"),
    Column("unit_price", "money/unit", "for one", FIGURE_6),
    Column("amount", "money", "what is owed", MONEY),
)
"""What is owed to whom for what, by billing window."""
INVOICE_TABLE = (
    Column("paid_to", "", "who gets the money"),
    Column("kind", "", "vendors, own people labelling or checking, tools and levers, platforms, others"),
    Column("vendor", "", "the vendor whose work it goes with; empty for levers and penalties"),
    Column("product", "", "the product that bears it; empty where nothing is made"),
    Column("category", "", "category of cost, as in `tco`"),
    *INVOICE[2:4],
    Column("period", "number", "week (or month) it is owed in, from 1", COUNT),
    START,
    INVOICE[1],
    Column("window_from", "date", "first day of the billing window", DAY),
    Column("window_to", "date", "its last day", DAY),
    Column("due", "date", "last day of payment, by the contract", DAY),
    *INVOICE[4:7],
    Column("currency", "", "of the price and the amount"),
    Column("amount", "money", "what is owed, in whole cents that add up to the spend", MONEY),
)
"""The invoice parted by product, as a table that pivots."""
FISCAL = (
    Column("fiscal_year", "", "fiscal year of the last day of the period it is owed in, called by the year it ends in"),
    Column("fiscal_quarter", "", "its quarter"),
    Column("fiscal_month", "", "its month"),
)
"""What the invoice has beside that where the case states a fiscal year."""
PAYEES = (
    Column("kind", "", "kind of payee"),
    Column("paid_to", "", "who gets the money"),
    Column("amount", "money", "what of the spend", MONEY),
    Column("share", "share", "of all that is spent", PERCENT),
)
"""Who gets the money."""

LEVERS = (
    Column("lever", "", "its name"),
    Column("from", "number", "week (or month) it starts in"),
    START,
    Column("once", "money", "paid once", MONEY),
    Column("running", "money", "paid while it runs", MONEY),
    Column("cost", "money", "both", MONEY),
)
"""Levers bought."""

BROKEN = (
    Column("rule", "", "limit missed or rule broken", heading="limit or rule"),
    Column("owner", "", "whose it is"),
    Column("reason", "", "what it is for"),
    Column("about", "", "what it is about"),
    Column("amount", "unit", "by how much", FIGURE_6),
    Column("unit", "", "of the amount"),
    Column("price", "money/unit", "penalty for one", FIGURE_6),
    Column("money", "money", "the penalty", MONEY),
    Column("paid", "flag", "whether it is paid, and so part of the spend"),
)
"""Limits missed and rules broken for a penalty."""

STAFF = (
    Column("team", "", "the vendor whose people they are"),
    Column("period", "number", "week (or month), from 1", COUNT),
    Column("people", "people", "employed and paid", COUNT),
    Column("hired", "people", "of these, starting in the period", COUNT),
    Column("released", "people", "gone from the period on", COUNT),
    Column("shifts", "number", "shifts open", COUNT),
    Column("hours", "h", "regular hours there are for items, after shrinkage and ramp", TENTHS),
    Column("overtime", "h", "hours beyond those", TENTHS),
    Column("worked", "h", "hours the plan's lines take", TENTHS),
    Column("idle", "h", "hours there are and nobody needs", TENTHS),
    Column("paid", "h", "hours paid, overtime included", TENTHS),
    Column("wages", "money", "regular pay, shift premiums included", MONEY),
    Column("overtime_pay", "money", "pay of the overtime, premium included", MONEY),
    Column("hiring", "money", "paid for those who start, also in a leaver's place", MONEY),
    Column("releasing", "money", "paid for those who leave", MONEY),
    Column("shift_cost", "money", "what further shifts cost while they are open", MONEY),
    Column("spend", "money", "all of it", MONEY),
)
"""Each in-house team by period; frames have `start` too."""

PIPELINE = (
    WHO[0],
    Column("stage", "", "label, adjudicate, review or rework"),
    Column("period", "number", "week (or month), from 1", COUNT),
    Column("items", "items", "in the stage when the period ends", COUNT),
)
"""Items begun and not delivered; frames have `start` too."""

CASH = (
    Column(
        "month",
        "",
        "calendar month; a week is split over two by its days, a month of the plan stands where it begins, "
        "and what is paid by a contract's `payment` where it is due",
    ),
    Column("owed", "money", "what the invoice asks for work and fees of these days", MONEY),
    Column(
        "paid",
        "money",
        "what leaves in these days: whole on the day it is due, where a contract has a `payment`",
        MONEY,
    ),
    Column("open", "money", "owed until then and not yet paid", MONEY),
    Column("after", "flag", "whether the month is after the horizon"),
)
"""Money owed, paid and open by month."""

LIMITS = (
    Column("limit", "", "what is limited"),
    Column("period", "number", "week (or month) it is about, from 1; none for the whole horizon", COUNT),
    START,
    Column("sense", "", "at least or at most"),
    Column("used", "unit", "what the plan comes to", FIGURE_6),
    Column("amount", "unit", "the limit", FIGURE_6),
    Column("unit", "", "of used and amount; points of a percentage for shares"),
    Column("price", "money/unit", "shadow price: what one more unit is worth in the first objective", FIGURE),
)
"""Limits of a plan with their shadow prices."""
