"""What the bot says in a group that calls it, and to its keepers where its place in a group or channel changes.

All of it is set up in private chat (screens/connecting.py): who comes there is known, and Telegram is asked whether
they are an admin, so it does not matter who called.
"""

from __future__ import annotations

from collections.abc import Callable

from starbid import links
from starbid.bootstrap import App
from starbid.domain.languages import language_of
from starbid.domain.people import Person
from starbid.domain.showcases import NotAdmin, Showcase, ShowcasesFull, Venue
from starbid.i18n import Language, language, language_to
from starbid.services.ports import Contended, Rejected, Spot, TryLater, Unreachable
from starbid.services.showcases.connecting import Admin
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from starbid.telegram.updates import Called, Placed, Sender
from webhook.conversation import patiently
from webhook.log import log
from webhook.screens.connecting import open_button, shown

CALL_SECONDS = 60
"""The least between two answers in a group: Telegram takes 20 messages a minute there, and posts need them."""


def called(app: App, call: Called) -> None:
    """Answer with the way into private chat; at most once a minute in each chat."""
    _invite(app, call.chat_id, call.thread, language(language_of(call.language_code)))


def placed(app: App, change: Placed) -> None:
    """The bot came, was given other rights, or was sent away. Raises Contended where it is to be told again."""
    try:
        _place(app, change)
    except TryLater as later:
        raise Contended from later


def _place(app: App, change: Placed) -> None:
    venue = change.venue
    if not change.is_there:
        gone = app.connecting.gone(venue.chat_id)
        if gone:
            _tell_keepers(app, gone, _gone)
        return
    told = app.connecting.told(venue)
    if told:
        before, after = told
        if before.may_post != after.may_post:
            _tell_keepers(app, after, _regained if after.may_post else _lost)
        if change.sender and change.sender.id not in after.keepers:
            known = Venue(after.chat_id, after.title, after.is_channel, after.may_post)
            _connect(app, known, change.sender)
    elif change.sender:
        _connect(app, venue, change.sender)
    elif change.is_new and not venue.is_channel:
        _invite(app, venue.chat_id, None, language("en"))


def _connect(app: App, venue: Venue, sender: Sender) -> None:
    """It is theirs from now on, if they are an admin there; what is posted, they say in private chat."""
    person = app.store.person(sender.id)
    code = person.language if person else language_of(sender.language_code)
    try:
        showcase = app.connecting.connect(
            venue.chat_id, Admin(sender.id, code, person.zone if person else None), app.now(), venue
        )
    except (NotAdmin, ShowcasesFull) as refused:
        log().info("chat %s was not connected: %r", venue.chat_id, refused)
        return
    if person and _tell(app, person, lambda words: shown(showcase, sender.id, words, app.settings.bot_username)):
        app.claims.claim(_call(venue.chat_id), CALL_SECONDS, app.now())  # Telegram says `/start` there as well
    elif not venue.is_channel:
        _invite(app, venue.chat_id, None, language(code))


def _invite(app: App, chat_id: int, thread: int | None, words: Language) -> None:
    if not app.claims.claim(_call(chat_id), CALL_SECONDS, app.now()):
        return
    text = words._("I can post lots here, and people bid on them with one tap.\nAn admin sets it up in a private chat.")
    way = Button(words._("Set it up"), url=links.to_connect(app.settings.bot_username, chat_id, thread))
    try:
        patiently(lambda: app.bot.send_message(chat_id, text, ((way,),), Spot(thread)))
    except (TryLater, Unreachable, Rejected) as error:
        log().info("chat %s was not answered: %r", chat_id, error)


def _call(chat_id: int) -> str:
    return f"called#{chat_id}"


Say = Callable[[Language], tuple[str, tuple[tuple[Button, ...], ...]]]


def _tell_keepers(app: App, showcase: Showcase, say: Callable[[Showcase, Language], str]) -> None:
    """Nothing is lost where somebody cannot be told: `/connect` shows it."""
    for person in app.store.people(showcase.keepers).values():
        _tell(app, person, lambda words: (say(showcase, words), ((open_button(showcase, words),),)))


def _tell(app: App, person: Person, say: Say) -> bool:
    """Whether it was said."""
    if person.blocked or person.unreachable:
        return False
    text, keyboard = say(language_to(person, app.now(), lasting=True))
    try:
        patiently(lambda: app.bot.send_message(person.id, text, keyboard))
    except (TryLater, Unreachable, Rejected) as error:
        log().info("a keeper of a chat was not told: %r", error)
        return False
    return True


def _gone(showcase: Showcase, words: Language) -> str:
    return words._("I was removed from “{title}”: no lots are posted there any more.", title=escape(showcase.title))


def _lost(showcase: Showcase, words: Language) -> str:
    return words._(
        "I may no longer post in “{title}”. Give me the right to post messages, and I continue.",
        title=escape(showcase.title),
    )


def _regained(showcase: Showcase, words: Language) -> str:
    return words._("I may post in “{title}” again, and continue.", title=escape(showcase.title))
