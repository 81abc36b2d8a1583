"""Faults in the formulation: columns and rows of clauses, rules and limits, each with the small case that shows it."""

from __future__ import annotations

from planted_faults.planting import Fault

PROGRAM = "allocate/program/"
CLAUSES, RULES, LIMITS = PROGRAM + "clauses/", PROGRAM + "rules/", PROGRAM + "limits/"
READ = "allocate/costing/"
FAULTS: dict[str, tuple[Fault, str]] = {
    "half of what is done": (Fault(PROGRAM + "layout.py", "routes.done.period]] = routes.done.items", "routes.done.period]] = 0.5 * routes.done.items"), "past"),
    "budgets of weeks that are past": (Fault(PROGRAM + "build.py", "in OF_PERIODS if first", "in OF_PERIODS[1:] if first"), "past"),
    "orders that may change": (Fault(PROGRAM + "layout.py", "(period >= past.settled)", "(period >= past.first)"), "ordered"),
    "prices by volume for nothing": (
        Fault(CLAUSES + "tiers.py", "[piece.amount for piece in pieces]", "[0.0 for piece in pieces]"), "tiers"
    ),
    "the second step before the first is full": (
        Fault(CLAUSES + "tiers.py", "filled.ids, reached.ids, -np.array(full)", "filled.ids, reached.ids, 0 * np.array(full)"), "tiers"
    ),
    "surplus paid at half its price": (
        Fault(CLAUSES + "tiers.py", "fixed * (1.0 + on_top) * rate", "0.5 * fixed * (1.0 + on_top) * rate"), "surplus"
    ),
    "parts of whole multiples": (
        Fault(CLAUSES + "tiers.py", "np.ceil(most / size), integer=True", "np.ceil(most / size), integer=False"), "whole"
    ),
    "a commitment of half its money": (
        Fault(CLAUSES + "commitment.py", "rows.ids, holds, -amounts)", "rows.ids, holds, -0.5 * amounts)"), "commitment"
    ),
    "what is missing of a commitment for nothing": (
        Fault(CLAUSES + "commitment.py", "[one.price[window] for", "[0.0 * one.price[window] for"), "commitment"
    ),
    "a commitment in work counted in money": (
        Fault(CLAUSES + "commitment.py", "weight = self.content *", "weight = 2.0 * self.content *"), "commitment in work"
    ),
    "a minimum invoice of nothing": (
        Fault(CLAUSES + "commitment.py", 'invoice_works", axes, upper=0.0', 'invoice_works", axes, upper=1e9'), "minimum invoice"
    ),
    "a least platform fee that counts fees twice": (
        Fault(CLAUSES + "commitment.py", "content = in_currency(", "content = 2.0 * in_currency("), "minimum platform fee"
    ),
    "onboarding for nothing": (Fault(CLAUSES + "onboarding.py", "one.onboarding if", "one.onboarding * 0.0 if"), "fees"),
    "retainers for nothing": (Fault(CLAUSES + "retainer.py", "retainers[period], vendors", "0 * retainers[period], vendors"), "fees"),
    "starts at twice their fee": (Fault(CLAUSES + "product_start.py", "opened, amounts,", "opened, 2 * amounts,"), "fees"),
    "a minimum order of half its items": (
        Fault(CLAUSES + "minimum_order.py", "starts.ids[chosen], -least", "starts.ids[chosen], -0.5 * least"), "minimum order"
    ),
    "lots of one item": (Fault(CLAUSES + "order_multiple.py", "number.ids, -lot)", "number.ids, -lot / lot)"), "lots"),
    "a seat for twice its work": (Fault(CLAUSES + "seats.py", "number.ids, -carries)", "number.ids, -2 * carries)"), "seats"),
    "parts of seats": (Fault(CLAUSES + "seats.py", '- had, 0.0), integer=True)', '- had, 0.0), integer=False)'), "seats"),
    "rebates doubled": (Fault(CLAUSES + "rebate.py", "spend, -share * rate", "spend, -2 * share * rate"), "rebate"),
    "a step of a rebate reached by nothing": (
        Fault(CLAUSES + "rebate.py", "reached.ids, start, at_least", "reached.ids, 2 * start, at_least"), "rebate"
    ),
    "a rebate of all the money, not of that above the step": (
        Fault(CLAUSES + "rebate.py", "reached, less * rate", "reached, 0 * less * rate"), "rebate by steps"
    ),
    "a volume discount taken off twice": (
        Fault(CLAUSES + "volume_discount.py", "money, -1.0, [", "money, -2.0, ["), "volume discount"
    ),
    "a volume discount from twice its start": (
        Fault(CLAUSES + "volume_discount.py", "own, -np.array(discount.starts)", "own, -2 * np.array(discount.starts)"), "volume discount"
    ),
    "a volume discount without its step": (
        Fault(CLAUSES + "volume_discount.py", "own, before - np.array(after))", "own, 1e6 * (before - np.array(after)))"), "volume discount trap"
    ),
    "twice the ceiling": (Fault(CLAUSES + "ceiling.py", "axes, upper=most)", "axes, upper=2 * np.array(most))"), "ceiling"),
    "surplus not counted under a ceiling": (
        Fault(CLAUSES + "ceiling.py", "layout, terms.vendor, horizon, terms.ceiling_in, model.charges)",
              "layout, terms.vendor, horizon, terms.ceiling_in, model.charges[:0])"), "surplus and ceiling"
    ),
    "switching for nothing": (
        Fault(CLAUSES + "switching.py", "[change.fee for change in asked]", "[0 * change.fee for change in asked]"), "switching"
    ),
    "the incumbent's part of its own items": (
        Fault(CLAUSES + "switching.py", "[of_product] - change.below)", "[of_product] - 0.5 * change.below)"), "switching"
    ),
    "a price reduction added": (
        Fault(CLAUSES + "quality.py", "owed, signs * (1.0", "owed, -signs * (1.0"), "quality in a window"
    ),
    "a term of nothing": (Fault(CLAUSES + "price_lock.py", "for number, _ in least]}, lower=0.0)", "for number, _ in least]}, lower=-1e9)"), "price lock with a term"),
    "a locked price for more than was agreed": (Fault(CLAUSES + "price_lock.py", "-amount.each)", "-2 * amount.each)"), "price lock"),
    "a lever for nothing": (Fault(CLAUSES + "levers.py", "paid[:, period], period", "0 * paid[:, period], period"), "lever"),
    "a lever that adds nothing": (
        Fault(LIMITS + "capacity.py", "int(bought.ids[lever]), -change)", "int(bought.ids[lever]), -0.5 * change)"), "lever"
    ),
    "people who are not paid": (Fault(CLAUSES + "wages.py", "columns[family], np.concatenate(money),", "columns[family], 0 * np.concatenate(money),"), "team"),
    "any number of people at once": (Fault(CLAUSES + "wages.py", "[np.maximum(most[n], some)", "[np.maximum(9.0 * most[n], some)"), "hires at once"),
    "people without hours": (Fault(CLAUSES + "wages.py", "people, -each)", "people, -0 * each)"), "team"),
    "missed for nothing": (Fault(CLAUSES + "penalties.py", "columns, price, period=period", "columns, np.multiply(price, 0.0), period=period"), "demand missed for money"),
    "a share of nine tenths": (
        Fault(RULES + "share.py", "-float(getattr(share, side))", "-0.9 * float(getattr(share, side))"), "share at most"
    ),
    "a share of the spend without its total": (
        Fault(RULES + "share.py", "links.ids, totals.ids, -1.0", "links.ids, totals.ids, -2.0"), "share of spend"
    ),
    "a vendor counts from half the items on": (
        Fault(RULES + "count.py", "[totals[rule.products]], -rule.share)", "[totals[rule.products]], -0.1 * rule.share)"), "count at least"
    ),
    "one vendor more": (Fault(RULES + "count.py", "else most_vendors(rule, made) for", "else most_vendors(rule, made) + 1 for"), "count at most"),
    "ten items of a vendor that may not work": (
        Fault(RULES + "only.py", 'forbidden), upper=0.0)', 'forbidden), upper=10.0)'), "only"
    ),
    "a quantity held from above alone": (Fault(RULES + "fix.py", "lower=amounts, upper", "upper"), "fix"),
    "half of what is needed": (Fault(RULES + "needs.py", "[-rule.items for", "[-0.5 * rule.items for"), "needs"),
    "two incompatible products": (
        Fault(RULES + "incompatible.py", 'axes, upper=most)', 'axes, upper=[2.0 for _ in most])'), "incompatible"
    ),
    "vendors that count from twice the share": (
        Fault(RULES + "count.py", "[totals[rule.products]], -rule.most_share)", "[totals[rule.products]], -2 * rule.most_share)"),
        "count at most from a share",
    ),
    "two vendors that count too many": (
        Fault(READ + "rules/count.py", "else (share, stated)", "else (2 * share, stated)"),
        "count at most from a share",
    ),
    "funded by half an image": (Fault(RULES + "funded.py", "columns.ids, -from_items)", "columns.ids, -0.5 * from_items)"), "funded at least"),
    "a product more than is funded": (Fault(RULES + "funded.py", "np.inf if side.at_least else n for", "np.inf if side.at_least else n + 1 for"), "funded at most"),
    "funded from nothing on": (Fault(READ + "rules/funded.py", "else amount.number * most.number", "else 0.5 * amount.number * most.number"), "funded at least"),
    "a product shared by two": (Fault(RULES + "exclusive.py", "upper=1.0 + np.array(both", "upper=2.0 + np.array(both"), "exclusive product"),
    "a vendor shared by two": (
        Fault(READ + "rules/exclusive.py", "else other not in own)", "else other in own and False)"), "exclusive vendor"
    ),
    "a pace that jumps": (Fault(RULES + "steady.py", "upper = [asked[n].most + (", "upper = [2 * asked[n].most + ("), "steady"),
    "a pace that may fall": (Fault(RULES + "steady.py", '("steady_fall", -1.0)):', '("steady_fall", 1.0)):'), "steady fall"),
    "a pace of half its hours": (Fault(READ + "rules/steady.py", "times(case.periods, amount, days)", "np.full(case.periods.count, 2.0)"), "steady"),
    "work that begins a week early": (Fault(PROGRAM + "layout.py", ">= first[routes.product][:, None]", ">= first[routes.product][:, None] - 1"), "begins"),
    "what arrives a week later": (Fault(LIMITS + "demand.py", "model.layout.period < one.before)", "model.layout.period < one.before - 1)"), "arrives"),
    "parts that arrive twice": (Fault(READ + "limits/amounts.py", "+ part.items.number", "+ 2 * part.items.number"), "arrives"),
    "half of what is shared": (Fault(LIMITS + "resources.py", "layout.ids[own], content[own]", "layout.ids[own], 0.5 * content[own]"), "resource in all"),
    "hours shared by half": (
        Fault(LIMITS + "resources.py", "np.where(own, taken, 0.0), when", "np.where(own, 0.5 * taken, 0.0), when"), "resource of each week"
    ),
    "twice what is shared": (Fault(READ + "supply/resources.py", "np.array([one.capacity.number])", "np.array([2 * one.capacity.number])"), "resource in all"),
    "items worth the first step's money": (
        Fault("allocate/case/schema/value.py", "scores[-1] + (end - labels[-1]) * worth", "scores[-1] + (end - labels[-1]) * each[0]"), "worth of items"
    ),
    "a fault counted by half": (Fault(LIMITS + "qualities.py", "quality.delivered[layout.route] - quality.limit", "0.5 * quality.delivered[layout.route] - quality.limit"), "quality"),
    "checking that finds nothing": (Fault(READ + "supply/qualities.py", "* (quality.catch or 0.0)", "* 0.0"), "quality by vendor"),
    "stock kept for nothing": (Fault(CLAUSES + "stock.py", "np.concatenate(money), period", "0 * np.concatenate(money), period"), "stock"),
    "stock that is lost": (Fault(CLAUSES + "stock.py", "program.add_terms(rows.ids, columns.ids, -sign)", "program.add_terms(rows.ids, columns.ids, sign)"), "stock"),
    "half of what is needed in time": (Fault(CLAUSES + "stock.py", "lower=[cell[2] for cell", "lower=[0.5 * cell[2] for cell"), "needed in time"),
    "nothing in stock at the start": (Fault(READ + "clauses/stock.py", "start = stock.start.number if stock.start is not None else 0.0", "start = 0.0"), "backlog"),
    "backlog at twice its price": (Fault(READ + "clauses/stock.py", "None if stock.backlog is None else _each(case, stock.backlog)", "None if stock.backlog is None else 2 * _each(case, stock.backlog)"), "backlog"),
    "labels that count twice": (Fault(LIMITS + "value.py", "sign * one.rate * layout", "2 * sign * one.rate * layout"), "labels for another"),
    "labels that count whole": (Fault(READ + "value/transfers.py", "names.index(one.from_), one.rate)", "names.index(one.from_), 2 * one.rate)"), "labels for another"),
    "hours in all by the week": (Fault("allocate/units.py", 'in ("count", "labour")', 'in ("count",)'), "hours in all"),
    "a budget of each week doubled": (
        Fault(LIMITS + "budget.py", "np.full(count, budget.amount)", "np.full(count, 2 * budget.amount)"), "budget of each week"
    ),
    "a budget limit that counts nothing": (
        Fault(LIMITS + "budget.py", "spent.amount[inside] * each[spent.owed[inside]])", "0 * spent.amount[inside])"), "budget of the last week"
    ),
    "a budget by payment of what is owed": (
        Fault(LIMITS + "budget.py", "when = (of.period[vendor, owed], of.day[vendor, owed]) if by_paid", "when = (owed, of.day[vendor, owed]) if by_paid"), "budget by payment"
    ),
    "twice the capacity": (Fault(LIMITS + "capacity.py", "upper=np.concatenate([capacity.amounts", "upper=2 * np.concatenate([capacity.amounts"), "items of a week"),
    "hours of half an item": (
        Fault(LIMITS + "capacity.py", "yield hours if learns is None", "yield 0.5 * hours if learns is None"), "hours of a week"
    ),
    "the capacity of the horizon in each week": (
        Fault(LIMITS + "capacity.py", "[float(capacity.amounts[0]) for", "[2 * float(capacity.amounts[0]) for"), "items in all"
    ),
    "a rate card's capacity by month not times its weeks": (
        Fault("allocate/costing/supply/throughput.py", "return in_periods(case, rate.capacity, case.vendors[rate.vendor])",
              "return np.full(case.periods.count, by_week)"), "items of a rate by month"
    ),
    "review without a shrinkage": (Fault(LIMITS + "capacity.py", "upper=hours)", "upper=hours / 0.8)"), "review"),
    "an item less than asked for": (Fault(LIMITS + "demand.py", "lower=least[products])", "lower=least[products] - 1)"), "demand"),
    "an item more than there is": (Fault(LIMITS + "demand.py", "upper=most[products])", "upper=most[products] - 1)"), "most items"),
    "milestones met by work that is begun": (
        Fault(LIMITS + "demand.py", "np.flatnonzero(layout.delivered <= until", "np.flatnonzero(layout.period <= until"), "milestone"
    ),
    "work in progress in its first week alone": (
        Fault(LIMITS + "demand.py", "limited & (lead > waited)", "limited & (lead < waited)"), "work in progress"
    ),
    "an accuracy a point lower": (
        Fault(LIMITS + "accuracy.py", "layout.accuracy - floors[layout.product]", "layout.accuracy + 0.01 - floors[layout.product]"), "accuracy"
    ),
    "delivered after the horizon": (Fault(PROGRAM + "layout.py", "< last_period(case)[routes", "<= last_period(case)[routes"), "horizon"),
    "a rule that counts vendors from half the share": (
        Fault(READ + "rules/count.py", "one.at_most, share, least[group], *more)", "one.at_most, share / 2, least[group], *more)"), "count at least"
    ),
    "a quantity held one item higher": (Fault(READ + "rules/fix.py", "rule.fix.items.number,", "rule.fix.items.number + 1,"), "fix"),
    "one of two incompatible products": (
        Fault(READ + "rules/incompatible.py", "tuple(sorted({products", "tuple(sorted({0 * products"), "incompatible"
    ),
    "five items fewer than needed": (
        Fault(READ + "rules/needs.py", "rule.needs.at_least.number if", "rule.needs.at_least.number - 5 if"), "needs"
    ),
    "a rule's vendors barred, the others allowed": (
        Fault(READ + "rules/only.py", "only.vendors is None or name in only", "only.vendors is None or name not in only"), "only"
    ),
    "a share at most read as one at least": (
        Fault(READ + "rules/share.py", "share.at_least, share.at_most)", "share.at_most, share.at_least)"), "share at most"
    ),
    "a share of each week of all weeks": (
        Fault(READ + "rules/share.py", 'if share.in_ == "each-period" else (None,)', 'if share.in_ == "never" else (None,)'), "share of each week"
    ),
    "a ramp from the first work with nothing lost": (
        Fault(LIMITS + "capacity.py", "capacity.lost[start, then])", "0 * capacity.lost[start, then])"), "a ramp from the first work"
    ),
    "further shifts for nothing": (
        Fault(CLAUSES + "wages.py", "[team.shift_cost.ravel() for", "[0 * team.shift_cost.ravel() for"), "shifts"
    ),
    "shifts without a premium": (
        Fault(CLAUSES + "wages.py", "(team.shift_premium[:, None] * team.wage", "(0 * team.shift_premium[:, None] * team.wage"), "shifts"
    ),
    "hours that do not fall": (
        Fault(READ + "work/learning.py", "first * made ** (1.0 - b), dtype", "first * made, dtype"), "learning"
    ),
    "a budget limit that ends a period early": (Fault(READ + "limits/budget.py", "else periods.count) - 1", "else periods.count) - 2"), "budget of the last week"),
    "budgets read twice": (Fault(READ + "limits/budget.py", "Money(amount.number,", "Money(2 * amount.number,"), "budget of each week"),
    "accuracy floors a tenth lower": (
        Fault(READ + "limits/targets.py", "else one.at_least for one in floors", "else 0.9 * one.at_least for one in floors"), "accuracy"
    ),
    "demand read an item lower": (Fault(READ + "limits/amounts.py", "low.number if", "low.number - 1 if"), "demand"),
    "a deadline not read": (
        Fault(READ + "limits/amounts.py", "periods.last_before(p.deadline.date) if", "periods.count if"), "deadline"
    ),
    "a milestone read five items lower": (
        Fault(READ + "limits/amounts.py", ".at_least.number,", ".at_least.number - 5,"), "milestone"
    ),
    "twice the work in progress": (Fault(READ + "limits/amounts.py", "else one.at_most.number for one", "else 2 * one.at_most.number for one"), "work in progress"),
    "people without shrinkage": (Fault(READ + "supply/throughput.py", "(1.0 - shrinkage(case, vendor))", "(1.0 - 0 * shrinkage(case, vendor))"), "people"),
    "review without its shrinkage, where there are people": (
        Fault(READ + "supply/throughput.py", "left = 1.0 - (team.shrinkage or 0.0)", "left = 1.0 - (team.shrinkage or 0.0) * (team.people is None)"), "review"
    ),
    "penalties that weigh nothing": (Fault(PROGRAM + "soft_limits.py", "Penalty(columns, priced[chosen])", "Penalty(columns, 0 * priced[chosen])"), "demand missed"),
    "two items for one that is missing": (Fault(PROGRAM + "soft_limits.py", "1.0 if short else -1.0", "2.0 if short else -1.0"), "demand missed"),
    "weeks after the horizon for nothing": (
        Fault(READ + "soft_limits/missing.py", "[first + 1 :], lengths[-1]]", "[first + 1 :], 0 * lengths[-1]]"), "milestone missed"
    ),
    "weeks after the horizon paid by nobody": (
        Fault(READ + "soft_limits/missing.py", "[first + 1 :], lengths[-1]]", "[first + 1 :], 0 * lengths[-1]]"), "milestone missed for money"
    ),
}  # fmt: skip
"""Each makes the plan of its small case wrong: it is refused, or is not the best by hand."""
