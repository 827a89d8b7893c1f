"""Groups and channels as Telegram tells of them: implements services.ports.Venues."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starbid.domain.showcases import Venue
from starbid.telegram.bot_api import BotApi
from starbid.telegram.venue_fields import ADMINS, is_there, venue_of


class TelegramVenues:
    """Every method may raise TryLater."""

    def __init__(self, bot: Callable[[], BotApi]) -> None:
        """`bot` is made when it is first used: who only files lots has no token."""
        self._bot = bot

    def venue(self, chat_id: int) -> Venue | None:
        chat = self._bot().chat(chat_id)
        me = self._bot().member(chat_id, self._bot().id) if chat else None
        return venue_of(chat, me) if chat and me and is_there(me) else None

    def admins_among(self, chat_id: int, people: Sequence[int]) -> frozenset[int]:
        members = {person_id: self._bot().member(chat_id, person_id) for person_id in people}
        return frozenset(who for who, member in members.items() if member and member.get("status") in ADMINS)
