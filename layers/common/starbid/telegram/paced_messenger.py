"""A messenger that calls Telegram at its pace: implements services.ports.Messenger over another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.call_pace import NEWS, REST, CallPace, Rank
from starbid.services.notices.broadcasts import BROADCAST
from starbid.services.ports import BELOW, Messenger, Notice, ShownCard, Spot, TryLater
from starbid.telegram.bot_api import AnswerLost, ServerTrouble


class PacedMessenger:
    """Every method may also raise Paced."""

    def __init__(self, messenger: Messenger, pace: CallPace) -> None:
        self._messenger, self._pace = messenger, pace

    def tell(self, person: Person, notice: Notice, lot: Lot | None, spot: Spot = BELOW) -> int | None:
        with self._turn(person.id, REST if notice.kind == BROADCAST.name else NEWS):
            return self._messenger.tell(person, notice, lot, spot)

    def photos(self, chat_id: int, photos: Sequence[bytes], spot: Spot = BELOW) -> None:
        with self._turn(chat_id):
            self._messenger.photos(chat_id, photos, spot)

    def files(self, chat_id: int, files: Sequence[DeliveredFile]) -> None:
        with self._turn(chat_id):
            self._messenger.files(chat_id, files)

    def open_topic(self, chat: Person, name: str) -> int | None:
        with self._turn(chat.id):
            return self._messenger.open_topic(chat, name)

    def edit(self, person: Person, notice: Notice, lot: Lot | None, message_id: int) -> bool:
        with self._turn(person.id):
            return self._messenger.edit(person, notice, lot, message_id)

    def redraw(self, person: Person, lot: Lot, card: ShownCard) -> bool:
        with self._turn(card.chat_id, REST):
            return self._messenger.redraw(person, lot, card)

    @contextmanager
    def _turn(self, chat_id: int, rank: Rank = NEWS) -> Iterator[None]:
        self._pace.take(chat_id, rank)
        try:
            yield
        except (ServerTrouble, AnswerLost):
            raise
        except TryLater as flood:
            self._pace.flooded(chat_id, flood.seconds)
            raise
        self._pace.went()
