"""The cost model that ships: every figure with its unit, its source, and how it was obtained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from sources import ROOT

FOLDER = ROOT / "models" / "annotation"
LONG = 60


def figures() -> str:
    """A section for each file and a table for each entry of it."""
    parts = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for key, entries in YAML(typ="safe").load(path.read_text(encoding="utf-8")).items():
            if not isinstance(entries, dict):
                continue
            rows = list(_rows(entries, ""))
            if rows:
                parts += [f"## {key}", "", f"From `models/annotation/{path.name}`.", ""]
                parts += ["| figure | value | obtained | source |", "|---|---|---|---|", *rows, ""]
    return "\n".join(parts)


def _rows(node: Any, path: str) -> Iterator[str]:
    if not isinstance(node, dict):
        return
    if "value" in node and "source" in node:
        source, status = _cell(node["source"]), _cell(node.get("status", "")) or "–"
        yield f"| `{path}` | {_cell(node['value'])} | {status} | {source} |"
        return
    for key, below in node.items():
        yield from _rows(below, f"{path}.{key}" if path else str(key))


def _cell(value: Any) -> str:
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")
