"""Plans as a star schema in CSV files, for tools that pivot: facts, dimensions, and a page that says what they are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocate.case.scenarios import pairs
from allocate.case.spreadsheet_text import inert
from allocate.costing.clauses.payment import DAY
from allocate.currencies import decimals
from allocate.errors import CaseError, readable
from allocate.finance.calendars import BYS, is_fiscal, label
from allocate.finance.invoice_table import all_money, invoice_table
from allocate.record.as_json import as_json
from allocate.record.plain_values import plain
from allocate.reporting.markdown import escaped
from allocate.reporting.wording import counted, is_own_people
from allocate.tables.column import names
from allocate.tables.frames import table_of
from allocate.tables.star import NONE, STAR
from allocate.writing import check_can_fill, make_folder, write_whole

if TYPE_CHECKING:
    from allocate.answers import Answer
    from allocate.case.load import Case
    from allocate.plan import Plan
    from allocate.study.study import Study

FILES = (*(f"{name}.csv" for name in STAR), "README.md")
"""What stands in the folder."""
NOTHING: dict[str, str | None] = {"product": "", "vendor": "", "workflow": "", "period": None}
"""Dimensions that facts may have none of, and what stands there then."""
TAG = "tag_"
"""What the columns of tags begin with."""

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def write_star(
    answers: Sequence[Answer], folder: Path, frontiers: Sequence[Study] = (), parquet: bool = False
) -> tuple[Path, ...]:
    """Write the tables of plans into a folder, made where it is not there, each file whole; their paths.

    frontiers: one for each answer, by budget. parquet: each table as Parquet, too, which needs pyarrow.

    Raises CaseError where one cannot be written.
    """
    found = star(answers, frontiers)
    texts: dict[str, str | bytes] = {f"{name}.csv": _csv(_heads(name, rows), rows) for name, rows in found.items()}
    if parquet:
        texts |= {f"{name}.parquet": _parquet(_heads(name, rows), rows) for name, rows in found.items()}
    texts["README.md"] = _page(answers, found)
    check_can_fill(folder, texts)
    make_folder(folder)
    return tuple(write_whole(folder / name, text) for name, text in texts.items())


def check_parquet() -> None:
    """Refuse early where Parquet cannot be written; CaseError with how to install what is missing."""
    if find_spec("pyarrow") is None:
        fix = "pip install pyarrow, or leave --parquet out"
        raise CaseError.of("Parquet needs pyarrow, which is not installed", None, fix)


def star(answers: Sequence[Answer], frontiers: Sequence[Study] = ()) -> Tables:
    """Every table of the star schema by its name, rows by column; see `STAR`. Each answer is a run, and a scenario of its own."""
    tables: Tables = {name: [] for name in STAR}
    keys = {name: _Keys(name) for name in NOTHING}
    for number, answer in enumerate(answers, 1):
        run = {"run_key": number, "scenario_key": number}
        tables["dim_scenario"].append(
            {"scenario_key": number, "scenario": answer.case.scenario or "", "settings": _settings(answer.case)}
        )
        tables["dim_run"].append({**as_json(answer), **run, "notes": "; ".join(answer.notes)})
        known = _known(answer, keys)
        if answer.plan is not None:
            for name, rows in _facts(answer, answer.plan, known):
                tables[name] += [{**run, **row} for row in rows]
        if frontiers:
            tables["fact_frontier"] += [{**run, **row} for row in frontiers[number - 1].rows]
    for name, one in keys.items():
        tables[f"dim_{name}"] = [{f"{name}_key": key, **row} for key, row in enumerate(one.rows)]
    return tables


class _Keys:
    """Rows of a dimension, each once; the key of a row is its place, and the first is that of nothing."""

    def __init__(self, name: str) -> None:
        self.rows: list[Row] = []
        self._places: dict[Hashable, int] = {}
        self.of({name: NOTHING[name]})

    def of(self, row: Row) -> int:
        """The key of a row, which is put at the end where it is new."""
        place = self._places.setdefault(tuple(row.items()), len(self.rows))
        if place == len(self.rows):
            self.rows.append(row)
        return place


Known = Mapping[str, Mapping[Any, int]]


def _known(answer: Answer, keys: Mapping[str, _Keys]) -> Known:
    """The keys of all that a case names, by dimension and name; what is not named has the key of nothing."""
    case, routes = answer.case, answer.routes
    items, (product_tags, vendor_tags) = dict(zip(routes.products, routes.items, strict=True)), case.tags
    products = {
        name: {"product": name, "item": items.get(name, ""), **_tagged(product_tags[name])} for name in case.products
    }
    vendors = {
        name: {"vendor": name, "own_people": is_own_people(case, name), **_tagged(vendor_tags[name])}
        for name in case.vendors
    }
    rows: dict[str, Mapping[Any, Row]] = {
        "product": products,
        "vendor": vendors,
        "workflow": {name: {"workflow": name} for name in routes.workflows},
        "period": {number + 1: _period(case, number) for number in range(case.periods.count)},
    }
    return {
        name: {NOTHING[name]: NONE, **{one: keys[name].of(row) for one, row in some.items()}}
        for name, some in rows.items()
    }


def _tagged(tags: Mapping[str, str]) -> Row:
    return {f"{TAG}{tag}": text for tag, text in sorted(tags.items())}


def _period(case: Case, number: int) -> Row:
    """A period of the horizon as its dimension has it; fiscal labels only where the case states a fiscal year."""
    first, last = case.periods.first_day(number), case.periods.first_day(number + 1) - DAY
    fiscal = {f"fiscal_{by}": label(case, last, by) for by in BYS} if is_fiscal(case) else {}
    return {
        "period": number + 1,
        "unit": case.periods.unit,
        "first_day": first,
        "last_day": last,
        "month": f"{last:%Y-%m}",
        "quarter": f"{last.year}-Q{(last.month + 2) // 3}",
        "year": str(last.year),
        **fiscal,
    }


def _settings(case: Case) -> str:
    """What a scenario changes, and what was set by hand, as text."""
    changes = case.file.scenarios.get(case.scenario, {}) if case.scenario else {}
    return "; ".join([*(f"{path}={_text(value)}" for path, value in pairs(changes)), *case.settings])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)


def _facts(answer: Answer, plan: Plan, known: Known) -> Iterator[tuple[str, Iterable[Row]]]:
    """The facts of a plan, table by table."""
    case = answer.case
    lines = all_money(plan)
    yield (
        "fact_plan",
        [_keyed(row, known) for row in lines.astype(object).where(lines.notna(), None).to_dict("records")],
    )
    owed = invoice_table(case, plan)
    coins = decimals(plan.currency)
    yield (
        "fact_invoice",
        [
            {**_keyed(row, known), "invoice_line": number, "amount": Decimal(f"{row['amount'] + 0.0:.{coins}f}")}
            for number, row in enumerate(_rows(owed), 1)
        ],
    )
    yield "fact_limits", _limits(answer, known)
    yield "fact_value", [_keyed(row, known) for row in _rows(table_of(plan, "products"))]


def _rows(table: Any) -> Iterator[Row]:
    return (dict(zip(table.columns, row, strict=True)) for row in table.rows())


def _keyed(row: Mapping[Any, Any], known: Known) -> Row:
    """A row with the keys of what it names."""
    return {**row, **{f"{name}_key": some[row[name]] for name, some in known.items() if name in row}}


def _limits(answer: Answer, known: Known) -> Iterator[Row]:
    """Every limit: what is used, what is left, and what one more unit of it changes."""
    for number, check in enumerate(answer.verification.checks if answer.verification is not None else (), 1):
        size = 100.0 if check.unit == "share" else 1.0
        worth = answer.worth(check)
        yield {
            "limit_number": number,
            "period_key": known["period"][None if check.period is None else check.period + 1],
            "limit": check.group or check.subject,
            "family": check.family,
            "sense": "at least" if check.at_least else "at most",
            "used": size * check.used,
            "amount": size * check.limit,
            "slack": size * check.slack,
            "unit": "points" if check.unit == "share" else check.unit,
            "binds": check.binding,
            "worth": None if worth is None else worth / size,
        }


def _heads(name: str, rows: Sequence[Row]) -> list[str]:
    """Columns of a table: those it always has, and those of tags."""
    tags = [key for row in rows for key in row if key.startswith(TAG)]
    return list(dict.fromkeys([*names(STAR[name].columns), *tags]))


def _csv(heads: Sequence[str], rows: Iterable[Row]) -> str:
    """Rows as CSV: figures to twelve significant digits, days as ISO 8601, nothing as nothing, no text a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(inert, heads))
    writer.writerows([_cell(row.get(head)) for head in heads] for row in rows)
    return file.getvalue()


def _parquet(heads: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Rows as Parquet: the same columns, days as dates, amounts of the invoice as decimals, flags as booleans."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {head: [_value(row.get(head)) for row in rows] for head in heads}
    file = io.BytesIO()
    pq.write_table(pa.table({head: pa.array(values) for head, values in columns.items()}), file)
    return file.getvalue()


def _value(value: Any) -> Any:
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, (date, Decimal)) else plain(value)


def _cell(value: Any) -> str:
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value + 0.0:.12g}"  # no zero below zero
    return str(value) if isinstance(value, (int, Decimal)) else inert(str(value))


def _page(answers: Sequence[Answer], tables: Tables) -> str:
    """What the tables are: grain, keys, columns with units."""
    case = answers[0].case
    currencies = ", ".join(dict.fromkeys(one.case.currency for one in answers))
    lines = [
        "# Tables of plans",
        "",
        f"Case {escaped(readable(case.name))}, {counted(len(answers), 'run')}, money in {escaped(currencies)}. Facts have keys and figures, dimensions say",
        f"what keys mean; the key {NONE} is none. Files are CSV in UTF-8 with a comma, a point for decimals, twelve digits and days as in 2027-01-04. A name",
        "that a spreadsheet would take for a formula has an apostrophe in front. Keys hold within one folder.",
        "",
        "Of each run, `amount` of `fact_invoice` and `cost` of `fact_plan` add up to `spend` of `dim_run`. Accuracy, scores and worths do not add up.",
        "",
    ]
    for name, table in STAR.items():
        known = {column.name: column for column in table.columns}
        lines += [f"## {name}", "", f"One row: {table.grain}. {counted(len(tables[name]), 'row')}.", ""]
        lines += [
            f"Key: {', '.join(f'`{key}`' for key in table.key)}.",
            "",
            "| column | unit | meaning |",
            "|---|---|---|",
        ]
        for head in _heads(name, tables[name]):
            column = known.get(head)
            unit, meaning = (column.unit, column.meaning) if column is not None else ("", "a tag of the case")
            lines.append(f"| {escaped(readable(head))} | {unit} | {meaning} |")
        lines.append("")
    return "\n".join(lines)
