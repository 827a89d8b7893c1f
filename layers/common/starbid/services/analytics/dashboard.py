"""What the dashboard shows of a period: sums of what was counted, in the operator's zone."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.analytics import metrics
from starbid.domain.analytics.activity import gap_of
from starbid.domain.analytics.known import Step
from starbid.domain.analytics.periods import Period, Span
from starbid.domain.analytics.quarters import PER_HOUR, day_of, first_quarter, quarter_of
from starbid.domain.money import CURRENCIES
from starbid.services.ports import Day, Figures

ACTIVE = "active"
"""Different people of a span: of a day or an hour, not of several days."""
SELLERS = 10
_FRESH = 48 * PER_HOUR
"""Quarters for which a look at the balance is good."""
Sums = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class View:
    """`spans` are the hours of a single day, else the days, as far as they have begun; `sums` and `balances` are
    theirs, `gauges` what stood at their ends. `before` is what the same time before came to; `people` is how many were
    active on each day of the period, and of those before it.
    """

    period: Period
    spans: tuple[Span, ...]
    sums: tuple[Sums, ...]
    gauges: tuple[Sums, ...]
    balances: tuple[int | None, ...]
    total: Sums
    before: Sums
    people: tuple[int, ...]
    people_before: tuple[int, ...]
    gauges_before: Sums
    funnel: Sums
    funnel_before: Sums
    sellers: Mapping[str, tuple[tuple[int, int], ...]]

    def series(self, metric: str) -> tuple[int, ...]:
        return tuple(sums.get(metric, 0) for sums in self.sums)

    def levels(self, metric: str) -> tuple[int, ...]:
        return tuple(gauges.get(metric, 0) for gauges in self.gauges)

    def names(self, *begin: str) -> list[tuple[str, ...]]:
        """What follows in the names of figures that begin so, of this period and the one before."""
        found = {metrics.split(name) for name in (*self.total, *self.before)}
        return sorted({name[len(begin) :] for name in found if name[: len(begin)] == begin and len(name) > len(begin)})


class Dashboard:
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def view(self, period: Period, now: datetime) -> View:
        """Reads no more for many people than for few: a packed day is one item."""
        end, (begin_before, end_before) = period.reached(now), period.compared(now)
        first, today = day_of(begin_before), day_of(quarter_of(now))
        days = self._figures.days(first, today)
        whole = [span for span in period.spans() if span.start < end]
        spans = [span for span in period.hours() if span.start < end] if period.is_one_day else whole
        earlier = [Span(span.start, min(span.end, end_before), span.at) for span in period.before().spans()]
        earlier = [span for span in earlier if span.start < span.end]
        per_day, per_day_before = summed(days, whole), summed(days, earlier)
        gauges = levels(days, self._figures.gauges(), [end_before, *(min(span.end, end) for span in spans)])
        cohorts = self._figures.cohorts(first, day_of(end - 1))
        return View(
            period=period,
            spans=tuple(spans),
            sums=summed(days, spans) if period.is_one_day else per_day,
            gauges=gauges[1:],
            gauges_before=gauges[0],
            balances=self._balances(spans, first, day_of(end - 1)),
            total=_added(per_day),
            before=_added(per_day_before),
            people=tuple(day.get(ACTIVE, 0) for day in per_day),
            people_before=tuple(day.get(ACTIVE, 0) for day in per_day_before),
            funnel=_funnel(cohorts, whole[0].start, end),
            funnel_before=_funnel(cohorts, begin_before, end_before),
            sellers=self._sellers(period),
        )

    def _balances(self, spans: Sequence[Span], first: int, last: int) -> tuple[int | None, ...]:
        """The bot's Stars at the end of each span: the last look before it, of two days at most."""
        kept = sorted(self._figures.balances(first - 2, last).items())
        found = list[int | None]()
        for span in spans:
            seen = [stars for hour, stars in kept if span.end - _FRESH <= hour * PER_HOUR < span.end]
            found.append(seen[-1] if seen else None)
        return tuple(found)

    def _sellers(self, period: Period) -> Mapping[str, tuple[tuple[int, int], ...]]:
        month = f"{period.last:%Y-%m}"
        boards = {code: self._figures.best_sellers(month, code, SELLERS) for code in CURRENCIES}
        return {code: board for code, board in boards.items() if board}


def summed(days: Mapping[int, Day], spans: Sequence[Span]) -> tuple[Sums, ...]:
    """What was counted in each span, and how many different people were active in it."""
    places = {quarter: place for place, span in enumerate(spans) for quarter in range(span.start, span.end)}
    sums = [Counter[str]() for _ in spans]
    for day, figures in days.items():
        begin = first_quarter(day)
        for name, slots in figures.items():
            gap = gap_of(name)
            for slot, value in slots.items():
                place = places.get(begin + slot)
                if place is None:
                    continue
                if gap is None:
                    sums[place][name] += value
                elif gap > begin + slot - spans[place].start:
                    sums[place][ACTIVE] += value
    return tuple(sums)


def levels(days: Mapping[int, Day], now: Sums, ends: Sequence[int]) -> tuple[Sums, ...]:
    """What the gauges were at the end of some quarters, in order: what they are now, less what came after."""
    after = [Counter[str]() for _ in range(len(ends) + 1)]
    for day, figures in days.items():
        begin = first_quarter(day)
        for name, slots in figures.items():
            if metrics.is_gauge(name):
                for slot, value in slots.items():
                    after[bisect_right(ends, begin + slot)][name] += value
    found, level = list[Sums](), Counter(now)
    for place in range(len(ends), 0, -1):
        level.subtract(after[place])
        found.append(dict(level))
    return tuple(reversed(found))


def _added(sums: Iterable[Sums]) -> Sums:
    total = Counter[str]()
    for each in sums:
        total.update(each)
    return total


def _funnel(cohorts: Mapping[int, Day], start: int, end: int) -> Sums:
    return {
        step.value: sum(
            people
            for day, steps in cohorts.items()
            for slot, people in steps.get(step.value, {}).items()
            if start <= first_quarter(day) + slot < end
        )
        for step in Step
    }
