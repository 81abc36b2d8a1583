"""Mutations that know the structure of what they change: keys and values of cases, cells of tables, parts of workbooks."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from allocate.case import schema
from allocate.case.document import copied, walk
from allocate.case.reference import EXAMPLES
from allocate.case.yaml_text import parse
from allocate.errors import CaseError

NUMBERS = (
    "0", "-1", "1", "0.5", "2", "7", "1e-9", "1e-19", "1e-300", "1e6", "1e9", "1e12", "1e15", "9e18", "1e19", "1e20", "1e308",
    "1e999", "-0", "nan", "inf", "-inf", "0x10", "1_000", "1,5", "2.500", "1.234.567", "10'000", "१२", "9" * 40, "50%", "150%", "-20%", "1/3",
)  # fmt: skip
UNITS = (
    "USD", "EUR", "XXX", "images", "USD/image", "USD/h", "h/week", "items/month", "weeks", "days", "points", "people", "s/image",
    "USD/1000 images", "USD/point", "EU", "%", "%/year", "h/day", "quarters", "USD/month", "/", "//", "per image",
)  # fmt: skip
WORDS = (
    "", "~", "null", "true", "no", "each", "any", "all", "week 0", "week 3", "week 99", "month 2", "2027-02-30", "2027-02-11",
    "9999-12-31", "0001-01-01", "horizon", "quarter", "\u202e", "\ud800", "\x00", "\x1b[31m", "a" * 300, "a" * 600, "=1+1",
    "../x.csv", "/etc/passwd", "rates.csv#Sheet", "cost", "value", "net-value", "é", "日本", "<b>", "x\ny", ".", "a.b", "[", "{",
)  # fmt: skip
SIGNS = (
    "", "[", "]", "{", "}", ": ", "- ", "'", '"', "&a ", "*a", "!!x ", "\t", "\0", "\u202e", "%", ",", ";", "\r", "\n", "#",
)  # fmt: skip
RAW = (b"\xff", b"\x00", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xc3", b"\x85", b"\xe2\x80\xa8")
BLOCKS = {
    name: block for name, block in vars(schema).items() if isinstance(block, type) and issubclass(block, BaseModel)
}
KEYS = sorted({field.alias or name for block in BLOCKS.values() for name, field in block.model_fields.items()})
SHOWN = sorted(EXAMPLES.values())


def value(chance: random.Random) -> Any:
    """Some value a person, or nobody, would write."""
    kind = chance.randrange(6)
    if kind < 3:
        return f"{chance.choice(NUMBERS)} {chance.choice(UNITS)}"
    if kind == 3:
        return chance.choice(NUMBERS)
    if kind == 4:
        return chance.choice(WORDS)
    return chance.choice(
        [[], {}, None, ["1"], [[]], {"a": {"b": []}}, [{"name": "x"}], parse_flow(chance.choice(SHOWN))]
    )


def parse_flow(text: str) -> Any:
    """An example of the reference as data."""
    return parse(f"x: {text}", "example").data["x"]


def tree(data: Any, chance: random.Random) -> Any:
    """Plain data with one change: a value, a key, an entry dropped, doubled, moved or made up."""
    places = list(walk(data))
    path, old = chance.choice(places[1:] or places)
    if not path:
        return {"case": value(chance)}
    parent = data
    for step in path[:-1]:
        parent = parent[step]
    last: Any = path[-1]
    kind = chance.randrange(9)
    if kind == 0:
        del parent[last]
    elif kind == 1:
        parent[last] = copied(chance.choice(places)[1])
    elif kind == 2 and isinstance(parent, dict):
        parent[chance.choice([*KEYS, *WORDS])] = parent.pop(last)
    elif kind == 3 and isinstance(parent, dict):
        parent[chance.choice(KEYS)] = value(chance)
    elif kind == 4 and isinstance(parent, list):
        parent.insert(
            chance.randint(0, len(parent)), copied(chance.choice(places)[1]) if chance.random() < 0.5 else value(chance)
        )
    elif kind == 5 and isinstance(old, str):
        parent[last] = amount(old, chance)
    elif kind == 6 and isinstance(old, dict):
        old[chance.choice(KEYS)] = value(chance)
    else:
        parent[last] = value(chance)
    return data


def amount(text: str, chance: random.Random) -> str:
    """A text with another number, or its number some powers of ten away, or other units."""
    kind = chance.randrange(3)
    number = re.search(r"[\d_.]+", text)
    if number is None:
        return text + chance.choice(WORDS)
    if kind == 0:
        return text[: number.start()] + chance.choice(NUMBERS) + text[number.end() :]
    if kind == 1:
        return text[: number.start()] + number[0] + f"e{chance.randint(-20, 20)}" + text[number.end() :]
    return text[: number.end()] + " " + chance.choice(UNITS)


def characters(text: bytes, chance: random.Random) -> bytes:
    """Text with a slip: a line dropped, doubled or moved, signs put in or taken out, bytes that are not text."""
    if not text:
        return chance.choice(RAW)
    lines = text.split(b"\n")
    here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
    kind = chance.randrange(7)
    if kind == 0:
        del lines[here]
    elif kind == 1:
        lines[here], lines[there] = lines[there], lines[here]
    elif kind == 2:
        lines.insert(here, lines[there])
    elif kind == 3:
        at = chance.randrange(len(lines[here]) + 1)
        lines[here] = lines[here][:at] + chance.choice(SIGNS).encode() + lines[here][at:]
    elif kind == 4:
        at = chance.randrange(len(lines[here]) + 1)
        lines[here] = lines[here][:at] + lines[here][at + chance.randrange(8) :]
    elif kind == 5:
        at = chance.randrange(len(lines[here]) + 1)
        lines[here] = lines[here][:at] + chance.choice(RAW) + lines[here][at:]
    else:
        return text[: chance.randrange(len(text))]
    return b"\n".join(lines)


def case_text(text: bytes, chance: random.Random) -> bytes:
    """A case with one to three changes of its data, or of its text."""
    if chance.random() < 0.2:
        return characters(text, chance)
    try:
        data = parse(text.decode(), "case.yaml").data
    except (CaseError, UnicodeDecodeError):
        return characters(text, chance)
    for _ in range(chance.randint(1, 3)):
        data = tree(data, chance)
    return json.dumps(data, ensure_ascii=chance.random() < 0.5, indent=1).encode("utf-8", "surrogatepass")


def table(text: bytes, chance: random.Random) -> bytes:
    """A table with a cell, a header, a row or its separator changed, or its text."""
    try:
        rows = list(csv.reader(io.StringIO(text.decode())))
    except (UnicodeDecodeError, csv.Error):
        return characters(text, chance)
    if not rows or not rows[0] or chance.random() < 0.2:
        return characters(text, chance)
    row = rows[chance.randrange(len(rows))]
    kind = chance.randrange(8)
    if kind < 3 and row:
        at = chance.randrange(len(row))
        row[at] = amount(row[at], chance) if chance.random() < 0.5 else str(value(chance))
    elif kind == 3:
        rows[0][chance.randrange(len(rows[0]))] = chance.choice(
            [*KEYS, *WORDS, "price [USD/image]", "a [", " " * 3000, "[" * 3000]
        )
    elif kind == 4:
        rows.insert(chance.randrange(len(rows)), list(row))
    elif kind == 5:
        rows.remove(row)
    elif kind == 6:
        row += ["x"] * chance.randint(1, 5)
    out = io.StringIO()
    csv.writer(out, delimiter=chance.choice(",,,;\t|"), lineterminator=chance.choice(["\n", "\r\n", "\r"])).writerows(
        rows
    )
    return out.getvalue().encode("utf-8", "surrogatepass")


def workbook(raw: bytes, chance: random.Random) -> bytes:
    """A workbook with a part changed, a cell put far away, a part left out or put in twice, or its bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        return characters(raw, chance)
    names = [name for name in parts if "sheet" in name or "shared" in name or "workbook" in name]
    kind = chance.randrange(6) if names else 0
    name = chance.choice(names or [""])
    if kind == 0:
        return characters(raw, chance)
    if kind == 1:
        del parts[name]
    elif kind == 2:
        cell = chance.choice(["XFD1048576", "B2", "A1", "ZZZ9", "A0", "1A", "", "AAAAAAAA1"])
        found = f'<row r="{chance.choice(["1", "2", "1048576", "0", "-1", "x"])}"><c r="{cell}"><v>{chance.choice(NUMBERS)}</v></c></row>'
        sheets = [one for one in parts if one.startswith("xl/worksheets/sheet")]
        if sheets:
            parts[sheets[0]] = parts[sheets[0]].replace(b"</sheetData>", found.encode() + b"</sheetData>")
    elif kind == 3:
        parts[name] = re.sub(
            rb"<v>[^<]*</v>",
            lambda m: f"<v>{chance.choice(NUMBERS)}</v>".encode() if chance.random() < 0.1 else m[0],
            parts[name],
        )
    elif kind == 4:
        parts[name] = re.sub(
            rb'"[^"]*"', lambda m: b'"' + chance.choice(RAW) + b'"' if chance.random() < 0.05 else m[0], parts[name]
        )
    else:
        parts[name] = characters(parts[name], chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in parts.items():
            archive.writestr(zipfile.ZipInfo(one), content)  # without the time of day, which differs each time
    return out.getvalue()


def plan(text: bytes, chance: random.Random) -> bytes:
    """A plan file with a figure, a key or its text changed."""
    if chance.random() < 0.25:
        return characters(text, chance)
    try:
        data = json.loads(text)
    except ValueError:
        return characters(text, chance)
    for _ in range(chance.randint(1, 2)):
        places = list(walk(data))[1:]
        if not places:
            break
        path, old = chance.choice(places)
        parent = data
        for step in path[:-1]:
            parent = parent[step]
        kind = chance.randrange(6)
        if kind == 0:
            del parent[path[-1]]
        elif kind == 1 and isinstance(old, (int, float)) and not isinstance(old, bool):
            parent[path[-1]] = old * chance.choice([0, -1, 1.05, 1e3, 1e300, 1 + 1e-7])
        elif kind == 2:
            parent[path[-1]] = chance.choice(
                [None, True, 0, -1, 10**30, 1e308, "", "x" * 300, [], {}, [[]], "optimal", "\ud800", 2**63]
            )
        elif kind == 3 and isinstance(parent, dict):
            parent[chance.choice(list(parent))] = old
        elif kind == 4 and isinstance(parent, list):
            parent.append(old)
        elif isinstance(old, (int, float)):
            written = json.dumps(data)
            return written.replace(
                json.dumps(old), chance.choice(["1e999", "NaN", "9" * 5000, "-0", "1e-999", "0.1e1"]), 1
            ).encode()
        else:
            parent[path[-1]] = value(chance)
    return json.dumps(data).encode()


CHANGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    ".yaml": case_text,
    ".csv": table,
    ".xlsx": workbook,
    ".json": plan,
}
"""How a file is mutated, by its ending."""
