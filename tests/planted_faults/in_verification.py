"""Faults in the second opinion on a plan: in what it says is owed, and in the limits it holds a plan to."""

from __future__ import annotations

from planted_faults.planting import Fault

VERIFICATION = "allocate/verification/"
CLAUSES = VERIFICATION + "clauses/"
MONEY: dict[str, Fault] = {
    "fees shared out by what lines cost": Fault(
        VERIFICATION + "shared.py", "products), drivers[by]", "products), spent"
    ),
    "levers borne by lines that are not worked with them": Fault(
        VERIFICATION + "shared.py", "if used[line]]", "if not used[line]]"
    ),
    "plain prices at the first period": Fault(
        CLAUSES + "price.py", "work.stated.price(item, period)", "work.stated.price(item, 0)"
    ),
    "further parts of prices not read": Fault(
        VERIFICATION + "work_content/route.py", "part.number * self.price_factor * units", "0 * units"
    ),
    "plain prices for what volume decides": Fault(CLAUSES + "price.py", "if item.by_volume else", "if False else"),
    "prices by volume at one price": Fault(CLAUSES + "tiers.py", "part.price * billed.factor", "part.price"),
    "a step begins one unit late": Fault(
        VERIFICATION + "volume.py", "steps.append(Step(start, stop,", "steps.append(Step(start + (start > 0), stop,"
    ),
    "whole multiples rounded down": Fault(
        VERIFICATION + "volume.py", "math.ceil(units / whole.number - SEAT_ROUNDING)", "math.floor(units / whole.number)"
    ),
    "surplus not billed": Fault(
        VERIFICATION + "volume.py", 'Part("surplus", held, bought - quantity,', 'Part("surplus", held, 0 * quantity,'
    ),
    "prices by volume at the exchange rate of the window's first period": Fault(
        VERIFICATION + "volume_owed.py", "currency, window.last))", "currency, window.first))"
    ),
    "a platform fee on prices by volume left out": Fault(
        CLAUSES + "platform_fee.py", "prices * fee.number:", "0 * fee.number:"
    ),
    "a least fee not read": Fault(CLAUSES + "platform_fee.py", "unit < fee.at_least.number:", "unit < 0:"),
    "coins rounded down": Fault(CLAUSES + "platform_fee.py", "math.ceil(coins", "math.floor(coins"),
    "a fee in the coins of the price": Fault(
        CLAUSES + "platform_fee.py", "/ rate / many", "/ 1.0 / many"
    ),
    "a platform fee per item at the first exchange rate": Fault(
        CLAUSES + "platform_fee.py", "currency_of(work.case, fee), period)", "currency_of(work.case, fee), 0)"
    ),
    "the lowest bonus in place of the highest": Fault(
        CLAUSES + "quality.py", "sorted(above, reverse=True)", "sorted(above)"
    ),
    "the mildest price reduction in place of the hardest": Fault(
        CLAUSES + "quality.py", "accuracy < bound - room", "accuracy > bound - room"
    ),
    "accuracy measured in the period of the work": Fault(
        CLAUSES + "quality.py", "int(work.period[line]) + work.made[line].lead", "int(work.period[line]) + 0"
    ),
    "a change by accuracy at the rate of the window's first period": Fault(
        CLAUSES + "quality.py", "many, change, window.last)", "many, change, window.first)"
    ),
    "lateness from its bound down": Fault(CLAUSES + "lateness.py", "item.weeks > step", "item.weeks < step"),
    "early payment made dearer": Fault(
        CLAUSES + "early_payment.py", "* -off[item.vendor]", "* off[item.vendor]"
    ),
    "early payment never taken": Fault(CLAUSES + "early_payment.py", "return early.discount if", "return 0.0 if"),
    "early payment of prices alone": Fault(
        CLAUSES + "early_payment.py", "sum(share[line] for share in by_share)", "sum(0.0 for share in by_share)"
    ),
    "payment on the day it is owed": Fault(
        CLAUSES + "payment.py", "return _later(self._end(period), wait)", "return self._end(period)"
    ),
    "present worth a period late": Fault(
        CLAUSES + "payment.py", "return period, after(self.case, period + 1)\n        if", "return period, after(self.case, period + 2)\n        if"
    ),
    "pre-labelling at its first price": Fault(CLAUSES + "pre_labelling.py", "begun[-1] if begun", "service.cost if begun"),
    "pre-labelling at the first exchange rate": Fault(
        CLAUSES + "pre_labelling.py", "currency_of(work.case, service.cost), period)", "currency_of(work.case, service.cost), 0)"
    ),
    "review at the first wage": Fault(CLAUSES + "review.py", "wages[period]", "wages[0]"),
    "review without a wage": Fault(CLAUSES + "review.py", "items * (item.review_hours", "0 * (item.review_hours"),
    "onboarding of the vendor's own block left out": Fault(
        CLAUSES + "onboarding.py", "+ worth(work.case, vendor.onboarding, due)", "+ 0 * worth(work.case, vendor.onboarding, due)"
    ),
    "onboarding of vendors that make nothing": Fault(CLAUSES + "onboarding.py", "if products or (", "if True or ("),
    "bills beyond the contract left out": Fault(CLAUSES + "billed.py", "if abs(amount) > HALF_A_CENT", "if abs(amount) > 1e9"),
    "bills beyond the contract with work that is not billed yet": Fault(
        CLAUSES + "billed.py", "max((bill.period for bill in bills), default=0)", "work.case.planned_from if bills else 0"
    ),
    "what is done priced with the figures of today": Fault(
        VERIFICATION + "stated.py", "self.past is not None and period <", "False and period <"
    ),
    "what was billed borne by all lines": Fault(VERIFICATION + "shared.py", "BILLED: before", "BILLED: spent"),
    "retainers a period early": Fault(
        CLAUSES + "retainer.py", "fees.retainer).tolist())", "fees.retainer).tolist()[1:])"
    ),
    "retainers below a thousand left out": Fault(CLAUSES + "retainer.py", "and due > 0", "and due > 1e3"),
    "starts of products at the contract's fee": Fault(CLAUSES + "product_start.py", "stated[-1] if stated else", "stated[-1] if False else"),
    "one start for all products": Fault(CLAUSES + "product_start.py", "enumerate(work.stated.products):", "list(enumerate(work.stated.products))[:1]:"),
    "a commitment due in the first period of its window": Fault(
        CLAUSES + "commitment.py", "max(window.last, begins", "max(window.first, begins"
    ),
    "a commitment missed by all it comes to": Fault(CLAUSES + "commitment.py", "missing = least.each - amount", "missing = least.each - 0 * amount"),
    "commitments and rebates by the rate of the first period": Fault(
        CLAUSES + "commitment.py", "work.stated.rate(currency, entry.period)", "work.stated.rate(currency, 0)"
    ),
    "seats rounded down": Fault(CLAUSES + "seats.py", "math.ceil(", "math.floor("),
    "seats of all windows in each": Fault(CLAUSES + "seats.py", "content = part_of(part, amount) + content", "content = amount + content"),
    "seats at the rate of their last period": Fault(CLAUSES + "seats.py", "seat.price, due)", "seat.price, window.last)"),
    "seats charged in the last period of their window": Fault(
        CLAUSES + "seats.py", "due, products,", "window.last, products,"
    ),
    "switching where the incumbent is kept": Fault(CLAUSES + "switching.py", "own < every * incumbent.below", "own >= every * incumbent.below"),
    "switching at half its price": Fault(CLAUSES + "switching.py", "name, fee,", "name, fee / 2,"),
    "rebates doubled": Fault(CLAUSES + "rebate.py", "price = -terms", "price = -2 * terms"),
    "rebates with their sign turned": Fault(CLAUSES + "rebate.py", "price = -terms", "price = terms"),
    "a rebate of all the money, not of that above the step": Fault(CLAUSES + "rebate.py", "- starts[number]", "- 0 * starts[number]"),
    "rebates at the rate of the window's first period": Fault(
        CLAUSES + "rebate.py", "work.stated.rate(currency, window.last)", "work.stated.rate(currency, window.first)"
    ),
    "a lever paid at the start of the horizon": Fault(CLAUSES + "levers.py", "(first_period(work, lever), once", "(0, once"),
    "a lever that runs from the first period": Fault(CLAUSES + "levers.py", "running[:first] = 0.0", "running[:0] = 0.0"),
    "wages of hours worked": Fault(CLAUSES + "wages.py", "week.people * hours * wage)", "week.hours * wage)"),
    "overtime left out": Fault(CLAUSES + "wages.py", "overtime[t] * float(team.overtime_wage[t])", "0.0 * overtime[t]"),
    "releases for nothing": Fault(CLAUSES + "wages.py", "released[t] * float(team.release_cost[t])", "released[t] * 0.0"),
    "penalties of demand a period early": Fault(
        CLAUSES + "penalties.py", "last_periods[product] - 1)", "last_periods[product] - 2)"
    ),
    "milestones met by work that is begun": Fault(CLAUSES + "penalties.py", "(delivered <= due + number)", "(work.period <= due + number)"),
    "lateness from the first week": Fault(CLAUSES + "penalties.py", "each[last : period + 1]", "each[: period + 1]"),
    "quarters that end a month early": Fault(VERIFICATION + "windows.py", "(day.month - 1) // 3", "day.month // 3"),
    "weeks of two months in the first alone": Fault(
        VERIFICATION + "windows.py", "start + datetime.timedelta(days=day)", "start + datetime.timedelta(days=0 * day)"
    ),
    "windows paid in their first period": Fault(
        VERIFICATION + "windows.py", "return max(period for", "return min(period for"
    ),
    "seasons a period late": Fault(
        VERIFICATION + "exchange.py", "if periods.first_from(step.from_) <= period:", "if periods.first_from(step.from_) < period:"
    ),
    "exchange rates a period late": Fault(
        VERIFICATION + "exchange.py", "case.periods.first_from(step.from_) <= period", "case.periods.first_from(step.from_) < max(period, 1)"
    ),
    "escalation a year early": Fault(VERIFICATION + "exchange.py", "** (years * A_YEAR[", "** ((years + 1.0) * A_YEAR["),
    "the calendar's season a period late": Fault(VERIFICATION + "exchange.py", "row.week == period + 1", "row.week == period"),
    "early payment where it does not pay": Fault(CLAUSES + "payment.py", "early.discount >= 1.0 -", "early.discount < 1.0 -"),
    "payment a month after the month": Fault(CLAUSES + "payment.py", "- 1 + int(months), 12)", "+ int(months), 12)"),
    "payment in advance at the period's end": Fault(
        CLAUSES + "payment.py", "after(self.case, period)\n        day", "after(self.case, period + 1)\n        day"
    ),
    "a rate of discount by month that does not compound": Fault(
        CLAUSES + "payment.py", "(1.0 + rate.each) ** times - 1.0", "rate.each * times"
    ),
    "a volume discount by the step before": Fault(CLAUSES + "volume_discount.py", "return steps[-1] if", "return steps[0] if"),
    "a volume discount of prices as they are": Fault(
        CLAUSES + "volume_discount.py", "price - price * own.number / item.price.number", "price * own.number / item.price.number"
    ),
    "a share of a shortfall not read": Fault(CLAUSES + "commitment.py", "1.0 if shortfall is None else shortfall", "1.0"),
    "work promised in half": Fault(CLAUSES + "commitment.py", "done = part_of(part, items * each) + done", "done = part_of(part, items * each) * 0.5 + done"),
    "a salary by the hour": Fault(VERIFICATION + "teams.py", "if wage.time is None:", "if wage.time != 'day':"),
    "a day's pay of calendar days": Fault(VERIFICATION + "teams.py", "Quantity(1.0, ((\"h\", 1),)", "Quantity(1.0, ()"),
    "an index on its anniversary's day before the horizon": Fault(VERIFICATION + "exchange.py", "if begins[0] < day < until", "if day < until"),
    "bundles of anything made": Fault(CLAUSES + "volume_discount.py", "1.0 if discount.each is None else discount.each.number", "1.0"),
    "a platform fee that changes a period late": Fault(CLAUSES + "platform_fee.py", "(step.from_) <= period]", "(step.from_) < period]"),
    "prices by volume not counted by commitments and rebates": Fault(
        CLAUSES + "commitment.py", "= money + counted[inside.label]", "= 0 * money + counted[inside.label]"
    ),
    "those who are hired replaced, not those who leave": Fault(
        CLAUSES + "wages.py", "replaced = week.people * float", "replaced = hired[t] * float"
    ),
    "a change of prices by volume of all a line uses": Fault(
        CLAUSES + "quality.py", "used * (items / many) * rate", "used * rate"
    ),
}  # fmt: skip
"""Each makes `money.objections` object: the invoice says otherwise."""

RULES = VERIFICATION + "rules/"
LIMITS: dict[str, tuple[Fault, str]] = {
    "what is done not looked at": (Fault(VERIFICATION + "past.py", "if abs(here - there) > max(", "if False and abs(here - there) > max("), "past"),
    "limits of the past asked": (Fault(VERIFICATION + "past.py", "check.period < first and check.penalty", "check.period < 0 and check.penalty"), "past"),
    "orders not looked at": (Fault(VERIFICATION + "past.py", "if period < past.settled:", "if period < past.first:"), "ordered"),
    "half a minimum order": (
        Fault(CLAUSES + "minimum_order.py", "noun, used, least.number, True", "noun, used, least.number / 2, True"),
        "minimum order",
    ),
    "lots not looked at": (Fault(CLAUSES + "order_multiple.py", "noun, over, 0.0", "noun, 0 * over, 0.0"), "lots"),
    "half of what is bought at a locked price": (
        Fault(CLAUSES + "price_lock.py", "bought, most, False", "bought, 0.5 * most, False"), "price lock"
    ),
    "a locked price not taken": (
        Fault(VERIFICATION + "work_content/route.py", "locked.number / asked.number", "1.0"), "price lock"
    ),
    "a ceiling in another currency": (
        Fault(CLAUSES + "ceiling.py", "entry.amount / work.stated.rate(unit, entry.period)", "entry.amount / 2.0"), "ceiling"
    ),
    "surplus under a ceiling not counted": (
        Fault(CLAUSES + "ceiling.py", '*work.bill.by_clause["tiers"].entries]',
              '*(e for e in work.bill.by_clause["tiers"].entries if e.clause != "surplus")]'),
        "surplus and ceiling",
    ),
    "a share at most taken for one at least": (
        Fault(RULES + "share.py", '("share_at_most", share.at_most)', '("share_at_most", None)'), "share at most"
    ),
    "shares of the spend of all vendors": (
        Fault(RULES + "share.py", "part / whole, bound", "max(part / whole, 0.5), bound"), "share of spend"
    ),
    "vendors that make nothing count": (
        Fault(RULES + "count.py", "many >= floor * (1.0 - LIMIT_KEPT) and amount", "many >= 0.0 and amount + whole"), "count at least"
    ),
    "one vendor more": (
        Fault(RULES + "count.py", "(False, rule.count.at_most)):", "(False, None if rule.count.at_most is None else rule.count.at_most + 1)):"),
        "count at most",
    ),
    "vendors that a rule names may work": (
        Fault(RULES + "only.py", "allowed = only.vendors is None or name", "allowed = only.vendors is not None or name"), "only"
    ),
    "a quantity held from above alone": (Fault(RULES + "fix.py", "for at_least in (True, False)", "for at_least in (False,)"), "fix"),
    "what is needed not looked at": (
        Fault(RULES + "needs.py", "work.product == product) > AT_WORK", "work.product == other) > AT_WORK"), "needs"
    ),
    "two incompatible products": (Fault(RULES + "incompatible.py", "used, most, False", "used, 2.0, False"), "incompatible"),
    "vendors that count from three times the share": (
        Fault(RULES + "count.py", "amount > least.number * whole + LIMIT_KEPT", "amount > 3 * least.number * whole + LIMIT_KEPT"), "count at most from a share"
    ),
    "a product funded by nine images": (Fault(RULES + "funded.py", "least *= most.number", "least *= 0.5 * most.number"), "funded at least"),
    "most products not looked at": (Fault(RULES + "funded.py", "(False, rule.funded.most)", "(False, None)"), "funded at most"),
    "a product shared by two": (Fault(RULES + "exclusive.py", "unit, used, most, False)", "unit, used, 2.0, False)"), "exclusive product"),
    "a vendor for two products": (Fault(RULES + "exclusive.py", "bool(busy[q, vendor])) for q", "False) for q"), "exclusive vendor"),
    "a pace twice as fast": (Fault(RULES + "steady.py", "change, most.each, False", "change, 2 * most.each, False"), "steady"),
    "a pace that falls": (Fault(RULES + "steady.py", '("steady_fall", "fall", before - after)', '("steady_fall", "fall", 0 * before)'), "steady fall"),
    "work that begins too early": (Fault(VERIFICATION + "lines.py", "if period <= stated.first_periods", "if period < stated.first_periods"), "begins"),
    "what has arrived and twice": (Fault(VERIFICATION + "demand.py", "nouns[product], used, there, False)", "nouns[product], used, 2 * there, False)"), "arrives"),
    "hours in all by half": (Fault(VERIFICATION + "supply.py", "unit, used, float(there[0]), False)", "unit, 0.5 * used, float(there[0]), False)"), "hours in all"),
    "shared in all by half": (Fault(VERIFICATION + "resources.py", "group, unit, used, there, False), done)", "group, unit, 0.5 * used, there, False), done)"), "resource in all"),
    "shared by the week and twice": (Fault(VERIFICATION + "resources.py", "float(amounts[period])", "2 * float(amounts[period])"), "resource of each week"),
    "items worth half their money": (Fault(VERIFICATION + "curves.py", "(min(items, end) - start) * worth for", "(min(items, end) - start) * worth / 2 for"), "worth of items"),
    "half a fault": (Fault(VERIFICATION + "results.py", "used, limit, least, made)", "0.5 * used, limit, least, made)"), "quality"),
    "checking that finds nothing": (Fault(VERIFICATION + "results.py", "float(review.share * quality.catch)", "0.0 * float(review.share * quality.catch)"), "quality by vendor"),
    "stock for half its keeping": (Fault(CLAUSES + "stock.py", "money = many * length * each", "money = 0.5 * many * length * each"), "stock"),
    "backlog not looked at": (Fault(CLAUSES + "stock.py", '"backlog", stock.backlog, needed - there', '"backlog", stock.backlog, 0 * there'), "backlog"),
    "what is needed a week later": (Fault(CLAUSES + "stock.py", "last_before(need.by) <= period + 1]", "last_before(need.by) <= period]"), "needed in time"),
    "labels that count for nothing": (Fault(VERIFICATION + "work.py", "+= given.rate * own", "+= 0 * given.rate * own"), "labels for another"),
    "a budget of each week of all weeks": (
        Fault(VERIFICATION + "budgets.py", "element(money), each.number", "element(money), count * each.number"), "budget of each week"
    ),
    "the last period of a budget limit not counted": (
        Fault(VERIFICATION + "budgets.py", "when < periods.last_before(limit.to)", "when < periods.last_before(limit.to) - 1"),
        "budget of the last week",
    ),
    "a budget by payment of what is owed": (
        Fault(CLAUSES + "payment.py", '.budget.by == "worked"', '.budget.by != "worked"'), "budget by payment"
    ),
    "a capacity of the period before": (
        Fault(VERIFICATION + "supply.py", "used, most = element(used_by[period]), float(there[period])",
              "used, most = element(used_by[period - 1]) * (period > 0), float(there[period])"),
        "items of a week",
    ),
    "hours of half an item": (
        Fault(VERIFICATION + "supply.py", "return work.hours_worked(inside)", "return work.hours_worked(inside) / 2"), "hours of a week"
    ),
    "what is there in all in each period": (
        Fault(VERIFICATION + "supply.py", "unit, used, float(there[0]), False", "unit, used / 2, float(there[0]), False"), "items in all"
    ),
    "a rate card's capacity by the longest month": (
        Fault(VERIFICATION + "capacity.py", "return counted(case.periods, rate.capacity, case.vendors[rate.vendor].working_days)",
              "return counted(case.periods, rate.capacity, None) * 0 + rate.capacity.each * 7 / 27"),
        "items of a rate by month",
    ),
    "the longest month used for every month": (
        Fault(VERIFICATION + "by_time.py", "calendar.monthrange(day.year, day.month)[1])", "31)"), "items of a vendor by month"
    ),
    "deliveries after the deadline": (
        Fault(VERIFICATION + "stated.py", "periods.last_before(due.date) if due", "periods.count if due"), "deadline"
    ),
    "deliveries after the horizon": (
        Fault(VERIFICATION + "stated.py", "else periods.count for due in dues", "else periods.count + 1 for due in dues"), "horizon"
    ),
    "an accuracy floor a tenth lower": (
        Fault(VERIFICATION + "results.py", "used, floor.at_least, True, made", "used, 0.9 * floor.at_least, True, made"), "accuracy"
    ),
    "each vendor's accuracy on average": (
        Fault(VERIFICATION + "results.py", '"accuracy_floor_vendor", "each-vendor", work.vendor,',
              '"accuracy_floor_vendor", "each-vendor", 0 * work.vendor,'),
        "accuracy of each vendor",
    ),
    "an item less than asked for": (
        Fault(VERIFICATION + "demand.py", "noun, made, least.number, True", "noun, made, least.number - 1, True"), "demand"
    ),
    "an item more than there is": (
        Fault(VERIFICATION + "demand.py", "noun, made, most.number, False", "noun, made, most.number + 1, False"), "most items"
    ),
    "work begun this period not in progress": (
        Fault(VERIFICATION + "demand.py", "(work.period <= period) & (period <", "(work.period < period) & (period <"), "work in progress"
    ),
    "people without shrinkage": (Fault(VERIFICATION + "capacity.py", "paid_hours(case, vendor) * (1.0 - idle)", "paid_hours(case, vendor) * (1.0 - 0 * idle)"), "people"),
    "a share of each week of all weeks": (
        Fault(RULES + "share.py", 'if share.in_ == "each-period" else (None,)', 'if share.in_ == "never" else (None,)'), "share of each week"
    ),
    "a ramp that began before the first work": (
        Fault(VERIFICATION + "supply.py", "work.case.vendors[name], first))", "work.case.vendors[name], 0))"), "a ramp from the first work"
    ),
    "further shifts for nothing": (
        Fault(VERIFICATION + "teams.py", "shift_cost=np.array([by_period(case, shift.cost) for", "shift_cost=0.0 * np.array([by_period(case, shift.cost) for"),
        "shifts",
    ),
    "hours that do not fall": (
        Fault(VERIFICATION + "work_content/learning.py", "falling ** (1.0 - b) if wright", "falling if wright"), "learning"
    ),
    "hours that fall twice as fast": (
        Fault(VERIFICATION + "work_content/learning.py", "falling ** (1.0 - b) if wright", "falling ** (1.0 - 2 * b) if wright"), "learning"
    ),
    "weeks after the horizon for nothing": (
        Fault(CLAUSES + "penalties.py", "[*each[due + 1 :], each[-1]]", "[*each[due + 1 :], 0 * each[-1]]"), "milestone missed for money"
    ),
    "review shrinkage not counted with people": (
        Fault(VERIFICATION + "capacity.py", "there * load * (1.0 - (team.shrinkage or 0.0))",
              "there * load * (1.0 - (team.shrinkage or 0.0) * (team.people is None))"),
        "review",
    ),
}  # fmt: skip
"""Each makes the verifier accept a plan that its small case refuses, or refuse the best one."""
