"""Numbers as people type them, in the chat and on the site alike.

Digits, all together or in groups of three with one and the same space between them (`1 250`), and for a currency with
minor units up to two decimals behind a point or a comma (`1 250,50`). What can be read in two ways is not read:
`1.250` is a thousand to some, and one and a quarter to others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starbid.domain.errors import Invalid
from starbid.domain.money import CURRENCIES, Money

MOST_DIGITS = 13
"""Of an amount in minor units; more is a slip, and would only make sums long."""
_NUMBER = re.compile(
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?P<space>[ \u00a0\u2009\u202f])[0-9]{3}(?:(?P=space)[0-9]{3})*)"
    r"(?:[.,](?P<decimals>[0-9]{1,2}))?"
)


def typed_whole(text: str) -> int | None:
    """A whole number from zero up; None for anything else."""
    return _read(text, places=0)


def typed_amount(text: str, currency: str) -> Money | None:
    """An amount in whole units of the currency; None for anything else, an unknown currency included."""
    known = CURRENCIES.get(currency)
    minor = None if known is None else _read(text, places=len(str(known.minor_units)) - 1)
    return None if minor is None else Money(minor, currency)


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """An amount as it stands in `field` of a form, for something whose currency is not known yet. `in_minor_units` is
    how the API counts; people type whole units.
    """

    field: str
    text: str
    in_minor_units: bool = False

    def read(self, currency: str) -> int | None:
        """Minor units; None for what is no amount."""
        if self.in_minor_units:
            return typed_whole(self.text)
        amount = typed_amount(self.text, currency)
        return None if amount is None else amount.amount

    def minor_units(self, currency: str) -> int:
        """Raises Invalid for what is no amount."""
        minor = self.read(currency)
        if minor is None:
            raise Invalid(self.field, "whole")
        return minor


def _read(text: str, places: int) -> int | None:
    """The number times ten to the power of `places`."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    whole = found["whole"].replace(found["space"] or " ", "")
    decimals = found["decimals"] or ""
    if len(decimals) > places or len(whole) + places > MOST_DIGITS:
        return None
    return int(whole + decimals.ljust(places, "0"))
