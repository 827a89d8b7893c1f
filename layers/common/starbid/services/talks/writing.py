"""Writing to the other side of a deal, reading what was written, and reporting it.

A message is written once: the same key again is the same message. Photos are stored first, by their content; what a
process that dies in between has stored is seen by nobody and expires.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from starbid.domain import talks
from starbid.domain.deals import Deal, DealTimes
from starbid.domain.errors import Blocked
from starbid.domain.events import TalkMessaged, TalkReported
from starbid.domain.evidence import picture_name
from starbid.domain.limits import Deed
from starbid.domain.talks import Fault, Message, NoSuchMessage, Talk
from starbid.services.desk.tickets import Tickets
from starbid.services.limits import Limits
from starbid.services.ports import EVIDENCE_SIZES, ConditionFailed, Decode, Pictures, Store, Talks, Unit
from starbid.services.retrying import Stale, with_retries

PAGE = 10


class Reach(Enum):
    """Whether the other side can be told in the chat."""

    THERE = auto()
    STOPPED = auto()
    """They have stopped the bot: they can read it once they are back."""
    BARRED = auto()
    """They are blocked by an operator: the bot tells them nothing, and they cannot answer there."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: message `number`. `is_new`: it began with this, or this was sent before."""

    number: int
    is_new: bool
    by_buyer: bool
    reach: Reach


@dataclass(frozen=True, slots=True)
class _Draft:
    """Something of a person's that is to be in a message."""

    deal: Deal
    person_id: int
    text: str
    pictures: tuple[str, ...]
    key: str
    album: str
    now: datetime
    reach: Reach

    def sent(self, number: int, *, is_new: bool) -> Sent:
        return Sent(number, is_new, self.person_id == self.deal.buyer_id, self.reach)


class Talking:
    """Only the two sides of a deal write and read here; all others get NotYours."""

    def __init__(
        self,
        store: Store,
        kept: Talks,
        pictures: Pictures,
        limits: Limits,
        tickets: Tickets,
        decode: Decode,
        times: DealTimes,
    ) -> None:
        self._store, self._talks, self._pictures = store, kept, pictures
        self._limits, self._tickets, self._decode, self._times = limits, tickets, decode, times

    def require_room(self, person_id: int, auction_id: str, key: str, now: datetime, *, album: str = "") -> None:
        """Whether `write` would take something with this key, before its photo is fetched.

        Raises NotFound, NotSold, NotYours, TalkClosed, TooOften.
        """
        deal = self._store.deal(auction_id)
        talks.require_writing(deal, person_id, now)
        empty = talks.talk_of(deal)
        known = (_own_key(person_id, key), _group(person_id, album))
        if not any(one and self._talks.number_of(empty.id, one) for one in known):
            talks.require_room(self._talks.talk(empty), person_id, now)

    def write(
        self,
        person_id: int,
        auction_id: str,
        text: str,
        files: Sequence[bytes],
        key: str,
        now: datetime,
        *,
        album: str = "",
    ) -> Sent:
        """A message to the other side. `key` is the same however often it comes. What has the same `album` is one
        message, as long as the other side was not told of it.

        Raises NotFound, NotSold, NotYours, TalkClosed, Blocked, Invalid, TooOften, Conflict.
        """
        deal = self._store.deal(auction_id)
        talks.require_writing(deal, person_id, now)
        words = talks.read_words(text, len(files))
        names = tuple(picture_name(auction_id, person_id, data) for data in files)
        empty, own_key, group = talks.talk_of(deal), _own_key(person_id, key), _group(person_id, album)
        reach = self._reach(person_id, empty.other(person_id))
        if (number := self._talks.number_of(empty.id, own_key)) is not None:
            return Sent(number, True, person_id == deal.buyer_id, reach)
        if not (group and self._talks.number_of(empty.id, group)):
            talks.require_room(self._talks.talk(empty), person_id, now)
        self._keep(person_id, auction_id, names, files, now)
        draft = _Draft(deal, person_id, words, names, own_key, group, now, reach)
        return with_retries(lambda tries: self._attempt(draft, again=tries > 0))

    def messages(
        self, person_id: int, auction_id: str, now: datetime, *, below: int | None = None, limit: int = PAGE
    ) -> tuple[Message, ...]:
        """Those before number `below`, or the last ones: the newest first. Raises NotFound, NotSold, NotYours."""
        return self.said_in(self._store.deal(auction_id), person_id, now, below=below, limit=limit)

    def said_in(
        self, deal: Deal, person_id: int, now: datetime, *, below: int | None = None, limit: int = PAGE
    ) -> tuple[Message, ...]:
        """As `messages`, of a deal that was read already: one query. Raises NotYours."""
        talks.require_side(deal, person_id)
        if not talks.is_kept(deal, now):
            return ()
        return self._talks.before(talks.talk_of(deal).id, min(below or talks.BEYOND, talks.BEYOND), limit, now)

    def message(self, person_id: int, auction_id: str, number: int, now: datetime) -> Message:
        """Raises NotFound, NotSold, NotYours, NoSuchMessage."""
        deal = self.deal_of(person_id, auction_id)
        found = self._talks.message(talks.talk_of(deal).id, number, now) if talks.is_kept(deal, now) else None
        if found is None:
            raise NoSuchMessage
        return found

    def deal_of(self, person_id: int, auction_id: str) -> Deal:
        """The deal, for one of its sides. Raises NotFound, NotSold, NotYours."""
        deal = self._store.deal(auction_id)
        talks.require_side(deal, person_id)
        return deal

    def photos(self, auction_id: str, message: Message, now: datetime) -> list[bytes]:
        """Of a message, for one who may see it: in their large size, as far as they are there still."""
        return loaded(self._pictures, auction_id, message, now)

    def photo(
        self, person_id: int, auction_id: str, number: int, picture_id: str, size: str, now: datetime
    ) -> bytes | None:
        """One of a message, as JPEG in one of EVIDENCE_SIZES; None where it is not there (any more).

        Raises NotFound, NotSold, NotYours, NoSuchMessage.
        """
        message = self.message(person_id, auction_id, number, now)
        if size not in EVIDENCE_SIZES or not message.shows(picture_id, now):
            return None
        return self._pictures.load_talk_photo(auction_id, picture_id, size)

    def report(
        self,
        person_id: int,
        auction_id: str,
        number: int,
        fault: str,
        now: datetime,
        words: Callable[[Fault], str],
    ) -> None:
        """The receiver of a message says what is wrong with it: a ticket of theirs, with `words`, names the message,
        which an operator may read from then on. Dying in between, it comes again, and the ticket has it once.

        Raises NotFound, NotSold, NotYours, NoSuchMessage, Invalid, AlreadyReportedMessage, TooOften, Conflict.
        """
        why = talks.read_fault(fault)
        self.reportable(person_id, auction_id, number, now)
        empty = talks.talk_of(self._store.deal(auction_id))
        self._limits.require(Deed.REPORT, person_id, now)
        key = f"talk {empty.id} {number}"
        self._tickets.write(person_id, words(why), (), key, now, category="deal")

        def attempt(_: int) -> None:
            talk, message = self._talks.talk(empty), self.message(person_id, auction_id, number, now)
            after, marked = talks.reported(talk, message, person_id, why)
            unit = self._store.unit()
            unit.save_talk(after)
            unit.save_talk_message(talk.id, marked)
            id_, sides = f"talk-reported:{talk.id}:{number}", (talk.seller_id, talk.buyer_id)
            unit.emit(TalkReported(id_, now, auction_id, *sides, number, message.by_buyer, why.value))
            _commit(unit)

        with_retries(attempt)

    def reportable(self, person_id: int, auction_id: str, number: int, now: datetime) -> Message:
        """A message that this person may report. Raises what `report` does."""
        message = self.message(person_id, auction_id, number, now)
        talks.reported(talks.talk_of(self.deal_of(person_id, auction_id)), message, person_id, Fault.OTHER)
        return message

    def _attempt(self, draft: _Draft, *, again: bool) -> Sent:
        empty = talks.talk_of(draft.deal)
        if again and (known := self._talks.number_of(empty.id, draft.key)) is not None:
            return draft.sent(known, is_new=True)
        begun = self._talks.number_of(empty.id, draft.album) if draft.album else None
        message = self._talks.message(empty.id, begun, draft.now) if begun else None
        if message and not message.is_whole:
            return self._join(empty.id, message, draft)
        return self._begin(self._talks.talk(empty), begun, draft)

    def _begin(self, talk: Talk, begun: int | None, draft: _Draft) -> Sent:
        until = talks.kept_until(draft.deal, draft.now, self._times)
        after, message = talks.written(talk, draft.person_id, draft.text, draft.pictures, draft.album, draft.now, until)
        unit = self._store.unit()
        unit.save_talk(after)
        unit.save_talk_message(talk.id, message)
        unit.keep_talk_key(talk.id, draft.key, message.number, None, until)
        if draft.album:
            unit.keep_talk_key(talk.id, draft.album, message.number, begun, until)
        id_, sides = f"talk:{talk.id}:{message.number}", (talk.seller_id, talk.buyer_id)
        photo, away = bool(message.pictures), draft.reach is not Reach.THERE
        event = TalkMessaged(id_, draft.now, talk.auction_id, *sides, message.number, message.by_buyer, photo, away)
        unit.emit(event)
        _commit(unit)
        return draft.sent(message.number, is_new=True)

    def _join(self, talk_id: str, message: Message, draft: _Draft) -> Sent:
        after = talks.joined(message, draft.text, draft.pictures, draft.now)
        unit = self._store.unit()
        unit.save_talk_message(talk_id, after)
        unit.keep_talk_key(talk_id, draft.key, message.number, None, after.kept_until)
        _commit(unit)
        return draft.sent(message.number, is_new=False)

    def _reach(self, writer_id: int, person_id: int) -> Reach:
        """How the other side is told. Raises Blocked where it is the writer who is."""
        batch = self._store.batch()
        writer, person = batch.person(writer_id), batch.person(person_id)
        batch.fetch()
        if writer.value and writer.value.blocked:
            raise Blocked
        if person.value is None or person.value.unreachable:
            return Reach.STOPPED
        return Reach.BARRED if person.value.blocked else Reach.THERE

    def _keep(
        self, person_id: int, auction_id: str, names: Sequence[str], files: Sequence[bytes], now: datetime
    ) -> None:
        if not files:
            return
        self._limits.require(Deed.PICTURE, person_id, now, len(files))
        for name, sizes in zip(names, self._decode(files), strict=True):
            self._pictures.save_talk_photo(auction_id, name, {size: sizes[size] for size in EVIDENCE_SIZES})


def loaded(pictures: Pictures, auction_id: str, message: Message, now: datetime) -> list[bytes]:
    """The photos of a message in their large size, as far as they are there still."""
    shown = (name for name in message.pictures if message.shows(name, now))
    found = (pictures.load_talk_photo(auction_id, name, "large") for name in shown)
    return [data for data in found if data is not None]


def _own_key(person_id: int, key: str) -> str:
    return _hashed(f"{person_id} {key}")


def _group(person_id: int, album: str) -> str:
    """The key of all that has the same album; empty for what is in none."""
    return _hashed(f"album {person_id} {album}") if album else ""


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _commit(unit: Unit) -> None:
    """Raises Stale where something has changed in between."""
    try:
        unit.commit()
    except ConditionFailed as changed:
        raise Stale from changed
