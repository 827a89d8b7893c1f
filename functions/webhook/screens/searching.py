"""A text that answers no question: the lots that it finds."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid.telegram import keyboards
from starbid.telegram.html import title
from starbid.telegram.keyboards import Button
from webhook.conversation import Conversation
from webhook.screens import menu
from webhook.screens.mine import openers
from webhook.screens.watching import line

SHOWN = 8
"""Lots of the answer; the site has them all."""
LONGEST = 100
"""Characters that the site's field of search takes."""


def search(chat: Conversation, text: str) -> None:
    """Live lots with all words of the text, what ends first above; the menu where there is none."""
    _ = chat.words._
    asked = " ".join(text.split())[:LONGEST]
    found = chat.app.browsing.found(asked, chat.person.id, chat.now, SHOWN)
    shown = title(asked, chat.words)
    if found.views:
        head = _("<b>Live lots for “{text}”</b>", text=shown)
        lines = [line(view, chat) for view in found.views]
        more = (_on_the_site(chat, asked),) if found.more else ()
        chat.say("\n".join((head, *lines)), *openers(list(found.views)), more)
    elif found.more:
        none = _(
            "Among the lots that end first there is nothing for “{text}”.\nThe site searches all of them.",
            text=shown,
        )
        chat.say(none, (_on_the_site(chat, asked),))
    else:
        none = _(
            "No live lot matches “{text}”.\nTry another word or choose below. How it works: /help",
            text=shown,
        )
        chat.say(none, *menu.menu_rows(chat), back=False)


def _on_the_site(chat: Conversation, asked: str) -> Button:
    return keyboards.site(chat.words._("All on the site"), f"/?{urlencode({'q': asked})}", chat.app.settings)
