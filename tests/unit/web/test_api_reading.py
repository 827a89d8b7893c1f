"""GET routes of the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.factories import ANNA, BORIS, SELLER, join, market, pay, public_id, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, program

FIELDS = {
    "id", "type", "status", "currency", "goods", "title", "description", "category", "seller_id", "price",
    "next_min_bid", "leader", "you_lead", "your_maximum", "bids_count", "reserve_met", "buy_now_price", "starts_at",
    "ends_at", "version", "card_version",
}  # fmt: skip


def lot_of(client: Client, auction_id: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/auctions/{auction_id}")
    assert answer.status == 200
    found: dict[str, Any] = answer.json
    return found


def place(app: FakeApp, auction_id: str, *bids: tuple[int, int]) -> None:
    for bidder, amount in bids:
        app.bidding.bid(auction_id, bidder, amount, app.now(), confirmed=True)


def test_a_lot_has_exactly_the_fields_of_the_contract() -> None:
    app, lot = market(start_price=100, bid_step=10, buy_now_price=900)
    shown = lot_of(Client(app), lot.auction.id)
    assert set(shown) == FIELDS
    assert shown == shown | {
        "id": lot.auction.id,
        "type": "english",
        "status": "live",
        "currency": "XTR",
        "goods": "digital",
        "title": "A lamp",
        "seller_id": public_id(SELLER),
        "price": 100,
        "next_min_bid": 100,
        "leader": None,
        "you_lead": False,
        "your_maximum": None,
        "bids_count": 0,
        "buy_now_price": 900,
        "starts_at": "2026-05-01T12:00:00.000Z",
        "ends_at": "2026-05-01T13:00:00.000Z",
        "version": 1,
    }


def test_the_leader_sees_their_maximum_and_nobody_else_does() -> None:
    app, lot = market(start_price=100, bid_step=10, buy_now_price=900)
    place(app, lot.auction.id, (ANNA, 5_005), (BORIS, 300))
    mine, other = (lot_of(program(app, user), lot.auction.id) for user in (ANNA, BORIS))
    assert (mine["you_lead"], mine["your_maximum"]) == (True, 5_005)
    assert (other["you_lead"], other["your_maximum"]) == (False, None)
    assert mine["leader"] == other["leader"] == lot.auction.pseudonym(ANNA)
    assert (other["price"], other["next_min_bid"], other["bids_count"]) == (310, 320, 2)
    assert other["buy_now_price"] is None
    assert 5_005 not in other.values()
    assert lot_of(Client(app).log_in(ANNA), lot.auction.id)["your_maximum"] == 5_005


def test_of_a_reserve_only_met_or_not_is_shown() -> None:
    app, lot = market(start_price=100, reserve_price=777)
    assert lot_of(Client(app), lot.auction.id)["reserve_met"] is False
    assert 777 not in lot_of(Client(app), lot.auction.id).values()
    place(app, lot.auction.id, (ANNA, 800))
    assert lot_of(Client(app), lot.auction.id)["reserve_met"] is True


def test_a_lot_goes_through_its_states() -> None:
    app = make_app()
    join(app, ANNA, stars=1000)
    starts = (app.now() + timedelta(hours=1)).isoformat()
    lot = put_up(app, starts_at=starts, duration_seconds=3600, buy_now_price=600)
    client = Client(app)
    assert lot_of(client, lot.auction.id)["status"] == "scheduled"
    app.clock.forward(hours=1, seconds=2)
    assert lot_of(client, lot.auction.id)["status"] == "live"
    place(app, lot.auction.id, (ANNA, 300))
    app.clock.forward(hours=1, seconds=2)
    ended = lot_of(client, lot.auction.id)
    assert (ended["status"], ended["price"], ended["next_min_bid"], ended["buy_now_price"]) == ("sold", 100, None, None)


def test_html_in_a_title_comes_back_as_it_was() -> None:
    app, lot = market(title="<script>alert('hi')</script>", description='"><img src=x> \u2028&')
    answer = Client(app).get(f"/api/v1/auctions/{lot.auction.id}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json["title"] == "<script>alert('hi')</script>"
    assert answer.json["description"] == '"><img src=x> \u2028&'


@pytest.mark.parametrize(
    "auction_id", ["nothing", "a" * 20, "a" * 21, "A", "%20", "lot1%00", "..", "lot-1", "1" * 3000]
)
@pytest.mark.parametrize("rest", ["", "/bids"])
def test_an_id_that_is_none_is_not_found(auction_id: str, rest: str) -> None:
    app, _ = market()
    answer = Client(app).get(f"/api/v1/auctions/{auction_id}{rest}")
    assert (answer.status, answer.code) == (404, "not_found")


def test_an_unchanged_lot_is_not_sent_again() -> None:
    app, lot = market()
    path = f"/api/v1/auctions/{lot.auction.id}"
    anna = program(app, ANNA)
    tag = anna.get(path).headers["etag"]
    again = anna.get(path, headers={"if-none-match": f'"x", W/{tag}'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    place(app, lot.auction.id, (ANNA, 500))
    changed = anna.get(path, headers={"if-none-match": tag})
    assert changed.status == 200
    assert Client(app).get(path, headers={"if-none-match": changed.headers["etag"]}).status == 200, "others see less"


# --- bids -------------------------------------------------------------------------------------------------------------


def test_bids_are_public_but_their_maxima_are_not() -> None:
    app, lot = market(start_price=100, bid_step=10, stars=100_000)
    place(app, lot.auction.id, (ANNA, 55_757), (BORIS, 300), (ANNA, 66_868))  # no likely part of a pseudonym
    for client in (Client(app), program(app, BORIS)):
        answer = client.get(f"/api/v1/auctions/{lot.auction.id}/bids")
        bids = answer.json["items"]
        assert [(bid["number"], bid["kind"], bid["price"]) for bid in bids] == [
            (3, "raise", 310),
            (2, "bid", 310),
            (1, "bid", 100),
        ]
        assert [bid["bidder"] for bid in bids] == [lot.auction.pseudonym(user) for user in (ANNA, BORIS, ANNA)]
        assert set(bids[0]) == {"number", "kind", "bidder", "price", "leader", "placed_at"}
        assert not any(secret in answer.text for secret in ("55757", "66868", f'"{ANNA}"'))


def test_bids_come_in_pages() -> None:
    app, lot = market(start_price=100)
    for number in range(5):
        place(app, lot.auction.id, ((ANNA, BORIS)[number % 2], 200 + 100 * number))
    client, path, numbers, cursor = Client(app), f"/api/v1/auctions/{lot.auction.id}/bids", [], ""
    for _ in range(3):
        page = client.get(path, limit=2, cursor=cursor).json
        numbers += [bid["number"] for bid in page["items"]]
        cursor = page["cursor"]
    assert numbers == [5, 4, 3, 2, 1]
    assert cursor is None


@pytest.mark.parametrize("query", [{"cursor": "nonsense"}, {"limit": 0}, {"limit": 51}, {"limit": "many"}])
def test_a_page_that_cannot_be_is_refused(query: dict[str, Any]) -> None:
    app, lot = market()
    answer = Client(app).get(f"/api/v1/auctions/{lot.auction.id}/bids", **query)
    assert (answer.status, answer.code) == (422, "invalid")


# --- the caller -------------------------------------------------------------------------------------------------------


def test_me_tells_who_one_is() -> None:
    app = make_app()
    join(app, ANNA, name="Anna", username="anna", seller=True)
    me = program(app, ANNA).get("/api/v1/me").json
    assert me == {
        "id": ANNA,
        "public_id": public_id(ANNA),
        "name": "Anna",
        "username": "anna",
        "language": "en",
        "joined_at": "2026-05-01T12:00:00.000Z",
        "subscribed_until": "2026-05-31T12:00:00.000Z",
        "may_sell": True,
        "blocked": False,
    }
    app.clock.forward(days=29, hours=23)
    client = program(app, ANNA)
    app.clock.forward(days=1)
    assert (client.get("/api/v1/me").json["may_sell"], client.get("/api/v1/me").json["subscribed_until"]) == (
        False,
        None,
    )


def test_a_wallet_has_stars_even_where_there_are_none() -> None:
    app = make_app()
    join(app, ANNA)
    assert program(app, ANNA).get("/api/v1/me/wallet").json == {"XTR": {"available": 0, "held": 0}}


def test_a_wallet_shows_what_is_held() -> None:
    app, lot = market(stars=1000)
    place(app, lot.auction.id, (ANNA, 400))
    anna = program(app, ANNA)
    app.store.lag = True
    place(app, lot.auction.id, (ANNA, 500))
    assert anna.get("/api/v1/me/wallet").json == {"XTR": {"available": 500, "held": 500}}


def test_the_ledger_is_ones_own_newest_first_and_in_pages() -> None:
    app, lot = market(ANNA, BORIS, stars=300, buy_now_price=250)
    app.clock.forward(minutes=1)
    pay(app, ANNA, 50)
    app.clock.forward(minutes=1)
    app.bidding.buy(lot.auction.id, ANNA, 250, app.now())
    anna = program(app, ANNA)
    first = anna.get("/api/v1/me/ledger", limit=2).json
    rest = anna.get("/api/v1/me/ledger", limit=2, cursor=first["cursor"]).json
    entries = first["items"] + rest["items"]
    assert [(entry["kind"], entry["amount"]) for entry in entries] == [("sale", -250), ("stars", 50), ("stars", 300)]
    assert entries[0]["auction_id"] == lot.auction.id
    assert datetime.fromisoformat(entries[0]["at"]) == app.now()
    assert sum(entry["amount"] for entry in entries) == 100
    assert anna.get("/api/v1/me/ledger", currency="RUB").json == {"items": [], "cursor": None}
    assert anna.get("/api/v1/me/ledger", currency="BTC").status == 422
    assert anna.get("/api/v1/me/ledger", cursor="nonsense").status == 422


@pytest.mark.parametrize("path", ["/me", "/me/wallet", "/me/ledger", "/tokens"])
def test_the_callers_own_things_need_a_caller(path: str) -> None:
    answer = Client(make_app()).get(f"/api/v1{path}")
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
