"""Disputes in the chat: a buyer objects, the seller answers, an admin settles (`/admin`)."""

from __future__ import annotations

from typing import Any

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import Deal, DealState
from starbid.domain.disputes import (
    ANSWER_LENGTH,
    DISPUTE_LENGTH,
    REASON_LENGTH,
    require_answer,
    require_dispute,
    require_disputed,
    require_withdrawal,
)
from starbid.domain.errors import Invalid, NotYours
from starbid.telegram import keyboards
from starbid.telegram.html import MAX_TEXT, cut, escape, one_line, title, units
from starbid.telegram.keyboards import Button
from starbid.wording import refusal
from webhook import callback_data, cards, dialogues
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens.about_lot import deal_of, leave_button, open_button, view_of
from webhook.screens.menu import unknown

SHOWN = 8
QUOTED = 1700
"""Units of each side's text beside a question. The notices have them in full."""
ROOM = 3400
"""Units of all that was said, beside what else an admin sees of it; longer texts get messages of their own."""


def ask(chat: Conversation, auction_id: str) -> None:
    """What is wrong? The answer opens the dispute."""
    view = view_of(chat, auction_id)
    require_dispute(deal_of(view), chat.person.id, chat.now)
    dialogues.ask(chat, "dispute", lot=auction_id, offered_in=dialogues.asked_on(chat))
    text = chat.words._(
        "What is wrong with “{title}”? Describe it in one message, up to {most} characters.\n"
        "The money stays where it is, the seller reads your words and may answer, and an operator decides. "
        "/cancel to leave.",
        title=title(view.lot.card.title, chat.words),
        most=DISPUTE_LENGTH,
    )
    chat.say(text, (leave_button(chat),), back=False)


@screens.answer("dispute")
def answer_dispute(chat: Conversation, state: dict[str, Any], text: str) -> None:
    auction_id = str(state["lot"])
    try:
        chat.app.dealing.dispute(chat.person.id, auction_id, text, chat.now)
    except Invalid as error:
        chat.say(escape(refusal(error, chat.words)), (leave_button(chat),), back=False)
        return
    except WrongDealState as error:
        if error.state != DealState.DISPUTED:
            dialogues.leave(chat)
            raise
    chat.acted = True
    said = chat.words._("Your dispute is open. The money stays where it is until it is settled; you will be told.")
    _done(chat, state, said)


def withdraw(chat: Conversation, auction_id: str) -> None:
    """Asks back: a deal is disputed once."""
    view = view_of(chat, auction_id)
    require_withdrawal(deal_of(view), chat.person.id, chat.now)
    text = chat.words._(
        "Withdraw the dispute about “{title}”?\nThe deal goes on where it was. It cannot be disputed again.",
        title=title(view.lot.card.title, chat.words),
    )
    sure = keyboards.step(chat.words._("Yes, withdraw it"), "WITHDRAW", auction_id)
    chat.say(text, (sure,), (open_button(chat, view),))


def sure_withdraw(chat: Conversation, auction_id: str) -> None:
    """One that was withdrawn before a crash counts as withdrawn now."""
    try:
        chat.app.dealing.withdraw(chat.person.id, auction_id, chat.now)
    except WrongDealState:
        view = view_of(chat, auction_id)
        if not view.is_buyer or view.deal is None or view.deal.dispute is None or view.deal.ended_at is not None:
            raise
    chat.acted = True
    view = view_of(chat, auction_id)
    chat.show(chat.words._("The dispute is withdrawn. The deal goes on."), (open_button(chat, view),))
    cards.after_step(chat, view, None)


def ask_seller(chat: Conversation, auction_id: str) -> None:
    """What does the seller say? Asked anew, the last answer counts."""
    view = view_of(chat, auction_id)
    deal = deal_of(view)
    require_answer(deal, chat.person.id)
    dialogues.ask(chat, "answer", lot=auction_id, offered_in=dialogues.asked_on(chat))
    ask_for = chat.words._(
        "Send your side of the dispute about “{title}” in one message, up to {most} characters: the operator and the "
        "buyer read it. Until it is settled you can change it. /cancel to leave.",
        title=title(view.lot.card.title, chat.words),
        most=ANSWER_LENGTH,
    )
    lines = [_quote(chat.words._("The buyer says:"), deal.dispute or "", QUOTED)]
    lines += [_quote(chat.words._("You say:"), deal.answer, QUOTED)] if deal.answer else []
    chat.say("\n".join((*lines, ask_for)), (leave_button(chat),), back=False)


@screens.answer("answer")
def answer_as_seller(chat: Conversation, state: dict[str, Any], text: str) -> None:
    try:
        chat.app.dealing.answer(chat.person.id, str(state["lot"]), text, chat.now)
    except Invalid as error:
        chat.say(escape(refusal(error, chat.words)), (leave_button(chat),), back=False)
        return
    except WrongDealState:
        dialogues.leave(chat)
        raise
    chat.acted = True
    _done(chat, state, chat.words._("Your answer is kept: the operator and the buyer can read it."))


def read_answer(chat: Conversation, auction_id: str) -> None:
    """The buyer reads what the seller says."""
    view = view_of(chat, auction_id)
    if not view.is_buyer or view.deal is None:
        raise NotYours
    if not view.deal.answer:
        raise WrongDealState(view.deal.state)
    chat.say(_quote(chat.words._("The seller says:"), view.deal.answer), (open_button(chat, view),))


def _done(chat: Conversation, state: dict[str, Any], said: str) -> None:
    """Tell it; what offered the step offers it no longer."""
    view = view_of(chat, str(state["lot"]))
    chat.say(said, (open_button(chat, view),))
    dialogues.leave(chat)
    cards.after_step(chat, view, state.get("offered_in"))


@screens.command("admin")
def admin(chat: Conversation, _rest: str) -> None:
    """Open disputes, the oldest first; for admins only, and unknown to everybody else."""
    if not chat.app.settings.business.is_operator(chat.person.id):
        unknown(chat)
        return
    disputes = chat.app.dealing.open_disputes(SHOWN)
    if not disputes:
        chat.show(chat.words._("<b>Disputes</b>\nThere are none to settle. You will be told of a new one."))
        return
    lots = chat.app.store.lots([deal.auction_id for deal in disputes])
    known = [(deal, lots[deal.auction_id].card.title) for deal in disputes if deal.auction_id in lots]
    lines = [_line(chat, deal, name) for deal, name in known]
    head = chat.words._("<b>Disputes</b>, the oldest first")
    buttons = [(Button(cut(one_line(name), 28), f"a:look:{deal.auction_id}"),) for deal, name in known]
    chat.show("\n".join((head, *lines)), *buttons)


@screens.press("a")
def press(chat: Conversation, args: list[str]) -> None:
    """`<verb>:<lot>` of an admin: look, release, refund."""
    verb, auction_id = callback_data.parts(args, 2)
    if not chat.app.settings.business.is_operator(chat.person.id) or verb not in ("look", "release", "refund"):
        raise callback_data.Garbled
    deal = chat.app.store.deal(callback_data.lot_id(auction_id))
    require_disputed(deal)
    if verb == "look":
        _look(chat, deal)
    else:
        _ask_reason(chat, deal, release=verb == "release")


@screens.answer("resolve")
def answer_reason(chat: Conversation, state: dict[str, Any], text: str) -> None:
    """The reason settles the dispute: nothing is undone after it."""
    auction_id, release = str(state["lot"]), bool(state["release"])
    try:
        chat.app.dealing.resolve(chat.person.id, auction_id, release, text, chat.now)
    except Invalid as error:
        chat.say(escape(refusal(error, chat.words)), (leave_button(chat),), back=False)
        return
    except WrongDealState:
        deal = chat.app.store.deal(auction_id)
        if deal.reason != text.strip():
            dialogues.leave(chat)
            raise
    chat.acted = True
    done = (
        chat.words._("Resolved: the money went to the seller.")
        if release
        else chat.words._("Resolved: the buyer has the money back.")
    )
    chat.say(f"{done}\n{chat.words._('Both have been told, with your reason.')}", (_list_button(chat),))
    dialogues.leave(chat)


def _look(chat: Conversation, deal: Deal) -> None:
    """What the two sides say, and the choice. All of it is read in full: who decides has to know it."""
    _, money = chat.words._, chat.words.money
    lot = chat.app.store.lot(deal.auction_id)
    people = chat.app.store.people((deal.seller_id, deal.buyer_id))
    names = {i: escape(people[i].name if i in people else str(i)) for i in (deal.seller_id, deal.buyer_id)}
    lines = [
        f"<b>{escape(one_line(lot.card.title))}</b> · {money(deal.price)}",
        _("Seller: {name}, {id}", name=names[deal.seller_id], id=deal.seller_id),
        _("Buyer: {name}, {id}", name=names[deal.buyer_id], id=deal.buyer_id),
        _("Sold {moment}", moment=chat.words.moment(deal.sold_at)),
    ]
    choice = (
        Button(_("Release {amount} to the seller", amount=money(deal.payout)), f"a:release:{deal.auction_id}"),
        Button(_("Refund {amount} to the buyer", amount=money(deal.price)), f"a:refund:{deal.auction_id}"),
    )
    rows = choice[:1], choice[1:], (_list_button(chat),)
    said = _said(chat, deal)
    if sum(units(text) for _, text in said) <= ROOM:
        chat.show("\n".join((*lines, *(_quote(*part) for part in said))), *rows)
        return
    for part in said:
        chat.say(_quote(*part), back=False)
    chat.say("\n".join(lines), *rows)


def _said(chat: Conversation, deal: Deal) -> list[tuple[str, str]]:
    """What was handed over and said, each under its head; where there is nothing, the head says so."""
    _, moment = chat.words._, chat.words.moment
    handed = _("Delivered {moment}:", moment=moment(deal.delivered_at)) if deal.delivered_at else _("Not delivered.")
    answered = _("The seller says:") if deal.answer else _("The seller has not answered so far.")
    return [(handed, deal.delivery or ""), (_("The buyer says:"), deal.dispute or ""), (answered, deal.answer or "")]


def _quote(head: str, text: str, most: int = MAX_TEXT - 100) -> str:
    return f"{head}\n<blockquote>{escape(cut(text, most))}</blockquote>" if text else head


def _ask_reason(chat: Conversation, deal: Deal, *, release: bool) -> None:
    dialogues.ask(chat, "resolve", lot=deal.auction_id, release=int(release))
    _, money = chat.words._, chat.words.money
    to = (
        _("{amount} will go to the seller.", amount=money(deal.payout))
        if release
        else _("{amount} will go back to the buyer.", amount=money(deal.price))
    )
    rest = _(
        "Send the reason, up to {most} characters: both will read it, and it cannot be undone. /cancel to leave.",
        most=REASON_LENGTH,
    )
    lot = chat.app.store.lot(deal.auction_id)
    chat.say(f"<b>{escape(one_line(lot.card.title))}</b>\n{to}\n{rest}", (leave_button(chat),), back=False)


def _line(chat: Conversation, deal: Deal, name: str) -> str:
    since = chat.words.moment(deal.disputed_at or deal.sold_at)
    return f"• {escape(cut(one_line(name), 60))} · {chat.words.money(deal.price)} · {since}"


def _list_button(chat: Conversation) -> Button:
    return Button(chat.words._("Open disputes"), "go:admin")
