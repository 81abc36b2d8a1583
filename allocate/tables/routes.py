"""Columns of the routes table: what one item costs on each route."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import COUNT, FIGURE, FIGURES, SHARE

ROUTES = (
    Column("product", "", "the AI product the item is for"),
    Column("vendor", "", "who makes the label"),
    Column("workflow", "", "how the item is made and checked"),
    Column("item", "", "what is ordered and delivered"),
    Column("basis", "", "what the price counts: the item, a label, a box, an hour, an equivalent unit"),
    Column("equivalent_units", "EU/item", "standard time of the item over that of the model's reference unit", FIGURE),
    Column("hours", "h/item", "hours the vendor works per delivered item, all passes and rework", FIGURE),
    Column("review_hours", "h/item", "hours of your review team per delivered item", FIGURE),
    Column(
        "price",
        "money/item",
        "what the vendor's contract asks per delivered item in the first period, rework included",
        FIGURE,
    ),
    Column("rework", "money/item", "the part of the price that pays for work done again", FIGURE),
    Column("platform_fee", "money/item", "platform fee on top of the price", FIGURE),
    Column("adjustment", "money/item", "bonus, price reduction and early-payment discount of the contract", FIGURE),
    Column("usage", "money/item", "API price of pre-labelling", FIGURE),
    Column("review_cost", "money/item", "review hours times the review team's wage", FIGURE),
    Column(
        "unit_cost", "money/item", "decision-relevant cost: price + platform fee + adjustments + usage + review", FIGURE
    ),
    Column(
        "unit_cost_last",
        "money/item",
        "the same in the last period, after season, escalation and exchange rates",
        FIGURE,
    ),
    Column("accuracy", "share", "items right at delivery, after the workflow", SHARE),
    Column(
        "assured_accuracy",
        "share",
        "what counts against an accuracy floor: below accuracy where the floor has a confidence",
        SHARE,
    ),
    Column(
        "unit_cost_per_accurate_item",
        "money/item",
        "unit cost / accuracy: what one more item that is right costs; without fees",
        FIGURE,
    ),
    Column(
        "unit_cost_per_eu",
        "money/EU",
        "unit cost / equivalent units: comparable across products; without fees",
        FIGURE,
        "unit cost per EU",
    ),
    Column(
        "effective_labels", "labels/item", "what one delivered item is worth in training, after label noise", FIGURE
    ),
    Column(
        "error_cost", "money/item", "downstream cost of escaped errors: error cost x (1 - accuracy); not spent", FIGURE
    ),
    Column("lead", "periods", "from work to delivery", COUNT),
    Column("levers", "", "levers the route is worked with, which have to be bought; only in cases with levers"),
)
"""Unit and meaning of every column of the routes table, in the order they are explained in."""

ERRORS = (
    Column("product", "", "the AI product the item is for"),
    Column("vendor", "", "who makes the label"),
    Column("workflow", "", "how the item is made and checked"),
    Column("unit_cost", "money/item", "decision-relevant cost in the first period, as without --errors", FIGURE),
    Column("accuracy", "share", "items right at delivery, after the workflow", SHARE),
    Column("error_cost", "money/item", "what escapes: the product's error cost x (1 - accuracy)", FIGURE),
    Column(
        "effective_labels", "labels/item", "what one delivered item is worth in training, after label noise", FIGURE
    ),
    Column(
        "labels_lost", "labels/item", "1 - effective labels: what noise takes from an item's training value", FIGURE
    ),
    Column(
        "value_of_label",
        "money/label",
        "most value that labels bring each, from those there are on; a gate is shared out over its labels",
        FIGURE,
    ),
    Column(
        "lost_value",
        "money/item",
        "labels lost x value of a label: what noise costs where labels are wanted most",
        FIGURE,
    ),
    Column(
        "cost_with_errors",
        "money/item",
        "unit cost + error cost + lost value: shows that a cheap but poor route is expensive",
        FIGURE,
    ),
    Column(
        "cost_per_effective_label", "money/label", "unit cost / effective labels; none where no label trains", FIGURE
    ),
)
"""What errors cost on each route, per item."""
SHOWN = ("product", "vendor", "workflow", "levers", "basis", "unit_cost", "accuracy", "unit_cost_per_accurate_item")
"""Those that a notebook shows by themselves."""

IN_THE_PLAN = (*ERRORS, Column("made", "items", "what the plan makes by the route", FIGURES))
"""The same with the plan's items."""
