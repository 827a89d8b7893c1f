"""A messenger that calls Telegram at its pace: implements services.ports.Messenger over another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.call_pace import NEWS, PARTS, REST, CallPace, Rank
from starbid.services.notices.broadcasts import BROADCAST
from starbid.services.ports import BELOW, Messenger, Notice, ShownCard, Spot, TryLater
from starbid.telegram.bot_api import AnswerLost, ServerTrouble


class PacedMessenger:
    """Every method may also raise Paced."""

    def __init__(self, messenger: Messenger, pace: CallPace) -> None:
        self._messenger, self._pace = messenger, pace
        self._unfinished: int | None = None
        """The chat that has had a part of a message."""

    def tell(self, person: Person, notice: Notice, lot: Lot | None, spot: Spot = BELOW) -> int | None:
        with self._turn(person.id, REST if notice.kind == BROADCAST.name else NEWS):
            number = self._messenger.tell(person, notice, lot, spot)
        self._unfinished = None
        return number

    def headline(self, person: Person, notice: Notice, lot: Lot | None) -> str:
        return self._messenger.headline(person, notice, lot)

    def photos(self, chat_id: int, photos: Sequence[bytes], spot: Spot = BELOW) -> None:
        with self._turn(chat_id):
            self._messenger.photos(chat_id, photos, spot)
        self._unfinished = chat_id

    def files(self, chat_id: int, files: Sequence[DeliveredFile]) -> None:
        with self._turn(chat_id):
            self._messenger.files(chat_id, files)
        self._unfinished = chat_id

    def file(self, chat_id: int, data: bytes, name: str) -> None:
        with self._turn(chat_id):
            self._messenger.file(chat_id, data, name)
        self._unfinished = chat_id

    def open_topic(self, chat: Person, name: str) -> int | None:
        with self._turn(chat.id):
            topic = self._messenger.open_topic(chat, name)
        self._unfinished = chat.id
        return topic

    def edit(self, person: Person, notice: Notice, lot: Lot | None, message_id: int) -> bool:
        """Where it fails, a new message follows: a part of the same."""
        with self._turn(person.id):
            is_done = self._messenger.edit(person, notice, lot, message_id)
        self._unfinished = None if is_done else person.id
        return is_done

    def redraw(self, person: Person, lot: Lot, card: ShownCard) -> bool:
        with self._turn(card.chat_id, REST):
            return self._messenger.redraw(person, lot, card)

    @contextmanager
    def _turn(self, chat_id: int, rank: Rank = NEWS) -> Iterator[None]:
        self._pace.take(chat_id, PARTS if chat_id == self._unfinished else rank)
        with minding_floods(self._pace, chat_id):
            yield


@contextmanager
def minding_floods(pace: CallPace, chat_id: int) -> Iterator[None]:
    """A call for a chat: what Telegram says of too many of them is kept for those who come after."""
    try:
        yield
    except (ServerTrouble, AnswerLost):
        raise
    except TryLater as flood:
        pace.flooded(chat_id, flood.seconds)
        raise
    pace.went()
