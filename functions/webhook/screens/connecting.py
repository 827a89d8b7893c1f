"""Groups and channels where lots are posted, set up by their admins (`sc:<chat>:...`).

sc:<chat>            its settings
sc:<chat>:s:<what>   what is posted: own, all, a category, or nothing (-)
sc:<chat>:c          choose a category
sc:<chat>:l:<code>   the language of its posts
sc:<chat>:t          into no topic any more
sc:<chat>:off        disconnect it: asked once (OFF is sure)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from starbid import links
from starbid.category_words import category_name
from starbid.domain.lots import CATEGORIES
from starbid.domain.people import LANGUAGES
from starbid.domain.showcases import ALL, NOTHING, OWN, NotAdmin, Showcase
from starbid.i18n import LANGUAGE_NAMES, Language
from starbid.services.ports import Contended, TryLater
from starbid.services.showcases.connecting import Admin
from starbid.telegram import keyboards
from starbid.telegram.html import cut, escape
from starbid.telegram.keyboards import Button, Keyboard, Row
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens

Change = Callable[[Showcase], Showcase]
TITLE_UNITS, BUTTON_UNITS = 100, 40
NEW_FOR = timedelta(days=1)
"""As long as a person is told of what waits since before they came."""
_CHAT = re.compile(r"-[1-9][0-9]{0,15}")
_PAYLOAD = re.compile(r"(-[1-9][0-9]{0,15})(?:_([1-9][0-9]{0,9}))?")
_NONE = "-"


@screens.command("connect")
def connect(chat: Conversation, _rest: str) -> None:
    """All that one looks after, and how to add one."""
    words, mine = chat.words, chat.app.connecting.of(chat.person.id)
    text = words._(
        "<b>Groups and channels</b>\nI post lots in your group or channel and keep the price current. People bid with "
        "one tap, right in the post."
    )
    how = words._("Add me, then choose what to post. If I am in the group already, write /connect there.")
    rows = [(open_button(each, words),) for each in mine]
    name = chat.app.settings.bot_username
    add = (
        Button(words._("Add to a group"), url=links.to_group(name)),
        Button(words._("Add to a channel"), url=links.to_channel(name)),
    )
    chat.show(f"{text}\n\n{how}", *rows, add)


def tell_newcomer(chat: Conversation) -> None:
    """Somebody may have added the bot to a channel before they had ever started it: nothing could be said to them, and
    the readers of a channel are not asked.
    """
    if chat.now - chat.person.joined_at >= NEW_FOR:
        return
    waiting = [each for each in chat.app.connecting.of(chat.person.id) if each.is_channel and each.shows == NOTHING]
    if waiting:
        words, rows = chat.words, [(open_button(each, chat.words),) for each in waiting]
        chat.say(words._("You have added me to a channel. Choose what I post there:"), *rows, back=False)


def arrive(chat: Conversation, payload: str) -> None:
    """Somebody follows the button that the bot has shown in a group: `<chat>` or `<chat>_<topic>`. It is connected, if
    they are an admin of it.
    """
    found = _PAYLOAD.fullmatch(payload)
    if not found:
        connect(chat, "")
        return
    chat_id, thread = int(found[1]), int(found[2]) if found[2] else None
    if chat_id == chat.app.settings.admin_chat_id:
        connect(chat, "")
        return
    _show(chat, _asking(lambda: chat.app.connecting.connect(chat_id, _admin(chat), chat.now, thread=thread)))


@screens.press("sc")
def press(chat: Conversation, args: list[str]) -> None:
    match args:
        case [number]:
            _show(chat, _one(chat, _id(number)))
        case [number, "s", what]:
            _choose(chat, _id(number), what)
        case [number, "c"]:
            _categories(chat, _one(chat, _id(number)))
        case [number, "l", code] if code in LANGUAGES:
            _show(chat, _change(chat, _id(number), lambda known: known.changed(language=code, zone=chat.person.zone)))
        case [number, "t"]:
            _show(chat, _change(chat, _id(number), lambda known: known.changed(thread=None)))
        case [number, "off"]:
            _ask_to_disconnect(chat, _one(chat, _id(number)))
        case [number, "OFF"]:
            _disconnect(chat, _id(number))
        case _:
            raise callback_data.Garbled


def shown(showcase: Showcase, viewer_id: int, words: Language, bot_username: str) -> tuple[str, Keyboard]:
    """What is set, buttons that change it, and the way in for other admins."""
    title = escape(cut(showcase.title, TITLE_UNITS))
    lines = [f"<b>{title}</b>", _what(showcase, viewer_id, words)]
    lines.append(words._("Language of the posts: {language}", language=LANGUAGE_NAMES[showcase.language]))
    if showcase.thread:
        lines.append(words._("Lots go into the topic where I was called."))
    if not showcase.may_post:
        lines.append(words._("⚠️ I may not post there yet. Make me an admin with the right to post messages."))
    link = links.to_connect(bot_username, showcase.chat_id, None)
    lines.append(words._("Other admins set it up by this link: {link}", link=link))
    return "\n".join(lines), _buttons(showcase, words)


def open_button(showcase: Showcase, words: Language) -> Button:
    text = cut(showcase.title, BUTTON_UNITS).strip() or words._("Group")
    if not showcase.may_post:
        text = f"⚠️ {text}"
    return Button(text, f"sc:{showcase.chat_id}")


def _what(showcase: Showcase, viewer_id: int, words: Language) -> str:
    match showcase.shows:
        case "":
            return words._("Nothing is posted yet: choose what to post.")
        case "own" if showcase.seller_id == viewer_id:
            return words._("Posted: your new lots.")
        case "own":
            return words._("Posted: new lots of another admin.")
        case "all":
            return words._("Posted: all new lots.")
        case category:
            return words._("Posted: new lots in “{category}”.", category=category_name(category, words))


def _buttons(showcase: Showcase, words: Language) -> Keyboard:
    _, number = words._, showcase.chat_id

    def choice(text: str, data: str, *, chosen: bool) -> Button:
        return Button(f"{text} ✓" if chosen else text, f"sc:{number}:{data}")

    shows, is_category = showcase.shows, showcase.shows in CATEGORIES
    rows: list[Row] = [
        (choice(_("My lots"), "s:own", chosen=shows == OWN), choice(_("All lots"), "s:all", chosen=shows == ALL)),
        (choice(_("A category"), "c", chosen=is_category), choice(_("Nothing"), "s:-", chosen=shows == NOTHING)),
        tuple(choice(LANGUAGE_NAMES[code], f"l:{code}", chosen=code == showcase.language) for code in LANGUAGES),
    ]
    if showcase.thread:
        rows.append((Button(_("Post outside the topic"), f"sc:{number}:t"),))
    rows.append((Button(_("Disconnect"), f"sc:{number}:off"), keyboards.go(_("Groups and channels"), "connect")))
    return tuple(rows)


def _show(chat: Conversation, showcase: Showcase) -> None:
    text, rows = shown(showcase, chat.person.id, chat.words, chat.app.settings.bot_username)
    chat.show(text, *rows)


def _choose(chat: Conversation, chat_id: int, what: str) -> None:
    shows = NOTHING if what == _NONE else what
    if shows not in (NOTHING, OWN, ALL, *CATEGORIES):
        raise callback_data.Garbled
    _show(chat, _change(chat, chat_id, lambda known: known.showing(shows, chat.person.id)))


def _categories(chat: Conversation, showcase: Showcase) -> None:
    words, number = chat.words, showcase.chat_id
    choices = [Button(category_name(each, words), f"sc:{number}:s:{each}") for each in CATEGORIES]
    rows = [tuple(choices[first : first + 2]) for first in range(0, len(choices), 2)]
    chat.show(words._("Which lots do I post in “{title}”?", title=escape(cut(showcase.title, TITLE_UNITS))), *rows,
              (open_button(showcase, words),))  # fmt: skip


def _ask_to_disconnect(chat: Conversation, showcase: Showcase) -> None:
    words, title = chat.words, escape(cut(showcase.title, TITLE_UNITS))
    text = words._("Disconnect “{title}”? No new lots are posted there; posts that stand stay current.", title=title)
    sure = Button(words._("Disconnect"), f"sc:{showcase.chat_id}:OFF")
    chat.show(text, (sure,), (open_button(showcase, words),))


def _disconnect(chat: Conversation, chat_id: int) -> None:
    """One who is no admin any more takes it off their own list."""
    try:
        _asking(lambda: chat.app.connecting.disconnect(chat_id, chat.person.id))
    except NotAdmin:
        chat.app.connecting.leave(chat_id, chat.person.id)
    chat.acted = True
    connect(chat, "")


def _one(chat: Conversation, chat_id: int) -> Showcase:
    return _asking(lambda: chat.app.connecting.one(chat_id, chat.person.id))


def _change(chat: Conversation, chat_id: int, change: Change) -> Showcase:
    return _asking(lambda: chat.app.connecting.change(chat_id, chat.person.id, change))


def _asking(call: Callable[[], Showcase]) -> Showcase:
    """Telegram is asked who is an admin; where it cannot say now, the update comes again."""
    try:
        return call()
    except TryLater as later:
        raise Contended from later


def _admin(chat: Conversation) -> Admin:
    return Admin(chat.person.id, chat.person.language, chat.person.zone)


def _id(text: str) -> int:
    if not _CHAT.fullmatch(text):
        raise callback_data.Garbled
    return int(text)
