"""Living messages: what only tells how a thing stands is one message for each person and lot, edited in place.

A bid on one's lot, a moved end, an answer in a dispute need nobody to act, and many of them in a row are one piece of
news. So are the words to those who watch a lot: its seller can move it as often as they like. The message is drawn from
the lot as it is now, so it covers every change until then: their notices are done without a call of Telegram. A few
edits may follow each other at once, many go at the pace of PACE_SECONDS; the last state always arrives, as a notice
that comes too early comes again. What is old enough to have scrolled away is told by a new message.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.claiming import Turn, claimed
from starbid.services.notices import KINDS
from starbid.services.notices.registry import InPlace
from starbid.services.ports import Claims, LivingMessage, LivingMessages, Messenger, Notice, TryLater

LIFE_SECONDS = 3 * 3600
"""An edit makes no sound: who has heard nothing for so long gets a new message."""
PACE_SECONDS, AT_ONCE = 5, 3
"""Telegram takes one message a second for a chat, where an edit counts as one, and some more now and then."""
LEASE_SECONDS = 60

Read = Callable[[], tuple[Person, Lot] | None]


class Living:
    """Tells notices of the kinds that are told in place."""

    def __init__(self, claims: Claims, messages: LivingMessages, messenger: Messenger) -> None:
        self._claims, self._messages, self._messenger = claims, messages, messenger

    def tell(self, notice: Notice, read: Read, now: datetime) -> None:
        """Let the person's message show what the notice tells; nothing is done where it does.

        `read` gives the person and the lot as they are when it is called, None where there is nobody to tell. Raises
        TryLater where the message was edited a moment ago, or somebody is just at it.
        """
        if _covers(self._known(notice, now), notice):
            return
        with claimed(self._claims, f"turn#{_name(notice)}", LEASE_SECONDS, 0, now) as turn:
            if turn is not Turn.MINE:
                raise TryLater(PACE_SECONDS)
            self._draw(notice, read, now)

    def _draw(self, notice: Notice, read: Read, now: datetime) -> None:
        known = self._known(notice, now)
        if _covers(known, notice):
            return
        booked = max(known.booked, now) if known else now
        wait = (booked - now).total_seconds() - (AT_ONCE - 1) * PACE_SECONDS
        if wait > 0:
            raise TryLater(math.ceil(wait))
        found = read()
        if found is None:
            return
        person, lot = found
        if not _in_place(notice).is_news(notice, lot):
            return
        fixed = _in_place(notice).is_fixed(lot)
        message_id, since = (known.message_id, known.since) if known else (None, now)
        if known and fixed and not known.fixed:
            message_id = None
        if message_id is None or not self._messenger.edit(person, notice, lot, message_id):
            message_id, since = self._messenger.tell(person, notice, lot), now
        message = LivingMessage(
            auction_id=lot.auction.id,
            message_id=message_id,
            state=state_shown(notice, lot),
            since=since,
            # Each call books a time of its own, and may come early by a few.
            booked=booked + timedelta(seconds=PACE_SECONDS),
            fixed=fixed,
        )
        left = LIFE_SECONDS - int((now - since).total_seconds())
        self._messages.put(_name(notice), message, left, now)

    def _known(self, notice: Notice, now: datetime) -> LivingMessage | None:
        return self._messages.get(_name(notice), LivingMessage, now)


def state_told(notice: Notice) -> int:
    """The state that a notice of a living kind is about."""
    return _in_place(notice).told(notice)


def state_shown(notice: Notice, lot: Lot) -> int:
    """The state that its message shows, drawn from `lot`."""
    return max(_in_place(notice).shown(lot), state_told(notice))


def is_living(notice: Notice) -> bool:
    return KINDS[notice.kind].in_place is not None


def _in_place(notice: Notice) -> InPlace:
    told = KINDS[notice.kind].in_place
    assert told, f"{notice.kind} is told by a message each time"
    return told


def _covers(known: LivingMessage | None, notice: Notice) -> bool:
    return known is not None and known.auction_id == notice.auction_id and known.state >= state_told(notice)


def _name(notice: Notice) -> str:
    if _in_place(notice).of_all_lots:
        return f"{notice.user_id}#{notice.kind}"
    return f"{notice.user_id}#{notice.auction_id}#{notice.kind}"
