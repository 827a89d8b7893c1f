"""What screens about one lot have in common: finding it, saying that it is closed to somebody, the way back to it."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import LotChanged, NotYours, StarbidError
from starbid.domain.kinds.base import require_open
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.card_words import deal_line, quoted
from starbid.telegram.html import escape, title
from starbid.telegram.keyboards import Button
from starbid.wording import refusal
from webhook import callback_data, cards
from webhook.conversation import Conversation


def view_of(chat: Conversation, auction_id: str) -> LotView:
    return chat.app.browsing.lot(callback_data.lot_id(auction_id), chat.person.id, chat.now, fresh=True)


def bid_on(chat: Conversation, auction_id: str) -> LotView:
    """The lot as a bid of this update finds it: open if it was when the update arrived."""
    return chat.app.browsing.lot(callback_data.lot_id(auction_id), chat.person.id, chat.arrived, fresh=True)


def deal_of(view: LotView) -> Deal:
    """The deal, for one of its two sides. Raises NotYours."""
    if view.deal is None:
        raise NotYours
    return view.deal


def bought_words(chat: Conversation, view: LotView) -> str:
    """To the buyer: what comes next; of a deal that has gone on since, only that it is theirs to look at."""
    facts = {"title": title(view.lot.card.title, chat.words), "price": chat.words.money(view.price)}
    if deal_of(view).state is DealState.AWAITING_ADDRESS:
        return chat.words._(
            "“{title}” is yours for {price}. Now say where the seller is to send it; Starbid keeps the money until you "
            "confirm that you got it.",
            **facts,
        )
    if deal_of(view).state is DealState.AWAITING_DELIVERY:
        return chat.words._(
            "“{title}” is yours for {price}. Now the seller sends it; Starbid keeps the money until you confirm.",
            **facts,
        )
    return chat.words._("You have already bought “{title}” for {price}. Open the lot to see the deal.", **facts)


def stands(chat: Conversation, view: LotView) -> str:
    """Where the deal of a lot stands for this person: who has to do what until when, and what follows."""
    return deal_line(view, deal_of(view), chat.words, chat.now, chat.app.settings.business.deal_times)


def closed_to(chat: Conversation, view: LotView, at: datetime) -> bool:
    """True where this person cannot bid on the lot at that moment; they are told why, and see it as it is."""
    try:
        require_open(view.lot.auction, chat.person.id, at)
    except StarbidError as error:
        say_on_card(chat, view, refusal(error, chat.words))
        return True
    return False


def say_on_card(chat: Conversation, view: LotView, text: str) -> None:
    """Over the card whose button was pressed, which is drawn again; elsewhere in the place of what was pressed."""
    if chat.on_card:
        chat.toast(text, alert=True)
        cards.refresh_card(chat, view)
    else:
        chat.conclude(f"{quoted(view.lot.card.title, chat.words)}\n{escape(text)}", (open_button(chat, view),))


def show_changed(chat: Conversation, view: LotView, error: LotChanged) -> None:
    """The seller has changed what the person saw: the new words come first, with the picture, which may be another."""
    chat.toast(refusal(error, chat.words), alert=True)
    cards.turn_card(chat, view, cards.place_of(chat.pressed), view.lot.auction.id)


def open_button(chat: Conversation, view: LotView) -> Button:
    return keyboards.lot(chat.words._("Open the lot"), view.lot.auction.id)


def sure_button(chat: Conversation, text: str, verb: str, auction_id: str) -> Button:
    """The button that does a step, and tells which message offered it: that one is to offer it no longer."""
    offered_in = f":{chat.pressed_on}" if chat.pressed_on else ""
    return Button(text, f"d:{verb}:{auction_id}{offered_in}")
