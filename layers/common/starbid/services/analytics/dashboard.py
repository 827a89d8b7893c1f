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
Sums = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class View:
    """`spans` are the hours of a single day, else the days, as far as they have begun; `sums` and `balances` are theirs,
    `gauges` what stood at their ends. `before` is what the same time before came to; `people` is how many were active
    on each day of the period, and of those before it.
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


