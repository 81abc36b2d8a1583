"""A report from an answer: which parts it has, its headline, and the figures that stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from allocate.answers import Answer
from allocate.bridge.bridge import Bridge
from allocate.costing.quality.unstated import MARK, unstated
from allocate.costing.value.values import GATE
from allocate.errors import readable
from allocate.explaining.explanation import Explanation
from allocate.explaining.inputs import Swing
from allocate.odds.odds import Odds
from allocate.odds.pilots import Pilots
from allocate.odds.priced import OddsCost
from allocate.reporting.document import Report, Section, Table, Tile
from allocate.reporting.material import Material
from allocate.reporting.sections import (
    advice,
    assumed,
    chances,
    comparison,
    curves,
    decided,
    errors,
    funding,
    looking_back,
    money,
    outlook,
    piloting,
    scenarios,
    work,
)
from allocate.reporting.wording import counted, gap, named, rounded, sentence
from allocate.study.compare import Comparison as Compared
from allocate.study.study import Study
from allocate.tables.formats import count, percent, significant
from allocate.tables.formats import money as amount
from allocate.tables.frames import table_of
from allocate.tracking.track import Tracked

MOST_GATES = 3
"""Gates told at the head; of more the first, and how many there are."""


def compose(
    answer: Answer,
    found: Explanation | None = None,
    swings: Sequence[Swing] = (),
    scenarios: Compared | None = None,
    odds: Odds | None = None,
    odds_costs: Sequence[OddsCost] = (),
    pilots: Pilots | None = None,
    tracked: Tracked | None = None,
    bridges: Sequence[Bridge] = (),
    assumptions: Study | None = None,
    as_written: bool = True,
) -> Report:
    """The report of an answer; the one-page form for a case that compares vendors.

    found, swings: why the plan is as it is and what inputs moved change; without them those parts say they were left out.
    scenarios: those of the case side by side. odds: the plan in many scenarios of its spreads; odds_costs:
    what surer promises would cost. pilots: which of its pilots pay. tracked: the plan against what was done; bridges: why it
    costs more or less than before. assumptions: what each assumed figure changes. as_written: whether the plan is that of the case
    alone, with no line held and no rule added by hand; else no vendor is planned alone to compare it with.
    """
    if answer.plan is None:
        return _without_plan(answer)
    m = Material(
        answer,
        answer.plan,
        found,
        tuple(swings),
        scenarios,
        odds,
        tuple(odds_costs),
        pilots,
        tracked,
        tuple(bridges),
        assumptions,
        as_written,
    )
    if as_written and comparison.is_comparison(answer.case) and len(table_of(answer.plan, "lines")):
        offers = comparison.compared(answer)
        # Offers none of which is enough by itself are no alternatives to one another.
        if any(one.total is not None for one in offers.alone):
            return _comparison(m, offers)
    return _portfolio(m)


def _titles(answer: Answer) -> tuple[str, str]:
    case = answer.case
    title = readable(case.file.title or case.name, 160)
    first, last = case.periods.starts[0], case.periods.end
    parts = [readable(case.name, 80), f"{first.isoformat()} to {last.isoformat()}"]
    if case.scenario:
        parts.insert(1, f"scenario {readable(case.scenario, 80)}")
    return title, " · ".join(parts)


def _portfolio(m: Material) -> Report:
    title, subtitle = _titles(m.answer)
    wrong = errors.with_errors(m)
    sections = [
        advice.next_steps(m), advice.risks(m), *looking_back.sections(m), piloting.pilots(m), *chances.sections(m), decided.plan(m), decided.levers(m),
        money.payees(m), funding.funding(m), money.spend(m),
        work.quality(m, (*errors.cheap_and_bad(m, wrong)[:1], *decided.unstated(m))), outlook.more_budget(m), outlook.offers(m), decided.people(m),
        curves.curves(m), scenarios.side_by_side(m), outlook.tornado(m), work.load(m), money.unit_economics(m),
        errors.cost_of_errors(m, wrong), money.vendors(m), outlook.limits(m), assumed.assumed(m),
    ]  # fmt: skip
    known = _paired(with_marks(m, [one for one in sections if one is not None]))
    return Report(title, subtitle, headline(m), (proof(m), *gates_of(m)), _tiles(m), known, advice.provenance(m))


def _comparison(m: Material, found: comparison.Comparison) -> Report:
    title, subtitle = _titles(m.answer)
    headline, behind = comparison.recommendation(m, found)
    sections = [
        comparison.totals(m, found), comparison.qa_rate(m, found), *looking_back.sections(m), piloting.pilots(m), *chances.sections(m),
        decided.plan(m), decided.levers(m), decided.people(m), _on_screen(money.payees(m)), scenarios.side_by_side(m),
        errors.cost_of_errors(m, errors.with_errors(m)),
        advice.next_steps(m), advice.risks(m), outlook.tornado(m), outlook.offers(m), assumed.assumed(m),
    ]  # fmt: skip
    known = _paired(with_marks(m, [one for one in sections if one is not None]))
    return Report(title, subtitle, headline, (*behind, proof(m)), _tiles(m), known, advice.provenance(m))


def _on_screen(section: Section | None) -> Section | None:
    """A section that paper leaves out: the offers side by side say as much."""
    return None if section is None else replace(section, is_printed=False)


def _paired(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Sections in rows of two: a tall one has two others beside it, and one that would stand alone takes the whole width."""
    done: list[Section] = []
    for is_wide, run in groupby(sections, key=lambda one: one.is_wide):
        row = list(run)
        for number, one in enumerate(row):
            if one.is_tall and (number % 2 or len(row) - number != 3):
                row[number] = replace(one, is_tall=False)
        cells = sum(2 if one.is_tall else 1 for one in row)
        if not is_wide and cells % 2 and row[-1].chart is None:
            row[-1] = replace(row[-1], is_wide=True)
        done += row
    return tuple(done)


def headline(m: Material) -> str:
    """What the plan spends on what, and what that returns, in one sentence."""
    used = sum(row["items"] > 0 for row in m.vendors)
    made = sum(row["items"] > 0 for row in m.products)
    with_whom = f"{counted(made, 'product')} with {used} of {counted(len(m.vendors), 'vendor')} over {counted(m.case.periods.count, m.unit)}"
    spent = f"{rounded(m.plan.spend)} {m.currency}"
    if m.plan.value > 0 and m.goal != "cost":
        back = f"{rounded(m.plan.value)} {m.currency}"
        per = f", {significant(m.plan.value / m.plan.spend, 3)} for each {m.currency} spent" if m.plan.spend else ""
        return f"{spent} on {with_whom} return {back} of value{per}."
    if not made:
        return f"The plan makes nothing: no item is required or worth its cost. Spend: {spent}."
    items = count(sum(row["items"] for row in m.products))
    return f"{items} items of {with_whom} cost {spent}."


def proof(m: Material) -> str:
    """What is proven of the plan: that no other is better, or by how much at most."""
    answer = m.answer
    stopped = "" if answer.status.value == "optimal" or answer.leaves_a_gap else "The search was stopped early. "
    if answer.bound is None or answer.gap is None:
        return f"{stopped}It is not known how far the plan is from the best."
    word = "less" if m.goal == "cost" else "more"
    now = " in present value" if m.plan.present is not None else ""
    objective = f"{m.goal.capitalize()} is {amount(answer.objective or 0.0)} {m.currency}{now}"
    if answer.gap < 1e-9:
        return f"{stopped}{objective}; no other plan that keeps every limit has {word}."
    return f"{stopped}{objective}; no plan that keeps every limit has {word} than {amount(answer.bound)} ({gap(answer.gap)} away)."


def gates_of(m: Material) -> list[str]:
    """Which gates the plan reaches; of many the first few, and how many more there are."""
    gates = [sentence(readable(note, 300)) for note in m.answer.notes if note.startswith(GATE)]
    more = len(gates) - MOST_GATES
    return gates if more <= 0 else [*gates[:MOST_GATES], f"{counted(more, 'more gate')} in the plan's notes."]


def _tiles(m: Material) -> tuple[Tile, ...]:
    plan, tiles = m.plan, []
    of = (
        f"{m.currency}, no budget is set"
        if m.budget is None
        else f"of {rounded(m.budget.limit)} {m.budget.unit} budget"
    )
    if m.budget is not None and m.budget.unit != m.currency:
        of = f"{m.currency}; {rounded(m.budget.used)} {of}"
    tiles.append(Tile("Spend", amount(plan.spend), of))
    if m.has_value:
        beyond, between = _sure(m)
        tiles.append(
            Tile("Value", amount(plan.value), f"{m.currency}{beyond}; less spend {rounded(plan.value - plan.spend)}")
        )
        parts = [f"value − {plan.hurdle:g} × spend"]
        parts += ["escaped errors"] if plan.escaped_error_cost else []
        parts += ["penalties"] if plan.penalty else []
        tiles.append(Tile("Net value", amount(plan.net_value), f"{m.currency}; {' − '.join(parts)}{between}"))
    if plan.present is not None:
        at = f"{m.currency}, at {100 * plan.present.rate:.4g} % a year"
        tiles.append(Tile(f"{m.goal.capitalize()}, present value", amount(m.answer.objective or 0.0), at))
    right = sum(row["items"] * row["accuracy"] for row in m.products if row["items"] > 0)
    made = sum(row["items"] for row in m.products)
    if right > 0 and not m.has_value:
        tiles.append(
            Tile(
                "Per accurate item",
                significant(plan.spend / right),
                f"{m.currency}; {percent(right / made, 2)} are right",
            )
        )
        tiles.append(Tile("Items", count(made), f"{counted(sum(row['items'] > 0 for row in m.products), 'product')}"))
    if m.answer.gap is not None:
        tiles.append(Tile("Gap", gap(m.answer.gap), "at most, from the best possible plan"))
    return tuple(tiles)


def _sure(m: Material) -> tuple[str, str]:
    """How much of the value lies beyond measured labels, and net value by the low and the high curves, with the plan held."""
    known, plan = m.plan.value_range, m.plan
    if known is None or known.beyond <= 0:
        return "", ""
    beyond = f"; {percent(known.beyond / plan.value)} beyond measured labels"
    if not known.is_known:
        return beyond, "; its range is not known"
    low, high = (rounded(plan.net_value - plan.value + worth) for worth in (known.low, known.high))
    return beyond, f"; {low} to {high} by P10 and P90 curves"


def _without_plan(answer: Answer) -> Report:
    title, subtitle = _titles(answer)
    headline = {
        "infeasible": "No plan is possible: no allocation of the work keeps every limit of the case.",
        "unbounded": "No best plan exists: the objective grows without end.",
        "stopped": "Stopped early, before there was a plan.",
    }[answer.status.value]
    missing = tuple(readable(reason.sentence, 300) for reason in answer.reasons)
    least = () if answer.reasons_are_least else ("The search ran out of time; less than this may be missing.",)
    steps = (
        "Run allocate explain on the case: it shows which limits contradict one another, and what would resolve it.",
    )
    sections = [Section("What is missing", least, points=missing)] if missing else []
    run = answer.run
    told = (", ".join(f"{name} {number}" for name, number in run["versions"].items()) + ".",)
    return Report(
        title, subtitle, headline, (), (), (*sections, Section("Next steps", points=steps)),
        Section("How this was made", told, is_wide=True),
    )  # fmt: skip


KEYS = ("product", "vendor")


def with_marks(m: Material, sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections, each accuracy in a table marked that rests on a pair of product and vendor with one that is not stated."""
    used = set(table_of(m.plan, "lines").rows("product", "vendor")) & unstated(m.case)
    pairs = [(m.product[product], m.vendor[vendor]) for product, vendor in used]
    rests = _variants(m)
    if not pairs and not rests:
        return tuple(sections)
    return tuple(
        replace(
            one,
            tables=tuple(_marked(table, pairs, rests) for table in one.tables),
            chart=one.chart and replace(one.chart, figures=_marked(one.chart.figures, pairs, rests)),
        )
        for one in sections
    )


def _variants(m: Material) -> frozenset[str]:
    """Scenarios, as the page names them, whose plan rests on such an accuracy."""
    if m.scenarios is None:
        return frozenset()
    found, rows = m.scenarios.unstated, m.scenarios.study.rows
    shown = named([row["variant"] for row in rows], 48)
    return frozenset(
        "as it is" if n == 0 else shown[row["variant"]] for n, row in enumerate(rows) if row["variant"] in found
    )


def _marked(table: Table, pairs: Sequence[tuple[str, str]], rests: frozenset[str]) -> Table:
    if "accuracy" not in table.header:
        return table
    at = {name: table.header.index(name) for name in (*KEYS, "accuracy", "scenario") if name in table.header}

    def assumed(row: tuple[str, ...]) -> bool:
        if "scenario" in at:
            return row[at["scenario"]] in rests
        return any(
            all(row[at[key]] == name for key, name in zip(KEYS, pair, strict=True) if key in at) for pair in pairs
        )

    place = at["accuracy"]
    rows = tuple(
        (*row[:place], MARK + row[place].removeprefix(MARK), *row[place + 1 :]) if assumed(row) else row
        for row in table.rows
    )
    return replace(table, rows=rows)
