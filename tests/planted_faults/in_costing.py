"""Faults in what plans are priced with: clause by clause, then in what many clauses read."""

from __future__ import annotations

from planted_faults.planting import Fault

CLAUSES = "allocate/costing/clauses/"
TERMS = "allocate/costing/terms/"
FAULTS: dict[str, Fault] = {
    "idle pay with no product": Fault(
        "allocate/costing/shared.py", "if not apart and (entry.clause not in OF_TEAMS or left == 0.0):", "if not apart:"
    ),
    "rebates and commitments shared out by work": Fault(
        "allocate/costing/shared.py", 'SHARED_BY[entry.clause]', '"work"'
    ),
    "licences shared out like fees": Fault(
        CLAUSES + "seats.py", "lines.parts_of(each, licence.products)", "()"
    ),
    "plain prices asked twice": Fault(CLAUSES + "price.py", "ledger.price, ", "2 * ledger.price, "),
    "a further part of prices left out": Fault(CLAUSES + "price.py", "sum(more, first)", "sum(more[1:], first)"),
    "a further part counted as often as the first": Fault(
        "allocate/costing/work/billing.py", "units_of(case, alone, noun,", "units_of(case, alone, lines.nouns[0],"
    ),
    "plain prices left out": Fault(CLAUSES + "price.py", "ledger.price, ", "0 * ledger.price, "),
    "prices by volume without season and exchange rate": Fault(CLAUSES + "tiers.py", "price * window.factor", "price"),
    "a step of prices by volume left out": Fault(CLAUSES + "tiers.py", "in window.parts:", "in window.parts[1:]:"),
    "whole multiples billed as they are used": Fault(
        TERMS + "schedules.py", "return whole_up(quantity / self.whole - SEAT_ROUNDING) * self.whole", "return quantity"
    ),
    "what is billed beside what is used for nobody": Fault(
        "allocate/costing/bill/volume.py", "money + _in_proportion(units, quantity, owed), money", "money, money"
    ),
    "the season of a window's last week": Fault(
        TERMS + "schedules.py", "[position][over.first]", "[position][over.last]"
    ),
    "prices by volume at the exchange rate of the window's first week": Fault(
        "allocate/costing/bill/volume.py",
        "element(self.schedule.rate[self.window]) * self.own",
        "element(self.schedule.rate[0]) * self.own",
    ),
    "prices by volume paid a week early": Fault(
        "allocate/costing/bill/volume.py",
        "return int(self.schedule.windows.last[self.window])",
        "return int(self.schedule.windows.last[self.window]) - 1",
    ),
    "a platform fee of the first step's money alone": Fault(
        CLAUSES + "platform_fee.py", "sum(window.prices, 0.0)", "sum(window.prices[:1], 0.0)"
    ),
    "a platform fee at the first exchange rate": Fault(
        CLAUSES + "platform_fee.py", "platform_fee[lines.route, lines.period]", "platform_fee[lines.route, 0]"
    ),
    "a least fee left out": Fault(CLAUSES + "platform_fee.py", "most(each, fee.at_least.number)", "most(each, 0.0)"),
    "a fee rounded down": Fault(CLAUSES + "platform_fee.py", "decimals(currency), fee.rounded,", "decimals(currency), 'down',"),
    "what stands beside a share left out": Fault(
        CLAUSES + "platform_fee.py", "each = each + fee.plus.number", "each = each + 0 * fee.plus.number"
    ),
    "a bonus for an accuracy below its bound": Fault(
        CLAUSES + "quality.py", "above(accuracy, bound + AT_BOUND)", "below(accuracy, bound + AT_BOUND)"
    ),
    "the lowest bonus in place of the highest": Fault(
        CLAUSES + "quality.py",
        "highs = sorted(((s.above, s.price) for s in contract.quality if s.above is not None), key=itemgetter(0))",
        "highs = sorted(((s.above, s.price) for s in contract.quality if s.above is not None), key=itemgetter(0))[::-1]",
    ),
    "accuracy measured in the week of the work": Fault(
        CLAUSES + "quality.py", "np.minimum(lines.delivered[inside],", "np.minimum(lines.period[inside],"
    ),
    "a change by accuracy owed in the first week": Fault(
        CLAUSES + "quality.py", ".windows.last[window])", ".windows.first[window])"
    ),
    "the band below in place of the band": Fault(
        CLAUSES + "quality.py",
        "when(below(accuracy, (band.high + other.low) / 2.0), of(band.change), found)",
        "when(below(accuracy, (band.high + other.low) / 2.0), found, of(band.change))",
    ),
    "a price reduction for coming in time": Fault(CLAUSES + "lateness.py", "lead > step", "lead < step"),
    "early payment made dearer": Fault(CLAUSES + "early_payment.py", "by_item = -discount", "by_item = discount"),
    "early payment on prices, not on what changes them": Fault(
        CLAUSES + "early_payment.py", "(changed, -window", "(sum(window.prices), -window"
    ),
    "no early payment of what accuracy changes in a window": Fault(
        CLAUSES + "early_payment.py", "-element(off[0]) * total", "-0.5 * element(off[0]) * total"
    ),
    "payment terms not read": Fault(
        CLAUSES + "payment.py", "[case.periods.position(date) for date in dates]", "owed"
    ),
    "a payment a day late": Fault(CLAUSES + "payment.py", "* 7)) - DAY", "* 7)) + 6 * DAY"),
    "present worth at the start of the period": Fault(
        CLAUSES + "payment.py", "period.astype(np.float64) + 1.0", "period.astype(np.float64)"
    ),
    "pre-labelling at the first price": Fault(
        CLAUSES + "pre_labelling.py", "usage[lines.route, lines.period]", "usage[lines.route, 0]"
    ),
    "pre-labelling left out": Fault(CLAUSES + "pre_labelling.py", "each = lines.items", "each = 0 * lines.items"),
    "review at the first exchange rate": Fault(
        CLAUSES + "review.py", "review_cost[lines.route, lines.period]", "review_cost[lines.route, 0]"
    ),
    "review asked twice": Fault(CLAUSES + "review.py", "each = lines.items", "each = 2 * lines.items"),
    "onboarding asked twice": Fault(CLAUSES + "onboarding.py", ".onboarding, 0.0)", ".onboarding * 2, 0.0)"),
    "bills beyond the contract for nothing": Fault(CLAUSES + "billed.py", "beyond[vendor, period])", "0 * beyond[vendor, period] + 1)"),
    "what is done priced with the figures of today": Fault(
        "allocate/costing/routes.py", "some(then, chosen)", "some(table, chosen)"
    ),
    "onboarding of vendors that make nothing": Fault(
        CLAUSES + "onboarding.py", "when(lines.works(", "when(True or lines.works("
    ),
    "retainers from the last period to the first": Fault(
        CLAUSES + "retainer.py", ".retainer.tolist())", ".retainer[::-1].tolist())"
    ),
    "retainers a period short": Fault(
        CLAUSES + "retainer.py", ".retainer.tolist())", ".retainer[:-1].tolist())"
    ),
    "starts of products asked twice": Fault(CLAUSES + "product_start.py", "when(works, fee,", "when(works, 2 * fee,"),
    "starts of other products": Fault(
        CLAUSES + "product_start.py", ".product_start.tolist()", ".product_start[::-1].tolist()"
    ),
    "a commitment charged in the first period of its window": Fault(
        CLAUSES + "commitment.py", "int(promise.windows.last[number])", "int(promise.windows.first[number])"
    ),
    "a commitment beside what is used": Fault(
        CLAUSES + "commitment.py", "least - used", "least - 0 * used"
    ),
    "a commitment in another currency": Fault(CLAUSES + "commitment.py", "missing * price", "missing * promise.share"),
    "a commitment in work without its share": Fault(TERMS + "contracts.py", "else share * missing.number", "else missing.number"),
    "an invoice of a month without work": Fault(
        CLAUSES + "commitment.py", "weights, 0.0)), AT_WORK)", "weights, 1.0)), AT_WORK)"
    ),
    "seats charged in the last period of their window": Fault(
        CLAUSES + "seats.py", "int(licence.windows.first[number])", "int(licence.windows.last[number])"
    ),
    "seats at the exchange rate of the window's last period": Fault(
        CLAUSES + "seats.py", "[over.first] * seat", "[over.last] * seat"
    ),
    "seats rounded down": Fault(
        CLAUSES + "seats.py", "whole_up(content / self.carries - SEAT_ROUNDING)", "float(content // self.carries)"
    ),
    "seats of the whole horizon in each window": Fault(
        CLAUSES + "seats.py", "windows.weights[number][lines.period]", "windows.weights.sum(axis=0)[lines.period]"
    ),
    "switching paid back": Fault(CLAUSES + "switching.py", ".fee, (", ".fee * -1.0, ("),
    "switching at the last exchange rate": Fault(
        TERMS + "incumbents.py", "element(amounts[0])", "element(amounts[-1])"
    ),
    "switching where the incumbent is kept": Fault(
        TERMS + "incumbents.py", "return own < (self.below", "return own >= (self.below"
    ),
    "rebates doubled": Fault(CLAUSES + "rebate.py", ".back for", ".back * 2 for"),
    "rebates with their sign turned": Fault(CLAUSES + "rebate.py", "-share * element", "share * element"),
    "a rebate of all the money, not of that above the step": Fault(
        CLAUSES + "rebate.py", "most(least(spend, end) - start, 0.0)", "most(least(spend, end) - 0 * start, 0.0)"
    ),
    "rebates of one kind as the other": Fault(CLAUSES + "rebate.py", 'kind == "incremental"', 'kind != "incremental"'),
    "rebates at the first exchange rate": Fault(CLAUSES + "rebate.py", "[currency][over.last], [", "[currency][over.first], ["),
    "rebates paid in the first period of their window": Fault(
        CLAUSES + "rebate.py", ".windows.last[window])", ".windows.first[window])"
    ),
    "a volume discount that counts what it is on": Fault(
        CLAUSES + "volume_discount.py", "np.isin(lines.product, discount.counted)", "np.isin(lines.product, discount.on)"
    ),
    "a volume discount on all products": Fault(
        CLAUSES + "volume_discount.py", "np.isin(routes.product[route], discount.on)", "(routes.product[route] >= 0)"
    ),
    "a volume discount in its first period": Fault(
        CLAUSES + "volume_discount.py", "int(discount.windows.last[window])", "int(discount.windows.first[window])"
    ),
    "a bundle of products of which too little is made": Fault(
        CLAUSES + "volume_discount.py", "least = discount.each - ", "least = 0 * discount.each - "
    ),
    "the first step of a volume discount for all": Fault(
        CLAUSES + "volume_discount.py", "return [when(below(count, start - close_below(start))", "return [when(below(count, 0 * start)"
    ),
    "a lever paid at the start of the horizon": Fault(CLAUSES + "levers.py", "(lever.first, lever.once", "(0, lever.once"),
    "a lever that runs for nothing": Fault(CLAUSES + "levers.py", "lever.running.tolist()", "(0 * lever.running).tolist()"),
    "wages of work, not of idle hours": Fault(
        "allocate/costing/supply/teams.py",
        "regular = self.people * team.hours",
        "regular = self.people * team.hours * team.worked",
    ),
    "overtime at the plain wage": Fault(
        "allocate/costing/supply/teams.py", "self.overtime * team.overtime_wage", "self.overtime * team.wage"
    ),
    "a rate by the day on holidays": Fault(
        "allocate/costing/supply/teams.py", "(at_work if by_day else 1.0)", "(1.0 if by_day else 1.0)"
    ),
    "a salary of a longer month": Fault("allocate/costing/supply/teams.py", "[float(one) for one in times", "[1.1 * float(one) for one in times"),
    "hiring at the cost of a release": Fault(
        "allocate/costing/supply/teams.py", "self.hired * team.hire_cost", "self.hired * team.release_cost"
    ),
    "a missing item less": Fault(CLAUSES + "penalties.py", "short = asked - there", "short = asked - there - 1.0"),
    "demand missed paid a period early": Fault(
        CLAUSES + "penalties.py", "int(last_period(lines.case)[product]) - 1", "int(last_period(lines.case)[product]) - 2"
    ),
    "milestones met by work that is begun": Fault(
        CLAUSES + "penalties.py", "(lines.delivered <= due + number)", "(lines.period <= due + number)"
    ),
    "a week of lateness less": Fault(
        CLAUSES + "penalties.py", "lengths[last : period + 1]", "lengths[last + 1 : period + 1]"
    ),
    "quarters that begin a month late": Fault(TERMS + "windows.py", "(day.month + 2) // 3", "(day.month + 1) // 3"),
    "windows that end a period early": Fault(
        TERMS + "windows.py", "self.weights.shape[1] - 1 - np.argmax", "self.weights.shape[1] - 2 - np.argmax"
    ),
    "weeks of two months in the first alone": Fault(
        TERMS + "windows.py", "label(start + datetime.timedelta(days=day))", "label(start + 0 * datetime.timedelta(days=day))"
    ),
    "exchange rates that begin a period late": Fault(
        TERMS + "prices.py", "values[first:] = [number] * (periods.count - first)",
        "values[first + (first > 0):] = [number] * (periods.count - first - (first > 0))",
    ),
    "amounts by time at the first exchange rate": Fault(
        TERMS + "prices.py", "np.array(by_period(case.periods, money)) * rates", "np.array(by_period(case.periods, money)) * rates[0]"
    ),
    "prices by volume left out of what commitments and rebates count": Fault(
        "allocate/costing/bill/ledger.py", "used = total(by_line * over.weights[window][period])", "used = 0 * total(by_line)"
    ),
    "an index without its cap": Fault(TERMS + "prices.py", "step = least(step, terms.cap)", "step = least(step, 9.0)"),
    "an index a period late": Fault(TERMS + "prices.py", "passed[periods.first_from(When(date=day)) :]", "passed[periods.first_from(When(date=day)) + 1 :]"),
    "escalation a year early": Fault(TERMS + "prices.py", ".escalation.each) ** times", ".escalation.each) ** (times + 1.0)"),
    "the calendar's season a period early": Fault(TERMS + "prices.py", "entry.week - 1), entry.season", "entry.week - 2), entry.season"),
    "early payment where it does not pay": Fault(CLAUSES + "early_payment.py", "saved < rate", "saved > rate"),
    "payment a month after the month": Fault(CLAUSES + "payment.py", "(following, int(months))", "(following, int(months) + 1)"),
    "payment in advance at the period's end": Fault(CLAUSES + "payment.py", "ended[position] -= 1.0", "ended[position] -= 0.0"),
    "prices by volume not counted by commitments and rebates": Fault(
        "allocate/costing/bill/ledger.py", "(money * float(part[window])", "(0 * money * float(part[window])"
    ),
    "nobody replaced who leaves": Fault(
        "allocate/costing/supply/teams.py", "self.people * team.replaced * team.replace_cost", "0 * self.people * team.replaced"
    ),
    "a change of prices by volume in their own currency": Fault(CLAUSES + "quality.py", "by_volume[counted] * rate)", "by_volume[counted] * 1.0)"),
}  # fmt: skip
"""Each makes `money.objections` object."""
