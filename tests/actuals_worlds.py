"""Exports in a test: files and maps written to a folder, and imported under a key that is always the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from allocate.actuals.importing import Imported, import_exports
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
