"""The calls of the Bot API that offer messages for other chats."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from telegram import (
    Bot,
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultPhoto,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)

from starbid.services.ports import Rejected
from starbid.telegram.bot_drafts import HTML
from starbid.telegram.keyboards import Keyboard
from starbid.telegram.library_keyboard import markup_of
from starbid.telegram.transport import PooledRequest

T = TypeVar("T")
EXPIRED = ("query is too old", "query_id_invalid", "query id is invalid")
"""Words of a refusal to answer what was asked too long ago."""


@dataclass(frozen=True, slots=True)
class InlineCard:
    """A message that is offered: `title` and `about` stand in the list, `caption` (Telegram's HTML) in the message.

    Its picture is that of a `file_id`, or the one at `picture` (https, with a `thumbnail`); without both it is a text.
    """

    id: str
    title: str
    about: str
    caption: str
    keyboard: Keyboard
    file_id: str | None = None
    picture: str | None = None
    thumbnail: str | None = None

    @property
    def as_text(self) -> InlineCard:
        """The same without its picture."""
        return replace(self, file_id=None, picture=None, thumbnail=None)


class InlineCalls:
    """A part of BotApi."""

    _bot: Bot
    _request: PooledRequest

    def answer_inline(
        self, query_id: str, cards: Sequence[InlineCard], place: str, seconds: int, way_out: tuple[str, str] | None
    ) -> bool:
        """Up to 50 cards, for this person alone, to be kept for `seconds`; `place` (64 bytes) is where the list goes
        on. `way_out` is a button above them: its text, and the payload with which it starts the bot. False where it is
        too late.

        One picture that Telegram does not take would cost the whole answer: then all of them go without.
        """
        button = InlineQueryResultsButton(way_out[0], start_parameter=way_out[1]) if way_out else None

        def answer(results: list[InlineQueryResult]) -> bool:
            call = self._bot.answer_inline_query(query_id, results, seconds, True, place, button)
            return self._unless(EXPIRED, call)

        try:
            return answer([_result(card) for card in cards])
        except Rejected:
            if all(card == card.as_text for card in cards):
                raise
        return answer([_result(card.as_text) for card in cards])

    def prepare_message(self, user_id: int, card: InlineCard) -> str:
        """A message that this person may send to any chat but those of bots; its id."""
        try:
            return self._prepared(user_id, card)
        except Rejected:
            if card == card.as_text:
                raise
        return self._prepared(user_id, card.as_text)

    def _prepared(self, user_id: int, card: InlineCard) -> str:
        """Raises Rejected also where the answer has no id."""
        where: dict[str, Any] = {"allow_user_chats": True, "allow_group_chats": True, "allow_channel_chats": True}
        self._run(self._bot.save_prepared_inline_message(user_id, _result(card), **where))
        answer = self._request.answer()
        message_id = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(message_id, str) or not message_id:
            raise Rejected("a prepared message has no id")
        return message_id

    def _unless(self, reasons: tuple[str, ...], call: Coroutine[Any, Any, Any]) -> bool:
        """False where Telegram refuses for one of the reasons."""
        raise NotImplementedError

    def _run(self, call: Coroutine[Any, Any, T]) -> T | None:
        """The result of a call, with errors of our own."""
        raise NotImplementedError


def _result(card: InlineCard) -> InlineQueryResult:
    common: dict[str, Any] = {"title": card.title, "description": card.about, "reply_markup": markup_of(card.keyboard)}
    words: dict[str, Any] = {"caption": card.caption, "parse_mode": HTML}
    if card.file_id:
        return InlineQueryResultCachedPhoto(card.id, card.file_id, **common, **words)
    if card.picture:
        return InlineQueryResultPhoto(card.id, card.picture, card.thumbnail or card.picture, **common, **words)
    preview = LinkPreviewOptions(is_disabled=True)
    text = InputTextMessageContent(card.caption, parse_mode=HTML, link_preview_options=preview)
    return InlineQueryResultArticle(card.id, input_message_content=text, **common)
