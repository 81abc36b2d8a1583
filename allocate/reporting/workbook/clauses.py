"""What contracts owe beside prices as formulas: fees, seats, commitments, rebates, switching and levers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.case.by_time import times
from allocate.case.document import Path_
from allocate.case.schema import Vendor
from allocate.costing.clauses.rebate import close_below
from allocate.costing.clauses.seats import licences
from allocate.costing.supply.throughput import work_content
from allocate.costing.terms.prices import currency_of
from allocate.costing.terms.windows import windows
from allocate.reporting.workbook.contracts import Contracts
from allocate.reporting.workbook.terms import Term, number
from allocate.tolerances import AT_WORK, COMMITTED, HALF_A_CENT, SEAT_ROUNDING, STEP_REACHED, STEP_SMALL

Floats = NDArray[np.float64]


def other_clauses(sheet: Contracts) -> None:
    """Write every clause of the vendors used that belongs to no line; the prices of lines are known by now."""
    made = np.zeros((len(sheet.ways.products), len(sheet.ways.vendors)))
    np.add.at(made, (sheet.product, sheet.vendor), sheet.items)
    for position, (name, vendor) in enumerate(sheet.case.vendors.items()):
        if (made[:, position] > AT_WORK).any():
            _fees(sheet, name, vendor, made[:, position])
            _commitment(sheet, position, name, vendor)
            _rebate(sheet, position, name, vendor)
    _seats(sheet)
    _once(sheet)


def _fees(sheet: Contracts, name: str, vendor: Vendor, made: Floats) -> None:
    fees, case, where = vendor.contract.fees, sheet.case, ("vendors", name, "contract", "fees")
    once = [
        sheet.money("onboarding", name, amount, path, 0)
        for amount, path in (
            (fees.onboarding, (*where, "onboarding")),
            (vendor.onboarding, ("vendors", name, "onboarding")),
        )
        if amount is not None
    ]
    if once:
        sheet.entry((name, "the horizon", "onboarding", name), 1.0, "once", sum(once[1:], once[0]))
    if fees.retainer is not None:
        for period, many in enumerate(times(case.periods, fees.retainer)):
            money = sheet.money("retainer", name, fees.retainer, (*where, "retainer"), period, float(many))
            sheet.entry((name, case.periods.label(period), "retainer", name), 1.0, case.periods.unit, money)
    for product, title in enumerate(case.products):
        stated = [(n, one.start_fee) for n, one in case.rate_card.of_pair(title, name)]
        stated = [one for one in stated if one[1] is not None]
        path: Path_ = ("rates", stated[-1][0], "start-fee") if stated else (*where, "product-start")
        amount = stated[-1][1] if stated else fees.product_start
        if amount is not None and made[product] > AT_WORK:
            price = sheet.money("start of a product", f"{title} / {name}" if stated else name, amount, path, 0)
            sheet.entry((name, "the horizon", "product start", title), 1.0, "once", price)


def _commitment(sheet: Contracts, position: int, name: str, vendor: Vendor) -> None:
    """What is missing of a commitment in each window."""
    commitment = vendor.contract.commitment
    if commitment is None:
        return
    over = windows(sheet.case.periods, commitment.window)
    path: Path_ = ("vendors", name, "contract", "commitment")
    path = (*path, "at-least") if isinstance(sheet.case.document.at(path), dict) else path
    currency = currency_of(sheet.case, commitment.at_least)
    for number_, used in enumerate(sheet.prices_within(position, over, currency)):
        label = over.labels[number_]
        committed = sheet.inputs.quantity("commitment", name, commitment.at_least, path)
        whole, up_to = sheet.put("in the window", used), sheet.put("up to", committed)
        short = up_to.value - whole.value
        text = f"IF({up_to.text}-{whole.text}>{COMMITTED}*MAX(1,{up_to.text}),{up_to.text}-{whole.text},0)"
        missing = Term(text, short if short > COMMITTED * max(1.0, up_to.value) else 0.0)
        rate = sheet.moving.exchange[currency][over.last[number_]] if currency != sheet.case.currency else 1.0
        sheet.entry((name, label, "commitment", name), missing, currency, rate)


def _rebate(sheet: Contracts, position: int, name: str, vendor: Vendor) -> None:
    """What the vendor pays back, step by step."""
    rebate = vendor.contract.rebate
    if rebate is None:
        return
    over = windows(sheet.case.periods, rebate.window)
    where: Path_ = ("vendors", name, "contract", "rebate", "steps")
    about = [f"{name}, step {step + 1}" for step in range(len(rebate.steps))]
    currency = currency_of(sheet.case, rebate.steps[0].at_least)
    for number_, spend in enumerate(sheet.prices_within(position, over, currency)):
        whole, rate = None, sheet.moving.exchange[currency][over.last[number_]]
        starts = [
            sheet.inputs.quantity("start of a rebate", about[step], one.at_least, (*where, step, "at-least"))
            for step, one in enumerate(rebate.steps)
        ]
        for step, one in enumerate(rebate.steps):
            back = sheet.inputs.share("paid back", about[step], one.back, (*where, step, "back"))
            whole = sheet.put("in the window", spend if whole is None else whole)
            start = sheet.put("from", starts[step])
            end = sheet.put("up to", starts[step + 1]) if step + 1 < len(starts) else None
            part = _paid_back(whole, start, end, rebate.kind == "incremental")
            key = (name, over.labels[number_], "rebate", f"{about[step]} of {len(rebate.steps)}")
            sheet.entry(key, part, currency, -1 * back if currency == sheet.case.currency else -1 * back * rate)


def _paid_back(spend: Term, start: Term, end: Term | None, incremental: bool) -> Term:
    """The money a step of a rebate is counted on."""
    reached = spend.value >= start.value - close_below(start.value)
    if incremental:
        top = f"MIN({spend.text},{end.text})" if end is not None else spend.text
        value = min(spend.value, end.value if end is not None else np.inf) - start.value
        text = f"IF({spend.text}>={_nearly(start)},MAX(0,{top}-{start.text}),0)"
        return Term(text, max(0.0, value) if reached else 0.0)
    tests = [f"{spend.text}>={_nearly(start)}"]
    if end is not None:
        tests.append(f"{spend.text}<{_nearly(end)}")
        reached = reached and spend.value < end.value - close_below(end.value)
    return Term(f"IF(AND({','.join(tests)}),{spend.text},0)", spend.value if reached else 0.0)


def _nearly(start: Term) -> str:
    """What reaches a step of a rebate, as a formula; see `costing.rebates.close_below`."""
    return f"{start.text}-MIN(MAX({HALF_A_CENT},{STEP_REACHED}*{start.text}),{STEP_SMALL}*{start.text})"


def _seats(sheet: Contracts) -> None:
    """Whole seats by licence and window."""
    counted: dict[int, int] = {}
    for licence in licences(sheet.case):
        name = list(sheet.case.vendors)[licence.vendor]
        kind = counted[licence.vendor] = counted.get(licence.vendor, -1) + 1
        seat = sheet.case.vendors[name].contract.fees.seat[kind]
        written = sheet.case.document.at(("vendors", name, "contract", "fees")).get("seat")
        where: Path_ = ("vendors", name, "contract", "fees", "seat", *(() if isinstance(written, dict) else (kind,)))
        carries = sheet.inputs.quantity("work of a seat", licence.words, seat.carries, (*where, "carries"))
        content = work_content(sheet.case, sheet.ways, licence.noun)
        for number_, label in enumerate(licence.windows.labels):
            work = _content(
                sheet, licence.vendor, licence.products, licence.noun, content, licence.windows.weights[number_]
            )
            if work.value <= 0:
                continue
            whole = sheet.put("in the window", work)
            seats = Term(
                f"MAX(0,ROUNDUP({whole.text}/{carries.text}-{SEAT_ROUNDING!r},0))",
                float(max(0, np.ceil(whole.value / carries.value - SEAT_ROUNDING))),
            )
            first = int(licence.windows.first[number_])
            price = sheet.money("price of a seat", licence.words, seat.price, (*where, "price"), first)
            sheet.entry((name, label, "seats", licence.words), seats, "seat", price)


def _content(
    sheet: Contracts, vendor: int, products: tuple[int, ...], noun: str, content: Floats, weights: Floats
) -> Term:
    """Work of a vendor on some products in a window, in what a seat carries."""
    route = np.array(sheet.route, dtype=np.int64)
    found = number(0)
    for product in sorted(set(sheet.product[sheet.vendor == vendor].tolist()) & set(products)):
        keys = {"vendor number": vendor, "product number": product}
        if noun == "h":
            found = sheet.gathered("hours", keys, weights, sheet.hours) + found
            continue
        each = content[route[(sheet.vendor == vendor) & (sheet.product == product)]]
        found = sheet.gathered("items", keys, weights, sheet.items) * float(each.mean()) + found
    return found


def _once(sheet: Contracts) -> None:
    """Switching and levers: money that what is bought or taken away costs, as the plan has it."""
    case = sheet.case
    for entry in sheet.plan.invoice.to_dict("records"):
        key = (str(entry["vendor"]), str(entry["window"]), str(entry["clause"]), str(entry["about"]))
        if key[2] == "switching":
            incumbent = case.products[key[3]].incumbent
            if incumbent is not None and incumbent.switching is not None:
                path: Path_ = ("products", key[3], "incumbent", "switching")
                price = sheet.money("cost of switching", key[3], incumbent.switching, path, 0)
                sheet.entry(key, 1.0, "once", price)
        elif key[2] == "lever":
            lever = case.file.levers[key[3]]
            if entry["unit"] == "once" and lever.cost is not None:
                period = [case.periods.label(n) for n in range(case.periods.count)].index(key[1])
                price = sheet.money("cost of a lever", key[3], lever.cost, ("levers", key[3], "cost"), period)
                sheet.entry(key, 1.0, "once", price)
