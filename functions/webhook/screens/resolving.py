"""An operator resolves disputes in the chat: a section of `/admin`."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import Deal, DealState
from starbid.domain.delivered_files import are_kept
from starbid.domain.disputes import REASON_LENGTH, require_disputed
from starbid.domain.evidence import Shown, shown
from starbid.domain.roles import Right, require_right
from starbid.telegram.html import cut, escape, one_line, units
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.deciding import decision
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import admin, evidence
from webhook.screens.admin import Section
from webhook.screens.disputes import quote

SHOWN = 8
ROOM = 3400
"""Units of all that was said, beside what else an admin sees of it; longer texts get messages of their own."""


@dataclass(frozen=True)
class AskReason(Question):
    """Of a decision: `release` to the seller, else back to the buyer."""

    name = "resolve"
    lot: str
    release: bool

    @property
    def again(self) -> str:
        return f"a:{'release' if self.release else 'refund'}:{self.lot}"


@admin.section(Right.SUPPORT)
def disputes(chat: Conversation) -> Section:
    found = len(chat.app.dealing.open_disputes(SHOWN + 1))
    line = (
        chat.words._("Open disputes: {n}.", n=admin.number(found, SHOWN))
        if found
        else chat.words._("No open disputes.")
    )
    return Section(line, _list_button(chat))


def _list(chat: Conversation) -> None:
    """The oldest first."""
    disputes = chat.app.dealing.open_disputes(SHOWN)
    if not disputes:
        empty = chat.words._("<b>Disputes</b>\nNo open disputes. We will tell you about a new one.")
        chat.show(empty, (admin.back_button(chat),))
        return
    lots = chat.app.store.lots([deal.auction_id for deal in disputes])
    known = [(deal, lots[deal.auction_id].card.title) for deal in disputes if deal.auction_id in lots]
    lines = [_line(chat, deal, name) for deal, name in known]
    head = chat.words._("<b>Disputes</b>, oldest first")
    buttons = [(Button(cut(one_line(name), 28), f"a:look:{deal.auction_id}"),) for deal, name in known]
    chat.show("\n".join((head, *lines)), *buttons, (admin.back_button(chat),))


@screens.press("a")
def press(chat: Conversation, args: list[str]) -> None:
    """`list`, or `<verb>:<lot>`: look, release, refund."""
    admin.require_operator(chat)
    if args == ["list"]:
        _list(chat)
        return
    verb, auction_id = callback_data.parts(args, 2)
    if verb not in ("look", "release", "refund"):
        raise callback_data.Garbled
    deal = chat.app.store.deal(callback_data.lot_id(auction_id))
    require_disputed(deal)
    if verb == "look":
        _look(chat, deal)
    else:
        require_right(chat.app.operators.role_of(chat.person), Right.SUPPORT)
        _ask_reason(chat, deal, release=verb == "release")


@screens.answer(AskReason)
def answer_reason(chat: Conversation, question: AskReason, said: Said) -> None:
    """Nothing is undone after it. Who comes second is told what another operator decided."""
    made = decision(chat, said.text)
    try:
        chat.app.dealing.resolve(made, question.lot, question.release)
    except WrongDealState:
        deal = chat.app.store.deal(question.lot)
        if not deal.reason:
            raise
        chat.say(_already(chat, deal), (_list_button(chat),))
        return
    chat.acted = True
    done = (
        chat.words._("Resolved: the money went to the seller.")
        if question.release
        else chat.words._("Resolved: the buyer has the money back.")
    )
    chat.say(f"{done}\n{chat.words._('Both have been told, with your reason.')}", (_list_button(chat),))


def _already(chat: Conversation, deal: Deal) -> str:
    """What was decided before, and why."""
    _, money = chat.words._, chat.words.money
    end = (
        _("Another operator has already decided: {amount} went to the seller.", amount=money(deal.payout))
        if deal.state is DealState.COMPLETED
        else _("Another operator has already decided: {amount} went back to the buyer.", amount=money(deal.price))
    )
    return f"{end}\n{_('Reason: {reason}', reason=escape(deal.reason))}"


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
        _decide_by(chat, deal),
    ]
    choice = (
        Button(_("Release {amount} to the seller", amount=money(deal.payout)), f"a:release:{deal.auction_id}"),
        Button(_("Refund {amount} to the buyer", amount=money(deal.price)), f"a:refund:{deal.auction_id}"),
    )
    rows = choice[:1], choice[1:], (*_files_row(chat, deal), _list_button(chat))
    said = _said(chat, deal)
    has_photos = shown(deal, chat.now) != Shown()
    if not has_photos and sum(units(text) for _, text in said) <= ROOM:
        chat.show("\n".join((*lines, *(quote(*part) for part in said))), *rows)
        return
    for part in said:
        chat.say(quote(*part), back=False)
    evidence.show(chat, deal, of_buyer=True)
    evidence.show(chat, deal, of_buyer=False)
    chat.prompt("\n".join(lines), *rows)


def _decide_by(chat: Conversation, deal: Deal) -> str:
    """Until when, and what happens if nobody does."""
    _, money, moment = chat.words._, chat.words.money, chat.words.moment(deal.due_at or chat.now)
    if deal.is_delivered:
        return _("Decide by {moment}; otherwise {amount} goes to the seller.", moment=moment, amount=money(deal.payout))
    return _("Decide by {moment}; otherwise {amount} goes back to the buyer.", moment=moment, amount=money(deal.price))


def _said(chat: Conversation, deal: Deal) -> list[tuple[str, str]]:
    """What was handed over and said, each under its head; where there is nothing, the head says so."""
    _, moment = chat.words._, chat.words.moment
    handed = _("Sent {moment}:", moment=moment(deal.delivered_at)) if deal.delivered_at else _("Not sent.")
    answered = _("The seller says:") if deal.answer else _("The seller has not answered yet.")
    return [(handed, deal.delivery or ""), (_("The buyer says:"), deal.dispute or ""), (answered, deal.answer or "")]


def _files_row(chat: Conversation, deal: Deal) -> Row:
    if not are_kept(deal, chat.now):
        return ()
    return (Button(chat.words.ngettext("{n} file", "{n} files", deal.files), f"df:get:{deal.auction_id}"),)


def _ask_reason(chat: Conversation, deal: Deal, *, release: bool) -> None:
    _, money = chat.words._, chat.words.money
    to = (
        _("{amount} will go to the seller.", amount=money(deal.payout))
        if release
        else _("{amount} will go back to the buyer.", amount=money(deal.price))
    )
    rest = _(
        "Send the reason, up to {most} characters. Both sides will read it. This cannot be undone. To cancel: /cancel",
        most=REASON_LENGTH,
    )
    lot = chat.app.store.lot(deal.auction_id)
    text = f"<b>{escape(one_line(lot.card.title))}</b>\n{to}\n{rest}"
    asking.ask(chat, AskReason(deal.auction_id, release), text)


def _line(chat: Conversation, deal: Deal, name: str) -> str:
    since = chat.words.moment(deal.disputed_at or deal.sold_at)
    return f"• {escape(cut(one_line(name), 60))} · {chat.words.money(deal.price)} · {since}"


def _list_button(chat: Conversation) -> Button:
    return Button(chat.words._("Open disputes"), "a:list")
