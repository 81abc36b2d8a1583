"""Total cost of ownership, and absorbed cost, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from allocate.answers import Answer
from allocate.cli import output
from allocate.finance.absorbed import Absorbed
from allocate.finance.ownership import CATEGORIES, ERRORS, Ownership
from allocate.record.plain_values import records
from allocate.tables.column import Column, Grid, grid
from allocate.tables.formats import COUNT, FIGURE, MONEY, TEXT, Format
from allocate.tables.tools import POOLS

Found = tuple[Answer, Ownership]


def print_ownership(answer: Answer, found: Ownership, format_: str) -> None:
    """Every cost by category and year; or, as CSV, one row for each."""
    if not output.print_data(format_, lambda: _as_json(answer, found), lambda: found.costs):
        output.print_grids([_block(answer, found)], format_)
        click.echo(_convention(found))


def print_comparison(one: Found, other: Found, format_: str) -> None:
    """Two plans side by side; or, as CSV, the rows of both with the scenario before them."""
    import pandas as pd

    def rows() -> pd.DataFrame:
        tables = [found.costs.assign(scenario=_scenario(answer)) for answer, found in (one, other)]
        both = pd.concat(tables, ignore_index=True)
        return both[["scenario", *both.columns.drop("scenario")]]

    if not output.print_data(format_, lambda: {"plans": [_as_json(*one), _as_json(*other)]}, rows):
        output.print_grids([_block(*one), _block(*other), _beside(one, other)], format_)
        click.echo(_convention(one[1]))
        click.echo(_verdict(one, other))


def _scenario(answer: Answer) -> str:
    return answer.case.scenario or "as it stands"


def _named(answer: Answer) -> str:
    return f"{answer.case.name}, {_scenario(answer)}" if answer.case.scenario else answer.case.name


def _block(answer: Answer, found: Ownership) -> Grid:
    """Categories down, years across."""
    times = found.made["when"].tolist()
    column = found.per.replace("-", "_")
    paid = found.costs if found.per == "category" else found.costs[found.costs["spent"]]
    nominal = paid.pivot_table(index=column, columns="when", values="nominal", aggfunc="sum", fill_value=0.0)
    money, used = MONEY, set(found.costs["category"])
    rows: list[list[str]] = []

    def add(name: str, amounts: Iterable[float], show: Format = money, total: Any = None) -> None:
        listed = list(amounts)
        rows.append([name, *(show(amount) for amount in listed), show(sum(listed) if total is None else total)])

    def of(name: str, table: Any = nominal) -> list[float]:
        return [float(table.at[name, when]) if name in table.index and when in table.columns else 0.0 for when in times]

    largest = paid.groupby(column)["nominal"].sum().sort_values(ascending=False, kind="stable").index
    for name in CATEGORIES if found.per == "category" else largest:
        if name in nominal.index:
            add(name, of(name))
    by_time = found.costs.groupby(["spent", "when"])["nominal"].sum()
    spend, lost = ([float(by_time.get((spent, when), 0.0)) for when in times] for spent in (True, False))
    add("spend", spend)
    total = spend
    if ERRORS in used:
        add(f"{ERRORS} (not spent)", lost)
        total = [one + other for one, other in zip(spend, lost, strict=True)]
        add("total", total)
    worth: list[float] | None = None
    if found.discount is not None:
        sums = found.costs.groupby("when")["discounted"].sum()
        worth = [float(sums.get(when, 0.0)) for when in times]
        add("total, discounted" if ERRORS in used else "spend, discounted", worth)
    right = found.made["accurate_items"].tolist()
    add("accurate items", right, COUNT)
    for name, each, whole in _per_accurate(found, with_errors=ERRORS in used):
        add(name, each, FIGURE, float("nan") if whole is None else whole)
    title = f"Total cost of ownership of {_named(answer)} ({found.currency})"
    return Grid(title, [found.per, *times, "in all"], rows, [False, *[True] * (len(times) + 1)])


def _per_accurate(found: Ownership, *, with_errors: bool) -> Iterator[tuple[str, list[float], float | None]]:
    """What an item that is right costs, by the time of its work and in all; with errors, that and what escapes."""
    made, right = found.made, found.made["accurate_items"].tolist()
    for discounted in (False, True) if found.discount is not None else (False,):
        before = "discounted_" if discounted else ""
        for errors in (False, True) if with_errors else (False,):
            money = (made[f"{before}cost"] + (made[f"{before}errors"] if errors else 0.0)).tolist()
            each = [amount / items if items > 0 else float("nan") for amount, items in zip(money, right, strict=True)]
            yield PER_ACCURATE[errors, discounted], each, found.per_accurate_item(errors=errors, discounted=discounted)


PER_ACCURATE = {
    (errors, discounted): f"cost per accurate item{', with errors' * errors}{', discounted' * discounted}"
    for errors in (False, True)
    for discounted in (False, True)
}
"""What figures per item that is right are called, by whether escaped errors are counted and whether it is discounted."""


def _beside(one: Found, other: Found) -> Grid:
    """What each category comes to in both plans, and the difference."""
    money = MONEY
    sums = [_sums(found) for _, found in (one, other)]
    rows = []
    for name in (*CATEGORIES, ERRORS) if one[1].per == "category" else dict.fromkeys([*sums[0], *sums[1]]):
        if any(name in each for each in sums):
            mine, its = (each.get(name, 0.0) for each in sums)
            rows.append([name, money(mine), money(its), money(mine - its)])
    figures = [("total", "total", money), ("total, discounted", "discounted", money)]
    figures += [("accurate items", "accurate_items", COUNT)]
    both = [(name, getattr(one[1], figure), getattr(other[1], figure), show) for name, figure, show in figures]
    with_errors = any(ERRORS in each for each in sums)
    mine_each, its_each = (
        {name: whole for name, _, whole in _per_accurate(found, with_errors=with_errors)} for _, found in (one, other)
    )
    both += [(name, whole, its_each.get(name), FIGURE) for name, whole in mine_each.items()]
    for name, mine_, its_, show in both:
        if mine_ is not None and its_ is not None:
            rows.append([name, show(mine_), show(its_), show(mine_ - its_)])
    header = [one[1].per, _scenario(one[0]), _scenario(other[0]), "difference"]
    return Grid(f"Side by side ({one[1].currency})", header, rows, [False, True, True, True])


def _sums(found: Ownership) -> dict[str, float]:
    """What each row comes to, escaped errors in one of their own."""
    spent = found.costs["spent"]
    named = found.costs[found.per.replace("-", "_")].where(spent, ERRORS)
    return {
        str(name): float(amount) for name, amount in found.costs.groupby(named, sort=False)["nominal"].sum().items()
    }


def _verdict(one: Found, other: Found) -> str:
    """Which of two plans costs less, and by how much."""
    discounted = one[1].discounted is not None and other[1].discounted is not None
    mine, its = ((f.discounted if discounted else f.total) or 0.0 for f in (one[1], other[1]))
    counted = ", discounted" if discounted else ""
    if abs(mine - its) < 0.005:
        return f"Both cost the same{counted}."
    less, more = (one, other) if mine < its else (other, one)
    by = f"{MONEY(abs(mine - its))} {one[1].currency}"
    return f"'{_scenario(less[0])}' costs {by} less than '{_scenario(more[0])}'{counted}."


def _convention(found: Ownership) -> str:
    said = f"A cost stands in the {found.by} in which its period begins"
    if found.by_days:
        said = f"The cost of a week is split over {found.by}s by its days"
    if found.discount is None:
        said += "; the case names no `discount:`, so nothing is discounted."
    else:
        rate = f"{100 * found.discount:.4g} %"
        said += f"; discounted at {rate} a year from the period's end to the start of the horizon."
    if found.paid_after:
        amount = f"{MONEY(found.paid_after)} {found.currency}"
        said += f"\nPeriods are those in which it is paid, on the day it is due: {amount} after the horizon, the last in {found.last_paid}."
    if found.moved:
        said += f"\nWhat an accurate item costs is what the work of its {found.by} is owed, whenever that is billed and paid."
    return said


def _as_json(answer: Answer, found: Ownership) -> dict[str, Any]:
    return {
        "case": answer.case.name,
        "scenario": answer.case.scenario,
        "currency": found.currency,
        "by": found.by,
        "per": found.per,
        "discount_per_year": found.discount,
        "spend": found.spend,
        "total": found.total,
        "discounted": found.discounted,
        "accurate_items": found.accurate_items,
        "cost_per_accurate_item": found.per_accurate_item(),
        "with_errors_per_accurate_item": found.per_accurate_item(errors=True),
        "discounted_per_accurate_item": found.per_accurate_item(discounted=True)
        if found.discount is not None
        else None,
        "costs": records(found.costs),
        "made": records(found.made),
    }


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
