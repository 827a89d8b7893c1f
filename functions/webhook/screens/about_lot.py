"""What screens about one lot have in common: finding it, saying that it is closed to somebody, the way back to it."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.domain.errors import AuctionClosed, LotChanged, NotStarted, OwnAuction, StarbidError
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.card_words import quoted
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from starbid.wording import refusal
from webhook import reading, showing
from webhook.talk import Talk


def view_of(talk: Talk, auction_id: str) -> LotView:
    return talk.app.browsing.lot(reading.lot_id(auction_id), talk.person.id, talk.now, fresh=True)


def closed_to(talk: Talk, view: LotView) -> bool:
    """True where this person cannot bid on the lot now; they are told why, and see it as it is."""
    error: StarbidError
    if view.status is Status.SCHEDULED:
        error = NotStarted()
    elif view.status is not Status.LIVE:
        error = AuctionClosed()
    elif view.is_seller:
        error = OwnAuction()
    else:
        return False
    say_on_card(talk, view, refusal(error, talk.words))
    return True


def say_on_card(talk: Talk, view: LotView, text: str) -> None:
    """Over the card whose button was pressed, which is drawn anew; elsewhere in the place of what was pressed."""
    if talk.on_card:
        talk.toast(text, alert=True)
        showing.refresh_card(talk, view)
    else:
        talk.show(f"{quoted(view.lot.card.title, talk.words)}\n{escape(text)}", (open_button(talk, view),))


def show_changed(talk: Talk, view: LotView, error: LotChanged) -> None:
    """The seller has changed what the person saw: the new words come first, with the picture, which may be another."""
    talk.toast(refusal(error, talk.words), alert=True)
    showing.turn_card(talk, view, showing.place_of(talk.pressed), view.lot.auction.id)


def open_button(talk: Talk, view: LotView) -> Button:
    return keyboards.lot(talk.words._("Open the lot"), view.lot.auction.id)


def leave_button(talk: Talk) -> Button:
    """The button beside every question."""
    return Button(talk.words._("Cancel"), "x")
