"""Cards of lots as rich messages, where they are switched on and Telegram takes them.

None of what is here sends twice: another card takes the place of one that Telegram has refused, never of one whose
answer was lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from starbid.services.ports import Rejected
from starbid.services.retrying import OUTAGES
from starbid.services.views import LotView
from starbid.telegram.bot_rich import SentRich
from starbid.telegram.cards import CardStyle
from starbid.telegram.photos import SIZE
from starbid.telegram.rich_blocks import RichCard
from starbid.telegram.rich_cards import draw_rich
from webhook.conversation import Conversation, patiently
from webhook.log import log

Photos = Sequence[bytes | str]
Deliver = Callable[[Photos], SentRich | None]
"""Shows photos given as bytes or file ids; answers what stands there, None where it is gone."""


def send(chat: Conversation, view: LotView, style: CardStyle) -> SentRich | None:
    """A rich card as a new message; None where a card of the other kind has to be sent."""
    bot = chat.app.bot
    if not (chat.app.settings.rich_cards and bot.takes_rich()):
        return None
    card = _card(chat, view, style)
    sent = _unless_refused(
        lambda: _deliver(chat, view, lambda photos: patiently(lambda: bot.send_rich(chat.chat_id, card, photos)))
    )
    if sent is None:
        bot.rest_rich()
    return sent


def turn(chat: Conversation, message_id: int, view: LotView, style: CardStyle) -> SentRich | None:
    """Another lot, or the photos that it has by now, in the place of a rich card; None where it is gone, or refused."""
    bot, card = chat.app.bot, _card(chat, view, style)

    def edit(photos: Photos) -> SentRich | None:
        return patiently(lambda: bot.edit_rich(chat.chat_id, message_id, card, photos))

    return _unless_refused(lambda: _deliver(chat, view, edit))


def edit(
    chat: Conversation, message_id: int, view: LotView, style: CardStyle, photos: tuple[str, ...]
) -> SentRich | None:
    """The same photos, and the lot as it is now, in the place of a rich card; None where it is gone, or refused."""
    bot, card = chat.app.bot, _card(chat, view, style)
    return _unless_refused(lambda: patiently(lambda: bot.edit_rich(chat.chat_id, message_id, card, photos)))


def _card(chat: Conversation, view: LotView, style: CardStyle) -> RichCard:
    return draw_rich(view, style, chat.app.newest_bids.of(view.lot.auction))


def _unless_refused(call: Callable[[], SentRich | None]) -> SentRich | None:
    try:
        return call()
    except Rejected as refusal:
        log().warning("a rich card was refused: %s", refusal)
        return None


def _deliver(chat: Conversation, view: LotView, deliver: Deliver) -> SentRich | None:
    """The photos of the lot by their file ids; those that Telegram does not have yet, or any more, are uploaded."""
    file_ids, pictures = chat.app.file_ids, view.lot.card.pictures
    known = {picture: found for picture in pictures if (found := file_ids.find(picture, chat.now))}
    try:
        return _deliver_as(chat, pictures, known, deliver)
    except Rejected:
        if not known:
            raise
    return _deliver_as(chat, pictures, {}, deliver)  # there may be a file id of another time or bot


def _deliver_as(
    chat: Conversation, pictures: Sequence[str], known: dict[str, str], deliver: Deliver
) -> SentRich | None:
    if len(known) < len(pictures):
        chat.slowly("upload_photo")
    given = [(picture, known.get(picture) or chat.app.pictures.load(picture, SIZE)) for picture in pictures]
    found = [(picture, photo) for picture, photo in given if photo]
    sent = deliver([photo for _, photo in found])
    if sent and len(sent.photos) == len(found):
        for (picture, photo), file_id in zip(found, sent.photos, strict=True):
            if isinstance(photo, bytes):
                with suppress(*OUTAGES):  # it stands in the chat: who sends it again would send it twice
                    chat.app.file_ids.keep(picture, file_id, chat.now)
    return sent
