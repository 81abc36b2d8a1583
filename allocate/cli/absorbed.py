"""Absorbed cost as people read it."""

from __future__ import annotations

import click

from allocate.answers import Answer
from allocate.cli import output
from allocate.finance.absorbed import Absorbed
from allocate.record.plain_values import records


def print_absorbed(answer: Answer, found: Absorbed, format_: str) -> None:
    """Products with their part of each pool, and the pools; as CSV the products alone."""
    if format_ == "csv":
        output.print_csv(found.products)
        return
    if format_ == "json":
        told = {"case": answer.case.name, "scenario": answer.case.scenario, "currency": found.currency}
        tables = {"products": records(found.products), "pools": records(found.pools)}
        output.print_json({**told, **tables, "in_no_product": found.other, "not_used": dict(found.idle)})
        return
    money = output.amount(2)
    columns = {name: output.text if name == "product" else money for name in found.products.columns}
    rows = output.rows_of(found.products, columns)
    rows.append(["in all", *(money(float(found.products[name].sum())) for name in list(columns)[1:])])
    title = f"Absorbed cost of {answer.case.name} ({found.currency})"
    said = {"activity": output.text, "driver": output.text, "rate": output.share(), "amount": money}
    header = ["activity", "driver", "share of spend", "amount"]
    if found.pools["used"].notna().any():
        said, header = {**said, "used": output.share(), "unused": money}, [*header, "used of capacity", "unused"]
    pools = output.rows_of(found.pools, said)
    (output.print_tables if format_ == "table" else output.print_markdown)(
        [
            (title, list(columns), rows, [name != "product" for name in columns]),
            (f"Pools ({found.currency})", header, pools, [place > 1 for place in range(len(header))]),
        ]
    )  # fmt: skip
    click.echo(
        "Pools are estimates of the cost model; they come on top of the spend and decide nothing."
        + (" What is unused of their capacity is in no product." if "unused" in said else "")
    )
    if abs(found.other) >= 0.005:
        click.echo(f"In no product: {money(found.other)} {found.currency} of fees, idle hours, hiring and levers.")
    for what, amount in found.idle.items():
        if amount >= 0.005:
            click.echo(f"Paid and not used, of that: {money(amount)} {found.currency} of {what}.")
