"""The wallet: money in escrow of both sides, and what each line of the activity was about."""

from __future__ import annotations

from html import escape

import pytest

from tests.support.factories import ANNA, SELLER, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client, program, text

TITLE = "Lamp & <b>shade</b>"


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(ANNA)
    return app


def bought(app: FakeApp) -> str:
    lot = put_up(app, title=TITLE, start_price=1, buy_now_price=105).auction.id
    app.bidding.buy(lot, ANNA, 105, app.now())
    return lot


def wallet(app: FakeApp, who: int) -> str:
    """A moment has no blank before its full stop."""
    return text(Client(app).log_in(who).get("/wallet")).replace(" .", ".").replace(" ,", ",")


def test_the_seller_sees_what_arrives_when_at_the_latest_and_less_which_fee(app: FakeApp) -> None:
    lot = bought(app)
    page = wallet(app, SELLER)
    assert "On its way to you ⭐ 100 Paid, in escrow ⭐ 0" in page
    assert "⭐ 105 − fee ⭐ 5 Send it to the buyer by 8 May 2026, 12:00 UTC." in page
    assert "It arrives at the latest 7 days after you send it. ⭐ 100" in page
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    assert "You get ⭐ 100 automatically ( 8 May 2026, 12:00 UTC ) unless the buyer opens a dispute" in wallet(
        app, SELLER
    )
    app.dealing.confirm(ANNA, lot, app.now())
    assert "On its way" not in wallet(app, SELLER)


def test_the_buyer_sees_what_is_in_escrow_and_when_it_returns(app: FakeApp) -> None:
    lot = bought(app)
    page = wallet(app, ANNA)
    assert "On its way to you ⭐ 0 Paid, in escrow ⭐ 105" in page
    assert "Waiting for the seller to send it, until 8 May 2026, 12:00 UTC." in page
    assert "it returns automatically ( 15 May 2026, 12:00 UTC )." in page
    assert f'<a href="/auction/{lot}">{escape(TITLE)}</a>' in Client(app).log_in(ANNA).get("/wallet").text
    app.clock.forward(days=14)
    app.dealing.advance(lot, app.now())
    assert "in escrow" not in wallet(app, ANNA)


def test_the_activity_names_the_lot_with_a_link_the_fee_and_what_it_did_to_the_balance(app: FakeApp) -> None:
    lot = bought(app)
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    sellers = Client(app).log_in(SELLER).get("/wallet")
    assert f'<a href="/auction/{lot}">Sold: {escape(TITLE)}</a>' in sellers.text
    assert "⭐ 105 − fee ⭐ 5 · today 12:00 UTC +⭐ 100" in text(sellers)
    buyers = Client(app).log_in(ANNA).get("/wallet")
    assert f'<a href="/auction/{lot}">Bought: {escape(TITLE)}</a>' in buyers.text
    assert "−⭐ 105" in text(buyers)
    assert "fee" not in text(buyers)
    assert "<b>shade" not in sellers.text + buyers.text


def test_a_price_too_small_for_a_fee_speaks_of_none(app: FakeApp) -> None:
    lot = put_up(app, start_price=1, buy_now_price=19).auction.id
    app.bidding.buy(lot, ANNA, 19, app.now())
    assert "fee" not in wallet(app, SELLER)


def test_the_api_names_the_lot_of_a_movement(app: FakeApp) -> None:
    lot = bought(app)
    items = program(app, ANNA).get("/api/v1/me/ledger").json["items"]
    assert [each["auction_id"] for each in items if each["kind"] == "sale"] == [lot]


def test_the_wallet_is_read_in_as_many_trips_whatever_is_in_it(app: FakeApp) -> None:
    anna, trips = Client(app).log_in(ANNA), []
    anna.get("/wallet")  # the pauses are looked at once a second
    for _ in range(3):
        for _ in range(5):
            bought(app)
        app.store.trips.clear()
        anna.get("/wallet")
        trips.append(sorted(app.store.trips))
    assert trips[0] == trips[1] == trips[2]
