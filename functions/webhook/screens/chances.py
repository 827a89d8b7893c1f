"""What follows a sale that fell through: an offer to the runner-up, or putting the lot up again."""

from __future__ import annotations

from starbid.domain.deal_errors import NoRunnerUp, WrongOfferState
from starbid.domain.errors import InsufficientFunds
from starbid.domain.limits import Deed
from starbid.domain.lots import Lot
from starbid.domain.offers import OfferState
from starbid.domain.second_chance import require_free
from starbid.services.second_chance import taken_lot_id
from starbid.telegram import keyboards
from starbid.telegram.deal_buttons import chance_of
from starbid.telegram.html import title
from webhook.refusing import refuse
from webhook.screens.about_lot import open_button, view_of
from webhook.talk import Talk


def offer(talk: Talk, auction_id: str) -> None:
    """Asks back, with the price."""
    view = view_of(talk, auction_id)
    require_free(view.lot, talk.person.id, talk.now)
    price = talk.app.second_chance.price_to_offer(view.lot, talk.now)
    if price is None:
        raise NoRunnerUp
    text = talk.words._(
        "Offer “{title}” to the runner-up for {price}, what it would have cost them without this buyer?\n"
        "They have 48 hours to take it.",
        title=title(view.lot.card.title, talk.words),
        price=talk.words.money(price),
    )
    talk.say(text, (keyboards.step(talk.words._("Yes, offer it"), "OFFER", auction_id),), (open_button(talk, view),))


def sure_offer(talk: Talk, auction_id: str) -> None:
    try:
        talk.app.second_chance.offer(talk.person.id, auction_id, talk.now)
    except WrongOfferState as error:
        if error.state != "open":
            raise
    talk.acted = True
    view = view_of(talk, auction_id)
    made = view.lot.auction.offer
    assert made is not None
    text = talk.words._(
        "Offered. You will be told what they say; no answer until {moment} is a no.",
        moment=talk.words.moment(made.until),
    )
    talk.show(text, (open_button(talk, view),))


def accept(talk: Talk, auction_id: str) -> None:
    """Asks back: it costs money at once."""
    view = view_of(talk, auction_id)
    made = chance_of(view, talk.now)
    if made is None:
        raise WrongOfferState("none")
    text = talk.words._(
        "Take “{title}” for {price}?\nYou pay now; the money is kept safe until you confirm that you got it.",
        title=title(view.lot.card.title, talk.words),
        price=talk.words.money(made.price),
    )
    take = talk.words._("Take it for {price}", price=talk.words.money(made.price))
    talk.say(text, (keyboards.step(take, "ACCEPT", auction_id),), (open_button(talk, view),))


def sure_accept(talk: Talk, auction_id: str) -> None:
    try:
        lot = talk.app.second_chance.accept(talk.person.id, auction_id, talk.now)
    except InsufficientFunds as error:
        refuse(talk, error, (open_button(talk, view_of(talk, auction_id)),))
        return
    except WrongOfferState as error:
        old = _answered(talk, auction_id, OfferState.ACCEPTED, error)
        lot = view_of(talk, taken_lot_id(old)).lot
    talk.acted = True
    text = talk.words._(
        "“{title}” is yours for {price}. The seller delivers next; the money is kept safe until you confirm.",
        title=title(lot.card.title, talk.words),
        price=talk.words.money(lot.auction.price),
    )
    talk.show(text, (open_button(talk, view_of(talk, lot.auction.id)),))


def decline(talk: Talk, auction_id: str) -> None:
    try:
        talk.app.second_chance.decline(talk.person.id, auction_id, talk.now)
    except WrongOfferState as error:
        _answered(talk, auction_id, OfferState.DECLINED, error)
    talk.acted = True
    talk.show(
        talk.words._("All right, the seller has been told."), (keyboards.go(talk.words._("Live lots"), "auctions"),)
    )


def _answered(talk: Talk, auction_id: str, answer: OfferState, error: WrongOfferState) -> Lot:
    """The lot, where this person has answered so already: a second press counts as the first. Raises `error` else."""
    lot = view_of(talk, auction_id).lot
    made = lot.auction.offer
    if made is None or (made.to_id, made.state) != (talk.person.id, answer):
        raise error
    return lot


def relist(talk: Talk, auction_id: str) -> None:
    """One press; a second one leads to the same new lot."""
    talk.app.limits.require(Deed.LOT, talk.person.id, talk.now)
    lot = talk.app.publishing.relist(talk.person.id, auction_id, talk.now)
    talk.acted = True
    text = talk.words._(
        "“{title}” is up again, until {moment}.",
        title=title(lot.card.title, talk.words),
        moment=talk.words.moment(lot.auction.ends_at),
    )
    talk.show(text, (open_button(talk, view_of(talk, lot.auction.id)),))
