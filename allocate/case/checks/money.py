"""Checks of money: currency codes, exchange rates, and that every amount can be put into the case's currency."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.names import nearest
from allocate.currencies import CURRENCIES, nearest_currency
from allocate.errors import Problem
from allocate.tables.frames import tag_column
from allocate.units import Quantity


def _code_fix(code: str, taken: Collection[str] = ()) -> str:
    close = nearest_currency(code) or nearest(code, sorted(CURRENCIES))
    return f"did you mean '{close}'?" if close and close not in taken else "write a code such as USD"


def currency_codes(c: Context) -> Iterator[Problem]:
    """The case and its vendors name currencies there are."""
    if c.file.currency not in CURRENCIES:
        yield c.problem(("currency",), f"'{c.file.currency}' is not a currency code", _code_fix(c.file.currency))
    for name, vendor in c.file.vendors.items():
        where: Path_ = ("vendors", name, "currency")
        code = vendor.currency
        if code is not None and code not in CURRENCIES:
            yield c.problem(where, f"'{code}' is not a currency code", _code_fix(code))
        elif code is not None and code != c.file.currency and code not in c.names("exchange"):
            fix = f"add `exchange: {{{code}: … {c.file.currency}}}` with what one {code} is worth"
            yield c.problem(where, f"there is no exchange rate for {code}", fix, code="E-exchange")


def exchange_rates(c: Context) -> Iterator[Problem]:
    """Rates are for other currencies, in the case's own, above zero."""
    own = c.file.currency
    if own not in CURRENCIES:
        return
    for currency, steps in c.file.exchange.items():
        where: Path_ = ("exchange", currency)
        if currency not in CURRENCIES:
            yield c.problem(
                where, f"'{currency}' is not a currency code", _code_fix(currency, c.names("exchange")), of_key=True
            )
        elif currency == own:
            yield c.problem(where, f"{currency} is the case's own currency", "remove this rate", of_key=True)
        elif not steps:
            yield c.problem(where, f"exchange.{currency} has no rate", f"write it as in `{currency}: 1.08 {own}`")
        else:
            for step in steps:
                yield from _rate(c, where, currency, step.rate)


def _rate(c: Context, where: Path_, currency: str, rate: Quantity) -> Iterator[Problem]:
    own = c.file.currency
    if rate.currency != own:
        message = f"exchange.{currency} is in {rate.currency}, the case in {own}"
        yield c.problem(where, message, f"write what one {currency} is worth in {own}")
    elif rate.number <= 0:
        message = f"exchange.{currency} is not above zero ('{rate.text}')"
        yield c.problem(where, message, f"write what one {currency} is worth in {own}")


def amounts_have_rates(c: Context) -> Iterator[Problem]:
    """Every amount of money is in the case's currency or one with a rate; a missing rate is told once."""
    own = c.file.currency
    if own not in CURRENCIES:
        return
    missing: dict[str, tuple[Path_, Quantity, int]] = {}
    for path, amount in _amounts(c):
        money = amount.currency
        if money and money != own and money not in c.names("exchange"):
            first, text, count = missing.get(money, (path, amount, 0))
            missing[money] = (first, text, count + 1)
    vendors = {vendor.currency for vendor in c.file.vendors.values()}
    for money, (path, amount, count) in missing.items():
        if money in vendors:
            continue  # said where the vendor names it
        more = f", and {count - 1:,} more" if count > 1 else ""
        message = f"there is no exchange rate for {money} ('{amount.text}'{more})"
        fix = f"add `exchange: {{{money}: … {own}}}` with what one {money} is worth, or write the amount in {own}"
        yield c.problem(path, message, fix)


def _amounts(c: Context) -> Iterator[tuple[Path_, Quantity]]:
    """Every amount of money in the case, with its path, in the order of the file."""
    stack: list[tuple[Path_, object]] = [((), c.file)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, Quantity):
            if value.currency and path[0] != "exchange":
                yield path, value
            continue
        stack += reversed(list(_parts(path, value)))


def _parts(path: Path_, value: object) -> Iterator[tuple[Path_, object]]:
    if isinstance(value, tuple):
        yield from (((*path, position), inner) for position, inner in enumerate(value))
    elif isinstance(value, dict):
        yield from (((*path, key), inner) for key, inner in value.items())
    elif hasattr(value, "model_fields_set"):
        for name, field in type(value).model_fields.items():  # type: ignore[attr-defined]
            if name in value.model_fields_set:
                yield (*path, field.alias or name), getattr(value, name)


def tags(c: Context) -> Iterator[Problem]:
    """Tags that would stand in one column, as `cost-centre` and `cost centre`, are one tag, written in one way."""
    for kind, blocks in (("products", c.file.products), ("vendors", c.file.vendors)):
        known: dict[str, str] = {}
        for name, block in blocks.items():
            for tag in block.tags:
                first = known.setdefault(tag_column("", tag), tag)
                if first != tag:
                    message = f"the tags '{first}' and '{tag}' would be one column"
                    yield c.problem((kind, name, "tags", tag), message, f"write both as `{first}`", of_key=True)
