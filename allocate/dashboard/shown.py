"""From plans to HTML: the page, the plan that changes with each move, the levers, and what comes afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from allocate.dashboard.levers import MOST_PATHS, Lever, Slider, paths, strongest_first
from allocate.dashboard.moves import Moves, position
from allocate.dashboard.pages import Pages, pages
from allocate.dashboard.planner import Ground, Planned, Planner
from allocate.errors import CaseError, Problem, readable
from allocate.reporting.document import Section
from allocate.reporting.page import commands
from allocate.reporting.wording import rounded

TABS = (("now", "Now"), ("economics", "Unit economics"), ("mix", "Mix and time"), ("scenarios", "Scenarios"))
FIRST = 6
"""Levers that stand above the fold: those that change most."""
NO_PLAN = {
    "infeasible": "No plan is possible: no allocation of the work keeps every limit.",
    "unbounded": "No best plan exists: the objective grows without end.",
    "stopped": "Stopped early, before there was a plan.",
}


def assets() -> dict[str, bytes]:
    """Every file that a browser is given, by name."""
    return {one.name: one.read_bytes() for one in _files(files("allocate.dashboard").joinpath("assets"))}


def _files(folder: Traversable) -> Iterable[Traversable]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _files(one)
        elif one.name.endswith((".js", ".css")):
            yield one


@cache
def digests() -> Mapping[str, str]:
    """The beginning of each asset's SHA-256, which is part of its address."""
    return {name: hashlib.sha256(content).hexdigest()[:16] for name, content in assets().items()}


@cache
def _environment() -> Environment:
    packages = {"dashboard": "allocate.dashboard", "reporting": "allocate.reporting"}
    loaders = {name: PackageLoader(package, "templates") for name, package in packages.items()}

    class Either(PrefixLoader):
        """Templates of this package, then those it shares with reports."""

        def get_loader(self, template: str) -> tuple[Any, str]:
            there = "reporting" if template == "parts.html.jinja" else "dashboard"
            return loaders[there], template

    environment = Environment(
        loader=Either(loaders), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["commands"] = commands
    environment.globals["asset"] = lambda name: f"/static/{digests()[name]}/{name}"
    return environment


def rendered(template: str, **about: Any) -> str:
    """A template of the dashboard with what it is about."""
    return _environment().get_template(template).render(**about)


def _pictures(sections: Iterable[Section]) -> dict[str, Markup]:
    """Where a chart is drawn by the browser, with its specification, by the title of the section."""
    found = {}
    for one in sections:
        if one.chart is not None:
            spec = json.dumps(one.chart.specification, separators=(",", ":"), ensure_ascii=False)
            found[one.title] = Markup('<div class="chart" data-spec="{}" hx-morph-skip-children></div>').format(spec)
    return found


def plan_of(planner: Planner, planned: Planned) -> str:
    """The part of the page that changes with each move."""
    answer, moves, case = planned.answer, planned.moves, planned.case
    about = _about(planned.ground, moves)
    more: dict[str, Any]
    if answer.plan is None:
        headline = NO_PLAN[answer.status.value]
        reasons = [readable(one.sentence, 300) for one in answer.reasons] or [readable(answer.message, 300)]
        more = {
            "headline": headline,
            "sentences": (),
            "pages": None,
            "strip": headline,
            "reasons": reasons,
            "pictures": {},
        }
    else:
        made: Pages = pages(answer, planner.others)
        pictures = _pictures([*made.now, *made.vendors, *made.mix])
        more = {
            "headline": made.headline,
            "sentences": made.sentences,
            "pages": made,
            "strip": made.strip,
            "reasons": (),
            "pictures": pictures,
        }
    variants = [
        ("case", "the case as it is"),
        *((f"scenario:{one}", readable(one, 60)) for one in planner.scenarios),
    ]
    variants += [("now", "what is shown")] if moves.pairs else []
    return rendered(
        "plan.html.jinja", **about, **more, problems=(), tabs=TABS, commands=planner.commands(planned), variants=variants,
        products=list(case.products), vendors=list(case.vendors), has_spreads=bool(case.spreads),
        has_actuals=bool(planner.asked.actuals), has_value=any(one.value for one in case.products.values()),
    )  # fmt: skip


def _about(ground: Ground | None, moves: Moves) -> dict[str, Any]:
    shown = (
        {}
        if ground is None
        else {
            f"shown-{one.number}": one.shown(position(moves, one)) for one in ground.levers if isinstance(one, Slider)
        }
    )
    return {
        "positions": json.dumps(shown, ensure_ascii=False), "query": moves.query, "moves": moves,
        "query_with": lambda name, value: urlencode([*moves.pairs, (name, value)]),
    }  # fmt: skip


def problems_of(planner: Planner, error: CaseError) -> str:
    """The part of the page that changes, where a move cannot be planned."""
    problems = [
        Problem(readable(one.message, 400), None, None if one.fix is None else readable(one.fix, 400))
        for one in error.problems
    ]
    about = _about(None, Moves())
    return rendered(
        "plan.html.jinja",
        **{**about, "positions": "{}"},
        problems=problems,
        strip="This cannot be planned.",
        pages=None,
        pictures={},
    )


def panel(
    planner: Planner, ground: Ground, moves: Moves, swings: Mapping[str, float], problem: str = "", saved: str = ""
) -> str:
    """The levers."""
    about = _levers(planner, ground, moves, swings, problem, saved)
    return rendered("levers_panel.html.jinja", **about)


def page(
    planner: Planner, ground: Ground, moves: Moves, swings: Mapping[str, float], plan: str, *, form_token: str, page_id: str,
    problem: str = "", saved: str = "",
) -> str:  # fmt: skip
    """The whole page."""
    case = planner.case
    last = case.periods.end.isoformat()
    parts = [readable(case.name, 80), f"{case.periods.starts[0].isoformat()} to {last}"]
    return rendered(
        "page.html.jinja", title=readable(case.file.title or case.name, 160), subtitle=" · ".join(parts), plan=Markup(plan),
        form_token=form_token, page_id=page_id, **_levers(planner, ground, moves, swings, problem, saved),
    )  # fmt: skip


def _levers(
    planner: Planner, ground: Ground, moves: Moves, swings: Mapping[str, float], problem: str, saved: str
) -> dict[str, Any]:
    ordered = strongest_first(ground.levers, swings)
    # The budget is the lever everybody asks for; choices are guesses about the world, which nobody can move.
    sliders = sorted((one for one in ordered if isinstance(one, Slider)), key=lambda one: one.name != "budget")
    first: list[Lever] = [*sliders[:FIRST]] or [*ordered[:FIRST]]
    rest = [one for one in ordered if one not in first]
    rows, more = ([_lever(planner, moves, one, swings) for one in some] for some in (first, rest))
    goal = planner.case.file.objective[0].replace("-", " ")
    told = (
        f"Ordered by how much a tenth more or less changes {goal}."
        if swings
        else "Ordered as in the case; ranked once there is time."
    )
    moved = any(one.field in moves.levers for one in rest)
    return {
        "first": rows, "rest": more, "rest_open": moved, "order": told, "scenarios": list(planner.scenarios),
        "moves": moves, "paths": paths(ground.case), "most_paths": MOST_PATHS, "can_save": planner.asked.can_save, "problem": problem, "saved": saved,
    }  # fmt: skip


def _lever(planner: Planner, moves: Moves, one: Lever, swings: Mapping[str, float]) -> dict[str, Any]:
    value = position(moves, one)
    swing = swings.get(one.name)
    told = "" if swing is None or swing < 0.005 else f"changes it by up to {rounded(swing)} {planner.case.currency}"
    row = {
        "number": one.number,
        "name": readable(one.name, 120),
        "field": one.field,
        "value": value,
        "swing": told,
        "shown": one.shown(value),
    }
    if isinstance(one, Slider):
        return {**row, "is_slider": True, "least": one.least, "most": one.most}
    return {**row, "is_slider": False, "options": one.options}


def afterwards(sections: Sequence[Section]) -> str:
    """Sections that came later."""
    return rendered("after.html.jinja", sections=sections, pictures=_pictures(sections))


def lone(content: str, query: str, title: str) -> str:
    """The same as a page of their own, for who has no script."""
    return rendered("lone.html.jinja", content=Markup(content), query=query, title=title)
