"""Making figures again from the event log: a UTC day at a time, while new entries come in.

What is stored is read first, then the log. A figure is replaced only if nobody has written there since it was read, so
nothing is lost and nothing counted twice; otherwise that day is gone through again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from starbid.domain.analytics import activity, metrics
from starbid.domain.analytics.counting import Rises, Seller, learned, people_in, seller_in
from starbid.domain.analytics.entries import seen_in
from starbid.domain.analytics.known import Known
from starbid.domain.analytics.quarters import PER_DAY, date_of, day_of, first_quarter, quarter_of, start_of
from starbid.domain.event_log import LogEntry
from starbid.services.ports import Contended, Correction, Counted, EventLog, Figures

ATTEMPTS = 5
ENTRIES_AT_ONCE = 20


@dataclass(slots=True)
class Folded:
    """What the log says of a day: the figures by quarter, sales, who was in it, and who joined."""

    quarters: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sales: Counter[Seller] = field(default_factory=Counter)
    joined: set[int] = field(default_factory=set)


class Rebuilding:
    def __init__(self, log: EventLog, figures: Figures) -> None:
        self._log, self._figures = log, figures

    def day(self, day: int) -> int:
        """Makes the figures of a UTC day (by number) what the log says; how many places were corrected.

        Raises Contended where others write there all the time.
        """
        corrected = self._learn(day)
        for _ in range(ATTEMPTS):
            changes = self._correct(day)
            if changes is not None:
                return corrected + changes
        raise Contended("figures")

    def _learn(self, day: int) -> int:
        """What is known of people, where it is less than what the log says. Only what is missing is added."""
        entries = self._log.between(start_of(first_quarter(day)), start_of(first_quarter(day + 1)))
        return sum(map(self._learn_some, _portions(entries)))

    def _learn_some(self, entries: list[LogEntry]) -> int:
        for _ in range(ATTEMPTS):
            rises = _missing(entries, self._figures.known(people_in(entries)))
            if not rises.people:
                return 0
            if self._figures.learn(rises):
                return len(rises.people)
        raise Contended("people")

    def _correct(self, day: int) -> int | None:
        """How many places; None where somebody wrote in between."""
        stored, cohort = self._figures.counted(day), self._figures.counted_cohort(day)
        sales = self._figures.counted_sales(date_of(day).isoformat())
        before = start_of(first_quarter(day) - activity.FAR)
        told = fold(self._log.between(before, start_of(first_quarter(day + 1))), day)
        done = [self._figures.correct(each) for each in _corrections(stored, told.quarters)]
        steps = _steps(self._figures.known(told.joined).values(), day)
        if steps != cohort.figures:
            done.append(self._figures.correct_cohort(day, cohort, steps))
        for seller in sales.keys() | told.sales.keys():
            seen, amount = sales.get(seller, 0), told.sales[seller]
            if seen != amount:
                done.append(self._figures.correct_sales(seller, seen, amount))
        return len(done) if all(done) else None


def fold(entries: Iterable[LogEntry], day: int) -> Folded:
    """`entries` in order, from 25 hours before the day to its end: who was there before is not new to it."""
    told, last = Folded(), dict[int, int]()
    for entry in entries:
        seen, quarter, who = seen_in(entry), quarter_of(entry.at), entry.user_id
        is_in = day_of(quarter) == day
        if is_in:
            told.quarters[quarter].update(seen.figures)
            if seller := seller_in(entry, seen):
                told.sales[seller] += seen.sold[1] if seen.sold else 0
            if who is not None and seen.figures.get(metrics.NEW):
                told.joined.add(who)
        if seen.is_activity and who is not None and last.get(who) != quarter:
            if is_in:
                told.quarters[quarter][activity.gap_name(last.get(who), quarter)] += 1
            last[who] = quarter
    return told


def _missing(entries: Iterable[LogEntry], known: Mapping[int, Known]) -> Rises:
    """What these entries say of people that is not known of them, with what follows for the figures."""
    rises, people = Rises(), dict(known)
    for entry in entries:
        seen = seen_in(entry)
        if seen.is_of_person and entry.user_id is not None:
            people[entry.user_id] = learned(people.get(entry.user_id) or Known(entry.user_id), entry, seen, rises)
    rises.people = {who: now for who, now in people.items() if now != known.get(who, Known(who))}
    return rises


def _corrections(stored: Mapping[int, tuple[Counted, ...]], told: Mapping[int, Counter[str]]) -> Iterator[Correction]:
    for quarter in sorted(stored.keys() | told.keys()):
        parts = stored.get(quarter, ())
        was = Counter[str]()
        for part in parts:
            was.update(part.figures)
        now = {name: value for name, value in told.get(quarter, {}).items() if value}
        if now != {name: value for name, value in was.items() if value}:
            names = {name for name in (*was, *now) if metrics.is_gauge(name)}
            gauges = {name: now.get(name, 0) - was[name] for name in names}
            yield Correction(quarter, parts, now, gauges)


def _steps(people: Iterable[Known], day: int) -> dict[str, int]:
    steps = Counter[str]()
    for known in people:
        if known.joined is not None and day_of(known.joined) == day:
            steps.update(f"{step}@{known.joined % PER_DAY}" for step in known.steps())
    return dict(steps)


def _portions(entries: Iterable[LogEntry]) -> Iterator[list[LogEntry]]:
    rest = iter(entries)
    while portion := list(islice(rest, ENTRIES_AT_ONCE)):
        yield portion
