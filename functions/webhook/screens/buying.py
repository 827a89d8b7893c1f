"""Buying at once from the chat, asked back first."""

from __future__ import annotations

from starbid.domain.errors import AuctionClosed, InsufficientFunds, NotForSale, NotStarted, OwnAuction, PriceMoved
from starbid.domain.kinds import kind_of
from starbid.domain.money import Money
from starbid.telegram import keyboards
from starbid.telegram.html import title
from starbid.wording import refusal
from webhook import reading
from webhook.refusing import refuse
from webhook.screens.about_lot import closed_to, open_button, say_on_card, view_of
from webhook.talk import Talk


def press_buy(talk: Talk, args: list[str]) -> None:
    """Ask back before buying at once."""
    lot, price_text = reading.parts(args, 2)
    view = view_of(talk, lot)
    if closed_to(talk, view):
        return
    auction = view.lot.auction
    seen = Money(reading.number(price_text), auction.currency)
    try:
        price = kind_of(auction).buy(auction, talk.person.id, seen, talk.now)
    except (PriceMoved, NotForSale) as error:
        say_on_card(talk, view, refusal(error, talk.words))
        return
    text = talk.words._(
        "Buy “{title}” now for {price}?\nThe lot ends at once and the seller delivers to you.",
        title=title(view.lot.card.title, talk.words),
        price=talk.words.money(price),
    )
    sure = keyboards.sure_buy(talk.words._("Buy for {price}", price=talk.words.money(price)), lot, price)
    talk.say(text, (sure,), (open_button(talk, view),))


def press_sure_buy(talk: Talk, args: list[str]) -> None:
    lot, price_text = reading.parts(args, 2)
    lot, price = reading.lot_id(lot), reading.number(price_text)
    try:
        talk.app.bidding.buy(lot, talk.person.id, price, talk.now)
    except InsufficientFunds as error:
        refuse(talk, error, (keyboards.lot(talk.words._("Open the lot"), lot),))
        return
    except (AuctionClosed, NotForSale, PriceMoved, NotStarted, OwnAuction) as error:
        view = talk.app.browsing.lot(lot, talk.person.id, talk.now, fresh=True)
        if not view.is_buyer:
            say_on_card(talk, view, refusal(error, talk.words))
            return
    talk.acted = True
    view = talk.app.browsing.lot(lot, talk.person.id, talk.now, fresh=True)
    text = talk.words._(
        "“{title}” is yours for {price}. The seller delivers next; the money is kept safe until you confirm.",
        title=title(view.lot.card.title, talk.words),
        price=talk.words.money(view.price),
    )
    talk.show(text, (open_button(talk, view),))
