"""Alerts in a topic of the admins' chat; where that is gone or closed they go to the general one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.desk.admin_chat import AdminChat
from starbid.services.ports import Messenger, Notice, Rejected, Spot


class AdminTopic:
    """A messenger that knows the topic; all other chats are as they were."""

    def __init__(self, messenger: Messenger, chat: AdminChat, now: Callable[[], datetime]) -> None:
        self._messenger, self._chat, self._now = messenger, chat, now

    def tell(self, person: Person, notice: Notice, lot: Lot | None) -> int | None:
        """Raises as the messenger does. What Telegram takes outside the topic, and not in it, tells that it is gone."""
        if person.id != self._chat.id:
            return self._messenger.tell(person, notice, lot)
        try:
            return self._messenger.tell(person, notice, lot, Spot(self._chat.topic))
        except Rejected:
            message_id = self._messenger.tell(person, notice, lot)
            self._chat.topic_lost(self._now())
            return message_id

    def edit(self, person: Person, notice: Notice, lot: Lot | None, message_id: int) -> bool:
        return self._messenger.edit(person, notice, lot, message_id)
