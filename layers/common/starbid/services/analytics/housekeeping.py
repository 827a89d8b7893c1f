"""What is done every hour: the bot's balance is looked at, and finished days are kept as a whole."""

from __future__ import annotations

from datetime import datetime, timedelta

from starbid.domain.analytics.quarters import day_of, quarter_of
from starbid.services.ports import Figures, StarsAccount

UNTIL_FINISHED = timedelta(hours=26)
"""From its end on until a day is packed: streams tell of it for 24 hours."""
LOOKED_BACK = 120
"""Days that are looked through for those that are not packed: what was counted late is packed again."""
AT_ONCE = 30


class Housekeeping:
    def __init__(self, figures: Figures, stars: StarsAccount) -> None:
        self._figures, self._stars = figures, stars

    def look_at_balance(self, now: datetime) -> int:
        """The bot's Stars now. Failures of Telegram pass."""
        stars = self._stars.balance()
        self._figures.keep_balance(now, stars)
        return stars

    def pack(self, now: datetime, most: int = AT_ONCE) -> int:
        """Keeps finished days as a whole, the newest first; how many."""
        last = last_finished(now)
        days = self._figures.unpacked(last - LOOKED_BACK + 1, last)[-most:]
        return sum(self._figures.pack(day) for day in reversed(days))


def last_finished(now: datetime) -> int:
    """The last UTC day of which no stream tells any more."""
    return day_of(quarter_of(now - UNTIL_FINISHED)) - 1
