"""What buyer and seller of a deal write to each other through Starbid, without knowing each other's account.

A conversation belongs to a deal: to its lot and its buyer. After a sale that fell through the next buyer finds nothing
of what was said before. It is open from the sale until GRACE after the deal's end, and both may read it as long as it
is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.deals import ADDRESS_TIME, PHYSICAL_RELEASE_DAYS, Deal, DealTimes, release_after
from starbid.domain.disputes import DISPUTE_TIME
from starbid.domain.errors import Invalid, NotYours, StarbidError, TooOften, passes
from starbid.domain.limits import LIMITS, Deed
from starbid.domain.texts import read_text

TEXT_LENGTH = 1000
"""Characters of a message, or of the caption of its photos."""
MAX_PICTURES = 10
"""Photos of a message: as many as an album of Telegram has."""
GRACE = timedelta(days=14)
"""So long after the deal's end the two may still write."""
LIFE = timedelta(days=90)
"""So long after the deal's end its two sides, and operators where they may, can read what was written."""
ERASING = timedelta(days=4)
"""So long after its time a row may still be stored, where nobody reads it."""
PICTURES_LIFE = timedelta(days=180)
"""So long after it was sent a photo is shown, unless LIFE is over first. The rule of the bucket erases it a day later
or more.
"""
QUIET = timedelta(seconds=3)
"""An album comes as several messages: when none has come for so long, all of it is there."""
BEYOND = 10**9
"""Greater than the number of any message: twenty an hour make it in thousands of years."""


class TalkClosed(StarbidError, code="talk_closed"):
    """The deal was over too long ago for its two sides to write to each other."""


class NoSuchMessage(StarbidError, code="not_found"):
    """There is no such message, or not any more, or it is not for this person."""


class AlreadyReportedMessage(StarbidError, code="message_reported"):
    """A message is reported once: only its receiver can do it."""


class Fault(StrEnum):
    """What a report says is wrong with a message."""

    FRAUD = "fraud"
    """Asks to pay or to deal elsewhere, or lies."""
    OFFENSIVE = "offensive"
    SPAM = "spam"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Message:
    """`number` counts from 1 in its conversation. `text` may be empty where there are `pictures` (ids).

    Once it `is_whole` no photo of its `album` joins it any more: its receiver was told, or is just being told.
    `changed_at`: when the last of it came. `fault`: why its receiver has reported it; empty where they have not.
    """

    number: int
    by_buyer: bool
    text: str
    pictures: tuple[str, ...]
    at: datetime
    changed_at: datetime
    kept_until: datetime
    album: str = ""
    is_whole: bool = False
    fault: str = ""
    version: int = 1

    def shows(self, picture_id: str, now: datetime) -> bool:
        return picture_id in self.pictures and now < self.at + PICTURES_LIFE

    def is_arriving(self, now: datetime) -> bool:
        """Whether more photos of it may be on their way."""
        return bool(self.album) and not self.is_whole and now < self.changed_at + QUIET


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: whose it is, how many messages it has, which of them were reported, and when each side's limit
    is full again (`domain.limits`). `version` 0: nobody has written yet.
    """

    auction_id: str
    seller_id: int
    buyer_id: int
    count: int = 0
    reported: tuple[int, ...] = ()
    buyers_full_at: int = 0
    sellers_full_at: int = 0
    kept_until: datetime | None = None
    version: int = 0

    @property
    def id(self) -> str:
        return talk_id(self.auction_id, self.buyer_id)

    def other(self, person_id: int) -> int:
        return self.seller_id if person_id == self.buyer_id else self.buyer_id


def talk_id(auction_id: str, buyer_id: int) -> str:
    return f"{auction_id}#{buyer_id}"


def talk_of(deal: Deal) -> Talk:
    """One in which nobody has written yet."""
    return Talk(deal.auction_id, deal.seller_id, deal.buyer_id)


def require_side(deal: Deal, person_id: int | None) -> None:
    """Raises NotYours for all but the two."""
    if person_id not in (deal.buyer_id, deal.seller_id):
        raise NotYours


def is_kept(deal: Deal, now: datetime) -> bool:
    """Whether what was written may still be read."""
    return deal.ended_at is None or now < deal.ended_at + LIFE


def kept_until(deal: Deal, now: datetime, times: DealTimes) -> datetime:
    """When a message of now is erased. While the deal goes on its end is not known: its last possible one counts, with
    a freeze and a dispute, if everything in it took all of its time from now on.
    """
    if deal.ended_at is not None:
        return deal.ended_at + LIFE
    return now + _longest(release_after(deal, times), times) + LIFE


def erased_within(times: DealTimes) -> timedelta:
    """How long after the end of a deal, of whatever kind, the last of what was written is erased at the latest."""
    release = timedelta(days=max(PHYSICAL_RELEASE_DAYS, times.release_days))
    return _longest(release, times) + LIFE + ERASING


def _longest(release: timedelta, times: DealTimes) -> timedelta:
    """What may be left of a deal at most."""
    return ADDRESS_TIME + timedelta(days=3 * times.delivery_days) + release + DISPUTE_TIME


def closes_at(deal: Deal) -> datetime | None:
    """When the two can write no more; None while the deal goes on."""
    return deal.ended_at + GRACE if deal.ended_at else None


def require_writing(deal: Deal, person_id: int | None, now: datetime) -> None:
    """Whether this person may write to the other side. Raises NotYours, TalkClosed."""
    require_side(deal, person_id)
    closes = closes_at(deal)
    if closes is not None and now >= closes:
        raise TalkClosed


def may_write(deal: Deal, person_id: int | None, now: datetime) -> bool:
    return passes(require_writing, deal, person_id, now)


def read_words(text: str, pictures: int) -> str:
    """The words as they are kept. Raises Invalid: nothing to see and no photo, or too many of either."""
    if pictures > MAX_PICTURES:
        raise Invalid("images", "too_many", most=MAX_PICTURES)
    read = read_text("text", text, 0, TEXT_LENGTH)
    if not read and not pictures:
        raise Invalid("text", "required")
    return read


def read_fault(fault: str) -> Fault:
    """Raises Invalid."""
    if fault not in tuple(Fault):
        raise Invalid("reason", "choice")
    return Fault(fault)


def require_room(talk: Talk, person_id: int, now: datetime) -> int:
    """When the person's limit is full again after one message more. Raises TooOften."""
    draw = LIMITS[Deed.TALK].draw(now)
    full_at = talk.buyers_full_at if person_id == talk.buyer_id else talk.sellers_full_at
    wait = draw.wait(full_at)
    if wait:
        raise TooOften(wait)
    return draw.after(full_at)


def written(
    talk: Talk, person_id: int, text: str, pictures: tuple[str, ...], album: str, now: datetime, until: datetime
) -> tuple[Talk, Message]:
    """The next message, which is kept until then. Raises TooOften."""
    full_at, by_buyer = require_room(talk, person_id, now), person_id == talk.buyer_id
    message = Message(talk.count + 1, by_buyer, text, pictures, now, now, until, album)
    counted = replace(talk, count=message.number, kept_until=until, version=talk.version + 1)
    limited = replace(counted, buyers_full_at=full_at) if by_buyer else replace(counted, sellers_full_at=full_at)
    return limited, message


def joined(message: Message, text: str, pictures: tuple[str, ...], now: datetime) -> Message:
    """One more photo of its album, with the words that came under it. Raises Invalid for one too many of either."""
    together = tuple(dict.fromkeys((*message.pictures, *pictures)))
    words = read_words("\n".join(part for part in (message.text, text) if part), len(together))
    return replace(message, text=words, pictures=together, changed_at=now, version=message.version + 1)


def whole(message: Message) -> Message:
    return replace(message, is_whole=True, version=message.version + 1)


def reported(talk: Talk, message: Message, person_id: int, fault: Fault) -> tuple[Talk, Message]:
    """The receiver says what is wrong with it. Raises NoSuchMessage for an own message, AlreadyReportedMessage."""
    if message.by_buyer == (person_id == talk.buyer_id):
        raise NoSuchMessage
    if message.fault:
        raise AlreadyReportedMessage
    numbers = tuple(sorted((*talk.reported, message.number)))
    return (
        replace(talk, reported=numbers, version=talk.version + 1),
        replace(message, fault=fault.value, version=message.version + 1),
    )


def is_open_to_operators(deal: Deal) -> bool:
    """Whether an operator may read all of it: the deal is disputed. With the dispute the look into it ends."""
    return deal.is_disputed
