"""What a day of answers may cost of the model's tokens, all people together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from starbid.services.ports import Counters

KEPT_SECONDS = 3 * 86_400
_NO_END = 10**15


class Spending:
    """Counts by UTC day. A limit of 0 is none. What is being answered when it is reached is answered to its end."""

    def __init__(self, counters: Counters, daily_tokens: int, warn: Callable[[], object] = lambda: None) -> None:
        """`warn` hears of each answer after which four fifths of the day's tokens are used up."""
        self._counters, self._most, self._warn = counters, daily_tokens, warn

    def is_over(self, now: datetime) -> bool:
        """Whether the day's tokens are used up."""
        return bool(self._most) and not self._counters.count(_key(now), 0, self._most - 1, KEPT_SECONDS, now)

    def add(self, tokens: int, now: datetime) -> None:
        if not tokens or not self._most:
            return
        if not self._counters.count(_key(now), tokens, self._most * 4 // 5 - 1, KEPT_SECONDS, now):
            self._counters.count(_key(now), tokens, _NO_END, KEPT_SECONDS, now)
            self._warn()


def _key(now: datetime) -> str:
    return f"assistant-tokens#{now.astimezone(UTC):%Y-%m-%d}"
