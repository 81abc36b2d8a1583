"""Absorbed cost as people read it."""

from __future__ import annotations

import click

from allocate.api import Answer
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
        output.print_json({**told, **tables, "in_no_product": found.other})
        return
    money = output.amount(2)
    columns = {name: output.text if name == "product" else money for name in found.products.columns}
    rows = output.rows_of(found.products, columns)
    rows.append(["in all", *(money(float(found.products[name].sum())) for name in list(columns)[1:])])
    title = f"Absorbed cost of {answer.case.name} ({found.currency})"
    said = {"activity": output.text, "driver": output.text, "rate": output.share(), "amount": money}
    pools = output.rows_of(found.pools, said)
    (output.print_tables if format_ == "table" else output.print_markdown)(
        [
            (title, list(columns), rows, [name != "product" for name in columns]),
            (f"Pools ({found.currency})", ["activity", "driver", "share of spend", "amount"], pools, [False, False, True, True]),
        ]
    )  # fmt: skip
    click.echo(
        "Pools are estimates of the cost model, a share of the spend each; they come on top of it and decide nothing."
    )
    if abs(found.other) >= 0.005:
        click.echo(f"In no product: {money(found.other)} {found.currency} of fees, idle hours, hiring and levers.")
