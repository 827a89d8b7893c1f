"""Buying at once from the chat: one press at the price that the person saw (spec, section 3, "Buy-now", "Dutch")."""

from __future__ import annotations

from starbid.domain.errors import (
    AuctionClosed,
    InsufficientFunds,
    LotChanged,
    NotForSale,
    NotStarted,
    OwnAuction,
    PriceMoved,
)
from starbid.domain.lots import FIRST_VERSION
from starbid.services.views import LotView
from starbid.telegram.html import title
from starbid.wording import refusal
from webhook import reading, showing
from webhook.refusing import refuse
from webhook.registry import screens
from webhook.screens.about_lot import open_button, say_on_card, show_changed, view_of
from webhook.talk import Talk

"""Of a lot that was never changed; buttons of earlier versions of the bot tell none."""


@screens.press("n", "N")
def press_buy(talk: Talk, args: list[str]) -> None:
    """Buy, unless the present price is above the one on the button, or the seller has changed what is sold since it was
    shown; then the button is a fresh one.
    """
    lot, price_text, version = reading.parts(args if len(args) > 2 else [*args, str(FIRST_VERSION)], 3)
    lot, price, seen = reading.lot_id(lot), reading.number(price_text), reading.number(version)
    try:
        talk.app.bidding.buy(lot, talk.person.id, price, talk.now, card_version=seen)
    except LotChanged as error:
        show_changed(talk, view_of(talk, lot), error)
        return
    except InsufficientFunds as error:
        refuse(talk, error, (open_button(talk, view_of(talk, lot)),))
        return
    except (AuctionClosed, NotForSale, PriceMoved, NotStarted, OwnAuction) as error:
        view = view_of(talk, lot)
        if not view.is_buyer:
            say_on_card(talk, view, refusal(error, talk.words))
            return
    talk.acted = True
    _show_bought(talk, view_of(talk, lot))


def _show_bought(talk: Talk, view: LotView) -> None:
    """One that was bought before a crash counts as bought now."""
    text = talk.words._(
        "“{title}” is yours for {price}. The seller delivers next; the money is kept safe until you confirm.",
        title=title(view.lot.card.title, talk.words),
        price=talk.words.money(view.price),
    )
    if talk.on_card:
        showing.refresh_card(talk, view)
        talk.say(text, (open_button(talk, view),))
    else:
        talk.show(text, (open_button(talk, view),))
