"""Variants side by side as a report: what each comes to, who gains and who loses, and when the work is done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from allocate.case.load import Case
from allocate.errors import readable
from allocate.reporting import charts
from allocate.reporting.document import Chart, Report, Section, Table
from allocate.reporting.material import listing, table
from allocate.reporting.wording import counted, named
from allocate.study.compare import Comparison
from allocate.study.study import Row
from allocate.tables.column import headed
from allocate.tables.formats import FIGURES, SIGNED, SIGNED_COUNT, Format, money
from allocate.tables.studies import COMPARE, PARTS

COLOURED = 7
"""Vendors or products with a colour of their own."""
SHOWN = 12
"""Variants a picture shows, and rows of a table that stand on the page."""
OTHERS = "all others"
MOST_NOTES = 3
"""Sentences on variants that stand at the head; more are a list of their own."""
MOVED = 0.005
"""Money below which nothing moved."""
SPENT = Format(lambda spend: spend if isinstance(spend, str) else money(spend))
"""Spend, or what became of a variant that has none."""


def compose_comparison(found: Comparison, versions: Mapping[str, str]) -> Report:
    """The report of a comparison; versions: of what it was made with."""
    case, rows = found.study.case, found.study.rows
    names = named([row["variant"] for row in rows], 48)
    notes = found.study.notes
    sections = [
        *(
            [Section("In short", points=tuple(readable(note, 600) for note in notes), is_wide=True)]
            * (len(notes) > MOST_NOTES)
        ),
        _totals(found, names),
        *(part for key in ("vendor", "product") if (part := _spend(found, names, key)) is not None),
        *(part for key in ("vendor", "product") if (part := _changed(found, names, key)) is not None),
        *_prices(found, names),
    ]
    return Report(
        title="Side by side",
        subtitle=f"{counted(len(rows), 'plan')} held against {names[rows[0]['variant']]}",
        headline=_headline(found, names),
        sentences=tuple(readable(note, 600) for note in notes) if len(notes) <= MOST_NOTES else (),
        tiles=(),
        sections=tuple(sections),
        provenance=_provenance(case, names, versions),
    )


def _prices(found: Comparison, names: Mapping[str, str]) -> list[Section]:
    """Prices that differ between variants, such as rounds of offers; nothing where all ask the same."""
    if not found.prices:
        return []
    cells = [
        [*(readable(name, 60) or "any" for name in key), *(readable(one or "–", 40) for one in prices)]
        for key, prices in found.lines
    ]
    header = ["product", "vendor", "workflow", *(names[row["variant"]] for row in found.study.rows)]
    words = ("As each variant writes them; of prices by volume the first step's.",)
    return [Section("Prices that differ", words, tables=(table("lines", header, cells, 3, shown=SHOWN),), is_wide=True)]


def _headline(found: Comparison, names: Mapping[str, str]) -> str:
    """Which variant reaches most (for a cost, least), and how far that is from the first."""
    rows, currency = found.study.rows, found.study.case.currency
    goals = {row["aim"] for row in rows}
    there = [row for row in rows if row["objective"] is not None]
    if not there:
        return "None of the variants has a plan."
    if len(goals) > 1:
        return "The variants have different objectives: compare what they spend and what it returns."
    (goal,) = goals
    best = (min if goal == "cost" else max)(there, key=lambda row: row["objective"])
    word, words = ("lowest" if goal == "cost" else "highest"), goal.replace("-", " ")
    told = f"{names[best['variant']]} has the {word} {words}: {money(best['objective'])} {currency}"
    first = rows[0]["objective"]
    if best is rows[0] or first is None:
        return f"{told}."
    return f"{told}, {money(abs(best['objective'] - first))} {'less' if goal == 'cost' else 'more'} than {names[rows[0]['variant']]}."


def _totals(found: Comparison, names: Mapping[str, str]) -> Section:
    rows, currency = found.study.rows, found.study.case.currency
    valued = any(row["value"] for row in rows)
    heads: dict[str, str | tuple[str, Format]] = {
        "variant": "variant",
        "spend": ("spend", SPENT),
        "spend_change": ("change", SIGNED),
    }
    if valued:
        heads |= {"value": "value", "net_value": "net value", "net_value_change": ("change", SIGNED)}
    heads |= {
        "items": "items",
        "accuracy": "accuracy",
        "cost_per_item": "per item",
        "cost_per_accurate_item": "per accurate item",
        "vendors_used": "vendors",
    }
    columns = headed(COMPARE, **heads, last_delivery=("last delivery", FIGURES))
    done = listing("variants", columns, [_with_each(row, names) for row in rows], shown=len(rows))
    without = [
        f"{names[row['variant']]} has no plan: {readable(row['why'], 300)}"
        for row in rows
        if row["spend"] is None and row["why"]
    ]
    return Section(
        "What each comes to", (f"Money is in {currency}.",), tables=(done,), points=tuple(without), is_wide=True
    )


def _with_each(row: Row, names: Mapping[str, str]) -> Row:
    """A variant's totals; the status in place of the spend where it has no plan."""
    if row["spend"] is None:
        return {**dict.fromkeys(row), "variant": names[row["variant"]], "spend": row["status"]}
    return {**row, "variant": names[row["variant"]]}


def _spend(found: Comparison, names: Mapping[str, str], key: str) -> Section | None:
    """Spend of each variant, parted by vendor or product."""
    rows = [row for row in (found.vendors if key == "vendor" else found.products) if abs(row["spend"]) > MOVED]
    parts = list(dict.fromkeys(row[key] for row in rows))
    if not parts:
        return None
    words, variants = named(parts), list(dict.fromkeys(row["variant"] for row in rows))
    own = sorted(parts, key=lambda part: -sum(row["spend"] for row in rows if row[key] == part))
    own = own if len(own) <= COLOURED + 1 else own[:COLOURED]
    shown, cells = variants[:SHOWN], dict[tuple[str, str], float]()
    for row in rows:
        at = names[row["variant"]], words[row[key]] if row[key] in own else OTHERS
        cells[at] = cells.get(at, 0.0) + row["spend"]
    series = [words[part] for part in own] + ([OTHERS] if len(parts) > len(own) else [])
    order = [names[variant] for variant in shown]
    drawn = [{"name": n, "series": s, "amount": cells[n, s]} for n in order for s in series if (n, s) in cells]
    notes = [f"the first {len(shown)} of {len(variants)} variants"] if len(shown) < len(variants) else []
    notes += (
        [f"the {len(own)} of {len(parts)} {key}s with the largest spend have a colour of their own"]
        if len(own) < len(parts)
        else []
    )
    currency = found.study.case.currency
    chart = Chart(
        charts.stacked(drawn, order, series, currency, charts.WIDE),
        f"Bars of spend by variant, parted by {key}; the figures are in the table behind the picture.",
        _figures(rows, key, (names, words), variants),
        is_wide=True,
        note="; ".join(notes),
    )
    return Section(f"Spend by {key}", (), chart, is_wide=True)


def _figures(
    rows: Sequence[Row], key: str, names: tuple[Mapping[str, str], Mapping[str, str]], variants: Sequence[str]
) -> Table:
    spent = {(row[key], row["variant"]): row["spend"] for row in rows}
    parts = list(dict.fromkeys(row[key] for row in rows))
    cells = [[names[1][part], *(money(spent.get((part, one), 0.0)) for one in variants)] for part in parts]
    cells.append(["in all", *(money(sum(spent.get((part, one), 0.0) for part in parts)) for one in variants)])
    return table(f"{key}s", [key, *(names[0][one] for one in variants)], cells, shown=len(cells))


def _changed(found: Comparison, names: Mapping[str, str], key: str) -> Section | None:
    """Who makes more and who less than in the first variant, and when."""
    first = found.study.rows[0]["variant"]
    rows = [
        row
        for row in (found.vendors if key == "vendor" else found.products)
        if row["variant"] != first
        and (abs(row["spend_change"]) > MOVED or abs(row["items_change"]) > 0.5 or row["periods_later"])
    ]
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: -abs(row["spend_change"]))
    words, unit = named(dict.fromkeys(row[key] for row in rows)), found.study.case.periods.unit
    columns = headed(
        PARTS, **{key: key}, variant="variant", spend="spend", spend_change=("change", SIGNED), items="items",
        items_change=("change", SIGNED_COUNT), last_delivery=("last delivery", FIGURES),
        periods_later=(f"{unit}s later", SIGNED_COUNT),
    )  # fmt: skip
    told = [{**row, key: words[row[key]], "variant": names[row["variant"]]} for row in rows]
    title = "Who gains and who loses" if key == "vendor" else "Which products move"
    done = listing(f"changes of {key}s", columns, told, shown=SHOWN, order="largest change first")
    return Section(title, (f"Against {names[first]}.",), tables=(done,), is_wide=True)


def _provenance(case: Case, names: Mapping[str, str], versions: Mapping[str, str]) -> Section:
    every = hashlib.sha256("".join(f"{k}\0{v}\0" for k, v in sorted(case.inputs.items())).encode()).hexdigest()
    told = (
        "Every plan is the best of its variant, verified without the solver.",
        ", ".join(f"{name} {number}" for name, number in versions.items()) + ".",
        f"All inputs of {next(iter(names.values()))} together: SHA-256 {every[:16]}.",
    )
    rows: list[list[Any]] = [[name, digest] for name, digest in case.inputs.items()]
    done = table("input files", ["file", "SHA-256"], rows, 2, shown=0 if rows else 1)
    return Section("How this was made", told, tables=(done,) if rows else (), is_wide=True)
