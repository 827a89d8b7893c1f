"""What operators may read of what the two sides of a deal write to each other, each look on record.

All of it, as long as a deal is disputed; otherwise what one of the two has reported, and nothing beside it: who
reports a message wants it to be read, and only that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain import talks
from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.deals import Deal
from starbid.domain.roles import Right, require_right
from starbid.domain.talks import Message, NoSuchMessage, Talk
from starbid.services.looking import put_on_record
from starbid.services.ports import EVIDENCE_SIZES, Pictures, Store, Talks

PAGE = 100


@dataclass(frozen=True, slots=True)
class Readable:
    """How many messages there are, and how many of them an operator may read."""

    count: int
    open: int


class TalkReading:
    """Takes the right SUPPORT."""

    def __init__(self, store: Store, kept: Talks, pictures: Pictures) -> None:
        self._store, self._talks, self._pictures = store, kept, pictures

    def readable(self, deal: Deal, now: datetime) -> Readable:
        talk = self._talks.talk(talks.talk_of(deal))
        if not talk.count or not talks.is_kept(deal, now):
            return Readable(0, 0)
        return Readable(talk.count, talk.count if talks.is_open_to_operators(deal) else len(talk.reported))

    def read(self, decision: Decision, auction_id: str, below: int | None = None) -> tuple[Message, ...]:
        """Up to PAGE of those that may be read, before number `below` or the last ones: the newest first.

        Raises NotAllowed, NotFound, NoSuchMessage where there is nothing to read, NotSold, Contended.
        """
        decision.require(Right.SUPPORT)
        deal = self._store.deal(auction_id)
        readable, now = self.readable(deal, decision.at), decision.at
        if not readable.open:
            raise NoSuchMessage
        talk = self._talks.talk(talks.talk_of(deal))
        if talks.is_open_to_operators(deal):
            found = self._talks.before(talk.id, below or talk.count + 1, PAGE, now)
            shown = f"{found[-1].number}–{found[0].number}" if found else "none"
            what = f"messages {shown} of {talk.count}, disputed"
        else:
            numbers = [number for number in talk.reported if below is None or number < below][-PAGE:]
            found = tuple(one for number in reversed(numbers) if (one := self._talks.message(talk.id, number, now)))
            what = f"reported: {', '.join(str(one.number) for one in found)}"
        put_on_record(self._store, decision, "read-messages", auction_id, what)
        return found

    def picture(
        self, by: Operator, auction_id: str, number: int, picture_id: str, size: str, now: datetime
    ) -> bytes | None:
        """A photo of a message that may be read, as JPEG in one of EVIDENCE_SIZES; the look at the message is on
        record. Raises NotAllowed, NotFound, NotSold.
        """
        require_right(by.role, Right.SUPPORT)
        deal = self._store.deal(auction_id)
        message = self._message(deal, number, now)
        if message is None or size not in EVIDENCE_SIZES or not message.shows(picture_id, now):
            return None
        return self._pictures.load_talk_photo(auction_id, picture_id, size)

    def _message(self, deal: Deal, number: int, now: datetime) -> Message | None:
        empty: Talk = talks.talk_of(deal)
        message = self._talks.message(empty.id, number, now) if talks.is_kept(deal, now) else None
        return message if message and (message.fault or talks.is_open_to_operators(deal)) else None
