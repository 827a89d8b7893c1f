"""Quiet hours: what can wait is kept with the person, and told together when they are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from starbid.domain.people import Person
from starbid.domain.quiet import QuietHours
from starbid.services.living import reach
from starbid.services.notices.patience import is_about_a_race, may_wait
from starbid.services.notices.waited import WAITED
from starbid.services.people import People
from starbid.services.ports import Claims, Notice, Outgoing, Scheduler, Store, WaitingNotice, WaitingNotices
from starbid.zones import zone_called

KEEP_SECONDS = 3 * 86_400


class Waits(Exception):
    """The notice is kept until the person's quiet hours are over."""


class Quiet:
    """What a person does not hear at night."""

    def __init__(
        self,
        store: Store,
        people: People,
        waiting: WaitingNotices,
        scheduler: Scheduler,
        claims: Claims,
        outgoing: Outgoing,
    ) -> None:
        self._store, self._people, self._waiting = store, people, waiting
        self._scheduler, self._claims, self._outgoing = scheduler, claims, outgoing

    def choose(self, user_id: int, hours: QuietHours | None, now: datetime) -> Person:
        """The person's quiet hours from now on; what waits by then is told by the new ones. Raises Conflict."""
        person = self._people.change(user_id, lambda person: replace(person, quiet=hours))
        if self._waiting.of(user_id, now):
            self._scheduler.wake_at(user_id, quiet_until(person, now) or now)
        return person

    def keep(self, notice: Notice, person: Person, now: datetime) -> None:
        """Raises Waits where it is quiet for the person and the notice can wait: then it is told when quiet is over.

        Of notices about one subject the newest is kept. Costs nothing where the person has no quiet hours.
        """
        until = self.until(notice, person, now)
        if until is None:
            return
        self._waiting.put(person.id, reach(notice)[0], notice, now)
        self._wake_at(person.id, until, now)
        raise Waits

    def until(self, notice: Notice, person: Person, now: datetime) -> datetime | None:
        """When it may be told with a sound; None where that is at once."""
        until = quiet_until(person, now)
        if until is None:
            return None
        about = is_about_a_race(notice) and notice.auction_id
        return until if may_wait(notice, until, self._store.lot(about, consistent=True) if about else None) else None

    def kept(self, person: Person, now: datetime) -> list[WaitingNotice]:
        """What waits for them, the oldest first; nothing while it is quiet again, and the next end is minded."""
        waiting = self._waiting.of(person.id, now)
        until = quiet_until(person, now)
        if waiting and until:
            self._wake_at(person.id, until, now)
            return []
        return waiting

    def told(self, user_id: int, notice: WaitingNotice) -> None:
        """It does not wait any more."""
        self._waiting.drop(user_id, notice.subject)

    def wake(self, user_id: int, now: datetime) -> None:
        """Their quiet hours may be over. Safe to repeat."""
        self._outgoing.send([WAITED.notice(f"quiet:{now.isoformat()}", user_id, None)])

    def _wake_at(self, user_id: int, until: datetime, now: datetime) -> None:
        """One alarm for each end. It is made before that is noted: who dies in between makes it twice."""
        key = f"quiet#{user_id}#{until.isoformat()}"
        if not self._claims.finished(key):
            self._scheduler.wake_at(user_id, until)
            self._claims.finish(key, KEEP_SECONDS, now)


def quiet_until(person: Person, now: datetime) -> datetime | None:
    """When the person's quiet hours are over, UTC; None where there are none now. Without a time zone they are in UTC,
    as all times that the person is told.
    """
    return person.quiet.end_after(now, zone_called(person.zone) or UTC) if person.quiet else None
