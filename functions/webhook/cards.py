"""Lots as cards in the chat: one message a lot, edited in place."""

from __future__ import annotations

import re
from dataclasses import replace

from starbid.domain.auction import Auction
from starbid.domain.kinds import is_hidden
from starbid.services.cards.falling import card_of
from starbid.services.ports import Look, Place, Rejected
from starbid.services.views import LotView
from starbid.telegram.bot_api import Sent
from starbid.telegram.cards import CardStyle, Drawn, draw
from starbid.telegram.deal_buttons import steps_of
from starbid.telegram.edited_cards import edit_shown
from starbid.telegram.photos import Deliver, deliver_photo
from starbid.telegram.updates import Pressed
from webhook import rich_cards
from webhook.conversation import Conversation, patiently
from webhook.log import log

_PHOTO = re.compile(r"ph:[a-z0-9]+:([0-9]{1,2})")
_PLACE = re.compile(r"([0-9]{1,4})/([0-9]{1,4})(\+?)")


def send_card(chat: Conversation, view: LotView, place: Place | None = None) -> None:
    """A card as a new message."""
    _send_new(chat, view, Look(place, _has_bid(chat, view), _is_watching(chat, view)))


def _send_new(chat: Conversation, view: LotView, look: Look) -> None:
    if rich := rich_cards.send(chat, view, style_of(chat, look)):
        chat.said = True
        _remember(chat, view, look, rich.message_id, rich.photos)
        return
    drawn = _draw(chat, view, look)
    try:
        sent = _deliver(chat, view, look, lambda photo: _send(chat, photo, drawn))
    except Rejected as refusal:
        log().warning("a card went out without its picture: %s", refusal)
        chat.say(drawn.caption, *drawn.keyboard, back=False)
        return
    chat.said = True
    if sent:
        _remember(chat, view, look, sent.message_id)


def turn_card(chat: Conversation, view: LotView, place: Place | None, former_id: str) -> None:
    """Another lot in the place of the card whose button was pressed."""
    if chat.on_card and former_id != view.lot.auction.id:
        chat.app.shown_cards.drop(former_id, chat.chat_id)
    _put_in_place(chat, view, Look(place, _has_bid(chat, view), _is_watching(chat, view)))


def turn_photo(chat: Conversation, view: LotView, number: int) -> None:
    """Another photo, from 0 on, in the card whose button was pressed. What a seller took away is passed over."""
    look = Look(place_of(chat.pressed), _has_bid(chat, view), watching_of(chat.pressed))
    _put_in_place(chat, view, replace(look, photo=number % max(1, len(view.lot.card.pictures))))


def _put_in_place(chat: Conversation, view: LotView, look: Look) -> None:
    """A picture and all beside it in the place of the pressed card's; as a new card where that cannot be edited."""
    message_id = chat.pressed.message_id if chat.pressed and chat.on_card else None
    if message_id is None:
        _send_new(chat, view, look)
        return
    if chat.on_rich_card and (rich := rich_cards.turn(chat, message_id, view, style_of(chat, look))):
        chat.said = True
        _remember(chat, view, look, message_id, rich.photos)
        return
    _put_plain(chat, view, look, message_id)


def _put_plain(chat: Conversation, view: LotView, look: Look, message_id: int) -> None:
    """A photo with a caption in the place of a card of either kind; as a new card where that cannot be edited."""
    drawn = _draw(chat, view, look)

    def edit(photo: bytes | str) -> Sent | None:
        return patiently(
            lambda: chat.app.bot.edit_photo(chat.chat_id, message_id, photo, drawn.caption, drawn.keyboard)
        )

    try:
        edited = _deliver(chat, view, look, edit)
    except Rejected:
        edited = None
    if edited is None:
        _send_new(chat, view, look)
        return
    chat.said = True
    _remember(chat, view, look, message_id)


def refresh_card(chat: Conversation, view: LotView, *, bidding: bool = False, watching: bool | None = None) -> None:
    """The same card as it is now; a new one where it stood in no message that can be edited.

    `watching`: where the press has just changed it; otherwise as the card shows it.
    """
    place = place_of(chat.pressed)
    message_id = chat.pressed.message_id if chat.pressed and chat.on_card else None
    if message_id is None:
        send_card(chat, view)
        return
    watching = watching_of(chat.pressed) if watching is None else watching
    look = Look(place, bidding or _has_bid(chat, view), watching, photo_of(chat.pressed))
    if chat.on_rich_card:
        _refresh_rich(chat, view, look, message_id)
        return
    drawn = _draw(chat, view, look)
    if patiently(lambda: chat.app.bot.edit_caption(chat.chat_id, message_id, drawn.caption, drawn.keyboard)):
        chat.said = True
        _remember(chat, view, look, message_id)
    else:
        send_card(chat, view, place)


def _refresh_rich(chat: Conversation, view: LotView, look: Look, message_id: int) -> None:
    """The photos stay as they are. What is refused as a rich card becomes one of the other kind, in its place."""
    photos = (chat.pressed.slides if chat.pressed else None) or ()
    if rich := rich_cards.edit(chat, message_id, view, style_of(chat, look), photos):
        chat.said = True
        _remember(chat, view, look, message_id, rich.photos)
    else:
        _put_plain(chat, view, look, message_id)


def after_step(chat: Conversation, view: LotView, message_id: int | None) -> None:
    """After a step of a deal, its card in the chat and the message that offered it offer what comes next.

    Their old buttons would be refused anyway: a trouble is no reason to repeat the step.
    """
    bot, shown = chat.app.bot, chat.app.shown_cards.one(view.lot.auction.id, chat.chat_id, chat.now)
    card_id = shown.message_id if shown else None
    try:
        if shown:
            edit_shown(bot, shown, view, style_of(chat, shown.look), chat.app.newest_bids.of)
        if message_id and message_id != card_id:
            bot.edit_keyboard(chat.chat_id, message_id, steps_of(view, chat.words, chat.now, chat.app.settings))
    except Exception:
        log().warning("old buttons stay, lot %s", view.lot.auction.id, exc_info=True)


def mark_bidder(chat: Conversation, auction_id: str) -> None:
    """The card of this lot that stands in the chat is a bidder's from now on: it will tell when they are outbid."""
    cards = chat.app.shown_cards
    shown = cards.one(auction_id, chat.chat_id, chat.now)
    if shown and not shown.look.bidding:
        cards.put(replace(shown, look=replace(shown.look, bidding=True)), chat.now)


def place_of(pressed: Pressed | None) -> Place | None:
    """Where the pressed card stands in its list, read from its own paging row."""
    for text, data in pressed.buttons if pressed else ():
        found = _PLACE.fullmatch(text)
        if found and data.startswith("p:"):
            return Place(int(found[1]), int(found[2]), bool(found[3]))
    return None


def photo_of(pressed: Pressed | None) -> int:
    """Which photo the pressed card shows, read from its own row of photos."""
    for text, data in pressed.buttons if pressed else ():
        found = _PHOTO.fullmatch(data)
        if found and text not in ("‹", "›"):
            return int(found[1])
    return 0


def watching_of(pressed: Pressed | None) -> bool | None:
    """Whether the pressed card is shown as watched, read from its own button; None where it has none."""
    for _, data in pressed.buttons if pressed else ():
        if data.startswith("w:"):
            return data.endswith(":0")
    return None


def _is_watching(chat: Conversation, view: LotView) -> bool | None:
    """Whether the person watches the lot; None for the seller, who is not asked."""
    if view.is_seller:
        return None
    return chat.app.watching.is_watching(chat.person.id, view.lot.auction.id, chat.now)


def _has_bid(chat: Conversation, view: LotView) -> bool:
    """Whether a card has to tell this person when they are outbid, or did not win. Looked up only where that may be."""
    auction, me = view.lot.auction, chat.person.id
    if view.you_lead or view.your_maximum:
        return True
    if view.is_seller or not auction.bids_count or is_hidden(auction):
        return False
    return me == auction.runner_up_id or any(bid.auction_id == auction.id for bid in chat.app.store.bids_of(me).items)


def style_of(chat: Conversation, look: Look) -> CardStyle:
    return CardStyle(chat.words, chat.now, chat.app.settings, look)


def _draw(chat: Conversation, view: LotView, look: Look) -> Drawn:
    return draw(view, style_of(chat, look))


def _send(chat: Conversation, photo: bytes | str, drawn: Drawn) -> Sent:
    return patiently(lambda: chat.app.bot.send_photo(chat.chat_id, photo, drawn.caption, drawn.keyboard))


def _deliver(chat: Conversation, view: LotView, look: Look, deliver: Deliver) -> Sent | None:
    pictures = view.lot.card.pictures
    return deliver_photo(
        deliver,
        pictures[look.photo % len(pictures)] if pictures else None,
        chat.app.pictures,
        chat.app.file_ids,
        chat.now,
        lambda: chat.slowly("upload_photo"),
    )


def _remember(
    chat: Conversation, view: LotView, look: Look, message_id: int | None, photos: tuple[str, ...] | None = None
) -> None:
    """`photos` are those of a rich card."""
    if message_id is not None:
        card = card_of(view.lot.auction, chat.chat_id, message_id, look, chat.now, photos)
        chat.app.shown_cards.put(card, chat.now)
        if card.until is not None:
            _follow(chat, view.lot.auction)


def _follow(chat: Conversation, auction: Auction) -> None:
    """The card is to show each price as it falls. A trouble is no reason to show it twice: the next card makes up."""
    try:
        chat.app.falling.follow(auction, chat.app.now())  # sending took a while: a fall may lie behind us
    except Exception:
        log().warning("a card does not follow its price yet, lot %s", auction.id, exc_info=True)
