"""Buying at once from the chat: one press at the price that the person saw (spec, section 3, "Buy-now", "Dutch")."""

from __future__ import annotations

from starbid.domain.addresses import require_address
from starbid.domain.deal_rules import DealStep
from starbid.domain.errors import (
    AuctionClosed,
    InDebt,
    InsufficientFunds,
    LotChanged,
    NotForSale,
    NotStarted,
    OwnAuction,
    PriceMoved,
    passes,
)
from starbid.domain.lots import FIRST_VERSION
from starbid.domain.money import Money
from starbid.domain.unfinished import BuyAct
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Row
from starbid.wording import refusal
from webhook import callback_data, cards
from webhook.conversation import Conversation
from webhook.refusing import refuse
from webhook.registry import screens
from webhook.screens.about_lot import bought_words, deal_of, open_button, say_on_card, show_changed, stands, view_of


@screens.press("n", "N")
def press_buy(chat: Conversation, args: list[str]) -> None:
    """Buy, unless the present price is above the one on the button, or the seller has changed what is sold since it was
    shown; then the button is a fresh one.
    """
    lot, price_text, version = callback_data.parts(args if len(args) > 2 else [*args, str(FIRST_VERSION)], 3)
    lot, price, seen = callback_data.lot_id(lot), callback_data.number(price_text), callback_data.number(version)
    try:
        chat.app.bidding.buy(lot, chat.person.id, price, chat.arrived, card_version=seen)
    except LotChanged as error:
        show_changed(chat, view_of(chat, lot), error)
        return
    except (InsufficientFunds, InDebt) as error:
        view = view_of(chat, lot)
        act = BuyAct(lot, Money(price, view.lot.auction.currency), seen)
        refuse(chat, error, (open_button(chat, view),), act=act)
        return
    except (AuctionClosed, NotForSale, PriceMoved, NotStarted, OwnAuction) as error:
        view = view_of(chat, lot)
        if not view.is_buyer:
            say_on_card(chat, view, refusal(error, chat.words))
            return
    chat.acted = True
    show_bought(chat, view_of(chat, lot))


def show_bought(chat: Conversation, view: LotView) -> None:
    """One that was bought before a crash counts as bought now."""
    text = f"{bought_words(chat, view)}\n{stands(chat, view)}"
    rows = (_next_step(chat, view), (open_button(chat, view),))
    if chat.on_card:
        cards.refresh_card(chat, view)
        chat.say(text, *rows)
    else:
        chat.conclude(text, *rows)


def _next_step(chat: Conversation, view: LotView) -> Row:
    """The button that gives the address, where one is needed."""
    if not passes(require_address, deal_of(view), chat.person.id, chat.now):
        return ()
    return (keyboards.step(chat.words._("Give the address"), DealStep.GIVE_ADDRESS, view.lot.auction.id),)
