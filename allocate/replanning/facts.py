"""What is done, from records of the work: an overlay in the words of the case, to be laid over it with `--set @facts.yaml`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from allocate.actuals.reading import Actuals
from allocate.api.evaluating import price_lines
from allocate.bridge.bridge import End
from allocate.bridge.ends import of_actuals, of_plan
from allocate.case.clauses.price_lock import written_at
from allocate.case.load import Case
from allocate.case.moments import When
from allocate.case.names import OF_CAPACITY
from allocate.case.past import is_of_work
from allocate.case.paths import dotted
from allocate.case.plan_file import PlanLine
from allocate.case.yaml_text import parse
from allocate.costing.terms.prices import exchange_rates
from allocate.errors import CaseError, Place, Problem, readable
from allocate.plan import Plan
from allocate.replanning.figures_then import figures_then, of_capacity

if TYPE_CHECKING:
    import pandas as pd

SAME_HOURS = 1e-6
"""Part of the hours worked by which the plan's may differ and still be them: records are written to six decimals."""
FILE = "facts.yaml"
ENGAGED = ("onboarding", "retainer", "commitment")
"""What is paid for a vendor being there."""


@dataclass(frozen=True)
class Facts:
    """What is done before a period, and what is ordered then."""

    first: int
    """Position of the first period that is planned."""
    text: str
    """The overlay as it is written."""
    work: tuple[PlanLine, ...]
    notes: tuple[str, ...]

    @property
    def settings(self) -> Mapping[str, Any]:
        """The overlay as settings of the case; empty where nothing is past."""
        return parse(self.text, FILE).data if self.text else {}


def exempting(facts: Facts, limits: Iterable[str]) -> Facts:
    """The same facts with limits that are asked of the rest alone."""
    head, first, rest = facts.text.partition("done:\n")
    return replace(facts, text=f"{head}{first}  exempt: [{', '.join(map(_value, limits))}]\n{rest}")


def first_planned(case: Case, from_: When) -> int:
    """Position of the first period planned; CaseError where the horizon is over by then."""
    if case.periods.is_after(from_):
        message = f"'{from_.text}' is after the horizon ends ({case.periods.end.isoformat()}): nothing is left to plan"
        raise CaseError.of(message, Place("--from"), f"name one of {case.periods.unit} 1 to {case.periods.count}")
    return case.periods.first_from(from_)


def facts_of(case: Case, then: Case, plan: Plan, actuals: Actuals, first: int) -> Facts:
    """The facts of a case: what was recorded before a period, and what of a plan was ordered by then.

    case: with the figures that hold from that period on. then: as it was when the plan was made.

    Raises CaseError for records that do not fit the case: outside of the horizon, or of products and vendors it does not have.
    """
    if first == 0:
        return Facts(0, "", (), ())
    planned = of_plan("the plan", then, plan)
    table, later = _before(case, actuals, first)
    lines, measured = _recorded(then, table, planned)
    apart = figures_then(case, then)
    was = {path: value for path, value in {**apart, **measured}.items() if is_of_work(path)}
    was |= {"rates": measured["rates"]} if "rates" in measured else {}
    terms = [path for path in apart if not is_of_work(path) and not of_capacity(path)]
    ordered = _ordered(case, planned.lines, first)
    notes = [
        f"{path} is not what it was when the plan was made; what is done counts by today's terms, where no bill says else"
        for path in terms
    ]
    notes += [f"records from {case.periods.label(first)} on are left out: {later:,.0f} items"] if later else []
    text = _written(case, plan, first, (was, lines, _paid(case, table.periods), ordered))
    return Facts(first, text, lines, tuple(notes))


def _before(case: Case, actuals: Actuals, first: int) -> tuple[Actuals, float]:
    """Records of the days before a period, and the items of later ones.

    Raises CaseError for records outside of the horizon.
    """
    import pandas as pd

    start, days = case.periods.first_day(first).isoformat(), actuals.periods["period"].astype(str)
    made = actuals.periods["items"] > 0.0
    outside = made & ((days > case.periods.end.isoformat()) | ((days != "") & (days < _week_of(case))))
    if outside.any():
        day = str(days[outside].iloc[0])
        fix = (
            f"leave it out of the import, or move the horizon, which is {case.periods.starts[0]} to {case.periods.end}"
        )
        where = Place("the actuals")
        raise CaseError.of(f"the actuals hold work of {day}, outside of the horizon", where, fix)
    early = days < start
    work = actuals.work
    if "date" in work:
        work = work[pd.Series(work["date"].astype(str) < start, index=work.index)]
    kept = replace(actuals, periods=actuals.periods[early].reset_index(drop=True), work=work.reset_index(drop=True))
    return kept, float(actuals.periods.loc[~early, "items"].sum())


def _week_of(case: Case) -> str:
    """First day that counts in the first period: records by week begin on a Monday, whatever day the horizon does."""
    from datetime import timedelta

    start = case.periods.starts[0]
    return (start - timedelta(days=start.weekday())).isoformat()


def _recorded(then: Case, table: Actuals, planned: End) -> tuple[tuple[PlanLine, ...], dict[str, Any]]:
    """What was made, and with which levers, and the figures of it that were measured: no pace where hours are those of the case."""
    if not (table.periods["items"] > 0.0).any():
        return (), {}
    done = of_actuals(
        "the actuals", then, table, planned, apart=False, worked_with=lambda lines: _with_levers(lines, planned)
    )
    measured: dict[str, Any] = dict(setting.split("=", 1) for setting in done.case.settings[len(then.settings) :])
    card = done.case.written["rates"] if "rates" in measured else []
    asked, worked = _hours(then, done.lines), _by_pair(table.periods, "hours_active")
    for (product, vendor), hours in asked.items():
        recorded = worked.get((product, vendor), 0.0)
        if abs(hours - recorded) <= SAME_HOURS * recorded:
            card = [_without_productivity(row, product, vendor) for row in card]
            starts = f"rates.{product}.{vendor}."
            measured = {p: v for p, v in measured.items() if not (p.startswith(starts) and p.endswith(".pace"))}
    if any(len(row) > 2 for row in card):
        measured["rates"] = card
    else:
        measured.pop("rates", None)
    for vendor in then.vendors:
        mine = [key for key in asked if key[1] == vendor]
        hours, recorded = sum(asked[key] for key in mine), sum(worked.get(key, 0.0) for key in mine)
        if abs(hours - recorded) <= SAME_HOURS * recorded:
            measured.pop(dotted("vendors", vendor, "productivity"), None)
    sums: dict[tuple[str, str, str, int, tuple[str, ...]], float] = {}
    for line in done.lines:
        key = (line.product, line.vendor, line.workflow, line.period, line.levers)
        sums[key] = sums.get(key, 0.0) + line.items
    return tuple(PlanLine(*key[:4], items, key[4]) for key, items in sums.items()), measured


def _without_productivity(row: dict[str, Any], product: str, vendor: str) -> dict[str, Any]:
    """A line of the rate card, without its productivity where it is of a product by a vendor."""
    mine = (row["product"], row["vendor"]) == (product, vendor)
    return {key: value for key, value in row.items() if not mine or key != "productivity"}


def _hours(case: Case, lines: Iterable[PlanLine]) -> dict[tuple[str, str], float]:
    """Hours the case asks for lines, by product and vendor."""
    found: dict[tuple[str, str], float] = {}
    columns = (price_lines(case, lines).lines[name].tolist() for name in ("product", "vendor", "hours"))
    for product, vendor, hours in zip(*columns, strict=True):
        found[product, vendor] = found.get((product, vendor), 0.0) + hours
    return found


def _by_pair(table: pd.DataFrame, column: str) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for product, vendor, amount in zip(table["product"], table["vendor"], table[column], strict=True):
        found[str(product), str(vendor)] = found.get((str(product), str(vendor)), 0.0) + float(amount)
    return found


def _with_levers(done: Iterable[PlanLine], planned: End) -> tuple[PlanLine, ...]:
    """What was made, with the levers it was planned with, in parts where the plan has several ways.

    Where any record of a product by a vendor names levers, the records say them for all of that work.
    """
    done = tuple(done)
    told = {(line.product, line.vendor) for line in done if line.levers}
    ways: dict[tuple[str, str, str], dict[tuple[str, ...], dict[int, float]]] = {}
    for line in planned.lines:
        own = tuple(name for name in line.levers if not name.endswith(OF_CAPACITY))
        by_period = ways.setdefault((line.product, line.vendor, line.workflow), {}).setdefault(own, {})
        by_period[line.period] = by_period.get(line.period, 0.0) + line.items
    found = []
    for line in done:
        if (line.product, line.vendor) in told:
            found.append(line)
            continue
        known = ways.get((line.product, line.vendor, line.workflow), {})
        parts = {own: by.get(line.period, 0.0) for own, by in known.items()}
        if not any(parts.values()):
            parts = {own: sum(by.values()) for own, by in known.items()} or {(): 1.0}
        whole = sum(parts.values())
        found += [
            replace(line, items=line.items * (part / whole), levers=own) for own, part in parts.items() if part > 0.0
        ]
    return tuple(found)


def _ordered(case: Case, planned: Iterable[PlanLine], first: int) -> tuple[PlanLine, ...] | None:
    """Lines of a plan that are ordered by a period; None where nothing is ordered ahead."""
    frozen = case.file.frozen
    if frozen is None or frozen.orders is None:
        return None
    until = min(first + case.periods.lead(frozen.orders), case.periods.count)
    return tuple(line for line in planned if first < line.period <= until)


def _paid(case: Case, table: pd.DataFrame) -> list[tuple[str, int, float]]:
    """What each vendor billed by period, in the case's currency at the exchange rate of its day.

    Raises CaseError for bills of vendors the case does not have, or in a currency it has no rate for.
    """
    sums: dict[tuple[str, int], float] = {}
    problems, rates = [], exchange_rates(case)
    for row in table[table["spend"] != 0.0].to_dict("records"):
        vendor, currency, amount = str(row["vendor"]), str(row["currency"]) or case.currency, float(row["spend"])
        number = _number(case, str(row["period"]))
        if vendor not in case.vendors:
            message = f"the actuals hold a bill of the vendor '{readable(vendor, 60)}', which the case does not have"
            problems.append(
                Problem(message, Place("the actuals"), "add the vendor to the case, or map it to one it has")
            )
        elif currency not in rates:
            fix = f"write `exchange: {{{currency}: … {case.currency}}}` in the case"
            problems.append(Problem(f"the actuals have bills in {currency}", Place("the actuals"), fix))
        else:
            own = amount if currency == case.currency else amount * float(rates[currency][number - 1])
            sums[vendor, number] = sums.get((vendor, number), 0.0) + own
    if problems:
        raise CaseError(list(dict.fromkeys(problems)))
    return [(vendor, number, amount) for (vendor, number), amount in sorted(sums.items())]


def _number(case: Case, day: str) -> int:
    """Number of the period a day lies in, the first for what is before it."""
    return max(sum(start <= date.fromisoformat(day) for start in case.periods.starts), 1) if day else 1


Known = tuple[Mapping[str, Any], tuple[PlanLine, ...], list[tuple[str, int, float]], tuple[PlanLine, ...] | None]
"""Figures of the time, work done, bills, and orders."""


def _written(case: Case, plan: Plan, first: int, known: Known) -> str:
    """The overlay as YAML."""
    was, lines, paid, ordered = known
    unit, frozen = case.periods.unit, case.file.frozen
    told = [
        f"# What is done of {case.name} before {case.periods.label(first)}. Use it as it is: allocate solve CASE --set @FILE",
        "done:",
        f"  planned-from: {unit} {first + 1}",
        *_block("was", [f"{json.dumps(path)}: {_value(value)}" for path, value in was.items()]),
        *_block("work", [f"- {_line(line)}" for line in lines]),
        *_block(
            "paid", [f"- {_flow({'vendor': v, 'period': n, 'amount': f'{a!r} {case.currency}'})}" for v, n, a in paid]
        ),
        *_block("begun", [f"- {_flow(row)}" for row in _begun(plan, first)]),
        *_block("seats", [f"- {_flow(row)}" for row in _seats(case, plan, first)]),
        *_block("staff", [f"- {_flow(row)}" for row in _staff(case, plan, first)]),
    ]
    if frozen is not None and frozen.hires:
        told.append("  hires-kept: true")
    if frozen is not None and frozen.orders is not None:
        last = min(first + case.periods.lead(frozen.orders), case.periods.count)
        if last > first:
            told += [
                f"  ordered-until: {unit} {last}",
                *_block("ordered", [f"- {_line(line)}" for line in ordered or ()]),
            ]
    if frozen is not None and frozen.commitments and (signed := _signed(case, plan)):
        told.append(f"  committed: [{', '.join(map(json.dumps, signed))}]")
    told += [f"{json.dumps(path)}: true" for path in _bought(plan, first)]
    return "\n".join(told) + "\n"


def _block(key: str, rows: list[str]) -> list[str]:
    return [f"  {key}:", *(f"    {row}" for row in rows)] if rows else []


def _line(line: PlanLine) -> str:
    own = {
        "product": line.product,
        "vendor": line.vendor,
        "workflow": line.workflow,
        "period": line.period,
        "items": line.items,
    }
    return _flow({**own, **({"levers": list(line.levers)} if line.levers else {})})


def _flow(block: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in block.items()) + "}"


def _value(value: Any) -> str:
    """A value in YAML's flow style, which JSON is: texts in quotes, numbers with every digit."""
    return json.dumps(value, ensure_ascii=False)


def _staff(case: Case, plan: Plan, first: int) -> list[dict[str, Any]]:
    """What a plan decided about teams before a period; and who is to start or leave within the notice, ordered before it."""
    rows = []
    for row in plan.staff.to_dict("records"):
        block = case.vendors[str(row["team"])].team
        assert block is not None
        until = {
            "hired": case.periods.lead(block.hire.notice) if block.hire is not None else 0,
            "released": case.periods.lead(block.release.notice) if block.release is not None else 0,
        }
        told: dict[str, Any] = {
            key: int(row[key]) for key, ahead in until.items() if row["period"] <= first + ahead and row[key]
        }
        if row["period"] <= first and row["overtime"]:
            told["overtime"] = float(row["overtime"])
        if told:
            rows.append({"team": str(row["team"]), "period": int(row["period"]), **told})
    return rows


def _begun(plan: Plan, first: int) -> list[dict[str, Any]]:
    """Vendors, their starts on products, and products switched, for which a plan pays anything before a period."""
    found: dict[tuple[str, str], None] = {}
    for entry in plan.entries if first else ():
        if entry.period < first and entry.clause in (*ENGAGED, "product start", "switching"):
            vendor = "" if entry.clause == "switching" else entry.vendor
            found[vendor, "" if entry.clause in ENGAGED else entry.about] = None
    return [{key: name for key, name in zip(("vendor", "product"), one, strict=True) if name} for one in found]


def _seats(case: Case, plan: Plan, first: int) -> list[dict[str, Any]]:
    """Seats that a plan had bought by a period, by vendor, kind and the period their window begins in."""
    bought: dict[tuple[str, str, str], tuple[int, float]] = {}
    for entry in plan.entries:
        if entry.clause == "seats" and entry.period < first:
            began, many = bought.get((entry.vendor, entry.about, entry.window), (entry.period, 0.0))
            bought[entry.vendor, entry.about, entry.window] = (min(began, entry.period), many + entry.quantity)
    kinds = {name: [one.name or name for one in v.contract.fees.seat] for name, v in case.vendors.items()}
    return [
        {"vendor": vendor, **({} if name == vendor else {"name": name}), "period": began + 1, "bought": round(many)}
        for (vendor, name, _), (began, many) in bought.items()
        if kinds[vendor].count(name) == 1
    ]


def _signed(case: Case, plan: Plan) -> list[str]:
    """Vendors with a commitment that a plan uses."""
    used = {str(vendor) for vendor in plan.lines["vendor"]}
    return [name for name, vendor in case.vendors.items() if vendor.contract.commitment is not None and name in used]


def _bought(plan: Plan, first: int) -> list[str]:
    """Paths that say which levers a plan had bought, and which locks of prices it had signed, by a period."""
    begun = [
        str(name)
        for name, start in zip(plan.levers["lever"].tolist(), plan.levers["from"].tolist(), strict=True)
        if start <= first
    ]
    return [dotted(*written_at(("levers", name, "bought"))) for name in begun]
