"""Live lots as cards to page through, and single ones."""

from __future__ import annotations

from typing import Any

from starbid.domain.auction import Status
from starbid.domain.errors import NotFound
from starbid.services.ports import Search
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.cards import Place
from webhook import callback_data, cards
from webhook.conversation import Conversation
from webhook.registry import screens

PAGE = 24
MOST = 240
"""Lots of one list that the chat pages through; the site has the rest."""
LIST_SECONDS = 3600


@screens.command("auctions")
def auctions(chat: Conversation, _rest: str) -> None:
    """The first live lot, with buttons to the others."""
    state = _fresh_list(chat)
    if not state["ids"]:
        chat.show(
            chat.words._("There are no live lots at the moment.\nPut up the first, or come back a little later."),
            (keyboards.go(chat.words._("Sell"), "sell"),),
        )
        return
    _show(chat, state, 0, None)


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
    state = chat.app.scratch.get(_key(chat), chat.now) or _fresh_list(chat)
    if wanted >= len(state["ids"]) and state["cursor"]:
        state = _extend(chat, state)
    if not state["ids"]:
        chat.toast(chat.words._("There are no live lots at the moment."), alert=True)
        return
    _show(chat, state, wanted % len(state["ids"]), former_id)


def _show(chat: Conversation, state: dict[str, Any], index: int, former_id: str | None) -> None:
    place = Place(index + 1, len(state["ids"]), bool(state["cursor"]))
    view = _lot_at(chat, state["ids"][index])
    if former_id is None:
        cards.send_card(chat, view, place)
    else:
        cards.turn_card(chat, view, place, former_id)


def _lot_at(chat: Conversation, auction_id: str) -> LotView:
    return chat.app.browsing.lot(auction_id, chat.person.id, chat.now)


def _fresh_list(chat: Conversation) -> dict[str, Any]:
    return _fetch(chat, [], None)


def _extend(chat: Conversation, state: dict[str, Any]) -> dict[str, Any]:
    return _fetch(chat, list(state["ids"]), state["cursor"])


def _fetch(chat: Conversation, ids: list[str], cursor: str | None) -> dict[str, Any]:
    """The list as it was when paging began, so that ‹ and › lead where they led; grown by a page."""
    page = chat.app.browsing.live(Search(limit=PAGE, cursor=cursor), chat.now)
    found = [listing.auction_id for listing in page.items if Status(listing.status).is_open]
    ids = list(dict.fromkeys([*ids, *found]))[:MOST]
    state = {"ids": ids, "cursor": page.cursor if len(ids) < MOST else None}
    chat.app.scratch.put(_key(chat), state, LIST_SECONDS, chat.now)
    return state


def _key(chat: Conversation) -> str:
    return f"browse#{chat.person.id}"
