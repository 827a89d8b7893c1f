"""Live lots as cards to page through, and single ones."""

from __future__ import annotations

from starbid.domain.criteria import Looking
from starbid.domain.errors import NotFound
from starbid.services.ports import BrowsedList, Place
from starbid.telegram import keyboards
from webhook import callback_data, cards
from webhook.conversation import Conversation
from webhook.registry import screens


def gallery(chat: Conversation, browsed: BrowsedList, index: int = 0) -> None:
    """A lot of a list as a new card, with buttons to the others."""
    if browsed.ids:
        _show(chat, browsed, index % len(browsed.ids), None)
    else:
        nothing(chat)


def nothing(chat: Conversation) -> None:
    """There is no live lot at all."""
    chat.show(
        chat.words._("There are no lots right now.\nSell the first one, or come back later."),
        (keyboards.go(chat.words._("Sell"), "sell"), keyboards.go(chat.words._("Saved searches"), "searches")),
    )


def one(chat: Conversation, auction_id: str) -> None:
    """A lot by its id, as people type or follow it; raises NotFound."""
    try:
        known = callback_data.lot_id(auction_id)
    except callback_data.Garbled as error:
        raise NotFound from error
    cards.send_card(chat, chat.app.browsing.lot(known, chat.person.id, chat.now))


@screens.press("o")
def open_(chat: Conversation, args: list[str]) -> None:
    """A button that opens a lot."""
    (auction_id,) = callback_data.parts(args, 1)
    one(chat, callback_data.lot_id(auction_id))


@screens.press("p")
def turn(chat: Conversation, args: list[str]) -> None:
    """Another page: `number` from 0, and the lot that the message shows now."""
    number, former_id = callback_data.parts(args, 2)
    wanted, former_id = callback_data.number(number), callback_data.lot_id(former_id)
    paging, me, now = chat.app.paging, chat.person.id, chat.now
    browsed = paging.present(me, now) or paging.fresh(Looking(), me, now)
    if wanted >= len(browsed.ids) and browsed.cursor:
        browsed = paging.grown(browsed, me, now)
    if not browsed.ids:
        chat.toast(chat.words._("There are no lots right now."), alert=True)
        return
    _show(chat, browsed, wanted % len(browsed.ids), former_id)


@screens.press("ph")
def photo(chat: Conversation, args: list[str]) -> None:
    """Another photo of the lot that the card shows: `number` from 0."""
    auction_id, number = callback_data.parts(args, 2)
    wanted = callback_data.number(number)
    view = chat.app.browsing.lot(callback_data.lot_id(auction_id), chat.person.id, chat.now)
    cards.turn_photo(chat, view, wanted)


def _show(chat: Conversation, browsed: BrowsedList, index: int, former_id: str | None) -> None:
    """What operators have hidden since leaves the list, and the next one takes its place."""
    try:
        view = chat.app.browsing.lot(browsed.ids[index], chat.person.id, chat.now)
    except NotFound:
        rest = chat.app.paging.without(browsed, index, chat.person.id, chat.now)
        if not rest.ids:
            raise
        _show(chat, rest, index % len(rest.ids), former_id)
        return
    place = Place(index + 1, len(browsed.ids), bool(browsed.cursor))
    if former_id is None:
        cards.send_card(chat, view, place)
    else:
        cards.turn_card(chat, view, place, former_id)
