"""A lot as a card for other chats: what inline mode offers, and what somebody sends on from the Mini App.

It is read by anybody, at any time after, and never edited: so it has nothing of the one who sends it but their
language, names whole dates, says when its price was so, and has no button that bids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from starbid import links
from starbid.config import Settings
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.i18n import Language, language, language_to
from starbid.services.sharing import SharedLot
from starbid.services.views import LotView, view_lot
from starbid.telegram.bot_api import BotApi
from starbid.telegram.bot_inline import InlineCard
from starbid.telegram.card_words import facts_line, falling_line, price_line, time_left, until_line
from starbid.telegram.cards import card_title, described
from starbid.telegram.html import cut, escape, one_line, parsed_units
from starbid.telegram.keyboards import Button, Keyboard

PICTURE_SIZE, THUMBNAIL_SIZE = "large", "small"
LIST_UNITS = 120
"""Of title and description in the list of results, where phones show a line of each."""


@dataclass(frozen=True, slots=True)
class InlineStyle:
    """What a card depends on besides the lot."""

    words: Language
    now: datetime
    settings: Settings


def public_words(person: Person | None, language_code: str, now: datetime) -> Language:
    """The language of the one who sends, in their zone; `language_code` for one whom nobody knows. Without a "today":
    others read it, later.
    """
    return replace(language_to(person, now) if person else language(language_code), now=None)


def inline_card(shared: SharedLot, style: InlineStyle) -> InlineCard:
    """A lot as a result of an inline query or as a prepared message."""
    words, settings, lot = style.words, style.settings, shared.lot
    view = view_lot(lot, None, style.now)
    pictures = lot.card.pictures if settings.base_url.startswith("https://") else ()
    return InlineCard(
        id=lot.auction.id,
        title=cut(one_line(lot.card.title), LIST_UNITS),
        about=cut(_about(view, words), LIST_UNITS),
        caption=_caption(view, style),
        keyboard=_keyboard(lot.auction.id, words, settings),
        file_id=shared.file_id,
        picture=settings.base_url + links.picture_path(pictures[0], PICTURE_SIZE) if pictures else None,
        thumbnail=settings.base_url + links.picture_path(pictures[0], THUMBNAIL_SIZE) if pictures else None,
    )


def _keyboard(auction_id: str, words: Language, settings: Settings) -> Keyboard:
    to_lot = Button(words._("Open the lot"), url=links.to_lot(settings.bot_username, auction_id))
    if not settings.has_main_app:
        return ((to_lot,),)
    return ((to_lot,), (Button(words._("Open on the site"), url=links.to_app(settings.bot_username, auction_id)),))


def _about(view: LotView, words: Language) -> str:
    """One line below the title, in the list of results."""
    return f"{words.money(view.price)} · {time_left(view, words)}"


def _caption(view: LotView, style: InlineStyle) -> str:
    """In the order of every card, under 1024 units."""
    words = style.words
    last = words._("Price as of {moment}. The button shows the current one.", moment=words.moment(style.now))
    lines = [
        f"<b>{escape(card_title(view))}</b>",
        price_line(view, words, style.now),
        until_line(view, words, style.now),
        facts_line(view, words, buttons=False),
        falling_line(view, words),
    ]
    shown = "\n".join(line for line in lines if line)
    return f"{described(shown, view.lot.card.description, parsed_units(last))}\n\n<i>{last}</i>"


class TelegramPrepared:
    """Implements `ports.PreparedMessages`."""

    def __init__(self, bot: Callable[[], BotApi], settings: Settings) -> None:
        self._bot, self._settings = bot, settings

    def prepare(self, person: Person, lot: Lot, file_id: str | None, now: datetime) -> str:
        style = InlineStyle(public_words(person, person.language, now), now, self._settings)
        return self._bot().prepare_message(person.id, inline_card(SharedLot(lot, file_id), style))
