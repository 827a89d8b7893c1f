"""The chat that the admins share (`ADMIN_CHAT_ID`): answers to tickets, and buttons that act by the presser's role.

A reply in a ticket's topic, or to a message about it, goes to the person; all else that is
said there is the admins' own talk.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.bootstrap import App
from starbid.domain.audit_trail import Decision, decided
from starbid.domain.errors import Conflict, StarbidError
from starbid.domain.people import Person
from starbid.domain.roles import Right
from starbid.i18n import Language, language_to
from starbid.services.ports import Contended, Rejected, Spot, TryLater, Unreachable, questions_of
from starbid.telegram.html import MAX_TOAST, cut, escape
from starbid.telegram.updates import InGroup, Pressed, Said
from starbid.wording import refusal
from webhook import asking, callback_data
from webhook.callback_data import Garbled
from webhook.conversation import Conversation, patiently
from webhook.deciding import IN_CHAT
from webhook.log import log
from webhook.questions import read_questions
from webhook.router import route
from webhook.screens.evidence import downloaded, file_of

SENT = "👍"
"""Under an answer that went to its person."""


def converse(app: App, update: InGroup, turn: str, arrived: datetime) -> None:
    """One message or press. Raises what may be tried again."""
    sender, now = update.content.sender, app.now()
    person = app.people.greet(sender.id, sender.name, sender.username, sender.language_code, now)
    if isinstance(update.content, Said):
        try:
            _answer(app, update, update.content, person, turn)
        except TryLater as later:  # of a photo that cannot be fetched now: nothing was done
            raise Contended from later
    else:
        _press(app, update.content, person, turn, arrived)


def _answer(app: App, update: InGroup, said: Said, person: Person, turn: str) -> None:
    ticket = app.ticket_telling.ticket_at(update.chat_id, Spot(update.thread, said.reply_to), app.now())
    if ticket is None or not (said.text.strip() or said.photo or said.document):
        return
    chat = Conversation(app, person, app.now(), app.now(), turn)
    if not _may_answer(app, person):
        text = chat.words._("Not sent: only operators with the role “support” answer people.")
        _say(app, update, said, text)
        return
    try:
        file_id = file_of(chat, said)
        files = (downloaded(chat, file_id),) if file_id else ()
        app.ticket_desk.answer(_decision(app, person, turn), ticket, said.text, files, in_chat=True)
    except asking.AskAgain as fault:
        _say(app, update, said, chat.words._("Not sent: {reason}", reason=fault.text))
    except Conflict:
        raise
    except StarbidError as error:
        _say(app, update, said, chat.words._("Not sent: {reason}", reason=escape(refusal(error, chat.words))))
    else:
        _quietly(lambda: app.bot.react(update.chat_id, said.message_id, SENT))


def _press(app: App, pressed: Pressed, person: Person, turn: str, arrived: datetime) -> None:
    """Tickets are dealt with here; everything else goes on in the presser's own chat, where reasons are asked for."""
    words = language_to(person, app.now())
    if app.operators.role_of(person) is None:
        _toast(app, pressed, words._("This is for operators."))
        return
    verb, *args = pressed.data.removesuffix(":~").split(":")
    step = _STEPS.get(args[0]) if verb == "tk" and len(args) == 2 else None
    if step is None:
        _toast(app, pressed, _in_own_chat(app, pressed, person, turn, arrived, words))
        return
    try:
        said = step(app, _decision(app, person, turn), callback_data.lot_id(args[1]), words)
    except Garbled:
        said = words._("This button is old.")
    except StarbidError as error:
        said = refusal(error, words)
    _toast(app, pressed, said)


def _in_own_chat(app: App, pressed: Pressed, person: Person, turn: str, arrived: datetime, words: Language) -> str:
    """Do what the button does in a new message of the presser's own chat; what the toast says."""
    now = app.now()
    state = app.scratch.member(*questions_of(person.id), now)
    chat = Conversation(app, person, now, arrived, turn, None, read_questions(state))
    try:
        route(chat, Pressed(pressed.sender, "", pressed.data, None, has_no_text=False))
    except Unreachable:
        return words._("I cannot write to you: open the bot and press Start, then press here again.")
    return words._("I have written to you in our own chat.")


def _close(app: App, decision: Decision, ticket_id: str, words: Language) -> str:
    app.ticket_desk.close(decision, ticket_id)
    return words._("Ticket {id} is closed. The person has been told.", id=ticket_id)


def _open(app: App, decision: Decision, ticket_id: str, words: Language) -> str:
    app.ticket_desk.reopen(decision, ticket_id)
    return words._("Ticket {id} is open again.", id=ticket_id)


def _take(app: App, decision: Decision, ticket_id: str, words: Language) -> str:
    app.ticket_desk.assign(decision, ticket_id, taken=True)
    return words._("Ticket {id} is yours.", id=ticket_id)


_STEPS: dict[str, Callable[[App, Decision, str, Language], str]] = {"close": _close, "open": _open, "take": _take}


def _may_answer(app: App, person: Person) -> bool:
    role = app.operators.role_of(person)
    return role is not None and role.has(Right.SUPPORT)


def _decision(app: App, person: Person, turn: str) -> Decision:
    return decided(app.operators.operator(person.id), IN_CHAT, turn, app.now())


def _say(app: App, update: InGroup, said: Said, text: str) -> None:
    spot = Spot(update.thread, said.message_id)
    _quietly(lambda: app.bot.send_message(update.chat_id, text, (), spot))


def _toast(app: App, pressed: Pressed, text: str) -> None:
    _quietly(lambda: app.bot.answer_callback(pressed.query_id, cut(text, MAX_TOAST), alert=True))


def _quietly(call: Callable[[], object]) -> None:
    """Nothing is lost where it cannot be said: what was done stands in the panel."""
    try:
        patiently(call)
    except (TryLater, Unreachable, Rejected) as error:
        log().info("the chat of the admins was not told: %r", error)
