"""Amounts as providers want them written, and what providers write, read strictly.

Anything odd raises ValueError, which never shows what was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from starbid.domain.money import CURRENCIES, Money

MOST_TEXT = 200
MOST_ADDRESS = 2048
MOST_DIGITS = 15
"""Before the decimal point, far above any bill; as many may follow it."""
_WRITTEN = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{1,{MOST_DIGITS}}})?")
_CENTS = Decimal("0.01")
_ADDRESS = re.compile(r"https?://[!-~]+")


def written(money: Money) -> str:
    """In whole units with two decimals: `500.00`."""
    return str((Decimal(money.amount) / CURRENCIES[money.currency].minor_units).quantize(_CENTS))


def parsed(raw: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8, its fractions as Decimal."""
    try:
        found = json.loads(raw.decode(), parse_float=Decimal)
    except (ArithmeticError, RecursionError) as error:
        raise ValueError("no JSON that can be read") from error
    return nested(found)


def nested(value: Any) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def text(value: Any) -> str:
    """Some text of at most MOST_TEXT characters, which can be stored and signed."""
    if not isinstance(value, str) or not 0 < len(value) <= MOST_TEXT:
        raise ValueError("no text of a fitting length")
    value.encode()
    return value


def their_id(value: Any) -> str:
    """An id of the provider's own: a number, or digits."""
    shown = str(value) if type(value) is int else text(value)
    if not (shown.isascii() and shown.isdigit()):
        raise ValueError("no id")
    return text(shown)


def amount(value: Any) -> Decimal:
    """A number or a string, zero or more, with two decimals at least."""
    if isinstance(value, str):
        found = Decimal(value) if _WRITTEN.fullmatch(value) else None
    else:
        found = Decimal(value) if type(value) in (int, Decimal) else None
    if found is None or not _is_ordinary(found):
        raise ValueError("no amount")
    exponent = found.as_tuple().exponent
    return found.quantize(_CENTS) if isinstance(exponent, int) and exponent > -2 else found


def _is_ordinary(found: Decimal) -> bool:
    """Looked at by its exponents: to write `1e9999` out would be costly."""
    exponent = found.as_tuple().exponent
    fits = isinstance(exponent, int) and exponent >= -MOST_DIGITS and found.adjusted() < MOST_DIGITS
    return fits and not found.is_signed()


def address(value: Any) -> str:
    """A link that people are sent to."""
    if not isinstance(value, str) or len(value) > MOST_ADDRESS or not _ADDRESS.fullmatch(value):
        raise ValueError("no address of a page")
    return value


def header(headers: Mapping[str, str], name: str) -> bytes:
    """A header as it came, empty where it did not."""
    return headers.get(name, "").strip().lower().encode("utf-8", "replace")
