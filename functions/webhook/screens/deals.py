"""The steps of a deal, and cancelling one's own lot. What cannot be undone is asked back first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starbid.domain.changing import require_changeable
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deal_ratings import may_rate
from starbid.domain.deals import (
    DELIVERY_LENGTH,
    Deal,
    DealState,
    require_confirmation,
    require_delivery,
    require_taking_back,
)
from starbid.domain.errors import AuctionClosed, Invalid
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.html import MAX_TEXT, escape, title, units
from starbid.telegram.keyboards import Button
from starbid.wording import refusal
from webhook import callback_data, cards, dialogues
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens import disputes, ratings, second_chance
from webhook.screens.about_lot import deal_of, leave_button


@screens.press("d")
def press(chat: Conversation, args: list[str]) -> None:
    """`<verb>:<lot>`, capitals are sure; `<sure verb>:<lot>:<message>` names the message that offered it."""
    offered_in = callback_data.number(args.pop()) if len(args) == 3 and args[0] in _SURE_STEPS else None
    verb, auction_id = callback_data.parts(args, 2)
    auction_id = callback_data.lot_id(auction_id)
    if verb in _SURE_STEPS:
        _SURE_STEPS[verb](chat, auction_id, offered_in)
        return
    if verb.lower() in ratings.VERBS:
        _rate(chat, verb, auction_id)
        return
    action = _VERBS.get(verb)
    if action is None:
        raise callback_data.Garbled
    action(chat, auction_id)


def _rate(chat: Conversation, verb: str, auction_id: str) -> None:
    """`rate4` asks for words with the stars, `RATE4` leaves them out."""
    stars = int(verb[-1])
    if verb.islower():
        ratings.ask_words(chat, auction_id, stars)
    else:
        ratings.rate(chat, auction_id, stars)


@screens.answer("delivery")
def answer_delivery(chat: Conversation, state: dict[str, Any], text: str) -> None:
    """What the seller hands over."""
    auction_id = str(state["lot"])
    try:
        deal = chat.app.dealing.deliver(chat.person.id, auction_id, text, chat.now)
    except Invalid as error:
        chat.say(escape(refusal(error, chat.words)), (leave_button(chat),), back=False)
        return
    except WrongDealState:
        deal = _deal(chat, auction_id)
        if deal.delivery != text.strip():
            dialogues.leave(chat)
            raise
    chat.acted = True
    text = chat.words._(
        "Delivered: the buyer has been told.\n{payout} is yours when the buyer confirms, or by itself on {moment}.",
        payout=chat.words.money(deal.payout),
        moment=chat.words.moment(deal.due_at or chat.now),
    )
    chat.say(text, (_open(chat, auction_id),))
    dialogues.leave(chat)
    cards.after_step(chat, _view(chat, auction_id), state.get("offered_in"))


def _deliver(chat: Conversation, auction_id: str) -> None:
    require_delivery(_deal(chat, auction_id), chat.person.id, chat.now)
    dialogues.ask(chat, "delivery", lot=auction_id, offered_in=dialogues.asked_on(chat))
    text = chat.words._(
        "Send what the buyer needs of “{title}”: a text, code or link, up to {most} characters.\n"
        "Only the buyer sees it, and at once. /cancel to leave.",
        title=title(_view(chat, auction_id).lot.card.title, chat.words),
        most=DELIVERY_LENGTH,
    )
    chat.say(text, (leave_button(chat),), back=False)


def _confirm(chat: Conversation, auction_id: str) -> None:
    view = _view(chat, auction_id)
    require_confirmation(deal_of(view), chat.person.id)
    text = chat.words._(
        "Did you get “{title}” as promised?\nThen {price} goes to the seller; this cannot be undone.",
        title=title(view.lot.card.title, chat.words),
        price=chat.words.money(view.price),
    )
    yes = _sure(chat, chat.words._("Yes, confirm"), "CONFIRM", auction_id)
    chat.say(text, (yes,), (keyboards.step(chat.words._("What was delivered"), "read", auction_id),))


def _sure_confirm(chat: Conversation, auction_id: str, offered_in: int | None) -> None:
    deal = _once(chat, auction_id, chat.app.dealing.confirm, DealState.COMPLETED)
    rate = (keyboards.step(chat.words._("Rate"), "rate", auction_id),) if may_rate(deal, chat.person.id) else ()
    chat.show(chat.words._("Confirmed: the seller is paid.\nThe deal is done."), rate, (_open(chat, auction_id),))
    cards.after_step(chat, _view(chat, auction_id), offered_in)


def _back(chat: Conversation, auction_id: str) -> None:
    view = _view(chat, auction_id)
    require_taking_back(deal_of(view), chat.person.id, chat.now, chat.app.settings.business.deal_times)
    text = chat.words._(
        "“{title}” was not delivered in time.\nTake {price} back? The deal ends with it.",
        title=title(view.lot.card.title, chat.words),
        price=chat.words.money(view.price),
    )
    chat.say(text, (_sure(chat, chat.words._("Take the money back"), "BACK", auction_id),))


def _sure_back(chat: Conversation, auction_id: str, offered_in: int | None) -> None:
    deal = _once(chat, auction_id, chat.app.dealing.take_back, DealState.REFUNDED)
    text = chat.words._("{price} is back in your wallet.", price=chat.words.money(deal.price))
    chat.show(text, (keyboards.go(chat.words._("Wallet"), "balance"),))
    cards.after_step(chat, _view(chat, auction_id), offered_in)


def _sure(chat: Conversation, text: str, verb: str, auction_id: str) -> Button:
    """The button that does a step, and tells which message offered it: that one is to offer it no longer."""
    offered_in = f":{chat.pressed.message_id}" if chat.pressed and chat.pressed.message_id else ""
    return Button(text, f"d:{verb}:{auction_id}{offered_in}")


def _once(chat: Conversation, auction_id: str, step: Callable[..., Deal], done: DealState) -> Deal:
    """A step that was done before a crash counts as done now."""
    try:
        deal = step(chat.person.id, auction_id, chat.now)
    except WrongDealState as error:
        deal = _deal(chat, auction_id)
        if error.state != done or deal.buyer_id != chat.person.id:
            raise
    chat.acted = True
    return deal


def _read(chat: Conversation, auction_id: str) -> None:
    deal = deal_of(_view(chat, auction_id))
    if not deal.delivery:
        raise WrongDealState(deal.state)
    *first, last = _pieces(deal.delivery)
    for piece in first:
        chat.say(escape(piece), back=False)
    chat.say(escape(last), (_open(chat, auction_id),))


def _cancel(chat: Conversation, auction_id: str) -> None:
    """Asks back, but not for what will be refused: the button may be old."""
    view = _view(chat, auction_id)
    require_changeable(view.lot.auction, chat.person.id, chat.now)
    text = chat.words._(
        "Cancel “{title}”?\nIt disappears from the lists; this cannot be undone.",
        title=title(view.lot.card.title, chat.words),
    )
    chat.say(
        text, (keyboards.step(chat.words._("Yes, cancel the lot"), "CANCEL", auction_id),), (_open(chat, auction_id),)
    )


def _sure_cancel(chat: Conversation, auction_id: str) -> None:
    try:
        chat.app.publishing.cancel(chat.person.id, auction_id, chat.now)
    except AuctionClosed:
        view = _view(chat, auction_id)
        if not (view.is_seller and view.status == "cancelled"):
            raise
    chat.acted = True
    chat.show(chat.words._("The lot is cancelled."), (keyboards.go(chat.words._("My lots and deals"), "my"),))


def _view(chat: Conversation, auction_id: str) -> LotView:
    return chat.app.browsing.lot(auction_id, chat.person.id, chat.now, fresh=True)


def _deal(chat: Conversation, auction_id: str) -> Deal:
    return chat.app.store.deal(auction_id)


def _open(chat: Conversation, auction_id: str) -> Button:
    return keyboards.lot(chat.words._("Open the lot"), auction_id)


def _pieces(text: str) -> list[str]:
    """A text in parts that Telegram takes: characters outside the basic plane count twice."""
    half = MAX_TEXT // 2
    if units(text) <= MAX_TEXT:
        return [text]
    return [text[at : at + half] for at in range(0, len(text), half)]


_SURE_STEPS: dict[str, Callable[[Conversation, str, int | None], None]] = {"CONFIRM": _sure_confirm, "BACK": _sure_back}
_VERBS: dict[str, Callable[[Conversation, str], None]] = {
    "deliver": _deliver,
    "confirm": _confirm,
    "back": _back,
    "read": _read,
    "cancel": _cancel,
    "CANCEL": _sure_cancel,
    "dispute": disputes.ask,
    "withdraw": disputes.withdraw,
    "WITHDRAW": disputes.sure_withdraw,
    "answer": disputes.ask_seller,
    "heard": disputes.read_answer,
    "rate": ratings.ask,
    "offer": second_chance.offer,
    "OFFER": second_chance.sure_offer,
    "accept": second_chance.accept,
    "ACCEPT": second_chance.sure_accept,
    "decline": second_chance.decline,
    "relist": second_chance.relist,
}
