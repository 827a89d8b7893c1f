"""Refunds: a person asks for a whole payment back and says why; an operator decides (refund_review)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starbid.domain.payments import Charge, ChargeState, Purpose
from starbid.domain.refund_requests import REASON_LENGTH, RefundRequest, mark_of
from starbid.i18n import Language
from starbid.receipt_words import state
from starbid.refund_words import stands
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.registry import screens

SHOWN = 8


@dataclass(frozen=True)
class AskReason(Question):
    """Why is the payment to go back? `mark` is its `refund_requests.mark_of`."""

    name = "refund_reason"
    mark: str

    @property
    def again(self) -> str:
        return f"rf:{self.mark}"


@screens.command("paysupport")
def paysupport(chat: Conversation, _rest: str) -> None:
    """The payments that could be given back now, and what became of those that were asked for."""
    words, me = chat.words, chat.person.id
    asked = chat.app.refund_requests.of_person(me, chat.now)
    charges = [one for one in chat.app.refunding.refundable(me, chat.now) if mark_of(one.id) not in asked]
    lines = [words._("<b>Refunds</b>"), *_asked_lines(chat, asked)]
    if charges:
        lines.append(words._("Which payment do you want back in Telegram Stars?"))
    else:
        lines.append(words._("There is no payment to refund right now."))
        lines.append(
            words._(
                "A payment is refunded in full, while its Stars are available in your wallet, or what it bought is "
                "wholly unused."
            )
        )
    chat.show("\n".join(lines), *(_row(charge, words) for charge in charges[:SHOWN]), _onward(chat))


@screens.press("rf")
def press_refund(chat: Conversation, args: list[str]) -> None:
    """Ask why, but not for what was asked for already, went back, or cannot go back. Raises what cannot be refunded."""
    (mark,) = callback_data.parts(args, 1)
    charge = chat.app.refund_requests.charge_of(chat.person.id, mark)
    known = chat.app.refund_requests.find(chat.person.id, mark, chat.now)
    if known or charge.state is not ChargeState.CREDITED:
        chat.conclude(_line(chat, charge, known), _onward(chat))
        return
    chat.app.refunding.check(charge, chat.now)
    why = chat.words._(
        "Why do you want it back? Send the reason, up to {most} characters: an operator reads it and decides. "
        "To cancel: /cancel",
        most=REASON_LENGTH,
    )
    asking.ask_in_place(chat, AskReason(mark), f"{_question(charge, chat.words)}\n{why}")


@screens.answer(AskReason)
def answer_reason(chat: Conversation, question: AskReason, said: Said) -> None:
    """One request for each payment, however often it is sent."""
    requests, me = chat.app.refund_requests, chat.person.id
    known = requests.find(me, question.mark, chat.now)
    if known is None:
        known = requests.ask(requests.charge_of(me, question.mark), said.text, chat.now)
    chat.acted = True
    if not known.is_open:
        chat.say(_line(chat, requests.review(me, question.mark, chat.now).charge, known), _onward(chat))
        return
    text = chat.words._(
        "Your request is sent: {amount}. An operator decides, and we tell you here. The Stars have to be available in "
        "your wallet then.",
        amount=chat.words.money(known.amount),
    )
    chat.say(text, _onward(chat))


def _asked_lines(chat: Conversation, asked: Mapping[str, RefundRequest]) -> list[str]:
    """How the last requests stand, the newest first."""
    newest = sorted(asked.values(), key=lambda request: request.asked_at, reverse=True)[:SHOWN]
    charges = chat.app.store.charges(request.charge_id for request in newest) if newest else {}
    known = [(charges[request.charge_id], request) for request in newest if request.charge_id in charges]
    return [f"• {_line(chat, charge, request)}" for charge, request in known]


def _line(chat: Conversation, charge: Charge, request: RefundRequest | None) -> str:
    """A payment and how its refund stands."""
    how = stands(request, charge, chat.words) if request else state(charge, chat.words)
    return f"{_label(charge, chat.words)}: {escape(how)}"


def _row(charge: Charge, words: Language) -> Row:
    """When it was paid, and what it bought where that is not Stars."""
    return (Button(_label(charge, words), f"rf:{mark_of(charge.id)}"),)


def _label(charge: Charge, words: Language) -> str:
    paid = f"{words.money(charge.amount)} · {words.moment(charge.paid_at)}"
    match charge.purpose:
        case Purpose.SUBSCRIPTION:
            return f"{paid} · {words._('Subscription')}"
        case Purpose.PACK:
            return f"{paid} · {words._('Helper answers')}"
        case _:
            return paid


def _question(charge: Charge, words: Language) -> str:
    """With what is lost here."""
    facts = {"amount": words.money(charge.amount), "moment": words.moment(charge.paid_at)}
    match charge.purpose:
        case Purpose.SUBSCRIPTION:
            return words._(
                "Refund {amount} from {moment} to you in Telegram Stars?\n"
                "The days that it bought are gone then, and the subscription is not renewed.",
                **facts,
            )
        case Purpose.PACK:
            return words._(
                "Refund {amount} from {moment} to you in Telegram Stars?\n"
                "The answers of the AI helper that it bought are gone then.",
                **facts,
            )
        case _:
            return words._(
                "Refund {amount} from {moment} to you in Telegram Stars?\nThe amount leaves your wallet here.", **facts
            )


def _onward(chat: Conversation) -> Row:
    return (keyboards.go(chat.words._("Wallet"), "balance"), keyboards.go(chat.words._("Support"), "support"))
