"""Exports of platforms, timesheets and invoices read into one folder: a table of work, one of periods, and what was cleaned."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from allocate.actuals.cleaning import Cleaned, clean, cleaned_rows
from allocate.actuals.fields import Problems
from allocate.actuals.mapping import Mapped, read_map
from allocate.actuals.people import key_of, shown, without_people
from allocate.actuals.periods import By, by_period
from allocate.actuals.readers import KINDS
from allocate.actuals.readers.kinds import File, Kind
from allocate.actuals.work import OUTCOMES, ROLES, WORK, Rows, coded
from allocate.case.names import nearest
from allocate.case.spreadsheet_text import inert
from allocate.errors import CaseError, Place
from allocate.input_limits import EXPORT_ROWS
from allocate.writing import check_can_fill, make_folder, write_whole, written_whole

if TYPE_CHECKING:
    import pandas as pd

LABELS, PERIODS_FILE, RECORD = "labels.csv", "periods.csv", "import.json"
BLOCK = 100_000
"""Rows written at a time."""
FILES = (LABELS, PERIODS_FILE, RECORD)


@dataclass(frozen=True, eq=False)
class Imported:
    """What an import read, and what it made of it."""

    work: pd.DataFrame
    """The table of work, columns of `WORK`."""
    periods: pd.DataFrame
    """The table of periods, columns of `PERIODS`."""
    cleaned: tuple[Cleaned, ...]
    """What cleaning found, rule by rule."""
    files: tuple[dict[str, Any], ...]
    """Name, kind, SHA-256 and rows of every file."""

    def summary(self) -> dict[str, Any]:
        """Figures of the import as JSON has them."""
        labels = self.work[self.work["role"].isin(("label", "rework", "agreement"))]
        days = sorted(day for day in self.work["date"].cat.categories if day)
        return {
            "files": list(self.files),
            "rows": len(self.work),
            "labels": len(labels),
            "items": float(self.periods["items"].sum()),
            "people": int(labels["annotator"].astype(str).replace("", None).nunique()),
            "first_day": days[0] if days else None,
            "last_day": days[-1] if days else None,
            "hours_active": float(self.periods["hours_active"].sum()),
            "hours_lost": float(self.periods["hours_lost"].sum()),
            "hours_paid": float(self.periods["hours_paid"].sum()),
            "spend": {name: float(rows["spend"].sum()) for name, rows in self.periods.groupby("currency") if name},
            "cleaned": cleaned_rows(list(self.cleaned)),
        }


def kind_named(name: str) -> Kind:
    """A kind of export; CaseError with a suggestion where there is none of the name."""
    if name not in KINDS:
        close = nearest(name, KINDS)
        fix = f"did you mean '{close}'?" if close else f"write one of: {', '.join(KINDS)}"
        raise CaseError.of(f"there is no kind of export '{name}'", None, fix)
    return KINDS[name]


def read_exports(files: Sequence[tuple[Path, Kind]], mapped: Mapped) -> tuple[Rows, tuple[dict[str, Any], ...]]:
    """All rows of some files; CaseError with every problem of every file, and with every value the map has no name for."""
    rows, problems, told = Rows(tuple(mapped.drivers)), Problems(), []
    for path, kind in files:
        before = len(rows)
        kind.read(File(path, path.name, mapped, rows, problems, kind))
        if len(rows) > EXPORT_ROWS:
            message = f"the files have more than {EXPORT_ROWS:,} rows of work"
            raise CaseError.of(message, Place(path.name), "import a quarter at a time")
        told.append({"file": path.name, "kind": kind.name, "sha256": _digest(path), "rows": len(rows) - before})
    problems.found += mapped.problems(shown)
    problems.end()
    if not len(rows):
        raise CaseError.of("the files hold no work", Place(files[0][0].name), files[0][1].get_it)
    return rows, tuple(told)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def import_exports(files: Sequence[tuple[Path, Kind]], mapped: Mapped, key: bytes, by: By = "week") -> Imported:
    """Exports read, cleaned and added up; people become codes under the key.

    Raises CaseError with all problems of the files and the map.
    """
    rows, told = read_exports(files, mapped)
    work = rows.frame()
    work["role"] = work["role"].cat.set_categories(list(ROLES))
    work["outcome"] = work["outcome"].cat.set_categories(list(OUTCOMES))
    del rows
    doubted = _doubted(work, files)
    work, cleaned = clean(work, mapped.spec.repeats)
    cleaned = [*doubted, *cleaned]
    work = without_people(_dated(work, mapped), key)
    cleaned += [one for one in [_undated(work)] if one.rows]
    return Imported(work, by_period(work, by), tuple(cleaned), told)


def _undated(work: pd.DataFrame) -> Cleaned:
    """Work of no day, which no week of a bridge, of tracking or of a plan can count."""
    some = ((work["date"] == "") & (work["role"] != "review")).to_numpy()
    effect = "in no period; the map's `columns: {submitted: …}` names the column of a table that has it"
    return Cleaned("without a day", int(some.sum()), float(np.nansum(work["seconds"].to_numpy()[some])), effect)


def _doubted(work: pd.DataFrame, files: Sequence[tuple[Path, Kind]]) -> list[Cleaned]:
    """What is known of wrong times in files of each kind."""
    found = []
    for kind in {kind.name: kind for _, kind in files if kind.doubted is not None}.values():
        assert kind.doubted is not None
        own = work[work["source"].isin([path.name for path, one in files if one.name == kind.name])]
        found += [one for one in kind.doubted(own) if one.rows]
    return found


def _dated(work: pd.DataFrame, mapped: Mapped) -> pd.DataFrame:
    """With the day each row was submitted (or else begun), in the zone of the map."""
    import pandas as pd

    moments = work["submitted"].fillna(work["started"])
    zoned = pd.to_datetime(moments, unit="s", utc=True).dt.tz_convert(mapped.zone).dt.tz_localize(None)
    days = zoned.to_numpy().astype("datetime64[D]")
    known, codes = np.unique(days, return_inverse=True)
    names = ["" if np.isnat(day) else str(day) for day in known]
    index = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return work.assign(date=coded(np.array([index[name] for name in names])[codes], list(index)))


def write_actuals(files: Sequence[Path], kind: str, map_path: Path, out: Path, by: By = "week") -> Imported:
    """Import files of a kind into a folder: labels.csv, periods.csv, import.json, and the key of people's codes.

    Raises CaseError with all problems; then nothing is written.
    """
    wanted = kind_named(kind)
    check_can_fill(out, FILES)
    mapped = read_map(map_path)
    make_folder(out)
    imported = import_exports([(path, wanted) for path in files], mapped, key_of(out), by)
    with written_whole(out / LABELS) as beside:
        _write_work(imported.work, beside)
    write_whole(out / PERIODS_FILE, _figures(imported.periods).to_csv(index=False, lineterminator="\n"))
    record = {"format": "allocate-actuals/1", "by": by, "map": _digest(map_path), **imported.summary()}
    write_whole(out / RECORD, json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    return imported


def _write_work(work: pd.DataFrame, path: Path) -> None:
    """The table of work as a file: times as ISO 8601, times at work to the millisecond, texts that are no formulas."""
    import pandas as pd

    drivers = [str(name) for name in work if str(name).startswith("drivers.")]
    names = [column.name for column in WORK]
    at = names.index("outcome")
    names = [*names[:at], *drivers, *names[at:]]
    words = {
        name: work[name].cat.categories for name in names if name not in drivers and work[name].dtype == "category"
    }
    texts = {name: np.array([*map(inert, map(str, known)), ""], dtype=object) for name, known in words.items()}
    with path.open("w", encoding="utf-8", newline="") as file:
        for start in range(0, len(work), BLOCK):
            block = work.iloc[start : start + BLOCK]
            written = {name: texts[name][block[name].cat.codes] if name in texts else block[name] for name in names}
            written |= {name: _moments(block[name].to_numpy()) for name in ("started", "submitted")}
            written |= {name: block[name].round(3) for name in ("seconds", "cut")}
            written["row"] = block["row"].astype("Int64")
            pd.DataFrame(written).to_csv(file, index=False, lineterminator="\n", header=not start)


def _moments(seconds: NDArray[np.float64]) -> NDArray[Any]:
    """Times as ISO 8601 in UTC, to the second; empty where there is none."""
    known = ~np.isnan(seconds)
    texts = np.full(len(seconds), "", dtype=object)
    texts[known] = np.char.add(np.datetime_as_string(np.floor(seconds[known]).astype("datetime64[s]")), "Z")
    return texts


def _figures(table: pd.DataFrame) -> pd.DataFrame:
    """Figures to six decimals, which is a hundredth of a second of an hour and less; texts that are no formulas."""
    texts = {name: table[name].map(inert) for name in ("product", "vendor", "workflow", "source")}
    return table.round(6).assign(**texts)
