"""What entries of the event log add to the figures. Counting the same entries in any order and in any portions comes
to the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC

from starbid.domain.analytics import activity, metrics
from starbid.domain.analytics.entries import Seen, seen_in
from starbid.domain.analytics.known import Known, Step
from starbid.domain.analytics.quarters import quarter_of
from starbid.domain.event_log import LogEntry


@dataclass(frozen=True, slots=True, order=True)
class Seller:
    """What a person sold on a UTC day (`2026-11-30`), in a currency."""

    user_id: int
    currency: str
    day: str

    @property
    def month(self) -> str:
        return self.day[:7]


@dataclass(slots=True)
class Rises:
    """What is added: `quarters` by quarter and figure; `cohorts` by the quarter that people joined in, and the step
    that so many of them have come to; `sellers` in minor units; and the `people` of whom more is known now.
    """

    quarters: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    cohorts: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sellers: Counter[Seller] = field(default_factory=Counter)
    people: dict[int, Known] = field(default_factory=dict)

    @property
    def gauges(self) -> dict[str, int]:
        """What is added to the sums from the beginning."""
        sums = Counter[str]()
        for figures in self.quarters.values():
            sums.update({metric: change for metric, change in figures.items() if metrics.is_gauge(metric)})
        return {metric: change for metric, change in sums.items() if change}


def people_in(entries: Iterable[LogEntry]) -> set[int]:
    """Those who have to be known to count these entries."""
    return {entry.user_id for entry in entries if entry.user_id is not None and seen_in(entry).is_of_person}


def count(entries: Iterable[LogEntry], known: Mapping[int, Known]) -> Rises:
    """`known` is what was known of people (`people_in`) before; who is missing there is new to us."""
    rises, people = Rises(), dict(known)
    for entry in entries:
        seen, quarter = seen_in(entry), quarter_of(entry.at)
        if seen.figures:
            rises.quarters[quarter].update(seen.figures)
        if seller := seller_in(entry, seen):
            rises.sellers[seller] += seen.sold[1] if seen.sold else 0
        if seen.is_of_person and entry.user_id is not None:
            before = people.get(entry.user_id) or Known(entry.user_id)
            people[entry.user_id] = learned(before, entry, seen, rises)
    rises.people = {who: now for who, now in people.items() if now != known.get(who, Known(who))}
    return rises


def seller_in(entry: LogEntry, seen: Seen) -> Seller | None:
    """Who sold something by this entry."""
    if seen.sold is None or entry.user_id is None:
        return None
    return Seller(entry.user_id, seen.sold[0], f"{entry.at.astimezone(UTC):%Y-%m-%d}")


def learned(before: Known, entry: LogEntry, seen: Seen, rises: Rises) -> Known:
    """What is known of a person after an entry; what follows for the figures goes to `rises`."""
    after = _step(before, entry, seen)
    if seen.is_activity:
        quarters, changes = activity.active_in(after.active, quarter_of(entry.at))
        after = replace(after, active=quarters)
        for quarter, metric, change in changes:
            rises.quarters[quarter][metric] += change
    if after.joined is not None:
        steps = set(after.steps()) - set(before.steps())
        rises.cohorts[after.joined].update({step.value: 1 for step in steps})
    return after


_STEPS: dict[Step, Callable[[Known, LogEntry], Known]] = {
    Step.NEW: lambda known, entry: known if known.joined is not None else replace(known, joined=quarter_of(entry.at)),
    Step.PAID: lambda known, _entry: replace(known, has_paid=True),
    Step.BID: lambda known, _entry: replace(known, has_bid=True),
    Step.WON: lambda known, entry: known.won(entry.id),
}


def _step(known: Known, entry: LogEntry, seen: Seen) -> Known:
    return _STEPS[seen.step](known, entry) if seen.step else known
