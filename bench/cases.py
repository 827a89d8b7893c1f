"""What is measured. A case prepares its market and returns the act whose cost counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

from bench import money
from bench.market import SELLER, Market
from starbid.domain.errors import AuctionClosed, BidTooLow, InsufficientFunds, OwnAuction, StarbidError
from starbid.services.ports import ApiToken

Act = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """`most_trips` and `most_writes` (on base tables) are promises; None promises nothing."""

    name: str
    prepare: Callable[[Market], Act]
    most_trips: int | None = None
    most_writes: float | None = None


def change_of_leader(market: Market) -> Act:
    lot_id, second = led_lot(market), market.person()
    return lambda: market.bidding.bid(lot_id, second, 5000, market.now(), confirmed=True)


def first_bid(market: Market) -> Act:
    lot_id, bidder = market.lot().auction.id, market.person()
    return lambda: market.bidding.bid(lot_id, bidder, 2000, market.now(), confirmed=True)


def own_raise(market: Market) -> Act:
    lot_id, bidder = market.lot().auction.id, market.person()
    market.bidding.bid(lot_id, bidder, 2000, market.now(), confirmed=True)
    return lambda: market.bidding.bid(lot_id, bidder, 5000, market.now(), confirmed=True)


def challenger_who_does_not_lead(market: Market) -> Act:
    lot_id, second = led_lot(market), market.person()
    return lambda: market.bidding.bid(lot_id, second, 1500, market.now(), confirmed=True)


def bid_that_extends(market: Market) -> Act:
    lot_id, second = led_lot(market), market.person()
    market.later(hours=23, minutes=59)
    return lambda: market.bidding.bid(lot_id, second, 5000, market.now(), confirmed=True)


def too_low(market: Market) -> Act:
    lot_id, bidder = led_lot(market), market.person()
    return refused(BidTooLow, lambda: market.bidding.bid(lot_id, bidder, 1000, market.now(), confirmed=True))


def closed(market: Market) -> Act:
    lot_id, bidder = led_lot(market), market.person()
    market.later(days=1, seconds=2)
    market.closing.close(lot_id, market.now())
    return refused(AuctionClosed, lambda: market.bidding.bid(lot_id, bidder, 9000, market.now(), confirmed=True))


def own_lot(market: Market) -> Act:
    lot_id = market.lot().auction.id
    return refused(OwnAuction, lambda: market.bidding.bid(lot_id, SELLER, 2000, market.now(), confirmed=True))


def not_enough_money(market: Market) -> Act:
    lot_id, bidder = market.lot().auction.id, market.person(stars=10)
    return refused(InsufficientFunds, lambda: market.bidding.bid(lot_id, bidder, 2000, market.now(), confirmed=True))


def buy_now(market: Market) -> Act:
    lot_id, buyer = market.lot(buy_now_price=9000).auction.id, market.person()
    return lambda: market.bidding.buy(lot_id, buyer, 9000, market.now())


def dutch_buy(market: Market) -> Act:
    terms = {"type": "dutch", "floor_price": 100, "drop_amount": 100, "drop_seconds": 3600}
    lot_id, buyer = market.lot(**terms).auction.id, market.person()
    return lambda: market.bidding.buy(lot_id, buyer, 1000, market.now())


def sealed_bid(market: Market, kind: str = "sealed") -> Act:
    lot_id, bidder = market.lot(type=kind).auction.id, market.person()
    market.bidding.bid(lot_id, market.person(), 2000, market.now(), confirmed=True)
    return lambda: market.bidding.bid(lot_id, bidder, 3000, market.now(), confirmed=True)


def vickrey_bid(market: Market) -> Act:
    return sealed_bid(market, "vickrey")


def sealed_raise(market: Market) -> Act:
    lot_id, bidder = market.lot(type="sealed").auction.id, market.person()
    market.bidding.bid(lot_id, bidder, 2000, market.now(), confirmed=True)
    return lambda: market.bidding.bid(lot_id, bidder, 3000, market.now(), confirmed=True)


def sealed_too_low(market: Market) -> Act:
    lot_id, bidder = market.lot(type="sealed").auction.id, market.person()
    market.bidding.bid(lot_id, bidder, 2000, market.now(), confirmed=True)
    market.bidding.bid(lot_id, market.person(), 2500, market.now(), confirmed=True)
    return refused(BidTooLow, lambda: market.bidding.bid(lot_id, bidder, 2000, market.now(), confirmed=True))


def sealed_close(market: Market) -> Act:
    """Of forty bidders: the decision, one chunk of releases, the end."""
    lot_id = market.lot(type="sealed").auction.id
    for number in range(40):
        market.bidding.bid(lot_id, market.person(), 2000 + number, market.now(), confirmed=True)
    market.later(days=1, seconds=2)
    return lambda: market.closing.close(lot_id, market.now())


def close_with_winner(market: Market) -> Act:
    lot_id = led_lot(market)
    market.later(days=1, seconds=2)
    return lambda: market.closing.close(lot_id, market.now())


def confirm(market: Market) -> Act:
    lot_id, buyer = market.lot(buy_now_price=9000).auction.id, market.person()
    market.bidding.buy(lot_id, buyer, 9000, market.now())
    market.dealing.deliver(SELLER, lot_id, "Код: 42", market.now())
    return lambda: market.dealing.confirm(buyer, lot_id, market.now())


def payment(market: Market) -> Act:
    payer = market.person()
    _, payload = market.paying.order_stars(payer, 500, market.now())
    return lambda: market.paying.credit(payer, f"payment-{payer}", payload, 500, "XTR", market.now())


def api_bid_with_key(market: Market) -> Act:
    from web.identity.tokens import digest_of

    lot_id, second, secret = led_lot(market), market.person(), f"sb_{token_urlsafe(24)}"
    market.tokens.keep(ApiToken(digest_of(secret), second, "bench", market.now()))
    headers = {
        "authorization": f"Bearer {secret}",
        "content-type": "application/json",
        "idempotency-key": f"bench-{second}",
    }
    return lambda: http(market, "POST", f"/api/v1/auctions/{lot_id}/bids", 201, headers, {"amount": 5000})


def form_bid(market: Market) -> Act:
    """Session and lot are read together; an unusual bid is checked on the same read."""
    from bench.events import api_headers, http_event
    from web.app import handle

    lot_id, second = led_lot(market), market.person()
    headers = api_headers(market, second) | {"content-type": "application/x-www-form-urlencoded"}
    event = http_event("POST", f"/auction/{lot_id}/bid", headers, "amount=5000&units=whole")

    def act() -> None:
        answer = handle(event, market)
        assert answer["statusCode"] == 303, answer

    return act


def lot_page(market: Market) -> Act:
    lot_id = led_lot(market)
    for amount in range(2000, 4000, 100):
        market.bidding.bid(lot_id, market.person(), amount, market.now(), confirmed=True)
    viewer = market.person()
    return lambda: http(market, "GET", f"/auction/{lot_id}", 200, logged_in(market, viewer))


def poll(market: Market) -> Act:
    """What an open page of a lot asks every three seconds."""
    from bench.events import http_event
    from web.app import handle

    known, path = logged_in(market, market.person()), f"/auction/{led_lot(market)}/live"
    known["if-none-match"] = handle(http_event("GET", path, known), market)["headers"]["etag"]
    return lambda: http(market, "GET", path, 304, known)


def first_list_page(market: Market) -> Act:
    """It reads what the process keeps for 15 seconds, too: the numbers of the chips, and the shelf of new lots."""
    for _ in range(30):
        market.lot()
    viewer = market.person()
    return lambda: http(market, "GET", "/", 200, logged_in(market, viewer))


def list_page(market: Market) -> Act:
    look = first_list_page(market)
    look()
    return look


CASES = (
    Case("accepted bid, leader changes", change_of_leader, most_trips=2, most_writes=8),
    Case("accepted bid, first one", first_bid, most_trips=2, most_writes=8),
    Case("accepted bid, own raise", own_raise, most_trips=2, most_writes=8),
    Case("accepted bid, does not lead", challenger_who_does_not_lead, most_trips=2, most_writes=8),
    Case("accepted bid, extends the end", bid_that_extends, most_trips=2, most_writes=8),
    Case("accepted bid, sealed", sealed_bid, most_trips=2, most_writes=6),
    Case("accepted bid, sealed, own raise", sealed_raise, most_trips=2, most_writes=6),
    Case("accepted bid, Vickrey", vickrey_bid, most_trips=2, most_writes=6),
    Case("refused bid, sealed, too low", sealed_too_low, most_trips=1, most_writes=0),
    Case("refused bid, too low", too_low, most_trips=1, most_writes=0),
    Case("refused bid, closed", closed, most_trips=1, most_writes=0),
    Case("refused bid, own lot", own_lot, most_trips=1, most_writes=0),
    Case("refused bid, not enough money", not_enough_money),
    Case("accepted bid by API, token and key", api_bid_with_key),
    Case("accepted bid by form, with its session", form_bid, most_trips=2, most_writes=8),
    Case("buy now", buy_now),
    Case("buy a Dutch lot", dutch_buy, most_trips=2),
    Case("close with a winner", close_with_winner, most_trips=3, most_writes=10),
    Case("close a sealed lot of 40 bidders", sealed_close, most_trips=7, most_writes=90),
    Case("confirm a deal", confirm),
    Case("credit a payment", payment),
    Case("open a bill", money.bill_opened),
    Case("show an open bill again", money.bill_shown_again, most_writes=1),
    Case("check a bill that waits", money.bill_checked, most_writes=1),
    Case("settle a paid bill", money.bill_settled, most_trips=5),
    Case("hear of a settled bill again", money.bill_settled_again, most_trips=2, most_writes=0),
    Case("ask for a payout", money.payout_asked_for),
    Case("approve a payout", money.payout_approved),
    Case("mark a payout as paid", money.payout_paid),
    Case("lot page, logged in", lot_page, most_trips=4, most_writes=0),
    Case("list page, logged in, first in 15 seconds", first_list_page, most_trips=7, most_writes=0),
    Case("list page, logged in", list_page, most_trips=4, most_writes=0),
    Case("poll with nothing new, logged in", poll, most_trips=1, most_writes=0),
)


def led_lot(market: Market) -> str:
    """A lot at a price of 1000 whose leader bid up to 2000."""
    lot_id = market.lot().auction.id
    market.bidding.bid(lot_id, market.person(), 2000, market.now(), confirmed=True)
    return lot_id


def refused(reason: type[StarbidError], act: Act) -> Act:
    """The act, which must be refused for this reason."""

    def attempt() -> None:
        try:
            act()
        except reason:
            return
        raise AssertionError(f"expected {reason.__name__}")

    return attempt


def logged_in(market: Market, user_id: int) -> dict[str, str]:
    from web.kernel.session import SESSION_COOKIE, Session, write_session

    value = write_session(Session.begin(user_id, market.now()), market.settings.secret_key)
    return {"cookie": f"{SESSION_COOKIE}={value}"}


def http(
    market: Market,
    method: str,
    path: str,
    expected: int,
    headers: dict[str, str],
    body: dict[str, Any] | None = None,
) -> None:
    """A request through the web function."""
    from web.app import handle

    event = {
        "rawPath": quote(path),
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {"http": {"method": method, "path": path}, "requestId": "bench"},
        "body": json.dumps(body) if body else None,
        "isBase64Encoded": False,
    }
    answer = handle(event, market)
    if answer["statusCode"] != expected:
        raise AssertionError(f"{method} {path}: {answer['statusCode']} {answer['body'][:300]}")
