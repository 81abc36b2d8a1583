"""Families of the formulation as LP files: a small case of each, and the text that is kept of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from allocate import read_case, routes
from allocate.costing.value.values import product_values
from allocate.program.export import lp_text
from allocate.program.formulation import constraint_functions
from allocate.program.layout import item_columns
from allocate.program.model import Model
from allocate.program.program import Program
from allocate.program.sections import Section

REGENERATE = "ALLOCATE_REGENERATE"

MOST = {"one": {"demand": {"at-most": "1_000 images"}}, "two": {"demand": {"at-most": "800 images"}}}


def case_of(changes: dict[str, Any]) -> dict[str, Any]:
    """Two products, two vendors, two weeks; three of four pairs have a rate."""
    changes = dict(changes)
    one = {"item": "image", "effort": "36 s/image", **changes.pop("one", {})}
    two = {"item": "image", "effort": "72 s/image", **changes.pop("two", {})}
    rates = [
        {"product": "one", "vendor": "v", "price": "0.5 USD/image", "accuracy": "95%", **changes.pop("rate", {})},
        {"product": "one", "vendor": "w", "price": "0.25 USD/image", "accuracy": "90%", **changes.pop("other", {})},
        {"product": "two", "vendor": "w", "price": "0.75 USD/image", "accuracy": "80%", **changes.pop("last", {})},
    ]
    return {
        "case": "golden",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {"one": one, "two": two},
        "vendors": {"v": changes.pop("v", {}), "w": changes.pop("w", {})},
        "rates": rates,
        **changes,
    }


AFTER = {
    "minimum_order": ("engagement",),
    "commitment": ("engagement", "tiers"),
    "minimum_invoice": ("tiers",),
    "minimum_platform_fee": ("tiers",),
    "ceiling": ("tiers",),
    "rebate": ("tiers",),
    "first_work": ("vendor_hours", "vendor_items"),
    "vendor_count": ("engagement",),
    "incompatible_products": ("engagement",),
    "exclusive_work": ("engagement",),
    "product_spend": ("engagement", "product_start"),
    **dict.fromkeys(("learned_least", "learned_pace", "learned_price"), ("learned_work",)),
    **dict.fromkeys(("value_link", "value_floor", "value_step_filled", "value_step_open"), ("value_columns",)),
    **dict.fromkeys(
        ("price_lock", "lever_charges", "lever_use", "lever_always", "lever_exclusion", "lever_needs"),
        ("lever_columns",),
    ),
    **dict.fromkeys(("onboarding", "retainer", "product_start"), ("engagement",)),
    **dict.fromkeys(
        ("team_person_periods", "team_proficient", "team_hours", "team_overtime", "team_hires", "team_shifts", "pay"),
        ("team_people",),
    ),
}
"""The families whose columns or rows a family stands on."""


def text_of(name: str, changes: dict[str, Any]) -> str:
    """The LP file of the items and one family; of one that adds money and nothing else, with that as the objective."""
    case = read_case(case_of(changes))
    ways, program = routes(case), Program()
    model = Model(program, item_columns(program, case, ways, product_values(case, ways)))
    functions = {function.__name__: function for function in constraint_functions()}
    family = name.partition("-")[0]
    for before in AFTER.get(family, ()):
        functions[before](model)
    size, owed = (program.column_count, program.row_count), len(model.charges)
    functions[family](model)
    if size == (program.column_count, program.row_count):
        for charge in model.charges[owed:]:
            program.add_cost(charge.columns.ids, charge.amount)
    return lp_text(program)


def families_of(sections: Iterable[Section]) -> set[str]:
    """The names of all families of an index."""
    return {family.add.__name__ for section in sections for family in section.families}


def holds(name: str, changes: dict[str, Any], path: Path) -> None:
    """Fails where the LP text of a family in a small case is not the one kept in a file."""
    text = text_of(name, changes)
    if os.environ.get(REGENERATE):
        path.write_text(text, encoding="ascii", newline="\n")
    kept = path.read_text(encoding="ascii") if path.exists() else ""
    advice = f"if the new text is right, run `{REGENERATE}=1 pytest` on its test and review the difference"
    assert text == kept, f"the formulation of {name} changed; {advice}"
