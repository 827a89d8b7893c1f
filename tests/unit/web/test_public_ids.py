"""Nobody is told the Telegram id of anybody else: not by a page, an answer, an address or a cursor."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from datetime import timedelta
from urllib.parse import unquote

import pytest

from starbid.domain.kinds import kind_of
from starbid.services.auctions.new_lots import lot_id, lot_id_after
from tests.support.desk import deciding
from tests.support.factories import fields, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client
from web.app import _router

SALLY, BEN, CARL, DORA = 7_190_380_018, 7_190_380_029, 7_190_380_137, 7_190_380_548
PEOPLE = (SALLY, BEN, CARL, DORA)
_CODED = re.compile(r"[A-Za-z0-9_-]{12,}")


def market_of_all_kinds() -> FakeApp:
    """A seller, two who bid and one who looks on; lots in every state, with ratings, disputes and an offer."""
    app = make_app()
    join(app, SALLY, seller=True, name="Sally", username="sally")
    for who in (BEN, CARL, DORA):
        join(app, who, stars=50_000, name=f"Person {who % 97}")
    for kind in ("english", "sealed", "vickrey"):
        for seconds in (9_000, 600):
            lot = put_up(app, SALLY, duration_seconds=seconds, extend_seconds=0, type=kind).auction.id
            for who, amount in ((BEN, 150), (CARL, 300)):
                app.bidding.bid(lot, who, amount, app.now(), confirmed=True)
    put_up(app, SALLY, type="dutch", start_price=500, floor_price=100, drop_amount=100, drop_seconds=600)
    put_up(app, SALLY, starts_at=(app.now() + timedelta(days=2)).isoformat())
    bought = put_up(app, SALLY, buy_now_price=400).auction.id
    app.bidding.buy(bought, BEN, 400, app.now())
    disputed = put_up(app, SALLY, buy_now_price=400).auction.id
    app.bidding.buy(disputed, BEN, 400, app.now())
    app.clock.forward(minutes=11)
    for lot, auction in list(app.store.tables.auctions.items()):
        if auction.is_due(app.now()):
            app.closing.close(lot, app.now())
    app.dealing.deliver(SALLY, bought, "the code", app.now())
    app.dealing.confirm(BEN, bought, app.now())
    for who in (BEN, SALLY):
        app.dealing.rate(who, bought, 5, "well done", app.now())
    app.dealing.dispute(BEN, disputed, "broken", app.now())
    app.dealing.answer(SALLY, disputed, "it was not", app.now())
    over = [
        auction for auction in app.store.tables.auctions.values() if auction.is_final and not kind_of(auction).is_sealed
    ]
    won = next(auction.id for auction in over if auction.leader_id == CARL)
    app.dealing.dispute(CARL, won, "never came", app.now())
    app.dealing.resolve(deciding("so be it", app.now()), won, False)
    app.second_chance.offer(SALLY, won, app.now())
    for _ in range(26):  # more than a page of them
        put_up(app, SALLY)
    app.watching.watch(DORA, next(iter(app.store.tables.auctions)), app.now())
    app.store.project(app.now())
    return app


@pytest.fixture(scope="module")
def app() -> FakeApp:
    return market_of_all_kinds()


def addresses(app: FakeApp) -> list[str]:
    """Every address that can be read, with every lot, person and order in it."""
    values = {
        "auction_id": list(app.store.tables.auctions)[:14],
        "public_id": [person.public_id for person in app.store.tables.people.values()],
        "order_id": list(app.store.tables.orders),
    }
    found = []
    for route in _router().routes:
        name = next((name for name in values if f"<{name}>" in route.path), None)
        if route.method == "GET" and name:
            found += [route.path.replace(f"<{name}>", value) for value in values[name]]
        elif route.method == "GET" and "<" not in route.path:
            found.append(route.path)
    return found


def as_read(said: str) -> str:
    """With what is written in base64, as cursors are, and in per cent."""
    decoded = []
    for coded in _CODED.findall(said):
        with suppress(ValueError):
            decoded.append(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("latin-1"))
    return "\n".join((said, unquote(said), *decoded))


def others_named(said: str, viewer: int | None) -> set[int]:
    digits = re.sub(r"(?<=\d)[\s\u202f\u00a0,.](?=\d{3})", "", as_read(said))
    return {who for who in PEOPLE if who != viewer and str(who) in digits}


@pytest.mark.parametrize("viewer", [None, *PEOPLE])
def test_no_page_and_no_answer_names_the_number_of_somebody_else(app: FakeApp, viewer: int | None) -> None:
    client = Client(app)
    if viewer:
        client.log_in(viewer)
    seen = 0
    for path in addresses(app):
        for headers in ({}, {"hx-request": "true"}):
            answer = client.get(path, headers=headers, amount=5, id=1)
            seen += answer.status == 200
            said = answer.text if answer.headers.get("content-type", "").startswith(("text", "application")) else ""
            assert not others_named(f"{said}{answer.headers}{answer.cookies}", viewer), path
    assert seen > 40


def test_no_answer_to_an_act_does_either(app: FakeApp) -> None:
    open_lots = [lot for lot, auction in app.store.tables.auctions.items() if not auction.is_final]
    lot = next(lot for lot in reversed(open_lots) if not app.store.auction(lot).bids_count)
    ben, sally = Client(app).log_in(BEN), Client(app).log_in(SALLY)
    for answer in (
        ben.post(f"/api/v1/auctions/{lot}/bids", {"amount": 500}),
        ben.post(f"/api/v1/auctions/{lot}/bids", {"amount": 1}),
        ben.post_form(f"/auction/{lot}/bid", amount=1),
        ben.post_form(f"/auction/{lot}/edit", **fields()),
    ):
        assert not others_named(answer.text, BEN)
    made = sally.post("/api/v1/auctions", fields())
    assert made.status == 201
    assert not others_named(made.text, None)


def test_the_hunter_finds_what_it_hunts_for() -> None:
    cursor = base64.urlsafe_b64encode(f'{{"seller_id":{{"N":"{SALLY}"}}}}'.encode()).decode().rstrip("=")
    for said in (f"/u/{SALLY}", f"?cursor={cursor}", "7 190 380 018", "7\u202f190\u202f380\u202f018", f"a%2F{SALLY}"):
        assert others_named(said, BEN) == {SALLY}
        assert not others_named(said, SALLY)


def test_the_id_of_a_lot_tells_nothing_of_its_seller_to_who_can_guess_the_request(app: FakeApp) -> None:
    """It is a hash: what went in can be found by trying, so it must not be a number out of ten billion."""
    old = app.store.lot(next(iter(app.store.tables.auctions)))
    assert lot_id_after(old, "relist") == lot_id(f"{old.card.seller_public_id}/relist", old.auction.id)
    assert lot_id_after(old, "relist") != lot_id(f"{SALLY}/relist", old.auction.id)


def test_every_seller_id_leads_to_the_page_of_the_seller(app: FakeApp) -> None:
    items = Client(app).get("/api/v1/auctions").json["items"]
    assert items
    for item in items:
        lot = Client(app).get(f"/api/v1/auctions/{item['id']}").json
        assert lot["seller_id"] == item["seller_id"]
        assert "Sally" in Client(app).get(f"/u/{item['seller_id']}").text


def test_a_lot_of_an_older_version_is_shown_without_a_link_to_its_seller() -> None:
    app = make_app()
    join(app, SALLY, seller=True, public_id="", name="Sally")
    lot = put_up(app, SALLY).auction.id
    app.store.project(app.now())
    for path in (f"/auction/{lot}", f"/auction/{lot}/live", "/", "/api/v1/auctions", f"/api/v1/auctions/{lot}"):
        for client in (Client(app), Client(app).log_in(SALLY)):
            answer = client.get(path)
            assert answer.status == 200
            assert "/u/" not in answer.text
    assert Client(app).log_in(SALLY).get("/profile").status == 200
