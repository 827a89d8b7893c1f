"""What people do, as requests through the handlers: every page that reads the database, the bot's commands, bids."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench import panel
from bench.cases import Act, logged_in
from bench.events import api_headers, callback, command, http_event
from bench.fillers import LIMIT, RARE_WORD
from bench.market import SELLER, Market
from starbid import bootstrap
from starbid.services.ports import Search
from starbid.storage.catalogue.listings import SORTS
from starbid.telegram.bot_api import Sent

LOTS, PAYMENTS, BIDS = 30, 25, 36
"""More than a page of a person's lots, of their transfers, and of a lot's bids; they have two bids per lot."""


@dataclass(frozen=True)
class Scene:
    """A market with a seller and a bidder who have more than a page of everything, and an operator."""

    market: Market
    viewer: int
    rival: int
    operator: int
    lots: tuple[str, ...]

    @property
    def busy(self) -> str:
        """A lot with more bids than its page shows."""
        return self.lots[0]


class Stars:
    """The bot's own Stars at Telegram, which the panel shows."""

    def balance(self) -> int:
        return 100


class Telegram:
    """Accepts every call of the Bot API."""

    def __getattr__(self, name: str) -> Callable[..., Sent]:
        return lambda *_, **__: Sent(1, "file")


Visit = Callable[[Scene], Act]
"""Prepares a request and returns what will be measured."""


@contextmanager
def scene(market: Market) -> Iterator[Scene]:
    """Within the block the webhook's function answers for this market, and Telegram accepts every call."""
    former = bootstrap._app
    bootstrap._app = market
    market.__dict__ |= {"bot": Telegram(), "stars": Stars()}
    market.shows_new_lots = False  # so that the lists hold only the fillers
    try:
        yield _scene(market)
    finally:
        bootstrap._app = former


def _scene(market: Market) -> Scene:
    viewer, rival = market.person(), market.person()
    lots = tuple(market.lot().auction.id for _ in range(LOTS))
    for lot_id in lots:
        for bidder, amount in ((viewer, 2000), (rival, 3000), (viewer, 4000)):
            market.later(milliseconds=1)  # each at its own moment: lists by time have an order
            market.bidding.bid(lot_id, bidder, amount, market.now(), confirmed=True)
    for number in range(BIDS):
        market.later(milliseconds=1)
        market.bidding.bid(lots[0], (rival, viewer)[number % 2], 5000 + 500 * number, market.now(), confirmed=True)
    for number in range(PAYMENTS):
        _, payload = market.paying.order_stars(viewer, 100, market.now())
        market.paying.credit(viewer, f"bench-{viewer}-{number}", payload, 100, "XTR", market.now())
    return Scene(market, viewer, rival, panel.operator(market), lots)


def visits() -> dict[str, Visit]:
    """By name. Everybody is logged in."""
    lists = {f"list, {sort}": _page("/?" + urlencode({"sort": sort})) for sort in SORTS}
    found = {"q": RARE_WORD, "category": "other", "type": "english", "currency": "XTR"}
    return {
        **lists,
        "list, word and filters": _page("/?" + urlencode(found)),
        "list, word, filters, prices": _page("/?" + urlencode(found | {"sort": "price_asc", "min_price": "900000"})),
        "list, second page": _second_page,
        "list by API": _page("/api/v1/auctions"),
        "front page, with shelves": _front,
        "suggestions, one word": _page("/suggest?" + urlencode({"q": "ла"})),
        "suggestions, second word": _page("/suggest?" + urlencode({"q": f"{RARE_WORD} ла"})),
        "lots seen lately": lambda here: _get(here, "/seen?" + urlencode({"ids": ",".join(here.lots[:8])})),
        "feed": _page("/rss"),
        "feed of a search": _page("/rss?" + urlencode({"q": RARE_WORD})),
        "lot": lambda here: _get(here, f"/auction/{here.busy}"),
        "lot, poll with 304": _poll,
        "lot, related lots": lambda here: _get(here, f"/auction/{here.busy}/related"),
        "favourites, calendar": _calendar,
        "saved searches": _page("/my/searches"),
        "profile": _page("/profile"),
        "own lots": _page("/my/auctions", of_seller=True),
        "own bids": _page("/my/bids"),
        "wallet": _page("/wallet"),
        "public profile": _profile,
        "bot /start": _says("/start"),
        "bot /auctions": _says("/auctions"),
        "bot /auction_<id>": lambda here: _says(f"/auction_{here.busy}")(here),
        "bot /my": _says("/my", of_seller=True),
        "bot /bids": _says("/bids"),
        "bot /stars": _says("/stars"),
        "bot /status": _says("/status"),
        "bot, press that bids": _press,
        "panel, figures of 28 days": _panel("/admin?period=28"),
        "panel, figures of 90 days": _panel("/admin?period=90"),
        "panel, people": _panel("/admin/users"),
        "panel, people by half a name": _panel("/admin/users?" + urlencode({"q": "нов"})),
        "panel, a person": lambda here: _panel(f"/admin/users/{here.viewer}")(here),
        "panel, lots": _panel("/admin/lots"),
        "panel, lots by a word": _panel("/admin/lots?" + urlencode({"q": "ламп"})),
        "panel, payments": _panel("/admin/payments"),
        "panel, log": _panel("/admin/log"),
        "panel, search": _panel("/admin/search?" + urlencode({"q": "анна"})),
        "log and figures, one bid": lambda here: panel.recorded(1)(here.market),
        "log and figures, 30 bids": lambda here: panel.recorded(panel.BATCH)(here.market),
        "accepted bid": _accepted,
        "refused bid": _refused,
    }


def _page(path: str, *, of_seller: bool = False) -> Visit:
    return lambda here: _get(here, path, SELLER if of_seller else here.viewer)


def _get(here: Scene, path: str, user_id: int | None = None) -> Act:
    return lambda: _web(here.market, http_event("GET", path, logged_in(here.market, user_id or here.viewer)), 200)


def _panel(path: str) -> Visit:
    return lambda here: _get(here, path, here.operator)


def _profile(here: Scene) -> Act:
    seller = here.market.store.person(SELLER)
    assert seller
    return _get(here, f"/u/{seller.public_id}")


def _front(here: Scene) -> Act:
    here.market.later(minutes=1)  # nothing is kept of former pages
    return _get(here, "/")


def _calendar(here: Scene) -> Act:
    market = here.market
    for lot_id in here.lots:
        market.watching.watch(here.viewer, lot_id, market.now())
    person = market.watch_calendars.renew(here.viewer, market.now())
    return _get(here, f"/calendar/{person.public_id}/starbid.ics?key={market.watch_calendars.secret(person)}")


def _second_page(here: Scene) -> Act:
    cursor = here.market.catalogue.find(Search(limit=LIMIT)).cursor
    assert cursor, "one page shows all lots"
    return _get(here, "/?" + urlencode({"cursor": cursor}))


def _poll(here: Scene) -> Act:
    event = http_event("GET", f"/auction/{here.busy}/live", logged_in(here.market, here.viewer))
    event["headers"]["if-none-match"] = _web(here.market, event, 200)["headers"]["etag"]
    return lambda: _web(here.market, event, 304)


def _accepted(here: Scene) -> Act:
    return _bid(here, here.rival, here.lots[1], 9000, 201)


def _refused(here: Scene) -> Act:
    return _bid(here, here.rival, here.busy, 1000, 409)


def _bid(here: Scene, bidder: int, lot_id: str, amount: int, expected: int) -> Act:
    body = json.dumps({"amount": amount})
    event = http_event("POST", f"/api/v1/auctions/{lot_id}/bids", api_headers(here.market, bidder), body)
    return lambda: _web(here.market, event, expected)


def _says(text: str, *, of_seller: bool = False) -> Visit:
    return lambda here: _chat(command(here.market, text, SELLER if of_seller else here.viewer))


def _press(here: Scene) -> Act:
    lot_id = here.lots[2]
    auction = here.market.store.auction(lot_id, consistent=True)
    return _chat(callback(here.market, f"b:{lot_id}:4500:{auction.version}", here.rival))


def _chat(event: dict[str, Any]) -> Act:
    def act() -> None:
        from webhook.app import lambda_handler

        status = lambda_handler(event, None)["statusCode"]
        if status != 200:
            raise AssertionError(f"{event['body']}: {status}")

    return act


def _web(market: Market, event: dict[str, Any], expected: int) -> dict[str, Any]:
    from web.app import handle

    answer = handle(event, market)
    if answer["statusCode"] != expected:
        raise AssertionError(f"{event['rawPath']}: {answer['statusCode']} {answer['body'][:300]}")
    return answer
