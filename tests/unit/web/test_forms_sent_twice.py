"""A form that was sent twice without JavaScript: the browser shows the answer to the second press alone, so that one
tells what has happened, and not that it is impossible."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.there import there
from tests.support.web import Answer, Client, program, text


@pytest.fixture
def app() -> FakeApp:
    return market(ANNA, BORIS)[0]


def twice(client: Client, path: str, **fields: Any) -> tuple[Answer, Answer]:
    first, second = (client.post_form(path, **fields) for _ in range(2))
    assert first.status == 303, first.text
    return first, second


def assert_same(first: Answer, second: Answer) -> None:
    """The second press leads where the first one did, and tells the same."""
    assert (second.status, second.headers.get("location")) == (303, first.headers["location"])
    assert second.cookie("starbid_note") == first.cookie("starbid_note")


def bought(app: FakeApp) -> str:
    lot_id = put_up(app, start_price=100, buy_now_price=400).auction.id
    app.bidding.buy(lot_id, ANNA, 400, app.now())
    return lot_id


def delivered(app: FakeApp) -> str:
    lot_id = bought(app)
    app.dealing.deliver(SELLER, lot_id, "The code", app.now())
    return lot_id


def fallen_through(app: FakeApp) -> str:
    """Won by ANNA before BORIS, and never delivered."""
    lot_id = put_up(app, start_price=100, duration_seconds=3600).auction.id
    app.bidding.bid(lot_id, BORIS, 300, app.now())
    app.bidding.bid(lot_id, ANNA, 500, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot_id, app.now())
    app.clock.forward(days=14)
    app.dealing.advance(lot_id, app.now())
    return lot_id


# --- bids and purchases -----------------------------------------------------------------------------------------------


def test_the_leader_is_told_you_lead_and_not_the_lowest_bid(app: FakeApp) -> None:
    lot_id = put_up(app, start_price=20).auction.id
    anna = Client(app).log_in(ANNA)
    assert_same(*twice(anna, f"/auction/{lot_id}/bid", amount=20, card_version=1))
    told = text(anna.get(f"/auction/{lot_id}"))
    assert "You lead" in told
    assert "The lowest bid is now" not in told
    assert app.store.auction(lot_id).bids_count == 1


def test_in_the_api_an_equal_bid_of_the_leader_stays_too_low(app: FakeApp) -> None:
    lot_id = put_up(app, start_price=20).auction.id
    api = program(app, ANNA)
    assert api.post(f"/api/v1/auctions/{lot_id}/bids", {"amount": 20}).status == 201
    answer = api.post(f"/api/v1/auctions/{lot_id}/bids", {"amount": 20})
    assert (answer.status, answer.code) == (409, "bid_too_low")
    assert answer.json["error"]["details"] == {"next_min_bid": 21}


def test_typed_amounts_are_compared_by_what_they_mean(app: FakeApp) -> None:
    lot_id = put_up(app, start_price=1000).auction.id
    anna = Client(app).log_in(ANNA)
    anna.post_form(f"/auction/{lot_id}/bid", amount="1500", units="whole")
    assert anna.post_form(f"/auction/{lot_id}/bid", amount="1\u202f500", units="whole").status == 303


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_a_sealed_bid_stands_as_it_is(app: FakeApp, kind: str) -> None:
    lot_id = put_up(app, type=kind, start_price=100).auction.id
    anna = Client(app).log_in(ANNA)
    assert_same(*twice(anna, f"/auction/{lot_id}/bid", amount=457))
    assert "You bid ⭐ 457" in text(anna.get(f"/auction/{lot_id}"))


def test_one_who_does_not_lead_is_told_the_lowest_bid(app: FakeApp) -> None:
    lot_id = put_up(app, start_price=100).auction.id
    app.bidding.bid(lot_id, BORIS, 900, app.now())
    _, second = twice(Client(app).log_in(ANNA), f"/auction/{lot_id}/bid", amount=200)
    assert second.status == 409
    assert "The lowest bid is now ⭐ 210" in text(second)


def test_who_bought_it_is_not_told_that_bidding_is_over(app: FakeApp) -> None:
    lot_id = put_up(app, start_price=100, buy_now_price=400).auction.id
    falling = put_up(app, type="dutch", start_price=400, floor_price=100, drop_amount=300, drop_seconds=600).auction.id
    anna = Client(app).log_in(ANNA)
    for one in (lot_id, falling):
        assert_same(*twice(anna, f"/auction/{one}/buy", seen_price=400))
        assert "You bought it" in text(anna.get(f"/auction/{one}"))
        late = Client(app).log_in(BORIS).post_form(f"/auction/{one}/buy", seen_price=400)
        assert (late.status, "Bidding on this lot is over." in late.text) == (409, True)


def test_a_lot_is_cancelled_once_and_told_twice(app: FakeApp) -> None:
    seller, lot_id = Client(app).log_in(SELLER), put_up(app).auction.id
    assert_same(*twice(seller, f"/auction/{lot_id}/cancel"))
    assert Client(app).log_in(ANNA).post_form(f"/auction/{lot_id}/cancel").status == 403


def test_an_operator_too(app: FakeApp) -> None:
    admin_id = next(iter(app.settings.business.admin_ids))
    join(app, admin_id)
    lot_id = put_up(app).auction.id
    assert_same(*twice(Client(app).log_in(admin_id), f"/auction/{lot_id}/cancel", reason="Stolen"))


def test_a_lot_that_ended_otherwise_is_not_called_cancelled(app: FakeApp) -> None:
    lot_id = bought(app)
    assert Client(app).log_in(SELLER).post_form(f"/auction/{lot_id}/cancel").status == 409


@pytest.mark.parametrize("wish", ["0", "1"])
def test_watching_is_named_and_so_the_same_twice(app: FakeApp, wish: str) -> None:
    lot_id, anna = put_up(app).auction.id, Client(app).log_in(ANNA)
    assert_same(*twice(anna, f"/auction/{lot_id}/watch", watch=wish))
    assert app.watching.is_watching(ANNA, lot_id, app.now()) is (wish == "1")


def test_a_subscription_is_paid_once_and_told_twice(app: FakeApp) -> None:
    before = app.store.wallet(ANNA, "XTR").available
    assert_same(*twice(Client(app).log_in(ANNA), "/subscribe", request_id="r1"))
    assert before - app.store.wallet(ANNA, "XTR").available == app.settings.business.subscription


# --- the deal ---------------------------------------------------------------------------------------------------------


def test_what_was_delivered_is_delivered(app: FakeApp) -> None:
    lot_id, seller = bought(app), Client(app).log_in(SELLER)
    assert_same(*twice(seller, f"/auction/{lot_id}/deliver", text=" A code,\r\nin two lines "))
    other = seller.post_form(f"/auction/{lot_id}/deliver", text="Another code")
    assert other.status == 409
    assert "The deal has moved on" in other.text
    assert there(app.store.deal(lot_id)).delivery == "A code,\nin two lines"


def test_what_was_confirmed_is_confirmed(app: FakeApp) -> None:
    lot_id = delivered(app)
    assert_same(*twice(Client(app).log_in(ANNA), f"/auction/{lot_id}/confirm"))
    assert Client(app).log_in(SELLER).post_form(f"/auction/{lot_id}/confirm").status == 403


def test_what_an_operator_decided_was_not_confirmed(app: FakeApp) -> None:
    lot_id = delivered(app)
    app.dealing.dispute(ANNA, lot_id, "Broken", app.now())
    app.dealing.resolve(deciding("It works", app.now()), lot_id, True)
    assert Client(app).log_in(ANNA).post_form(f"/auction/{lot_id}/confirm").status == 409


def test_money_taken_back_is_back(app: FakeApp) -> None:
    lot_id = bought(app)
    app.clock.forward(days=7)
    before = app.store.wallet(ANNA, "XTR").available
    assert_same(*twice(Client(app).log_in(ANNA), f"/auction/{lot_id}/take_back"))
    assert (app.store.wallet(ANNA, "XTR").available - before).amount == 400


def test_a_dispute_is_opened_withdrawn_and_told_each_twice(app: FakeApp) -> None:
    lot_id, anna = delivered(app), Client(app).log_in(ANNA)
    assert_same(*twice(anna, f"/auction/{lot_id}/dispute", text="Broken"))
    assert_same(*twice(Client(app).log_in(SELLER), f"/auction/{lot_id}/answer", text="It works"))
    assert_same(*twice(anna, f"/auction/{lot_id}/dispute/withdraw"))
    again = anna.post_form(f"/auction/{lot_id}/dispute", text="Broken")
    assert again.status == 409, "a deal is disputed once: this is no second press"


def test_nothing_to_withdraw_is_no_withdrawal(app: FakeApp) -> None:
    assert Client(app).log_in(ANNA).post_form(f"/auction/{delivered(app)}/dispute/withdraw").status == 409


def test_the_same_rating_is_kept_and_another_one_refused(app: FakeApp) -> None:
    lot_id, anna = delivered(app), Client(app).log_in(ANNA)
    app.dealing.confirm(ANNA, lot_id, app.now())
    assert_same(*twice(anna, f"/auction/{lot_id}/rate", stars=4, text="Good "))
    for stars, words in ((5, "Good"), (4, "Better")):
        answer = anna.post_form(f"/auction/{lot_id}/rate", stars=stars, text=words)
        assert answer.status == 409
        assert "You have already rated this deal." in answer.text
    seller = Client(app).log_in(SELLER)
    assert_same(*twice(seller, f"/auction/{lot_id}/rate", stars=5, text=""))


# --- the second chance ------------------------------------------------------------------------------------------------


def test_an_offer_is_made_and_taken_each_once_and_told_twice(app: FakeApp) -> None:
    lot_id = fallen_through(app)
    assert_same(*twice(Client(app).log_in(SELLER), f"/auction/{lot_id}/second_chance"))
    first, second = twice(Client(app).log_in(BORIS), f"/auction/{lot_id}/second_chance/accept")
    assert first.headers["location"] != f"/auction/{lot_id}"
    assert_same(first, second)
    assert Client(app).log_in(ANNA).post_form(f"/auction/{lot_id}/second_chance/accept").status in (403, 409)


def test_an_offer_is_declined_once_and_told_twice(app: FakeApp) -> None:
    lot_id = fallen_through(app)
    app.second_chance.offer(SELLER, lot_id, app.now())
    boris = Client(app).log_in(BORIS)
    assert_same(*twice(boris, f"/auction/{lot_id}/second_chance/decline"))
    assert boris.post_form(f"/auction/{lot_id}/second_chance/accept").status == 409


def test_an_offer_that_lapsed_was_not_declined(app: FakeApp) -> None:
    lot_id = fallen_through(app)
    app.second_chance.offer(SELLER, lot_id, app.now())
    app.clock.forward(seconds=int(timedelta(hours=48).total_seconds()))
    assert Client(app).log_in(BORIS).post_form(f"/auction/{lot_id}/second_chance/decline").status == 409
