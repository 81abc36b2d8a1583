"""Absorbed cost as people read it."""

from __future__ import annotations

from typing import Any

import click

from allocate.answers import Answer
from allocate.cli import output
from allocate.finance.absorbed import Absorbed
from allocate.record.plain_values import records
from allocate.tables.column import Column, grid
from allocate.tables.formats import MONEY, TEXT
from allocate.tables.tools import POOLS


def print_absorbed(answer: Answer, found: Absorbed, format_: str) -> None:
    """Products with their part of each pool, and the pools; as CSV the products alone."""
    told: dict[str, Any] = {"case": answer.case.name, "scenario": answer.case.scenario, "currency": found.currency}
    tables = {"products": records(found.products), "pools": records(found.pools)}
    told |= {**tables, "in_no_product": found.other, "not_used": dict(found.idle)}
    if output.print_data(format_, lambda: told, lambda: found.products):
        return
    products = [
        Column(name, format=TEXT if name == "product" else MONEY, heading=name) for name in found.products.columns
    ]
    table = grid(f"Absorbed cost of {answer.case.name} ({found.currency})", products, found.products)
    table = table._replace(
        rows=[*table.rows, ["in all", *(MONEY(float(found.products[one.name].sum())) for one in products[1:])]]
    )
    limited = found.pools["used"].notna().any()
    pools = grid(f"Pools ({found.currency})", POOLS if limited else POOLS[:4], found.pools)
    output.print_grids([table, pools], format_)
    click.echo(
        "Pools are estimates of the cost model. They are shown on top of the spend and play no part in the plan."
        + (" Their unused capacity is not charged to any product." if limited else "")
    )
    if abs(found.other) >= 0.005:
        click.echo(
            f"Not charged to a product: {MONEY(found.other)} {found.currency} of penalties for products of which nothing is made."
        )
    for what, amount in found.idle.items():
        if amount >= 0.005:
            click.echo(f"Paid and not used: {MONEY(amount)} {found.currency} of {what}.")
