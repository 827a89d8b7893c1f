"""Telling a side of a deal what the other one wrote.

A notice says only that there is something. How far a side was told is kept with the conversation, so all that is new is
told in order, each message once, whichever notice comes first. An album is told when it has been quiet for a moment;
from then on nothing joins it.

What Telegram refuses holds up nothing that comes after it: the side is told where to look, or else it is left out, and
stands among the messages all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from starbid.domain import careful, talks
from starbid.domain.deal_errors import NotSold
from starbid.domain.errors import NotFound
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.talks import Message, Talk
from starbid.services.claiming import BUSY_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.notices.registry import Kind
from starbid.services.notices.talks import BARRED, UNDELIVERED, WROTE
from starbid.services.ports import (
    Claims,
    Messenger,
    Notice,
    Outgoing,
    Pictures,
    Rejected,
    Store,
    Talks,
    Told,
    TryLater,
    Unreachable,
)
from starbid.services.talks.writing import loaded

AT_ONCE = 5
"""Messages that one telling shows: Telegram takes some at once, and then one a second for a chat."""
KINDS = frozenset((WROTE.name,))
Read = Callable[[], Person | None]


class TalkTelling:
    """What the sender does with a notice of a message."""

    def __init__(
        self, kept: Talks, store: Store, pictures: Pictures, claims: Claims, messenger: Messenger, outgoing: Outgoing
    ) -> None:
        self._talks, self._store, self._pictures = kept, store, pictures
        self._claims, self._messenger, self._outgoing = claims, messenger, outgoing

    def tell(self, notice: Notice, read: Read, now: datetime) -> None:
        """`read` gives who is told; None where the bot tells them nothing. Raises TryLater, and what the messenger
        does.
        """
        assert notice.auction_id
        try:
            lot = self._store.lot(notice.auction_id, consistent=True)
        except (NotFound, NotSold):
            return
        if lot.deal is None or not WROTE.holds(notice, lot):
            return
        talk, number = talks.talk_of(lot.deal), int(notice.facts["number"])
        with claimed(self._claims, f"turn#talk#{talk.id}#{notice.user_id}", LEASE_SECONDS, 0, now) as turn:
            if turn is not Turn.MINE:
                raise TryLater(BUSY_SECONDS)
            told = self._talks.told(talk.id, notice.user_id)
            if told.number >= number:
                return
            reader = read()
            if reader is None:
                self._tell_why(notice, talk, told)
                return
            self._tell_new(notice, reader, lot, talk, told, now)

    def _tell_new(self, notice: Notice, reader: Person, lot: Lot, talk: Talk, told: Told, now: datetime) -> None:
        new = self._talks.after(talk.id, told.number, AT_ONCE, now)
        for message in new:
            if message.by_buyer != (reader.id == talk.buyer_id):
                told = self._tell_one(notice, reader, lot, talk, message, told, now)
            told = replace(told, number=message.number, version=told.version + 1)
            self._talks.keep_told(talk.id, reader.id, told, message.kept_until)
        if len(new) == AT_ONCE and told.number < int(notice.facts["number"]):
            raise TryLater(BUSY_SECONDS)

    def _tell_one(
        self, notice: Notice, reader: Person, lot: Lot, talk: Talk, message: Message, told: Told, now: datetime
    ) -> Told:
        message, is_first = self._whole(talk, message, now), not told.number
        try:
            told, are_shown = self._with_photos(reader, talk, message, told, now)
            self._tell_words(notice, reader, lot, message, are_shown=are_shown, is_first=is_first)
        except Unreachable:
            self._tell_writer(UNDELIVERED, notice, talk, told)
            raise
        return told

    def _with_photos(
        self, reader: Person, talk: Talk, message: Message, told: Told, now: datetime
    ) -> tuple[Told, bool]:
        """Show its photos, and whether they are shown: not where Telegram refuses them."""
        if told.photos >= message.number:
            return told, True
        photos = loaded(self._pictures, talk.auction_id, message, now)
        if photos:
            try:
                self._messenger.photos(reader.id, photos)
            except Rejected:
                return told, False
            told = replace(told, photos=message.number, version=told.version + 1)
            self._talks.keep_told(talk.id, reader.id, told, message.kept_until)
        return told, True

    def _tell_words(
        self, notice: Notice, reader: Person, lot: Lot, message: Message, *, are_shown: bool, is_first: bool
    ) -> None:
        facts = {
            "number": message.number,
            "text": message.text,
            "photos": len(message.pictures) if are_shown else 0,
            "careful": careful.leads_away(message.text),
            "first": is_first,
            "is_whole": are_shown,
        }
        try:
            self._messenger.tell(reader, replace(notice, facts=facts), lot)
        except Rejected:
            with suppress(Rejected):
                self._messenger.tell(reader, replace(notice, facts=facts | {"text": "", "is_whole": False}), lot)

    def _whole(self, talk: Talk, message: Message, now: datetime) -> Message:
        """The message as it is told. Raises TryLater where more of it may come, or just came."""
        if not message.album or message.is_whole:
            return message
        after = talks.whole(message)
        if message.is_arriving(now) or not self._talks.keep(talk.id, after):
            raise TryLater(int(talks.QUIET.total_seconds()))
        return after

    def _tell_why(self, notice: Notice, talk: Talk, told: Told) -> None:
        """Who has switched these notices off reads the messages when they like: of that nobody is told."""
        person = self._store.person(notice.user_id, consistent=True)
        if person is None or person.unreachable:
            self._tell_writer(UNDELIVERED, notice, talk, told)
        elif person.blocked:
            self._tell_writer(BARRED, notice, talk, told)

    def _tell_writer(self, kind: Kind, notice: Notice, talk: Talk, told: Told) -> None:
        """Once, until the other side can be told again; not who knew it when they wrote."""
        if notice.facts["away"]:
            return
        source, writer = f"talk:{talk.id}:{told.number}", talk.other(notice.user_id)
        self._outgoing.send((kind.notice(source, writer, talk.auction_id),))
