"""How long a server asks to be left alone: the header `Retry-After` (RFC 9110, 10.2.3)."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

_MOST_DIGITS = 9


def seconds_until(text: str, now: float) -> float | None:
    """Of digits alone, or of a date, which is in UTC where it names no zone; None for anything else. `now`: seconds
    since 1970.
    """
    told = text.strip()
    if told.isascii() and told.isdigit():
        return float(told[:_MOST_DIGITS])
    try:
        at = parsedate_to_datetime(told)
        return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, OverflowError):
        return None
