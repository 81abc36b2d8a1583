"""Checks of seats, bonus and malus, rebates and incumbents."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.checks.steps import rebate_order
from allocate.case.context import Context, line_of, makers
from allocate.case.document import Path_
from allocate.case.schema import Contract, Rebate, Seat
from allocate.errors import Problem
from allocate.units import Quantity, kind_of, time_of


def clauses(c: Context) -> Iterator[Problem]:
    """Every clause fits what the vendor is paid for and the clauses beside it."""
    for name, vendor in c.file.vendors.items():
        where: Path_ = ("vendors", name, "contract")
        seats = vendor.contract.fees.seat
        for position, seat in enumerate(seats):
            path = (*where, "fees", "seat", position) if len(seats) > 1 else (*where, "fees", "seat")
            yield from _seat(c, path, seat)
        yield from _quality(c, where, vendor.contract)
        yield from _changes(c, where, name, vendor.contract)
        yield from _payment(c, where, vendor.contract)
        if vendor.contract.rebate is not None:
            yield from rebate_order(c, (*where, "rebate"), vendor.contract.rebate)
            yield from _rebate(c, where, vendor.contract, vendor.contract.rebate)


def _seat(c: Context, path: Path_, seat: Seat) -> Iterator[Problem]:
    yield from c.unknown((*path, "products"), seat.products or (), "products", "product")
    if seat.products is not None and not seat.products:
        yield c.problem((*path, "products"), "the seat is for no product", "write a name, or leave `products` out")
    paid, carried = time_of(seat.price), time_of(seat.carries)
    if paid != carried:
        words = [f"by the {time}" if time else "for the whole horizon" for time in (paid, carried)]
        message = (
            f"the seat is paid {words[0]} ('{seat.price.text}') and carries work {words[1]} ('{seat.carries.text}')"
        )
        amount = seat.carries.text.rsplit("/", 1)[0].strip() if carried else seat.carries.text
        fix = f"write `{amount}/{paid}`" if paid else f"write `{amount}`"
        yield c.problem((*path, "carries"), message, f"{fix}, with the work of a {paid or 'horizon'}")
    elif paid not in (None, "week", "month", "quarter"):
        yield c.problem((*path, "price"), f"seats are not sold by the {paid}", "write both by week, month or quarter")
    elif paid == "week" and "horizon" not in c.faulty and c.periods.unit != "week":
        yield c.problem((*path, "price"), f"seats by the week in a plan by {c.periods.unit}s", "write both by month")
    noun = seat.carries.of()
    nouns = {c.item(product) for product in c.file.products.values()}
    nouns |= {driver for product in c.file.products.values() for driver in c.drivers(product)}
    if "products" not in c.faulty and noun not in (None, "h", "EU", "item", *nouns):
        many = c.units.plural(noun)
        yield c.problem((*path, "carries"), f"a seat carries {many}, which no product has", "write hours, items or EU")


def _quality(c: Context, where: Path_, contract: Contract) -> Iterator[Problem]:
    """Each accuracy has one step at most: bounds differ, and those below end before those above begin."""
    seen: dict[tuple[str, float], int] = {}
    for position, step in enumerate(contract.quality):
        side, bound = ("below", step.below) if step.below is not None else ("above", step.above)
        assert bound is not None
        if (side, bound) in seen:
            there = line_of(c, (*where, "quality", seen[side, bound]))
            message = f"two steps are for accuracies {side} {_percent(bound)}{there}"
            yield c.problem((*where, "quality", position), message, "keep one of them")
        seen.setdefault((side, bound), position)
    below = [(bound, position) for (side, bound), position in seen.items() if side == "below"]
    above = [(bound, position) for (side, bound), position in seen.items() if side == "above"]
    if below and above and max(below)[0] > min(above)[0]:
        (upper, position), (lower, other) = max(below), min(above)
        there = line_of(c, (*where, "quality", other))
        message = f"an accuracy between {_percent(lower)} and {_percent(upper)} is both below this step and above another{there}"
        yield c.problem((*where, "quality", position, "below"), message, f"write `{_percent(lower)}` or less")


def _changes(c: Context, where: Path_, name: str, contract: Contract) -> Iterator[Problem]:
    """A change of price is a share of a price there is, or money for what the price counts."""
    changes = [((*where, "quality", n, "price"), step.price) for n, step in enumerate(contract.quality)]
    changes += [((*where, "lateness", n, "price"), step.price) for n, step in enumerate(contract.lateness)]
    prices: list[tuple[Quantity, Path_]] = []
    if contract.price is not None:
        prices.append((contract.price, (*where, "price")))
    for tiers in contract.tiers:
        prices += [(step.price, (*where, "tiers")) for step in tiers.steps]
    for position, rate in c.rate_card.of_vendor(name):
        if rate.price is not None:
            prices.append((rate.price, ("rates", position, "price")))
    for path, change in changes:
        if kind_of(change) == "fraction":
            continue
        other = next((one for one in prices if one[0].per() != change.per()), None)
        if other is not None:
            message = (
                f"'{change.text}' is per {change.per()}, and a price ('{other[0].text}'){line_of(c, other[1])} is not"
            )
            yield c.problem(path, message, f"write it per {other[0].per()}")
            continue
        low = next((one for one in prices if _below_zero(one[0], change)), None)
        if low is not None:
            message = f"'{change.text}' takes off more than the price ('{low[0].text}'){line_of(c, low[1])}"
            yield c.problem(path, message, "write a smaller malus")


def _payment(c: Context, where: Path_, contract: Contract) -> Iterator[Problem]:
    """What is paid early for a discount is paid before it would be anyway."""
    payment, early = contract.payment, contract.early_payment
    if early is not None and early.taken == "when-it-pays":
        yield from _weighed(c, (*where, "early-payment", "taken"), contract)
    if payment is None or early is None or early.within is None:
        return
    path, there = (*where, "early-payment", "within"), line_of(c, (*where, "payment"))
    if isinstance(payment, str):
        message = f"all is paid in advance{there}, and nothing can be paid earlier for a discount"
        yield c.problem(path, message, "leave `within` out, or write `payment: 30 days`")
    elif early.within.number >= payment.number:
        message = f"paying within {early.within.text} is no earlier than the contract's {payment.text}{there}"
        yield c.problem(path, message, f"write fewer days than {payment.text}")


def _weighed(c: Context, path: Path_, contract: Contract) -> Iterator[Problem]:
    """Whether paying early pays needs the days between, and what money loses in worth in them."""
    early = contract.early_payment
    if early is None or early.within is None or contract.payment is None:
        message = "nothing says how many days sooner is paid for the discount"
        fix = "write `payment: 30 days` in the contract and `within: 10 days` here, or `taken: always`"
        yield c.problem(path, message, fix)
    elif c.file.discount is None:
        message = "nothing says what money loses in worth until it would be paid without the discount"
        yield c.problem(path, message, "add `discount: 8 %/year` to the case, or write `taken: always`")


def _below_zero(price: Quantity, change: Quantity) -> bool:
    return price.currency == change.currency and price.number + change.number < 0


def _rebate(c: Context, where: Path_, contract: Contract, rebate: Rebate) -> Iterator[Problem]:
    """A step that the contract's ceiling never lets anybody reach."""
    ceiling = contract.ceiling
    for position, step in enumerate(rebate.steps):
        if ceiling is not None and ceiling.currency == step.at_least.currency and step.at_least.number > ceiling.number:
            there = line_of(c, (*where, "ceiling"))
            message = f"nobody reaches {step.at_least.text}: the contract's ceiling{there} is {ceiling.text}"
            yield c.problem(
                (*where, "rebate", "steps", position, "at-least"), message, "lower it, or raise the ceiling"
            )


def incumbents(c: Context) -> Iterator[Problem]:
    """An incumbent is a vendor of the case that can make the product."""
    for name, product in c.file.products.items():
        one = product.incumbent
        if one is None:
            continue
        path: Path_ = ("products", name, "incumbent")
        bare = isinstance((c.document.data["products"].get(name) or {}).get("incumbent"), str)
        at = path if bare else (*path, "vendor")
        unknown = list(c.unknown(at, [one.vendor], "vendors", "vendor"))
        yield from unknown
        if not unknown and not {"rates", "vendors"} & c.faulty and one.vendor not in makers(c, name):
            message = f"the incumbent of {name}, {one.vendor}, has no rate for it"
            yield c.problem(at, message, "add a rate, or name another vendor")
        paid_to = [one.paid_to] if one.paid_to is not None else []
        yield from c.unknown((*path, "paid-to"), paid_to, "vendors", "vendor")
        if paid_to and one.switching is None:
            message = "`paid-to` says who gets the cost of switching, and no `switching` says how much it is"
            yield c.problem((*path, "paid-to"), message, "add `switching: 5k USD`, or leave `paid-to` out")
        if one.below is not None and one.switching is None:
            message = "`below` says when switching costs, and no `switching` says how much"
            yield c.problem((*path, "below"), message, "add `switching: 5k USD`, or leave `below` out")


def _percent(share: float) -> str:
    return f"{100 * share:.6g}%"
