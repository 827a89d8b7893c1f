"""Numbers as people type them, in the chat and on the site alike. There is no other reader of typed numbers.

Digits of any one script, all together or in groups of three with spaces of any kind between them (`1 250`), and for a
currency with minor units up to two decimals behind a point or a comma (`1 250,50`). What can be read in two ways is not
read: `1.250` is a thousand to some, and one and a quarter to others.

An amount may also come back as we print it, with the sign of its currency before or behind it (`⭐ 1 250`,
`1 250,50 ₽`); the English print groups by commas, which can be read in one way only beside the sign and with both
decimals (`₽1,250.50`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from starbid.domain.errors import Invalid
from starbid.domain.money import CURRENCIES, MAX_AMOUNT, Currency, Money

MOST_DIGITS = 13
"""Of an amount in minor units; more is a slip, and would only make sums long."""
_NUMBER = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:\.(?P<decimals>[0-9]{1,2}))?")
_PRINTED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{2}")
_POINTS = str.maketrans(",\N{ARABIC DECIMAL SEPARATOR}", "..")
_BETWEEN = re.compile(r"\s*(?:[-\u2010-\u2015\u2212…]|\.\.\.?)\s*")
_STYLE = "\N{VARIATION SELECTOR-16}"
"""Telegram puts it behind a star."""


def typed_whole(text: str) -> int | None:
    """A whole number from zero up; None for anything else."""
    return _read(text.strip(), places=0)


def typed_digits(text: str) -> str:
    """The digits of a code in ASCII, whatever stands between them: `12 34 56` is 123456."""
    return "".join(str(unicodedata.decimal(mark)) for mark in text if mark.isdecimal())


def typed_amount(text: str, currency: str) -> Money | None:
    """An amount in whole units of the currency; None for anything else, an unknown currency included."""
    known = CURRENCIES.get(currency)
    if known is None:
        return None
    bare, is_signed = _without_sign(text.strip(), known)
    plain = _plain_digits(bare)
    if is_signed and plain is not None and _PRINTED.fullmatch(plain):
        bare = plain.replace(",", "")
    minor = _read(bare, places=len(str(known.minor_units)) - 1)
    return None if minor is None else Money(minor, currency)


def amount_typed(amount: Money) -> str:
    """The amount as it stands in a field: `330`, `1250.50`."""
    if CURRENCIES[amount.currency].is_whole:
        return str(amount.amount)
    whole, minor = divmod(abs(amount.amount), 100)
    minus = "-" if amount.amount < 0 else ""
    return f"{minus}{whole}.{minor:02}" if minor else f"{minus}{whole}"


def amount_coded(amount: Money) -> str:
    """The amount with the code of its currency, for what is the same to all readers: `1250.00 RUB`. The
    decimals are always there, so that nobody takes it for minor units.
    """
    typed = amount_typed(amount)
    decimals = "" if CURRENCIES[amount.currency].is_whole or "." in typed else ".00"
    return f"{typed}{decimals} {amount.currency}"


def beyond_limits(field: str, currency: str) -> Invalid:
    """What is wrong with an amount of `currency` that was typed, and is not from 1 to MAX_AMOUNT in minor units. Its
    reason is "range", or "sum" where the currency has minor units: then the limits have it along, to be said as money.
    """
    if CURRENCIES[currency].is_whole:
        return Invalid(field, "range", least=1, most=MAX_AMOUNT)
    return Invalid(field, "sum", least=1, most=MAX_AMOUNT, currency=currency)


def typed_range(text: str, currency: str) -> tuple[Money | None, Money | None] | None:
    """From where to where: `100-500`, from where (`100-`), up to where (`-500`, `500`); None for anything else."""
    parts = _BETWEEN.split(text.strip())
    low, high = parts if len(parts) == 2 else ("", *parts) if len(parts) == 1 else ("", "")
    least, most = (typed_amount(part, currency) for part in (low, high))
    unread = (low and least is None) or (high and most is None)
    return None if unread or not (low or high) else (least, most)


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """An amount as it stands in `field` of a form, for something whose currency is not known yet."""

    field: str
    text: str

    def minor_units(self, currency: str) -> int:
        """Raises Invalid ("whole", or "amount" where the currency has minor units) for what is no amount."""
        amount = typed_amount(self.text, currency)
        if amount is None:
            raise Invalid(self.field, "whole" if CURRENCIES[currency].is_whole else "amount")
        return amount.amount


def _read(text: str, places: int) -> int | None:
    """The number times ten to the power of `places`."""
    plain = _plain_digits(text)
    found = _NUMBER.fullmatch(plain.translate(_POINTS)) if plain is not None else None
    if found is None:
        return None
    whole, decimals = found["whole"].replace(" ", ""), found["decimals"] or ""
    if len(decimals) > places or len(whole) + places > MOST_DIGITS:
        return None
    return int(whole + decimals.ljust(places, "0"))


def _plain_digits(text: str) -> str | None:
    """With digits and spaces of ASCII; None where the digits are of more than one script."""
    zeros = {ord(mark) - unicodedata.decimal(mark) for mark in text if mark.isdecimal()}
    if len(zeros) > 1:
        return None
    return "".join(_plain(mark) for mark in text)


def _plain(mark: str) -> str:
    if mark.isdecimal():
        return str(unicodedata.decimal(mark))
    return " " if unicodedata.category(mark) == "Zs" else mark


def _without_sign(text: str, currency: Currency) -> tuple[str, bool]:
    """The rest of an amount that has the sign of its currency at one of its ends, and whether it had."""
    text = text.replace(currency.sign + _STYLE, currency.sign)
    bare = text.removeprefix(currency.sign)
    if bare == text:
        bare = text.removesuffix(currency.sign)
    return bare.strip(), bare != text
