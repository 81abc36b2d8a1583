"""Rounds of offers: what each line of the rate card asks in each variant, where they do not all ask the same."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from allocate.case.load import Case, CaseLike
from allocate.costing.terms.rate_card import rate_lines
from allocate.costing.terms.rate_line import Line
from allocate.study.study import Row

Key = tuple[str, str, str]
"""Product, vendor, and the workflow a line is for (empty: all)."""


def prices_that_differ(variants: Sequence[tuple[str, Case]]) -> tuple[Row, ...]:
    """The price of each line as each variant writes it, of those that are not the same in all; of tiers the first step's.

    Lines stand in the order in which variants name them first; a variant without the line has None.
    """
    asked = [(name, _prices(case)) for name, case in variants]
    keys = dict.fromkeys(key for _, prices in asked for key in prices)
    return tuple(
        {"product": key[0], "vendor": key[1], "workflow": key[2], "variant": name, "price": prices.get(key)}
        for key in keys
        if len({prices.get(key) for _, prices in asked}) > 1
        for name, prices in asked
    )


def _prices(case: Case) -> dict[Key, str]:
    return {_key(line): line.price.text for line in rate_lines(case) if line.serves.team is None}


def _key(line: Line) -> Key:
    return line.rate.product, line.rate.vendor, line.rate.workflow or ""


def settings_of(source: CaseLike, offers: Sequence[str | Path]) -> list[tuple[str, str]]:
    """Each round of offers by the name of its file, in the order of names, with the setting that plans by it."""
    if isinstance(source, (Case, Mapping)):
        folder = source.folder if isinstance(source, Case) else Path.cwd()
    else:
        folder = Path(source) if Path(source).is_dir() else Path(source).parent
    rounds = sorted((Path(one).stem, str(one)) for one in dict.fromkeys(map(str, offers)))
    return [(name, f"rates={_within(folder, text)}") for name, text in rounds]


def _within(folder: Path, text: str) -> str:
    """A file as the case names it: from its folder, where it is there as the shell names it."""
    path = Path(text.partition("#")[0])
    return os.path.relpath(text, folder) if path.exists() and not (folder / path).exists() else text
