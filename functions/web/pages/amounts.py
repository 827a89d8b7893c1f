"""Amounts as people type them: whole Stars; roubles and the like with up to two decimals. Minor units inside."""

from __future__ import annotations

import re

from starbid.domain.money import MINOR_UNITS, Money

_STARS = re.compile(r"[0-9]{1,13}")
_FIAT = re.compile(r"([0-9]{1,11})(?:[.,]([0-9]{1,2}))?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")


def read(text: str, currency: str) -> int | None:
    """Minor units, or None for what is no amount. Spaces between thousands are allowed; a sign is not."""
    text = _SPACES.sub("", text)
    if not text.isascii() or currency not in MINOR_UNITS:
        return None
    if MINOR_UNITS[currency] == 1:
        return int(text) if _STARS.fullmatch(text) else None
    match = _FIAT.fullmatch(text)
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else None


def typed(amount: Money) -> str:
    """The amount as it stands in a field: `330`, `1250.50`."""
    if MINOR_UNITS[amount.currency] == 1:
        return str(amount.amount)
    whole, minor = divmod(amount.amount, 100)
    return f"{whole}.{minor:02}" if minor else str(whole)
