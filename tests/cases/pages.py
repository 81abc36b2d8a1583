"""What a case's README shows, read from it and made again: commands with their output, tables, sums done by hand.

- A block marked ``console`` holds commands (``$ allocate …``, also ``… | head -20``) and all they print, stdout and stderr;
  ``$ echo $?`` shows the exit status of the command before it.
- A table below ``<!-- table: ARGUMENTS | CELL | CELL … -->`` has a row for each case solved: ARGUMENTS with ``{}`` replaced by
  the row's first cell (``as it stands`` for none), and in each further column what CELL names, as in ``spend:,.2f``.
- A block marked ``by-hand`` holds sums, one a line, as in ``check: 10,000 × 5% × 30 s ÷ 3,600 × 40 USD = 166.67 USD``; a line that
  ends in ``*`` has a result that is printed elsewhere on the page.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from allocate.answers import Answer
from allocate.api.solving import solve
from allocate.case.load import read_case
from allocate.cli import cli

ROOT = Path(__file__).resolve().parents[2]
AS_IT_STANDS = "as it stands"
_BLOCK = re.compile(r"^```(?P<kind>console|by-hand)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"^<!-- table: (?P<cells>.*?) -->\n(?P<rows>(?:\|.*\n)+)", re.MULTILINE)
_UNIT = re.compile(r"[A-Za-z][\w-]*(?:/[A-Za-z][\w-]*)*")
_OPERATORS: dict[type, Callable[[Any, Any], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


@dataclass(frozen=True)
class Sum:
    """One line of arithmetic: what is calculated, what is claimed, and to how many decimals."""

    line: str
    calculated: float
    claimed: float
    decimals: int
    shown: str
    elsewhere: bool

    @property
    def right(self) -> bool:
        """Whether the result is right to the decimals shown."""
        return abs(self.calculated - self.claimed) <= 0.5 * 10.0**-self.decimals * (1 + 1e-9)


@cache
def answer(folder: Path, scenario: str | None = None, settings: tuple[str, ...] = ()) -> Answer:
    """A case solved; each question once."""
    return solve(read_case(folder, scenario, settings))


def run_console(body: str) -> str:
    """A console block with its commands run again."""
    lines: list[str] = []
    status = 0
    for command in (line[2:] for line in body.splitlines() if line.startswith("$ ")):
        lines.append(f"$ {command}")
        if command == "echo $?":
            lines.append(str(status))
            continue
        written, _, head = command.partition(" | head -")
        program, *arguments = shlex.split(written)
        if program != "allocate":
            raise ValueError(f"only allocate is run here, not {program}")
        arguments = [str(ROOT / word) if word.startswith("cases/") else word for word in arguments]
        result = CliRunner().invoke(cli, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        status = result.exit_code
        printed = [line.rstrip() for line in result.output.replace(str(ROOT) + "/", "").splitlines()]
        lines += printed[: int(head)] if head else printed
    return "\n".join([*lines, ""])


def fill_table(folder: Path, cells: str, rows: str) -> str:
    """A table's lines with every cell but the first of each row looked up again."""
    arguments, *columns = [part.strip() for part in cells.split("|")]
    header, rule, *body = rows.splitlines()
    filled = [header, rule]
    for line in body:
        first = line.strip("|").split("|")[0].strip()
        found = answer(folder, *_question(arguments, first.strip("`")))
        filled.append("| " + " | ".join([first, *(_cell(found, column) for column in columns)]) + " |")
    return "\n".join([*filled, ""])


def _question(arguments: str, first: str) -> tuple[str | None, tuple[str, ...]]:
    words = shlex.split(arguments)
    scenario, settings = None, []
    for option, text in zip(words[::2], words[1::2], strict=True):
        if "{}" in text and first == AS_IT_STANDS:
            continue
        text = text.replace("{}", first)
        if option == "--scenario":
            scenario = text
        else:
            settings.append(text)
    return scenario, tuple(settings)


def _cell(found: Answer, column: str) -> str:
    path, _, form = column.partition(":")
    value = look_up(found, path.split("."))
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    return format(value, form)


def look_up(found: Answer, path: list[str]) -> Any:
    """A figure of an answer: a field, `products.NAME.COLUMN`, `items.PRODUCT.VENDOR.WORKFLOW`, `staff.COLUMN`, `worth.FAMILY` …"""
    plan = found.plan
    match path:
        case ["status"]:
            return found.status.value
        case ["routes", product, vendor, workflow, column]:
            table = found.routes.table
            row = table[(table["product"] == product) & (table["vendor"] == vendor) & (table["workflow"] == workflow)]
            return float(row[column].iloc[0])
        case ["worth", family]:
            checks = found.verification.checks if found.verification is not None else ()
            return next((found.worth(check) for check in checks if check.family == family), None)
    if plan is None:
        return None
    match path:
        case ["staff", column]:
            return float(plan.staff[column].sum())
        case ["items", product, vendor, workflow]:
            lines = plan.lines
            kept = (lines["product"] == product) & (lines["vendor"] == vendor) & (lines["workflow"] == workflow)
            return float(lines.loc[kept, "items"].sum())
        case [("products" | "vendors") as table_name, name, column]:
            table = getattr(plan, table_name)
            return float(table.loc[table[table_name[:-1]] == name, column].iloc[0])
        case [name]:
            return getattr(plan, name) if hasattr(plan, name) else getattr(found, name)
    raise ValueError(f"nothing is called {'.'.join(path)}")


def sums(body: str) -> Iterator[Sum]:
    """Every sum of a by-hand block; ValueError for a line that is none."""
    for line in filter(str.strip, body.splitlines()):
        words, equals, result = line.rpartition(" = ")
        match = re.match(r"\s*([+-]?[\d,]*\.?\d+)(%?)", result)
        if not equals or match is None:
            raise ValueError(f"not a sum: {line}")
        claimed = float(match[1].replace(",", "")) / (100.0 if match[2] else 1.0)
        decimals = len(match[1].partition(".")[2]) + (2 if match[2] else 0)
        expression = words.partition(": ")[2] or words
        yield Sum(line, _calculate(expression), claimed, decimals, match[1] + match[2], result.rstrip().endswith("*"))


def _calculate(expression: str) -> float:
    plain = _UNIT.sub("", expression).replace("×", "*").replace("÷", "/").replace("−", "-").replace("^", "**")
    plain = re.sub(r"(?<=\d),(?=\d)", "", plain)
    plain = re.sub(r"([\d.]+)%", r"(\1/100)", plain)
    return _value(ast.parse(plain.strip(), mode="eval").body)


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float()):
            return float(node.value)
        case ast.BinOp():
            return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand)
    raise ValueError(f"not arithmetic: {ast.dump(node)}")


def blocks(text: str, kind: str) -> list[str]:
    """Bodies of a page's blocks of a kind."""
    return [match["body"] for match in _BLOCK.finditer(text) if match["kind"] == kind]


def tables(text: str) -> list[tuple[str, str]]:
    """A page's tables: what their columns name, and their lines."""
    return [(match["cells"], match["rows"]) for match in _TABLE.finditer(text)]


def without_sums(text: str) -> str:
    """A page without its by-hand blocks."""
    return _BLOCK.sub(lambda match: "" if match["kind"] == "by-hand" else match[0], text)


def refreshed(folder: Path, text: str) -> str:
    """A page with every console block and table made again."""

    def block(match: re.Match[str]) -> str:
        return f"```console\n{run_console(match['body'])}```" if match["kind"] == "console" else match[0]

    def table(match: re.Match[str]) -> str:
        return f"<!-- table: {match['cells']} -->\n{fill_table(folder, match['cells'], match['rows'])}"

    return _TABLE.sub(table, _BLOCK.sub(block, text))
