"""What a person hears of a lot: muting it under a notice, and the screen that says how it is."""

from __future__ import annotations

from starbid.telegram import keyboards
from starbid.telegram.card_words import quoted
from starbid.telegram.keyboards import Button
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens.about_lot import open_button, view_of


@screens.press("mute", keeps_question=True)
def press(chat: Conversation, args: list[str]) -> None:
    """`<lot>` shows how it is; `<lot>:1` mutes and `<lot>:0` unmutes: pressed twice it does nothing more."""
    auction_id = callback_data.lot_id(args[0]) if args else ""
    if len(args) == 1:
        _show(chat, auction_id)
        return
    auction_id, wanted = callback_data.parts(args, 2)
    if wanted not in ("0", "1"):
        raise callback_data.Garbled
    muted = wanted == "1"
    if muted:
        chat.app.muting.mute(chat.person.id, auction_id, chat.now)
    else:
        chat.app.muting.unmute(chat.person.id, auction_id)
    chat.acted = True
    chat.toast(_told(chat, muted=muted))
    if chat.on_screen:
        _show(chat, auction_id)
    else:
        chat.change_buttons(lambda button: _other(chat, button, auction_id, muted=muted))


def _show(chat: Conversation, auction_id: str) -> None:
    view = view_of(chat, auction_id)
    muted = chat.app.muting.is_muted(chat.person.id, auction_id, chat.now)
    text = f"{quoted(view.lot.card.title, chat.words)}\n{_told(chat, muted=muted)}"
    change = (keyboards.mute(chat.words, auction_id, wanted=not muted),) if muted or view.status.is_open else ()
    chat.show(text, change, (open_button(chat, view),))


def _other(chat: Conversation, button: Button, auction_id: str, *, muted: bool) -> Button:
    """The button as it is from now on."""
    if not (button.data or "").startswith(f"mute:{auction_id}:"):
        return button
    return keyboards.mute(chat.words, auction_id, wanted=not muted)


def _told(chat: Conversation, *, muted: bool) -> str:
    if muted:
        return chat.words._("This lot is muted: you only hear what concerns your money and your deal.")
    return chat.words._("You get all notices of this lot.")
