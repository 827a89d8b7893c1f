"""Support in the chat: what a person writes goes into their ticket until they leave it; operators answer from here too.

While it is written into, a ticket is a question of the bot that stays open. Its messages are confirmed by one message,
which is edited.
"""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.roles import Right
from starbid.domain.tickets import REOPENING, Ticket
from starbid.i18n import Language
from starbid.services.desk.tickets import Written
from starbid.services.ports import Rejected, TryLater
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from webhook import asking, callback_data
from webhook.conversation import Conversation, patiently
from webhook.deciding import decision
from webhook.log import log
from webhook.registry import screens
from webhook.screens.evidence import TakesPhotos, downloaded, file_of

_SAY, _REPLY = "tk:say:", "tk:reply:"


@dataclass(frozen=True)
class AskTicket(TakesPhotos):
    """What is the matter? All that is sent goes into the ticket; it is empty until the first message is there.
    `reopens`: it was asked about a closed one, which the next message opens again.
    """

    name = "ticket"
    patience = int(REOPENING.total_seconds())
    ticket: str
    reopens: bool = False

    @property
    def again(self) -> str:
        return f"{_SAY}{self.ticket}" if self.ticket else "go:support"


@dataclass(frozen=True)
class AskReply(TakesPhotos):
    """An operator's answer to a ticket."""

    name = "ticket_reply"
    ticket: str

    @property
    def again(self) -> str:
        return f"{_REPLY}{self.ticket}"


@screens.command("support")
def support(chat: Conversation, _rest: str) -> None:
    """Into the ticket that is open, or a new one."""
    ticket, _ = chat.app.tickets.open_of(chat.person.id, chat.now), chat.words._
    refunds = (keyboards.go(_("Refunds"), "paysupport"), keyboards.go(_("My lots and deals"), "my"))
    if ticket:
        text = _("<b>Support</b>\nYour ticket is open. Write here what there is to add: text and photos.")
        rows = (_rows(chat, ticket), *_help(chat), refunds, (keyboards.menu(chat.words),))
        asking.ask_in_place(chat, AskTicket(ticket.id), text, *rows)
        return
    text = _(
        "<b>Support</b>\nDescribe the problem: send text and photos, in as many messages as you like. A person will "
        "answer here.\nRefunds of payments: /paysupport, the next step of a deal: /my."
    )
    asking.ask_in_place(chat, AskTicket(""), text, *_help(chat), refunds, (keyboards.menu(chat.words),))


@screens.answer(AskTicket, takes_anything=True)
def answer_ticket(chat: Conversation, question: AskTicket, said: Said) -> None:
    """Stays open. One whose ticket was closed meanwhile takes what replies to it, and nothing else."""
    is_left = question.ticket and not question.reopens and not said.reply_to
    if is_left and not chat.app.tickets.open_of(chat.person.id, chat.now):
        raise asking.NoAnswer
    write(chat, said, question)
    raise asking.MoreToCome


def write(chat: Conversation, said: Said, question: AskTicket) -> None:
    """A message of the person's, confirmed quietly. Raises AskAgain and Invalid for what is none."""
    written = chat.app.tickets.write(
        chat.person.id, said.text, _files(chat, said), chat.turn, chat.now, ticket_id=question.ticket
    )
    chat.acted = True
    if said.album and not written.is_new and not question.ticket:
        return  # another message of it has begun the ticket, and says so
    _confirm(chat, written, question)


def replied(chat: Conversation, said: Said) -> bool:
    """Whether it replies to an answer of support's, or an operator's to news of a ticket: it goes there."""
    data = [one.removesuffix(":~") for one in said.reply_data]
    for each in data:
        if each.startswith(_SAY):
            _take(chat, said, AskTicket(callback_data.lot_id(each.removeprefix(_SAY))))
            return True
        if each.startswith(_REPLY) and chat.app.operators.may(chat.person.id, Right.SUPPORT):
            answer_reply(chat, AskReply(callback_data.lot_id(each.removeprefix(_REPLY))), said)
            return True
    return False


def _take(chat: Conversation, said: Said, question: AskTicket) -> None:
    try:
        write(chat, said, question)
    except asking.AskAgain as fault:
        chat.say(fault.text)


def leave(chat: Conversation) -> bool:
    """`/cancel` in a ticket: what comes next is no message to it. False where the person is in none."""
    asked = chat.questions.newest(chat.now)
    if asked is None or asked.name != AskTicket.name or not asked.facts.get("ticket"):
        return False
    asking.leave(chat)
    chat.say(chat.words._("Your ticket stays open: the answer comes here. To add something: /support"))
    return True


@screens.press("tk")
def press(chat: Conversation, args: list[str]) -> None:
    """`leave`, or `<verb>:<ticket>`: say, done; reply, close, open, take for operators."""
    if args == ["leave"]:
        if not leave(chat):
            chat.show(chat.words._("Your ticket stays open: the answer comes here. To add something: /support"))
        return
    verb, ticket_id = callback_data.parts(args, 2)
    step = _STEPS.get(verb)
    if step is None:
        raise callback_data.Garbled
    step(chat, callback_data.lot_id(ticket_id))


def _say(chat: Conversation, ticket_id: str) -> None:
    ticket = chat.app.tickets.own(chat.person.id, ticket_id, chat.now)
    text = chat.words._("Write your answer here: text and photos, in as many messages as you like.")
    asking.ask(chat, AskTicket(ticket.id, reopens=ticket.is_closed), text, leave=_leave_button(chat))


def _done(chat: Conversation, ticket_id: str) -> None:
    ticket = chat.app.tickets.close(chat.person.id, ticket_id, chat.now)
    chat.acted = True
    for asked in chat.questions.asked:
        if asked.name == AskTicket.name:
            asking.close(chat, asked)
    text = chat.words._("Good to hear. The ticket is closed; within 14 days “Answer” opens it again.")
    chat.conclude(text, (Button(chat.words._("Answer"), f"{_SAY}{ticket.id}"),))


def _ask_reply(chat: Conversation, ticket_id: str) -> None:
    _require(chat)
    ticket = chat.app.tickets.ticket(ticket_id, chat.now)
    text = chat.words._("Your answer to ticket {id}: text, or a photo with a caption.", id=ticket.id)
    asking.ask(chat, AskReply(ticket.id), text)


@screens.answer(AskReply, takes_anything=True)
def answer_reply(chat: Conversation, question: AskReply, said: Said) -> None:
    _require(chat)
    files = _files(chat, said)
    chat.app.ticket_desk.answer(decision(chat), question.ticket, said.text, files)
    chat.acted = True
    close = Button(chat.words._("Close the ticket"), f"tk:close:{question.ticket}")
    chat.say(chat.words._("Sent to the person."), (close,))


def _close(chat: Conversation, ticket_id: str) -> None:
    _require(chat)
    chat.app.ticket_desk.close(decision(chat), ticket_id)
    chat.acted = True
    text = chat.words._("Ticket {id} is closed. The person has been told.", id=ticket_id)
    chat.conclude(text, (Button(chat.words._("Re-open"), f"tk:open:{ticket_id}"),))


def _open(chat: Conversation, ticket_id: str) -> None:
    _require(chat)
    chat.app.ticket_desk.reopen(decision(chat), ticket_id)
    chat.acted = True
    text = chat.words._("Ticket {id} is open again.", id=ticket_id)
    chat.conclude(text, (Button(chat.words._("Answer"), f"{_REPLY}{ticket_id}"),))


def _claim(chat: Conversation, ticket_id: str) -> None:
    _require(chat)
    chat.app.ticket_desk.assign(decision(chat), ticket_id, taken=True)
    chat.acted = True
    chat.toast(chat.words._("Ticket {id} is yours.", id=ticket_id))


def _require(chat: Conversation) -> None:
    """Raises Garbled for one who is no operator: to others these buttons do not exist. NotAllowed for a small role."""
    if chat.app.operators.role_of(chat.person) is None:
        raise callback_data.Garbled


def _files(chat: Conversation, said: Said) -> tuple[bytes, ...]:
    """The photo of a message. Raises AskAgain for what is neither that nor text."""
    file_id = file_of(chat, said)
    if file_id is None:
        if not said.text.strip():
            raise asking.AskAgain(chat.words._("Only text and photos work here. Send them, or /cancel."))
        return ()
    if not said.album or said.text:
        chat.slowly()
    return (downloaded(chat, file_id),)


def _confirm(chat: Conversation, written: Written, question: AskTicket) -> None:
    """The message that confirms is edited as long as it is the one of this ticket; else it is a new one."""
    ticket, words = written.ticket, chat.words
    inside = AskTicket(ticket.id)
    shown = asking.asked_in(chat, inside) if question == inside else 0
    text = _confirmation(ticket, words)
    rows: tuple[Row, ...] = (_rows(chat, ticket), (_leave_button(chat),))
    try:
        if shown and patiently(lambda: chat.app.bot.edit_text(chat.chat_id, shown, text, rows)):
            chat.said = True
            return
    except (Rejected, TryLater) as error:
        log().info("a confirmation stays as it is: %r", error)
        return
    if question != inside:
        asking.close(chat, question)
    asking.ask(chat, inside, text, rows[0], leave=rows[1][0])


def _confirmation(ticket: Ticket, words: Language) -> str:
    count = words.ngettext("{n} message in it", "{n} messages in it", ticket.messages)
    text = words._("<b>Your ticket {id}</b>: {count}. A person will answer here.", id=ticket.id, count=count)
    return f"{text}\n{words._('Anything to add? Just write on.')}"


def _rows(chat: Conversation, ticket: Ticket) -> Row:
    return (Button(chat.words._("Solved"), f"tk:done:{ticket.id}"),)


def _help(chat: Conversation) -> tuple[Row, ...]:
    """The AI helper drafts a message; it goes into no ticket by itself."""
    if not chat.app.settings.business.assistant.is_offered:
        return ()
    return ((Button(chat.words._("Help me write"), "ai:reply"),),)


def _leave_button(chat: Conversation) -> Button:
    return Button(chat.words._("That is all"), "tk:leave")


_STEPS = {
    "say": _say,
    "done": _done,
    "reply": _ask_reply,
    "close": _close,
    "open": _open,
    "take": _claim,
}
