"""Columns of the tables of calculators: queues, curves, acceptance sampling, limits of a plan file, overhead pools."""

from __future__ import annotations

from allocate.tables.column import Column, as_named
from allocate.tables.formats import COUNT, FIGURE, FIGURE_6, LONG_TEXT, MONEY, SHARE, Format

STAFFING = as_named(
    (
        Column("people", "people", "who answer", COUNT),
        Column("scheduled", "people", "who are to be scheduled so that enough are there", COUNT),
        Column("utilisation", "share", "of their time at work", SHARE),
        Column("must_wait", "share", "of the work that waits at all", SHARE),
        Column("in_time", "share", "of the work that is begun in the time promised", SHARE),
        Column("mean_wait", "s", "until work begins", FIGURE),
    )
)
CURVES = as_named(
    (
        Column("family", "", "family of curve"),
        Column("held_out", "points", "distance of the largest fifth of the points from a fit to the others; the least is best", FIGURE),
        Column("spread", "points", "distance of all points from the fit to all of them", FIGURE),
        Column("at_twice", "points", "score the curve predicts at twice the most labels measured", FIGURE),
        Column("points_per_1000", "points", "score points of a thousand more labels there", FIGURE),
    )
)  # fmt: skip
FAN = (
    Column(
        "times", "number", "labels, times the most measured", Format("{:g}".format), heading="times the most measured"
    ),
    Column("labels", "labels", "how many that are", COUNT),
    Column("p10", "points", "score that is passed nine times in ten", MONEY, heading="P10"),
    Column("p50", "points", "score that is passed every other time", MONEY, heading="P50"),
    Column("p90", "points", "score that is passed once in ten times", MONEY, heading="P90"),
)
CHECKED = as_named(
    (
        Column("limit", "", "what is limited"),
        Column("sense", "", "at least or at most"),
        Column("used", "unit", "what the plan comes to", FIGURE_6),
        Column("amount", "unit", "the limit", FIGURE_6),
        Column("slack", "unit", "what is left", FIGURE_6),
        Column("unit", "", "of these"),
    )
)
POOLS = (
    Column("activity", "", "overhead pool"),
    Column("driver", "", "what it is allocated by"),
    Column("rate", "share", "its size as a share of spend", SHARE, heading="share of spend"),
    Column("amount", "money", "what it comes to", MONEY),
    Column("used", "share", "of its capacity", SHARE, heading="used of capacity"),
    Column("unused", "money", "of the amount, in no product", MONEY),
)

SPREADS = as_named(
    (
        Column("amount", "", "what is not known exactly: an amount by its path, or a cause by its name"),
        Column("unit", "", "of the figures beside it; `times`: the amounts are multiplied"),
        Column("p1", "", "what it falls below in one case in a hundred", FIGURE),
        Column("p10", "", "in one of ten: the low that is written", FIGURE),
        Column("p50", "", "as often above as below: what all other commands count with", FIGURE),
        Column("p90", "", "what it exceeds in one case in ten: the high that is written", FIGURE),
        Column("p99", "", "in one of a hundred", FIGURE),
        Column("mean", "", "the average over all cases, which a long tail moves away from P50", FIGURE),
        Column("weekly", "share", "half the range of each week by itself, as a share of the amount", SHARE),
        Column("written", "", "as the case says it", LONG_TEXT),
        Column("source", "", "where the range comes from", LONG_TEXT),
        Column("place", "", "where it stands"),
    )
)
