"""Writing what procurement needs into folders: what may leave the house apart from what may not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from allocate.case.load import Case
from allocate.reporting.material import Material
from allocate.reporting.procurement.award import award
from allocate.reporting.procurement.awarded import bidders
from allocate.reporting.procurement.buyer import buyer
from allocate.reporting.procurement.feedback import feedback
from allocate.reporting.write import write_report
from allocate.writing import check_can_fill, make_folder

SHEETS, FEEDBACK, BUYER = "award", "feedback", "buyer"
"""Folders of sheets by vendor, and the name of the buyer's page, which stands beside them."""


def check_folders(folder: Path, case: Case) -> None:
    """Raise CaseError where the sheets of a case cannot be written, before anything is planned."""
    check_can_fill(folder, [f"{BUYER}.html", f"{BUYER}.md"])
    for below in (SHEETS, FEEDBACK):
        if (folder / below).exists():
            check_can_fill(
                folder / below,
                [f"{name}.{end}" for name in file_names(bidders(case)).values() for end in ("html", "md")],
            )


def write_sheets(m: Material, folder: Path) -> tuple[Path, ...]:
    """Write the buyer's page, an award sheet for each vendor with work, a feedback sheet for each bidder; their paths.

    Each as page and Markdown. Raises CaseError where one cannot be written.
    """
    names = file_names(m.case.vendors)
    written = [*write_report(buyer(m), folder, BUYER)]
    bid = bidders(m.case)
    working = {row["vendor"] for row in m.vendors if row["items"] > 0}
    awards = [name for name in bid if name in working]
    for below, vendors, sheet in ((SHEETS, awards, award), (FEEDBACK, bid, feedback)):
        make_folder(folder)
        for vendor in vendors:
            written += write_report(sheet(m, vendor), folder / below, names[vendor])
    return tuple(written)


def file_names(vendors: Iterable[str]) -> Mapping[str, str]:
    """A file name for each vendor, in letters, digits, `.` and `-`; no two alike where case is not told apart."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for vendor in vendors:
        plain = re.sub(r"[^\w.-]+", "-", vendor).strip(".-")[:80].encode()[:200].decode(errors="ignore") or "vendor"
        name, number = plain, 2
        while name.casefold() in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name.casefold())
        found[vendor] = name
    return found
