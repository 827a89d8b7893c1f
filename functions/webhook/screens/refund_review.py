"""Operators decide about refunds that people ask for: `rr:…`. An approval is asked back before it is final."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.audit_trail import REASON_LENGTH
from starbid.domain.refund_requests import RefundDecided, RefundRequest, RequestState
from starbid.domain.roles import Right
from starbid.refund_words import stands
from starbid.services.ports import TryLater
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from starbid.wording import refusal
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.deciding import decision
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import admin
from webhook.screens.admin import Section

SHOWN = 10


@dataclass(frozen=True)
class AskWhyNot(Question):
    """Why is it refused? `payer` and `mark` name the request."""

    name = "refund_refusal"
    payer: int
    mark: str

    @property
    def again(self) -> str:
        return f"rr:no:{self.payer}:{self.mark}"


@admin.section(Right.FINANCE)
def refunds(chat: Conversation) -> Section:
    found = len(chat.app.refund_requests.waiting(chat.now, SHOWN + 1))
    line = chat.words._("Refunds that wait for you: {n}.", n=admin.number(found, SHOWN))
    return Section(line, _list_button(chat))


@screens.press("rr")
def press(chat: Conversation, args: list[str]) -> None:
    """`list`, or `<verb>:<person>:<mark>`: look, ok, OK (sure), no. Nobody else knows of it."""
    admin.require_operator(chat)
    if args == ["list"]:
        _list(chat)
        return
    verb, payer, mark = callback_data.parts(args, 3)
    step = _STEPS.get(verb)
    if step is None:
        raise callback_data.Garbled
    step(chat, callback_data.number(payer), callback_data.lot_id(mark))


@screens.answer(AskWhyNot)
def answer_why_not(chat: Conversation, question: AskWhyNot, said: Said) -> None:
    """The person reads it. Refused so by the same operator before a crash counts as refused now."""
    requests, decided = chat.app.refund_requests, decision(chat, said.text)
    try:
        request = requests.refuse(question.payer, question.mark, decided)
    except RefundDecided:
        request = requests.review(question.payer, question.mark, chat.now).request
        mine = RequestState.REFUSED, decided.by.id, decided.reason
        if (request.state, request.decided_by, request.answer) != mine:
            _decided_otherwise(chat, question.payer, question.mark)
            return
    chat.acted = True
    amount = chat.words.money(request.amount)
    text = chat.words._("Refused: no refund of {amount}. The person has been told why.", amount=amount)
    chat.say(text, (_list_button(chat),))


def _list(chat: Conversation) -> None:
    waiting, words = chat.app.refund_requests.waiting(chat.now, SHOWN), chat.words
    head = words._("<b>Refunds</b> that wait, oldest first")
    empty = words._("<b>Refunds</b>\nNone waits for you. We will tell you about a new one.")
    admin.show_list(chat, head, empty, [(Button(_short(chat, one), _data("look", one)),) for one in waiting])


def _look(chat: Conversation, payer: int, mark: str) -> None:
    """All that decides: who, how much, why, and whether it can go back now."""
    review, words = chat.app.refund_requests.review(payer, mark, chat.now), chat.words
    request, person = review.request, chat.app.store.person(payer)
    lines = [
        words._("<b>Refund</b> of {amount}", amount=words.money(request.amount)),
        f"{escape(person.name if person else '')} · {payer}",
        words._("Paid {moment}", moment=words.moment(review.charge.paid_at)),
        words._("Asked for {moment}", moment=words.moment(request.asked_at)),
        words._("State: {state}", state=escape(stands(request, review.charge, words))),
        f"<blockquote>{escape(request.reason)}</blockquote>",
    ]
    if request.is_open and review.obstacle:
        why = escape(refusal(review.obstacle, words))
        lines.append(words._("It cannot go back now. The person would be told: {why}", why=why))
    chat.show("\n".join(lines), *_choice(chat, request, can=review.obstacle is None), (_list_button(chat),))


def _choice(chat: Conversation, request: RefundRequest, *, can: bool) -> tuple[Row, ...]:
    if not request.is_open or not admin.may(chat, Right.FINANCE):
        return ()
    approve = Button(chat.words._("Refund {amount}", amount=chat.words.money(request.amount)), _data("ok", request))
    refuse = Button(chat.words._("Refuse"), _data("no", request))
    return ((approve,), (refuse,)) if can else ((refuse,),)


def _ask_approval(chat: Conversation, payer: int, mark: str) -> None:
    words, request = chat.words, chat.app.refund_requests.review(payer, mark, chat.now).request
    text = words._(
        "Refund {amount}? The whole payment goes back to the person in Telegram, and what it bought is withdrawn here. "
        "This cannot be undone.",
        amount=words.money(request.amount),
    )
    sure, back = Button(words._("Yes, refund"), _data("OK", request)), Button(words._("Cancel"), _data("look", request))
    chat.show(text, (sure,), (back,), back=False)


def _approve(chat: Conversation, payer: int, mark: str) -> None:
    """Where Telegram gives no answer it is finished by itself."""
    try:
        chat.app.refund_requests.approve(payer, mark, decision(chat))
    except RefundDecided:
        _decided_otherwise(chat, payer, mark)
        return
    except TryLater:
        text = chat.words._("Telegram has not confirmed it yet. We will check it and try again automatically.")
        chat.toast(text, alert=True)
    chat.acted = True
    _look(chat, payer, mark)


def _ask_why_not(chat: Conversation, payer: int, mark: str) -> None:
    words, request = chat.words, chat.app.refund_requests.review(payer, mark, chat.now).request
    if not request.is_open:
        _decided_otherwise(chat, payer, mark)
        return
    text = words._(
        "Why is {amount} not refunded? Send the reason, up to {most} characters: the person reads it. "
        "This cannot be undone. To cancel: /cancel",
        amount=words.money(request.amount),
        most=REASON_LENGTH,
    )
    asking.ask(chat, AskWhyNot(payer, mark), text)


def _decided_otherwise(chat: Conversation, payer: int, mark: str) -> None:
    """Somebody was faster: say so, and show how it stands."""
    chat.toast(chat.words._("Somebody has already decided about this refund."), alert=True)
    _look(chat, payer, mark)


def _short(chat: Conversation, request: RefundRequest) -> str:
    return f"{chat.words.money(request.amount)} · {chat.words.moment(request.asked_at)}"


def _data(verb: str, request: RefundRequest) -> str:
    return f"rr:{verb}:{request.user_id}:{request.mark}"


def _list_button(chat: Conversation) -> Button:
    return Button(chat.words._("Refunds to review"), "rr:list")


_STEPS = {"look": _look, "ok": _ask_approval, "OK": _approve, "no": _ask_why_not}
