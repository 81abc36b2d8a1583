"""Currencies by their codes, the signs and the small coins people write in their place, and near misses of a code."""

from __future__ import annotations

# ISO 4217, active currencies of states and territories.
CURRENCIES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG".split()
)

_COMMON = "USD EUR GBP JPY CNY INR PHP AUD CAD CHF SGD KES BRL MXN PLN SEK NOK DKK ZAR".split()
_DOLLARS = (
    *("USD", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "FJD", "GYD", "HKD", "JMD", "KYD", "LRD", "NAD", "NZD"),
    *("SBD", "SGD", "SRD", "TTD", "TWD", "XCD", "MXN", "CLP", "COP", "ARS", "UYU"),
)
_CENTS = ("USD", "EUR", "AUD", "CAD", "NZD", "SGD", "HKD", "ZAR", "KES", "MYR", "TWD", "PHP", "JMD", "TTD")
SIGNS: dict[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "£": ("GBP", "EGP", "FKP", "GIP", "LBP", "SDG", "SHP", "SSP", "SYP"),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₱": ("PHP",),
    "₫": ("VND",),
    "₩": ("KRW",),
    "₺": ("TRY",),
    "₽": ("RUB",),
    "₦": ("NGN",),
    "zł": ("PLN",),
    "US$": ("USD",),
    "A$": ("AUD",),
    "C$": ("CAD",),
    "R$": ("BRL",),
    "$": _DOLLARS,
}
"""Signs of currencies, and the codes each may stand for, the usual one first."""
_COINS = {
    **dict.fromkeys(("cent", "cents", "ct", "cts"), _CENTS),
    "¢": ("USD", "CAD", "AUD"),
    **dict.fromkeys(("p", "penny", "pence"), ("GBP",)),
    "paise": ("INR",),
    "rappen": ("CHF",),
    "centavos": ("PHP", "MXN", "BRL"),
    "groszy": ("PLN",),
}
"""Coins of a hundredth of a currency, and the codes each may stand for."""


_NO_COINS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
_THOUSANDTHS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def decimals(code: str) -> int:
    """Decimals in which amounts of a currency are paid, by ISO 4217: 0 of the yen, 3 of the dinar, else 2."""
    return 0 if code in _NO_COINS else 3 if code in _THOUSANDTHS else 2


def coded(sign: str, own: str | None) -> str | None:
    """The code a sign stands for: the case's own currency where it has that sign, else that of the only country.

    None for what is no sign, and for the dollars and yen of several countries.
    """
    codes = SIGNS.get(sign, ())
    return own if own in codes else None if sign in ("$", "¥") else next(iter(codes), None)


def of_coin(word: str, own: str | None) -> str | None:
    """The currency a coin such as `cents` is a hundredth of: the case's own where it has such coins, else the only one."""
    codes = _COINS.get(word.lower(), ())
    return own if own in codes else codes[0] if len(codes) == 1 else None


def nearest_currency(code: str) -> str | None:
    """The currency a misspelt code was probably meant to be: its letters in another order, else one letter off."""
    if len(code) != 3 or not code.isupper():
        return None
    swapped = [known for known in _COMMON if sorted(known) == sorted(code)]
    off = [known for known in _COMMON if sum(a != b for a, b in zip(known, code, strict=True)) == 1]
    return next(iter([*swapped, *off]), None)
