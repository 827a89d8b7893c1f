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
from datetime import datetime
from typing import Any

from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.claiming import Turn, claimed
from starbid.services.falling import stamp
from starbid.services.ports import Messenger, Notice, Scratch, TryLater

KINDS = ("new_bid", "extended", "dispute_answered", "began", "ending_soon")
"""Each has a state that only grows: the number of bids, the end, the version of the deal, the moment of the event."""
OF_ALL_LOTS = ("dispute_answered",)
"""One message for a person, which shows the lot that the newest notice is about."""
LIFE_SECONDS = 3 * 3600
"""An edit makes no sound: whoever has heard nothing for so long is told anew."""
PACE_SECONDS, AT_ONCE = 5, 3
"""Telegram takes one message a second for a chat, where an edit counts as one, and some more now and then."""
LEASE_SECONDS = 60

Read = Callable[[], tuple[Person, Lot] | None]


class Living:
    """Tells notices of KINDS."""

    def __init__(self, scratch: Scratch, messenger: Messenger) -> None:
        self._scratch, self._messenger = scratch, messenger

    def tell(self, notice: Notice, read: Read, now: datetime) -> None:
        """Let the person's message show what the notice tells; nothing is done where it does.

        `read` gives the person and the lot as they are when it is called, None where there is nobody to tell. Raises
        TryLater where the message was edited a moment ago, or somebody is just at it.
        """
        if _covers(self._known(notice, now), notice):
            return
        with claimed(self._scratch, f"turn#{_name(notice)}", LEASE_SECONDS, 0, now) as turn:
            if turn is not Turn.MINE:
                raise TryLater(PACE_SECONDS)
            self._draw(notice, read, now)

    def _draw(self, notice: Notice, read: Read, now: datetime) -> None:
        known = self._known(notice, now)
        if _covers(known, notice):
            return
        booked = max(known["booked"], stamp(now)) if known else stamp(now)
        wait = (booked - stamp(now)) / 1000 - (AT_ONCE - 1) * PACE_SECONDS
        if wait > 0:
            raise TryLater(math.ceil(wait))
        found = read()
        if found is None:
            return
        person, lot = found
        fixed = _is_fixed(notice, lot)
        message_id, since = (known["message_id"], known["since"]) if known else (None, 0)
        if known and fixed and not known.get("fixed"):
            message_id = None
        if message_id is None or not self._messenger.edit(person, notice, lot, message_id):
            message_id, since = self._messenger.tell(person, notice, lot), stamp(now)
        record = {
            "message_id": message_id,
            "since": since,
            "booked": booked + PACE_SECONDS * 1000,  # each call books a time of its own, and may come early by a few
            "lot": notice.auction_id,
            "state": state_shown(notice, lot),
            "fixed": fixed,
        }
        left = LIFE_SECONDS - (stamp(now) - since) // 1000
        self._scratch.put(f"living#{_name(notice)}", record, left, now)

    def _known(self, notice: Notice, now: datetime) -> dict[str, Any] | None:
        return self._scratch.get(f"living#{_name(notice)}", now)


def state_told(notice: Notice) -> int:
    """The state that a notice of KINDS is about."""
    facts = notice.facts
    match notice.kind:
        case "new_bid":
            return int(facts["bids"])
        case "extended":
            return stamp(datetime.fromisoformat(str(facts["ends_at"])))
        case "began" | "ending_soon":
            at = facts.get("at")  # none in what a version before this one put on the queue
            return stamp(datetime.fromisoformat(str(at))) if at else 0
        case _:
            return int(facts["version"])


def state_shown(notice: Notice, lot: Lot) -> int:
    """The state that its message shows, drawn from `lot`; the words (telegram.notice_words) go by the same rules."""
    match notice.kind:
        case "new_bid":
            now = lot.auction.bids_count
        case "extended":
            now = stamp(lot.auction.ends_at)
        case "began" | "ending_soon":
            now = 0
        case _:
            now = lot.deal.version if lot.deal else 0
    return max(now, state_told(notice))


def _covers(known: dict[str, Any] | None, notice: Notice) -> bool:
    if known is None or known.get("lot") != notice.auction_id:
        return False
    return bool(known["state"] >= state_told(notice))


def _is_fixed(notice: Notice, lot: Lot) -> bool:
    """Whether a reminder is the one that counts: with a bid on it the lot's end is no longer its seller's to move. It
    makes a sound, whatever was told of ends that did not come.
    """
    return notice.kind == "ending_soon" and lot.auction.bids_count > 0


def _name(notice: Notice) -> str:
    if notice.kind in OF_ALL_LOTS:
        return f"{notice.user_id}#{notice.kind}"
    return f"{notice.user_id}#{notice.auction_id}#{notice.kind}"
