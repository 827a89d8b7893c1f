"""Inline mode: somebody types the bot's name in any chat, and chooses a lot to show there.

They may never have spoken to the bot: nobody is registered by typing. What they send is the business of
`starbid.telegram.inline_cards`.
"""

from __future__ import annotations

from starbid.bootstrap import App
from starbid.domain.languages import language_of
from starbid.services.sharing import SharedPage
from starbid.telegram.inline_cards import InlineStyle, inline_card, public_words
from starbid.telegram.updates import InlineQuery
from webhook.log import log

CACHE_SECONDS = 5
"""Prices move; it spares those who delete a letter and type it again."""
ALL_LOTS = "auctions"
"""The payload with which the bot shows all lots."""


def answer(app: App, query: InlineQuery) -> None:
    """The lots that end first, or those that the words find. Raises TryLater, Unreachable and Rejected."""
    now = app.now()
    page = app.sharing.found(query.text, query.place, query.sender.id, now)
    words = public_words(page.person, language_of(query.sender.language_code), now)
    style = InlineStyle(words, now, app.settings)
    cards = [inline_card(shared, style) for shared in page.lots]
    way_out = (words._("Nothing found. See all lots"), ALL_LOTS) if _is_nothing(page, query) else None
    if not app.bot.answer_inline(query.query_id, cards, page.place, CACHE_SECONDS, way_out):
        log().info("an inline query was answered too late")


def _is_nothing(page: SharedPage, query: InlineQuery) -> bool:
    """Not the end of a list that was scrolled; and one who is blocked is led nowhere."""
    blocked = page.person is not None and page.person.blocked
    return not page.lots and not page.place and not query.place and not blocked
