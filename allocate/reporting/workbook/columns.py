"""Columns of the sheet of the plan."""

from __future__ import annotations

PLAN: tuple[tuple[str, str, int], ...] = (
    ("product", "text", 24), ("vendor", "text", 20), ("workflow", "text", 20), ("levers", "text", 12), ("period", "general", 8),
    ("items", "items", 13), ("hours", "hours", 11), ("review hours", "hours", 11), ("billed units", "items", 13),
    ("price factor", "small", 10), ("price", "money", 14), ("platform fee", "money", 12), ("pre-labelling", "money", 12),
    ("review", "money", 12), ("quality", "money", 11), ("lateness", "money", 11), ("early payment", "money", 12),
    ("early, on bonus", "money", 12), ("spend", "money", 15), ("right items", "items", 13), ("escaped errors", "money", 13),
    ("spend as planned", "money", 15), ("difference", "money", 12), ("vendor number", "general", 8),
    ("product number", "general", 8), ("figures", "text", 24), ("schedule", "general", 8), ("delivered", "general", 8),
    ("counted units", "items", 13), ("units at rate", "items", 13),
)  # fmt: skip
"""Name, kind and width of every column; the first six are those of a plan file, so that the sheet can be held as it is."""
AT = {name: position for position, (name, _, _) in enumerate(PLAN)}
MONEY = ("price", "platform fee", "pre-labelling", "review", "quality", "lateness", "early payment", "early, on bonus")
"""Columns that add up to a line's spend."""
HIDDEN = ("vendor number", "product number", "schedule", "delivered", "counted units", "units at rate")
"""Columns that other sheets look lines up by."""
