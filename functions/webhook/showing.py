"""Lots as cards in the chat: one message a lot, edited in place."""

from __future__ import annotations

import re

from starbid.domain.auction import Auction
from starbid.services.falling import true_until
from starbid.services.telling import CARD_SECONDS, card_group, show_card
from starbid.services.views import LotView
from starbid.telegram.bot_api import Rejected, Sent
from starbid.telegram.cards import CardStyle, Drawn, Place, draw
from starbid.telegram.deal_buttons import steps_of
from starbid.telegram.messenger import place_facts, read_place
from starbid.telegram.photos import Deliver, deliver_photo
from starbid.telegram.updates import Pressed
from webhook.log import log
from webhook.talk import Talk, patiently

_PLACE = re.compile(r"([0-9]{1,4})/([0-9]{1,4})(\+?)")


def send_card(talk: Talk, view: LotView, place: Place | None = None) -> None:
    """A card as a new message."""
    watching, bidding = _is_watching(talk, view), _has_bid(talk, view)
    drawn = _draw(talk, view, place, bidding, watching)
    try:
        sent = _deliver(talk, view, lambda photo: _send(talk, photo, drawn))
    except Rejected as refusal:
        log().warning("a card went out without its picture: %s", refusal)
        talk.say(drawn.caption, *drawn.keyboard, back=False)
        return
    talk.said = True
    _remember(talk, view, place, sent.message_id if sent else None, bidding, watching)


def turn_card(talk: Talk, view: LotView, place: Place | None, former_id: str) -> None:
    """Another lot, or another picture of it, in the place of the card whose button was pressed."""
    message_id = talk.pressed.message_id if talk.pressed and talk.on_card else None
    if message_id is None:
        send_card(talk, view, place)
        return
    if former_id != view.lot.auction.id:
        talk.app.scratch.drop_member(card_group(former_id), str(talk.chat_id))
    watching, bidding = _is_watching(talk, view), _has_bid(talk, view)
    drawn = _draw(talk, view, place, bidding, watching)

    def edit(photo: bytes | str) -> Sent | None:
        return patiently(
            lambda: talk.app.bot.edit_photo(talk.chat_id, message_id, photo, drawn.caption, drawn.keyboard)
        )

    try:
        edited = _deliver(talk, view, edit)
    except Rejected:
        edited = None
    if edited is None:
        send_card(talk, view, place)
        return
    talk.said = True
    _remember(talk, view, place, message_id, bidding, watching)


def refresh_card(talk: Talk, view: LotView, *, bidding: bool = False, watching: bool | None = None) -> None:
    """The same card as it is now; a new one where it stood in no message that can be edited.

    `watching`: where the press has just changed it; otherwise as the card shows it.
    """
    place = place_of(talk.pressed)
    message_id = talk.pressed.message_id if talk.pressed and talk.on_card else None
    if message_id is None:
        send_card(talk, view)
        return
    watching = watching_of(talk.pressed) if watching is None else watching
    bidding = bidding or _has_bid(talk, view)
    drawn = _draw(talk, view, place, bidding, watching)
    if patiently(lambda: talk.app.bot.edit_caption(talk.chat_id, message_id, drawn.caption, drawn.keyboard)):
        talk.said = True
        _remember(talk, view, place, message_id, bidding, watching)
    else:
        send_card(talk, view, place)


def after_step(talk: Talk, view: LotView, message_id: int | None) -> None:
    """After a step of a deal, its card in the chat and the message that offered it offer what comes next.

    Their old buttons would be refused anyway: a trouble is no reason to repeat the step.
    """
    bot, shown = talk.app.bot, talk.app.scratch.member(card_group(view.lot.auction.id), str(talk.chat_id), talk.now)
    card_id = int(shown["message_id"]) if shown else None
    try:
        if shown and card_id:
            place, watching = read_place(shown), shown.get("watching")
            drawn = _draw(talk, view, place, bool(shown.get("bidding")), watching)
            bot.edit_caption(talk.chat_id, card_id, drawn.caption, drawn.keyboard)
        if message_id and message_id != card_id:
            bot.edit_keyboard(talk.chat_id, message_id, steps_of(view, talk.words, talk.now, talk.app.settings))
    except Exception:
        log().warning("old buttons stay, lot %s", view.lot.auction.id, exc_info=True)


def mark_bidder(talk: Talk, auction_id: str) -> None:
    """The card of this lot that stands in the chat is a bidder's from now on: it will tell when they are outbid."""
    group = card_group(auction_id)
    shown = talk.app.scratch.member(group, str(talk.chat_id), talk.now)
    if shown and not shown.get("bidding"):
        talk.app.scratch.put_member(group, str(talk.chat_id), shown | {"bidding": True}, CARD_SECONDS, talk.now)


def place_of(pressed: Pressed | None) -> Place | None:
    """Where the pressed card stands in its list, read from its own paging row."""
    for text, data in pressed.buttons if pressed else ():
        found = _PLACE.fullmatch(text)
        if found and data.startswith("p:"):
            return Place(int(found[1]), int(found[2]), bool(found[3]))
    return None


def watching_of(pressed: Pressed | None) -> bool | None:
    """Whether the pressed card is shown as watched, read from its own button; None where it has none."""
    for _, data in pressed.buttons if pressed else ():
        if data.startswith("w:"):
            return data.endswith(":0")
    return None


def _is_watching(talk: Talk, view: LotView) -> bool | None:
    """Whether the person watches the lot; None for the seller, who is not asked."""
    if view.is_seller:
        return None
    return talk.app.watching.is_watching(talk.person.id, view.lot.auction.id, talk.now)


def _has_bid(talk: Talk, view: LotView) -> bool:
    """Whether a card has to tell this person when they are outbid, or did not win. Looked up only where that may be."""
    auction, me = view.lot.auction, talk.person.id
    if view.you_lead or view.your_maximum:
        return True
    if view.is_seller or not auction.bids_count or (auction.terms.sealed and not auction.is_final):
        return False
    return me == auction.runner_up_id or any(bid.auction_id == auction.id for bid in talk.app.store.bids_of(me).items)


def _draw(talk: Talk, view: LotView, place: Place | None, bidding: bool = False, watching: bool | None = None) -> Drawn:
    return draw(view, CardStyle(talk.words, talk.now, talk.app.settings, place, bidding, watching))


def _send(talk: Talk, photo: bytes | str, drawn: Drawn) -> Sent:
    return patiently(lambda: talk.app.bot.send_photo(talk.chat_id, photo, drawn.caption, drawn.keyboard))


def _deliver(talk: Talk, view: LotView, deliver: Deliver) -> Sent | None:
    pictures = view.lot.card.pictures
    return deliver_photo(
        deliver,
        pictures[0] if pictures else None,
        talk.app.pictures,
        talk.app.scratch,
        talk.now,
    )


def _remember(
    talk: Talk,
    view: LotView,
    place: Place | None,
    message_id: int | None,
    bidding: bool = False,
    watching: bool | None = None,
) -> None:
    if message_id is not None:
        auction = view.lot.auction
        until = true_until(auction, talk.now)
        show_card(
            talk.app.scratch,
            auction.id,
            talk.chat_id,
            message_id,
            auction.version,
            talk.now,
            **place_facts(place),
            bidding=bidding,
            watching=watching,
            until=until,
        )
        if until is not None:
            _follow(talk, auction)


def _follow(talk: Talk, auction: Auction) -> None:
    """The card is to show each price as it falls. A trouble is no reason to show it twice: the next card makes up."""
    try:
        talk.app.falling.follow(auction, talk.app.now())  # sending took a while: a fall may lie behind us
    except Exception:
        log().warning("a card does not follow its price yet, lot %s", auction.id, exc_info=True)
