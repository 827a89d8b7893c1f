"""What a day of answers may cost of the model's tokens, all people together."""

from __future__ import annotations

from datetime import UTC, datetime

from starbid.services.ports import Counters

KEPT_SECONDS = 3 * 86_400
_NO_END = 10**15


class Spending:
    """Counts by UTC day. A limit of 0 is none. What is being answered when it is reached is answered to its end."""

    def __init__(self, counters: Counters, daily_tokens: int) -> None:
        self._counters, self._most = counters, daily_tokens

    def is_over(self, now: datetime) -> bool:
        """Whether the day's tokens are used up."""
        return bool(self._most) and not self._counters.count(_key(now), 0, self._most - 1, KEPT_SECONDS, now)

    def add(self, tokens: int, now: datetime) -> None:
        if tokens and self._most:
            self._counters.count(_key(now), tokens, _NO_END, KEPT_SECONDS, now)


def _key(now: datetime) -> str:
    return f"assistant-tokens#{now.astimezone(UTC):%Y-%m-%d}"
