"""Columns of the tables of a cost model."""

from __future__ import annotations

from allocate.tables.column import Column

MODEL = {
    "tasks": (
        Column("task", "", "name that a product gives as its `task`"),
        Column("item", "", "unit it is ordered and delivered in"),
        Column("base", "s/item", "hands-on time of an item with no driver in it"),
        Column("drivers", "", "time of each unit of a driver, and the number per item where a product gives none"),
        Column("standard_time", "s/item", "hands-on time of an item with those numbers; empty where a driver has none"),
        Column("equivalent_units", "EU", "standard time over that of the reference unit"),
        Column("complexity", "", "named factors on the standard time"),
        Column("title", "", "what it is"),
    ),
    "workflows": (
        Column("workflow", "", "name that a menu of `workflows` gives"),
        Column("passes", "", "answers per item"),
        Column("review", "share", "share of items that your own people check; by lots where a sample of each lot is"),
        Column("title", "", "what it is"),
    ),
    "regions": (
        Column("region", "", "name that a vendor gives as its `region`"),
        Column("currency", "", "currency of the country"),
        Column("hours", "h/week", "paid hours of one person"),
        Column("holidays", "", "country whose public holidays it has"),
        Column("attrition", "share/year", "share of people who leave"),
        Column("wage", "", "what workers are paid, not what vendors charge"),
        Column("title", "", "what it is"),
    ),
    "drivers": (
        Column("driver", "", "what is counted on an item, as in `drivers: {box: 5/image}`"),
        Column("plural", "", "its plural"),
        Column("tasks", "", "tasks whose time it drives"),
    ),
    "activities": (
        Column("activity", "", "overhead pool, for absorbed cost"),
        Column("driver", "", "what it is allocated by"),
        Column("rate", "share", "its size as a share of spend, where the pool has no amount of its own"),
        Column("amount", "", "what the pool costs, where it says so"),
        Column("title", "", "what it is"),
    ),
}
"""Tasks, workflows, regions, drivers and overhead pools."""
