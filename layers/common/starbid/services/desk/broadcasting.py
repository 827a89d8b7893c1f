"""Broadcasts: owners write a text, see how many it is for, look at it, send it, stop it (spec, section 9).

The list of people is gone through twice, by the clerk: once to count, once to send. Each person gets it once, even if
the clerk dies in between: a claim stands for it, and how far the list has come is kept after each part of it. In
somebody's quiet hours it comes without a sound: a broadcast that waited could not be stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starbid.domain import broadcasts as rules
from starbid.domain.audit_trail import Decision
from starbid.domain.broadcasts import INACTIVE_AFTER, Broadcast, BroadcastState, Segment, read_broadcast
from starbid.domain.errors import Conflict, NotFound
from starbid.domain.people import Person
from starbid.domain.roles import Right
from starbid.services.claiming import BUSY_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.notices.broadcasts import BROADCAST
from starbid.services.people import People
from starbid.services.ports import (
    Broadcasts,
    Claims,
    Clock,
    ConditionFailed,
    DeskWork,
    Messenger,
    Notice,
    Pace,
    Page,
    Spot,
    Store,
    TryLater,
    Unreachable,
)
from starbid.services.quiet import quiet_until

JOB = "broadcast"
PART = 25
"""People between two looks at whether it was stopped."""
COUNTED_AT_ONCE = 200
A_SECOND = 20
"""Messages at most: Telegram takes 30 of a bot's, and others wait for theirs."""
KEEP_SECONDS = 30 * 86_400

Everybody = Callable[[int, str | None], Page[Person]]
"""All people in an order that stays, so many from a place on."""
LastSeen = Callable[[int], datetime | None]
"""When something was last heard of a person, as far as the log goes."""
HasTime = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Outside:
    """What sending needs from outside."""

    claims: Claims
    messenger: Messenger
    work: DeskWork
    pace: Pace
    now: Clock


class Broadcasting:
    """For owners: who is none gets NotAllowed."""

    def __init__(
        self,
        store: Store,
        kept: Broadcasts,
        people: People,
        everybody: Everybody,
        last_seen: LastSeen,
        outside: Outside,
    ) -> None:
        self._store, self._kept, self._people, self._outside = store, kept, people, outside
        self._everybody, self._last_seen = everybody, last_seen

    def write(self, decision: Decision, text: str, segment: str, language: str) -> Broadcast:
        """A draft, whose readers are counted from now on. Raises Invalid, NotAllowed."""
        decision.require(Right.OWN)
        broadcast_id = hashlib.sha256(f"broadcast:{decision.by.id}:{decision.key}".encode()).hexdigest()[:16]
        broadcast = read_broadcast(broadcast_id, text, segment, language, decision.by.id, decision.at)
        return self._written(decision, "write-broadcast", broadcast) or self._known(broadcast_id, decision.at)

    def start(self, decision: Decision, broadcast_id: str) -> Broadcast:
        """It goes out. Raises NotFound, WrongBroadcastState, NotAllowed, Conflict."""
        return self._step(decision, "start-broadcast", broadcast_id, rules.started)

    def stop(self, decision: Decision, broadcast_id: str) -> Broadcast:
        """Nobody else gets it, but for the one it is just being sent to. Raises as `start`."""
        return self._step(decision, "stop-broadcast", broadcast_id, rules.stopped)

    def preview(self, decision: Decision, broadcast_id: str) -> None:
        """To the owner themselves, as often as they wish. Raises NotFound, NotAllowed, Unreachable, TryLater."""
        decision.require(Right.OWN)
        broadcast = self._known(broadcast_id, decision.at)
        person = self._store.person(decision.by.id)
        if person is None:
            raise NotFound
        self._outside.messenger.tell(person, _notice(broadcast, person.id), None)

    def newest(self, now: datetime, *, limit: int, cursor: str | None = None) -> Page[Broadcast]:
        return self._kept.newest(now, limit=limit, cursor=cursor)

    def one(self, broadcast_id: str, now: datetime) -> Broadcast:
        """Raises NotFound."""
        return self._known(broadcast_id, now)

    def work(self, broadcast_id: str, has_time: HasTime) -> None:
        """Goes on with the list of people as long as there is time, and has the rest done by a next message. Safe to
        repeat.
        """
        while has_time():
            broadcast = self._kept.find(broadcast_id, self._outside.now())
            if broadcast is None or not broadcast.has_work:
                return
            try:
                self._part(broadcast)
            except TryLater as later:
                self._ask(broadcast_id, later.seconds)
                return
        self._ask(broadcast_id)

    def _part(self, broadcast: Broadcast) -> None:
        """One part of the list; what comes of it is not kept where somebody else was faster, who did the same."""
        now, counts = self._outside.now(), broadcast.state is BroadcastState.DRAFT
        page = self._everybody(COUNTED_AT_ONCE if counts else PART, broadcast.place or None)
        readers = [person for person in page.items if self._is_for(broadcast, person, now)]
        place = page.cursor or ""
        if counts:
            self._kept.save(rules.counted(broadcast, len(readers), place))
            return
        reached = [self._send(broadcast, person) for person in readers]
        self._keep_sent(broadcast, sum(reached), len(reached) - sum(reached), place)

    def _keep_sent(self, broadcast: Broadcast, reached: int, missed: int, place: str) -> None:
        """One that was stopped meanwhile is counted too."""
        now = self._outside.now()
        if self._kept.save(rules.sent(broadcast, reached, missed, place, now)):
            return
        present = self._known(broadcast.id, now)
        if present.place == broadcast.place:
            self._kept.save(rules.sent(present, reached, missed, place, now))

    def _send(self, broadcast: Broadcast, person: Person) -> bool:
        """Whether it is with them. Raises TryLater."""
        claims, now = self._outside.claims, self._outside.now()
        key = f"broadcast#{broadcast.id}#{person.id}"
        try:
            with claimed(claims, key, LEASE_SECONDS, KEEP_SECONDS, now) as turn:
                if turn is Turn.BUSY:
                    raise TryLater(BUSY_SECONDS)
                if turn is Turn.MINE:
                    self._outside.pace.sleep(1 / A_SECOND)
                    spot = Spot(silent=quiet_until(person, now) is not None)
                    self._outside.messenger.tell(person, _notice(broadcast, person.id), None, spot)
        except Unreachable:
            self._people.mark_unreachable(person.id)
            return False
        return True

    def _is_for(self, broadcast: Broadcast, person: Person, now: datetime) -> bool:
        if not rules.is_for(broadcast, person, now):
            return False
        match broadcast.segment:
            case Segment.BIDDERS:
                return bool(self._store.bids_of(person.id, limit=1).items)
            case Segment.INACTIVE:
                seen = self._last_seen(person.id) or person.joined_at
                return seen < now - INACTIVE_AFTER
            case _:
                return True

    def _step(
        self, decision: Decision, action: str, broadcast_id: str, step: Callable[[Broadcast, datetime], Broadcast]
    ) -> Broadcast:
        decision.require(Right.OWN)
        for _ in range(3):  # the clerk writes it too
            before = self._known(broadcast_id, decision.at)
            after = self._written(decision, action, step(before, decision.at), before.state.value)
            if after:
                return after
        raise Conflict

    def _written(self, decision: Decision, action: str, broadcast: Broadcast, before: str = "") -> Broadcast | None:
        """None where it was written otherwise meanwhile, or by this decision before."""
        subject = f"broadcast/{broadcast.id}"
        unit = self._store.unit()
        unit.save_row(self._kept.row(broadcast))
        unit.audit(decision.entry(action, subject=subject, before=before, after=broadcast.state.value))
        try:
            unit.commit()
        except ConditionFailed:
            return None
        if broadcast.has_work:
            self._ask(broadcast.id)
        return broadcast

    def _ask(self, broadcast_id: str, seconds: int = 0) -> None:
        self._outside.work.ask(JOB, {"broadcast": broadcast_id}, min(seconds, 900))

    def _known(self, broadcast_id: str, now: datetime) -> Broadcast:
        broadcast = self._kept.find(broadcast_id, now)
        if broadcast is None:
            raise NotFound
        return broadcast


def _notice(broadcast: Broadcast, person_id: int) -> Notice:
    return BROADCAST.notice(f"broadcast:{broadcast.id}", person_id, None, text=broadcast.text)
