"""Recorded work by product and vendor of a case, and where the case says what was measured of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.actuals.reading import Actuals
from allocate.case.load import Case
from allocate.case.paths import dotted
from allocate.case.scenarios import path_of
from allocate.costing.work.products import item_of
from allocate.errors import CaseError

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 20
"""Fewest records of a product by a vendor that say anything of it."""


def groups(
    actuals: Actuals, case: Case, notes: list[str], roles: tuple[str, ...]
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Recorded work by product and vendor of the case; what the case does not have is told once."""
    work = actuals.work
    some = work[work["role"].isin(roles) & (work["outcome"] != "skipped")]
    for product, rows in by_word(some, "product"):
        for vendor, own in by_word(rows, "vendor"):
            for name, known, what in ((product, case.products, "product"), (vendor, case.vendors, "vendor")):
                told = f"the case has no {what} '{name}': its work is left out."
                if name not in known and told not in notes:
                    notes.append(told)
            if product in case.products and vendor in case.vendors:
                yield product, vendor, own


def by_word(rows: pd.DataFrame, name: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows by the words of a column, in the order of the alphabet."""
    yield from ((str(word), some) for word, some in rows.groupby(name, observed=True, sort=True))


def codes_of(rows: pd.DataFrame, name: str) -> NDArray[np.int64]:
    """The words of a column as numbers from 0 on, in the order they come."""
    import pandas as pd

    return np.asarray(pd.factorize(rows[name])[0], dtype=np.int64)


def nouns(case: Case, product: str) -> tuple[str, str]:
    """What a product counts, one and many."""
    noun = item_of(case, case.products[product])
    return noun, str({**case.model.units, **case.file.units}.get(noun, f"{noun}s"))


def of_rate(case: Case, product: str, vendor: str, key: str) -> str:
    """Where the rate card says it for a product and vendor; the vendor's own key where there is no rate card; else nothing.

    Of several lines it is that for all workflows; where each is for one, nothing.
    """
    lines = case.rate_card.of_pair(product, vendor)
    if not lines:
        return dotted("vendors", vendor, key) if key == "accuracy" and not case.file.rates else ""
    own = {rate.workflow for _, rate in lines}
    if len(own) > 1 and None not in own:
        return ""
    workflow = [] if None in own else [str(lines[0][1].workflow)]
    return dotted("rates", product, vendor, *workflow, key)


def is_written(case: Case, path: str) -> bool:
    """Whether the case itself says something at a dotted path."""
    try:
        case.document.at(path_of(case.document, path))
    except (CaseError, KeyError, IndexError, TypeError):
        return False
    return True
