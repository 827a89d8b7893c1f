"""Quiet hours: from one time of the day to another, on the person's own clock, whatever summer time does to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from starbid.domain.errors import Invalid

DAY_MINUTES = 24 * 60
LONGEST_MINUTES = 20 * 60
"""What waits has to be told some time."""
_DAY = timedelta(days=1)
_TIME = re.compile(r"(?<![\w:.])([0-9]{1,2})(?:[:.]([0-9]{2}))?(?![\w:]|\.\d)")
LONGEST_TYPED = 40


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Minutes since midnight, local time, 0 to 1439; `ends` before `begins` is on the next day."""

    begins: int
    ends: int

    def __post_init__(self) -> None:
        """Raises Invalid for no times of a day, for twice the same, and for hours that leave none of a day."""
        if not (0 <= self.begins < DAY_MINUTES and 0 <= self.ends < DAY_MINUTES) or self.begins == self.ends:
            raise Invalid("quiet", "quiet")
        if (self.ends - self.begins) % DAY_MINUTES > LONGEST_MINUTES:
            raise Invalid("quiet", "quiet_long", hours=LONGEST_MINUTES // 60)

    def end_after(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet that there is at `now` is over, UTC; None where there is none.

        A time that a day has twice begins quiet with the first and ends it with the second; one that a day leaves out
        is the moment of the change, or later where quiet ends by it. So no night is shorter than it says.
        """
        today = now.astimezone(zone).date()
        for day in (today - _DAY, today):
            last = day + _DAY if self.ends < self.begins else day
            begin, end = min(_moments(day, self.begins, zone)), max(_moments(last, self.ends, zone))
            if begin <= now < end:
                return end
        return None


USUAL = (QuietHours(22 * 60, 7 * 60), QuietHours(23 * 60, 8 * 60), QuietHours(0, 9 * 60))
"""What a form offers; the first is what it suggests."""


def typed_hours(text: str) -> QuietHours:
    """As people write them: `22:00-7:00`, `22.30 – 7`, `from 23 to 8`. Raises Invalid."""
    times = [(int(hour), int(minute or 0)) for hour, minute in _TIME.findall(text[:LONGEST_TYPED])]
    if len(times) != 2 or len(text) > LONGEST_TYPED or any(minute > 59 for _, minute in times):
        raise Invalid("quiet", "quiet")
    begins, ends = (hour * 60 + minute for hour, minute in times)
    return QuietHours(begins, ends)


def _moments(day: date, minutes: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """The one or two moments of a local time; of one that is left out, those that the clock before and after says."""
    local = datetime.combine(day, time(*divmod(minutes, 60)), zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
