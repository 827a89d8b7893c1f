"""Counts what the event log tells towards achievements. Safe to repeat, in any order and in any portions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from starbid.domain.achievements import rules
from starbid.domain.achievements.kinds import ACHIEVEMENTS, PUBLIC, Key
from starbid.domain.achievements.progress import Progress, Standing, standings, weighed, with_mark
from starbid.domain.auction import Auction
from starbid.domain.deal_ratings import stands
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import AchievementsEarned
from starbid.domain.lots import Lot
from starbid.domain.people import Person, Reputation
from starbid.services.ports import Achievements, EventLog, Found, ReadBatch, Store
from starbid.services.retrying import Stale, committed, with_retries

T = TypeVar("T")
V = TypeVar("V")

AUCTIONS_AT_ONCE, LOTS_AT_ONCE, PEOPLE_AT_ONCE = 99, 33, 100
"""Of one read of a hundred items: a lot is three of them, and the pauses come with either."""
PORTION = 1000
"""Entries of one step of catching up, and what else happened at the moment of the last: a few seconds' work."""


@dataclass(slots=True)
class _Told:
    """What entries tell of one person: things that count and when they happened, and since when their reputation is to
    be looked at.
    """

    steps: list[tuple[rules.Step, datetime]] = field(default_factory=list)
    weighed_at: datetime | None = None


class Achieving:
    """Progress of people, and what they have earned. The writes of a person are one: nothing is half done."""

    def __init__(self, store: Store, achievements: Achievements, log: EventLog) -> None:
        self._store, self._achievements, self._log = store, achievements, log

    def count(self, entries: Iterable[LogEntry], *, tell: bool = True) -> None:
        """What is earned by these is told in one event for each person; not where they only catch up (`tell` is False).

        Some people may be counted where it raises; then all entries are to be given again. Raises Conflict,
        Unavailable.
        """
        told = self._told(sorted(entries, key=lambda entry: (entry.at, entry.id)))
        known = self._achievements.of_many(told.keys()) if told else {}
        people = self._read((who for who, each in told.items() if each.weighed_at), PEOPLE_AT_ONCE, _person)
        for who, each in told.items():
            person = people.get(who)
            self._save(known[who], each, person.reputation if person else None, tell)

    def portion(self, since: datetime, until: datetime) -> tuple[list[LogEntry], datetime | None]:
        """Entries of the log from `since` on and before `until`, for catching up; where the next ones begin, None at
        the end. Raises Unavailable.
        """
        if since >= until:
            return [], None
        entries = iter(self._log.between(since, until))
        portion = list(islice(entries, PORTION))
        for entry in entries:  # whole moments, so that each portion comes further
            if entry.at > portion[-1].at:
                return portion, entry.at
            portion.append(entry)
        return portion, None

    def standings(self, person: Person) -> tuple[Standing, ...]:
        """All achievements of a person, for nobody's eyes but theirs: earned ones first, then the nearest."""
        return standings(self._achievements.of(person.id), person.reputation)

    def earned(self, user_id: int) -> int:
        """How many a person has; for them alone, too, as it moves with what they do in secret."""
        return len(self._achievements.of(user_id).earned)

    def public_of(self, user_id: int) -> tuple[Key, ...]:
        """Those that everybody may know a person has, in the order of all achievements."""
        earned = self._achievements.of(user_id).earned
        return tuple(key for key in ACHIEVEMENTS if key in earned and key in PUBLIC)

    def _told(self, entries: Sequence[LogEntry]) -> dict[int, _Told]:
        told: defaultdict[int, _Told] = defaultdict(_Told)
        bid_on = (rules.lot_of(entry) for entry in entries if entry.kind is LogKind.BID)
        dealt_in = (rules.lot_of(entry) for entry in entries if rules.needs_deal(entry))
        auctions, lots = self._read(bid_on, AUCTIONS_AT_ONCE, _auction), self._read(dealt_in, LOTS_AT_ONCE, _lot)
        for entry in entries:
            lot_id = rules.lot_of(entry)
            lot = lots.get(lot_id) if rules.needs_deal(entry) else None
            for step in _steps(entry, auctions.get(lot_id), lot):
                told[step.user_id].steps.append((step, entry.at))
            deal = lot.deal if lot else None
            for who in (deal.seller_id, deal.buyer_id) if deal and stands(deal) else ():
                told[who].weighed_at = entry.at
        return told

    def _save(self, known: Progress, told: _Told, reputation: Reputation | None, tell: bool) -> None:
        """Raises Conflict where others keep saving the same row."""

        def attempt(number: int) -> None:
            before = self._achievements.of(known.user_id) if number else known
            after = _after(before, told, reputation)
            if after is not before:
                self._write(before, after, tell)

        with_retries(attempt)

    def _write(self, before: Progress, after: Progress, tell: bool) -> None:
        earned = after.news_since(before)
        if not (earned and tell):
            if not self._achievements.save(after):
                raise Stale
            return
        who, moment = after.user_id, max(after.earned[key] for key in earned)
        unit = self._store.unit()
        unit.save_progress(after)
        unit.emit(AchievementsEarned(f"achieved:{who}:{earned[0]}", moment, who, tuple(key.value for key in earned)))
        committed(unit, None)

    def _read(self, ids: Iterable[T], at_once: int, ask: Callable[[ReadBatch, T], Found[V | None]]) -> dict[T, V]:
        """Those of these that exist."""
        found, wanted = dict[T, V](), list(dict.fromkeys(ids))
        for first in range(0, len(wanted), at_once):
            batch = self._store.batch()
            asked = {each: ask(batch, each) for each in wanted[first : first + at_once]}
            batch.fetch()
            found |= {each: answer.value for each, answer in asked.items() if answer.value is not None}
        return found


def _auction(batch: ReadBatch, lot_id: str) -> Found[Auction | None]:
    return batch.auction(lot_id, consistent=True)


def _lot(batch: ReadBatch, lot_id: str) -> Found[Lot | None]:
    return batch.lot(lot_id, consistent=True)


def _person(batch: ReadBatch, user_id: int) -> Found[Person | None]:
    return batch.person(user_id, consistent=True)


def _steps(entry: LogEntry, auction: Auction | None, lot: Lot | None) -> Iterable[rules.Step]:
    if lot is not None:
        return rules.of_deal(lot)
    return rules.of_bid(entry, auction) if entry.kind is LogKind.BID else rules.of_lot(entry)


def _after(before: Progress, told: _Told, reputation: Reputation | None) -> Progress:
    """The same progress where these count for nothing new."""
    after = before
    for step, at in told.steps:
        after = with_mark(after, step.key, step.mark, at)
    if told.weighed_at and reputation:
        after = weighed(after, reputation, told.weighed_at)
    return after if after is before else replace(after, version=before.version + 1)
