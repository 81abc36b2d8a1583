"""Exports in a test: files and maps written to a folder, and imported under a key that is always the same."""

from __future__ import annotations

import json
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from allocate.actuals.importing import Imported, import_exports, write_actuals
from allocate.actuals.mapping import read_map
from allocate.actuals.readers import KINDS

EXPORTS = Path(__file__).parent / "data" / "exports"
KEY = b"k" * 32
ONE = "product: scans\nvendor: acme\n"
"""The map of a file with one product by one vendor."""


def imported(tmp_path: Path, kind: str, *files: Path, text: str = ONE, **more: Any) -> Imported:
    """Files of a kind, imported with a map of this text."""
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return import_exports([(file, KINDS[kind]) for file in files], read_map(path), KEY, **more)


def put(tmp_path: Path, name: str, content: Any) -> Path:
    """A file with a text, or with something as JSON."""
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def counts(done: Imported) -> dict[str, tuple[int, float]]:
    """Rows and seconds of every rule of cleaning that found something, by the first words of the rule."""
    return {one.rule.split(" (")[0].split(":")[0]: (one.rows, round(one.seconds, 3)) for one in done.cleaned}


def annotation(number: int, **changed: Any) -> dict[str, Any]:
    """An annotation as Label Studio writes it."""
    return {
        "id": number, "completed_by": 1, "result": [], "was_cancelled": False, "ground_truth": False, "lead_time": 30.0,
        "created_at": "2027-02-01T10:00:00Z", "updated_at": "2027-02-01T10:00:00Z", **changed,
    }  # fmt: skip


def task(number: int, *annotations: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A task as Label Studio writes it."""
    return {"id": number, "project": 1, "data": {}, "annotations": list(annotations), **changed}


CASE: dict[str, Any] = {
    "case": "world", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 8}, "objective": "cost",
    "products": {"scans": {"item": "page", "effort": "30 s/page", "drivers": {"box": "3/page"}, "demand": "5_000 pages"}},
    "vendors": {
        name: {"people": "10 people", "hours": "40 h/week", "shrinkage": "15%", "contract": {"per": "hour", "price": "20 USD/h"}}
        for name in ("ada", "bo", "cy", "di", "eve")
    },
    "rates": [{"product": "scans", "vendor": name, "pace": "100 pages/h"} for name in ("ada", "bo", "cy", "di", "eve")],
    "workflows": ["single-pass"],
}  # fmt: skip
"""A case whose figures a world measures."""
WORLD_MAP = """product: scans
vendor: {by: vendor, else: none, of: {ada: ada, bo: bo, cy: cy, di: di, eve: eve}}
columns: {item: item, annotator: who, submitted: at, seconds: s, answer: answer, gold: gold}
times: s
drivers: {box: boxes}
"""


def world(folder: Path, number: int) -> tuple[list[Path], dict[str, float]]:
    """The records of a world in which the truth is known: folders of actuals, and each truth by the path of the case.

    People of a vendor differ by 15 to 45 % in their pace, times of one person by 50 %, vendors in everything.
    """
    chance = np.random.default_rng(np.random.SeedSequence([7, number]))
    truth: dict[str, float] = {"products.scans.drivers.box": float(chance.uniform(2.0, 5.0))}
    lines, sheet, item = ["vendor,item,who,at,s,boxes,answer,gold"], ["date,person,vendor,hours"], 0
    for vendor in ("ada", "bo", "cy", "di", "eve"):
        between, within, people = chance.uniform(0.15, 0.45), 0.5, int(chance.integers(6, 16))
        middle, accuracy, lost = chance.uniform(20.0, 45.0), chance.uniform(0.85, 0.98), chance.uniform(0.1, 0.3)
        truth[f"rates.scans.{vendor}.pace"] = 3600.0 / (middle * exp((between**2 + within**2) / 2.0))
        truth[f"rates.scans.{vendor}.accuracy"] = accuracy
        truth[f"vendors.{vendor}.shrinkage"] = lost
        own, worked = middle * np.exp(chance.normal(0.0, between, people)), np.zeros(6)
        for person in range(people):
            for n in range(40):
                week, seconds = n % 6, own[person] * np.exp(chance.normal(0.0, within))
                worked[week] += seconds
                item += 1
                at = np.datetime64("2027-01-04") + 7 * week
                gold, right = ("a", chance.random() < accuracy) if n % 4 == 0 else ("", True)
                boxes = chance.poisson(truth["products.scans.drivers.box"])
                lines.append(
                    f"{vendor},i{item},{vendor}{person},{at}T12:00:00Z,{seconds:.3f},{boxes},{'a' if right else 'b'},{gold}"
                )
        for week in range(6):
            share = (1.0 - lost) * np.exp(chance.normal(0.0, 0.06))
            sheet.append(f"{np.datetime64('2027-01-04') + 7 * week},,{vendor},{worked[week] / 3600.0 / share:.6f}")
    folder.mkdir()
    put(folder, "map.yaml", WORLD_MAP)
    put(
        folder,
        "sheet.yaml",
        "product: ''\nvendor: {by: vendor, else: none, of: {ada: ada, bo: bo, cy: cy, di: di, eve: eve}}\n",
    )
    write_actuals([put(folder, "w.csv", "\n".join(lines))], "table", folder / "map.yaml", folder / "work")
    return [folder / "work", timesheet(folder, sheet)], truth


def timesheet(folder: Path, lines: list[str]) -> Path:
    """A timesheet, imported."""
    write_actuals([put(folder, "t.csv", "\n".join(lines))], "timesheet", folder / "sheet.yaml", folder / "sheet")
    return folder / "sheet"


QUARTER: dict[str, Any] = {
    "case": "quarter", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 4}, "objective": "cost",
    "products": {"scans": {"item": "page", "effort": "36 s/page", "demand": "4_000 pages"}},
    "vendors": {"acme": {"accuracy": "100%", "capacity": "10 h/week", "contract": {"per": "hour", "price": "20 USD/h"}}},
    "rates": [{"product": "scans", "vendor": "acme", "pace": "100 pages/h"}], "workflows": ["single-pass"],
}  # fmt: skip
"""4,000 pages at 100 an hour and 20 USD an hour: 40 h, 800 USD."""
SECONDS = 45.0
"""What a page really took: 80 an hour."""


def pages(folder: Path, many: int = 400, day: str = "2027-01-05") -> Path:
    """Pages of 45 s each by eight people in the first week, with timesheet and bill where there are any."""
    folder.mkdir(exist_ok=True)
    lines = ["item,who,at,s,hours,amount"]
    lines += [f"i{n},p{n % 8},{day}T{8 + n % 8:02}:00:00Z,{SECONDS},," for n in range(many)]
    write_actuals(
        [put(folder, "w.csv", "\n".join(lines))], "table",
        put(folder, "m.yaml", "product: scans\nvendor: acme\ncolumns: {item: item, annotator: who, submitted: at, seconds: s}\ntimes: s\n"),
        folder / "work",
    )  # fmt: skip
    return folder / "work"


def more(folder: Path, kind: str, text: str) -> Path:
    """A timesheet or a bill, imported."""
    folder.mkdir(exist_ok=True)
    map_ = put(folder, "map.yaml", "product: {by: product, of: {scans: scans}, else: none}\nvendor: acme\n")
    write_actuals([put(folder, f"{kind}.csv", text)], kind, map_, folder / kind)
    return folder / kind
