"""What a message with a list says of itself: the button to the same list on the site holds what it is a list of.

So the buttons of a list work as long as the message stands, and of several lists in a chat each goes on with its own.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from starbid.criteria_words import filters_of, sort_name
from starbid.domain.criteria import SORTS, Looking, query_of, read_query
from starbid.telegram import keyboards
from starbid.telegram.html import escape, title
from starbid.telegram.keyboards import Button
from webhook.conversation import Conversation

_ALWAYS = "sort"
"""The field that each list has in its address, and nothing else that leads to the front page."""


def site_button(chat: Conversation, looking: Looking) -> Button:
    return keyboards.site(chat.words._("All on the site"), f"/?{urlencode(query_of(looking))}", chat.app.settings)


def looking_on(chat: Conversation) -> Looking | None:
    """What the pressed message is a list of; None where it is no list, or Telegram no longer brings it along."""
    for row in chat.pressed.keyboard if chat.pressed else ():
        for button in row:
            address = urlsplit(button.app or button.url or "")
            query = dict(parse_qsl(address.query))
            if address.path == "/" and _ALWAYS in query:
                return read_query(query)
    return None


def head(chat: Conversation, looking: Looking) -> str:
    """The first lines of a list: what was looked for, and how it is narrowed down and sorted."""
    words, text = chat.words, looking.criteria.text
    named = words._("<b>Live lots for “{text}”</b>", text=title(text, words)) if text else words._("<b>Live lots</b>")
    said = list(filters_of(looking, words).values())
    if looking.sort != SORTS[0]:
        said.append(sort_name(looking.sort, words))
    return f"{named}\n{escape(' · '.join(said))}" if said else named
