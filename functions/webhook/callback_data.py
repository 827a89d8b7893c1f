"""What people type and what buttons carry, read strictly."""

from __future__ import annotations

import re

from starbid.domain.money import CURRENCIES, Money

_LOT_ID = re.compile(r"[a-z0-9]{1,20}")
_WHOLE = re.compile(r"[0-9]{1,13}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+")
_DECIMAL = re.compile(r"([0-9]{1,11})(?:[.,]([0-9]{1,2}))?")


class Garbled(Exception):
    """Data of a button that this bot did not make, or not lately."""


def lot_id(text: str) -> str:
    """Raises Garbled."""
    if not _LOT_ID.fullmatch(text):
        raise Garbled
    return text


def number(text: str) -> int:
    """A whole number of a button; raises Garbled."""
    if not _WHOLE.fullmatch(text):
        raise Garbled
    return int(text)


def parts(args: list[str], count: int) -> list[str]:
    """Exactly so many parts of a button's data; raises Garbled."""
    if len(args) != count:
        raise Garbled
    return args


def typed_whole(text: str) -> int | None:
    """A whole number as people type it, `1 250` too; None for anything else, a sign or a fraction included."""
    text = text.strip()
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[^0-9]", "", text)
    return int(text) if _WHOLE.fullmatch(text) else None


def typed_money(text: str, currency: str) -> Money | None:
    """An amount as people type it, in whole units of the currency; None for anything else."""
    units = CURRENCIES[currency].minor_units
    whole = typed_whole(text)
    if whole is not None:
        return Money(whole * units, currency)
    found = _DECIMAL.fullmatch(text.strip())
    if units == 1 or found is None:
        return None
    return Money(int(found[1]) * units + int((found[2] or "0").ljust(2, "0")), currency)
