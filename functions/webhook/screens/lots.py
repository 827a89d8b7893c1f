"""Live lots as cards to page through, and single ones."""

from __future__ import annotations

from typing import Any

from starbid.domain.auction import Status
from starbid.domain.errors import NotFound
from starbid.services.ports import Search
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.cards import Place
from webhook import reading, showing
from webhook.registry import screens
from webhook.talk import Talk

PAGE = 24
MOST = 240
"""Lots of one list that the chat pages through; the site has the rest."""
LIST_SECONDS = 3600


@screens.command("auctions")
def auctions(talk: Talk, _rest: str) -> None:
    """The first live lot, with buttons to the others."""
    state = _fresh_list(talk)
    if not state["ids"]:
        talk.show(
            talk.words._("There are no live lots at the moment.\nPut up the first, or come back a little later."),
            (keyboards.go(talk.words._("Sell"), "sell"),),
        )
        return
    _show(talk, state, 0, None)


def one(talk: Talk, auction_id: str) -> None:
    """A lot by its id, as people type or follow it; raises NotFound."""
    try:
        known = reading.lot_id(auction_id)
    except reading.Garbled as error:
        raise NotFound from error
    showing.send_card(talk, talk.app.browsing.lot(known, talk.person.id, talk.now))


@screens.press("o")
def open_(talk: Talk, args: list[str]) -> None:
    """A button that opens a lot."""
    (auction_id,) = reading.parts(args, 1)
    one(talk, reading.lot_id(auction_id))


@screens.press("p")
def turn(talk: Talk, args: list[str]) -> None:
    """Another page: `number` from 0, and the lot that the message shows now."""
    number, former_id = reading.parts(args, 2)
    wanted, former_id = reading.number(number), reading.lot_id(former_id)
    state = talk.app.scratch.get(_key(talk), talk.now) or _fresh_list(talk)
    if wanted >= len(state["ids"]) and state["cursor"]:
        state = _extend(talk, state)
    if not state["ids"]:
        talk.toast(talk.words._("There are no live lots at the moment."), alert=True)
        return
    _show(talk, state, wanted % len(state["ids"]), former_id)


def _show(talk: Talk, state: dict[str, Any], index: int, former_id: str | None) -> None:
    place = Place(index + 1, len(state["ids"]), bool(state["cursor"]))
    view = _lot_at(talk, state["ids"][index])
    if former_id is None:
        showing.send_card(talk, view, place)
    else:
        showing.turn_card(talk, view, place, former_id)


def _lot_at(talk: Talk, auction_id: str) -> LotView:
    return talk.app.browsing.lot(auction_id, talk.person.id, talk.now)


def _fresh_list(talk: Talk) -> dict[str, Any]:
    return _fetch(talk, [], None)


def _extend(talk: Talk, state: dict[str, Any]) -> dict[str, Any]:
    return _fetch(talk, list(state["ids"]), state["cursor"])


def _fetch(talk: Talk, ids: list[str], cursor: str | None) -> dict[str, Any]:
    """The list as it was when paging began, so that ‹ and › lead where they led; grown by a page."""
    page = talk.app.browsing.live(Search(limit=PAGE, cursor=cursor), talk.now)
    found = [listing.auction_id for listing in page.items if listing.status in (Status.LIVE, Status.SCHEDULED)]
    ids = list(dict.fromkeys([*ids, *found]))[:MOST]
    state = {"ids": ids, "cursor": page.cursor if len(ids) < MOST else None}
    talk.app.scratch.put(_key(talk), state, LIST_SECONDS, talk.now)
    return state


def _key(talk: Talk) -> str:
    return f"browse#{talk.person.id}"
