"""Live lots as cards to page through, and single ones."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.domain.errors import NotFound
from starbid.services.ports import BrowsedList, Place, Search
from starbid.telegram import keyboards
from webhook import callback_data, cards
from webhook.conversation import Conversation
from webhook.registry import screens

PAGE = 24
MOST = 240
"""Lots of one list that the chat pages through; the site has the rest."""


@screens.command("auctions")
def auctions(chat: Conversation, _rest: str) -> None:
    """The first live lot, with buttons to the others."""
    browsed = _fresh_list(chat)
    if not browsed.ids:
        chat.show(
            chat.words._("There are no lots right now.\nSell the first one, or come back later."),
            (keyboards.go(chat.words._("Sell"), "sell"),),
        )
        return
    _show(chat, browsed, 0, None)


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
    browsed = chat.app.browsed_lists.find(chat.person.id, chat.now) or _fresh_list(chat)
    if wanted >= len(browsed.ids) and browsed.cursor:
        browsed = _fetch(chat, browsed)
    if not browsed.ids:
        chat.toast(chat.words._("There are no lots right now."), alert=True)
        return
    _show(chat, browsed, wanted % len(browsed.ids), former_id)


def _show(chat: Conversation, browsed: BrowsedList, index: int, former_id: str | None) -> None:
    """What operators have hidden since leaves the list, and the next one takes its place."""
    try:
        view = chat.app.browsing.lot(browsed.ids[index], chat.person.id, chat.now)
    except NotFound:
        rest = BrowsedList((*browsed.ids[:index], *browsed.ids[index + 1 :]), browsed.cursor)
        chat.app.browsed_lists.keep(chat.person.id, rest, chat.now)
        if not rest.ids:
            raise
        _show(chat, rest, index % len(rest.ids), former_id)
        return
    place = Place(index + 1, len(browsed.ids), bool(browsed.cursor))
    if former_id is None:
        cards.send_card(chat, view, place)
    else:
        cards.turn_card(chat, view, place, former_id)


def _fresh_list(chat: Conversation) -> BrowsedList:
    return _fetch(chat, BrowsedList((), None))


def _fetch(chat: Conversation, known: BrowsedList) -> BrowsedList:
    """The list as it was when paging began, so that ‹ and › lead where they led; grown by a page."""
    page = chat.app.browsing.live(Search(limit=PAGE, cursor=known.cursor), chat.now)
    found = [listing.auction_id for listing in page.items if Status(listing.status).is_open]
    ids = tuple(dict.fromkeys((*known.ids, *found)))[:MOST]
    browsed = BrowsedList(ids, page.cursor if len(ids) < MOST else None)
    chat.app.browsed_lists.keep(chat.person.id, browsed, chat.now)
    return browsed
