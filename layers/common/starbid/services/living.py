"""Living messages, and others that only the newest of many notices is worth.

A bid on one's lot, a moved end, an answer in a dispute need nobody to act, and many of them in a row are one piece of
news. So are the words to those who watch a lot: its seller can move it as often as they like. They are one message for
each person and lot, edited in place. Who was outbid has to act: that is a new message each time, with a sound, and at a
pace too, as a crowd may outbid a person many times in a few seconds.

Either is drawn from the lot as it is now, so it covers every change until then: their notices are done without a call
of Telegram. The last state always arrives, as a notice that comes too early comes again. What is old enough to have
scrolled away is told by a new message.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.claiming import KEEP_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.notices import KINDS
from starbid.services.notices.registry import Latest
from starbid.services.pacing import Beat
from starbid.services.ports import Claims, LivingMessage, LivingMessages, Notice, ToldInPart, TryLater

LIFE_SECONDS = 3 * 3600
"""An edit makes no sound: who has heard nothing for so long gets a new message."""
PACE_SECONDS, AT_ONCE = 5, 3
"""Telegram takes one message a second for a chat, where an edit counts as one, and some more now and then."""
SOUND_SECONDS = 3
"""Nobody reads and answers faster. With the edits and the lot's card (services.cards) it is less than Telegram takes.
"""
EDITS, SOUNDS = Beat(PACE_SECONDS, AT_ONCE), Beat(SOUND_SECONDS)

Read = Callable[[], tuple[Person, Lot] | None]


class Teller(Protocol):
    """What a messenger does for it."""

    def tell(self, person: Person, notice: Notice, lot: Lot | None) -> int | None: ...

    def edit(self, person: Person, notice: Notice, lot: Lot | None, message_id: int) -> bool: ...


def beat_of_chat(notice: Notice) -> Beat:
    """At which its kind is told in a chat."""
    return SOUNDS if _latest(notice).sounds else EDITS


class Living:
    """Tells notices of the kinds of which the newest says it all."""

    def __init__(
        self,
        claims: Claims,
        messages: LivingMessages,
        teller: Teller,
        beat: Callable[[Notice], Beat] = beat_of_chat,
        prefix: str = "",
        latest: Callable[[Notice], Latest] | None = None,
    ) -> None:
        """`prefix` keeps the records of a further channel apart; `latest`: how a notice is told there."""
        self._claims, self._messages, self._teller, self._beat, self._prefix = claims, messages, teller, beat, prefix
        self._latest = latest or _latest

    def tell(self, notice: Notice, read: Read, now: datetime) -> None:
        """Let the person's newest message show what the notice tells; nothing is done where it does.

        `read` gives the person and the lot as they are when it is called, None where there is nobody to tell. Raises
        TryLater where there was a message or an edit a moment ago, somebody is just at it, or the lot is about to end.
        Where it was told in part, the pace is kept all the same, and this notice alone comes again for the rest.
        """
        if not self._is_due(self._known(notice, now), notice, now):
            return
        with claimed(self._claims, f"turn#{self._name(notice)}", LEASE_SECONDS, 0, now) as turn:
            if turn is not Turn.MINE:
                raise TryLater(PACE_SECONDS)
            self._draw(notice, read, now)

    def _draw(self, notice: Notice, read: Read, now: datetime) -> None:
        known = self._known(notice, now)
        if not self._is_due(known, notice, now):
            return
        found = read()
        if found is None:
            return
        (person, lot), latest = found, self._latest(notice)
        if latest.is_undecided(lot, now):
            raise TryLater(PACE_SECONDS)
        if not latest.is_news(notice, lot):
            return
        fixed = latest.is_fixed(lot)
        edited = known if known and _may_be_edited(known, latest, fixed, now) else None
        message_id, since = (edited.message_id, edited.since) if edited else (None, now)
        booked = self._beat(notice).book(known.booked if known else None, now)
        message = LivingMessage(lot.auction.id, None, latest.told(notice) - 1, now, booked, fixed)
        try:
            if message_id is None or not self._teller.edit(person, notice, lot, message_id):
                message_id, since = self._teller.tell(person, notice, lot), now
        except ToldInPart:
            self._keep(notice, message, now)
            raise
        state = _shown(latest, notice, lot)
        self._keep(notice, replace(message, message_id=message_id, state=state, since=since), now)

    def _keep(self, notice: Notice, message: LivingMessage, now: datetime) -> None:
        self._messages.put(self._name(notice), message, KEEP_SECONDS, now)

    def _is_due(self, known: LivingMessage | None, notice: Notice, now: datetime) -> bool:
        """False where it is told already; raises TryLater where it is too early for another message or edit."""
        if known and known.auction_id == notice.auction_id and known.state >= self._latest(notice).told(notice):
            return False
        if wait := self._beat(notice).wait(known.booked if known else None, now):
            raise TryLater(wait)
        return True

    def _known(self, notice: Notice, now: datetime) -> LivingMessage | None:
        return self._messages.get(self._name(notice), LivingMessage, now)

    def _name(self, notice: Notice) -> str:
        if self._latest(notice).of_all_lots:
            return f"{self._prefix}{notice.user_id}#{notice.kind}"
        return self._prefix + KINDS[notice.kind].subject(notice.user_id, notice.auction_id)


def state_told(notice: Notice) -> int:
    """The state that a notice of a living kind is about."""
    return _latest(notice).told(notice)


def state_shown(notice: Notice, lot: Lot) -> int:
    """The state that its message shows, drawn from `lot`."""
    return _shown(_latest(notice), notice, lot)


def _shown(latest: Latest, notice: Notice, lot: Lot) -> int:
    return max(latest.shown(lot), latest.told(notice))


def is_living(notice: Notice) -> bool:
    return KINDS[notice.kind].latest is not None


def is_remembered(notice: Notice) -> bool:
    """Whether the record of its message alone tells that it was told: of all lots in one message it is of the last."""
    return is_living(notice) and not _latest(notice).of_all_lots


def reach(notice: Notice) -> tuple[str, int]:
    """A subject and a state: of notices about one subject the one of the newest state tells all, so that no other has
    to be kept. News of its own is a subject of its own; so is a kind that this version does not know.
    """
    if notice.kind not in KINDS or not is_living(notice):
        return notice.id, 0
    return KINDS[notice.kind].subject(notice.user_id, notice.auction_id), state_told(notice)


def _latest(notice: Notice) -> Latest:
    told = KINDS[notice.kind].latest
    assert told, f"each {notice.kind} is news of its own"
    return told


def _may_be_edited(known: LivingMessage, latest: Latest, fixed: bool, now: datetime) -> bool:
    is_fresh = (now - known.since).total_seconds() < LIFE_SECONDS
    return is_fresh and not latest.sounds and (known.fixed or not fixed)
