"""Whether a person wants to hear broadcasts: a button under each of them; also one of all switches (notices)."""

from __future__ import annotations

from starbid.domain.switches import Switch
from starbid.telegram.keyboards import Button
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens


def news_button(chat: Conversation) -> Button:
    """Turns it the other way."""
    return _button(chat, wanted=Switch.NEWS in chat.person.switched_off)


@screens.press("news", keeps_question=True)
def press(chat: Conversation, args: list[str]) -> None:
    """`1` wants them, `0` does not: pressed twice it does nothing more. The message stays, its button turns."""
    (wanted,) = callback_data.parts(args, 1)
    if wanted not in ("0", "1"):
        raise callback_data.Garbled
    chat.known_as(chat.app.people.switch(chat.person.id, {Switch.NEWS: wanted == "1"}))
    chat.acted = True
    _ = chat.words._
    chat.toast(_("You will get news again.") if wanted == "1" else _("You will get no more news."))
    chat.change_buttons(lambda button: _turned(chat, button))


def _turned(chat: Conversation, button: Button) -> Button:
    return news_button(chat) if (button.data or "").startswith("news:") else button


def _button(chat: Conversation, *, wanted: bool) -> Button:
    _ = chat.words._
    return Button(_("Get news"), "news:1") if wanted else Button(_("No more news"), "news:0")
