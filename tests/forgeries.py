"""What a cheat would change in a plan file: one thing each, with all that hangs on it where that is known."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from allocate.case.load import Case
from allocate.errors import CaseError
from allocate.record.as_json import as_json
from allocate.record.check import check
from allocate.record.proof import digest
from allocate.record.text import Text

Document = dict[str, Any]
Forger = Callable[[Document, Case], Document | None]
"""Makes another document of one it may change; None where it has nothing to change."""

TRIED = 2
"""Lines that are changed one after another until a plan comes of it that is worse and right in all its figures."""
CHEATS: dict[str, Forger] = {}
"""By name."""


def cheat(forger: Forger) -> Forger:
    """Add a cheat to the list, by its function's name."""
    CHEATS[forger.__name__.replace("_", " ")] = forger
    return forger


def forged(document: Document, case: Case, names: Iterable[str]) -> Iterator[tuple[str, Document]]:
    """The cheats of these names that there are in a plan file, one by one, the digest made good."""
    for name in names:
        made = CHEATS[name](copy.deepcopy(document), case)
        if made is not None:
            made["digest"] = digest(made)
            yield name, made


def following(document: Document, case: Case) -> Document | None:
    """The document with every figure as its lines, staff and proof make it; None where the case cannot price them."""
    try:
        answer = check(Text("plan.json", json.dumps(document), document), case).answer
    except CaseError:
        return None
    return json.loads(json.dumps(as_json(answer)))  # type: ignore[no-any-return]


def claimed_best(document: Document | None, before: Document) -> Document | None:
    """A worse plan, right in all its figures, claimed to be the best; None where it is no worse."""
    if document is None:
        return None
    sense = -1.0 if document["objective_name"] == "cost" else 1.0
    money = max(abs(document[name]) for name in ("objective", "spend", "value"))
    lost = sense * (before["objective"] - document["objective"])
    if lost <= document["certificate"]["bound"]["curve_error"] + 1e-4 * money:
        return None
    document["certificate"]["bound"] |= {"claimed_by_solver": document["objective"], "gap_in_money": 0.0}
    return document | {"status": "optimal", "solver_status": "optimal", "bound": document["objective"], "gap": 0.0}


@cheat
def fewer_items_than_asked_for(document: Document, case: Case) -> Document | None:
    """Every line a tenth smaller, every figure made to follow."""
    if not any(one.demand is not None for one in case.products.values()):
        return None
    for line in document["lines"]:
        line["items"] *= 0.9
    made = following(document, case)
    return None if made is None else made | {"status": document["status"]}


@cheat
def work_with_a_dearer_vendor(document: Document, case: Case) -> Document | None:
    """A tenth of a line with another vendor, every figure made to follow, claimed the best of all."""
    for line in document["lines"][:TRIED]:
        for vendor in case.vendors:
            changed = copy.deepcopy(document)
            taken = {(one["product"], one["vendor"], one["workflow"], one["period"]) for one in changed["lines"]}
            if (line["product"], vendor, line["workflow"], line["period"]) in taken:
                continue
            at = document["lines"].index(line)
            changed["lines"][at]["items"] *= 0.9
            changed["lines"].append({**line, "vendor": vendor, "items": 0.1 * line["items"]})
            made = claimed_best(following(changed, case), document)
            if made is not None:
                return made
    return None


@cheat
def more_than_is_worth_its_money(document: Document, case: Case) -> Document | None:
    """A line of a tenth more, every figure made to follow, claimed the best of all."""
    for line in document["lines"][:TRIED]:
        line["items"] *= 1.1
        made = claimed_best(following(document, case), document)
        if made is not None:
            return made
        line["items"] /= 1.1
    return None


@cheat
def work_a_period_earlier(document: Document, _: Case) -> Document | None:
    """A line in another period."""
    line = next((one for one in document["lines"] if one["period"] > 1), None)
    if line is None:
        return None
    line["period"] -= 1
    return document


@cheat
def one_line_written_as_two(document: Document, _: Case) -> Document:
    """A line in two halves."""
    line = document["lines"][0]
    line["items"] /= 2
    document["lines"].insert(1, dict(line))
    return document


@cheat
def less_spend(document: Document, _: Case) -> Document:
    """Five per cent less spend, in the totals and what is made of them."""
    for name in ("spend", "net_value", "objective"):
        document[name] *= 0.95
    return document


@cheat
def better_accuracy(document: Document, _: Case) -> Document:
    """A point more of accuracy, of a line and its product."""
    line = document["lines"][0]
    line["accuracy"] += 0.01
    document["products"][line["product"]]["accuracy"] += 0.01
    return document


@cheat
def an_entry_of_the_invoice_dropped(document: Document, _: Case) -> Document | None:
    """The last entry of the invoice gone, and its money with it."""
    if not document["invoice"]:
        return None
    gone = document["invoice"].pop()
    document["spend"] -= gone["amount"]
    return document


@cheat
def an_entry_of_the_invoice_halved(document: Document, _: Case) -> Document | None:
    """An entry at half its price."""
    entry = next((one for one in document["invoice"] if one["amount"]), None)
    if entry is None:
        return None
    entry["amount"] /= 2
    entry["unit_price"] = None if entry["unit_price"] is None else entry["unit_price"] / 2
    return document


@cheat
def an_entry_of_another_clause(document: Document, _: Case) -> Document | None:
    """An entry booked as something else."""
    if not document["invoice"]:
        return None
    document["invoice"][-1]["clause"] = "goodwill"
    return document


@cheat
def fewer_people(document: Document, _: Case) -> Document | None:
    """Somebody not employed, nor paid."""
    row = next((one for one in document["staff"] if one["people"] > 0), None)
    if row is None:
        return None
    row["people"] -= 1
    return document


@cheat
def somebody_hired(document: Document, _: Case) -> Document | None:
    """A decision about people that the plan's figures do not have."""
    if not document["staff"]:
        return None
    document["staff"][-1]["hired"] += 1
    return document


@cheat
def a_lever_for_nothing(document: Document, _: Case) -> Document | None:
    """A lever at no cost, or one that was not bought."""
    if not document["levers"]:
        return None
    lever = document["levers"][0]
    name = next(key for key, value in lever.items() if isinstance(value, float) and value)
    lever[name] = 0.0
    return document


@cheat
def prices_that_prove_more(document: Document, _: Case) -> Document | None:
    """Prices of the proof a half larger, and the bound they are said to prove at the plan."""
    bound = document["certificate"]["bound"]
    for family in bound["duals"].values():
        family["values"] = [1.5 * one for one in family["values"]]
    bound["proven"] = bound["proven_of_pieces"] = document["objective"] + (0.0 if bound["proven_gap"] > 1e-3 else 1.0)
    return document if bound["duals"] else None


@cheat
def a_bound_at_the_plan(document: Document, _: Case) -> Document:
    """A worse bound than there is, or a better one than is proven."""
    bound = document["certificate"]["bound"]
    for name in ("proven", "proven_of_pieces"):
        bound[name] = document["objective"] * 1.02 + 1.0
    bound["proven_gap"] = 0.0
    return document


@cheat
def a_wider_tolerance(document: Document, _: Case) -> Document:
    """A limit counts as kept from a tenth on."""
    document["certificate"]["tolerance"] = 0.1
    return document


@cheat
def fewer_checks(document: Document, _: Case) -> Document:
    """One limit less was looked at."""
    document["certificate"]["checks"] -= 1
    return document


@cheat
def whole_numbers_left_out(document: Document, _: Case) -> Document | None:
    """The proof of an integer program without what it proves for the plan's whole numbers."""
    if document["certificate"]["bound"]["same_whole_numbers"] is None:
        return None
    document["certificate"]["bound"]["same_whole_numbers"] = None
    return document


@cheat
def stopped_early_and_optimal(document: Document, _: Case) -> Document | None:
    """A search that ended early, called optimal."""
    if document["limit"] is not None:
        return None
    return document | {"limit": "time"}


@cheat
def another_status(document: Document, _: Case) -> Document:
    """Feasible where optimal is proven, optimal where it is not."""
    return document | {"status": "feasible" if document["status"] == "optimal" else "optimal"}


@cheat
def a_limit_that_does_not_bind(document: Document, _: Case) -> Document | None:
    """A limit that binds, left out."""
    if not document["binding"]:
        return None
    document["binding"].pop(0)
    return document


@cheat
def a_limit_of_another_worth(document: Document, _: Case) -> Document | None:
    """A shadow price of one's own."""
    if not document["binding"]:
        return None
    document["binding"][0]["worth_of_one_more"] = 123.0
    return document


@cheat
def settings_of_its_own(document: Document, _: Case) -> Document:
    """A setting nobody asked for."""
    document["run"]["settings"] = ["budget=1 USD"]
    return document


@cheat
def a_scenario_of_its_own(document: Document, _: Case) -> Document:
    """A scenario nobody asked for."""
    name = "easy" if document["scenario"] != "easy" else "hard"
    document["scenario"] = document["run"]["scenario"] = name
    return document


@cheat
def every_line_held(document: Document, _: Case) -> Document:
    """All lines written down as held, so that nothing is left to be better."""
    keys = ("product", "vendor", "workflow", "period", "items")
    document["run"]["options"]["held"] = [{key: one[key] for key in keys} for one in document["lines"]]
    return document


@cheat
def other_inputs(document: Document, _: Case) -> Document:
    """An input the case does not have."""
    document["run"]["inputs"]["terms.csv"] = "0" * 64
    return document


@cheat
def another_currency(document: Document, _: Case) -> Document:
    """The same figures in money of less worth."""
    return document | {"currency": "EUR" if document["currency"] != "EUR" else "USD"}


@cheat
def another_objective(document: Document, _: Case) -> Document:
    """The plan of another question."""
    return document | {"objective_name": "value" if document["objective_name"] != "value" else "cost"}


@cheat
def another_case(document: Document, _: Case) -> Document:
    """The plan of another case."""
    return document | {"case": document["case"] + "-2"}


@cheat
def no_penalties(document: Document, _: Case) -> Document | None:
    """What is missed, and what it costs, left out."""
    if not document["penalties"]:
        return None
    return document | {"penalties": [], "penalty": 0.0}


@cheat
def money_later(document: Document, _: Case) -> Document | None:
    """A payment a month later."""
    if not document.get("cash_flow"):
        return None
    document["cash_flow"][0]["paid"] = 0.0
    return document


@cheat
def less_in_the_pipeline(document: Document, _: Case) -> Document | None:
    """Items that are begun and not delivered, left out."""
    if not document.get("pipeline"):
        return None
    document["pipeline"].pop()
    return document


@cheat
def more_value(document: Document, _: Case) -> Document:
    """Value nobody's curve gives."""
    document["value"] += 1_000.0
    document["net_value"] += 1_000.0
    return document


@cheat
def lower_fees(document: Document, _: Case) -> Document:
    """A vendor's fees less by one of the currency."""
    vendor = next(iter(document["vendors"].values()))
    vendor["fees"] -= 1.0
    return document


@cheat
def no_notes(document: Document, _: Case) -> Document:
    """What a reader must know left out; or a reassurance where there is nothing to know."""
    return document | {"notes": [] if document["notes"] else ["checked by procurement"]}


@cheat
def cheaper_money(document: Document, _: Case) -> Document | None:
    """Another rate of discount."""
    if "present" not in document:
        return None
    document["present"]["rate"] *= 2
    return document


@cheat
def odds_of_its_own(document: Document, _: Case) -> Document:
    """A section of odds, which no plan's file has: they are drawn again by who wants to know them."""
    return document | {"odds": {"budget": {"odds": 0.99, "error": 0.001}}}


@cheat
def a_hedge_nobody_made(document: Document, _: Case) -> Document:
    """A section that says the plan is surer than it is."""
    return document | {"hedge": {"asked": 0.95, "premium": 0.0, "hedged": {"odds": 0.97}}}


@cheat
def stages_nobody_decided(document: Document, _: Case) -> Document:
    """A section of decisions in stages, and what waiting is said to be worth."""
    return document | {"stages": [{"after": 2, "value_of_waiting": 1_000.0}], "value_of_knowing": 0.0}
