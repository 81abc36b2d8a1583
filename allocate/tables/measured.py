"""The table of what was measured beside what the case says."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import FIGURE, SHARE, TEXT, WHOLE

MEASURED = (
    Column("figure", "", "what was measured"),
    Column("stated", "", "what the case says, as written", TEXT, "the case says"),
    Column("measured", "as unit", "the figure as it was recorded, together with a range the case had", FIGURE),
    Column("low", "as unit", "its P10", FIGURE, "P10"),
    Column("high", "as unit", "its P90", FIGURE, "P90"),
    Column("unit", "", "unit of measured, P10 and P90"),
    Column("change", "share", "measured over stated, less 1", SHARE),
    Column("n", "", "records it comes from", WHOLE, "records"),
    Column("people", "people", "people it comes from, where they are the sample", WHOLE),
    Column("held", "", "whether the range the case gave held it", TEXT, "range held"),
    Column("method", "", "how it was found"),
    Column("path", "", "where the case says it; empty where it has no place"),
)
"""What was measured."""
