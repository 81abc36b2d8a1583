"""Figures and names as a report has them: thousands separated, money in its currency, names that cannot do harm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from allocate.errors import readable
from allocate.tables.formats import changes, money, significant

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.explaining.re_solve import Worth

LABEL = 60
"""Characters of a name that stand in a table; longer ones say how long they are."""
COMMAND = re.compile(r"`((?:allocate |--)[\w .,=-]*)`")
"""A command or an option in a sentence of ours; nothing else between backticks is shown as code."""


def rounded(value: float) -> str:
    """Money in a sentence: to the cent where it is small, else whole."""
    return money(value) if abs(value) < 100_000 else f"{value:,.0f}"


def worth(change: Worth | None, objective: str) -> str:
    """What a change of the case does to its objective, in a word and an amount, or why there is no figure."""
    if change is None:
        return "–"
    if change.gain is None:
        return {"impossible": "no plan", "endless": "nothing else limits it"}.get(change.state, "not known")
    figure = changes([-change.gain if objective == "cost" else change.gain])
    if change.state == "exact":
        return figure
    return f"{figure} or more" if change.gain >= 0.005 else f"{figure} at worst"


def return_of(value: float | None) -> str:
    """Money of value per money of spend; a dash where no more, or no less, can be made."""
    if value is None:
        return "–"
    if value == float("inf"):
        return "costs nothing"
    return significant(value) if abs(value) > 1e-9 else "0"


def gap(value: float) -> str:
    """A relative distance from the best, never shown as nothing where it is something."""
    if value < 1e-9:
        return "0%"
    return "below 0.001%" if value < 1e-5 else f"{value:.3%}"


def named(names: Iterable[str], limit: int = LABEL) -> Mapping[str, str]:
    """Names made safe to show, no two alike: control and direction marks as escapes, long ones cut and counted."""
    shown: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        text = base = readable(name, limit)
        number = 2
        while text in taken:
            text, number = f"{base} ({number})", number + 1
        taken.add(text)
        shown[name] = text
    return shown


def listed(words: Sequence[str], most: int = 4) -> str:
    """Words in a sentence, `a, b and c`; of many the first, and how many more there are."""
    if len(words) > most:
        return f"{', '.join(words[: most - 1])} and {len(words) - most + 1:,} more"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 vendor`, `3 vendors`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def is_own_people(case: Case, vendor: str) -> bool:
    """Whether a vendor is people of one's own; see `Vendor.own_people`."""
    return case.vendors[vendor].own_people


def unit_after(number: float, unit: str, case: Case) -> str:
    """A unit after a number: `1 point`, `500 images`, `5,000 queries`; `h`, `EU` and currencies stay as they are."""
    if number == 1:
        return unit.removesuffix("s")
    if len(unit) < 3 or unit.endswith("s") or not unit.islower():
        return unit
    plural: str = {**case.model.units, **case.file.units}.get(unit, f"{unit}s")
    return plural


def amount_of(number: float, unit: str, case: Case) -> str:
    """An amount with its unit, in the plural of the case unless it is one: `1 point`, `500 images`, `20 h`."""
    shown = f"{number:,.0f}" if number >= 1000 or number == int(number) else significant(number, 3)
    return f"{shown} {unit_after(number, unit, case)}"


def sentence(words: str) -> str:
    """Words that begin with a capital and end with a full stop."""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!")) else ".")
