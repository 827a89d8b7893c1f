"""Operators decide about payouts: `po:…`. Each decision is asked back before it is final."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.errors import Conflict, InDebt
from starbid.domain.payout_errors import AlreadyDecided
from starbid.domain.payouts import REASON_LENGTH, Payout, PayoutState
from starbid.domain.roles import Right
from starbid.payout_words import method_name, stands
from starbid.services.billing.payout_review import Flag
from starbid.services.ports import TryLater, Unavailable
from starbid.telegram.html import cut, escape, one_line
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.deciding import decision
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import admin
from webhook.screens.admin import Section

SHOWN = 10
FLAGS = 5


@dataclass(frozen=True)
class AskRefusal(Question):
    """Why is it refused?"""

    name = "payout_refusal"
    payout: str

    @property
    def again(self) -> str:
        return f"po:no:{self.payout}"


@admin.section(Right.FINANCE)
def payouts(chat: Conversation) -> Section:
    found = len(chat.app.payout_review.waiting(chat.now, SHOWN + 1))
    line = chat.words._("Payouts that wait for you: {n}.", n=admin.number(found, SHOWN))
    return Section(line, _list_button(chat))


@screens.press("po")
def press(chat: Conversation, args: list[str]) -> None:
    """`list`, or `<verb>:<payout>`: look, ok, no, pay, done; capitals are sure. Nobody else knows of it."""
    admin.require_operator(chat)
    if args == ["list"]:
        _list(chat)
        return
    verb, payout_id = callback_data.parts(args, 2)
    step = _STEPS.get(verb)
    if step is None:
        raise callback_data.Garbled
    step(chat, callback_data.lot_id(payout_id))


@screens.answer(AskRefusal)
def answer_refusal(chat: Conversation, question: AskRefusal, said: Said) -> None:
    """Nothing is undone after it. Refused with these words before a crash counts as refused now."""
    try:
        payout = chat.app.payouts.refuse(question.payout, decision(chat, said.text))
    except AlreadyDecided:
        payout = chat.app.payout_review.of(question.payout).payout
        if (payout.state, payout.reason) != (PayoutState.REFUSED, said.text.strip()):
            raise
    chat.acted = True
    text = chat.words._(
        "Refused: {amount} is back in the wallet, and the person has been told why.",
        amount=chat.words.money(payout.amount),
    )
    chat.say(text, (_list_button(chat),))


def _list(chat: Conversation) -> None:
    waiting, words = chat.app.payout_review.waiting(chat.now, SHOWN), chat.words
    head = words._("<b>Payouts</b> that wait, oldest first")
    empty = words._("<b>Payouts</b>\nNone waits for you. We will tell you about a new one.")
    admin.show_list(chat, head, empty, [(Button(_short(chat, one), f"po:look:{one.id}"),) for one in waiting])


def _look(chat: Conversation, payout_id: str) -> None:
    """All that decides: who, how much, where to, and what is odd about it."""
    review, words = chat.app.payout_review.of(payout_id), chat.words
    payout = review.payout
    person = chat.app.store.person(payout.user_id)
    lines = [
        words._("<b>Payout</b> of {amount}, {method}", amount=words.money(payout.amount), method=_method(chat, payout)),
        f"{escape(person.name if person else '')} · {payout.user_id}",
        words._("Asked for {moment}", moment=words.moment(payout.created_at)),
        words._("State: {state}", state=escape(stands(payout, words))),
    ]
    if payout.details and admin.may(chat, Right.FINANCE):
        lines.append(f"<blockquote>{escape(payout.details)}</blockquote>")
    lines += _flag_lines(chat, review.flags, is_whole=review.is_whole)
    chat.show("\n".join(lines), *_choice(chat, payout), (_list_button(chat),))


def _flag_lines(chat: Conversation, flags: tuple[Flag, ...], *, is_whole: bool) -> list[str]:
    words = chat.words
    lines = [words._("Attention, these buyers owe after a payment that was taken back:")] if flags else []
    for flag in flags[:FLAGS]:
        line = words._(
            "• “{title}”: {earned}, buyer {buyer} owes {owed}",
            title=escape(cut(one_line(flag.title), 60)),
            earned=words.money(flag.earned),
            buyer=flag.buyer_id,
            owed=words.money(flag.owed),
        )
        lines.append(line)
    if len(flags) > FLAGS:
        lines.append(words._("and {n} more", n=len(flags) - FLAGS))
    if not is_whole:
        lines.append(words._("Only the latest operations of this wallet were checked for this."))
    return lines


def _choice(chat: Conversation, payout: Payout) -> tuple[Row, ...]:
    """What an operator can do with it as it stands."""
    _, money = chat.words._, chat.words.money(payout.amount)
    refuse = (Button(_("Refuse"), f"po:no:{payout.id}"),)
    match payout.state:
        case PayoutState.REQUESTED:
            return ((Button(_("Approve {amount}", amount=money), f"po:ok:{payout.id}"),), refuse)
        case PayoutState.APPROVED if payout.gift is None:
            return ((Button(_("I am paying it now"), f"po:pay:{payout.id}"),), refuse)
        case PayoutState.APPROVED:
            return (refuse,)
        case PayoutState.SENDING if payout.gift is None:
            paid = Button(_("I have paid {amount}", amount=money), f"po:done:{payout.id}")
            return ((paid,), (Button(_("It could not be paid"), f"po:no:{payout.id}"),))
        case _:
            return ()


def _ask_approval(chat: Conversation, payout_id: str) -> None:
    words, payout = chat.words, chat.app.payout_review.of(payout_id).payout
    if payout.gift:
        text = words._(
            "Approve {amount}? {method} is given at once, out of the bot's own Stars. This cannot be undone.",
            amount=words.money(payout.amount),
            method=_method(chat, payout),
        )
    else:
        text = words._(
            "Approve {amount}? From then on its owner cannot cancel it, and waits for you to pay it.",
            amount=words.money(payout.amount),
        )
    _ask_back(chat, payout, text, words._("Yes, approve"), "OK")


def _approve(chat: Conversation, payout_id: str) -> None:
    """A gift goes at once; where that fails the sweep of the payments function sends it."""
    try:
        payout = chat.app.payouts.approve(payout_id, decision(chat))
    except (AlreadyDecided, InDebt) as refusal:
        _told_otherwise(chat, payout_id, refusal)
        return
    chat.acted = True
    if payout.gift:
        try:
            chat.app.gifts.send(payout.id, chat.now)
        except (TryLater, Unavailable, Conflict):
            chat.toast(
                chat.words._("Telegram has not confirmed it yet. We will check it and try again automatically."),
                alert=True,
            )
    _look(chat, payout_id)


def _begin(chat: Conversation, payout_id: str) -> None:
    try:
        chat.app.payouts.begin(payout_id, decision(chat))
    except (AlreadyDecided, InDebt) as refusal:
        _told_otherwise(chat, payout_id, refusal)
        return
    chat.acted = True
    _look(chat, payout_id)


def _ask_paid(chat: Conversation, payout_id: str) -> None:
    payout, amount = chat.app.payout_review.of(payout_id).payout, chat.words.money
    text = chat.words._("Has {amount} been paid? This cannot be undone.", amount=amount(payout.amount))
    _ask_back(chat, payout, text, chat.words._("Yes, it is paid"), "DONE")


def _mark_paid(chat: Conversation, payout_id: str) -> None:
    try:
        chat.app.payouts.mark_paid(payout_id, decision(chat))
    except AlreadyDecided as refusal:
        _told_otherwise(chat, payout_id, refusal)
        return
    chat.acted = True
    _look(chat, payout_id)


def _ask_reason(chat: Conversation, payout_id: str) -> None:
    words, payout = chat.words, chat.app.payout_review.of(payout_id).payout
    if not payout.is_open:
        raise AlreadyDecided(payout.state.value)
    text = words._(
        "Why is {amount} not paid out? Send the reason, up to {most} characters: the person reads it. The money goes "
        "back to the wallet. This cannot be undone. To cancel: /cancel",
        amount=words.money(payout.amount),
        most=REASON_LENGTH,
    )
    asking.ask(chat, AskRefusal(payout.id), text)


def _told_otherwise(chat: Conversation, payout_id: str, refusal: AlreadyDecided | InDebt) -> None:
    """It has gone another way: say so, and show how it stands."""
    if isinstance(refusal, InDebt):
        text = chat.words._("The person owes {owed}: the payout went back.", owed=chat.words.money(refusal.owed))
        chat.toast(text, alert=True)
    _look(chat, payout_id)


def _ask_back(chat: Conversation, payout: Payout, text: str, sure: str, verb: str) -> None:
    back = Button(chat.words._("Cancel"), f"po:look:{payout.id}")
    chat.show(text, (Button(sure, f"po:{verb}:{payout.id}"),), (back,), back=False)


def _short(chat: Conversation, payout: Payout) -> str:
    return f"{chat.words.money(payout.amount)} · {chat.words.moment(payout.created_at)}"


def _method(chat: Conversation, payout: Payout) -> str:
    return method_name(payout.method, chat.words)


def _list_button(chat: Conversation) -> Button:
    return Button(chat.words._("Payouts to review"), "po:list")


_STEPS = {
    "look": _look,
    "ok": _ask_approval,
    "OK": _approve,
    "pay": _begin,
    "done": _ask_paid,
    "DONE": _mark_paid,
    "no": _ask_reason,
}
