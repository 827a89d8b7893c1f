"""Amounts of forms. Fields count minor units, as the API does; with `units=whole` they are as people type them:
whole Stars, roubles and the like with up to two decimals."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starbid.domain.lots import whole_number
from starbid.domain.money import CURRENCIES, Money

WHOLE = "whole"
"""What our own pages send as `units`."""
_STARS = re.compile(r"[0-9]{1,13}")
_FIAT = re.compile(r"([0-9]{1,11})(?:[.,]([0-9]{1,2}))?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")


def read_field(form: Mapping[str, str], name: str, currency: str) -> int | None:
    """Minor units of a form's field, or None for what is no amount in the units that the form says."""
    text = form.get(name, "")
    return read(text, currency) if form.get("units") == WHOLE else whole_number(_SPACES.sub("", text))


def read(text: str, currency: str) -> int | None:
    """Minor units, or None for what is no amount. Spaces between thousands are allowed; a sign is not."""
    text = _SPACES.sub("", text)
    if not text.isascii() or currency not in CURRENCIES:
        return None
    if CURRENCIES[currency].is_whole:
        return int(text) if _STARS.fullmatch(text) else None
    match = _FIAT.fullmatch(text)
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else None


def typed(amount: Money) -> str:
    """The amount as it stands in a field: `330`, `1250.50`."""
    if CURRENCIES[amount.currency].is_whole:
        return str(amount.amount)
    whole, minor = divmod(amount.amount, 100)
    return f"{whole}.{minor:02}" if minor else str(whole)
