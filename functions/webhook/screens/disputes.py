"""Disputes in the chat: a buyer objects, the seller answers, an admin settles (`/admin`)."""

from __future__ import annotations

from typing import Any

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import Deal, DealState
from starbid.domain.disputes import ANSWER_LENGTH, DISPUTE_LENGTH, REASON_LENGTH, may_dispute
from starbid.domain.errors import Invalid, NotYours
from starbid.telegram import keyboards
from starbid.telegram.html import MAX_TEXT, cut, escape, one_line, title, units
from starbid.telegram.keyboards import Button
from starbid.wording import refusal
from webhook import dialogues, reading, showing
from webhook.registry import screens
from webhook.screens.about_lot import leave_button, open_button, view_of
from webhook.screens.menu import unknown
from webhook.talk import Talk

SHOWN = 8
QUOTED = 1700
"""Units of each side's text beside a question. The notices have them in full."""
ROOM = 3400
"""Units of all that was said, beside what else an admin sees of it; longer texts get messages of their own."""


def ask(talk: Talk, auction_id: str) -> None:
    """What is wrong? The answer opens the dispute."""
    view = view_of(talk, auction_id)
    if not view.is_buyer or view.deal is None:
        raise NotYours
    if not may_dispute(view.deal, talk.now):
        raise WrongDealState(view.deal.state)
    dialogues.ask(talk, "dispute", lot=auction_id, offered_in=dialogues.asked_on(talk))
    text = talk.words._(
        "What is wrong with “{title}”? Describe it in one message, up to {most} characters.\n"
        "The money stays where it is, the seller reads your words and may answer, and an operator decides. "
        "/cancel to leave.",
        title=title(view.lot.card.title, talk.words),
        most=DISPUTE_LENGTH,
    )
    talk.say(text, (leave_button(talk),), back=False)


@screens.answer("dispute")
def answer_dispute(talk: Talk, state: dict[str, Any], text: str) -> None:
    auction_id = str(state["lot"])
    try:
        talk.app.dealing.dispute(talk.person.id, auction_id, text, talk.now)
    except Invalid as error:
        talk.say(escape(refusal(error, talk.words)), (leave_button(talk),), back=False)
        return
    except WrongDealState as error:
        if error.state != DealState.DISPUTED:
            dialogues.leave(talk)
            raise
    talk.acted = True
    said = talk.words._("Your dispute is open. The money stays where it is until it is settled; you will be told.")
    _done(talk, state, said)


def withdraw(talk: Talk, auction_id: str) -> None:
    """Asks back: a deal is disputed once."""
    view = view_of(talk, auction_id)
    if not view.is_buyer or view.deal is None:
        raise NotYours
    if view.deal.state is not DealState.DISPUTED:
        raise WrongDealState(view.deal.state)
    text = talk.words._(
        "Withdraw the dispute about “{title}”?\nThe deal goes on where it was. It cannot be disputed again.",
        title=title(view.lot.card.title, talk.words),
    )
    sure = keyboards.step(talk.words._("Yes, withdraw it"), "WITHDRAW", auction_id)
    talk.say(text, (sure,), (open_button(talk, view),))


def sure_withdraw(talk: Talk, auction_id: str) -> None:
    """One that was withdrawn before a crash counts as withdrawn now."""
    try:
        talk.app.dealing.withdraw(talk.person.id, auction_id, talk.now)
    except WrongDealState:
        view = view_of(talk, auction_id)
        if not view.is_buyer or view.deal is None or view.deal.dispute is None or view.deal.ended_at is not None:
            raise
    talk.acted = True
    view = view_of(talk, auction_id)
    talk.show(talk.words._("The dispute is withdrawn. The deal goes on."), (open_button(talk, view),))
    showing.after_step(talk, view, None)


def ask_seller(talk: Talk, auction_id: str) -> None:
    """What does the seller say? Asked anew, the last answer counts."""
    view = view_of(talk, auction_id)
    if not view.is_seller or view.deal is None:
        raise NotYours
    if view.deal.state is not DealState.DISPUTED:
        raise WrongDealState(view.deal.state)
    dialogues.ask(talk, "answer", lot=auction_id, offered_in=dialogues.asked_on(talk))
    ask_for = talk.words._(
        "Send your side of the dispute about “{title}” in one message, up to {most} characters: the operator and the "
        "buyer read it. Until it is settled you can change it. /cancel to leave.",
        title=title(view.lot.card.title, talk.words),
        most=ANSWER_LENGTH,
    )
    lines = [_quote(talk.words._("The buyer says:"), view.deal.dispute or "", QUOTED)]
    lines += [_quote(talk.words._("You say:"), view.deal.answer, QUOTED)] if view.deal.answer else []
    talk.say("\n".join((*lines, ask_for)), (leave_button(talk),), back=False)


@screens.answer("answer")
def answer_as_seller(talk: Talk, state: dict[str, Any], text: str) -> None:
    try:
        talk.app.dealing.answer(talk.person.id, str(state["lot"]), text, talk.now)
    except Invalid as error:
        talk.say(escape(refusal(error, talk.words)), (leave_button(talk),), back=False)
        return
    except WrongDealState:
        dialogues.leave(talk)
        raise
    talk.acted = True
    _done(talk, state, talk.words._("Your answer is kept: the operator and the buyer can read it."))


def read_answer(talk: Talk, auction_id: str) -> None:
    """The buyer reads what the seller says."""
    view = view_of(talk, auction_id)
    if not view.is_buyer or view.deal is None:
        raise NotYours
    if not view.deal.answer:
        raise WrongDealState(view.deal.state)
    talk.say(_quote(talk.words._("The seller says:"), view.deal.answer), (open_button(talk, view),))


def _done(talk: Talk, state: dict[str, Any], said: str) -> None:
    """Tell it; what offered the step offers it no longer."""
    view = view_of(talk, str(state["lot"]))
    talk.say(said, (open_button(talk, view),))
    dialogues.leave(talk)
    showing.after_step(talk, view, state.get("offered_in"))


@screens.command("admin")
def admin(talk: Talk, _rest: str) -> None:
    """Open disputes, the oldest first; for admins only, and unknown to everybody else."""
    if not _is_admin(talk):
        unknown(talk)
        return
    disputes = talk.app.dealing.open_disputes(SHOWN)
    if not disputes:
        talk.show(talk.words._("<b>Disputes</b>\nThere are none to settle. You will be told of a new one."))
        return
    lots = talk.app.store.lots([deal.auction_id for deal in disputes])
    known = [(deal, lots[deal.auction_id].card.title) for deal in disputes if deal.auction_id in lots]
    lines = [_line(talk, deal, name) for deal, name in known]
    head = talk.words._("<b>Disputes</b>, the oldest first")
    buttons = [(Button(cut(one_line(name), 28), f"a:look:{deal.auction_id}"),) for deal, name in known]
    talk.show("\n".join((head, *lines)), *buttons)


@screens.press("a")
def press(talk: Talk, args: list[str]) -> None:
    """`<verb>:<lot>` of an admin: look, release, refund."""
    verb, auction_id = reading.parts(args, 2)
    if not _is_admin(talk) or verb not in ("look", "release", "refund"):
        raise reading.Garbled
    deal = talk.app.store.deal(reading.lot_id(auction_id))
    if deal.state is not DealState.DISPUTED:
        raise WrongDealState(deal.state)
    if verb == "look":
        _look(talk, deal)
    else:
        _ask_reason(talk, deal, release=verb == "release")


@screens.answer("settle")
def answer_reason(talk: Talk, state: dict[str, Any], text: str) -> None:
    """The reason settles the dispute: nothing is undone after it."""
    auction_id, release = str(state["lot"]), bool(state["release"])
    try:
        talk.app.dealing.settle(talk.person.id, auction_id, release, text, talk.now)
    except Invalid as error:
        talk.say(escape(refusal(error, talk.words)), (leave_button(talk),), back=False)
        return
    except WrongDealState:
        deal = talk.app.store.deal(auction_id)
        if deal.reason != text.strip():
            dialogues.leave(talk)
            raise
    talk.acted = True
    done = (
        talk.words._("Settled: the money went to the seller.")
        if release
        else talk.words._("Settled: the buyer has the money back.")
    )
    talk.say(f"{done}\n{talk.words._('Both have been told, with your reason.')}", (_list_button(talk),))
    dialogues.leave(talk)


def _look(talk: Talk, deal: Deal) -> None:
    """What the two sides say, and the choice. All of it is read in full: who decides has to know it."""
    _, money = talk.words._, talk.words.money
    lot = talk.app.store.lot(deal.auction_id)
    people = talk.app.store.people((deal.seller_id, deal.buyer_id))
    names = {i: escape(people[i].name if i in people else str(i)) for i in (deal.seller_id, deal.buyer_id)}
    lines = [
        f"<b>{escape(one_line(lot.card.title))}</b> · {money(deal.price)}",
        _("Seller: {name}, {id}", name=names[deal.seller_id], id=deal.seller_id),
        _("Buyer: {name}, {id}", name=names[deal.buyer_id], id=deal.buyer_id),
        _("Sold {moment}", moment=talk.words.moment(deal.sold_at)),
    ]
    choice = (
        Button(_("Release {amount} to the seller", amount=money(deal.payout)), f"a:release:{deal.auction_id}"),
        Button(_("Refund {amount} to the buyer", amount=money(deal.price)), f"a:refund:{deal.auction_id}"),
    )
    rows = choice[:1], choice[1:], (_list_button(talk),)
    said = _said(talk, deal)
    if sum(units(text) for _, text in said) <= ROOM:
        talk.show("\n".join((*lines, *(_quote(*part) for part in said))), *rows)
        return
    for part in said:
        talk.say(_quote(*part), back=False)
    talk.say("\n".join(lines), *rows)


def _said(talk: Talk, deal: Deal) -> list[tuple[str, str]]:
    """What was handed over and said, each under its head; where there is nothing, the head says so."""
    _, moment = talk.words._, talk.words.moment
    handed = _("Delivered {moment}:", moment=moment(deal.delivered_at)) if deal.delivered_at else _("Not delivered.")
    answered = _("The seller says:") if deal.answer else _("The seller has not answered so far.")
    return [(handed, deal.delivery or ""), (_("The buyer says:"), deal.dispute or ""), (answered, deal.answer or "")]


def _quote(head: str, text: str, most: int = MAX_TEXT - 100) -> str:
    return f"{head}\n<blockquote>{escape(cut(text, most))}</blockquote>" if text else head


def _ask_reason(talk: Talk, deal: Deal, *, release: bool) -> None:
    dialogues.ask(talk, "settle", lot=deal.auction_id, release=int(release))
    _, money = talk.words._, talk.words.money
    to = (
        _("{amount} will go to the seller.", amount=money(deal.payout))
        if release
        else _("{amount} will go back to the buyer.", amount=money(deal.price))
    )
    rest = _(
        "Send the reason, up to {most} characters: both will read it, and it cannot be undone. /cancel to leave.",
        most=REASON_LENGTH,
    )
    lot = talk.app.store.lot(deal.auction_id)
    talk.say(f"<b>{escape(one_line(lot.card.title))}</b>\n{to}\n{rest}", (leave_button(talk),), back=False)


def _line(talk: Talk, deal: Deal, name: str) -> str:
    since = talk.words.moment(deal.disputed_at or deal.sold_at)
    return f"• {escape(cut(one_line(name), 60))} · {talk.words.money(deal.price)} · {since}"


def _list_button(talk: Talk) -> Button:
    return Button(talk.words._("Open disputes"), "go:admin")


def _is_admin(talk: Talk) -> bool:
    return talk.person.id in talk.app.settings.admin_ids
