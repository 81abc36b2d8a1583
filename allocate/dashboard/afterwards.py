"""What takes longer than a move may: each a function of a case that another process calls, and sections to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from allocate.answers import Answer
from allocate.api.explaining import explain
from allocate.api.solving import formulate, solve
from allocate.case.load import Case, revised
from allocate.errors import CaseError, readable
from allocate.reporting import charts
from allocate.reporting.document import Chart, Section
from allocate.reporting.material import Material, listing, table
from allocate.reporting.sections import chances, funding, outlook
from allocate.reporting.wording import listed, named
from allocate.study.compare import at_one_hurdle
from allocate.study.figures import Figures, figures
from allocate.study.frontier import frontier
from allocate.study.live import budget_path
from allocate.study.live import money as written
from allocate.study.points import Job, Point, run_job
from allocate.tables.column import headed
from allocate.tables.formats import NOTHING, changes, money, percent, signed
from allocate.tables.frames import table_of

Sections = tuple[Section, ...]
LIMIT = 60.0
"""Seconds for each question; less is told where it is not enough."""
SMALL = 20.0
"""Seconds for each plan of a study."""
STEP = 0.04
"""Part of the spend that counts as the next money, rounded to 1, 2 or 5 of a power of ten: 10,000 of 250,000."""
FRONTIER = (0.4, 0.55, 0.7, 0.85, 1.0, 1.15, 1.3, 1.6, 2.0)
"""Budgets of the frontier, as parts of the one that is chosen."""


def why(case: Case) -> Sections:
    """Why the plan is as it is: where the next money goes, what is taken away first; why there is none, what would help."""
    built = formulate(case)
    answer = solve(case, formulation=built, time_limit=LIMIT, conflicts=False)
    if answer.plan is None:
        return repairs(case)
    found = explain(case, answer=answer, formulation=built, time_limit=LIMIT)
    m = Material(answer, answer.plan, found)
    money_ = next_money(answer)
    ranked, offers = funding.funding(m), outlook.offers(m)
    if ranked is not None and m.has_value and money_ is not None:
        # What is cut first was planned; what the last money returned would only say it in another way.
        ranked = replace(ranked, sentences=ranked.sentences[:2])
    return tuple(replace(one, is_wide=True) for one in (money_, ranked, offers) if one is not None)


def step_of(spend: float) -> float:
    """The next money that is asked about: 1, 2 or 5 of a power of ten, near to four per cent of the spend."""
    if not spend > 0:
        return 0.0
    raw = Decimal(repr(STEP * spend))
    power = Decimal(1).scaleb(raw.adjusted())
    first = min((1, 2, 5, 10), key=lambda one: abs(raw / power - one))
    return float((power * first).quantize(Decimal("0.01"), ROUND_HALF_EVEN))


def _whole(step: float) -> str:
    return f"{step:,.0f}" if step == round(step) else money(step)


def next_money(answer: Answer) -> Section | None:
    """Where the next money goes, and which is taken away first: both by a plan of their own. None without a total budget."""
    plan, case = answer.plan, answer.case
    assert plan is not None
    budget = next(
        (one for one in (answer.verification.checks if answer.verification else ()) if one.family == "budget"), None
    )
    step = step_of(plan.spend)
    if budget is None or budget.unit != case.currency or not step:
        return None
    m, before = Material(answer, plan, None), figures(answer)
    rows, said = [], []
    for sign in (1, -1):
        amount = max(0.0, (budget.limit if sign > 0 else min(budget.limit, plan.spend)) + sign * step)
        after = figures(
            solve(revised(case, {budget_path(case): written(case, amount)}), time_limit=SMALL, conflicts=False)
        )
        word = f"The next {_whole(step)}" if sign > 0 else f"The first {_whole(step)} to take away"
        if not after.has_plan:
            rows.append(
                [word, NOTHING, "no plan is left: " + "; ".join(readable(one, 200) for one in after.reasons[:2])]
            )
            continue
        moved = _moved(m, before, after)
        change = (after.objective or 0.0) - (before.objective or 0.0)
        rows.append(
            [
                word,
                f"{m.goal} {changes([change])}",
                listed([f"{name} {one:+,.0f}" for name, one in moved], 6) or "nothing changes",
            ]
        )
        if moved:
            said.append(
                f"The next {_whole(step)} {m.currency} go mostly to {moved[0][0]}." if sign > 0 else
                f"If {_whole(step)} {m.currency} has to be cut, {moved[0][0]} is cut first."
            )  # fmt: skip
    header = ["money", "what it changes", f"spend by product ({m.currency})"]
    done = table("amounts", header, rows, 3, shown=2)
    return Section("The next money, and the first to take away", tuple(said), tables=(done,), is_wide=True)


def _moved(m: Material, before: Figures, after: Figures) -> list[tuple[str, float]]:
    """Products by how their spend changes, largest change first; of less than half a unit of money none."""
    found = {name: after.products[name].spend - before.products[name].spend for name in m.case.products}
    ordered = sorted((name for name in found if abs(found[name]) >= 0.5), key=lambda name: (-abs(found[name]), name))
    return [(m.product[name], found[name]) for name in ordered]


def repairs(case: Case) -> Sections:
    """What contradicts what, and the least changes that would give a plan, each with what the plan would then cost."""
    from allocate.explaining.conflicts.diagnosis import diagnose

    found = diagnose(case, (), LIMIT)
    goal = case.file.objective[0].replace("-", " ")
    rows = []
    for one in found.repairs:
        after = figures(solve(revised(case, dict(one.settings)), time_limit=SMALL, conflicts=False))
        steps = " and ".join(readable(step.sentence, 160) for step in one.steps)
        rows.append([steps, money(after.spend), money(after.objective), one.options])
    words = [
        "Each was tried, the smallest change first."
        if rows
        else "No limit that the case states makes a plan possible by being relaxed."
    ]
    words += [f"The search ended early, so it is not known {found.unknown}."] if found.unknown else []
    header = ["change", f"spend then ({case.currency})", f"{goal} then", "as an option of the command"]
    tables = (
        (replace(table("repairs", header, rows, 1, shown=len(rows)), numeric=(False, True, True, False)),)
        if rows
        else ()
    )
    made = Section("What would make a plan possible", tuple(words), tables=tables, is_wide=True)
    return (made, *(_conflict(number, some) for number, some in enumerate(found.conflicts)))


def _conflict(number: int, limits: Sequence[Any]) -> Section:
    """Limits of which one has to give way."""
    title = "What contradicts one another" if not number else f"And apart from these ({number + 1})"
    rows = [[readable(one.subject, 80), readable(one.words, 120), str(one.place or "")] for one in limits]
    several = "Relax any one of them, and a plan can keep the others."
    words = several if len(limits) > 1 else "This cannot be met, even without the others."
    shown = table("limits", ["limit", "says", "written at"], rows, 3, shown=len(rows))
    return Section(title, (words,), tables=(shown,), is_wide=True)


def along_budget(case: Case) -> Sections:
    """The best plan at budgets around the chosen one; nothing for a case without a total budget in its own currency."""
    total = case.file.budget.total if case.file.budget is not None else None
    if total is None or total.currency not in (None, case.currency) or not total.number > 0:
        return (Section("Budgets around this one", ("The case has no total budget in its own currency to move.",)),)
    chosen = float(total.number)
    study = frontier(case, "budget", [chosen * part for part in FRONTIER], time_limit=SMALL)
    goal = case.file.objective[0].replace("-", " ")
    rows = [
        [
            money(row["budget"]),
            str(row["status"]),
            money(row["spend"]),
            money(row["objective"]),
            "this plan" if row["budget"] == chosen else "",
        ]
        for row in study.rows
    ]
    drawn = [
        {"at": row["budget"], "amount": row["objective"], "chosen": row["budget"] == chosen}
        for row in study.rows
        if row["objective"] is not None
    ]
    figures_ = table("budgets", [f"budget ({case.currency})", "status", "spend", goal, ""], rows, 1, shown=len(rows))
    chart = None
    if len(drawn) > 1:
        chart = Chart(
            charts.path(drawn, f"budget ({case.currency})", f"{goal} ({case.currency})", "this plan"),
            f"Line of the best {goal} at {len(drawn)} budgets; the one that is chosen has a dot.", figures_, is_wide=True,
        )  # fmt: skip
    return (Section("Budgets around this one", tuple(study.notes), chart, () if chart else (figures_,), is_wide=True),)


def likely(case: Case) -> Sections:
    """How likely the plan is kept, and both fans; nothing for a case without spreads."""
    from allocate.odds.odds import plan_odds

    answer = solve(case, time_limit=LIMIT, conflicts=False)
    if answer.plan is None or not case.spreads:
        return ()
    return tuple(
        chances.sections(Material(answer, answer.plan, None, odds=plan_odds(case, answer.plan, table=answer.routes)))
    )


def done_so_far(case: Case, folders: Sequence[Path]) -> Sections:
    """The plan against what was done, by period, with where it leads and why it costs more or less."""
    from allocate.actuals.reading import read_actuals
    from allocate.bridge.bridge import bridge_bills
    from allocate.reporting.sections import looking_back
    from allocate.tracking.track import track

    answer = solve(case, time_limit=LIMIT, conflicts=False)
    if answer.plan is None:
        return ()
    tracked = track(case, read_actuals(list(folders)), answer.plan)
    bridges = (bridge_bills(tracked.planned, replace(tracked.done, name="what was done")),)
    return tuple(looking_back.sections(Material(answer, answer.plan, None, tracked=tracked, bridges=bridges)))


def swing(case: Case, reached: float, ends: Sequence[Mapping[str, Any] | None]) -> float | None:
    """What the first objective changes by at most at two ends of a lever; None where an end has no plan."""
    points = tuple(Point({}, settings) for settings in ends if settings)
    known = [one.objective for one in run_job(Job(case, points, time_limit=SMALL)).figures]
    changes_ = [abs(one - reached) for one in known if one is not None]
    return max(changes_) if changes_ and len(changes_) == len(known) else None


Summary = Mapping[str, Any]
"""What a scenario comes to, in plain figures."""


def summary(case: Case) -> Summary | None:
    """What a scenario comes to; None where it has no plan."""
    answer = solve(case, time_limit=SMALL, conflicts=False)
    plan = answer.plan
    if plan is None:
        return None
    lines = table_of(plan, "lines")
    made = dict(zip(plan.products["product"], plan.products["items"], strict=True))
    asked = {name: _asked(one) for name, one in case.products.items()}
    wanted = sum(asked.values())
    covered = sum(min(float(made.get(name, 0.0)), amount) for name, amount in asked.items())
    last = int(max(lines["delivered"])) if len(lines) else 0
    return {
        "spend": plan.spend, "net_value": plan.net_value, "penalty": plan.penalty, "vendors": len(set(lines["vendor"])) if len(lines) else 0,
        "coverage": covered / wanted if wanted else None,
        "last": case.periods.deliveries[last - 1].isoformat() if last else NOTHING,
    }  # fmt: skip


def side_by_side(case: Case, plans: Sequence[tuple[str, Case, Summary | None]]) -> Sections:
    """The case and its scenarios, and what is shown now: money, savings, coverage, vendors, penalties, what differs."""
    shown = named([name for name, _, _ in plans], 48)
    first, rows = plans[0][2], []
    valued = any(one.value for one in case.products.values())
    for name, one, mine in plans:
        told = [_rules_changed(case, one), _differs(case, one)]
        if mine is None:
            rows.append([shown[name], "no plan", *[NOTHING] * (5 + valued), *told])
            continue
        saved = NOTHING if first is None else signed(first["spend"] - mine["spend"])
        worth = [money(mine["net_value"])] if valued else []
        figures_ = [percent(mine["coverage"]), f"{mine['vendors']}", money(mine["penalty"]), mine["last"]]
        rows.append([shown[name], money(mine["spend"]), saved, *worth, *figures_, *told])
    worth = ["net value"] if valued else []
    header = [
        "scenario", f"spend ({case.currency})", "saved", *worth, "demand covered", "vendors", "penalty", "last delivery",
        "rules changed", "what differs from the case",
    ]  # fmt: skip
    done = table("scenarios", header, rows, shown=len(rows))
    done = replace(done, numeric=(*done.numeric[:-1], False))
    words = (
        "Saved is against the case as it is. Demand covered: items made, as a share of the most that is wanted, or of the least "
        "where no most is written."
    )
    plans_ = [
        (shown[name], one, *((mine["spend"], mine["net_value"]) if mine else (None, None))) for name, one, mine in plans
    ]
    return (Section("Scenarios side by side", (words, *at_one_hurdle(plans_)), tables=(done,), is_wide=True),)


def _rules_changed(case: Case, other: Case) -> str:
    """How many rules are not as in the case."""
    before, after = ({one.name: one for one in each.file.rules} for each in (case, other))
    return f"{sum(before.get(name) != after.get(name) for name in {**before, **after})}"


def _asked(product: Any) -> float:
    """Items a product asks for: exactly, else at most, else at least."""
    demand = product.demand
    if demand is None:
        return 0.0
    known = [getattr(demand, name, None) for name in ("exactly", "at_most", "at_least")]
    return float(next((one.number for one in known if one is not None), 0.0))


def _differs(case: Case, other: Case) -> str:
    """What a variant sets that the case does not, in words."""
    if other.scenario and other.scenario != case.scenario:
        own = case.document.data.get("scenarios", {}).get(other.scenario) or {}
        said = [f"{path} {'left out' if value is None else value}" for path, value in own.items()]
    else:
        said = []
    said += [one.replace("=", " ", 1) for one in other.settings[len(case.settings) :]]
    return readable(listed(said, 5), 400) or "–"


def between(before: tuple[str, Case], after: tuple[str, Case]) -> Sections:
    """Why one plan costs more than another, cause by cause."""
    from allocate.bridge.bridge import bridge_bills
    from allocate.bridge.ends import of_plan
    from allocate.reporting.sections import looking_back

    answers = [(name, solve(case, time_limit=SMALL, conflicts=False)) for name, case in (before, after)]
    plans = [(name, answer, answer.plan) for name, answer in answers if answer.plan is not None]
    if len(plans) < len(answers):
        without = [readable(name, 60) for name, answer in answers if answer.plan is None]
        return (Section("From one plan to the other", (f"There is no plan of {listed(without)}.",), is_wide=True),)
    first, second = (of_plan(readable(name, 40), answer.case, plan) for name, answer, plan in plans)
    m = Material(plans[1][1], plans[1][2], None, bridges=(bridge_bills(first, second),))
    return tuple(looking_back.sections(m))


def scaled_product(case: Case, product: str) -> Sections:
    """A product at half to four times its volume."""
    from allocate.study.scale import scale
    from allocate.tables.studies import SCALE

    return _studied(
        case,
        scale(case, product, time_limit=SMALL),
        SCALE,
        f"{readable(product, 60)} from half to four times its volume",
    )


def shifted(case: Case, giver: str, taker: str) -> Sections:
    """Work of one vendor moved to another, a fifth at a time."""
    from allocate.study.mix import mix
    from allocate.tables.studies import MIX

    return _studied(
        case,
        mix(case, giver, taker, time_limit=SMALL),
        MIX,
        f"Work moved from {readable(giver, 60)} to {readable(taker, 60)}",
    )


def _studied(case: Case, study: Any, columns: Any, title: str) -> Sections:
    kept = [one for one in columns if any(row.get(one.name) not in (None, "") for row in study.rows)]
    done = listing("points", headed(kept, **{one.name: one.head for one in kept}), study.rows, shown=len(study.rows))
    return (
        Section(
            f"{title} ({case.currency})", tuple(readable(one, 600) for one in study.notes), tables=(done,), is_wide=True
        ),
    )


def problem(error: CaseError) -> Sections:
    """Problems of a question as a section."""
    said = tuple(
        readable(one.message, 400) + (f": {readable(one.fix, 300)}" if one.fix else "") for one in error.problems
    )
    return (Section("This could not be done", points=said, is_wide=True),)
