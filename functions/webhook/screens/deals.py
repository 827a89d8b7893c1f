"""The steps of a deal, and cancelling one's own lot. What cannot be undone is asked back first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starbid.domain.auction import Status
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deal_ratings import may_rate
from starbid.domain.deals import DELIVERY_LENGTH, Deal, DealState
from starbid.domain.errors import AuctionClosed, HasBids, Invalid, NotYours
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.html import MAX_TEXT, escape, title, units
from starbid.telegram.keyboards import Button
from starbid.wording import refusal
from webhook import dialogues, reading, showing
from webhook.registry import screens
from webhook.screens import chances, disputes, ratings
from webhook.screens.about_lot import leave_button
from webhook.talk import Talk


@screens.press("d")
def press(talk: Talk, args: list[str]) -> None:
    """`<verb>:<lot>`, capitals are sure; `<sure verb>:<lot>:<message>` names the message that offered it."""
    offered_in = reading.number(args.pop()) if len(args) == 3 and args[0] in _SURE_STEPS else None
    verb, auction_id = reading.parts(args, 2)
    auction_id = reading.lot_id(auction_id)
    if verb in _SURE_STEPS:
        _SURE_STEPS[verb](talk, auction_id, offered_in)
        return
    if verb.lower() in ratings.VERBS:
        _rate(talk, verb, auction_id)
        return
    action = _VERBS.get(verb)
    if action is None:
        raise reading.Garbled
    action(talk, auction_id)


def _rate(talk: Talk, verb: str, auction_id: str) -> None:
    """`rate4` asks for words with the stars, `RATE4` leaves them out."""
    stars = int(verb[-1])
    if verb.islower():
        ratings.ask_words(talk, auction_id, stars)
    else:
        ratings.rate(talk, auction_id, stars)


@screens.answer("delivery")
def answer_delivery(talk: Talk, state: dict[str, Any], text: str) -> None:
    """What the seller hands over."""
    auction_id = str(state["lot"])
    try:
        deal = talk.app.dealing.deliver(talk.person.id, auction_id, text, talk.now)
    except Invalid as error:
        talk.say(escape(refusal(error, talk.words)), (leave_button(talk),), back=False)
        return
    except WrongDealState:
        deal = _deal(talk, auction_id)
        if deal.delivery != text.strip():
            dialogues.leave(talk)
            raise
    talk.acted = True
    text = talk.words._(
        "Delivered: the buyer has been told.\n{payout} is yours when the buyer confirms, or by itself on {moment}.",
        payout=talk.words.money(deal.payout),
        moment=talk.words.moment(deal.due_at or talk.now),
    )
    talk.say(text, (_open(talk, auction_id),))
    dialogues.leave(talk)
    showing.after_step(talk, _view(talk, auction_id), state.get("offered_in"))


def _deliver(talk: Talk, auction_id: str) -> None:
    deal = _deal(talk, auction_id)
    if talk.person.id != deal.seller_id:
        raise NotYours
    if deal.state is not DealState.AWAITING_DELIVERY:
        raise WrongDealState(deal.state)
    dialogues.ask(talk, "delivery", lot=auction_id, offered_in=dialogues.asked_on(talk))
    text = talk.words._(
        "Send what the buyer needs of “{title}”: a text, code or link, up to {most} characters.\n"
        "Only the buyer sees it, and at once. /cancel to leave.",
        title=title(_view(talk, auction_id).lot.card.title, talk.words),
        most=DELIVERY_LENGTH,
    )
    talk.say(text, (leave_button(talk),), back=False)


def _confirm(talk: Talk, auction_id: str) -> None:
    view = _bought(talk, auction_id, DealState.DELIVERED)
    text = talk.words._(
        "Did you get “{title}” as promised?\nThen {price} goes to the seller; this cannot be undone.",
        title=title(view.lot.card.title, talk.words),
        price=talk.words.money(view.price),
    )
    yes = _sure(talk, talk.words._("Yes, confirm"), "CONFIRM", auction_id)
    talk.say(text, (yes,), (keyboards.step(talk.words._("What was delivered"), "read", auction_id),))


def _sure_confirm(talk: Talk, auction_id: str, offered_in: int | None) -> None:
    deal = _once(talk, auction_id, talk.app.dealing.confirm, DealState.COMPLETED)
    rate = (keyboards.step(talk.words._("Rate"), "rate", auction_id),) if may_rate(deal, as_seller=False) else ()
    talk.show(talk.words._("Confirmed: the seller is paid.\nThe deal is done."), rate, (_open(talk, auction_id),))
    showing.after_step(talk, _view(talk, auction_id), offered_in)


def _back(talk: Talk, auction_id: str) -> None:
    view = _bought(talk, auction_id, DealState.AWAITING_DELIVERY)
    text = talk.words._(
        "“{title}” was not delivered in time.\nTake {price} back? The deal ends with it.",
        title=title(view.lot.card.title, talk.words),
        price=talk.words.money(view.price),
    )
    talk.say(text, (_sure(talk, talk.words._("Take the money back"), "BACK", auction_id),))


def _sure_back(talk: Talk, auction_id: str, offered_in: int | None) -> None:
    deal = _once(talk, auction_id, talk.app.dealing.take_back, DealState.REFUNDED)
    text = talk.words._("{price} is back in your wallet.", price=talk.words.money(deal.price))
    talk.show(text, (keyboards.go(talk.words._("Wallet"), "balance"),))
    showing.after_step(talk, _view(talk, auction_id), offered_in)


def _sure(talk: Talk, text: str, verb: str, auction_id: str) -> Button:
    """The button that does a step, and tells which message offered it: that one is to offer it no longer."""
    offered_in = f":{talk.pressed.message_id}" if talk.pressed and talk.pressed.message_id else ""
    return Button(text, f"d:{verb}:{auction_id}{offered_in}")


def _once(talk: Talk, auction_id: str, step: Callable[..., Deal], done: DealState) -> Deal:
    """A step that was done before a crash counts as done now."""
    try:
        deal = step(talk.person.id, auction_id, talk.now)
    except WrongDealState as error:
        deal = _deal(talk, auction_id)
        if error.state != done or deal.buyer_id != talk.person.id:
            raise
    talk.acted = True
    return deal


def _read(talk: Talk, auction_id: str) -> None:
    deal = _view(talk, auction_id).deal
    if deal is None:
        raise NotYours
    if not deal.delivery:
        raise WrongDealState(deal.state)
    *first, last = _pieces(deal.delivery)
    for piece in first:
        talk.say(escape(piece), back=False)
    talk.say(escape(last), (_open(talk, auction_id),))


def _cancel(talk: Talk, auction_id: str) -> None:
    """Asks back, but not for what will be refused: the button may be old."""
    view = _view(talk, auction_id)
    if not view.is_seller:
        raise NotYours
    if view.status not in (Status.SCHEDULED, Status.LIVE):
        raise AuctionClosed
    if view.lot.auction.bids_count:
        raise HasBids
    text = talk.words._(
        "Cancel “{title}”?\nIt disappears from the lists; this cannot be undone.",
        title=title(view.lot.card.title, talk.words),
    )
    talk.say(
        text, (keyboards.step(talk.words._("Yes, cancel the lot"), "CANCEL", auction_id),), (_open(talk, auction_id),)
    )


def _sure_cancel(talk: Talk, auction_id: str) -> None:
    try:
        talk.app.publishing.cancel(talk.person.id, auction_id, talk.now)
    except AuctionClosed:
        view = _view(talk, auction_id)
        if not (view.is_seller and view.status == "cancelled"):
            raise
    talk.acted = True
    talk.show(talk.words._("The lot is cancelled."), (keyboards.go(talk.words._("My lots and deals"), "my"),))


def _view(talk: Talk, auction_id: str) -> LotView:
    return talk.app.browsing.lot(auction_id, talk.person.id, talk.now, fresh=True)


def _bought(talk: Talk, auction_id: str, state: DealState) -> LotView:
    """A lot that this person bought, its deal in this state: an old button asks nothing that would be refused."""
    view = _view(talk, auction_id)
    if not view.is_buyer or view.deal is None:
        raise NotYours
    if view.deal.state is not state:
        raise WrongDealState(view.deal.state)
    return view


def _deal(talk: Talk, auction_id: str) -> Deal:
    return talk.app.store.deal(auction_id)


def _open(talk: Talk, auction_id: str) -> Button:
    return keyboards.lot(talk.words._("Open the lot"), auction_id)


def _pieces(text: str) -> list[str]:
    """A text in parts that Telegram takes: characters outside the basic plane count twice."""
    half = MAX_TEXT // 2
    if units(text) <= MAX_TEXT:
        return [text]
    return [text[at : at + half] for at in range(0, len(text), half)]


_SURE_STEPS: dict[str, Callable[[Talk, str, int | None], None]] = {"CONFIRM": _sure_confirm, "BACK": _sure_back}
_VERBS: dict[str, Callable[[Talk, str], None]] = {
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
    "offer": chances.offer,
    "OFFER": chances.sure_offer,
    "accept": chances.accept,
    "ACCEPT": chances.sure_accept,
    "decline": chances.decline,
    "relist": chances.relist,
}
