"""What may go wrong, what to do next, and what the report was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from allocate.costing.limits.budget import budget_currency
from allocate.costing.value.values import GATE
from allocate.errors import readable
from allocate.explaining.measured_floors import MEASURED, chance_in_words, floor_notes
from allocate.finance.cash import DECIDED
from allocate.finance.payees import VENDORS, bought, by_payee
from allocate.reporting.document import Section
from allocate.reporting.material import Material, table
from allocate.reporting.sections.outlook import LEAST, moved, priced, unit_of
from allocate.reporting.sections.work import CAPACITIES, FULL
from allocate.reporting.wording import counted, listed, rounded, sentence
from allocate.study.assumed import NOT_STATED
from allocate.study.assumptions import register
from allocate.tables.formats import count, money, percent, significant
from allocate.tables.frames import table_of

ALONE = 0.999
LARGE_SHARE = 0.35
OFTEN = 0.5
NOTES = 4
"""Notes of the plan that stand among the risks; of more it is said where they are."""
MOST_ASKED = 0.3
"""Largest cut of a price that anybody is advised to ask for: nobody sells below, and people paid by the hour would bear it."""


def risks(m: Material) -> Section:
    """What the plan leans on, worst first."""
    points = tuple(
        map(
            sentence,
            [*_broken(m), *_alone(m), *_full(m), *_tight(m), *_measured(m), *_open(m), *_assumed(m), *_notes(m)],
        )
    )
    return Section("Risks", () if points else ("The figures show no particular risk.",), points=points)


def _notes(m: Material) -> Iterator[str]:
    apart = (DECIDED, MEASURED)
    notes = [note for note in m.answer.notes if not note.startswith(GATE) and not any(one in note for one in apart)]
    for note in notes[:NOTES]:
        yield readable(note.partition(", by the case's own choice")[0], 200)
    if len(notes) > NOTES:
        yield f"{counted(len(notes) - NOTES, 'more note is', 'more notes are')} printed by `allocate solve`"


def _broken(m: Material) -> Iterator[str]:
    broken = table_of(m.plan, "broken")
    if len(broken):
        names = list(dict.fromkeys(readable(str(name), 60) for name in broken["rule"]))
        yield f"{counted(len(names), 'limit or rule is', 'limits and rules are')} broken for a penalty of {money(float(broken['money'].sum()))} {m.currency}: {listed(names)}"


def _alone(m: Material) -> Iterator[str]:
    totals: dict[str, float] = {}
    for (product, _), items in m.made.items():
        totals[product] = totals.get(product, 0.0) + items
    single = [
        f"{m.product[product]} ({m.vendor[vendor]})"
        for (product, vendor), items in m.made.items()
        if items >= ALONE * totals[product]
    ]
    if single and len(totals) == 1:
        yield f"all work rests on one vendor: {single[0]}"
    elif single:
        word = "rests on one vendor" if len(single) == 1 else "rest on one vendor each"
        yield f"{len(single)} of the {len(totals)} products made {word}: {listed(single)}"
    gets = [
        (share, name)
        for kind, name, share in by_payee(m.case, m.plan).rows("kind", "paid_to", "share")
        if kind == VENDORS
    ]
    if gets and gets[0][0] >= LARGE_SHARE and len(totals) > 1:
        yield f"one vendor gets {percent(gets[0][0])} of the spend: {m.vendor[gets[0][1]]}"


def _full(m: Material) -> Iterator[str]:
    full: dict[str, int] = {}
    for check in m.checks:
        if check.family in CAPACITIES[:2] and check.period is not None and check.limit > 0:
            name = m.vendor[list(m.case.vendors)[check.key[0]]]
            full[name] = full.get(name, 0) + (check.used / check.limit >= FULL)
    often = [name for name, times in full.items() if times >= OFTEN * m.case.periods.count]
    if often:
        yield f"full in at least half of the {m.unit}s, so a delay there cannot be made up: {listed(often)}"


def _tight(m: Material) -> Iterator[str]:
    due = [readable(c.subject, 80) for c in m.checks if c.family == "milestone" and c.binding]
    if due:
        yield f"no slack at the {listed(due)}"
    floors = [readable(c.subject, 80) for c in m.checks if c.family.startswith("accuracy_floor") and c.binding]
    if floors:
        yield f"no slack in the {listed(floors)}: a vendor slightly worse than assumed breaks {'it' if len(floors) == 1 else 'them'}"


def _measured(m: Material) -> Iterator[str]:
    """Floors that rest on samples, the least sure first."""
    notes = sorted(zip(m.measured, floor_notes(m.measured), strict=True), key=lambda one: one[0].lowest)
    yield from (readable(note, 300) for _, note in notes[:2])
    if len(notes) > 2:
        yield f"{counted(len(notes) - 2, 'more floor rests', 'more floors rest')} on samples, each with a chance of {chance_in_words(notes[2][0].lowest)} or more"


def _open(m: Material) -> Iterator[str]:
    if m.answer.gap is not None and m.answer.gap > 0.001 and m.answer.bound is not None:
        yield f"a plan better by up to {money(abs(m.answer.bound - (m.answer.objective or 0.0)))} {m.currency} may exist ({percent(m.answer.gap, 2)})"


def _assumed(m: Material) -> Iterator[str]:
    found = register(m.case, m.answer)
    missing = sum(one.basis == NOT_STATED for one in found)
    if found:
        yield f"{counted(len(found), 'figure is', 'figures are')} assumed ({missing} stated nowhere)"


def next_steps(m: Material) -> Section:
    """What to do first, each with the figure that says why."""
    points = tuple(map(sentence, [*_order(m), *_staffing(m), *_ask(m), *_budget(m), *_negotiate(m), *_measure(m)]))
    return Section("Next steps", points=points)


def _order(m: Material) -> Iterator[str]:
    lines = table_of(m.plan, "lines")
    if not len(lines):
        return
    start = int(lines["period"].min())
    items = dict[str, float]()
    for vendor, amount in lines.where(lines["period"] == start).rows("vendor", "items"):
        items[vendor] = items.get(vendor, 0.0) + amount
    asked = {vendor: bought(m.plan)[vendor, start] for vendor in items}
    day = f"{m.unit} {start} (from {m.case.periods.starts[start - 1].isoformat()})"
    teams = [name for name in asked if m.case.vendors[name].team is not None]
    orders = [
        f"{m.vendor[name]} ({count(items[name])} items, {money(asked[name])} {m.currency})"
        for name in sorted(asked, key=lambda name: -asked[name])
        if name not in teams
    ]
    if orders:
        yield f"order the work of {day} from {listed(orders)}"
    if teams:
        given = [f"{m.vendor[name]} ({count(items[name])} items)" for name in teams]
        yield f"give the work of {day} to your own people: {listed(given)}"


def _staffing(m: Material) -> Iterator[str]:
    """Who is hired or released, and when that has to be decided for it."""
    for name, period, hired, released in table_of(m.plan, "staff").rows("team", "period", "hired", "released"):
        team = m.case.vendors[str(name)].team
        for number, block, what in (
            (hired, team.hire if team else None, "starts"), (released, team.release if team else None, "leaves"),
        ):  # fmt: skip
            if number <= 0 or block is None:
                continue
            people = counted(round(number), "person", "people")
            verb = what if round(number) == 1 else what.removesuffix("s")
            told = f": the notice is {block.notice.text}" if block.notice is not None else ""
            by = period - m.case.periods.lead(block.notice)
            yield f"decide by the start of {m.unit} {by:.0f} that {people} of {m.vendor[str(name)]} {verb} in {m.unit} {period:.0f}{told}"


def _ask(m: Material) -> Iterator[str]:
    if m.found is None:
        for name, checks, price in priced(m)[:2]:
            yield f"start with {readable(name, 80)}: one {unit_of(checks[0])} more changes {m.goal} by {significant(price)} {m.currency}"
        return
    owned = [one for one in m.found.costs if one.owner and one.without.gain is not None and one.without.gain > LEAST]
    for one in owned[:2]:
        yield f"ask {readable(one.owner, 40)} whether {readable(one.limit, 80)} has to hold: it costs {money(one.without.gain or 0.0)} {m.currency}"


def _budget(m: Material) -> Iterator[str]:
    if m.found is None:
        return
    if m.found.left is not None:
        yield f"{money(m.found.left.amount)} {m.found.left.currency} of the budget is not needed for this plan: decide what to use them for"
    paying = [one for one in m.found.money if one.worth.gain is not None and one.worth.gain > LEAST]
    spent = [one for one in paying if one.spent >= (1.0 - 1e-6) * one.amount]
    if spent and m.found.left is None:
        one = max(spent, key=lambda one: one.amount)
        yield f"ask for {rounded(one.amount)} {budget_currency(m.answer.case)} more: that improves {m.goal} by {money(one.worth.gain or 0.0)} {m.currency}"


def _negotiate(m: Material) -> Iterator[str]:
    near = [
        one
        for one in (m.found.offers if m.found is not None else ())
        if one.enters is not None
        and one.enters.factor is not None
        and one.target
        and 1.0 - one.enters.factor <= MOST_ASKED
    ]
    if near:
        one = max(near, key=lambda one: one.enters.factor if one.enters and one.enters.factor else 0.0)
        what = "enters the plan" if one.loses_all is None else "gets more work"
        yield (
            f"ask {m.vendor[one.vendor]} for a better price: it {what} below {readable(one.target, 40)} for "
            f"{m.product[one.product]} ({readable(one.asks, 40)} now)"
        )


def _measure(m: Material) -> Iterator[str]:
    inputs = {one.input for one in m.swings}
    most = next((one for one in moved(m) if one.input in inputs), None)
    if most is not None:
        yield f"before you sign, check the {most.input}: {most.step} more or less changes {m.goal} by up to {money(most.size)} {m.currency}"


def provenance(m: Material) -> Section:
    """What the report was made from, so that it can be made again."""
    run, found = m.answer.run, m.answer.verification
    assert found is not None
    versions = ", ".join(f"{name} {number}" for name, number in run["versions"].items())
    told = [
        f"Case {readable(m.case.name)}" + (f", scenario {readable(m.case.scenario)}" if m.case.scenario else "") + "."
    ]
    if run["settings"]:
        told.append(f"Settings: {'; '.join(readable(str(one), 200) for one in run['settings'])}.")
    broken = sum(check.broken for check in found.checks)
    kept = f"all kept but {broken} paid for" if broken else "all kept"
    were = "was" if len(found.checks) == 1 else "were"
    told.append(f"{counted(len(found.checks), 'limit')} {were} recomputed from the case, without the solver: {kept}.")
    told.append(f"Solved with {run['solver']}, method {run['method']['name']}. {versions}.")
    every = hashlib.sha256("".join(f"{k}\0{v}\0" for k, v in sorted(run["inputs"].items())).encode()).hexdigest()
    told.append(f"All inputs together: SHA-256 {every[:16]}.")
    if not m.as_written:
        told.append(
            "Lines are held or rules were added by hand: scenarios, vendors alone and what assumed figures change are not shown, "
            "for they would be planned without them."
        )
    rows = [[readable(name, 120), digest] for name, digest in run["inputs"].items()]
    done = table("input files", ["file", "SHA-256"], rows, 2, shown=0 if rows else 1)
    return Section("How this was made", tuple(told), tables=(done,) if rows else (), is_wide=True)
