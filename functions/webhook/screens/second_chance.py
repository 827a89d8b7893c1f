"""What follows a sale that fell through: an offer to the runner-up, or putting the lot up again."""

from __future__ import annotations

from starbid.domain.deal_errors import NoRunnerUp, WrongOfferState
from starbid.domain.errors import InDebt, InsufficientFunds
from starbid.domain.limits import Deed
from starbid.domain.lots import Lot
from starbid.domain.second_chance import require_offerable
from starbid.domain.second_chance_offer import OfferState
from starbid.domain.unfinished import TakeAct
from starbid.services.deals.second_chance import taken_lot_id
from starbid.telegram import keyboards
from starbid.telegram.html import title
from webhook import cards
from webhook.conversation import Conversation
from webhook.refusing import refuse
from webhook.screens.about_lot import open_button, view_of
from webhook.screens.buying import show_bought


def offer(chat: Conversation, auction_id: str) -> None:
    """Asks back, with the price."""
    view = view_of(chat, auction_id)
    require_offerable(view.lot, chat.person.id, chat.now)
    price = chat.app.second_chance.price_to_offer(view.lot, chat.now)
    if price is None:
        raise NoRunnerUp
    text = chat.words._(
        "Offer “{title}” to the next bidder for {price}, what it would have cost them without this buyer?\n"
        "They will have 48 hours to decide.",
        title=title(view.lot.card.title, chat.words),
        price=chat.words.money(price),
    )
    chat.prompt(text, (keyboards.step(chat.words._("Yes, offer it"), "OFFER", auction_id),), (open_button(chat, view),))


def sure_offer(chat: Conversation, auction_id: str) -> None:
    try:
        chat.app.second_chance.offer(chat.person.id, auction_id, chat.now)
    except WrongOfferState as error:
        if error.state != "open":
            raise
    chat.acted = True
    view = view_of(chat, auction_id)
    made = view.lot.auction.offer
    assert made is not None
    text = chat.words._(
        "Offered. We will tell you the answer; the offer expires {moment}.",
        moment=chat.words.moment(made.until),
    )
    chat.conclude(text, (open_button(chat, view),))


def accept(chat: Conversation, auction_id: str) -> None:
    """Asks back: it costs money at once."""
    view = view_of(chat, auction_id)
    made = view.lot.auction.offer_to(chat.person.id, chat.now)
    if made is None:
        raise WrongOfferState("none")
    text = chat.words._(
        "Buy “{title}” for {price}?\nYou pay now; Starbid keeps the money until you confirm that you got it. The offer "
        "holds until {moment}.",
        title=title(view.lot.card.title, chat.words),
        price=chat.words.money(made.price),
        moment=chat.words.moment(made.until),
    )
    take = chat.words._("Buy the lot for {price}", price=chat.words.money(made.price))
    chat.prompt(text, (keyboards.step(take, "ACCEPT", auction_id),), (open_button(chat, view),))


def sure_accept(chat: Conversation, auction_id: str) -> None:
    try:
        lot = chat.app.second_chance.accept(chat.person.id, auction_id, chat.now)
    except (InsufficientFunds, InDebt) as error:
        view = view_of(chat, auction_id)
        made = view.lot.auction.offer_to(chat.person.id, chat.now)
        act = TakeAct(auction_id, made.price) if made else None
        refuse(chat, error, (open_button(chat, view),), act=act)
        return
    except WrongOfferState as error:
        taken_id = taken_lot_id(_answered(chat, auction_id, OfferState.ACCEPTED, error))
    else:
        taken_id = lot.auction.id
    chat.acted = True
    show_bought(chat, view_of(chat, taken_id))


def decline(chat: Conversation, auction_id: str) -> None:
    try:
        chat.app.second_chance.decline(chat.person.id, auction_id, chat.now)
    except WrongOfferState as error:
        _answered(chat, auction_id, OfferState.DECLINED, error)
    chat.acted = True
    chat.conclude(
        chat.words._("Declined. The seller has been told."), (keyboards.go(chat.words._("Live lots"), "auctions"),)
    )
    cards.after_step(chat, view_of(chat, auction_id), chat.pressed_on)


def _answered(chat: Conversation, auction_id: str, answer: OfferState, error: WrongOfferState) -> Lot:
    """The lot, where this person has answered so already: a second press counts as the first. Raises `error` else."""
    lot = view_of(chat, auction_id).lot
    made = lot.auction.offer
    if made is None or (made.to_id, made.state) != (chat.person.id, answer):
        raise error
    return lot


def relist(chat: Conversation, auction_id: str) -> None:
    """One press; a second one leads to the same new lot, however that stands by then."""
    chat.app.limits.require(Deed.LOT, chat.person.id, chat.now)
    lot = chat.app.publishing.relist(chat.person.id, auction_id, chat.now)
    chat.acted = True
    view = view_of(chat, lot.auction.id)
    facts = {"title": title(lot.card.title, chat.words), "moment": chat.words.moment(lot.auction.ends_at)}
    if view.status.is_open:
        text = chat.words._("“{title}” is relisted, until {moment}.", **facts)
    else:
        text = chat.words._("You have already relisted “{title}”; it ran until {moment}. Nothing was changed.", **facts)
    chat.conclude(text, (open_button(chat, view),))
    cards.after_step(chat, view_of(chat, auction_id), chat.pressed_on)
