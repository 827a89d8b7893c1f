"""The figures in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from starbid.domain.analytics.counting import Rises, Seller
from starbid.domain.analytics.known import Known
from starbid.domain.analytics.quarters import PER_DAY, day_of
from starbid.services.ports import Correction, Counted, Day

from .failing import Failing


class FakeFigures(Failing):
    """Implements `ports.Figures`. A packed day is a mark only; `add` is what keeping entries does."""

    def __init__(self) -> None:
        super().__init__()
        self.quarters: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self.cohort_steps: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self.sums: Counter[str] = Counter()
        self.sales: defaultdict[Seller, int] = defaultdict(int)
        self.people: dict[int, Known] = {}
        self.stars: dict[int, int] = {}
        self.writes: Counter[tuple[str, int]] = Counter()
        self.packed: set[int] = set()

    def add(self, rises: Rises) -> None:
        for quarter, figures in rises.quarters.items():
            self.quarters[quarter].update(figures)
            self.writes["quarter", quarter] += 1
            self.packed.discard(day_of(quarter))
        for quarter, steps in rises.cohorts.items():
            day, slot = divmod(quarter, PER_DAY)
            self.cohort_steps[day].update({f"{step}@{slot}": change for step, change in steps.items()})
            self.writes["cohort", day] += 1
        self.sums.update(rises.gauges)
        for seller, amount in rises.sellers.items():
            self.sales[seller] += amount
        for who, known in rises.people.items():
            self.people[who] = replace(known, version=known.version + 1)

    def days(self, first: int, last: int) -> Mapping[int, Day]:
        days: defaultdict[int, defaultdict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
        for quarter, figures in self.quarters.items():
            day, slot = divmod(quarter, PER_DAY)
            if first <= day <= last:
                for name, value in figures.items():
                    if value:
                        days[day][name][slot] = value
        return {day: dict(figures) for day, figures in days.items()}

    def cohorts(self, first: int, last: int) -> Mapping[int, Day]:
        days: dict[int, defaultdict[str, dict[int, int]]] = {}
        for day, steps in self.cohort_steps.items():
            if first <= day <= last:
                days[day] = defaultdict(dict)
                for name, value in steps.items():
                    step, _, slot = name.partition("@")
                    days[day][step][int(slot)] = value
        return days

    def gauges(self) -> Mapping[str, int]:
        return dict(self.sums)

    def best_sellers(self, month: str, currency: str, limit: int) -> tuple[tuple[int, int], ...]:
        sold = Counter[int]()
        for seller, amount in self.sales.items():
            if amount and (seller.month, seller.currency) == (month, currency):
                sold[seller.user_id] += amount
        return tuple(sorted(sold.items(), key=lambda pair: -pair[1])[:limit])

    def keep_balance(self, moment: datetime, stars: int) -> None:
        self.stars[int(moment.timestamp()) // 3600] = stars

    def balances(self, first: int, last: int) -> Mapping[int, int]:
        return {hour: stars for hour, stars in self.stars.items() if first <= hour // 24 <= last}

    def known(self, people: Collection[int]) -> Mapping[int, Known]:
        return {who: self.people[who] for who in people if who in self.people}

    def learn(self, rises: Rises) -> bool:
        with self._deed():
            if any(self.people.get(who, Known(who)).version != known.version for who, known in rises.people.items()):
                return False
            self.add(rises)
        return True

    def counted(self, day: int) -> Mapping[int, tuple[Counted, ...]]:
        return {
            quarter: (Counted("0", self.writes["quarter", quarter], _told(figures)),)
            for quarter, figures in self.quarters.items()
            if day_of(quarter) == day
        }

    def counted_cohort(self, day: int) -> Counted:
        return Counted("", self.writes["cohort", day], _told(self.cohort_steps.get(day, {})))

    def counted_sales(self, day: str) -> Mapping[Seller, int]:
        return {seller: amount for seller, amount in self.sales.items() if seller.day == day}

    def correct(self, correction: Correction) -> bool:
        with self._deed():
            place = "quarter", correction.quarter
            if sum(seen.writes for seen in correction.seen) != self.writes[place]:
                return False
            self.writes[place] += 1
            self.quarters[correction.quarter] = Counter(correction.figures)
            self.sums.update(correction.gauges)
            self.packed.discard(day_of(correction.quarter))
        return True

    def correct_cohort(self, day: int, seen: Counted, figures: Mapping[str, int]) -> bool:
        with self._deed():
            if seen.writes != self.writes["cohort", day]:
                return False
            self.writes["cohort", day] += 1
            self.cohort_steps[day] = Counter(figures)
        return True

    def correct_sales(self, seller: Seller, seen: int, amount: int) -> bool:
        with self._deed():
            if self.sales.get(seller, 0) != seen:
                return False
            self.sales[seller] = amount
        return True

    def unpacked(self, first: int, last: int) -> list[int]:
        return [day for day in range(first, last + 1) if day not in self.packed]

    def pack(self, day: int) -> bool:
        self.packed.add(day)
        return True


def _told(figures: Mapping[str, int]) -> dict[str, int]:
    return {name: value for name, value in figures.items() if value}
