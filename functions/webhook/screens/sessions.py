"""Where a person is logged in on the site, in the settings of the chat: each session can be ended, and all at once."""

from __future__ import annotations

from contextlib import suppress

from starbid.domain.errors import NotFound
from starbid.services.ports import KnownSession
from starbid.services.sessions import MOST_KNOWN
from starbid.session_words import session_name
from starbid.telegram import keyboards
from starbid.telegram.html import cut, escape, one_line
from starbid.telegram.keyboards import Button
from webhook.conversation import Conversation

MOST_SHOWN = 8
_ON_BUTTON, _IN_LINE = 28, 60


def show(chat: Conversation) -> None:
    """Those that were used last, and how many more there are."""
    words, back = chat.words, keyboards.go(chat.words._("Back"), "settings")
    known = chat.app.sessions.of(chat.person.id, chat.person.ended_sessions, chat.now)
    about = words._(
        "<b>Sessions</b>\n"
        "You stay logged in on the site for 30 days. Lost a device, or logged in on somebody else's? End all sessions: "
        "every browser is logged out at once.\n"
        "This chat and API tokens stay as they are."
    )
    shown = list(enumerate(known[:MOST_SHOWN], start=1))
    lines = [_line(chat, number, session) for number, session in shown]
    ends = [(_end_button(chat, number, session),) for number, session in shown]
    more = [_more(chat, len(known))] if len(known) > MOST_SHOWN else []
    browser = keyboards.logged_in(words._("Open in the browser"), "/", chat.app.settings)
    everywhere = Button(words._("End all sessions"), "st:SESSIONS")
    chat.show("\n\n".join((about, *lines, *more)), *ends, (everywhere,), (browser,), (back,))


def end(chat: Conversation, session_id: str) -> None:
    """One of the list; one that is over already is fine."""
    with suppress(NotFound):
        chat.known_as(chat.app.sessions.end(chat.person.id, session_id, chat.now))
    chat.acted = True
    chat.toast(chat.words._("The session is ended."))
    show(chat)


def end_all(chat: Conversation) -> None:
    """All that there were when it was pressed: handled again later, it ends no newer one."""
    chat.app.sessions.end_all(chat.person.id, chat.arrived)
    chat.acted = True
    text = chat.words._("All sessions are ended: nobody is logged in on the site as you.")
    site = keyboards.site(chat.words._("Open the site"), "/", chat.app.settings)
    chat.conclude(text, (site,), (keyboards.go(chat.words._("Back"), "settings"),))


def _line(chat: Conversation, number: int, session: KnownSession) -> str:
    words = chat.words
    return words._(
        "{n}. {name}\nLogged in: {began}. Last used: {seen}.",
        n=number,
        name=escape(cut(one_line(session_name(session, words)), _IN_LINE)),
        began=words.moment(session.issued_at),
        seen=words.moment(session.seen_at),
    )


def _end_button(chat: Conversation, number: int, session: KnownSession) -> Button:
    name = cut(one_line(session_name(session, chat.words)), _ON_BUTTON)
    return Button(chat.words._("End {n}: {name}", n=number, name=name), f"st:end:{session.id}")


def _more(chat: Conversation, known: int) -> str:
    words, more = chat.words, known - MOST_SHOWN
    if known == MOST_KNOWN:
        return words._("And at least {n} more, used longer ago.", n=more)
    return words.ngettext("And {n} more, used longer ago.", "And {n} more, used longer ago.", more)
