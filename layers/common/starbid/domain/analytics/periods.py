"""Days and hours of an operator's zone as spans of quarters of an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from starbid.domain.analytics.quarters import PER_HOUR, quarter_of, start_of
from starbid.domain.errors import Invalid
from starbid.domain.event_log import KEPT_FOR

PRESETS = {"today": (0, 0), "yesterday": (1, 1), "7": (6, 0), "28": (27, 0), "90": (89, 0)}
"""How many days ago a period begins and ends, by what stands in the address."""
USUAL = "28"


@dataclass(frozen=True, slots=True)
class Span:
    """The quarters from `start` on and before `end`; `at` is the beginning in the zone, as it is shown."""

    start: int
    end: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last` in a zone."""

    first: date
    last: date
    zone: tzinfo

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_one_day(self) -> bool:
        return self.days == 1

    def spans(self) -> tuple[Span, ...]:
        """Its days: of 23 and 25 hours where clocks change."""
        return tuple(day_span(self.first + timedelta(days=number), self.zone) for number in range(self.days))

    def hours(self) -> tuple[Span, ...]:
        """The hours of its first day."""
        day = day_span(self.first, self.zone)
        return tuple(
            Span(start, min(start + PER_HOUR, day.end), start_of(start).astimezone(self.zone))
            for start in range(day.start, day.end, PER_HOUR)
        )

    def before(self) -> Period:
        """As many days right before it."""
        length = timedelta(days=self.days)
        return Period(self.first - length, self.last - length, self.zone)

    def reached(self, now: datetime) -> int:
        """The end of what there is of it by now."""
        return min(day_span(self.last, self.zone).end, quarter_of(now) + 1)

    def compared(self, now: datetime) -> tuple[int, int]:
        """The quarters to compare it with: where its last day still goes on, up to the same time of day."""
        before, local = self.before(), now.astimezone(self.zone)
        end = day_span(before.last, self.zone).end
        if local.date() <= self.last:
            same = datetime.combine(local.date() - timedelta(days=self.days), local.time(), self.zone)
            end = min(end, quarter_of(same) + 1)
        return day_span(before.first, self.zone).start, end


def day_span(day: date, zone: tzinfo) -> Span:
    midnight = datetime.combine(day, time(), zone)
    start, end = quarter_of(midnight), quarter_of(datetime.combine(day + timedelta(days=1), time(), zone))
    return Span(start, end, midnight.astimezone(UTC).astimezone(zone))


def period_of(preset: str, first: str, last: str, zone: tzinfo, now: datetime) -> Period:
    """What an address asks for: a preset, or days as `2026-11-30`. Raises Invalid for days that are none, in the wrong
    order, in the future, or older than the event log.
    """
    today = now.astimezone(zone).date()
    if not first and not last:
        if (preset or USUAL) not in PRESETS:
            raise Invalid("period", "choice")
        begins, ends = (today - timedelta(days=ago) for ago in PRESETS[preset or USUAL])
        return Period(begins, ends, zone)
    begin, end = _day(first, "from", today), _day(last, "to", today)
    if begin > end or end > today or begin < today - KEPT_FOR:
        raise Invalid("from", "days", days=KEPT_FOR.days)
    return Period(begin, end, zone)


def _day(text: str, name: str, missing: date) -> date:
    if not text:
        return missing
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(name, "days", days=KEPT_FOR.days) from error
