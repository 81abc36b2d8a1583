"""Tables with a row for each judgment, person and period, day or invoice line; the map says which column is what."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.actuals.fields import LARGEST, LATEST, MOST_SECONDS, moment
from allocate.actuals.readers.blocks import Texts, blocks
from allocate.actuals.readers.figures import figures
from allocate.actuals.readers.kinds import File, Kind
from allocate.actuals.work import OUTCOMES, ROLES
from allocate.case.names import nearest
from allocate.currencies import coded
from allocate.errors import CaseError, Place, readable
from allocate.numerals import NUMERAL

UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
OURS = (
    "item", "annotator", "started", "submitted", "seconds", "hours", "items", "answer", "gold", "outcome", "role", "amount",
    "currency", "identity",
)  # fmt: skip
"""What a column of a table can be. hours: paid time. identity: the platform's own name of the row."""
MOST_HOURS = 1e6
"""Most hours of one row of a timesheet, which may be those of many people."""
_ZONES = {"PST": "-0800", "PDT": "-0700", "UTC": "+0000", "GMT": "+0000", "EST": "-0500", "EDT": "-0400"}
_SIGNS = r"[^\d\s.,+()*/?!%-]*"
_MONEY = re.compile(rf"(-?)({_SIGNS})\s?(-?{NUMERAL.pattern})\s?({_SIGNS})")
_CREDIT = re.compile(r"\((.*)\)")
_CODE = re.compile(r"[A-Z]{3}")


def refuse_missing(file: File, header: Texts, needed: Sequence[str], mapped: Sequence[str] = ()) -> bool:
    """Whether all columns that are needed are there; a problem for each that is not. mapped: those that the map names."""
    missing = [name for name in needed if name not in header]
    for name in missing:
        close = nearest(name, header)
        hint = f"; it has '{readable(close, 60)}'" if close else ""
        message = f"{file.shown} has no column '{readable(name, 60)}'{hint}"
        fix = "name a column it has in the map" if name in mapped else file.kind.get_it
        file.problems.add(message, Place(file.shown, 1, 1), fix, f"no column {name}")
    return not missing


def columns_of(file: File) -> dict[str, str]:
    """Which column of the file is which of ours: the kind's own, changed by the map."""
    given = file.mapped.spec.columns
    unknown = [name for name in given if name not in OURS]
    if unknown:
        close = nearest(unknown[0], OURS)
        fix = f"did you mean '{close}'?" if close else f"write one of: {', '.join(OURS)}"
        raise CaseError.of(f"the map knows no column '{readable(unknown[0], 60)}'", file.mapped.place, fix)
    return {**file.kind.columns, **given}


def read(file: File) -> None:
    """Rows of a table."""
    ours = columns_of(file)
    optional = {name for name in file.kind.optional if name not in file.mapped.spec.columns}
    by = [path for path in file.mapped.paths if path]
    for header, lines, cells in blocks(file):
        place = {name: position for position, name in enumerate(header)}
        drivers = [one.path for one in file.mapped.drivers.values()]
        own = [*file.mapped.spec.columns.values(), *by, *drivers]
        if not refuse_missing(file, header, [*(ours[one] for one in ours if one not in optional), *own], own):
            return
        if not lines:
            continue
        found = {one: cells[place[name]] for one, name in ours.items() if name in place}
        _block(file, found, lines, lambda name, cells=cells, place=place: cells[place[name]])  # type: ignore[misc]


def _block(
    file: File, found: Mapping[str, Sequence[str]], lines: Sequence[int], column: Callable[[str], Sequence[str]]
) -> None:
    """The rows of one block, column by column."""
    block = _Block(file, lines)
    count, names = len(lines), (file.mapped.product, file.mapped.vendor, file.mapped.workflow)
    products, vendors, workflows = (
        [one.name(cell) for cell in column(one.rule.by)] if one.rule.by else one.name("") for one in names
    )
    started = block.moments("started", found)
    submitted = block.moments("submitted", found)
    seconds, kind = block.times(found, started, submitted)
    role: str | Texts = file.kind.role
    if "role" in found:
        role = block.renamed(found["role"], {**_same(ROLES), **file.mapped.spec.roles}, "roles")
    outcome: str | Texts = "open"
    if "outcome" in found:
        known = {"": "open", **_same(OUTCOMES), **file.kind.outcomes, **file.mapped.spec.outcomes}
        outcome = block.renamed(found["outcome"], known, "outcomes")
    amount, currency = block.money(found)
    texts = {
        one: [cell.strip() for cell in found[one]]
        for one in ("item", "annotator", "answer", "gold", "identity")
        if one in found
    }
    if "identity" not in texts:
        texts["identity"] = [str(line) for line in lines]
    items = block.numbers("items", found["items"]) if "items" in found else 1.0 if file.kind.role == "label" else 0.0
    file.rows.extend(
        count, [block.driver(column(one.path), one.counted) for one in file.mapped.drivers.values()],
        product=products, vendor=vendors, workflow=workflows, role=role, outcome=outcome, seconds=seconds,
        seconds_kind=kind, started=started, submitted=submitted, amount=amount, currency=currency, items=items,
        source=file.shown, row=np.asarray(lines, dtype=float), sliced=float(file.kind.sliced), **texts,
    )  # fmt: skip


class _Block:
    """The cells of one block turned into figures, with a problem for the first that is none."""

    def __init__(self, file: File, lines: Sequence[int]) -> None:
        self.file, self.lines = file, lines

    def _wrong(self, row: int, name: str, text: str, expected: str, fix: str) -> None:
        place = Place(self.file.shown, self.lines[row], 1)
        message = f"'{readable(text, 60)}' in the column for {name} is not {expected}"
        self.file.problems.add(message, place, fix, f"{name} is not {expected}")

    def numbers(self, name: str, cells: Sequence[str], most: float = LARGEST) -> NDArray[np.float64]:
        """Figures from 0 on; nan for empty cells."""
        values = self.figures(name, cells)
        empty = np.array([not cell.strip() for cell in cells])
        bad = ~empty & ~((values >= 0.0) & (values <= most))
        if bad.any():
            row = int(np.argmax(bad))
            wanted = "a number from 0 on" if most == LARGEST else f"a number from 0 to {most:,.0f}"
            self._wrong(row, name, cells[row], wanted, "write plain figures, as in 12.5")
        return np.where(bad, np.nan, values)

    def figures(self, name: str, cells: Sequence[str]) -> NDArray[np.float64]:
        """Figures with the decimal mark of the map or of the column; a problem for one that has two readings."""
        column = figures(cells, self.file.mapped.spec.decimals or "")
        if column.unclear is not None:
            fix = "write `decimals: ','` in the map where a comma stands before decimals, else `decimals: '.'`"
            self._wrong(column.unclear, name, cells[column.unclear], "a number with one reading", fix)
        return column.values

    def driver(self, cells: Sequence[str], counted: bool) -> NDArray[np.float64]:
        """A driver: a figure, or the number of entries of a list; nan where a cell is neither."""
        if not counted:
            return self.numbers("drivers", cells)
        return np.array([_entries(cell) for cell in cells])

    def moments(self, name: str, found: Mapping[str, Sequence[str]]) -> NDArray[np.float64]:
        """Times as s since 1970 UTC; nan for empty cells."""
        if name not in found:
            return np.full(len(self.lines), np.nan)
        cells = found[name]
        pattern = self.file.mapped.spec.dates or self.file.kind.dates
        zone = self.file.mapped.zone
        values = _dated(cells, pattern, zone) if pattern else np.array([moment(cell, zone) for cell in cells])
        bad = np.isnan(values) & np.array([bool(cell.strip()) for cell in cells])
        if bad.any():
            row = int(np.argmax(bad))
            fix = "write `dates: '%d.%m.%Y %H:%M'` (or how the file has them) in the map"
            self._wrong(row, name, cells[row], f"a time as in `{pattern}`" if pattern else "an ISO 8601 time", fix)
        return values

    def times(
        self, found: Mapping[str, Sequence[str]], started: NDArray[np.float64], submitted: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], str]:
        """Time at work, s, and its kind: as the table has it, paid hours, or from begin to end."""
        if "hours" in found:
            hours = [f"{_clock(cell, 'h') / 3600.0!r}" if ":" in cell else cell for cell in found["hours"]]
            return 3600.0 * self.numbers("hours", hours, MOST_HOURS), "paid"
        if "seconds" in found:
            unit = self.file.mapped.spec.times or self.file.kind.times
            if not unit:
                fix = "write `times: s`, `ms`, `min` or `h` in the map"
                message = f"the map does not say in which unit {self.file.shown} has its times"
                raise CaseError.of(message, self.file.mapped.place, fix)
            cells = found["seconds"]
            plain = self.figures("seconds", ["" if ":" in cell else cell for cell in cells])
            values = np.array(
                [_clock(cell, unit) / UNITS[unit] if ":" in cell else plain[n] for n, cell in enumerate(cells)]
            )
            values = UNITS[unit] * values
            bad = ~((values >= 0.0) & (values <= MOST_SECONDS)) & np.array([bool(cell.strip()) for cell in cells])
            if bad.any():
                row = int(np.argmax(bad))
                self._wrong(row, "seconds", cells[row], f"a time in {unit}", "write plain figures, or h:mm:ss")
            return np.where(bad, np.nan, values), self.file.kind.seconds_kind
        return submitted - started, "elapsed"

    def renamed(self, cells: Sequence[str], known: Mapping[str, str], key: str) -> Texts:
        """Words of the platform as ours; a problem for those nobody told the meaning of."""
        lower = {name.lower(): ours for name, ours in known.items()}
        found = [lower.get(cell.strip().lower(), "") for cell in cells]
        unknown = sorted({cell for cell, ours in zip(cells, found, strict=True) if not ours})
        if unknown:
            row = found.index("")
            shown = ", ".join(f"'{readable(cell, 40)}'" for cell in unknown[:8])
            message = f"{self.file.shown} has {key} that the map does not know: {shown}"
            place = Place(self.file.shown, self.lines[row], 1)
            self.file.problems.add(message, place, f"add them under `{key}:` of the map", f"unknown {key}")
        return found

    def money(self, found: Mapping[str, Sequence[str]]) -> tuple[Any, Any]:
        """Amounts and their currencies."""
        if "amount" not in found:
            return np.nan, ""
        default = self.file.mapped.spec.currency or self.file.kind.currency
        apart = [_money(cell, default) for cell in found["amount"]]
        plain = self.figures("amount", [figure for figure, _ in apart])
        read = [(value, sign) for value, (_, sign) in zip(plain.tolist(), apart, strict=True)]
        own = [cell.strip() for cell in found["currency"]] if "currency" in found else [""] * len(read)
        currency = [
            mine or sign or default if not math.isnan(value) else ""
            for (value, sign), mine in zip(read, own, strict=True)
        ]
        for row, (cell, (value, _)) in enumerate(zip(found["amount"], read, strict=True)):
            if math.isnan(value) and cell.strip():
                self._wrong(row, "amount", cell, "an amount of money", "write it as in 12.50, 1.200,50 EUR or $0.05")
            elif not math.isnan(value) and not currency[row]:
                self._wrong(
                    row, "amount", cell, "in a known currency", "write `currency: USD` in the map, or name its column"
                )
        return np.array([value for value, _ in read]), currency


def _same(words: Sequence[str]) -> dict[str, str]:
    """Words that a table already has as ours."""
    return {word: word for word in words}


def _float(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _clock(cell: str, unit: str) -> float:
    """A time as h:mm:ss, s; as h:mm where times are in hours, else as mm:ss; nan for another."""
    parts = [_float(part) for part in cell.split(":")]
    if len(parts) > 3:
        return math.nan
    if len(parts) == 2 and unit == "h":
        parts.append(0.0)
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))


def _entries(cell: str) -> float:
    try:
        value = json.loads(cell) if cell.strip() else None
    except (ValueError, RecursionError):
        return math.nan
    return float(len(value)) if isinstance(value, list) else math.nan


def _money(cell: str, own: str) -> tuple[str, str]:
    """The figure of an amount and the currency its sign or code stands for; own: the currency of signs that several countries have."""
    text = cell.strip()
    credit = _CREDIT.fullmatch(text)  # as accountants write what is paid back
    match = _MONEY.fullmatch(credit[1] if credit else text)
    if (
        match is None
        or (match[2] and match[4] and not _CODE.fullmatch(match[4]))
        or (credit and "-" in match[1] + match[3])
    ):
        return "" if not text else "?", ""
    sign = match[4] or match[2] or ""
    code = sign if _CODE.fullmatch(sign) else coded(sign, own or None) or "" if sign else ""
    return f"{'-' if credit else match[1]}{match[3]}", code


def _dated(cells: Sequence[str], pattern: str, zone: tzinfo) -> NDArray[np.float64]:
    """Times by a pattern; `%Z` takes the names of zones that platforms write, as PST."""
    import pandas as pd

    texts = pd.Series(cells, dtype=object)
    if "%Z" in pattern:
        for name, offset in _ZONES.items():
            texts = texts.str.replace(f" {name} ", f" {offset} ", regex=False)
        pattern = pattern.replace("%Z", "%z")
    try:
        read = pd.to_datetime(texts, format=pattern, errors="coerce", utc="%z" in pattern)
        if read.dt.tz is None:
            read = read.dt.tz_localize(zone, ambiguous=np.ones(len(read), dtype=bool), nonexistent="shift_forward")
    except (ValueError, AttributeError, TypeError, OverflowError):
        return np.full(len(cells), np.nan)
    epoch = (read - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
    seconds = np.asarray(epoch.to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
    return np.where((seconds >= 0.0) & (seconds < LATEST), seconds, np.nan)


_TABLE = "a table as CSV or workbook (.xlsx), with the columns the map names"
KINDS = (
    Kind("table", "a table (CSV or .xlsx) with a row for each judgment", read, _TABLE),
    Kind(
        "mturk", "Amazon Mechanical Turk batch results (CSV)", read, "download the batch results as CSV",
        columns={
            "item": "HITId", "annotator": "WorkerId", "started": "AcceptTime", "submitted": "SubmitTime",
            "seconds": "WorkTimeInSeconds", "outcome": "AssignmentStatus", "amount": "Reward", "identity": "AssignmentId",
        },
        optional=("seconds", "outcome", "amount"), dates="%a %b %d %H:%M:%S %Z %Y", times="s", seconds_kind="elapsed",
        outcomes={"Submitted": "open", "Approved": "accepted", "Rejected": "rejected"}, currency="USD",
    ),
    Kind(
        "appen", "Appen or Figure Eight full report (CSV)", read, "download the full report of the job",
        columns={
            "item": "_unit_id", "annotator": "_worker_id", "started": "_started_at", "submitted": "_created_at", "identity": "_id",
        },
        dates="%m/%d/%Y %H:%M:%S",
    ),
    Kind(
        "toloka", "Toloka assignments (TSV)", read, "download the assignments of the pool as TSV",
        columns={
            "item": "ASSIGNMENT:task_id", "annotator": "ASSIGNMENT:worker_id", "started": "ASSIGNMENT:started",
            "submitted": "ASSIGNMENT:submitted", "outcome": "ASSIGNMENT:status",
        },
        outcomes={
            "ACCEPTED": "accepted", "APPROVED": "accepted", "REJECTED": "rejected", "SKIPPED": "skipped",
            "EXPIRED": "skipped", "SUBMITTED": "open", "ACTIVE": "open",
        },
        delimiter="\t",
    ),
    Kind(
        "v7", "V7 Darwin annotators report (CSV)", read, "download the annotators report",
        columns={
            "annotator": "actor_email", "submitted": "timestamp", "seconds": "active_time", "items": "total_items_annotated",
            "item": "dataset_slug",
        },
        product_by="dataset_name", vendor_by="actor_email", sliced=True,
    ),
    Kind(
        "encord", "Encord time spent (CSV of `list_time_spent`)", read, "write the rows of `project.list_time_spent()` as CSV",
        columns={
            "annotator": "user_email", "submitted": "period_start_time", "seconds": "time_spent_seconds", "item": "data_uuid", "role": "workflow_stage",
        },
        times="s", vendor_by="user_email", sliced=True,
    ),
    Kind(
        "timesheet", "a timesheet (CSV or .xlsx): date, person, hours", read, "write a table with date, person and hours",
        columns={"submitted": "date", "annotator": "person", "hours": "hours"}, optional=("annotator",), role="hours",
        vendor_by="vendor", sliced=True,
    ),
    Kind(
        "invoice", "invoice lines (CSV or .xlsx): date, amount, currency", read, "write a table with date, vendor and amount",
        columns={"submitted": "date", "amount": "amount", "currency": "currency", "items": "items", "item": "clause"},
        optional=("currency", "items", "item"), role="invoice", product_by="product", vendor_by="vendor", sliced=True,
    ),
)  # fmt: skip
