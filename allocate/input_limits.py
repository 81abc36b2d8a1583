"""Every limit on what is read, in one place: what it bounds, how much is read at most, and why."""

from __future__ import annotations

from dataclasses import dataclass

YAML, TABLE, WORKBOOK, JSON, CASE, OPTION, EXPORT = "YAML", "CSV", "xlsx", "JSON", "case", "option", "export"


@dataclass(frozen=True)
class InputLimit:
    """One limit as people read it."""

    name: str
    value: int
    format: str
    """What it is a limit of: YAML, CSV, xlsx, JSON, any case, or an option of a command."""
    bounds: str
    """What is bounded, with its unit."""
    reason: str


_listed: list[InputLimit] = []


def _limit(name: str, value: int, format_: str, bounds: str, reason: str) -> int:
    """The value itself, which the table then lists."""
    _listed.append(InputLimit(name, value, format_, bounds, reason))
    return value


YAML_BYTES = _limit("YAML_BYTES", 2_000_000, YAML, "bytes of a file", "a case of thousands of products has half of it")
YAML_VALUES = _limit(
    "YAML_VALUES", 100_000, YAML, "values, aliases written out", "what aliases of aliases would grow to is never built"
)
YAML_DEPTH = _limit("YAML_DEPTH", 40, YAML, "levels of keys and lists", "a case has eight")
YAML_LINE = _limit("YAML_LINE", 20_000, YAML, "characters of a line", "the parser takes minutes for longer ones")
YAML_PROBLEMS = _limit("YAML_PROBLEMS", 50, YAML, "problems of a file that are told", "the rest follows from the first")

INCLUDED_FILES = _limit(
    "INCLUDED_FILES", 500, YAML, "files a case includes", "a company has tens of vendors and products"
)

TABLE_BYTES = _limit("TABLE_BYTES", 64_000_000, TABLE, "bytes of a file", "a plan of a million lines has it")
TABLE_CELLS = _limit(
    "TABLE_CELLS", 2_000_000, TABLE, "cells of a table or sheet, empty ones within it counted", "each keeps its place in memory"
)  # fmt: skip
TABLE_COLUMNS = _limit("TABLE_COLUMNS", 1_000, TABLE, "columns", "no table here has more than thirty")
CELL_CHARACTERS = _limit("CELL_CHARACTERS", 32_767, TABLE, "characters of a cell", "what a cell of Excel holds")

BOOK_BYTES = _limit("BOOK_BYTES", 64_000_000, WORKBOOK, "bytes of a file", "as of other tables")
BOOK_UNPACKED = _limit(
    "BOOK_UNPACKED", 200_000_000, WORKBOOK, "bytes unpacked of the parts that are read, as counted while unpacking",
    "what a file says of its own size may be wrong, and a packed byte can stand for a thousand",
)  # fmt: skip
BOOK_ENTRIES = _limit(
    "BOOK_ENTRIES", 10_000, WORKBOOK, "parts of a file", "a workbook of a hundred sheets has a few hundred"
)
BOOK_TEXT = _limit(
    "BOOK_TEXT", 100_000_000, WORKBOOK, "characters of a sheet, each use of a shared text counted", "one long text used a million times is copied each time"
)  # fmt: skip

PLAN_BYTES = _limit("PLAN_BYTES", 100_000_000, JSON, "bytes of a plan file", "a line of a plan takes about 400")
PLAN_VALUES = _limit(
    "PLAN_VALUES", 2_500_000, JSON, "values of a plan file, by the commas between them", "a line of a plan has about 14"
)  # fmt: skip
PLAN_DEPTH = _limit("PLAN_DEPTH", 24, JSON, "levels of lists and objects", "what `solve` writes has nine")
PLAN_CHARACTERS = _limit("PLAN_CHARACTERS", 20_000, JSON, "characters of a text", "names and notes are far shorter")
PLAN_DIGITS = _limit("PLAN_DIGITS", 400, JSON, "characters of a number", "the longest that `solve` writes has 24")
PLAN_NUMBER = _limit(
    "PLAN_NUMBER", 10**30, JSON, "of a number, either way", "no figure of a plan is as large; infinity equals anything"
)  # fmt: skip
PLAN_BRANCHES = _limit(
    "PLAN_BRANCHES", 20_000, JSON, "branches of a proof, or four for each column of the program where that is more", "`solve` writes far fewer; a small file must not keep its check busy for minutes"
)  # fmt: skip
PLAN_PROBLEMS = _limit(
    "PLAN_PROBLEMS", 1_000, JSON, "problems of a plan file that are told", "a file with more is none"
)

EXPORT_ENTRY = _limit(
    "EXPORT_ENTRY", 64_000_000, EXPORT, "characters of one entry of a platform's export", "what is held in memory at a time; files may be larger"
)  # fmt: skip
EXPORT_ROWS = _limit(
    "EXPORT_ROWS", 20_000_000, EXPORT, "rows of work of one import", "each takes about 150 bytes while it is cleaned"
)
EXPORT_PROBLEMS = _limit(
    "EXPORT_PROBLEMS",
    50,
    EXPORT,
    "problems of an export that are told",
    "a wrong export has the same one in every entry",
)

AMOUNT_CHARACTERS = _limit("AMOUNT_CHARACTERS", 200, CASE, "characters of an amount", "a number, a scale and units")
NAME_CHARACTERS = _limit("NAME_CHARACTERS", 500, CASE, "characters of a name", "it is printed in tables")
AMOUNT = _limit(
    "AMOUNT", 10**20, CASE, "of an amount in hours, weeks, items or one of the currency; and 1 over it at least", "solvers take 1e20 for infinite"
)  # fmt: skip
ROUTES = _limit(
    "ROUTES", 10_000_000, CASE, "products by vendors (or the pairs of the rate card) by workflows by periods", "each is a column of the program, of about 400 bytes before any solver sees it"
)  # fmt: skip
WHOLE = _limit(
    "WHOLE", 1_000_000_000, CASE, "of a whole number: passes, classes, items in a lot", "larger ones are mistakes"
)
PEOPLE = _limit("PEOPLE", 1_000_000, CASE, "people of a team", "larger ones are mistakes")


def listed() -> tuple[InputLimit, ...]:
    """Every limit, in the order of this module."""
    return tuple(_listed)


def table() -> str:
    """All limits as a Markdown table."""
    head = "| of | at most | what | why |\n|---|---:|---|---|\n"
    return head + "".join(f"| {one.format} | {one.value:,} | {one.bounds} | {one.reason} |\n" for one in _listed)
