"""Odds and pilots as runs keep them: all of the answer, and rows in which two of them can be compared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from allocate.odds.odds import LimitOdds, Odds
from allocate.odds.pilot_words import as_object as pilots_as_object
from allocate.odds.pilot_words import design_rows, sentences
from allocate.odds.pilots import Pilots
from allocate.odds.shown import as_object as odds_as_object
from allocate.odds.shown import chance, main_figure

Row = dict[str, Any]
PERCENT = "%"


def odds_as_study(found: Odds) -> dict[str, Any]:
    """Odds as JSON has them, with a row for each limit, for all together, for money and for what moves it."""
    kept = f", all kept in {chance(found.together)}" if found.limits else ""
    rows = [*_limits(found), *_money(found), *_moving(found)]
    told = {"rows": rows, "points": rows, "whole": True, "ended": f"{found.count:,} scenarios{kept}"}
    return {**odds_as_object(found), **told}


def pilots_as_study(found: Pilots) -> dict[str, Any]:
    """Pilots as JSON has them, with a row for each choice and for what knowing everything would be worth."""
    everything = {"pilots": "everything known", "worth": found.everything}
    rows = [_design(row) for row in design_rows(found)] + [everything]
    net = None if found.best is None else f"{found.best.net:,.2f} {found.case.currency}"
    ended = "no pilot pays" if net is None else f"{rows[0]['pilots']}, net {net}"
    told = {"study": "pilot", "rows": rows, "points": rows, "whole": True, "ended": ended}
    return {**pilots_as_object(found), **told, "notes": list(sentences(found))}


def _design(row: Row) -> Row:
    """A choice of pilots, named by what is run: which, how many items, by how many people."""
    size = f"{row['items']} items" + ("" if row["annotators"] == "any" else f", {row['annotators']} annotators")
    return {"pilots": f"{row['pilots']}: {size}", **{name: row[name] for name in ("costs", "worth", "error", "net")}}


def _limits(found: Odds) -> Iterator[Row]:
    for one in found.limits:
        yield _limit(one)
    if found.limits:
        together = found.together
        yield {"what": "all limits", "unit": "", "odds": 100.0 * together.value, "odds_error": 100.0 * together.error}


def _limit(one: LimitOdds) -> Row:
    """A limit in its unit, shares in per cent."""
    of = one.promise
    scale, unit = (100.0, PERCENT) if of.unit == "share" else (1.0, of.unit)
    figures = {"planned": of.planned, "p10": one.reached.p10.value, "p50": one.reached.p50.value}
    figures |= {"p90": one.reached.p90.value, "missed_by": one.missed_by.value}
    shown = {name: None if math.isnan(value) else scale * value for name, value in figures.items()}
    return {
        "what": of.name,
        "unit": unit,
        "odds": 100.0 * one.kept.value,
        "odds_error": 100.0 * one.kept.error,
        **shown,
    }


def _money(found: Odds) -> Iterator[Row]:
    for name, one in found.figures.items():
        ends = {end: getattr(one, end).value for end in ("p10", "p50", "p90")}
        yield {"what": name, "unit": found.case.currency, "planned": found.planned[name], **ends}


def _moving(found: Odds) -> Iterator[Row]:
    """What moves the main figure, where it does at all."""
    figure = main_figure(found)
    for one in found.drivers:
        share = one.shares.get(figure)
        if share is not None and share.value > 0.0:
            worth = None if one.worth_knowing is None else one.worth_knowing.value
            named = f"{figure} moved by {one.amount}"
            yield {"what": named, "unit": "", "share": 100.0 * share.value, "worth_knowing": worth}
