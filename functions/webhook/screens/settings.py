"""The settings: a row for everything that the page has. Three things are done on the site, and a row leads there: a
token is made, whose secret would stay in the chat; an address is confirmed; a browser is subscribed to notices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from starbid.domain.errors import NotFound
from starbid.i18n import LANGUAGE_NAMES
from starbid.services.ports import ApiToken
from starbid.telegram import keyboards
from starbid.telegram.card_words import quoted
from starbid.telegram.html import cut, one_line
from starbid.telegram.keyboards import Button, Row
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens import sessions
from webhook.screens.browsers import browsers_row
from webhook.screens.email import email_row
from webhook.screens.notices import notices_button
from webhook.screens.zones import zone_button

NAME_ON_BUTTON = 28
_ID = re.compile(r"[0-9a-f]{16}")


@screens.command("settings")
def settings(chat: Conversation, _rest: str) -> None:
    """A row for each thing, with how it is."""
    _, go = chat.words._, keyboards.go
    chat.show(
        _("<b>Settings</b>\nFor the bot and the site alike."),
        (go(_("Language: {name}", name=LANGUAGE_NAMES[chat.person.language]), "language"),),
        (zone_button(chat),),
        (notices_button(chat),),
        email_row(chat),
        browsers_row(chat),
        _helper(chat),
        (Button(_("API tokens: {n}", n=chat.person.tokens), "st:tokens"), Button(_("Sessions"), "st:sessions")),
        (go(_("Your data"), "privacy"), go(_("Terms"), "terms"), go(_("Support"), "support")),
        (keyboards.site(_("Download your data"), "/settings/export", chat.app.settings),),
        (
            keyboards.site(
                _("Keep my account") if chat.person.leaves_at else _("Delete the account"),
                "/settings/delete",
                chat.app.settings,
            ),
            keyboards.site(_("Settings on the site"), "/settings", chat.app.settings),
        ),
    )


def _helper(chat: Conversation) -> Row:
    """Where it is offered; who has agreed can take it back where it no longer is."""
    offered = chat.app.settings.business.assistant.is_offered
    if offered or chat.app.questions.account(chat.person.id).consent_at:
        return (Button(chat.words._("AI helper"), "ai:set"),)
    return ()


@screens.command("language")
def choose_language(chat: Conversation, _rest: str) -> None:
    chosen = chat.person.language
    row = (Button(("✓ " if code == chosen else "") + name, f"lang:{code}") for code, name in LANGUAGE_NAMES.items())
    chat.show(chat.words._("Which language?"), tuple(row), _back(chat))


@screens.press("lang")
def press_language(chat: Conversation, args: list[str]) -> None:
    """`ru` or `en`."""
    (code,) = callback_data.parts(args, 1)
    chat.known_as(chat.app.people.set_language(chat.person.id, code))
    chat.acted = True
    chat.toast(chat.words._("The language is now English."))
    choose_language(chat, "")


@screens.press("st")
def press(chat: Conversation, args: list[str]) -> None:
    """`tokens`, `token:<id>`, `TOKEN:<id>`, `sessions`, `end:<id>`, `SESSIONS`; capitals are sure."""
    match args:
        case [verb] if verb in _SCREENS:
            _SCREENS[verb](chat)
        case [verb, one] if verb in _STEPS_OF_ONE and _ID.fullmatch(one):
            _STEPS_OF_ONE[verb](chat, one)
        case _:
            raise callback_data.Garbled


def _tokens(chat: Conversation) -> None:
    words, tokens = chat.words, chat.app.tokens.of(chat.person.id)
    about = words._("<b>API tokens</b>\nA token lets a program bid and sell on your behalf.")
    known = [f"• {quoted(token.name, words)} · {words.moment(token.created_at)}" for token in tokens]
    lines = known or [words._("You have none.")]
    new = words._("New ones are made on the site: here the secret would stay in the chat.")
    delete = [(_delete_button(chat, token),) for token in tokens]
    site = keyboards.site(words._("New token"), "/settings", chat.app.settings)
    chat.show("\n".join((about, "", *lines, "", new)), *delete, (*_back(chat), site))


def _delete_button(chat: Conversation, token: ApiToken) -> Button:
    name = cut(one_line(token.name), NAME_ON_BUTTON)
    return Button(chat.words._("Delete {name}", name=name), f"st:token:{token.public_id}")


def _ask_to_delete(chat: Conversation, token_id: str) -> None:
    words, token = chat.words, _token(chat, token_id)
    if token is None:
        _gone(chat)
        return
    name = quoted(token.name, words)
    text = words._("Delete the token {name}?\nPrograms that use it lose access at once.", name=name)
    yes = Button(words._("Yes, delete it"), f"st:TOKEN:{token_id}")
    chat.show(text, (yes,), (Button(words._("Back"), "st:tokens"),))


def _delete(chat: Conversation, token_id: str) -> None:
    """One that is gone already is fine."""
    with suppress(NotFound):
        chat.app.tokens.drop(chat.person.id, token_id)
    chat.acted = True
    _gone(chat)


def _gone(chat: Conversation) -> None:
    chat.toast(chat.words._("The token is deleted."))
    _tokens(chat)


def _token(chat: Conversation, token_id: str) -> ApiToken | None:
    return next((token for token in chat.app.tokens.of(chat.person.id) if token.public_id == token_id), None)


def _back(chat: Conversation) -> Row:
    return (keyboards.go(chat.words._("Back"), "settings"),)


_SCREENS: Mapping[str, Callable[[Conversation], None]] = {
    "tokens": _tokens,
    "sessions": sessions.show,
    "SESSIONS": sessions.end_all,
}
_STEPS_OF_ONE: Mapping[str, Callable[[Conversation, str], None]] = {
    "token": _ask_to_delete,
    "TOKEN": _delete,
    "end": sessions.end,
}
